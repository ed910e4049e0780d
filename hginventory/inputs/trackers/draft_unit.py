"""A row of a tracker on its way to a unit, and the words and years that trackers write in their cells."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass, field
from typing import Any

from hginventory.inputs.findings import CODES, Finding, finding
from hginventory.inputs.parsing import Problem, read_number, year_of_date, year_shown_as_date
from hginventory.inputs.source_tables import SourceRow, SourceTable
from hginventory.vocabulary import fold

_YEAR = r"(?:1[89]|20|21)\d\d"
_PLAIN = re.compile(rf"{_YEAR}(?:\.0+)?")
_RANGE = re.compile(rf"({_YEAR})\s*[-\u2010-\u2015/]\s*({_YEAR})")
_DECADE = re.compile(rf"({_YEAR[:-2]}\d?0)\s*['’‘`]?s", re.IGNORECASE)
_NO_SURE_DATE = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d\d|\d{4}[-/]\d\d")  # 1/6/78, 2011-12
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
        Why the row is not a unit; empty for a unit.
    activity : list of dict
        Rows for the sheet Activity, without the unit id.
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
        text = "" if value is None else str(value).strip()
        if text.isprintable() and "  " not in text:
            return text
        return _CONTROL.sub("", re.sub(r"\s+", " ", text)).strip()

    def number(self, *names: str, unit: str = "") -> float | None:
        """Return a cell as a number in a unit; any other text is noted and gives None.

        A number that the cell shows in per cent is read as it is shown where per cent is the unit.
        """
        value = self.cell(*names)
        if value is None or (isinstance(value, str) and fold(value) in _NO_YEAR):
            return None
        column = next(name for name in names if name in self.row.cells)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if unit != "%" or (self.row.number, column) not in self.table.in_percent:
                return float(value)
            shown = float(f"{100.0 * value:.12g}")
            self.note("N218", column, f"{column} {value:g} shown as {shown:g} %", allowed=f"read as {shown:g} %")
            return shown
        read = read_number(str(value), unit, self.table.signs.get(column))
        if not isinstance(read, Problem) and math.isfinite(read):
            return read
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
        year, is_plain = self.stated_year(*names)
        if year is not None and is_plain:
            self.values[target] = year
            return
        words = self.text(*names)
        if fold(words) in _NO_YEAR or any(one.severity == "error" for one in self.findings):
            return
        column = next(name for name in names if name in self.row.cells)
        if year is None:
            self.notes.append(f"{target} in the tracker: {words}.")
            self.note("N802", column, f"{target} {words!r}", remedy="Fill in a year if there is a better source.")
            return
        self.values[target] = year
        self.notes.append(f"{target} in the tracker: {words}; {year} used.")
        self.note("N801", column, f"{target} {words!r}, read as {year}")

    def stated_year(self, *names: str) -> tuple[int | None, bool]:
        """Return the year of a cell, and whether the cell is just a year or a date; what may be either is an error."""
        value = self.cell(*names)
        if value is None or (isinstance(value, str) and fold(value) in _NO_YEAR):
            return None, False
        column = next(name for name in names if name in self.row.cells)
        if isinstance(value, datetime.date):
            if problem := year_shown_as_date(value, self.table.epoch):
                self.note(problem.code, column, f"{column} {problem.found}", problem.allowed, problem.remedy)
                return None, False
            shown, year = value.isoformat()[:10], value.year
        elif isinstance(value, str) and (dated := year_of_date(value)) is not None:
            shown, year = value.strip(), dated
        elif isinstance(value, str) and _NO_SURE_DATE.fullmatch(value.strip()):
            remedy = "Write the year with four digits."
            self.note("E201", column, f'{column} "{value.strip()}"', "a year of four digits is expected", remedy)
            return None, False
        else:
            return parse_year(value)
        self.note("W211", column, f"{column} {shown}", allowed=f"read as {year}")
        return year, True

    def mean_year(self, *names: str) -> float | None:
        """Return a start year that may be a mean over units, as 2004.6; a date gives its year."""
        value = self.cell(*names)
        if isinstance(value, datetime.date) or (isinstance(value, str) and year_of_date(value) is not None):
            return self.stated_year(*names)[0]
        return self.number(*names)


def parse_year(value: Any) -> tuple[int | None, bool]:
    """Return the year of a cell, and whether the cell is just a year.

    >>> [parse_year(v) for v in (2015.0, "2015", "2026-2030", "1960's", "2030s", "after 2030", "13th plan")]
    [(2015, True), (2015, True), (2030, False), (1969, False), (2039, False), (2031, False), (None, False)]
    """
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
