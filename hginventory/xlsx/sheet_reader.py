"""The cells of a sheet from its XML, in one pass that keeps filled cells only."""

from __future__ import annotations

import datetime
import re
from typing import IO, Any

from hginventory.xlsx.cells import RawCell, RawSheet, column_number, letters_of, without_controls
from hginventory.xlsx.number_formats import date_of
from hginventory.xlsx.shared import Book, CellStyle
from hginventory.xlsx.xml_stream import Attributes, BrokenPartError, LocalNames, walk

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of Excel
MOST_MERGED = 200_000  # cells of all merged ranges of a sheet; who edits the workbook later makes each of them
_EXACT_DIGITS = 15  # a spreadsheet number has no more
_LETTERS = re.compile(r"[A-Z]{1,3}")
_RANGE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")
_TEXTS = frozenset({"v", "f", "t"})


def read_sheet(
    stream: IO[bytes], name: str, book: Book, *, is_hidden: bool = False
) -> tuple[RawSheet, tuple[int, int]]:
    """Return the filled cells of a sheet, and the last row and column that have one.

    Rows and cells without a value, which spreadsheet programs leave behind, do not count.

    Parameters
    ----------
    stream : binary file
        The part of the sheet.
    name : str
        Name of the sheet.
    book : Book
        What sheets share.
    is_hidden : bool
        Whether the sheet is not shown.

    Raises
    ------
    BrokenPartError
        If the part is damaged or holds more than any fleet does.
    """
    cells = _Cells(book)
    walk(stream, cells.start, cells.end, cells.text)
    _empty_merged(cells)
    rows = {row: dict(sorted(cells.rows[row].items())) for row in sorted(cells.rows) if cells.rows[row]}
    sheet = RawSheet(
        name,
        rows,
        tuple(row for row in cells.hidden_rows if row in rows),
        tuple(cells.merged),
        tuple(_hidden_columns(cells)),
        is_hidden,
        cells.is_filtered,
        book.epoch,
    )
    return sheet, (max(rows, default=1), max((next(reversed(row)) for row in rows.values()), default=1))


class _Columns(dict[str, int]):
    """Letters of the columns met -> number; 0 for what is no column."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters) if _LETTERS.fullmatch(letters) else 0
        if number > LAST_COLUMN:
            raise BrokenPartError(f"a cell in column {letters}, beyond the end of any sheet")
        self[letters] = number
        return number


class _Cells:
    """Gathers the cells of a sheet while its elements pass by."""

    def __init__(self, book: Book) -> None:
        self.rows: dict[int, dict[int, RawCell]] = {}
        self.hidden_rows: dict[int, None] = {}
        self.merged: dict[str, None] = {}
        self.hidden_spans: set[tuple[int, int]] = set()
        self.columns = _Columns()
        self.cells: dict[int, RawCell] = {}  # of the row that passes by
        self.is_filtered = False
        self._book = book
        self._local = LocalNames()
        self._styles = {str(number): style for number, style in enumerate(book.styles)}
        self._row = self._column = 0
        self._row_text = ""
        self._attributes: Attributes = {}
        self._parts: dict[str, str] = {}  # of the cell: v, f, t
        self._pieces: list[str] | None = None
        self._in_cell = self._in_reading = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of an element that begins."""
        kind = self._local[name]
        if kind == "c":
            self._in_cell, self._attributes, self._parts = True, attributes, {}
        elif self._in_cell:
            if kind in _TEXTS:
                self._pieces = []
                if kind == "f":
                    self._parts["f"] = ""
            elif kind == "rPh":
                self._in_reading = True
        elif kind == "row":
            self._start_row(attributes)
        elif kind == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif kind == "col" and _is_true(attributes.get("hidden")):
            self.hidden_spans.add((_whole(attributes.get("min", "1")), _whole(attributes.get("max", "1"))))
        elif kind == "filterColumn":
            self.is_filtered = True

    def text(self, data: str) -> None:
        """Keep a piece of text of a cell."""
        if self._pieces is not None:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        """Take note of an element that ends."""
        kind = self._local[name]
        if kind == "c":
            self._in_cell = False
            self._end_cell()
        elif self._pieces is not None and kind in _TEXTS:
            text = without_controls("".join(self._pieces))
            self._pieces = None
            if kind != "t":
                self._parts.setdefault(kind, "")
                self._parts[kind] = self._parts[kind] or text
            elif not self._in_reading:
                self._parts["t"] = self._parts.get("t", "") + text
            self._book.budget.spend_letters(len(text))
        elif kind == "rPh":
            self._in_reading = False

    def _start_row(self, attributes: Attributes) -> None:
        self._row = _whole(attributes["r"]) if "r" in attributes else self._row + 1
        if not 1 <= self._row <= LAST_ROW:
            raise BrokenPartError(f"a row {self._row:,}, where sheets end at {LAST_ROW:,}")
        self._row_text = str(self._row)
        self._column = 0
        self.cells = self.rows.setdefault(self._row, {})
        if _is_true(attributes.get("hidden")):
            self.hidden_rows[self._row] = None

    def _end_cell(self) -> None:
        attributes, parts = self._attributes, self._parts
        address = attributes.get("r")
        if address is None:
            column = self._column + 1
            letters = letters_of(column)
            self.columns[letters] = column
            address = letters + self._row_text
        else:
            letters = address.rstrip("0123456789")
            column = self.columns[letters]
        if not column or letters + self._row_text != address:
            raise BrokenPartError(f"a cell called {address[:20]!r} in row {self._row}")
        self._column = column
        if not parts:
            return
        style = self._styles.get(attributes.get("s", "0"))
        if style is None:
            raise BrokenPartError(f"a cell {address} whose style is not there")
        kind = attributes.get("t", "n")
        stored = parts.get("t") if kind == "inlineStr" else parts.get("v")
        value = self._value(stored, kind, style) if stored else None
        formula = parts.get("f")
        if formula is not None:
            text = f"={formula}" if formula else ""
            self.cells[column] = RawCell(value, address, True, style.number_format, text)
        elif value is None or (isinstance(value, str) and not value.strip()):
            return
        else:
            self.cells[column] = RawCell(value, address, False, style.number_format)
        self._book.budget.spend_cell()

    def _value(self, stored: str, kind: str, style: CellStyle) -> Any:
        """Return the value of a cell; what cannot be what its kind says stays text, which the rules then refuse."""
        if kind == "s":
            number = _whole(stored)
            if number >= len(self._book.texts):
                raise BrokenPartError(f"a cell in row {self._row} whose text is not there")
            return self._book.texts[number]
        try:
            if kind == "n":
                return _number(stored, style, self._book.epoch)
            if kind == "d":
                return _iso_date(stored)
        except ValueError:
            return stored
        return stored.strip() in ("1", "true") if kind == "b" else stored

    def _merge(self, area: str) -> None:
        if _RANGE.fullmatch(area) is None:
            raise BrokenPartError(f"merged cells called {area[:20]!r}")
        self.merged[area] = None


