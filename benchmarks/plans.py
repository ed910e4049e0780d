"""Steps at made-up fleets for the claims on plans: few large units, returns that fall with what a step takes out."""

from __future__ import annotations

import time

import numpy as np
from measure import seconds

from hginventory.decisions.optimisation.abatement_curve import least_cost_frontier
from hginventory.decisions.optimisation.solver import GAP, least_cost, most_gain
from hginventory.decisions.options.step_table import StepTable, plain_steps

SHARES, LIMITS = (0.3, 0.5, 0.8), (None, 12, 40)  # targets, and retrofits a year
BOOK_LIFE = 20


def fleet(units: int, options: int, years: int = 1, seed: int = 1) -> StepTable:
    """Return steps at a fleet; a tenth of the units have an option that saves money."""
    random = np.random.default_rng(seed)
    size = random.lognormal(3.0, 1.2, (units, 1))
    share = random.uniform(0.05, 0.95, (units, options))
    cost = size**0.7 * share**2 * random.lognormal(11.0, 0.6, (units, options))
    cost[:, 0] *= np.where(random.random(units) < 0.1, -0.1, 1.0)
    left = random.integers(10, 45, (units, 1, 1)) - np.arange(years)
    paid = cost[:, :, None] * (1.0 + BOOK_LIFE / np.minimum(left, BOOK_LIFE))
    shape = (units, options, years)
    columns = np.arange(units)[:, None, None], (size * share)[:, :, None] * left, paid * left, np.arange(years)
    unit, gain, cost, year = (np.broadcast_to(column, shape).ravel() for column in columns)
    return plain_steps(unit, gain, cost, year)


def slowest_plan() -> float:
    """Return the longest time [s] of 300 units x 8 options x 10 years to 0.1 %; infinite where the gap is missed."""
    own = fleet(300, 8, 10)
    longest = 0.0
    least_cost(fleet(5, 3), 1.0)  # scipy is imported before the clock runs
    for per_year in LIMITS:
        most = most_gain(own, per_year=per_year).gain
        for share in SHARES:
            start = time.perf_counter()
            found = least_cost(own, share * most, per_year=per_year)
            spent = time.perf_counter() - start
            if found is None or found.gap > GAP:
                return float("inf")
            longest = max(longest, spent)
    return longest


def frontier_time(units: int) -> float:
    """Return the time [s] of the frontier of some units x 8 options."""
    own = fleet(units, 8)
    return seconds(lambda: least_cost_frontier(own))
