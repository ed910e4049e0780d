"""Tables as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FLOATS = "%.10g"
# A spreadsheet would run such a text; those of Chinese, Japanese and Korean systems the full-width signs, too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, comma, ten significant digits; text that looks like a formula is quoted.

    Parameters
    ----------
    table : DataFrame
        Numbers, truth values and texts; its index is not written.
    path : Path
        The file, as `new_file` yields it, or in a folder that `new_version` yields.
    """
    columns = [_texts_of(table.iloc[:, at]) for at in range(len(table.columns))]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(table.columns)
        rows.writerows(zip(*columns, strict=True))


def _texts_of(values: pd.Series[Any]) -> list[object]:
    """Return the cells of a column as they are written; pandas takes four times as long for the same texts."""
    import numpy as np

    kind = values.dtype
    listed = values.tolist()
    if isinstance(kind, np.dtype) and kind.kind in "iub":
        return listed
    if isinstance(kind, np.dtype) and kind.kind == "f":
        return ["" if isnan(value) else FLOATS % value for value in listed]
    blank = values.isna().tolist()
    return ["" if no else inert(v) if isinstance(v, str) else v for v, no in zip(listed, blank, strict=True)]


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("＝1+1"), inert("Unit 1")
    ("'=1+1", "'＝1+1", 'Unit 1')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
