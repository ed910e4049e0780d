"""Compiled ranks: exact in the list of the largest of each draw, by fine classes of size below it.

The first pass counts the units of every draw by size, the second reads how many are larger. A class is a
thirty-second of an octave wide; within it the units count as evenly spread, which is off by a few of a hundred units.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory.ensemble.compiled import compiled, float_bits
from hginventory.ensemble.kernels import F, take
from hginventory.ensemble.streams import BLOCK

BIN_BITS = 18  # float32 bits below a class: 32 classes an octave
BINS = 768  # 24 octaves, up to `OCTAVES_ABOVE` over the largest central amount; class 0 is for nothing
OCTAVES_ABOVE = 6
WIDE = BLOCK + 16  # columns of a class; a power of two would put all classes into the same corner of the cache
MOST_COUNTED = 65535
_PART_MASK = np.int32((1 << BIN_BITS) - 1)
_LOW, _HALF = np.int32(0xFFFF), np.int32(16)


def first_bin(largest: float) -> int:
    """Return the bits of the lowest class where the largest central amount is given."""
    top = np.float32(max(largest, 1e-20) * 2.0**OCTAVES_ABOVE)
    return (int(top.view(np.int32)) >> BIN_BITS) - BINS + 1


@compiled()
def keep_largest(life: Any, unit: Any, threshold: Any, values: Any, units: Any) -> None:
    """Keep the amounts of a unit in the ordered lists of the largest; the last of a list is the threshold.

    Of equal amounts the earlier unit comes first. A threshold of infinity marks a draw that is not wanted.
    """
    last = values.shape[1] - 1
    for begin in range(0, BLOCK, 64):
        larger = np.int32(0)
        for i in range(begin, begin + 64):
            larger |= np.int32(life[i] > threshold[i])
        if not larger:
            continue
        for i in range(begin, begin + 64):
            amount = life[i]
            if amount > threshold[i]:
                k = last
                while k > 0 and values[i, k - 1] < amount:
                    values[i, k], units[i, k] = values[i, k - 1], units[i, k - 1]
                    k -= 1
                values[i, k], units[i, k] = amount, unit
                threshold[i] = values[i, last]


@compiled()
def find_bins(life: Any, first: Any, cell: Any) -> None:
    """Fill ``cell`` with the place of the class of each amount."""
    for i in range(BLOCK):
        place = np.int32(np.int32(float_bits(life[i]) >> np.int32(BIN_BITS)) - first)
        place = min(max(place, np.int32(1)), np.int32(BINS - 1))
        place = place if life[i] > F(0.0) else np.int32(0)
        cell[i] = np.uint32(np.int32(place * np.int32(WIDE)) + np.int32(i))


@compiled()
def count_bins(life: Any, first: Any, cell: Any, few: Any, reach: Any) -> None:
    """Count the amounts of a unit in small counters, one row of `WIDE` a class; they hold 255 units.

    ``reach`` holds the lowest and the highest counter touched.
    """
    find_bins(life, first, cell)
    low, high = np.uint32(reach[0]), np.uint32(reach[1])
    for i in range(BLOCK):
        low, high = min(low, cell[i]), max(high, cell[i])
    reach[0], reach[1] = low, high
    for i in range(0, BLOCK, 4):
        few[np.uintp(cell[i])] += np.uint8(1)
        few[np.uintp(cell[i + 1])] += np.uint8(1)
        few[np.uintp(cell[i + 2])] += np.uint8(1)
        few[np.uintp(cell[i + 3])] += np.uint8(1)


@compiled()
def empty_into(few: Any, reach: Any, bins: Any) -> None:
    """Add the small counters touched to the counts of a block of draws, and set them to zero."""
    for i in range(np.intp(reach[0]), np.intp(reach[1]) + 1):
        bins[i] += np.int32(few[i])
        few[i] = np.uint8(0)
    reach[0], reach[1] = few.size - 1, 0


@compiled(nogil=True)
def count_above(bins: Any, begin: Any, end: Any, units: Any) -> None:
    """Turn the counts of some blocks of draws into pairs: units in higher classes, and in the class itself.

    A pair shares 32 bits; fleets of more than `MOST_COUNTED` units are counted in larger steps.
    """
    share = min(1.0, MOST_COUNTED / max(units, 1))
    above = np.empty(BLOCK, np.int32)
    for block in range(begin, end):
        above[:] = np.int32(0)
        for place in range(BINS - 1, -1, -1):
            for i in range(BLOCK):
                own = bins[block, place * WIDE + i]
                higher, within = np.int32(above[i] * share), np.int32(own * share)
                bins[block, place * WIDE + i] = np.int32(np.int32(higher << _HALF) | within)
                above[i] += own


@compiled()
def look_up_ranks(
    life: Any, first: Any, threshold: Any, largest: Any, pairs: Any, step: Any, s: Any, ranks: Any
) -> None:
    """Fill ``ranks`` with the rank of a unit in each draw: exact in the list of the largest, else by its class.

    Units of which nothing remains share the place behind all others. A threshold of infinity marks a draw that is
    not wanted; ``step`` is how many units a count stands for.
    """
    count, longest = ranks.size, largest.shape[1]
    cell, part, found = s.cell, s.part, s.words
    find_bins(life, first, cell)
    for i in range(BLOCK):
        part[i] = F(1.0) - F(np.int32(float_bits(life[i]) & _PART_MASK)) * F(2.0**-BIN_BITS)
    take(pairs, cell, found)
    least = F(longest + 1)
    for i in range(count):
        higher, within = np.int32(found[i] >> np.uint32(16)), np.int32(found[i] & np.uint32(MOST_COUNTED))
        rank = (F(higher) + part[i] * F(within)) * step + F(0.5)
        ranks[i] = max(rank, least) if life[i] > F(0.0) else F(higher) * step + F(1.0)
    for begin in range(0, BLOCK, 64):
        listed = np.int32(0)
        for i in range(begin, begin + 64):
            listed |= np.int32(life[i] >= threshold[i])
        if not listed:
            continue
        for i in range(begin, min(begin + 64, count)):
            if life[i] >= threshold[i] and life[i] > F(0.0):
                low, high = 0, longest
                while low < high:
                    middle = (low + high) // 2
                    if largest[i, middle] > life[i]:
                        low = middle + 1
                    else:
                        high = middle
                ranks[i] = F(low + 1)
