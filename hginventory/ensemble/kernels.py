"""Compiled pieces of the ensemble, each over one block of draws.

Index arithmetic and table look-ups stand in loops of their own, because one look-up in a loop keeps the compiler
from vectorising the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange

from hginventory.ensemble.compiled import FAST, compiled, float_bits
from hginventory.ensemble.layout import FIXED_POINT
from hginventory.ensemble.quantiles import _LEAST_BITS, _NORMAL_CELLS, _SHIFT, CELLS, REACH, STEP
from hginventory.ensemble.streams import BLOCK, LANES, ROUNDS

F = np.float32
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_SCALE = F(1.0 / STEP)
_LAST = F(CELLS - 0.5)
_SHIFT_BITS, _PART_MASK, _PART_UNIT = np.int32(_SHIFT), np.int32((1 << _SHIFT) - 1), F(2.0**-_SHIFT)
_LEAST, _SIDE = np.int32(_LEAST_BITS), np.int32(_NORMAL_CELLS + 1)
_WHOLE = FIXED_POINT
BINS_PER_OCTAVE_BITS = 20  # float32 bits below a bin: 8 bins an octave
BINS = 320  # 40 octaves
_FIRST_BIN = np.int32(float(np.float32(2.0**-16).view(np.int32)) / 2**BINS_PER_OCTAVE_BITS)


@compiled()
def random_block(seed: Any, block: Any, stream: Any, out: Any) -> None:
    """Fill ``out`` with the `BLOCK` words of a block of a stream; the twin is `streams.random_words`."""
    key0, key1 = seed & _LOW, seed >> _HALF
    low, high = stream & _LOW, stream >> _HALF
    first = np.uint64(block) * np.uint64(LANES)
    for lane in range(LANES):
        c0, c1, c2, c3 = (first + np.uint64(lane)) & _LOW, np.uint64(0), low, high
        k0, k1 = key0, key1
        for _ in range(ROUNDS):
            p0, p1 = c0 * _M0, c2 * _M1
            n0, n2 = (p1 >> _HALF) ^ c1 ^ k0, (p0 >> _HALF) ^ c3 ^ k1
            c1, c3 = p1 & _LOW, p0 & _LOW
            c0, c2 = n0, n2
            k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
        out[lane] = np.uint32(c0)
        out[lane + LANES] = np.uint32(c1)
        out[lane + 2 * LANES] = np.uint32(c2)
        out[lane + 3 * LANES] = np.uint32(c3)


@compiled(fastmath=FAST)
def add_normals(words: Any, normal_table: Any, weight: Any, z: Any, cell: Any, part: Any) -> None:
    """Add weight times the standard normals of a block of words to z; the twin is `quantiles.normals`."""
    for i in range(BLOCK):
        word = words[i]
        tail = (F(np.int32(word >> np.uint32(1))) + F(0.5)) * F(2.0**-31)
        offset = np.int32(float_bits(tail) - _LEAST)
        cell[i] = np.uint32(np.int32(offset >> _SHIFT_BITS) + np.int32(np.int32(word & np.uint32(1)) * _SIDE))
        part[i] = F(np.int32(offset & _PART_MASK)) * _PART_UNIT
    for i in range(BLOCK):
        at = np.uintp(cell[i])
        left = normal_table[at]
        z[i] += weight * (left + part[i] * (normal_table[at + np.uintp(1)] - left))


@compiled(fastmath=FAST)
def add_shared(shared: Any, weight: Any, z: Any) -> None:
    """Add weight times standard normals that were drawn before to z."""
    for i in range(BLOCK):
        z[i] += weight * shared[i]


@compiled(fastmath=FAST)
def multiply_table(z: Any, table: Any, target: Any, cell: Any, part: Any) -> None:
    """Multiply the values of a table at z into target; the twin is `quantiles.look_up`."""
    for i in range(BLOCK):
        place = min(max((z[i] + F(REACH)) * _SCALE, F(0.0)), _LAST)
        whole = np.int32(place)
        cell[i] = np.uint32(whole)
        part[i] = place - F(whole)
    for i in range(BLOCK):
        at = np.uintp(cell[i])
        left = table[at]
        target[i] *= left + part[i] * (table[at + np.uintp(1)] - left)


@compiled(fastmath=FAST)
def row_block(
    row: Any, block: Any, seed: Any, central: Any, table: Any, term: Any, stream: Any, weight: Any, shared_at: Any,
    shared: Any, tables: Any, normal_table: Any, words: Any, z: Any, cell: Any, part: Any, factors: Any, out: Any,
) -> None:  # fmt: skip
    """Fill ``out`` with the values of a row in a block of draws [kg/yr]; the twin is `twin.row_values`."""
    begin = block * BLOCK
    terms = central.shape[1]
    factors[:] = F(1.0)
    for slot in range(table.shape[1]):
        if table[row, slot] < 0:
            continue
        z[:] = F(0.0)
        for scope in range(weight.shape[2]):
            share = weight[row, slot, scope]
            if share <= 0:
                continue
            at = shared_at[row, slot, scope]
            if at >= 0:
                add_shared(shared[at, begin : begin + BLOCK], share, z)
            else:
                random_block(seed, block, stream[row, slot, scope], words)
                add_normals(words, normal_table, share, z, cell, part)
        target = terms if term[row, slot] < 0 else term[row, slot]
        multiply_table(z, tables[table[row, slot]], factors[target], cell, part)
    out[:] = 0.0
    for number in range(terms):
        if central[row, number] != 0.0:
            add_scaled(factors[number], central[row, number], out)
    scale_by(factors[terms], out)


@compiled(fastmath=FAST)
def add_scaled(factor: Any, amount: Any, out: Any) -> None:
    """Add an amount times a factor to a block."""
    for i in range(BLOCK):
        out[i] += amount * np.float64(factor[i])


@compiled(fastmath=FAST)
def scale_by(factor: Any, out: Any) -> None:
    """Multiply a block by a factor."""
    for i in range(BLOCK):
        out[i] *= np.float64(factor[i])


@compiled(fastmath=FAST)
def add_times(values: Any, length: Any, out: Any) -> None:
    """Add values times a length to a block."""
    for i in range(BLOCK):
        out[i] += values[i] * length


@compiled()
def narrow(values: Any, out: Any) -> None:
    """Store a block in half the bytes."""
    for i in range(out.size):
        out[i] = F(values[i])


@compiled()
def keep_largest(life: Any, unit: Any, threshold: Any, values: Any, units: Any) -> None:
    """Keep the amounts of a unit in the lists of the largest, which are unordered; the smallest is the threshold.

    Of equal amounts the later unit gives way, so that the lists do not depend on how a fleet is cut into shares.
    A threshold of infinity marks a draw that is not wanted.
    """
    for begin in range(0, BLOCK, 64):
        larger = np.int32(0)
        for i in range(64):
            larger |= np.int32(life[begin + i] > threshold[begin + i])
        if not larger:
            continue
        for i in range(begin, begin + 64):
            if life[i] > threshold[i]:
                own = values[i]
                place = 0
                while own[place] != threshold[i]:
                    place += 1
                for k in range(place + 1, own.size):
                    if own[k] == threshold[i] and units[i, k] > units[i, place]:
                        place = k
                own[place] = life[i]
                units[i, place] = unit
                least = own[0]
                for k in range(own.size):
                    least = min(least, own[k])
                threshold[i] = least


@compiled(parallel=True)
def order_largest(values: Any, units: Any) -> None:
    """Order the lists of the largest of each draw, the largest first; of equal amounts the earlier unit first."""
    for draw in prange(values.shape[0]):
        for i in range(1, values.shape[1]):
            amount, unit = values[draw, i], units[draw, i]
            k = i
            while k > 0 and (
                values[draw, k - 1] < amount or (values[draw, k - 1] == amount and units[draw, k - 1] > unit)
            ):
                values[draw, k], units[draw, k] = values[draw, k - 1], units[draw, k - 1]
                k -= 1
            values[draw, k], units[draw, k] = amount, unit


@compiled(inline="always")
def bin_of(amount: Any) -> Any:
    """Return the bin of a positive amount: 8 bins an octave from 2**-16 kg up."""
    place = np.int32(np.int32(float_bits(amount) >> np.int32(BINS_PER_OCTAVE_BITS)) - _FIRST_BIN)
    return min(max(place, np.int32(1)), np.int32(BINS - 1))


@compiled()
def count_bins(life: Any, count: Any, bins: Any) -> None:
    """Count the amounts of a unit in the bins (bin, draw) of a block."""
    for i in range(count):
        if life[i] > F(0.0):
            bins[np.uintp(bin_of(life[i])), i] += np.int32(1)


@compiled(parallel=True)
def sum_above(bins: Any) -> None:
    """Turn counts (block, bin, draw) into the number of units in higher bins."""
    for block in prange(bins.shape[0]):
        above = np.zeros(bins.shape[2], dtype=np.int32)
        for place in range(bins.shape[1] - 1, -1, -1):
            for i in range(bins.shape[2]):
                own = bins[block, place, i]
                bins[block, place, i] = above[i]
                above[i] += own


@compiled(fastmath=FAST)
def look_up_ranks(life: Any, zero_rank: Any, top_values: Any, above: Any, cell: Any, part: Any, ranks: Any) -> None:
    """Fill ``ranks`` with the rank of a unit in each draw: exact in the list of the largest, else by its bin."""
    count, longest = ranks.size, top_values.shape[1]
    for i in range(count):
        cell[i] = np.uint32(bin_of(life[i]))
        bits = np.int32(float_bits(life[i]) & np.int32((1 << BINS_PER_OCTAVE_BITS) - 1))
        part[i] = F(1.0) - F(bits) * F(2.0**-BINS_PER_OCTAVE_BITS)
    for i in range(count):
        at = np.uintp(cell[i])
        higher = above[at, i]
        ranks[i] = max(F(higher) + part[i] * F(above[at - np.uintp(1), i] - higher) + F(0.5), F(longest + 1))
    for i in range(count):
        amount = life[i]
        if amount <= F(0.0):
            ranks[i] = F(zero_rank)
        elif amount >= top_values[i, longest - 1]:
            larger = np.int32(0)
            for k in range(longest):
                larger += np.int32(top_values[i, k] > amount)
            ranks[i] = F(larger + 1)


@compiled()
def add_fixed(values: Any, factor: Any, count: Any, sums: Any) -> None:
    """Add values times a factor to sums of whole numbers, so that the order of adding changes no bit."""
    for i in range(count):
        sums[i] += np.int64(np.rint(values[i] * factor * _WHOLE))


@compiled()
def add_years(values: Any, first: Any, end: Any, count: Any, years: Any) -> None:
    """Add values to the years first to end of running sums: entered at first, taken out at end."""
    for i in range(count):
        whole = np.int64(np.rint(values[i] * _WHOLE))
        years[first, i] += whole
        years[end, i] -= whole


@compiled()
def add_years_shifted(values: Any, first: Any, end: Any, count: Any, years: Any) -> None:
    """As `add_years`, with an end year of its own in each draw."""
    for i in range(count):
        whole = np.int64(np.rint(values[i] * _WHOLE))
        years[first, i] += whole
        years[end[i], i] -= whole
