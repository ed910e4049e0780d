"""The ranks of amounts that are there already, by the kernels of the ensemble, so that they can be timed alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.kernels import scratch
from hginventory.ensemble.passes import TILE, TallyArrays, UnitArrays, count_tile, empty_counters, rank_tile
from hginventory.ensemble.ranks import (
    BINS,
    CELLS,
    COLUMNS,
    GROUPS,
    MOST_UNITS,
    SPARE,
    count_above,
    first_bin,
    ordered,
)
from hginventory.ensemble.shares import LONGEST_LIST
from hginventory.ensemble.streams import BLOCK


class RankPass:
    """Ranks of one block of draws.

    Parameters
    ----------
    units : int
        Number of units N.
    largest : float
        Largest central amount.
    """

    def __init__(self, units: int, largest: float) -> None:
        self.units, self.first = units, np.int32(first_bin(largest))
        self.out = np.empty((units, BLOCK), dtype=np.float32)
        nothing = [None] * len(UnitArrays._fields)
        self.arrays = UnitArrays(*nothing)._replace(scenario=np.zeros(units, dtype=np.int32))

    def ranks(self, life: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rank of each unit in each draw, shape (N, BLOCK)."""
        s, threshold = scratch(1, 1), np.zeros(BLOCK, dtype=np.float32)
        values = np.zeros((BLOCK, LONGEST_LIST + SPARE), dtype=np.float32)
        named = np.full(values.shape, -1, dtype=np.int32)
        bins, few = np.zeros((1, CELLS), dtype=np.int32), np.zeros((1, CELLS), dtype=np.uint8)
        reach = np.tile(np.array([BINS * COLUMNS - 1, 0]), (1, GROUPS, 1))
        tally = TallyArrays(
            None, None, None, threshold, np.zeros(BLOCK, dtype=np.int32), values, named, LONGEST_LIST, few, reach, bins,
            self.first, np.float32(1.0),
        )  # fmt: skip
        counted = 0
        for begin in range(0, self.units, TILE):
            end = min(begin + TILE, self.units)
            if counted + TILE > MOST_UNITS:
                empty_counters(0, 1, tally)
                counted = 0
            count_tile(begin, end, 0, 1, BLOCK, self.arrays, tally, s, life[begin:end])
            counted += TILE
        empty_counters(0, 1, tally)
        count_above(bins, 0, 1, self.units, np.empty(COLUMNS, dtype=np.int32))
        known = tally._replace(values=ordered(values, named, LONGEST_LIST)[0])
        for begin in range(0, self.units, TILE):
            end = min(begin + TILE, self.units)
            rank_tile(begin, end, begin, 0, 1, BLOCK, self.arrays, known, s, life[begin:end], self.out)
        return self.out
