"""Cells of a workbook, with the address of each. Knows nothing of units or mercury."""

from __future__ import annotations

import datetime
import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hginventory.errors import UnreadableFileError
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.prescan import prescan
from hginventory.inputs.template_version import VERSION_PROPERTY

# Parts of a workbook that only style it; a reader that meets unknown ones warns, which is no finding.
_IGNORED_WARNINGS = r".*(extension is not supported|Data Validation|Conditional Formatting|default style).*"
EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel
EPOCH_1904 = datetime.date(1904, 1, 1)  # day 0 of workbooks from old Macs
_LINK = re.compile(r"xl/externalLinks/_rels/[^/]+\.rels")


@dataclass(frozen=True)
class RawCell:
    """A cell as stored.

    Attributes
    ----------
    value : object
        Number, text, date, truth value or None; for a formula its stored result.
    address : str
        As ``H23``.
    is_formula : bool
        Whether the value is the stored result of a formula.
    number_format : str
        Excel's number format.
    formula : str
        Text of the formula.
    """

    value: Any
    address: str
    is_formula: bool = False
    number_format: str = "General"
    formula: str = ""


@dataclass(frozen=True)
class RawSheet:
    """The cells of a sheet by row, with what spreadsheets do to rows.

    Attributes
    ----------
    name : str
        Name of the sheet in the file.
    rows : mapping of int to mapping of int to RawCell
        Row number -> column number -> cell; blank cells are left out.
    hidden_rows : tuple of int
        Rows that are not shown.
    merged : tuple of str
        Ranges of merged cells.
    hidden_columns : tuple of int
        Columns that are not shown.
    is_hidden : bool
        Whether the sheet itself is not shown.
    is_filtered : bool
        Whether a filter hides rows.
    epoch : date
        Day 0 of its dates.
    """

    name: str
    rows: Mapping[int, Mapping[int, RawCell]]
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = False
    is_filtered: bool = False
    epoch: datetime.date = EPOCH


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
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=_IGNORED_WARNINGS)
            book = openpyxl.load_workbook(path, data_only=False, keep_links=False)
            epoch = EPOCH if book.epoch.year < EPOCH_1904.year else EPOCH_1904
            sheets = {sheet.title: _cells(sheet, epoch) for sheet in book.worksheets}
            version = _template_version(book)
            if any(
                cell.is_formula for sheet in sheets.values() for row in sheet.rows.values() for cell in row.values()
            ):
                results = openpyxl.load_workbook(path, data_only=True, keep_links=False)
                sheets = {name: _with_results(raw, results[name]) for name, raw in sheets.items()}
    except Exception as error:  # openpyxl raises whatever a broken part provokes; none of it helps a user
        raise UnreadableFileError(
            f"{path} cannot be read as a workbook ({type(error).__name__}). Save it again as .xlsx."
        ) from error
    findings = []
    if path.suffix.lower() == ".xlsm":
        findings.append(finding("W104", path.name, "", "a workbook with macros"))
    if epoch != EPOCH:
        findings.append(finding("N108", path.name, "", "dates from 1904"))
    links = _external_links(path)
    if links:
        findings.append(finding("N109", path.name, "", f"links to {', '.join(links)}"))
    return RawWorkbook(sheets, tuple(findings), version)


def _external_links(path: Path) -> list[str]:
    """Return the files that a workbook links to; none of them is opened."""
    from defusedxml.ElementTree import fromstring

    targets: dict[str, None] = {}
    with zipfile.ZipFile(path) as archive:
        for name in filter(_LINK.fullmatch, archive.namelist()):
            targets.update(dict.fromkeys(str(node.get("Target")) for node in fromstring(archive.read(name))))
    return list(targets)


def _template_version(book: Any) -> str | None:
    return next((str(item.value) for item in book.custom_doc_props.props if item.name == VERSION_PROPERTY), None)


def _cells(sheet: Any, epoch: datetime.date) -> RawSheet:
    rows: dict[int, dict[int, RawCell]] = {}
    for (row, column), cell in sheet._cells.items():  # stored cells only: a sheet may claim millions of rows
        value = cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if cell.data_type == "f":
            text = value if isinstance(value, str) else str(getattr(value, "text", "") or "")
            raw = RawCell(value, cell.coordinate, True, cell.number_format, text)
        else:
            raw = RawCell(value, cell.coordinate, False, cell.number_format)
        rows.setdefault(row, {})[column] = raw
    return RawSheet(
        sheet.title,
        {row: rows[row] for row in sorted(rows)},
        tuple(row for row, info in sheet.row_dimensions.items() if info.hidden and row in rows),
        tuple(str(area) for area in sheet.merged_cells.ranges),
        tuple(
            column
            for info in sheet.column_dimensions.values()
            if info.hidden
            for column in range(info.min or 1, min(info.max or 1, sheet.max_column) + 1)
        ),
        sheet.sheet_state != "visible",
        bool(sheet.auto_filter.filterColumn),
        epoch,
    )


def _with_results(raw: RawSheet, results: Any) -> RawSheet:
    rows = {
        row: {
            column: replace(cell, value=results.cell(row, column).value) if cell.is_formula else cell
            for column, cell in cells.items()
        }
        for row, cells in raw.rows.items()
    }
    return replace(raw, rows=rows)


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
