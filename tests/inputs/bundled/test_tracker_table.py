"""The bundled table of the coal tracker: against what the publisher prints of the release, and against the release."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import build_world_fleet
from hginventory.errors import HgInventoryError
from hginventory.inputs.bundled import fleets, read_fleet
from hginventory.inputs.bundled.tracker_table import countries_of_table, read_tracker_table, table_path
from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers import Filters, gem_coal_fleet, read_gem_coal
from hginventory.inputs.trackers.gem_coal import open_gem_coal
from hginventory.inputs.trackers.gem_coal_columns import COUNTRY, ID
from hginventory.vocabulary import fold

RELEASE = Path(__file__).parents[4] / "shared" / "data" / "Global-Coal-Plant-Tracker-January-2026.xlsx"
# Of the publisher's own audit of the release: github.com/GlobalEnergyMonitor/gem-tracker-metadata-audit, file
# analysis/global_coal_plant_tracker_january_2026__units.json at 8e04714adfae4edce806f52209bc7c49a14afb11.
PUBLISHED = Path(__file__).with_name("published_counts.csv")
UNITS, PLANTS, COUNTRIES, SIZES = 14_509, 4_865, 109, 861  # of the same file: rows, and different values of columns
RELEASE_TITLE = "Global Coal Plant Tracker, January 2026 release"
with_release = pytest.mark.skipif(not RELEASE.is_file(), reason="the release of the tracker is not at hand")


@pytest.fixture(scope="module")
def table() -> SourceTable:
    return read_tracker_table()


@pytest.fixture(scope="module")
def release() -> SourceTable:
    return open_gem_coal(RELEASE)


def values(table: SourceTable, column: str) -> list[object]:
    return [row.cells.get(fold(column), "") for row in table.rows]


def test_rows_ids_plants_and_countries_are_as_many_as_published(table: SourceTable) -> None:
    assert len(table.rows) == len(set(values(table, ID[0]))) == UNITS
    assert len(set(values(table, "Plant name"))) == PLANTS
    assert len(set(values(table, "Capacity (MW)"))) == SIZES
    assert len(countries_of_table()) == len(set(values(table, COUNTRY[0]))) == COUNTRIES


with PUBLISHED.open(encoding="utf-8", newline="") as _file:
    COUNTS = [(row["column"], row["value"], int(row["units"])) for row in csv.DictReader(_file)]


@pytest.mark.parametrize("column", list(dict.fromkeys(column for column, _, _ in COUNTS)))
def test_values_stand_in_as_many_units_as_published(table: SourceTable, column: str) -> None:
    here = Counter(f"{value:g}" if isinstance(value, float) else value for value in values(table, column))
    published = {value: units for name, value, units in COUNTS if name == column}
    assert {value: here[value] for value in published} == published


def test_the_lines_above_the_table_are_the_attribution_that_the_licence_asks_for(table: SourceTable) -> None:
    copyright_line, citation, licence, changes = table.words
    assert copyright_line.startswith(
        "Copyright © Global Energy Monitor. Global Coal Plant Tracker, January 2026 release."
    )
    assert citation == f"Global Energy Monitor, {RELEASE_TITLE}."
    assert "https://creativecommons.org/licenses/by/4.0/" in licence
    assert changes.startswith("Reduced and changed by hginventory")


def test_a_country_is_its_rows_of_the_whole(table: SourceTable) -> None:
    rows = [row for row in table.rows if row.cells["country/area"] == "Vietnam"]
    assert read_tracker_table(["VNM"]).rows == rows
    assert read_tracker_table(["NOR"]).rows == []


def test_the_table_is_small() -> None:
    assert table_path().stat().st_size <= 1_500_000


@with_release
def test_the_script_writes_the_table_byte_for_byte(release: SourceTable) -> None:
    assert build_world_fleet.table_bytes(release) == table_path().read_bytes()


@pytest.mark.slow
@with_release
def test_the_fleet_is_that_of_the_importer_on_the_release_unit_by_unit(table: SourceTable) -> None:
    of_table, _ = gem_coal_fleet(table, Filters())
    of_release, _ = read_gem_coal(RELEASE, Filters())
    pd.testing.assert_frame_equal(of_table.units, of_release.units)


@with_release
@pytest.mark.parametrize("country", ["VNM", "ZAF", "POL", "XKX", "TUR"])
def test_the_fleet_of_a_country_is_that_of_the_importer(release: SourceTable, country: str) -> None:
    of_table, _ = gem_coal_fleet(read_tracker_table([country]), Filters())
    of_release, _ = gem_coal_fleet(release, Filters(countries=(country,)))
    pd.testing.assert_frame_equal(of_table.units, of_release.units)


def small_release(path: Path, about: str, country: str = "Vietnam") -> Path:
    lines = [
        [about],
        ["Global Coal Plant Tracker, January 2026 release"],
        ["GEM unit/phase ID", "Country/Area", "Plant name", "Unit name", "Capacity (MW)", "Status", "Coal type", "CHP"],
        ["G100000000001", country, "A power station", "Unit 1", "600", "operating", "lignite", "no"],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


LICENSED = (
    "Copyright © Global Energy Monitor. Distributed under a Creative Commons Attribution 4.0 International License."
)


def test_the_script_keeps_what_the_importer_reads(tmp_path: Path) -> None:
    out = tmp_path / "out.csv.gz"
    assert build_world_fleet.main([str(small_release(tmp_path / "r.csv", LICENSED)), "--out", str(out)]) == 0
    lines = gzip.decompress(out.read_bytes()).decode().splitlines()
    assert lines[3] == '"Reduced and changed by hginventory: 7 of 8 columns, ISO codes of countries added."'
    assert lines[5] == "VNM,G100000000001,Vietnam,A power station,Unit 1,600,operating,lignite"


@pytest.mark.parametrize(
    ("about", "country", "problem"),
    [("Copyright © Global Energy Monitor", "Vietnam", "may not be passed on"), (LICENSED, "Narnia", "'Narnia' is not")],
)
def test_the_script_refuses_a_release_without_licence_and_an_unknown_country(
    tmp_path: Path, about: str, country: str, problem: str
) -> None:
    with pytest.raises(HgInventoryError, match=problem):
        build_world_fleet.table_bytes(open_gem_coal(small_release(tmp_path / "r.csv", about, country)))


def test_the_catalogue_counts_what_the_fleets_hold() -> None:
    listed = fleets().set_index("fleet")
    assert listed["units"].sum() == 6_580  # operating, as published
    assert listed["units_construction"].sum() == 427
    for country in ("VNM", "POL", "MNG"):
        units = read_fleet(country).units
        operating = units[units["status"] == "operating"]
        row = listed.loc[country]
        assert (row["units"], row["capacity_mw"]) == (len(operating), pytest.approx(operating["capacity_mw"].sum()))
        known = operating["coal_type"] != "unknown"
        share = operating.loc[known, "capacity_mw"].sum() / operating["capacity_mw"].sum()
        assert row["coal_type_known"] == pytest.approx(share)
