"""A sheet of cells to a table of records: header found by name, units row applied, findings with their cells."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hginventory.inputs.cells import parse_cell
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.schema import HEADER_SEARCH_ROWS, UNIT_SHEETS, Column, Sheet
from hginventory.inputs.workbook import RawCell, RawSheet
from hginventory.vocabulary import fold

EXAMPLE = "example"
_TOTALS = re.compile(r"(sub-?|grand )?total\b|jumlah\b|sous-total\b|sum\b|suma\b", re.IGNORECASE)
_BASIS_OPEN = frozenset({"mw", "capacity", "capacity_mw", "capacity (mw)"})  # neither gross nor net is said
_LEFT_OUT = frozenset({"comment", "comments", "remark", "remarks"})
_SHOWN_TYPOS = 0.75  # likeness from which an unknown column name is proposed


@dataclass(frozen=True)
class Record:
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
    records : list of Record
        Rows in order, examples left out.
    letters : mapping of str to str
        Column name -> letter of the sheet.
    findings : list of Finding
        What was noted.
    kind : str
        Name of the sheet in the contract.
    """

    sheet: str
    records: list[Record] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    kind: str = ""


def known_names(sheet: Sheet) -> dict[str, str]:
    """Return every accepted name of the columns of a sheet, folded -> column name."""
    names: dict[str, str] = {}
    for column in sheet.columns:
        for name in (column.label, *column.aliases):
            names.setdefault(fold(name), column.name)
    names.update({fold(column.name): column.name for column in sheet.columns})
    return names


def header_row(raw: RawSheet, sheet: Sheet) -> int | None:
    """Return the row with the most known column names among the first rows, or None."""
    names = known_names(sheet)
    best, best_count = None, 0
    for row in (r for r in raw.rows if r <= HEADER_SEARCH_ROWS):
        found = {names[fold(str(c.value))] for c in raw.rows[row].values() if fold(str(c.value)) in names}
        if (len(found) >= 2 or sheet.key in found) and len(found) >= best_count:
            best, best_count = row, len(found)
    return best


