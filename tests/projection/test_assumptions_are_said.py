"""What the model had to assume is a finding at the cell that would spare it, and the nearest case without is none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import CELL, REPORTED, is_row, weakest_mark
from tests.metamorphic.fleets import both_sectors, rows_of, run_of

BASE_YEAR = 2026
UNITS: dict[str, dict[str, Any]] = {
    "coal_power": {
        "unit_id": "U", "plant": "P", "unit": "1", "country": "IDN", "status": "operating", "start_year": 2010,
        "capacity_gross": 600.0, "coal_type": "subbituminous", "hg_coal": 0.08, "hg_basis": "as_received",
        "cl_coal": 100.0, "calorific_value": 19.0, "cv_basis": "net_as_received", "boiler": "PC", "pm_control": "ESPc",
        "so2_control": "none", "nox_control": "none", "capacity_factor": 0.7, "net_efficiency": 0.37,
    },
    "cement_kiln": {
        "unit_id": "U", "plant": "P", "unit": "1", "country": "IDN", "status": "operating", "start_year": 2010,
        "clinker_capacity": 1e6, "kiln_type": "precalciner", "controls": "FF", "fuels": "coal:1", "utilisation": 0.8,
    },
}  # fmt: skip
COAL, KILN = UNITS
CASES = [
    # sector, code, column, cells with which it is said, cells nearest to them with which it is not, options of the run
    (COAL, "W522", "start_year", {"start_year": None}, {"start_year": 2025}, {}),
    (COAL, "W523", "start_year", {"status": "construction", "start_year": 2025},
     {"status": "construction", "start_year": 2026}, {}),
    (COAL, "W530", "start_year", {"start_year": 2027}, {"start_year": 2026}, {}),
    (COAL, "N524", "start_year", {"start_year": 1986}, {"start_year": 1987}, {}),
    (COAL, "N524", "start_year", {"lifetime_years": 16}, {"lifetime_years": 17}, {}),
    (COAL, "W521", "planned_retirement", {"planned_retirement": 2025}, {"planned_retirement": 2026}, {}),
    (COAL, "N526", "status", {"status": "mothballed"}, {"status": "operating"}, {}),
    (COAL, "W711", "so2_control", {"so2_control": None}, {"so2_control": "none"}, {}),
    (COAL, "W701", "removal", {"pm_control": "CYC", "so2_control": "wFGD"}, {"so2_control": "wFGD"}, {}),
    (COAL, "W702", "cl_coal", {"cl_coal": None, "coal_type": None, "country": "XKX"}, {"cl_coal": 100.0}, {}),
    (COAL, "N703", "hg_basis", {"hg_basis": None}, {"hg_basis": "as_received"}, {}),
    (KILN, "W531", "start_year", {"start_year": None}, {"start_year": 2025}, {}),
    (KILN, "W523", "start_year", {"status": "construction", "start_year": 2025},
     {"status": "construction", "start_year": 2026}, {}),
    (KILN, "W530", "start_year", {"start_year": 2027}, {"start_year": 2026}, {}),
    (KILN, "W521", "planned_retirement", {"planned_retirement": 2025}, {"planned_retirement": 2026},
     {"rule": "gem_40"}),
    (KILN, "N526", "status", {"status": "retired"}, {"status": "operating"}, {}),
    (KILN, "N717", "fuels", {"fuels": None}, {"fuels": "coal:1"}, {}),
]  # fmt: skip


def said(
    sector: str, cells: dict[str, Any], options: dict[str, Any], *more: dict[str, Any], **tables: Any
) -> list[Any]:
    rows = [{**UNITS[sector], **cells}, *({**UNITS[sector], **other} for other in more)]
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), sector=sector, settings={"base_year": BASE_YEAR}, **tables)
    return [(one.code, one.cell, one.unit_id) for one in hg.project(fleet, draws=0, **options).findings]


@pytest.mark.parametrize(("sector", "code", "column", "cells", "nearest", "options"), CASES)
def test_an_assumption_is_said_at_its_cell_and_only_where_it_was_made(
    sector: str, code: str, column: str, cells: dict[str, Any], nearest: dict[str, Any], options: dict[str, Any]
) -> None:
    found = said(sector, cells, options)
    assert [unit for said_code, _, unit in found if said_code == code] == ["U"], found
    assert column in next(place for said_code, place, _ in found if said_code == code)
    assert code not in [said_code for said_code, _, _ in said(sector, nearest, options)]


@pytest.mark.parametrize(
    ("other", "shares"),
    [({}, True), ({"plant": "Q"}, False), ({"owner": "someone"}, False), ({"country": "VNM"}, False)],
    ids=["same plant", "other plant", "other owner", "plant of this name in another country"],
)
def test_coal_of_another_unit_of_the_plant_is_used_and_said(other: dict[str, Any], shares: bool) -> None:
    bare = {"unit_id": "V", "unit": "2", "hg_coal": None, "hg_basis": None, **other}
    found = said(COAL, {}, {}, bare)
    assert (("N704", "hg_coal[1]", "V") in found) is shares


def test_two_activities_of_a_year_are_said() -> None:
    rows = [
        {"unit_id": "U", "year": BASE_YEAR, "variable": variable, "value": value, "unit": unit}
        for variable, value, unit in (("capacity_factor", 0.6, "1"), ("generation_net", 3000.0, "GWh/yr"))
    ]
    for count, noted in ((1, False), (2, True)):
        found = said(COAL, {"capacity_factor": None}, {}, activity=pd.DataFrame(rows[:count]))
        assert (("N527", "unit_id[0]", "U") in found) is noted


@pytest.mark.parametrize(("year", "noted"), [(2024, True), (BASE_YEAR, False)])
def test_activity_of_another_year_is_said(year: int, noted: bool) -> None:
    sheet = pd.DataFrame([{"unit_id": "U", "year": year, "variable": "capacity_factor", "value": 0.6, "unit": "1"}])
    found = said(COAL, {"capacity_factor": None}, {}, activity=sheet)
    assert (("N535", "unit_id[0]", "U") in found) is noted


@both_sectors
def test_a_number_is_marked_as_the_weakest_row_that_it_is_based_on(sector: str) -> None:
    """A train that is stated stays so, whatever completes it, and what a kiln filter does not remove has no mark."""
    projection = run_of(sector, rows_of(sector)).projection
    found: dict[str, int] = {}
    for name, parameter in projection.parameters.items():
        for index in range(len(projection.units)):
            value = parameter.of_unit(index)
            rows = [ref for ref in value.refs if is_row(ref)]
            stated = name == "train" and value.origin == REPORTED
            if not rows or not value.read_from or stated or (sector, name) == ("cement_kiln", "removal"):
                continue
            marks = [projection.library.row(ref).read_from if is_row(ref) else CELL for ref in value.refs]
            assert value.read_from == weakest_mark(marks), (name, index, value)
            found[value.read_from] = found.get(value.read_from, 0) + 1
    assert {"read", "judgement"} <= set(found)
