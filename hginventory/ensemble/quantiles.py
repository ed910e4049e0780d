"""Distributions as tables over a standard normal: a lookup turns z into a value, whatever the distribution.

A table contains values at equally spaced z and is read by linear interpolation. Its mean under the standard normal
is known exactly, so it can be scaled to the stated mean after truncation. Everything here is plain numpy.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from hginventory._types import Floats

REACH = 8.0  # the table spans -REACH to REACH standard deviations
CELLS = 1024
STEP = 2 * REACH / CELLS
NODES = CELLS + 1
GRID: Floats = np.linspace(-REACH, REACH, NODES)
HIGHEST_SHARE = 0.999  # no removal is credited with more
_MOST_TIMES = 1e9  # by which shares are scaled
_ROOM = 25.0  # standard deviations that a bound may be narrower than the spread
_TINY = 1e-300
_FINE = 4096  # points of numerical integration


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


def scaled_to(shares: Floats, mean: float, most: Floats | None = None) -> Floats:
    """Return shares times a number, cut at the most they can be, so that their mean is as stated.

    Parameters
    ----------
    shares : ndarray, shape (NODES,)
        Shares over z, above 0.
    mean : float
        Mean wanted [0-1]; where it is above that of ``most``, the result is ``most``.
    most : ndarray, optional, shape (NODES,)
        The most at each z; `HIGHEST_SHARE` where not given.
    """
    most = np.full_like(shares, max(HIGHEST_SHARE, mean)) if most is None else most
    uncut = shares * (mean / float(table_mean(shares)))
    if (uncut <= most).all():
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
