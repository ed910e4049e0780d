"""``hginv import`` and ``hginv export``: what they say, what they write, and how they refuse."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import hginventory as hg
from hginventory.inputs.template import writer

HEADER = [
    "GEM unit/phase ID",
    "Country/Area",
    "Plant name",
    "Unit name",
    "Capacity (MW)",
    "Status",
    "Start year",
    "Coal type",
    "Wiki URL",
]
ROWS = [
    ["G100000200001", "Indonesia", "Contoh", "Unit 1", "600", "operating", "2015", "bituminous", "x"],
    ["G100000200002", "Indonesia", "Contoh", "Unit 2", "600", "construction", "", "bituminous", "x"],
    ["G100000200003", "Viet Nam", "Vi Du", "Unit 1", "300", "operating", "2010-2012", "anthracite", "x"],
    ["G100000200004", "Indonesia", "Lama", "Unit 1, timepoint 1", "100", "retired", "1990", "unknown", "x"],
    ["G100000200005", "Indonesia", "Kosong", "--", "", "operating", "2000", "unknown", "x"],
]


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Return a small file of the Global Coal Plant Tracker."""
    path = tmp_path / "gcpt_2025-01.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    return path


def test_import_says_what_was_read_and_project_needs_no_hand_editing(hginv: Callable[..., Any], tracker: Path) -> None:
    done = hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx", "--country", "IDN")
    assert done.code == 0, done.err
    for words in (
        "Read 5 rows",
        "Kept 2: operating 1, construction 1.",
        "Not asked for: 1 by --country.",
        "Left out: 1 (an earlier state",
        "Left out: 1 (no capacity is given)",
        "missing: gcpt_2025-01.csv!6:6 G100000200005 Kosong",
        "N803",
        "not needed: Wiki URL",
        "To fill in by hand",
        "Source added: gem-gcpt-2025-01, Global Energy Monitor",
        "Next: hginv project --fleet fleet.xlsx",
    ):
        assert words in done.out, words
    fleet = hg.read_fleet("fleet.xlsx")
    assert list(fleet.units.index) == ["G100000200001", "G100000200002"]
    assert set(fleet.units["source_id"]) == set(fleet.sources.index) == {"gem-gcpt-2025-01"}
    run = hginv("project", "--fleet", "fleet.xlsx", "--draws", 0)
    assert run.code == 0, run.err
    assert "1 operating rows of the source have no usable capacity" in run.out


def test_imported_fleet_reads_back_as_it_was(hginv: Callable[..., Any], tracker: Path) -> None:
    from hginventory.importing import import_tracker

    assert hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx").code == 0
    made, _ = import_tracker("gem-coal", tracker)
    read = hg.read_fleet("fleet.xlsx")
    assert made.units.equals(read.units)
    assert {name: s.value for name, s in made.settings.items()} == {name: s.value for name, s in read.settings.items()}


