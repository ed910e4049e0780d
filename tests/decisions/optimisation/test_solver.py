"""The frontier against brute force, the exact plan against the frontier and greedy, and what rules do to them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hginventory.decisions.optimisation.abatement_curve import greedy, least_cost_frontier
from hginventory.decisions.optimisation.build_up import scarce, yearly_limits
from hginventory.decisions.optimisation.solver import GAP, least_cost, most_gain, problem_of
from hginventory.decisions.optimisation.steps_by_unit import worth_asking
from hginventory.decisions.options.step_table import StepTable, plain_steps
from hginventory.errors import UsageError

INFEASIBLE = 2  # status of linprog
GAINS = st.integers(1, 40).map(float)
COSTS = st.integers(-5, 60).map(float)
STEP = st.tuples(st.integers(0, 3), GAINS, COSTS, st.integers(2027, 2029))
SMALL = st.lists(STEP, min_size=1, max_size=9)


def of(rows: list[tuple[int, float, float, int]]) -> StepTable:
    unit, gain, cost, year = (np.array(column) for column in zip(*rows, strict=True))
    return plain_steps(unit, gain, cost, year)


def plans(own: StepTable, per_year: int | None = None) -> list[tuple[float, float, float]]:
    """Return gain, cost and spending of every plan there is, by trying all of them."""
    by_unit = [[-1, *np.flatnonzero(own.unit == unit)] for unit in np.unique(own.unit)]
    out = []
    for picked in product(*by_unit):
        taken = np.array([row for row in picked if row >= 0], dtype=int)
        if (
            per_year is not None
            and taken.size
            and np.unique(own.start_year[taken], return_counts=True)[1].max() > per_year
        ):
            continue
        spent = np.maximum(own.cost[taken], 0.0).sum()
        out.append((float(own.avoided[taken].sum()), float(own.cost[taken].sum()), float(spent)))
    return out


def taken_rows(own: StepTable) -> list[np.ndarray]:
    """Return the rows of every plan there is."""
    by_unit = [[-1, *np.flatnonzero(own.unit == unit)] for unit in np.unique(own.unit)]
    return [np.array([row for row in picked if row >= 0], dtype=int) for picked in product(*by_unit)]


def lower_hull(points: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Return the corners of the lower right hull, from the least cost (of equal cost, the largest gain) on."""
    hull: list[tuple[float, float]] = []
    start = min((cost, -gain) for gain, cost, _ in points)
    rest = sorted((gain, cost) for gain, cost, _ in points if gain >= -start[1])
    for gain, cost in rest:
        if hull and hull[-1][0] == gain:
            continue
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], (gain, cost)):
            hull.pop()
        hull.append((gain, cost))
    return hull


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) >= (c[1] - b[1]) * (b[0] - a[0])


@settings(deadline=None)
@given(SMALL)
def test_frontier_has_the_corners_of_the_hull_of_all_plans(rows: list[tuple[int, float, float, int]]) -> None:
    own = of(rows)
    frontier = least_cost_frontier(own)
    mine = list(zip(frontier.gain.tolist(), frontier.cost.tolist(), strict=True))
    for corner in lower_hull(plans(own)):
        assert any(vertex == pytest.approx(corner, abs=1e-9) for vertex in mine)
    for gain, cost in mine:  # a vertex on an edge of the hull is no corner; it is on the hull all the same
        assert cost == pytest.approx(frontier.bound(gain), abs=1e-9)
        assert not any(other < cost - 1e-9 for more, other, _ in plans(own) if more >= gain - 1e-9)


