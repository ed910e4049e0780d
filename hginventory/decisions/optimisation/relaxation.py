"""The linear relaxation of a plan with one bound on its sums, in closed form: the least-cost frontier solves it.

With one step a unit at most and one bound, the best plan of parts of steps takes whole steps at all units but one. The
price of the bound is the slope of the frontier there, and says what each step loses against the best of its unit.
"""

from __future__ import annotations

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.optimisation.abatement_curve import least_cost_frontier
from hginventory.decisions.options import StepTable


def relaxed_cost(steps: StepTable, least_gain: float) -> tuple[float, Floats] | None:
    """Return the least cost of parts of steps that gain enough, and the reduced costs; None where there is none.

    Parameters
    ----------
    steps : StepTable
        Steps, at most one a unit, shape (K,).
    least_gain : float
        What must be gained [kg].

    Returns
    -------
    tuple of float and ndarray of float, shape (K,)
        Bound below which no plan costs [money], and what each step costs at least beyond it [money].

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 9.0, 4.0]))
    >>> bound, reduced = relaxed_cost(steps, 2.0)
    >>> bound, reduced.tolist()
    (3.0, [0.0, 4.0, 0.0])
    """
    frontier = least_cost_frontier(steps)
    bound = frontier.bound(least_gain)
    if not np.isfinite(bound):
        return None
    segment = int(np.searchsorted(frontier.gain, least_gain)) - 1
    price = 0.0 if segment < 0 else float(frontier.slope[min(segment, frontier.slope.size - 1)])
    return bound, _reduced(steps, steps.cost - price * steps.avoided)


def relaxed_gain(steps: StepTable, budget: float) -> tuple[float, Floats] | None:
    """Return minus the most that parts of steps gain within a budget, and the reduced costs; None where there is none.

    Parameters
    ----------
    steps : StepTable
        Steps, at most one a unit, shape (K,), with what each takes from the budget as its cost.
    budget : float
        Most that may be spent [money].

    Returns
    -------
    tuple of float and ndarray of float, shape (K,)
        Minus the most that can be gained [kg], and what each step loses at least against it [kg].

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 0, 1]), np.array([1.0, 3.0, 2.0]), np.array([1.0, 9.0, 4.0]))
    >>> bound, reduced = relaxed_gain(steps, 3.0)
    >>> bound, reduced.tolist()
    (-2.0, [0.0, 2.0, 0.0])
    """
    frontier = least_cost_frontier(steps)
    if budget < frontier.cost[0]:
        return None
    segment = int(np.searchsorted(frontier.cost, budget, side="right")) - 1
    price = 0.0 if segment >= frontier.slope.size else 1.0 / float(frontier.slope[segment])
    gain = float(np.interp(budget, frontier.cost, frontier.gain))
    return -gain, _reduced(steps, price * steps.cost - steps.avoided)


def _reduced(steps: StepTable, priced: Floats) -> Floats:
    """Return what steps are above the best of their unit, doing nothing included."""
    best = np.zeros(int(steps.unit.max(initial=-1)) + 1)
    np.minimum.at(best, steps.unit, priced)
    return np.asarray(np.maximum(priced - best[steps.unit], 0.0))
