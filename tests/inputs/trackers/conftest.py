"""Small tracker files made in the test: header rows as the publishers write them, invented plants."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a workbook of sheets, each a list of rows."""

    def write(sheets: Mapping[str, Rows], name: str = "tracker.xlsx") -> Path:
        path = tmp_path / name
        made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        for title, rows in sheets.items():
            sheet = made.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
        made.close()
        return path

    return write


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes rows as a text file."""

    def write(rows: Rows, name: str = "tracker.csv", encoding: str = "utf-8", delimiter: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def row_of() -> Callable[..., list[Any]]:
    """Return a function that makes a row under a header from cells named by column; others are blank."""

    def make(header: Sequence[str], cells: Mapping[str, Any]) -> list[Any]:
        unknown = set(cells) - set(header)
        assert not unknown, f"no such columns: {unknown}"
        return [cells.get(name) for name in header]

    return make
