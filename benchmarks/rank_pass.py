"""The ranks of amounts that are there already, by the kernels of the ensemble, so that they can be timed alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.compiling import compiled
from hginventory.ensemble.kernels.passes import (
    RankArrays,
    TallyArrays,
    count_codes,
    empty_counters,
    list_unit,
    second_pass,
)
from hginventory.ensemble.kernels.ranks import (
    BINS,
    CELLS,
    COLUMNS,
    GROUPS,
    MOST_UNITS,
    count_above,
    find_codes,
    first_bin,
)
from hginventory.ensemble.kernels.top_lists import SPARE, amounts_of, by_unit, free, in_order, last_ranks
from hginventory.ensemble.kernels.unit_draws import scratch
from hginventory.ensemble.partition import LONGEST_LIST
from hginventory.ensemble.streams import BLOCK


@compiled()
def tally_units(life: Any, begin: Any, end: Any, tally: Any, s: Any, codes: Any) -> None:
    """Find the codes of some units, count them, and enter the units into the lists of the largest."""
    for unit in range(begin, end):
        list_unit(unit, 0, 0, 1, BLOCK, tally, life[unit], s)
        find_codes(life[unit], tally.first_bin[0], codes[unit])
    count_codes(codes[begin:end], 0, 1, tally, s)
    empty_counters(0, 1, tally)


class RankPass:
    """Ranks of one block of draws.

    Parameters
    ----------
    units : int
        Number of units N.
    amounts : ndarray, shape (N,)
        Central amounts.
    """

    def __init__(self, units: int, amounts: NDArray[np.float64]) -> None:
        self.units, self.first = units, np.int32(first_bin(amounts, LONGEST_LIST))
        self.out = np.empty((units, BLOCK), dtype=np.float32)

    def ranks(self, life: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rank of each unit in each draw, shape (N, BLOCK)."""
        codes = aligned_arrays.empty((self.units, BLOCK), np.uint16)
        s, wholes = scratch(1, 1), np.zeros((3, BLOCK), dtype=np.int32)
        threshold = np.zeros(BLOCK, dtype=np.float32)
        growing = free(threshold, LONGEST_LIST + SPARE)
        bins, few = np.zeros((1, CELLS), dtype=np.int32), np.zeros((1, CELLS), dtype=np.uint8)
        reach = np.tile(np.array([BINS * COLUMNS - 1, 0]), (1, GROUPS, 1))
        tally = TallyArrays(
            None, None, None, threshold, wholes[0], growing, LONGEST_LIST, few, reach, bins, np.array([self.first])
        )  # fmt: skip
        for begin in range(0, self.units, MOST_UNITS):
            tally_units(life, begin, min(begin + MOST_UNITS, self.units), tally, s, codes)
        from_class = bins.view(np.uint16).reshape(1, GROUPS, 2 * BINS * COLUMNS)
        count_above(bins, 0, 1, self.units, from_class, np.empty((BINS, COLUMNS), dtype=np.uint16))
        largest, listed = (np.empty((BLOCK, LONGEST_LIST), dtype=np.int64) for _ in range(2))
        in_order(growing, largest)
        by_unit(largest, listed)
        least = np.empty(BLOCK, dtype=np.uint16)
        find_codes(amounts_of(largest[:, -1]), self.first, least)
        upcoming = (listed[:, 0] >> 32).astype(np.int32)
        table = RankArrays(least, last_ranks(listed), upcoming, wholes[1], listed, from_class, np.float32(1.0))
        for begin in range(0, self.units, MOST_UNITS):
            own = slice(begin, begin + MOST_UNITS)
            second_pass(0, 1, begin, BLOCK, 1, table, codes[own], self.out[own], s)
        return self.out
