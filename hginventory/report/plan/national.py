"""Tables about the country: Toolkit summary, coverage, measures, target, other estimates (N3, N4, N6, N12)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hginventory.decisions.certainty import Certainty
from hginventory.decisions.compare import Comparison
from hginventory.decisions.coverage import coverage
from hginventory.projection import Projection
from hginventory.report.plan.registers import TOOLKIT_CODES

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
HUMAN = "to be filled in by a person"
CRITERION = "largest emitters of the category until 75 % of its emission is reached; criteria are the Party's"
INDICATOR = "kg of mercury to air avoided a year, by unit"
READINGS = ("of the base year of the plan", "of the year without the plan")


def toolkit_summary(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return N3: the national summary by Toolkit category with the six output pathways, base year [kg/yr].

    Gypsum counts as a product and ash as sector specific disposal; land is not told apart from disposal.
    """
    units, balance = projection.units, projection.mass_balance
    codes = units["annex_d_category"].map(TOOLKIT_CODES)
    runs = units["operates_in_base_year"]
    rows = []
    for code, name in SUB_CATEGORIES.items():
        own = (codes == code) & runs
        if not own.any():
            continue
        part = balance[own]
        kiln = code == "5.3.1"
        activity = float(units.loc[own, "clinker_t_per_yr" if kiln else "coal_t_per_yr"].sum())
        hg_in = float(part["hg_in_kg_per_yr"].sum())
        pathways = {
            column: float(part[[f"{name}_kg_per_yr" for name in names]].to_numpy().sum()) if names else 0.0
            for column, names in TOOLKIT_PATHWAYS.items()
        }
        row = {
            "toolkit_code": code,
            "sub_category": name,
            "activity_rate": activity,
            "unit": "t clinker/yr" if kiln else "t coal/yr",
            "input_factor_g_per_t": hg_in * 1000.0 / activity if activity > 0 else float("nan"),
            "hg_input_kg": hg_in,
            **pathways,
            "sum_check_kg": sum(pathways.values()) - hg_in,
        }
        rows.append(row)
    table = pd.DataFrame(rows)
    table["share_of_total_air"] = table["air_kg"] / table["air_kg"].sum()
    return table if sure is None else _with_interval(table, sure)


def _with_interval(table: pd.DataFrame, sure: Certainty) -> pd.DataFrame:
    base = sure.totals[sure.totals["unit"] == "kg"].set_index("sector")
    sectors = {"5.1.1": "coal_power", "5.3.1": "cement_kiln"}
    alone = "5.1.2" not in set(table["toolkit_code"])  # else the coal sector holds two categories
    for level in ("p05", "p95"):
        known = dict(zip(base.index, base[level].to_numpy(dtype=np.float64), strict=True))
        table[f"air_kg_{level}"] = [
            known[sectors[code]] if code in sectors and (alone or code == "5.3.1") else float("nan")
            for code in table["toolkit_code"]
        ]
    return table


def coverage_test(projection: Projection, sure: Certainty | None) -> pd.DataFrame:
    """Return N4: the smallest set of each Annex D category with 75 % of its emission (Article 8(2)(b))."""
    table = coverage(projection.units)
    if sure is not None:
        table = table.merge(sure.coverage[["category", "p_covers"]], on="category", how="left")
    return table.assign(
        criterion=CRITERION,
        guidance="Article 8(9)(a)",
    )


def by_province(projection: Projection) -> pd.DataFrame:
    """Return mercury by province and category: base year and remaining life."""
    units = projection.units.assign(admin1=projection.units["admin1"].fillna("not stated"), units=1)
    sums = {"units": "sum", "air_base_year_kg": "sum", "lifetime_kg": "sum"}
    table = units.groupby(["country", "admin1", "annex_d_category"], sort=True).agg(sums).reset_index()
    return table.sort_values("lifetime_kg", ascending=False, kind="stable", ignore_index=True)


