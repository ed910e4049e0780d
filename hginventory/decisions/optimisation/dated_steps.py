"""Steps by the year in which they start: every step of a table in every year that goal and rules allow.

The cost of a step follows the year, as capital is written off over what life is left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import Cost, Terms, annuity, yearly_cost
from hginventory.decisions.optimisation.build_up import BuildUp, Room, yearly_limits
from hginventory.decisions.optimisation.goals import SHARE, Goal, Rules
from hginventory.decisions.options import Catalogue, StepTable, UnitOption
from hginventory.decisions.ranking import find_unit
from hginventory.decisions.scenarios import selection_table
from hginventory.errors import UsageError
from hginventory.filters import select
from hginventory.projection import Projection
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER


def by_start_year(steps: StepTable, catalogue: Catalogue, goal: Goal, rules: Rules) -> StepTable:
    """Return every step in every year that goal and rules allow.

    Parameters
    ----------
    steps : StepTable
        From `available_steps.steps_at_units`, or some of them.
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    goal : Goal
        Says how mercury and cost count: mercury of one year against a year's cost, or mercury to the end of life.
    rules : Rules
        First year and units.

    Raises
    ------
    UsageError
        If an excluded unit is not known, or the expression cannot be used.
    """
    projection, terms, unit = catalogue.projection, catalogue.prices.terms, steps.unit
    units, base_year = projection.units, projection.settings.base_year
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)[unit]
    share = np.divide(steps.avoided, air, out=np.zeros(steps.size), where=air > 0)
    end = np.array([one.end_year for one in catalogue.state.units])[unit]
    years = np.arange(base_year, goal.by + 1)
    begin = np.maximum(steps.start_year, base_year if rules.not_before is None else rules.not_before)
    usable = _may_change(projection, rules)[unit][:, None] & (years >= begin[:, None]) & (years < end[:, None])
    row, column = np.nonzero(usable)
    avoided = share[row] * _counted(projection, goal)[unit[row], column]
    kept = avoided > 0
    row, avoided, start = row[kept], avoided[kept], years[column[kept]].astype(np.float64)
    left = end[row] - start
    if goal.in_total:
        cost = steps.capital[row] + steps.operation[row] * left  # as `Cost.total`
    else:
        book = units["sector"].map(dict(terms.book_life)).to_numpy(dtype=np.float64)[unit]
        cost = steps.capital[row] * annuity(terms.rate, np.minimum(book[row], left)) + steps.operation[row]
    return steps.taken(row, start_year=start, avoided=avoided, cost=cost)


def _counted(projection: Projection, goal: Goal) -> Floats:
    """Return the mercury that a step of a year takes its share of: that of the target year, or of all years from it on.

    Shape (N, years from the base year to ``goal.by``) [kg].
    """
    base_year, yearly = projection.settings.base_year, projection.yearly_kg
    width = goal.by - base_year + 1
    padded = np.pad(yearly, ((0, 0), (0, max(0, width - yearly.shape[1]))))
    if goal.kind == SHARE:
        return np.repeat(padded[:, goal.by - base_year, None], width, axis=1)
    return np.asarray(np.cumsum(padded[:, ::-1], axis=1)[:, ::-1][:, :width])


def _may_change(projection: Projection, rules: Rules) -> Flags:
    """Return which units the rules leave open, shape (N,)."""
    index = projection.units.index
    units, combined = projection.units, projection.settings.combined
    excluded = [find_unit(units, name, combined=combined, parameter="exclude") for name in sorted(rules.exclude)]
    out = ~np.asarray(index.isin(excluded))
    if rules.only:
        out &= select(selection_table(projection, None).reset_index(), rules.only, parameter="only")
    if kilns_stay_out(projection, rules):
        out &= ~units["sector"].eq(CEMENT_KILN).to_numpy()
    return out


def with_counted_units(goal: Goal, projection: Projection, rules: Rules) -> Goal:
    """Return a goal whose share is one of the units that may be changed: of coal units where kilns stay out."""
    return replace(goal, sector=COAL_POWER) if kilns_stay_out(projection, rules) else goal


def kilns_stay_out(projection: Projection, rules: Rules) -> bool:
    """Return whether the kilns of a fleet of both sectors stay as they are: nobody asked for them.

    A fleet of kilns, or units chosen by `only` that are all kilns, asks for them, as `with_kilns` does.
    """
    is_kiln = projection.units["sector"].eq(CEMENT_KILN).to_numpy()
    chosen = np.ones(is_kiln.size, np.bool_)
    if rules.only:
        chosen = select(selection_table(projection, None).reset_index(), rules.only, parameter="only")
    return not rules.with_kilns and bool(is_kiln.any() and not is_kiln.all()) and not is_kiln[chosen].all()


def cost_of(option: UnitOption, year: int, terms: Terms, sector: str) -> Cost:
    """Return the cost of a step that starts in a year, with its range."""
    cost = option.cost
    if cost is None:
        raise UsageError(f"{option.option} at {option.unit_id} has no cost. Use an option whose cost is known.")
    life = min(terms.book_life[sector], option.end_year - year)
    return replace(cost, life=life, per_year=yearly_cost(cost.capital, cost.fixed, cost.variable, terms.rate, life))


def earlier(steps: StepTable, chosen: Ints, per_year: int | None, pace: BuildUp | None = None) -> Ints:
    """Return a plan with its steps moved to earlier years where that costs no more and avoids no less.

    The year of a target does not ask when before it a step starts; the mercury of the years until then does.

    Parameters
    ----------
    steps : StepTable
        All steps by start year.
    chosen : ndarray of int
        Rows of those taken.
    per_year : int or None
        Most retrofits that may start in a year.
    pace : BuildUp, optional
        Capacity that may start in a year.
    """
    plan, number = chosen.tolist(), steps.step_at_unit()
    others: dict[int, list[int]] = {}
    for row in np.flatnonzero(np.isin(number, number[chosen])).tolist():
        others.setdefault(int(number[row]), []).append(row)  # in the order of years
    room = Room(yearly_limits(steps, per_year, pace), steps.size)
    for row in plan:
        room.add(row)
    plan.sort(key=lambda row: (-steps.avoided[row], row))
    moved = True
    while moved:
        moved = False
        for rank, now in enumerate(plan):
            for other in others[int(number[now])]:
                if steps.start_year[other] >= steps.start_year[now]:
                    break
                is_better = steps.cost[other] <= steps.cost[now] and steps.avoided[other] >= steps.avoided[now]
                if is_better and room.fits(other, now):
                    room.add(now, -1)
                    room.add(other)
                    plan[rank], moved = other, True
                    break
    return np.array(sorted(plan), dtype=np.int64)
