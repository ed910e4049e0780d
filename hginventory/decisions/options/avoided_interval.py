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

from hginventory._types import Floats
from hginventory.decisions.costs import EMPTY, Range
from hginventory.decisions.options.mercury_effect import Outcome, UncertainShare
from hginventory.decisions.ranking import Certainty
from hginventory.ensemble import GRID, beta
from hginventory.factors import RANGE_90
from hginventory.projection import Projection

POINTS = 25  # equally likely values of each error
LEVELS = (0.05, 0.5, 0.95)
NOT_DRAWN = (math.nan,) * 3


def of_all_years(projection: Projection, sure: Certainty, end: str) -> Floats:
    """Return a percentile of the emission of units over its mean, as it is over many years [1].

    What remains leaves out how one year differs from another; where last years shift it includes these too, and the
    rate of one year is used.

    Parameters
    ----------
    projection : Projection
        The run.
    sure : Certainty
        Its draws.
    end : str
        ``p05`` or ``p95``.

    Returns
    -------
    ndarray of float, shape (N,)
        As `avoided_share` takes it.
    """
    units = projection.units
    ratio = sure.units[f"air_kg_per_yr_{end}"] / units["air_kg_per_yr"]
    if not projection.settings.lifetime_spread > 0.0:
        ratio = ratio.mask(units["lifetime_kg"] > 0, sure.units[f"lifetime_kg_{end}"] / units["lifetime_kg"])
    return ratio.to_numpy(dtype=np.float64)


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


def levels_of(mean: float, p05: float, p50: float, p95: float) -> tuple[float, float, float]:
    """Return percentiles over their mean [1], as `cost_per_kg` takes them; NaN where there is no mean.

    >>> levels_of(4.0, 2.0, 3.0, 8.0)
    (0.5, 0.75, 2.0)
    """
    return (p05 / mean, p50 / mean, p95 / mean) if mean > 0 else NOT_DRAWN


def cost_per_kg(cost: Range, avoided: float, levels: tuple[float, float, float] = NOT_DRAWN) -> Range:
    """Return what a kilogram costs, with its 5th and 95th percentile: the cost and the mercury are drawn, not cornered.

    The ends of a cost are taken as its 5th and 95th percentile, as those of the avoided mercury are; either goes from
    its middle to its ends as a normal does, the mercury in its logarithm. Both are independent: that a unit which runs
    more pays more and avoids more is not counted, so that the interval is rather too wide.

    Parameters
    ----------
    cost : Range
        Cost [money/yr]; NaN gives NaN.
    avoided : float
        Mean of the mercury avoided [kg/yr]; a cost without mercury has no end.
    levels : tuple of float
        Its 5th, 50th and 95th percentile over its mean [1]; NaN without draws: then only the cost has a range.

    Returns
    -------
    Range
        Cost over mean mercury, and the percentiles of the cost of a kilogram [money/kg].

    Examples
    --------
    >>> cost_per_kg(Range(10.0, 5.0, 20.0), 2.0)
    Range(value=5.0, low=2.5, high=10.0)
    >>> drawn = cost_per_kg(Range(10.0, 5.0, 20.0), 2.0, (0.5, 1.0, 2.0))
    >>> round(drawn.low, 2), round(drawn.high, 2)  # the corners are 1.25 and 20, two lognormals give 1.88 and 13.3
    (1.94, 13.36)
    """
    if math.isnan(cost.value):
        return EMPTY
    if avoided <= 0:
        return Range.exact(math.copysign(math.inf, cost.value) if cost.value else math.nan)
    value = cost.value / avoided
    if any(math.isnan(level) for level in levels):
        return Range(value, cost.low / avoided, cost.high / avoided)
    if levels[0] > 0:
        low, middle, high = map(math.log, levels)
        kg = avoided * np.exp(_two_sided(low, middle, high))
    else:
        kg = avoided * _two_sided(*levels)
    money, kg = np.meshgrid(_two_sided(cost.low, cost.value, cost.high), kg)
    each = np.where(money == 0, 0.0, np.copysign(np.inf, money))  # where nothing is avoided
    np.divide(money, kg, out=each, where=kg > 0)
    p05, p95 = (float(end) for end in np.quantile(each, LEVELS[::2], method="inverted_cdf"))
    return Range(value, p05, p95)


def _two_sided(low: float, middle: float, high: float) -> Floats:
    """Return equally likely values whose middle and ends are given: a normal with another width on each side."""
    z = _points()
    return middle + np.where(z < 0, (middle - low) * z, (high - middle) * z) * (2.0 / RANGE_90)


@lru_cache(maxsize=1)
def _points() -> Floats:
    """Return standard normal values of equal probability, shape (POINTS,)."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((number + 0.5) / POINTS) for number in range(POINTS)])


@lru_cache(maxsize=4096)
def _values(share: UncertainShare) -> Floats:
    """Return equally likely values of an uncertain share, shape (POINTS,), in the order of z."""
    sd = min(share.sd, 0.999 * math.sqrt(max(share.mean * (1.0 - share.mean), 0.0)))
    if sd <= 0:
        return np.full(POINTS, share.mean)
    return np.interp(_points(), GRID, beta(share.mean, sd))
