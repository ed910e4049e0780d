"""The coal of a unit under measures: it stays what it is, unless another one is burned, and then in part."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hginventory.decisions.apply import AppliedScenario, apply_scenario
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
from hginventory.scenarios.model import Measure, Scenario

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


def content(projection: Projection | None, place: int) -> float:
    assert projection is not None
    return float(projection.units["hg_coal_mg_per_kg"].iloc[place])


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
