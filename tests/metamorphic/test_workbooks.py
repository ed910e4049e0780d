"""A workbook in another language, or with columns in other units of measure, gives the same results."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.schema import SHEETS
from hginventory.translations import languages
from tests.metamorphic.fleets import COAL, DRAWS, KILN, SECTORS, both_sectors, numbers, rows_of, run_of, years

SHEET = {COAL: "Coal_units", KILN: "Cement_kilns"}
UNIT_ROW, NAME_ROW, FIRST_ROW = 2, 3, 4
# How many of a unit of measure make one of the unit of the schema; written here, so that the registry is tested too.
PER_UNIT = {
    ("MW", "kW"): 1e3, ("MW", "GW"): 1e-3, ("1", "%"): 100.0,
    ("GWh/yr", "MWh/yr"): 1e3, ("GWh/yr", "TWh/yr"): 1e-3,
    ("mg/kg", "ug/kg"): 1e3, ("mg/kg", "g/t"): 1.0, ("mg/kg", "ppm"): 1.0, ("mg/kg", "ppb"): 1e3,
    ("MJ/kg", "GJ/t"): 1.0, ("MJ/kg", "kJ/kg"): 1e3, ("MJ/kg", "kcal/kg"): 1e3 / 4.1868,
    ("MJ/kg", "Btu/lb"): 453.59237 / 1.05505585262, ("MJ/kg", "MMBtu/short_ton"): 907.18474 / 1055.05585262,
    ("t/yr", "kt/yr"): 1e-3, ("t/yr", "Mt/yr"): 1e-6,
    ("kg/yr", "g/yr"): 1e3, ("kg/yr", "t/yr"): 1e-3,
}  # fmt: skip
STATED = {sector: {name for row in rows_of(sector) for name in row} for sector in SECTORS}
# By sector and column, the units of measure that the template offers besides that of the schema.
OTHERS = {
    sector: {
        column.name: [(column.unit, one) for one in column.allowed_units if one not in (column.unit, "t/day")]
        for column in SHEETS[SHEET[sector]].columns
        if column.name in STATED[sector] and len(column.allowed_units) > 1
    }
    for sector in SECTORS
}


def written(sector: str, path: Path, language: str = "en") -> Path:
    return hg.write_fleet(run_of(sector, rows_of(sector)).projection.fleet, path, language=language)


@both_sectors
def test_workbook_in_another_language_changes_no_number(sector: str, tmp_path: Path) -> None:
    runs = [hg.project(written(sector, tmp_path / f"{one}.xlsx", one), draws=DRAWS) for one in languages()]
    assert len(runs) > 1
    for run in runs[1:]:
        pd.testing.assert_frame_equal(run.units, runs[0].units)
        pd.testing.assert_frame_equal(numbers(run), numbers(runs[0]), check_exact=True)
        pd.testing.assert_frame_equal(years(run), years(runs[0]), check_exact=True)
        pd.testing.assert_frame_equal(run.draws(), runs[0].draws(), check_exact=True)


@pytest.mark.parametrize(
    ("sector", "turn"),
    [(sector, turn) for sector in SECTORS for turn in range(max(map(len, OTHERS[sector].values())))],
)
def test_columns_in_other_units_of_measure_change_no_number(sector: str, turn: int, tmp_path: Path) -> None:
    """Each turn takes another unit of each column; an amount per day would need a number of days."""
    path = written(sector, tmp_path / "fleet.xlsx")
    expected = numbers(hg.project(path, draws=0))
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET[sector]]
    column_of = {cell.value: cell.column for cell in sheet[NAME_ROW]}
    changed = 0
    for name, units in OTHERS[sector].items():
        unit, other = units[turn % len(units)]
        head = sheet.cell(UNIT_ROW, column_of[name])
        assert str(head.value) == unit
        head.value = other
        for row in range(FIRST_ROW, sheet.max_row + 1):
            cell = sheet.cell(row, column_of[name])
            if cell.value is not None:
                cell.value *= PER_UNIT[unit, other]
                changed += 1
    book.save(path)
    assert changed >= len(OTHERS[sector])
    pd.testing.assert_frame_equal(numbers(hg.project(path, draws=0)), expected, rtol=1e-9)
