"""The value of a cell from the text that a workbook stores for it."""

from __future__ import annotations

import datetime
from typing import Any

from hginventory.xlsx.number_formats import date_of
from hginventory.xlsx.shared import CellStyle
from hginventory.xlsx.xml_stream import BrokenPartError

_EXACT_DIGITS = 15  # a spreadsheet number has no more


def value_of(stored: str, kind: str, style: CellStyle, epoch: datetime.date) -> Any:
    """Return the value of a cell; what cannot be what its kind says stays text, which the rules then refuse.

    Parameters
    ----------
    stored : str
        Text of the cell in the file.
    kind : str
        As the file names it: ``n`` number, ``d`` date, ``b`` truth value; all else is text.
    style : CellStyle
        How the cell shows a number.
    epoch : date
        Day 0 of dates.

    Examples
    --------
    >>> day_0 = datetime.date(1899, 12, 30)
    >>> value_of("660.0", "n", CellStyle(), day_0), value_of("1", "b", CellStyle(), day_0)
    (660.0, True)
    """
    try:
        if kind == "n":
            return _number(stored, style, epoch)
        if kind == "d":
            return _iso_date(stored)
    except ValueError:
        return stored
    return stored.strip() in ("1", "true") if kind == "b" else stored


def _number(stored: str, style: CellStyle, epoch: datetime.date) -> Any:
    is_whole = len(stored) <= _EXACT_DIGITS and (
        stored.isdecimal() or ("." not in stored and "e" not in stored and "E" not in stored)
    )
    number = int(stored) if is_whole else float(stored)
    if not style.is_date:
        return number
    try:
        return date_of(number, epoch, style.is_duration)
    except (OverflowError, ValueError):
        return "#VALUE!"  # what Excel shows as #####


def _iso_date(stored: str) -> Any:
    text = stored.strip().removesuffix("Z")
    if ":" not in text:
        return datetime.date.fromisoformat(text)
    if "-" not in text:
        return datetime.time.fromisoformat(text)
    return datetime.datetime.fromisoformat(text).replace(tzinfo=None)


def whole(text: str) -> int:
    """Return a small whole number of the file.

    Raises
    ------
    BrokenPartError
        If it is damaged.
    """
    try:
        number = int(text) if len(text) <= _EXACT_DIGITS else -1
    except ValueError:
        number = -1
    if number < 0:
        raise BrokenPartError(f"{text[:20]!r} where a whole number should be")
    return number
