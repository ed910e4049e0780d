"""Any table, with a small mapping file that names its columns in ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hginventory.errors import UsageError
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.schema import PER_DAY, SHEETS, Column
from hginventory.inputs.source_tables import AS_FOUND, Layout, SourceTable, TableOptions, open_table
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.mapping_file import ColumnMapping, MappingFile, as_column, read_mapping
from hginventory.inputs.trackers.register import (
    NOT_KEPT,
    OTHER_FUEL,
    fuel_columns,
    is_named_in,
    refuse_periods,
    refuse_unknown_fuels,
    rows_kept,
    status_column,
)
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.status import status_of
from hginventory.units import convert
from hginventory.vocabulary import COAL_TYPES, UNKNOWN, fold, names_coal, other_fuel

Plan = Mapping[str, tuple[Column, ColumnMapping]]  # column of ours -> it, and where its values come from


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
    columns = {name: as_column(entry) for name, entry in mapping.columns.items()}
    wanted = [entry.column for entry in columns.values() if entry.column]
    remedy = f"Write the names in {mapping_file} as in the file."
    schema = SHEETS[mapping.sheet]
    plan = {name: (schema.column(name), entry) for name, entry in columns.items()}
    options = replace(
        options,
        decimal_sign=options.decimal_sign or mapping.decimal_sign,
        encoding=options.encoding or mapping.encoding,
    )
    what = f"the kind that {mapping_file.name} describes"
    table = open_table(path, (wanted,), what, remedy, layout=_layout(plan, mapping.keep), options=options)
    source = mapping.source.model_dump()
    settings = {"fleet_name": mapping.source.citation, **mapping.settings}
    used = frozenset(fold(name) for name in wanted)
    register = _Register.of(table, mapping_file, mapping, columns)
    used |= register.used
    tracker = Tracker("csv", mapping.sheet, mapping.source.citation, source, settings, used, {})
    refuse_periods(table, register.units(plan), *register.period_columns(columns))
    return build(tracker, table, lambda draft: register.fill(draft, plan), filters)


def _layout(plan: Plan, keep: str | None) -> Layout:
    """Return what is read of the table: the columns of the mapping, by the kind of ours, and those of its filter."""
    kinds: dict[str, list[str]] = {}
    for column, entry in plan.values():
        if entry.column:
            kinds.setdefault("plant" if column.name == "plant" else column.kind, []).append(fold(entry.column))
    used = {name for names in kinds.values() for name in names}
    return Layout(
        lambda name: name in used or is_named_in(keep or "", name),
        kinds.get("plant", ()),
        kinds.get("number", ()),
        kinds.get("year", ()),
    )


@dataclass(frozen=True)
class _Register:
    """What the table says of its rows beyond the columns of the mapping.

    Attributes
    ----------
    table : SourceTable
        The table.
    kept : set of int or None
        Rows that the filter of the mapping keeps; None without one.
    fuels : tuple of str
        Folded columns that name the fuel, where the mapping has none.
    status : str or None
        Folded column that contains words of the status, where the mapping has none.
    """

    table: SourceTable
    kept: set[int] | None
    fuels: tuple[str, ...]
    status: str | None

    @classmethod
    def of(
        cls, table: SourceTable, mapping_file: Path, mapping: MappingFile, columns: Mapping[str, ColumnMapping]
    ) -> _Register:
        kept = None
        if mapping.keep is not None:
            try:
                kept = rows_kept(table, mapping.keep)
            except UsageError as error:
                raise UsageError(f"{mapping_file}: keep: {error.message}") from error
        used = {fold(entry.column) for entry in columns.values() if entry.column}
        coal = columns.get("coal_type")
        fuels: tuple[str, ...] = ()
        if mapping.sheet == "Coal_units" and coal is not None and coal.column is not None:
            rows = (row for row in table.rows if kept is None or row.number in kept)
            drafts = (DraftUnit(table, row) for row in rows)
            refuse_unknown_fuels((_translated(draft, coal) for draft in drafts), coal.column)
        elif mapping.sheet == "Coal_units" and kept is None:
            fuels = fuel_columns(table, used)
        region = columns.get("admin1")
        others = used - {fold(region.column)} if region is not None and region.column else used
        status = None if "status" in columns else status_column(table, others)
        return cls(table, kept, fuels, status)

    @property
    def used(self) -> frozenset[str]:
        """Folded columns that decide on a row."""
        return frozenset((*self.fuels, *filter(None, [self.status])))

    def fill(self, draft: DraftUnit, plan: Plan) -> None:
        """Fill a draft from its row, and leave out what is not kept or is not coal."""
        _unit(draft, plan)
        if self.status is not None and (text := draft.text(self.status)):
            draft.values["status"] = status_of(text)
            draft.values.pop("admin1", None) if draft.values.get("admin1") == text else None
            draft.note("N338", self.status, f"status from the column {self.status!r}")
        named = [text for name in self.fuels if (text := draft.text(name))]
        if self.kept is not None and draft.row.number not in self.kept:
            draft.left_out = NOT_KEPT
        elif any(map(other_fuel, named)) and not any(map(names_coal, named)):
            draft.left_out, draft.other_fuel = OTHER_FUEL, ", ".join(named)
        elif "coal_type" in draft.values and COAL_TYPES.match(given := str(draft.values["coal_type"])) is None:
            draft.values["coal_type"] = UNKNOWN
            if other_fuel(given) is not None:
                draft.left_out, draft.other_fuel = OTHER_FUEL, given
            else:
                draft.notes.append(f"Coal in the source: {given}.")
                draft.note("N804", "", f"coal type {given!r}")

    def units(self, plan: Plan) -> Iterator[DraftUnit]:
        """Yield the rows that are to become units."""
        for row in self.table.rows:
            draft = DraftUnit(self.table, row)
            self.fill(draft, plan)
            if not draft.left_out:
                yield draft

    def period_columns(self, columns: Mapping[str, ColumnMapping]) -> tuple[str | None, set[str]]:
        """Return the column of the start year, and those of everything else."""
        named = {name: fold(entry.column) for name, entry in columns.items() if entry.column}
        start = named.pop("start_year", None)
        return start, {*named.values(), *self.used}


def _translated(draft: DraftUnit, entry: ColumnMapping) -> str:
    """Return a cell as text, in our word where the mapping translates it."""
    text = draft.text(fold(entry.column or ""))
    return {fold(theirs): ours for theirs, ours in entry.values.items()}.get(fold(text), text)


def _unit(draft: DraftUnit, plan: Plan) -> None:
    for name, (column, entry) in plan.items():
        value: Any = entry.value
        if entry.column is not None:
            value = _value(draft, column, entry)
        if value is not None and value != "":
            draft.values[name] = value
    _per_year(draft, plan)


def _per_year(draft: DraftUnit, plan: Plan) -> None:
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
    translated = _translated(draft, entry)
    if translated != text:
        return translated
    if column.name == "status":
        return status_of(text)
    if column.kind == "year":
        draft.year(column.name, key)
        return None
    if column.kind != "number":
        return text if isinstance(draft.cell(key), str) else draft.cell(key)
    number = draft.number(key, unit=entry.unit or column.unit)
    return convert(number, entry.unit, column.unit) if number is not None and entry.unit else number
