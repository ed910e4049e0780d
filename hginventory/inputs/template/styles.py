"""How the cells of a workbook look. Every colour also has a word or a sign, so that none is needed to understand it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hginventory.inputs.schema import Column

WANTED_SIGN = "*"  # beside the label of a column that is wanted first, whatever its colour
YELLOW, BLUE, GREY, DARK_GREY = "#FFF2CC", "#E3EEF9", "#EDEDED", "#6B6B6B"
TEXT_FORMAT = "@"  # so that no spreadsheet turns an id like 1-2 into a date
_EDGE = {"border": 1, "border_color": "#BFBFBF"}
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", **_EDGE}
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "bottom": 1},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "label": _HEAD,
    "label_wanted": {**_HEAD, "bg_color": YELLOW},
    "unit": {**_EDGE, "bg_color": BLUE, "locked": False, "align": "center"},
    "unit_fixed": {**_EDGE, "bg_color": GREY, "font_color": DARK_GREY, "align": "center"},
    "name": {**_EDGE, "bg_color": GREY, "font_color": DARK_GREY, "font_size": 9},
    "input": {**_EDGE, "locked": False, "text_wrap": True, "valign": "top", "align": "left"},
    "input_date": {**_EDGE, "locked": False, "num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "wanted": {**_EDGE, "bg_color": YELLOW},
    "example": {"font_color": DARK_GREY, "italic": True},
    "cell": {**_EDGE, "text_wrap": True, "valign": "top"},
    "cell_left": {**_EDGE, "valign": "top", "align": "left"},
    # cells of data by kind of column; the whole column has the format, so that new rows have it too
    "text": {"locked": False, "num_format": TEXT_FORMAT},
    "number": {"locked": False},
    "year": {"locked": False, "num_format": "0"},
    "date": {"locked": False, "num_format": "yyyy-mm-dd"},
    "free": {"locked": False},
}
_KIND_STYLES = {"number": "number", "year": "year", "date": "date"}
_WIDTHS = {
    "unit_id": 18, "plant": 32, "owner": 28, "admin1": 20, "fuel_id": 16, "fuels": 24, "source_id": 20, "note": 44,
    "citation": 60,
    "url": 36, "description": 50, "select": 44, "reason": 36, "factor_id": 34, "method": 16, "supplier": 22,
    "target": 18,
}  # fmt: skip
_NARROWEST = 12
LINE_HEIGHT = 15.0  # points
_ARROW = 4  # characters that the arrow of the filter hides


def formats(book: Any) -> dict[str, Any]:
    """Return the formats of a workbook by name; they belong to that workbook."""
    return {name: book.add_format(dict(style)) for name, style in _STYLES.items()}


def height_of(text: str, width: float) -> float:
    """Return the height of a row [points] that shows a wrapped text in a column of a width [characters]."""
    lines = sum(1 + int(len(line) / (1.05 * width)) for line in text.split("\n"))
    return LINE_HEIGHT * lines


def style_of(column: Column) -> str:
    """Return the name of the format of a data cell."""
    return _KIND_STYLES.get(column.kind, "text")


def width_of(column: Column) -> float:
    """Return the width of a column [characters]: room for its codes, its name and the arrow of the filter."""
    codes = column.codes.codes if column.kind == "code" and column.codes else ()
    longest = max((len(code) + 2 for code in codes), default=0)
    return float(max(_NARROWEST, _WIDTHS.get(column.name, 0), len(column.name) + _ARROW, longest))
