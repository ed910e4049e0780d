"""Tables about the country: Toolkit summary, provinces, other estimates (N3, N6c, N12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from hginventory._types import Flags
from hginventory.decisions.ranking import published_totals
from hginventory.projection import UNKNOWN_SINK, UNLISTED, Projection
from hginventory.report.plan.measures import HUMAN
from hginventory.report.plan.source_set_draws import SetDraws, interval_columns
from hginventory.report.plan.source_tables import ROUNDED, TOOLKIT_CODES
from hginventory.report.text import Words

KG_PER_T = 1000.0
# Our pathways -> the six output pathways of the UNEP Toolkit.
TOOLKIT_PATHWAYS: Mapping[str, tuple[str, ...]] = {
    "air_kg": ("air_hg0", "air_hg2", "air_hgp"),
    "water_kg": ("water",),
    "land_kg": (),
    "product_kg": ("product", "fgd_solids"),
    "general_waste_kg": ("waste",),
    "sector_disposal_kg": ("bottom_ash", "fly_ash"),
}
SUB_CATEGORIES = {
    "5.1.1": "Coal combustion in large power plants",
    "5.1.2": "Other coal use",
    "5.3.1": "Cement production",
}
NOT_STATED = "not stated"
INSIDE = {True: "inside", False: "outside"}  # our 90 % interval
PROVINCE_KEYS = ["country", "admin1", "annex_d_category"]
REFERENCE_COLUMNS = ["source", "year", "country", "annex_d_category", "scope_definition", "their_kg", "their_low_kg",
                     "their_high_kg", "our_year", "our_units", "our_kg", "ratio", "inside_interval",
                     "explanation"]  # fmt: skip


def toolkit_summary(projection: Projection, drawn: SetDraws, words: Words) -> pd.DataFrame:
    """Return N3: the national summary by Toolkit category with the six output pathways, base year [kg/yr].

    Gypsum counts as a product and ash as sector specific disposal; land is not separated from disposal.
    """
    units, balance = projection.units, projection.mass_balance
    codes = units["annex_d_category"].map(TOOLKIT_CODES)
    runs = units["operates_in_base_year"]
    total = float(units["air_base_year_kg"].sum())
    rows = []
    for category, code in TOOLKIT_CODES.items():
        own = (codes == code) & runs
        if not (codes == code).any():
            continue
        part = balance[own]
        kiln = category == "cement"
        activity = float(units.loc[own, "clinker_t_per_yr" if kiln else "coal_t_per_yr"].sum())
        hg_in = float(part["hg_in_kg_per_yr"].sum())
        pathways = {
            column: float(part[[f"{name}_kg_per_yr" for name in names]].to_numpy().sum()) if names else 0.0
            for column, names in TOOLKIT_PATHWAYS.items()
        }
        if UNKNOWN_SINK in part:
            pathways["unknown_sink_kg"] = float(part[UNKNOWN_SINK].sum())
        row = {
            "toolkit_code": code,
            "sub_category": words(SUB_CATEGORIES[code]),
            "units": int(own.sum()),
            "activity_rate": activity,
            "activity_unit": "t clinker/yr" if kiln else "t coal/yr",
            "input_factor_g_per_t": hg_in * KG_PER_T / activity if activity > 0 else float("nan"),
            "hg_input_kg": hg_in,
            **pathways,
            **{name.removesuffix("_per_yr"): float(part[name].sum()) for name in (UNLISTED,) if name in part},
            "sum_check_kg": round(sum(pathways.values()) - hg_in, ROUNDED) + 0.0,
            **drawn.interval("air_kg", f"category {category}"),
            "share_of_total": pathways["air_kg"] / total if total > 0 else float("nan"),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def provinces(projection: Projection, words: Words) -> dict[str, Flags]:
    """Return the sources of each province and category, by the name of the set, shape (N,)."""
    groups = _with_province(projection, words).groupby(PROVINCE_KEYS, sort=True).indices
    everyone = np.arange(len(projection.units))
    return {_name(cast("tuple[str, ...]", key)): np.isin(everyone, found) for key, found in groups.items()}


def by_province(projection: Projection, drawn: SetDraws, words: Words) -> pd.DataFrame:
    """Return N6c: mercury by province and category, base year and remaining life, the most remaining first."""
    units = _with_province(projection, words)
    units["units_running"] = units["operates_in_base_year"].astype(int)
    units["hg_input_kg"] = projection.mass_balance["hg_in_kg_per_yr"] * units["units_running"]
    units["units"] = 1
    sums = ["units", "units_running", "hg_input_kg", "air_base_year_kg", "lifetime_kg"]
    table = units.groupby(PROVINCE_KEYS, sort=True)[sums].sum(min_count=1).reset_index()  # of no known life: unknown
    if drawn:
        keys = table[PROVINCE_KEYS].itertuples(index=False, name=None)
        table = table.join(pd.DataFrame([drawn.interval("air_base_year_kg", _name(key)) for key in keys]))
    table["share"] = table["lifetime_kg"] / table["lifetime_kg"].sum()
    return table.sort_values("lifetime_kg", ascending=False, kind="stable", ignore_index=True)


def _with_province(projection: Projection, words: Words) -> pd.DataFrame:
    return projection.units.assign(admin1=projection.units["admin1"].fillna(words(NOT_STATED)))


def _name(key: tuple[str, ...]) -> str:
    return "province " + " / ".join(map(str, key))


def other_estimates(projection: Projection, drawn: SetDraws, words: Words) -> pd.DataFrame:
    """Return N12: our total compared with published estimates of the country in the table `inventory_reference`."""
    rows = [
        {
            "source": total.citation,
            "year": total.row.keys["year"],
            "country": total.row.keys["country"],
            "annex_d_category": total.row.keys["category"],
            "scope_definition": total.row.basis,
            "their_kg": total.kg,
            "their_low_kg": np.nan if total.row.low is None else total.row.low * KG_PER_T,
            "their_high_kg": np.nan if total.row.high is None else total.row.high * KG_PER_T,
            "our_year": total.our_year,
            "our_units": total.our_units,
            "our_kg": total.our_kg,
            **interval_columns("our_kg", total.drawn),
            "ratio": total.ratio,
            "inside_interval": "" if total.is_inside is None else words(INSIDE[total.is_inside]),
            "explanation": total.row.note or words(HUMAN),
        }
        for total in published_totals(projection, drawn.kg)
    ]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=REFERENCE_COLUMNS)
