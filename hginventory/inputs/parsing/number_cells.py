"""A cell to a number, or a finding. No number is ever guessed."""

from __future__ import annotations

import datetime
import math
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
    return in_range(number, column, how.unit)


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
    checked = in_range(read, column, how.unit)
    return Parsed(checked.value, checked.problems or (note,))


def _shown_in_percent(number: float, column: Column, how: NumberReading) -> Parsed:
    """Return a share in a column of per cent whose cell has a percent format: 0.65 is shown, and meant, as 65 %."""
    shown = float(f"{100.0 * number:.12g}")
    checked = in_range(shown, column, how.unit)
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


def in_range(number: float, column: Column, unit: str) -> Parsed:
    """Return a number in the unit of its column, with the problem of one that lies outside its bounds."""
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
