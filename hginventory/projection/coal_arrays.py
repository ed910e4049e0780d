"""Coal units on arrays: resolved parameters and statements of activity to mercury."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hginventory._types import Floats, Objects
from hginventory.factors import Activity, CoalParameters, Resolved, Statement, kinds_of, per_kind
from hginventory.model import UnitFate, coal
from hginventory.projection.sector import ActivityBasis, SectorResult, Tier
from hginventory.units import percent

CAPACITY_FACTOR = ActivityBasis.CAPACITY_FACTOR
HEAT_INPUTS = (ActivityBasis.HEAT_INPUT_NET, ActivityBasis.HEAT_INPUT_GROSS)
METHOD = "mass balance from {basis}"


def run_coal(
    units: pd.DataFrame,
    parameters: CoalParameters,
    activities: Sequence[Activity],
    fates: Sequence[UnitFate],
    factors: Mapping[str, Resolved],
) -> SectorResult:
    """Compute the coal sector.

    Parameters
    ----------
    units : DataFrame, N rows
        Capacities [MW].
    parameters : CoalParameters
        Resolved factors.
    activities : sequence of Activity, length N
        Statements of activity; none: capacity and capacity factor.
    fates : sequence of UnitFate, length N
        Pathway shares.
    factors : mapping of str to Resolved
        All factors with their part in the result, kept with it.

    Returns
    -------
    SectorResult
    """
    value = {name: resolved.value for name, resolved in parameters.factors.items()}
    gross = units["capacity_gross"].to_numpy(dtype=np.float64)
    net = units["capacity_net"].to_numpy(dtype=np.float64)
    own_use = value["auxiliary_share"]
    net_mw = np.where(np.isnan(net), coal.net_capacity_mw(gross, own_use), net)
    gross_mw = np.where(np.isnan(gross), net / (1.0 - own_use), gross)

    basis = np.array(
        [ActivityBasis(a.normal.variable) if a.normal else CAPACITY_FACTOR for a in activities], dtype=object
    )
    stated = np.array([a.normal.value.value if a.normal else np.nan for a in activities])
    amount = np.where(np.isnan(stated), value["capacity_factor"], stated)
    coal_t = _coal_t(basis, amount, net_mw, value)
    heat = coal_t * value["calorific_value"]
    generation = coal.generation_from_heat_mwh(heat, value["net_efficiency"])
    later = [
        {
            year: coal.mercury_input_kg(_one_coal_t(s, index, net_mw, value), float(value["hg_coal"][index]))
            for year, s in activity.later.items()
        }
        for index, activity in enumerate(activities)
    ]
    first, kind = kinds_of(map(id, fates))
    shares = np.array([fates[index].shares for index in first]).reshape(len(first), -1)[kind]
    return SectorResult(
        hg_in=coal.mercury_input_kg(coal_t, value["hg_coal"]),
        shares=shares,
        tier=np.array([Tier.MASS_BALANCE] * len(basis), dtype=object),
        basis=basis,
        low_class=np.array(parameters.low_class, dtype=object),
        columns={
            "capacity_gross_mw": gross_mw,
            "capacity_net_mw": net_mw,
            "generation_net_gwh_per_yr": generation / coal.MWH_PER_GWH,
            "capacity_factor": generation / (net_mw * coal.HOURS_PER_YEAR),
            "net_efficiency": value["net_efficiency"],
            "calorific_value_mj_per_kg": value["calorific_value"],
            "coal_t_per_yr": coal_t,
            "hg_coal_mg_per_kg": value["hg_coal"],
            "train_recalled_share": np.array([mix.recalled_share for mix in parameters.mixes]),
            "train": np.array([mix.label for mix in parameters.mixes], dtype=object),
            "coal_class": _classes(parameters),
            "method": np.array(per_kind(lambda unit: METHOD.format(basis=basis[unit]), basis), dtype=object),
        },
        later=later,
        factors=factors,
    )


def _one_coal_t(statement: Statement, index: int, net_mw: Floats, value: Mapping[str, Floats]) -> float:
    """Return the coal burned [t/yr] of one statement of one unit."""
    one = {name: numbers[[index]] for name, numbers in value.items()}
    variable = np.array([statement.variable], dtype=object)
    return float(_coal_t(variable, np.array([statement.value.value]), net_mw[[index]], one)[0])


def _coal_t(variable: Objects, amount: Floats, net_mw: Floats, value: Mapping[str, Floats]) -> Floats:
    """Return the coal burned [t/yr] of statements of activity: coal [t], heat [TJ], generation [GWh] or share [1]."""
    generation_mwh = np.select(
        [
            variable == ActivityBasis.GENERATION_NET,
            variable == ActivityBasis.GENERATION_GROSS,
            variable == CAPACITY_FACTOR,
        ],
        [
            amount * coal.MWH_PER_GWH,
            amount * coal.MWH_PER_GWH * (1.0 - value["auxiliary_share"]),
            coal.net_generation_mwh(net_mw, amount),
        ],
        default=np.nan,
    )
    over_net = np.where(variable == ActivityBasis.HEAT_INPUT_GROSS, value.get("gross_over_net", np.nan), 1.0)
    heat_gj = amount / over_net * coal.GJ_PER_TJ
    generated = coal.heat_input_gj(generation_mwh, value["net_efficiency"])
    heat = np.where(np.isin(variable, HEAT_INPUTS), heat_gj, generated)
    return np.where(variable == ActivityBasis.COAL_USE, amount, coal.coal_burned_t(heat, value["calorific_value"]))


def _classes(parameters: CoalParameters) -> Objects:
    """Return the coal class of each unit in words."""
    shares, low = parameters.factors["high_cl_share"].value.tolist(), parameters.low_class

    def words(unit: int) -> str:
        share = shares[unit]
        mixed = f"{percent(share)} high_cl, {percent(1 - share)} {low[unit]}"
        return "high_cl" if share == 1.0 else low[unit] if share == 0.0 else mixed

    return np.array(per_kind(words, shares, low), dtype=object)
