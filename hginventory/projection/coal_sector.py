"""The coal sector: from a fleet to parameters and pathways, with what was measured, and the mercury that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hginventory.factors import (
    BETA,
    DEFAULT,
    DERIVED,
    UNUSED,
    Activity,
    CoalParameters,
    Coals,
    FactorLibrary,
    FindingLog,
    Resolved,
    Spread,
    Value,
    from_cell,
    given,
    open_control,
    resolve_activity,
    resolve_coal,
    weakest_mark,
    with_values,
)
from hginventory.inputs.fleet import Fleet, as_records
from hginventory.model import FateTable, RemovalTable, UnitFate, coal_to_stack
from hginventory.projection.coal_arrays import CAPACITY_FACTOR, run_coal
from hginventory.projection.plausibility import beyond_full_load
from hginventory.projection.retrofit import Retrofit, removals_after, with_trains
from hginventory.projection.sector import ActivityBasis, SectorResult
from hginventory.translations import TranslatableText

Carried = Mapping[str, Mapping[str, Value]]
# Best first: fuel burned needs neither efficiency nor capacity, a capacity factor needs both.
COAL_ACTIVITY_ORDER = (
    ActivityBasis.COAL_USE,
    ActivityBasis.GENERATION_NET,
    ActivityBasis.GENERATION_GROSS,
    ActivityBasis.CAPACITY_FACTOR,
)


def project_coal(
    fleet: Fleet,
    units: pd.DataFrame,
    library: FactorLibrary,
    profile: str,
    base_year: int,
    log: FindingLog,
    carried: Carried | None = None,
    retrofits: Mapping[str, Retrofit] | None = None,
    coals: Coals | None = None,
) -> SectorResult:
    """Resolve and compute the coal units of a fleet.

    Parameters
    ----------
    fleet : Fleet
        For cells, fuels and the sheet Activity.
    units : DataFrame
        Rows of ``fleet.units`` that are coal units.
    library : FactorLibrary
        Factor tables, overrides applied.
    profile : str
        Removal profile.
    base_year : int
        First remaining year.
    log : FindingLog
        Collects findings.
    carried : mapping of str to mapping of str to Value, optional
        Unit -> parameter -> value that stands for what the lookup finds: hg_coal, removal, stack_test.
    retrofits : mapping of str to Retrofit, optional
        Unit -> how its train came about, where ``units`` contains it after a change.
    coals : mapping of str to (str, CoalQuality), optional
        As in `resolve_coal`.
    """
    parameters = with_trains(resolve_coal(fleet, units, library, log, coals), retrofits or {})
    records = as_records(units)
    activities = resolve_activity(fleet, parameters.ids, records, COAL_ACTIVITY_ORDER, base_year, log)
    if coals is None:  # coal after a change follows from that before it
        log.extend(beyond_full_load(fleet, records, parameters, library))
    table = library.once(RemovalTable, profile)
    fates, removal = _fates(fleet, parameters, records, table, library.once(FateTable, table), log)
    factors = {
        **_needed(parameters.factors, activities),
        "activity": _activity_factor(parameters, activities),
        "train": Resolved.of(
            "train", "", [Value(np.nan, mix.origin, mix.refs, mix.read_from) for mix in parameters.mixes]
        ),
        "removal": removal,
    }
    state = CoalState(parameters, fates, factors)
    index_of = {unit: index for index, unit in enumerate(parameters.ids)}
    held = {index_of[unit]: dict(values) for unit, values in (carried or {}).items() if unit in index_of}
    for index, value in removals_after(parameters, removal, retrofits or {}, library.once(FateTable, table)).items():
        held.setdefault(index, {})["removal"] = value
    if held:
        state = state.with_values(held, table, library)
    result = run_coal(units, state.parameters, activities, state.fates, state.factors)
    if not any(one.unit_id in index_of for one in fleet.measurements):
        return result
    from hginventory.projection.measured_coal import CoalMeasurements

    updated = CoalMeasurements(fleet, parameters.ids, records, result, library, log).run()
    state = state.with_values({index: known.values for index, known in updated.items()}, table, library)
    result = run_coal(units, state.parameters, activities, state.fates, state.factors)
    return replace(result, measured=[shown for known in updated.values() for shown in known.points])


@dataclass(frozen=True)
class CoalState:
    """What a coal sector is computed from: parameters, pathway shares, and all factors as they are shown."""

    parameters: CoalParameters
    fates: Sequence[UnitFate]
    factors: Mapping[str, Resolved]

    def with_values(
        self, values: Mapping[int, Mapping[str, Value]], table: RemovalTable, library: FactorLibrary
    ) -> CoalState:
        """Return the state with other values of some units, by position; pathways follow the removal."""
        fate_table = library.once(FateTable, table)
        fates = list(self.fates)
        parameters = self.parameters
        for index, of_unit in values.items():
            if "removal" in of_unit:
                share = float(parameters.factors["high_cl_share"].value[index])
                mix, low = parameters.mixes[index], parameters.low_class[index]
                fates[index] = fate_table.of_mix(mix, share, low, of_unit["removal"].value)
        count = len(parameters.ids)
        factors = dict(self.factors)
        for name in {name for of_unit in values.values() for name in of_unit} - factors.keys():
            factors[name] = Resolved.of(name, "1", [UNUSED] * count)
        return CoalState(
            replace(parameters, factors=with_values(parameters.factors, values)), fates, with_values(factors, values)
        )


def _fates(
    fleet: Fleet,
    parameters: CoalParameters,
    records: Sequence[Mapping[str, object]],
    table: RemovalTable,
    fate_table: FateTable,
    log: FindingLog,
) -> tuple[list[UnitFate], Resolved]:
    high_cl = parameters.factors["high_cl_share"].value
    fates: list[UnitFate] = []
    removals: list[Value] = []
    for index, (unit, record, mix) in enumerate(zip(parameters.ids, records, parameters.mixes, strict=True)):
        own = _own_removal(record, table.release_ratio(parameters.boiler[index]))
        share = float(high_cl[index])
        fate = fate_table.of_mix(mix, share, parameters.low_class[index], own)
        fates.append(fate)
        if own is not None:
            removals.append(from_cell(fleet.cell(unit, "removal"), own))
            continue
        cell = open_control(record) or "removal"  # what is to be filled in: a stated train has only its removal left
        if fate.derived:
            log.add("W701", fleet, unit, cell, found=TranslatableText("train {train}", train=mix.label))
        if fate.other_profile:
            found = TranslatableText("train {train} in the profile {profile}", train=mix.label, profile=table.profile)
            log.add("W705", fleet, unit, cell, found=found)
        refs = tuple(dict.fromkeys((*fate.rows, *mix.refs)))
        marks = (fate.read_from, mix.read_from)
        weakest = weakest_mark(marks)
        spread = _removal_spread(fate, parameters.chlorine_unknown[index])
        removals.append(Value(fate.removal, DERIVED if fate.derived else DEFAULT, refs, weakest, spread))
    return fates, Resolved.of("removal", "1", removals)


def _removal_spread(fate: UnitFate, chlorine_unknown: bool) -> Spread | None:
    """Return the spread of a removal: what units of a coal class share of the variance of a train, and what is own.

    Where the chlorine is unknown, so that the removal lies midway between two classes, the spread is doubled.
    """
    variance = fate.variance
    if variance <= 0.0:
        return None
    shared = fate.class_variance / variance
    spread = Spread(BETA, math.sqrt(variance), (("coal_class", shared), ("unit", 1.0 - shared)))
    return spread.widened(2.0) if chlorine_unknown else spread


def _own_removal(record: Mapping[str, object], release_ratio: float) -> float | None:
    """Return the removal stated for a unit, from coal to stack [0-1]."""
    if not given(record, "removal"):
        return None
    stated = float(record["removal"])  # type: ignore[arg-type]
    if record.get("removal_basis") == "boiler_outlet_to_stack":
        return float(coal_to_stack(stated, release_ratio))
    return stated


def _activity_factor(parameters: CoalParameters, activities: Sequence[Activity]) -> Resolved:
    """Return the statement of activity that counts; the default capacity factor where there is none."""
    default = parameters.factors[CAPACITY_FACTOR]
    return Resolved.of(
        "activity",
        "",
        [a.normal.value if a.normal else default.of_unit(index) for index, a in enumerate(activities)],
    )


def _needed(factors: Mapping[str, Resolved], activities: Sequence[Activity]) -> dict[str, Resolved]:
    """Return the factors, marked where a better statement of activity makes one needless."""
    variable = np.array([a.normal.variable if a.normal else CAPACITY_FACTOR for a in activities], dtype=object)
    burned = variable == ActivityBasis.COAL_USE
    needless = {
        CAPACITY_FACTOR: variable != CAPACITY_FACTOR,
        "net_efficiency": burned,
        "calorific_value": burned,
        "auxiliary_share": burned | (variable == ActivityBasis.GENERATION_NET),
    }
    return {name: f.without(needless[name]) if name in needless else f for name, f in factors.items()}
