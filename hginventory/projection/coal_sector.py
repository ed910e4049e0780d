"""The coal sector: from a fleet to parameters and pathways, with what was measured, and the mercury that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from hginventory.factors import (
    BETA,
    DEFAULT,
    DERIVED,
    NEEDED_GROUPS,
    UNUSED,
    Activity,
    CoalParameters,
    Coals,
    FactorLibrary,
    FindingLog,
    Resolved,
    Spread,
    TrainMix,
    Value,
    from_cell,
    gross_over_net,
    open_control,
    per_kind,
    resolve_activity,
    resolve_coal,
    weakest_mark,
    with_values,
)
from hginventory.inputs.fleet import Cells, Fleet, as_records
from hginventory.model import FateTable, RemovalTable, UnitFate
from hginventory.projection.coal_arrays import CAPACITY_FACTOR, HEAT_INPUTS, run_coal
from hginventory.projection.plausibility import beyond_full_load
from hginventory.projection.removal_measurements import is_measured, removal_measurement, stated_removal
from hginventory.projection.retrofit import Retrofit, removals_after, with_trains
from hginventory.projection.sector import ActivityBasis, SectorResult
from hginventory.translations import TranslatableText
from hginventory.vocabulary import UNKNOWN

Carried = Mapping[str, Mapping[str, Value]]
# Best first: fuel burned needs neither efficiency nor capacity, a capacity factor needs both.
COAL_ACTIVITY_ORDER = (
    ActivityBasis.COAL_USE,
    ActivityBasis.HEAT_INPUT_NET,
    ActivityBasis.HEAT_INPUT_GROSS,
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
    cells = Cells(units)
    activities = resolve_activity(fleet, parameters.ids, cells, COAL_ACTIVITY_ORDER, base_year, log)
    parameters = _with_gross_heat(parameters, activities, cells, library)
    if coals is None:  # coal after a change follows from that before it
        log.extend(beyond_full_load(fleet, cells, parameters, library))
    table = library.once(RemovalTable, profile)
    fates, removal = _fates(fleet, parameters, cells, table, library.once(FateTable, table), log)
    factors = {
        **_needed(parameters.factors, activities),
        "activity": _activity_factor(parameters, activities),
        "train": Resolved.of("train", "", per_kind(partial(_train, parameters.mixes), map(id, parameters.mixes))),
        "removal": removal,
    }
    state = CoalState(parameters, fates, factors)
    index_of = {unit: index for index, unit in enumerate(parameters.ids)}
    held = {index_of[unit]: dict(values) for unit, values in (carried or {}).items() if unit in index_of}
    for index, value in removals_after(parameters, removal, retrofits or {}, library.once(FateTable, table)).items():
        held.setdefault(index, {})["removal"] = value
    if held:
        state = state.with_values(held, table, library)
    ways = library.once(FateTable, table).collected
    result = run_coal(units, state.parameters, activities, state.fates, state.factors)
    result = replace(result, ash_way=lambda index: ways(parameters.mixes[index]))
    removals = [
        removal_measurement(
            parameters.ids[index], cells[index], fleet.cell(parameters.ids[index], "removal") or "",
            table.release_ratio(parameters.boiler[index]),
        )
        for index in np.flatnonzero(cells.given("removal")).tolist()
        if is_measured(cells[index]) and "removal" not in held.get(index, ())
    ]  # fmt: skip
    measured = [*removals, *(one for one in fleet.measurements if one.unit_id in index_of)]
    if not measured:
        return result
    from hginventory.projection.measured_coal import CoalMeasurements

    updated = CoalMeasurements(measured, parameters.ids, as_records(units), result, library, log).run()
    state = state.with_values({index: known.values for index, known in updated.items()}, table, library)
    after = run_coal(units, state.parameters, activities, state.fates, state.factors)
    points = [shown for known in updated.values() for shown in known.points]
    return replace(after, measured=points, ash_way=result.ash_way)


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
    cells: Cells,
    table: RemovalTable,
    fate_table: FateTable,
    log: FindingLog,
) -> tuple[list[UnitFate], Resolved]:
    """Return the fate of the mercury of each unit and its removal, with findings where its train is in no table."""
    mixes, low = parameters.mixes, parameters.low_class
    high_cl = parameters.factors["high_cl_share"].value.tolist()
    own: list[float | None] = [None] * len(cells)
    for index in np.flatnonzero(cells.given("removal")).tolist():
        if not is_measured(cells[index]):  # else it counts as a measurement
            own[index] = stated_removal(cells[index], table.release_ratio(parameters.boiler[index]))
    fates = per_kind(
        lambda unit: fate_table.of_mix(mixes[unit], high_cl[unit], low[unit], own[unit]),
        map(id, mixes), high_cl, low, own,
    )  # fmt: skip
    defaults = per_kind(
        lambda unit: _default_removal(fates[unit], mixes[unit], parameters.chlorine_unknown[unit]),
        map(id, fates), map(id, mixes), parameters.chlorine_unknown,
    )  # fmt: skip
    removals = [
        default if stated is None else from_cell(fleet.cell(unit, "removal"), stated)
        for unit, stated, default in zip(parameters.ids, own, defaults, strict=True)
    ]
    open_cells = per_kind(lambda unit: open_control(cells[unit]), *map(cells.column, NEEDED_GROUPS))
    for unit, fate, stated, mix, control in zip(parameters.ids, fates, own, mixes, open_cells, strict=True):
        if stated is not None or not (fate.derived or fate.other_profile):
            continue
        train, cell = mix.label, control or "removal"  # what is to be filled in: of a stated train its removal
        if fate.derived:
            log.add("W701", fleet, unit, cell, found=TranslatableText("train {train}", train=train))
        if fate.other_profile:
            found = TranslatableText("train {train} in the profile {profile}", train=train, profile=table.profile)
            log.add("W705", fleet, unit, cell, found=found)
    return fates, Resolved.of("removal", "1", removals)


def _default_removal(fate: UnitFate, mix: TrainMix, chlorine_unknown: bool) -> Value:
    """Return the removal of the trains that a unit may have, by the tables."""
    refs = tuple(dict.fromkeys((*fate.rows, *mix.refs)))
    weakest = weakest_mark((fate.read_from, mix.read_from))
    spread = _removal_spread(fate, chlorine_unknown)
    return Value(fate.removal, DERIVED if fate.derived else DEFAULT, refs, weakest, spread)


def _train(mixes: Sequence[TrainMix], unit: int) -> Value:
    """Return where the train of a unit comes from."""
    mix = mixes[unit]
    return Value(np.nan, mix.origin, mix.refs, mix.read_from)


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


def _activity_factor(parameters: CoalParameters, activities: Sequence[Activity]) -> Resolved:
    """Return the statement of activity that counts; the default capacity factor where there is none."""
    default = parameters.factors[CAPACITY_FACTOR]
    return Resolved.of(
        "activity",
        "",
        [a.normal.value if a.normal else default.of_unit(index) for index, a in enumerate(activities)],
    )


def _with_gross_heat(
    parameters: CoalParameters,
    activities: Sequence[Activity],
    cells: Cells,
    library: FactorLibrary,
) -> CoalParameters:
    """Return the parameters with gross over net heating value of the units that report heat on the gross value."""
    used = [
        any(one is not None and one.variable == ActivityBasis.HEAT_INPUT_GROSS for one in (a.normal, *a.later.values()))
        for a in activities
    ]
    if not any(used):
        return parameters
    ratios = [
        gross_over_net(library, str(country), str(coal_type or UNKNOWN)) if is_used else UNUSED
        for country, coal_type, is_used in zip(cells.column("country"), cells.column("coal_type"), used, strict=True)
    ]
    ratio = Resolved.of("gross_over_net", "1", ratios)
    return replace(parameters, factors={**parameters.factors, "gross_over_net": ratio})


def _needed(factors: Mapping[str, Resolved], activities: Sequence[Activity]) -> dict[str, Resolved]:
    """Return the factors, marked where a better statement of activity makes one needless."""
    variable = np.array([a.normal.variable if a.normal else CAPACITY_FACTOR for a in activities], dtype=object)
    burned = variable == ActivityBasis.COAL_USE
    fuel = burned | np.isin(variable, HEAT_INPUTS)
    needless = {
        CAPACITY_FACTOR: variable != CAPACITY_FACTOR,
        "net_efficiency": fuel,
        "calorific_value": burned,
        "auxiliary_share": fuel | (variable == ActivityBasis.GENERATION_NET),
    }
    return {name: f.without(needless[name]) if name in needless else f for name, f in factors.items()}
