"""Units that keep a limit, where some factors are known: what is expected agrees with the draws."""

from dataclasses import replace

import numpy as np
import pytest

from hginventory.decisions.measuring.plan_variance import plan_sensitivity
from hginventory.decisions.optimisation import FleetDraws
from hginventory.decisions.optimisation.goals import Goal
from hginventory.decisions.scenarios import apply_scenario, avoided_in_draws
from hginventory.ensemble import NO_TABLE, NormalStore, Revealed, row_values
from hginventory.scenarios import Measure, Scenario
from hginventory.uncertainty import UncertainFactorFinder, assemble, project_complying
from tests.uncertainty.test_limit_cuts import LIMITED, TRAINS, coal_fleet

DRAWS = 200_000


@pytest.fixture(scope="module", name="cut")
def _cut():
    return project_complying(coal_fleet())


def streams_of(projection, given, unit, families):
    """Return the streams of the factors of some families of a unit."""
    index = projection.units.index.get_loc(unit)
    row = int(given.rate_row[index])
    found = [one.family for one in UncertainFactorFinder(projection).of_unit(index)]
    slots = [slot for slot, family in enumerate(found) if family in families]
    streams, used = given.rows.stream[row, slots], given.rows.weight[row, slots] > 0
    return np.unique(streams[used])


@pytest.mark.parametrize("families", [("hg_coal",), ("removal",), ("activity",), ("hg_coal", "removal", "activity")])
@pytest.mark.parametrize("unit", LIMITED)
def test_what_is_expected_where_factors_are_known_is_the_mean_of_such_draws(cut, unit, families):
    given = assemble(cut, {}, {}, top=1, lifetime_spread=0.0)
    streams, index = streams_of(cut, given, unit, families), cut.units.index.get_loc(unit)
    if not streams.size:
        pytest.skip("a unit without controls has no removal")
    known = Revealed(given, streams, [index])
    store = NormalStore(np.unique(given.rows.stream[given.rows.weight > 0]), 5, DRAWS)
    expected = known.amounts(store)[index]
    rows = np.flatnonzero(given.rows.unit == index)
    years = (given.rows.end - given.rows.first)[rows]
    drawn = years @ row_values(given, slice(rows[0], rows[-1] + 1), store)
    assert expected.mean() == pytest.approx(drawn.mean(), rel=0.02)
    order = np.argsort(expected, kind="stable")
    for part in np.array_split(order, 5):  # by fifths of what is expected
        error = drawn[part].std() / part.size**0.5
        assert expected[part].mean() == pytest.approx(drawn[part].mean(), abs=0.05 * drawn.mean() + 5.0 * error)


@pytest.mark.parametrize("unit", LIMITED)
def test_less_is_learnt_of_a_rate_that_is_cut(cut, unit):
    given = assemble(cut, {}, {}, top=1, lifetime_spread=0.0)
    free = replace(given, cuts=None)
    index = cut.units.index.get_loc(unit)
    streams = streams_of(cut, given, unit, ("hg_coal",))
    less, more = (Revealed(one, streams, [index]).log_sd for one in (given, free))
    assert 0.0 < less < more
    activity = streams_of(cut, given, unit, ("activity",))
    same = [Revealed(one, activity, [index]).log_sd for one in (given, free)]
    assert same[0] == same[1] > 0.0  # how much it runs is outside the rate
    assert (given.rows.table[given.rate_row[index]] != NO_TABLE).any()


def plan_of(cut, *measures):
    scenario = Scenario(name="plan", measure=tuple(Measure(from_year=2028, **one) for one in measures))
    return apply_scenario(cut, scenario, list(enumerate(scenario.measure)))


PLANS = {
    "carbon": [{"action": "add_control", "target": "ACI"}],
    "other train": [{"action": "replace_controls", "target": "SCR+FF+wFGD"}],
    "washed": [{"action": "wash_coal", "value": 0.5, "where": "unit_id in ('A1', 'B1', 'C1')"}],
    "one unit": [{"action": "add_control", "target": "wFGD", "where": "unit_id == 'A1'"}],
    "worse": [{"action": "replace_controls", "target": "ESPc", "where": "unit_id == 'B1'"}],
}


@pytest.mark.parametrize("name", PLANS)
def test_the_variance_of_a_plan_is_that_of_its_draws(cut, name):
    plan = plan_of(cut, *PLANS[name])
    found = plan_sensitivity(plan, draws=1000, seed=4)
    drawn = avoided_in_draws([plan], 20_000, 9)[0].life
    central = cut.yearly_kg.sum() - plan.yearly_kg.sum()
    error = drawn.std() / 2000**0.5
    assert found.mean_kg == pytest.approx(central, abs=5.0 * error)
    assert found.sd_kg == pytest.approx(drawn.std(), rel=0.25)
    assert found.table["alone"].sum() == pytest.approx(1.0)
    if name == "one unit":  # held to the unit as it is: no draw of the plan adds to emissions
        assert drawn.min() >= 0.0


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_over_the_draws_of_the_fleet_is_that_of_paired_draws(cut, name):
    plan = plan_of(cut, *PLANS[name])
    fleet = FleetDraws.of(cut, 2000, 4)
    drawn = avoided_in_draws([plan], 2000, 4)[0]
    by_year = fleet.avoided(plan, Goal("share", 0.3, 2035))
    assert np.array_equal(by_year, drawn.yearly[2035 - 2026])
    central = cut.yearly_kg[:, 9].sum() - plan.yearly_kg[:, 9].sum()
    assert by_year.mean() == pytest.approx(central, abs=5.0 * by_year.std() / 2000**0.5)
    assert list(TRAINS) == list(cut.units.index)
