"""Notes what is odd about a number: a value that fits in another unit only, an activity far below the capacity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hginventory.inputs.findings import Finding, Fix, finding, sheet_and_cell
from hginventory.inputs.fleet import Fleet, is_blank
from hginventory.inputs.schema import Column, Sheet
from hginventory.translations import TranslatableText
from hginventory.units import convert

Window = tuple[float, float]
LEAST_SLIP = 3.0  # between two units, below which a value that fits in one only is odd, not a slip


class Hint:
    """In which unit a number would fit: words, and the number in the unit stated."""

    def __init__(self, words: str = "", new_value: float | None = None) -> None:
        self.words = words
        self.new_value = new_value


NO_HINT = Hint()


class Notes:
    """Takes the findings on one unit or fuel."""

    def __init__(
        self,
        found: list[Finding],
        unit: str,
        address: Callable[[str], tuple[str, str]],
        amount: str = "",  # the column of the number, where it is not the one named
    ) -> None:
        self._found = found
        self._unit = unit
        self._address = address
        self._amount = amount

    def add(
        self, code: str, column: str, text: str, *, hint: Hint = NO_HINT, allowed: str = "", remedy: str = ""
    ) -> None:
        """Note a finding on a column; a hint is its remedy and its fix."""
        sheet, cell = self._address(column)
        is_cell = hint.new_value is not None and cell[-1:].isdigit() and " " not in cell
        fix = Fix(cell, float(hint.new_value), is_safe=False) if is_cell and hint.new_value is not None else None
        new = finding(code, sheet, cell, text, unit=self._unit, allowed=allowed, remedy=remedy or hint.words, fix=fix)
        self._found.append(new)

    def too_little(self, column: str, text: str, hint: Hint = NO_HINT) -> None:
        """Note an activity far below what the capacity allows."""
        remedy = TranslatableText(
            "{hint} If the value is right, name {column} in the column confirmed.",
            hint=hint.words or TranslatableText("Check the value and its unit."), column=self._amount or column,
        )  # fmt: skip
        self.add("W427", column, text, hint=hint, remedy=remedy)


def unit_hint(value: float, stated: str, column: Column, fits: Callable[[float], bool]) -> Hint:
    """Return in which other unit of a column a number would fit.

    Parameters
    ----------
    value : float
        In the unit of the column.
    stated : str
        Unit in which it was written.
    column : Column
        Units to choose from.
    fits : callable
        Whether a value in the unit of the column fits.

    Examples
    --------
    >>> from hginventory.inputs.schema import SHEETS
    >>> column = SHEETS["Coal_units"].column("coal_use")
    >>> unit_hint(2.1, "t/yr", column, lambda tonnes: 1e5 < tonnes < 1e7).words
    'In Mt/yr it would fit: write 2100000, or set the unit to Mt/yr.'
    """
    scale = float(convert(1.0, stated, column.unit))
    fitting = {
        unit: float(f"{value / scale * factor / scale:.12g}")
        for unit in column.allowed_units
        for factor in (float(convert(1.0, unit, column.unit)),)
        if not 1.0 / LEAST_SLIP < factor / scale < LEAST_SLIP and fits(value / scale * factor)
    }
    if not fitting:
        return NO_HINT
    units = list(fitting)
    values = set(fitting.values())
    new = values.pop() if len(values) == 1 else None
    write = f"write {new:.10g}" if new is not None else f"write {' or '.join(f'{v:.10g}' for v in sorted(values))}"
    return Hint(f"In {' or '.join(units)} it would fit: {write}, or set the unit to {units[0]}.", new)


class Slips:
    """Notes a value that lies outside a window where another unit would bring it inside."""

    def __init__(self, sheet: Sheet, name: str, stated: Mapping[tuple[str, str], str], notes: Notes) -> None:
        self._columns = {column.name: column for column in sheet.columns}
        self._name = name
        self._stated = stated
        self._notes = notes

    def stated(self, column: str) -> str:
        """Return the unit in which a column was written."""
        return self._stated.get((self._name, column), self._columns[column].unit)

    def check(self, row: Mapping[str, Any], name: str, window: Window, likely: Window | None = None) -> bool:
        """Note a slip of a column; return whether there is one."""
        return self.check_by(row, name, lambda v: inside(v, window), lambda v: inside(v, likely or window))

    def hint(self, value: float, name: str, fits: Callable[[float], bool]) -> Hint:
        """Return in which other unit a value of a column would fit."""
        return unit_hint(value, self.stated(name), self._columns[name], fits)

    def written(self, value: float, name: str) -> str:
        """Return a value of a column as it was written, with its unit."""
        stated = self.stated(name)
        return f"{name} {value / float(convert(1.0, stated, self._columns[name].unit)):.10g} {stated}"

    def check_by(
        self, row: Mapping[str, Any], name: str, fits: Callable[[float], bool], likely: Callable[[float], bool]
    ) -> bool:
        """Note a value that is impossible in its unit of measure and possible in another one."""
        value = row[name]
        if is_blank(value) or value == 0 or fits(value):
            return False
        hint = self.hint(value, name, likely)
        if hint is NO_HINT:
            return False
        self._notes.add("E415", name, self.written(value, name), hint=hint)
        return True


def fuel_address(fleet: Fleet, fuel: str, column: str) -> tuple[str, str]:
    """Return sheet and cell of a column of a fuel."""
    return sheet_and_cell(fleet.fuel_cell(fuel, column) or "Fuels!")


def inside(value: float, window: Window) -> bool:
    """Return whether a value lies within a window, its ends included."""
    return window[0] <= value <= window[1]
