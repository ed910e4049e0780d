"""The states that measures put units into, projected like any units.

A state is a row of the fleet with other cells. Rows keep the names of their unit and plant in the random streams, so
that a scenario sees the draws of the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.carried_values import values_carried
from hginventory.decisions.scenarios.periods import BASELINE, NumberedState, Span, cut_by_states
from hginventory.decisions.scenarios.schedule import ScheduledMeasure, holding, years_of_change
from hginventory.decisions.scenarios.unit_changes import AlteredUnit, changed_record, state_of
from hginventory.factors import CoalQuality, Value
from hginventory.inputs.fleet import Fleet
from hginventory.projection import Projection, Retrofit, Tier
from hginventory.uncertainty import FuelLeft, Unaltered, project_complying
from hginventory.vocabulary import COAL_POWER

KILN_DEVICE_COLUMNS = frozenset({"controls", "dust_bleed_on", "dust_bleed_off"})
_MARK = "\x1f"  # between a unit and the number of its state; no unit id holds it


def parents_of(numbered: Mapping[str, Sequence[NumberedState]]) -> tuple[str, ...]:
    """Return the unit of each state that is a row, in the order of the rows.

    Parameters
    ----------
    numbered : mapping of str to sequence of (int, int, AlteredUnit)
        From `project_states`.
    """
    return tuple(unit for unit, own in numbered.items() for _, index, _ in own if index != BASELINE)


def states_of_unit(baseline: Baseline, unit: str, changes: Sequence[ScheduledMeasure]) -> list[tuple[int, AlteredUnit]]:
    """Return the first year of each new state of a unit, and the state."""
    record, row = baseline.records[unit], baseline.rows[unit]
    return [(year, state_of(record, row, holding(changes, year))) for year in years_of_change(changes)]


def project_states(
    baseline: Baseline, plan: Mapping[str, Sequence[ScheduledMeasure]]
) -> tuple[Projection | None, dict[str, list[NumberedState]]]:
    """Project the states that need another row of the fleet.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> its measures.

    Returns
    -------
    states : Projection or None
        One row per state; None where none needs a row.
    numbered : dict of str to list of (int, int, AlteredUnit)
        Unit -> first year of each state, its index among ``states`` or `BASELINE`, and the state.
    """
    records: list[dict[str, Any]] = []
    parents: dict[str, str] = {}
    left: dict[str, FuelLeft] = {}
    numbered: dict[str, list[NumberedState]] = {}
    coals: dict[str, tuple[str, CoalQuality]] = {}
    held: dict[str, Mapping[str, Value]] = {}
    retrofits: dict[str, Retrofit] = {}
    for unit, changes in plan.items():
        for year, state in states_of_unit(baseline, unit, changes):
            index = BASELINE
            is_cut = (
                state.left != FuelLeft() and unit in baseline.projection.cuts
            )  # by the rate that the state has then
            if state.columns or is_cut:
                index = len(records)
                own_coal = f"own coal of unit {baseline.index_of[unit]}"  # an id may hold the marks between fuels
                records.append(changed_record(baseline.records[unit], state, own_coal))
                if state.fuel is not None:
                    coals[own_coal] = baseline.own_coal(unit)
                own_id = f"{unit}{_MARK}{index}"
                parents[own_id], left[own_id] = unit, state.left
                held[own_id] = values_carried(baseline, unit, state.columns)
                if state.changes_train and baseline.records[unit]["sector"] == COAL_POWER:
                    retrofits[own_id] = baseline.retrofit(unit, state.added)
            numbered.setdefault(unit, []).append((year, index, state))
    if not records:
        return None, numbered
    settings = baseline.projection.settings
    states = project_complying(
        _fleet_of(baseline.projection.fleet, records, parents),
        base_year=settings.base_year,
        rule=settings.rule,
        profile=settings.profile,
        carried=held,
        retrofits=retrofits,
        coals=coals,
        unaltered=Unaltered(baseline.projection, parents, baseline.factors, left),
    )
    return states, _same_input(baseline, states, numbered)


def lay_out(
    baseline: Baseline, plan: Mapping[str, Sequence[ScheduledMeasure]], rule: str
) -> tuple[Projection | None, tuple[str, ...], tuple[Span, ...]]:
    """Return the states that measures put units into, the unit of each, and all years of all units in them.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> its measures.
    rule : str
        Retirement rule; empty: that of the run.
    """
    states, numbered = project_states(baseline, plan)
    running = baseline.spans_under(rule)
    spans: list[Span] = []
    for index, unit in enumerate(baseline.ids):
        spans += cut_by_states(index, running[index], states, numbered.get(unit, ()))
    return states, parents_of(numbered), tuple(spans)


def _same_input(
    baseline: Baseline, states: Projection, numbered: Mapping[str, Sequence[NumberedState]]
) -> dict[str, list[NumberedState]]:
    """Return the states at what a statement of the unit as it is would no longer mean in them.

    What a kiln was measured to emit left the stack behind the devices of then: a row that states it with other devices
    would say that so much more goes in. Tonnes of coal are those of the coal of then: of another, as much heat is
    burned.
    """
    now, then = (one.mass_balance["hg_in_kg_per_yr"].to_numpy() for one in (baseline.projection, states))
    coal_now, coal_then = (_tonnes_and_heat(one.units) for one in (baseline.projection, states))
    out: dict[str, list[NumberedState]] = {}
    for unit, own in numbered.items():
        out[unit] = list(own)
        at = baseline.index_of[unit]
        is_measured = baseline.projection.tier[at] is Tier.MEASURED
        for number, (year, index, state) in enumerate(own):
            if index == BASELINE:
                continue
            ratio = _heat_of_tonnes(coal_now[at], coal_then[index])
            if is_measured and now[at] > 0 and KILN_DEVICE_COLUMNS & state.columns.keys():
                ratio = now[at] / then[index]
            if ratio != 1.0:
                out[unit][number] = (year, index, replace(state, multiplier=state.multiplier * ratio))
    return out


def _tonnes_and_heat(units: pd.DataFrame) -> list[tuple[float, float]]:
    """Return the coal of units [t/yr] and its calorific value [MJ/kg]."""
    return list(zip(units["coal_t_per_yr"].tolist(), units["calorific_value_mj_per_kg"].tolist(), strict=True))


def _heat_of_tonnes(now: tuple[float, float], then: tuple[float, float]) -> float:
    """Return heat over heat where a state burns the same tonnes of another coal, 1 where the heat follows already."""
    (tonnes, heat), (tonnes_then, heat_then) = now, then
    is_held = tonnes > 0 and math.isclose(tonnes, tonnes_then, rel_tol=1e-12) and heat_then > 0
    return heat / heat_then if is_held else 1.0


def _activity_of(activity: pd.DataFrame, parents: Mapping[str, str]) -> pd.DataFrame:
    """Return the statements of activity of units for their states, which run as much as the units did."""
    states = pd.DataFrame({"state": list(parents), "unit_id": list(parents.values())}, dtype=object)
    own = states.merge(activity, on="unit_id").drop(columns="unit_id").rename(columns={"state": "unit_id"})
    return own[list(activity.columns)]


def _fleet_of(fleet: Fleet, records: Sequence[Mapping[str, Any]], parents: Mapping[str, str]) -> Fleet:
    """Return the fleet of the states, given with the unit of each; cells point to those of the units they come from."""
    # As objects: a column of texts and blanks would else turn its blanks into not-a-number.
    units = pd.DataFrame(list(records), index=pd.Index(list(parents), name="unit_id"), dtype=object)[
        list(fleet.units.columns)
    ]
    units = units.astype({name: fleet.units[name].dtype for name in units if fleet.units[name].dtype == np.float64})
    children: dict[str, list[str]] = {}
    for state, parent in parents.items():
        children.setdefault(parent, []).append(state)
    cells = {(s, column): cell for (unit, column), cell in fleet.cells.items() for s in children.get(unit, ())}
    return replace(
        fleet,
        units=units,
        activity=_activity_of(fleet.activity, parents),
        cells=cells,
        rows={state: fleet.rows[parent] for state, parent in parents.items()},
        findings=(),
    )
