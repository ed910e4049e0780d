"""Zeros where nothing was measured, and shares in a column of per cent: numbers that are possible and mostly wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hginventory.inputs.findings import Finding, Fix, finding, sheet_and_cell
from hginventory.inputs.fleet import SHEET_OF, Fleet, as_records
from hginventory.inputs.schema import ACTIVITY_COLUMNS, HEAT_COLUMNS, SHEETS, Column
from hginventory.translations import TranslatableText

Row = Mapping[str, Any]
# What nothing is free of; 0 is a gap that was filled.
CONTENTS = (
    *("hg_coal", "cl_coal", "moisture", "hg_limestone", "hg_raw_meal", "hg_fuel", "hg_gypsum", "hg_ash"),
    *("measured_air", "raw_meal_ratio", "heat_use", "calorific_value"),
)
# What a unit that operates has in a normal year.
ACTIVE = (
    *("coal_use", *HEAT_COLUMNS, "generation_gross", "generation_net", "capacity_factor"),
    *("clinker_output", "utilisation"),
)
SHARE_UNITS = ("1", "%")
NEVER_TINY = ("moisture", "capacity_factor", "utilisation", "limestone_share", "air_share")
_HUNDREDTH = 0.01
_LARGEST_TINY = 0.05  # above every share that is looked at


def check_zeros_and_shares(
    fleet: Fleet, rows: Mapping[str, Row], stated: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Yield the zeros and the shares of a fleet that are mostly slips.

    Parameters
    ----------
    fleet : Fleet
        Gives the addresses of cells.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    stated : mapping
        Units in which numbers were written, as `stated_units` gives them.
    """
    for unit, row in rows.items():
        sheet = fleet.rows[unit][0]
        names = (*CONTENTS, *ACTIVE) if row["status"] == "operating" else CONTENTS
        for column in SHEETS[SHEET_OF[row["sector"]]].columns:
            if column.kind == "number" and 0 <= row[column.name] < _LARGEST_TINY:
                address = fleet.address(unit, column.name)
                yield from _of_cell(unit, row[column.name], column, address, names, stated.get((sheet, column.name)))
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        for column in SHEETS["Fuels"].columns:
            cell = fleet.fuel_cell(fuel, column.name)
            if column.kind == "number" and cell:
                address = sheet_and_cell(cell)
                written = stated.get((address[0], column.name))
                yield from _of_cell(fuel, row[column.name], column, address, CONTENTS, written)
    yield from _of_activity(fleet, stated)


def _of_cell(
    unit: str, value: float, column: Column, address: tuple[str, str], never_zero: tuple[str, ...], written: str | None
) -> Iterator[Finding]:
    if value == 0 and column.name in never_zero:
        yield finding("E446", *address, f"{column.name} 0", unit=unit)
    if column.units != SHARE_UNITS or not 0 < value <= _HUNDREDTH * max(column.high or 1.0, 1.0):
        return
    in_percent = float(f"{value / _HUNDREDTH:.10g}")
    if written == "%":
        fix = (
            Fix(address[1], float(f"{in_percent / _HUNDREDTH:.10g}"), is_safe=False) if "[" not in address[1] else None
        )
        remedy = TranslatableText(
            "Write {value} for {value} %, or set the unit to 1; if {found} % is right, name {column} in the column "
            "confirmed.",
            value=f"{in_percent / _HUNDREDTH:.10g}", found=f"{in_percent:g}", column=column.name,
        )  # fmt: skip
        yield finding("E449", *address, f"{column.name} {in_percent:g} %", unit=unit, remedy=remedy, fix=fix)
    elif value <= _HUNDREDTH and column.name in NEVER_TINY:
        yield finding("E450", *address, f"{column.name} {value:g}", unit=unit)


def _of_activity(fleet: Fleet, stated: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """Yield the years of standstill, and the capacity factors that are shares among per cent."""
    for row in as_records(fleet.activity):
        unit, name, value = str(row["unit_id"]), str(row["variable"]), float(row["value"])
        address = sheet_and_cell(str(row["cell"]))
        if value == 0:
            yield finding("N447", *address, f"{name} 0", unit=unit)
            continue
        column = ACTIVITY_COLUMNS[name]
        if column.units == SHARE_UNITS and stated.get(address) == "%" and value <= _HUNDREDTH * (column.high or 1.0):
            remedy = TranslatableText(
                "Write {value} for {value} %; if {found} % is right, write {share} with the unit 1.",
                value=f"{value / _HUNDREDTH**2:.10g}", found=f"{value / _HUNDREDTH:.10g}", share=f"{value:.10g}",
            )  # fmt: skip
            yield finding("E449", *address, f"{name} {value / _HUNDREDTH:.10g} %", unit=unit, remedy=remedy)
