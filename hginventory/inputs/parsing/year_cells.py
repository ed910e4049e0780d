"""A cell to a year or a date, or a finding. A year that a cell shows as a date is never guessed."""

from __future__ import annotations

import datetime
import re

from hginventory.inputs.parsing.number_cells import MISSING_WORDS, NumberReading, Parsed, in_range, parse_number
from hginventory.inputs.parsing.number_text import Problem
from hginventory.inputs.schema import Column
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold
from hginventory.xlsx import RawCell

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
        remedy = f"Write a year of four digits. If it is a date, write {year}."
        problem = Problem("E202", f"{value:g}", "not a year", remedy, year)
        return Parsed(None, (problem,))
    return parsed


def _year_in_text(text: str, column: Column) -> Parsed:
    year = year_of_date(text)
    if year is not None:
        return _year_of_date(year, text, column)
    return Parsed(None, (Problem("E201", f'"{text}"', "a year of four digits is expected", "Write one year."),))


def _year_of_date(year: int, shown: str, column: Column) -> Parsed:
    checked = in_range(float(year), column, "")
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
