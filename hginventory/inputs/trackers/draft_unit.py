"""A row of a tracker on its way to a unit, and the words and years that trackers write in their cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from hginventory.inputs.findings import CODES, Finding, finding
from hginventory.inputs.parsing import Problem, read_number
from hginventory.inputs.trackers.table_file import SourceRow, SourceTable
from hginventory.vocabulary import fold

_YEAR = r"(?:1[89]|20|21)\d\d"
_PLAIN = re.compile(rf"{_YEAR}(?:\.0+)?")
_RANGE = re.compile(rf"({_YEAR})\s*[-\u2010-\u2015/]\s*({_YEAR})")
_DECADE = re.compile(rf"({_YEAR[:-2]}\d?0)\s*['’‘`]?s", re.IGNORECASE)
_AFTER = re.compile(rf"(?:after|post|since)[\s-]*({_YEAR})", re.IGNORECASE)
_NO_YEAR = frozenset({"", "-", "--", "n/a", "na", "unknown", "tbd", "not found"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FULL_SHARE = re.compile(r"\s*\[\s*(?:100(?:\.0+)?\s*%|unknown\s*%)\s*\]")
YEARS_OF_DECADE = 10


@dataclass
class DraftUnit:
    """A row on its way to a unit.

    Attributes
    ----------
    table : SourceTable
        Table of the row.
    row : SourceRow
        The row.
    values : dict
        Column of our workbook -> value, in the units of the schema.
    notes : list of str
        Sentences for the note of the unit.
    findings : list of Finding
        What was decided.
    left_out : str
        Why the row is no unit; empty for a unit.
    activity : list of dict
        Rows for the sheet Activity, without the unit id.
    decimal_sign : str or None
        How the file writes numbers stored as text.
    is_status_stated : bool
        Whether the status, where there is one, is that of the source and not what the importer supposes.
    other_fuel : str
        Word of the source for a fuel that is not coal, of a row that is left out for it.
    """

    table: SourceTable
    row: SourceRow
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: str = ""
    activity: list[dict[str, Any]] = field(default_factory=list)
    decimal_sign: str | None = "point"
    is_status_stated: bool = True
    other_fuel: str = ""

    def cell(self, *names: str) -> Any:
        """Return the value of the first of some columns (folded names) that is filled, else None."""
        return next((self.row.cells[name] for name in names if name in self.row.cells), None)

    def text(self, *names: str) -> str:
        """Return a cell as text, without repeated spaces and control characters; whole numbers without a point."""
        value = self.cell(*names)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else _CONTROL.sub("", re.sub(r"\s+", " ", str(value))).strip()

    def number(self, *names: str) -> float | None:
        """Return a cell as a number; text that is none is noted and gives none."""
        value = self.cell(*names)
        if value is None or (isinstance(value, str) and fold(value) in _NO_YEAR):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        read = read_number(str(value), "", self.decimal_sign)
        if not isinstance(read, Problem) and math.isfinite(read):
            return read
        column = next(name for name in names if name in self.row.cells)
        self.notes.append(f"{column} in the source: {self.text(column)}.")
        allowed = read.allowed or CODES[read.code].meaning if isinstance(read, Problem) else "a number of finite size"
        self.note("W807", column, f'{column} "{self.text(column)}"', allowed=allowed)
        return None

    def note(self, code: str, column: str, found: str, allowed: str = "", remedy: str = "") -> None:
        """Add a finding on a cell of the row, named by its folded column."""
        unit = str(self.values.get("unit_id", ""))
        address = self.table.address(self.row.number, column)
        self.findings.append(finding(code, self.table.sheet, address, found, unit=unit, allowed=allowed, remedy=remedy))

    def year(self, target: str, *names: str) -> None:
        """Fill a year column of ours from one of theirs.

        A range or a decade becomes its last year, so that remaining mercury is not understated; both ends stay
        in the note. "after 2030" becomes the first year that fits. Other words leave the cell blank and stay
        in the note.
        """
        value = self.cell(*names)
        if value is None or (isinstance(value, str) and fold(value) in _NO_YEAR):
            return
        column = next(name for name in names if name in self.row.cells)
        year, is_plain = parse_year(value)
        if is_plain:
            self.values[target] = year
            return
        words = self.text(*names)
        if year is None:
            self.notes.append(f"{target} in the tracker: {words}.")
            self.note("N802", column, f"{target} {words!r}", remedy="Fill in a year if there is a better source.")
            return
        self.values[target] = year
        self.notes.append(f"{target} in the tracker: {words}; {year} used.")
        self.note("N801", column, f"{target} {words!r}, read as {year}")


def parse_year(value: Any) -> tuple[int | None, bool]:
    """Return the year of a cell, and whether the cell is just a year.

    >>> [parse_year(v) for v in (2015.0, "2015", "2026-2030", "1960's", "2030s", "after 2030", "13th plan")]
    [(2015, True), (2015, True), (2030, False), (1969, False), (2039, False), (2031, False), (None, False)]
    """
    if hasattr(value, "year"):
        return int(value.year), True
    if isinstance(value, int | float):
        return (int(value), True) if float(value).is_integer() else (None, False)
    text = str(value).strip()
    year: int | None = None
    if _PLAIN.fullmatch(text):
        return int(text[:4]), True
    if match := _RANGE.fullmatch(text):
        year = max(int(match[1]), int(match[2]))
    elif match := _DECADE.fullmatch(text):
        year = int(match[1]) + YEARS_OF_DECADE - 1
    elif match := _AFTER.fullmatch(text):
        year = int(match[1]) + 1
    return year, False


def without_full_share(owner: str) -> str:
    """Return owners without shares that say nothing.

    >>> [without_full_share(text) for text in ("Enel SpA [100.0%]", "A [60%]; B [40%]", "C [unknown%]")]
    ['Enel SpA', 'A [60%]; B [40%]', 'C']
    """
    return _FULL_SHARE.sub("", owner).strip()
