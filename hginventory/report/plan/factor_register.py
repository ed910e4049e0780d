"""N13 and N13a: the factor rows that an inventory is based on, and the inputs that explain its uncertainty."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.sensitivity import FAMILIES, LEAST_DRAWS, REPORT_DRAWS
from hginventory.ensemble import quantiles
from hginventory.factors import BETA, LOGNORMAL, NORMAL, WIDEST_TRIANGLE, FactorRow, of_row
from hginventory.projection import Projection
from hginventory.report.tables import factors_used
from hginventory.report.text import SCOPES, Words

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

Z95 = 1.6448536269514722  # standard normal deviate that 5 % pass
MOST_UNITS = 1000  # of a fleet whose drivers are worked out with the plan; larger ones take minutes
DRIVER_COLUMNS = ["factor", "scope", "shared", "variance_share", "variance_share_error", "variance_share_at_all"]


def factor_register(projection: Projection) -> pd.DataFrame:
    """Return N13: the rows used, with the range and what their errors are shared by.

    Returns
    -------
    DataFrame
        factor_id, parameters, units, emission_kg, value, unit_of_value, basis, distribution, p05 and p95 (of the row
        by itself, where it states a spread), correlated_with (scope and its part of the variance), read_or_recalled,
        source, locator, note.
    """
    used = factors_used(projection)
    rows = [projection.library.row(ref) for ref in used["row_id"]]
    ranges = np.array([row_range(row) for row in rows]).reshape(-1, 2)
    shared = ["; ".join(f"{scope}:{part:g}" for scope, part in row.scopes) for row in rows]
    table = used.drop(columns=["spread", "low", "high"]).rename(
        columns={"row_id": "factor_id", "unit": "unit_of_value", "read_from": "read_or_recalled", "citation": "source"}
    )
    position = table.columns.tolist().index("distribution")
    for name, values in (("correlated_with", shared), ("p95", ranges[:, 1]), ("p05", ranges[:, 0])):
        table.insert(position + 1, name, values)
    return table


def row_range(row: FactorRow) -> tuple[float, float]:
    """Return the 5th and 95th percentile of a factor row, NaN where it states no spread.

    Parameters
    ----------
    row : FactorRow
        The row; its spread is the total one.
    """
    spread = of_row(row)
    if spread is None or row.value is None or spread.size <= 0.0:
        return math.nan, math.nan
    if spread.distribution == LOGNORMAL:
        return _at(row.value * quantiles.lognormal(spread.size))
    if spread.distribution == BETA:
        return _at(quantiles.beta(row.value, spread.size))
    if spread.distribution == NORMAL:
        return _at(row.value * quantiles.normal(spread.size))
    half = min(spread.size / WIDEST_TRIANGLE, 1.0)
    return _at(row.value * quantiles.triangular(1.0 - half, 1.0, 1.0 + half))


def _at(table: Floats) -> tuple[float, float]:
    low, high = np.interp((-Z95, Z95), quantiles.GRID, table)
    return float(low), float(high)


def drivers(run: Analysis, words: Words) -> pd.DataFrame | None:
    """Return N13a: the share of the variance of the total that each kind of input explains, the largest first.

    Parameters
    ----------
    run : Analysis
        The run.
    words : Words
        Language.

    Returns
    -------
    DataFrame or None
        None for a run without draws, and for a fleet so large that ``hginv sensitivity`` is the place for it.
    """
    if not run.n_draws or len(run.units) > MOST_UNITS:
        return None
    table = run.sensitivity(int(np.clip(run.n_draws, LEAST_DRAWS, REPORT_DRAWS))).table
    return pd.DataFrame(
        {
            "factor": [words.say(FAMILIES.get(family, family)) for family in table["family"]],
            "scope": [words.say(SCOPES.get(scope, scope)) for scope in table["scope"].fillna("")],
            "shared": table["shared"],
            "variance_share": table["total_alone"],
            "variance_share_error": table["total_alone_error"],
            "variance_share_at_all": table["total_at_all"],
        },
        columns=DRIVER_COLUMNS,
    )
