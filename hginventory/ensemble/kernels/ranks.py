"""Compiled ranks: exact in the list of the largest of each draw, by fine classes of size below it.

The first pass counts the units of every draw by size, the second reads how many are larger. A class is a
thirty-second of an octave wide; within it the units count as evenly spread, which is off by a few of a hundred units,
but by many where hundreds of units have nearly one amount.
Both passes know an amount by its code in 16 bits: its class, and the 64th of the class it lies in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory._types import Floats
from hginventory.ensemble.kernels.aligned_arrays import OCTET
from hginventory.ensemble.kernels.compiling import compiled, float_bits, part
from hginventory.ensemble.kernels.top_lists import BEHIND, NOBODY
from hginventory.ensemble.kernels.unit_draws import F
from hginventory.ensemble.streams import BLOCK

BIN_BITS = 18  # float32 bits below a class: 32 classes an octave
PART_BITS = 6  # of the position in a class
BINS = 768  # 24 octaves, `OCTAVES_ABOVE` of them above those at the end of the lists; class 0 is for nothing
UNWANTED = 65535  # a code that no amount has
OCTAVES_ABOVE = 6
COLUMNS = 128  # draws counted together, so that their counters stay in the innermost cache
GROUPS = BLOCK // COLUMNS
WIDTH = BINS + 32  # numbers a draw has in the table of ranks: an odd number of lines, which spread in the cache
CELLS = GROUPS * BINS * COLUMNS  # counters of a block of draws: by group, class and draw
MOST_COUNTED = 65535
MOST_UNITS = 255  # that a small counter holds
_CODE_BITS = np.int32(BIN_BITS - PART_BITS)
_LEAST_CODE, _MOST_CODE = np.int32(1 << PART_BITS), np.int32((BINS << PART_BITS) - 1)
_PART_MASK = np.int32((1 << PART_BITS) - 1)
_LOW, _HALF = np.uint32(0xFFFF), np.uint32(16)
_NAME_BITS = np.int64(32)
_NOBODY = np.int32(NOBODY)


def first_bin(amounts: Floats, longest: int) -> int:
    """Return the bits of the lowest class of a fleet.

    Classes lie around the last unit that the lists of the largest contain, not around the largest unit, as one that is
    entered a thousand times too large would leave all others below the lowest class. What is above the highest class
    is in the lists.

    Parameters
    ----------
    amounts : ndarray, shape (N,)
        Central amounts.
    longest : int
        Length of the lists of the largest.
    """
    falling = np.sort(amounts[amounts > 0])[::-1]
    anchor = falling[min(longest, falling.size) - 1] if falling.size else 1.0
    top = np.float32(anchor * 2.0**OCTAVES_ABOVE)
    return (int(top.view(np.int32)) >> BIN_BITS) - BINS + 1


@compiled()
def find_codes(life: Any, first: Any, codes: Any) -> None:
    """Fill ``codes`` with the codes of amounts, ``first`` being the lowest class."""
    for i in range(codes.size):
        code = np.int32(np.int32(float_bits(life[i]) >> _CODE_BITS) - np.int32(first << np.int32(PART_BITS)))
        code = min(max(code, _LEAST_CODE), _MOST_CODE)
        codes[i] = np.uint16(code if life[i] > F(0.0) else np.int32(0))


@part(forceinline=True)
def count_bins(codes: Any, cell: Any, few: Any, reach: Any) -> None:
    """Count the amounts of a unit in small counters, which contain `MOST_UNITS`.

    ``reach`` contains the lowest and the highest counter touched.
    """
    for i in range(COLUMNS):
        bin_number = np.int32(np.int32(codes[i]) >> np.int32(PART_BITS))
        cell[i] = np.uint32(np.int32(bin_number * np.int32(COLUMNS)) + np.int32(i))
    low, high = np.uint32(reach[0]), np.uint32(reach[1])
    for i in range(COLUMNS):
        low, high = min(low, cell[i]), max(high, cell[i])
    reach[0], reach[1] = low, high
    for i in range(0, COLUMNS, 4):
        few[np.uintp(cell[i])] += np.uint8(1)
        few[np.uintp(cell[i + 1])] += np.uint8(1)
        few[np.uintp(cell[i + 2])] += np.uint8(1)
        few[np.uintp(cell[i + 3])] += np.uint8(1)


@part()
def empty_into(few: Any, reach: Any, bins: Any) -> None:
    """Add the small counters touched to the counts of some draws, and set them to zero."""
    touched, counts = few[reach[0] : reach[1] + 1], bins[reach[0] : reach[1] + 1]
    for i in range(touched.size):
        counts[i] += np.int32(touched[i])
    touched[:] = np.uint8(0)
    reach[0], reach[1] = few.size - 1, 0


@compiled(nogil=True)
def count_above(bins: Any, begin: Any, end: Any, units: Any, from_class: Any, sums: Any) -> None:
    """Fill the table that ranks are read from, for some blocks of draws.

    Parameters
    ----------
    bins : ndarray of int32, shape (blocks, CELLS)
        Number of units by class; used up.
    units : int
        Units of the fleet; of more than `MOST_COUNTED` the counts are in larger steps.
    from_class : ndarray of uint16, shape (blocks, GROUPS, 2 * BINS * COLUMNS)
        `WIDTH` numbers for each draw: how many units are in a class or in higher ones. May be the memory of ``bins``.
    sums : ndarray of uint16, shape (BINS, COLUMNS)
        Room.
    """
    share = min(1.0, MOST_COUNTED / max(units, 1))
    for block in range(begin, end):
        for group in range(GROUPS):
            counts = bins[block, group * BINS * COLUMNS : (group + 1) * BINS * COLUMNS]
            for bin_number in range(BINS - 2, -1, -1):
                for i in range(COLUMNS):
                    counts[bin_number * COLUMNS + i] += counts[bin_number * COLUMNS + COLUMNS + i]
            for bin_number in range(BINS):
                for i in range(COLUMNS):
                    sums[bin_number, i] = np.uint16(counts[bin_number * COLUMNS + i] * share)
            table = from_class[block, group]
            for i in range(COLUMNS):
                for bin_number in range(BINS):
                    table[i * WIDTH + bin_number] = sums[bin_number, i]
                table[i * WIDTH + BINS] = np.uint16(0)


@part(forceinline=True)
def look_up_ranks(
    codes: Any, unit: Any, least: Any, last: Any, upcoming: Any, upcoming_at: Any, listed: Any, from_class: Any,
    step: Any, cell: Any, part: Any, found: Any, marks: Any, octets: Any, ranks: Any,
) -> None:  # fmt: skip
    """Fill ``ranks`` with the rank of a unit in some draws: exact in the list of the largest, else by its class.

    Units of which nothing remains share the rank behind all others. ``least`` and ``last`` contain code and rank of the
    least amount of each list: what has this code and is not listed is taken for equal to it. ``upcoming`` and
    ``upcoming_at`` give the unit of ``listed`` comes next, as units follow each other. ``step`` is how many units a
    count stands for. ``cell``, ``part``, ``found``, ``marks`` and ``octets`` are room.
    """
    count, longest = ranks.size, listed.shape[1]
    for i in range(COLUMNS):
        bin_number = np.int32(np.int32(codes[i]) >> np.int32(PART_BITS))
        cell[i] = np.uint32(np.int32(np.int32(i) * np.int32(WIDTH)) + bin_number)
    for i in range(COLUMNS):
        at = np.uintp(cell[i])
        found[i] = np.uint32(from_class[at]) | np.uint32(np.uint32(from_class[at + np.uintp(1)]) << _HALF)
    lowest = F(longest + 1)
    for i in range(COLUMNS):
        higher = F(np.int32(found[i] >> _HALF))
        within = F(np.int32(found[i] & _LOW)) - higher
        above = F(1.0) - (F(np.int32(np.int32(codes[i]) & _PART_MASK)) + F(0.5)) * F(2.0**-PART_BITS)
        rank = max((higher + above * within) * step + F(0.5), lowest)
        rank = rank if codes[i] else higher * step + F(1.0)
        is_equal = codes[i] == least[i] and np.int32(codes[i]) > _LEAST_CODE
        part[i] = last[i] if is_equal else rank
    for i in range(COLUMNS):
        marks[i] = np.uint8(upcoming[i] == unit)
    for octet in range(COLUMNS // OCTET):
        if not octets[octet]:
            continue
        for i in range(octet * OCTET, octet * OCTET + OCTET):
            if marks[i]:
                part[i] = F(listed[i, np.uintp(upcoming_at[i])] & BEHIND)
                upcoming_at[i] += np.int32(1)
                is_left = upcoming_at[i] < longest
                upcoming[i] = np.int32(listed[i, np.uintp(upcoming_at[i])] >> _NAME_BITS) if is_left else _NOBODY
    for i in range(count):
        ranks[i] = part[i]
