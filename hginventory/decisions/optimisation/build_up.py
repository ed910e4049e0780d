"""How much can be built in a year: retrofits by number, and capacity by country and kind of step, from `build_rate`.

In each country the capacity of the units whose steps of one kind start in a year stays within the rate of that kind.
One unit a year can always start: where the largest unit of a country is above the rate, its capacity is the limit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.options import KIND_NAMES, Catalogue, StepTable
from hginventory.errors import UsageError
from hginventory.factors import FactorRow, Ladder, lookup

MW_PER_GW = 1e3
ROUNDING = 1e-9  # share of a limit that rounding may take from a sum


class Limits(TypedDict):
    """What limits a plan: most retrofits that may start in a year, capacity that may, and most units changed."""

    per_year: int | None
    pace: BuildUp | None
    most_units: int | None


@dataclass(frozen=True)
class BuildRate:
    """What can be built of a kind in a country in a year.

    Attributes
    ----------
    country, kind : str
        Country of the run and kind of step.
    gw_per_yr : float
        Rate [GW/yr].
    origin : str
        ``given``, the country of the row, or ``WLD`` for the share of the world row of the country's own capacity.
    mark : str
        read, recalled or judgement; empty where it was given.
    """

    country: str
    kind: str
    gw_per_yr: float
    origin: str
    mark: str = ""

    @property
    def words(self) -> str:
        """The rate in words."""
        return f"{KIND_NAMES[self.kind]} {self.gw_per_yr:.3g} GW a year"

    @property
    def from_where(self) -> str:
        """Where the rate is from, in words."""
        national = {"given": "given", self.country: f"national value, {self.mark}"}
        return national.get(self.origin, f"estimated from the capacity of the fleet, {self.mark}")


@dataclass(frozen=True)
class BuildUp:
    """Rates of a run, ready for arrays.

    Attributes
    ----------
    rates : tuple of BuildRate
        By country and kind.
    mw : ndarray of float, shape (N,)
        Capacity of each unit; NaN for kilns, which no rate binds [MW].
    country : ndarray of int, shape (N,)
        Number of its country.
    kinds : tuple of str, K of them
        Kinds that have rates.
    most : ndarray of float, shape (countries, K)
        Capacity that may start in a year, at least that of the largest unit [MW].
    """

    rates: tuple[BuildRate, ...]
    mw: Floats
    country: Ints
    kinds: tuple[str, ...]
    most: Floats

    def statement(self) -> str:
        """Return the rates in words, country by country."""
        parts: dict[str, dict[str, list[str]]] = {}
        for rate in self.rates:
            parts.setdefault(rate.country, {}).setdefault(rate.from_where, []).append(rate.words)
        own = {
            name: "; ".join(f"{', '.join(told)} ({where})" for where, told in by.items()) for name, by in parts.items()
        }
        return ". ".join(f"{name}: {text}" for name, text in own.items())

    def has_kind(self, steps: StepTable) -> Flags:
        """Return which of the different steps are built of which kinds, shape (P, K)."""
        of_step = [frozenset().union(*(option.build for option in step)) for step in steps.steps]
        return np.array([[kind in own for kind in self.kinds] for own in of_step], np.bool_).reshape(
            -1, len(self.kinds)
        )


@dataclass(frozen=True)
class YearlyLimits:
    """What may start in a year, as sums over rows of a table of steps: L limits, M entries.

    Attributes
    ----------
    row, limit : ndarray of int, shape (M,)
        Row of the table, and limit that it takes from.
    weight : ndarray of float, shape (M,)
        How much it takes: a retrofit, or capacity [MW].
    most : ndarray of float, shape (L,)
        Most there is.
    """

    row: Ints
    limit: Ints
    weight: Floats
    most: Floats

    def by_row(self, size: int) -> list[list[tuple[int, float]]]:
        """Return for each row of a table of some size the limits that it takes from, and how much."""
        out: list[list[tuple[int, float]]] = [[] for _ in range(size)]
        for row, limit, weight in zip(self.row.tolist(), self.limit.tolist(), self.weight.tolist(), strict=True):
            out[row].append((limit, weight))
        return out


class Room:
    """What is left of yearly limits while a plan is put together step by step.

    Parameters
    ----------
    limits : YearlyLimits
        Limits.
    size : int
        Rows of the table of steps.
    """

    def __init__(self, limits: YearlyLimits, size: int) -> None:
        self._most = (limits.most * (1.0 + ROUNDING)).tolist()
        self._takes = limits.by_row(size)
        self._used = [0.0] * limits.most.size

    def add(self, row: int, sign: int = 1) -> None:
        """Note that a step is taken, or with -1 that it is left."""
        for limit, weight in self._takes[row]:
            self._used[limit] += sign * weight

    def fits(self, row: int, instead: int | None = None) -> bool:
        """Return whether there is room for a step, where it takes the place of another."""
        freed = dict(self._takes[instead]) if instead is not None else {}
        return all(
            self._used[limit] - freed.get(limit, 0.0) + weight <= self._most[limit]
            for limit, weight in self._takes[row]
        )


def build_up(catalogue: Catalogue, given: Mapping[str, float] | None) -> BuildUp | None:
    """Return what can be built in a year at the units of a run; None where nothing binds.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.
    given : mapping of str to float or None
        Kind of step -> rate in each country [GW/yr], instead of the table; None: no limit at all.

    Raises
    ------
    UsageError
        If a kind is not known, or a rate is not above 0.

    Examples
    --------
    >>> import hginventory as hg
    >>> found = build_up(Catalogue(hg.project("indonesia", draws=0).projection), {"scrubber": 2.5})
    >>> [rate.words for rate in found.rates if rate.kind == "scrubber"]
    ['scrubber 2.5 GW a year']
    """
    if given is None:
        return None
    for kind, rate in given.items():
        if kind not in KIND_NAMES:
            words = f"there is no kind of step {kind!r}. Use one of: {', '.join(KIND_NAMES)}."
            raise UsageError(words, parameter="build_rate", allowed=KIND_NAMES)
        if not 0 < rate < math.inf:
            words = f"{rate:g} GW a year cannot be used. Write a number above 0, as `build_rate='{kind}=2.5'`."
            raise UsageError(words, parameter="build_rate", allowed=(0.0, math.inf))
    units = catalogue.state.units
    mw = np.array([unit.capacity_mw for unit in units])
    runs = np.array([unit.runs for unit in units], np.bool_)
    names, country = np.unique([unit.size.country for unit in units], return_inverse=True)
    rows = Ladder(catalogue.projection.library.table("build_rate"))
    known = np.where(np.isfinite(mw), mw, 0.0)
    rates: list[BuildRate] = []
    most = np.full((names.size, len(KIND_NAMES)), np.inf)
    for number, name in enumerate(names.tolist()):
        here = known * (country == number)
        if not here.any():
            continue  # kilns only
        fleet_gw = float(here[runs].sum()) / MW_PER_GW
        for column, kind in enumerate(KIND_NAMES):
            found = _rate(name, kind, given, rows, fleet_gw)
            rates.append(found)
            most[number, column] = max(found.gw_per_yr * MW_PER_GW, float(here.max()))
    return BuildUp(tuple(rates), mw, country.astype(np.int64), tuple(KIND_NAMES), most)


def _rate(
    country: str, kind: str, given: Mapping[str, float], rows: Mapping[tuple[str, ...], FactorRow], fleet_gw: float
) -> BuildRate:
    if kind in given:
        return BuildRate(country, kind, given[kind], "given")
    if (kind, country) in rows:
        row = rows[kind, country]
        return BuildRate(country, kind, row.number(), country, row.read_from)
    row = rows[kind, lookup.WORLD]
    return BuildRate(country, kind, row.number() * fleet_gw, lookup.WORLD, row.read_from)


def yearly_limits(steps: StepTable, per_year: int | None, pace: BuildUp | None) -> YearlyLimits:
    """Return what may start in a year of some steps: so many retrofits, and so much capacity by country and kind.

    A limit that not even all units together would reach in one year is left out.

    Parameters
    ----------
    steps : StepTable
        Steps by start year.
    per_year : int or None
        Most retrofits that may start in a year.
    pace : BuildUp or None
        Capacity that may start in a year.

    Examples
    --------
    >>> import numpy as np
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 1]), np.ones(2), np.ones(2), np.array([2030, 2030]))
    >>> yearly_limits(steps, 1, None).most.tolist()
    [1.0]
    """
    parts: list[tuple[Ints, Ints, Floats, Floats]] = []
    retrofit = np.flatnonzero(~steps.closes)
    year = steps.start_year.astype(np.int64)
    if per_year is not None and retrofit.size:
        years, limit = np.unique(year[retrofit], return_inverse=True)
        parts.append((retrofit, limit, np.ones(retrofit.size), np.full(years.size, float(per_year))))
    if pace is not None and retrofit.size:
        has_kind = pace.has_kind(steps)
        for column in range(len(pace.kinds)):
            rows = retrofit[has_kind[steps.step[retrofit], column]]
            rows = rows[np.isfinite(pace.mw[steps.unit[rows]])]
            country = pace.country[steps.unit[rows]]
            most = pace.most[country, column]
            units, first = np.unique(steps.unit[rows], return_index=True)
            whole = np.bincount(country[first], pace.mw[units], minlength=pace.most.shape[0])
            binds = most < whole[country]
            rows, country, most = rows[binds], country[binds], most[binds]
            _, first, limit = np.unique(country * np.int64(10_000) + year[rows], return_index=True, return_inverse=True)
            parts.append((rows, limit, pace.mw[steps.unit[rows]], most[first]))
    return _joined(parts)


def _joined(parts: Sequence[tuple[Ints, Ints, Floats, Floats]]) -> YearlyLimits:
    before = np.cumsum([0, *(most.size for *_, most in parts)])
    nothing = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0)
    rows, limits, weights, mosts = zip(nothing, *parts, strict=True)
    shifted = [limit + start for limit, start in zip(limits, [0, *before.tolist()], strict=False)]
    return YearlyLimits(*(np.concatenate(one) for one in (rows, shifted, weights, mosts)))


def scarce(steps: StepTable, per_year: int | None, pace: BuildUp | None) -> Ints | None:
    """Return a number for each row, the same where steps take from the same limits; None where nothing is scarce.

    Parameters
    ----------
    steps : StepTable
        Steps by start year.
    per_year, pace
        As in `yearly_limits`.
    """
    if per_year is None and (pace is None or not yearly_limits(steps, None, pace).row.size):
        return None
    year = (steps.start_year - steps.start_year.min()).astype(np.int64)
    group: Ints = year * 2 + steps.closes
    if pace is not None:
        _, alike = np.unique(pace.has_kind(steps), axis=0, return_inverse=True)
        group = np.asarray(group * (int(alike.max(initial=0)) + 1) + alike.ravel()[steps.step], dtype=np.int64)
    return group
