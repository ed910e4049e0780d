"""The whole least-cost frontier (marginal abatement cost curve) of a fleet, and the greedy order.

Every unit gives its lower convex hull of options: cost over gain, from the cheapest thing to do to the most that can
be done. All steps of all hulls, sorted by what the next kg costs, are the frontier. A plan at one of its vertices is
the cheapest of all plans with as much gain; between two vertices the straight line bounds every plan from below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.optimisation.build_up import BuildUp, Room, yearly_limits
from hginventory.decisions.optimisation.steps_by_unit import NO_STEP, by_group, spending
from hginventory.decisions.options import StepTable


@dataclass(frozen=True)
class Frontier:
    """The vertices of the least-cost frontier, V + 1 of them, gain rising.

    Attributes
    ----------
    gain, cost : ndarray of float, shape (V + 1,)
        Of the plan at each vertex; the first is that of least cost of all.
    slope : ndarray of float, shape (V,)
        Cost of the next kg on the way to each further vertex [money/kg], not falling.
    before, after : ndarray of int, shape (V,)
        Row of the step that is replaced, or `NO_STEP`, and of the one that replaces it.
    start : ndarray of int
        Rows of the steps of the first vertex.
    """

    gain: Floats
    cost: Floats
    slope: Floats
    before: Ints
    after: Ints
    start: Ints

    def plan(self, vertex: int) -> Ints:
        """Return the rows of the plan at a vertex, in rising order."""
        chosen = set(self.start.tolist())
        for old, new in zip(self.before[:vertex].tolist(), self.after[:vertex].tolist(), strict=True):
            chosen.discard(old)
            chosen.add(new)
        return np.array(sorted(chosen), dtype=np.int64)

    def vertex_for(self, gain: float) -> int:
        """Return the first vertex with at least some gain [kg]; the last one where none has."""
        return min(int(np.searchsorted(self.gain, gain * (1.0 - 1e-12))), self.gain.size - 1)

    def bound(self, gain: float) -> float:
        """Return the cost below which no plan has at least some gain; infinite beyond the last vertex."""
        if gain <= self.gain[0]:
            return float(self.cost[0])
        if gain > self.gain[-1] * (1.0 + 1e-12):
            return float("inf")
        return float(np.interp(gain, self.gain, self.cost))


def least_cost_frontier(steps: StepTable) -> Frontier:
    """Return the frontier of steps, at most one a unit, whatever their years.

    Parameters
    ----------
    steps : StepTable
        Steps with the mercury they avoid and their cost as the goal counts them.

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 9.0, 4.0]))
    >>> frontier = least_cost_frontier(steps)
    >>> frontier.gain.tolist(), frontier.cost.tolist()
    ([0.0, 1.0, 3.0, 5.0], [0.0, 1.0, 5.0, 13.0])
    """
    table = by_group(steps.unit)
    table = np.hstack([np.full((table.shape[0], 1), NO_STEP, dtype=np.int64), table])
    absent = table == NO_STEP
    absent[:, 0] = False
    gain = np.where(table == NO_STEP, 0.0, steps.avoided[table] if steps.size else 0.0)
    cost = np.where(absent, np.inf, np.where(table == NO_STEP, 0.0, steps.cost[table] if steps.size else 0.0))
    rows = np.arange(table.shape[0])
    column = _furthest(cost == cost.min(axis=1, keepdims=True), gain)
    first = table[rows, column]
    start_gain, start_cost = float(gain[rows, column].sum()), float(cost[rows, column].sum())
    edges: list[tuple[NDArray[Any], ...]] = []
    reached = np.full(rows.size, -np.inf)
    while rows.size:
        here = np.arange(rows.size)
        more = gain - gain[here, column][:, None]
        dearer = cost - cost[here, column][:, None]
        slope = np.full(gain.shape, np.inf)
        np.divide(dearer, more, out=slope, where=(more > 0) & np.isfinite(dearer))
        least = slope.min(axis=1)
        going = np.isfinite(least)
        rows, table, gain, cost, slope, least = (x[going] for x in (rows, table, gain, cost, slope, least))
        column, reached = column[going], reached[going]
        here = np.arange(rows.size)
        target = _furthest(slope == least[:, None], gain)
        reached = np.maximum(reached, least)  # a hull turns upwards, whatever the last bit says
        edges.append((reached, table[here, column], table[here, target]))
        column = target
    slopes = np.concatenate([np.empty(0), *(edge[0] for edge in edges)])
    before, after = (np.concatenate([np.empty(0, dtype=np.int64), *(edge[part] for edge in edges)]) for part in (1, 2))
    order = np.argsort(slopes, kind="stable")  # steps of one unit stay in their order
    before, after = before[order], after[order]
    own = [np.append(values, 0.0) for values in (steps.avoided, steps.cost)]  # NO_STEP, the last one, brings nothing
    gains, costs = (np.concatenate([[begin], begin + np.cumsum(values[after] - values[before])])
                    for begin, values in zip((start_gain, start_cost), own, strict=True))  # fmt: skip
    return Frontier(gains, costs, slopes[order], before, after, first[first != NO_STEP])


def _furthest(allowed: Flags, gain: Floats) -> Ints:
    """Return for each row the column of the largest gain among those allowed."""
    return np.asarray(np.where(allowed, gain, -np.inf).argmax(axis=1), dtype=np.int64)


def greedy(
    steps: StepTable,
    *,
    least_gain: float = np.inf,
    budget: float = np.inf,
    per_year: int | None = None,
    pace: BuildUp | None = None,
    most_units: int | None = None,
) -> Ints:
    """Return the plan of a spreadsheet: lowest cost per kg first, until the gain is there or the money is spent.

    A dearer step takes the place of a cheaper one of its unit where it avoids more.

    Parameters
    ----------
    steps : StepTable
        All steps by start year.
    least_gain : float
        Gain at which it stops [kg].
    budget : float
        Most that may be spent [money].
    per_year : int, optional
        Most retrofits that may start in a year.
    pace : BuildUp, optional
        Capacity that may start in a year.
    most_units : int, optional
        Most units that are changed.
    """
    spent_on = spending(steps)
    order = np.lexsort((steps.start_year, -steps.avoided, steps.usd_per_kg))
    held: dict[int, int] = {}
    room = Room(yearly_limits(steps, per_year, pace), steps.size)
    gained = spent = 0.0
    for row in order.tolist():
        if gained >= least_gain:
            break
        unit = int(steps.unit[row])
        old = held.get(unit, NO_STEP)
        more = steps.avoided[row] - (steps.avoided[old] if old != NO_STEP else 0.0)
        costs = spent_on[row] - (spent_on[old] if old != NO_STEP else 0.0)
        instead = old if old != NO_STEP else None
        full = instead is None and len(held) == most_units
        if full or more <= 0 or spent + costs > budget or not room.fits(row, instead):
            continue
        if instead is not None:
            room.add(instead, -1)
        room.add(row)
        held[unit] = row
        gained, spent = gained + more, spent + costs
    return np.array(sorted(held.values()), dtype=np.int64)
