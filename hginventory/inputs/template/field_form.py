"""A form to print for measurements in the field, one page each, and the sheet Measurements that takes their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from hginventory.files import check_target, new_file
from hginventory.inputs.schema import CONTRACT_SHEETS
from hginventory.inputs.template.dropdowns import drop_downs, write_lists
from hginventory.inputs.template.sheets import FIRST, write_data_sheet, write_value
from hginventory.inputs.template.styles import formats, height_of
from hginventory.inputs.template.writer import CREATED
from hginventory.translations import SOURCE_LANGUAGE, Translator, translator

SHEET, FORM = "Measurements", "Form"
STACK_RUNS = ("Run", "Date", "Start", "End", "Oxygen [%]", "Gas temperature [°C]", "Mercury [{unit}]", "Remarks")
SAMPLES = (
    "Sample",
    "Date",
    "Taken from",
    "Mass [kg]",
    "Moisture [1]",
    "Laboratory number",
    "Mercury [{unit}]",
    "Remarks",
)
LABELS = (
    "Unit id", "Method", "What it measures", "Averaging", "How often", "Stack", "Expected", "Detection limit",
    "State of the gas",
)  # fmt: skip
RESULT = ("date", "date_to", "value", "uncertainty", "uncertainty_kind", "n")  # columns that only a measurement fills
SIGNED = ("Measured by", "Laboratory", "Checked by")
BLANK_RUNS, BLANK_SAMPLES = 4, 8
CONTINUED = "Further samples: on a copy of this page."
PAPER_A4 = 9
WIDTHS = (19, 12, 14, 16, 16, 16, 15, 18)
KNOWN = 3  # columns of the value of a line


@dataclass(frozen=True)
class FormPage:
    """What is known of a measurement before it is made.

    Attributes
    ----------
    title : str
        Plant and unit, as people call them.
    known : mapping of str to str
        Label, one of `LABELS` -> value, in the order of the page.
    instruction : str
        What to do, in a sentence.
    row : mapping of str to object or None
        Row of the sheet Measurements, without the result; None where the result goes into another sheet.
    of_gas : bool
        Whether gas is measured, else a material.
    unit : str
        Unit of the result.
    """

    title: str
    known: Mapping[str, str]
    instruction: str
    row: Mapping[str, Any] | None
    of_gas: bool
    unit: str


def write_field_form(
    path: str | Path, pages: Sequence[FormPage], *, language: str = SOURCE_LANGUAGE, overwrite: bool = False
) -> Path:
    """Write a form as a workbook and return its path. Equal pages give equal bytes.

    The sheet Form prints one page a measurement. The sheet Measurements has the columns of a fleet workbook and all
    that is known before, so that its rows, once filled in, are pasted below those of the fleet.

    Parameters
    ----------
    path : str or Path
        File to write, ending in .xlsx.
    pages : sequence of FormPage
        The measurements.
    language : str
        Language of labels and notes.
    overwrite : bool
        Whether a file of this name may be replaced.

    Raises
    ------
    UsageError
        If the file exists, has another ending or cannot be written, or there is no such language.
    """
    target = Path(path)
    check_target(target, "form", ".xlsx", overwrite=overwrite)
    data = form_bytes(pages, translator(language))
    with new_file(target, "form") as new:
        new.write_bytes(data)
    return target


def form_bytes(pages: Sequence[FormPage], tr: Translator) -> bytes:
    """Return the bytes of a form."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": tr("Field form for mercury measurements"), "created": CREATED})
    styles = formats(book)
    _write_form(book.add_worksheet(FORM), pages, tr, styles)
    rows = [page.row for page in pages if page.row is not None]
    write_data_sheet(book, book.add_worksheet(SHEET), CONTRACT_SHEETS[SHEET], rows, tr, styles)
    write_lists(book, book.add_worksheet("Lists"), drop_downs((SHEET,)), tr, styles)
    book.close()
    return stream.getvalue()


