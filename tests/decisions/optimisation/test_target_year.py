"""The year of a target is the calendar year asked for: in the need, in what a plan avoids, and in the draws of both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hginventory.decisions.optimisation.goals import emission_in, make_goal
from hginventory.decisions.optimisation.robustness import FleetDraws
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection.project import Projection, project_fleet
from hginventory.scenarios import Measure, Scenario

UNIT: dict[str, Any] = {
    "unit_id": "A1", "plant": "P1", "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0,
    "net_efficiency": 0.37, "calorific_value": 19.0, "cv_basis": "net as received", "boiler": "PC",
    "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
}  # fmt: skip
RUNNING = {2026: 0.5, 2034: 0.4, 2035: 0.6, 2036: 0.3}  # capacity factors; 0.5 in all other years


@pytest.fixture(scope="module")
def projection() -> Projection:
    sheet = pd.DataFrame({"unit_id": "A1", "year": list(RUNNING), "variable": "capacity_factor", "unit": "1",
                          "value": list(RUNNING.values())})  # fmt: skip
    return project_fleet(fleet_from_tables({"Coal_units": pd.DataFrame([UNIT]), "Activity": sheet}), base_year=2026)


@pytest.mark.parametrize(
    ("by", "of_base_year", "need", "avoided"),
    [
        # Over the emission of the base year, at 0.5. The target asks for 0.2 of the year, the plan washes 0.25 out.
        (2034, False, 0.2 * 0.4 / 0.5, 0.25 * 0.4 / 0.5),  # 0.16 and 0.20
        (2035, False, 0.2 * 0.6 / 0.5, 0.25 * 0.6 / 0.5),  # 0.24 and 0.30
        (2036, False, 0.2 * 0.3 / 0.5, 0.25 * 0.3 / 0.5),  # 0.12 and 0.15
        (2035, True, 0.6 / 0.5 - 0.8, 0.25 * 0.6 / 0.5),  # 1.2 less the 0.8 of the base year that may stay: 0.40
        (2036, True, 0.0, 0.25 * 0.3 / 0.5),  # 0.6 is less than 0.8 already
    ],
)
def test_need_and_gain_of_each_draw_are_those_of_the_target_year(
    projection: Projection, by: int, of_base_year: bool, need: float, avoided: float
) -> None:
    goal = make_goal(projection, target="20%", by=by, of_base_year=of_base_year)
    base = emission_in(projection, 2026)
    assert emission_in(projection, by) == pytest.approx(base * RUNNING[by] / RUNNING[2026])
    fleet = FleetDraws.of(projection, 50, 1)
    measure = Measure(action="wash_coal", value=0.25, from_year=2027)
    plan = apply_scenario(projection, Scenario(name="plan"), [(0, measure)])
    assert np.ptp(fleet.yearly[0]) > 0.1 * base  # the draws differ
    np.testing.assert_allclose(fleet.needed(goal), need * fleet.yearly[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(fleet.avoided(plan, goal), avoided * fleet.yearly[0], rtol=1e-6)


def test_a_plan_avoids_over_life_what_it_avoids_in_all_years(projection: Projection) -> None:
    """Washed from 2027 to 2049: 20 years at 0.5, and 0.4 + 0.6 + 0.3 = 11.3; 0.25 of it over 0.5 is 5.65 base years."""
    goal, fleet = make_goal(projection, target_kg=1.0), FleetDraws.of(projection, 50, 1)
    measure = Measure(action="wash_coal", value=0.25, from_year=2027)
    plan = apply_scenario(projection, Scenario(name="plan"), [(0, measure)])
    np.testing.assert_allclose(fleet.avoided(plan, goal), 5.65 * fleet.yearly[0], rtol=1e-6)
    assert (fleet.needed(goal) == 1.0).all()
