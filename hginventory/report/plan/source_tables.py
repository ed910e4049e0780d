"""Tables about single sources: register, inventory, rank, cost, balance, limits (N1, N2, N7 to N10)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hginventory.decisions.limits import check_limits
from hginventory.decisions.options import Catalogue, options_table
from hginventory.decisions.ranking import Certainty, ranking_of
from hginventory.factors import DEFAULT, DERIVED
from hginventory.model import limits_in_table
from hginventory.projection import Projection, pathways_of
from hginventory.report.plan.source_set_draws import LEVELS
from hginventory.report.tables import rows_rested_on
from hginventory.vocabulary import CEMENT_KILN

# Annex D category -> code of the UNEP Toolkit.
TOOLKIT_CODES = {"coal_power": "5.1.1", "industrial_boiler": "5.1.2", "cement": "5.3.1"}
ROUNDED = 9  # decimals of a check: what rounding of sums leaves is nothing
OPTIONS_AT = 10  # units of a list with most remaining-lifetime emissions whose options are listed
NAMES = ["plant", "unit", "admin1", "annex_d_category"]
COSTS: Mapping[str, str] = {  # column of the table of options -> of N8
    "unit_id": "unit_id", "option": "option", "name": "measure", "paragraph": "paragraph", "applies": "applies",
    "first_year": "first_year", "train_before": "train_before", "train_after": "train_after",
    "avoided_kg_per_yr": "avoided_kg_per_yr", "avoided_kg_per_yr_p05": "avoided_kg_per_yr_p05",
    "avoided_kg_per_yr_p95": "avoided_kg_per_yr_p95", "avoided_kg": "avoided_kg", "capital": "capital_musd",
    "npv": "npv_musd", "annuity": "annuity_musd", "usd_per_kg": "usd_per_kg",
    "usd_per_kg_low": "usd_per_kg_low", "usd_per_kg_high": "usd_per_kg_high", "currency": "currency",
    "price_year": "price_year", "rate": "discount_rate", "life_years": "life_years",
    "so2_taken_out": "so2_taken_out", "pm_taken_out": "pm_taken_out",
    "nox_taken_out": "nox_taken_out", "moved_to_sea_kg_per_yr": "moved_to_sea_kg_per_yr",
    "moved_to_ash_kg_per_yr": "moved_to_ash_kg_per_yr", "conditions": "conditions",
    "waste_effect": "waste_effect", "checks": "feasibility",
    "cost_notes": "cost_notes",
}  # fmt: skip
MILLIONS = ("capital_musd", "npv_musd", "annuity_musd")
STATED = "stated_to_comply"
LIMITS: Mapping[str, str] = {  # column of the check of limits -> of N10
    "unit_id": "unit_id", "plant": "plant", "unit": "unit", "jurisdiction": "jurisdiction", "instrument": "instrument",
    "applies_to": "applies_to", "limit": "limit", "limit_unit": "limit_unit", "averaging": "averaging",
    "reference": "reference", "value": "estimated", "value_p05": "estimated_p05", "value_p50": "estimated_p50",
    "value_p95": "estimated_p95", "above": "above", "p_exceed": "p_exceed", STATED: STATED,
    "kg_above": "kg_above",
}  # fmt: skip


def capacity(projection: Projection) -> tuple[pd.Series, pd.Series]:
    """Return the capacity of each source and its unit of measure: MW gross, or t of clinker a year.

    A kiln whose clinker capacity is not stated has the one that its output and utilisation stand for.
    """
    units, read = projection.units, projection.fleet.units.loc[projection.units.index]
    kiln = units["sector"].eq(CEMENT_KILN)
    clinker = pd.to_numeric(read["clinker_capacity"], errors="coerce")
    if "utilisation" in projection.parameters:  # of a fleet with kilns
        used = pd.Series(projection.parameters["utilisation"].value, index=units.index)
        clinker = clinker.fillna(units["clinker_t_per_yr"] / used.where(used > 0.0))
    return (
        units["capacity_gross_mw"].where(~kiln, clinker),
        pd.Series(np.where(kiln, "t clinker/yr", "MW"), index=units.index),
    )


def source_register(projection: Projection) -> pd.DataFrame:
    """Return N1, the source register of Article 8(2) and Annex D."""
    units, read = projection.units, projection.fleet.units.loc[projection.units.index]
    kiln = units["sector"].eq(CEMENT_KILN)
    size, unit = capacity(projection)
    table = units[["plant", "unit", "owner", "country", "admin1"]].assign(
        latitude=read["latitude"],
        longitude=read["longitude"],
        annex_d_category=units["annex_d_category"],
        toolkit_code=units["annex_d_category"].map(TOOLKIT_CODES),
        technology=units["technology"].where(~kiln, units["kiln_type"]),
        fuel_or_kiln_type=units["coal_type"].where(~kiln, read["fuels"]),
        capacity=size,
        capacity_unit=unit,
        start_year=units["start_year"],
        construction_start=read["construction_start"],
        substantial_modification_date="",
        planned_retirement=read["planned_retirement"],
        status=units["status"],
        air_base_year_kg=units["air_base_year_kg"],
        controls=units["train"],
        data_source=read["source_id"],
    )
    return table.reset_index()


def data_sources(projection: Projection) -> pd.DataFrame:
    """Return N1d: the sources that the register names, by number, as the sheet Sources of the fleet has them."""
    sources = projection.fleet.sources
    numbers = [str(number) for number in range(1, len(sources) + 1)]
    return sources.reindex(columns=["citation", "url", "licence"]).reset_index().assign(number=numbers)


def unit_inventory(projection: Projection, sure: Certainty | None, version: str) -> pd.DataFrame:
    """Return N2, the inventory of Article 8(7) by unit in the base year.

    Parameters
    ----------
    projection : Projection
        The run.
    sure : Certainty, optional
        Its draws.
    version : str
        Version of the inventory.
    """
    units, balance = projection.units, projection.mass_balance
    kiln = units["sector"].eq(CEMENT_KILN)
    runs = units["operates_in_base_year"].astype(float)
    method = units["method"].astype(str)  # of a kiln with its tier
    tiers = pd.Series(projection.tier, index=units.index).astype(str)
    table = units[NAMES].assign(
        inventory_version=version,
        year=projection.settings.base_year,
        activity=units["coal_t_per_yr"].where(~kiln, units["clinker_t_per_yr"]) * runs,
        activity_unit=np.where(kiln, "t clinker/yr", "t coal/yr"),
        hg_input_kg=balance["hg_in_kg_per_yr"] * runs,
        method_tier=method.where(kiln, tiers + " " + method),
        air_kg=units["air_base_year_kg"],
    )
    if sure is not None:
        for level in ("mean", *LEVELS):
            table[f"air_kg_{level}"] = sure.units.loc[units.index, f"air_kg_per_yr_{level}"] * runs
    table = table.assign(
        ef_air=units["g_per_gwh"].where(~kiln, units["g_per_t_clinker"]),
        ef_unit=np.where(kiln, "g/t clinker", "g/GWh net"),
        hg0_kg=balance["air_hg0_kg_per_yr"] * runs,
        hg2_kg=balance["air_hg2_kg_per_yr"] * runs,
        hgp_kg=balance["air_hgp_kg_per_yr"] * runs,
        factor_ids=_rows_used(projection),
        data_quality=_weakest(units[["activity_origin", "hg_origin", "train_origin"]]),
        note=projection.fleet.units.loc[units.index, "note"],
    )
    return table.reset_index()


def _rows_used(projection: Projection) -> list[str]:
    """Return the factor rows that the estimate of each unit is based on."""
    found: list[dict[str, None]] = [{} for _ in projection.units.index]
    for _, index, ref in rows_rested_on(projection):
        found[index][ref] = None
    return ["; ".join(rows) for rows in found]


def _weakest(origins: pd.DataFrame) -> pd.Series:
    """Return the weakest origin of each unit: default before derived before what its data say."""
    told = origins.iloc[:, 0]
    for weaker in (DERIVED, DEFAULT):
        told = told.where(~origins.isin([weaker]).any(axis=1), weaker)
    return told


def lifetime_ranking(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return N7: remaining-lifetime emissions, rank and share in the list of the unit.

    It supports Article 8(5)(a) and 8(6); the Convention does not require it.
    """
    table = ranking_of(projection)[["rank", "unit_id", "plant", "unit", "sector", "lifetime_kg", "share"]]
    units = projection.units[["admin1", "remaining_years", "air_kg_per_yr", "g_per_gwh", "g_per_t_clinker"]]
    table = table.join(units, on="unit_id")
    if sure is None:
        return table
    columns = [f"lifetime_kg_{level}" for level in LEVELS]
    chances = [name for name in sure.units if str(name).startswith(("rank_", "p_top", "top_class"))]
    return table.join(sure.units[columns + chances], on="unit_id")


