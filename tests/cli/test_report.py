"""``hginv report`` and ``hginv run`` from the command line, with exit codes and bytes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg

SMALL = ("--where", "capacity_mw >= 600", "--draws", "50")


def project(hginv: Callable[..., Any], folder: str, *options: str) -> Path:
    outcome = hginv("project", "--fleet", "indonesia.xlsx", "-o", folder, "-q", *(options or SMALL))
    assert outcome.code == 0, outcome.err
    return Path(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that lays a copy of a run into a folder; runs of equal options are made once."""
    kept: dict[tuple[str, ...], Path] = {}

    def copy(hginv: Callable[..., Any], folder: str, *options: str) -> Path:
        if options not in kept:
            kept[options] = project(hginv, str(tmp_path_factory.mktemp("made") / "run"), *options)
        return Path(shutil.copytree(kept[options], folder))

    return copy


def test_a_report_is_written_into_its_run_and_is_the_same_each_time(hginv: Callable[..., Any]) -> None:
    pages, records = [], []
    for name in ("a", "b"):
        folder = project(hginv, name)
        outcome = hginv("report", folder)
        assert outcome.code == 0
        assert "report.html" in outcome.out
        pages.append((folder / "report.html").read_bytes())
        records.append((folder / "run.json").read_bytes())
    assert pages[0] == pages[1]
    assert records[0] == records[1]
    assert len(pages[0]) < 2_000_000
    for address in (b'src="', b'href="http', b"@import", b"url("):
        assert address not in pages[0].split(b'<script id="data"')[0]


def test_a_new_run_into_the_folder_takes_the_old_report_away(hginv: Callable[..., Any]) -> None:
    folder = project(hginv, "a")
    hginv("report", folder)
    project(hginv, "a", "--where", "capacity_mw >= 900", "--draws", "0")
    assert not (folder / "report.html").exists()


def test_a_fleet_can_be_reported_at_once(hginv: Callable[..., Any], tmp_path: Path) -> None:
    run = hg.project("indonesia", where="capacity_mw >= 900", draws=0)
    own = tmp_path / "own.xlsx"
    hg.write_fleet(run.projection.fleet.subset([str(unit) for unit in run.units.index]), own)
    outcome = hginv("report", "--fleet", own, "--lang", "id")
    assert outcome.code == 0, outcome.err
    assert '<html lang="id">' in (Path("hginv-out") / "own" / "report.html").read_text(encoding="utf-8")
    assert hginv("run", "verify", "hginv-out/own").code == 0


def test_the_settings_of_the_run_are_those_of_the_report(hginv: Callable[..., Any]) -> None:
    folder = project(hginv, "a", "--rule", "gem_35", "--base-year", "2027", "--seed", "5", *SMALL)
    assert hginv("report", folder).code == 0
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert re.search(r"operating in 2027, [^<]*retirement rule gem_35, 50 draws, seed 5", text)


@pytest.mark.parametrize("arguments", [(), ("--lang", "xx", "a"), ("nothing",), ("-o", "b", "a")])
def test_wrong_calls_are_usage_errors(hginv: Callable[..., Any], arguments: tuple[str, ...]) -> None:
    outcome = hginv("report", *arguments)
    assert outcome.code == 2
    assert outcome.err


PLAN_OPTIONS = {"--scenario": "x", "--target": "50%", "--by": "2035", "--plan-base-year": "2025", "--since": "d"}


@pytest.mark.parametrize(
    ("kind", "strange"),
    [("html", PLAN_OPTIONS), ("xlsx", PLAN_OPTIONS | {"--outlines": "f"}), ("plan", {"--outlines": "f"})],
)
def test_options_of_another_format_are_refused_all_at_once(
    hginv: Callable[..., Any], kind: str, strange: dict[str, str]
) -> None:
    given = [part for pair in (PLAN_OPTIONS | {"--outlines": "f"}).items() if pair[0] in strange for part in pair]
    outcome = hginv("report", "never-read", "--format", kind, *given)
    assert outcome.code == 2
    asked = [name for name in PLAN_OPTIONS if name in strange]
    owners = {
        "plan or docx": asked,
        "html": list({"--outlines"} & set(strange)),
    }
    for owner, names in owners.items():
        assert (f"{', '.join(names)}: for --format {owner}" in " ".join(outcome.err.split())) == bool(names)


