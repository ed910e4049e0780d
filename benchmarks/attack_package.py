"""A small sound workbook whose parts are changed, for the cases of `attack_workbooks.py`."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from attack_case import Make

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
MILLION = 1_000_000
Part = bytes | Iterable[bytes]
FILE = "fleet.xlsx"
HEADS = ("unit_id", "plant", "country", "capacity_gross", "start_year", "status", "coal_type", "source_id")
ROW = ("A-1", "A", "IDN", "300 MW", 2010, "operating", "lignite", "S")


def parts(sheets: int = 1) -> dict[str, bytes]:
    """Return the parts of a small sound fleet with some sheets."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        units = book.add_worksheet("Coal_units")
        units.write_row(0, 0, HEADS)
        units.write_row(1, 0, ROW)
        sources = book.add_worksheet("Sources")
        sources.write_row(0, 0, ["source_id", "citation"])
        sources.write_row(1, 0, ["S", "A report, 2020"])
        for number in range(2, sheets):
            book.add_worksheet(f"S{number}").write(0, 0, "x")
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, changed: Mapping[str, Part], sheets: int = 1) -> None:
    """Write a workbook with some of its parts changed; a part may come in pieces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in {**parts(sheets), **changed}.items():
            with archive.open(name, "w", force_zip64=True) as stream:
                for batch in _batches([content] if isinstance(content, bytes) else content):
                    stream.write(b"".join(batch))


def _batches(content: Iterable[bytes]) -> Iterator[list[bytes]]:
    pieces = iter(content)
    while batch := list(itertools.islice(pieces, 10_000)):
        yield batch


def within(content: bytes, mark: bytes, pieces: Iterable[bytes], *, after: bool = False) -> Iterator[bytes]:
    """Yield a part with pieces put in before a mark, or after it."""
    start, found, end = content.partition(mark)
    assert found, f"no {mark!r}"
    yield start + (found if after else b"")
    yield from pieces
    yield (b"" if after else found) + end


def made(command: Iterable[str], changed: Callable[[], Mapping[str, Part]], sheets: int = 1) -> Make:
    """Return a function that writes a workbook into a folder and returns the command that reads it."""

    def make(folder: Path) -> list[str]:
        pack(folder / FILE, changed(), sheets)
        return list(command)

    return make


def in_sheet(
    mark: bytes, pieces: Callable[[], Iterable[bytes]], *, after: bool = False
) -> Callable[[], Mapping[str, Part]]:
    return lambda: {SHEET: within(parts()[SHEET], mark, pieces(), after=after)}


def in_part(part: str, mark: bytes, pieces: Callable[[], Iterable[bytes]]) -> Callable[[], Mapping[str, Part]]:
    return lambda: {part: within(parts()[part], mark, pieces())}


def around(open_tag: str, piece: str, close_tag: str, count: int = MILLION) -> Callable[[], Iterator[bytes]]:
    """Return pieces numbered from 1 between two tags."""

    def pieces() -> Iterator[bytes]:
        yield open_tag.encode()
        for number in range(1, count + 1):
            yield piece.replace("#", str(number)).encode()
        yield close_tag.encode()

    return pieces
