"""The years of a unit in one state each: cut where measures change it, laid out as mercury by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.scenarios.unit_changes import AlteredUnit
from hginventory.projection import Projection
from hginventory.uncertainty import spans_of

BASELINE = -1
NumberedState = tuple[int, int, AlteredUnit]  # first year, index in the projection of states or BASELINE, state


@dataclass(frozen=True, slots=True)
class Span:
    """Years of a unit in one state.

    Attributes
    ----------
    unit : int
        Index of the unit in the baseline.
    state : int
        Index of the state in the projection of states; `BASELINE` for the unit as it is.
    ratio : float
        Amount over that of a normal year of the state.
    first, end : int
        Calendar years, half-open.
    cut : float
        Share of the emission that goes elsewhere [0-1].
    catch : tuple of (str, float)
        Pathway -> share of what is cut that goes there.
    """

    unit: int
    state: int
    ratio: float
    first: int
    end: int
    cut: float = 0.0
    catch: tuple[tuple[str, float], ...] = ()

    @property
    def air_ratio(self) -> float:
        """Mercury to air over that of a normal year of the state."""
        return self.ratio * (1.0 - self.cut)


def baseline_spans(projection: Projection, index: int) -> tuple[Span, ...]:
    """Return the spans of a unit of a projection by its index, in the order of years."""
    base_year = projection.settings.base_year
    found = sorted((span for span in spans_of(projection, index) if span[2] > span[1]), key=lambda span: span[1])
    return tuple(Span(index, BASELINE, ratio, base_year + first, base_year + end) for ratio, first, end in found)


def cut_by_states(
    unit: int, baseline: Sequence[Span], states: Projection | None, numbered: Sequence[NumberedState]
) -> tuple[Span, ...]:
    """Return the spans of a unit cut where its state changes.

    Parameters
    ----------
    unit : int
        Its index in the baseline.
    baseline : sequence of Span
        Its years without measures.
    states : Projection or None
        The states, one row each.
    numbered : sequence of (int, int, AlteredUnit)
        First year of each new state, its index among ``states`` or `BASELINE`, and the state; in the order of years.
    """
    spans, running = list(baseline), list(baseline)
    for year, index, state in numbered:
        if state.closes:  # until a state that does not close: an exclusion may end
            spans = _until(spans, year)
            continue
        if state.years_from_state and states is not None and index != BASELINE:
            own = [_in_state(replace(s, unit=unit), index, state) for s in baseline_spans(states, index)]
            spans = [*_until(spans, year), *_from(own, year)]
            continue
        if state.runs_to is not None:
            spans, running = _longer(spans, state.runs_to), _longer(running, state.runs_to)
        changed = [_in_state(s, index, state) for s in _from(running, year)]
        spans = [*_until(spans, year), *changed]
    return tuple(spans)


def yearly_kg(projection: Projection, states: Projection | None, spans: Sequence[Span]) -> Floats:
    """Return the mercury to air of each unit by year [kg], shape (N, Y), Y at least as many years as the projection."""
    base_year = projection.settings.base_year
    width = max([projection.yearly_kg.shape[1], *(span.end - base_year for span in spans)])
    yearly = np.zeros((len(projection.units), width))
    now = projection.units["air_kg_per_yr"].tolist()
    then = [] if states is None else states.units["air_kg_per_yr"].tolist()
    for span in spans:
        rate = now[span.unit] if span.state == BASELINE else then[span.state]
        yearly[span.unit, span.first - base_year : span.end - base_year] += rate * span.air_ratio
    return yearly


def _in_state(span: Span, index: int, state: AlteredUnit) -> Span:
    return replace(span, state=index, ratio=state.amount(span.ratio), cut=state.cut, catch=state.catch)


def _longer(spans: Sequence[Span], end: int) -> list[Span]:
    return [*spans[:-1], replace(spans[-1], end=max(spans[-1].end, end))] if spans else []


def _until(spans: Sequence[Span], year: int) -> list[Span]:
    return [replace(s, end=min(s.end, year)) for s in spans if s.first < year]


def _from(spans: Sequence[Span], year: int) -> list[Span]:
    return [replace(s, first=max(s.first, year)) for s in spans if s.end > year]
