"""Which state a row is in: the words of its cell, its years, the name of its list, or a year of the past."""

from __future__ import annotations

import re

from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.vocabulary import STATUSES, fold

ALL = "all"
NOT_BY_DEFAULT = ("shelved", "cancelled")  # units that were never built are no part of an inventory
DID_NOT_RUN = "it did not run in the year asked for"
END_UNKNOWN = "it is retired, and the source does not say since when"
_INFERRED = re.compile(r"\s*[-\u2013(]\s*inferred\b.*")  # as in "cancelled - inferred 4 y"
_NAME_WORDS = re.compile(r"[^\W\d_]+")
_LIST_WORDS = frozenset(
    {
        "retirements", "retirement", "closures", "decommissioning", "decommissionings", "fermetures", "fermés",
        "fermées", "cierres", "retirados", "retiradas", "bajas", "desativados", "desativadas", "stillgelegte",
        "stillgelegten", "stilllegungen", "wycofane", "zamknięte", "закрытые", "выведенные", "kapatılan",
    }
)  # fmt: skip
_NEGATIONS = frozenset({"not", "non", "no", "un", "excluding", "without", "except"})


def status_of(text: str) -> str:
    """Return the status of a cell in our codes, else the text unchanged.

    >>> [status_of(text) for text in ("Operating ", "cancelled - inferred 4 y", "en construcción", "asleep")]
    ['operating', 'cancelled', 'construction', 'asleep']
    """
    word = _INFERRED.sub("", fold(text))
    return STATUSES.match(word) or word


def lists_retired_units(table: SourceTable) -> bool:
    """Return whether the name of the sheet, else that of the file, says that the units of a table are retired."""
    for name in (table.sheet, table.path.stem):
        words = {fold(word) for word in _NAME_WORDS.findall(name)}
        states = {"retired" if word in _LIST_WORDS else STATUSES.match(word) for word in words}
        if states & {*STATUSES.codes} and not words & _NEGATIONS:
            return states & {*STATUSES.codes} == {"retired"}
    return False


def settle_status(draft: DraftUnit, base_year: int, is_list_of_retired: bool) -> None:
    """Set the status of a row whose source gives none and yet says that the unit is retired.

    A year of retirement before the base year says so; or the name of the list, where no later year contradicts it.

    Parameters
    ----------
    draft : DraftUnit
        A row as converted.
    base_year : int
        Year in which the fleet is seen.
    is_list_of_retired : bool
        Whether the sheet or the file is named so.
    """
    if draft.is_status_stated and "status" in draft.values:
        return
    end = _year(draft, "planned_retirement")
    if end is not None and end < base_year:
        draft.note("W821", "", f"planned_retirement {end}")
    elif is_list_of_retired and end is None:
        draft.note("W821", "", f"sheet {draft.table.sheet!r} of {draft.table.path.name}")
    else:
        return
    draft.values["status"] = "retired"


def see_in_year(draft: DraftUnit, year: int) -> None:
    """Give a row the state it had in a year, or leave it out where it did not run then.

    A unit ran if it operates or is retired today, had started by then and was not retired before. A unit without a
    start year counts as started. One that is mothballed today stays so, as the source does not say since when.
    """
    status = STATUSES.match(str(draft.values.get("status", "operating")))
    start, end = _year(draft, "start_year"), _year(draft, "planned_retirement")
    reason = ""
    if status not in ("operating", "retired", "mothballed") or (start is not None and start > year):
        reason = DID_NOT_RUN
    elif status == "retired":
        reason = END_UNKNOWN if end is None else DID_NOT_RUN if end < year else ""
    draft.left_out = draft.left_out or reason
    if status == "retired" and not reason:
        draft.values["status"] = "operating"
        draft.notes.append("Retired since.")


def _year(draft: DraftUnit, name: str) -> int | None:
    value = draft.values.get(name)
    return int(value) if isinstance(value, int | float) else None
