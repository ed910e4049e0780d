"""The tables of a run as they are written: units, ranking, balance, factor rows used, findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hginventory.decisions.ranking import Certainty
from hginventory.factors import NOT_USED, FactorRow, MeasuredPoint, is_row
from hginventory.inputs.findings import Finding, ungrouped
from hginventory.projection import STATED_LIMIT, Projection, in_inventory

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

RANKING_COLUMNS = (
    "rank", "unit_id", "sector", "lifetime_kg", "share", "cumulative_share", "sector_rank", "sector_share",
    "plant", "unit",
)  # fmt: skip


def run_tables(run: Analysis) -> dict[str, pd.DataFrame]:
    """Return every table of a run by the name of its file, without an index.

    Parameters
    ----------
    run : Analysis
        The run.
    """
    ranking = run.rank()
    ranking = ranking[[name for name in RANKING_COLUMNS if name in ranking]]
    if STATED_LIMIT in run.units:
        ranking = ranking.join(run.units[STATED_LIMIT], on="unit_id")
    units, trajectory, coverage, totals = run.units, run.trajectory, run.coverage(), {}
    sure = run.certainty
    if sure is not None:
        units = units.join(sure.units)
        ranking = ranking.join(sure.units[rank_columns(sure)], on="unit_id")
        trajectory = trajectory.merge(sure.trajectory, on=["year", "sector"], how="left")
        coverage = coverage.merge(sure.coverage[["category", "p_covers"]], on="category", how="left")
        totals = {"totals": sure.totals}
    return {
        "units": units.reset_index(),
        "trajectory": trajectory,
        **totals,
        "ranking": ranking,
        **group_tables(run),
        "mass_balance": run.mass_balance.reset_index(),
        "coverage": coverage,
        "gaps": run.gaps().reset_index(),
        "factors_used": factors_used(run.projection),
        **({"measurements": measurements_table(run.projection.measured)} if run.projection.measured else {}),
        "findings": findings_table(ungrouped(run.findings)),
    }


def group_tables(run: Analysis) -> dict[str, pd.DataFrame]:
    """Return the ranking of plants; of several countries also that of countries, and both with their intervals."""
    if run.units["country"].nunique() <= 1:
        return {"plants": run.plants()}
    return {what: run.groups(what) for what in ("plants", "countries")}


def measurements_table(measured: Sequence[MeasuredPoint]) -> pd.DataFrame:
    """Return what was measured compared with what was expected, one row per measurement."""
    names = [field.name for field in fields(MeasuredPoint)]
    return pd.DataFrame([asdict(point) for point in measured], columns=names)


def rank_columns(sure: Certainty) -> list[str]:
    """Return the columns that a ranking gains from draws."""
    return ["rank_p05", "rank_median", "rank_p95", f"p_top{sure.top}", "top_class"]


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return findings, a row each: code, severity, place, what was found, what is allowed, what to do."""
    rows = [f.as_dict() for f in findings]
    columns = ["code", "name", "severity", "place", "unit_id", "found", "allowed", "remedy", "count"]
    return pd.DataFrame(rows, columns=columns)


def rows_rested_on(projection: Projection) -> Iterator[tuple[str, int, str]]:
    """Yield parameter, index of the unit and id of each factor row that a unit of the inventory is based on.

    Rows of values that a better statement made needless are left out.
    """
    counted = in_inventory(projection.units)
    for name, factor in projection.parameters.items():
        for index, (refs, origin) in enumerate(zip(factor.refs, factor.origin, strict=True)):
            if counted[index] and origin != NOT_USED:
                yield from ((name, index, ref) for ref in filter(is_row, refs))


def factors_used(projection: Projection) -> pd.DataFrame:
    """Return the factor rows that a run is based on.

    Parameters
    ----------
    projection : Projection
        The run.

    Returns
    -------
    DataFrame
        row_id, parameters (that use it), units (how many), emission_kg (of these in the base year), value,
        unit, basis, distribution, spread, low, high, read_from, citation, locator, note. A row that the sheet
        Factors replaced shows the new value and the cell.
    """
    emission = projection.units["air_base_year_kg"].to_numpy(dtype=np.float64)
    units_of: dict[str, set[int]] = {}
    parameters: dict[str, dict[str, None]] = {}
    for name, index, ref in rows_rested_on(projection):
        units_of.setdefault(ref, set()).add(index)
        parameters.setdefault(ref, {})[name] = None
    rows = [
        _row(projection, projection.library.row(ref), list(parameters[ref]), sorted(used), emission)
        for ref, used in sorted(units_of.items())
    ]
    everywhere = np.flatnonzero(in_inventory(projection.units)).tolist()
    for row in projection.library.table("lifetime_rule").defaults:
        if row.keys["rule"] == projection.settings.rule:
            rows.append(_row(projection, row, ["lifetime"], everywhere, emission))
    return pd.DataFrame(rows)


def _row(
    projection: Projection, row: FactorRow, parameters: list[str], units: list[int], emission: np.ndarray
) -> Mapping[str, object]:
    return {
        "row_id": row.row_id,
        "parameters": "; ".join(parameters),
        "units": len(units),
        "emission_kg": float(emission[units].sum()),
        "value": row.value,
        "unit": row.unit,
        "basis": row.basis,
        "distribution": row.distribution,
        "spread": row.spread,
        "low": row.low,
        "high": row.high,
        "read_from": row.read_from,
        "citation": projection.library.source(row.source_id).citation,
        "locator": row.locator,
        "note": row.note,
    }