def cost_table(catalogue: Catalogue) -> pd.DataFrame:
    """Return N8: options at the units ranked highest in each list, with cost per mercury (Article 13(8))."""
    ranking = ranking_of(catalogue.projection)
    first = ranking.loc[ranking["rank"] <= OPTIONS_AT, "unit_id"]
    found = [option for unit in first for option in catalogue.of_unit(str(unit)) if option.applies != "no"]
    table = _taken(options_table(found, catalogue.prices.terms), COSTS)
    table[list(MILLIONS)] /= 1e6
    names = catalogue.projection.units[["plant", "unit"]]
    table.insert(1, "plant", table["unit_id"].map(names["plant"]))
    table.insert(2, "unit", table["unit_id"].map(names["unit"]))
    return table


def cross_media(projection: Projection) -> pd.DataFrame:
    """Return N9: where the mercury of the base year goes (Articles 8(8)(a), 9(6) and 11), with the error of closure."""
    runs = projection.units["operates_in_base_year"].astype(float)
    table = projection.mass_balance.mul(runs, axis=0).rename(columns=lambda name: name.removesuffix("_per_yr"))
    pathways = pathways_of(projection.mass_balance).sum(axis=1) * runs
    whole = table["hg_in_kg"]
    table["closure_error_percent"] = (100.0 * (pathways - whole) / whole.where(whole > 0)).fillna(0.0).round(
        ROUNDED
    ) + 0.0
    table.insert(0, "year", projection.settings.base_year)
    return projection.units[NAMES].join(table).reset_index()


def limit_check(projection: Projection) -> pd.DataFrame:
    """Return N10: each unit compared with the limits of its own country."""
    countries = set(projection.units["country"])
    limits = [limit for limit in limits_in_table(projection.library) if limit.country in countries]
    table = _taken(check_limits(projection, limits), LIMITS)
    table.insert(3, "admin1", table["unit_id"].map(projection.units["admin1"]))
    return table


def _taken(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return some columns under other names; those of draws and of statements only where there were some."""
    of_draws = [name for name in columns if name.rpartition("_")[2] in LEVELS or name == "p_exceed"]
    blank = [name for name in of_draws if name not in table or table[name].isna().all()]
    if STATED in table and not table[STATED].any():
        blank.append(STATED)
    kept = [name for name in columns if name not in blank]
    return (table.reindex(columns=kept) if table.empty else table[kept]).rename(columns=columns)