def test_a_report_never_shows_numbers_other_than_those_of_the_run(hginv: Callable[..., Any]) -> None:
    folder = project(hginv, "a")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["summary"][0]["lifetime_t"] *= 1.01
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    outcome = hginv("report", folder)
    assert outcome.code == 2
    assert "lifetime_t" in outcome.err
    assert not (folder / "report.html").exists()


def test_another_fleet_of_the_same_name_is_refused(hginv: Callable[..., Any], tmp_path: Path, central: hg.Run) -> None:
    fleet, ids = central.projection.fleet, [str(unit) for unit in central.units.index]
    hg.write_fleet(fleet.subset(ids[:20]), tmp_path / "own.xlsx")
    assert hginv("project", "--fleet", "own.xlsx", "-o", "a", "-q", "--draws", "0").code == 0
    (tmp_path / "own.xlsx").unlink()
    assert "is gone" in hginv("report", "a").err
    hg.write_fleet(fleet.subset(ids[:21]), tmp_path / "own.xlsx")
    outcome = hginv("report", "a")
    assert outcome.code == 2
    assert "SHA-256" in outcome.err


@pytest.mark.parametrize("seed", ["0", "1"])
def test_verify_says_that_all_is_the_same(hginv: Callable[..., Any], made: Callable[..., Path], seed: str) -> None:
    folder = made(hginv, "a", *SMALL, "--seed", seed)
    assert hginv("report", folder, "--lang", "id").code == 0
    outcome = hginv("run", "verify", folder)
    assert outcome.code == 0, outcome.out
    assert "are as the run wrote them" in outcome.out


@pytest.mark.parametrize("file", ["units.csv", "results.xlsx", "report.html", "totals.csv"])
def test_verify_finds_a_changed_file(hginv: Callable[..., Any], made: Callable[..., Path], file: str) -> None:
    folder = made(hginv, "a")
    hginv("report", folder)
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content + b"\n")
    outcome = hginv("run", "verify", folder, "--json")
    assert outcome.code == 5
    found = json.loads(outcome.out)["data"]["files"]
    assert [(row["file"], row["state"]) for row in found] == [(file, "changed")]
    (folder / file).unlink()
    assert "missing" in hginv("run", "verify", folder).out


