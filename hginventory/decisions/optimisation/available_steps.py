"""What a plan can offer each unit of a fleet: options, pairs of them, and closure; as arrays, single ones as options.

The pairs of a unit are those of its cheapest options through the resulting train, where they avoid more than either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import overload

import numpy as np

from hginventory._types import Flags, Ints
from hginventory.decisions.costs import KW_PER_MW, NOTHING, Cost, Range, annuity, yearly_cost
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.options import (
    CLOSURE,
    Catalogue,
    FleetOptions,
    Offered,
    Option,
    UnitOption,
    joined,
    one_of_a_kind,
)

PAIRED = 6  # options of a unit that are tried in pairs, those of lowest cost per kg
CLOSED = "no retrofit: the unit closes early"


@dataclass(frozen=True)
class Offers(Sequence[UnitOption]):
    """Offers, K of them; one of them, as an option with all that is known of it, is made when it is asked for.

    Attributes
    ----------
    catalogue : Catalogue
        Options of the run.
    steps : tuple of tuple of Option
        What is offered, P different ones.
    step : ndarray of int, shape (K,)
        Which of them each offer is.
    offered : Offered
        Unit, mercury and costs of each.
    closes : ndarray of bool, shape (K,)
        Whether it is a closure.
    """

    catalogue: Catalogue
    steps: tuple[tuple[Option, ...], ...]
    step: Ints
    offered: Offered
    closes: Flags

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Ids of what is offered, shape (P,)."""
        return tuple("+".join(option.option for option in steps) for steps in self.steps)

    def taken(self, kept: Flags | Ints) -> Offers:
        """Return some of the offers."""
        return replace(self, step=self.step[kept], offered=self.offered.taken(kept), closes=self.closes[kept])

    def __len__(self) -> int:
        """Return the number of offers."""
        return int(self.step.size)

    @overload
    def __getitem__(self, place: int) -> UnitOption: ...
    @overload
    def __getitem__(self, place: slice) -> list[UnitOption]: ...
    def __getitem__(self, place: int | slice) -> UnitOption | list[UnitOption]:
        """Return an offer as an option."""
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        unit = self.catalogue.state.units[int(self.offered.unit[place])]
        option = self.catalogue.option(unit, self.steps[int(self.step[place])])
        return self._closed(option, place) if self.closes[place] else option

    def _closed(self, option: UnitOption, place: int) -> UnitOption:
        """Return closure from the year after the base year on, in the place of one year earlier."""
        terms, sector = self.catalogue.prices.terms, self.catalogue.table.options[option.option].sector
        first = float(self.offered.first[place])
        life = min(terms.book_life[sector], option.end_year - first)
        capital = Range.exact(float(self.offered.capital[place]))
        per_year = yearly_cost(capital, NOTHING, NOTHING, terms.rate, life)
        cost = Cost(capital, NOTHING, NOTHING, per_year, per_year, life, ("price of closure as given",), ())
        air = float(self.offered.avoided[place])
        return replace(option, first_year=first, avoided_kg_per_yr=air, cost=cost, reason=CLOSED)


def offers_of(catalogue: Catalogue, rules: Rules) -> Offers:
    """Return what can be done at the units of a fleet: options, pairs of them, and closure where it has a price.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on chosen terms.
    rules : Rules
        Only the price of closure is looked at; other rules hold for candidates.

    Examples
    --------
    >>> import hginventory as hg
    >>> offers = offers_of(Catalogue(hg.project("indonesia", draws=0).projection), Rules())
    >>> offers[0].option in offers.names, len(offers) > 5000
    (True, True)
    """
    fleet, terms = catalogue.of_fleet(), catalogue.prices.terms
    parts: list[tuple[tuple[Option, ...], Offered]] = []
    for sector, book_life in terms.book_life.items():
        options = sorted((o for o in catalogue.table.options.values() if o.sector == sector), key=lambda o: o.option)
        units = fleet.of_sector(sector)
        alone = [fleet.offered((o,), units, rate=terms.rate, book_life=book_life) for o in options]
        parts += [((option,), offered) for option, offered in zip(options, alone, strict=True)]
        parts += _pairs(fleet, units, options, alone, terms.rate, book_life)
    closing = len(parts)
    if rules.closure_usd_per_kw is not None:
        for option in catalogue.table.options.values():
            if option.mode == CLOSURE:
                parts.append(((option,), _closures(catalogue, fleet, option, rules.closure_usd_per_kw)))
    steps = tuple(steps for steps, _ in parts)
    step = np.repeat(np.arange(len(parts)), [offered.unit.size for _, offered in parts])
    offered = joined([offered for _, offered in parts])
    order = np.lexsort((step, offered.unit))  # unit by unit
    return Offers(catalogue, steps, step[order], offered.taken(order), (step >= closing)[order])


def _pairs(
    fleet: FleetOptions, units: Ints, options: Sequence[Option], alone: Sequence[Offered], rate: float, book_life: float
) -> Iterator[tuple[tuple[Option, ...], Offered]]:
    """Yield the pairs of the cheapest options of each unit that avoid more than either."""
    row = np.full(int(units.max(initial=-1)) + 1, -1)
    row[units] = np.arange(units.size)
    price = np.full((units.size, len(options)), np.inf)
    avoided = np.zeros(price.shape)
    for column, offered in enumerate(alone):
        price[row[offered.unit], column] = offered.per_year / offered.avoided
        avoided[row[offered.unit], column] = offered.avoided
    cheap = np.argsort(price, axis=1, kind="stable")[:, :PAIRED]
    among = np.zeros(price.shape, dtype=np.bool_)
    np.put_along_axis(among, cheap, np.isfinite(np.take_along_axis(price, cheap, axis=1)), axis=1)
    for first, second in combinations(range(len(options)), 2):
        steps = (options[first], options[second])
        rows = np.flatnonzero(among[:, first] & among[:, second])
        if not rows.size or one_of_a_kind(steps):
            continue
        both = fleet.offered(steps, units[rows], rate=rate, book_life=book_life)
        more = both.avoided > avoided[row[both.unit]][:, [first, second]].max(axis=1)
        yield steps, both.taken(more)


def _closures(catalogue: Catalogue, fleet: FleetOptions, option: Option, usd_per_kw: float) -> Offered:
    """Return closure of units from the year after the base year on; kilns have no capacity to price."""
    projection, terms = catalogue.projection, catalogue.prices.terms
    units = [catalogue.state.units[place] for place in np.flatnonzero(fleet.applies((option,))).tolist()]
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    begin = projection.settings.base_year + 1.0
    units = [u for u in units if u.size.capacity_mw > 0 and air[u.index] > 0 and u.end_year > max(begin, u.first_year)]
    place = np.array([unit.index for unit in units], dtype=np.int64)
    first = np.array([max(begin, unit.first_year) for unit in units])
    end = np.array([unit.end_year for unit in units])
    capital = np.array([usd_per_kw * unit.size.capacity_mw * KW_PER_MW for unit in units])
    life = np.minimum(terms.book_life[option.sector], end - first)
    return Offered(place, air[place], first, end, capital, np.zeros(place.size), capital * annuity(terms.rate, life))
