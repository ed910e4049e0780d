"""How sure the avoided mercury of an option is: a simple combination, not a new set of draws.

Two independent errors are combined on a grid of equally likely values: the mercury that goes in, whose spread is that
of the draws of the unit less that of its removal, and the removal, whose error before and after is the same (z is kept
when a train changes, and no added device lowers the removal). A step without a train has an error of its own.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hginventory.decisions.option_outcome import Outcome, Share
from hginventory.ensemble.quantiles import GRID, beta
from hginventory.factors.spread import RANGE_90

Floats = NDArray[np.float64]
POINTS = 25  # equally likely values of each error
LEVELS = (0.05, 0.5, 0.95)


def avoided_share(outcome: Outcome, removal_before: float, p05: float, p95: float) -> tuple[float, float, float]:
    """Return the 5th, 50th and 95th percentile of the avoided mercury over the mean emission before.

    Parameters
    ----------
    outcome : Outcome
        What the step does.
    removal_before : float
        Removal of the run [0-1].
    p05, p95 : float
        Percentiles of the emission of the unit over its mean [1], from the draws.

    Returns
    -------
    tuple of float
        NaN where the unit has no draws or emits nothing.
    """
    if not 0 < p05 <= p95 or removal_before >= 1.0:
        return (math.nan,) * 3
    z = _points()
    before, after = _values(outcome.before), _values(outcome.after)
    if outcome.after.mean >= outcome.before.mean:
        after = np.maximum(after, before)
    total = math.log(p95 / p05) / RANGE_90
    own = max(total**2 - float(np.var(np.log(1.0 - before))), 0.0) ** 0.5
    put_in = np.exp(own * z - own**2 / 2.0)  # mean 1
    left = 1.0 - _values(outcome.effect)
    share = (1.0 - before)[:, None] - left[None, :] * (1.0 - after)[:, None]
    passing = 1.0 - outcome.before.mean
    values = np.multiply.outer(put_in, share / passing).ravel()
    low, middle, high = (float(value) for value in np.quantile(values, LEVELS))
    return low, middle, high


@lru_cache(maxsize=1)
def _points() -> Floats:
    """Return standard normal values of equal probability, shape (POINTS,)."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((number + 0.5) / POINTS) for number in range(POINTS)])


@lru_cache(maxsize=4096)
def _values(share: Share) -> Floats:
    """Return equally likely values of an uncertain share, shape (POINTS,), in the order of z."""
    sd = min(share.sd, 0.999 * math.sqrt(max(share.mean * (1.0 - share.mean), 0.0)))
    if sd <= 0:
        return np.full(POINTS, share.mean)
    return np.interp(_points(), GRID, beta(share.mean, sd))
