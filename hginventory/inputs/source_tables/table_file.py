"""One table out of a file of somebody else: a sheet of a workbook, or a text file, found by its header row."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.fleet import raise_on_errors
from hginventory.inputs.source_tables.decimal_signs import decimal_signs
from hginventory.inputs.source_tables.encodings import UTF_8
from hginventory.inputs.source_tables.sheet_checks import checked_sheet
from hginventory.inputs.source_tables.source_table import (
    AS_FOUND,
    EVERYTHING,
    Layout,
    SourceRow,
    SourceTable,
    TableOptions,
)
from hginventory.inputs.source_tables.text_table import TextTable, read_text
from hginventory.vocabulary import fold
from hginventory.xlsx import RawCell, RawSheet, letters_of, read_workbook

HEADER_SEARCH_ROWS = 30
MOST_SHOWN = 8  # names listed in a message
REMEDY = "Check the file, or name its columns in a mapping file for hginv import csv."
TEXT_FORMATS = (".csv", ".tsv", ".txt")
_USUAL_DELIMITERS = (",", "\t")
_DELIMITER_OF_POINT = ","  # where the comma is the decimal sign, programs separate by semicolons or tabs


def open_table(
    path: Path,
    marks: Sequence[Collection[str]],
    what: str,
    remedy: str = REMEDY,
    *,
    layout: Layout = EVERYTHING,
    options: TableOptions = AS_FOUND,
) -> SourceTable:
    """Return the table of a file whose header row contains all columns of one of the sets named.

    The sheet is found by this row, never by its name; where several have it, one must be named.

    Parameters
    ----------
    path : Path
        An .xlsx, .xlsm, .csv, .tsv or .txt file; it is only read.
    marks : sequence of collections of str
        Sets of column names, in any case and spacing; the header row contains all names of one set.
    what : str
        What the file should be, for messages.
    remedy : str
        What to do where it is something else.
    layout : Layout
        What is read of the table.
    options : TableOptions
        What the user says of the file.

    Raises
    ------
    UnreadableFileError
        If the file is missing, unsafe or damaged, or has no such row; the message says what was looked for.
    UsageError
        If several sheets contain such a table, or there is no sheet of the name given.
    DataError
        If cells that are read are merged, in error, without a result or in doubt; all of them are named.
    """
    folded = [{fold(name) for name in names} for names in marks]
    text = None
    if path.suffix.lower() in TEXT_FORMATS:
        is_header = partial(_is_header, folded)
        text = read_text(path, is_header, HEADER_SEARCH_ROWS, options.encoding)
        sheets: Mapping[str, RawSheet] = {path.name: text.sheet}
        findings: list[Finding] = []
    else:
        book = read_workbook(path)
        sheets, findings = {name: raw for name, raw in book.sheets.items() if raw.rows}, list(book.findings)
    found = {name: header for name, raw in sheets.items() if (header := _header(raw, folded)) is not None}
    if not found:
        raise UnreadableFileError(f"{_not_found(path, sheets, marks, what)} {remedy}")
    sheet = _chosen(path, sheets, found, options.sheet)
    return _table(path, sheets, sheet, found[sheet], layout, options, text, findings)


def _chosen(path: Path, sheets: Mapping[str, RawSheet], found: Mapping[str, int], wanted: str | None) -> str:
    """Return the sheet to read: the one named, else the only one that has rows below such a header."""
    if wanted is not None:
        alike = [name for name in found if fold(name) == fold(wanted)]
        if alike:
            return alike[0]
        raise UsageError(
            f"{path} has no such table in a sheet {wanted!r}. Use one of: {', '.join(found)}.",
            parameter="sheet",
            allowed=found,
        )
    filled = {name: sum(row > header for row in sheets[name].rows) for name, header in found.items()}
    several = {name: count for name, count in filled.items() if count}
    if len(several) > 1:
        listed = ", ".join(f"{name} ({count:,} rows)" for name, count in several.items())
        raise UsageError(
            f"{path} contains such a table in {len(several)} sheets: {listed}. They may differ in status or "
            f"repeat each other. Name one, as `sheet={next(iter(several))!r}`, or join their rows in one "
            "sheet with a column for the status.",
            parameter="sheet",
            allowed=several,
        )
    return next(iter(several or found))


def _table(
    path: Path,
    sheets: Mapping[str, RawSheet],
    sheet: str,
    header: int,
    layout: Layout,
    options: TableOptions,
    text: TextTable | None,
    findings: list[Finding],
) -> SourceTable:
    names: dict[int, str] = {}
    taken: dict[str, int] = {}
    again: list[tuple[int, str]] = []
    for number, cell in sheets[sheet].rows[header].items():
        name = _text(cell)
        if not name:
            continue
        if fold(name) in taken:
            again.append((number, fold(name)))
        else:
            taken[fold(name)] = number
            names[number] = name
    keys = {number: fold(name) for number, name in names.items()}
    used = {number: "plant" if key in layout.plant else key for number, key in keys.items() if layout.is_used(key)}
    numbers = {number: key for number, key in keys.items() if key in layout.numbers}
    expected = frozenset(number for number, key in keys.items() if key in layout.numbers or key in layout.years)
    raw, body, noted = checked_sheet(sheets[sheet], header, used, expected)
    findings += noted
    findings += _named_twice(raw, header, body, [(n, key) for n, key in again if layout.is_used(key)], taken)
    signs, shown, doubts = _signs(raw, body, numbers, layout, options, text)
    findings += doubts
    if text is not None:
        findings += _read_as(raw, text, shown, signs)
    raise_on_errors(findings, of=path.name)
    records = []
    in_percent = []
    for row in body:
        cells = {}
        for number, cell in raw.rows[row].items():
            if number in keys and cell.value is not None:
                cells[keys[number]] = cell.value
                if "%" in cell.number_format:
                    in_percent.append((row, keys[number]))
        if cells:
            records.append(SourceRow(row, cells))
    above = {sheet: {number: cells for number, cells in raw.rows.items() if number < header}}
    others = {name: other.rows for name, other in sheets.items() if name != sheet}
    return SourceTable(
        path=path,
        sheet=sheet,
        header=header,
        columns=tuple(names.values()),
        letters={key: letters_of(number) for number, key in keys.items()},
        rows=records,
        words=tuple(_words({**others, **above}.values())),
        encoding=text.encoding if text else "",
        signs=signs,
        epoch=raw.epoch,
        findings=tuple(findings),
        in_percent=frozenset(in_percent),
    )


def _signs(
    raw: RawSheet,
    body: Sequence[int],
    numbers: Mapping[int, str],
    layout: Layout,
    options: TableOptions,
    text: TextTable | None,
) -> tuple[dict[str, str | None], dict[str, str], list[Finding]]:
    if options.decimal_sign is not None:
        return dict.fromkeys(numbers.values(), options.decimal_sign), {}, []
    is_usual = text is not None and text.delimiter == _DELIMITER_OF_POINT
    return decimal_signs(raw, body, numbers, layout.decimal_sign if is_usual else None)


def _read_as(
    raw: RawSheet, text: TextTable, shown: Mapping[str, str], signs: Mapping[str, str | None]
) -> Iterator[Finding]:
    """Yield how a text file was read, where it is not plain UTF-8 with commas and points."""
    parts = []
    if text.encoding != UTF_8 and not text.encoding.startswith("utf-16"):
        odd = (c for row in raw.rows.values() for c in row.values() if not str(c.value).isascii())
        cell = next(odd, None)
        parts.append(f"encoding {text.encoding}" + (f' ("{cell.value}" in {cell.address})' if cell else ""))
    if text.delimiter not in _USUAL_DELIMITERS:
        parts.append(f"separator {text.delimiter}")
    if "comma" in shown and "comma" in signs.values():
        parts.append(f"decimal comma (shown by {shown['comma']})")
    if parts:
        yield finding("N819", raw.name, "", ", ".join(parts))


def _named_twice(
    raw: RawSheet, header: int, body: Sequence[int], again: Sequence[tuple[int, str]], taken: Mapping[str, int]
) -> Iterator[Finding]:
    """Yield the columns that are read, are repeated and differ."""
    for number, key in again:
        first = taken[key]
        pairs = ((raw.rows[row].get(first), raw.rows[row].get(number)) for row in body)
        if any(two is not None and (one is None or one.value != two.value) for one, two in pairs):
            cell = raw.rows[header][number]
            found = f"{key} is also in {letters_of(first)}{header}, with other values"
            yield finding("E307", raw.name, cell.address, found)


def _not_found(path: Path, sheets: Mapping[str, RawSheet], marks: Sequence[Collection[str]], what: str) -> str:
    """Return a message that says what was looked for, and what the likeliest row lacks."""
    wanted = " or ".join(", ".join(names) for names in marks)
    looked = (
        f"{path} contains no table of {what}: none of the first {HEADER_SEARCH_ROWS} rows of {_listed(sheets)} has the "
        f"columns {wanted}."
    )
    best: tuple[int, str] = (0, "")
    for sheet, raw in sheets.items():
        for number in list(raw.rows)[:HEADER_SEARCH_ROWS]:
            words = {fold(_text(cell)): _text(cell) for cell in raw.rows[number].values()}
            for names in marks:
                missing = [name for name in names if fold(name) not in words]
                score = len(names) - len(missing)
                if score > best[0]:
                    best = (score, f" Row {number} of {sheet} lacks {_with_proposals(missing, words)}.")
    return f"{looked}{best[1]}"


def _with_proposals(missing: list[str], words: dict[str, str]) -> str:
    parts = []
    for name in missing:
        near = difflib.get_close_matches(fold(name), words, n=1)
        parts.append(f"{name!r} (did you mean {words[near[0]]!r}?)" if near else repr(name))
    return ", ".join(parts)


def _header(raw: RawSheet, marks: Sequence[set[str]]) -> int | None:
    for number in list(raw.rows)[:HEADER_SEARCH_ROWS]:
        if _is_header(marks, [_text(cell) for cell in raw.rows[number].values()]):
            return number
    return None


def _is_header(marks: Sequence[set[str]], texts: Sequence[str]) -> bool:
    names = {fold(text) for text in texts}
    return any(wanted <= names for wanted in marks)


def _text(cell: RawCell) -> str:
    text = "" if cell.value is None else str(cell.value).strip()
    return text if text.isprintable() else "".join(c for c in text if c.isprintable() or c.isspace())


def _words(sheets: Iterable[Mapping[int, Mapping[int, RawCell]]]) -> Iterator[str]:
    """Yield the texts of the first rows of some sheets."""
    for rows in sheets:
        for number in list(rows)[: 4 * HEADER_SEARCH_ROWS]:
            for cell in rows[number].values():
                if isinstance(cell.value, str) and cell.value.strip():
                    yield cell.value.strip()


def _listed(sheets: Mapping[str, RawSheet]) -> str:
    names = list(sheets)
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return (", ".join(names[:MOST_SHOWN]) + more) if names else "the file (which is empty)"
