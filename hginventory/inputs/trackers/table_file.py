"""One table out of a file of somebody else: an .xlsx sheet found by its header row, or a text file."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError
from hginventory.vocabulary import fold
from hginventory.xlsx import MOST_BYTES, prescan

HEADER_SEARCH_ROWS = 30
MOST_SHOWN = 8  # names listed in a message
REMEDY = "Check the file, or name its columns in a mapping file for hginv import csv."
TEXT_FORMATS = (".csv", ".tsv", ".txt")
_ENCODINGS = ("utf-8-sig", "cp1252")  # utf-8-sig reads utf-8 without a mark as well
_DELIMITERS = (",", ";", "\t", "|")  # the first of those that split a line into most parts
_SEEN = 100_000  # characters looked at to tell the delimiter
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Cells = list[Any]


@dataclass(frozen=True)
class SourceRow:
    """A row of a table: its number in the file, and its filled cells by folded column name."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class SourceTable:
    """A table as found.

    Attributes
    ----------
    path : Path
        The file.
    sheet : str
        Name of the sheet; the file name for a text file.
    header : int
        Number of the header row.
    columns : tuple of str
        Column names as written, in order; blank ones left out.
    letters : mapping of str to str
        Folded column name -> letter of the column.
    rows : list of SourceRow
        Rows below the header that have a filled cell.
    words : tuple of str
        Text of the other sheets, or of the rows above the header: titles, releases, licences.
    encoding : str
        Encoding of a text file; empty for a workbook.
    """

    path: Path
    sheet: str
    header: int
    columns: tuple[str, ...]
    letters: dict[str, str]
    rows: list[SourceRow]
    words: tuple[str, ...]
    encoding: str = ""

    def address(self, number: int, column: str) -> str:
        """Return the address of a cell, as ``H23``; of the row where the column is not there.

        Parameters
        ----------
        number : int
            Row of the file.
        column : str
            Folded column name.
        """
        letter = self.letters.get(column)
        return f"{letter}{number}" if letter else f"{number}:{number}"


def open_table(path: Path, marks: Sequence[Collection[str]], what: str, remedy: str = REMEDY) -> SourceTable:
    """Return the table of a file whose header row holds all columns of one of the sets named.

    The sheet is found by this row, never by its name; of several sheets the one with the most rows counts.

    Parameters
    ----------
    path : Path
        An .xlsx, .xlsm, .csv, .tsv or .txt file; it is only read.
    marks : sequence of collections of str
        Sets of column names, in any case and spacing; the header row holds all names of one set.
    what : str
        What the file should be, for messages.
    remedy : str
        What to do where it is something else.

    Raises
    ------
    UnreadableFileError
        If the file is missing, unsafe or damaged, or has no such row; the message says what was looked for.
    """
    sheets, encoding = _text_sheets(path) if path.suffix.lower() in TEXT_FORMATS else (_book_sheets(path), "")
    folded = [{fold(name) for name in names} for names in marks]
    found = [(name, rows, header) for name, rows in sheets.items() if (header := _header(rows, folded)) is not None]
    if not found:
        raise UnreadableFileError(f"{_not_found(path, sheets, marks, what)} {remedy}")
    sheet, rows, header = max(found, key=lambda item: len(item[1]))
    return _table(path, sheet, rows, header, sheets, encoding)


def _table(
    path: Path, sheet: str, rows: dict[int, Cells], header: int, sheets: dict[str, dict[int, Cells]], encoding: str
) -> SourceTable:
    names: dict[int, str] = {}
    taken: set[str] = set()
    for index, value in enumerate(rows[header]):
        name = _text(value)
        if name and fold(name) not in taken:
            taken.add(fold(name))
            names[index] = name
    keys = {index: fold(name) for index, name in names.items()}
    records = []
    for number, values in rows.items():
        if number > header:
            cells = {keys[i]: v for i, v in enumerate(values) if i in keys and not _is_blank(v)}
            if cells:
                records.append(SourceRow(number, cells))
    above = {sheet: {number: values for number, values in rows.items() if number < header}}
    others = {name: cells for name, cells in sheets.items() if name != sheet}
    words = tuple(_words({**others, **above}.values()))
    letters = {key: column_letter(index + 1) for index, key in keys.items()}
    return SourceTable(path, sheet, header, tuple(names.values()), letters, records, words, encoding)


