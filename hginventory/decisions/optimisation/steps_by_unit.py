"""Steps unit by unit, of which a plan takes one at most: the rows of each unit, and those worth a look."""

from __future__ import annotations

import numpy as np

from hginventory._types import Floats, Ints, Ints32
from hginventory.decisions.options import StepTable

NO_STEP = -1  # in the place of a row: the unit stays as it is


def spending(steps: StepTable) -> Floats:
    """Return what each step takes from a budget: its cost, where that is above 0; savings pay for no other."""
    return np.maximum(steps.cost, 0.0)


def by_group(group: Ints | Ints32) -> Ints:
    """Return the rows of the members of each group, shape (groups, largest group), padded with `NO_STEP`.

    Parameters
    ----------
    group : ndarray of int, shape (K,)
        Group of each member; the groups may be any numbers.

    Examples
    --------
    >>> import numpy as np
    >>> by_group(np.array([7, 3, 7]))
    array([[ 1, -1],
           [ 0,  2]])
    """
    if not group.size:
        return np.full((0, 1), NO_STEP, dtype=np.int64)
    _, dense, counts = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(dense, kind="stable")
    starts = np.cumsum(counts) - counts
    table = np.full((counts.size, int(counts.max())), NO_STEP, dtype=np.int64)
    table[dense[order], np.arange(group.size) - starts[dense[order]]] = order
    return table


def worth_asking(steps: StepTable, scarce: Ints | None = None) -> Ints:
    """Return the rows of the steps that no other one of their unit beats: as much avoided at no more cost.

    Parameters
    ----------
    steps : StepTable
        All of them.
    scarce : ndarray of int, optional, shape (K,)
        Number of what each step takes from, where years or building are scarce: it is only beaten by one of the same.
    """
    if not steps.size:
        return np.empty(0, dtype=np.int64)
    group = steps.unit.astype(np.int64)
    if scarce is not None:
        group = group * (int(scarce.max()) + 1) + scarce
    # Cheapest first; of equal cost what avoids more, then the earlier year. Each must avoid more than all before.
    order = np.lexsort((steps.start_year, -steps.avoided, steps.cost))
    table = by_group(group[order])
    avoided = np.where(table == NO_STEP, -np.inf, steps.avoided[order][table])
    before = np.maximum.accumulate(avoided, axis=1)
    kept = np.ones(avoided.shape, dtype=np.bool_)
    kept[:, 1:] = avoided[:, 1:] > before[:, :-1]
    return np.sort(order[table[kept & (table != NO_STEP)]])
