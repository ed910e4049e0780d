"""What a plan can choose from: option x year at each unit, as plain arrays, from the catalogue of options.

A candidate is an option that applies, is priced and avoids mercury, or two of them together through the resulting
train, with a year in which it starts. Its cost follows the year, as capital is written off over what life is left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import Cost, Terms, annuity, yearly_cost
from hginventory.decisions.optimisation.available_steps import Offers
from hginventory.decisions.optimisation.choices import Choices
from hginventory.decisions.optimisation.goals import SHARE, Goal, Rules
from hginventory.decisions.options import UnitOption
from hginventory.decisions.scenarios import selection_table
from hginventory.errors import UsageError
from hginventory.filters import select
from hginventory.projection import Projection


@dataclass(frozen=True)
class Candidates:
    """Offers and years, C of them.

    Attributes
    ----------
    offers : Offers
        Options of units, K of them.
    place : ndarray of int, shape (K,)
        Row of the unit of each offer in ``units``.
    share : ndarray of float, shape (K,)
        Share of the emission of its unit that it takes out [0-1].
    offer : ndarray of int, shape (C,)
        Offer of each candidate.
    choices : Choices
        Unit, gain and cost as the goal counts them, year.
    per_year, total : ndarray of float, shape (C,)
        Cost of a year of full operation, and capital once with operation to the end of life, not discounted [money].
    """

    offers: Offers
    place: Ints
    share: Floats
    offer: Ints
    choices: Choices
    per_year: Floats
    total: Floats


def candidates(offers: Offers, projection: Projection, goal: Goal, rules: Rules, terms: Terms) -> Candidates:
    """Return every offer in every year that goal and rules allow.

    Parameters
    ----------
    offers : Offers
        From `offers.offers_of`.
    projection : Projection
        The run.
    goal : Goal
        Says what gain and cost are: mercury of one year against a year's cost, or mercury to the end of life.
    rules : Rules
        First year and units.
    terms : Terms
        Terms of the costs.

    Raises
    ------
    UsageError
        If an excluded unit is not known, or the expression cannot be used.
    """
    units, base_year, own = projection.units, projection.settings.base_year, offers.offered
    place, first, end = own.unit, own.first, own.end
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    share = np.divide(own.avoided, air[place], out=np.zeros(place.size), where=air[place] > 0)
    years = np.arange(base_year, goal.by + 1)
    begin = np.maximum(first, base_year if rules.not_before is None else rules.not_before)
    usable = _may_change(projection, rules)[place][:, None] & (years >= begin[:, None]) & (years < end[:, None])
    offer, column = np.nonzero(usable)
    gain = share[offer] * _counted(projection, goal)[place[offer], column]
    kept = gain > 0
    offer, column, gain = offer[kept], column[kept], gain[kept]
    left = end[offer] - years[column]
    book = units["sector"].map(dict(terms.book_life)).to_numpy(dtype=np.float64)[place]
    repaid = annuity(terms.rate, np.minimum(book[offer], left))
    per_year = own.capital[offer] * repaid + own.operation[offer]
    total = own.capital[offer] + own.operation[offer] * left  # as `Cost.total`
    cost = total if goal.in_total else per_year
    choices = Choices(place[offer], gain, cost, years[column].astype(np.int64), ~offers.closes[offer])
    return Candidates(offers, place, share, offer, choices, per_year, total)


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
    unknown = sorted(rules.exclude - set(map(str, index)))
    if unknown:
        raise UsageError(
            f"there is no unit {unknown[0]!r} in this run. See units.csv of hginv project.", parameter="exclude"
        )
    out = ~np.asarray(index.isin(list(rules.exclude)))
    if rules.only:
        out &= select(selection_table(projection, None).reset_index(), rules.only, parameter="only")
    return out


def cost_of(option: UnitOption, year: int, terms: Terms, sector: str) -> Cost:
    """Return the cost of an offer that starts in a year, with its range."""
    cost = option.cost
    if cost is None:
        raise UsageError(f"{option.option} at {option.unit_id} has no cost. Use an option whose cost is known.")
    life = min(terms.book_life[sector], option.end_year - year)
    return replace(cost, life=life, per_year=yearly_cost(cost.capital, cost.fixed, cost.variable, terms.rate, life))


def earlier(found: Candidates, chosen: Ints, per_year: int | None) -> Ints:
    """Return a plan with its steps moved to earlier years where that costs no more and gains no less.

    The year of a target does not ask when before it a step starts; the mercury of the years until then does.

    Parameters
    ----------
    found : Candidates
        All candidates.
    chosen : ndarray of int
        Those taken.
    per_year : int or None
        Most retrofits that may start in a year.
    """
    own, plan = found.choices, chosen.tolist()
    wanted = set(found.offer[chosen].tolist())
    others: dict[int, list[int]] = {}
    for choice in np.flatnonzero(np.isin(found.offer, list(wanted))).tolist():
        others.setdefault(int(found.offer[choice]), []).append(choice)  # in the order of years
    used = Counter(int(own.year[choice]) for choice in plan if own.counted[choice])
    plan.sort(key=lambda choice: (-own.gain[choice], choice))
    moved = True
    while moved:
        moved = False
        for number, now in enumerate(plan):
            for other in others[int(found.offer[now])]:
                year, counted = int(own.year[other]), bool(own.counted[other])
                if year >= own.year[now]:
                    break
                room = per_year is None or not counted or used[year] < per_year
                if room and own.cost[other] <= own.cost[now] and own.gain[other] >= own.gain[now]:
                    used[int(own.year[now])] -= counted
                    used[year] += counted
                    plan[number], moved = other, True
                    break
    return np.array(sorted(plan), dtype=np.int64)
