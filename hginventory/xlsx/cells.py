"""Cells and sheets as they are stored, with the address of each cell. Knows nothing of files, units or mercury."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel
EPOCH_1904 = datetime.date(1904, 1, 1)  # day 0 of workbooks from old Macs
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
GENERAL = "General"  # number format of a cell without one


@dataclass(
    slots=True
)  # not frozen: a workbook has hundreds of thousands, and a frozen one takes thrice as long to make
class RawCell:
    """A cell as stored.

    Attributes
    ----------
    value : object
        Number, text, date, truth value or None; for a formula its stored result.
    address : str
        As ``H23``.
    is_formula : bool
        Whether the value is the stored result of a formula.
    number_format : str
        Excel's number format.
    formula : str
        Text of the formula; empty where it is shared with a cell above and not written out.
    """

    value: Any
    address: str
    is_formula: bool = False
    number_format: str = GENERAL
    formula: str = ""


@dataclass(frozen=True)
class RawSheet:
    """The cells of a sheet by row, with what spreadsheets do to rows.

    Attributes
    ----------
    name : str
        Name of the sheet in the file.
    rows : mapping of int to mapping of int to RawCell
        Row number -> column number -> cell; blank cells are left out.
    hidden_rows : tuple of int
        Rows that are not shown.
    merged : tuple of str
        Ranges of merged cells.
    hidden_columns : tuple of int
        Columns that are not shown.
    is_hidden : bool
        Whether the sheet itself is not shown.
    is_filtered : bool
        Whether a filter hides rows.
    epoch : date
        Day 0 of its dates.
    """

    name: str
    rows: Mapping[int, Mapping[int, RawCell]]
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False
    is_filtered: bool = False
    epoch: datetime.date = EPOCH


def column_number(letters: str) -> int:
    """Return the number of a column from its letters.

    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(column: int) -> str:
    """Return the letters of a column from its number.

    >>> letters_of(1), letters_of(16384)
    ('A', 'XFD')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def without_controls(text: str) -> str:
    r"""Return text without control characters, which a terminal would obey; line breaks and tabs stay.

    >>> without_controls("Unit\x1b[2J 1\n")
    'Unit[2J 1\n'
    """
    return text if text.isprintable() else _CONTROLS.sub("", text)
