"""What a measurement is worth to a plan, in money: the expected value of sample information.

A unit takes the step with the largest net benefit: mercury avoided times a price per kilogram, less the cost of the
step; or none. What a step avoids is in proportion to what the unit emits. Before a measurement the choice is made for
the expected emission. After it the choice is made for the emission expected then; the gain of choosing later, averaged
over what may be measured, is the worth.

The emission expected after a measurement is lognormal around the one before it: of the own part of the error, with the
variance v of the logarithm, a measurement with the error variance t reveals v^2 / (v + t). The net benefit of the best
step is a convex, piecewise linear function of the emission, whose kinks are the edges of the lower hull of the steps
of the unit, so that its mean is a sum of mean excesses of a lognormal, in closed form.

References
----------
.. [1] Raiffa and Schlaifer, Applied Statistical Decision Theory, Harvard University 1961: expected value of sample
   information, preposterior analysis.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.optimisation import NO_STEP, Frontier
from hginventory.decisions.options import StepTable
from hginventory.ensemble import normal_cdf


def worth_by_unit(steps: StepTable, frontier: Frontier, price: float, log_sd: Mapping[int, float]) -> Floats:
    """Return what it is worth to know more of the emission of some units, one by one [money].

    Parameters
    ----------
    steps : StepTable
        All steps, with mercury and cost as the goal counts them.
    frontier : Frontier
        Their least-cost frontier, which includes the hull of every unit.
    price : float
        What a kilogram avoided is worth [money/kg], above 0.
    log_sd : mapping of int to float
        Index of a unit -> standard deviation of the logarithm of its emission as it will be expected after the
        measurement, see `revealed`.

    Returns
    -------
    ndarray of float
        In the order of ``log_sd``, at least 0; 0 where no step can be taken.

    Examples
    --------
    One step that avoids 1 kg for as much as that is worth; knowing the emission perfectly, with a log-sd of 0.5, saves
    the step where the unit emits less than expected:

    >>> import numpy as np
    >>> from hginventory.decisions.optimisation import least_cost_frontier
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0]), np.array([1.0]), np.array([100.0]))
    >>> worth_by_unit(steps, least_cost_frontier(steps), 100.0, {0: 0.5}).round(2).tolist()
    [19.74]
    """
    units = np.array(list(log_sd), dtype=np.int64)
    sizes = np.array(list(log_sd.values()), dtype=np.float64)
    size_of = np.zeros(int(max(units.max(initial=-1), steps.unit.max(initial=-1))) + 1)
    size_of[units] = sizes
    unit = steps.unit[frontier.after]
    more = steps.avoided[frontier.after] - np.where(
        frontier.before == NO_STEP, 0.0, steps.avoided[np.maximum(frontier.before, 0)]
    )
    kink = np.maximum(frontier.slope, 0.0) / price  # over the expected emission: from there on the edge is taken
    gained = price * more * (mean_excess(kink, size_of[unit]) - np.maximum(1.0 - kink, 0.0))
    return np.asarray(np.bincount(unit, weights=np.maximum(gained, 0.0), minlength=size_of.size)[units])


def mean_excess(over: Floats, log_sd: Floats) -> Floats:
    """Return the mean of what a lognormal of mean 1 has over some bounds, ``E[max(m - k, 0)]``.

    Parameters
    ----------
    over : ndarray of float, shape (K,)
        Bounds k, at least 0.
    log_sd : ndarray of float, shape (K,)
        Standard deviation of the logarithm.

    Examples
    --------
    >>> mean_excess(np.array([0.0, 1.0, 1.0]), np.array([0.5, 0.5, 0.0])).round(4).tolist()
    [1.0, 0.1974, 0.0]
    """
    known = (log_sd <= 0.0) | (over <= 0.0)
    bound, size = np.where(known, 1.0, over), np.where(known, 1.0, log_sd)
    upper = -np.log(bound) / size + size / 2.0
    return np.asarray(
        np.where(known, np.maximum(1.0 - over, 0.0), normal_cdf(upper) - bound * normal_cdf(upper - size))
    )


def revealed(own: float, error: float) -> float:
    """Return the standard deviation of the logarithm of what will be expected after a measurement.

    Parameters
    ----------
    own : float
        Of the part of the error that the measurement reveals.
    error : float
        Of the measurement.

    Examples
    --------
    >>> round(revealed(0.4, 0.3), 3), revealed(0.0, 0.3), round(revealed(0.4, 0.0), 3), revealed(0.4, math.inf)
    (0.32, 0.0, 0.4, 0.0)
    """
    return own * own / math.hypot(own, error) if own > 0.0 and math.isfinite(error) else 0.0