def test_verify_finds_a_record_that_its_inputs_do_not_give(
    hginv: Callable[..., Any], made: Callable[..., Path]
) -> None:
    """A forger who changes a table and its hash in the record is found by the fresh computation."""
    import hashlib

    folder = made(hginv, "a")
    table = pd.read_csv(folder / "plants.csv")
    table.loc[0, "units"] += 1
    table.to_csv(folder / "plants.csv", index=False)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["outputs"]["plants.csv"] = hashlib.sha256((folder / "plants.csv").read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    outcome = hginv("run", "verify", folder)
    assert outcome.code == 5
    assert "plants.csv: differs (row 2, units" in outcome.out


def test_a_plan_belongs_to_its_run(hginv: Callable[..., Any], made: Callable[..., Path]) -> None:
    """It is verified with it, replaced by the next plan, and taken away by the next run."""
    folder = made(hginv, "a")
    order = ("--format", "plan", "--lang", "id", "--scenario", "targeted_top10", "--target", "33.2%", "--by", "2030")
    assert hginv("report", folder, *order).code == 0
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    files = {f"plan/{path.name}" for path in (folder / "plan").iterdir()}
    assert (
        set(record["reports"])
        == files | {"README.md"}
        >= {"plan/plan.xlsx", "plan/plan.md", "plan/N3a_toolkit_summary.csv"}
    )
    assert record["reports"]["plan/plan.md"]["scenarios"] == "targeted_top10"
    assert hginv("run", "verify", folder).code == 0
    table = folder / "plan" / "N6a_target_line.csv"
    table.write_bytes(table.read_bytes().replace(b"33.2", b"99.9"))
    outcome = hginv("run", "verify", folder, "--json")
    assert outcome.code == 5
    assert [row["file"] for row in json.loads(outcome.out)["data"]["files"]] == ["plan/N6a_target_line.csv"]
    refused = hginv("report", folder, "--format", "plan")  # what was changed by hand may be wanted
    assert refused.code == 2
    assert "plan/N6a_target_line.csv: changed by hand" in refused.err
    table.unlink()
    assert hginv("report", folder, "--format", "plan").code == 0
    assert hginv("run", "verify", folder).code == 0
    (folder / "plan" / "own.txt").write_text("kept", encoding="utf-8")
    project(hginv, "a")
    assert [path.name for path in (folder / "plan").iterdir()] == ["own.txt"]


@pytest.mark.parametrize(("option", "words"), [("--by=2020", "--by: 2020 is before"), ("--scenario=nil", "'nil'")])
def test_a_plan_that_cannot_be_made_leaves_the_former_one(
    hginv: Callable[..., Any], made: Callable[..., Path], option: str, words: str
) -> None:
    folder = made(hginv, "a")
    assert hginv("report", folder, "--format", "plan").code == 0
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    outcome = hginv("report", folder, "--format", "plan", option)
    assert outcome.code == 2
    assert words in outcome.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files
    assert hginv("run", "verify", folder).code == 0


def test_a_file_of_the_user_beside_a_plan_stays_the_users(hginv: Callable[..., Any], made: Callable[..., Path]) -> None:
    folder = made(hginv, "a")
    (folder / "plan").mkdir()
    (folder / "plan" / "own.txt").write_text("mine", encoding="utf-8")
    assert hginv("report", folder, "--format", "plan").code == 0
    assert "plan/own.txt" not in json.loads((folder / "run.json").read_text(encoding="utf-8"))["reports"]
    project(hginv, "a")
    assert [path.name for path in (folder / "plan").iterdir()] == ["own.txt"]


def test_the_log_of_a_plan_names_the_setting_and_adds_up(hginv: Callable[..., Any]) -> None:
    project(hginv, "a", "--draws", "0")
    project(hginv, "b", "--draws", "0", "--rule", "crea_30")
    assert hginv("report", "b", "--format", "plan", "--since", "a").code == 0
    log = pd.read_csv("b/plan/N14_recalculation_log.csv")
    versions = pd.read_csv("b/plan/N14b_recalculation_versions.csv")
    assert versions["version_before"].iloc[0] != versions["version_after"].iloc[0]
    assert "setting rule: icsc 40 -> crea 30" in log["reason"].iloc[0]
    remaining = log[log["quantity"] == "remaining-lifetime emissions"]
    assert remaining["total_before_kg"].iloc[1:].tolist() == remaining["total_after_kg"].iloc[:-1].tolist()
    runs = [json.loads(Path(f"{name}/run.json").read_text(encoding="utf-8"))["summary"] for name in ("a", "b")]
    totals = [next(s["lifetime_t"] for s in summary if s["sector"] == "combined") * 1000 for summary in runs]
    assert [remaining["total_before_kg"].iloc[0], remaining["total_after_kg"].iloc[-1]] == pytest.approx(totals)
    units = pd.read_csv("b/plan/N14a_recalculated_units.csv")
    assert units["change_kg"].sum() == pytest.approx(totals[1] - totals[0])
    assert hginv("run", "verify", "b").code == 0  # what the earlier run gave is said not to be recomputed


def test_diff_of_equal_runs_is_empty(hginv: Callable[..., Any]) -> None:
    assert "The runs are the same" in hginv("run", "diff", project(hginv, "a"), project(hginv, "b")).out


def test_diff_names_the_input_that_caused_a_change(hginv: Callable[..., Any], tmp_path: Path, central: hg.Run) -> None:
    fleet = central.projection.fleet
    ids = [str(unit) for unit in central.rank(sector="coal_power")["unit_id"].head(12)]
    hg.write_fleet(fleet.subset(ids[:11]), tmp_path / "before.xlsx")
    changed = fleet.subset(ids[1:])
    units = changed.units.copy()
    units.loc[ids[1], "hg_coal"] = 0.2
    units.loc[ids[2], "start_year"] -= 5
    from dataclasses import replace

    hg.write_fleet(replace(changed, units=units), tmp_path / "after.xlsx")
    for name in ("before", "after"):
        assert hginv("project", "--fleet", f"{name}.xlsx", "-o", name, "-q", "--draws", "0").code == 0
    outcome = hginv("run", "diff", "before", "after", "-o", "out", "--json")
    assert outcome.code == 0, outcome.err
    data = json.loads(outcome.out)["data"]
    moved = {row["unit_id"]: row for row in data["diff_units"]}
    assert set(moved) == {ids[0], ids[1], ids[2], ids[11]}
    assert "hg_coal_mg_per_kg" in moved[ids[1]]["changed"]
    assert moved[ids[1]]["mercury content"] == pytest.approx(moved[ids[1]]["change_kg"])
    assert moved[ids[2]]["years left"] == pytest.approx(moved[ids[2]]["change_kg"]) != 0
    assert moved[ids[0]]["changed"] == "unit left out"
    assert moved[ids[11]]["changed"] == "unit added"
    parts = sum(row["change_kg"] for row in data["diff_causes"])
    totals = next(row for row in data["diff_totals"] if row["quantity"] == "lifetime_t")
    assert parts / 1000 == pytest.approx(totals["change"], rel=1e-6)
    assert {path.name for path in Path("out").iterdir()} == {
        f"diff_{n}.csv" for n in ("made", "totals", "causes", "units")
    }


def test_folders_that_are_no_runs_are_named(hginv: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("empty", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "other" / "run.json").write_text("[1]", encoding="utf-8")
    for name, words in (
        ("empty", "no run.json in it"),
        ("nowhere", "no such folder"),
        ("other", "not a folder of a run"),
    ):
        for arguments in (("verify", name), ("diff", name, name)):
            outcome = hginv("run", *arguments)
            assert outcome.code == 2
            assert words in outcome.err


def fleet_of(path: Path, **columns: Any) -> None:
    rows = pd.DataFrame({"country": "IDN", "MW": 600, "start_year": 2015} | columns)
    hg.write_fleet(hg.fleet_from_frame(rows, settings={"base_year": 2024}), path)


def test_a_run_with_nothing_left_to_emit_is_reported_and_verified(hginv: Callable[..., Any], tmp_path: Path) -> None:
    fleet_of(tmp_path / "old.xlsx", unit_id=["a", "b"], start_year=[1970, 1975], status="retired")
    project(hginv, "a", "--fleet", "old.xlsx", "--draws", "50")
    text = Path("a/run.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    assert json.loads(text)["certainty"]["lists"][0]["named_share"]["mean"] is None
    assert hginv("report", "a").code == 0
    assert hginv("run", "verify", "a").code == 0
    assert hginv("run", "diff", "a", "a").code == 0
    for name in ("README.md", "report.html"):  # the record below has neither
        Path("a", name).unlink()
    Path("a/run.json").write_text(text.replace('"mean": null', '"mean": NaN'), encoding="utf-8")  # an earlier version
    assert hginv("report", "a").code == 0
    assert "NaN" not in Path("a/run.json").read_text(encoding="utf-8")


def test_diff_keeps_unit_ids_as_they_are_written(hginv: Callable[..., Any], tmp_path: Path) -> None:
    ids = ["001", "1", "NA", "1e5"]
    fleet_of(tmp_path / "before.xlsx", unit_id=ids)
    fleet_of(tmp_path / "after.xlsx", unit_id=[*ids[:3], "100000"], start_year=[2015, 2010, 2011, 2015])
    for name in ("before", "after"):
        project(hginv, name, "--fleet", f"{name}.xlsx", "--draws", "0")
    assert hginv("run", "diff", "before", "after").code == 0
    data = json.loads(hginv("run", "diff", "before", "after", "--json").out)["data"]
    moved = {row["unit_id"]: row["changed"] for row in data["diff_units"]}
    assert set(moved) == {"1", "NA", "1e5", "100000"}
    assert (moved["1e5"], moved["100000"]) == ("unit left out", "unit added")
    assert hginv("report", "after", "--format", "plan", "--since", "before").code == 0


@pytest.mark.parametrize("broken", [None, b"", b"unit_id,lifetime_kg\nA,1\n", b'a,"b\n', b"\xff\xfe\x00"])
@pytest.mark.parametrize("file", ["units.csv", "ranking.csv"])
def test_a_table_that_is_gone_or_broken_is_named(
    hginv: Callable[..., Any], made: Callable[..., Path], file: str, broken: bytes | None
) -> None:
    folder = made(hginv, "a", "--where", "capacity_mw >= 900", "--draws", "0")
    (folder / file).unlink()
    if broken is not None:
        (folder / file).write_bytes(broken)
    outcome = hginv("run", "diff", "a", "a")
    assert outcome.code == 2
    assert f"Error: a/{file}: the table of the run cannot be read" in outcome.err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: {"schema": record["schema"]}, "hginventory: Field required"),
        (lambda record: record | {"summary": None}, "summary: Input should be a valid list"),
        (lambda record: record | {"settings": {"rule": {}}}, "settings.base_year: Field required"),
        (lambda record: record | {"outputs": {"../fleet.xlsx": ""}}, "'../fleet.xlsx' is not a file in the folder"),
    ],
)
def test_a_damaged_record_is_named(
    hginv: Callable[..., Any], made: Callable[..., Path], change: Callable[[Any], Any], words: str
) -> None:
    record = Path("a/run.json")
    made(hginv, "a", "--where", "capacity_mw >= 900", "--draws", "0")
    record.write_text(json.dumps(change(json.loads(record.read_text(encoding="utf-8")))), encoding="utf-8")
    for arguments in (("run", "diff", "a", "a"), ("run", "verify", "a"), ("report", "a"), ("rank", "--fleet", "a")):
        outcome = hginv(*arguments)
        assert outcome.code == 2
        assert "a/run.json: the record of the run is damaged" in outcome.err
        assert words in outcome.err


def test_a_moved_folder_of_a_bundled_fleet_still_opens(hginv: Callable[..., Any], made: Callable[..., Path]) -> None:
    folder = made(hginv, "a")
    shutil.move(folder, "elsewhere")
    assert hginv("report", "elsewhere", "-q").out == ""
    assert Path("elsewhere/report.html").exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("report", "nowhere", "--format", "docx", "--template", "absent.docx"), "absent.docx"),
        (("report", "nowhere", "--format", "docx", "--date", "tomorrow"), "tomorrow"),
        (("report", "nowhere", "--outlines", "absent.geojson"), "absent.geojson"),
        (("figures", "nowhere", "--outlines", "absent.geojson"), "absent.geojson"),
    ],
)
def test_files_for_a_report_are_read_before_its_run(
    hginv: Callable[..., Any], options: tuple[str, ...], named: str
) -> None:
    outcome = hginv(*options)
    assert outcome.code in (2, 4)
    assert named in outcome.err
    assert "nowhere" not in outcome.err
