"""Data sheets and the sheet Settings: labels, units and names above the cells, drop-downs and notes around them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from hginventory.errors import UsageError
from hginventory.inputs.fleet import is_blank
from hginventory.inputs.schema import CONTRACT_SHEETS, SETTINGS, SETTINGS_SHEET, Column, Sheet
from hginventory.inputs.template.dropdowns import units_list, values_list, write_word
from hginventory.inputs.template.styles import WANTED_SIGN, height_of, style_of, width_of
from hginventory.translations import Translator

LABELS, UNITS, NAMES, FIRST = range(4)  # rows of a data sheet, counted from 0
ROOM = 20_000  # rows that have drop-downs, filter and colours
LONGEST_TEXT = 32_767  # characters that a cell holds
LAST_COLUMN = 16_383
_OLDEST_DATE = datetime.date(1900, 3, 1)  # before it, spreadsheets disagree on the number of a day
_ALLOWED = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True,
    "sort": True, "autofilter": True,
}  # fmt: skip
# Columns of ids and the sheet that explains them; its ids are offered.
_REFERENCES = {
    "source_id": ("Sources", "source_id"),
    "fuel_id": ("Fuels", "fuel_id"),
    "scenario": ("Scenarios", "name"),
    "extends": ("Scenarios", "name"),
}
_FIRST_SETTING = 2
MARKUP = "<r>"
_NO_CELL_SIGN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has no way to write them
COUNT = "1"  # unit of a number of things, of which nothing is shown
Row = Mapping[str, Any]


class ExactFloat(float):
    """A float that is written with all its digits; XlsxWriter keeps 16, and the seventeenth may count."""

    def __format__(self, spec: str) -> str:
        return repr(float(self)).removesuffix(".0")


def write_data_sheet(
    book: Any, sheet: Any, contract: Sheet, rows: Sequence[Row], tr: Translator, styles: Mapping[str, Any]
) -> None:
    """Write a sheet of the contract.

    Parameters
    ----------
    book, sheet : xlsxwriter objects
        Where to write.
    contract : Sheet
        Content of the sheet.
    rows : sequence of mapping
        Column -> value in the unit of the schema; None, NaN and what is missing stay blank.
    tr : Translator
        For labels and notes.
    styles : mapping
        Formats by name.
    """
    last = len(contract.columns) - 1
    bottom = FIRST + max(ROOM, len(rows)) - 1
    sheet.set_row(LABELS, 46)
    for index, column in enumerate(contract.columns):
        sheet.set_column(index, index, width_of(column), styles[style_of(column)])
        _write_head(sheet, index, column, tr, styles)
        _validate(sheet, (FIRST, index, bottom, index), contract.name, column, tr)
    sheet.set_column(last + 1, LAST_COLUMN, None, styles["free"])  # rows can only be deleted if all of it is unlocked
    sheet.dim_colmax = last  # that width is no content: XlsxWriter would walk through all its columns in every row
    cells = [(index, column.name, styles[style_of(column)]) for index, column in enumerate(contract.columns)]
    for number, row in enumerate(rows, FIRST):
        for index, name, style in cells:
            if (value := row.get(name)) is not None:
                write_value(sheet, number, index, value, style)
    _colour(sheet, contract, bottom, styles)
    key = xl_col_to_name([column.name for column in contract.columns].index(contract.key))
    if (contract.name, contract.key) in _REFERENCES.values():
        area = f"{contract.name}!${key}${FIRST + 1}"
        count = f"COUNTA({area}:${key}${bottom + 1})"
        book.define_name(f"ids_{contract.name}", f"=OFFSET({area},0,0,MAX(1,{count}),1)")
    sheet.freeze_panes(FIRST, 1)
    sheet.autofilter(NAMES, 0, bottom, last)
    sheet.set_landscape()
    sheet.repeat_rows(LABELS, NAMES)
    sheet.protect("", _ALLOWED)


def write_settings(book: Any, sheet: Any, values: Mapping[str, Any], tr: Translator, styles: Mapping[str, Any]) -> None:
    """Write the sheet Settings: label, value, meaning and stable name of each setting."""
    heads = {"label": "Setting", "value": "Value", "meaning": "Meaning", "name": "Name (fixed)"}
    for index, (name, head) in enumerate(heads.items()):
        sheet.write_string(0, index, tr(head), styles["label"])
        sheet.write_string(1, index, name, styles["name"])
    widths = (30, 44, 70, 20)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for row, column in enumerate(SETTINGS, _FIRST_SETTING):
        label, label_style = _label(column, tr)
        sheet.write_string(row, 0, label, styles[label_style])
        style = styles["input_date" if column.kind == "date" else "input"]
        sheet.write_blank(row, 1, None, style)
        write_value(sheet, row, 1, values.get(column.name), style)
        sheet.write_string(row, 2, tr(column.meaning), styles["cell"])
        value = str(values.get(column.name) or "")
        sheet.set_row(row, max(height_of(value, widths[1]), height_of(tr(column.meaning), widths[2])))
        sheet.write_string(row, 3, column.name, styles["name"])
        _validate(sheet, (row, 1, row, 1), SETTINGS_SHEET, column, tr)
        book.define_name(f"setting_{column.name}", f"={SETTINGS_SHEET}!$B${row + 1}")
    sheet.freeze_panes(_FIRST_SETTING, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", _ALLOWED)


def write_value(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Write a value; text is never taken for a formula, a number keeps all its digits.

    Raises
    ------
    UsageError
        If a text is longer than a cell can be.
    """
    if is_blank(value) or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", style)
    elif isinstance(value, Real):
        sheet.write_number(row, column, ExactFloat(value), style)
    elif isinstance(value, datetime.date) and value >= _OLDEST_DATE:
        sheet.write_datetime(row, column, value, style)
    else:
        text = _NO_CELL_SIGN.sub("", str(value))
        if len(text) > LONGEST_TEXT:
            raise UsageError(f"a text of {len(text)} characters fits into no cell; shorten {text[:40]!r} ...")
        if text.startswith(MARKUP):
            # XlsxWriter takes a text in these tags for its own markup and copies it unescaped; cut up it does not.
            sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], style)
        elif text:
            sheet.write_string(row, column, text, style)


