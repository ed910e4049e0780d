"""Steps chosen by cost: the best step of each unit, and the cheapest step or pair that avoids enough at a unit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hginventory._types import Flags, Floats
from hginventory.decisions.options.catalogue import Catalogue, one_of_a_kind
from hginventory.decisions.options.conditions import BY_BALANCE
from hginventory.decisions.options.option_table import Option
from hginventory.decisions.options.step_table import StepTable, joined

PAIRED = 8  # options of a unit that are tried in pairs, those that avoid most


def best_steps(catalogue: Catalogue, sector: str, *, not_before: float | Floats = 0.0) -> StepTable:
    """Return the best step of each unit of a sector, the units in order of its cost per kilogram.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    sector : str
        ``coal_power`` or ``cement_kiln``. No operating cost of kilns is available, so few steps there have a price.
    not_before : float or ndarray of float, shape (N,)
        First year in which a step may start, of all units or of each; a step that takes longer to build starts later.

    Returns
    -------
    StepTable
    One row per unit, lowest cost per kilogram first, of equal ones that which avoids more. Units at which no step
        with a price applies without conditions, or that close before it can work, have no row.

    Examples
    --------
    >>> import hginventory as hg
    >>> best = best_steps(Catalogue(hg.project("indonesia", draws=0).projection), "coal_power")
    >>> best.size, sorted({best.names[step] for step in best.step.tolist()})[:2]
    (301, ['A2', 'F2'])
    """
    fleet, terms = catalogue.of_fleet(), catalogue.prices.terms
    options = sorted((o for o in catalogue.table.options.values() if o.sector == sector), key=lambda o: o.option)
    units = fleet.of_sector(sector)
    parts = []
    for option in options:
        found = fleet.table((option,), units, rate=terms.rate, book_life=terms.book_life[sector], not_before=not_before)
        parts.append(found.taken(found.conditions == 0))
    every = joined(parts)
    order = np.lexsort((every.unit, -every.avoided, every.usd_per_kg))
    _, first = np.unique(every.unit[order], return_index=True)
    return every.taken(order[np.sort(first)])


@dataclass(frozen=True)
class _Single:
    """Options of a sector, by id, at its units: cost [money/yr] and mercury avoided [kg/yr], shape (N, options).

    ``depends``: whether it has a condition, so that it is taken only where no other is enough. One that moves mercury
    to the sea, or into sold ash, is not among them.
    Where an option does not apply, avoids nothing or has no price, its cost is infinite and it avoids nothing.
    """

    options: tuple[Option, ...]
    per_year: Floats
    avoided: Floats
    depends: Flags


class LimitChoice:
    """Chooses the cheapest of the priced options of units.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.

    Examples
    --------
    >>> import hginventory as hg
    >>> choice = LimitChoice(Catalogue(hg.project("indonesia", draws=0).projection))
    >>> [step.option for step in choice.cheapest(0, 0.0)]
    ['H1']
    >>> choice.cheapest(0, 1e6) is None
    True
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._fleet = catalogue.of_fleet()
        self._single: dict[str, _Single] = {}
        self._pairs: dict[int, list[tuple[float, float, tuple[Option, ...]]]] = {}

    def cheapest(self, unit: int, cut_kg_per_yr: float) -> tuple[Option, ...] | None:
        """Return the cheapest steps that are enough at a unit; a pair only where no single one is.

        Parameters
        ----------
        unit : int
            Index of the unit.
        cut_kg_per_yr : float
            What must be avoided [kg/yr].
        """
        single = self._of_sector(self._catalogue.state.units[unit].sector)
        enough = single.avoided[unit] >= cut_kg_per_yr
        for possible in (enough & ~single.depends[unit], enough):
            price = np.where(possible, single.per_year[unit], np.inf)
            if price.size and np.isfinite(price).any():
                return (single.options[int(price.argmin())],)  # the first of equal ones, by id
        if unit not in self._pairs:
            self._pairs[unit] = self._pairs_of(unit, single)
        found = [(price, steps) for price, avoided, steps in self._pairs[unit] if avoided >= cut_kg_per_yr]
        return min(found, key=lambda one: (one[0], _name(one[1])))[1] if found else None

    def _of_sector(self, sector: str) -> _Single:
        if sector not in self._single:
            options = (o for o in self._catalogue.table.options.values() if o.sector == sector)
            ordered = tuple(sorted(options, key=lambda option: option.option))
            shape = (len(self._catalogue.state.units), len(ordered))
            per_year, avoided, depends = np.full(shape, np.inf), np.zeros(shape), np.zeros(shape, np.bool_)
            units = self._fleet.of_sector(sector)
            for column, option in enumerate(ordered):
                found = self._fleet.table((option,), units, **self._terms(sector))
                found = found.taken((found.conditions & int(BY_BALANCE)) == 0)
                per_year[found.unit, column] = found.cost
                depends[found.unit, column] = found.conditions != 0
                avoided[found.unit, column] = found.avoided
            self._single[sector] = _Single(ordered, per_year, avoided, depends)
        return self._single[sector]

    def _pairs_of(self, unit: int, single: _Single) -> list[tuple[float, float, tuple[Option, ...]]]:
        """Return cost, mercury avoided and steps of the pairs of what avoids most at a unit."""
        usable = np.flatnonzero(np.isfinite(single.per_year[unit]))
        largest = usable[np.argsort(-single.avoided[unit][usable], kind="stable")][:PAIRED]
        out: list[tuple[float, float, tuple[Option, ...]]] = []
        for pair in combinations([single.options[column] for column in largest.tolist()], 2):
            if one_of_a_kind(pair):
                continue
            found = self._fleet.table(pair, np.array([unit]), **self._terms(pair[0].sector))
            found = found.taken((found.conditions & int(BY_BALANCE)) == 0)
            out += [
                (float(cost), float(avoided), pair) for cost, avoided in zip(found.cost, found.avoided, strict=True)
            ]
        return out

    def _terms(self, sector: str) -> dict[str, float]:
        terms = self._catalogue.prices.terms
        return {"rate": terms.rate, "book_life": terms.book_life[sector]}


def _name(steps: tuple[Option, ...]) -> str:
    return "+".join(step.option for step in steps)
