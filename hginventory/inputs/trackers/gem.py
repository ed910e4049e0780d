"""What the trackers of Global Energy Monitor have in common: release, licence, source row."""

from __future__ import annotations

import re

from hginventory.inputs.fleet import CC_BY
from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers.releases import Release, find_release

PUBLISHER = "Global Energy Monitor"
_OPEN_LICENCE = re.compile(r"creative commons attribution 4\.0|cc[ -]by[ -]4\.0", re.IGNORECASE)
FIRST_OPEN_RELEASE = (2023, 1)  # earlier files carry other terms on their sheet About


def licence(table: SourceTable, release: Release | None) -> str:
    """Return the terms of use: those of the file, else those published with the release."""
    if any(_OPEN_LICENCE.search(text) for text in table.words):
        return CC_BY
    if table.words and any("copyright" in text.casefold() or "©" in text for text in table.words):
        return "Copyright Global Energy Monitor; see the sheet About of the file before passing data on"
    if release and (release.year, release.month) >= FIRST_OPEN_RELEASE:
        return f"{CC_BY}, as the publisher states for this release; the file itself does not say"
    return "Not stated in the file; ask the publisher before passing data on"


def source_row(table: SourceTable, name: str, short: str, url: str) -> dict[str, str]:
    """Return the row for the sheet Sources.

    Parameters
    ----------
    table : SourceTable
        The table.
    name : str
        Name of the tracker.
    short : str
        Start of the source id.
    url : str
        Page of the tracker.
    """
    release = find_release(table)
    mark = f"-{release.year}-{release.month:02d}" if release else ""
    return {
        "source_id": f"{short}{mark}",
        "citation": f"{PUBLISHER}, {name}{f', {release}' if release else ', release not stated in the file'}",
        "url": url,
        "licence": licence(table, release),
        "note": f"read from {table.path.name}, sheet {table.sheet}",
    }