def _number(stored: str, style: CellStyle, epoch: datetime.date) -> Any:
    is_whole = len(stored) <= _EXACT_DIGITS and "." not in stored and "e" not in stored and "E" not in stored
    number = int(stored) if is_whole else float(stored)
    if not style.is_date:
        return number
    try:
        return date_of(number, epoch, style.is_duration)
    except (OverflowError, ValueError):
        return "#VALUE!"  # what Excel shows as #####


def _iso_date(stored: str) -> Any:
    text = stored.strip().removesuffix("Z")
    if ":" not in text:
        return datetime.date.fromisoformat(text)
    if "-" not in text:
        return datetime.time.fromisoformat(text)
    return datetime.datetime.fromisoformat(text).replace(tzinfo=None)


def _empty_merged(cells: _Cells) -> None:
    """Take away what lies under merged cells: only their first cell is shown."""
    spent = 0
    for area in cells.merged:
        first, _, last = area.partition(":")
        (left, top), (right, bottom) = _corner(first), _corner(last or first)
        spent += (bottom - top + 1) * (right - left + 1)
        if spent > MOST_MERGED:
            raise BrokenPartError(f"more than {MOST_MERGED:,} cells merged into others")
        covered = range(top, bottom + 1)
        for row in covered if len(covered) < len(cells.rows) else [row for row in cells.rows if row in covered]:
            below = cells.rows.get(row, {})
            for column in [c for c in below if left <= c <= right and (row, c) != (top, left)]:
                del below[column]


def _hidden_columns(cells: _Cells) -> list[int]:
    columns: list[int] = []
    reached, last_column = 0, max(cells.columns.values(), default=1)
    for first, last in sorted(cells.hidden_spans):
        end = min(last, last_column)
        columns.extend(range(max(first, reached + 1), end + 1))
        reached = max(reached, end)
    return columns


def _corner(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return column_number(letters), int(address[len(letters) :])


def _is_true(flag: str | None) -> bool:
    return flag is not None and flag not in ("", "0", "false", "f")


def _whole(text: str) -> int:
    """Return a small whole number of the file."""
    try:
        number = int(text) if len(text) <= _EXACT_DIGITS else -1
    except ValueError:
        number = -1
    if number < 0:
        raise BrokenPartError(f"{text[:20]!r} where a whole number should be")
    return number
