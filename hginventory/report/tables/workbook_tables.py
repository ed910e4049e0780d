"""The tables of the result workbook, in the order of its sheets."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hginventory._version import __version__
from hginventory.decisions.ranking import COMBINED, sectors_of, smallest_set
from hginventory.projection import in_inventory
from hginventory.report.tables.table_sheet import TableSheet
from hginventory.report.tables.written_tables import findings_table, run_tables
from hginventory.report.text import ENGLISH, statuses_text, unit_labels

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

TOP_UNITS = 20  # bars of the Pareto chart
CURVE_POINTS = 100  # of the concentration curve, beside the first ten units
INTERVAL = ("lifetime_kg_p05", "lifetime_kg_p95")
RANKED = ("rank", "unit_id", "plant", "unit", "admin1", "capacity_gross_mw", "clinker_t_per_yr", "air_kg_per_yr",
          "lifetime_kg", *INTERVAL, "end_year")  # fmt: skip
BESIDE_RANK = ("country", "admin1", "capacity_gross_mw", "clinker_t_per_yr", "air_kg_per_yr", "start_year", "end_year",
               "air_base_year_kg", "train")  # fmt: skip
CELLS = 20  # blank cells named
NOTED = "Findings of the run by kind; findings.csv lists every cell"
LIBRARIES = ("numpy", "pandas", "openpyxl", "XlsxWriter", "pint")


def result_tables(
    run: Analysis, further: Sequence[TableSheet] = (), written: Mapping[str, pd.DataFrame] | None = None
) -> list[TableSheet]:
    """Return the tables of a run with the sheets they go to.

    Parameters
    ----------
    run : Analysis
        The run.
    further : sequence of TableSheet
        Tables that come behind the units.
    written : mapping of str to DataFrame, optional
        What `run_tables` returned for this run, where it was asked before.
    """
    written, ranking = run_tables(run) if written is None else written, run.rank()
    tables = [
        TableSheet(
            "Ranking",
            "ranking",
            "Units by remaining-lifetime emissions",
            _ranking(run, written["ranking"]),
            4,
            pages_wide=2,
        ),
        TableSheet("Plants", "plants", "Plants by remaining-lifetime emissions", written["plants"], 2),
        TableSheet("Pareto", "pareto", "The largest units", pareto(run, ranking), 2),
        TableSheet("Concentration", "concentration", "Share of the largest units", concentration(run)),
        TableSheet("Trajectory", "trajectory", "Emissions to air by year", trajectory(run)),
        TableSheet("Units", "units", "Every unit with its inputs", written["units"], 3, pages_wide=4),
        TableSheet("Balance", "mass_balance", "Mass balance: pathways of mercury", _balance(run), 3),
        TableSheet("Coverage", "coverage_sets", "Fewest units that account for 75 % of a category", _coverage(run), 4),
        TableSheet(
            "Gaps", "gaps", "What is based on default values and on rows not read in their source", written["gaps"]
        ),
        TableSheet("Cells_to_fill", "cells_to_fill", "Blank cells to fill in first", run.cells_to_fill(CELLS)),
        TableSheet("Factors", "factors_used", "Factor rows the run is based on", written["factors_used"], pages_wide=2),
        TableSheet("Findings", "findings", NOTED, findings_table(run.findings)),
        TableSheet("Sources", "sources", "Sources of the fleet", run.projection.fleet.sources.reset_index()),
        TableSheet("Run", "settings", "Settings and versions", settings_table(run)),
    ]
    if "measurements" in written:
        tables.insert(
            9, TableSheet("Measured", "measurements", "Measured compared with expected", written["measurements"])
        )
    if "countries" in written:
        title = "Countries by remaining-lifetime emissions"
        tables.insert(2, TableSheet("Countries", "countries", title, written["countries"], 2))
    if "totals" in written:
        tables.insert(0, TableSheet("Totals", "totals", "Totals with their intervals", written["totals"], 2))
    index = 1 + next(number for number, spec in enumerate(tables) if spec.sheet == "Units")
    tables[index:index] = further
    return [*tables, TableSheet("Columns", "columns", "What the columns say", _dictionary(tables), 2)]


def pareto(run: Analysis, ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the largest units of each list: rank, label, unit_id, kg in the column of the sector, cumulative_share."""
    top = ranking[(ranking["lifetime_kg"] > 0) & (ranking["rank"] <= TOP_UNITS)].reset_index(drop=True)
    table = pd.DataFrame({"rank": top["rank"], "label": unit_labels(top), "unit_id": top["unit_id"]})
    for sector in sectors_of(run.units):
        table[f"{sector}_kg"] = top["lifetime_kg"].where(top["sector"] == sector)
    table["cumulative_share"] = top["cumulative_share"]
    return table


def concentration(run: Analysis) -> pd.DataFrame:
    """Return the share of remaining-lifetime emissions of the n largest units, of each sector, and of all where asked.

    Returns
    -------
    DataFrame
        units (n), and a share a sector, blank where the sector has fewer units; ``combined_share`` where two sectors
        are ranked in one list.
    """
    units = run.units[in_inventory(run.units)]
    groups = {sector: units["sector"] == sector for sector in sectors_of(run.units)}
    if COMBINED in run.lists:
        groups[COMBINED] = pd.Series(True, index=units.index)
    shares = {name: _cumulative(units.loc[mask, "lifetime_kg"]) for name, mask in groups.items()}
    sizes = [curve.size for curve in shares.values()]
    largest = max(sizes)
    spaced = np.linspace(0, largest, CURVE_POINTS + 1).round().astype(int)
    counts = np.unique([*range(1, min(10, largest) + 1), *spaced, *sizes])
    counts = counts[counts > 0]
    table = pd.DataFrame({"units": counts})
    for name, curve in shares.items():
        padded = np.concatenate([curve, np.full(largest - curve.size, np.nan)])
        table[f"{name}_share"] = padded[counts - 1]
    return table


