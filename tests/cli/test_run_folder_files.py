"""Commands that are given a run folder write into it, its index says so, and a chapter takes the plan that is there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.output import PLACES
from hginventory.report.record import read_record

Hginv = Callable[..., Any]
PLAN = "optimize/last_plan.toml"
UNITS = pd.DataFrame(
    {
        "unit_id": ["A1", "A2", "B1"],
        "plant": ["A", "A", "B"],
        "country": "IDN",
        "capacity_gross": [600.0, 300.0, 900.0],
        "start_year": [2010, 2015, 2020],
        "pm_control": "ESPc",
        **dict.fromkeys(("so2_control", "nox_control", "hg_control"), "none"),
    }
)


@pytest.fixture
def folder(hginv: Hginv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the run folder of a fleet of three units, in the working directory."""
    monkeypatch.chdir(tmp_path)
    hg.write_fleet(hg.fleet_from_frame(UNITS, settings={"base_year": 2026}), "fleet.xlsx")
    assert hginv("project", "--fleet", "fleet.xlsx", "--draws", "300", "-q").code == 0
    return Path("hginv-out/fleet")


def optimize(hginv: Hginv, folder: Path) -> None:
    done = hginv("optimize", "--target", "20%", "--by", "2035", "--fleet", folder)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("command", "place", "file"),
    [
        ("optimize --target 20% --by 2035", "optimize", "last_plan.toml"),
        ("optimize --max-units 1", "best-units", "best_units.csv"),
        ("scenario compare targeted_top10", "scenarios", "scenarios.csv"),
        ("limits", "limits", "limits.csv"),
        ("options A1", "options", "options.csv"),
        ("shortlist", "shortlist", "shortlist.csv"),
        ("finance", "finance", "finance.csv"),
        ("measure plan", "measuring", "measuring_plan.csv"),
        ("sensitivity --draws 100", "sensitivity", "sensitivity.csv"),
        ("sensitivity --plan --draws 300", "sampling", "measurements.csv"),
    ],
)
def test_a_command_writes_into_the_run_folder_it_is_given(
    hginv: Hginv, folder: Path, command: str, place: str, file: str
) -> None:
    done = hginv(*shlex.split(command), "--fleet", folder)
    assert done.code == 0, done.err
    assert (folder / place / file).is_file()
    assert f"Wrote {folder}/{place}/" in done.out
    assert [path.name for path in Path("hginv-out").iterdir()] == ["fleet"]
    written = {path.name for path in (folder / place).iterdir()}
    (row,) = (line for line in (folder / "README.md").read_text(encoding="utf-8").splitlines() if f"({place}/)" in line)
    assert all(name in row for name in written)
    assert {f"{place}/{name}" for name in written} <= read_record(folder).reports.keys()
    assert hginv("run", "verify", folder).code == 0
    assert hginv("project", "--fleet", "fleet.xlsx", "--draws", "300", "-q").code == 0
    assert not (folder / place).exists(), "a later run into the folder removes what belongs to this one"


def test_figures_are_in_the_index_too(hginv: Hginv, folder: Path) -> None:
    assert hginv("figures", folder, "--figure", "pareto").code == 0
    assert hginv("figures", folder, "--figure", "trajectory").code == 0
    row = next(line for line in (folder / "README.md").read_text(encoding="utf-8").splitlines() if "(figures/)" in line)
    assert "pareto.png" in row
    assert "trajectory.svg" in row


def test_without_a_run_folder_and_with_a_named_one_nothing_changes(hginv: Hginv, folder: Path) -> None:
    before = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert hginv("limits", "--fleet", "fleet.xlsx", "--draws", "0").code == 0
    assert hginv("limits", "--fleet", folder, "-o", "mine").code == 0
    assert Path("hginv-out/fleet-limits/limits.csv").is_file()
    assert Path("mine/limits.csv").is_file()
    assert json.loads((folder / "run.json").read_text(encoding="utf-8")) == before


