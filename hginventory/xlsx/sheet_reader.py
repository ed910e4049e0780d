"""The cells of a sheet from its XML, in one pass that keeps filled cells only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, Any
from xml.etree.ElementTree import Element

from hginventory.reading import DEEPEST_ELEMENT, LONGEST_FORMULA, LONGEST_TAG, MOST_COLUMNS, MOST_MERGED
from hginventory.xlsx.cells import RawCell, RawSheet, column_number, letters_of, without_controls
from hginventory.xlsx.shared import Book, CellStyle
from hginventory.xlsx.stored_values import value_of, whole
from hginventory.xlsx.xml_stream import CHUNK, Attributes, BrokenPartError, LocalNames, grow

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of Excel
_LETTERS = re.compile(r"[A-Z]{1,3}")
_RANGE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")


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
        If the part is damaged or contains more than any fleet does.
    """
    cells = _Cells(book)
    cells.read(stream)
    for row in cells.unordered:
        cells.rows[row] = dict(sorted(cells.rows[row].items()))
    _empty_merged(cells)
    rows = {row: cells.rows[row] for row in sorted(cells.rows) if cells.rows[row]}
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
    """Letters of the columns met -> number; 0 for anything else."""

    def __missing__(self, letters: str) -> int:
        number = column_number(letters) if _LETTERS.fullmatch(letters) else 0
        if number > LAST_COLUMN:
            raise BrokenPartError(f"a cell in column {letters}, beyond the end of any sheet")
        self[letters] = number
        return number


