"""Tables about single sources: register, inventory, dates, ranking, balance, limits, cost (N1, N2, N5, N7 to N10)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory.decisions.certainty import Certainty
from hginventory.decisions.limits import check_limits, limits_in_table
from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import rank_units
from hginventory.decisions.unit_option import options_table
from hginventory.model.sector import CEMENT_KILN
from hginventory.projection import Projection
from hginventory.report.plan.clocks import Clocks

# Annex D category -> code of the UNEP Toolkit.
TOOLKIT_CODES = {"coal_power": "5.1.1", "industrial_boiler": "5.1.2", "cement": "5.3.1"}
OPTIONS_AT = 10  # units with most remaining mercury whose options are listed
LEVELS = ("p05", "p50", "p95")


def source_register(projection: Projection) -> pd.DataFrame:
    """Return N1, the source register of Article 8(2) and Annex D."""
    units, read = projection.units, projection.fleet.units.loc[projection.units.index]
    kiln = units["sector"].eq(CEMENT_KILN)
    capacity = units["capacity_gross_mw"].where(~kiln, units["clinker_t_per_yr"])
    table = units[["plant", "unit", "owner", "country", "admin1", "annex_d_category"]].assign(
        latitude=read["latitude"],
        longitude=read["longitude"],
        toolkit_code=units["annex_d_category"].map(TOOLKIT_CODES),
        technology=units["technology"].where(~kiln, units["kiln_type"]),
        fuel_or_kiln_type=units["coal_type"].where(~kiln, read["fuels"]),
        capacity=capacity,
        capacity_unit=np.where(kiln, "t clinker/yr", "MW gross"),
        start_year=units["start_year"],
        construction_start=read["construction_start"],
        substantial_modification_date="",
        planned_retirement=read["planned_retirement"],
        status=units["status"],
        controls=units["train"],
        data_source=read["source_id"],
    )
    return table.reset_index()


def unit_inventory(projection: Projection, sure: Certainty | None, factor_set: str) -> pd.DataFrame:
    """Return N2, the inventory of Article 8(7) by unit in the base year."""
    units, balance = projection.units, projection.mass_balance
    kiln = units["sector"].eq(CEMENT_KILN)
    runs = units["operates_in_base_year"].astype(float)
    table = pd.DataFrame(
        {
            "inventory_version": factor_set,
            "year": projection.settings.base_year,
            "activity": units["coal_t_per_yr"].where(~kiln, units["clinker_t_per_yr"]) * runs,
            "activity_unit": np.where(kiln, "t clinker/yr", "t coal/yr"),
            "hg_input_kg": balance["hg_in_kg_per_yr"] * runs,
            "method_tier": units["method"],
            "air_kg_mean": units["air_base_year_kg"],
            "ef_air": units["g_per_gwh"].where(~kiln, units["g_per_t_clinker"]),
            "ef_unit": np.where(kiln, "g/t clinker", "g/GWh net"),
            "hg0_kg": balance["air_hg0_kg_per_yr"] * runs,
            "hg2_kg": balance["air_hg2_kg_per_yr"] * runs,
            "hgp_kg": balance["air_hgp_kg_per_yr"] * runs,
            "activity_origin": units["activity_origin"],
            "hg_origin": units["hg_origin"],
            "train_origin": units["train_origin"],
        },
        index=units.index,
    )
    if sure is not None:
        for level in LEVELS:
            table[f"air_kg_{level}"] = sure.units[f"air_kg_per_yr_{level}"] * runs
    return table.reset_index()


def new_and_existing(projection: Projection, clocks: Clocks) -> pd.DataFrame:
    """Return N5: new or existing, and the deadlines that follow from the date of the Party (Article 8(2)(c)-(e))."""
    units = projection.units
    begun = projection.fleet.units.loc[units.index, "construction_start"].to_numpy(dtype=np.float64)
    classes = [clocks.source_class(year) for year in begun]
    deadlines = {"new": clocks.new_bat_due, "existing": clocks.existing_due}
    due = [deadlines.get(kind) for kind in classes]
    end = units["end_year"].to_numpy(dtype=np.float64)
    return pd.DataFrame(
        {
            "unit_id": units.index,
            "party": units["country"].to_numpy(),
            "entry_into_force": str(clocks.entry_into_force or ""),
            "construction_start": begun,
            "source_class": classes,
            "deadline": [str(day or "") for day in due],
            "years_left_at_deadline": [
                np.nan if day is None else max(stop - day.year, 0.0) for day, stop in zip(due, end, strict=True)
            ],
            "evidence": np.where(np.isnan(begun), "", "construction_start of the workbook"),
        }
    )


def lifetime_ranking(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return N7: remaining mercury and rank; support for Article 8(5)(a) and 8(6), not a number of the treaty."""
    table = rank_units(projection.units)[["rank", "unit_id", "plant", "unit", "sector", "lifetime_kg", "share"]]
    units = projection.units[["admin1", "remaining_years", "air_kg_per_yr", "g_per_gwh", "g_per_t_clinker"]]
    table = table.join(units, on="unit_id")
    if sure is None:
        return table
    columns = [f"lifetime_kg_{level}" for level in LEVELS]
    chances = [name for name in sure.units if str(name).startswith(("rank_", "p_top", "top_class"))]
    return table.join(sure.units[columns + chances], on="unit_id")


def cost_table(catalogue: Catalogue) -> pd.DataFrame:
    """Return N8: options at the units with most remaining mercury, with cost per mercury (Article 13(8))."""
    ranking = rank_units(catalogue.projection.units)["unit_id"].head(OPTIONS_AT)
    found = [option for unit in ranking for option in catalogue.of_unit(str(unit)) if option.applies != "no"]
    return options_table(found, catalogue.prices.terms)


def cross_media(projection: Projection) -> pd.DataFrame:
    """Return N9: where the mercury goes (Articles 8(8)(a), 9(6) and 11), with the error of closure."""
    table = projection.mass_balance.copy()
    pathways = table.drop(columns="hg_in_kg_per_yr").sum(axis=1)
    whole = table["hg_in_kg_per_yr"]
    table["closure_error_percent"] = (100.0 * (pathways - whole) / whole.where(whole > 0)).fillna(0.0)
    table.insert(0, "year", projection.settings.base_year)
    return table.reset_index()


def limit_check(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return N10: each unit beside the limits of its own country."""
    countries = set(projection.units["country"])
    limits = [limit for limit in limits_in_table(projection.library) if limit.country in countries]
    return check_limits(projection, limits, sure)
