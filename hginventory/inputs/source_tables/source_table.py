"""A table of somebody else as it was found, what an importer reads of it, and what the user says of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hginventory.inputs.findings import Finding
from hginventory.xlsx import EPOCH


@dataclass(frozen=True)
class TableOptions:
    """What the user says of a file.

    Attributes
    ----------
    sheet : str or None
        Name of the sheet, if several contain such a table.
    decimal_sign : str or None
        ``point`` or ``comma``, for numbers stored as text; None: as the cells show.
    encoding : str or None
        Encoding of a text file; None: as its letters show.
    """

    sheet: str | None = None
    decimal_sign: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Layout:
    """What an importer reads of a table.

    Attributes
    ----------
    is_used : callable
        Whether a column (folded name) is read.
    plant : collection of str
        Folded names of the columns of plant names, whose merged cells are filled down.
    numbers, years : collection of str
        Folded names of the columns of numbers and of years.
    decimal_sign : str or None
        Decimal sign of the publisher, for a file whose cells show none; None: not known.
    """

    is_used: Callable[[str], bool] = bool
    plant: Collection[str] = ()
    numbers: Collection[str] = ()
    years: Collection[str] = ()
    decimal_sign: str | None = None


AS_FOUND = TableOptions()
EVERYTHING = Layout()


@dataclass(frozen=True)
class SourceRow:
    """A row of a table: its number in the file, and its filled cells by folded column name."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class SourceTable:
    """A table as found.

    Attributes
    ----------
    path : Path
        The file.
    sheet : str
        Name of the sheet; the file name for a text file.
    header : int
        Number of the header row.
    columns : tuple of str
        Column names as written, in order; blank ones left out.
    letters : mapping of str to str
        Folded column name -> letter of the column.
    rows : list of SourceRow
        Rows below the header that have a filled cell.
    words : tuple of str
        Text of the other sheets, or of the rows above the header: titles, releases, licences.
    encoding : str
        Encoding of a text file; empty for a workbook.
    signs : mapping of str to str
        Folded name of a column of numbers -> its decimal sign; None where nothing says so.
    epoch : date
        Day 0 of the dates.
    findings : tuple of Finding
        What was noted on the file and its cells.
    in_percent : frozenset of (int, str)
        Row and folded column of numbers that are shown in per cent.
    """

    path: Path
    sheet: str
    header: int
    columns: tuple[str, ...]
    letters: dict[str, str]
    rows: list[SourceRow]
    words: tuple[str, ...]
    encoding: str = ""
    signs: Mapping[str, str | None] = field(default_factory=dict)
    epoch: datetime.date = EPOCH
    findings: tuple[Finding, ...] = ()
    in_percent: frozenset[tuple[int, str]] = frozenset()

    def address(self, number: int, column: str) -> str:
        """Return the address of a cell, as ``H23``; of the row where the column is not there.

        Parameters
        ----------
        number : int
            Row of the file.
        column : str
            Folded column name.
        """
        letter = self.letters.get(column)
        return f"{letter}{number}" if letter else f"{number}:{number}"
