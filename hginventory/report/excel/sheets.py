"""Writes tables into worksheets: labels, units, names, then rows; the same look on every sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from hginventory.report.columns import FLAG, GENERAL, TEXT, ResultColumn
from hginventory.report.excel.cells import CellFormat, cells_of
from hginventory.report.tables import TableSheet
from hginventory.report.text import plain

HEADER_ROWS = 3  # labels, units, names
PAPER_A4 = 9
LONGEST_HEADER = 200  # characters of a page header; Excel takes 255
SAMPLED_ROWS = 300  # rows that decide the width of a text column
NARROWEST, WIDEST, WRAPPED = 10.0, 40.0, 50.0  # widths [characters]
NAME_SIZE = 0.75  # width of a letter in the row of names, which is set small
WRAPPED_COLUMNS = ("found", "allowed", "remedy", "citation", "note", "value", "meaning", "locator", "url",
                   "question", "draft", "needs_human_input", "unit_set", "measure", "criterion", "evidence", "reason",
                   "scope_definition", "explanation", "source", "indicator", "changed")  # fmt: skip
LEFT: dict[str, Any] = {"align": "left", "indent": 1}  # words keep off the numbers to their left
RIGHT: dict[str, Any] = {"align": "right"}
ROW_HEIGHT = 15.0  # [points]
PRINTED_ROWS = 400  # of a table; all pages of a workbook take time by the square of their number in LibreOffice


class Styles:
    """The cell formats of a workbook, each made once.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.title = self.of(bold=True, font_size=16, font_color="#1F3864")
        self.section = self.of(bold=True, font_size=12, font_color="#1F3864", bottom=2, bottom_color="#1F3864")
        self.sentence = self.of(text_wrap=True, valign="top", font_size=11)
        self.notice = self.of(
            text_wrap=True, valign="vcenter", bold=True, bg_color="#FFF2CC", border=1, border_color="#D55E00"
        )
        head = {"bold": True, "text_wrap": True, "valign": "bottom", "bg_color": "#DDEBF7"}
        unit = {"italic": True, "font_color": "#404040", "bg_color": "#DDEBF7"}
        name = {"font_color": "#595959", "bg_color": "#F2F2F2", "font_size": 8, "bottom": 1}
        self.label, self.label_right = self.of(**head, **LEFT), self.of(**head, **RIGHT)
        self.unit, self.unit_right = self.of(**unit, **LEFT), self.of(**unit, **RIGHT)
        self.name, self.name_right = self.of(**name, **LEFT), self.of(**name, **RIGHT)

    def of(self, **properties: Any) -> Any:
        """Return the format with some properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def pair(self, **properties: Any) -> CellFormat:
        """Return the format with some properties for cells that may contain any text."""
        return CellFormat(self.of(**properties), self.of(**properties, quote_prefix=True))

    def cell(self, described: ResultColumn, name: str = "") -> CellFormat:
        """Return the format of the cells of a column."""
        properties: dict[str, Any] = {"valign": "top"}
        if described.style in (TEXT, FLAG):
            properties |= LEFT
        elif described.style != GENERAL:
            properties["num_format"] = described.style
        if name in WRAPPED_COLUMNS and described.style == TEXT:
            properties["text_wrap"] = True
        return self.pair(**properties)


def set_page(sheet: Any, title: str, subject: str, pages_wide: int = 1) -> None:
    """Set how a sheet prints: landscape, fitted in width, with title, fleet and page number.

    Parameters
    ----------
    sheet : Worksheet
        The sheet.
    title, subject : str
        Left and right part of the header.
    pages_wide : int
        Pages side by side.
    """
    left, right = (plain(text).replace("&", "&&") for text in (title, subject))
    room = LONGEST_HEADER - len(left)
    right = right if len(right) <= room else right[:room].rstrip("&")
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_header(f"&L&B{left}&R{right}")
    sheet.set_footer("&L&A&RPage &P of &N")


def write_table(book: Any, styles: Styles, spec: TableSheet, subject: str) -> Any:
    """Add a sheet with one table and return it.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook; rows are written in order, so that it may keep one row in memory.
    styles : Styles
        Its formats.
    spec : TableSheet
        The table.
    subject : str
        Fleet, for the printed page.
    """
    sheet = book.add_worksheet(spec.sheet)
    columns = spec.columns()
    widths = [_width(spec.frame.iloc[:SAMPLED_ROWS, index], *column) for index, column in enumerate(columns)]
    for index, ((name, described), width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(index, index, width, styles.cell(described, name).usual)
    _write_header(sheet, styles, columns, widths)
    cells = [cells_of(sheet, spec.frame.iloc[:, index], styles.cell(c, n)) for index, (n, c) in enumerate(columns)]
    heights = _heights(spec, columns, widths)
    for row, values in enumerate(zip(*(values for _, values in cells), strict=True), HEADER_ROWS):
        if row in heights:
            sheet.set_row(row, heights[row])
        for index, value in enumerate(values):
            if value is not None:
                cells[index][0](row, index, value)
    sheet.autofilter(HEADER_ROWS - 1, 0, max(HEADER_ROWS + len(spec.frame) - 1, HEADER_ROWS), len(columns) - 1)
    sheet.freeze_panes(HEADER_ROWS, spec.frozen)
    title = spec.title
    if len(spec.frame) > PRINTED_ROWS:
        sheet.print_area(0, 0, HEADER_ROWS + PRINTED_ROWS - 1, len(columns) - 1)
        title = f"{title}: the first {PRINTED_ROWS} of {len(spec.frame):,} rows"
    set_page(sheet, title, subject, spec.pages_wide)
    sheet.repeat_rows(0, HEADER_ROWS - 1)
    if spec.pages_wide > 1:
        sheet.repeat_columns(0, spec.frozen - 1)
    return sheet


def _width(values: pd.Series[Any], name: str, described: ResultColumn) -> float:
    """Return the width of a column [characters], so that its words, numbers and name can be read."""
    width = NARROWEST
    if _is_words(values):
        longest = max((len(str(value)) for value in values[values.notna()]), default=0) + 3.0
        width = min(longest, WRAPPED if name in WRAPPED_COLUMNS else WIDEST)
    longest_word = max(len(word) for word in described.label.split()) + 3.0
    return max(width, NARROWEST, longest_word, len(name) * NAME_SIZE + 3.0)


def _heights(
    spec: TableSheet, columns: Sequence[tuple[str, ResultColumn]], widths: Sequence[float]
) -> dict[int, float]:
    """Return the height of the rows with several lines of text [points], as not every program computes it."""
    heights: dict[int, float] = {}
    for index, (name, described) in enumerate(columns):
        if name in WRAPPED_COLUMNS and described.style == TEXT:
            for row, text in enumerate(spec.frame.iloc[:, index], HEADER_ROWS):
                lines = math.ceil(len(text) / widths[index]) if isinstance(text, str) else 1
                if lines > 1:
                    heights[row] = max(heights.get(row, 0.0), lines * ROW_HEIGHT)
    return heights


def _write_header(
    sheet: Any, styles: Styles, columns: Sequence[tuple[str, ResultColumn]], widths: Sequence[float]
) -> None:
    """Write the rows of labels, units and names."""
    lines = max(math.ceil(len(c.label) * 1.2 / width) for (_, c), width in zip(columns, widths, strict=True))
    sheet.set_row(0, ROW_HEIGHT * lines + 3.0)
    left = (styles.label, styles.unit, styles.name)
    right = (styles.label_right, styles.unit_right, styles.name_right)
    for row in range(HEADER_ROWS):
        for index, (name, described) in enumerate(columns):
            style = (left if described.style in (TEXT, FLAG) else right)[row]
            text = (described.label, described.shown_unit, name)[row]
            sheet.write_blank(row, index, None, style) if not text else sheet.write_string(row, index, text, style)


def _is_words(values: pd.Series[Any]) -> bool:
    return not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values))