def read_table(raw: RawSheet, sheet: Sheet, decimal_sign: str | None = None) -> Table:
    """Return the records of a sheet.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    sheet : Sheet
        What the sheet holds.
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
    columns = _columns(raw, sheet, header, findings)
    units_row, units = _units(raw, header, columns, findings)
    first = max(header, units_row or 0) + 1
    _note_shapes(raw, first, columns, findings)
    letters = {c.name: _letter(raw, header, place) for place, c in columns.items()}
    table = Table(raw.name, letters=letters, findings=findings, kind=sheet.name)
    noted: dict[tuple[str, str], list[Finding]] = {}
    for row in (r for r in raw.rows if r >= first and r not in (header, units_row)):
        record = _record(raw, row, columns, units, decimal_sign, noted)
        if record is None:
            continue
        total = _total(record, sheet)
        if total:
            findings.append(
                finding("E302", raw.name, total, str(record.values.get("plant") or record.values.get(sheet.key)))
            )
            continue
        for column in columns.values():
            if column.required and column.name not in record.cells:
                cell = table.letters[column.name] + record.row
                findings.append(finding("E206", raw.name, cell, f"{column.name} is blank"))
        table.records.append(record)
    for found in noted.values():
        findings += found if found[0].severity == "error" else [found[0].counted(len(found))]
    absent = [c.name for c in sheet.columns if c.required and c.name not in letters]
    if absent and table.records:
        findings.append(finding("E206", raw.name, "", f"the column {', '.join(absent)} is missing"))
    return table


def _columns(raw: RawSheet, sheet: Sheet, header: int, findings: list[Finding]) -> dict[int, Column]:
    names = known_names(sheet)
    columns: dict[int, Column] = {}
    taken: dict[str, str] = {}
    for place, cell in raw.rows[header].items():
        text = fold(str(cell.value))
        name = names.get(text)
        if name is None:
            if text in _LEFT_OUT:
                continue
            near = difflib.get_close_matches(text, names, n=1, cutoff=_SHOWN_TYPOS)
            remedy = f"Did you mean {names[near[0]]}?" if near else ""
            findings.append(finding("W303", raw.name, cell.address, f'column "{cell.value}"', remedy=remedy))
        elif name in taken:
            findings.append(finding("E307", raw.name, cell.address, f"{name} stands also in {taken[name]}"))
        else:
            taken[name] = cell.address
            columns[place] = sheet.column(name)
            if text in _BASIS_OPEN:
                findings.append(finding("N308", raw.name, cell.address, f'column "{cell.value}"'))
    return columns


def _units(
    raw: RawSheet, header: int, columns: Mapping[int, Column], findings: list[Finding]
) -> tuple[int | None, dict[str, str]]:
    """Return the row of units beside the header, if there is one, and the unit of each column."""
    units = {column.name: column.unit for column in columns.values()}
    for row in (header - 1, header + 1):
        cells = {
            place: str(cell.value).strip()
            for place, cell in raw.rows.get(row, {}).items()
            if place in columns and columns[place].allowed_units
        }
        fitting = [place for place, text in cells.items() if text in columns[place].allowed_units]
        words = [place for place in fitting if isinstance(raw.rows[row][place].value, str)]  # a 1 may be data
        if not words or 2 * len(fitting) < len(cells):
            continue
        for place, text in cells.items():
            column = columns[place]
            if text in column.allowed_units:
                units[column.name] = text
            else:
                address = raw.rows[row][place].address
                allowed = f"allowed: {', '.join(column.allowed_units)}"
                findings.append(finding("E208", raw.name, address, f'unit "{text}" of {column.name}', allowed=allowed))
        return row, units
    return None, units


def _note_shapes(raw: RawSheet, first: int, columns: Mapping[int, Column], findings: list[Finding]) -> None:
    hidden = [row for row in raw.hidden_rows if row >= first]
    if hidden:
        findings.append(finding("W305", raw.name, f"{hidden[0]}:{hidden[0]}", "hidden rows").counted(len(hidden)))
    for area in raw.merged:
        left, _, right, bottom = _bounds(area)
        if bottom >= first and any(left <= place <= right for place in columns):
            findings.append(finding("E306", raw.name, area, "merged cells"))


def _bounds(area: str) -> tuple[int, int, int, int]:
    """Return first column, first row, last column and last row of a range.

    >>> _bounds("B3:AA7")
    (2, 3, 27, 7)
    """
    corners = [(_place(letters), int(row)) for letters, row in re.findall(r"([A-Z]+)(\d+)", area)]
    return (*corners[0], *corners[-1])


def _place(letters: str) -> int:
    """Return the number of a column from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _record(
    raw: RawSheet,
    row: int,
    columns: Mapping[int, Column],
    units: Mapping[str, str],
    decimal_sign: str | None,
    noted: dict[tuple[str, str], list[Finding]],
) -> Record | None:
    values: dict[str, Any] = {}
    cells: dict[str, str] = {}
    problems: list[tuple[Column, str, Any]] = []
    for place, cell in raw.rows[row].items():
        column = columns.get(place)
        if column is None:
            continue
        parsed = parse_cell(cell, column, units[column.name], decimal_sign)
        problems += [(column, cell.address, problem) for problem in parsed.problems]
        if parsed.value is not None or any(problem.code[0] == "E" for problem in parsed.problems):
            cells[column.name] = cell.address
        if parsed.value is not None:
            values[column.name] = parsed.value
    if not cells:
        return None
    if fold(str(values.get("note", ""))).startswith(EXAMPLE):
        noted.setdefault(("N311", "note"), []).append(finding("N311", raw.name, cells["note"], "example row"))
        return None
    unit = str(values.get("unit_id") or "")
    for column, address, problem in problems:
        found = problem.found if column.name in problem.found else f"{column.name} {problem.found}"
        new = finding(problem.code, raw.name, address, found, unit=unit, allowed=problem.allowed, remedy=problem.remedy)
        noted.setdefault((problem.code, column.name), []).append(new)
    return Record(_row_label(next(iter(cells.values()))), values, cells)


def _total(record: Record, sheet: Sheet) -> str | None:
    """Return the cell that names a row as a total; a plant may be called so, but then it has a start or a place."""
    if sheet.name not in UNIT_SHEETS or {"start_year", "latitude"} & record.values.keys():
        return None
    for name in (sheet.key, "plant", "unit"):
        if _TOTALS.match(str(record.values.get(name) or "")):
            return record.cells.get(name, record.row)
    return None


def _row_label(address: str) -> str:
    """Return the part of an address that names the row.

    >>> _row_label("AB12"), _row_label("hg_coal[7]")
    ('12', '[7]')
    """
    return address[address.index("[") :] if "[" in address else re.sub(r"^[A-Z]+", "", address)


def _letter(raw: RawSheet, header: int, place: int) -> str:
    address = raw.rows[header][place].address
    return address.removesuffix(_row_label(address))


def raw_from_rows(name: str, columns: list[str], rows: list[tuple[str, list[Any]]]) -> RawSheet:
    """Return a sheet made in Python; its cells are addressed as ``column[label]``.

    Parameters
    ----------
    name : str
        Name of the sheet.
    columns : list of str
        Column names.
    rows : list of (str, list)
        Label and values of each row; None and NaN are blank.
    """
    cells: dict[int, dict[int, RawCell]] = {
        1: {place: RawCell(column, f"{column}[columns]") for place, column in enumerate(columns, 1)}
    }
    for number, (label, values) in enumerate(rows, 2):
        filled = {
            place: RawCell(value, f"{columns[place - 1]}[{label}]")
            for place, value in enumerate(values, 1)
            if value is not None and not (isinstance(value, float) and math.isnan(value))
        }
        if filled:
            cells[number] = filled
    return RawSheet(name, cells)
