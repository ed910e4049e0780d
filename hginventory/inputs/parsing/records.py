"""A sheet of cells to a table of records: header found by name, units row applied, findings with their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hginventory.inputs.findings import Finding, Fix, finding, grouped
from hginventory.inputs.parsing.cell_values import read_cell
from hginventory.inputs.parsing.countries import with_namibia
from hginventory.inputs.parsing.header import header_row, known_names, note_above, read_columns, read_units
from hginventory.inputs.parsing.number_cells import NumberReading
from hginventory.inputs.parsing.number_text import Problem, shown_sign
from hginventory.inputs.parsing.periods import is_series, named_unit, names_period, period_columns, repeated
from hginventory.inputs.parsing.swapped_coordinates import exchanged
from hginventory.inputs.parsing.table_body import (
    column_beside,
    fill_merged,
    find_body,
    nameless_columns,
    note_column_numbers,
    note_hidden,
)
from hginventory.inputs.schema import UNIT_SHEETS, Column, Sheet
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold, names_coal, other_fuel, tell_fuels
from hginventory.xlsx import RawCell, RawSheet

EXAMPLE = "example"


@dataclass(frozen=True)
class TableRecord:
    """One row: values by column, and the cell each came from.

    Attributes
    ----------
    row : str
        Row as it ends a cell address, ``23`` or ``[label]``.
    values : mapping of str to object
        Parsed values of filled cells.
    cells : mapping of str to str
        Addresses of filled cells, also of those that could not be read.
    """

    row: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """Records of a sheet.

    Attributes
    ----------
    sheet : str
        Name of the sheet in the file, which may differ from that of the contract.
    records : list of TableRecord
        Rows in order, examples left out.
    letters : mapping of str to str
        Column name -> letter of the sheet.
    findings : list of Finding
        What was noted.
    kind : str
        Name of the sheet in the contract.
    units : mapping of str to str
        Column name -> unit of its cells, as the units row states it.
    heads : mapping of str to str
        Column name -> its name as written in the file.
    """

    sheet: str
    records: list[TableRecord] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    kind: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)


def read_table(raw: RawSheet, sheet: Sheet, decimal_sign: str | None = None) -> Table:
    """Return the records of a sheet.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    sheet : Sheet
        Content of the sheet.
    decimal_sign : str, optional
        ``point`` or ``comma``, for numbers stored as text.
    """
    if not raw.rows:
        return Table(raw.name, kind=sheet.name)
    header = header_row(raw, sheet)
    if header is None:
        expected = ", ".join(c.name for c in sheet.columns[:4])
        missing = finding("E102", raw.name, "", "no header row", allowed=f"such as {expected}")
        return Table(raw.name, findings=[missing], kind=sheet.name)
    findings: list[Finding] = []
    names = known_names(sheet)
    beside = column_beside(raw.rows[header], names)
    columns = read_columns(raw, sheet, header, names, beside, findings)
    units_row, units = read_units(raw, header, columns, findings)
    note_above(raw, header, units_row, columns, findings)
    first = note_column_numbers(raw, max(header, units_row or 0) + 1, findings)
    read = {number: column.name for number, column in columns.items()}
    raw = fill_merged(raw, header, first, read, findings)
    body = find_body(raw, sheet, first, columns, names)
    findings += [*body.findings, *nameless_columns(raw, body.rows, header, beside)]
    note_hidden(raw, body.rows, read, findings)
    letters = {c.name: _letter(raw, header, number) for number, c in columns.items()}
    raw = with_namibia(raw, body.rows, columns)
    heads = {n: cell.value for n, cell in raw.rows[header].items() if beside is None or n < beside}
    table = Table(
        raw.name,
        letters=letters,
        findings=findings,
        kind=sheet.name,
        units=units,
        heads={c.name: str(heads[n]) for n, c in columns.items()},
    )
    _read_rows(raw, body.rows, sheet, columns, _readings(raw, body.rows, columns, units, decimal_sign), table)
    if sheet.name in UNIT_SHEETS:
        _note_what_rows_are(raw, heads, body.rows, columns, table)
    absent = [c.name for c in sheet.columns if c.required and c.name not in letters]
    if absent and table.records:
        findings.append(finding("E206", raw.name, "", f"the column {', '.join(absent)} is missing"))
    return table


def _note_what_rows_are(
    raw: RawSheet, heads: Mapping[int, object], body: Sequence[int], columns: Mapping[int, Column], table: Table
) -> None:
    """Note rows that do not describe units: months or years of one unit, and plants of other fuels."""
    rows = {_row_label(next(iter(raw.rows[row].values())).address): raw.rows[row] for row in body}
    cells = [rows[record.row] for record in table.records]
    unread = {number: head for number, head in heads.items() if number not in columns}
    values = {number: [row[number].value if number in row else None for row in cells] for number in heads}
    others = period_columns(unread, values)
    start = next((number for number, column in columns.items() if column.name == "start_year"), None)
    numbers = others or [number for number in (start,) if number is not None and names_period(heads[number])]
    is_named = any(names_period(heads[number]) for number in others)
    keys = [named_unit(record.values, with_capacity=not is_named) for record in table.records]
    periods = [tuple(values[number][n] for number in numbers) for n in range(len(cells))]
    again = repeated(keys, periods)
    if again and (is_named or not others or is_series(keys, periods)):
        names = ", ".join(f'"{heads[number]}"' for number in numbers)
        first = next(iter(cells[again[0]].values())).address
        found = f"a unit of a row above with another {names}"
        table.findings.append(finding("E335" if others else "E336", raw.name, first, found).counted(len(again)))
    if table.kind == "Coal_units":
        table.findings.extend(_other_fuels(raw.name, cells, [n for n in unread if n not in others], values))


def _other_fuels(
    sheet: str, cells: Sequence[Mapping[int, RawCell]], unread: Sequence[int], values: Mapping[int, Sequence[object]]
) -> Iterator[Finding]:
    """Yield a finding on rows that a column, which is not read, gives a fuel other than coal."""
    fuels = [n for n in unread if tell_fuels({fold(str(value)) for value in values[n] if value is not None})]
    found = []
    for number, row in enumerate(cells):
        words = [str(values[n][number]) for n in fuels if values[n][number] is not None]
        if any(map(other_fuel, words)) and not any(map(names_coal, words)):
            address = next(row[n].address for n in fuels if n in row)
            found.append(finding("E337", sheet, address, f"fuel {', '.join(words)!r}"))
    if found:
        yield grouped(found)


def _readings(
    raw: RawSheet,
    body: Sequence[int],
    columns: Mapping[int, Column],
    units: Mapping[str, str],
    decimal_sign: str | None,
) -> dict[int, tuple[Column, NumberReading]]:
    """Return how each column is read; where nothing is set, its own cells may show which decimal sign it uses."""
    shown: dict[int, dict[str, str]] = {number: {} for number, column in columns.items() if column.kind == "number"}
    if decimal_sign is None:
        for row in body:
            for number, cell in raw.rows[row].items():
                if isinstance(cell.value, str) and number in shown:
                    sign = shown_sign(cell.value)
                    if sign:
                        shown[number].setdefault(sign, cell.address)
    readings = {}
    for number, column in columns.items():
        signs = shown.get(number, {})
        sign, told_by = next(iter(signs.items())) if len(signs) == 1 else (decimal_sign, "")
        readings[number] = (column, NumberReading(units[column.name], sign, told_by, raw.epoch))
    return readings


def _read_rows(
    raw: RawSheet,
    body: Sequence[int],
    sheet: Sheet,
    columns: Mapping[int, Column],
    readings: Mapping[int, tuple[Column, NumberReading]],
    table: Table,
) -> None:
    """Add the records of the rows to a table."""
    noted: dict[tuple[str, str], list[Finding]] = {}
    required = [column.name for column in columns.values() if column.required]
    for row in body:
        record = _record(raw, row, readings, noted)
        if record is None:
            continue
        for name in required:
            if name not in record.cells:
                blank = TranslatableText("{column} is blank", column=name)
                table.findings.append(finding("E206", raw.name, table.letters[name] + record.row, blank))
        table.records.append(record)
    for found_here in noted.values():
        table.findings.extend(found_here if found_here[0].severity == "error" else [grouped(found_here)])


def _record(
    raw: RawSheet,
    row: int,
    readings: Mapping[int, tuple[Column, NumberReading]],
    noted: dict[tuple[str, str], list[Finding]],
) -> TableRecord | None:
    values: dict[str, Any] = {}
    cells: dict[str, str] = {}
    problems: list[tuple[Column, str, Problem]] = []
    for number, cell in raw.rows[row].items():
        if number not in readings:
            continue
        column, how = readings[number]
        parsed = read_cell(cell, column, how)
        if parsed.value is not None:
            values[column.name] = parsed.value
            cells[column.name] = cell.address
        if parsed.problems:
            problems += [(column, cell.address, problem) for problem in parsed.problems]
            if any(problem.code[0] == "E" for problem in parsed.problems):
                cells[column.name] = cell.address
    if not cells:
        return None
    if "latitude" in cells and "latitude" not in values:
        problems = _settle_coordinates(raw.rows[row], readings, values, problems)
    if fold(str(values.get("note", ""))).startswith(EXAMPLE):
        noted.setdefault(("N311", "note"), []).append(finding("N311", raw.name, cells["note"], "example row"))
        return None
    unit = str(values.get("unit_id") or "")
    for column, address, problem in problems:
        noted.setdefault((problem.code, column.name), []).append(cell_finding(raw.name, address, column, problem, unit))
    return TableRecord(_row_label(next(iter(cells.values()))), values, cells)


def _settle_coordinates(
    cells: Mapping[int, RawCell],
    readings: Mapping[int, tuple[Column, NumberReading]],
    values: dict[str, Any],
    problems: list[tuple[Column, str, Problem]],
) -> list[tuple[Column, str, Problem]]:
    """Return the problems of a row whose latitude was refused; exchanged coordinates are taken for none at all."""
    numbers = {readings[number][0].name: number for number in cells if number in readings}
    latitude, longitude = (cells.get(numbers.get(name, 0)) for name in ("latitude", "longitude"))
    pair = exchanged(latitude and latitude.value, longitude and longitude.value)
    if pair is None or latitude is None or longitude is None:
        return problems
    values.pop("longitude", None)
    kept = [problem for problem in problems if problem[0].name not in ("latitude", "longitude")]
    columns = (readings[numbers["latitude"]][0], readings[numbers["longitude"]][0])
    return [*kept, (columns[0], latitude.address, pair[0]), (columns[1], longitude.address, pair[1])]


def cell_finding(sheet: str, address: str, column: Column, problem: Problem, unit: str = "") -> Finding:
    """Return the finding on a cell from what was noted when it was read."""
    found = problem.found
    if column.name not in found:
        found = TranslatableText("{column} {found}", column=column.name, found=found)
    new = problem.new_value
    if isinstance(new, float) and new.is_integer():
        new = int(new)
    fix = None if new is None or "[" in address else Fix(address, new, problem.is_safe)
    return finding(
        problem.code, sheet, address, found, unit=unit, allowed=problem.allowed, remedy=problem.remedy, fix=fix
    )  # fmt: skip


def _row_label(address: str) -> str:
    """Return the part of an address that names the row.

    >>> _row_label("AB12"), _row_label("hg_coal[7]")
    ('12', '[7]')
    """
    return address[address.index("[") :] if "[" in address else re.sub(r"^[A-Z]+", "", address)


def _letter(raw: RawSheet, header: int, number: int) -> str:
    address = raw.rows[header][number].address
    return address.removesuffix(_row_label(address))
