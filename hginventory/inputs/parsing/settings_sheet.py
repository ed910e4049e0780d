"""The sheet Settings: one name and one value per row."""

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
from hginventory.translations import TranslatableText, languages, translator
from hginventory.vocabulary import fold
from hginventory.xlsx import RawSheet

_LEAST_LABELS = 2  # of one language, that tell the language of a template


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
    settings = _language(raw)
    head, key_column, value_column = _setting_columns(raw)
    for cells in (cells for row, cells in raw.rows.items() if row > head):
        key_cell, value_cell = cells.get(key_column), cells.get(value_column)
        if key_cell is None or value_cell is None:
            continue
        name = names.get(fold(str(key_cell.value)), "")
        if not name:
            near = difflib.get_close_matches(fold(str(key_cell.value)), names, n=1)
            remedy = (
                TranslatableText("Did you mean {near}?", near=names[near[0]])
                if near
                else TranslatableText("Known: {known}.", known=", ".join(columns))
            )
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


def _language(raw: RawSheet) -> dict[str, Setting]:
    """Return the language of the template, recognised by the labels of the sheet; nothing for English."""
    words = {fold(str(cell.value)).rstrip(" *"): cell for cells in raw.rows.values() for cell in cells.values()}
    best: tuple[int, str, str] = (_LEAST_LABELS - 1, "", "")
    for language in languages():
        say = translator(language)
        labels = {fold(say(column.label)) for column in SETTINGS if say(column.label) != column.label}
        met = [words[label].address for label in labels & words.keys()]
        best = max(best, (len(met), language, met[0] if met else ""), key=lambda one: one[0])
    return {"language": Setting(best[1], f"{raw.name}!{best[2]}")} if best[1] else {}
