"""Writes a fleet workbook in the layout of the contract: labels, units, names, then rows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from hginventory.inputs.schema import SETTINGS, SETTINGS_SHEET, SHEETS, Column

CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # fixed, so that equal content gives equal bytes
WIDE = {
    "note": 60,
    "plant": 30,
    "owner": 34,
    "data_quality": 40,
    "citation": 90,
    "url": 40,
    "source_id": 24,
    "unit_id": 16,
}


def write_workbook(
    path: Path,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    settings: Mapping[str, Any],
    read_me: Sequence[str],
) -> None:
    """Write a workbook with every sheet of the contract.

    Parameters
    ----------
    path : Path
        File to write.
    tables : mapping of str to sequence of mapping
        Sheet -> rows -> column -> value; blank cells are left out.
    settings : mapping
        Name -> value.
    read_me : sequence of str
        Paragraphs of the first sheet; the first is its title.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": read_me[0], "created": CREATED})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "label": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "required": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF6CC"}
        ),
        "unit": book.add_format({"italic": True, "font_color": "#444444"}),
        "name": book.add_format({"font_color": "#777777", "bg_color": "#EEEEEE"}),
        "year": book.add_format({"num_format": "0"}),
        "number": book.add_format({"num_format": "#,##0.######"}),
    }
    _read_me(book, read_me, styles)
    _settings(book, settings, styles)
    for name, sheet in SHEETS.items():
        _sheet(book.add_worksheet(name), sheet.columns, tables.get(name, ()), styles)
    book.close()


def _read_me(book: xlsxwriter.Workbook, read_me: Sequence[str], styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet("Read_me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110, styles["text"])
    for row, text in enumerate(read_me):
        sheet.write_string(row, 0, text, styles["title" if row == 0 else "text"])


def _settings(book: xlsxwriter.Workbook, settings: Mapping[str, Any], styles: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(SETTINGS_SHEET)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60, styles["text"])
    sheet.set_column(2, 2, 90)
    for place, head in enumerate(("name", "value", "note")):
        sheet.write_string(0, place, head, styles["name"])
    for row, column in enumerate(SETTINGS, 1):
        sheet.write_string(row, 0, column.name)
        if column.name in settings:
            sheet.write(row, 1, settings[column.name], styles["text"])
        sheet.write_string(row, 2, f"{column.label}. {column.meaning}")


def _sheet(sheet: Any, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], styles: Mapping[str, Any]) -> None:
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDE.get(column.name, max(12, len(column.name) + 3)))
        sheet.write_string(0, place, column.label, styles["required" if column.required else "label"])
        if column.unit:
            sheet.write_string(1, place, column.unit, styles["unit"])
        sheet.write_string(2, place, column.name, styles["name"])
        sheet.write_comment(2, place, column.meaning, {"x_scale": 2})
    sheet.freeze_panes(3, 1)
    sheet.autofilter(2, 0, max(2 + len(rows), 3), len(columns) - 1)
    for number, row in enumerate(rows, 3):
        for place, column in enumerate(columns):
            value = row.get(column.name)
            if value is None or value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(number, place, value)
            else:
                sheet.write_number(number, place, value, styles["year" if column.kind == "year" else "number"])
