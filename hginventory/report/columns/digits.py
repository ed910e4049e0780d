"""How many decimals a column of a table shows: one number format a column, chosen from all of its values."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from hginventory.report.columns.result_column import AMOUNT, ResultColumn

LEAST_FIGURES, MOST_FIGURES = 2, 6  # significant figures of the small and of the largest values of a column
SMALL_VALUES = 5  # percentile of the values that count as small


def decimals_of(values: pd.Series[float]) -> int:
    """Return the decimals of a column: small values keep two significant figures, the largest gets at most six.

    Parameters
    ----------
    values : Series of float
        The values; blank, infinite and zero ones decide nothing.

    Examples
    --------
    >>> decimals_of(pd.Series([4869.2, 310.5, 12.3])), decimals_of(pd.Series([0.052, 0.31])), decimals_of(pd.Series([]))
    (0, 3, 0)
    """
    sizes = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    sizes = np.abs(sizes[np.isfinite(sizes) & (sizes != 0.0)])
    if not sizes.size:
        return 0
    small, largest = (
        math.floor(math.log10(size)) for size in (np.percentile(sizes, SMALL_VALUES, method="lower"), sizes.max())
    )
    return max(0, min(LEAST_FIGURES - 1 - small, MOST_FIGURES - 1 - largest))


def number_format(decimals: int) -> str:
    """Return the number format of a spreadsheet with thousands and so many decimals.

    >>> number_format(0), number_format(2)
    ('#,##0', '#,##0.00')
    """
    return f"#,##0.{'0' * decimals}".rstrip(".")


def shown_decimals(style: str) -> int:
    """Return the decimals of a number format.

    >>> shown_decimals("#,##0.00"), shown_decimals("0.0 %"), shown_decimals("#,##0")
    (2, 1, 0)
    """
    return len(style.partition(".")[2].partition("E")[0].rstrip(" %"))


def fitted(described: ResultColumn, values: pd.Series[float]) -> ResultColumn:
    """Return what a column is with the number format that fits its values; only amounts need one.

    Parameters
    ----------
    described : ResultColumn
        The column.
    values : Series of float
        Its values.
    """
    if described.style != AMOUNT:
        return described
    return replace(described, style=number_format(decimals_of(values)))
