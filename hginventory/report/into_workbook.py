"""Results as new sheets in a copy of the user's own workbook, whose sheets stay as they are."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.errors import UsageError
from hginventory.inputs.contract_writer import check_target, replace_file
from hginventory.inputs.reader import RESULTS_PREFIX
from hginventory.paths import data_folder
from hginventory.report.excel import results_bytes

if TYPE_CHECKING:
    from hginventory.run import Run

PREFIX = RESULTS_PREFIX.capitalize()
PROPERTY = "hginv_result_sheets"  # names the sheets that are ours, so that a later copy replaces these and no others
_LEFT_OUT = frozenset({"Pareto", "Concentration", "Sources"})  # made for charts, or in the workbook already
_NOTE_WIDTH, _NOTE_LINE, _NOTE_LETTERS = 280, 18, 44  # [pixels], [pixels], letters a line
# Part of the file -> what happens to it. openpyxl, which writes the copy, does not keep all of a workbook.
_LOSSES: Mapping[str, str] = {
    "xl/charts/": "Charts are redrawn and lose their text descriptions and some formats.",
    "xl/media/": "Pictures may be missing.",
    "xl/vbaProject": "Macros are left out.",
    "xl/pivotTables/": "Pivot tables may need to be refreshed.",
    "xl/externalLinks/": "Links to other files are kept, not followed.",
}
_FORMULAS = "Formulas have no stored results until the copy is opened and saved in Excel once."


def write_into(run: Run, target: str | Path) -> tuple[str, ...]:
    """Write a copy of the workbook of a run with the results as new sheets.

    The sheets of the user keep values, formats, notes, drop-downs, protection and frozen panes. The new ones are
    called ``Results_...`` and are left out when the copy is read as a fleet. Charts stand in results.xlsx only.

    Parameters
    ----------
    run : Run
        The run.
    target : str or Path
        A new file, ending in .xlsx.

    Returns
    -------
    tuple of str
        What the copy does not keep, in sentences; empty for most workbooks.

    Raises
    ------
    UsageError
        If the file exists or cannot be written, the run rests on no workbook, the workbook has changed since it
        was read, or it has a sheet of its own with the name of one of ours.
    """
    path = Path(target)
    check_target(path, option="--into")
    source = _source(run)
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != run.projection.fleet.sha256:
        raise UsageError(f"--into {path}: {source} has changed since it was read. Run again.")
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data))
    results = openpyxl.load_workbook(BytesIO(results_bytes(run)))
    formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values())
    _enlarge_notes(book)
    _remove_former(book)
    names = [sheet.title for sheet in results.worksheets if sheet.title not in _LEFT_OUT]
    taken = sorted({PREFIX + name for name in names} & set(book.sheetnames))
    if taken:
        raise UsageError(f"--into {path}: the workbook has a sheet {taken[0]} of its own. Rename it.")
    for name in names:
        _copy_sheet(results[name], book.create_sheet(PREFIX + name))
    _state(book, [PREFIX + name for name in names])
    stream = BytesIO()
    book.save(stream)
    replace_file(path, stream.getvalue())
    return (*_losses(data), *((_FORMULAS,) if formulas else ()))


def _source(run: Run) -> Path:
    """Return the workbook that a run was read from."""
    fleet = run.projection.fleet
    if not fleet.sha256:
        raise UsageError(
            "--into: this fleet was made in Python and rests on no workbook. Write it with write_fleet first."
        )
    bundled = "bundled fleet "
    if fleet.origin.startswith(bundled) and not Path(fleet.origin).exists():
        return data_folder("fleets") / f"{fleet.origin.removeprefix(bundled)}.xlsx"
    source = Path(fleet.origin)
    if not source.exists():
        raise UsageError(f"--into: {source} is no longer there. Put it back, or run again.")
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


def _enlarge_notes(book: Any) -> None:
    """Give notes room for their text; the size they had is lost in reading."""
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            if cell.comment is not None:
                lines = sum(1 + len(line) // _NOTE_LETTERS for line in cell.comment.text.splitlines())
                cell.comment.width, cell.comment.height = _NOTE_WIDTH, _NOTE_LINE * (lines + 1)


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


def _losses(data: bytes) -> list[str]:
    """Return what of a workbook the copy does not keep."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.namelist()
    return [text for part, text in _LOSSES.items() if any(name.startswith(part) for name in members)]