def trajectory(run: Analysis) -> pd.DataFrame:
    """Return emissions to air [kg] and units in operation by year.

    One column per sector of units within their lifetime, one of those past it, and one of all units, which begins with
    the base-year emission; the running total ends with remaining-lifetime emissions.
    """
    long = run.trajectory
    sectors = list(dict.fromkeys(long["sector"]))
    within = long.assign(kg=long["air_kg"] - long["past_age_kg"])
    kg = within.pivot(index="year", columns="sector", values="kg")[sectors]
    at_work = long.pivot(index="year", columns="sector", values="units_operating")[sectors]
    by_year = long.groupby("year")
    table = kg.add_suffix("_kg")
    table["past_age_kg"] = by_year["past_age_kg"].sum()
    table[f"{COMBINED}_kg"] = by_year["air_kg"].sum()
    table["cumulative_kg"] = kg.sum(axis=1).cumsum()
    if run.certainty is not None:
        whole = COMBINED if len(sectors) > 1 else sectors[0]
        drawn = run.certainty.trajectory
        drawn = drawn[drawn["sector"] == whole].set_index("year")
        for level in ("p05", "p95"):
            table[f"{COMBINED}_kg_{level}"] = drawn[f"air_kg_{level}"]
    return table.join(at_work.add_suffix("_units")).reset_index().rename_axis(columns=None)


def settings_table(run: Analysis) -> pd.DataFrame:
    """Return what was set and used: setting, value, origin. It contains no time, host or folder."""
    projection = run.projection
    settings, fleet, library = projection.settings, projection.fleet, projection.library
    origins = {name: str(origin) for name, origin in settings.origins.items()}
    rows: list[tuple[str, object, str]] = [
        (
            "fleet",
            settings.fleet_label,
            "Settings!fleet_name" if settings.fleet_label != settings.fleet_name else "file name",
        ),
        ("fleet read from", fleet.source.label, ""),
        ("SHA-256 of the fleet", fleet.sha256, ""),
        ("notice of the fleet", settings.notice, "Settings!notice" if settings.notice else ""),
        ("base year", settings.base_year, origins["base_year"]),
        ("retirement rule", settings.rule, origins["rule"]),
        ("retirement rule in words", settings.rule_text, ""),
        ("spread of lifetimes in the draws [yr]", settings.lifetime_spread, origins["lifetime_spread"]),
        ("removal profile", settings.profile, origins["profile"]),
        ("category of captive plants", settings.captive_category, origins["captive_category"]),
        ("units chosen", settings.where or "all", origins["where"]),
        ("ranks in one list of all units", settings.combined, origins["combined"]),
        (f"units operating in {settings.base_year}", run.inventory.operating, ""),
        ("units under construction", run.inventory.construction, ""),
        ("units outside the inventory", run.inventory.outside, statuses_text(run.inventory.statuses_outside, ENGLISH)),
        ("draws", run.n_draws, "" if run.n_draws else "0: central values only"),
        ("seed", run.seed if run.n_draws else None, ""),
        ("factor set", library.version, ""),
        ("factor rows replaced", len(fleet.overrides), "sheet Factors" if fleet.overrides else ""),
        ("hginventory", __version__, "version"),
        ("Python", platform.python_version(), "version"),
        *((name, metadata.version(name), "version") for name in LIBRARIES),
    ]
    return pd.DataFrame(rows, columns=["setting", "value", "origin"]).astype({"value": object})


def _ranking(run: Analysis, ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking: what a reader asks of a unit first, then the interval of its rank and what explains it.

    Columns that no unit has, as the clinker of a fleet without kilns, are left out.
    """
    beside = [name for name in BESIDE_RANK if name not in ranking.columns]
    table = ranking.join(run.units[beside].dropna(axis=1, how="all"), on="unit_id")
    if run.certainty is not None:
        interval = [name for name in INTERVAL if name not in table.columns]
        table = table.join(run.certainty.units[interval], on="unit_id")
    first = [name for name in RANKED if name in table.columns]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def _balance(run: Analysis) -> pd.DataFrame:
    return run.units[["plant", "unit"]].join(run.mass_balance).reset_index()


def _coverage(run: Analysis) -> pd.DataFrame:
    """Return the members of the smallest set of each Annex D category, the largest first."""
    parts = []
    for category in dict.fromkeys(run.units["annex_d_category"]):
        in_category = run.units["annex_d_category"] == category
        own = run.units.loc[smallest_set(run.units, category), ["plant", "unit", "air_base_year_kg"]].reset_index()
        own.insert(0, "category", category)
        own.insert(1, "rank", np.arange(1, len(own) + 1))
        own["share"] = own["air_base_year_kg"] / float(run.units.loc[in_category, "air_base_year_kg"].sum())
        own["cumulative_share"] = own["share"].cumsum()
        parts.append(own)
    return pd.concat(parts, ignore_index=True)


def _dictionary(tables: Iterable[TableSheet]) -> pd.DataFrame:
    rows = [
        {"sheet": spec.sheet, "name": name, "label": c.label, "unit": c.shown_unit, "meaning": c.meaning}
        for spec in tables
        for name, c in spec.columns()
    ]
    return pd.DataFrame(rows)


def _cumulative(values: pd.Series[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    ordered = np.sort(values.to_numpy(dtype=np.float64))[::-1]
    total = ordered.sum()
    return np.cumsum(ordered) / total if total > 0 else np.full(ordered.shape, np.nan)
