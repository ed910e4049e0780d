"""The cement sector: parameters to mercury, kiln by kiln."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats, Objects
from hginventory.factors import (
    ADDED_BEHIND_KILN,
    BLEEDS,
    DEFAULT,
    LOOP,
    MEASURED,
    NOT_USED,
    STACK_TEST,
    UNUSED,
    Activity,
    FactorLibrary,
    FindingLog,
    KilnParameters,
    Resolved,
    Value,
    from_cell,
    resolve_activity,
    resolve_kilns,
    rests_on_default,
    with_values,
)
from hginventory.inputs.fleet import Cells, Fleet, as_records, is_blank
from hginventory.model import AIR, PATHWAYS, kiln
from hginventory.projection.kiln_controls import KilnControls
from hginventory.projection.kiln_dust import dust_of
from hginventory.projection.sector import ActivityBasis, SectorResult, Tier
from hginventory.vocabulary import UNKNOWN

KILN_ACTIVITY_ORDER = ("clinker_output",)
METHOD = "{tier} from {basis}"


def project_kilns(
    fleet: Fleet,
    units: pd.DataFrame,
    library: FactorLibrary,
    base_year: int,
    log: FindingLog,
    carried: Mapping[str, Mapping[str, Value]] | None = None,
) -> SectorResult:
    """Resolve and compute the kilns of a fleet; parameters as in `coal_sector.project_coal`."""
    parameters = resolve_kilns(fleet, units, library, log)
    activities = resolve_activity(fleet, parameters.ids, Cells(units), KILN_ACTIVITY_ORDER, base_year, log)
    controls = KilnControls(library)
    index_of = {unit: index for index, unit in enumerate(parameters.ids)}
    way = partial(controls.collected, parameters)
    updated: Mapping[int, Mapping[str, Value]] = {index_of[u]: v for u, v in (carried or {}).items() if u in index_of}
    result = replace(_run_with(updated, fleet, units, parameters, activities, controls), ash_way=way)
    _note_unknown_fuels(fleet, units, result, log)
    _note_replaced_air_shares(fleet, units, result, log)
    measured = [one for one in fleet.measurements if one.unit_id in index_of]
    if not measured:
        return result
    from hginventory.projection.measured_kilns import KilnMeasurements

    found = KilnMeasurements(measured, parameters.ids, as_records(units), result, library, log).run()
    updated = {**updated, **{index: known.values for index, known in found.items()}}
    result = _run_with(updated, fleet, units, parameters, activities, controls)
    return replace(result, measured=[shown for known in found.values() for shown in known.points], ash_way=way)


def _note_unknown_fuels(fleet: Fleet, units: pd.DataFrame, result: SectorResult, log: FindingLog) -> None:
    plays_part = result.factors["fuel_hg"].origin != NOT_USED
    for unit in units.index[plays_part & units["fuels"].map(is_blank).to_numpy(dtype=bool)]:
        log.add("N717", fleet, str(unit), "fuels")


def _note_replaced_air_shares(fleet: Fleet, units: pd.DataFrame, result: SectorResult, log: FindingLog) -> None:
    stated = units["air_share"].to_numpy(dtype=np.float64)
    is_replaced = (result.factors["air_share"].origin == NOT_USED) & ~np.isnan(stated)
    for unit, share in zip(units.index[is_replaced], stated[is_replaced], strict=True):
        log.add("W728", fleet, str(unit), "air_share", found=f"air_share {share:g}")


def _run_with(
    updated: Mapping[int, Mapping[str, Value]],
    fleet: Fleet,
    units: pd.DataFrame,
    parameters: KilnParameters,
    activities: Sequence[Activity],
    controls: KilnControls,
) -> SectorResult:
    """Compute the sector with other values of some kilns; the error of measurements at the stack is kept with it."""
    factors = with_values(parameters.factors, updated)
    result = run_kilns(fleet, units, replace(parameters, factors=factors), activities, controls)
    error = [values.get(STACK_TEST, UNUSED) for values in (updated.get(p, {}) for p in range(len(parameters.ids)))]
    if all(value is UNUSED for value in error):
        return result
    return replace(result, factors={**result.factors, STACK_TEST: Resolved.of(STACK_TEST, "1", error)})


def run_kilns(
    fleet: Fleet,
    units: pd.DataFrame,
    parameters: KilnParameters,
    activities: Sequence[Activity],
    controls: KilnControls,
) -> SectorResult:
    """Compute the cement sector.

    Parameters
    ----------
    fleet : Fleet
        For the cells of stated numbers.
    units : DataFrame, N rows
        Capacities [t/yr], measured emission [kg/yr] and method of each kiln.
    parameters : KilnParameters
        Resolved factors.
    activities : sequence of Activity, length N
        Clinker made [t/yr] where stated.
    controls : KilnControls
        Removal and fate of devices behind the loop.

    Returns
    -------
    SectorResult
    """
    value = {name: resolved.value for name, resolved in parameters.factors.items()}
    clinker, basis = _clinker(units, value, activities)
    shares = np.array([controls.shares(parameters, index) for index in range(len(parameters.ids))]).reshape(
        -1, len(PATHWAYS)
    )
    air_share = shares[:, AIR].sum(axis=1)
    per_clinker = kiln.mercury_per_clinker_g_per_t(
        value["raw_meal_ratio"], value["hg_raw_meal"], value["heat_use"], value["fuel_hg"]
    )
    balance = clinker * per_clinker / kiln.G_PER_KG
    # The factor is that of a kiln with its dust handled as usual and no mercury control, so it is divided by the share
    # to air of such a kiln; a stated bleed and controls then act on the input as in the mass balance.
    by_factor = clinker * value["emission_factor"] / kiln.G_PER_KG / value["air_share"]
    measured_air = units["measured_air"].to_numpy(dtype=np.float64)
    measured = measured_air / air_share
    tier = _tiers(units["method"], measured_air, _takes_rate(parameters))
    hg_in = np.select([tier == Tier.EMISSION_FACTOR, tier == Tier.MEASURED], [by_factor, measured], default=balance)
    per_t = np.divide(hg_in, clinker, out=per_clinker / kiln.G_PER_KG, where=clinker > 0)
    return SectorResult(
        hg_in=hg_in,
        shares=shares,
        tier=tier,
        basis=basis,
        low_class=np.array([""] * len(basis), dtype=object),
        columns={
            "clinker_t_per_yr": clinker,
            "hg_added_behind_kiln_kg_per_yr": _added_behind_kiln(units, value),
            "train": np.array(parameters.controls, dtype=object),
            "method": np.array(
                [METHOD.format(tier=t, basis=b) for t, b in zip(tier, basis, strict=True)], dtype=object
            ),
        },
        later=[
            {year: float(per_t[index]) * s.value.value for year, s in activity.later.items()}
            for index, activity in enumerate(activities)
        ],
        factors=_factors(fleet, units, parameters, activities, controls, 1.0 - air_share, tier, basis),
    )


def _takes_rate(parameters: KilnParameters) -> Flags:
    """Return the kilns whose country or region has a measured rate, which goes before a balance of default contents."""
    contents = [parameters.factors[name] for name in ("hg_raw_meal", "fuel_hg")]
    on_defaults = [
        all(rests_on_default(one.of_unit(index)) for one in contents) for index in range(len(parameters.ids))
    ]
    return np.logical_and(parameters.has_rate, on_defaults)


def _tiers(asked: pd.Series[str], measured_air: Floats, takes_rate: Flags) -> Objects:
    """Return the tier of each kiln: the one asked for, else measured air, a measured rate, or the mass balance."""
    tiers = {str(tier): tier for tier in Tier}
    found = []
    for code, measured, has_rate in zip(asked, measured_air, takes_rate, strict=True):
        default = Tier.EMISSION_FACTOR if has_rate else Tier.MASS_BALANCE
        found.append(tiers.get(code, default if np.isnan(measured) else Tier.MEASURED))
    return np.array(found, dtype=object)


def _added_behind_kiln(units: pd.DataFrame, value: Mapping[str, Floats]) -> Floats:
    """Return the mercury that gypsum and ash bring into the cement behind the kiln [kg/yr]; NaN: no amount stated.

    It never passes the kiln, so it is not part of the kiln's input.
    """
    total = np.full(len(units), np.nan)
    for use, content, _ in ADDED_BEHIND_KILN:
        amount = units[use].to_numpy(dtype=np.float64)
        brought = np.where(amount > 0.0, amount * value[content], amount) / kiln.G_PER_KG
        total = np.where(np.isnan(total), brought, total + np.nan_to_num(brought))
    return total


def _factors(
    fleet: Fleet,
    units: pd.DataFrame,
    parameters: KilnParameters,
    activities: Sequence[Activity],
    controls: KilnControls,
    kept: Floats,
    tier: Objects,
    basis: Objects,
) -> dict[str, Resolved]:
    """Return the factors, marked where the tier or a better statement makes one needless."""
    by_output, by_clinker_capacity = basis == ActivityBasis.CLINKER_OUTPUT, basis == ActivityBasis.CLINKER_CAPACITY
    dust = [dust_of(parameters, index) for index in range(len(parameters.ids))]
    bleed_stated = np.array([one.is_stated for one in dust], dtype=bool)
    needless = {
        "air_share": bleed_stated & (tier != Tier.EMISSION_FACTOR),
        "utilisation": by_output | (tier == Tier.MEASURED),
        "clinker_factor": by_output | by_clinker_capacity | (tier == Tier.MEASURED),
        "clinker_import_share": by_output | by_clinker_capacity | (tier == Tier.MEASURED),
        "raw_meal_ratio": tier != Tier.MASS_BALANCE,
        "hg_raw_meal": tier != Tier.MASS_BALANCE,
        "heat_use": tier != Tier.MASS_BALANCE,
        "fuel_hg": tier != Tier.MASS_BALANCE,
        "emission_factor": tier != Tier.EMISSION_FACTOR,
        "kiln_model": tier != Tier.MASS_BALANCE,
    }
    factors = {
        name: factor.without(needless[name]) if name in needless else factor
        for name, factor in parameters.factors.items()
    }
    utilisation = parameters.factors["utilisation"]
    activity: list[Value] = []
    train: list[Value] = []
    removal: list[Value] = []
    for index, unit in enumerate(parameters.ids):
        statement = activities[index].normal
        measured = from_cell(fleet.cell(unit, "measured_air"), np.nan, MEASURED)
        if tier[index] == Tier.MEASURED:
            activity.append(measured)
        else:
            activity.append(statement.value if statement else utilisation.of_unit(index))
        known = parameters.controls[index] != UNKNOWN
        stated = from_cell(fleet.cell(unit, "controls"), np.nan)
        train.append(stated if known else replace(stated, origin=DEFAULT, read_from="judgement"))
        removal.append(controls.kept_from_stack(parameters, index, float(kept[index])))
    return {
        **factors,
        **{name: Resolved.of(name, "1", [one.values[name] for one in dust]) for name in (*LOOP, *BLEEDS)},
        "activity": Resolved.of("activity", "", activity),
        "train": Resolved.of("train", "", train),
        "removal": Resolved.of("removal", "1", removal),
    }


def _clinker(units: pd.DataFrame, value: dict[str, Floats], activities: Sequence[Activity]) -> tuple[Floats, Objects]:
    """Return the clinker of a year [t/yr] and what it is based on: output, clinker capacity or cement capacity."""
    stated = np.array([a.normal.value.value if a.normal else np.nan for a in activities])
    clinker_capacity = units["clinker_capacity"].to_numpy(dtype=np.float64)
    cement_capacity = units["cement_capacity"].to_numpy(dtype=np.float64)
    imported = np.nan_to_num(value["clinker_import_share"])
    from_clinker = kiln.clinker_from_clinker_capacity_t(clinker_capacity, value["utilisation"])
    from_cement = kiln.clinker_from_cement_capacity_t(
        cement_capacity, value["utilisation"], value["clinker_factor"], imported
    )
    clinker = np.where(~np.isnan(stated), stated, np.where(np.isnan(from_clinker), from_cement, from_clinker))
    bases = np.array(
        [ActivityBasis.CLINKER_OUTPUT, ActivityBasis.CEMENT_CAPACITY, ActivityBasis.CLINKER_CAPACITY], dtype=object
    )
    return clinker, bases[np.where(~np.isnan(stated), 0, np.where(np.isnan(from_clinker), 1, 2))]
