"""The best step at every unit, exact within a stated gap: mixed-integer programming with HiGHS through scipy.

First the linear relaxation of all steps, which bounds every plan; it leaves few units with parts of steps, as few rows
are shared. Then integer problems over the steps that it takes and the alternatives of small reduced cost, more of them
each time. A step whose reduced cost is above what a plan is over the bound is in no better plan, so that the
integer problem over all others is exact. Searches end by their gap or a number of nodes, never by the clock, so that a
plan is the same each time; `LAST_RESORT` is there for a search that would never end, and the status then says so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.optimisation.build_up import BuildUp, YearlyLimits, scarce, yearly_limits
from hginventory.decisions.optimisation.relaxation import Relaxed, StepProblem
from hginventory.decisions.optimisation.steps_by_unit import spending, worth_asking
from hginventory.decisions.options import StepTable
from hginventory.errors import UsageError

GAP = 1e-3
FINE_GAP = 1e-6  # where the most that can be gained is asked, to say what is out of reach
CORE, WIDER = 150, 4  # alternatives of small reduced cost that are tried first, and how many times more each time
NODES, LAST_NODES = 200, 5000  # of the search among some alternatives, and among all that may be better
LAST_RESORT = 900.0  # seconds of one search, far above what it takes
BOUND_SHARE = 0.02  # of the gap that the bound may be short by
LIMIT, INFEASIBLE = 1, 2  # status of `scipy.optimize.milp`
OPTIMAL, BY_NODES = "optimal", "ended by the number of nodes"
BY_CLOCK = "ended by the clock, so that another run may give another plan"
BY_ROUNDING = "ended by numerical difficulties of the solver"
SLACK = 1e-9  # what rounding may take from a sum, as a share of it


@dataclass(frozen=True)
class Solution:
    """A plan and how good it is.

    Attributes
    ----------
    chosen : ndarray of int
        Rows of the steps taken, in rising order.
    gain, cost : float
        Sums over them of what they avoid [kg] and cost [money].
    gap : float
        How far at most the plan is from the best there is, as a share of the sum of all costs and savings, or gains.
    status : str
        `OPTIMAL` within the gap that was asked for, else what ended the search: `BY_NODES`, `BY_CLOCK` or
        `BY_ROUNDING`.
    """

    chosen: Ints
    gain: float
    cost: float
    gap: float
    status: str


def least_cost(
    steps: StepTable,
    least_gain: float,
    *,
    per_year: int | None = None,
    pace: BuildUp | None = None,
    most_units: int | None = None,
    gap: float = GAP,
) -> Solution | None:
    """Return the cheapest plan with at least some gain; None where there is none.

    Parameters
    ----------
    steps : StepTable
        All steps, at most one a unit is taken.
    least_gain : float
        What must be avoided [kg].
    per_year : int, optional
        Most retrofits that may start in a year.
    pace : BuildUp, optional
        Capacity that may start in a year.
    most_units : int, optional
        Most units that are changed.
    gap : float
        Accepted distance from the optimum, as a share of the sum of all costs and savings.

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 9.0, 4.0]))
    >>> least_cost(steps, 2.0).chosen.tolist()
    [2]
    """
    asked = worth_asking(steps, scarce(steps, per_year, pace))
    own = steps.taken(asked)
    scale = max(abs(least_gain), 1e-300)
    rows = [(-own.avoided / scale, -least_gain / scale * (1.0 - SLACK))] if least_gain > 0 else []
    rows += _count_row(own, most_units)
    return _solved(steps, asked, own.cost, rows, yearly_limits(own, per_year, pace), gap)


def most_gain(
    steps: StepTable,
    budget: float = np.inf,
    *,
    per_year: int | None = None,
    pace: BuildUp | None = None,
    most_units: int | None = None,
    net: bool = False,
    gap: float = GAP,
) -> Solution:
    """Return the plan that gains most without spending more than a budget.

    Parameters
    ----------
    steps : StepTable
        All steps, at most one a unit is taken.
    budget : float
        Most that may be spent [money].
    per_year, pace, most_units, gap
        As in `least_cost`.
    net : bool
        Whether savings of some steps pay for others, so that the sum of all costs is at most the budget; without it
        they pay for nothing else.

    Raises
    ------
    UsageError
        If the budget is below what any plan costs.

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 1]), np.array([1.0, 2.0]), np.array([-3.0, 4.0]))
    >>> [most_gain(steps, 1.0, net=net).chosen.tolist() for net in (False, True)]
    [[0], [0, 1]]
    """
    asked = worth_asking(steps, scarce(steps, per_year, pace))
    own = steps.taken(asked)
    spent, rows = own.cost if net else spending(own), _count_row(own, most_units)
    if np.isfinite(budget):
        scale = abs(budget) or max(float(np.abs(spent).max(initial=0.0)), 1.0)
        rows.append((spent / scale, budget / scale + SLACK))
    found = _solved(steps, asked, -own.avoided, rows, yearly_limits(own, per_year, pace), gap)
    if found is None:
        raise UsageError(f"{budget:g} cannot be spent. Use 0 or more.", parameter="budget")
    return found


def _count_row(own: StepTable, most_units: int | None) -> list[tuple[Floats, float]]:
    """Return the sum that keeps a plan, of one step a unit at most, to a number of units."""
    return [] if most_units is None else [(np.ones(own.size), float(most_units))]


def _solved(
    steps: StepTable,
    asked: Ints,
    objective: Floats,
    rows: list[tuple[Floats, float]],
    limits: YearlyLimits,
    gap: float,
) -> Solution | None:
    """Return the plan of least objective under one step a unit, sums at most their bounds, and yearly limits."""
    if not asked.size:
        return Solution(asked, 0.0, 0.0, 0.0, OPTIMAL) if all(high >= 0 for _, high in rows) else None
    scale = float(np.abs(objective).max()) or 1.0
    problem = problem_of(steps.taken(asked), objective / scale, rows, limits)
    relaxed = problem.relaxed(BOUND_SHARE * gap)
    if relaxed is None:
        return None
    best, words, bound = _searched(problem, relaxed, gap)
    if best is None:
        if words == OPTIMAL:
            return None  # whole steps cannot do what parts of them can
        raise UsageError(f"no plan was found: the search {words}. Ask for a little less, or for fewer units.")
    reached = _distance(problem, best, bound)
    chosen = asked[best]
    words = OPTIMAL if reached <= gap * (1.0 + SLACK) else words
    return Solution(chosen, float(steps.avoided[chosen].sum()), float(steps.cost[chosen].sum()), reached, words)


def problem_of(
    own: StepTable, objective: Floats, rows: list[tuple[Floats, float]], limits: YearlyLimits
) -> StepProblem:
    """Return the problem of some steps."""
    from scipy.sparse import csr_array, vstack

    weight = limits.weight / limits.most[limits.limit]
    parts = [csr_array((weight, (limits.limit, limits.row)), shape=(limits.most.size, own.size))]
    parts += [csr_array(sums[None, :]) for sums, _ in rows]
    upper = np.array([*[1.0 + SLACK] * limits.most.size, *(high for _, high in rows)])
    return StepProblem(objective, own.unit.astype(np.int64), vstack(parts).tocsr(), upper)


def _searched(problem: StepProblem, relaxed: Relaxed, gap: float) -> tuple[Flags | None, str, float]:
    """Return the best plan found or None, what ended the search, and the bound of all plans."""
    _, first = np.unique(problem.unit, return_index=True)
    taken = relaxed.parts > SLACK
    others = np.sort(np.concatenate([relaxed.reduced[~taken], relaxed.idle[first]]))
    best, bound, count, within = None, relaxed.bound, CORE, np.inf
    while count < others.size and others[count] < within:
        tried, words, _ = _integer(problem, relaxed, taken, others[count], gap, NODES)
        if tried is not None and (best is None or _value(problem, tried) < _value(problem, best)):
            best = tried
            within = _value(problem, best) - bound + SLACK
        if best is not None and _distance(problem, best, bound) <= gap:
            return best, words, bound
        count *= WIDER
    tried, words, proved = _integer(problem, relaxed, taken, within, gap, LAST_NODES)
    if tried is not None and (best is None or _value(problem, tried) < _value(problem, best)):
        best = tried
    if best is not None:
        bound = max(bound, min(proved, _value(problem, best)))
    elif words == OPTIMAL:
        bound = np.inf
    return best, words, bound


def _value(problem: StepProblem, plan: Flags) -> float:
    """Return the objective of a plan."""
    return float(problem.objective[plan].sum())


def _distance(problem: StepProblem, plan: Flags, bound: float) -> float:
    """Return how far a plan is from a bound, as a share of what it moves."""
    over = max(_value(problem, plan) - bound, 0.0)
    moved = float(np.abs(problem.objective[plan]).sum())  # costs and savings may cancel, what is moved does not
    return over / moved if moved > 0 else float(over > SLACK)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep HiGHS from writing to standard output, which it does at times whatever its options."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _integer(
    problem: StepProblem, relaxed: Relaxed, taken: Flags, within: float, gap: float, nodes: int
) -> tuple[Flags | None, str, float]:
    """Return the best plan of the steps taken and the alternatives within a reduced cost, or None.

    With it what ended the search, `OPTIMAL` also where there is no such plan, and the bound proved for these steps. A
    unit whose cost of doing nothing is above ``within`` takes one of its steps.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    kept = np.flatnonzero(taken | (relaxed.reduced <= within))
    low = np.full(problem.most.size, -np.inf)
    low[problem.number[kept[relaxed.idle[kept] > within]]] = 1.0
    with _silence():
        result = milp(
            problem.objective[kept],
            integrality=np.ones(kept.size),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(problem.matrix[:, kept], low, problem.most),
            options={"mip_rel_gap": gap, "node_limit": nodes, "time_limit": LAST_RESORT},
        )
    words = OPTIMAL
    if result.status not in (0, INFEASIBLE):
        by_limit = BY_CLOCK if result.status == LIMIT else BY_ROUNDING
        words = BY_NODES if (result.mip_node_count or 0) >= nodes else by_limit
    if result.x is None:
        return None, words, np.inf if words == OPTIMAL else -np.inf
    plan = np.zeros(taken.size, dtype=np.bool_)
    plan[kept[result.x > 0.5]] = True
    return plan, words, float(result.mip_dual_bound)
