"""What steps do at all units of a fleet at once, as arrays: judged and worked out once for units of one kind.

The same functions serve one unit and all; a test holds both to the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import CapitalCurve, annuity
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.option_table import COMPUTE, Option
from hginventory.decisions.options.step_effects import StepEffects
from hginventory.decisions.options.step_table import StepTable
from hginventory.decisions.options.unit_conditions import YES
from hginventory.decisions.options.unit_option import Site


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
        self._megawatts = np.array([unit.size.capacity_mw for unit in self._units])
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

    def unconditional(self, steps: tuple[Option, ...]) -> Flags:
        """Return to which units steps apply without any condition, shape (N,)."""
        out = np.zeros(len(self._units), dtype=np.bool_)
        units = self.of_sector(steps[0].sector)
        _, firsts, inverse = np.unique(self._kind[units], return_index=True, return_inverse=True)
        judge = self._effects.judge
        verdicts = [judge.verdict(self._units[unit], steps, self._site)[0] for unit in units[firsts].tolist()]
        out[units] = np.array([verdict.applies == YES for verdict in verdicts], dtype=np.bool_)[inverse]
        return out

    def of_sector(self, sector: str) -> Ints:
        """Return the indexes of the units of a sector."""
        return self._sector.get(sector, np.empty(0, dtype=np.int64))

    def table(
        self, steps: tuple[Option, ...], units: Ints, *, rate: float, book_life: float, not_before: float | Floats = 0.0
    ) -> StepTable:
        """Return steps taken together at those of some units where they apply, have a price and avoid something.

        Parameters
        ----------
        steps : tuple of Option
            Taken together.
        units : ndarray of int
            Indexes of units of their sector.
        rate, book_life : float
            Interest [0-1], and years of writing off at most.
        not_before : float or ndarray of float, shape (N,)
            First year in which a step may start, of all units or of each of the fleet.
        """
        avoided = self._air[units] * (1.0 - self._left_at(units, steps))
        built = self._base_year + math.ceil(self._effects.judge.build_years(steps))
        start = np.maximum(built, np.maximum(self._first_year, not_before)[units])
        open_to = (avoided > 0) & (self._end[units] > start)  # no where it does not apply: that is not a number
        units, avoided, start = units[open_to], avoided[open_to], start[open_to]
        capital, operation = self._costs(units, steps)
        cost = capital * annuity(rate, np.minimum(book_life, self._end[units] - start)) + operation
        index, closes = np.zeros(units.size, np.int32), np.zeros(units.size, np.bool_)
        found = StepTable((steps,), units.astype(np.int32), index, closes, start, capital, operation, avoided, cost)
        return found.taken(np.isfinite(cost))

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
        rates, curve = np.full((firsts.size, 3), math.nan), np.full(firsts.size, -1)
        curves: dict[CapitalCurve, int] = {}
        for number, unit in enumerate(units[firsts].tolist()):
            found = self._effects.price(self._units[unit], steps, self._site)
            if found is not None:
                full, saved = found[0].full, found[1]
                rates[number] = full.fixed.value, full.variable.value, -saved * full.fuel.value
                curve[number] = curves.setdefault(full.capital, len(curves))
        fixed, variable, fuel = rates[inverse].T
        capacity, output, heat = self._amounts[units].T
        capital = np.full(units.size, math.nan)
        for per_size, number in curves.items():
            there = np.flatnonzero(curve[inverse] == number)
            capital[there] = per_size.values(self._megawatts[units[there]]) * capacity[there]
        return capital, fixed * capacity + (variable * output + fuel * heat)


def _numbered(kinds: Iterable[Hashable]) -> Ints:
    """Return a number for each, the same for what is alike."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(kind, len(numbers)) for kind in kinds], dtype=np.int64)
