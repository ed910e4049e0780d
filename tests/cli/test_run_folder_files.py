"""Commands that are given a run folder write into it, its index says so, and a chapter takes the plan that is there."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.record import PLACES, enter_reports, read_record

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


@pytest.mark.parametrize(
    ("command", "place"),
    [("shortlist", "shortlist"), ("limits", "limits"), ("finance", "finance"), ("report --format plan", "plan")],
)
def test_nothing_is_written_through_a_link_in_the_run_folder(
    hginv: Hginv, folder: Path, tmp_path: Path, command: str, place: str
) -> None:
    """A run folder of somebody else may have a link to any folder of the reader."""
    (tmp_path / "precious").mkdir()
    (folder / place).symlink_to(tmp_path / "precious")
    record = (folder / "run.json").read_bytes()
    name, *options = shlex.split(command)
    done = hginv(name, *options, *([folder] if name == "report" else ["--fleet", folder]))
    assert done.code == 2
    assert f"{place} in the run folder is a link" in " ".join(done.err.split())
    assert not list((tmp_path / "precious").iterdir())
    assert (folder / "run.json").read_bytes() == record


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


def test_the_index_says_what_the_folder_of_each_command_is_for() -> None:
    from hginventory.report.record import RunRecord, index
    from hginventory.report.text import words_in

    files = {f"{place}/a.csv": {"format": place} for place in PLACES}
    record = RunRecord(Path("run"), {"fleet": {"title": "A"}, "outputs": {}, "reports": files}, {})
    words = words_in("id")
    lines = index(record, words).splitlines()
    for place, purpose in PLACES.items():
        assert words.tell(purpose) != purpose
        assert f"| [{place}/]({place}/) | {words.tell(purpose)} a.csv |" in lines


EDITS: dict[str, tuple[str, ...]] = {
    PLAN: ("project", "--fleet", "fleet.xlsx", "--draws", "0", "--rule", "gem_40"),
    "units.csv": ("project", "--fleet", "fleet.xlsx", "--draws", "300"),
    "limits/limits.csv": ("limits", "--fleet", "FOLDER"),
    "chapter.docx": ("report", "FOLDER", "--format", "docx"),
    "report.html": ("report", "FOLDER"),
    "plan/plan.md": ("report", "FOLDER", "--format", "plan"),
    "report.xlsx": ("report", "FOLDER", "--format", "xlsx"),
    "figures/pareto.png": ("figures", "FOLDER", "--figure", "pareto"),
    "README.md": ("limits", "--fleet", "FOLDER"),
    "shortlist/shortlist.csv": ("chapter", "--fleet", "FOLDER"),
    "optimize/plan.csv": ("chapter", "--fleet", "FOLDER", "--target", "20%", "--by", "2035"),
}


# A run always has a record of units.csv, and does not touch files of the user in the folder of another command.
UNRECORDED = [name for name in EDITS if EDITS[name][0] != "project"]


@pytest.mark.parametrize(
    ("name", "is_recorded"), [*((name, True) for name in EDITS), *((name, False) for name in UNRECORDED)]
)
def test_no_command_replaces_or_removes_what_the_user_wrote(
    hginv: Hginv, folder: Path, name: str, is_recorded: bool
) -> None:
    path = folder / name
    if not path.exists() and is_recorded:
        optimize(hginv, folder)
        record, content = read_record(folder), b"as the program wrote it"
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(content)
            place = name.split("/", maxsplit=1)[0]
            kind = {"chapter.docx": "docx", "report.xlsx": "xlsx", "report.html": "html"}.get(name, place)
            entry = {"format": kind, "language": "en", "sha256": hashlib.sha256(content).hexdigest()}
            enter_reports(record, {**record.reports, name: entry})
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"mine")
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    done = hginv(*(str(folder) if word == "FOLDER" else word for word in EDITS[name]))
    assert done.code == 2, done.out + done.err
    said = " ".join(done.err.split())
    assert name in said
    assert "Rename or move what you want to keep" in said
    assert {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()} == before

    path.rename(folder.parent / "kept")
    again = hginv(*(str(folder) if word == "FOLDER" else word for word in EDITS[name]))
    assert again.code == 0, again.err
    assert (folder.parent / "kept").read_bytes().endswith(b"mine")


def test_files_of_the_user_beside_those_of_commands_stay(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    own = [folder / "notes.txt", folder / "optimize" / "notes.txt", folder / "mine" / "notes.txt"]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine", encoding="utf-8")
    assert hginv("project", "--fleet", "fleet.xlsx", "--draws", "0", "--rule", "gem_40", "-q").code == 0
    assert hginv("chapter", "--fleet", folder).code == 0
    assert [path.read_text(encoding="utf-8") for path in own] == ["mine"] * 3


def test_what_is_used_and_left_out_is_said_in_the_language_of_the_chapter(hginv: Hginv, folder: Path) -> None:
    optimize(hginv, folder)
    done = hginv("chapter", "--fleet", folder, "--lang", "id")
    assert f"Dipakai dari folder: {PLAN}." in done.err
    (folder / PLAN).write_text("mine", encoding="utf-8")
    done = hginv("chapter", "--fleet", folder, "--lang", "id")
    assert f"Tidak disertakan: {PLAN}: diubah sejak ditulis." in " ".join(done.err.split())
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert f"Tidak disertakan: {PLAN}: diubah sejak ditulis." in index