@settings(deadline=None)
@given(SMALL)
def test_frontier_is_monotone_and_its_plans_are_what_it_says(rows: list[tuple[int, float, float, int]]) -> None:
    own = of(rows)
    frontier = least_cost_frontier(own)
    assert (np.diff(frontier.gain) > 0).all()
    assert (np.diff(frontier.cost) > 0).all()
    assert (np.diff(frontier.slope) >= 0).all()
    for vertex in range(frontier.gain.size):
        chosen = frontier.plan(vertex)
        assert np.unique(own.unit[chosen]).size == chosen.size
        assert own.avoided[chosen].sum() == pytest.approx(frontier.gain[vertex])
        assert own.cost[chosen].sum() == pytest.approx(frontier.cost[vertex], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(SMALL, st.floats(0.05, 1.0), st.sampled_from([None, 1, 2]))
def test_least_cost_is_that_of_brute_force(
    rows: list[tuple[int, float, float, int]], share: float, per_year: int | None
) -> None:
    own, all_plans = of(rows), plans(of(rows), per_year)
    wanted = share * max(gain for gain, _, _ in all_plans)
    found = least_cost(own, wanted, per_year=per_year, gap=1e-9)
    assert found is not None
    assert found.gain >= wanted * (1 - 1e-8)
    assert np.unique(own.unit[found.chosen]).size == found.chosen.size
    assert found.cost == pytest.approx(min(c for g, c, _ in all_plans if g >= wanted * (1 - 1e-8)), abs=1e-6)
    assert least_cost(own, max(gain for gain, _, _ in all_plans) + 0.5, per_year=per_year) is None


@settings(max_examples=40, deadline=None)
@given(SMALL, st.integers(0, 150).map(float), st.sampled_from([None, 1]))
def test_most_gain_is_that_of_brute_force(
    rows: list[tuple[int, float, float, int]], budget: float, per_year: int | None
) -> None:
    own = of(rows)
    found = most_gain(own, budget, per_year=per_year, gap=1e-9)
    best = max(gain for gain, _, spent in plans(own, per_year) if spent <= budget)
    assert found.gain == pytest.approx(best, abs=1e-6)
    assert np.maximum(own.cost[found.chosen], 0.0).sum() <= budget * (1 + 1e-8)


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_budget_of_nothing_takes_only_what_is_free(rows: list[tuple[int, float, float, int]]) -> None:
    own = of(rows)
    chosen = most_gain(own, 0.0, gap=1e-9).chosen
    assert (own.cost[chosen] <= 0).all()
    free = {int(unit) for unit, cost in zip(own.unit, own.cost, strict=True) if cost <= 0}
    assert {int(unit) for unit in own.unit[chosen]} == free


@settings(max_examples=40, deadline=None)
@given(SMALL)
def test_what_saves_money_is_always_taken(rows: list[tuple[int, float, float, int]]) -> None:
    own = of(rows)
    found = least_cost(own, 0.0, gap=1e-9)
    assert found is not None
    assert found.cost == pytest.approx(sum(min(0.0, own.cost[own.unit == u].min()) for u in np.unique(own.unit)))


@settings(max_examples=30, deadline=None)
@given(SMALL, STEP, st.floats(0.1, 0.9))
def test_another_option_never_raises_the_cost(
    rows: list[tuple[int, float, float, int]], more: tuple[int, float, float, int], share: float
) -> None:
    wanted = share * max(gain for gain, _, _ in plans(of(rows)))
    before, after = (least_cost(of(given), wanted, gap=1e-9) for given in (rows, [*rows, more]))
    assert before is not None
    assert after is not None
    assert after.cost <= before.cost + 1e-6


@settings(max_examples=40, deadline=None)
@given(SMALL, st.booleans())
def test_what_is_not_worth_asking_is_in_no_better_plan(
    rows: list[tuple[int, float, float, int]], by_year: bool
) -> None:
    own = of(rows)
    per_year = 1 if by_year else None
    kept = own.taken(worth_asking(own, scarce(own, per_year, None)))
    for wanted in {gain for gain, _, _ in plans(own, per_year)}:
        least = [min(c for g, c, _ in plans(some, per_year) if g >= wanted) for some in (own, kept)]
        assert least[0] == pytest.approx(least[1])


def fleet(units: int, options: int, years: int = 1, seed: int = 1) -> StepTable:
    """Return steps as a fleet has them: few large units, returns that fall with what is taken out."""
    random = np.random.default_rng(seed)
    size = random.lognormal(3.0, 1.2, (units, 1))
    share = random.uniform(0.05, 0.95, (units, options))
    cost = size**0.7 * share**2 * random.lognormal(11.0, 0.6, (units, options))
    cost[:, 0] *= np.where(random.random(units) < 0.1, -1.0, 1.0)
    left = random.integers(3, 35, (units, 1, 1))
    years_left = np.maximum(left + 10 - np.arange(years), 1)
    gain, paid = (table[:, :, None] * years_left for table in (size * share, cost))
    unit = np.broadcast_to(np.arange(units)[:, None, None], gain.shape)
    year = np.broadcast_to(np.arange(years), gain.shape)
    return plain_steps(unit.ravel(), gain.ravel(), paid.ravel(), year.ravel())


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_exact_plan_lies_between_frontier_and_greedy(share: float) -> None:
    own = fleet(120, 8)
    frontier = least_cost_frontier(own)
    wanted = share * frontier.gain[-1]
    found = least_cost(own, wanted)
    simple = own.cost[greedy(own, least_gain=wanted)]
    assert found is not None
    assert found.gap <= GAP
    moved = np.abs(own.cost[found.chosen]).sum()
    assert frontier.bound(wanted) <= found.cost + 1e-6
    assert found.cost <= simple.sum() + GAP * moved
    assert found.cost <= frontier.cost[frontier.vertex_for(wanted)] + GAP * moved


@pytest.mark.parametrize("seed", [1, 2])
def test_exact_plan_never_beats_the_frontier_at_its_vertices(seed: int) -> None:
    own = fleet(60, 6, seed=seed)
    frontier = least_cost_frontier(own)
    for vertex in range(1, frontier.gain.size, 40):
        found = least_cost(own, float(frontier.gain[vertex]), gap=1e-6)
        assert found is not None
        assert found.cost >= frontier.cost[vertex] - 1e-6 * np.abs(own.cost[found.chosen]).sum()


def test_few_retrofits_a_year_hold_and_cost_more() -> None:
    own = fleet(60, 5, years=6)
    wanted = 0.5 * most_gain(own, per_year=8).gain
    free, bound = least_cost(own, wanted), least_cost(own, wanted, per_year=8)
    assert free is not None
    assert bound is not None
    assert np.unique(own.start_year[free.chosen], return_counts=True)[1].max() > 8  # so that the rule binds
    assert np.unique(own.start_year[bound.chosen], return_counts=True)[1].max() <= 8
    assert bound.cost > free.cost
    slow = greedy(own, least_gain=wanted, per_year=8)
    assert np.unique(own.start_year[slow], return_counts=True)[1].max() <= 8
    assert own.avoided[slow].sum() < wanted or own.cost[slow].sum() >= bound.cost - GAP * np.abs(own.cost[slow]).sum()


def test_solver_writes_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    own = fleet(80, 6, years=5)
    assert least_cost(own, 0.5 * most_gain(own, per_year=12).gain, per_year=12) is not None
    assert capfd.readouterr().out == ""


@settings(deadline=None)
@given(SMALL, st.integers(1, 4), st.floats(0.1, 1.0), st.integers(0, 60))
def test_a_plan_keeps_to_a_number_of_units(
    rows: list[tuple[int, float, float, int]], most: int, share: float, budget: int
) -> None:
    own = of(rows)
    allowed = [taken for taken in taken_rows(own) if taken.size <= most]
    gains = [float(own.avoided[taken].sum()) for taken in allowed]
    costs = [float(own.cost[taken].sum()) for taken in allowed]
    spent = [float(np.maximum(own.cost[taken], 0.0).sum()) for taken in allowed]
    wanted = share * max(gains)
    found = least_cost(own, wanted, most_units=most, gap=1e-9)
    assert found is not None
    assert found.chosen.size <= most
    assert found.cost == pytest.approx(min(c for c, g in zip(costs, gains, strict=True) if g >= wanted), abs=1e-6)
    gained = most_gain(own, float(budget), most_units=most, gap=1e-9)
    assert gained.chosen.size <= most
    assert gained.gain == pytest.approx(max(g for g, s in zip(gains, spent, strict=True) if s <= budget), abs=1e-6)
    assert greedy(own, least_gain=wanted, most_units=most).size <= most
    assert least_cost(own, max(gains) + 0.5, most_units=most) is None


@settings(deadline=None)
@given(SMALL, st.floats(0.1, 1.0), st.integers(0, 60))
def test_all_units_are_no_limit(rows: list[tuple[int, float, float, int]], share: float, budget: int) -> None:
    own = of(rows)
    count = int(np.unique(own.unit).size)
    wanted = share * most_gain(own, gap=1e-9).gain
    free, held = (least_cost(own, wanted, most_units=most, gap=1e-9) for most in (None, count))
    assert free is not None
    assert held is not None
    assert held.cost == pytest.approx(free.cost, abs=1e-6)
    free, held = (most_gain(own, float(budget), most_units=most, gap=1e-9) for most in (None, count))
    assert held.gain == pytest.approx(free.gain, abs=1e-6)


@settings(deadline=None)
@given(SMALL, st.integers(-10, 60))
def test_net_budget_lets_savings_pay(rows: list[tuple[int, float, float, int]], budget: int) -> None:
    own = of(rows)
    fitting = [gain for gain, cost, _ in plans(own) if cost <= budget]
    if not fitting:
        with pytest.raises(UsageError, match="budget"):
            most_gain(own, float(budget), net=True, gap=1e-9)
        return
    assert most_gain(own, float(budget), net=True, gap=1e-9).gain == pytest.approx(max(fitting), abs=1e-6)


@settings(deadline=None)
@given(SMALL, st.floats(0.05, 1.1), st.integers(0, 80), st.integers(1, 4))
def test_relaxation_is_that_of_linear_programming(
    rows: list[tuple[int, float, float, int]], share: float, budget: int, most_units: int
) -> None:
    own = of(rows)
    wanted = share * most_gain(own, gap=1e-9).gain
    upper = np.vstack([own.unit[None, :] == np.unique(own.unit)[:, None], np.ones(own.size)]).astype(float)
    most = np.append(np.ones(upper.shape[0] - 1), most_units)
    none = yearly_limits(own, None, None)
    for objective, sums, high in ((own.cost, -own.avoided, -wanted), (-own.avoided, own.cost, float(budget))):
        linear = linprog(objective, A_ub=np.vstack([upper, sums]), b_ub=np.append(most, high))
        shared = [(np.ones(own.size), float(most_units)), (sums, high)]
        found = problem_of(own, objective, shared, none).relaxed(1e-9)
        assert (found is None) == (linear.status == INFEASIBLE)
        if found is None:
            continue
        assert found.bound == pytest.approx(linear.fun, abs=1e-5)
        allowed = [t for t in taken_rows(own) if np.size(own.avoided[t]) <= most_units and sums[t].sum() <= high]
        assert_bounds((found.bound, found.reduced), objective, allowed)


def assert_bounds(found: tuple[float, np.ndarray], objective: np.ndarray, allowed: list[np.ndarray]) -> None:
    """Hold that a plan is not below the bound and what the worst of its steps adds to it."""
    bound, reduced = found
    for taken in allowed:
        worst = float(reduced[taken].max(initial=0.0))
        assert float(objective[taken].sum()) >= bound + worst - 1e-5
