"""Makes small workbooks with one mistake each: a clean fleet of six units, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

COLUMNS = (
    "unit_id", "plant", "unit", "country", "latitude", "longitude", "status", "start_year", "planned_retirement",
    "capacity_gross", "capacity_net", "generation_net", "coal_use", "net_efficiency", "coal_type", "hg_coal",
    "hg_basis", "cl_coal", "calorific_value", "cv_basis", "pm_control", "so2_control", "nox_control", "hg_control",
    "removal", "note", "confirmed",
)  # fmt: skip
UNITS = {
    "latitude": "degree", "longitude": "degree", "capacity_gross": "MW", "capacity_net": "MW",
    "generation_net": "GWh/yr", "coal_use": "t/yr", "net_efficiency": "1", "hg_coal": "mg/kg", "cl_coal": "mg/kg",
    "calorific_value": "MJ/kg", "removal": "1",
}  # fmt: skip
FIRST, LAST = 3, 8  # rows of the units; names stand in row 1, units of measure in row 2
KILN_COLUMNS = (
    "unit_id",
    "plant",
    "country",
    "status",
    "start_year",
    "kiln_type",
    "clinker_capacity",
    "clinker_output",
    "controls",
    "utilisation",
    "confirmed",
)
_COORDINATES = ((-5.89, 106.03), (-6.11, 106.78), (-7.71, 113.58), (-6.44, 110.74), (-7.69, 109.09), (-7.06, 112.61))
Rows = Mapping[str, Sequence[Sequence[Any]]]


def column(name: str) -> str:
    """Return the letter of a column of the units."""
    return get_column_letter(COLUMNS.index(name) + 1)


def good_rows() -> list[dict[str, Any]]:
    """Return six units about which there is nothing to say."""
    return [
        {
            "unit_id": f"U-{number}", "plant": plant, "unit": "1", "country": "IDN", "latitude": coordinates[0],
            "longitude": coordinates[1], "status": "operating", "start_year": 2008 + number,
            "capacity_gross": 300 + 10 * number, "generation_net": 1900 + 10 * number, "net_efficiency": 0.36,
            "coal_type": "subbituminous", "hg_coal": 0.05,
            "hg_basis": "as_received", "cl_coal": 80, "calorific_value": 19, "cv_basis": "net_as_received",
            "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none",
        }
        for number, (plant, coordinates) in enumerate(
            zip(("Ambar", "Bintang", "Cendana", "Delima", "Elang", "Fajar"), _COORDINATES, strict=True), 1
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class Dirt:
    """What is done to the clean fleet.

    Attributes
    ----------
    cells : mapping of (str, int) to object
        Column name and row -> other value; row 2 is that of the units of measure.
    rows : sequence of mapping
        Further rows, from row 9 on.
    sheets : mapping of str to rows
        Further sheets.
    do : callable, optional
        Anything else, done with the workbook before it is saved.
    every : mapping of str to object
        Column -> value in all units.
    """

    cells: Mapping[tuple[str, int], Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ()
    sheets: Rows = field(default_factory=dict)
    do: Callable[[openpyxl.Workbook], None] | None = None
    every: Mapping[str, Any] = field(default_factory=dict)


def write(path: Path, dirt: Dirt) -> Path:
    """Write the workbook and return its path."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Coal_units"
    sheet.append(COLUMNS)
    sheet.append([UNITS.get(name) for name in COLUMNS])
    for row in [*good_rows(), *dirt.rows]:
        values = {**row, **dirt.every} if row in good_rows() else row
        sheet.append([values.get(name) for name in COLUMNS])
    for (name, number), value in dirt.cells.items():
        cell = sheet[f"{column(name)}{number}"]
        cell.value = value
    for name, rows in {"Settings": [("name", "value"), ("base_year", 2026)], **dirt.sheets}.items():
        extra = book.create_sheet(name)
        for values in rows:
            extra.append(list(values))
    if dirt.do:
        dirt.do(book)
    book.save(path)
    return path
