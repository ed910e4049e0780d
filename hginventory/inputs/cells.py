"""One cell to one value of its column's kind, or a finding. No number is ever guessed."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from hginventory.errors import UnitsError
from hginventory.inputs.schema_types import Column
from hginventory.inputs.workbook import RawCell
from hginventory.units import convert
from hginventory.vocabulary import DEVICES, NONE, UNKNOWN, UnknownCodeError, fold, parse_train, train_devices

MISSING_WORDS = frozenset({"", "-", "--", "n/a", "na", "not available", "not found", "unknown", "none stated"})
LATEST_YEAR = 2200  # a larger number in a year column is a date serial or a slip
_TRUE = frozenset({"yes", "y", "true", "1", "x", "ya", "oui", "si"})
_FALSE = frozenset({"no", "n", "false", "0", "tidak", "non"})
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")  # 1,234.5
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+)")  # 1.234,5 or 0,5
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # 1,000 is a thousand here and one there
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d.,\s\u00a0\u202f]+)\s*(?P<unit>[A-Za-z%][A-Za-z0-9/%]*)")


@dataclass(frozen=True)
class Problem:
    """Why a cell gives no value, or what had to be done to read it: code and words."""

    code: str
    found: str
    allowed: str = ""
    remedy: str = ""


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
        return Parsed(text, (Problem("W212", text),) if column.name.endswith("id") else ())
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
        read = _number_from_text(value, unit, decimal_sign)
        if isinstance(read, Problem):
            return Parsed(None, (read,))
        notes = (Problem("N213", f'"{value.strip()}"', f"read as {read:g}"),)
        value = read
    number = float(value)
    if not math.isfinite(number):
        return Parsed(None, (Problem("E201", f"{value}"),))
    return _in_range(number, column, unit, notes)


def _in_range(number: float, column: Column, unit: str, notes: tuple[Problem, ...]) -> Parsed:
    try:
        converted = float(convert(number, unit, column.unit)) if unit and column.unit else number
    except UnitsError as error:  # the units row was checked, so only a wrong schema comes here
        return Parsed(None, (Problem("E208", str(error)),))
    too_low = column.low is not None and (converted < column.low or (column.exclusive_low and converted == column.low))
    if not too_low and (column.high is None or converted <= column.high):
        return Parsed(converted, notes)
    sign = ">" if column.exclusive_low else "from"
    allowed = f"allowed is {sign} {column.low:g} to {column.high:g} {column.unit}".rstrip(" 1")
    remedy = "Correct the value or its unit."
    if column.unit == "1" and unit == "1" and 1 < number <= 100:
        allowed = f"outside {column.low:g}-{column.high:g}"
        remedy = f"Write {number / 100:g}, or set the unit to %."
    return Parsed(
        None, (Problem("E202", f"{number:g} {unit}".rstrip(" 1") if unit != "1" else f"{number:g}", allowed, remedy),)
    )


def _number_from_text(text: str, unit: str, decimal_sign: str | None) -> float | Problem:
    shown = f'"{text.strip()}"'
    bare = _SPACES.sub("", text.strip())
    if bare[:1] in "<>~≤≥":
        return Problem("E216", shown)
    with_unit = _WITH_UNIT.fullmatch(text.strip())
    if with_unit and not _PLAIN.fullmatch(bare):
        stated = with_unit["unit"]
        if fold(stated) != fold(unit.removesuffix("/yr")) and fold(stated) != fold(unit):
            return Problem(
                "E208", shown, f"the column is in {unit}", "Write the number alone, in the unit of the column."
            )
        bare = _SPACES.sub("", with_unit["number"])
    if decimal_sign == "comma":
        return (
            float(bare.replace(".", "").replace(",", "."))
            if re.fullmatch(r"[+-]?[\d.]*,?\d+", bare)
            else Problem("E201", shown)
        )
    if decimal_sign == "point":
        plain = bare.replace(",", "")
        return float(plain) if _PLAIN.fullmatch(plain) else Problem("E201", shown)
    if _AMBIGUOUS.fullmatch(bare):
        return Problem("E207", shown)
    if _PLAIN.fullmatch(bare):
        return float(bare)
    if _POINT.fullmatch(bare):
        return float(bare.replace(",", ""))
    if _COMMA.fullmatch(bare):
        return float(bare.replace(".", "").replace(",", "."))
    return Problem("E201", shown)


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
    try:
        train = parse_train(str(value), column.codes)
    except UnknownCodeError as error:
        return Parsed(None, (Problem("E203", str(error), f"allowed: {', '.join(column.codes.codes)}, none, unknown"),))
    if column.devices and train not in (NONE, UNKNOWN):
        for device in train_devices(train):
            if device not in column.devices:
                return Parsed(
                    None,
                    (Problem("E214", device, f"allowed: {', '.join(column.devices)}", _column_of(device)),),
                )
    return Parsed(train)


def _column_of(device: str) -> str:
    from hginventory.vocabulary import CONTROL_GROUPS

    home = next((group for group, devices in CONTROL_GROUPS.items() if device in devices), "another column")
    return f"Move it to {home}." if device in DEVICES.codes else "Move it to another column."


def _boolean(value: Any, column: Column, unit: str, decimal_sign: str | None) -> Parsed:
    word = fold(str(value))
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
