"""Writes tables into worksheets: labels, units, names, then rows; the same look on every sheet."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
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
TITLE_SIZE = 1.5  # height and width of the letters of a title
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

    def cell(self, described: ResultColumn, is_wrapped: bool = False) -> CellFormat:
        """Return the format of the cells of a column."""
        properties: dict[str, Any] = {"valign": "top"}
        if described.style in (TEXT, FLAG):
            properties |= LEFT
        elif described.style != GENERAL:
            properties["num_format"] = described.style
        if is_wrapped and described.style == TEXT:
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
    from hginventory.report.excel.table_worksheet import TableWorksheet

    sheet = book.add_worksheet(spec.sheet, TableWorksheet)
    columns = spec.columns()
    paper, top = bool(spec.headings), len(spec.headings)
    begin = top + HEADER_ROWS - paper
    wrapped = {name for name, _ in columns if paper or name in WRAPPED_COLUMNS}
    widths = [
        _width(spec.frame.iloc[:SAMPLED_ROWS, at], *one, one[0] in wrapped, not paper) for at, one in enumerate(columns)
    ]
    for index, ((name, described), width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(index, index, width, styles.cell(described, name in wrapped).usual)
    _write_headings(sheet, styles, spec.headings, widths)
    _write_header(sheet, styles, columns, widths, range(top, begin))
    frame = spec.frame
    formats = [styles.cell(c, n in wrapped) for n, c in columns]
    cells = [cells_of(frame.iloc[:, at], one) for at, one in enumerate(formats)]
    sheet.write_rows(begin, cells, _heights(frame, columns, widths, wrapped, begin), [one.usual for one in formats])
    sheet.autofilter(begin - 1, 0, max(begin + len(frame) - 1, begin), len(columns) - 1)
    sheet.freeze_panes(begin, spec.frozen)
    title = spec.title
    if len(spec.frame) > PRINTED_ROWS:
        sheet.print_area(0, 0, begin + PRINTED_ROWS - 1, len(columns) - 1)
        title = f"{title}: the first {PRINTED_ROWS} of {len(spec.frame):,} rows"
    set_page(sheet, title, subject, spec.pages_wide)
    sheet.repeat_rows(top, begin - 1)
    if spec.pages_wide > 1:
        sheet.repeat_columns(0, spec.frozen - 1)
    return sheet


def _width(values: pd.Series[Any], name: str, described: ResultColumn, is_wrapped: bool, is_named: bool) -> float:
    """Return the width of a column [characters], so that its words, numbers and name can be read."""
    width = NARROWEST
    if _is_words(values):
        longest = max((len(str(value)) for value in values[values.notna()]), default=0) + 3.0
        width = min(longest, WRAPPED if is_wrapped else WIDEST)
    longest_word = max(len(word) for word in described.label.split()) + 3.0
    return max(width, NARROWEST, longest_word, len(name) * NAME_SIZE + 3.0 if is_named else 0.0)


def _heights(
    frame: pd.DataFrame,
    columns: Sequence[tuple[str, ResultColumn]],
    widths: Sequence[float],
    wrapped: Collection[str],
    begin: int,
) -> dict[int, float]:
    """Return the height of the rows with several lines of text [points], as not every program computes it."""
    heights: dict[int, float] = {}
    for index, (name, described) in enumerate(columns):
        if name in wrapped and described.style == TEXT:
            for row, text in enumerate(frame.iloc[:, index], begin):
                lines = math.ceil(len(text) / widths[index]) if isinstance(text, str) else 1
                if lines > 1:
                    heights[row] = max(heights.get(row, 0.0), lines * ROW_HEIGHT)
    return heights


def _write_headings(sheet: Any, styles: Styles, headings: Sequence[str], widths: Sequence[float]) -> None:
    """Write the title and the notes above a table, each over all of its columns."""
    across = sum(widths)
    for row, text in enumerate(headings):
        style = styles.title if row == 0 else styles.sentence
        width = across / (TITLE_SIZE if row == 0 else 1.0)
        sheet.set_row(row, ROW_HEIGHT * max(math.ceil(len(text) / width), 1) * (TITLE_SIZE if row == 0 else 1.0))
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, text, style)
        else:
            sheet.write_string(row, 0, text, style)


def _write_header(
    sheet: Any, styles: Styles, columns: Sequence[tuple[str, ResultColumn]], widths: Sequence[float], rows: range
) -> None:
    """Write the rows of labels, units and, where there is a third, names."""
    lines = max(math.ceil(len(c.label) * 1.2 / width) for (_, c), width in zip(columns, widths, strict=True))
    sheet.set_row(rows.start, ROW_HEIGHT * lines + 3.0)
    left = (styles.label, styles.unit, styles.name)
    right = (styles.label_right, styles.unit_right, styles.name_right)
    for number, row in enumerate(rows):
        for index, (name, described) in enumerate(columns):
            style = (left if described.style in (TEXT, FLAG) else right)[number]
            text = (described.label, described.shown_unit, name)[number]
            sheet.write_blank(row, index, None, style) if not text else sheet.write_string(row, index, text, style)


def _is_words(values: pd.Series[Any]) -> bool:
    return not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values))
