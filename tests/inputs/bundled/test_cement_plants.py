"""The bundled plants of the cement tracker: against the table they come from, and as a part of a fleet by name."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pandas as pd
import pytest

import build_world_cement
import hginventory as hg
from hginventory.errors import HgInventoryError
from hginventory.inputs.bundled.named_fleet import CEMENT_NOTICE
from hginventory.inputs.bundled.tracker_table import CEMENT_FILE, countries_of_table, read_tracker_table, table_path
from hginventory.inputs.parsing import country_code
from hginventory.inputs.template import write_fleet
from hginventory.inputs.trackers import Filters, gem_cement_fleet

PLANTS = Path(__file__).parents[4] / "shared" / "data" / "gem_gcct_2025-07_plants_reduced.csv"
RELEASE = "Global Energy Monitor, Global Cement and Concrete Tracker, July 2025 (V1) release"
with_plants = pytest.mark.skipif(not PLANTS.is_file(), reason="the table of cement plants is not at hand")


def plants() -> pd.DataFrame:
    table = pd.read_csv(PLANTS)
    return table.assign(iso3=[country_code(name) for name in table["country"]])


@with_plants
def test_the_script_writes_the_table_byte_for_byte() -> None:
    assert build_world_cement.table_bytes(PLANTS) == table_path(CEMENT_FILE).read_bytes()


@with_plants
def test_every_country_reads_and_its_capacity_is_that_of_the_table() -> None:
    """Plants that operate, are built or mothballed or retired; those without capacity or status are left out, told."""
    source = plants()
    assert countries_of_table(CEMENT_FILE) == set(source["iso3"])
    status = source["status"].replace("operating pre-retirement", "operating")
    usable = source[source["cement_capacity_mt_per_year"].gt(0) & status.notna() & status.ne("cancelled")]
    expected = usable.groupby("iso3")["cement_capacity_mt_per_year"].sum()
    read, _ = gem_cement_fleet(read_tracker_table((), CEMENT_FILE), Filters())
    found = read.units.groupby("country")["cement_capacity"].sum() / 1e6
    pd.testing.assert_series_equal(found, expected, check_names=False, check_index_type=False)
    assert len(read.units) == len(usable)


def test_every_country_by_itself_has_the_plants_that_it_has_of_the_whole() -> None:
    """No plant is taken for a total, or for one that is given twice, because of which others are read with it."""
    whole, _ = gem_cement_fleet(read_tracker_table((), CEMENT_FILE), Filters())
    without = set()
    for country in sorted(countries_of_table(CEMENT_FILE)):
        try:
            own, _ = gem_cement_fleet(read_tracker_table([country], CEMENT_FILE), Filters())
        except hg.UsageError:
            without.add(country)
            continue
        assert own.units.index.tolist() == whole.units.index[whole.units["country"] == country].tolist()
    assert without == {"SWZ", "WSM"}  # the capacity of their one plant is not known


def test_every_plant_can_be_computed() -> None:
    """Also the least one: 12,600 t/yr would be a slip of the unit where a kiln is meant."""
    whole, _ = gem_cement_fleet(read_tracker_table((), CEMENT_FILE), Filters())
    units = hg.project(whole, draws=0).units
    operating = units["status"] == "operating"
    assert (units.loc[operating, "air_base_year_kg"] > 0).all()
    assert units.loc[operating, "lifetime_kg"].isna().all()
    assert whole.units["cement_capacity"].min() == 12_600


@pytest.mark.parametrize("country", ["EGY", "NOR", "PAK", "ETH", "DOM", "IDN"])
def test_a_country_is_its_plants_of_the_whole(country: str) -> None:
    of_country = hg.read_fleet(f"tracker:{country}+cement").units
    kilns = of_country[of_country["sector"] == "cement_kiln"]
    whole, _ = gem_cement_fleet(read_tracker_table((), CEMENT_FILE), Filters())
    pd.testing.assert_frame_equal(kilns, whole.units[whole.units["country"] == country])


@pytest.mark.parametrize("name", ["VNM+cement", "vietnam+cement", "Việt Nam+cement", "Vietnam +Cement"])
def test_cement_plants_come_with_coal_units_where_they_are_asked_for(name: str) -> None:
    fleet, coal = hg.read_fleet(name), hg.read_fleet("VNM")
    assert (fleet.name, fleet.origin) == ("VNM+cement", "bundled fleet tracker:VNM+cement")
    units = fleet.units
    pd.testing.assert_frame_equal(units[units["sector"] == "coal_power"], coal.units)
    assert set(coal.units["sector"]) == {"coal_power"}
    notes = units.loc[units["sector"] == "cement_kiln", "note"]
    assert notes.str.contains("kiln type, clinker and start year unknown").all()
    assert CEMENT_NOTICE in fleet.settings["notice"].value
    assert "3 cement plants in operation have no known capacity" in fleet.settings["notice"].value


def test_both_trackers_are_named_with_their_licence() -> None:
    coal, cement = hg.read_fleet("VNM+cement").attributions
    assert coal.citation.startswith("Global Energy Monitor, Global Coal Plant Tracker")
    assert (cement.citation, cement.licence) == (RELEASE, "CC BY 4.0")
    assert cement.note.startswith("Copyright © Global Energy Monitor. ")
    assert "Reduced and changed by" in cement.note


def test_the_workbook_has_the_plants_as_rows_of_kilns(tmp_path: Path) -> None:
    fleet = hg.read_fleet("VNM+cement")
    again = hg.read_fleet(write_fleet(fleet, tmp_path / "vietnam.xlsx"))
    pd.testing.assert_frame_equal(again.units, fleet.units)
    assert (again.cells, again.rows, again.attributions) == (fleet.cells, fleet.rows, fleet.attributions)
    assert {sheet for sheet, _ in again.rows.values()} == {"Coal_units", "Cement_kilns"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("GRL+cement", "Greenland has no cement plant of known capacity"),
        ("EGY", "Egypt has no coal-fired unit of 30 MW and more .* EGY[+]cement reads its cement plants"),
        ("NOR", "NOR[+]cement reads"),
    ],
)
def test_a_country_without_says_so(name: str, told: str) -> None:
    with pytest.raises(hg.UsageError, match=told):
        hg.read_fleet(name)


def test_a_country_without_coal_units_has_its_cement_plants_alone() -> None:
    fleet = hg.read_fleet("EGY+cement")
    assert set(fleet.units["sector"]) == {"cement_kiln"}
    assert fleet.settings["notice"].value.startswith("The tracker has no coal-fired unit of 30 MW and more here.")
    assert [one.citation for one in fleet.attributions] == [RELEASE]


def test_the_curated_workbook_has_kilns_of_its_own() -> None:
    assert hg.read_fleet("IDN+cement").origin == "bundled fleet indonesia"


def small(path: Path, **changes: str) -> Path:
    row = {"name": "A plant", "country": "Vietnam", "status": "operating", "cement_capacity_mt_per_year": "1.5",
           "lat": "20.5", "lon": "106", **changes}  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


def test_the_script_gives_columns_the_names_of_the_release(tmp_path: Path) -> None:
    out = tmp_path / "out.csv.gz"
    assert build_world_cement.main([str(small(tmp_path / "p.csv")), "--out", str(out)]) == 0
    assert (
        gzip.decompress(out.read_bytes()).decode().splitlines()[-1] == 'VNM,A plant,Vietnam,operating,1.5,"20.5, 106"'
    )


def test_the_script_refuses_an_unknown_country_and_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(HgInventoryError, match="'Narnia' is not known"):
        build_world_cement.table_bytes(small(tmp_path / "p.csv", country="Narnia"))
    (tmp_path / "q.csv").write_text("name,country\nA,Vietnam\n", encoding="utf-8")
    with pytest.raises(HgInventoryError, match="no column status, cement_capacity_mt_per_year, lat, lon"):
        build_world_cement.table_bytes(tmp_path / "q.csv")
