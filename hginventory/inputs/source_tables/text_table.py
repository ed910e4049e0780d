"""A text file to a sheet of cells: separator found by the header, quotes and numbers of fields checked strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path

from hginventory.errors import UnreadableFileError
from hginventory.inputs.source_tables.encodings import decoded
from hginventory.reading import DELIMITERS, read_table_bytes
from hginventory.xlsx import RawCell, RawSheet, letters_of, without_controls

MOST_LISTED = 5  # lines named in a message
IsHeader = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class TextTable:
    """A text file as read.

    Attributes
    ----------
    sheet : RawSheet
        Its cells, all of them texts; rows count records, as a spreadsheet program does.
    encoding, delimiter : str
        How it is written.
    """

    sheet: RawSheet
    encoding: str
    delimiter: str


@dataclass(frozen=True)
class _Record:
    """Fields of a record, and the lines of the file from its first to its last."""

    fields: list[str]
    first: int
    last: int

    @property
    def is_blank(self) -> bool:
        return not any(field.strip() for field in self.fields)


def read_text(path: Path, is_header: IsHeader, search_rows: int, encoding: str | None = None) -> TextTable:
    """Return the cells of a text file.

    Parameters
    ----------
    path : Path
        A .csv, .tsv or .txt file.
    is_header : callable
        Whether fields are those of the header row.
    search_rows : int
        How many of the first records are searched for the header.
    encoding : str, optional
        Name of the encoding, where it is known.

    Raises
    ------
    UnreadableFileError
        If the file is not a table: a quote that is not closed, or a row with more or fewer fields than the header,
        with its line.
    """
    content = read_table_bytes(path)
    text, encoding = decoded(path, content, encoding)
    delimiter = _delimiter(text, is_header, search_rows)
    del text  # from here on a stream
    read = partial(_records, path, content, encoding, delimiter)
    first = list(islice(read(), search_rows))
    header = next((i for i, record in enumerate(first) if is_header(record.fields)), None)
    if header is not None:
        _check_fields(path, first[header], lambda: islice(read(), header + 1, None), delimiter)
    rows = {}
    # Most texts and all letters of columns repeat: each is made once.
    clean, letters = cache(without_controls), cache(letters_of)
    for number, record in enumerate(first if header is None else read(), 1):
        cells = {
            column: RawCell(clean(field), f"{letters(column)}{number}")
            for column, field in enumerate(record.fields, 1)
            if field.strip()
        }
        if cells:
            rows[number] = cells
    return TextTable(RawSheet(path.name, rows), encoding, delimiter)


def _delimiter(text: str, is_header: IsHeader, search_rows: int) -> str:
    """Return the separator with which the file has the header row, else the most frequent one."""
    first = text[: csv.field_size_limit()].splitlines(keepends=True)
    best, most = "", 0
    for sign in DELIMITERS:
        try:
            heads = [fields for fields in islice(csv.reader(first, delimiter=sign), search_rows) if is_header(fields)]
        except csv.Error:
            continue
        if heads and len(heads[0]) > most:
            best, most = sign, len(heads[0])
    return best or max(DELIMITERS, key=lambda sign: max((line.count(sign) for line in first[:search_rows]), default=0))


def _records(path: Path, content: bytes, encoding: str, delimiter: str) -> Iterator[_Record]:
    lines = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = str(error).replace("\t", "tab")  # it names the separator
            raise UnreadableFileError(
                f"{path} is not a plain table of text: line {last + 1} has a quote that is not closed before the next "
                f"separator ({said}). Close the quote, or write two quotes for one within a field."
            ) from error
        yield _Record(fields, last + 1, reader.line_num)
        last = reader.line_num


def _most_fields(most: int, records: Iterator[_Record]) -> int:
    """Return how many fields a row has at most: more than the header where every row ends with one more separator."""
    alike = most
    for record in records:
        if record.is_blank:
            continue
        count = len(record.fields)
        if count <= most or alike not in (most, count) or "".join(record.fields[most:]).strip():
            return most
        alike = count
    return alike


def _check_fields(path: Path, header: _Record, read: Callable[[], Iterator[_Record]], delimiter: str) -> None:
    """Raise if a field was lost or taken into another one."""
    problems = _wrong_lines(header, read(), _most_fields(len(header.fields), read()), delimiter)
    listed = list(islice(problems, MOST_LISTED))
    if not listed:
        return
    more = sum(1 for _ in problems)
    others = f" And {more} more." if more else ""
    raise UnreadableFileError(
        f"{path} is not a plain table of text. {' '.join(listed)}{others} Put a field that contains "
        f"{delimiter!r} into quotes, close every quote, and delete lines that are not rows."
    )


def _wrong_lines(header: _Record, records: Iterator[_Record], most: int, delimiter: str) -> Iterator[str]:
    """Yield what is wrong with the fields of each row that is not blank."""
    least = max(number for number, name in enumerate(header.fields, 1) if name.strip())
    for record in records:
        if record.is_blank:
            continue
        count = len(record.fields)
        inside = max((field.count(delimiter) for field in record.fields if "\n" in field or "\r" in field), default=0)
        if inside >= max(most - 1, 1):
            yield (
                f"Line {record.first}: a quote that opens here is closed in line {record.last} only, with whole rows "
                "in between."
            )
        elif not least <= count <= most:
            yield f"Line {record.first}: {count} fields; the header in line {header.first} has {len(header.fields)}."
