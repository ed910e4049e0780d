"""The release of a tracker: a month that the file, or its name, states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hginventory.inputs.source_tables import SourceTable

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_YEAR = re.compile(rf"\b({'|'.join(f'{m}|{m[:3]}' for m in _MONTHS)})[\s_-]+(20\d\d)", re.IGNORECASE)
_ISO = re.compile(r"(20\d\d)[-_](0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, order=True)
class Release:
    """Month of a release."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{_MONTHS[self.month - 1].capitalize()} {self.year} release"


def find_release(table: SourceTable) -> Release | None:
    """Return the release that the other sheets name, else the file name; None where neither does.

    Parameters
    ----------
    table : SourceTable
        The table, with the words around it.
    """
    titles = [text for text in table.words if "release" in text.casefold()]
    return next(_releases([*titles, table.path.name]), None)


def _releases(texts: Iterable[str]) -> Iterator[Release]:
    for text in texts:
        if match := _MONTH_YEAR.search(text.replace("_", " ")):
            yield Release(int(match[2]), [m[:3] for m in _MONTHS].index(match[1].lower()[:3]) + 1)
        elif match := _ISO.search(text):
            yield Release(int(match[1]), int(match[2]))
