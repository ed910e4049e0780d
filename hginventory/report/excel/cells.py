"""Writes values into cells as what they are: numbers as numbers, no text as a formula, nothing where none is known."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any

import numpy as np
import pandas as pd

YES_NO = {True: "yes", False: "no"}
RISKY_STARTS = ("=", "+", "-", "@")  # a spreadsheet takes such a text for a formula once somebody edits the cell
MARKUP = "<r>"
_WATCHED = (*RISKY_STARTS, MARKUP)

Cell = Callable[[int, int, Any], object]


@dataclass(frozen=True)
class CellFormat:
    """The format of a cell, and the same with a mark that keeps a text from becoming a formula."""

    usual: Any
    quoted: Any


def cells_of(sheet: Any, values: pd.Series[Any], style: CellFormat) -> tuple[Cell, list[Any]]:
    """Return how to write a cell of a column, and its values with None for blank ones.

    The library's own ways are taken where every cell of the column can go the same way; a cell without a
    format of its own takes that of the column.
    """
    if pd.api.types.is_bool_dtype(values):
        return _quick(sheet.write_string), [YES_NO[value] for value in values.tolist()]
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        listed = [None if math.isnan(number) else number for number in numbers.tolist()]
        return (_write_any(sheet, style) if np.isinf(numbers).any() else _quick(sheet.write_number)), listed
    blank = values.isna().to_numpy()
    listed = [None if none or value == "" else value for value, none in zip(values.tolist(), blank, strict=True)]
    kinds = {type(value) for value in listed if value is not None}
    if kinds <= {bool}:
        return _quick(sheet.write_string), [None if value is None else YES_NO[value] for value in listed]
    simple = kinds <= {str} and not any(value.startswith(_WATCHED) for value in dict.fromkeys(listed) if value)
    return (_quick(sheet.write_string) if simple else _write_any(sheet, style)), listed


def _quick(method: Any) -> Cell:
    """Return a method of a sheet without its decorator, which reads addresses such as A1 in every call."""
    return MethodType(inspect.unwrap(method.__func__), method.__self__)


def _write_any(sheet: Any, style: CellFormat) -> Cell:
    """Return a writer for a cell of any kind."""

    def write(row: int, column: int, value: Any) -> None:
        write_value(sheet, row, column, value, style)

    return write


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
