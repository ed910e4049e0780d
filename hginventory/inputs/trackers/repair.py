"""Imported rows that break rules of the workbook: a cell is cleared or a row left out, and both are reported."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hginventory.errors import UsageError
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.schema import AMOUNT_COLUMNS
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.report import LeftOut
from hginventory.vocabulary import STATUSES

_CELL = re.compile(r"(\w+)\[(\d+)\]")
ROW = re.compile(r"\[(\d+)\]")
SIZES = (  # of a coal unit and of a kiln; one of them is needed to compute it
    ("capacity_gross", "capacity_net", *AMOUNT_COLUMNS),
    ("clinker_capacity", "cement_capacity", "clinker_output", "measured_air"),
)
NO_SIZE = "no capacity is given"
ODD_SIZE = "the capacity is outside what one unit can have"
NO_COUNTRY = "the country is not known"
NO_STATUS = "the status is not known"
NO_ID = "the id cannot be read"
TOTAL = "the row looks like a total"
_WHOLE_ROW = {"E403": NO_SIZE, "E206": NO_COUNTRY, "E215": NO_COUNTRY, "E302": TOTAL}


def repair(
    drafts: Sequence[DraftUnit], errors: Sequence[Finding]
) -> tuple[list[DraftUnit], list[Finding], list[LeftOut]]:
    """Return the drafts without what the rules refuse, the values refused, and the rows left out.

    Parameters
    ----------
    drafts : sequence of DraftUnit
        Rows as converted; the values refused are taken out of them.
    errors : sequence of Finding
        Errors of the fleet made of them.
    """
    by_row = {draft.row.number: draft for draft in drafts}
    refused: list[Finding] = []
    left_out: dict[int, LeftOut] = {}
    for error in errors:
        row = ROW.search(error.cell)
        draft = by_row.get(int(row[1])) if row else None
        if draft is None:
            raise UsageError(f"the table cannot be imported: {error.message}")
        reason = _WHOLE_ROW.get(error.code) or _refuse(draft, error, refused)
        if reason:
            left_out.setdefault(draft.row.number, leave_out(draft, reason))
    kept = [draft for draft in drafts if draft.row.number not in left_out]
    return kept, refused, list(left_out.values())


def _refuse(draft: DraftUnit, error: Finding, refused: list[Finding]) -> str:
    """Take a value out of a draft; return why the whole row must go, or nothing."""
    cell = _CELL.fullmatch(error.cell)
    column = cell[1] if cell else ""
    if error.code == "E301":
        _rename(draft)
        refused.append(_on_tracker(error, draft, "W808"))
        return ""
    if column not in draft.values:
        raise UsageError(f"the table cannot be imported: {error.message}")
    if column == "unit_id":
        return NO_ID
    value = draft.values.pop(column)
    if column == "status":  # blank would be read as operating
        return NO_STATUS
    draft.notes.append(f"{column} in the source: {value}; not used: {error.allowed}.")
    refused.append(_on_tracker(error, draft, "W807"))
    sizes = next((names for names in SIZES if column in names), ())
    return ODD_SIZE if sizes and not any(name in draft.values for name in sizes) else ""


def _rename(draft: DraftUnit) -> None:
    """Give the second row of an id a name of its own."""
    given = draft.values["unit_id"]
    draft.values["unit_id"] = f"{given} (row {draft.row.number})"
    draft.notes.append(f"Id in the source: {given}, which is given twice.")


def leave_out(draft: DraftUnit, reason: str) -> LeftOut:
    """Return the record of a row that becomes no unit."""
    names = [draft.values.get(name) for name in ("unit_id", "plant", "unit")]
    location = f"{draft.table.sheet}!{draft.row.number}:{draft.row.number}"
    emits = STATUSES.match(str(draft.values.get("status", "operating"))) == "operating"
    is_missing = emits and reason in (NO_SIZE, ODD_SIZE)
    return LeftOut(location, " ".join(str(name) for name in names if name), reason, is_missing)


def _on_tracker(error: Finding, draft: DraftUnit, code: str) -> Finding:
    """Return a finding on the row of the tracker."""
    unit = str(draft.values["unit_id"])
    rows = f"{draft.row.number}:{draft.row.number}"
    return finding(code, draft.table.sheet, rows, error.found, unit=unit, allowed=error.allowed)
