"""Writes values into cells as what they are: numbers as numbers, no text as a formula, nothing where none is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

YES_NO = {True: "yes", False: "no"}
RISKY_STARTS = ("=", "+", "-", "@")  # a spreadsheet takes such a text for a formula once somebody edits the cell
MARKUP = "<r>"


@dataclass(frozen=True)
class CellFormat:
    """The format of a cell, and the same with a mark that keeps a text from becoming a formula."""

    usual: Any
    quoted: Any


def cells_of(values: pd.Series[Any], style: CellFormat) -> list[str]:
    """Return the cells of a column for `TableWorksheet.write_rows`: each value as what it is, empty where blank."""
    from hginventory.report.excel.table_worksheet import number_cell

    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isinf(numbers).any():
            known = np.isfinite(numbers).tolist()
            return [number_cell(n, style.usual) if yes else "" for n, yes in zip(numbers.tolist(), known, strict=True)]
    blank = values.isna().tolist()
    made: dict[tuple[type, Any], str] = {}  # thousands of units have the same texts; 1 and True differ
    cells = []
    for value, none in zip(values.tolist(), blank, strict=True):
        key = type(value), value
        if none:
            cells.append("")
        elif key in made:
            cells.append(made[key])
        else:
            cells.append(made.setdefault(key, _cell(value, style)))
    return cells


def _cell(value: Any, style: CellFormat) -> str:
    """Return the cell of a value, as `write_value` writes it; empty of an empty text."""
    from hginventory.report.excel.table_worksheet import number_cell, text_cell

    if value == "":
        return ""
    if isinstance(value, bool | np.bool_):
        return text_cell(YES_NO[bool(value)], style.usual)
    if isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value):
        return number_cell(float(value), style.usual)
    return text_cell(str(value), style.quoted if str(value).startswith(RISKY_STARTS) else style.usual)


def write_value(sheet: Any, row: int, column: int, value: Any, style: CellFormat) -> None:
    """Write a value as what it is: never a formula, and blank where there is none.

    Parameters
    ----------
    sheet : Worksheet
        The sheet.
    row, column : int
        Row and column, from 0.
    value : object
        A number, truth value or text.
    style : CellFormat
        Its format.
    """
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        sheet.write_blank(row, column, None, style.usual)
    elif isinstance(value, bool | np.bool_):
        sheet.write_string(row, column, YES_NO[bool(value)], style.usual)
    elif isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value):
        sheet.write_number(row, column, float(value), style.usual)
    else:
        _write_text(sheet, row, column, str(value), style)


def _write_text(sheet: Any, row: int, column: int, text: str, style: CellFormat) -> None:
    if text.startswith(MARKUP):
        # XlsxWriter takes a text in these tags for its own markup and copies it unescaped; cut up it does not.
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], style.usual)
    else:
        sheet.write_string(row, column, text, style.quoted if text.startswith(RISKY_STARTS) else style.usual)
