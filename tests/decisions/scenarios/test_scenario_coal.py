"""The coal of a unit under measures: it stays what it is, unless another one is burned, and then in part."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.scenarios.scenario import Measure, Scenario

UNIT: dict[str, Any] = {
    "plant": "P", "owner": "O", "country": "IDN", "capacity_gross": 600.0, "coal_type": "subbituminous",
    "start_year": 2015, "status": "operating", "boiler": "PC", "pm_control": "ESPc", "so2_control": "none",
    "nox_control": "none", "hg_control": "none",
}  # fmt: skip
STATED = {"hg_coal": 0.30, "hg_basis": "as received"}


def projection_of(*changes: dict[str, Any], **tables: pd.DataFrame) -> Projection:
    units = pd.DataFrame([{**UNIT, "unit_id": name, **change} for name, change in zip("AB", changes, strict=False)])
    return project_fleet(fleet_from_tables({"Coal_units": units, **tables}), base_year=2026)


def applied(projection: Projection, **measure: Any) -> AppliedScenario:
    one = Measure.model_validate({"from_year": 2030, **measure})
    return apply_scenario(projection, Scenario(name="test"), [(0, one)])


def content(projection: Projection | None, index: int) -> float:
    assert projection is not None
    return float(projection.units["hg_coal_mg_per_kg"].iloc[index])


@pytest.mark.parametrize("change", [{"action": "add_control", "target": "FF"}, {"action": "include"}])
def test_coal_known_from_a_unit_of_the_plant_stays_known(change: dict[str, Any]) -> None:
    """B burns what A states, 0.30 mg/kg, before a measure at B and after it, and as surely."""
    status = {"status": "announced", "start_year": 2028} if change["action"] == "include" else {}
    projection = projection_of(STATED, status)
    one = applied(projection, where="unit_id == 'B'", **change)
    assert one.states is not None
    assert content(one.states, 0) == 0.30
    assert one.states.parameters["hg_coal"].of_unit(0) == projection.parameters["hg_coal"].of_unit(1)


def test_filter_at_a_unit_takes_its_share_of_the_mercury_of_the_coal_of_the_plant() -> None:
    projection = projection_of(STATED, {})
    one = applied(projection, where="unit_id == 'B'", action="add_control", target="FF")
    always = projection_of({**STATED, "pm_control": "ESPc+FF"})  # a unit that states its coal, with the filter
    assert one.yearly_kg[1, 4] == pytest.approx(always.yearly_kg[0, 4])
    assert one.yearly_kg[1, 4] < one.yearly_kg[1, 3]
    assert one.yearly_kg[0] == pytest.approx(projection.yearly_kg[0])


def fuels_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return fuels named X, Y and Z of 20 MJ/kg, in the workbook's bases."""
    same = {"country": "IDN", "coal_type": "subbituminous", "hg_basis": "as received", "calorific_value": 20.0,
            "cv_basis": "net as received"}  # fmt: skip
    return pd.DataFrame([{**same, "fuel_id": name, **row} for name, row in zip("XYZ", rows, strict=False)])


ANALYSIS = {"unit_id": "A", "date": "2024-05-01", "kind": "coal_analysis", "quantity": "hg_coal", "value": 0.3,
            "unit": "mg/kg", "basis": "as_received"}  # fmt: skip


def per_heat(projection: Projection, index: int) -> float:
    """Return mercury over heat of the coal of a unit [mg/MJ]."""
    return content(projection, index) / float(projection.units["calorific_value_mj_per_kg"].iloc[index])


@pytest.mark.parametrize(
    "burns", [{"fuel_id": "X"}, {"fuel_id": "X:0.5; Z:0.5", "hg_coal": 0.4, "hg_basis": "as received"}]
)
def test_half_of_a_coal_changed_for_one_like_it_changes_nothing(burns: dict[str, Any]) -> None:
    fuels = fuels_of({"hg_coal": 0.4}, {"hg_coal": 0.4}, {"hg_coal": 0.1})
    projection = projection_of(burns, Fuels=fuels)
    one = applied(projection, action="switch_coal", target="Y", value=0.5)
    assert one.states is not None
    assert content(one.states, 0) == pytest.approx(0.4)
    assert one.yearly_kg == pytest.approx(projection.yearly_kg)


