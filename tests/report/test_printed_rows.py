"""Long tables print their first rows: a report of 680 pages did not become a PDF in LibreOffice in 25 minutes."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from hginventory.report.columns import SCENARIO_UNITS
from hginventory.report.excel.book import assembled
from hginventory.report.excel.sheets import HEADER_ROWS, PRINTED_ROWS, Styles, write_table
from hginventory.report.tables import TableSheet


@pytest.mark.parametrize(
    ("rows", "is_cut"), [(1, False), (PRINTED_ROWS, False), (PRINTED_ROWS + 1, True), (5000, True)]
)
def test_a_long_table_prints_its_first_rows_and_says_so(rows: int, is_cut: bool) -> None:
    frame = pd.DataFrame({"unit_id": [f"U{number}" for number in range(rows)]})
    buffer = io.BytesIO()
    with assembled(buffer, title="") as book:
        write_table(book, Styles(book), TableSheet("Long", "long", "A table", frame, 1, 1, SCENARIO_UNITS), "Fleet")
    sheet = openpyxl.load_workbook(buffer)["Long"]
    assert sheet.max_row == HEADER_ROWS + rows
    assert (f"$A$1:$A${HEADER_ROWS + PRINTED_ROWS}" in (sheet.print_area or "")) == is_cut
    assert (f"the first {PRINTED_ROWS} of {rows:,} rows" in sheet.oddHeader.left.text) == is_cut
