"""What surrounds and separates the rows of a table: second tables, totals, words, merged and hidden cells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hginventory.inputs.findings import Finding, finding, grouped
from hginventory.inputs.schema import UNIT_SHEETS, Column, Sheet
from hginventory.vocabulary import fold, names_total
from hginventory.xlsx import RawCell, RawSheet, column_number, letters_of

FILLED_DOWN = "plant"  # the only column whose merged cells have one meaning
_SURE_UNITS = frozenset({"start_year", "latitude"})  # no total has them
_ONE_ROW = "Unmerge them, and write one full row of column names directly above the data."
_LEAST_NUMBERED = 3  # columns that a row of column numbers counts
_LEAST_HEADS = 2  # known names that make a row a header

Cells = Mapping[int, RawCell]


@dataclass(frozen=True)
class Body:
    """Rows of a table that contain data, in order, and what was noted on the way to them."""

    rows: tuple[int, ...]
    findings: tuple[Finding, ...]


def column_name(text: object, names: Mapping[str, str]) -> str | None:
    """Return the column that a head names, None where it names none; labels may carry a star."""
    folded = fold(str(text))
    return names.get(folded) or names.get(folded.rstrip(" *"))


def column_beside(heads: Cells, names: Mapping[str, str]) -> int | None:
    """Return the first column of a second table next to the first, or None.

    It follows a column without a head and names columns that the first table has.
    """
    numbers = sorted(heads)
    for before, number in pairwise(numbers):
        if number == before + 1:
            continue
        first = {column_name(heads[p].value, names) for p in numbers if p < number}
        second = {column_name(heads[p].value, names) for p in numbers if p >= number}
        if (first & second) - {None}:
            return number
    return None


def find_body(raw: RawSheet, sheet: Sheet, first: int, columns: Mapping[int, Column], names: Mapping[str, str]) -> Body:
    """Return the rows of data: up to a second table, without repeated headers, totals and words among the units.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    sheet : Sheet
        Content of the sheet.
    first : int
        First row that can contain data.
    columns : mapping of int to Column
        Column number -> column.
    names : mapping of str to str
        Accepted name, folded -> column name.
    """
    is_units = sheet.name in UNIT_SHEETS
    rows: list[int] = []
    findings: list[Finding] = []
    gaps: list[Finding] = []
    last, in_words = None, False
    for row in (r for r in raw.rows if r >= first):
        cells = raw.rows[row]
        after_gap = last is not None and row > last + 1
        last = row
        heads = _heads(cells, names)
        if heads:
            address = next(iter(cells.values())).address
            if all(column.name in heads and heads[column.name] == p for p, column in columns.items()):
                findings.append(finding("N318", raw.name, address, "the header"))
                continue
            findings.append(finding("E317", raw.name, address, f"a header with {', '.join(heads)}"))
            break
        if is_units:
            total = _total(cells, columns, sheet)
            if total is not None:
                findings.append(finding("E302", raw.name, total.address, str(total.value).strip()))
                continue
            in_words = _is_text_only(cells, columns, after_gap or in_words)
            if in_words:
                cell = next(iter(cells.values()))
                findings.append(finding("E315", raw.name, cell.address, f'"{_short(cell.value)}"'))
                continue
        if after_gap:
            address = next(iter(cells.values())).address
            gaps.append(finding("N314", raw.name, address, "a row below a blank row"))
        rows.append(row)
    return Body(tuple(rows), (*findings, *([grouped(gaps)] if gaps else [])))


def _heads(cells: Cells, names: Mapping[str, str]) -> dict[str, int]:
    """Return column name -> column number of a row that is a header, nothing for any other row."""
    heads: dict[str, int] = {}
    for number, (position, cell) in enumerate(cells.items(), 1):
        name = column_name(cell.value, names) if isinstance(cell.value, str) else None
        if name:
            heads.setdefault(name, position)
        if number - len(heads) > 1:  # most rows of data end here
            return {}
    return heads if len(heads) >= _LEAST_HEADS else {}


def _total(cells: Cells, columns: Mapping[int, Column], sheet: Sheet) -> RawCell | None:
    """Return the cell that names a row as a total; a plant may be called so, but then it has a start or a location."""
    if any(number in columns and columns[number].name in _SURE_UNITS for number in cells):
        return None
    for number, cell in cells.items():
        if isinstance(cell.value, str):
            is_name = number in columns and columns[number].name in (sheet.key, "plant", "unit")
            if names_total(cell.value, alone=not is_name):
                return cell
    return None


def _is_text_only(cells: Cells, columns: Mapping[int, Column], is_apart: bool) -> bool:
    """Return whether a row contains one text and nothing else, apart from the table or of several words."""
    if len(cells) != 1:
        return False
    ((number, cell),) = cells.items()
    is_text = isinstance(cell.value, str) and re.search(r"[^\W\d_]", cell.value) is not None
    return is_text and number in columns and (is_apart or " " in str(cell.value).strip())


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"


def note_column_numbers(raw: RawSheet, first: int, findings: list[Finding]) -> int:
    """Return the first row of data: below a row that counts the columns, as (1), (2), (3), which is noted."""
    cells = raw.rows.get(first, {})
    texts = [str(cell.value).strip().strip("().") for cell in cells.values()]
    if len(texts) < _LEAST_NUMBERED or not all(text.isdecimal() for text in texts):
        return first
    numbers = [int(text) for text in texts]
    if numbers[0] not in (0, 1) or any(after != before + 1 for before, after in pairwise(numbers)):
        return first
    findings.append(finding("N321", raw.name, f"{first}:{first}", f"{texts[0]}, {texts[1]}, {texts[2]} ..."))
    return first + 1


def fill_merged(raw: RawSheet, header: int, first: int, names: Mapping[int, str], findings: list[Finding]) -> RawSheet:
    """Return the sheet with merged plant names written into every row, and note other merged cells as errors.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    header, first : int
        Row of the column names, and first row that can contain data.
    names : mapping of int to str
        Column number -> name of a column of the workbook; of columns that are read.
    findings : list of Finding
        Gets what was noted.
    """
    rows = dict(raw.rows)
    numbers = sorted(rows)
    filled: list[Finding] = []
    end = 0  # of the last area filled down: areas of a sound file do not overlap
    for area in sorted(raw.merged, key=lambda text: bounds(text)[1]):
        left, top, right, bottom = bounds(area)
        if not any(left <= number <= right for number in names):
            continue
        if top <= header <= bottom and (left < right or bottom >= first):
            findings.append(finding("E306", raw.name, area, "merged cells in the row of names", remedy=_ONE_ROW))
            continue
        if bottom < first:
            continue
        cell = rows.get(top, {}).get(left)
        is_name = left == right and names.get(left) == FILLED_DOWN
        if not is_name or top < max(first, end + 1) or cell is None:
            findings.append(finding("E306", raw.name, area, "merged cells"))
            continue
        letter, end = letters_of(left), bottom
        for row in numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]:
            rows[row] = dict(sorted({**rows[row], left: replace(cell, address=f"{letter}{row}")}.items()))
        filled.append(finding("W312", raw.name, area, f'plant "{_short(cell.value)}"'))
    if not filled:
        return raw
    findings.append(grouped(filled))
    return replace(raw, rows=rows)


def note_hidden(raw: RawSheet, body: Sequence[int], names: Mapping[int, str], findings: list[Finding]) -> None:
    """Note hidden rows, columns and sheets; all of them are read."""
    if raw.is_hidden:
        findings.append(finding("W107", raw.name, "", "a hidden sheet"))
    shown = set(body)
    what = "a row hidden by a filter" if raw.is_filtered else "a hidden row"
    hidden = [finding("W305", raw.name, f"{row}:{row}", what) for row in raw.hidden_rows if row in shown]
    if hidden:
        findings.append(grouped(hidden))
    numbers = [number for number in raw.hidden_columns if number in names]
    letters = [letters_of(number) for number in numbers]
    found = [
        finding("W313", raw.name, f"{letter}:{letter}", f"the hidden column {names[number]}")
        for number, letter in zip(numbers, letters, strict=True)
    ]
    if found:
        findings.append(grouped(found))


def nameless_columns(raw: RawSheet, body: Sequence[int], header: int, end: int | None) -> Iterator[Finding]:
    """Yield a finding for each column with values and no head, left of a second table."""
    heads = raw.rows[header].keys()
    seen: set[int] = set()
    for row in body:
        for number in raw.rows[row].keys() - heads - seen:
            seen.add(number)
            if end is None or number < end:
                cell = raw.rows[row][number]
                yield finding(
                    "W303", raw.name, cell.address, "a column with values and no name",
                    remedy="Write its name into the header row if it should be read.",
                )  # fmt: skip


def bounds(area: str) -> tuple[int, int, int, int]:
    """Return first column, first row, last column and last row of a range.

    >>> bounds("B3:AA7")
    (2, 3, 27, 7)
    """
    corners = [(column_number(letters), int(row)) for letters, row in re.findall(r"([A-Z]+)(\d+)", area)]
    return (*corners[0], *corners[-1])
