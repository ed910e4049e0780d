"""A fleet: one table of units of both sectors, with the cell of every value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags
from hginventory.inputs.findings import DataError, Finding, sort_findings
from hginventory.inputs.fleet.attribution import Attribution, attributions
from hginventory.inputs.fleet.cells import is_blank
from hginventory.inputs.fleet.measurements import Measurement
from hginventory.inputs.parsing import Setting, Table, TableRecord
from hginventory.inputs.schema import SHEETS, UNIT_SHEETS, Column
from hginventory.translations import SOURCE_LANGUAGE

SECTOR_OF: Mapping[str, str] = {"Coal_units": "coal_power", "Cement_kilns": "cement_kiln"}
SHEET_OF: Mapping[str, str] = {sector: sheet for sheet, sector in SECTOR_OF.items()}
_NUMERIC = ("number", "year")
_BUNDLED = "bundled fleet "  # before the name of a bundled fleet, in words and in run.json
_MOST_LISTED = 30  # errors shown in a message; all of them are in `findings`


@dataclass(frozen=True)
class FactorOverride:
    """A row of the sheet Factors: a user's own value for a factor row."""

    factor_id: str
    value: float
    unit: str
    low: float | None
    high: float | None
    reason: str
    source_id: str
    cell: str
    note: str = ""


@dataclass(frozen=True)
class FleetSource:
    """Where a fleet comes from; made in Python where it has neither a bundled name nor a path.

    Attributes
    ----------
    bundled : str
        Name of the bundled fleet; empty for others.
    path : Path or None
        File that the user named; None for bundled fleets and those made in Python.
    hides : str
        Name of the bundled fleet that would have been read if the file were not there; empty where there is none.

    Examples
    --------
    >>> print(FleetSource(bundled="indonesia"), FleetSource(path=Path("data/fleet.xlsx")).label, FleetSource())
    bundled fleet indonesia fleet.xlsx Python
    """

    bundled: str = ""
    path: Path | None = None
    hides: str = ""

    def __str__(self) -> str:
        if self.bundled:
            return f"{_BUNDLED}{self.bundled}"
        return "Python" if self.path is None else str(self.path)

    @property
    def label(self) -> str:
        """The source without the folder it lies in, as records of a run name it."""
        return str(self) if self.path is None else self.path.name

    @classmethod
    def from_label(cls, label: str) -> FleetSource:
        """Return the source that a record of a run names by its label; a file without its folder.

        >>> FleetSource.from_label("bundled fleet indonesia").bundled, FleetSource.from_label("fleet.xlsx").bundled
        ('indonesia', '')
        """
        name = label.removeprefix(_BUNDLED)
        is_file = name == label or bool(Path(name).suffix)  # bundled fleets are named without one
        return cls(path=Path(label)) if is_file else cls(bundled=name)


