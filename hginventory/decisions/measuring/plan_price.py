"""What a kilogram avoided is worth to a plan, and what a measurement is worth at that price."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hginventory.decisions.measuring.worth import worth_by_unit
from hginventory.decisions.optimisation import (
    SHARE,
    Frontier,
    Goal,
    Rules,
    by_start_year,
    counted_kg,
    least_cost_frontier,
    make_goal,
    needed,
    steps_at_units,
    with_counted_units,
)
from hginventory.decisions.options import Catalogue, StepTable
from hginventory.errors import UnreachableTargetError, UsageError


@dataclass(frozen=True)
class PlanPrice:
    """The steps of a fleet and the price at which a plan takes them.

    Attributes
    ----------
    steps : StepTable
        All steps by start year, with mercury and cost as the goal counts them.
    frontier : Frontier
        Their least-cost frontier.
    price : float
        What a kilogram avoided is worth, as the goal counts it: present value over mercury of the target year, or of
        all years [money/kg].
    usd_per_kg : float
        The same as cost of mercury is stated elsewhere: yearly payment over yearly mercury [money/kg]; NaN where the
        goal counts one year.
    words : str
        Where the price comes from.
    """

    steps: StepTable
    frontier: Frontier
    price: float
    usd_per_kg: float
    words: str

    def worth(self, log_sd: Mapping[int, float]) -> float:
        """Return the value of a measurement that applies to some units [money]; see `worth_by_unit`."""
        return float(worth_by_unit(self.steps, self.frontier, self.price, log_sd).sum())


def plan_price(
    catalogue: Catalogue, goal: Goal | None = None, rules: Rules | None = None, *, usd_per_kg: float | None = None
) -> PlanPrice:
    """Return the steps of a fleet and what a kilogram is worth: the last one of a plan, or a given price.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    goal : Goal, optional
        What the plan is asked for; the price is the cost of the last kilogram on the least-cost frontier.
    rules : Rules, optional
        What the plan must keep to, as of `optimisation.make_plan`: which units and conditions, from which year, at what
        price of moved mercury. Limits on what is built in a year are left out.
    usd_per_kg : float, optional
        Instead of a goal: what a kilogram avoided to the end of life is worth, above 0.

    Raises
    ------
    UsageError
        If neither or both are given, the price is not above 0, or the goal is met for nothing.
    UnreachableTargetError
        If no steps meet the goal.

    Examples
    --------
    >>> import hginventory as hg
    >>> catalogue = Catalogue(hg.project("indonesia", where="capacity_mw >= 600", draws=0).projection)
    >>> round(plan_price(catalogue, usd_per_kg=20_000.0).usd_per_kg)
    20000
    """
    if (goal is None) == (usd_per_kg is None):
        raise UsageError("give one of: a goal of a plan, or `usd_per_kg`, as `usd_per_kg=20000`.")
    if usd_per_kg is not None and not (usd_per_kg > 0 and math.isfinite(usd_per_kg)):
        words = f"{usd_per_kg:g} is not a price of a kilogram. Write a number above 0, as 20000."
        raise UsageError(words, parameter="usd_per_kg", allowed=(0.0, math.inf))
    projection = catalogue.projection
    base_year = projection.settings.base_year
    rules = rules or Rules()
    counted = with_counted_units(goal or make_goal(projection, budget_total=0.0), projection, rules)
    steps = by_start_year(steps_at_units(catalogue, rules), catalogue, counted, rules)
    frontier = least_cost_frontier(steps)
    per_kg = catalogue.horizon.per_kg
    if goal is None:
        asked = float(usd_per_kg or 0.0)
        return PlanPrice(steps, frontier, asked / per_kg, asked, "the price given")
    price = _last_kilogram(frontier, counted, catalogue)
    words = f"the last one of a plan: {counted.words(base_year)}"
    return PlanPrice(steps, frontier, price, math.nan if goal.kind == SHARE else price * per_kg, words)


def _last_kilogram(frontier: Frontier, goal: Goal, catalogue: Catalogue) -> float:
    """Return the slope of the frontier at a plan for a goal [money/kg]."""
    projection = catalogue.projection
    base_year = projection.settings.base_year
    if goal.has_target:
        need = float(needed(goal, counted_kg(projection, goal.sector).sum(axis=0)[:, None], base_year)[0])
        if need > frontier.gain[-1] * (1.0 + 1e-9):
            raise UnreachableTargetError(
                f"the target ({goal.words(base_year)}) needs {need:,.0f} kg avoided; at most "
                f"{frontier.gain[-1]:,.0f} kg can be avoided. Ask for less."
            )
        vertex = frontier.vertex_for(need)
    else:
        vertex = int(np.searchsorted(frontier.cost, goal.most_npv(catalogue.horizon), side="right"))
    price = float(frontier.slope[min(vertex, frontier.slope.size) - 1]) if vertex and frontier.slope.size else 0.0
    if not price > 0:
        raise UsageError(f"a plan ({goal.words(base_year)}) costs nothing, so no measurement can make it cheaper.")
    return price
