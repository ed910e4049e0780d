"""Exact quantiles of rows of draws, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.aligned_arrays import OCTET
from hginventory.ensemble.kernels.compiling import compiled, float_bits, part

F = np.float32
FEWEST, MOST = 256, 4096  # classes of a row; an order statistic is looked for within one
RUN = 64  # classes looked at together
_LARGEST = np.uint32(2**32 - 1)


@part()
def sort_short(values: Any, count: Any) -> None:
    """Sort the first values of an array in place (Shell)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap:
        for i in range(gap, count):
            value = values[i]
            k = i
            while k >= gap and values[k - gap] > value:
                values[k] = values[k - gap]
                k -= gap
            values[k] = value
        gap //= 3


@part(forceinline=True)
def select(
    row: Any, orders: Any, indices: Any, codes: Any, bins: Any, kept: Any, wanted: Any, marks: Any, octets: Any
) -> None:  # fmt: skip
    """Fill ``kept`` so that ``kept[indices]`` are the order statistics of a row that is not negative.

    The values are counted in classes by their leading bits, as many of them as spread the row over all classes;
    only classes that contain a wanted order statistic are kept and sorted. ``orders`` rise; zeros are at index 0.
    """
    lowest, most = _LARGEST, np.int32(0)
    for i in range(row.size):
        bits = float_bits(row[i])
        most = max(most, bits)
        lowest = min(lowest, np.uint32(bits - np.int32(1)))  # a zero becomes the largest number
    least = np.int32(lowest + np.uint32(1)) if lowest < _LARGEST else most
    workspace, shift = np.int32(bins.size), np.int32(0)
    while np.int32(most >> shift) - np.int32(least >> shift) >= workspace - np.int32(2):
        shift += np.int32(1)
    base = np.int32(np.int32(least >> shift) - np.int32(1))
    for i in range(row.size):
        codes[i] = np.uint16(max(np.int32(np.int32(float_bits(row[i]) >> shift) - base), np.int32(0)))
    bins[:] = np.int32(0)
    for i in range(row.size):
        bins[np.uintp(codes[i])] += np.int32(1)
    below, number, filled, classes = np.intp(bins[0]), 0, np.intp(1), 0
    kept[0] = F(0.0)
    bins[0] = np.int32(0)
    while number < orders.size and orders[number] < below:
        indices[number] = 0
        number += 1
    for begin in range(0, bins.size, RUN):
        run = bins[begin : begin + RUN]
        held = np.int32(0)
        for k in range(RUN):
            held += run[k]
        if number == orders.size or orders[number] >= below + held:
            below += held
            continue
        for k in range(RUN):
            own = np.intp(run[k])
            if number < orders.size and orders[number] < below + own:
                wanted[classes] = np.uint16(begin + k)
                classes += 1
                while number < orders.size and orders[number] < below + own:
                    indices[number] = filled + orders[number] - below
                    number += 1
                filled += own
            below += own
    filled = np.intp(1)
    marks[:] = np.uint8(0)
    for k in range(classes):
        own = wanted[k]
        for i in range(row.size):
            marks[i] |= np.uint8(codes[i] == own)
    for octet in range(octets.size):
        if octets[octet]:
            for i in range(octet * OCTET, min(octet * OCTET + OCTET, row.size)):
                kept[np.uintp(filled)] = row[i]
                filled += np.intp(marks[i])
    sort_short(kept, filled)


@part()
def mean_of(row: Any, sums: Any) -> Any:
    """Return the mean of a row; many sums side by side, so that none waits for the last."""
    sums[:] = 0.0
    whole = row.size - row.size % sums.size
    for begin in range(0, whole, sums.size):
        part = row[begin : begin + sums.size]
        for k in range(sums.size):
            sums[k] += np.float64(part[k])
    total = 0.0
    for k in range(sums.size):
        total += sums[k]
    for i in range(whole, row.size):
        total += np.float64(row[i])
    return total / row.size


def select_room(draws: int, levels: int) -> tuple[Any, ...]:
    """Return room for `summarise_rows` of rows so long, for one thread."""
    classes = min(max(FEWEST, draws // RUN * RUN), MOST)
    indices = (np.empty(2 * levels, np.int64), np.empty(2 * levels, np.int64))
    return (
        aligned_arrays.empty(draws, np.uint16),
        aligned_arrays.empty(classes, np.int32),
        aligned_arrays.empty(draws + 2, np.float32),
        *indices,
        np.empty(2 * levels, np.uint16),
        *aligned_arrays.marks(draws),
        aligned_arrays.empty(RUN, np.float64),
    )


@compiled(nogil=True)
def summarise_rows(rows: Any, begin: Any, end: Any, levels: Any, quantiles: Any, means: Any, workspace: Any) -> None:
    """Fill quantiles (linear interpolation, levels rising) and means of some rows; ``means`` may be empty."""
    count = rows.shape[1]
    codes, bins, kept, orders, indices, wanted, marks, octets, sums = workspace
    for number in range(levels.size):
        orders[2 * number] = np.int64(levels[number] * (count - 1))
        orders[2 * number + 1] = min(orders[2 * number] + 1, count - 1)
    for at in range(begin, end):
        select(rows[at], orders, indices, codes, bins, kept, wanted, marks, octets)
        for number in range(levels.size):
            part = levels[number] * (count - 1) - orders[2 * number]
            left = np.float64(kept[indices[2 * number]])
            quantiles[at, number] = left + part * (np.float64(kept[indices[2 * number + 1]]) - left)
        if means.size:
            means[at] = mean_of(rows[at], sums)
