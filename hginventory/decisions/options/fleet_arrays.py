"""What steps do at all units of a fleet at once, as arrays: judged and worked out once for units of one kind.

The same functions serve one unit and all; a test holds both to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import annuity
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.option_table import COMPUTE, Option
from hginventory.decisions.options.step_effects import StepEffects
from hginventory.decisions.options.unit_option import Site


@dataclass(frozen=True)
class Offered:
    """Steps at some units, K of them; only units to which they apply, that have a price and avoid something.

    Attributes
    ----------
    unit : ndarray of int, shape (K,)
        Place of the unit in the fleet.
    avoided : ndarray of float, shape (K,)
        Mercury avoided in a full year [kg/yr].
    first, end : ndarray of float, shape (K,)
        Years in which the steps work, half-open.
    capital, operation, per_year : ndarray of float, shape (K,)
        Paid once [money], operation, and both as a yearly cost from the first year on [money/yr].
    """

    unit: Ints
    avoided: Floats
    first: Floats
    end: Floats
    capital: Floats
    operation: Floats
    per_year: Floats

    def taken(self, kept: Flags | Ints) -> Offered:
        """Return some of them."""
        return Offered(*(getattr(self, field.name)[kept] for field in fields(self)))


def joined(parts: Sequence[Offered]) -> Offered:
    """Return several as one."""
    return Offered(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Offered)))


class FleetOptions:
    """Steps at all units of a fleet.

    Parameters
    ----------
    effects : StepEffects
        What steps do and cost at one unit.
    site : Site
        What is known of the sites.
    """

    def __init__(self, effects: StepEffects, site: Site) -> None:
        self._effects, self._site, self._units = effects, site, effects.state.units
        self._base_year = effects.projection.settings.base_year
        self._air = effects.projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
        self._kind = _numbered(effects.judge.kind(unit, site) for unit in self._units)
        self._first_year = np.array([unit.first_year for unit in self._units])
        self._end = np.array([unit.end_year for unit in self._units])
        self._amounts = np.array([unit.size.amounts for unit in self._units]).reshape(-1, 3)
        self._size = _numbered((unit.size.country, effects.prices.band(unit.size)) for unit in self._units)
        self._sector = {
            sector: np.array([u.index for u in self._units if u.sector == sector], np.int64)
            for sector in {unit.sector for unit in self._units}
        }
        self._left: dict[tuple[tuple[float, ...], tuple[str, ...]], float] = {}

    def applies(self, steps: tuple[Option, ...]) -> Flags:
        """Return to which units steps apply, shape (N,)."""
        out = np.zeros(len(self._units), dtype=np.bool_)
        units = self.of_sector(steps[0].sector)
        out[units] = np.isfinite(self._left_at(units, steps))
        return out

    def of_sector(self, sector: str) -> Ints:
        """Return the places of the units of a sector."""
        return self._sector.get(sector, np.empty(0, dtype=np.int64))

    def offered(self, steps: tuple[Option, ...], units: Ints, *, rate: float, book_life: float) -> Offered:
        """Return steps at some units of their sector.

        Parameters
        ----------
        steps : tuple of Option
            Taken together.
        units : ndarray of int
            Places of units.
        rate, book_life : float
            Interest [0-1], and years of writing off at most.
        """
        avoided = self._air[units] * (1.0 - self._left_at(units, steps))
        first = np.maximum(self._base_year + math.ceil(self._effects.judge.build_years(steps)), self._first_year[units])
        open_to = (avoided > 0) & (self._end[units] > first)  # no where it does not apply: that is not a number
        units, avoided, first = units[open_to], avoided[open_to], first[open_to]
        capital, operation = self._costs(units, steps)
        end = self._end[units]
        per_year = capital * annuity(rate, np.minimum(book_life, end - first)) + operation
        known = np.isfinite(per_year)
        return Offered(units, avoided, first, end, capital, operation, per_year).taken(known)

    def _left_at(self, units: Ints, steps: tuple[Option, ...]) -> Floats:
        """Return the emission after over that before [1]; not a number where steps do not apply."""
        names = tuple(step.option for step in steps)
        alike = [self._kind[units].astype(np.float64)]
        if any(step.mode == COMPUTE for step in steps):  # what another coal brings differs from unit to unit
            alike.append(np.array([self._effects.coals.reduction(unit)[0] for unit in units.tolist()]))
        kinds, firsts, inverse = np.unique(np.array(alike), axis=1, return_index=True, return_inverse=True)
        left = np.empty(firsts.size)
        for number, (kind, unit) in enumerate(zip(map(tuple, kinds.T.tolist()), units[firsts].tolist(), strict=True)):
            key = (kind, names)
            if key not in self._left:
                self._left[key] = self._left_of(self._units[unit], steps)
            left[number] = self._left[key]
        return left[inverse.ravel()]

    def _left_of(self, unit: UnitState, steps: Sequence[Option]) -> float:
        if self._effects.judge.not_computed(unit, steps):
            return math.nan
        outcome = self._effects.effect(unit, steps, self._site)[2]
        return math.nan if outcome is None else outcome.left(unit.removal)

    def _costs(self, units: Ints, steps: tuple[Option, ...]) -> tuple[Floats, Floats]:
        """Return capital [money] and operation [money/yr]; not a number where no price is on file."""
        alike = self._kind[units] * (int(self._size.max(initial=0)) + 1) + self._size[units]
        _, firsts, inverse = np.unique(alike, return_index=True, return_inverse=True)
        rates = np.full((firsts.size, 4), math.nan)
        for number, unit in enumerate(units[firsts].tolist()):
            found = self._effects.price(self._units[unit], steps, self._site)
            if found is not None:
                full, saved = found[0].full, found[1]
                rates[number] = full.capital.value, full.fixed.value, full.variable.value, -saved * full.fuel.value
        capital, fixed, variable, fuel = rates[inverse].T
        capacity, output, heat = self._amounts[units].T
        return capital * capacity, fixed * capacity + (variable * output + fuel * heat)


def _numbered(kinds: Iterable[Hashable]) -> Ints:
    """Return a number for each, the same for what is alike."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(kind, len(numbers)) for kind in kinds], dtype=np.int64)
