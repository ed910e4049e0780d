"""Scenarios that share the baseline give what each gives alone, unit by unit and draw by draw."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.limits.compliance import over_limit
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.chosen_steps import PAIRED
from hginventory.decisions.options.unit_option import UnitOption
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.compare import compare
from hginventory.decisions.scenarios.paired_draws import avoided_in_draws, scenario_input
from hginventory.ensemble.run import run_ensemble
from hginventory.errors import UsageError
from hginventory.model.emission_limits import limits_in_table
from hginventory.projection import Projection
from hginventory.scenarios.files import load_scenario, measures_of, shipped
from hginventory.scenarios.scenario import Measure, Scenario

DRAWS, SEED = 300, 5


@pytest.fixture(scope="module")
def projection() -> Projection:
    return hg.project("indonesia", where="capacity_mw >= 500", draws=0).projection


def applied(baseline: Projection | Baseline, name: str) -> AppliedScenario:
    scenario = load_scenario(name)
    return apply_scenario(baseline, scenario, measures_of(scenario)[0])


@pytest.fixture(scope="module")
def together(projection: Projection) -> list[AppliedScenario]:
    baseline = Baseline(projection)
    return [applied(baseline, name) for name in shipped() if not name.startswith("programme_")]  # of other countries


def test_each_scenario_is_what_it_is_alone(projection: Projection, together: list[AppliedScenario]) -> None:
    for one in together:
        alone = applied(projection, one.scenario.name)
        assert np.array_equal(one.yearly_kg, alone.yearly_kg)
        assert (one.chosen, one.infeasible, one.plan) == (alone.chosen, alone.infeasible, alone.plan)


def test_draws_of_all_at_once_are_those_of_each_ensemble(together: list[AppliedScenario]) -> None:
    changing = [one for one in together if one.changed()]
    assert len(changing) > 8
    for one, found in zip(changing, avoided_in_draws(changing, DRAWS, SEED), strict=True):
        drawn = run_ensemble(scenario_input(one, one.changed()), DRAWS, SEED)
        size = drawn.life_sums.max()
        np.testing.assert_allclose(found.life, drawn.life_sums[0] - drawn.life_sums[1], atol=1e-9 * size)
        np.testing.assert_allclose(found.yearly, drawn.yearly_sums[0] - drawn.yearly_sums[1], atol=1e-9 * size)


def test_draws_have_the_same_bits_whatever_is_drawn_beside(together: list[AppliedScenario]) -> None:
    for one, found in zip(together, avoided_in_draws(together, DRAWS, SEED), strict=True):
        (alone,) = avoided_in_draws([one], DRAWS, SEED)
        assert np.array_equal(found.yearly, alone.yearly)


def washed(baseline: Projection, name: str, share: float) -> AppliedScenario:
    measure = Measure(action="wash_coal", value=share, from_year=2030, where="sector == 'coal_power'")
    return apply_scenario(baseline, Scenario(name=name), [(0, measure)])


@pytest.mark.parametrize(
    ("shares", "p_best", "p_first_better"),
    [
        ({"a": 0.3, "b": 0.3, "c": 0.1}, [0.5, 0.5, 0], [0.5, 1, 1]),  # a and b avoid the same
        ({"a": 0.3, "b": 0.2, "c": 0.1}, [1, 0, 0], [1, 1, 1]),  # always three times and one and a half times as much
        ({"a": 0.1, "b": 0.1, "c": 0.3}, [0, 0, 1], [0.5, 0, 0]),
        ({"a": 0.3, "b": 0.3, "c": 0.3, "d": 0.3}, [0.25] * 4, [0.5] * 6),
        ({"a": 0.0, "b": 0.0}, [0.5, 0.5], [0.5]),  # also where nothing is avoided
        ({"a": 0.2}, [np.nan], []),  # alone it is the best of nothing
    ],
)
def test_scenarios_that_avoid_the_same_share_the_chance_to_be_best(
    projection: Projection, shares: dict[str, float], p_best: list[float], p_first_better: list[float]
) -> None:
    """Pairs in the order a and b, a and c, b and c; the chances of all sum to 1."""
    found = compare([washed(projection, name, share) for name, share in shares.items()], draws=20)
    np.testing.assert_array_equal(found.table["p_best"], p_best)
    assert found.pairs["p_first_better"].tolist() == p_first_better


def cheapest(projection: Projection, unit: str, cut_kg_per_yr: float) -> str | None:
    """Return the option that holds a limit at least cost, looked for at one unit with a catalogue of its own."""
    catalogue = Catalogue(projection)
    usable = [
        o for o in catalogue.of_unit(unit) if o.applies != "no" and o.cost is not None and o.avoided_kg_per_yr > 0
    ]
    enough = [o for o in usable if o.avoided_kg_per_yr >= cut_kg_per_yr]
    if not enough:
        pairs: list[UnitOption] = []
        for pair in combinations(sorted(usable, key=lambda o: -o.avoided_kg_per_yr)[:PAIRED], 2):
            try:
                pairs.append(catalogue.combined(unit, [o.option for o in pair]))
            except UsageError:
                continue
        enough = [o for o in pairs if o.applies != "no" and o.cost and o.avoided_kg_per_yr >= cut_kg_per_yr]
    best = min(enough, key=lambda o: (o.cost.per_year.value if o.cost else np.inf, o.option), default=None)
    return None if best is None else best.option


@pytest.mark.parametrize(("name", "country"), [("limit_eu", "EU"), ("limit_usa", "USA")])
def test_limit_gives_each_unit_its_cheapest_train(
    projection: Projection, together: list[AppliedScenario], name: str, country: str
) -> None:
    one = next(one for one in together if one.scenario.name == name)
    limits = [limit for limit in limits_in_table(projection.library, [country]) if not limit.only_where]
    target = one.measures[0].target.casefold()
    limits = [limit for limit in limits if f"{limit.country}/{limit.instrument}".casefold().startswith(target)]
    # Limits of one name, as per heat and per output, are alternatives: the easier one counts.
    names = dict.fromkeys(limit.name for limit in limits)
    either = [[over_limit(projection, limit) for limit in limits if limit.name == one] for one in names]
    ratio = np.fmax.reduce([np.fmin.reduce(ratios) for ratios in either])
    air = projection.units["air_kg_per_yr"].to_numpy()
    asked = np.flatnonzero(ratio > 1.0)
    assert len(asked) > 5
    for index in asked[::3]:
        unit = str(projection.units.index[index])
        expected = cheapest(projection, unit, air[index] * (1.0 - 1.0 / ratio[index]))
        given = ["+".join(change.measure.options) for change in one.plan.get(unit, ())]
        assert given == ([] if expected is None else [expected])
        assert (unit in one.infeasible) == (expected is None)
