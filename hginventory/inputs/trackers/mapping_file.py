"""The mapping file: which column of a table of somebody else is which of ours.

::

    sheet = "Coal_units"          # or Cement_kilns
    decimal_sign = "comma"        # how the file writes numbers stored as text; left out: as its cells show
    encoding = "cp1250"           # of a text file; left out: as its letters show
    keep = "fuel == 'coal'"       # rows wanted, by columns of the file
    [source]
    source_id = "register-2025"
    citation = "Ministry of Energy, register of power plants, 2025"
    licence = "open"
    [settings]
    country = "IDN"
    [columns]
    unit_id = "No."
    plant = "Name"
    capacity_gross = { column = "Output", unit = "kW" }
    status = { column = "State", values = { "aktif" = "operating", "tutup" = "retired" } }
    captive = { value = "no" }
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from hginventory.errors import UnitsError, UnreadableFileError, UsageError
from hginventory.inputs.schema import PER_DAY, SETTINGS, SHEETS, UNIT_SHEETS, Column
from hginventory.reading import read_toml
from hginventory.units import convert, read_unit


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnMapping(_Model):
    """Where the values of one of our columns come from: a column of the file, or a constant."""

    column: str | None = None
    unit: Annotated[str, AfterValidator(read_unit)] | None = None
    values: dict[str, str] = Field(default_factory=dict)
    value: str | int | float | bool | None = None


class SourceMapping(_Model):
    """The row for the sheet Sources."""

    source_id: str
    citation: str
    url: str = ""
    licence: str = ""
    note: str = ""


class MappingFile(_Model):
    """A mapping file."""

    sheet: str = "Coal_units"
    decimal_sign: str | None = None
    encoding: str | None = None
    keep: str | None = None
    source: SourceMapping
    settings: dict[str, Any] = Field(default_factory=dict)
    columns: dict[str, str | ColumnMapping]


def read_mapping(path: Path) -> MappingFile:
    """Return a mapping file, checked against the contract of the workbook.

    Raises
    ------
    UnreadableFileError
        If the file is missing or no TOML.
    UsageError
        If it names something that does not exist.
    """
    try:
        _, content = read_toml(path)
    except UnreadableFileError as error:
        raise UnreadableFileError(
            f"This cannot be read as a mapping file: {error.message} The help of hginv import csv has an example."
        ) from error
    try:
        mapping = MappingFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{path}: {key}: {first['msg']}. Known keys: {', '.join(MappingFile.model_fields)}."
        ) from error
    _check(path, mapping)
    return mapping


def _check(path: Path, mapping: MappingFile) -> None:
    if mapping.sheet not in UNIT_SHEETS:
        raise UsageError(f"{path}: sheet {mapping.sheet!r} is not allowed. Use {' or '.join(UNIT_SHEETS)}.")
    if mapping.decimal_sign not in (None, "point", "comma"):
        raise UsageError(f"{path}: decimal_sign {mapping.decimal_sign!r} is not allowed. Use point or comma.")
    schema = {column.name: column for column in SHEETS[mapping.sheet].columns}
    for name, entry in mapping.columns.items():
        if name not in schema or name == "source_id":
            _refuse(path, f"columns.{name}", name, [known for known in schema if known != "source_id"])
        _check_column(path, schema[name], as_column(entry))
        if as_column(entry).unit == PER_DAY and "operating_days" not in mapping.columns:
            key = f"{path}: columns.{name}"
            raise UsageError(f"{key}: the unit {PER_DAY} needs the days of a year. Map operating_days, too.")
    for name in mapping.settings:
        if name not in {column.name for column in SETTINGS}:
            _refuse(path, f"settings.{name}", name, [column.name for column in SETTINGS])


def _check_column(path: Path, column: Column, entry: ColumnMapping) -> None:
    key = f"{path}: columns.{column.name}"
    if (entry.column is None) == (entry.value is None):
        raise UsageError(f"{key} needs either column, the name in the file, or value, a constant.")
    if entry.unit is None:
        return
    try:
        convert(1.0, entry.unit, column.unit)
    except UnitsError as error:
        allowed = ", ".join(column.allowed_units) or "none, the column contains words"
        raise UsageError(f"{key}: unit {entry.unit!r} does not fit ({error}). Allowed: {allowed}.") from error


def _refuse(path: Path, key: str, name: str, known: list[str]) -> None:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    raise UsageError(f"{path}: {key} is not part of the workbook. {hint}")


def as_column(entry: str | ColumnMapping) -> ColumnMapping:
    """Return the mapping of a column, of which a bare name is the column of the file."""
    return ColumnMapping(column=entry) if isinstance(entry, str) else entry
