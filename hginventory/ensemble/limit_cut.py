"""The distribution of a rate cut at a limit that the unit is known to comply with: draws keep their ranks, none rises.

With F the distribution without that knowledge, a rate r becomes r' with F(r') = F(r) F(L). Where F(L) is very small,
all draws would be close to the limit. There the usual margin of complying units is used instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

from hginventory._types import Floats, Ints32, Singles
from hginventory.ensemble.quantiles import REACH, normal_cdf
from hginventory.ensemble.rate_distribution import RateDistribution
from hginventory.ensemble.table_lookup import SHIFT, interpolate

_OCTAVES_BELOW, _OCTAVES = 20, 32  # of the rate over its mean that a table spans
PER_OCTAVE = 1 << (23 - SHIFT)
CUT_NODES = _OCTAVES * PER_OCTAVE + 1
LOWEST = np.float32(2.0**-_OCTAVES_BELOW)
HIGHEST = np.nextafter(np.float32(2.0 ** (_OCTAVES - _OCTAVES_BELOW)), np.float32(0.0))  # in the last cell
LEAST_ACTIVITY = np.float32(1e-30)  # where a unit does not run, it has no rate
LOWEST_BITS = int(LOWEST.view(np.int32))
_ROUNDING = 1e-6  # by which a limit is kept more strictly, for single precision
_NEVER = 1e-12  # probability to be above the limit that is none
_STANDARD = NormalDist()
_QUANTILES = 8193  # of the standard normal


@dataclass(frozen=True)
class UsualMargin:
    """How far below their limits the rates of units lie that comply: a lognormal of the rate over the limit, below 1.

    Attributes
    ----------
    median : float
        Median before it is cut at 1.
    log_sd : float
        Standard deviation of the logarithm before it is cut.
    """

    median: float
    log_sd: float

    @property
    def _cut(self) -> float:
        """Standard normal at which the rate is the limit."""
        return -math.log(self.median) / self.log_sd

    @property
    def mean(self) -> float:
        """Mean of the rate over the limit.

        >>> round(UsualMargin(0.4, 0.75).mean, 3)
        0.406
        """
        shifted, whole = normal_cdf(np.array([self._cut - self.log_sd, self._cut]))
        return float(self.median * math.exp(self.log_sd**2 / 2.0) * shifted / whole)

    def quantile(self, probability: Floats) -> Floats:
        """Return the rate over the limit at a probability, same shape.

        >>> UsualMargin(0.4, 0.75).quantile(np.array([0.0, 0.5, 1.0])).round(3).tolist()
        [0.001, 0.36, 1.0]
        """
        whole = _STANDARD.cdf(self._cut)
        z = np.interp(probability * whole, *_normal_quantiles())
        return np.minimum(self.median * np.exp(self.log_sd * z), 1.0)


@dataclass(frozen=True, eq=False)
class LimitCut:
    """What a limit makes of the distribution of a rate; all rates over the mean without it.

    Attributes
    ----------
    limit : float
        The limit.
    probability : float
        Probability that the rate lies below it without that knowledge.
    is_explained : bool
        Whether that is enough; if not, the usual margin is used.
    mean : float
        Mean rate, at most 1.
    table : ndarray of float32, shape (CUT_NODES,)
        Rate after the cut, at rates that rise by `PER_OCTAVE` equal steps an octave.
    distribution, usual, least_probability
        What it was made of, as in `cut_at`.
    """

    limit: float
    probability: float
    is_explained: bool
    mean: float
    table: Singles
    distribution: RateDistribution | None
    usual: UsualMargin
    least_probability: float

    def probability_above(self, rate: float) -> float:
        """Return the probability that the rate lies above another one without the knowledge of the limit.

        Examples
        --------
        >>> cut = cut_at(None, 0.5, UsualMargin(0.4, 0.75), 0.05)
        >>> cut.probability_above(0.9), cut.probability_above(1.1)
        (1.0, 0.0)
        """
        return _around(self.distribution, rate)[1]

    def after(self, rates: Floats) -> Floats:
        """Return rates after the cut, of the same shape, as draws have them; all over the mean without it."""
        one = np.ones((1, rates.size), dtype=np.float32)
        amounts = rates.reshape(1, -1)
        return apply_cuts(amounts, np.ones(1), one, self.table[None, :], np.zeros(1, np.int32)).reshape(rates.shape)

    def mean_at(self, times: float, distribution: RateDistribution | None = None) -> float:
        """Return the mean rate after the cut where the mean without it is so many times as large.

        Parameters
        ----------
        times : float
            Mean rate over that of this cut.
        distribution : RateDistribution, optional
            Of that rate over its mean; default: as here.

        Examples
        --------
        >>> cut = cut_at(None, 0.5, UsualMargin(0.4, 0.75), 0.05)
        >>> cut.mean_at(0.4), cut.mean_at(1.0) == cut.mean
        (0.4, True)
        """
        if times <= 0.0:
            return 0.0
        of_rate = distribution or self.distribution
        return times * _mean(of_rate, self.limit / times, self.usual, self.least_probability)


def cut_at(
    distribution: RateDistribution | None, limit: float, usual: UsualMargin, least_probability: float
) -> LimitCut | None:
    """Return what a limit makes of a rate; None where it is never above the limit.

    Parameters
    ----------
    distribution : RateDistribution or None
        Of the rate over its mean; None where nothing varies.
    limit : float
        The limit over the mean rate, above 0.
    usual : UsualMargin
        Stands in where the rate hardly ever lies below the limit.
    least_probability : float
        Probability to lie below the limit from which it is cut there.

    Examples
    --------
    >>> from hginventory.ensemble.quantiles import lognormal
    >>> from hginventory.ensemble.rate_distribution import distribution_of, spectrum_of
    >>> rate = distribution_of([spectrum_of(lognormal(0.8))])
    >>> [round(cut_at(rate, limit, UsualMargin(0.4, 0.75), 0.05).mean, 3) for limit in (0.1, 1.0, 10.0)]
    [0.041, 0.526, 0.994]
    """
    below, above = _around(distribution, limit)
    if above < _NEVER:
        return None
    mean, nodes, is_explained = _mean(distribution, limit, usual, least_probability), cut_nodes(), False
    if distribution is None:  # of one rate alone ranks say nothing
        rates = np.full(CUT_NODES, mean)
    elif below < least_probability:
        rates = limit * usual.quantile(distribution.probability(nodes)[0])
    else:
        rates, is_explained = _cut(distribution, nodes, below, above), True
    table = np.minimum(np.minimum(rates, nodes), limit * (1.0 - _ROUNDING)).astype(np.float32)
    return LimitCut(limit, below, is_explained, mean, table, distribution, usual, least_probability)


def cut_nodes() -> Floats:
    """Return the rates at the nodes of a table, shape (CUT_NODES,): `PER_OCTAVE` equal steps an octave."""
    bits = np.arange(CUT_NODES, dtype=np.int64) * (1 << SHIFT) + LOWEST_BITS
    return np.asarray(bits.astype(np.int32).view(np.float32).astype(np.float64))


def _cut(distribution: RateDistribution, rates: Floats, below: float, above: float) -> Floats:
    """Return rates after a cut where the probability to lie below the limit is known."""
    less, more = distribution.probability(rates)
    return distribution.quantile(less * below, more + above - more * above)


def _around(distribution: RateDistribution | None, limit: float) -> tuple[float, float]:
    """Return the probability to be below a limit and to be above it."""
    if distribution is None:
        return (1.0, 0.0) if limit >= 1.0 else (0.0, 1.0)
    below, above = distribution.probability(np.array(limit))
    return float(below), float(above)


def _mean(distribution: RateDistribution | None, limit: float, usual: UsualMargin, least: float) -> float:
    """Return the mean rate after a cut; with the usual margin, the rate itself where it is smaller."""
    below, above = _around(distribution, limit)
    if above < _NEVER:
        return 1.0
    if distribution is None:
        return limit * usual.mean
    if below >= least:
        return min(distribution.mean_below(limit) / below, 1.0, limit)
    middle = np.exp(0.5 * (distribution.edges[:-1] + distribution.edges[1:]))
    margin = limit * usual.quantile(0.5 * (distribution.below[:-1] + distribution.below[1:]))
    lower = np.minimum(middle - margin, 0.0) @ np.diff(distribution.below)
    return float(limit * usual.mean + lower)


@cache
def _normal_quantiles() -> tuple[Floats, Floats]:
    """Return the standard normal distribution function, and z, both rising."""
    z = np.linspace(-REACH, REACH, _QUANTILES)
    return normal_cdf(z), z


def apply_cuts(values: Floats, central: Floats, activity: Singles, tables: Singles, table: Ints32) -> Floats:
    """Return amounts of rows whose rates are cut at limits, shape (n, S); the compiled engine has `kernels.limit_cuts`.

    Parameters
    ----------
    values : ndarray of float, shape (n, S)
        Amounts [kg/yr].
    central : ndarray of float, shape (n,)
        Central amounts, at which the rate is 1 [kg/yr].
    activity : ndarray of float32, shape (n, S)
        Product of the factors that the rate does not contain.
    tables : ndarray of float32, shape (K, CUT_NODES)
        Tables of `LimitCut`.
    table : ndarray of int32, shape (n,)
        Table of each row.
    """
    rate = (values * (1.0 / central)[:, None]).astype(np.float32) / np.maximum(activity, LEAST_ACTIVITY)
    np.maximum(rate, LOWEST, out=rate)
    offset = np.minimum(rate, HIGHEST).view(np.int32) - np.int32(LOWEST_BITS)
    part = (offset & np.int32((1 << SHIFT) - 1)).astype(np.float32) * np.float32(2.0**-SHIFT)
    cell = (offset >> np.int32(SHIFT)) + table[:, None] * np.int32(CUT_NODES)
    after = interpolate(tables.ravel(), cell, part)
    return np.asarray(values * np.minimum(after / rate, np.float32(1.0)))