def _not_found(path: Path, sheets: dict[str, dict[int, Cells]], marks: Sequence[Collection[str]], what: str) -> str:
    """Return a message that says what was looked for, and what the likeliest row lacks."""
    wanted = " or ".join(", ".join(names) for names in marks)
    looked = (
        f"{path} holds no table of {what}: none of the first {HEADER_SEARCH_ROWS} rows of {_listed(sheets)} has the "
        f"columns {wanted}."
    )
    best: tuple[int, str] = (0, "")
    for sheet, rows in sheets.items():
        for number in sorted(rows)[:HEADER_SEARCH_ROWS]:
            words = {fold(_text(value)): _text(value) for value in rows[number] if _text(value)}
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


def column_letter(number: int) -> str:
    """Return the letter of a column, counted from 1.

    >>> [column_letter(n) for n in (1, 26, 27)]
    ['A', 'Z', 'AA']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _header(rows: dict[int, Cells], marks: list[set[str]]) -> int | None:
    for number in sorted(rows)[:HEADER_SEARCH_ROWS]:
        names = {fold(_text(value)) for value in rows[number]}
        if any(wanted <= names for wanted in marks):
            return number
    return None


def _book_sheets(path: Path) -> dict[str, dict[int, Cells]]:
    """Return the cells of every sheet of a workbook, by row number."""
    prescan(path)
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets: dict[str, dict[int, Cells]] = {}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is None:
                continue  # an empty sheet
            pad: Cells = [None] * sheet.start[1]
            sheets[name] = {
                number: [*pad, *values] for number, values in enumerate(sheet.to_python(), sheet.start[0] + 1)
            }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(
            f"{path} cannot be read as a workbook ({type(error).__name__}). Save it again as .xlsx."
        ) from error
    return sheets


def _text_sheets(path: Path) -> tuple[dict[str, dict[int, Cells]], str]:
    """Return the cells of a text file, and its encoding."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFileError(f"{path} is larger than {MOST_BYTES / 1e6:.0f} MB. Keep only the rows you need.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"{path} cannot be read ({error.strerror}). Check the name and the folder."
        ) from error
    text, encoding = _decode(path, content)
    first = text[:_SEEN].splitlines()[:HEADER_SEARCH_ROWS]
    delimiter = max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in first), default=0))
    try:
        lines: Iterator[Cells] = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = dict(enumerate(lines, 1))
    except csv.Error as error:
        raise UnreadableFileError(f"{path} is no plain table of text ({error}). Save it as CSV UTF-8.") from error
    return {path.name: rows}, encoding


def _decode(path: Path, content: bytes) -> tuple[str, str]:
    encodings = ("utf-16",) if content.startswith(_UTF16_MARKS) else _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    raise UnreadableFileError(f"{path} is no text file in {' or '.join(encodings)}. Save it as CSV UTF-8.")


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Any) -> str:
    return "" if value is None else "".join(c for c in str(value).strip() if c.isprintable() or c.isspace())


def _words(sheets: Iterable[dict[int, Cells]]) -> Iterator[str]:
    """Yield the texts of the first rows of some sheets."""
    for rows in sheets:
        for number in sorted(rows)[: 4 * HEADER_SEARCH_ROWS]:
            for value in rows[number]:
                if isinstance(value, str) and value.strip():
                    yield value.strip()


def _listed(sheets: dict[str, dict[int, Cells]]) -> str:
    names = list(sheets)
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return (", ".join(names[:MOST_SHOWN]) + more) if names else "the file (which is empty)"