@pytest.mark.parametrize("share", [0.1, 1 / 3])
def test_rest_of_a_measured_coal_stays_measured(share: float) -> None:
    """Mercury over heat is the mean of both by share of heat; a richer coal brings more of it."""
    tables = {"Fuels": fuels_of({}, {"hg_coal": 0.4}), "Measurements": pd.DataFrame([ANALYSIS])}
    projection = projection_of({}, **tables)
    now = per_heat(projection, 0)
    assert now < 0.4 / 20.0
    one = applied(projection, action="switch_coal", target="Y", value=share)
    ratio = (share * 0.4 / 20.0 + (1 - share) * now) / now
    assert ratio > 1
    assert one.yearly_kg[0, 4] / one.yearly_kg[0, 3] == pytest.approx(ratio)


def test_rest_of_a_coal_is_as_sure_as_it_was() -> None:
    """Variances of the two parts add up, as analyses of the new coal share nothing with what is known of the old."""
    fuel = {"hg_coal": 0.2, "hg_coal_sd": 0.1, "hg_coal_n": 4}
    tables = {"Fuels": fuels_of({}, fuel), "Measurements": pd.DataFrame([ANALYSIS])}
    projection = projection_of({"calorific_value": 20.0, "cv_basis": "net as received"}, **tables)
    one = applied(projection, action="switch_coal", target="Y", value=0.5)
    assert one.states is not None
    old = projection.parameters["hg_coal"].of_unit(0)
    assert old.spread is not None
    variance = (0.5 * old.value) ** 2 * math.expm1(old.spread.size**2) + (0.5 * 0.2) ** 2 * (0.1 / 0.2) ** 2 / 4
    mixed = one.states.parameters["hg_coal"].of_unit(0)
    assert mixed.spread is not None
    assert mixed.value == pytest.approx(0.5 * old.value + 0.5 * 0.2)
    assert mixed.spread.size == pytest.approx(math.sqrt(math.log1p(variance / mixed.value**2)))


def test_coal_of_a_plant_is_switched_in_part() -> None:
    """B burns the 0.30 mg/kg that A states; half of its heat from a coal with 0.10 makes 0.20."""
    heat = {"calorific_value": 20.0, "cv_basis": "net as received"}
    projection = projection_of({**STATED, **heat}, heat, Fuels=fuels_of({}, {"hg_coal": 0.1}))
    one = applied(projection, where="unit_id == 'B'", action="switch_coal", target="Y", value=0.5)
    assert content(one.states, 0) == pytest.approx(0.20)


def test_chlorine_of_the_fuels_of_a_unit_is_in_the_rest_of_its_coal() -> None:
    """Chlorine mixes by heat: 50 and 800 are 425 mg/kg, with as much of 50 they are 237.5; 100 is low and 500 high."""
    fuels = fuels_of({"cl_coal": 50.0}, {"cl_coal": 50.0}, {"cl_coal": 800.0}).assign(hg_coal=0.1)
    projection = projection_of({"fuel_id": "X:0.5; Z:0.5"}, Fuels=fuels)
    one = applied(projection, action="switch_coal", target="Y", value=0.5)
    assert one.states is not None
    weights = [p.parameters["high_cl_share"].value[0] for p in (projection, one.states)]
    assert weights == pytest.approx([math.log(4.25) / math.log(5), math.log(2.375) / math.log(5)])


def test_a_unit_may_have_the_marks_between_fuels_in_its_name() -> None:
    fuels = fuels_of({}, {"hg_coal": 0.1})
    projection = projection_of({**STATED, "unit_id": "A; 1:2", "calorific_value": 20.0}, Fuels=fuels)
    one = applied(projection, action="switch_coal", target="Y", value=0.5)
    assert content(one.states, 0) == pytest.approx(0.20)


@pytest.mark.parametrize(("activity", "share"), [({"coal_use": 1.0e6}, 1.0), ({"coal_use": 1.0e6}, 0.5), ({}, 1.0)])
def test_a_coal_of_half_the_heat_is_burned_twice(activity: dict[str, Any], share: float) -> None:
    """Whatever states how much the unit runs, the heat stays: at one content mercury goes as 1 over heat."""
    cells = {"hg_coal": 0.4, "hg_basis": "as received", "calorific_value": 20.0, "cv_basis": "net as received"}
    fuels = fuels_of({"fuel_id": "X", "country": "IDN", "hg_coal": 0.4, "calorific_value": 10.0, "cl_coal": 100.0})
    projection = projection_of({**cells, **activity, "cl_coal": 100.0}, Fuels=fuels)
    one = applied(projection, where="unit_id == 'A'", action="switch_coal", target="X", value=share)
    assert one.yearly_kg[0, 5] / projection.yearly_kg[0, 5] == pytest.approx(1.0 + share)
