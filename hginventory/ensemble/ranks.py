"""Compiled ranks: exact in the list of the largest of each draw, by fine classes of size below it.

The first pass counts the units of every draw by size, the second reads how many are larger. A class is a
thirty-second of an octave wide; within it the units count as evenly spread, which is off by a few of a hundred units.
Both passes know an amount by its code in 16 bits: its class, and the 64th of the class it lies in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.compiled import bits_float, compiled, float_bits
from hginventory.ensemble.kernels import F
from hginventory.ensemble.streams import BLOCK

BIN_BITS = 18  # float32 bits below a class: 32 classes an octave
PART_BITS = 6  # of the place in a class
BINS = 768  # 24 octaves, up to `OCTAVES_ABOVE` over the largest central amount; class 0 is for nothing
UNWANTED = 65535  # a code that no amount has
OCTAVES_ABOVE = 6
COLUMNS = 128  # draws counted together, so that their counters stay in the innermost cache
GROUPS = BLOCK // COLUMNS
TESTED = 16  # draws of which it is seen at once whether any is above its threshold
SPARE = 64  # places of a list beyond its length, so that it is cut back seldom
CELLS = GROUPS * BINS * COLUMNS  # counters of a block of draws: by group, class and draw
MOST_COUNTED = 65535
MOST_UNITS = 255  # that a small counter holds
_CODE_BITS = np.int32(BIN_BITS - PART_BITS)
_LEAST_CODE, _MOST_CODE = np.int32(1 << PART_BITS), np.int32((BINS << PART_BITS) - 1)
_PART_MASK = np.int32((1 << PART_BITS) - 1)
_LOW, _HALF = np.uint32(0xFFFF), np.uint32(16)
_NAME, _NAME_BITS = np.int64(0xFFFFFFFF), np.int64(32)
NOBODY = np.int32(2**31 - 1)  # the unit that comes next where no other does


def first_bin(largest: float) -> int:
    """Return the bits of the lowest class where the largest central amount is given."""
    top = np.float32(max(largest, 1e-20) * 2.0**OCTAVES_ABOVE)
    return (int(top.view(np.int32)) >> BIN_BITS) - BINS + 1


def ordered(
    values: NDArray[np.float32], units: NDArray[np.int32], longest: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return lists of the largest with the largest first, of equal amounts the earlier unit; -1: no unit.

    Parameters
    ----------
    values, units : ndarray, shape (draws, at least longest)
        Amounts, not negative, and places of their units, in any order.
    longest : int
        How many are kept.

    Examples
    --------
    >>> values, units = ordered(np.array([[1.0, 3.0, 3.0]], np.float32), np.array([[0, 7, 4]], np.int32), 2)
    >>> values.tolist(), units.tolist()
    ([[3.0, 3.0]], [[4, 7]])
    """
    # The bits of amounts that are not negative are in their order; units count from behind in the bits below.
    keys = (values.view(np.int32).astype(np.int64) << 32) | (0xFFFFFFFF - units.view(np.uint32).astype(np.int64))
    keys.sort(axis=1)
    falling = np.ascontiguousarray(keys[:, : -longest - 1 : -1])
    names = 0xFFFFFFFF - (falling & 0xFFFFFFFF)
    return (falling >> 32).astype(np.int32).view(np.float32), names.astype(np.uint32).view(np.int32)


