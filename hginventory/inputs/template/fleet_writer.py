"""A `Fleet` to a workbook of the contract that reads as the same fleet again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hginventory import arguments
from hginventory.inputs.fleet import SECTOR_OF, Fleet, as_records
from hginventory.inputs.schema import ACTIVITY_UNITS, CONTRACT_SHEETS, SETTINGS, SHEETS, UNIT_SHEETS
from hginventory.inputs.template.writer import Contents, write_contract
from hginventory.translations import SOURCE_LANGUAGE

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

    Values stand in the units of the schema. A country or status that only a default supplied stays blank. Units of
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
    >>> from hginventory.inputs.reader import read_fleet
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy = write_fleet(read_fleet("indonesia"), Path(folder) / "copy.xlsx")
    ...     len(read_fleet(copy).units)
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


def contents_of(fleet: Fleet, about: Sequence[str] = ()) -> Contents:
    """Return what stands in the workbook of a fleet."""
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