def test_import_says_which_units_were_never_built_and_how_to_get_them(
    hginv: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "gcpt_2025-01.csv"
    states = ("operating", "cancelled", "shelved", "cancelled")
    rows = [[f"G10000020000{n}", *ROWS[0][1:3], f"Unit {n}", "600", s, *ROWS[0][6:]] for n, s in enumerate(states)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    done = hginv("import", "gem-coal", path, "-o", "fleet.xlsx")
    assert "Kept 1: operating 1." in done.out
    never = "Never built, so no part of an inventory: 1 shelved, 2 cancelled. To keep them: --status all."
    assert never in " ".join(done.out.split())
    assert len(hg.read_fleet("fleet.xlsx").units) == 1
    data = json.loads(hginv("import", "gem-coal", path, "-o", "j.xlsx", "--json").out)["data"]
    assert data["never_built"] == {"shelved": 1, "cancelled": 2}
    every = hginv("import", "gem-coal", path, "-o", "all.xlsx", "--status", "all")
    assert "Kept 4" in every.out
    assert "Never built" not in every.out
    none = hginv("import", "gem-coal", path, "-o", "none.xlsx", "--min-mw", "700")
    assert none.code == 2


def test_import_of_a_past_year(hginv: Callable[..., Any], tracker: Path) -> None:
    done = hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx", "--country", "IDN", "--year", "2016")
    assert "Kept 1: operating 1." in done.out
    assert hg.read_fleet("fleet.xlsx").settings["base_year"].value == 2016
    run = hginv("project", "--fleet", "fleet.xlsx", "--draws", 0)
    assert "2016" in run.out
    refused = hginv("import", "gem-coal", tracker, "-o", "none.xlsx", "--year", "2030")
    assert refused.code == 2
    assert "--year: " in refused.err


def test_json_is_one_object(hginv: Callable[..., Any], tracker: Path) -> None:
    done = hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx", "--status", "operating", "--json")
    content = json.loads(done.out)
    data = content["data"]
    assert (data["rows_read"], data["kept"], data["written"]) == (5, 2, "fleet.xlsx")
    assert [row["name"] for row in data["missing"]] == ["G100000200005 Kosong"]
    assert data["columns_not_used"] == {"Wiki URL": "not needed"}
    assert {"N801", "W816"} <= {finding["code"] for finding in content["findings"]}
    assert set(data["not_asked"]) == {"--status"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["gem-coal", "gone.csv", "-o", "f.xlsx"], 4, "cannot be read"),
        (["wri-power", "TRACKER", "-o", "f.xlsx"], 4, "has the columns gppd_idnr"),
        (["gem-coal", "TRACKER", "-o", "f.csv"], 2, "ends in .xlsx"),
        (["gem-coal", "TRACKER", "-o", "f.xlsx", "--country", "Atlantis"], 2, "--country: 'Atlantis' is not a country"),
        (["gem-coal", "TRACKER", "-o", "f.xlsx", "--status", "asleep"], 2, "--status: 'asleep' is not a status"),
        (["gem-coal", "TRACKER", "-o", "f.xlsx", "--min-mw", "5000"], 2, "not asked for by --min-mw"),
        (["csv", "TRACKER", "-o", "f.xlsx"], 2, "--map"),
        (["csv", "TRACKER", "-o", "f.xlsx", "--map", "gone.toml"], 4, "mapping file"),
        (["gem", "TRACKER", "-o", "f.xlsx"], 2, "gem"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_import_refuses_in_words(
    hginv: Callable[..., Any], tracker: Path, arguments: list[str], code: int, words: str
) -> None:
    done = hginv("import", *(tracker if part == "TRACKER" else part for part in arguments))
    assert done.code == code
    assert words in done.err
    assert not list(Path().glob("f.*"))


def test_a_workbook_too_large_to_read_again_is_refused_with_the_options_that_help(
    hginv: Callable[..., Any], tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_FILLED", writer.OWN_CELLS + 30)
    done = hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx")
    assert done.code == 2
    for words in ("workbook of 3 units", "at most 5,030 can be read again", "--country", "--min-mw"):
        assert words in done.err.replace("\n", " "), words
    assert not Path("fleet.xlsx").exists()
    assert hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx", "--country", "VNM").code == 0


def test_a_watcher_is_told_what_is_read_and_what_is_written(
    hginv: Callable[..., Any], tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def waiting(words: str) -> Any:
        told.append(words)
        return nullcontext()

    monkeypatch.setattr("hginv.progress.waiting", waiting)
    tracker.write_text(tracker.read_text(encoding="utf-8") + "\n" * 1_000_000, encoding="utf-8")
    assert hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx").code == 4  # a million lines
    assert told == ["reading the tracker (1.0 MB)"]
    tracker.write_text(tracker.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    assert hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx").code == 0
    assert told[1:] == ["reading the tracker (0.0 MB)", "writing the workbook of 3 units"]
    assert hginv("import", "gem-coal", "missing.csv", "-o", "new.xlsx").code == 4
    assert told[3:] == ["reading the tracker"]


def test_import_never_overwrites_unasked(hginv: Callable[..., Any], tracker: Path) -> None:
    Path("fleet.xlsx").write_bytes(b"mine")
    refused = hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx")
    assert refused.code == 2
    assert Path("fleet.xlsx").read_bytes() == b"mine"
    assert hginv("import", "gem-coal", tracker, "-o", "fleet.xlsx", "--overwrite").code == 0


def test_text_of_a_tracker_cannot_become_a_formula(hginv: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    good = [*ROWS[0][:2], "=cmd|' /C calc'!A0", *ROWS[0][3:]]
    bad = [
        "G100000200009",
        "Indonesia",
        "\x1b[31mRed",
        "\x1b[2J",
        "\x1b[1m600",
        "operating",
        "\x1b]0;x",
        "peat\x1b[5m",
        "",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, good, bad])
    done = hginv("import", "gem-coal", path, "-o", "odd.xlsx")
    assert done.code == 0, done.err
    assert "Red" in done.out
    assert "\x1b" not in done.out
    assert hg.read_fleet("odd.xlsx").units["plant"].iloc[0] == "=cmd|' /C calc'!A0"
    assert hginv("export", "--fleet", "odd.xlsx", "--format", "points", "-o", "odd.csv").code == 0
    assert "'=cmd" in Path("odd.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("format_name", ["csv", "iamc", "points"])
def test_export_writes_and_says_so(hginv: Callable[..., Any], format_name: str) -> None:
    done = hginv("export", "--fleet", "indonesia", "--format", format_name, "-o", "out.csv")
    assert done.code == 0, done.err
    assert "Wrote out.csv" in done.out
    assert "Notice:" in done.out
    again = hginv("export", "--fleet", "indonesia", "--format", format_name, "-o", "out.csv")
    assert again.code == 2
    assert "--overwrite" in again.err
    shown = hginv("export", "--fleet", "indonesia", "--format", format_name, "-o", "out.csv", "--overwrite", "--json")
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert json.loads(shown.out)["data"]["rows"] == len(rows) - 1


def test_help_of_import_waits_for_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom hginv.main import main\n"
        "try:\n    main(['import', 'csv', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'pandas', 'numpy', 'pydantic'} & set(sys.modules), 'heavy'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "capacity_gross = { column" in done.stdout