def by_unit(values: NDArray[np.float32], units: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return lists of the largest by unit: in 64 bits the unit, `NOBODY` at free places, and below it its rank.

    Equal amounts share a rank.

    Parameters
    ----------
    values, units : ndarray, shape (draws, longest)
        As `ordered` returns them.

    Examples
    --------
    >>> listed = by_unit(np.array([[3.0, 3.0, 1.0]], np.float32), np.array([[4, 7, 2]], np.int32))
    >>> (listed >> 32).tolist(), (listed & 0xFFFFFFFF).tolist()
    ([[2, 4, 7]], [[3, 1, 1]])
    """
    rank = np.tile(np.arange(1, values.shape[1] + 1), (len(values), 1))
    rank[:, 1:][values[:, 1:] == values[:, :-1]] = 0
    rank = np.maximum.accumulate(rank, axis=1)
    out: NDArray[np.int64] = (np.where(units < 0, NOBODY, units).astype(np.int64) << 32) | rank
    out.sort(axis=1)
    return out


@compiled()
def number_from(values: Any, bits: Any) -> Any:
    """Return how many amounts of a list have such bits or higher ones."""
    number = np.int32(0)
    for k in range(values.size):
        number += np.int32(float_bits(values[k]) >= bits)
    return number


@compiled()
def drop_smallest(values: Any, units: Any, longest: Any) -> Any:
    """Drop all but the ``longest`` largest of a full list, of equal amounts the later unit; return the least kept.

    Units stand in the order in which they came, and those kept stay in it.
    """
    low, high = float_bits(values[0]), float_bits(values[0])
    for k in range(values.size):
        low, high = min(low, float_bits(values[k])), max(high, float_bits(values[k]))
    surplus = np.int32(values.size - longest)  # of amounts from ``low`` on
    while low < high and surplus:
        middle = np.int32(high - np.int32(np.int32(high - low) >> np.int32(1)))
        reached = number_from(values, middle)
        if reached >= longest:
            low, surplus = middle, np.int32(reached - longest)
        else:
            high = np.int32(middle - np.int32(1))
    equal = np.int32(number_from(values, low) - number_from(values, np.int32(low + np.int32(1))))
    left, kept, least = np.int32(equal - surplus), 0, np.int32(high)
    for k in range(values.size):
        bits = float_bits(values[k])
        is_kept = bits > low or (bits == low and left > 0)
        left -= np.int32(bits == low)
        values[kept], units[kept] = values[k], units[k]
        kept += np.int32(is_kept)
        least = min(least, bits) if is_kept else least
    for k in range(longest, values.size):
        values[k], units[k] = F(0.0), np.int32(-1)
    return bits_float(least)


@compiled()
def keep_largest(life: Any, unit: Any, longest: Any, threshold: Any, filled: Any, values: Any, units: Any) -> None:
    """Keep the amounts of a unit in the lists of the largest of some draws.

    A list takes in all that is above its threshold until it has no room; then only its ``longest`` largest stay, and
    the least of these is the new threshold. A threshold of infinity marks a draw that is not wanted.
    """
    for begin in range(0, COLUMNS, TESTED):
        larger = np.int32(0)
        for i in range(begin, begin + TESTED):
            larger |= np.int32(life[i] > threshold[i])
        if not larger:
            continue
        for i in range(begin, begin + TESTED):
            if life[i] > threshold[i]:
                place = np.uintp(filled[i])
                values[i, place], units[i, place] = life[i], unit
                filled[i] += np.int32(1)
                if filled[i] == values.shape[1]:
                    threshold[i] = drop_smallest(values[i], units[i], longest)
                    filled[i] = np.int32(longest)


@compiled()
def code_of(amount: Any, first: Any) -> Any:
    """Return the code of an amount, ``first`` being the lowest class."""
    code = np.int32(np.int32(float_bits(amount) >> _CODE_BITS) - np.int32(first << np.int32(PART_BITS)))
    code = min(max(code, _LEAST_CODE), _MOST_CODE)
    return code if amount > F(0.0) else np.int32(0)


@compiled()
def find_codes(life: Any, first: Any, codes: Any) -> None:
    """Fill ``codes`` with the codes of amounts."""
    for i in range(codes.size):
        codes[i] = np.uint16(code_of(life[i], first))


@compiled()
def find_counters(codes: Any, cell: Any) -> None:
    """Fill ``cell`` with the place of the class of each amount of some draws, among the counters of these."""
    for i in range(COLUMNS):
        place = np.int32(np.int32(codes[i]) >> np.int32(PART_BITS))
        cell[i] = np.uint32(np.int32(place * np.int32(COLUMNS)) + np.int32(i))


@compiled()
def count_bins(codes: Any, cell: Any, few: Any, reach: Any) -> None:
    """Count the amounts of a unit in small counters, which hold `MOST_UNITS`.

    ``reach`` holds the lowest and the highest counter touched.
    """
    find_counters(codes, cell)
    low, high = np.uint32(reach[0]), np.uint32(reach[1])
    for i in range(COLUMNS):
        low, high = min(low, cell[i]), max(high, cell[i])
    reach[0], reach[1] = low, high
    for i in range(0, COLUMNS, 4):
        few[np.uintp(cell[i])] += np.uint8(1)
        few[np.uintp(cell[i + 1])] += np.uint8(1)
        few[np.uintp(cell[i + 2])] += np.uint8(1)
        few[np.uintp(cell[i + 3])] += np.uint8(1)


@compiled()
def empty_into(few: Any, reach: Any, bins: Any) -> None:
    """Add the small counters touched to the counts of some draws, and set them to zero."""
    touched, counts = few[reach[0] : reach[1] + 1], bins[reach[0] : reach[1] + 1]
    for i in range(touched.size):
        counts[i] += np.int32(touched[i])
    touched[:] = np.uint8(0)
    reach[0], reach[1] = few.size - 1, 0


@compiled(nogil=True)
def count_above(bins: Any, begin: Any, end: Any, units: Any, above: Any) -> None:
    """Turn the counts of some blocks of draws into pairs: units in higher classes, and in the class itself.

    A pair shares 32 bits; fleets of more than `MOST_COUNTED` units are counted in larger steps. ``above`` is room for
    `COLUMNS` numbers.
    """
    share = min(1.0, MOST_COUNTED / max(units, 1))
    for block in range(begin, end):
        for group in range(GROUPS):
            above[:] = np.int32(0)
            counts = bins[block, group * BINS * COLUMNS : (group + 1) * BINS * COLUMNS]
            for place in range(BINS - 1, -1, -1):
                for i in range(COLUMNS):
                    own = counts[place * COLUMNS + i]
                    higher, within = np.int32(above[i] * share), np.int32(own * share)
                    counts[place * COLUMNS + i] = np.int32(np.int32(higher << np.int32(16)) | within)
                    above[i] += own


@compiled()
def look_up_ranks(
    codes: Any, unit: Any, least: Any, last: Any, upcoming: Any, place: Any, listed: Any, pairs: Any, step: Any,
    cell: Any, part: Any, found: Any, ranks: Any,
) -> None:  # fmt: skip
    """Fill ``ranks`` with the rank of a unit in some draws: exact in the list of the largest, else by its class.

    Units of which nothing remains share the place behind all others. ``least`` and ``last`` hold code and rank of the
    least amount of each list: what has this code and is not listed is taken for equal to it. ``upcoming`` and
    ``place`` tell which unit of ``listed`` comes next, as units follow each other. ``step`` is how many units a count
    stands for. ``cell``, ``part`` and ``found`` are room.
    """
    count, longest = ranks.size, listed.shape[1]
    find_counters(codes, cell)
    for i in range(0, COLUMNS, 4):
        a, b = pairs[np.uintp(cell[i])], pairs[np.uintp(cell[i + 1])]
        c, d = pairs[np.uintp(cell[i + 2])], pairs[np.uintp(cell[i + 3])]
        found[i], found[i + 1], found[i + 2], found[i + 3] = a, b, c, d
    lowest = F(longest + 1)
    for i in range(COLUMNS):
        higher, within = F(np.int32(found[i] >> _HALF)), F(np.int32(found[i] & _LOW))
        above = F(1.0) - (F(np.int32(np.int32(codes[i]) & _PART_MASK)) + F(0.5)) * F(2.0**-PART_BITS)
        rank = max((higher + above * within) * step + F(0.5), lowest)
        rank = rank if codes[i] else higher * step + F(1.0)
        part[i] = last[i] if codes[i] and codes[i] == least[i] else rank
    for begin in range(0, COLUMNS, TESTED):
        is_listed = np.int32(0)
        for i in range(begin, begin + TESTED):
            is_listed |= np.int32(upcoming[i] == unit)
        if not is_listed:
            continue
        for i in range(begin, begin + TESTED):
            if upcoming[i] == unit:
                part[i] = F(listed[i, np.uintp(place[i])] & _NAME)
                place[i] += np.int32(1)
                upcoming[i] = np.int32(listed[i, np.uintp(place[i])] >> _NAME_BITS) if place[i] < longest else NOBODY
    for i in range(count):
        ranks[i] = part[i]
