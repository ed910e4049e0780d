"""What a plan can do at each unit of a fleet: options, pairs of them, and closure; as a table, single rows as options.

The pairs of a unit are those of its cheapest options through the resulting train, where they avoid more than either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from hginventory._types import Ints
from hginventory.decisions.costs import KW_PER_MW, NOTHING, Cost, Range, annuity, yearly_cost
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options import (
    CLOSURE,
    Catalogue,
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


def steps_at_units(catalogue: Catalogue, rules: Rules) -> StepTable:
    """Return what can be done at the units of a fleet: options, pairs of them, and closure where it has a price.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    rules : Rules
        Only the price of closure is looked at; other rules hold for start years.

    Examples
    --------
    >>> import hginventory as hg
    >>> steps = steps_at_units(Catalogue(hg.project("indonesia", draws=0).projection), Rules())
    >>> steps.names[steps.step[0]], steps.size > 5000
    ('A1', True)
    """
    fleet, terms = catalogue.of_fleet(), catalogue.prices.terms
    parts: list[StepTable] = []
    for sector, book_life in terms.book_life.items():
        options = sorted((o for o in catalogue.table.options.values() if o.sector == sector), key=lambda o: o.option)
        units = fleet.of_sector(sector)
        alone = [fleet.table((option,), units, rate=terms.rate, book_life=book_life) for option in options]
        parts += [*alone, *_pairs(fleet, units, options, alone, terms.rate, book_life)]
    if rules.closure_usd_per_kw is not None:
        for option in catalogue.table.options.values():
            if option.mode == CLOSURE:
                parts.append(_closures(catalogue, fleet, option, rules.closure_usd_per_kw))
    return joined(parts)


def _pairs(
    fleet: FleetOptions,
    units: Ints,
    options: Sequence[Option],
    alone: Sequence[StepTable],
    rate: float,
    book_life: float,
) -> Iterator[StepTable]:
    """Yield the pairs of the cheapest options of each unit that avoid more than either."""
    row = np.full(int(units.max(initial=-1)) + 1, -1)
    row[units] = np.arange(units.size)
    price = np.full((units.size, len(options)), np.inf)
    avoided = np.zeros(price.shape)
    for column, steps in enumerate(alone):
        price[row[steps.unit], column] = steps.usd_per_kg
        avoided[row[steps.unit], column] = steps.avoided
    cheap = np.argsort(price, axis=1, kind="stable")[:, :PAIRED]
    among = np.zeros(price.shape, dtype=np.bool_)
    np.put_along_axis(among, cheap, np.isfinite(np.take_along_axis(price, cheap, axis=1)), axis=1)
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
    return StepTable(((option,),), index, none.astype(np.int32), none == 0, start, capital, none, air[index], cost)


def unit_option(catalogue: Catalogue, steps: StepTable, row: int) -> UnitOption:
    """Return the step of a row, from its start year on, with all that is known of it."""
    unit, start = catalogue.state.units[int(steps.unit[row])], float(steps.start_year[row])
    option = catalogue.option(unit, steps.steps[int(steps.step[row])], start)
    if not steps.closes[row]:
        return option
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
