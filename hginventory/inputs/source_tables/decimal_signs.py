"""Which decimal sign a table uses for numbers stored as text: shown by its cells, set by the user, or asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.parsing import Problem, read_number, shown_sign
from hginventory.xlsx import RawCell, RawSheet

REMEDY = "Set `decimal_sign` to point or comma, or store the numbers as numbers."


@dataclass
class _Shown:
    """What the cells of a column show: by sign the first cell that shows it, and the first that may have either."""

    signs: dict[str, RawCell] = field(default_factory=dict)
    either: RawCell | None = None


def decimal_signs(
    raw: RawSheet, body: Iterable[int], numbers: Mapping[int, str], usual: str | None
) -> tuple[dict[str, str | None], dict[str, str], list[Finding]]:
    """Return the decimal sign of each column of numbers, the cell that shows each sign, and what is in doubt.

    A column shows its own sign. One that shows none takes that of the others, if they agree, else the usual one.

    Parameters
    ----------
    raw : RawSheet
        Cells.
    body : iterable of int
        Rows of data.
    numbers : mapping of int to str
        Column number -> folded name, of the columns that contain numbers.
    usual : str or None
        ``point`` or ``comma`` where no cell shows a sign; None: not known.
    """
    columns = {number: _Shown() for number in numbers}
    for row in body:
        for number, cell in raw.rows[row].items():
            if number in columns and isinstance(cell.value, str):
                _look(columns[number], cell)
    shown: dict[str, str] = {}
    for column in columns.values():
        for one, cell in column.signs.items():
            shown.setdefault(one, cell.address)
    of_all = next(iter(shown)) if len(shown) == 1 else None if shown else usual
    signs: dict[str, str | None] = {}
    doubts = []
    for number, column in columns.items():
        own = list(column.signs)
        signs[numbers[number]] = sign = own[0] if len(own) == 1 else None if own else of_all
        if len(own) > 1:
            found = " and ".join(f'"{cell.value}" in {cell.address}' for cell in column.signs.values())
            allowed = "one column shows a decimal point and a decimal comma"
            doubts.append(
                finding("E207", raw.name, column.signs[own[0]].address, found, allowed=allowed, remedy=REMEDY)
            )
        elif sign is None and column.either is not None:
            cell = column.either
            doubts.append(finding("E207", raw.name, cell.address, f'"{cell.value}"', remedy=REMEDY))
    return signs, shown, doubts


def _look(column: _Shown, cell: RawCell) -> None:
    sign = shown_sign(cell.value)
    if sign is not None:
        column.signs.setdefault(sign, cell)
    elif column.either is None and ("," in cell.value or "." in cell.value):
        read = read_number(cell.value, "", None)
        if isinstance(read, Problem) and read.code == "E207":
            column.either = cell
