"""Tables as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
        The table; its index is not written.
    path : Path
        The file, as `new_file` yields it, or in a folder that `new_version` yields.
    """
    texts = table.select_dtypes(include=["object", "string"]).columns
    safe = table.assign(**{name: table[name].map(_inert, na_action="ignore") for name in texts})
    safe.to_csv(path, index=False, float_format=FLOATS, lineterminator="\n", encoding="utf-8")


def _inert(value: object) -> object:
    return inert(value) if isinstance(value, str) else value


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("＝1+1"), inert("Unit 1")
    ("'=1+1", "'＝1+1", 'Unit 1')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