def settings_cell(name: str) -> str:
    """Return the cell of the value of a setting, as ``Settings!B5``.

    >>> settings_cell("fleet_name")
    'Settings!B3'
    """
    row = next(row for row, column in enumerate(SETTINGS, _FIRST_SETTING + 1) if column.name == name)
    return f"{SETTINGS_SHEET}!B{row}"


def note_of(column: Column, tr: Translator) -> str:
    """Return the note on a column: meaning, units, bounds and codes."""
    lines = [tr(column.meaning)]
    if column.required:
        lines.append(tr("Required."))
    if len(column.allowed_units) > 1:
        lines.append(f"{tr('Allowed units')}: {', '.join(column.allowed_units)}")
    bounds = bounds_of(column)
    if bounds:
        lines.append(f"{tr('Range')}: {bounds}")
    if column.codes is not None:
        lines.append(f"{tr('Codes')}: {', '.join(column.devices or column.codes.codes)}")
    return "\n".join(lines)


def bounds_of(column: Column) -> str:
    """Return the range of a column in words and its unit; empty where any number goes."""
    if column.low is None or column.high is None:
        return ""
    above = "> " if column.exclusive_low else ""
    number = "{:.0f}" if column.kind == "year" else "{:,.10g}"
    unit = "" if column.unit == "1" or column.kind == "year" else column.unit
    return f"{above}{number.format(column.low)} – {number.format(column.high)} {unit}".rstrip()


