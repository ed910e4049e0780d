"""What can be chosen, as plain arrays: at most one choice a unit, each with what it gains and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hginventory._types import Flags, Floats, Ints

NOTHING = -1  # the choice to leave a unit as it is


@dataclass(frozen=True)
class Choices:
    """Choices at units, C of them; leaving a unit as it is gains and costs nothing and is not listed.

    Attributes
    ----------
    unit : ndarray of int, shape (C,)
        Unit, 0 to N-1.
    gain : ndarray of float, shape (C,)
        What a choice brings, above 0 [kg].
    cost : ndarray of float, shape (C,)
        What it costs, may be negative [money].
    year : ndarray of int, shape (C,)
        First year in which it works.
    counted : ndarray of bool, shape (C,)
        Whether it is one of the retrofits of its year.
    """

    unit: Ints
    gain: Floats
    cost: Floats
    year: Ints
    counted: Flags

    @property
    def size(self) -> int:
        """Number of choices C."""
        return int(self.unit.size)

    def taken(self, chosen: Ints) -> Choices:
        """Return some of the choices."""
        return Choices(self.unit[chosen], self.gain[chosen], self.cost[chosen], self.year[chosen], self.counted[chosen])

    def spending(self) -> Floats:
        """Return what each choice takes from a budget: its cost, where that is above 0; savings pay for no other."""
        return np.maximum(self.cost, 0.0)


def choices(unit: Ints, gain: Floats, cost: Floats, year: Ints | None = None) -> Choices:
    """Return choices from arrays, for use without a fleet; all of one year unless years are given.

    Examples
    --------
    >>> import numpy as np
    >>> choices(np.array([0, 0]), np.array([1.0, 2.0]), np.array([1.0, 3.0])).size
    2
    """
    when = np.zeros(unit.size, dtype=np.int64) if year is None else np.asarray(year, dtype=np.int64)
    return Choices(
        np.asarray(unit, dtype=np.int64),
        np.asarray(gain, dtype=np.float64),
        np.asarray(cost, dtype=np.float64),
        when,
        np.ones(unit.size, dtype=np.bool_),
    )


def by_group(group: Ints) -> Ints:
    """Return the places of the members of each group, shape (groups, largest group), padded with `NOTHING`.

    Parameters
    ----------
    group : ndarray of int, shape (C,)
        Group of each member; the groups may be any numbers.

    Examples
    --------
    >>> import numpy as np
    >>> by_group(np.array([7, 3, 7]))
    array([[ 1, -1],
           [ 0,  2]])
    """
    if not group.size:
        return np.full((0, 1), NOTHING, dtype=np.int64)
    _, dense, counts = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(dense, kind="stable")
    starts = np.cumsum(counts) - counts
    table = np.full((counts.size, int(counts.max())), NOTHING, dtype=np.int64)
    table[dense[order], np.arange(group.size) - starts[dense[order]]] = order
    return table


def worth_asking(given: Choices, *, by_year: bool) -> Ints:
    """Return the places of the choices that no other one of their unit beats with as much gain at no more cost.

    Parameters
    ----------
    given : Choices
        All of them.
    by_year : bool
        Whether years are scarce, so that a choice is only beaten by one of the same year.
    """
    if not given.size:
        return np.empty(0, dtype=np.int64)
    group = given.unit
    if by_year:
        years = given.year - given.year.min()
        group = (given.unit * (int(years.max()) + 1) + years) * 2 + given.counted
    # Cheapest first; of equal cost the larger gain, then the earlier year. Each must gain more than all before it.
    order = np.lexsort((given.year, -given.gain, given.cost))
    table = by_group(group[order])
    gain = np.where(table == NOTHING, -np.inf, given.gain[order][table])
    before = np.maximum.accumulate(gain, axis=1)
    kept = np.ones(gain.shape, dtype=np.bool_)
    kept[:, 1:] = gain[:, 1:] > before[:, :-1]
    return np.sort(order[table[kept & (table != NOTHING)]])
