"""Whether the cells of the column `confirmed` name columns of their sheet."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from hginventory.inputs.checks.slips import fuel_address
from hginventory.inputs.findings import CONFIRMABLE, Finding, finding
from hginventory.inputs.fleet import SHEET_OF, Fleet, as_records, confirmed_columns
from hginventory.inputs.schema import SHEETS
from hginventory.translations import TranslatableText

_EXAMPLE = "capacity_gross"


def check_confirmations(
    fleet: Fleet, rows: Mapping[str, Mapping[str, Any]], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield the words of the column ``confirmed`` that name no column, of units and of fuels.

    Parameters
    ----------
    fleet : Fleet
        Gives the addresses of cells.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    found : sequence of Finding
        What was noted on the numbers; the columns that it is about are those to name.
    """
    odd = {(one.unit_id, one.sheet, one.cell) for one in found if one.code in CONFIRMABLE}
    for unit, row in rows.items():
        yield from _of_row(unit, row["confirmed"], SHEET_OF[row["sector"]], partial(fleet.address, unit), odd)
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        yield from _of_row(fuel, row["confirmed"], "Fuels", partial(fuel_address, fleet, fuel), odd)


def _of_row(
    key: str, cell: object, kind: str, address: Callable[[str], tuple[str, str]], odd: set[tuple[str, str, str]]
) -> Iterator[Finding]:
    columns = [column.name for column in SHEETS[kind].columns if column.kind == "number"]
    for name in confirmed_columns(cell):
        if name in columns:
            continue
        near = difflib.get_close_matches(name, columns, n=1)
        remedy = TranslatableText(
            "Name the columns of this row whose value was checked and is right, such as {columns}.",
            columns="; ".join(one for one in columns if (key, *address(one)) in odd) or _EXAMPLE,
        )  # fmt: skip
        yield finding(
            "E203", *address("confirmed"), repr(name), unit=key,
            remedy=f"Did you mean {near[0]}?" if near else remedy,
        )  # fmt: skip
