"""Odd values that the user checked: the column `confirmed` of a row names them, and they are used as they is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from hginventory.inputs.findings import CODES, CONFIRMABLE, Finding, grouped, ungrouped
from hginventory.inputs.fleet.cells import is_blank
from hginventory.inputs.fleet.fleet import Fleet


def confirmed_columns(cell: object) -> tuple[str, ...]:
    """Return the columns that a cell of the column ``confirmed`` names, separated by semicolons or commas.

    >>> confirmed_columns("hg_coal; capacity_gross"), confirmed_columns(None)
    (('hg_coal', 'capacity_gross'), ())
    """
    return () if is_blank(cell) else tuple(filter(None, re.split(r"[;,\s]+", str(cell))))


def settled(findings: Iterable[Finding], fleet: Fleet) -> list[Finding]:
    """Return findings in which those on a confirmed value are notes (``N440``); of other codes none changes.

    Parameters
    ----------
    findings : iterable of Finding
        One finding may stand for several.
    fleet : Fleet
        Its units, fuels and single years say what is confirmed.
    """
    cells = _confirmed_cells(fleet)
    if not cells:
        return list(findings)
    kept: list[Finding] = []
    confirmed: list[Finding] = []
    for one in findings:
        parts = list(ungrouped([one])) if one.code in CONFIRMABLE else []
        right = [part for part in parts if (part.unit_id, f"{part.sheet}!{part.cell}") in cells]
        confirmed += [replace(part, code="N440", allowed=CODES["N440"].meaning, remedy=CODES["N440"].remedy, fix=None)
                      for part in right]  # fmt: skip
        rest = [part for part in parts if part not in right] if right else []
        kept += [one] if not right else [grouped(rest)] if rest else []
    return [*kept, *([grouped(confirmed)] if confirmed else [])]


def _confirmed_cells(fleet: Fleet) -> set[tuple[str, str]]:
    """Return the confirmed cells as pairs of unit or fuel and address; rows of the sheet Activity have one each."""
    cells: set[tuple[str, str]] = set()
    for unit, cell in fleet.units["confirmed"].dropna().items():
        cells |= {(str(unit), "!".join(fleet.address(str(unit), column))) for column in confirmed_columns(cell)}
    for fuel, cell in fleet.fuels["confirmed"].dropna().items():
        cells |= {(str(fuel), str(fleet.fuel_cell(str(fuel), column))) for column in confirmed_columns(cell)}
    rows = fleet.activity[fleet.activity["confirmed"].notna()]
    return cells | set(zip(rows["unit_id"].astype(str), rows["cell"].astype(str), strict=True))