def measures(comparison: Comparison | None, base_year: int) -> pd.DataFrame:
    """Return N6: what scenarios avoid (Article 8(4) and (5)); empty without scenarios."""
    if comparison is None:
        return pd.DataFrame(columns=["scenario", "title", "units_changed", "avoided_t"])
    table = comparison.table.copy()
    actions = {name: "; ".join(dict.fromkeys(_words(m) for m in chosen)) for name, chosen in comparison.chosen.items()}
    table.insert(2, "measures", table["scenario"].map(actions))
    table.insert(3, "baseline_year", base_year)
    return table


def _words(measure: Mapping[str, object]) -> str:
    return f"{measure['action']} {measure['target']} from {measure['from_year']}".replace("  ", " ")


def action_matrix(comparison: Comparison | None) -> pd.DataFrame:
    """Return the action matrix: what, where, when, with whom a person must fill in."""
    rows = []
    for name, chosen in (comparison.chosen if comparison else {}).items():
        for number, measure in enumerate(chosen, 1):
            units: list[str] = list(measure["units"])
            rows.append(
                {
                    "no": f"{name}-{number}",
                    "action": _words(measure),
                    "unit_set": "; ".join(units[:20]) + (f"; and {len(units) - 20} more" if len(units) > 20 else ""),
                    "units": len(units),
                    "agency": HUMAN,
                    "start": measure["from_year"],
                    "end": HUMAN,
                    "indicator": INDICATOR,
                }
            )
    return pd.DataFrame(rows, columns=["no", "action", "unit_set", "units", "agency", "start", "end", "indicator"])


def target_line(projection: Projection, percent: float, target_year: int, target_base_year: int) -> pd.DataFrame:
    """Return the target in both readings of 'before the plan': of the base year, and of the year as it would be.

    Parameters
    ----------
    projection : Projection
        The run.
    percent : float
        Reduction [%].
    target_year, target_base_year : int
        Year of the target, and base year of the plan.
    """
    yearly = dict(zip(map(int, projection.years), projection.yearly_kg.sum(axis=0), strict=True))
    begin = projection.settings.base_year
    now = float(projection.units["air_base_year_kg"].sum())
    as_is = float(yearly.get(target_year, float("nan")))
    note = "" if target_base_year == begin else f"the run begins in {begin}: its emission stands for {target_base_year}"
    rows = [
        (READINGS[0], target_base_year, now, note),
        (READINGS[1], target_year, as_is, ""),
    ]
    return pd.DataFrame(
        [
            {
                "reading": reading,
                "reference_year": year,
                "reference_kg": reference,
                "target_percent": percent,
                "target_year": target_year,
                "allowed_kg": reference * (1.0 - percent / 100.0),
                "as_it_would_be_kg": as_is,
                "to_avoid_kg": max(as_is - reference * (1.0 - percent / 100.0), 0.0),
                "note": remark,
            }
            for reading, year, reference, remark in rows
        ]
    )


def other_estimates(projection: Projection) -> pd.DataFrame:
    """Return N12: our total beside published estimates of the country in the table `inventory_reference`."""
    units = projection.units
    rows = []
    for row in projection.library.table("inventory_reference").rows:
        country, category = row.keys["country"], row.keys["category"]
        own = (units["country"] == country) & (units["annex_d_category"] == category)
        if not own.any() or row.value is None:
            continue
        ours = float(units.loc[own, "air_base_year_kg"].sum())
        rows.append(
            {
                "source": projection.library.source(row.source_id).citation,
                "year": row.keys["year"],
                "annex_d_category": category,
                "scope_definition": row.basis,
                "their_kg": row.value * 1000.0,
                "their_low_kg": np.nan if row.low is None else row.low * 1000.0,
                "their_high_kg": np.nan if row.high is None else row.high * 1000.0,
                "our_year": projection.settings.base_year,
                "our_kg": ours,
                "ratio": ours / (row.value * 1000.0),
                "explanation": row.note,
            }
        )
    columns = ["source", "year", "annex_d_category", "scope_definition", "their_kg", "our_kg", "ratio", "explanation"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
