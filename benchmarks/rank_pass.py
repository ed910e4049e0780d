"""The ranks of amounts that are there already, by the kernels of the ensemble, so that they can be timed alone."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.kernels import scratch
from hginventory.ensemble.ranks import (
    BINS,
    WIDE,
    count_above,
    count_bins,
    empty_into,
    first_bin,
    keep_largest,
    look_up_ranks,
)
from hginventory.ensemble.shares import LONGEST_LIST
from hginventory.ensemble.streams import BLOCK

_FULL = 240  # units after which small counters are emptied


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

    def ranks(self, life: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rank of each unit in each draw, shape (N, BLOCK)."""
        values = np.zeros((BLOCK, LONGEST_LIST), dtype=np.float32)
        bins = np.zeros((1, BINS * WIDE), dtype=np.int32)
        threshold = np.zeros(BLOCK, dtype=np.float32)
        _count(life, self.first, threshold, values, np.zeros(values.shape, dtype=np.int32), bins[0])
        count_above(bins, 0, 1, self.units)
        _read(life, self.first, threshold, values, bins[0], self.out)
        return self.out


@numba.njit
def _count(life: Any, first: Any, threshold: Any, values: Any, units: Any, bins: Any) -> None:
    cell, few = np.empty(BLOCK, np.uint32), np.zeros(BINS * WIDE, np.uint8)
    reach = np.zeros(2, np.int64)
    reach[0] = few.size - 1
    for unit in range(life.shape[0]):
        keep_largest(life[unit], np.int32(unit), threshold, values, units)
        count_bins(life[unit], first, cell, few, reach)
        if unit % _FULL == _FULL - 1:
            empty_into(few, reach, bins)
    empty_into(few, reach, bins)


@numba.njit
def _read(life: Any, first: Any, threshold: Any, values: Any, bins: Any, out: Any) -> None:
    s = scratch(min(life.shape[0], 1), 1)
    for unit in range(life.shape[0]):
        look_up_ranks(life[unit], first, threshold, values, bins, np.float32(1.0), s, out[unit])