def _write_form(sheet: Any, pages: Sequence[FormPage], tr: Translator, styles: Mapping[str, Any]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
    for index, width in enumerate(WIDTHS):
        sheet.set_column(index, index, width)
    top, number, ends = 0, FIRST, []
    for page in pages:
        row_of_sheet = None
        if page.row is not None:
            number += 1
            row_of_sheet = number
        top = _write_page(sheet, top, page, row_of_sheet, tr, styles)
        ends.append(top)
    sheet.set_h_pagebreaks(ends[:-1])


def _write_page(
    sheet: Any, top: int, page: FormPage, row_of_sheet: int | None, tr: Translator, styles: Mapping[str, Any]
) -> int:
    """Write a page from a row on and return the row of the next one."""
    last = len(WIDTHS) - 1
    sheet.write_string(top, 0, page.title, styles["title"])
    sheet.set_row(top, 24)
    row = top + 1
    for label, value in page.known.items():
        sheet.write_string(row, 0, tr(label), styles["label"])
        sheet.merge_range(row, 1, row, KNOWN, "", styles["cell"])
        write_value(sheet, row, 1, value, styles["cell"])
        room = sum(WIDTHS[1 : KNOWN + 1])
        sheet.set_row(row, max(height_of(value, room), height_of(tr(label), WIDTHS[0])))
        row += 1
    sheet.merge_range(row, 0, row, last, page.instruction, styles["paragraph"])
    sheet.set_row(row, height_of(page.instruction, sum(WIDTHS)))
    row = _heading(sheet, row + 1, tr("Runs") if page.of_gas else tr("Samples"), styles)
    heads = [tr(head).format(unit=page.unit) for head in (STACK_RUNS if page.of_gas else SAMPLES)]
    blank = BLANK_RUNS if page.of_gas else BLANK_SAMPLES
    row = _blank_table(sheet, row, heads, [[str(run)] for run in range(1, blank + 1)], styles)
    if not page.of_gas:
        sheet.merge_range(row, 0, row, last, tr(CONTINUED), styles["paragraph"])
        row += 1
    if row_of_sheet is None:
        row = _heading(sheet, row, tr("Result, to the cell named above"), styles)
        row = _blank_table(sheet, row, [f"{tr('Value')} [{page.unit}]"], [[]], styles)
    else:
        where = tr("Result, to row {row} of the sheet Measurements").format(row=row_of_sheet)
        row = _heading(sheet, row, where, styles)
        labels = {column.name: column.label for column in CONTRACT_SHEETS[SHEET].columns}
        heads = [tr(labels[name]) + (f" [{page.unit}]" if name == "value" else "") for name in RESULT]
        row = _blank_table(sheet, row, heads, [[]], styles)
    for label in SIGNED:
        sheet.write_string(row, 0, tr(label), styles["label"])
        sheet.merge_range(row, 1, row, KNOWN, "", styles["cell"])
        sheet.set_row(row, 24)
        row += 1
    return row


def _heading(sheet: Any, row: int, text: str, styles: Mapping[str, Any]) -> int:
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, text, styles["heading"])
    for column in range(1, len(WIDTHS)):
        sheet.write_blank(row, column, None, styles["heading"])
    return row + 1


def _blank_table(
    sheet: Any, row: int, heads: Sequence[str], begun: Sequence[Sequence[str]], styles: Mapping[str, Any]
) -> int:
    """Write heads and rows of cells to write into, and return the row below."""
    sheet.set_row(row, max(height_of(head, width) for head, width in zip(heads, WIDTHS, strict=False)))
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, styles["label"])
    for number, texts in enumerate(begun, row + 1):
        sheet.set_row(number, 24)
        for column in range(len(heads)):
            sheet.write_blank(number, column, None, styles["cell_left"])
        for column, text in enumerate(texts):
            sheet.write_string(number, column, text, styles["cell_left"])
    return row + len(begun) + 1
