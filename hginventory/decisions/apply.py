"""A scenario applied to a projection: units in new states from a year on, each state projected like any unit.

The baseline stays as it is; a changed unit becomes several rows, one for each span of years with one state. Rows keep
the names of their unit and plant in the random streams, so that a scenario sees the draws of the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.decisions.certainty import Certainty
from hginventory.decisions.changes import State, changed_record, state_of
from hginventory.decisions.measured_before import CONTROLS, measured_before, tested_removal
from hginventory.decisions.selection import chosen_units, selection_table
from hginventory.errors import ScenarioError
from hginventory.factors.provenance import Value
from hginventory.inputs.fleet import Fleet
from hginventory.model.fate import PATHWAYS
from hginventory.projection import Projection, project_fleet
from hginventory.scenarios.model import Measure, Scenario

Floats = NDArray[np.float64]
BASELINE = -1
_MARK = "\x1f"  # between a unit and the number of its state; no unit id holds it


@dataclass(frozen=True)
class Span:
    """Years of a unit in one state.

    Attributes
    ----------
    unit : int
        Place of the unit in the baseline.
    state : int
        Place of the state in the projection of states; `BASELINE` for the unit as it is.
    ratio : float
        Amount over that of a normal year of the state.
    first, end : int
        Calendar years, half-open.
    """

    unit: int
    state: int
    ratio: float
    first: int
    end: int


@dataclass(frozen=True)
class AppliedScenario:
    """A scenario on a fleet.

    Attributes
    ----------
    scenario : Scenario
        What was asked.
    baseline : Projection
        The fleet as it is.
    states : Projection or None
        The states that units change into, one row a state; None where nothing changes.
    spans : tuple of Span
        All years of all units, units in the order of the baseline.
    chosen : tuple of tuple of str
        Units that each measure chose.
    measures : tuple of Measure
        All measures, those of extended scenarios first.
    infeasible : tuple of str
        Units that no known train brings below an emission limit.
    plan : mapping of str to sequence of Change
        Unit -> measures with their years, limits replaced by the options that hold them.
    yearly_kg : ndarray of float, shape (N, Y)
        Mercury to air [kg].
    """

    scenario: Scenario
    baseline: Projection
    states: Projection | None
    spans: tuple[Span, ...]
    chosen: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]
    yearly_kg: Floats
    infeasible: tuple[str, ...] = field(default=())
    plan: Mapping[str, Sequence[Change]] = field(default_factory=dict)

    @property
    def lifetime_kg(self) -> Floats:
        """Mercury to air of each unit over its remaining years [kg], shape (N,)."""
        return np.asarray(self.yearly_kg.sum(axis=1))

    def changed(self) -> list[int]:
        """Return the places of units that the scenario changes."""
        base = self.baseline.yearly_kg
        width = max(base.shape[1], self.yearly_kg.shape[1])
        return [int(p) for p in np.flatnonzero((_padded(base, width) != _padded(self.yearly_kg, width)).any(axis=1))]

    def pathways(self) -> pd.DataFrame:
        """Return the mercury by pathway over all remaining years [kg], index pathway: where it goes."""
        base = self.baseline.mass_balance.to_numpy()[:, 1:]
        states = None if self.states is None else self.states.mass_balance.to_numpy()[:, 1:]
        total = np.zeros(len(PATHWAYS))
        for span in self.spans:
            table = base if span.state == BASELINE or states is None else states
            place = span.unit if span.state == BASELINE else span.state
            total += table[place] * span.ratio * (span.end - span.first)
        return pd.DataFrame({"kg": total}, index=pd.Index(PATHWAYS, name="pathway"))


def apply_scenario(
    baseline: Projection,
    scenario: Scenario,
    measures: Sequence[tuple[int, Measure]],
    *,
    sure: Certainty | None = None,
    places: Mapping[int, str] | None = None,
) -> AppliedScenario:
    """Apply a scenario to a projection.

    Parameters
    ----------
    baseline : Projection
        The fleet as it is.
    scenario : Scenario
        Name and title.
    measures : sequence of (int, Measure)
        From `scenarios.model.flatten`: level and measure.
    sure : Certainty, optional
        Draws of the baseline, where a selection asks for them.
    places : mapping of int to str, optional
        Where each measure stands, for messages.

    Raises
    ------
    ScenarioError
        If a selection is wrong or empty, or two measures contradict each other.
    """
    only = [measure for _, measure in measures]
    chosen = chosen_units(only, selection_table(baseline, sure), places)
    plan = _plan(baseline, measures, chosen, places or {})
    from hginventory.decisions.limit_measures import meet_limits

    plan, infeasible = meet_limits(baseline, plan, project_states)
    states, numbers = project_states(baseline, plan)
    ruled = _under_rule(baseline, scenario.rule)
    spans: list[Span] = []
    for place, unit in enumerate(map(str, baseline.units.index)):
        spans += _spans(ruled, states, place, plan.get(unit, []), numbers.get(unit, []))
    return AppliedScenario(
        scenario,
        baseline,
        states,
        tuple(spans),
        tuple(map(tuple, chosen)),
        tuple(only),
        _yearly(baseline, states, spans),
        tuple(infeasible),
        {unit: tuple(changes) for unit, changes in plan.items() if changes},
    )


def _under_rule(baseline: Projection, rule: str) -> Projection:
    """Return the baseline with the years that another retirement rule gives; rates are the same."""
    if not rule or rule == baseline.settings.rule:
        return baseline
    settings = baseline.settings
    return project_fleet(
        baseline.fleet, base_year=settings.base_year, rule=rule, profile=settings.profile, where=settings.where
    )


@dataclass(frozen=True)
class Change:
    """A measure on one unit: the years in which it works, and how high its scenario stands."""

    measure: Measure
    first: int
    end: int | None
    level: int
    number: int

    def works_in(self, year: int) -> bool:
        """Return whether the measure works in a year."""
        return self.first <= year and (self.end is None or year < self.end)


Plan = dict[str, list[Change]]


def _plan(
    baseline: Projection,
    measures: Sequence[tuple[int, Measure]],
    chosen: Sequence[Sequence[str]],
    places: Mapping[int, str],
) -> Plan:
    plan: Plan = {}
    problems: list[str] = []
    for number, ((level, measure), units) in enumerate(zip(measures, chosen, strict=True)):
        for order, unit in enumerate(units):
            delay = order * measure.phase_in // len(units) if measure.phase_in else 0
            end = None if measure.to_year is None else measure.to_year + 1
            own = measure.model_copy(update={"from_year": measure.from_year + delay})
            change = Change(own if measure.action == "retire" else measure, own.from_year, end, level, number)
            for other in plan.get(unit, []):
                same = other.measure.kind == measure.kind and other.level == level
                if same and _overlap(change, other) and not _adds(change, other):
                    place = places.get(number, f"measure {number + 1}")
                    problems.append(
                        f"{place}: {measure.action} on {unit} from {change.first} overlaps {other.measure.action} from "
                        f"{other.first} of {places.get(other.number, f'measure {other.number + 1}')}. "
                        "Set to_year, change the selection, or use extends to say which stands over the other."
                    )
            plan.setdefault(unit, []).append(change)
    if problems:
        shown = problems[:10] + ([f"... and {len(problems) - 10} more"] if len(problems) > 10 else [])
        raise ScenarioError("\n".join(shown))
    return plan


def _overlap(one: Change, other: Change) -> bool:
    return (one.end is None or other.first < one.end) and (other.end is None or one.first < other.end)


def _adds(one: Change, other: Change) -> bool:
    """Return whether two additions of devices go together: neither replaces the train, and the devices differ."""
    both_add = one.measure.action == other.measure.action == "add_control"
    return both_add and one.measure.target != other.measure.target


def _breaks(changes: Sequence[Change]) -> list[int]:
    years = {change.first for change in changes} | {c.end for c in changes if c.end is not None}
    return sorted(years)


def states_of(baseline: Projection, unit: str, changes: Sequence[Change]) -> list[tuple[int, State]]:
    """Return the first year of each new state of a unit, and the state."""
    out: list[tuple[int, State]] = []
    record, row = record_of(baseline.fleet.units, unit), record_of(baseline.units, unit)
    for year in _breaks(changes):
        active = [change for change in changes if change.works_in(year)]
        out.append((year, state_of(record, row, _standing(active))))
    return out


def record_of(table: pd.DataFrame, unit: str) -> dict[str, Any]:
    """Return the row of a unit by column."""
    return {str(column): value for column, value in table.loc[unit].items()}


def _standing(active: Sequence[Change]) -> list[Measure]:
    """Return the measures that hold: of one kind those of the highest level."""
    highest: dict[str, int] = {}
    for change in active:
        highest[change.measure.kind] = max(change.level, highest.get(change.measure.kind, change.level))
    return [c.measure for c in active if c.level == highest[c.measure.kind]]


def project_states(
    baseline: Projection, plan: Plan
) -> tuple[Projection | None, dict[str, list[tuple[int, int, State]]]]:
    """Project the states that need another row of the fleet; return for each unit (year, place or BASELINE, state)."""
    records: list[dict[str, Any]] = []
    ids: list[str] = []
    numbers: dict[str, list[tuple[int, int, State]]] = {}
    fuels: dict[str, dict[str, Any]] = {}
    held: dict[str, Mapping[str, Value]] = {}
    for unit, changes in plan.items():
        record = record_of(baseline.fleet.units, unit)
        for year, state in states_of(baseline, unit, changes):
            place = BASELINE
            if state.columns:
                place = len(records)
                changed, own_fuel = changed_record(unit, record, state)
                if own_fuel is not None:
                    fuels[own_fuel["fuel_id"]] = own_fuel
                records.append(changed)
                ids.append(f"{unit}{_MARK}{place}")
                held[ids[-1]] = measured_before(baseline, unit, state.columns)
            numbers.setdefault(unit, []).append((year, place, state))
    if not records:
        return None, numbers
    states = project_fleet(_fleet_of(baseline, records, ids, fuels), carried=held, **_options(baseline))
    return states, _not_below_tests(baseline, states, numbers)


def _not_below_tests(
    baseline: Projection, states: Projection, numbers: dict[str, list[tuple[int, int, State]]]
) -> dict[str, list[tuple[int, int, State]]]:
    """Return the states, none of which removes less than was measured at its unit before devices were added."""
    removal = states.units["removal"].to_numpy(dtype=np.float64)
    out: dict[str, list[tuple[int, int, State]]] = {}
    for unit, own in numbers.items():
        tested = tested_removal(baseline, unit)
        out[unit] = [
            (year, place, _at_least(state, tested, removal[place]) if place != BASELINE else state)
            for year, place, state in own
        ]
    return out


def _at_least(state: State, tested: float, removal: float) -> State:
    if not CONTROLS & state.columns.keys() or removal >= tested or removal >= 1.0:
        return state
    return replace(state, multiplier=state.multiplier * (1.0 - tested) / (1.0 - removal))


def _options(baseline: Projection) -> dict[str, Any]:
    settings = baseline.settings
    return {"base_year": settings.base_year, "rule": settings.rule, "profile": settings.profile}


def _fleet_of(
    baseline: Projection,
    records: Sequence[Mapping[str, Any]],
    ids: Sequence[str],
    fuels: Mapping[str, Mapping[str, Any]],
) -> Fleet:
    """Return the fleet of the states; cells point to those of the units they come from."""
    fleet = baseline.fleet
    # As objects: a column of texts and blanks would else turn its blanks into not-a-number.
    units = pd.DataFrame(list(records), index=pd.Index(ids, name="unit_id"), dtype=object)[list(fleet.units.columns)]
    units = units.astype({name: fleet.units[name].dtype for name in units if fleet.units[name].dtype == np.float64})
    parents = {state: state.split(_MARK)[0] for state in ids}
    children: dict[str, list[str]] = {}
    for state, parent in parents.items():
        children.setdefault(parent, []).append(state)
    cells = {(s, column): cell for (unit, column), cell in fleet.cells.items() for s in children.get(unit, ())}
    table = fleet.fuels
    if fuels:
        extra = pd.DataFrame(list(fuels.values())).set_index("fuel_id").reindex(columns=fleet.fuels.columns)
        table = pd.concat([fleet.fuels, extra.astype({c: fleet.fuels[c].dtype for c in extra})])
    return replace(
        fleet,
        units=units,
        fuels=table,
        activity=fleet.activity.iloc[:0],
        cells=cells,
        rows={state: fleet.rows[parent] for state, parent in parents.items()},
        findings=(),
    )


def _spans(
    baseline: Projection,
    states: Projection | None,
    place: int,
    changes: Sequence[Change],
    numbers: Sequence[tuple[int, int, State]],
) -> list[Span]:
    """Return the spans of one unit: its baseline years cut where its state changes."""
    base_year = baseline.settings.base_year
    spans = [Span(place, BASELINE, *part) for part in baseline_spans(baseline, place)]
    spans = _with_calendar(spans, base_year)
    if not changes:
        return spans
    as_is = spans
    for year, state_place, state in numbers:
        if state.closes:  # until a state that does not close: an exclusion may end
            spans = _until(spans, year)
            continue
        if state.years_from_state and states is not None and state_place != BASELINE:
            own = [Span(place, state_place, *part) for part in baseline_spans(states, state_place)]
            from_state = [replace(s, ratio=s.ratio * state.multiplier) for s in _with_calendar(own, base_year)]
            spans = [*_until(spans, year), *_from(from_state, year)]
            continue
        if state.runs_to is not None:
            spans, as_is = _longer(spans, state.runs_to), _longer(as_is, state.runs_to)
        changed = [replace(s, state=state_place, ratio=s.ratio * state.multiplier) for s in _from(as_is, year)]
        spans = [*_until(spans, year), *changed]
    return spans


def _longer(spans: Sequence[Span], end: int) -> list[Span]:
    return [*spans[:-1], replace(spans[-1], end=max(spans[-1].end, end))] if spans else []


def _until(spans: Sequence[Span], year: int) -> list[Span]:
    return [replace(s, end=min(s.end, year)) for s in spans if s.first < year]


def _from(spans: Sequence[Span], year: int) -> list[Span]:
    return [replace(s, first=max(s.first, year)) for s in spans if s.end > year]


def _with_calendar(spans: Sequence[Span], base_year: int) -> list[Span]:
    return [replace(s, first=s.first + base_year, end=s.end + base_year) for s in spans if s.end > s.first]


def baseline_spans(projection: Projection, place: int) -> list[tuple[float, int, int]]:
    """Return the spans of a unit: amount over that of a normal year, first and end, years from the base year."""
    from hginventory.uncertainty.assemble import spans_of

    return sorted((span for span in spans_of(projection, place) if span[2] > span[1]), key=lambda span: span[1])


def _yearly(baseline: Projection, states: Projection | None, spans: Sequence[Span]) -> Floats:
    base_year = baseline.settings.base_year
    width = max([baseline.yearly_kg.shape[1], *(span.end - base_year for span in spans)])
    yearly = np.zeros((len(baseline.units), width))
    air = baseline.units["air_kg_per_yr"].to_numpy()
    new = np.empty(0) if states is None else states.units["air_kg_per_yr"].to_numpy()
    for span in spans:
        rate = air[span.unit] if span.state == BASELINE else new[span.state]
        yearly[span.unit, span.first - base_year : span.end - base_year] += rate * span.ratio
    return yearly


def _padded(table: Floats, width: int) -> Floats:
    return np.pad(table, ((0, 0), (0, width - table.shape[1])))