def _write_head(sheet: Any, index: int, column: Column, tr: Translator, styles: Mapping[str, Any]) -> None:
    label, style = _label(column, tr)
    sheet.write_string(LABELS, index, label, styles[style])
    note = note_of(column, tr)
    lines = sum(1 + len(line) // 42 for line in note.splitlines())
    sheet.write_comment(LABELS, index, note, {"x_scale": 2.2, "y_scale": max(0.7, 0.26 * lines), "author": ""})
    units = units_list(column)
    if units is None:
        style = styles["unit_fixed"]
        sheet.write_blank(UNITS, index, None, style)
        if column.unit not in ("", COUNT):
            write_word(sheet, UNITS, index, column.unit, style)
    else:
        write_word(sheet, UNITS, index, column.unit, styles["unit"])
        sheet.data_validation(
            UNITS, index, UNITS, index,
            {"validate": "list", "source": f"={units.name}", **_warning(tr, "Choose one of the units of the list.")},
        )  # fmt: skip
    sheet.write_string(NAMES, index, column.name, styles["name"])


def _label(column: Column, tr: Translator) -> tuple[str, str]:
    """Return the label of a column and the style it has: with a star where it is wanted first."""
    if column.required or column.essential:
        return f"{tr(column.label)} {WANTED_SIGN}", "label_wanted"
    return tr(column.label), "label"


def _validate(sheet: Any, area: tuple[int, int, int, int], name: str, column: Column, tr: Translator) -> None:
    """Offer lists and warn of what does not fit; the reader checks again and relies on none of it."""
    offered = values_list(name, column)
    target = _REFERENCES.get(column.name)
    if offered is not None:
        words = tr("This word is not on the list; see the sheet Lists.")
        rule = {"validate": "list", "source": f"={offered.name}", "show_error": offered.closed, **_warning(tr, words)}
    elif target is not None and target != (name, column.name):
        rule = {"validate": "list", "source": f"=ids_{target[0]}", "show_error": False}
    elif column.kind == "year":
        rule = {
            "validate": "integer", "criteria": "between", "minimum": column.low, "maximum": column.high,
            **_warning(tr, "Write a year of four digits."),
        }  # fmt: skip
    elif column.kind == "date":
        rule = {
            "validate": "date", "criteria": ">=", "value": _OLDEST_DATE,
            **_warning(tr, "Write a date, as 2017-12-21."),
        }  # fmt: skip
    elif column.kind == "number":
        rule = {"validate": "decimal", **_bounds(column), **_warning(tr, "Write a number that fits the unit in row 2.")}
    else:
        return
    sheet.data_validation(*area, rule)


def _bounds(column: Column) -> dict[str, Any]:
    """Return the bounds a spreadsheet can check; with a choice of units only the sign is sure."""
    if column.low is not None and column.high is not None and len(column.allowed_units) < 2:
        return {"criteria": "between", "minimum": column.low, "maximum": column.high}
    return {"criteria": ">=", "value": 0 if (column.low or 0) >= 0 and column.low is not None else -1e300}


def _warning(tr: Translator, text: str) -> dict[str, Any]:
    return {"error_type": "warning", "error_title": tr("Please check"), "error_message": tr(text)}


def _colour(sheet: Any, contract: Sheet, bottom: int, styles: Mapping[str, Any]) -> None:
    """Grey out example rows; show which wanted cells are still blank in rows with data."""
    letters = {column.name: xl_col_to_name(index) for index, column in enumerate(contract.columns)}
    row = FIRST + 1
    last = xl_col_to_name(len(letters) - 1)
    if "note" in letters:
        formula = f'=UPPER(LEFT(TRIM(${letters["note"]}{row}),7))="EXAMPLE"'
        rule = {"type": "formula", "criteria": formula, "format": styles["example"], "stop_if_true": True}
        sheet.conditional_format(FIRST, 0, bottom, len(letters) - 1, rule)
    for column in contract.columns:
        group = [c.name for c in contract.columns if column.essential and c.essential == column.essential]
        if not group and not column.required:
            continue
        blank = [f"LEN(${letters[name]}{row})=0" for name in group or [column.name]]
        blank += [f"LEN(setting_{setting.name})=0" for setting in SETTINGS if setting.name == column.name]
        formula = f"=AND({','.join(blank)},COUNTA($A{row}:${last}{row})>0)"
        index = contract.columns.index(column)
        sheet.conditional_format(
            FIRST, index, bottom, index, {"type": "formula", "criteria": formula, "format": styles["wanted"]}
        )


def sheets_of(*, coal: bool = True, cement: bool = True) -> tuple[str, ...]:
    """Return the data sheets of a workbook for one sector or both, in order."""
    left_out = {"Coal_units": not coal, "Cement_kilns": not cement}
    return tuple(name for name in CONTRACT_SHEETS if not left_out.get(name, False))
