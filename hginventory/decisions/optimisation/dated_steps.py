"""Steps by the year in which they start: every step of a table in every year that goal and rules allow.

The cost of a step is its present value: a later start is paid later, and for fewer years.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import annuity
from hginventory.decisions.optimisation.build_up import BuildUp, Room, yearly_limits
from hginventory.decisions.optimisation.goals import SHARE, Goal, Rules
from hginventory.decisions.options import Catalogue, StepTable
from hginventory.decisions.ranking import find_unit
from hginventory.decisions.scenarios import selection_table
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
        Says which mercury counts: that of one year, or all to the end of life.
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
    book = units["sector"].map(dict(terms.book_life)).to_numpy(dtype=np.float64)[unit[row]]
    per_year = steps.capital[row] * annuity(terms.rate, np.minimum(book, end[row] - start)) + steps.operation[row]
    cost = per_year * catalogue.horizon.discounted_years(start, end[row])
    return steps.taken(row, start_year=start, avoided=avoided, cost=cost)


def _counted(projection: Projection, goal: Goal) -> Floats:
    """Return the mercury that a step of a year takes its share of: that of the target year, or of all years from it on.

    Shape (N, years from the base year to ``goal.by``) [kg].
    """
    if goal.kind != SHARE:
        return _left(projection, goal.by)
    column = goal.by - projection.settings.base_year
    return np.repeat(projection.yearly_kg[:, column, None], column + 1, axis=1)


def _left(projection: Projection, last: int) -> Floats:
    """Return the mercury of all years from each one on, shape (N, years from the base year to the last) [kg]."""
    yearly = projection.yearly_kg
    width = last - projection.settings.base_year + 1
    left = np.cumsum(yearly[:, ::-1], axis=1)[:, ::-1][:, :width]
    return np.pad(left, ((0, 0), (0, width - left.shape[1])))


def to_the_end(steps: StepTable, projection: Projection, goal: Goal) -> Floats:
    """Return the mercury that dated steps avoid from their start to the end of life, whatever the goal counts [kg].

    Parameters
    ----------
    steps : StepTable
        From `by_start_year` for this goal, shape (K,).
    projection, goal
        As there.
    """
    if goal.kind != SHARE:
        return steps.avoided
    column = steps.start_year.astype(np.int64) - projection.settings.base_year
    return np.asarray(steps.avoided / _counted(projection, goal)[steps.unit, column]
                      * _left(projection, goal.by)[steps.unit, column])  # fmt: skip


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


def earlier(steps: StepTable, chosen: Ints, per_year: int | None, pace: BuildUp | None = None) -> Ints:
    """Return a plan with its steps moved to earlier years where that costs no more and avoids no less.

    An earlier start is paid for longer, so that only steps that save money or have no operation move.

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
