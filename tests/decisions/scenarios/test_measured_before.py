"""A scenario changes a measured unit: its coal stays measured, an added device acts on the measured emission."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.paired_draws import scenario_input
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, kiln_sector, project_fleet
from hginventory.scenarios.scenario import Measure, Scenario

UNITS = pd.DataFrame({
    "unit_id": ["A1", "A2"], "plant": ["A", "B"], "unit": "1", "country": "IDN", "capacity_gross": [600, 600],
    "start_year": 2015, "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "none",
    "nox_control": "none", "hg_control": "none", "boiler": "PC",
})  # fmt: skip
FUELS = pd.DataFrame({"fuel_id": ["LOW"], "country": "IDN", "coal_type": "subbituminous", "hg_coal": 0.02,
                      "hg_basis": "as received", "calorific_value": 19.0, "cv_basis": "net as received"})  # fmt: skip
TEST = {"unit_id": "A1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_per_heat", "value": 12.0,
        "unit": "g/TJ", "uncertainty": 0.1, "uncertainty_kind": "rsd"}  # fmt: skip
ANALYSIS = {**TEST, "kind": "coal_analysis", "quantity": "hg_coal", "value": 0.2, "unit": "mg/kg",
            "basis": "as_received"}  # fmt: skip


def baseline(*rows: dict[str, Any]) -> Projection:
    tables = {"Coal_units": UNITS, "Fuels": FUELS}
    if rows:
        tables["Measurements"] = pd.DataFrame(list(rows))
    return project_fleet(fleet_from_tables(tables), base_year=2024)


def applied(projection: Projection, action: str, target: str) -> AppliedScenario:
    measure = Measure.model_validate({"action": action, "target": target, "from_year": 2030})
    return apply_scenario(projection, Scenario(name="test"), [(0, measure)])


def ratio(one: AppliedScenario, index: int) -> float:
    """Return the emission of 2031 over that of 2025."""
    return float(one.yearly_kg[index, 7] / one.yearly_kg[index, 1])


def test_the_coal_of_a_plant_stays_measured_behind_a_new_device() -> None:
    plain, measured = baseline(), baseline(ANALYSIS)
    assert measured.yearly_kg[0, 1] > 1.5 * plain.yearly_kg[0, 1]
    assert ratio(applied(measured, "add_control", "wFGD"), 0) == pytest.approx(
        ratio(applied(plain, "add_control", "wFGD"), 0)
    )


def test_another_coal_is_not_that_which_was_measured() -> None:
    switched = [applied(baseline(*rows), "switch_coal", "LOW").yearly_kg[0, 7] for rows in ((), (ANALYSIS,))]
    assert switched[0] == pytest.approx(switched[1])


def test_a_device_takes_its_share_of_what_passed_at_the_stack_test() -> None:
    good = {**TEST, "quantity": "removal", "value": 0.9, "unit": "1", "uncertainty": 0.001}
    one = applied(baseline(good), "add_control", "wFGD")
    (point,) = one.baseline.projection.measured
    # 0.1 passes, known to 0.9 % (0.001 of 0.9 is 0.009 of 0.1); a year at a stack varies by 0.40
    part = point.predicted_ln_sd**2 / (point.predicted_ln_sd**2 + 0.009**2 + 0.4**2)
    passing = (1 - point.predicted) ** (1 - part) * 0.1**part
    assert one.baseline.projection.units.loc["A1", "removal"] == pytest.approx(1 - passing, rel=1e-3)
    assert ratio(one, 1) < 0.9  # nothing was measured there
    assert ratio(one, 0) == pytest.approx(ratio(one, 1))


@pytest.mark.parametrize("rows", [(TEST,), (TEST, ANALYSIS)])
def test_what_a_scenario_avoids_is_paired_with_the_measured_draws(rows: tuple[dict[str, Any], ...]) -> None:
    """The error of the test acts on the unit before and after: what is avoided is about as sure as the removals."""
    one = applied(baseline(*rows), "add_control", "wFGD")
    changed = [index for index in one.changed() if index == 0]
    given = scenario_input(one, changed)
    drawn = run_numpy(given, 4000, 1).life_sums
    central = float(one.baseline.projection.yearly_kg[0].sum() - one.yearly_kg[0].sum())
    avoided = drawn[0] - drawn[1]
    assert avoided.mean() == pytest.approx(central, rel=0.03)
    assert (avoided >= -1e-6 * drawn[0]).all()  # noise is kept in float32
    assert np.corrcoef(drawn[0], drawn[1])[0, 1] > 0.5


KILN = {"country": "IDN", "clinker_capacity": 1.5e6, "start_year": 2015, "kiln_type": "precalciner", "controls": "ESP"}
CHANGES = ({"action": "add_control", "target": "ACI-FF"}, {"action": "bleed_dust", "value": 0.5})


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("words", ["{tier} from {basis}", "{basis}: {tier}"])
def test_devices_act_on_the_measured_emission_of_a_kiln(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(kiln_sector, "METHOD", words)  # the text is for people: nothing reads it
    kilns = pd.DataFrame([{**KILN, "unit_id": "K1"}, {**KILN, "unit_id": "K2", "measured_air": 40.0}])
    projection = project_fleet(fleet_from_tables({"Cement_kilns": kilns}), base_year=2024)
    assert projection.units.loc["K2", "air_kg_per_yr"] == 40.0
    measure = Measure.model_validate({**change, "from_year": 2030})
    one = apply_scenario(projection, Scenario(name="test"), [(0, measure)])
    assert ratio(one, 0) < 0.5
    assert ratio(one, 1) == pytest.approx(ratio(one, 0))
    before = apply_scenario(projection, Scenario(name="nothing"), ())
    assert one.pathways()["kg"].sum() == pytest.approx(before.pathways()["kg"].sum())


def test_limit_looks_at_the_measured_emission_behind_new_devices() -> None:
    kilns = pd.DataFrame([{**KILN, "unit_id": "K2", "measured_air": 40.0}])
    projection = project_fleet(fleet_from_tables({"Cement_kilns": kilns}), base_year=2024)
    limit = {"action": "emission_limit", "value": 12.0, "unit": "mg/t", "from_year": 2030}
    alone, both = (
        apply_scenario(projection, Scenario(name="t"), [(0, Measure.model_validate(m)) for m in measures])
        for measures in ([limit], [{**CHANGES[0], "from_year": 2028}, limit])
    )
    assert alone.plan["K2"]  # 40 kg over its clinker is above the limit
    assert both.infeasible == ()  # a tenth of it is not
    assert [change.measure.action for change in both.plan["K2"]] == ["add_control"]


def at_one_plant(sheet: str) -> Projection:
    """Return a plant of two alike units or kilns, the first of which was tested: it emits more than expected."""
    if sheet == "Coal_units":
        units, test = UNITS.assign(plant="A", unit=["1", "2"]), TEST
    else:
        units = pd.DataFrame([{**KILN, "unit_id": unit, "plant": "A", "unit": unit} for unit in ("A1", "A2")])
        test = {**TEST, "quantity": "hg_yearly", "value": 400.0, "unit": "kg/yr"}
    return project_fleet(fleet_from_tables({sheet: units, "Measurements": pd.DataFrame([test])}), base_year=2024)


@pytest.mark.parametrize(("sheet", "device"), [("Coal_units", "wFGD"), ("Cement_kilns", "ACI-FF")])
def test_a_device_takes_its_share_of_what_the_test_says_of_the_other_unit(sheet: str, device: str) -> None:
    one = applied(at_one_plant(sheet), "add_control", device)
    assert ratio(one, 0) < 0.9
    assert ratio(one, 1) == pytest.approx(ratio(one, 0), rel=0.01)


def test_a_change_without_a_device_keeps_what_the_test_says_of_the_other_unit() -> None:
    projection = at_one_plant("Coal_units")
    measure = Measure.model_validate({"action": "set_capacity_factor", "value": 0.3, "from_year": 2030})
    one = apply_scenario(projection, Scenario(name="test"), [(0, measure)])
    assert ratio(one, 0) < 1.0
    assert ratio(one, 1) == pytest.approx(ratio(one, 0))
