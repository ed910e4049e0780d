"""Blends of coal ranks from a release of the tracker: shares of capacity, the blend and its method, and writing."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import openpyxl
import pytest

import coal_rank_blends as blends
from hginventory.factors import FactorLibrary, load_library

UNITS = (
    ("Country/Area", "Plant", "Status", "Coal type", "Capacity (MW)"),
    ("South Africa", "A", "operating", "Bituminous", 600),
    ("South Africa", "B", "operating", "bituminous with CCS", 150),
    ("South Africa", "C", "operating", "Lignite", 250),
    ("South Africa", "D", "retired", "Lignite", 5000),
    ("South Africa", "E", "operating", "Unknown", 5000),
    ("South Africa", "F", "operating", "Lignite", None),
    ("Indonesia", "G", "operating", "Subbituminous", 600),
    ("Atlantis", "H", "operating", "Lignite", 100),
)


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    """Return a small release of the tracker."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Units"
    for row in UNITS:
        sheet.append(row)
    book.save(tmp_path / "tracker.xlsx")
    return tmp_path / "tracker.xlsx"


def test_shares_are_those_of_the_operating_capacity_of_known_rank(tracker: Path) -> None:
    assert blends.rank_shares(tracker) == {
        "IDN": {"subbituminous": 1.0},
        "ZAF": {"bituminous": 0.75, "lignite": 0.25},
    }


def test_blend_is_the_mercury_of_the_parts_over_their_heat(tracker: Path) -> None:
    rows = blends.blends(load_library(), blends.rank_shares(tracker))
    assert [row["country"] for row in rows["coal_mercury"]] == ["ZAF"]  # Indonesia has a row of all its coals
    (row,) = rows["coal_mercury"]
    parts = [
        (float(s), float(c) * (1 - float(m or 0)), float(h))
        for s, c, m, h in re.findall(
            r"s ([\d.]+), c ([\d.]+)(?: x \(1 - ([\d.]+)\))? \([^)]*\), h ([\d.]+)", row["method"]
        )
    ]
    assert [share for share, _, _ in parts] == [0.75, 0.25]
    heat = sum(share / heating for share, _, heating in parts)
    assert float(row["value"]) == pytest.approx(sum(s * c / h for s, c, h in parts) / heat, abs=5e-5)
    log_mean = sum(s * math.log(c) for s, c, _ in parts)
    between = sum(s * (math.log(c) - log_mean) ** 2 for s, c, _ in parts)
    assert float(row["spread"]) == pytest.approx(math.sqrt(0.5**2 + 0.45**2 + between), rel=1e-5)
    assert row["note"] == "bituminous 75%, lignite 25% of the capacity whose rank is known"
    (of_heat,) = [row for row in rows["coal_heating_value"] if row["country"] == "ZAF"]
    assert float(of_heat["value"]) == pytest.approx(1 / heat, abs=5e-3)


def test_written_rows_replace_the_blends_and_pass_the_check(tracker: Path, tmp_path: Path) -> None:
    folder = tmp_path / "factors"
    folder.mkdir()
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    rows = blends.blends(load_library(), blends.rank_shares(tracker))
    for table, new in rows.items():
        blends.write(folder, table, new)
        blends.write(folder, table, new)  # a second time changes nothing
        stored = FactorLibrary(folder).table(table).defaults
        assert [row.keys["country"] for row in stored if row.keys["coal_type"] == "unknown"] == [
            row["country"] for row in new
        ]
        others = [row.row_id for row in stored if row.keys["coal_type"] != "unknown"]
        before = load_library().table(table).defaults
        assert others == [row.row_id for row in before if row.keys["coal_type"] != "unknown"]


def test_rows_are_written_in_the_order_of_the_table(tmp_path: Path) -> None:
    for table in ("coal_mercury", "coal_heating_value"):
        source = load_library().folder / f"{table}.csv"
        (tmp_path / source.name).write_bytes(source.read_bytes())
        with source.open(encoding="utf-8", newline="") as file:
            own = [row for row in csv.DictReader(file) if row["coal_type"] == "unknown"]
        blends.write(tmp_path, table, own)
        assert (tmp_path / source.name).read_bytes() == source.read_bytes()
