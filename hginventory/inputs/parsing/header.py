"""The rows above the data: which row names the columns, which column is which, and the unit of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from hginventory.inputs.findings import Finding, Fix, finding
from hginventory.inputs.parsing.table_body import column_name
from hginventory.inputs.schema import HEADER_SEARCH_ROWS, SHEETS, Column, Sheet
from hginventory.translations import TranslatableText
from hginventory.units import read_unit
from hginventory.vocabulary import STATUSES, fold
from hginventory.xlsx import RawSheet

_BASIS_OPEN = frozenset({"mw", "capacity", "capacity_mw", "capacity (mw)"})  # neither gross nor net is said
_LEFT_OUT = frozenset({"comment", "comments", "remark", "remarks"})
LABELS_ABOVE = 2  # rows between labels and names
_NUMBERS_OF_DATA = 3  # in one row
_MOST_PROPOSALS = 50  # of columns that nobody knows
_MOST_COLUMNS = 3  # named for a unit: one that fits more does not say where a value belongs
_SHOWN_TYPOS = 0.75  # likeness from which an unknown column name is proposed


def known_names(sheet: Sheet) -> dict[str, str]:
    """Return every accepted name of the columns of a sheet, folded -> column name."""
    names: dict[str, str] = {}
    for column in sheet.columns:
        for name in (column.label, *column.aliases):
            names.setdefault(fold(name), column.name)
    names.update({fold(column.name): column.name for column in sheet.columns})
    return names


def header_row(raw: RawSheet, sheet: Sheet) -> int | None:
    """Return the row with the most known column names among the first rows, or None.

    Of two alike the first counts, since the second is a repetition below some data; but labels may be up to two
    rows above the names.
    """
    names = known_names(sheet)
    best, best_count = None, 0
    for row in (r for r in raw.rows if r <= HEADER_SEARCH_ROWS):
        found = {column_name(cell.value, names) for cell in raw.rows[row].values()} - {None}
        is_header = len(found) >= 2 or sheet.key in found
        is_below_labels = best is not None and row - best <= LABELS_ABOVE and len(found) == best_count
        if is_header and (len(found) > best_count or is_below_labels):
            best, best_count = row, len(found)
    return best


def read_columns(
    raw: RawSheet, sheet: Sheet, header: int, names: Mapping[str, str], beside: int | None, findings: list[Finding]
) -> dict[int, Column]:
    """Return the columns by their number, left of a second table, and note what is not read."""
    columns: dict[int, Column] = {}
    taken: dict[str, str] = {}
    unknown = 0
    status = _status_by_words(raw, header, names) if "status" in names.values() else None
    there = {column_name(cell.value, names) for cell in raw.rows[header].values()}
    free = [text for text, name in names.items() if name not in there]  # what stands already is not proposed
    for number, cell in sorted(raw.rows[header].items()):
        if number == beside:
            findings.append(finding("W316", raw.name, cell.address, f'a table that begins with "{cell.value}"'))
            break
        text = fold(str(cell.value))
        name = column_name(text, names)
        if number == status:
            name = "status"
            findings.append(finding("N338", raw.name, cell.address, f'column "{cell.value}"'))
        if name is None:
            if text in _LEFT_OUT:
                continue
            unknown += 1
            near = difflib.get_close_matches(text, free, 1, _SHOWN_TYPOS) if unknown <= _MOST_PROPOSALS else []
            remedy = TranslatableText("Did you mean {near}?", near=names[near[0]]) if near else ""
            fix = Fix(cell.address, names[near[0]], is_safe=False) if near and "[" not in cell.address else None
            findings.append(finding("W303", raw.name, cell.address, f'column "{cell.value}"', remedy=remedy, fix=fix))
        elif name in taken:
            findings.append(finding("E307", raw.name, cell.address, f"{name} is also in {taken[name]}"))
        else:
            taken[name] = cell.address
            columns[number] = sheet.column(name)
            if text in _BASIS_OPEN:
                findings.append(finding("N308", raw.name, cell.address, f'column "{cell.value}"'))
    return columns


def _status_by_words(raw: RawSheet, header: int, names: Mapping[str, str]) -> int | None:
    """Return the one column that contains words of the status only, where no column has its name.

    It may have no name that is known, or that of a province: "State" means both.
    """
    heads = {number: column_name(cell.value, names) for number, cell in raw.rows[header].items()}
    if "status" in heads.values():
        return None
    below = [cells for row, cells in raw.rows.items() if row > header]
    found = []
    for number in (number for number, name in heads.items() if name in (None, "admin1")):
        texts = {str(cells[number].value) for cells in below if number in cells}
        if texts and all(STATUSES.match(text) for text in texts):
            found.append(number)
    return found[0] if len(found) == 1 else None


def read_units(
    raw: RawSheet, header: int, columns: Mapping[int, Column], findings: list[Finding]
) -> tuple[int | None, dict[str, str]]:
    """Return the row of units of measure near the header, if there is one, and the unit of each column."""
    units = {column.name: column.unit for column in columns.values()}
    for row in (header - 1, header + 1):
        cells = {
            number: str(cell.value).strip()
            for number, cell in raw.rows.get(row, {}).items()
            if number in columns and columns[number].allowed_units
        }
        read = {number: read_unit(text, columns[number].allowed_units) for number, text in cells.items()}
        fitting = [number for number, unit in read.items() if unit in columns[number].allowed_units]
        words = [number for number in fitting if isinstance(raw.rows[row][number].value, str)]  # a 1 may be data
        if not words or 2 * len(fitting) < len(cells):
            continue
        for number, text in cells.items():
            column = columns[number]
            unit, address = read[number], raw.rows[row][number].address
            if unit in column.allowed_units:
                units[column.name] = unit
                if unit != text:
                    says = TranslatableText("read as {value}", value=unit)
                    findings.append(finding("W217", raw.name, address, f'"{text}"', allowed=says))
            else:
                allowed = f"allowed: {', '.join(column.allowed_units)}"
                remedy = _column_for(text, raw.name)
                found = f'unit "{text}" of {column.name}'
                findings.append(finding("E208", raw.name, address, found, allowed=allowed, remedy=remedy))
        return row, units
    return None, units


def _column_for(text: str, sheet: str) -> str:
    """Return in words which columns of a sheet take amounts in a unit, as heat in TJ/yr; "" where none does."""
    known = SHEETS[sheet].columns if sheet in SHEETS else ()
    fitting = [one.name for one in known if text and read_unit(text, one.allowed_units) in one.allowed_units]
    if not 0 < len(fitting) <= _MOST_COLUMNS:
        return ""
    return TranslatableText("This unit belongs to {columns}. Move the values there.", columns=", ".join(fitting))


def note_above(
    raw: RawSheet, header: int, units_row: int | None, columns: Mapping[int, Column], findings: list[Finding]
) -> None:
    """Note data above the names: a row with numbers in several columns is not a title."""
    kinds = {number: column.kind for number, column in columns.items()}
    for row in (r for r in raw.rows if r < header and r != units_row):
        numbers = [
            cell
            for number, cell in raw.rows[row].items()
            if kinds.get(number) in ("number", "year") and isinstance(cell.value, int | float)
        ]
        if len(numbers) >= _NUMBERS_OF_DATA:
            findings.append(finding("E320", raw.name, numbers[0].address, "numbers above the row of names"))
