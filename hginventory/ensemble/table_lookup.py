"""Random words to standard normals, and these to the values of a table, for the numpy engine.

A table that is a line or an exponential in z is computed rather than looked up, as that costs a fraction.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Ints, Ints32, Singles
from hginventory.ensemble.quantiles import CELLS, GRID, NODES, REACH, STEP, table_mean

TABLE, LINE, POWER = 0, 1, 2  # how a table is read
_SAME_FORM = 5e-7  # by which a table may differ from a line or an exponential
POWERS = tuple(  # 2**x for x within half of 0, without the leading 1: Cephes exp2f
    np.float32(number)
    for number in (0.6931472028550421, 0.2402264791363012, 0.05550332471162809,
                   0.009618437357674640, 0.001339887440266574, 0.0001535336188319500)
)  # fmt: skip
_OCTAVES, _PER_OCTAVE = 33, 32  # the normal table is fine where the tail is thin
SHIFT = 18  # float32 bits below a cell: 23 - log2(_PER_OCTAVE)
NORMAL_CELLS = _OCTAVES * _PER_OCTAVE
LEAST_BITS = int(np.float32(2.0**-_OCTAVES).view(np.int32))


@cache
def normal_table() -> Singles:
    """Return the standard normal by octave of the tail: two sides of `NORMAL_CELLS` + 1 nodes, float32.

    A last node is behind them, because the largest words round to the end of a side.
    """
    bits = np.arange(NORMAL_CELLS + 1, dtype=np.int64) * (1 << SHIFT) + LEAST_BITS
    tail = np.minimum(bits.astype(np.int32).view(np.float32).astype(np.float64), 1.0) / 2.0
    z = np.array([_inverse_tail(p) for p in tail])
    return np.concatenate([-z, z, z[-1:]]).astype(np.float32)


def _inverse_tail(p: float) -> float:
    """Return the z that a standard normal exceeds with probability p <= 1/2, by Newton steps on the logarithm."""
    z = math.sqrt(max(0.0, -2.0 * math.log(2.0 * p)))
    for _ in range(60):
        tail = 0.5 * math.erfc(z / math.sqrt(2.0))
        density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        step = math.log(tail / p) * tail / density
        z += step
        if abs(step) < 1e-14:
            break
    return z


def normals(words: NDArray[np.uint32]) -> Singles:
    """Return standard normals of random words, float32, same shape; the lowest bit is the sign.

    Examples
    --------
    >>> z = normals(np.arange(0, 2**32, 2**20 + 1, dtype=np.uint32))
    >>> abs(float(z.mean())) < 0.01, abs(float(z.std()) - 1) < 0.01
    (True, True)
    """
    tail = (words >> np.uint32(1)).astype(np.float32)
    tail += np.float32(0.5)
    tail *= np.float32(2.0**-31)
    offset = tail.view(np.int32)
    offset -= np.int32(LEAST_BITS)
    part = (offset & np.int32((1 << SHIFT) - 1)).astype(np.float32)
    part *= np.float32(2.0**-SHIFT)
    offset >>= np.int32(SHIFT)
    offset += (words & np.uint32(1)).astype(np.int32) * np.int32(NORMAL_CELLS + 1)
    return interpolate(normal_table(), offset, part)


def forms(tables: Singles) -> tuple[NDArray[np.int8], Singles, Singles]:
    """Return how each table is read: straight ones and exponentials are computed, the others looked up.

    Parameters
    ----------
    tables : ndarray of float32, shape (M, NODES)
        Tables.

    Returns
    -------
    form : ndarray of int8, shape (M,)
        `TABLE`, `LINE` or `POWER`.
    offset, slope : ndarray of float32, shape (M,)
        Of the line, or of the exponent of 2; the mean is that of the table.

    Examples
    --------
    >>> from hginventory.ensemble.quantiles import lognormal, normal
    >>> form, offset, slope = forms(np.array([normal(0.1), lognormal(0.5), normal(0.5)], dtype=np.float32))
    >>> form.tolist(), offset[0], round(float(slope[1]), 4)
    ([1, 2, 0], np.float32(1.0), 0.7213)
    """
    form = np.full(len(tables), TABLE, dtype=np.int8)
    offset, slope = (np.zeros(len(tables)) for _ in range(2))
    for number, table in enumerate(tables.astype(np.float64)):
        rise = (table[-1] - table[0]) / (2 * REACH)
        if np.abs(table - (table[CELLS // 2] + rise * GRID)).max() < _SAME_FORM:
            form[number], offset[number], slope[number] = LINE, table[CELLS // 2], rise
        elif table.min() > 0:
            log = np.log(table)
            rise = (log[-1] - log[0]) / (2 * REACH)
            if np.abs(log - (log[CELLS // 2] + rise * GRID)).max() < _SAME_FORM:
                centre = math.log(float(table_mean(table))) - rise**2 / 2.0
                form[number], offset[number], slope[number] = POWER, centre / math.log(2.0), rise / math.log(2.0)
    return form, offset.astype(np.float32), slope.astype(np.float32)


class Reader:
    """Reads tables at z in the way of `forms`, to the bits of the compiled kernels.

    Parameters
    ----------
    tables : ndarray of float32, shape (M, NODES)
        Tables.
    """

    def __init__(self, tables: Singles) -> None:
        self.flat = tables.ravel()
        self.form, self.offset, self.slope = forms(tables)

    def read(self, z: Singles, table: Ints32) -> Singles:
        """Return the values of a table for each row of z, shape (n, S); z is used up."""
        form = self.form[table]
        if (form == form[:1]).all():
            return self._read(z, table, int(form[0]) if form.size else TABLE)
        out = np.empty_like(z)
        for kind in np.unique(form):
            chosen = form == kind
            out[chosen] = self._read(z[chosen], table[chosen], int(kind))
        return out

    def _read(self, z: Singles, table: Ints32, form: int) -> Singles:
        if form == TABLE:
            return look_up(self.flat, z, (table * np.int32(NODES))[:, None])
        np.clip(z, np.float32(-REACH), np.float32(REACH), out=z)
        z *= self.slope[table, None]
        z += self.offset[table, None]
        return z if form == LINE else power(z)


def power(exponent: Singles) -> Singles:
    """Return 2 to the power of float32 numbers, within 1e-7, by the steps of the compiled kernel.

    >>> bool(np.abs(power(np.array([0.0, 1.0, -2.5], dtype=np.float32)) - [1.0, 2.0, 2.0**-2.5]).max() < 1e-7)
    True
    """
    whole = np.floor(exponent + np.float32(0.5))
    part = exponent - whole
    value: Singles = np.full_like(part, POWERS[-1])
    for coefficient in (*POWERS[-2::-1], np.float32(1.0)):
        value *= part
        value += coefficient
    scale = whole.astype(np.int32)
    scale += np.int32(127)
    scale <<= np.int32(23)
    value *= scale.view(np.float32)
    return value


def look_up(tables: Singles, z: Singles, offsets: Ints32) -> Singles:
    """Return table values at z by linear interpolation, float32, same shape as z.

    Parameters
    ----------
    tables : ndarray of float32, shape (T * NODES,)
        Tables one behind the other.
    z : ndarray of float32, shape (n, S)
        Standard normals; the array is used up.
    offsets : ndarray of int32, shape (n, 1)
        Where the table of each row begins.
    """
    z += np.float32(REACH)
    z *= np.float32(1.0 / STEP)
    np.clip(z, np.float32(0.0), np.float32(CELLS - 0.5), out=z)
    cell = z.astype(np.int32)
    z -= cell
    cell += offsets
    return interpolate(tables, cell, z)


def pairs(tables: Singles) -> Ints:
    """Return tables as the compiled look-up reads them: each node and the step to the next in one word, same shape.

    Parameters
    ----------
    tables : ndarray of float32, shape (..., NODES)
        Tables.
    """
    both = np.zeros((*tables.shape, 2), dtype=np.float32)
    both[..., 0] = tables
    both[..., :-1, 1] = np.diff(tables, axis=-1)
    return np.asarray(both.view(np.int64)[..., 0])


def interpolate(table: Singles, cell: Ints32, part: Singles) -> Singles:
    """Return the values a part of the way from each cell's node to the next; the arrays given are used up."""
    left = table.take(cell)
    cell += np.int32(1)
    right = table.take(cell)
    right -= left
    right *= part
    right += left
    return right
