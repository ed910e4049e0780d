"""A `Fleet` to a workbook of the contract that reads as the same fleet again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hginventory import arguments
from hginventory.inputs.findings import Finding
from hginventory.inputs.fleet import SECTOR_OF, Fleet, as_records
from hginventory.inputs.schema import ACTIVITY_UNITS, CONTRACT_SHEETS, SETTINGS, SHEETS, UNIT_SHEETS
from hginventory.inputs.template.sheets import FIRST, settings_cell
from hginventory.inputs.template.writer import Contents, write_contract
from hginventory.translations import SOURCE_LANGUAGE
from hginventory.xlsx import letters_of

_FILLED_IN = {"status": "operating"}  # what the reader takes for a blank cell, beside Settings!country


def write_fleet(
    fleet: Fleet,
    path: str | Path,
    *,
    language: str = SOURCE_LANGUAGE,
    about: Sequence[str] = (),
    overwrite: bool = False,
) -> Path:
    """Write a fleet as a workbook and return its path; reading it gives the same fleet.

    Values are in the units of the schema. A country or status that only a default supplied stays blank. Units of
    both sectors keep their order within their sheet. Rows of Measurements that could
    not be used are left out; Measures and Scenarios are written back.

    Parameters
    ----------
    fleet : Fleet
        The fleet.
    path : str or Path
        File to write, ending in .xlsx; never the file that the fleet was read from.
    language : str
        Language of labels, notes and pages.
    about : sequence of str
        Title and paragraphs for the first page.
    overwrite : bool
        Whether another file of this name may be replaced.

    Raises
    ------
    UsageError
        If the file exists, is the one the fleet was read from, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import hginventory as hg
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy = write_fleet(hg.read_fleet("indonesia"), Path(folder) / "copy.xlsx")
    ...     len(hg.read_fleet(copy).units)
    353
    """
    arguments.of_kind("fleet", fleet, Fleet, "a fleet, as of hginventory.read_fleet")
    arguments.path("path", path)
    arguments.text("language", language)
    arguments.several("about", about, str, "paragraphs, each a text")
    arguments.flag("overwrite", overwrite)
    return write_contract(
        path, contents_of(fleet, about), language=language, overwrite=overwrite, source=fleet.source.path
    )


def with_workbook_cells(fleet: Fleet) -> Fleet:
    """Return a fleet whose values, settings and findings refer to the cells of the workbook that `write_fleet` makes.

    Parameters
    ----------
    fleet : Fleet
        Of tables made in Python, as that of a tracker.

    Examples
    --------
    >>> import hginventory as hg
    >>> import pandas as pd
    >>> table = pd.DataFrame({"country": ["IDN"], "MW": [600], "unit_id": ["A"]})
    >>> with_workbook_cells(hg.fleet_from_frame(table)).cell("A", "capacity_gross")
    'Coal_units!N4'
    """
    letters = {
        name: {column.name: letters_of(number) for number, column in enumerate(CONTRACT_SHEETS[name].columns, 1)}
        for name in UNIT_SHEETS
    }
    rows: dict[str, tuple[str, str]] = {}
    labels: dict[tuple[str, str], str] = {}  # sheet and label of a row, as "[7]" -> row of the workbook
    for sheet in UNIT_SHEETS:
        ids = fleet.units.index[fleet.units["sector"] == SECTOR_OF[sheet]]
        for number, unit in enumerate(ids, FIRST + 1):
            rows[unit] = (sheet, str(number))
            labels[fleet.rows[unit]] = str(number)
    return replace(
        fleet,
        rows=rows,
        letters=letters,
        cells={
            (unit, column): f"{rows[unit][0]}!{letters[rows[unit][0]][column]}{rows[unit][1]}"
            for unit, column in fleet.cells
        },
        settings={name: replace(setting, cell=settings_cell(name)) for name, setting in fleet.settings.items()},
        findings=tuple(_in_workbook(one, letters, labels) for one in fleet.findings),
    )


def _in_workbook(
    found: Finding, letters: Mapping[str, Mapping[str, str]], labels: Mapping[tuple[str, str], str]
) -> Finding:
    """Return a finding on a value of a table, as ``start_year[7]``, on its cell of the workbook."""
    column, bracket, label = found.cell.partition("[")
    row = labels.get((found.sheet, bracket + label))
    if row is None:
        return found
    letter = letters[found.sheet].get(column, "")
    return replace(found, cell=f"{letter}{row}" if letter else f"{row}:{row}")


def contents_of(fleet: Fleet, about: Sequence[str] = ()) -> Contents:
    """Return the contents of the workbook of a fleet."""
    settings: dict[str, Any] = {name: setting.value for name, setting in fleet.settings.items()}
    for column in SETTINGS:
        if column.kind == "date" and settings.get(column.name):
            settings[column.name] = datetime.date.fromisoformat(str(settings[column.name]))
    rows: dict[str, Sequence[Mapping[str, Any]]] = {name: _unit_rows(fleet, name) for name in UNIT_SHEETS}
    rows["Fuels"] = as_records(fleet.fuels.reset_index())
    rows["Sources"] = as_records(fleet.sources.reset_index())
    rows["Activity"] = [{**row, "unit": ACTIVITY_UNITS[row["variable"]][0]} for row in as_records(fleet.activity)]
    rows["Measures"] = [dict(record.values) for record in fleet.measures]
    rows["Scenarios"] = [dict(record.values) for record in fleet.scenarios]
    rows["Measurements"] = [_with_dates(one.written) for one in fleet.measurements]
    names = [column.name for column in SHEETS["Factors"].columns]
    rows["Factors"] = [{name: getattr(override, name) for name in names} for override in fleet.overrides]
    return Contents(settings, rows, about)


def _with_dates(row: Mapping[str, Any]) -> Mapping[str, Any]:
    days = {name: datetime.date.fromisoformat(str(row[name])) for name in ("date", "date_to") if row.get(name)}
    return {**row, **days}


def _unit_rows(fleet: Fleet, sheet: str) -> list[dict[str, Any]]:
    country = fleet.settings.get("country")
    supplied = {**_FILLED_IN, "country": country.value if country else None}
    units = fleet.units[fleet.units["sector"] == SECTOR_OF[sheet]]
    names = [column.name for column in CONTRACT_SHEETS[sheet].columns]
    rows = []
    for row in as_records(units.reset_index()[names]):
        unit = str(row["unit_id"])
        for name, value in supplied.items():
            if fleet.cells and row[name] == value and fleet.cell(unit, name) is None:
                row[name] = None
        rows.append(row)
    return rows
