"""Rows that are written at once are those that XlsxWriter writes cell by cell, but for addresses and blank cells."""

from __future__ import annotations

import io
import math
import re
import zipfile
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from hginventory.report.excel.book import assembled
from hginventory.report.excel.cells import cells_of
from hginventory.report.excel.sheets import Styles
from hginventory.report.excel.table_worksheet import TableWorksheet

TEXTS = ["plain", " led", "trailed ", "two\nlines", "a & b < c > d \"e' f", "_x0041_", "bell \x07", "\ufffe and \uffff",
         "Türkiye 燃煤 🔥", "=1+1", "-", "<r>", "<r><t>x</t></r>", "\t", "x" * 40_000, "🔥" * 20_000]  # fmt: skip
NUMBERS = [0.0, 1.0, -1.5, 1e-300, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3, 123456789012345680.0, 2026.0, -0.0]


def sheet_of(columns: list[list[Any]], heights: dict[int, float], *, at_once: bool) -> tuple[bytes, Any]:
    """Return the part of a sheet with these columns below a head, and the sheet as it is read."""
    buffer = io.BytesIO()
    with assembled(buffer) as book:
        sheet, style = book.add_worksheet("One", TableWorksheet), Styles(book).pair(valign="top")
        for index in range(len(columns)):
            style.usual._get_xf_index()
            sheet.write_string(0, index, f"Column {index}")
        if at_once:
            sheet.write_rows(1, [cells_of(pd.Series(column), style) for column in columns], heights)
        else:
            for row, values in enumerate(zip(*columns, strict=True), 1):
                if row in heights:
                    sheet.set_row(row, heights[row])
                for index, value in enumerate(values):
                    if isinstance(value, str):
                        risky = value.startswith(("=", "+", "-", "@"))
                        sheet._write_string(row, index, value, style.quoted if risky else style.usual)
                    elif value is not None and not math.isnan(value):
                        sheet.write_number(row, index, value, style.usual)
        sheet.autofilter(0, 0, len(columns[0]), len(columns) - 1)
    part = zipfile.ZipFile(buffer).read("xl/worksheets/sheet1.xml")
    return with_addresses(part), openpyxl.load_workbook(buffer)["One"]


def with_addresses(part: bytes) -> bytes:
    """Return the part of a sheet with the address of each cell that has a content, and without blank cells."""

    def row(found: re.Match[str]) -> str:
        cells = re.findall(r'<c(?: r="[^"]*")?((?: [^>]*)?/>|[^>]*>.*?</c>)', found[3], re.DOTALL)
        known = re.findall(r'<c r="([^"]*)"', found[3]) or [f"{chr(65 + n)}{found[2]}" for n in range(len(cells))]
        there = [f'<c r="{place}"{cell}' for place, cell in zip(known, cells, strict=True) if not cell.endswith("/>")]
        return f"{found[1]}{''.join(there)}</row>"

    return re.sub(r'(<row r="(\d+)"(?:[^>]*[^/>])?>)(.*?)</row>', row, part.decode(), flags=re.DOTALL).encode()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_written_as_the_library_writes_it(number: float) -> None:
    columns = [[number, math.nan, 2.0], [math.nan, math.nan, number]]
    assert sheet_of(columns, {}, at_once=True)[0] == sheet_of(columns, {}, at_once=False)[0]


@pytest.mark.parametrize("text", [text for text in TEXTS if not (text.startswith("<r>") and text.endswith("</r>"))])
def test_a_text_is_written_as_the_library_writes_it(text: str) -> None:
    columns = [[None, text, "b"], [text, None, text]]
    assert sheet_of(columns, {2: 45.0}, at_once=True)[0] == sheet_of(columns, {2: 45.0}, at_once=False)[0]


@pytest.mark.parametrize("heights", [{}, {1: 30.0}, {1: 15.0}])
def test_rows_without_cells_are_written_as_the_library_writes_them(heights: dict[int, float]) -> None:
    columns: list[list[Any]] = [["a", None, None], [math.nan, math.nan, math.nan]]
    assert sheet_of(columns, heights, at_once=True)[0] == sheet_of(columns, heights, at_once=False)[0]


def test_cells_without_an_address_are_read_where_they_belong() -> None:
    part, sheet = sheet_of([[None, 1.0, "x"], ["a", None, "y"], [None, 2.0, None]], {}, at_once=True)
    read = {cell.coordinate: cell.value for row in sheet["A2:C4"] for cell in row if cell.value is not None}
    assert read == {"B2": "a", "A3": 1, "C3": 2, "A4": "x", "B4": "y"}
    assert part.count(b' r="C3"') == 1


def test_a_text_in_the_markup_of_the_library_stays_a_text() -> None:
    _, sheet = sheet_of([["<r><t>x</t></r>", "<r>"]], {}, at_once=True)
    assert [sheet["A2"].value, sheet["A3"].value] == ["<r><t>x</t></r>", "<r>"]


def test_kinds_in_one_column_stay_what_they_are() -> None:
    values = [1, True, 1.0, "1", np.bool_(False), np.float64(2.5), math.inf, None, math.nan, ""]
    _, sheet = sheet_of([values], {}, at_once=True)
    assert [cell.value for cell in sheet["A"][1:8]] == [1, "yes", 1, "1", "no", 2.5, "inf"]
    assert sheet.max_row == 8


def test_an_infinite_number_is_told_and_the_rest_of_its_column_stays_numbers() -> None:
    _, sheet = sheet_of([[1.5, math.inf, math.nan, -math.inf]], {}, at_once=True)
    assert [cell.value for cell in sheet["A"][1:]] == [1.5, "inf", None, "-inf"]