@pytest.mark.parametrize("other", [("--rule", "gem_40"), ("--where", "plant == 'A'"), ("--base-year", "2027")])
def test_other_settings_than_those_of_the_run_do_not_write_into_its_folder(
    hginv: Hginv, folder: Path, other: tuple[str, str]
) -> None:
    assert hginv("limits", "--fleet", folder, *other).code == 0
    assert not (folder / "limits").exists()
    assert Path("hginv-out/fleet-limits/limits.csv").is_file()


def scenarios_of(folder: Path) -> str:
    return dict(read_record(folder).reports["chapter.docx"]).get("scenarios", "")


def test_the_plan_and_a_scenario_in_the_folder_are_in_the_chapter(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    (folder / "mine.toml").write_text('[[measure]]\naction = "retire"\nfrom_year = 2030\n', encoding="utf-8")
    of_fleet = ("chapter", "--fleet", "fleet.xlsx", "--draws", "300")
    for command in (("report", folder, "--format", "docx"), ("chapter", "--fleet", folder), of_fleet):
        done = hginv(*command)
        assert done.code == 0, done.err
        assert f"Used from the folder: {PLAN}, mine.toml." in done.err
        assert scenarios_of(folder) == "last_plan.toml; mine.toml"
        assert (folder / PLAN).is_file(), "the plan belongs to this run and stays"
    done = hginv("report", folder, "--format", "plan")
    assert f"Used from the folder: {PLAN}, mine.toml." in done.err
    named = hginv("chapter", "--fleet", folder, "--scenario", "blanket_bat")
    assert "Used from" not in named.err
    assert scenarios_of(folder) == "blanket_bat"


def test_a_plan_of_other_settings_is_left_out_and_that_is_said(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    done = hginv("chapter", "--fleet", "fleet.xlsx", "--rule", "gem_40", "--draws", "0")
    assert done.code == 0, done.err
    assert f"Left out: {PLAN}: made for another fleet or other settings." in " ".join(done.err.split())
    assert scenarios_of(folder) == ""


@pytest.mark.parametrize("name", [PLAN, "last_plan.toml", "least_cost_plan.toml"])
def test_a_plan_without_a_record_is_left_out_and_that_is_said(hginv: Hginv, folder: Path, name: str) -> None:
    optimize(hginv, folder)
    text = (folder / PLAN).read_text(encoding="utf-8")
    assert hginv("project", "--fleet", "fleet.xlsx", "--draws", "300", "-q").code == 0
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    done = hginv("report", folder, "--format", "docx")
    assert f"Left out: {name}: no record says that it was made for this run." in " ".join(done.err.split())
    assert scenarios_of(folder) == ""


def test_a_plan_that_was_edited_is_left_out_and_that_is_said(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    assert hginv("report", folder, "--format", "docx").code == 0
    (folder / PLAN).write_text((folder / PLAN).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    done = hginv("report", folder, "--format", "docx")
    assert f"Left out: {PLAN}: changed since it was written." in " ".join(done.err.split())
    assert scenarios_of(folder) == ""


def test_the_last_plan_is_that_of_the_folder(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    done = hginv("sensitivity", "--plan", "last", "--fleet", folder, "--draws", "100")
    assert done.code == 0, done.err
    assert (folder / "sampling" / "plan_sensitivity.csv").is_file()


def test_a_chapter_takes_all_settings_of_project(hginv: Hginv, folder: Path) -> None:
    done = hginv("chapter", "--fleet", "fleet.xlsx", "--lifetime-spread", "3", "--engine", "numpy", "--draws", "50",
                 "--seed", "4", "--profile", "epa_emf", "--combined", "--base-year", "2027", "-o", "own")  # fmt: skip
    assert done.code == 0, done.err
    record = read_record("own")
    given = {name: record.content["settings"][name]["value"] for name in ("lifetime_spread", "profile", "base_year")}
    assert given == {"lifetime_spread": 3.0, "profile": "epa_emf", "base_year": 2027}
    assert (record.content["draws"], record.content["seed"]) == (50, 4)


def test_each_place_has_a_purpose_in_the_index() -> None:
    from hginventory.report.output.folder_index import _places
    from hginventory.report.text import words_in

    assert set(PLACES) <= _places(words_in("en")).keys()
