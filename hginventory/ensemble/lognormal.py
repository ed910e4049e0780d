"""Lognormal distributions by mean, median, ln-sd and percentiles.

A fleet emits the sum of its units, so the centre of every factor is the arithmetic mean. The median of a
lognormal lies below it, and a sum of medians loses mass.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_STANDARD = NormalDist()


def ln_sd_of_range(low: float, high: float, coverage: float = 0.8) -> float:
    """Return the standard deviation of the logarithm of a lognormal with a central interval.

    Parameters
    ----------
    low, high : float
        Bounds of the interval, in one unit, above zero.
    coverage : float
        Probability inside the interval [0-1]; 0.8 is p10 to p90.

    Examples
    --------
    Coal power of China in 2008, 57.3 to 183.0 t, P10 to P90 (Zhang et al. 2012, EST 46:6385).

    >>> round(ln_sd_of_range(57.3, 183.0), 3)
    0.453
    """
    z = _STANDARD.inv_cdf(0.5 + coverage / 2.0)
    return math.log(high / low) / (2.0 * z)


def mean_of_median(median: float, ln_sd: float) -> float:
    """Return the arithmetic mean of a lognormal, in the unit of its median.

    Examples
    --------
    A geometric standard deviation of 3: the mean is 1.83 times the median.

    >>> round(mean_of_median(1.0, math.log(3.0)), 2)
    1.83
    """
    return median * math.exp(ln_sd**2 / 2.0)


def percentile(median: float, ln_sd: float, probability: float) -> float:
    """Return a percentile of a lognormal, in the unit of its median.

    Parameters
    ----------
    median : float
        Median, any unit.
    ln_sd : float
        Standard deviation of the logarithm.
    probability : float
        Between 0 and 1, both excluded.

    Examples
    --------
    >>> percentile(10.0, 0.5, 0.5)
    10.0
    """
    return median * math.exp(ln_sd * _STANDARD.inv_cdf(probability))
