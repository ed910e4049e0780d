"""What a sheet does to the cells that are read: merged, hidden, in error, without a result, misread."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hginventory.inputs.findings import Finding, finding, grouped
from hginventory.inputs.parsing import (
    Problem,
    fill_merged,
    nameless_columns,
    note_column_numbers,
    note_hidden,
    read_number,
)
from hginventory.inputs.source_tables.encodings import misread
from hginventory.vocabulary import MISSING_WORDS, UNKNOWN, fold
from hginventory.xlsx import RawCell, RawSheet

_ERROR = re.compile(r"#[A-Z/0!?_]+")
_BOUNDS = "<>~≤≥"
_NO_VALUE = frozenset({*MISSING_WORDS, UNKNOWN, "not found"})


def checked_sheet(
    raw: RawSheet, header: int, names: Mapping[int, str], numbers: frozenset[int]
) -> tuple[RawSheet, tuple[int, ...], list[Finding]]:
    """Return the sheet with merged plant names filled down, its rows of data, and what was noted.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    header : int
        Row of the column names.
    names : mapping of int to str
        Number -> name of the columns that are read; ``plant`` for those of plant names.
    numbers : frozenset of int
        Those of them that contain numbers or years.
    """
    findings: list[Finding] = []
    first = note_column_numbers(raw, header + 1, findings)
    raw = fill_merged(raw, header, first, names, findings)
    body = tuple(row for row in raw.rows if row >= first)
    if body:
        findings += _second_header(raw, body[0], numbers)
    note_hidden(raw, body, names, findings)
    findings += _cells(raw, body, names)
    findings += nameless_columns(raw, body, header, None)
    return raw, body, findings


def _second_header(raw: RawSheet, row: int, numbers: frozenset[int]) -> list[Finding]:
    """Return the finding on a first row that has words where numbers are expected, and no number at all."""
    cells = raw.rows[row]
    words = [cell for number, cell in cells.items() if number in numbers and _is_word(cell.value)]
    if not words or any(_is_number(cell.value) for cell in cells.values()):
        return []
    return [finding("E322", raw.name, words[0].address, ", ".join(f'"{cell.value}"' for cell in words[:3]))]


def _is_word(value: object) -> bool:
    if not isinstance(value, str) or fold(value) in _NO_VALUE or value.strip()[:1] in _BOUNDS:
        return False
    return any(sign.isalpha() for sign in value) and not any(sign.isdigit() for sign in value)


def _is_number(value: object) -> bool:
    return not isinstance(value, str) or not isinstance(read_number(value, "", "point"), Problem)


def _cells(raw: RawSheet, body: Sequence[int], names: Mapping[int, str]) -> list[Finding]:
    """Return what was noted on single cells, one finding a kind and column."""
    found: dict[tuple[str, int], list[Finding]] = {}

    def add(code: str, number: int, cell: RawCell, text: str) -> None:
        found.setdefault((code, number), []).append(finding(code, raw.name, cell.address, f"{names[number]} {text}"))

    for row in body:
        for number, cell in raw.rows[row].items():
            if number not in names:
                continue
            value = cell.value
            if cell.is_formula and value is None:
                add("E205", number, cell, cell.formula or "a formula")
            elif isinstance(value, str):
                if value.startswith("#") and _ERROR.fullmatch(value.strip()):
                    add("E204", number, cell, value.strip())
                elif misread(value):
                    add("W820", number, cell, f'"{value.strip()}"')
            elif cell.is_formula:
                add("W210" if value == 0 else "W209", number, cell, cell.formula or "a formula")
    return [grouped(alike) for alike in found.values()]
