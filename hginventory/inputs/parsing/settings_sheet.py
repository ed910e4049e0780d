"""The sheet Settings: one name and one value a row."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.parsing.cell_values import parse_cell
from hginventory.inputs.parsing.records import cell_finding
from hginventory.inputs.schema import SETTINGS
from hginventory.vocabulary import fold
from hginventory.xlsx import RawSheet


@dataclass(frozen=True)
class Setting:
    """A value of the sheet Settings and its cell."""

    value: Any
    cell: str


def read_settings(raw: RawSheet | None, findings: list[Finding]) -> dict[str, Setting]:
    """Return the settings of a workbook by name, and note what could not be read.

    Parameters
    ----------
    raw : RawSheet or None
        The sheet, if there is one.
    findings : list of Finding
        Takes what is noted.
    """
    if raw is None:
        return {}
    columns = {column.name: column for column in SETTINGS}
    names = {fold(text): column.name for column in SETTINGS for text in (column.name, column.label)}
    settings: dict[str, Setting] = {}
    head, key_column, value_column = _setting_columns(raw)
    for cells in (cells for row, cells in raw.rows.items() if row > head):
        key_cell, value_cell = cells.get(key_column), cells.get(value_column)
        if key_cell is None or value_cell is None:
            continue
        name = names.get(fold(str(key_cell.value)), "")
        if not name:
            near = difflib.get_close_matches(fold(str(key_cell.value)), names, n=1)
            remedy = f"Did you mean {names[near[0]]}?" if near else f"Known: {', '.join(columns)}."
            found = f"setting {str(key_cell.value)!r}"
            findings.append(finding("W303", raw.name, key_cell.address, found, remedy=remedy))
            continue
        parsed = parse_cell(value_cell, columns[name], columns[name].unit, "point")
        findings += [cell_finding(raw.name, value_cell.address, columns[name], problem) for problem in parsed.problems]
        if parsed.value is not None:
            settings[name] = Setting(parsed.value, f"{raw.name}!{value_cell.address}")
    return settings


def _setting_columns(raw: RawSheet) -> tuple[int, int, int]:
    """Return the row of heads and the columns of names and values: those headed so, else the first two.

    The template heads its labels with "setting" and its stable names with "name", so "name" is looked for first.
    """
    for wanted in ("name", "setting"):
        for row, cells in raw.rows.items():
            heads = {fold(str(cell.value)): number for number, cell in cells.items()}
            if {wanted, "value"} <= heads.keys():
                return row, heads[wanted], heads["value"]
    return 0, 1, 2


def base_year_of(settings: Mapping[str, Any]) -> int:
    """Return the year in which a fleet of these settings is seen: its base year, else its data year, else this one."""
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    given = (settings.get(name) for name in ("base_year", "data_year"))
    return next((int(year) for year in given if isinstance(year, int | float)), this_year)
