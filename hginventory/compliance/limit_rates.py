"""The rate of a unit on what a limit is stated per, and to which units a limit applies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats
from hginventory.factors import Resolved
from hginventory.model import (
    CLINKER,
    G_PER_KG,
    GAS,
    GENERATION,
    GROSS_GENERATION,
    GROSS_HEAT,
    Basis,
    GasTables,
    Limit,
    coal,
    unit_of,
)
from hginventory.units import convert
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

NEW, LIGNITE = "new", "lignite"
UG_PER_G = 1e6


def unit_rates(units: pd.DataFrame, factors: Mapping[str, Resolved], tables: GasTables) -> pd.DataFrame:
    """Return the rate of each unit on every basis a limit can have.

    Parameters
    ----------
    units : DataFrame, N rows, index unit_id
        As in `Projection.units`.
    factors : mapping of str to Resolved
        Factors of these units, length N: capacity_factor and auxiliary_share.
    tables : GasTables
        State and volume of flue gas.

    Returns
    -------
    DataFrame, N rows, index unit_id
        sector; gas [ug/Nm3, dry, at the reference of the gas table of the sector], gross_heat [g/TJ gross],
        gross_generation, generation [g/GWh, gross and net], clinker [g/t]; heat_input_mw (net heat at full load;
        without a capacity from the heat of the coal and the capacity factor). NaN where the basis does not exist for
        the unit or it emits nothing.
    """
    kiln = units["sector"].eq(CEMENT_KILN).to_numpy()
    air_g = units["air_kg_per_yr"].to_numpy(dtype=np.float64) * G_PER_KG
    air_g = np.where(air_g > 0, air_g, np.nan)
    ncv = units["calorific_value_mj_per_kg"].to_numpy(dtype=np.float64)
    heat_gj = units["coal_t_per_yr"].to_numpy(dtype=np.float64) * ncv
    clinker_t = units["clinker_t_per_yr"].to_numpy(dtype=np.float64)
    net_gwh = units["generation_net_gwh_per_yr"].to_numpy(dtype=np.float64)
    net_mw, gross_mw = (units[f"capacity_{basis}_mw"].to_numpy(dtype=np.float64) for basis in ("net", "gross"))
    heat_mw = heat_gj / (coal.GJ_PER_MWH * coal.HOURS_PER_YEAR) / _number(factors, "capacity_factor", len(units))
    rated_mw = net_mw / units["net_efficiency"].to_numpy(dtype=np.float64)
    gross_gwh = np.where(
        np.isnan(net_mw), net_gwh / (1.0 - _number(factors, "auxiliary_share", len(units))), net_gwh * gross_mw / net_mw
    )
    volume = np.full(len(units), np.nan)
    gross_over_net = np.full(len(units), np.nan)
    words = units[["country", "coal_type", "kiln_type"]].fillna("unknown").to_numpy()
    for index, (country, coal_type, kiln_type) in enumerate(words):
        if kiln[index]:
            volume[index] = tables.kiln_gas(kiln_type, country) * clinker_t[index]
        else:
            volume[index] = tables.coal_gas(coal_type) * heat_gj[index]
            gross_over_net[index] = 1.0 + tables.gross_minus_net(country, coal_type) / ncv[index]
    with np.errstate(invalid="ignore", divide="ignore"):
        table = {
            "sector": units["sector"].to_numpy(),
            GAS: air_g * UG_PER_G / volume,
            GROSS_HEAT: air_g / (heat_gj * gross_over_net / coal.GJ_PER_TJ),
            GROSS_GENERATION: air_g / gross_gwh,
            GENERATION: air_g / net_gwh,
            CLINKER: air_g / clinker_t,
            "heat_input_mw": np.where(np.isnan(rated_mw), heat_mw, rated_mw),
        }
    return pd.DataFrame(table, index=units.index)


def _number(factors: Mapping[str, Resolved], name: str, length: int) -> Floats:
    """Return a factor of each unit, shape (N,); NaN where its sector has none of that name."""
    return np.asarray(factors[name].value, dtype=np.float64) if name in factors else np.full(length, np.nan)


def central_rates(units: pd.DataFrame) -> Floats:
    """Return the central rates of units [g/TJ net heat of a coal unit, g/t clinker of a kiln], shape (N,).

    Parameters
    ----------
    units : DataFrame, N rows
        As in `Projection.units`.
    """
    air_g, per = units["air_kg_per_yr"].to_numpy(dtype=np.float64) * G_PER_KG, heat_or_clinker(units)
    return np.asarray(np.divide(air_g, per, out=np.full(len(units), np.nan), where=per > 0.0))


def heat_or_clinker(units: pd.DataFrame) -> Floats:
    """Return the net heat of coal units [TJ/yr] and the clinker of kilns [t/yr], shape (N,); as in `central_rates`."""
    heat_gj = (units["coal_t_per_yr"] * units["calorific_value_mj_per_kg"]).to_numpy(dtype=np.float64)
    clinker_t = units["clinker_t_per_yr"].to_numpy(dtype=np.float64)
    return np.where(units["sector"].eq(CEMENT_KILN), clinker_t, heat_gj / coal.GJ_PER_TJ)


def on_basis(rates: pd.DataFrame, basis: Basis, tables: GasTables) -> Floats:
    """Return the rate of each unit on the basis and in the unit of a limit, shape (N,).

    Parameters
    ----------
    rates : DataFrame
        From `unit_rates`.
    basis : Basis
        What the limit refers to.
    tables : GasTables
        State of the gas.
    """
    per, own_unit, unit, count = unit_of(basis.unit)
    values = rates[basis.per].to_numpy(dtype=np.float64)
    if per == GAS:
        factors = {sector: tables.to_basis(sector, basis) for sector in (COAL_POWER, CEMENT_KILN)}
        values = values * rates["sector"].map(factors).to_numpy(dtype=np.float64)
    return np.asarray(convert(values, own_unit, unit) * count)


def misfits(units: pd.DataFrame, rates: pd.DataFrame, limit: Limit) -> dict[str, Flags]:
    """Return why a limit does not apply: column of the workbook -> units in which it does not fit, shape (N,).

    Parameters
    ----------
    units : DataFrame, N rows
        sector, status, coal_type and start_year.
    rates : DataFrame, N rows
        From `unit_rates`.
    limit : Limit
        The limit.
    """
    found = {
        "sector": units["sector"].ne(limit.sector).to_numpy(),
        "activity": rates[limit.basis.per].isna().to_numpy(),
    }
    if limit.age:
        found["status"] = units["status"].eq("construction").to_numpy() != (limit.age == NEW)
    if limit.sector == CEMENT_KILN:
        return found
    if limit.fuel:
        found["coal_type"] = units["coal_type"].eq(LIGNITE).to_numpy() != (limit.fuel == LIGNITE)
    heat = rates["heat_input_mw"].to_numpy(dtype=np.float64)
    start = units["start_year"].fillna(-np.inf).to_numpy(dtype=np.float64)  # not stated: under what has no first year
    found["capacity_gross"] = ~((heat >= limit.mwth_from) & (heat < limit.mwth_to))
    found["start_year"] = ~(start >= limit.started_from)
    return found


def applies(units: pd.DataFrame, rates: pd.DataFrame, limit: Limit) -> Flags:
    """Return to which units a limit applies, shape (N,); never to one that emits nothing."""
    return np.asarray(~np.logical_or.reduce(list(misfits(units, rates, limit).values())))
