"""Heat input: where a heat goes that was entered elsewhere, and heat in tables that are imported."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import hginventory as hg
from hginventory.importing import import_tracker
from hginventory.inputs.findings import Finding

GOOD = {"unit_id": "A1", "country": "IDN", "capacity_gross": 600.0, "status": "operating", "start_year": 2010}


def errors(path: Path, units_row: dict[str, str], activity: tuple[str, str] | None = None) -> list[Finding]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Coal_units"
    cells = GOOD | dict.fromkeys(units_row, 30000.0)
    sheet.append(list(cells))
    sheet.append([units_row.get(name, "MW" if name == "capacity_gross" else None) for name in cells])
    sheet.append(list(cells.values()))
    if activity:
        own = book.create_sheet("Activity")
        own.append(["unit_id", "year", "variable", "value", "unit"])
        own.append(["A1", 2023, activity[0], 30000.0, activity[1]])
    book.save(path)
    return [one for one in hg.read_fleet(path).findings if one.severity == "error"]


@pytest.mark.parametrize("unit", ["TJ/yr", "GJ/yr", "MMBtu/yr", "PJ/yr", "GJ"])
def test_a_heat_in_the_column_of_tonnes_is_told_its_column(tmp_path: Path, unit: str) -> None:
    (error,) = errors(tmp_path / "fleet.xlsx", {"coal_use": unit})
    assert error.code == "E208"
    assert "heat_input_net, heat_input_gross" in error.remedy


def test_a_unit_that_fits_no_column_is_told_the_units_of_its_own(tmp_path: Path) -> None:
    (error,) = errors(tmp_path / "fleet.xlsx", {"coal_use": "bushel/yr"})
    assert error.remedy == "Use one of the units named in the units row."


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("heat_input", "heat_input_gross / heat_input_net"),
        ("Heat input", "heat_input_gross / heat_input_net"),
        ("HEAT INPUT", "heat_input_gross / heat_input_net"),
        ("heat_input_nett", "heat_input_net"),
        ("coal_us", "coal_use"),
    ],
)
def test_an_amount_without_its_basis_is_offered_both_and_no_fix(tmp_path: Path, written: str, offered: str) -> None:
    (error,) = errors(tmp_path / "fleet.xlsx", {}, (written, "TJ"))
    assert error.code == "E203"
    assert error.remedy == f"Did you mean {offered}?"
    assert (error.fix is None) is (" / " in offered)


@pytest.mark.parametrize(
    ("unit", "value", "terajoule"),
    [("TJ/yr", 30000.0, 30000.0), ("GJ/yr", 3e7, 30000.0), ("PJ/yr", 30.0, 30000.0), ("MMBtu/yr", 1e6, 1055.06)],
)
@pytest.mark.parametrize("basis", ["net", "gross"])
def test_heat_of_a_table_of_somebody_else_is_mapped(
    tmp_path: Path, basis: str, unit: str, value: float, terajoule: float
) -> None:
    table, mapping = tmp_path / "own.csv", tmp_path / "map.toml"
    table.write_text(f"Name,MW,From,Heat\nAlpha,600,2010,{value}\n", encoding="utf-8")
    mapping.write_text(
        '[source]\nsource_id = "own"\ncitation = "A ministry, table of plants"\nlicence = "open"\n'
        '[settings]\ncountry = "IDN"\n[columns]\nplant = "Name"\ncapacity_gross = "MW"\nstart_year = "From"\n'
        'status = { value = "operating" }\n'
        f'heat_input_{basis} = {{ column = "Heat", unit = "{unit}" }}\n',
        encoding="utf-8",
    )
    fleet, report = import_tracker("csv", table, mapping=mapping)
    assert report.kept == 1
    assert float(fleet.units[f"heat_input_{basis}"].iloc[0]) == pytest.approx(terajoule, rel=1e-4)
