"""Compiled pieces of the ensemble, each over one block of draws: random numbers, tables, the value of a row.

Index arithmetic, table look-ups and what follows them are in loops of their own, because one look-up in a loop
keeps the compiler from vectorising the rest. A look-up fetches a node and the step to the next in one word.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.compiling import bits_float, compiled, float_bits, part
from hginventory.ensemble.quantiles import CELLS, REACH, STEP
from hginventory.ensemble.streams import BLOCK, LANES, ROUNDS
from hginventory.ensemble.table_lookup import LEAST_BITS, LINE, NORMAL_CELLS, POWER, POWERS, SHIFT

F = np.float32
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_SCALE = F(1.0 / STEP)
_LAST = F(CELLS - 0.5)
_SHIFT_BITS, _PART_MASK, _PART_UNIT = np.int32(SHIFT), np.int32((1 << SHIFT) - 1), F(2.0**-SHIFT)
_LEAST, _SIDE = np.int32(LEAST_BITS), np.int32(NORMAL_CELLS + 1)
_P1, _P2, _P3, _P4, _P5, _P6 = POWERS
NOTHING, ANEW, AGAIN = 0, 1, 2  # the value of a row: zero, to be computed, that of the row before


class RowArrays(NamedTuple):
    """Rows in the order of work; arrays as in `arrays.Rows`, and what need not be computed twice.

    shared_at (R, F, 3): index among the streams drawn before, or -1. fresh (R, F): 2 where z and value of a slot are
    to be computed, 1 where z is that of the row before, 0 where the value is. since (R,): slots before it are as in the
    row before. kind (R,): `NOTHING`, `ANEW`, `AGAIN`.
    """

    central: Any
    first: Any
    end: Any
    table: Any
    term: Any
    stream: Any
    weight: Any
    shared_at: Any
    fresh: Any
    since: Any
    kind: Any


class Noise(NamedTuple):
    """Seed, tables as pairs of node and step (`table_lookup.pairs`), their forms, and normals drawn before."""

    seed: Any
    normal_table: Any
    tables: Any
    form: Any
    offset: Any
    slope: Any
    shared: Any


class Scratch(NamedTuple):
    """Room for one block of draws: random words, cells and parts of look-ups, marks, z and value of slots, products.

    product (terms + 1, BLOCK): of the slots of each term, and of those of all. chain (slots + 1, BLOCK): where there is
    one term, ones, and the product of the slots up to each.
    """

    words: Any
    cell: Any
    part: Any
    pairs: Any
    halves: Any  # pairs, seen as two numbers each
    marks: Any
    octets: Any  # marks, seen as numbers of eight (`aligned_arrays.marks`)
    z: Any
    factor: Any
    product: Any
    chain: Any


def scratch(slots: int, terms: int) -> Scratch:
    """Return room for the rows of an ensemble of so many slots and terms, for one thread."""
    pairs = aligned_arrays.empty(BLOCK, np.int64)
    chain = aligned_arrays.empty((slots + 1, BLOCK), np.float32)
    chain[0] = F(1.0)
    return Scratch(
        aligned_arrays.empty(BLOCK, np.uint32),
        aligned_arrays.empty(BLOCK, np.uint32),
        aligned_arrays.empty(BLOCK, np.float32),
        pairs,
        pairs.view(np.float32),
        *aligned_arrays.marks(BLOCK),
        aligned_arrays.empty((slots, BLOCK), np.float32),
        aligned_arrays.empty((slots, BLOCK), np.float32),
        aligned_arrays.empty((terms + 1, BLOCK), np.float32),
        chain,
    )


@compiled()
def random_block(seed: Any, block: Any, stream: Any, out: Any) -> None:
    """Fill ``out`` with the `BLOCK` words of a block of a stream; the numpy engine has `streams.random_words`."""
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


@part()
def take(table: Any, cell: Any, out: Any) -> None:
    """Fill ``out`` with the words of a table at cells."""
    for i in range(0, BLOCK, 4):
        a, b = table[np.uintp(cell[i])], table[np.uintp(cell[i + 1])]
        c, d = table[np.uintp(cell[i + 2])], table[np.uintp(cell[i + 3])]
        out[i], out[i + 1], out[i + 2], out[i + 3] = a, b, c, d


@part()
def add_normals(normal_table: Any, weight: Any, s: Any, z: Any) -> None:
    """Add weight times the standard normals of a block of words to z; the numpy engine has `table_lookup.normals`."""
    words, cell, part, halves = s.words, s.cell, s.part, s.halves
    for i in range(BLOCK):
        word = words[i]
        tail = (F(np.int32(word >> np.uint32(1))) + F(0.5)) * F(2.0**-31)
        offset = np.int32(float_bits(tail) - _LEAST)
        cell[i] = np.uint32(np.int32(offset >> _SHIFT_BITS) + np.int32(np.int32(word & np.uint32(1)) * _SIDE))
        part[i] = F(np.int32(offset & _PART_MASK)) * _PART_UNIT
    take(normal_table, cell, s.pairs)
    for i in range(BLOCK):
        z[i] += weight * (halves[2 * i] + part[i] * halves[2 * i + 1])


@part()
def add_shared(shared: Any, weight: Any, z: Any) -> None:
    """Add weight times standard normals that were drawn before to z."""
    for i in range(BLOCK):
        z[i] += weight * shared[i]


@part()
def look_up(z: Any, table: Any, s: Any, out: Any) -> None:
    """Fill ``out`` with the values of a table at z; the numpy engine has `table_lookup.look_up`."""
    cell, part, halves = s.cell, s.part, s.halves
    for i in range(BLOCK):
        position = min(max((z[i] + F(REACH)) * _SCALE, F(0.0)), _LAST)
        whole = np.int32(position)
        cell[i] = np.uint32(whole)
        part[i] = position - F(whole)
    take(table, cell, s.pairs)
    for i in range(BLOCK):
        out[i] = halves[2 * i] + part[i] * halves[2 * i + 1]


@part()
def line(z: Any, offset: Any, slope: Any, out: Any) -> None:
    """Fill ``out`` with offset + slope * z; the numpy engine has `table_lookup.Reader`."""
    for i in range(BLOCK):
        out[i] = offset + slope * min(max(z[i], F(-REACH)), F(REACH))


@part()
def power(z: Any, offset: Any, slope: Any, out: Any) -> None:
    """Fill ``out`` with 2 to the power of offset + slope * z; the numpy engine has `table_lookup.power`."""
    for i in range(BLOCK):
        exponent = offset + slope * min(max(z[i], F(-REACH)), F(REACH))
        whole = np.floor(exponent + F(0.5))
        part = exponent - whole
        value = _P5 + part * _P6
        value = _P4 + part * value
        value = _P3 + part * value
        value = _P2 + part * value
        value = _P1 + part * value
        value = F(1.0) + part * value
        out[i] = value * bits_float(np.int32(np.int32(np.int32(whole) + np.int32(127)) << np.int32(23)))


@part(forceinline=True)
def read_table(z: Any, table: Any, noise: Any, s: Any, out: Any) -> None:
    """Fill ``out`` with the values of a table at z; the numpy engine has `table_lookup.Reader`."""
    form = noise.form[table]
    if form == LINE:
        line(z, noise.offset[table], noise.slope[table], out)
    elif form == POWER:
        power(z, noise.offset[table], noise.slope[table], out)
    else:
        look_up(z, noise.tables[table], s, out)


@part()
def copy(values: Any, out: Any) -> None:
    """Copy values."""
    for i in range(out.size):
        out[i] = values[i]


@part()
def multiply(factor: Any, out: Any) -> None:
    """Multiply a factor into a block."""
    for i in range(BLOCK):
        out[i] *= factor[i]


@part()
def add_scaled(factor: Any, amount: Any, out: Any) -> None:
    """Add an amount times a factor to a block."""
    for i in range(BLOCK):
        out[i] += amount * np.float64(factor[i])


@part()
def multiply_into(factor: Any, other: Any, out: Any) -> None:
    """Fill ``out`` with the product of two blocks."""
    for i in range(BLOCK):
        out[i] = factor[i] * other[i]


@part()
def scale(factor: Any, amount: Any, out: Any) -> None:
    """Fill ``out`` with an amount times a factor."""
    for i in range(BLOCK):
        out[i] = amount * np.float64(factor[i])


@part()
def scale_by(factor: Any, out: Any) -> None:
    """Multiply a block by a factor."""
    for i in range(BLOCK):
        out[i] *= np.float64(factor[i])


@part(forceinline=True)
def draw_z(rows: Any, row: Any, slot: Any, block: Any, noise: Any, s: Any, z: Any) -> None:
    """Fill z of a slot: its scopes, each by its weight; the numpy engine has `numpy_engine._z`."""
    z[:] = F(0.0)
    for scope in range(rows.weight.shape[2]):
        weight = rows.weight[row, slot, scope]
        if weight <= 0:
            continue
        at = rows.shared_at[row, slot, scope]
        if at >= 0:
            add_shared(noise.shared[at, block * BLOCK : (block + 1) * BLOCK], weight, z)
        else:
            random_block(noise.seed, block, rows.stream[row, slot, scope], s.words)
            add_normals(noise.normal_table, weight, s, z)


@part(forceinline=True)
def row_value(rows: Any, row: Any, anew: Any, block: Any, noise: Any, s: Any, out: Any) -> None:
    """Fill ``out`` with the values of a row in a block of draws [kg/yr]; see `numpy_engine.row_values`.

    Unless all is to be computed anew, what the row has in common with the one before is taken over.
    """
    terms, slots = rows.central.shape[1], rows.table.shape[1]
    is_product = terms == 1
    if not is_product:
        s.product[:] = F(1.0)
    for slot in range(rows.since[row] if is_product and not anew else 0, slots):
        if rows.table[row, slot] < 0:
            if is_product:
                copy(s.chain[slot], s.chain[slot + 1])
            continue
        if anew or rows.fresh[row, slot] == 2:
            draw_z(rows, row, slot, block, noise, s, s.z[slot])
        if anew or rows.fresh[row, slot] >= 1:
            read_table(s.z[slot], rows.table[row, slot], noise, s, s.factor[slot])
        if is_product:
            multiply_into(s.chain[slot], s.factor[slot], s.chain[slot + 1])
        else:
            term = rows.term[row, slot]
            multiply(s.factor[slot], s.product[terms if term < 0 else term])
    if is_product:
        scale(s.chain[slots], rows.central[row, 0], out)
        return
    out[:] = 0.0
    for term in range(terms):
        if rows.central[row, term] != 0.0:
            add_scaled(s.product[term], rows.central[row, term], out)
    scale_by(s.product[terms], out)
