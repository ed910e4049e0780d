"""A cell to a number, a year or a date, or a finding. No number is ever guessed."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import Any

from hginventory.errors import UnitsError
from hginventory.inputs.parsing.number_text import Problem, both_readings, either, read_number
from hginventory.inputs.schema import Column
from hginventory.translations import TranslatableText
from hginventory.units import convert
from hginventory.vocabulary import MISSING_WORDS as BLANK_WORDS
from hginventory.vocabulary import UNKNOWN, fold
from hginventory.xlsx import EPOCH, RawCell

MISSING_WORDS = frozenset({*BLANK_WORDS, UNKNOWN, "none stated"})
LATEST_YEAR = 2200  # a larger number in a year column is a date serial or a slip
_LAST_SERIAL = 100_000  # of a day; larger numbers are no dates
_YEARS = range(1900, 2101)  # which a cell with a format of dates shows as days of 1905
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)"
_TIME = r"(?:[T\s]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATES = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}([-/.])(?P<a>\d\d?)\2(?P<b>\d\d?){_TIME}",  # 1978-06-01
        rf"(?P<a>\d\d?)([-/.])(?P<b>\d\d?)\2{_YEAR}{_TIME}",  # 01/06/1978
        rf"{_YEAR}[-/](?P<month>\d\d)",  # 1978-06, but 2011-12 may be a year from July to June
        rf"(?P<a>\d\d?)[-/]{_YEAR}",
        rf"{_YEAR}(?P<a>\d\d)(?P<b>\d\d)",
        rf"(?:(?P<b>\d\d?)[\s-])?{_MONTH}\.?,?[\s-]{_YEAR}",
    )
)


@dataclass(frozen=True)
class Parsed:
    """Value of a cell in the unit of its column, and what was noted."""

    value: Any
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class NumberReading:
    """How the cells of a column are read.

    Attributes
    ----------
    unit : str
        Unit of the units row.
    decimal_sign : str or None
        ``point`` or ``comma``, for numbers stored as text; None where nothing says so.
    sign_from : str
        What says so, in words.
    epoch : date
        Day 0 of the dates of the workbook.
    """

    unit: str
    decimal_sign: str | None = None
    sign_from: str = ""
    epoch: datetime.date = EPOCH


def parse_number(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    """Return a number in the unit of its column."""
    value = cell.value
    if isinstance(value, bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return Parsed(None, (Problem("E201", f"{value}"),))
    if isinstance(value, str):
        return _number_in_text(value, column, how)
    try:
        number = float(value)
    except (TypeError, ValueError):  # an object that only a table made in Python can hold
        return Parsed(None, (Problem("E201", f"{value}"),))
    if not math.isfinite(number):
        return Parsed(None, (Problem("E201", f"{value}"),))
    if how.unit == "%" and "%" in cell.number_format:
        return _shown_in_percent(number, column, how)
    return _in_range(number, column, how.unit)


def _number_in_text(text: str, column: Column, how: NumberReading) -> Parsed:
    if fold(text) in MISSING_WORDS:
        return Parsed(None)
    is_inferred = bool(how.sign_from)  # from other cells: only a text with two readings needs it
    read = read_number(text, how.unit, None if is_inferred else how.decimal_sign)
    says = ""
    if isinstance(read, Problem) and read.code == "E207" and is_inferred:
        read, says = (
            read_number(text, how.unit, how.decimal_sign),
            TranslatableText(" with the decimal {sign} of {place}", sign=how.decimal_sign, place=how.sign_from),
        )
    if isinstance(read, Problem) and read.code == "E207" and column.unit == "degree":
        possible = [number for number in both_readings(text) if range_problem(number, column, how.unit) is None]
        if len(possible) == 1:
            read, says = possible[0], TranslatableText(", since any other reading lies outside the map")
    if isinstance(read, Problem):
        return Parsed(None, (read,))
    note = Problem(
        "N213",
        f'"{text.strip()}"',
        TranslatableText("read as {value}{says}", value=f"{read:g}", says=says),
        new_value=read,
        is_safe=True,
    )
    checked = _in_range(read, column, how.unit)
    return Parsed(checked.value, checked.problems or (note,))


def _shown_in_percent(number: float, column: Column, how: NumberReading) -> Parsed:
    """Return a share in a column of per cent whose cell has a percent format: 0.65 is shown, and meant, as 65 %."""
    shown = float(f"{100.0 * number:.12g}")
    checked = _in_range(shown, column, how.unit)
    if not checked.problems:
        return Parsed(
            checked.value,
            (
                Problem(
                    "N218",
                    TranslatableText("{value} shown as {shown} %", value=f"{number:g}", shown=f"{shown:g}"),
                    TranslatableText("read as {value}", value=f"{shown:g} %"),
                ),
            ),
        )
    remedy = f"The cell shows {shown:g} %. Give it the format of a plain number, or correct the value."
    return Parsed(None, tuple(Problem(p.code, p.found, p.allowed, remedy) for p in checked.problems))


def _in_range(number: float, column: Column, unit: str) -> Parsed:
    try:
        converted = float(convert(number, unit, column.unit)) if unit and column.unit else number
    except UnitsError as error:  # the units row was checked, so only a wrong schema comes here
        return Parsed(None, (Problem("E208", str(error)),))
    problem = range_problem(number, column, unit)
    return Parsed(converted) if problem is None else Parsed(None, (problem,))


def range_problem(number: float, column: Column, unit: str) -> Problem | None:
    """Return why a number lies outside the bounds of its column, or None.

    Parameters
    ----------
    number : float
        Number in ``unit``.
    column : Column
        What the column allows.
    unit : str
        Unit of the number; empty: that of the column, left out of the message.
    """
    factor = float(convert(1.0, unit, column.unit)) if unit and column.unit else 1.0
    if is_allowed(number * factor, column):
        return None
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    shown = "" if unit in ("", "1") else f" {unit}"
    found = f"{number:.10g}{shown}"
    if unit == "1" and 2 <= number <= 100 and low <= number / 100 <= high:
        share = TranslatableText("Write {value}, or set the unit to %.", value=f"{number / 100:g}")
        outside = TranslatableText("outside {low}-{high}", low=f"{low:g}", high=f"{high:g}")
        return Problem("E202", found, outside, share, number / 100)
    bounds = {"low": f"{low / factor:.10g}", "high": f"{high / factor:.10g}", "unit": shown}
    if low > -math.inf and high < math.inf:
        allowed = (
            TranslatableText("allowed is above {low} to {high}{unit}", **bounds)
            if column.exclusive_low
            else TranslatableText("allowed is from {low} to {high}{unit}", **bounds)
        )
    elif low > -math.inf:
        allowed = (
            TranslatableText("allowed is above {low}{unit}", **bounds)
            if column.exclusive_low
            else TranslatableText("allowed is at least {low}{unit}", **bounds)
        )
    else:
        allowed = TranslatableText("allowed is at most {high}{unit}", **bounds)
    hint, new = _other_units(number, column, unit, factor)
    return Problem("E202", found, allowed, TranslatableText("Correct the value or its unit.{hint}", hint=hint), new)


def is_allowed(value: float, column: Column) -> bool:
    """Return whether a value in the unit of its column lies within the bounds."""
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    return low <= value <= high and not (column.exclusive_low and value == low)


def _other_units(number: float, column: Column, unit: str, factor: float) -> tuple[str, float | None]:
    """Return in which other units a number would be allowed, in words, and what it were in the present one."""
    fitting: dict[float, list[str]] = {}
    for other in column.allowed_units if unit else ():
        value = number * float(convert(1.0, other, column.unit))
        if other != unit and is_allowed(value, column):
            fitting.setdefault(float(f"{value / factor:.12g}"), []).append(other)
    if not fitting:
        return "", None
    words = either(
        [
            TranslatableText("{value} if it is a share", value=f"{value:.10g}")
            if units == ["1"]
            else TranslatableText("{value} if it is in {units}", value=f"{value:.10g}", units=", ".join(units))
            for value, units in sorted(fitting.items())
        ]
    )
    new = next(iter(fitting)) if len(fitting) == 1 else None
    return TranslatableText(" Write {value}, or set the unit of the column.", value=words), new


def parse_year(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    """Return a year; a date gives its year, unless it may be a year that the cell shows as a date."""
    value = cell.value
    if isinstance(value, datetime.datetime | datetime.date):
        if shown := year_shown_as_date(value, how.epoch):
            return Parsed(None, (shown,))
        return _year_of_date(value.year, value.isoformat()[:10], column)
    if isinstance(value, str) and fold(value) not in MISSING_WORDS and not re.fullmatch(r"\s*\d{4}\s*", value):
        return _year_in_text(value.strip(), column)
    parsed = parse_number(cell, column, NumberReading("", "point"))
    if parsed.value is not None and not float(parsed.value).is_integer():
        return Parsed(None, (Problem("E202", f"{parsed.value:g}", "a year is a whole number", "Write one year."),))
    if isinstance(value, int | float) and not isinstance(value, bool) and LATEST_YEAR < value < _LAST_SERIAL:
        year = (how.epoch + datetime.timedelta(days=int(value))).year
        problem = Problem("E202", f"{value:g}", "not a year", f"If it is a date, write {year}.", year)
        return Parsed(None, (problem,))
    return parsed


def _year_in_text(text: str, column: Column) -> Parsed:
    year = year_of_date(text)
    if year is not None:
        return _year_of_date(year, text, column)
    return Parsed(None, (Problem("E201", f'"{text}"', "a year of four digits is expected", "Write one year."),))


def _year_of_date(year: int, shown: str, column: Column) -> Parsed:
    checked = _in_range(float(year), column, "")
    note = Problem(
        "W211", shown, TranslatableText("read as {value}", value=year), new_value=year,
        is_safe=checked.value is not None,
    )  # fmt: skip
    return Parsed(checked.value, (note, *checked.problems))


def year_of_date(text: str) -> int | None:
    """Return the year of a date written with four digits of the year, None for any other text.

    >>> [year_of_date(text) for text in ("1978-06-01", "31.12.2030", "20150701", "1 June 1998", "06/2011")]
    [1978, 2030, 2015, 1998, 2011]
    >>> [year_of_date(text) for text in ("2026-2030", "1/6/78", "45/45/2011", "2011-12", "2011.4")]
    [None, None, None, None, None]
    """
    match = next((found for form in _DATES if (found := form.fullmatch(text.strip()))), None)
    if match is None:
        return None
    parts = sorted(int(match[name]) for name in ("a", "b") if match.groupdict().get(name))
    month = match.groupdict().get("month")
    if month and int(month) == (int(match["year"]) + 1) % 100:
        return None
    parts += [int(month)] if month else []
    is_date = all(1 <= part <= most for part, most in zip(parts, (12, 31), strict=False))
    return int(match["year"]) if is_date else None


def year_shown_as_date(value: datetime.date, epoch: datetime.date) -> Problem | None:
    """Return the problem of a date that is stored as a number which may be the year itself, None for other dates.

    A cell with 2014 and a format of dates shows a day of 1905.

    Parameters
    ----------
    value : date or datetime
        The date.
    epoch : date
        Day 0 of the workbook.
    """
    day = value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time())
    stored = (day - datetime.datetime.combine(epoch, datetime.time())) / datetime.timedelta(days=1)
    if not (stored.is_integer() and stored in _YEARS):
        return None
    return Problem(
        "E219",
        TranslatableText("{date}, stored as {year}", date=value.isoformat()[:10], year=int(stored)),
        TranslatableText("it can mean the year {year} or a day of {other}", year=int(stored), other=value.year),
        "Give the cell the format of a plain number, and write the year.",
    )


def parse_date(cell: RawCell, column: Column, how: NumberReading) -> Parsed:
    """Return a date as ``2017-12-21``."""
    value = cell.value
    if isinstance(value, datetime.datetime | datetime.date):
        return Parsed(value.isoformat()[:10])
    if fold(str(value)) in MISSING_WORDS:
        return Parsed(None)
    try:
        return Parsed(datetime.date.fromisoformat(str(value).strip()).isoformat())
    except ValueError:
        return Parsed(None, (Problem("E201", f'"{value}"', "a date is expected", "Write it as 2017-12-21."),))
