"""Exact quantiles of rows of draws, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange

from hginventory.ensemble.compiled import compiled, float_bits

F = np.float32


@compiled()
def select_quantiles(row: Any, count: Any, levels: Any, out: Any, bins: Any, kept: Any) -> None:
    """Fill ``out`` with exact sample quantiles (linear interpolation) of a row that is not negative.

    The values are counted by their leading bits; only bins that hold a wanted order statistic are sorted.
    """
    zeros = 0
    least, most = F(3.4e38), F(0.0)
    for i in range(count):
        value = row[i]
        if value > F(0.0):
            least, most = min(least, value), max(most, value)
        else:
            zeros += 1
    if zeros == count:
        out[:] = 0.0
        return
    base = np.int32(float_bits(least) >> np.int32(17)) - np.int32(1)
    width = np.int32(float_bits(most) >> np.int32(17)) - base + np.int32(1)
    if width > bins.size:
        _sorted_quantiles(row[:count], levels, out)
        return
    bins[:width] = 0
    for i in range(count):
        bins[max(np.int32(np.int32(float_bits(row[i]) >> np.int32(17)) - base), np.int32(0))] += np.int32(1)
    wanted = np.zeros(width, dtype=np.bool_)
    start = np.zeros(width + 1, dtype=np.int64)
    for place in range(width):
        start[place + 1] = start[place] + bins[place]
    for number in range(levels.size):
        lower = int(levels[number] * (count - 1))
        for order in (lower, min(lower + 1, count - 1)):
            wanted[np.searchsorted(start[1:], order, side="right")] = True
    filled = 0
    for i in range(count):
        kept[filled] = row[i]
        filled += wanted[max(np.int32(np.int32(float_bits(row[i]) >> np.int32(17)) - base), np.int32(0))]
    chosen = kept[:filled]
    chosen.sort()
    offset = np.zeros(width, dtype=np.int64)
    seen = 0
    for place in range(width):
        offset[place] = seen
        if wanted[place]:
            seen += bins[place]
    for number in range(levels.size):
        exact = levels[number] * (count - 1)
        lower = int(exact)
        upper = min(lower + 1, count - 1)
        low_bin = np.searchsorted(start[1:], lower, side="right")
        high_bin = np.searchsorted(start[1:], upper, side="right")
        left = np.float64(chosen[offset[low_bin] + lower - start[low_bin]])
        right = np.float64(chosen[offset[high_bin] + upper - start[high_bin]])
        out[number] = left + (exact - lower) * (right - left)


@compiled()
def _sorted_quantiles(row: Any, levels: Any, out: Any) -> None:
    ordered = np.sort(row)
    for number in range(levels.size):
        exact = levels[number] * (row.size - 1)
        lower = int(exact)
        upper = min(lower + 1, row.size - 1)
        left = np.float64(ordered[lower])
        out[number] = left + (exact - lower) * (np.float64(ordered[upper]) - left)


@compiled(parallel=True)
def summarise_rows(rows: Any, count: Any, levels: Any, quantiles: Any, means: Any) -> None:
    """Fill quantiles and means of each row; ``means`` may be empty."""
    for number in prange(rows.shape[0]):
        bins = np.empty(8192, dtype=np.int32)
        kept = np.empty(count + 1, dtype=np.float32)
        select_quantiles(rows[number], count, levels, quantiles[number], bins, kept)
        if means.size:
            total = 0.0
            for i in range(count):
                total += np.float64(rows[number, i])
            means[number] = total / count
