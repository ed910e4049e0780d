"""Years of a plan by hand: the target year, centrally and in draws, and what a step counts by its first year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hginventory.decisions.optimisation.available_steps import steps_at_units
from hginventory.decisions.optimisation.dated_steps import by_start_year, to_the_end
from hginventory.decisions.optimisation.goals import Goal, Rules, emission_in, make_goal
from hginventory.decisions.optimisation.robustness import FleetDraws
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.step_table import StepTable
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet
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


NORMAL = 0.5  # capacity factor of all other years, of which a full year of a step is
LEFT_BY_YEAR = {  # capacity factors from a year to 2049 over that of a normal year
    2034: (0.4 + 0.6 + 0.3 + 13 * NORMAL) / NORMAL,  # 15.6
    2035: (0.6 + 0.3 + 13 * NORMAL) / NORMAL,  # 14.8
    2036: (0.3 + 13 * NORMAL) / NORMAL,  # 13.6
    2049: 1.0,
}


def steps_of(projection: Projection, goal: Goal) -> tuple[StepTable, StepTable]:
    """Return the steps of the unit as made, and in every year that a goal allows."""
    catalogue = Catalogue(projection)
    made = steps_at_units(catalogue, Rules())
    return made, by_start_year(made, catalogue, goal, Rules())


def by_step(steps: StepTable, values: np.ndarray, year: int) -> dict[int, float]:
    own = steps.start_year == year
    return dict(zip(steps.step[own].tolist(), values[own].tolist(), strict=True))


def test_mercury_to_the_end_of_life_counts_from_the_first_year_of_a_step(projection: Projection) -> None:
    made, dated = steps_of(projection, make_goal(projection, target_kg=1.0, by=2060))
    full = dict(zip(made.step.tolist(), made.avoided.tolist(), strict=True))
    for year, times in LEFT_BY_YEAR.items():
        found = by_step(dated, dated.avoided, year)
        assert found == pytest.approx({step: times * full[step] for step in full})
    assert dated.start_year.max() == 2049  # the unit closes at the end of that year


@pytest.mark.parametrize("asked", [{"target_kg": 1.0}, {"target": "20%"}, {"budget": 1e9}, {"budget_total": 1e9}])
def test_a_step_costs_the_present_value_of_all_its_years(projection: Projection, asked: dict[str, Any]) -> None:
    """At 7 % a year: from 2029 on 21 years, capital over 20; from 2040 on ten, from 2049 on one; year by year."""
    made, dated = steps_of(projection, make_goal(projection, **asked, by=2049))
    for start, life in ((2029, 20), (2040, 10), (2049, 1)):
        repaid = 0.07 / (1 - 1.07**-life)
        worth = sum(1.07 ** -(year - 2026 + 1) for year in range(start, 2050))
        cost = dict(zip(made.step.tolist(), (worth * (repaid * made.capital + made.operation)).tolist(), strict=True))
        assert by_step(dated, dated.cost, start) == pytest.approx(cost)


def test_mercury_of_one_year_and_to_the_end_of_life_are_both_known(projection: Projection) -> None:
    goal = make_goal(projection, target="20%", by=2036)
    made, dated = steps_of(projection, goal)
    full = dict(zip(made.step.tolist(), made.avoided.tolist(), strict=True))
    left = to_the_end(dated, projection, goal)
    for year, times in LEFT_BY_YEAR.items():
        if year <= goal.by:
            assert by_step(dated, left, year) == pytest.approx({step: times * full[step] for step in full})
            assert by_step(dated, dated.avoided, year) == pytest.approx({step: 0.6 * full[step] for step in full})


def test_closure_is_offered_from_the_year_after_the_base_year_and_costs_its_capital_over_twenty_years(
    projection: Projection,
) -> None:
    """600 MW at 1000 USD/kW are 600 million USD."""
    steps = steps_at_units(Catalogue(projection), Rules(closure_usd_per_kw=1000.0))
    [row] = np.flatnonzero(steps.closes)
    assert steps.start_year[row] == 2027
    assert steps.capital[row] == pytest.approx(600e6)
    assert steps.cost[row] == pytest.approx(600e6 * 0.07 / (1 - 1.07**-20))
