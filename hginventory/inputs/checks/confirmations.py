"""Whether the cells of the column `confirmed` name columns of their sheet."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from hginventory.inputs.findings import Finding, finding, sheet_and_cell
from hginventory.inputs.fleet import Fleet, as_records, confirmed_columns
from hginventory.inputs.schema import SHEETS
from hginventory.translations import TranslatableText
from hginventory.vocabulary import COAL_POWER

_MOST_NAMED = 4  # columns that a message names


def check_confirmations(fleet: Fleet, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield the words of the column ``confirmed`` that name no column, of units and of fuels.

    Parameters
    ----------
    fleet : Fleet
        Gives the addresses of cells.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    """
    for unit, row in rows.items():
        kind = "Coal_units" if row["sector"] == COAL_POWER else "Cement_kilns"
        yield from _of_row(unit, row, kind, fleet.address(unit, "confirmed"))
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        yield from _of_row(fuel, row, "Fuels", sheet_and_cell(fleet.fuel_cell(fuel, "confirmed") or "Fuels!"))


def _of_row(key: str, row: Mapping[str, Any], kind: str, address: tuple[str, str]) -> Iterator[Finding]:
    """Yield what is no column, with the column that it resembles, else with those of the row that hold a number."""
    columns = {column.name: column for column in SHEETS[kind].columns}
    for name in confirmed_columns(row["confirmed"]):
        if name in columns:
            continue
        near = difflib.get_close_matches(name, columns, n=1)
        filled = [n for n, column in columns.items() if column.kind == "number" and row[n] == row[n]]
        remedy = TranslatableText(
            "Name the columns of this row whose value was checked and is right, such as {columns}.",
            columns="; ".join(filled[:_MOST_NAMED]) or "hg_coal",
        )  # fmt: skip
        yield finding(
            "E203", *address, repr(name), unit=key,
            remedy=f"Did you mean {near[0]}?" if near else remedy,
        )  # fmt: skip
