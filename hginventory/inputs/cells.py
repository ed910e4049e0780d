"""One cell to one value of its column's kind, or a finding. No number is ever guessed."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from hginventory.errors import UnitsError
from hginventory.inputs.numerals import Problem, read_number
from hginventory.inputs.schema_types import Column
from hginventory.inputs.workbook import RawCell
from hginventory.units import convert
from hginventory.vocabulary import CONTROL_GROUPS, NONE, UNKNOWN, UnknownCodeError, fold, parse_train, train_devices
from hginventory.vocabulary import MISSING_WORDS as BLANK_WORDS

MISSING_WORDS = frozenset({*BLANK_WORDS, UNKNOWN, "none stated"})
LATEST_YEAR = 2200  # a larger number in a year column is a date serial or a slip
_TRUE = frozenset({"yes", "y", "true", "1", "x", "ya", "oui", "si"})
_FALSE = frozenset({"no", "n", "false", "0", "tidak", "non"})
_SPACES = re.compile(r"[\s\u00a0\u202f]")


@dataclass(frozen=True)
class Parsed:
    """Value of a cell in the unit of its column, and what was noted."""

    value: Any
    problems: tuple[Problem, ...] = ()


def parse_cell(cell: RawCell, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    """Return the value of a cell.

    Parameters
    ----------
    cell : RawCell
        The cell.
    column : Column
        What the column allows.
    unit : str
        Unit of the units row.
    decimal_sign : str or None
        ``point`` or ``comma`` where the sheet Settings says so.
    """
    value = cell.value
    notes: list[Problem] = []
    if cell.is_formula:
        if value is None:
            return Parsed(None, (Problem("E205", "a formula"),))
        zero = isinstance(value, int | float) and value == 0
        notes.append(Problem("W210" if zero else "W209", "a formula"))
    if isinstance(value, str) and re.fullmatch(r"#[A-Z/0!?]+", value.strip()):
        return Parsed(None, (Problem("E204", value.strip()),))
    parsed = _PARSERS[column.kind](value, column, unit, decimal_sign)
    return Parsed(parsed.value, (*notes, *parsed.problems))


def _text(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    if isinstance(value, datetime.datetime | datetime.date):
        text = value.isoformat()[:10]
        is_name = column.name == "unit" or column.name.endswith("_id")
        return Parsed(text, (Problem("W212", text),) if is_name else ())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Parsed(_SPACES.sub(" ", str(value)).strip() or None)


def _number(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    notes: tuple[Problem, ...] = ()
    if isinstance(value, bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return Parsed(None, (Problem("E201", f"{value}"),))
    if isinstance(value, str):
        if fold(value) in MISSING_WORDS:
            return Parsed(None)
        read = read_number(value, unit, decimal_sign)
        if isinstance(read, Problem):
            return Parsed(None, (read,))
        notes = (Problem("N213", f'"{value.strip()}"', f"read as {read:g}"),)
        value = read
    try:
        number = float(value)
    except (TypeError, ValueError):  # an object that only a table made in Python can hold
        return Parsed(None, (Problem("E201", f"{value}"),))
    if not math.isfinite(number):
        return Parsed(None, (Problem("E201", f"{value}"),))
    return _in_range(number, column, unit, notes)


def _in_range(number: float, column: Column, unit: str, notes: tuple[Problem, ...]) -> Parsed:
    try:
        converted = float(convert(number, unit, column.unit)) if unit and column.unit else number
    except UnitsError as error:  # the units row was checked, so only a wrong schema comes here
        return Parsed(None, (Problem("E208", str(error)),))
    problem = range_problem(number, column, unit)
    return Parsed(converted, notes) if problem is None else Parsed(None, (problem,))


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
    value = number * factor
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if low <= value <= high and not (column.exclusive_low and value == low):
        return None
    shown = "" if unit in ("", "1") else f" {unit}"
    found = f"{number:.10g}{shown}"
    if unit == "1" and 2 <= number <= 100 and low <= number / 100 <= high:
        remedy = f"Write {number / 100:g}, or set the unit to %."
        return Problem("E202", found, f"outside {low:g}-{high:g}", remedy)
    least = "above" if column.exclusive_low else "from" if high < math.inf else "at least"
    most = "to" if low > -math.inf else "at most"
    bounds = [f"{least} {low / factor:.10g}"] if low > -math.inf else []
    bounds += [f"{most} {high / factor:.10g}"] if high < math.inf else []
    return Problem("E202", found, f"allowed is {' '.join(bounds)}{shown}", "Correct the value or its unit.")


def _year(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    if isinstance(value, datetime.datetime | datetime.date):
        note = Problem("W211", value.isoformat()[:10], f"read as {value.year}")
        checked = _in_range(float(value.year), column, "", ())
        return Parsed(checked.value, (note, *checked.problems))
    if isinstance(value, str) and fold(value) not in MISSING_WORDS and not re.fullmatch(r"\s*\d{4}\s*", value):
        return Parsed(
            None, (Problem("E201", f'"{value.strip()}"', "a year of four digits is expected", "Write one year."),)
        )
    parsed = _number(value, column, "", "point")
    if parsed.value is not None and not float(parsed.value).is_integer():
        return Parsed(None, (Problem("E202", f"{parsed.value:g}", "a year is a whole number", "Write one year."),))
    problems = parsed.problems
    if isinstance(value, int | float) and not isinstance(value, bool) and LATEST_YEAR < value < 100_000:
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(value))
        problems = (Problem("E202", f"{value:g}", "not a year", f"If it is a date, write {day.year}."),)
    return Parsed(parsed.value, problems)


def _date(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    if isinstance(value, datetime.datetime | datetime.date):
        return Parsed(value.isoformat()[:10])
    if fold(str(value)) in MISSING_WORDS:
        return Parsed(None)
    try:
        return Parsed(datetime.date.fromisoformat(str(value).strip()).isoformat())
    except ValueError:
        return Parsed(None, (Problem("E201", f'"{value}"', "a date is expected", "Write it as 2017-12-21."),))


def _code(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    assert column.codes is not None
    code = column.codes.match(str(value))
    if code is not None:
        return Parsed(code)
    if fold(str(value)) in MISSING_WORDS:
        return Parsed(UNKNOWN if UNKNOWN in column.codes.codes else None)
    near = column.codes.propose(str(value))
    hint = f"Did you mean {near}?" if near else "Use one of the words named, or leave the cell blank."
    return Parsed(None, (Problem("E203", f'"{value}"', f"allowed: {', '.join(column.codes.codes)}", hint),))


def _train(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    assert column.codes is not None
    allowed = f"allowed: {', '.join(column.devices or column.codes.codes)}"
    try:
        train = parse_train(str(value), column.codes)
    except UnknownCodeError as error:
        return Parsed(None, (Problem("E203", str(error), f"{allowed}, none, unknown"),))
    if column.devices and train not in (NONE, UNKNOWN):
        for device in train_devices(train):
            if device not in column.devices:
                return Parsed(None, (Problem("E214", device, allowed, _column_of(device)),))
    return Parsed(train)


def _column_of(device: str) -> str:
    home = next((group for group, devices in CONTROL_GROUPS.items() if device in devices), "another column")
    return f"Move it to {home}."


def _boolean(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    word = f"{value:g}" if isinstance(value, float) else fold(str(value))
    if word in _TRUE or word in _FALSE:
        return Parsed(word in _TRUE)
    if word in MISSING_WORDS:
        return Parsed(None)
    return Parsed(None, (Problem("E203", f'"{value}"', "allowed: yes, no"),))


def _country(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    if fold(str(value)) in MISSING_WORDS:
        return Parsed(None)
    code = country_code(str(value))
    return Parsed(code) if code else Parsed(None, (Problem("E215", f'"{value}"'),))


@cache
def country_code(name: str) -> str | None:
    """Return the ISO code of three letters of a country, or None.

    >>> [country_code(n) for n in ("IDN", "Viet Nam", "Türkiye", "Laos", "Atlantis")]
    ['IDN', 'VNM', 'TUR', 'LAO', None]
    """
    special = {
        "kosovo": "XKX", "xkx": "XKX", "turkey": "TUR", "laos": "LAO", "south korea": "KOR", "north korea": "PRK",
        "ivory coast": "CIV", "syria": "SYR", "russia": "RUS", "bosnia and herzegovina": "BIH", "dr congo": "COD",
        "democratic republic of the congo": "COD", "republic of the congo": "COG", "taiwan": "TWN", "brunei": "BRN",
    }  # fmt: skip
    folded = fold(name)
    if folded in special:
        return special[folded]
    import pycountry

    try:
        return str(pycountry.countries.lookup(name.strip()).alpha_3)
    except LookupError:
        return None


_PARSERS = {
    "text": _text,
    "number": _number,
    "year": _year,
    "date": _date,
    "code": _code,
    "train": _train,
    "boolean": _boolean,
    "country": _country,
}
