"""Cells of a workbook, with the address of each. Knows nothing of units or mercury."""

from __future__ import annotations

import gc
import math
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.schema import VERSION_PROPERTY
from hginventory.xlsx.cells import EPOCH, RawCell, RawSheet, without_controls
from hginventory.xlsx.parts import (
    SheetPart,
    external_links,
    read_contents,
    read_property,
    read_styles,
    read_texts,
)
from hginventory.xlsx.safety import check_bounds, prescan
from hginventory.xlsx.shared import Book, Budget
from hginventory.xlsx.sheet_reader import read_sheet
from hginventory.xlsx.xml_stream import BrokenPartError


@dataclass(frozen=True)
class RawWorkbook:
    """All sheets of a workbook, what was noted while they were read, and the version of its template, if it says."""

    sheets: Mapping[str, RawSheet]
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    template_version: str | None = None


def read_workbook(path: Path) -> RawWorkbook:
    """Return the cells of a workbook; the file is only read.

    Parameters
    ----------
    path : Path
        An .xlsx or .xlsm file.

    Raises
    ------
    UnreadableFileError
        If the file is missing, unsafe, damaged or of another kind.
    """
    prescan(path)
    try:
        with zipfile.ZipFile(path) as archive, _without_collection():
            parts, epoch, shared = read_contents(archive)
            budget = Budget()
            texts = read_texts(archive, shared.get("sharedStrings"), budget)
            book = Book(texts, read_styles(archive, shared.get("styles")), epoch, budget)
            sheets = {part.name: _sheet(path, archive, part, book) for part in parts}
            version = read_property(archive, VERSION_PROPERTY)
            links = external_links(archive)
    except (BrokenPartError, OSError) as error:
        raise UnreadableFileError(
            f"{path} cannot be read as a workbook: {error}. Open it in Excel and save it again as .xlsx."
        ) from error
    findings = []
    if path.suffix.lower() == ".xlsm":
        findings.append(finding("W104", path.name, "", "a workbook with macros"))
    if epoch != EPOCH:
        findings.append(finding("N108", path.name, "", "dates from 1904"))
    if links:
        findings.append(finding("N109", path.name, "", f"links to {', '.join(links)}"))
    return RawWorkbook(sheets, tuple(findings), version)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Put off the search for cyclic garbage: cells have none, and it would walk through all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _sheet(path: Path, archive: zipfile.ZipFile, part: SheetPart, book: Book) -> RawSheet:
    try:
        with archive.open(part.part) as stream:
            sheet, last = read_sheet(stream, part.name, book, is_hidden=part.is_hidden)
    except BrokenPartError as error:
        raise BrokenPartError(f"the sheet {part.name!r} contains {error}") from error
    check_bounds(path, part.name, *last)
    return sheet


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
        1: {number: RawCell(column, f"{column}[columns]") for number, column in enumerate(columns, 1)}
    }
    for number, (label, values) in enumerate(rows, 2):
        filled = {
            column_number: RawCell(
                without_controls(value) if isinstance(value, str) else value, f"{columns[column_number - 1]}[{label}]"
            )
            for column_number, value in enumerate(values, 1)
            if value is not None and not (isinstance(value, float) and math.isnan(value))
        }
        if filled:
            cells[number] = filled
    return RawSheet(name, cells)
