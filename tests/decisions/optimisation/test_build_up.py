"""Build-up: how much starts in a year, by country and kind of step, and what a plan does with it."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
import scipy.optimize
from scipy.optimize import OptimizeResult

import hginventory as hg
from hginventory.decisions.optimisation import solver
from hginventory.decisions.optimisation.abatement_curve import greedy
from hginventory.decisions.optimisation.build_up import BuildUp, Room, build_up, yearly_limits
from hginventory.decisions.optimisation.goals import Rules, make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.optimisation.result import Plan
from hginventory.decisions.optimisation.solver import GAP, OPTIMAL, least_cost, most_gain
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.option_table import OptionTable
from hginventory.decisions.options.step_table import StepTable, plain_steps
from hginventory.errors import UnreachableTargetError, UsageError
from hginventory.factors.library import load_library

OPTIONS = OptionTable(load_library()).options


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(hg.project("indonesia", where="capacity_gross_mw >= 300", draws=0).projection)


def started(plan: Plan, catalogue: Catalogue) -> dict[tuple[str, int], list[float]]:
    """Return the capacities of what starts, by kind and year [MW]."""
    out: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in plan.table.to_dict("records"):
        kinds = frozenset().union(*(OPTIONS[code].build for code in str(row["option"]).split("+")))
        for kind in kinds:
            out[kind, int(row["year"])].append(catalogue.state.of(str(row["unit_id"])).capacity_mw)
    return out


@pytest.mark.parametrize("rate", [0.3, 1.0, 2.5, 4.0, 50.0])
def test_what_starts_in_a_year_stays_within_the_rate(catalogue: Catalogue, rate: float) -> None:
    goal = make_goal(catalogue.projection, target="15%", by=2036)
    plan = make_plan(catalogue, goal, Rules(build_rate={"injection": rate}))
    largest = max(unit.capacity_mw for unit in catalogue.state.units)
    for (kind, _), capacities in started(plan, catalogue).items():
        if kind == "injection":
            assert sum(capacities) <= max(rate * 1e3, largest) * (1 + 1e-6)
    assert (plan.starts["capacity_mw"] > 0).all()
    assert plan.starts["retrofits"].sum() == plan.summary["retrofits"]


def test_the_default_holds_without_a_word_and_is_told(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, make_goal(catalogue.projection, target="40%", by=2035))
    pace = build_up(catalogue, {})
    assert pace is not None
    rates = {rate.kind: rate for rate in pace.rates}
    largest = max(unit.capacity_mw for unit in catalogue.state.units)
    for (kind, _), capacities in started(plan, catalogue).items():
        if kind in rates:
            assert sum(capacities) <= max(rates[kind].gw_per_yr * 1e3, largest) * (1 + 1e-6)
    assert "estimated from the capacity of the fleet" in plan.summary["build_up"]


@pytest.mark.parametrize(
    ("rules", "said"), [(Rules(build_rate=None), "no limit"), (Rules(build_rate={"scr": 1.0}), "given")]
)
def test_the_build_up_can_be_set_and_left_out(catalogue: Catalogue, rules: Rules, said: str) -> None:
    plan = make_plan(catalogue, make_goal(catalogue.projection, target="20%", by=2035), rules)
    assert said in plan.summary["build_up"]


def test_a_target_that_is_too_fast_names_the_build_up(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target="50%", by=2029)
    slow = Rules(build_rate=dict.fromkeys(("injection", "plant"), 0.1))
    make_plan(catalogue, goal, Rules(build_rate=None))
    with pytest.raises(UnreachableTargetError, match="`build_rate` binds"):
        make_plan(catalogue, goal, slow)


@pytest.mark.parametrize(
    ("country", "kind", "expected"),
    [("USA", "injection", 38.3), ("USA", "scr", 28.5), ("IND", "scrubber", 3.0), ("CHN", "scrubber", 70.0)],
)
def test_countries_with_a_rate_of_their_own_have_it(country: str, kind: str, expected: float) -> None:
    pace = build_up(Catalogue(hg.project(country, draws=0).projection), {})
    assert pace is not None
    (rate,) = [rate for rate in pace.rates if rate.kind == kind]
    assert (rate.gw_per_yr, rate.origin) == (expected, country)


def test_other_countries_have_the_share_of_their_own_fleet(catalogue: Catalogue) -> None:
    pace = build_up(catalogue, {})
    assert pace is not None
    whole = sum(unit.capacity_mw for unit in catalogue.state.units if unit.runs) / 1e3
    (rate,) = [rate for rate in pace.rates if rate.kind == "injection"]
    assert rate.gw_per_yr == pytest.approx(0.127 * whole)


@pytest.mark.parametrize("given", [{"kiln": 1.0}, {"scr": 0.0}, {"scr": -1.0}, {"scr": float("nan")}, {"none": 1.0}])
def test_what_cannot_be_a_rate_is_named(catalogue: Catalogue, given: dict[str, float]) -> None:
    with pytest.raises(UsageError) as caught:
        build_up(catalogue, given)
    assert caught.value.parameter == "build_rate"


def small(units: int, years: int, seed: int) -> tuple[StepTable, BuildUp]:
    """Return random steps of two kinds at units of two countries, and rates that bind."""
    random = np.random.default_rng(seed)
    unit, step, year = (one.ravel() for one in np.meshgrid(np.arange(units), [0, 1], np.arange(years), indexing="ij"))
    plain = plain_steps(unit, random.uniform(1.0, 5.0, unit.size), random.uniform(1.0, 9.0, unit.size), year)
    steps = replace(plain, steps=((OPTIONS["A2"],), (OPTIONS["C2"],)), step=step.astype(np.int32))
    mw = random.uniform(50.0, 300.0, units)
    return steps, BuildUp((), mw, np.arange(units) % 2, ("injection", "scrubber"), np.array([[350.0, 300.0]] * 2))


def holds(steps: StepTable, pace: BuildUp, chosen: np.ndarray) -> bool:
    used: dict[tuple[int, int, int], float] = defaultdict(float)
    for row in chosen.tolist():
        unit = int(steps.unit[row])
        used[int(pace.country[unit]), int(steps.step[row]), int(steps.start_year[row])] += float(pace.mw[unit])
    return all(amount <= pace.most[country, kind] * (1 + 1e-6) for (country, kind, _), amount in used.items())


def all_plans(steps: StepTable, pace: BuildUp) -> list[np.ndarray]:
    """Return every plan within the rates, by trying everything."""
    rows = [np.flatnonzero(steps.unit == unit).tolist() for unit in range(int(steps.unit.max()) + 1)]
    plans, stack = [], [(0, list[int]())]
    while stack:
        unit, taken = stack.pop()
        if unit == len(rows):
            chosen = np.array(taken, dtype=np.int64)
            if holds(steps, pace, chosen):
                plans.append(chosen)
            continue
        stack += [(unit + 1, taken), *((unit + 1, [*taken, row]) for row in rows[unit])]
    return plans


@pytest.mark.parametrize("seed", range(6))
def test_the_solver_finds_the_best_within_the_rates(seed: int) -> None:
    steps, pace = small(5, 2, seed)
    plans = all_plans(steps, pace)
    most = most_gain(steps, pace=pace, gap=1e-9)
    assert holds(steps, pace, most.chosen)
    for share in (0.3, 0.7, 0.95):
        need = share * most.gain
        found = least_cost(steps, need, pace=pace, gap=1e-9)
        assert found is not None
        assert holds(steps, pace, found.chosen)
        least = min(steps.cost[plan].sum() for plan in plans if steps.avoided[plan].sum() >= need)
        assert found.cost == pytest.approx(least, rel=1e-6)
    for budget in (0.0, 5.0, 12.0, 25.0):
        found = most_gain(steps, budget, pace=pace, gap=1e-9)
        assert holds(steps, pace, found.chosen)
        assert found.cost <= budget * (1 + 1e-6)
        gains = [steps.avoided[plan].sum() for plan in plans if steps.cost[plan].sum() <= budget]
        assert found.gain == pytest.approx(max(gains), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_least_cost_is_never_above_a_greedy_within_the_same_rates(seed: int, share: float) -> None:
    steps, pace = small(40, 6, seed)
    whole = most_gain(steps, pace=pace)
    simple = greedy(steps, least_gain=share * whole.gain, pace=pace)
    assert holds(steps, pace, simple)
    found = least_cost(steps, float(steps.avoided[simple].sum()), pace=pace)
    assert found is not None
    assert holds(steps, pace, found.chosen)
    assert (found.status, found.gap <= GAP) == (OPTIMAL, True)
    assert found.cost <= steps.cost[simple].sum() + GAP * found.cost
    spent = float(steps.cost[simple].sum())
    assert most_gain(steps, spent, pace=pace).gain >= steps.avoided[simple].sum() * (1 - GAP)


def test_a_plan_is_the_same_each_time_and_on_a_busy_machine() -> None:
    steps, pace = small(60, 8, 3)
    need = 0.6 * most_gain(steps, pace=pace).gain
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        plans = [least_cost(steps, need, pace=pace) for _ in range(2)]
    finally:
        for process in busy:
            process.kill()
            process.wait()
    plans.append(least_cost(steps, need, pace=pace))
    assert len({tuple(plan.chosen.tolist()) for plan in plans if plan is not None}) == 1
    assert None not in plans


def test_a_search_that_the_clock_ends_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    steps, pace = small(60, 8, 3)
    need = 0.6 * most_gain(steps, pace=pace).gain
    monkeypatch.setattr(solver, "LAST_RESORT", 1e-9)
    with pytest.raises(UsageError, match="ended by the clock"):
        least_cost(steps, need, pace=pace)


@pytest.mark.parametrize(
    ("status", "nodes", "said"),
    [(1, 0, "by the clock"), (1, 10_000, "by the number of nodes"), (4, 0, "by numerical difficulties"),
     (4, None, "by numerical difficulties"), (3, 0, "by numerical difficulties")],
)  # fmt: skip
def test_a_search_says_what_ended_it(
    monkeypatch: pytest.MonkeyPatch, status: int, nodes: int | None, said: str
) -> None:
    steps, pace = small(60, 8, 3)
    need = 0.6 * most_gain(steps, pace=pace).gain
    nothing = OptimizeResult(status=status, x=None, mip_node_count=nodes, mip_dual_bound=None)
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: nothing)
    with pytest.raises(UsageError, match=said):
        least_cost(steps, need, pace=pace)


@pytest.mark.parametrize("seed", range(5))
def test_no_plan_is_below_the_relaxation_and_none_with_a_step_below_its_reduced_cost(seed: int) -> None:
    steps, pace = small(4, 2, seed)
    limits = yearly_limits(steps, None, pace)
    need = 0.6 * most_gain(steps, pace=pace, gap=1e-9).gain
    problem = solver.problem_of(steps, steps.cost, [(-steps.avoided / need, -1.0)], limits)
    relaxed = problem.relaxed(1e-9)
    assert relaxed is not None
    for plan in all_plans(steps, pace):
        if steps.avoided[plan].sum() < need:
            continue
        cost = steps.cost[plan].sum()
        idle = ~np.isin(steps.unit, steps.unit[plan])
        above = max([0.0, *relaxed.reduced[plan], *relaxed.idle[idle]])
        assert cost >= relaxed.bound + above - 1e-7


def test_one_unit_a_year_can_always_start() -> None:
    catalogue = Catalogue(hg.project("indonesia", where="capacity_gross_mw >= 900", draws=0).projection)
    pace = build_up(catalogue, dict.fromkeys(("injection", "scrubber"), 1e-3))
    assert pace is not None
    largest = np.nanmax(pace.mw)
    assert (pace.most >= largest).all()


def test_a_limit_that_cannot_bind_is_left_out() -> None:
    steps, pace = small(4, 3, 1)
    assert yearly_limits(steps, None, pace).most.size
    wide = replace(pace, most=np.full((2, 2), 1e6))
    assert yearly_limits(steps, None, wide).row.size == 0


def test_room_is_freed_by_the_step_that_is_left() -> None:
    steps = plain_steps(np.array([0, 1]), np.ones(2), np.ones(2), np.array([2030, 2030]))
    room = Room(yearly_limits(steps, 1, None), 2)
    room.add(0)
    assert not room.fits(1)
    assert room.fits(1, instead=0)
