"""What is beyond the factor tables: each bound belongs to what is plausible, and the next number does not."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import load_library
from hginventory.projection.plausibility import implausible

LIBRARY = load_library()
MEANS = [row.value for row in LIBRARY.table("coal_mercury").defaults if row.value]
IN_COAL, IN_MATERIAL = (
    max(number for row in LIBRARY.table(name).rows for number in (row.value, row.high) if number is not None)
    for name in ("coal_mercury", "cement_material")
)
COAL = {"country": "VNM", "start_year": 2015, "coal_type": "bituminous", "capacity_gross": 600.0}
KILN = {"country": "VNM", "start_year": 2015, "clinker_capacity": 1e6}


def limit(sector: str, quantity: str, level: str) -> float:
    return LIBRARY.row(f"plausible_limit/{sector}/{quantity}/{level}").number()


def found(sector: str, **cells: Any) -> set[str]:
    """Return the codes of what is found, with the column, at one unit."""
    unit = {**(COAL if sector == "coal_power" else KILN), "unit_id": "U", "plant": "P", "status": "operating", **cells}
    fleet = hg.fleet_from_frame(pd.DataFrame([unit]), sector=sector)
    return {f"{one.code} {one.cell.partition('[')[0]}" for one in implausible(fleet, LIBRARY)}


def above(number: float) -> float:
    return math.nextafter(number, math.inf)


@pytest.mark.parametrize("column", ["capacity_gross", "capacity_net"])
def test_capacity_of_a_unit(column: str) -> None:
    warned, most = (limit("coal_power", "capacity", level) for level in ("warning", "error"))
    cells: dict[str, Any] = {"capacity_gross": None}
    assert found("coal_power", **{**cells, column: warned}) == set()
    assert found("coal_power", **{**cells, column: above(warned)}) == {f"W443 {column}"}
    assert found("coal_power", **{**cells, column: most}) == {f"W443 {column}"}
    assert found("coal_power", **{**cells, column: above(most)}) == {f"E444 {column}"}
    assert found("coal_power", **{**cells, column: most, "status": "cancelled"}) == set()
    assert found("coal_power", **{**cells, column: above(most), "status": "cancelled"}) == {f"N445 {column}"}


def test_mercury_of_coal() -> None:
    stated = {"hg_basis": "as_received"}
    assert found("coal_power", hg_coal=max(MEANS), **stated) == set()
    assert found("coal_power", hg_coal=above(max(MEANS)), **stated) == {"W412 hg_coal"}
    assert found("coal_power", hg_coal=IN_COAL, **stated) == {"W412 hg_coal"}
    assert found("coal_power", hg_coal=above(IN_COAL), **stated) == {"E448 hg_coal"}


def test_chlorine_that_was_meant_in_percent() -> None:
    lowest, highest = (limit("coal_power", "chlorine", level) for level in ("lowest", "highest"))
    per_percent = 10_000.0  # mg/kg
    ends = [lowest / per_percent, highest / per_percent * (1 - 1e-12)]
    assert [found("coal_power", cl_coal=end) for end in ends] == [{"E450 cl_coal"}] * 2
    outside = [ends[0] * (1 - 1e-9), ends[1] * (1 + 1e-9), lowest, 0.0]
    assert [found("coal_power", cl_coal=value) for value in outside] == [set()] * 4


@pytest.mark.parametrize("column", ["hg_limestone", "hg_raw_meal", "hg_gypsum", "hg_ash", "hg_fuel"])
def test_mercury_of_the_materials_of_a_kiln(column: str) -> None:
    most = max(IN_MATERIAL, IN_COAL)
    assert found("cement_kiln", **{column: most}) == set()
    assert found("cement_kiln", **{column: above(most)}) == {f"E448 {column}"}


@pytest.mark.parametrize("column", ["clinker_capacity", "cement_capacity", "clinker_output"])
def test_size_of_a_kiln(column: str) -> None:
    per_day = limit("cement_kiln", "clinker_capacity", "error")
    cells: dict[str, Any] = {"clinker_capacity": None}
    assert found("cement_kiln", **{**cells, column: per_day}) == {f"E452 {column}"}
    assert found("cement_kiln", **{**cells, column: above(per_day)}) == set()
    assert found("cement_kiln", **{**cells, column: per_day * 365.0}) == set()
    beyond = set() if column == "cement_capacity" else {f"E444 {column}"}
    assert found("cement_kiln", **{**cells, column: above(per_day * 365.0)}) == beyond
    assert found("cement_kiln", **{**cells, column: above(per_day * 365.0), "status": "retired"}) == set()


@pytest.mark.parametrize(("over", "codes"), [(-1e-9, []), (1e-9, ["W405"])])
@pytest.mark.parametrize("column", ["coal_use", "heat_input_net"])
def test_fuel_is_odd_from_the_full_load_of_all_hours(column: str, over: float, codes: list[str]) -> None:
    """At 1.05 of the hours of a year, as the capacity factor may be."""
    heating, efficiency, capacity = 20.0, 0.38, 570.0
    heat_tj = 1.05 * (1 + over) * capacity * 8760.0 * 3.6e-3 / efficiency
    amount = heat_tj if column == "heat_input_net" else heat_tj * 1000.0 / heating
    unit = {**COAL, "unit_id": "U", "plant": "P", "status": "operating", "capacity_gross": None,
            "capacity_net": capacity, "net_efficiency": efficiency, "calorific_value": heating,
            "cv_basis": "net_as_received", column: amount}  # fmt: skip
    run = hg.project(hg.fleet_from_frame(pd.DataFrame([unit]), settings={"base_year": 2026}), draws=0)
    assert [one.code for one in run.findings if one.code in ("W405", "E441")] == codes
