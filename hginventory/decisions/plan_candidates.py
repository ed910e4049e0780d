"""What a plan can choose from: option x year at each unit, as plain arrays, from the catalogue of options.

A candidate is an option that applies, is priced and avoids mercury, or two of them together through the resulting
train, with a year in which it starts. Its cost follows the year, as capital is written off over what life is left.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from hginventory.decisions.choices import Choices, Flags, Floats, Ints
from hginventory.decisions.cost_terms import Cost, Terms
from hginventory.decisions.money import NOTHING, Range, annuity, yearly_cost
from hginventory.decisions.option_situation import NO
from hginventory.decisions.option_table import CLOSURE
from hginventory.decisions.options import Catalogue
from hginventory.decisions.plan_goals import SHARE, Goal, Rules
from hginventory.decisions.selection import selection_table
from hginventory.decisions.unit_option import UnitOption
from hginventory.decisions.unit_state import UnitState, fleet_state
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.select import select

PAIRED = 6  # options of a unit that are tried in pairs, those of lowest cost per kg
KW_PER_MW = 1000.0
CLOSED = "no retrofit: the unit closes early"


@dataclass(frozen=True)
class Candidates:
    """Offers and years, C of them.

    Attributes
    ----------
    offers : tuple of UnitOption
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
        Cost of a year of full operation, and of all years to the end of life, not discounted [money].
    """

    offers: tuple[UnitOption, ...]
    place: Ints
    share: Floats
    offer: Ints
    choices: Choices
    per_year: Floats
    total: Floats


def offers_of(catalogue: Catalogue, rules: Rules) -> tuple[UnitOption, ...]:
    """Return what can be done at the units of a fleet: options, pairs of them, and closure where it has a price.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on chosen terms.
    rules : Rules
        Only the price of closure is looked at; other rules hold for candidates.
    """
    out: list[UnitOption] = []
    state = fleet_state(catalogue.projection)
    for unit in map(str, catalogue.projection.units.index):
        options = catalogue.of_unit(unit)
        open_to = [option for option in options if _open(option)]
        out += [*open_to, *_pairs(catalogue, unit, open_to)]
        if rules.closure_usd_per_kw is not None:
            out += _closure(catalogue, state.of(unit), options, rules.closure_usd_per_kw)
    return tuple(out)


def _open(option: UnitOption) -> bool:
    return (
        option.applies != NO
        and option.cost is not None
        and option.avoided_kg_per_yr > 0
        and math.isfinite(option.cost.per_year.value)
    )


def _pairs(catalogue: Catalogue, unit: str, options: Sequence[UnitOption]) -> Iterator[UnitOption]:
    cheap = sorted(options, key=lambda option: (_price(option), option.option))[:PAIRED]
    for first, second in combinations(cheap, 2):
        try:
            both = catalogue.combined(unit, sorted([first.option, second.option]))
        except UsageError:  # two of one kind
            continue
        if _open(both) and both.avoided_kg_per_yr > max(first.avoided_kg_per_yr, second.avoided_kg_per_yr):
            yield both


def _price(option: UnitOption) -> float:
    assert option.cost is not None
    return option.cost.per_year.value / option.avoided_kg_per_yr


def _closure(
    catalogue: Catalogue, unit: UnitState, options: Sequence[UnitOption], usd_per_kw: float
) -> Iterator[UnitOption]:
    """Yield closure of a unit from the year after the base year on; kilns have no capacity to price."""
    for option in options:
        closes = catalogue.table.options[option.option].mode == CLOSURE
        air = float(catalogue.projection.units["air_kg_per_yr"].iloc[unit.place])
        if not closes or option.applies == NO or not unit.size.capacity_mw > 0 or not air > 0:
            continue
        capital = Range.exact(usd_per_kw * unit.size.capacity_mw * KW_PER_MW)
        terms = catalogue.prices.terms
        first = max(catalogue.projection.settings.base_year + 1.0, unit.first_year)
        life = min(terms.book_life[unit.sector], unit.end_year - first)
        if life > 0:
            per_year = yearly_cost(capital, NOTHING, NOTHING, terms.rate, life)
            cost = Cost(capital, NOTHING, NOTHING, per_year, per_year, life, ("price of closure as given",), ())
            yield replace(option, first_year=first, avoided_kg_per_yr=air, cost=cost, reason=CLOSED)


def candidates(
    offers: Sequence[UnitOption], projection: Projection, goal: Goal, rules: Rules, terms: Terms
) -> Candidates:
    """Return every offer in every year that goal and rules allow.

    Parameters
    ----------
    offers : sequence of UnitOption
        From `offers_of`.
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
    units, base_year = projection.units, projection.settings.base_year
    place = units.index.get_indexer(pd.Index([offer.unit_id for offer in offers])).astype(np.int64)
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    avoided, first, end = (_column(offers, name) for name in ("avoided_kg_per_yr", "first_year", "end_year"))
    share = np.divide(avoided, air[place], out=np.zeros(place.size), where=air[place] > 0)
    years = np.arange(base_year, goal.by + 1)
    begin = np.maximum(first, base_year if rules.not_before is None else rules.not_before)
    usable = _may_change(projection, rules)[place][:, None] & (years >= begin[:, None]) & (years < end[:, None])
    offer, column = np.nonzero(usable)
    gain = share[offer] * _counted(projection, goal)[place[offer], column]
    kept = gain > 0
    offer, column, gain = offer[kept], column[kept], gain[kept]
    left = end[offer] - years[column]
    book = np.array([terms.book_life[str(units["sector"].iloc[p])] for p in place], dtype=np.float64)
    capital, fixed, variable = (
        np.array([getattr(o.cost, name).value for o in offers], dtype=np.float64)
        for name in ("capital", "fixed", "variable")
    )
    life = np.minimum(book[offer], left)
    lives, where = np.unique(life, return_inverse=True)
    repaid = np.array([annuity(terms.rate, years) for years in lives.tolist()])[where] if life.size else life
    per_year = capital[offer] * repaid + fixed[offer] + variable[offer]
    total = per_year * left
    closes = np.array([o.reason == CLOSED for o in offers], dtype=np.bool_)
    own = Choices(
        place[offer], gain, total if goal.in_total else per_year, years[column].astype(np.int64), ~closes[offer]
    )
    return Candidates(tuple(offers), place, share, offer, own, per_year, total)


def _column(offers: Sequence[UnitOption], name: str) -> Floats:
    return np.array([getattr(offer, name) for offer in offers], dtype=np.float64)


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
        raise UsageError(f"--exclude: there is no unit {unknown[0]!r} in this run. See units.csv of hginv project.")
    out = ~np.asarray(index.isin(list(rules.exclude)))
    if rules.only:
        try:
            out &= select(selection_table(projection, None).reset_index(), rules.only)
        except UsageError as error:
            raise UsageError(str(error).replace("--where", "--only", 1)) from None
    return out


def cost_of(option: UnitOption, year: int, terms: Terms, sector: str) -> Cost:
    """Return the cost of an offer that starts in a year, with its range."""
    assert option.cost is not None
    life = min(terms.book_life[sector], option.end_year - year)
    cost = option.cost
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
