"""Whether the numbers of a unit fit each other: what cannot be in the unit stated, and what could be in another.

The bounds are wide on purpose. They are not used in any calculation; they only tell a slip from an odd plant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from hginventory.inputs.findings import Finding, Fix, finding, sheet_and_cell
from hginventory.inputs.fleet import Fleet, as_records, is_blank
from hginventory.inputs.parsing import Table
from hginventory.inputs.schema import ACTIVITY_COLUMNS, SHEETS, Column, Sheet
from hginventory.translations import TranslatableText
from hginventory.units import convert

Window = tuple[float, float]
MW_YEAR_IN_GWH = 8.76
SLIP = 1000.0  # kWh for MWh, t for kt, ug for mg
LEAST_SLIP = 3.0  # between two units, below which a value that fits in one only is odd, not a slip
PLAUSIBLE_CAPACITY_FACTOR: Window = (0.02, 1.05)
PLAUSIBLE_COAL_T_PER_MWH: Window = (0.15, 2.5)  # from anthracite in a new plant to wet lignite in an old one
LEAST_USE = 0.02  # of the full output, below which coal burned is odd
UNIT_MW: Window = (1.0, 2000.0)
KILN_T_PER_YR: Window = (5e3, 1.5e7)
LEAST_KILN_T = 100.0  # from here on a number that is no year of a kiln is a day of one: see projection.plausibility
HG_MG_PER_KG: Window = (0.002, 3.0)  # the largest single samples in the tables reach 2.3
LIKELY_HG_MG_PER_KG: Window = (0.01, 3.0)
COAL_MJ_PER_KG: Window = (4.5, 37.0)
HARD_COAL_MJ_PER_KG: Window = (8.0, 37.0)
_HARD = frozenset({"anthracite", "bituminous", "subbituminous"})
_BASES = {"hg_coal": "hg_basis", "calorific_value": "cv_basis"}
_WORDS = {
    "hg_basis": TranslatableText("as received or dry"),
    "cv_basis": TranslatableText("net or gross, as received or dry"),
}


def stated_units(tables: Iterable[Table]) -> dict[tuple[str, str], str]:
    """Return the unit in which numbers were written: by sheet and column, in the sheet Activity by sheet and cell."""
    stated: dict[tuple[str, str], str] = {}
    for table in tables:
        stated.update({(table.sheet, name): unit for name, unit in table.units.items()})
        if table.kind == "Activity":
            for record in table.records:
                if "unit" in record.values and "value" in record.cells:
                    unit = str(record.values["unit"]).removesuffix("/yr")
                    stated[table.sheet, record.cells["value"]] = unit if unit in ("1", "%") else f"{unit}/yr"
    return stated


def check_numbers(
    fleet: Fleet, rows: Mapping[str, Mapping[str, Any]], stated: Mapping[tuple[str, str], str]
) -> list[Finding]:
    """Return the numbers of a fleet that do not fit: of units, of the sheet Fuels and of single years.

    Parameters
    ----------
    fleet : Fleet
        The fleet, with values in the units of the schema.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    stated : mapping
        Units in which they were written, as `stated_units` gives them.
    """
    found: list[Finding] = []
    for unit, row in rows.items():
        is_coal = row["sector"] == "coal_power"
        notes = _Notes(found, unit, partial(fleet.address, unit))
        slips = _Slips(SHEETS["Coal_units" if is_coal else "Cement_kilns"], fleet.rows[unit][0], stated, notes)
        if is_coal:
            _check_coal_unit(row, slips, notes)
        else:
            _check_kiln(row, slips)
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        notes = _Notes(found, fuel, partial(_fuel_address, fleet, fuel))
        sheet = _fuel_address(fleet, fuel, "fuel_id")[0]
        _check_quality(row, _Slips(SHEETS["Fuels"], sheet, stated, notes), notes)
    return [*found, *_check_activity(fleet, stated)]


def _fuel_address(fleet: Fleet, fuel: str, column: str) -> tuple[str, str]:
    return sheet_and_cell(fleet.fuel_cell(fuel, column) or "Fuels!")


class Hint:
    """In which unit a number would fit: words, and the number in the unit stated."""

    def __init__(self, words: str = "", new_value: float | None = None) -> None:
        self.words = words
        self.new_value = new_value


NO_HINT = Hint()


class _Notes:
    """Takes the findings on one unit or fuel."""

    def __init__(self, found: list[Finding], unit: str, address: Callable[[str], tuple[str, str]]) -> None:
        self._found = found
        self._unit = unit
        self._address = address

    def add(
        self, code: str, column: str, text: str, *, hint: Hint = NO_HINT, allowed: str = "", remedy: str = ""
    ) -> None:
        """Note a finding on a column; a hint is its remedy and its fix."""
        sheet, cell = self._address(column)
        is_cell = hint.new_value is not None and cell[-1:].isdigit() and " " not in cell
        fix = Fix(cell, float(hint.new_value), is_safe=False) if is_cell and hint.new_value is not None else None
        new = finding(code, sheet, cell, text, unit=self._unit, allowed=allowed, remedy=remedy or hint.words, fix=fix)
        self._found.append(new)


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


class _Slips:
    """Notes a value that lies outside a window where another unit would bring it inside."""

    def __init__(self, sheet: Sheet, name: str, stated: Mapping[tuple[str, str], str], notes: _Notes) -> None:
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

    def check_by(
        self, row: Mapping[str, Any], name: str, fits: Callable[[float], bool], likely: Callable[[float], bool]
    ) -> bool:
        """Note a slip of a column, told by two conditions: on the value as it is, and on it in another unit."""
        value = row[name]
        if is_blank(value) or value == 0 or fits(value):
            return False
        stated = self.stated(name)
        hint = unit_hint(value, stated, self._columns[name], likely)
        if hint is NO_HINT:
            return False
        written = value / float(convert(1.0, stated, self._columns[name].unit))
        self._notes.add("E415", name, f"{name} {written:.10g} {stated}", hint=hint)
        return True


def inside(value: float, window: Window) -> bool:
    """Return whether a value lies within a window, its ends included."""
    return window[0] <= value <= window[1]


def _check_coal_unit(row: Mapping[str, Any], slips: _Slips, notes: _Notes) -> None:
    for name in ("capacity_gross", "capacity_net"):
        slips.check(row, name, (UNIT_MW[0], math.inf), UNIT_MW)
    capacity = row["capacity_mw"]
    fitting_gwh = 0.0
    for name in ("generation_gross", "generation_net"):
        odd = implausible_generation(name, row[name], capacity)
        if odd:
            hint = _generation_hint(row[name], capacity, name, slips.stated(name))
            notes.add("E404", name, odd, hint=hint)
        elif row[name] > 0:
            fitting_gwh = row[name]
    _check_coal_use(row, fitting_gwh, slips, notes)
    _check_quality(row, slips, notes)


def implausible_generation(name: str, generation_gwh: float, capacity_mw: float) -> str:
    """Return what is odd about a generation; empty where it fits the capacity or either is unknown."""
    factor = generation_gwh / (capacity_mw * MW_YEAR_IN_GWH) if capacity_mw else math.nan
    if not factor > PLAUSIBLE_CAPACITY_FACTOR[1] and not 0 < factor < PLAUSIBLE_CAPACITY_FACTOR[0]:
        return ""
    return f"{name} {generation_gwh:g} GWh is {factor:.3g} of the full output"


def _generation_hint(generation_gwh: float, capacity_mw: float, name: str, stated: str) -> Hint:
    """Return in which unit a generation would fit: the commonest slip is one by a thousand."""
    full = capacity_mw * MW_YEAR_IN_GWH
    fits = partial(_is_plausible_share, full)
    hint = unit_hint(generation_gwh, stated, ACTIVITY_COLUMNS[name], fits)
    return hint if hint is NO_HINT else Hint(f"A factor {SLIP:g} would fit. {hint.words}", hint.new_value)


def _is_plausible_share(full_gwh: float, gwh: float) -> bool:
    return inside(gwh / full_gwh, PLAUSIBLE_CAPACITY_FACTOR)


def _check_coal_use(row: Mapping[str, Any], generation_gwh: float, slips: _Slips, notes: _Notes) -> None:
    """Check coal burned against the generation where it is stated, else against the full output."""
    full_mwh = row["capacity_mw"] * MW_YEAR_IN_GWH * 1000.0
    mwh = generation_gwh * 1000.0 or full_mwh
    if is_blank(row["coal_use"]) or not mwh > 0:
        return
    low, high = PLAUSIBLE_COAL_T_PER_MWH
    least = low if generation_gwh else low * LEAST_USE

    def fits(tonnes: float) -> bool:
        return least <= tonnes / mwh <= high

    if slips.check_by(row, "coal_use", fits, fits):
        return
    if row["coal_use"] and not fits(row["coal_use"]):
        notes.add("W405", "coal_use", f"coal_use {row['coal_use']:g} t")


def _check_quality(row: Mapping[str, Any], slips: _Slips, notes: _Notes) -> None:
    """Check mercury and heating value of a coal, of a unit or of the sheet Fuels."""
    slips.check(row, "hg_coal", HG_MG_PER_KG, LIKELY_HG_MG_PER_KG)
    is_hard = row["coal_type"] in _HARD
    slips.check(row, "calorific_value", HARD_COAL_MJ_PER_KG if is_hard else COAL_MJ_PER_KG)
    for value, basis in _BASES.items():
        if not is_blank(row[value]) and is_blank(row[basis]):
            remedy = TranslatableText("Fill in {basis}: {choices}.", basis=basis, choices=_WORDS[basis])
            found = TranslatableText("{value} without {basis}", value=f"{value} {row[value]:g}", basis=basis)
            notes.add("W416", value, found, remedy=remedy)


def _check_kiln(row: Mapping[str, Any], slips: _Slips) -> None:
    for name in ("clinker_capacity", "cement_capacity"):
        slips.check(row, name, (LEAST_KILN_T, KILN_T_PER_YR[1]), KILN_T_PER_YR)
    capacity = row["clinker_capacity"]
    if is_blank(capacity) or not inside(capacity, KILN_T_PER_YR):
        slips.check(row, "clinker_output", KILN_T_PER_YR)
        return
    ratio: Window = (capacity / SLIP * 2.0, capacity * 1.5)
    slips.check(row, "clinker_output", ratio, (0.1 * capacity, 1.5 * capacity))


def _given(address: tuple[str, str], _column: str) -> tuple[str, str]:
    return address


def _check_activity(fleet: Fleet, stated: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Check generation and coal of single years against the capacity of their unit."""
    capacities = dict(zip(map(str, fleet.units.index), fleet.units["capacity_mw"], strict=True))
    found: list[Finding] = []
    for row in as_records(fleet.activity):
        unit, name, value = str(row["unit_id"]), str(row["variable"]), float(row["value"])
        address = sheet, cell = sheet_and_cell(str(row["cell"]))
        capacity = capacities.get(unit, math.nan)
        written_in = stated.get((sheet, cell), ACTIVITY_COLUMNS[name].unit)
        notes = _Notes(found, unit, partial(_given, address))
        if name in ("generation_gross", "generation_net"):
            odd = implausible_generation(name, value, capacity)
            if odd:
                hint = _generation_hint(value, capacity, name, written_in)
                notes.add("E404", name, f"{odd} in {row['year']}", hint=hint)
        elif name == "coal_use":
            slips = _Slips(SHEETS["Coal_units"], sheet, {(sheet, name): written_in}, notes)
            _check_coal_use({"coal_use": value, "capacity_mw": capacity}, 0.0, slips, notes)
    return found
