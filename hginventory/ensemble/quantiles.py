"""Distributions as tables over a standard normal: a lookup turns z into a value, whatever the distribution.

A table holds values at equally spaced z and is read by linear interpolation. Its mean under the standard normal
is known exactly, so it can be scaled to the stated mean after truncation. Everything here is plain numpy.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Noise = NDArray[np.float32]

REACH = 8.0  # the table spans -REACH to REACH standard deviations
CELLS = 1024
STEP = 2 * REACH / CELLS
NODES = CELLS + 1
GRID: Floats = np.linspace(-REACH, REACH, NODES)
HIGHEST_SHARE = 0.999  # no removal is credited with more
TABLE, LINE, POWER = 0, 1, 2  # how a table is read
_SAME_FORM = 5e-7  # by which a table may differ from a line or an exponential
POWERS = tuple(  # 2**x for x within half of 0, without the leading 1: Cephes exp2f
    np.float32(number)
    for number in (0.6931472028550421, 0.2402264791363012, 0.05550332471162809,
                   0.009618437357674640, 0.001339887440266574, 0.0001535336188319500)
)  # fmt: skip
_MOST_TIMES = 1e9  # by which shares are scaled
_ROOM = 25.0  # standard deviations that a bound may be narrower than the spread
_TINY = 1e-300
_FINE = 4096  # points of numerical integration
_OCTAVES, _PER_OCTAVE = 33, 32  # the normal table is fine where the tail is thin
_SHIFT = 18  # float32 bits below a cell: 23 - log2(_PER_OCTAVE)
_NORMAL_CELLS = _OCTAVES * _PER_OCTAVE
_LEAST_BITS = int(np.float32(2.0**-_OCTAVES).view(np.int32))


def normal_cdf(z: Floats) -> Floats:
    """Return the standard normal distribution function.

    >>> round(float(normal_cdf(np.array([1.959964]))[0]), 6)
    0.975
    """
    return np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in np.ravel(z)]).reshape(np.shape(z))


@cache
def cdf_of_nodes() -> Floats:
    """Return the standard normal distribution function at the nodes, shape (NODES,)."""
    return normal_cdf(GRID)


@cache
def node_weights() -> Floats:
    """Return the weight of each node in the mean of a table under the standard normal, shape (NODES,)."""
    cdf, density = cdf_of_nodes(), np.exp(-0.5 * GRID**2) / math.sqrt(2.0 * math.pi)
    mass, moment = np.diff(cdf), -np.diff(density)  # integrals of density and z * density over each cell
    upper = (moment - GRID[:-1] * mass) / STEP
    weights = np.zeros(NODES)
    weights[:-1] += mass - upper
    weights[1:] += upper
    weights[0] += cdf[0]
    weights[-1] += 1.0 - cdf[-1]
    return weights


def table_mean(table: Floats) -> Floats:
    """Return the mean of tables under the standard normal; the last axis runs over the nodes."""
    return np.asarray(table @ node_weights())


def lognormal(log_sd: float) -> Floats:
    """Return the table of a lognormal of mean 1, shape (NODES,).

    Parameters
    ----------
    log_sd : float
        Standard deviation of the logarithm.

    Examples
    --------
    >>> round(float(table_mean(lognormal(0.5))), 12)
    1.0
    """
    return _to_mean_one(np.exp(log_sd * GRID))


def normal(relative_sd: float, low: float = 0.0, high: float = math.inf) -> Floats:
    """Return the table of a normal that is cut at bounds and has mean 1 all the same, shape (NODES,).

    The centre is moved until the mean of what lies between the bounds is 1. Close to a bound there is no room for
    the whole spread.

    Parameters
    ----------
    relative_sd : float
        Standard deviation over the mean, before the cut.
    low, high : float
        Bounds over the mean, below and above 1.

    Examples
    --------
    A capacity factor of 0.95 that varies by 12 % never passes 1:

    >>> table = normal(0.12, 0.0, 1 / 0.95)
    >>> bool(table.max() <= 1 / 0.95), round(float(table_mean(table)), 6)
    (True, 1.0)
    """
    sd = min(relative_sd, _ROOM * (1.0 - low), _ROOM * (high - 1.0))
    if sd <= 0:
        return np.ones(NODES)
    if low <= 1.0 - REACH * sd and high >= 1.0 + REACH * sd:
        return 1.0 + sd * GRID  # the bounds cut nothing off
    centre = _centre(sd, low, high)
    bounds = np.array([(low - centre) / sd, (high - centre) / sd])
    (below_low, below_high), (above_low, above_high) = normal_cdf(bounds), normal_cdf(-bounds)
    below = below_low + cdf_of_nodes() * (below_high - below_low)
    above = above_high + cdf_of_nodes()[::-1] * (above_low - above_high)
    log_cdf, z = _log_cdf_of_tail()
    nearer = np.interp(np.log(np.maximum(np.minimum(below, above), _TINY)), log_cdf, z)
    table = np.clip(centre + sd * np.where(below < above, nearer, -nearer), low, high)
    return np.minimum(_to_mean_one(table), high)


def _centre(sd: float, low: float, high: float) -> float:
    """Return the centre of a normal whose part between two bounds has mean 1."""

    def mean(centre: float) -> float:
        a, b = (low - centre) / sd, (high - centre) / sd
        if a > 0:  # seen from the nearer tail, which loses no digits
            mass = math.erfc(a / math.sqrt(2.0)) - math.erfc(b / math.sqrt(2.0))
        else:
            mass = math.erfc(-b / math.sqrt(2.0)) - math.erfc(-a / math.sqrt(2.0))
        return centre + sd * (math.exp(-0.5 * a * a) - math.exp(-0.5 * b * b)) * math.sqrt(2.0 / math.pi) / mass

    least, most = 1.0 - 1.2 * _ROOM * sd, 1.0 + 1.2 * _ROOM * sd
    for _ in range(60):
        middle = (least + most) / 2.0
        least, most = (middle, most) if mean(middle) < 1.0 else (least, middle)
    return (least + most) / 2.0


def triangular(low: float, mode: float, high: float) -> Floats:
    """Return the table of a triangular distribution, in its own units, shape (NODES,)."""
    u = cdf_of_nodes()
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < turn, rising, falling)


def beta(mean: float, sd: float) -> Floats:
    """Return the table of a beta distribution of given mean and standard deviation, shape (NODES,).

    Parameters
    ----------
    mean : float
        Between 0 and 1.
    sd : float
        Standard deviation; must leave a beta distribution possible.

    Raises
    ------
    ValueError
        If no beta distribution has this mean and standard deviation.

    Examples
    --------
    >>> round(float(table_mean(beta(0.3, 0.1))), 9)
    0.3
    """
    if not 0.0 < mean < 1.0 or not 0.0 < sd < math.sqrt(mean * (1.0 - mean)):
        raise ValueError(f"no beta distribution has mean {mean:g} and standard deviation {sd:g}")
    total = mean * (1.0 - mean) / sd**2 - 1.0
    a, b = mean * total, (1.0 - mean) * total
    # x = t^k / (t^k + (1-t)^k) takes the poles of the density away, so that the trapezoid rule converges.
    k = 2.0 / min(a, b, 1.0)
    t = np.linspace(0.0, 1.0, _FINE + 1)[1:-1]
    log_odds = k * (np.log(t) - np.log1p(-t))
    log_x, log_rest = -np.logaddexp(0.0, -log_odds), -np.logaddexp(0.0, log_odds)
    log_density = a * log_x + b * log_rest - np.log(t) - np.log1p(-t)
    density = np.concatenate([[0.0], np.exp(log_density - log_density.max()), [0.0]])
    cdf = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2.0)])
    x = np.concatenate([[0.0], np.exp(log_x), [1.0]])
    quantile = np.interp(cdf_of_nodes(), cdf / cdf[-1], x)
    return scaled_to(quantile, mean)


def scaled_to(shares: Floats, mean: float) -> Floats:
    """Return shares times a number, cut at `HIGHEST_SHARE`, so that their mean is as stated."""
    most = max(HIGHEST_SHARE, mean)
    uncut = shares * (mean / float(table_mean(shares)))
    if uncut.max() <= most:
        return uncut

    def cut(times: float) -> Floats:
        return np.minimum(shares * times, most)

    low, high = 0.0, 1.0
    while float(table_mean(cut(high))) < mean and high < _MOST_TIMES:
        low, high = high, 2.0 * high
    for _ in range(60):  # halves the bracket to the last bit
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(table_mean(cut(middle))) < mean else (low, middle)
    return cut(high)


def _to_mean_one(table: Floats) -> Floats:
    return table / float(table_mean(table))


@cache
def _log_cdf_of_tail() -> tuple[Floats, Floats]:
    """Return the logarithm of the standard normal distribution function below 0, and z, both rising."""
    z = np.linspace(-37.0, 0.0, 37 * 256 + 1)
    return np.log(normal_cdf(z)), z


@cache
def normal_table() -> Noise:
    """Return the standard normal by octave of the tail: two sides of `_NORMAL_CELLS` + 1 nodes, float32.

    A last node stands behind them, because the largest words round to the end of a side.
    """
    bits = np.arange(_NORMAL_CELLS + 1, dtype=np.int64) * (1 << _SHIFT) + _LEAST_BITS
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


def normals(words: NDArray[np.uint32]) -> Noise:
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
    offset -= np.int32(_LEAST_BITS)
    part = (offset & np.int32((1 << _SHIFT) - 1)).astype(np.float32)
    part *= np.float32(2.0**-_SHIFT)
    offset >>= np.int32(_SHIFT)
    offset += (words & np.uint32(1)).astype(np.int32) * np.int32(_NORMAL_CELLS + 1)
    return interpolate(normal_table(), offset, part)


def forms(tables: Noise) -> tuple[NDArray[np.int8], Noise, Noise]:
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

    def __init__(self, tables: Noise) -> None:
        self.flat = tables.ravel()
        self.form, self.offset, self.slope = forms(tables)

    def read(self, z: Noise, table: NDArray[np.int32]) -> Noise:
        """Return the values of a table for each row of z, shape (n, S); z is used up."""
        form = self.form[table]
        if (form == form[:1]).all():
            return self._read(z, table, int(form[0]) if form.size else TABLE)
        out = np.empty_like(z)
        for kind in np.unique(form):
            chosen = form == kind
            out[chosen] = self._read(z[chosen], table[chosen], int(kind))
        return out

    def _read(self, z: Noise, table: NDArray[np.int32], form: int) -> Noise:
        if form == TABLE:
            return look_up(self.flat, z, (table * np.int32(NODES))[:, None])
        np.clip(z, np.float32(-REACH), np.float32(REACH), out=z)
        z *= self.slope[table, None]
        z += self.offset[table, None]
        return z if form == LINE else power(z)


def power(exponent: Noise) -> Noise:
    """Return 2 to the power of float32 numbers, within 1e-7, by the steps of the compiled kernel.

    >>> bool(np.abs(power(np.array([0.0, 1.0, -2.5], dtype=np.float32)) - [1.0, 2.0, 2.0**-2.5]).max() < 1e-7)
    True
    """
    whole = np.floor(exponent + np.float32(0.5))
    part = exponent - whole
    value: Noise = np.full_like(part, POWERS[-1])
    for coefficient in (*POWERS[-2::-1], np.float32(1.0)):
        value *= part
        value += coefficient
    scale = whole.astype(np.int32)
    scale += np.int32(127)
    scale <<= np.int32(23)
    value *= scale.view(np.float32)
    return value


def look_up(tables: Noise, z: Noise, offsets: NDArray[np.int32]) -> Noise:
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


def pairs(tables: Noise) -> NDArray[np.int64]:
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


def interpolate(table: Noise, cell: NDArray[np.int32], part: Noise) -> Noise:
    """Return the values a part of the way from each cell's node to the next; the arrays given are used up."""
    left = table.take(cell)
    cell += np.int32(1)
    right = table.take(cell)
    right -= left
    right *= part
    right += left
    return right