class _Texts(dict[str, str]):
    """Number of a shared text as it is stored in cells -> text."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __missing__(self, stored: str) -> str:
        number = whole(stored)
        if number >= len(self._texts):
            raise BrokenPartError(f"a cell whose text is not there: number {number}")
        text = self[stored] = self._texts[number]
        return text


class _Cells:
    """Gathers the cells of a sheet while its elements pass by."""

    def __init__(self, book: Book) -> None:
        self.rows: dict[int, dict[int, RawCell]] = {}
        self.unordered: set[int] = set()  # rows whose cells do not stand from left to right
        self.hidden_rows: dict[int, None] = {}
        self.merged: dict[str, None] = {}
        self.hidden_spans: set[tuple[int, int]] = set()
        self.columns = _Columns()
        self.is_filtered = False
        self._book = book
        self._local = LocalNames()
        self._styles = {str(number): style for number, style in enumerate(book.styles)}
        self._texts = _Texts(book.texts)
        self._cells: dict[int, RawCell] = {}  # of the row that passes by
        self._row = self._column = 0
        self._row_text = ""
        self._begun: list[Element] = []  # elements that may go on in the next piece of the file
        self._filled = self._letters = 0  # of this piece
        self._shared: dict[str, int] = {}  # number of a formula that cells share -> its letters

    def read(self, stream: IO[bytes]) -> None:
        """Take all cells of the part of the sheet."""
        tree = Element("")
        waited = 0
        for tree in grow(stream):
            last = self._begun[-1:]
            self._take_complete(tree)
            waited = waited + CHUNK if self._begun[-1:] == last else 0
            if waited > LONGEST_TAG:
                raise BrokenPartError(f"a cell of more than {LONGEST_TAG:,} bytes in row {self._row}")
            self._spend()
        self._take(tree, 0)
        self._spend()

    def _take_complete(self, tree: Element) -> None:
        """Take and cut off what cannot grow any more, so that the tree stays small."""
        path = [tree]
        while len(path[-1]) and self._local[path[-1].tag] != "c":
            element = path[-1]
            self._take(element[:-1], len(path))
            del element[:-1]
            path.append(element[0])
            self._begin(element[0])
        self._begun = path

    def _spend(self) -> None:
        if len(self._cells) > MOST_COLUMNS:
            raise BrokenPartError(f"more than {MOST_COLUMNS:,} filled cells in row {self._row}")
        self._book.budget.spend_cells(self._filled)
        self._book.budget.spend_letters(self._letters)
        self._filled = self._letters = 0

    def _take(self, elements: Iterable[Element], depth: int) -> None:
        """Take elements that are complete, with all that is in them."""
        _check_depth(depth)
        local, take_cell = self._local, self._take_cell
        for element in elements:
            if local[element.tag] == "c":
                take_cell(element)
            else:
                self._begin(element)
                self._take(element, depth + 1)

    def _begin(self, element: Element) -> None:
        """Take note of an element other than a cell, once."""
        if any(element is known for known in self._begun):
            return
        kind, attributes = self._local[element.tag], element.attrib
        if kind == "row":
            self._begin_row(attributes)
        elif kind == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif kind == "col" and _is_true(attributes.get("hidden")):
            self.hidden_spans.add((whole(attributes.get("min", "1")), whole(attributes.get("max", "1"))))
        elif kind == "filterColumn":
            self.is_filtered = True

    def _begin_row(self, attributes: Attributes) -> None:
        self._row = whole(attributes["r"]) if "r" in attributes else self._row + 1
        if not 1 <= self._row <= LAST_ROW:
            raise BrokenPartError(f"a row {self._row:,}, where sheets end at {LAST_ROW:,}")
        self._row_text = str(self._row)
        self._column = 0
        if self._row in self.rows:
            self.unordered.add(self._row)
        self._cells = self.rows.setdefault(self._row, {})
        if _is_true(attributes.get("hidden")):
            self.hidden_rows[self._row] = None

    def _take_cell(self, cell: Element) -> None:
        attributes = cell.attrib
        address = attributes.get("r")
        if address is None:
            column = self._column + 1
            letters = letters_of(column)
            self.columns[letters] = column
            address = letters + self._row_text
        else:
            column = self.columns[address.removesuffix(self._row_text)]
            if not column:
                raise BrokenPartError(f"a cell called {address[:20]!r} in row {self._row}")
            if column < self._column:
                self.unordered.add(self._row)
        self._column = column
        if not len(cell):
            return
        kind = attributes.get("t", "n")
        formula: str | None = None
        first = cell[0]
        if len(cell) == 1 and not len(first) and self._local[first.tag] == "v":
            stored = without_controls(first.text or "")
            self._letters += len(stored)
        else:
            parts = self._parts(cell)
            if not parts:
                return
            stored, formula = parts.get("t" if kind == "inlineStr" else "v", ""), parts.get("f")
        style = self._styles.get(attributes.get("s", "0"))
        if style is None:
            raise BrokenPartError(f"a cell {address} whose style is not there")
        value = self._texts[stored] if kind == "s" and stored else self._value(stored, kind, style)
        if formula is not None:
            text = f"={formula}" if formula else ""
            self._cells[column] = RawCell(value, address, True, style.number_format, text)
        elif value is None or (isinstance(value, str) and not value.strip()):
            return
        else:
            self._cells[column] = RawCell(value, address, False, style.number_format)
        self._filled += 1

    def _value(self, stored: str, kind: str, style: CellStyle) -> Any:
        return value_of(stored, kind, style, self._book.epoch) if stored else None

    def _parts(self, cell: Element) -> dict[str, str]:
        """Return the value (v), formula (f) and own text (t) of a cell that has more than a value."""
        parts: dict[str, str] = {}

        def gather(elements: Iterable[Element], depth: int) -> None:
            _check_depth(depth)
            for element in elements:
                kind = self._local[element.tag]
                if kind in ("v", "f"):
                    text = self._text(element)
                    parts[kind] = parts.get(kind) or text
                    if kind == "f":
                        self._share(element.attrib, len(text))
                elif kind == "t":
                    parts["t"] = parts.get("t", "") + self._text(element)
                elif kind != "rPh":  # how a text is read aloud
                    gather(element, depth + 1)

        gather(cell, len(self._begun))
        return parts

    def _share(self, attributes: Attributes, letters: int) -> None:
        """Count a formula that cells share once a cell, as whoever makes a copy writes it out in each."""
        if letters > LONGEST_FORMULA:
            raise BrokenPartError(f"a formula of more than {LONGEST_FORMULA:,} letters in row {self._row}")
        if attributes.get("t") == "shared":
            self._letters += self._shared.setdefault(attributes.get("si", ""), letters)

    def _text(self, element: Element) -> str:
        text = without_controls("".join(element.itertext()))
        self._letters += len(text)
        return text

    def _merge(self, area: str) -> None:
        if _RANGE.fullmatch(area) is None:
            raise BrokenPartError(f"merged cells called {area[:20]!r}")
        self.merged[area] = None


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


def _check_depth(depth: int) -> None:
    if depth > DEEPEST_ELEMENT:
        raise BrokenPartError(f"elements more than {DEEPEST_ELEMENT} deep in each other")


def _is_true(flag: str | None) -> bool:
    return flag is not None and flag not in ("", "0", "false", "f")
