"""The whole least-cost frontier (marginal abatement cost curve) of a fleet, and the greedy order beside it.

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
from hginventory.decisions.optimisation.choices import NOTHING, Choices, by_group


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
        Choice that each step leaves, or `NOTHING`, and choice that it takes.
    start : ndarray of int
        Choices of the first vertex.
    """

    gain: Floats
    cost: Floats
    slope: Floats
    before: Ints
    after: Ints
    start: Ints

    def plan(self, vertex: int) -> Ints:
        """Return the choices of the plan at a vertex, in rising order."""
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


def least_cost_frontier(given: Choices) -> Frontier:
    """Return the frontier of choices, at most one a unit, whatever their years.

    Parameters
    ----------
    given : Choices
        Choices with their gain [kg] and cost [money].

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.optimisation.choices import choices
    >>> units = choices(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 9.0, 4.0]))
    >>> frontier = least_cost_frontier(units)
    >>> frontier.gain.tolist(), frontier.cost.tolist()
    ([0.0, 1.0, 3.0, 5.0], [0.0, 1.0, 5.0, 13.0])
    """
    table = by_group(given.unit)
    table = np.hstack([np.full((table.shape[0], 1), NOTHING, dtype=np.int64), table])
    absent = table == NOTHING
    absent[:, 0] = False
    gain = np.where(table == NOTHING, 0.0, given.gain[table] if given.size else 0.0)
    cost = np.where(absent, np.inf, np.where(table == NOTHING, 0.0, given.cost[table] if given.size else 0.0))
    rows = np.arange(table.shape[0])
    place = _furthest(cost == cost.min(axis=1, keepdims=True), gain)
    first = table[rows, place]
    start_gain, start_cost = float(gain[rows, place].sum()), float(cost[rows, place].sum())
    steps: list[tuple[NDArray[Any], ...]] = []
    reached = np.full(rows.size, -np.inf)
    while rows.size:
        here = np.arange(rows.size)
        more = gain - gain[here, place][:, None]
        dearer = cost - cost[here, place][:, None]
        slope = np.full(gain.shape, np.inf)
        np.divide(dearer, more, out=slope, where=(more > 0) & np.isfinite(dearer))
        least = slope.min(axis=1)
        going = np.isfinite(least)
        rows, table, gain, cost, slope, least = (x[going] for x in (rows, table, gain, cost, slope, least))
        place, reached = place[going], reached[going]
        here = np.arange(rows.size)
        target = _furthest(slope == least[:, None], gain)
        reached = np.maximum(reached, least)  # a hull turns upwards, whatever the last bit says
        steps.append((reached, table[here, place], table[here, target]))
        place = target
    slopes = np.concatenate([np.empty(0), *(step[0] for step in steps)])
    before, after = (np.concatenate([np.empty(0, dtype=np.int64), *(step[part] for step in steps)]) for part in (1, 2))
    order = np.argsort(slopes, kind="stable")  # steps of one unit stay in their order
    before, after = before[order], after[order]
    own = [np.append(column, 0.0) for column in (given.gain, given.cost)]  # NOTHING, the last one, brings nothing
    gains, costs = (np.concatenate([[begin], begin + np.cumsum(column[after] - column[before])])
                    for begin, column in zip((start_gain, start_cost), own, strict=True))  # fmt: skip
    return Frontier(gains, costs, slopes[order], before, after, first[first != NOTHING])


def _furthest(allowed: Flags, gain: Floats) -> Ints:
    """Return for each row the column of the largest gain among those allowed."""
    return np.asarray(np.where(allowed, gain, -np.inf).argmax(axis=1), dtype=np.int64)


def greedy(given: Choices, *, least_gain: float = np.inf, budget: float = np.inf, per_year: int | None = None) -> Ints:
    """Return the plan of a spreadsheet: lowest cost per kg first, until the gain is there or the money is spent.

    A dearer choice takes the place of a cheaper one of its unit where it gains more.

    Parameters
    ----------
    given : Choices
        All choices.
    least_gain : float
        Gain at which it stops [kg].
    budget : float
        Most that may be spent [money].
    per_year : int, optional
        Most retrofits that may start in a year.
    """
    spending = given.spending()
    order = np.lexsort((given.year, -given.gain, given.cost / given.gain))
    held: dict[int, int] = {}
    used: dict[int, int] = {}
    gained = spent = 0.0
    for choice in order.tolist():
        if gained >= least_gain:
            break
        unit, year = int(given.unit[choice]), int(given.year[choice])
        old = held.get(unit, NOTHING)
        more = given.gain[choice] - (given.gain[old] if old != NOTHING else 0.0)
        costs = spending[choice] - (spending[old] if old != NOTHING else 0.0)
        leaves = int(old != NOTHING and given.counted[old] and given.year[old] == year)
        full = per_year is not None and given.counted[choice] and used.get(year, 0) - leaves >= per_year
        if more <= 0 or spent + costs > budget or full:
            continue
        if old != NOTHING and given.counted[old]:
            used[int(given.year[old])] -= 1
        used[year] = used.get(year, 0) + int(given.counted[choice])
        held[unit] = choice
        gained, spent = gained + more, spent + costs
    return np.array(sorted(held.values()), dtype=np.int64)
