"""Results as new sheets in a copy of the user's own workbook, whose sheets stay as they are."""

from __future__ import annotations

import hashlib
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.errors import UsageError
from hginventory.files import check_target, new_file
from hginventory.inputs.bundled import workbook_of
from hginventory.inputs.reader import RESULTS_PREFIX
from hginventory.report.excel.results_workbook import results_bytes
from hginventory.xlsx import check_pictures, losses, open_copy, read_scanned, saved

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.inputs.fleet import Fleet

PREFIX = RESULTS_PREFIX.capitalize()
PROPERTY = "hginv_result_sheets"  # names the sheets that are ours, so that a later copy replaces these and no others
_LEFT_OUT = frozenset({"Pareto", "Concentration", "Sources"})  # made for charts, or in the workbook already


def write_into(run: Analysis, into: str | Path) -> tuple[str, ...]:
    """Write a copy of the workbook of a run with the results as new sheets.

    The sheets of the user keep values, formats, notes, drop-downs, protection and frozen panes. The new ones are
    called ``Results_...`` and are left out when the copy is read as a fleet. Charts are in results.xlsx only.

    Parameters
    ----------
    run : Analysis
        The run.
    into : str or Path
        A new file, ending in .xlsx.

    Returns
    -------
    tuple of str
        What the copy does not keep, in sentences; empty for most workbooks.

    Raises
    ------
    UsageError
        If the file exists or cannot be written, the run was not made from a workbook, the workbook has changed since it
        was read, or it has a sheet of its own with the name of one of ours.
    """
    path = Path(into)
    check_target(path, "into", ".xlsx")
    source = _source(run.projection.fleet)
    data = read_scanned(source)
    if hashlib.sha256(data).hexdigest() != run.projection.fleet.sha256:
        raise UsageError(f"{source} has changed since it was read. Run again.", parameter="into")
    import openpyxl

    book = open_copy(data)
    results = openpyxl.load_workbook(BytesIO(results_bytes(run)))
    lost = losses(data, book)
    _remove_former(book)
    names = [sheet.title for sheet in results.worksheets if sheet.title not in _LEFT_OUT]
    taken = sorted({PREFIX + name for name in names} & set(book.sheetnames))
    if taken:
        raise UsageError(f"the workbook has a sheet {taken[0]} of its own. Rename it.", parameter="into")
    for name in names:
        _copy_sheet(results[name], book.create_sheet(PREFIX + name))
    _state(book, [PREFIX + name for name in names])
    content = saved(book)
    with new_file(path, "into") as new:
        new.write_bytes(content)
    return lost


def check_into(fleet: Fleet, into: str | Path) -> None:
    """Raise unless a copy of the workbook of a fleet can be made: before a run, so that none is written in vain.

    Parameters
    ----------
    fleet : Fleet
        As read from its workbook.
    into : str or Path
        A new file, ending in .xlsx.

    Raises
    ------
    UsageError, UnreadableFileError
        As of `write_into`.
    """
    check_target(Path(into), "into", ".xlsx")
    check_pictures(read_scanned(_source(fleet)))


def _source(fleet: Fleet) -> Path:
    """Return the workbook that a fleet was read from."""
    if not fleet.sha256:
        raise UsageError(
            "this fleet was made in Python, so there is no workbook to copy. Write it with write_fleet first.",
            parameter="into",
        )
    source = workbook_of(fleet.source)
    if source is None:
        raise UsageError(
            f"{fleet.origin} has no workbook to copy. Write one with hginv fleet export, and run that.",
            parameter="into",
        )
    if not source.exists():
        raise UsageError(f"{source} is no longer there. Put it back, or run again.", parameter="into")
    return source


def _copy_sheet(source: Any, sheet: Any) -> None:
    """Copy values, formats and widths of a result sheet; a text stays text whatever it begins with."""
    styles: dict[int, Any] = {}
    for (row, column), cell in source._cells.items():
        new = sheet.cell(row, column)
        new.value = cell.value
        if isinstance(cell.value, str):
            new.data_type = "s"
        if cell.style_id not in styles:
            for part in ("font", "fill", "border", "alignment", "protection"):
                setattr(new, part, copy(getattr(cell, part)))
            new.number_format = cell.number_format
            new._style.quotePrefix = cell._style.quotePrefix
            styles[cell.style_id] = new._style
        new._style = copy(styles[cell.style_id])
    for letter, width in source.column_dimensions.items():
        sheet.column_dimensions[letter].width = width.width
        sheet.column_dimensions[letter].min, sheet.column_dimensions[letter].max = width.min, width.max
    for row, height in source.row_dimensions.items():
        sheet.row_dimensions[row].height = height.height
    for area in source.merged_cells.ranges:
        sheet.merge_cells(str(area))
    sheet.freeze_panes = source.freeze_panes
    sheet.auto_filter.ref = source.auto_filter.ref
    sheet.sheet_view.showGridLines = source.sheet_view.showGridLines


def _remove_former(book: Any) -> None:
    """Take out the sheets that an earlier copy got, if this workbook is one."""
    stated = next((item.value for item in book.custom_doc_props.props if item.name == PROPERTY), "")
    for name in str(stated).split(";"):
        if name.startswith(PREFIX) and name in book.sheetnames:
            book.remove(book[name])


def _state(book: Any, names: list[str]) -> None:
    """Write into the properties which sheets are ours."""
    from openpyxl.packaging.custom import StringProperty

    if PROPERTY in book.custom_doc_props.names:
        del book.custom_doc_props[PROPERTY]
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=";".join(names)))
