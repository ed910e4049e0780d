"""Global Power Plant Database: its coal plants, reported generation, nothing that it estimates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hginventory.errors import UsageError
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.trackers.common import Filters
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.wri_power import NOT_COAL, read_wri_power

V12 = (
    "country", "country_long", "name", "gppd_idnr", "capacity_mw", "latitude", "longitude", "primary_fuel",
    "other_fuel1", "other_fuel2", "other_fuel3", "commissioning_year", "owner", "source", "url",
    "geolocation_source", "wepp_id", "year_of_capacity_data", "generation_gwh_2013", "generation_gwh_2014",
    "generation_gwh_2015", "generation_gwh_2016", "generation_gwh_2017", "estimated_generation_gwh",
)  # fmt: skip
V13 = (
    *V12[:-1], "generation_gwh_2018", "generation_gwh_2019", "generation_data_source",
    *(f"estimated_generation_gwh_{year}" for year in range(2013, 2018)),
    *(f"estimated_generation_note_{year}" for year in range(2013, 2018)),
)  # fmt: skip
PLANT = {
    "country": "IDN", "country_long": "Indonesia", "name": "PLTU Contoh", "gppd_idnr": "WRI1000001",
    "capacity_mw": "800", "latitude": "-6.5", "longitude": "106.5", "primary_fuel": "Coal",
    "commissioning_year": "2011.4", "owner": "PLN", "generation_gwh_2016": "4000.5",
}  # fmt: skip
Reading = Callable[..., tuple[Fleet, ImportReport]]


@pytest.fixture
def read(table: Callable[..., Path], row_of: Callable[..., list[Any]]) -> Reading:
    """Return a function that reads plants, each stated as changes to `PLANT`."""

    def run(*plants: Mapping[str, Any], header: tuple[str, ...] = V12, **filters: Any) -> tuple[Fleet, ImportReport]:
        rows = [
            row_of(header, {**PLANT, "gppd_idnr": f"WRI100000{number}", **plant})
            for number, plant in enumerate(plants, 1)
        ]
        return read_wri_power(table([header, *rows]), Filters(**filters))

    return run


@pytest.mark.parametrize(
    ("header", "version", "year", "columns"), [(V12, "1.2", 2017, 24), (V13, "1.3", 2019, 36)], ids=["v1.2", "v1.3"]
)
def test_coal_plants_of_both_versions(
    read: Reading, header: tuple[str, ...], version: str, year: int, columns: int
) -> None:
    assert len(header) == columns
    fleet, report = read({}, {"primary_fuel": "Gas"}, {"primary_fuel": "Hydro"}, header=header)
    plant = fleet.units.loc["WRI1000001"]
    assert (plant["capacity_gross"], plant["start_year"], plant["country"]) == (800.0, 2011.0, "IDN")
    assert plant[["capacity_net", "coal_type", "generation_gross", "capacity_factor"]].isna().all()
    assert "whole plant" in plant["note"]
    assert "2011.4" in plant["note"]
    assert report.left_out_by_reason == {NOT_COAL: 2}
    assert report.source["source_id"] == f"wri-gppd-v{version}"
    assert fleet.settings["data_year"].value == year
    assert {"N809", "N810"} <= {f.code for f in report.findings}
    assert "whole plants" in fleet.settings["notice"].value


def test_reported_generation_enters_and_estimated_does_not(read: Reading) -> None:
    fleet, report = read(
        {"estimated_generation_gwh": "5000", "generation_gwh_2015": "0", "generation_gwh_2014": "9000"}
    )
    assert fleet.activity[["unit_id", "year", "variable", "value"]].values.tolist() == [
        ["WRI1000001", 2016, "generation_gross", 4000.5]
    ]
    assert report.columns_not_used["estimated_generation_gwh"].startswith("estimated")
    refused = [f for f in report.findings if f.code == "W807"]
    assert sum(f.count for f in refused) == 2  # 0 is no normal year, and 9000 GWh is more than 800 MW can make
    assert "7008 GWh" in refused[0].allowed


@pytest.mark.parametrize("generation", ["0.4", "70", "139"])
def test_a_year_of_near_standstill_enters_with_a_warning(read: Reading, generation: str) -> None:
    fleet, report = read({"generation_gwh_2015": generation})
    assert dict(zip(fleet.activity["year"], fleet.activity["value"], strict=True)) == {
        2015: float(generation),
        2016: 4000.5,
    }
    assert [f.code for f in fleet.findings if f.code == "W427"] == ["W427"]
    assert not any(f.code == "W807" for f in report.findings)


def test_plants_larger_than_any_unit_stay_in(read: Reading) -> None:
    fleet, report = read({"capacity_mw": "5824", "generation_gwh_2016": None})
    assert fleet.units["capacity_gross"].tolist() == [5824.0]
    assert not report.missing


def test_there_is_no_status_to_filter_by(read: Reading) -> None:
    with pytest.raises(UsageError, match="gives no status"):
        read({}, statuses=("operating",))
    fleet, _ = read({})
    assert fleet.units["status"].tolist() == ["operating"]
    assert any(f.code == "N309" for f in fleet.findings)


def test_copies_without_ids_get_ids_of_their_rows(table: Callable[..., Path]) -> None:
    header = ["country", "name", "capacity_mw", "primary_fuel"]
    path = table([header, ["IDN", "A", 600, "Coal"], ["IDN", "B", 700, "Coal"]])
    fleet, report = read_wri_power(path, Filters())
    assert list(fleet.units.index) == ["wri-gppd-R2", "wri-gppd-R3"]
    assert report.source["source_id"] == "wri-gppd"


def test_a_year_without_end_is_refused_and_named(read: Reading) -> None:
    fleet, report = read({"commissioning_year": "1e999"})
    assert fleet.units["start_year"].isna().all()
    assert any(f.code == "W807" and "1e999" in f.found for f in report.findings)