@dataclass(frozen=True)
class Fleet:
    """The content of a workbook, before gaps get default values.

    Attributes
    ----------
    name : str
        Short name, as in file names.
    source : FleetSource
        Where it comes from: a file, a bundled fleet, or Python.
    units : DataFrame, index unit_id
        Rows in workbook order; ``sector``, ``capacity_mw`` (gross where given) and the columns of the unit
        sheets, in the units of docs/workbook.md. Blank is NaN in numbers and None elsewhere.
    fuels : DataFrame, index fuel_id
        The sheet Fuels.
    activity : DataFrame
        unit_id, year, variable, value [GWh, t or 1], source_id, confirmed, note, cell.
    sources : DataFrame, index source_id
        The sheet Sources.
    settings : mapping of str to Setting
        The sheet Settings.
    overrides : tuple of FactorOverride
        The sheet Factors.
    findings : tuple of Finding
        Errors, warnings and notes, sorted.
    measures, scenarios : tuple of TableRecord
        Rows of the sheets Measures and Scenarios, which the scenarios read.
    measurements : tuple of Measurement
        The sheet Measurements, as far as it can be used.
    sha256 : str
        Of the file read; empty for a fleet made in Python.
    """

    name: str
    source: FleetSource
    units: pd.DataFrame
    fuels: pd.DataFrame
    activity: pd.DataFrame
    sources: pd.DataFrame
    settings: Mapping[str, Setting]
    overrides: tuple[FactorOverride, ...]
    findings: tuple[Finding, ...]
    measurements: tuple[Measurement, ...] = ()
    measures: tuple[TableRecord, ...] = ()
    scenarios: tuple[TableRecord, ...] = ()
    sha256: str = ""
    cells: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    fuel_cells: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    rows: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @property
    def language(self) -> str:
        """Code of the language that the labels of the workbook are in; English unless they show another one."""
        told = self.settings.get("language")
        return str(told.value) if told else SOURCE_LANGUAGE

    @property
    def attributions(self) -> tuple[Attribution, ...]:
        """Whom every result of the fleet has to name."""
        return attributions(self.sources)

    @property
    def origin(self) -> str:
        """Where it was read, in words: the path, ``bundled fleet NAME``, or ``Python``."""
        return str(self.source)

    def cell(self, unit_id: str, column: str) -> str | None:
        """Return the address of a filled cell, as ``Coal_units!H23``; None where it is blank."""
        return self.cells.get((unit_id, column))

    def fuel_cell(self, fuel_id: str, column: str) -> str | None:
        """Return the address of a filled cell of the sheet Fuels."""
        return self.fuel_cells.get((fuel_id, column))

    def address(self, unit_id: str, column: str) -> tuple[str, str]:
        """Return sheet and cell of a column of a unit, filled or blank."""
        sheet, row = self.rows[unit_id]
        letter = self.letters[sheet].get(column)
        return sheet, f"{letter}{row}" if letter else f"row {row}, new column {column}"

    def subset(self, chosen: Flags | Sequence[str]) -> Fleet:
        """Return the fleet of some units, by a mask or by ids, in the order given."""
        ids = self.units.index[chosen] if isinstance(chosen, np.ndarray) else list(chosen)
        return replace(self, units=self.units.loc[ids])

    def cleared(self, chosen: Flags, columns: Sequence[str]) -> Fleet:
        """Return the fleet with some columns emptied in the units of a mask, so that defaults fill them."""
        units = self.units.copy()
        for column in columns:
            units.loc[chosen, column] = np.nan if units[column].dtype == np.float64 else None
        emptied = {(str(unit), column) for unit in units.index[chosen] for column in columns}
        cells = {key: cell for key, cell in self.cells.items() if key not in emptied}
        return replace(self, units=units, cells=cells)


def raise_on_errors(findings: Iterable[Finding], of: str = "the fleet") -> None:
    """Raise a DataError that names every error of a fleet or file, if there is one."""
    errors = [finding for finding in sort_findings(findings) if finding.severity == "error"]
    if not errors:
        return
    lines = [finding.message for finding in errors[:_MOST_LISTED]]
    if len(errors) > _MOST_LISTED:
        lines.append(f"... and {len(errors) - _MOST_LISTED} more")
    heading = f"1 error in {of}:" if len(errors) == 1 else f"{len(errors)} errors in {of}:"
    raise DataError("\n".join([heading, *lines]), errors)


def unit_frame(tables: Sequence[Table]) -> pd.DataFrame:
    """Return one table of the units of all unit sheets; with every column of the schema."""
    sectors = [SECTOR_OF[table.kind] for table in tables for _ in table.records]
    records = [record for table in tables for record in table.records]
    columns: dict[str, Column] = {c.name: c for sheet in UNIT_SHEETS for c in SHEETS[sheet].columns}
    frame = pd.DataFrame({"sector": pd.Series(sectors, dtype=object)})
    data = {name: _series(records, column) for name, column in columns.items()}
    frame = pd.concat([frame, pd.DataFrame(data)], axis=1).set_index("unit_id")
    frame.insert(1, "capacity_mw", frame["capacity_gross"].fillna(frame["capacity_net"]))
    return frame


def side_frame(table: Table | None, sheet: str, key: str) -> pd.DataFrame:
    """Return the table of a sheet other than those of units, indexed by its key."""
    records = table.records if table else []
    columns = SHEETS[sheet].columns
    return pd.DataFrame({c.name: _series(records, c) for c in columns}).set_index(key)


def _series(records: Sequence[TableRecord], column: Column) -> pd.Series[Any]:
    values = [record.values.get(column.name) for record in records]
    if column.kind in _NUMERIC:
        return pd.Series([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    return pd.Series(np.array([*values, None], dtype=object)[:-1], dtype=object)


def source_ids(cell: object) -> tuple[str, ...]:
    """Return the sources that a cell names, separated by semicolons.

    >>> source_ids("S1; S2"), source_ids(None)
    (('S1', 'S2'), ())
    """
    return () if is_blank(cell) else tuple(filter(None, (part.strip() for part in str(cell).split(";"))))
