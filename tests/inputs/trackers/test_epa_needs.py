"""NEEDS: controls in our columns, heat rates on our basis, mercury factors with theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hginventory.factors.library import load_library
from hginventory.factors.lookup import Ladder
from hginventory.importing import net_efficiency_of_us_unit
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.trackers.common import Filters
from hginventory.inputs.trackers.epa_needs import NOT_COAL, read_epa_needs
from hginventory.inputs.trackers.report import ImportReport

HEADER = (
    "Plant Name", "UniqueID_Final", "ORIS Plant Code", "Boiler/Generator/Committed Unit", "Unit ID",
    "CAMD Database UnitID", "PlantType", "Combustion Turbine/IC Engine", "Region Name", "State Name", "State Code",
    "County", "County Code", "FIPS5", "Capacity (MW)", "Heat Rate (Btu/kWh)", "On Line Year", "Retirement Year",
    "Firing", "Bottom", "Cogen?", "Modeled Fuels", "Wet/DryScrubber", "Scrubber_Online_Year", "Scrubber Efficiency",
    "NOx Comb Control", "NOx Post-Comb Control", "SCR_Online_Year", "SNCR_Online_Year", "PM Control",
    "FlueGasConditioning_Flag", "Mercury_Controls", "ACI_Online_Year", "Mercury_Controls Efficiency",
    "SO2 Permit Rate (lbs/mmBtu)", "Mode 1 NOx Rate (lbs/mmBtu)", "Mode 2 NOx Rate (lbs/mmBtu)",
    "Mode 3 NOx Rate  (lbs/mmBtu)", "Mode 4 NOx Rate  (lbs/mmBtu)", "Hg EMF for BIT", "Hg EMF for SUB",
    "Hg EMF for LIG", "HCL Removal", "DSI Unit", "DSI Online Year", "CCS", "CCS Removal", "C2G", "C2G Online Year",
    "BART Affected Unit",
)  # fmt: skip
UNIT = {
    "Plant Name": "Exemplar", "UniqueID_Final": "9901_B_1", "Boiler/Generator/Committed Unit": "B", "Unit ID": "1",
    "PlantType": "Coal Steam", "State Name": "Indiana", "Capacity (MW)": "500.0", "Heat Rate (Btu/kWh)": "10000",
    "On Line Year": "1970", "Retirement Year": "9999", "Firing": "tangential", "Modeled Fuels": "Bituminous",
    "Wet/DryScrubber": "Wet Scrubber", "NOx Comb Control": "LNC2", "NOx Post-Comb Control": "SCR", "PM Control": "ESPC",
    "Hg EMF for BIT": "0.1", "Hg EMF for SUB": "0.84", "Hg EMF for LIG": "0.56",
}  # fmt: skip
Reading = Callable[..., tuple[Fleet, ImportReport]]


@pytest.fixture
def read(table: Callable[..., Path], row_of: Callable[..., list[Any]]) -> Reading:
    """Return a function that reads units, each stated as changes to `UNIT`, from a Latin-1 file."""

    def run(*units: Mapping[str, Any], **filters: Any) -> tuple[Fleet, ImportReport]:
        rows = [
            row_of(HEADER, {**UNIT, "UniqueID_Final": f"9901_B_{number}", **unit})
            for number, unit in enumerate(units, 1)
        ]
        path = table([HEADER, *rows], name="needs_v6_2020-06-30.csv", encoding="latin-1")
        return read_epa_needs(path, Filters(**filters), net_efficiency_of_us_unit)

    return run


def test_a_unit_with_its_controls(read: Reading) -> None:
    fleet, report = read({"Plant Name": "Cañon"})
    unit = fleet.units.loc["9901_B_1"]
    assert (unit["plant"], unit["country"], unit["admin1"], unit["status"]) == ("Cañon", "USA", "Indiana", "operating")
    assert (unit["capacity_net"], unit["start_year"]) == (500.0, 1970.0)
    assert unit[["capacity_gross", "planned_retirement"]].isna().all()  # capacity is net, 9999 is no year
    assert (unit["boiler"], unit["coal_type"]) == ("PC", "bituminous")
    assert unit[["pm_control", "so2_control", "nox_control", "hg_control"]].tolist() == [
        "ESPc",
        "wFGD",
        "LNB+SCR",
        "none",
    ]
    assert (unit["removal"], unit["removal_basis"]) == (0.9, "coal_to_stack")
    assert "planning model" in unit["data_quality"]
    assert report.encoding == "cp1252"
    assert fleet.settings["data_year"].value == 2020
    assert {"N812", "N815"} <= {f.code for f in report.findings}


def test_heat_rate_becomes_an_efficiency_on_net_calorific_value(read: Reading) -> None:
    fleet, _ = read({}, {"Heat Rate (Btu/kWh)": None})
    rows = Ladder(load_library().table("coal_heating_value"))
    rung = next(c for c in ("USA", "WLD") if ("net_calorific_value", c, "bituminous") in rows)
    net = rows["net_calorific_value", rung, "bituminous"].value
    difference = rows["gross_minus_net", "WLD", "bituminous"].value
    assert net is not None
    assert difference is not None
    assert fleet.units["net_efficiency"].iloc[0] == pytest.approx(0.341214 * (net + difference) / net, abs=1e-4)
    assert 0.341214 < fleet.units["net_efficiency"].iloc[0] < 0.341214 * 1.1
    assert fleet.units["net_efficiency"].isna().iloc[1]
    assert "10000 Btu/kWh" in fleet.units["note"].iloc[0]


@pytest.mark.parametrize(
    ("cells", "column", "train"),
    [
        ({"PM Control": "B"}, "pm_control", "FF"),
        ({"PM Control": "ESPC + B + WS"}, "pm_control", "WS+ESPc+FF"),
        ({"PM Control": "ESPH + WESP"}, "pm_control", "ESPh+WESP"),
        ({"PM Control": "B + C"}, "pm_control", "CYC+FF"),
        ({"PM Control": None}, "pm_control", "unknown"),
        ({"PM Control": "magic"}, "pm_control", "unknown"),
        ({"PM Control": "WS"}, "pm_control", "WS"),
        ({"PM Control": "Venturi Scrubber + C"}, "pm_control", "CYC+WS"),
        ({"PM Control": "wet particulate scrubber"}, "pm_control", "WS"),
        ({"PM Control": "wFGD"}, "pm_control", "unknown"),
        ({"Wet/DryScrubber": "venturi"}, "so2_control", "none"),
        ({"Mercury_Controls": "CaBr2 + ACI"}, "hg_control", "HAL+ACI"),
        ({"Mercury_Controls": "Calcium Bromide"}, "hg_control", "HAL"),
        ({"Mercury_Controls": "Refined Coal"}, "hg_control", "HAL"),
        ({"Mercury_Controls": "re-emission additive"}, "hg_control", "REA"),
        ({"Wet/DryScrubber": "Dry Scrubber"}, "so2_control", "SDA"),
        ({"Wet/DryScrubber": "Reagent Injection"}, "so2_control", "DSI"),
        ({"Wet/DryScrubber": "Wet Scrubber", "DSI Unit": "Yes"}, "so2_control", "DSI+wFGD"),
        ({"Wet/DryScrubber": None}, "so2_control", "none"),
        ({"NOx Post-Comb Control": "SNCR", "NOx Comb Control": None}, "nox_control", "SNCR"),
        ({"NOx Post-Comb Control": None, "NOx Comb Control": None}, "nox_control", "none"),
        ({"Mercury_Controls": "ACI"}, "hg_control", "ACI"),
        ({"Firing": "FBC"}, "boiler", "CFB"),
        ({"Firing": "cyclone"}, "boiler", "cyclone"),
        ({"Firing": "stoker/SPR"}, "boiler", "stoker"),
        ({"Firing": None}, "boiler", "unknown"),
        ({"PlantType": "IGCC", "Firing": None}, "boiler", "IGCC"),
    ],
    ids=str,
)
def test_devices_and_furnaces_in_our_codes(read: Reading, cells: Mapping[str, Any], column: str, train: str) -> None:
    fleet, _ = read(cells)
    assert fleet.units[column].iloc[0] == train


@pytest.mark.parametrize(
    ("cells", "coal_type", "removal", "code"),
    [
        ({"Modeled Fuels": "Subbituminous"}, "subbituminous", 0.16, "N812"),
        ({"Modeled Fuels": "Lignite"}, "lignite", 0.44, "N812"),
        ({"Modeled Fuels": "Bituminous, Subbituminous"}, "unknown", None, "N813"),
        ({"Modeled Fuels": "Bituminous, Subbituminous", "Hg EMF for SUB": "0.1"}, "unknown", 0.9, "N812"),
        ({"Modeled Fuels": "Waste Coal"}, "waste coal", None, None),
        ({"Modeled Fuels": "Petroleum Coke"}, "unknown", None, "N804"),
        ({"Modeled Fuels": "Bituminous, Waste Coal"}, "unknown", None, "N813"),
    ],
    ids=str,
)
def test_removal_is_one_minus_the_factor_of_the_one_coal(
    read: Reading, cells: Mapping[str, Any], coal_type: str, removal: float | None, code: str | None
) -> None:
    fleet, report = read(cells)
    unit = fleet.units.iloc[0]
    assert unit["coal_type"] == coal_type
    if removal is None:
        assert unit[["removal", "removal_basis"]].isna().all()
    else:
        assert unit["removal"] == pytest.approx(removal, abs=1e-9)
    assert code is None or code in {f.code for f in report.findings}


def test_years_of_retirement_and_conversion_end_the_coal(read: Reading) -> None:
    fleet, report = read(
        {"Retirement Year": "2029"},
        {"C2G": "C2G", "C2G Online Year": "2025.0"},
        {"Retirement Year": "2023", "C2G": "C2G/Retire", "C2G Online Year": "2025.0"},
    )
    assert fleet.units["planned_retirement"].tolist() == [2029.0, 2025.0, 2023.0]
    assert any(f.code == "N814" and f.count == 2 for f in report.findings)
    assert "Conversion to gas: C2G 2025." in fleet.units["note"].iloc[1]


def test_other_plants_are_left_out_and_committed_units_are_being_built(read: Reading) -> None:
    fleet, report = read({}, {"PlantType": "Combined Cycle"}, {"Boiler/Generator/Committed Unit": "C"})
    assert fleet.units["status"].tolist() == ["operating", "construction"]
    assert report.left_out_by_reason == {NOT_COAL: 1}
