"""Any table, with a small mapping file that names its columns in ours.

::

    sheet = "Coal_units"          # or Cement_kilns
    decimal_sign = "comma"        # how the file writes numbers stored as text; left out: as its cells show
    encoding = "cp1250"           # of a text file; left out: as its letters show
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
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from hginventory.errors import UnitsError, UnreadableFileError, UsageError
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.schema import PER_DAY, SETTINGS, SHEETS, UNIT_SHEETS, Column
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.source_table import AS_FOUND, Layout, TableOptions
from hginventory.inputs.trackers.table_file import open_table
from hginventory.units import convert, read_unit
from hginventory.vocabulary import fold

LARGEST_MAPPING = 1_000_000  # bytes


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
    source: SourceMapping
    settings: dict[str, Any] = Field(default_factory=dict)
    columns: dict[str, str | ColumnMapping]


def read_mapped(
    path: Path, mapping_file: Path, filters: Filters, options: TableOptions = AS_FOUND
) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a table that a mapping file describes, and what was done.

    Parameters
    ----------
    path : Path
        The .csv or .xlsx file.
    mapping_file : Path
        The mapping, as TOML.
    filters : Filters
        Which units are wanted.
    options : TableOptions
        What the user says of the file; it comes before what the mapping says.

    Raises
    ------
    UnreadableFileError
        If one of the files cannot be read, or the table lacks a column of the mapping.
    UsageError
        If the mapping is wrong; the message names the key.
    """
    mapping = read_mapping(mapping_file)
    columns = {name: _as_column(entry) for name, entry in mapping.columns.items()}
    wanted = [entry.column for entry in columns.values() if entry.column]
    remedy = f"Write the names in {mapping_file} as they stand in the file."
    schema = SHEETS[mapping.sheet]
    plan = {name: (schema.column(name), entry) for name, entry in columns.items()}
    options = replace(
        options,
        decimal_sign=options.decimal_sign or mapping.decimal_sign,
        encoding=options.encoding or mapping.encoding,
    )
    what = f"the kind that {mapping_file.name} describes"
    table = open_table(path, (wanted,), what, remedy, layout=_layout(plan), options=options)
    source = mapping.source.model_dump()
    settings = {"fleet_name": mapping.source.citation, **mapping.settings}
    used = frozenset(fold(name) for name in wanted)
    tracker = Tracker("csv", mapping.sheet, mapping.source.citation, source, settings, used, {})
    return build(tracker, table, lambda draft: _unit(draft, plan), filters)


def _layout(plan: Mapping[str, tuple[Column, ColumnMapping]]) -> Layout:
    """Return what is read of the table: the columns of the mapping, by the kind of ours."""
    kinds: dict[str, list[str]] = {}
    for column, entry in plan.values():
        if entry.column:
            kinds.setdefault("plant" if column.name == "plant" else column.kind, []).append(fold(entry.column))
    used = {name for names in kinds.values() for name in names}
    return Layout(used.__contains__, kinds.get("plant", ()), kinds.get("number", ()), kinds.get("year", ()))


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
        if path.stat().st_size > LARGEST_MAPPING:
            raise UnreadableFileError(
                f"{path} is too large for a mapping file. The help of hginv import csv has an example."
            )
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFileError(f"{path} cannot be read as a mapping file: {error}.") from error
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
        _check_column(path, schema[name], _as_column(entry))
        if _as_column(entry).unit == PER_DAY and "operating_days" not in mapping.columns:
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
        allowed = ", ".join(column.allowed_units) or "none, the column holds words"
        raise UsageError(f"{key}: unit {entry.unit!r} does not fit ({error}). Allowed: {allowed}.") from error


def _refuse(path: Path, key: str, name: str, known: list[str]) -> None:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
    raise UsageError(f"{path}: {key} is not part of the workbook. {hint}")


def _as_column(entry: str | ColumnMapping) -> ColumnMapping:
    return ColumnMapping(column=entry) if isinstance(entry, str) else entry


def _unit(draft: DraftUnit, plan: Mapping[str, tuple[Column, ColumnMapping]]) -> None:
    for name, (column, entry) in plan.items():
        value: Any = entry.value
        if entry.column is not None:
            value = _value(draft, column, entry)
        if value is not None and value != "":
            draft.values[name] = value
    _per_year(draft, plan)


def _per_year(draft: DraftUnit, plan: Mapping[str, tuple[Column, ColumnMapping]]) -> None:
    """Take amounts per day for the days on which the kiln runs; without these they are refused."""
    for name, (column, entry) in plan.items():
        if entry.unit != PER_DAY or not isinstance(draft.values.get(name), int | float):
            continue
        amount, days = draft.values.pop(name), draft.values.get("operating_days")
        per_day = amount / convert(1.0, PER_DAY, column.unit)
        if isinstance(days, int | float):
            draft.values[name] = per_day * days
        else:
            draft.notes.append(f"{name} in the source: {per_day:.10g} {PER_DAY}.")
            draft.note("W807", fold(entry.column or ""), f"{name} {per_day:.10g} {PER_DAY}",
                       allowed="operating_days is blank")  # fmt: skip


def _value(draft: DraftUnit, column: Column, entry: ColumnMapping) -> Any:
    key = fold(entry.column or "")
    text = draft.text(key)
    translated = {fold(theirs): ours for theirs, ours in entry.values.items()}.get(fold(text))
    if translated is not None:
        return translated
    if column.kind == "year":
        draft.year(column.name, key)
        return None
    if column.kind != "number":
        return text if isinstance(draft.cell(key), str) else draft.cell(key)
    number = draft.number(key, unit=entry.unit or column.unit)
    return convert(number, entry.unit, column.unit) if number is not None and entry.unit else number
