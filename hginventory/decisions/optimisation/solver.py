"""The best step at every unit, exact within a stated gap: mixed-integer programming with HiGHS through scipy.

First the linear relaxation of all steps, which bounds every plan. Then the integer problem over the steps whose
reduced cost is small. A step whose reduced cost is above what this plan is over the bound is in no better plan,
so that, where the gap is not yet small enough, the integer problem over all others is exact.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.optimisation.build_up import BuildUp, YearlyLimits, scarce, yearly_limits
from hginventory.decisions.optimisation.steps_by_unit import spending, worth_asking
from hginventory.decisions.options import StepTable
from hginventory.errors import UsageError

GAP = 1e-3
FINE_GAP = 1e-6  # where the most that can be gained is asked, to say what is out of reach
SECONDS = 30.0
CORE = 1500  # steps of small reduced cost that are tried first
CORE_SHARE = 0.25  # of the time, for these
OPTIMAL = 0
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
        ``optimal`` within the gap that was asked for, or what stopped the search.
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
    gap: float = GAP,
    seconds: float = SECONDS,
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
    gap : float
        Accepted distance from the optimum, as a share of the sum of all costs and savings.
    seconds : float
        Time after which the best plan found so far is taken.

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
    return _solved(steps, asked, own.cost, rows, yearly_limits(own, per_year, pace), gap, seconds)


def most_gain(
    steps: StepTable,
    budget: float = np.inf,
    *,
    per_year: int | None = None,
    pace: BuildUp | None = None,
    gap: float = GAP,
    seconds: float = SECONDS,
) -> Solution:
    """Return the plan that gains most without spending more than a budget; savings pay for nothing else.

    Parameters
    ----------
    steps : StepTable
        All steps, at most one a unit is taken.
    budget : float
        Most that may be spent [money].
    per_year, pace, gap, seconds
        As in `least_cost`.
    """
    asked = worth_asking(steps, scarce(steps, per_year, pace))
    own = steps.taken(asked)
    spent, rows = spending(own), []
    if np.isfinite(budget):
        scale = budget if budget > 0 else max(float(spent.max(initial=0.0)), 1.0)
        rows = [(spent / scale, budget / scale * (1.0 + SLACK))]
    found = _solved(steps, asked, -own.avoided, rows, yearly_limits(own, per_year, pace), gap, seconds)
    if found is None:  # doing nothing costs nothing
        raise UsageError(f"{budget:g} cannot be spent. Use 0 or more.", parameter="budget")
    return found


def _solved(
    steps: StepTable,
    asked: Ints,
    objective: Floats,
    rows: list[tuple[Floats, float]],
    limits: YearlyLimits,
    gap: float,
    seconds: float,
) -> Solution | None:
    """Return the plan of least objective under one step a unit, sums at most their bounds, and yearly limits."""
    if not asked.size:
        return Solution(asked, 0.0, 0.0, 0.0, "optimal") if all(high >= 0 for _, high in rows) else None
    scale = float(np.abs(objective).max()) or 1.0
    problem = _Problem.of(steps.taken(asked), objective / scale, rows, limits)
    relaxed = problem.relaxation()
    if relaxed is None:
        return None
    bound, reduced = relaxed
    best, words = None, ""
    kept = np.zeros(0, dtype=np.bool_)
    core = CORE
    while best is None:
        if kept.all() and kept.size:
            return None  # whole steps cannot do what parts of them can
        kept = _smallest(reduced, core)
        best, words, proved = problem.integer(kept, gap, seconds * CORE_SHARE)
        core *= 4
    bound = max(bound, proved) if kept.all() else bound
    if _distance(problem, best, bound) > gap and not kept.all():
        wider = reduced <= problem.value(best) - bound + SLACK
        again, words, proved = problem.integer(wider | best, gap, seconds)
        bound = max(bound, min(proved, problem.value(best)))
        if again is not None and problem.value(again) < problem.value(best):
            best = again
    reached = _distance(problem, best, bound)
    chosen = asked[best]
    words = "optimal" if reached <= gap * (1.0 + SLACK) else words
    return Solution(chosen, float(steps.avoided[chosen].sum()), float(steps.cost[chosen].sum()), reached, words)


def _smallest(reduced: Floats, count: int) -> Flags:
    """Return which steps have the smallest reduced costs."""
    kept = np.zeros(reduced.size, dtype=np.bool_)
    kept[np.argsort(reduced, kind="stable")[:count]] = True
    return kept


def _distance(problem: _Problem, plan: Flags, bound: float) -> float:
    """Return how far a plan is from a bound, as a share of what it moves."""
    over = max(problem.value(plan) - bound, 0.0)
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


@dataclass(frozen=True)
class _Problem:
    """Minimise ``objective @ x`` with ``matrix @ x <= upper``, x of 0 and 1."""

    objective: Floats
    matrix: Any
    upper: Floats

    @classmethod
    def of(cls, own: StepTable, objective: Floats, rows: list[tuple[Floats, float]], limits: YearlyLimits) -> _Problem:
        """Return the problem of some steps."""
        from scipy.sparse import csr_array, vstack

        columns, ones = np.arange(own.size), np.ones(own.size)
        _, unit = np.unique(own.unit, return_inverse=True)
        parts = [csr_array((ones, (unit, columns)))]
        upper = [np.ones(parts[0].shape[0])]
        if limits.row.size:
            scale = limits.weight / limits.most[limits.limit]
            parts.append(csr_array((scale, (limits.limit, limits.row)), shape=(limits.most.size, own.size)))
            upper.append(np.full(limits.most.size, 1.0 + SLACK))
        for sums, high in rows:
            parts.append(csr_array(sums[None, :]))
            upper.append(np.array([high]))
        return cls(objective, vstack(parts).tocsr(), np.concatenate(upper))

    def value(self, plan: Flags) -> float:
        """Return the objective of a plan."""
        return float(self.objective[plan].sum())

    def relaxation(self) -> tuple[float, Floats] | None:
        """Return the least objective of parts of steps, and the reduced costs; None where there is no such plan."""
        from scipy.optimize import linprog

        result = linprog(self.objective, A_ub=self.matrix, b_ub=self.upper, bounds=(0, None), method="highs")
        if result.x is None:
            return None
        return float(result.fun), np.asarray(result.lower.marginals, dtype=np.float64)

    def integer(self, kept: Flags, gap: float, seconds: float) -> tuple[Flags | None, str, float]:
        """Return the best plan of some steps or None, how the search ended, and the bound it proved for them."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        with _silence():
            result = milp(
                self.objective[kept],
                integrality=np.ones(int(kept.sum())),
                bounds=Bounds(0, 1),
                constraints=LinearConstraint(self.matrix[:, np.flatnonzero(kept)], -np.inf, self.upper),
                options={"mip_rel_gap": gap, "time_limit": seconds},
            )
        words = "optimal" if result.status == OPTIMAL else str(result.message).partition(" (")[0].rstrip(".")
        if result.x is None:
            return None, words, -np.inf
        plan = np.zeros(kept.size, dtype=np.bool_)
        plan[np.flatnonzero(kept)[result.x > 0.5]] = True
        return plan, words, float(result.mip_dual_bound)
