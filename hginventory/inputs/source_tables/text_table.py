"""A text file to a sheet of cells: separator found by the header, quotes and numbers of fields checked strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hginventory.errors import UnreadableFileError
from hginventory.inputs.source_tables.encodings import decoded
from hginventory.xlsx import MOST_BYTES, RawCell, RawSheet, letters_of, without_controls

DELIMITERS = (",", ";", "\t", "|")
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
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFileError(f"{path} is larger than {MOST_BYTES / 1e6:.0f} MB. Keep only the rows you need.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"{path} cannot be read ({error.strerror}). Check the name and the folder."
        ) from error
    text, encoding = decoded(path, content, encoding)
    delimiter = _delimiter(text, is_header, search_rows)
    records = list(_records(path, text, delimiter))
    header = next((i for i, record in enumerate(records[:search_rows]) if is_header(record.fields)), None)
    if header is not None:
        _check_fields(path, records[header], records[header + 1 :], delimiter)
    rows = {}
    for number, record in enumerate(records, 1):
        cells = {
            column: RawCell(without_controls(field), f"{letters_of(column)}{number}")
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


def _records(path: Path, text: str, delimiter: str) -> Iterator[_Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                f"{path} is not a plain table of text: line {last + 1} has a quote that is not closed before the next "
                f"separator ({error}). Close the quote, or write two quotes for one within a field."
            ) from error
        yield _Record(fields, last + 1, reader.line_num)
        last = reader.line_num


def _check_fields(path: Path, header: _Record, records: Sequence[_Record], delimiter: str) -> None:
    """Raise if a field was lost or taken into another one."""
    filled = [record for record in records if not record.is_blank]
    most = len(header.fields)
    least = max(number for number, name in enumerate(header.fields, 1) if name.strip())
    longer = {len(record.fields) for record in filled}
    if len(longer) == 1 and not any("".join(record.fields[most:]).strip() for record in filled):
        most = max(most, *longer)  # every row ends with a separator that the header has not
    problems = []
    for record in filled:
        count = len(record.fields)
        inside = max((field.count(delimiter) for field in record.fields if "\n" in field or "\r" in field), default=0)
        if inside >= max(most - 1, 1):
            problems.append(
                f"Line {record.first}: a quote that opens here is closed in line {record.last} only, with whole rows "
                "in between."
            )
        elif not least <= count <= most:
            problems.append(
                f"Line {record.first}: {count} fields; the header in line {header.first} has {len(header.fields)}."
            )
    if not problems:
        return
    more = f" And {len(problems) - MOST_LISTED} more." if len(problems) > MOST_LISTED else ""
    raise UnreadableFileError(
        f"{path} is not a plain table of text. {' '.join(problems[:MOST_LISTED])}{more} Put a field that contains "
        f"{delimiter!r} into quotes, close every quote, and delete lines that are not rows."
    )
