"""What steps do at all units of a fleet at once, as arrays: judged and worked out once for units of one kind.

The same functions serve one unit and all; a test checks that both give the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from hginventory._types import Flags, Floats, Ints, Ints32
from hginventory.decisions.costs import CapitalCurve, annuity
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.moved_mercury import shares_after, sold, to_sea_and_ash
from hginventory.decisions.options.option_table import COMPUTE, Option
from hginventory.decisions.options.step_effects import StepEffects
from hginventory.decisions.options.step_table import StepTable
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
        self._area = _numbered(effects.lead_times.area(unit.size.country) for unit in self._units)
        self._sea_before = np.array([effects.sea_before(unit) for unit in self._units])
        self._sold = np.array([sold(unit, site) for unit in self._units])
        self._met: dict[tuple[tuple[float, ...], tuple[str, ...]], tuple[float, float, float, int]] = {}

    def applies(self, steps: tuple[Option, ...]) -> Flags:
        """Return to which units steps apply, shape (N,)."""
        out = np.zeros(len(self._units), dtype=np.bool_)
        units = self.of_sector(steps[0].sector)
        out[units] = np.isfinite(self._done_at(units, steps)[0])
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
        left, moved_to, depends = self._done_at(units, steps)
        avoided = self._air[units] * (1.0 - left)
        built = self._base_year + self._build_years(steps)[self._area[units]]
        start = np.maximum(built, np.maximum(self._first_year, not_before)[units])
        open_to = (avoided > 0) & (self._end[units] > start)  # no where it does not apply: that is not a number
        units, avoided, start = units[open_to], avoided[open_to], start[open_to]
        capital, operation = self._costs(units, steps)
        cost = capital * annuity(rate, np.minimum(book_life, self._end[units] - start)) + operation
        index, closes = np.zeros(units.size, np.int32), np.zeros(units.size, np.bool_)
        sea, ash = (moved[open_to] for moved in moved_to)
        found = StepTable(
            (steps,), units.astype(np.int32), index, closes, start, capital, operation, avoided, cost,
            to_sea=sea, to_ash=ash, moved_cost=np.zeros(units.size), conditions=depends[open_to],
        )  # fmt: skip
        return found.taken(np.isfinite(cost))

    def moved(self, steps: tuple[Option, ...], units: Ints) -> tuple[Floats, Floats]:
        """Return the change of the mercury to the sea, and into ash sold to cement works [kg/yr]; NaN: not known."""
        return self._done_at(units, steps)[1]

    def _build_years(self, steps: tuple[Option, ...]) -> Ints:
        """Return the years until steps can run, by number of the area [yr]."""
        first = np.unique(self._area, return_index=True)[1].tolist()
        return np.array([self._effects.judge.build_years(self._units[unit], steps) for unit in first], dtype=np.int64)

    def _done_at(self, units: Ints, steps: tuple[Option, ...]) -> tuple[Floats, tuple[Floats, Floats], Ints32]:
        """Return the emission after over that before [1], the mercury moved [kg/yr], and the conditions.

        Not a number where steps do not apply.
        """
        names = tuple(step.option for step in steps)
        alike = [self._kind[units].astype(np.float64)]
        if any(step.mode == COMPUTE for step in steps):  # what another coal brings differs from unit to unit
            alike.append(np.array([self._effects.coals.reduction(unit)[0] for unit in units.tolist()]))
        kinds, firsts, inverse = np.unique(np.array(alike), axis=1, return_index=True, return_inverse=True)
        done = np.empty((firsts.size, 4))
        for number, (kind, unit) in enumerate(zip(map(tuple, kinds.T.tolist()), units[firsts].tolist(), strict=True)):
            key = (kind, names)
            if key not in self._met:
                self._met[key] = self._done_by(self._units[unit], steps)
            done[number] = self._met[key]
        done = done[inverse.ravel()]
        moved = to_sea_and_ash(self._effects.balance[units], self._sea_before[units], done[:, 1:3], self._sold[units])
        return done[:, 0], moved, done[:, 3].astype(np.int32)

    def _done_by(self, unit: UnitState, steps: Sequence[Option]) -> tuple[float, float, float, int]:
        nothing = math.nan, math.nan, math.nan, 0
        if self._effects.judge.not_computed(unit, steps):
            return nothing
        verdict, _, outcome = self._effects.effect(unit, steps, self._site)
        if outcome is None:
            return nothing
        return (outcome.left(unit.removal), *shares_after(outcome, steps), int(verdict.conditions))

    def _costs(self, units: Ints, steps: tuple[Option, ...]) -> tuple[Floats, Floats]:
        """Return capital [money] and operation [money/yr]; not a number where no price is available."""
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
