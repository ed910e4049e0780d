"""Global Cement and Concrete Tracker: one row a plant, capacities in words, grinding plants without a kiln."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hginventory.errors import UsageError
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.trackers.common import Filters
from hginventory.inputs.trackers.gem_cement import GRINDING, KILN_UNKNOWN, read_gem_cement
from hginventory.inputs.trackers.repair import NO_SIZE, NO_STATUS
from hginventory.inputs.trackers.report import ImportReport

CEMENT = "Cement Capacity (millions metric tonnes per annum)"
CLINKER = "Clinker Capacity (millions metric tonnes per annum)"
HEADER = (
    "GEM Plant ID", "GEM Asset name (English)", "Asset name (other language)", "Alternative asset name(s)", "SFI ID",
    "LeadIT Project ID", "Coordinates", "Coordinate accuracy", "GEM wiki page", "Municipality", "Subnational unit",
    "Country/Area", CEMENT, CLINKER, "Majority Cement Type", "Cement Color", "Operating status", "Start date",
    "Owner name (English)", "Owner name (other language)", "Owner Entity ID", "Parent", "Parent Entity ID",
    "Plant type", "Production type", "CCS/CCUS", "Alternative Fuel", "Clay Calcination",
)  # fmt: skip
PLANT = {
    "GEM Plant ID": "P100000200001", "GEM Asset name (English)": "Batu Contoh cement plant",
    "Coordinates": "-6.5, 106.9", "Country/Area": "Indonesia", CEMENT: 2.5, CLINKER: 1.8,
    "Operating status": "operating", "Start date": 1998, "Owner name (English)": "PT Contoh [100.0%]",
    "Plant type": "integrated", "Production type": "dry", "CCS/CCUS": "no", "Alternative Fuel": "unknown",
    "Clay Calcination": "n/a",
}  # fmt: skip
Reading = Callable[..., tuple[Fleet, ImportReport]]


@pytest.fixture
def read(book: Callable[..., Path], row_of: Callable[..., list[Any]]) -> Reading:
    """Return a function that reads plants, each stated as changes to `PLANT`."""

    def run(*plants: Mapping[str, Any], **filters: Any) -> tuple[Fleet, ImportReport]:
        rows = [
            row_of(HEADER, {**PLANT, "GEM Plant ID": f"P10000020000{number}", **plant})
            for number, plant in enumerate(plants, 1)
        ]
        empty_columns = [None] * 12
        sheets = {
            "About": [
                ["Global Cement and Concrete Tracker, July 2025 (V1) release"],
                ["Creative Commons Attribution 4.0"],
            ],
            "Plant Data": [[*HEADER, *empty_columns], *rows, [], [*[None] * 40, "junk"]],
        }
        return read_gem_cement(book(sheets), Filters(**filters))

    return run


def test_a_plant_becomes_one_kiln_row_that_says_so(read: Reading) -> None:
    fleet, report = read({})
    kiln = fleet.units.loc["P100000200001"]
    assert kiln["sector"] == "cement_kiln"
    assert (kiln["clinker_capacity"], kiln["cement_capacity"]) == (1_800_000.0, 2_500_000.0)
    assert (kiln["latitude"], kiln["longitude"], kiln["start_year"]) == (-6.5, 106.9, 1998.0)
    assert (kiln["country"], kiln["owner"], kiln["kiln_type"]) == ("IDN", "PT Contoh", "unknown")
    assert "all kilns of the plant" in kiln["note"]
    assert "Process in the tracker: dry." in kiln["note"]
    assert any(f.code == "N809" for f in report.findings)
    assert "whole plants" in fleet.settings["notice"].value
    assert report.source["source_id"] == "gem-gcct-2025-07"
    assert report.source["licence"] == "CC BY 4.0"


def test_grinding_plants_and_unknown_ones_have_no_kiln(read: Reading) -> None:
    fleet, report = read(
        {},
        {"Plant type": "grinding", CLINKER: "n/a"},
        {"Plant type": "unknown", CLINKER: "n/a"},
        {"Plant type": "unknown", CLINKER: "unknown"},
        {"Plant type": "unknown", CLINKER: 0.9},
        {"Plant type": "clinker only", CEMENT: "n/a"},
    )
    assert len(fleet.units) == 3
    assert report.left_out_by_reason == {GRINDING: 2, KILN_UNKNOWN: 1}


@pytest.mark.parametrize("clinker", [">0", "unknown"])
def test_without_a_clinker_capacity_the_cement_capacity_stands_in(read: Reading, clinker: str) -> None:
    fleet, _ = read({CLINKER: clinker})
    kiln = fleet.units.iloc[0]
    assert kiln[["clinker_capacity"]].isna().all()
    assert kiln["cement_capacity"] == 2_500_000.0
    assert (">0" in kiln["note"]) is (clinker == ">0")


def test_plants_without_any_capacity_are_missed_aloud(read: Reading) -> None:
    fleet, report = read(
        {}, {CLINKER: ">0", CEMENT: ">0"}, {CLINKER: "unknown", CEMENT: "unknown", "Operating status": "announced"}
    )
    assert len(fleet.units) == 1
    assert report.left_out_by_reason == {NO_SIZE: 2}
    assert [row.name for row in report.missing] == ["P100000200002 Batu Contoh cement plant"]
    assert "1 operating rows" in fleet.settings["notice"].value


@pytest.mark.parametrize("cell", ["unknown", "P100000200009", "6.5 S"])
def test_coordinates_that_are_none_stay_blank(read: Reading, cell: str) -> None:
    fleet, report = read({"Coordinates": cell})
    assert fleet.units[["latitude", "longitude"]].isna().all(axis=None)
    assert any(f.code == "W807" for f in report.findings) is (cell != "unknown")


@pytest.mark.parametrize(
    ("process", "kiln_type"),
    [("wet", "wet"), ("semidry", "semi-wet/semi-dry"), ("mixed", "unknown"), ("unknown", "unknown")],
)
def test_process_gives_the_kiln_type_only_where_it_does(read: Reading, process: str, kiln_type: str) -> None:
    fleet, _ = read({"Production type": process})
    assert fleet.units["kiln_type"].iloc[0] == kiln_type


def test_statuses_and_starts(read: Reading) -> None:
    fleet, report = read(
        {"Operating status": "operating pre-retirement", "Start date": "unknown"},
        {"Operating status": "unknown"},
        {"Operating status": "construction", "Start date": "2027-2028"},
    )
    assert fleet.units["status"].tolist() == ["operating", "construction"]
    assert fleet.units["start_year"].fillna(0).tolist() == [0.0, 2028.0]
    assert report.left_out_by_reason[NO_STATUS] == 1  # empty rows and the cell of junk are no rows


def test_megawatts_are_no_filter_of_kilns(read: Reading) -> None:
    with pytest.raises(UsageError, match="kilns have no capacity in MW"):
        read({}, min_mw=100)
    fleet, _ = read({}, {CLINKER: 0.4}, where="clinker_capacity >= 1000000")
    assert len(fleet.units) == 1
