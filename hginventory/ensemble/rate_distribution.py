"""The distribution of the rate of one unit by itself: the product of its uncertain factors, without any draw.

Factors are independent, so the distributions of their logarithms are convolved on a grid. In a cell of it the
logarithm is uniform, beyond it both tails are powers of the rate: the distribution rises everywhere, and its mean is 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Floats
from hginventory.ensemble.quantiles import CELLS, GRID, REACH, normal_cdf

LOG_STEP = 1.0 / 128.0  # of the grid of logarithms
SIZE = 1 << 14  # nodes of the grid, which is a circle: from 3/4 of it below the mean to 1/4 above
_CENTRE = 3 * SIZE // 4
_LEAST_LOG = -20.0  # of a factor
_FINE = 2  # points in a cell of a table
_NOISE = 1e-15  # of the convolution
_TAIL, _IN_TAIL = 1e-12, 1e-9  # probability beyond which a tail is a power, and up to which the power is fitted
_LEAST_POWER = 2.0  # of the upper tail, so that it has a mean
_MOST_POWER = 1e4
_MOST_CELLS = 512  # of each of two terms that are added
Spectrum = NDArray[np.complex128]


@dataclass(frozen=True)
class RateDistribution:
    """How a rate over its mean is distributed.

    Attributes
    ----------
    edges : ndarray of float, shape (K,)
        Logarithm of the rate over its mean, rising by equal steps.
    below, above : ndarray of float, shape (K,)
        Probability to be below and above each edge.
    lower, upper : float
        Powers of the rate by which the probability falls beyond the first and the last edge.
    """

    edges: Floats
    below: Floats
    above: Floats
    lower: float
    upper: float

    def probability(self, rate: Floats) -> tuple[Floats, Floats]:
        """Return the probability to be below and to be above a rate over its mean, same shape, adding up to 1.

        Examples
        --------
        >>> from hginventory.ensemble.quantiles import lognormal
        >>> one = distribution_of([spectrum_of(lognormal(1.0))])
        >>> round(float(one.probability(np.exp(np.array(-0.5)))[0]), 4)
        0.5
        """
        log = np.log(rate)
        below, above = np.interp(log, self.edges, self.below), np.interp(log, self.edges, self.above)
        low = self.below[0] * np.exp(self.lower * np.minimum(log - self.edges[0], 0.0))
        high = self.above[-1] * np.exp(-self.upper * np.maximum(log - self.edges[-1], 0.0))
        is_low, is_high = log < self.edges[0], log > self.edges[-1]
        below = np.where(is_low, low, np.where(is_high, 1.0 - high, below))
        above = np.where(is_high, high, np.where(is_low, 1.0 - low, above))
        return below, above

    def quantile(self, below: Floats, above: Floats) -> Floats:
        """Return the rate over its mean that has a probability below and above it, the smaller of which is used."""
        low = np.interp(below, self.below, self.edges)
        high = np.interp(above, self.above[::-1], self.edges[::-1])
        with np.errstate(divide="ignore"):
            low += np.minimum(np.log(below / self.below[0]), 0.0) / self.lower
            high -= np.minimum(np.log(above / self.above[-1]), 0.0) / self.upper
        return np.asarray(np.exp(np.where(below <= above, low, high)))

    def mean_below(self, rate: float) -> float:
        """Return the part of the mean that rates below one make up: the integral of the rate; all of it is 1.

        Examples
        --------
        >>> from hginventory.ensemble.quantiles import lognormal
        >>> one = distribution_of([spectrum_of(lognormal(1.0))])
        >>> round(one.mean_below(math.exp(0.5)), 4), round(one.mean_below(1e9), 12)
        (0.5, 1.0)
        """
        log, step, values = math.log(rate), self.edges[1] - self.edges[0], np.exp(self.edges)
        least, most = float(values[0]), float(values[-1])
        power = self.lower + 1.0
        total = self.below[0] * least * (self.lower / power) * min(rate / least, 1.0) ** power
        if log <= self.edges[0]:
            return float(total)
        density = np.diff(self.below) / step
        upto = np.minimum(values[1:], rate)
        total += float((density * np.maximum(upto - values[:-1], 0.0)).sum())
        if log > self.edges[-1]:
            fall = 1.0 - self.upper
            total += self.above[-1] * most * (self.upper / fall) * ((rate / most) ** fall - 1.0)
        return float(total)


def spectrum_of(table: Floats) -> Spectrum:
    """Return the spectrum of the distribution of the logarithm of a table, for `distribution_of`.

    Parameters
    ----------
    table : ndarray of float, shape (NODES,)
        Values over z, of mean 1 and not below 0.
    """
    z, mass = _fine_normal()
    values = np.maximum(np.interp(z, GRID, np.asarray(table, dtype=np.float64)), math.exp(_LEAST_LOG))
    return np.fft.rfft(_on_grid(np.log(values), mass))


def distribution_of(
    common: Sequence[Spectrum], terms: Sequence[tuple[float, Sequence[Spectrum]]] = ()
) -> RateDistribution:
    """Return the distribution of a sum of terms times common factors, over its mean.

    Parameters
    ----------
    common : sequence of ndarray
        From `spectrum_of`, of the factors that act on all terms.
    terms : sequence of (float, sequence of ndarray), optional
        Central amount of each term, in one unit, and the factors that act on it alone; at most two terms.

    Raises
    ------
    ValueError
        If there are more than two terms.
    """
    used = [(amount, own) for amount, own in terms if amount > 0.0]
    if len(used) > 2:
        raise ValueError("a rate has at most two terms")
    factors = list(common)
    if len(used) == 1:
        factors += used[0][1]
    elif any(own for _, own in used):
        factors.append(np.fft.rfft(_sum_of_terms(used)))
    mass = _product(factors)
    kept = np.flatnonzero(mass)
    return _distribution(mass[kept[0] : kept[-1] + 1], (int(kept[0]) - _CENTRE - 0.5) * LOG_STEP)


def _distribution(mass: Floats, first: float) -> RateDistribution:
    """Return the distribution of masses in cells of the grid, of which the first begins at a logarithm."""
    edges: Floats = first + LOG_STEP * np.arange(mass.size + 1, dtype=np.float64)
    below = np.concatenate([[0.0], np.cumsum(mass)])
    above = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])
    begin, end = int((below <= _TAIL).sum()), int((above > _TAIL).sum())
    edges, below, above = edges[begin:end], below[begin:end], above[begin:end]
    if edges.size < 2:  # nothing varies by more than the grid can tell
        edges = np.array([first, first + LOG_STEP])
        below, above = np.array([_TAIL, 1.0 - _TAIL]), np.array([1.0 - _TAIL, _TAIL])
    lower = _power(edges, below)
    upper = max(_power(-edges[::-1], above[::-1]), _LEAST_POWER)
    found = RateDistribution(edges, below, above, lower, upper)
    mean = found.mean_below(math.inf)
    return RateDistribution(edges - math.log(mean), below, above, lower, upper)


def _power(log: Floats, probability: Floats) -> float:
    """Return by which power a probability rises at its least values."""
    at = max(1, min(int((probability < _IN_TAIL).sum()), log.size - 1))
    rise = math.log(float(probability[at] / probability[0])) / float(log[at] - log[0])
    return min(max(rise, 1.0 / _MOST_POWER), _MOST_POWER)


def _product(spectra: Sequence[Spectrum]) -> Floats:
    """Return the masses of a product over the grid, shape (SIZE,), free of the noise of the transform."""
    if not spectra:
        return _on_grid(np.zeros(1), np.ones(1))[np.arange(SIZE) - _CENTRE]
    whole = spectra[0]
    for other in spectra[1:]:
        whole = whole * other
    mass = np.roll(np.fft.irfft(whole, SIZE), _CENTRE)
    mass[mass < _NOISE] = 0.0
    return np.asarray(mass / mass.sum())


def _sum_of_terms(terms: Sequence[tuple[float, Sequence[Spectrum]]]) -> Floats:
    """Return the masses of the logarithm of the sum of two independent terms over its mean, on the grid."""
    whole = sum(amount for amount, _ in terms)
    (one, p_one), (other, p_other) = ((_cells(_product(own), amount / whole)) for amount, own in terms)
    values, mass = one[:, None] + other[None, :], p_one[:, None] * p_other[None, :]
    return _on_grid(np.log(values).ravel(), mass.ravel())


def _cells(mass: Floats, amount: float) -> tuple[Floats, Floats]:
    """Return values and probabilities of a term in at most `_MOST_CELLS` cells; its mean stays."""
    kept = np.flatnonzero(mass > _TAIL)
    begin, end = int(kept[0]), int(kept[-1]) + 1
    value = amount * np.exp((np.arange(begin, end) - _CENTRE) * LOG_STEP)
    starts = np.arange(0, end - begin, -(-(end - begin) // _MOST_CELLS))
    own = np.add.reduceat(mass[begin:end], starts)
    moment = np.add.reduceat(mass[begin:end] * value, starts)
    some = own > 0.0
    return moment[some] / own[some], own[some] / own[some].sum()


def _on_grid(log: Floats, mass: Floats) -> Floats:
    """Return masses shared out to the nodes on both sides so that mass and mean stay; ln 1 is at index 0."""
    position = log / LOG_STEP
    node = np.floor(position)
    part = np.expm1((position - node) * LOG_STEP) / math.expm1(LOG_STEP)
    index = node.astype(np.int64)
    out = np.bincount(index % SIZE, mass * (1.0 - part), minlength=SIZE)
    out += np.bincount((index + 1) % SIZE, mass * part, minlength=SIZE)
    return np.asarray(out)


@cache
def _fine_normal() -> tuple[Floats, Floats]:
    """Return points of the standard normal, and the probability of each."""
    edges = np.linspace(-REACH, REACH, CELLS * _FINE + 1)
    cdf = normal_cdf(edges)
    mass = np.diff(np.where(edges > 0.0, 0.0, cdf)) * (edges[1:] <= 0.0)
    mass += mass[::-1]  # symmetric, and exact in both tails
    return 0.5 * (edges[:-1] + edges[1:]), mass / mass.sum()
