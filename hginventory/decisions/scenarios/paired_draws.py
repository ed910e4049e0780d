"""Scenarios and the baseline on the same draws.

Units that a scenario leaves as they are cancel in the difference, so only the changed ones are drawn, in both states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hginventory._types import Floats, Ints
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.periods import BASELINE, Span
from hginventory.ensemble import FIXED_POINT, EnsembleInput, LimitCut, NormalStore, Reader, row_values
from hginventory.uncertainty import (
    TERMS,
    RowSpec,
    Tables,
    UncertainFactor,
    UncertainFactorFinder,
    central_terms,
    factors_after,
    rows_of,
)

Exchange = Callable[[EnsembleInput], EnsembleInput]
_ROWS_STORED, _ROWS_READ = 256, 16  # rows whose normals are held, and that are worked on, at once


@dataclass(frozen=True)
class Avoided:
    """What a scenario avoids in each draw.

    Attributes
    ----------
    life : ndarray of float, shape (S,)
        Over the remaining life [kg].
    yearly : ndarray of float, shape (Y, S)
        By year from the base year on [kg].
    """

    life: Floats
    yearly: Floats


def avoided_in_draws(
    applied: Sequence[AppliedScenario], draws: int, seed: int, exchanged: Exchange | None = None
) -> list[Avoided]:
    """Return what each scenario avoids in each draw: its changed units as they are less as they become.

    Every unit as it is, and every state that several scenarios put a unit into, is drawn once for all of them.

    Parameters
    ----------
    applied : sequence of AppliedScenario
        Scenarios on one `AsIs`.
    draws, seed : int
        Draws of the uncertain factors; 0: one column of zeros, as nothing is drawn.
    exchanged : callable, optional
        Exchanges the streams of an ensemble.
    """
    years = [max(one.yearly_kg.shape[1], one.baseline.projection.yearly_kg.shape[1]) for one in applied]
    steps = [np.zeros((width + 1, max(draws, 1)), dtype=np.int64) for width in years]
    if draws:
        _add_draws(steps, _uses(applied), draws, seed, exchanged)
    yearly = [np.cumsum(own[:-1], axis=0) / FIXED_POINT for own in steps]
    return [Avoided(one.sum(axis=0), one) for one in yearly]


class _Use(NamedTuple):
    """Years from the base year, half-open, in which a scenario is spared a row times a ratio; or gets it, below 0."""

    scenario: int
    ratio: float
    first: int
    end: int


class _Row(NamedTuple):
    """Central amount of each term [kg/yr], what varies, and how far the rate is cut.

    No draw of the state of a unit is above ``at_most`` times that of the unit as it is; None: no such bound.
    """

    central: tuple[float, ...]
    factors: tuple[UncertainFactor, ...]
    cut: LimitCut | None = None
    at_most: float | None = None


_Uses = dict[int, dict[_Row, list[_Use]]]  # by unit, that of the unit as it is first


def _uses(applied: Sequence[AppliedScenario]) -> _Uses:
    """Return the rows of all units that some scenario changes, each once, with what they are used for."""
    baseline = applied[0].baseline
    base_year = baseline.projection.settings.base_year
    uses: _Uses = {}
    for number, one in enumerate(applied):
        changed = set(one.changed())
        rows = _Rows(one, changed)
        before = [(span, 1.0) for index in sorted(changed) for span in baseline.spans[index]]
        after = [(span, -1.0) for span in one.spans if span.unit in changed]
        for span, sign in before + after:
            of_unit = uses.setdefault(span.unit, {}).setdefault(rows.of(span), [])
            of_unit.append(_Use(number, sign * span.air_ratio, span.first - base_year, span.end - base_year))
    return uses


def _add_draws(steps: Sequence[Ints], uses: _Uses, draws: int, seed: int, exchanged: Exchange | None) -> None:
    """Add to each scenario, by draw, what it is spared from a year on, in whole parts of a kilogram.

    Whole numbers add to the same bits in any order, so the rows may be taken in any parts.
    """
    tables = Tables()
    flat = [(row.at_most, own) for of_unit in uses.values() for row, own in of_unit.items()]
    specs = [[RowSpec(row.central, row.factors, 0, 0, row.cut) for row in of_unit] for of_unit in uses.values()]
    rows, rate_row, cuts = rows_of(specs, tables)
    none = np.zeros((0, len(specs)), dtype=np.bool_)
    given = EnsembleInput(rows, tables.stacked(), 0, rate_row, np.zeros(len(specs)), none, none, cuts=cuts)
    if exchanged is not None:
        given = exchanged(given)
        rows = given.rows
    reader, firsts = Reader(given.tables), set(rate_row.tolist())
    as_is = np.zeros(draws)
    for begin in range(0, len(flat), _ROWS_STORED):
        end = min(begin + _ROWS_STORED, len(flat))
        store = NormalStore(rows.stream[begin:end][rows.weight[begin:end] > 0], seed, draws)
        for first in range(begin, end, _ROWS_READ):
            part = slice(first, min(first + _ROWS_READ, end))
            found = row_values(given, part, store, reader)
            for number, (values, (at_most, own)) in enumerate(zip(found, flat[part], strict=True), first):
                if number in firsts:
                    as_is = values
                _add_row(steps, values if at_most is None else np.minimum(values, at_most * as_is), own)


def _add_row(steps: Sequence[Ints], values: Floats, uses: Sequence[_Use]) -> None:
    whole: dict[float, Ints] = {}
    for scenario, ratio, first, end in uses:
        if ratio not in whole:
            whole[ratio] = np.rint(values * (ratio * FIXED_POINT)).astype(np.int64)
        steps[scenario][first] += whole[ratio]
        steps[scenario][end] -= whole[ratio]


class _Rows:
    """What the changed units of a scenario emit, as they are and in the states they are put into.

    Parameters
    ----------
    one : AppliedScenario
        The scenario.
    changed : collection of int
        Indices of the units that are asked for.
    """

    def __init__(self, one: AppliedScenario, changed: Collection[int]) -> None:
        self._baseline = one.baseline
        self._states: dict[int, _Row] = {}
        if one.states is None:
            return
        finder = UncertainFactorFinder(one.states, one.parents)
        central = central_terms(one.states).tolist()
        unit_of = {span.state: span.unit for span in one.spans if span.state != BASELINE and span.unit in changed}
        for state, unit in unit_of.items():
            factors = factors_after(finder.of_unit(state), self._baseline.factors(unit))
            own = one.states.cuts.get(str(one.states.units.index[state]))
            at_most = None if own is None else own.at_most
            self._states[state] = _Row(tuple(central[state]), factors, one.states.cut_of(state), at_most)

    def of(self, span: Span) -> _Row:
        """Return the amounts and uncertain factors of a span, at a ratio of 1."""
        if span.state != BASELINE:
            return self._states[span.state]
        central = tuple(self._baseline.central_terms[span.unit].tolist())
        cut = self._baseline.projection.cut_of(span.unit)
        return _Row(central, self._baseline.factors(span.unit), cut)


def scenario_input(one: AppliedScenario, changed: Sequence[int]) -> EnsembleInput:
    """Return the arrays of an ensemble with changed units twice: as they are, then as they become.

    Parameters
    ----------
    one : AppliedScenario
        The scenario.
    changed : sequence of int
        Indices of the units.
    """
    base_year = one.baseline.projection.settings.base_year
    rows_of_spans, tables = _Rows(one, changed), Tables()
    after: dict[int, list[Span]] = {index: [] for index in changed}
    for span in one.spans:
        if span.unit in after:
            after[span.unit].append(span)

    def spec(span: Span) -> RowSpec:
        row = rows_of_spans.of(span)
        amount = tuple(term * span.air_ratio for term in row.central)
        return RowSpec(amount, row.factors, span.first - base_year, span.end - base_year, row.cut)

    nothing = [RowSpec((0.0,) * TERMS, [], 0, 0)]
    specs = [[spec(span) for span in one.baseline.spans[index]] or nothing for index in changed]
    specs += [[spec(span) for span in after[index]] or nothing for index in changed]
    rows, rate_row, cuts = rows_of(specs, tables)
    count = len(changed)
    sets = np.array([np.arange(2 * count) < count, np.arange(2 * count) >= count])
    years = max(one.yearly_kg.shape[1], one.baseline.projection.yearly_kg.shape[1])
    none = np.zeros(2 * count)
    return EnsembleInput(rows, tables.stacked(), years, rate_row, none, sets, sets, top=1, cuts=cuts)
