"""The lists behind the drop-downs, and the sheet Lists that contains them under names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from hginventory.inputs.parsing import country_names, local_country_name
from hginventory.inputs.schema import CONTRACT_SHEETS, SETTINGS, SETTINGS_SHEET, Column
from hginventory.translations import Translator
from hginventory.vocabulary import NONE, UNKNOWN, CodeList

YES_NO = CodeList("yes or no", {"yes": "yes", "no": "no"})
TRAIN_WORDS: Mapping[str, str] = {NONE: "nothing is installed", UNKNOWN: "not known"}
_FIRST_ROW = 2  # below the title and the name of the list, counted from 0


@dataclass(frozen=True)
class DropDown:
    """A list of words offered in cells.

    Attributes
    ----------
    name : str
        Name of the range.
    title : str
        What the words are, in English.
    words : mapping of str to str
        Word -> meaning in English; units and suggestions have an empty one.
    closed : bool
        Whether another word deserves a warning; several devices or ids may be joined in one cell.
    """

    name: str
    title: str
    words: Mapping[str, str]
    closed: bool = True


def values_list(sheet: str, column: Column) -> DropDown | None:
    """Return the list of the cells of a column, None where any text or number is allowed."""
    if column.kind == "boolean":
        return DropDown("list_yes_no", YES_NO.name, YES_NO.meanings)
    if column.kind == "country":
        return DropDown("list_country", "country", country_names())
    if column.kind == "code" and column.codes is not None:
        return DropDown(_range_name("list", column.codes.name), column.codes.name, column.codes.meanings)
    if column.kind == "train" and column.codes is not None:
        devices = {code: column.codes.meanings[code] for code in column.devices or column.codes.codes}
        return DropDown(_range_name("list", column.name), column.label, {**devices, **TRAIN_WORDS}, closed=False)
    if column.suggestions:
        name = _range_name("units_of", sheet) if column.name == "unit" else _range_name("list", column.name)
        return DropDown(name, column.label, dict.fromkeys(column.suggestions, ""), closed=False)
    return None


def units_list(column: Column) -> DropDown | None:
    """Return the list of units of a column; None where there is nothing to choose."""
    if len(column.allowed_units) < 2:
        return None
    words = dict.fromkeys(column.allowed_units, "")
    return DropDown(_range_name("units", *column.allowed_units), "unit of measure", words)


def drop_downs(sheets: Iterable[str]) -> list[DropDown]:
    """Return every list that the sheets and the settings use, each once."""
    columns = [(SETTINGS_SHEET, column) for column in SETTINGS]
    columns += [(sheet, column) for sheet in sheets for column in CONTRACT_SHEETS[sheet].columns]
    found: dict[str, DropDown] = {}
    for sheet, column in columns:
        for drop_down in (values_list(sheet, column), units_list(column)):
            if drop_down is not None and found.setdefault(drop_down.name, drop_down).words != drop_down.words:
                raise ValueError(f"two lists have the name {drop_down.name}")
    return list(found.values())


def write_lists(book: Any, sheet: Any, lists: Iterable[DropDown], tr: Translator, styles: Mapping[str, Any]) -> None:
    """Write the lists side by side, each word with its meaning, and name their ranges."""
    index = 0
    for drop_down in lists:
        words = {word: _in_words(drop_down, word, meaning, tr) for word, meaning in drop_down.words.items()}
        title = tr(drop_down.title)
        sheet.write_string(0, index, title[:1].upper() + title[1:], styles["label"])
        sheet.write_string(1, index, drop_down.name, styles["name"])
        sheet.set_column(index, index, max(14, len(drop_down.name), len(title) + 2, *(len(word) + 2 for word in words)))
        for row, word in enumerate(words, _FIRST_ROW):
            write_word(sheet, row, index, word, styles["cell_left"])
        column = xl_col_to_name(index)
        book.define_name(drop_down.name, f"=Lists!${column}${_FIRST_ROW + 1}:${column}${_FIRST_ROW + len(words)}")
        index += 1
        if any(words.values()):
            sheet.write_string(0, index, tr("Meaning"), styles["label"])
            sheet.write_blank(1, index, None, styles["name"])
            sheet.set_column(index, index, max(len(meaning) for meaning in words.values()))
            for row, meaning in enumerate(words.values(), _FIRST_ROW):
                sheet.write_string(row, index, meaning, styles["cell_left"])
            index += 1
    sheet.freeze_panes(_FIRST_ROW, 0)


def write_word(sheet: Any, row: int, column: int, word: str, style: Any) -> None:
    """Write a word of a list; the unit 1 as a number, as a spreadsheet stores it when chosen."""
    if word == "1":
        sheet.write_number(row, column, 1, style)
    else:
        sheet.write_string(row, column, word, style)


def _in_words(drop_down: DropDown, word: str, meaning: str, tr: Translator) -> str:
    if drop_down.name == "list_country":
        return local_country_name(word, meaning, tr.language)
    return tr(meaning) if meaning else ""


def _range_name(kind: str, *parts: str) -> str:
    """Return a name that spreadsheets accept for a range.

    >>> _range_name("units", "mg/kg", "%")
    'units_mg_kg_pct'
    """
    words = [re.sub(r"\W+", "_", part.replace("%", "pct")).strip("_").casefold() for part in parts]
    return "_".join([kind, *words])
