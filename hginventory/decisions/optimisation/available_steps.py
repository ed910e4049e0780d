"""What a plan can do at each unit of a fleet: options, pairs of them, and closure; as a table, single rows as options.

The pairs of a unit are those of its cheapest options through the resulting train, where they avoid more than either.
The cheapest without and with conditions count each for themselves, so that what is accepted takes away no other pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np

from hginventory._types import Ints
from hginventory.decisions.costs import KW_PER_MW, NOTHING, Cost, Horizon, Range, annuity, yearly_cost
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options import (
    BY_BALANCE,
    CLOSURE,
    Catalogue,
    Condition,
    FleetOptions,
    Option,
    StepTable,
    UnitOption,
    cost_per_kg,
    joined,
    one_of_a_kind,
)

PAIRED = 6  # options of a unit that are tried in pairs, those of lowest cost per kg
CLOSED = "no retrofit: the unit closes early"
_Asked = tuple[Condition, float | None, float | None]
_KNOWN: WeakKeyDictionary[Catalogue, dict[_Asked, StepTable]] = WeakKeyDictionary()  # plans of one run share them


def steps_at_units(catalogue: Catalogue, rules: Rules) -> StepTable:
    """Return what can be done at the units of a fleet: options, pairs of them, and closure where it has a price.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    rules : Rules
        The price of closure, the conditions that are accepted and the price of moved mercury are used; other
        rules apply to start years.

    Examples
    --------
    >>> import hginventory as hg
    >>> steps = steps_at_units(Catalogue(hg.project("indonesia", draws=0).projection), Rules())
    >>> steps.names[steps.step[0]], steps.size > 5000
    ('A1', True)
    """
    known = _KNOWN.setdefault(catalogue, {})
    asked = (rules.accept, rules.closure_usd_per_kw, rules.moved_price)
    if asked not in known:
        known[asked] = _steps_at_units(catalogue, rules)
    return known[asked]


def _steps_at_units(catalogue: Catalogue, rules: Rules) -> StepTable:
    fleet, terms = catalogue.of_fleet(), catalogue.prices.terms
    parts: list[StepTable] = []
    for sector, book_life in terms.book_life.items():
        options = sorted((o for o in catalogue.table.options.values() if o.sector == sector), key=lambda o: o.option)
        units = fleet.of_sector(sector)
        alone = [fleet.table((option,), units, rate=terms.rate, book_life=book_life) for option in options]
        pairable = [_accepted(steps, rules.accept | BY_BALANCE) for steps in alone]  # a partner may meet the latter
        pairs = _pairs(fleet, units, options, pairable, rules.accept, terms.rate, book_life)
        parts += [_accepted(steps, rules.accept) for steps in (*alone, *pairs)]
    if rules.closure_usd_per_kw is not None:
        for option in catalogue.table.options.values():
            if option.mode == CLOSURE:
                parts.append(_closures(catalogue, fleet, option, rules.closure_usd_per_kw))
    price = catalogue.prices.basis("moved_price") if rules.moved_price is None else rules.moved_price
    return _with_moved_price(joined(parts), price)


def _accepted(steps: StepTable, conditions: Condition) -> StepTable:
    """Return the steps that depend on nothing but some conditions."""
    return steps.taken((steps.conditions & ~int(conditions)) == 0)


def _with_moved_price(steps: StepTable, price: float) -> StepTable:
    """Return steps with the price of the mercury that they move to the sea or into sold ash in their operation.

    What they keep from there is not paid for; where the ash goes is not known nothing is priced.
    """
    moved = np.maximum(steps.to_sea, 0.0) + np.maximum(np.nan_to_num(steps.to_ash), 0.0)
    cost = price * moved
    everything = np.arange(steps.size)
    return steps.taken(everything, moved_cost=cost, operation=steps.operation + cost, cost=steps.cost + cost)


def _pairs(
    fleet: FleetOptions,
    units: Ints,
    options: Sequence[Option],
    alone: Sequence[StepTable],
    accept: Condition,
    rate: float,
    book_life: float,
) -> Iterator[StepTable]:
    """Yield the pairs of the cheapest options of each unit that avoid more than either."""
    row = np.full(int(units.max(initial=-1)) + 1, -1)
    row[units] = np.arange(units.size)
    price = np.full((units.size, len(options)), np.inf)
    avoided = np.zeros(price.shape)
    depends, among = np.zeros(price.shape, dtype=np.bool_), np.zeros(price.shape, dtype=np.bool_)
    for column, steps in enumerate(alone):
        price[row[steps.unit], column] = steps.usd_per_kg
        depends[row[steps.unit], column] = steps.conditions != 0
        own = _accepted(steps, accept)
        avoided[row[own.unit], column] = own.avoided
    for conditional in (False, True):
        asked = np.where(depends == conditional, price, np.inf)
        rank = np.argsort(np.argsort(asked, axis=1, kind="stable"), axis=1)
        among |= (rank < PAIRED) & np.isfinite(asked)
    for first, second in combinations(range(len(options)), 2):
        pair = (options[first], options[second])
        rows = np.flatnonzero(among[:, first] & among[:, second])
        if not rows.size or one_of_a_kind(pair):
            continue
        both = fleet.table(pair, units[rows], rate=rate, book_life=book_life)
        yield both.taken(both.avoided > avoided[row[both.unit]][:, [first, second]].max(axis=1))


def _closures(catalogue: Catalogue, fleet: FleetOptions, option: Option, usd_per_kw: float) -> StepTable:
    """Return closure of units from the year after the base year on; kilns have no capacity to price."""
    projection, terms = catalogue.projection, catalogue.prices.terms
    units = [catalogue.state.units[index] for index in np.flatnonzero(fleet.applies((option,))).tolist()]
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    begin = projection.settings.base_year + 1.0
    units = [u for u in units if u.size.capacity_mw > 0 and air[u.index] > 0 and u.end_year > max(begin, u.first_year)]
    index = np.array([unit.index for unit in units], dtype=np.int32)
    start = np.array([max(begin, unit.first_year) for unit in units])
    end = np.array([unit.end_year for unit in units])
    capital = np.array([usd_per_kw * unit.size.capacity_mw * KW_PER_MW for unit in units])
    none = np.zeros(index.size)
    cost = capital * annuity(terms.rate, np.minimum(terms.book_life[option.sector], end - start))
    sea, ash = fleet.moved((option,), index.astype(np.int64))
    return StepTable(
        ((option,),), index, none.astype(np.int32), none == 0, start, capital, none, air[index], cost,
        to_sea=sea, to_ash=ash, moved_cost=none, conditions=np.full(index.size, int(Condition.EARLY_CLOSURE), np.int32),
    )  # fmt: skip


def _with_price_of_moved(option: UnitOption, moved_cost: float, horizon: Horizon, start: float) -> UnitOption:
    """Return an option with the price of the mercury that it moves in its operation."""
    if option.cost is None or not moved_cost:
        return option
    extra, years = Range.exact(moved_cost), horizon.discounted_years(start, option.end_year)
    money = {name: getattr(option.cost, name) + extra for name in ("variable", "per_year", "mercury_per_year")}
    cost = replace(option.cost, **money).over(horizon, years)
    per_kg = extra.times(years * horizon.per_kg / option.avoided_kg)
    costs = {name: old + per_kg for name in ("usd_per_kg", "usd_per_kg_mercury")
             if (old := getattr(option, name)) is not None}  # fmt: skip
    return replace(option, cost=cost, **costs)


def unit_option(catalogue: Catalogue, steps: StepTable, row: int, *, priced: bool = True) -> UnitOption:
    """Return the step of a row, from its start year on, with all that is known of it; its costs where asked for."""
    unit, start = catalogue.state.units[int(steps.unit[row])], float(steps.start_year[row])
    option = catalogue.option(unit, steps.steps[int(steps.step[row])], start, priced=priced)
    if not steps.closes[row]:
        return _with_price_of_moved(option, float(steps.moved_cost[row]), catalogue.horizon, start)
    terms, projection, horizon = catalogue.prices.terms, catalogue.projection, catalogue.horizon
    life = min(terms.book_life[unit.sector], unit.end_year - start)
    capital = Range.exact(float(steps.capital[row]))
    per_year = yearly_cost(capital, NOTHING, NOTHING, terms.rate, life)
    cost = Cost(capital, NOTHING, NOTHING, per_year, per_year, life, ("price of closure as given",), ())
    cost = cost.over(horizon, horizon.discounted_years(start, unit.end_year))
    air = float(projection.units["air_kg_per_yr"].to_numpy()[unit.index])
    avoided = float(projection.yearly_kg[unit.index, int(start) - horizon.base_year :].sum())
    per_kg = cost_per_kg(cost.npv.times(horizon.per_kg), avoided)
    return replace(option, avoided_kg_per_yr=air, avoided_kg=avoided, cost=cost, reason=CLOSED, usd_per_kg=per_kg,
                   usd_per_kg_mercury=per_kg)  # fmt: skip
