"""The contract of the workbook as JSON Schema, for programs that make fleets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hginventory.inputs.schema.column import Column
from hginventory.inputs.schema.contract import CONTRACT_SHEETS, SCHEMA_VERSION, SETTINGS_SHEET
from hginventory.inputs.schema.other_sheets import SETTINGS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"number": "number", "year": "integer", "boolean": "boolean"}


def workbook_schema() -> dict[str, Any]:
    """Return the JSON Schema of a workbook: an object with one array of rows a sheet, and one object of settings.

    Numbers are in the unit of ``x-unit``; ``x-units`` are those that a workbook may state instead. A blank cell is
    null or left out.

    Examples
    --------
    >>> workbook_schema()["properties"]["Coal_units"]["items"]["properties"]["hg_coal"]["x-unit"]
    'mg/kg'
    """
    sheets = {
        sheet.name: {"type": "array", "description": sheet.meaning, "items": _rows(sheet.columns)}
        for sheet in CONTRACT_SHEETS.values()
    }
    return {
        "$schema": DIALECT,
        "title": "Fleet workbook of hginventory",
        "x-version": SCHEMA_VERSION,
        "type": "object",
        "properties": {SETTINGS_SHEET: _rows(SETTINGS), **sheets},
        "additionalProperties": False,
    }


def _rows(columns: Iterable[Column]) -> dict[str, Any]:
    columns = tuple(columns)
    required = [column.name for column in columns if column.required]
    return {
        "type": "object",
        "properties": {column.name: _cell(column) for column in columns},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _cell(column: Column) -> dict[str, Any]:
    kind = _TYPES.get(column.kind, "string")
    cell: dict[str, Any] = {"title": column.label, "description": column.meaning}
    cell["type"] = kind if column.required else [kind, "null"]
    if column.kind == "code" and column.codes is not None:
        cell["enum"] = [*column.codes.codes, *([] if column.required else [None])]
    if column.kind == "train" and column.codes is not None:
        cell["x-devices"] = list(column.devices or column.codes.codes)
    if column.codes is not None:
        cell["x-codes"] = dict(column.codes.meanings)
    if column.kind == "date":
        cell["format"] = "date"
    if column.kind == "country":
        cell["description"] += " In JSON: the ISO code."
        cell["pattern"] = "^[A-Z]{3}$"
    if column.low is not None:
        cell["exclusiveMinimum" if column.exclusive_low else "minimum"] = column.low
    if column.high is not None:
        cell["maximum"] = column.high
    if column.unit:
        cell["x-unit"] = column.unit
    if len(column.allowed_units) > 1:
        cell["x-units"] = list(column.allowed_units)
    if column.suggestions:
        cell["examples"] = list(column.suggestions)
    if column.essential:
        cell["x-wanted"] = column.essential
    if column.aliases:
        cell["x-aliases"] = list(column.aliases)
    return cell
