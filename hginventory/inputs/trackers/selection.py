"""Which rows of a tracker are wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hginventory.errors import UsageError
from hginventory.inputs.parsing import country_code
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.status import ALL, NOT_BY_DEFAULT
from hginventory.vocabulary import STATUSES, fold


@dataclass(frozen=True)
class Filters:
    """Which rows are wanted.

    Attributes
    ----------
    countries : tuple of str
        Names or ISO codes; empty: all.
    statuses : tuple of str
        Statuses; empty: all but shelved and cancelled units; ``all``: these too.
    min_mw : float or None
        Smallest capacity [MW].
    where : str or None
        Expression over the columns of our workbook.
    in_year : int or None
        Year whose fleet is wanted: units that ran then, in the state of that year.
    """

    countries: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    min_mw: float | None = None
    where: str | None = None
    in_year: int | None = None


def chosen(
    drafts: list[DraftUnit], filters: Filters, title: str, sheet: str, usual_country: str
) -> tuple[list[DraftUnit], dict[str, int]]:
    """Return the rows wanted, and how many each filter left out; the first that fails counts.

    Parameters
    ----------
    drafts : list of DraftUnit
        Rows as converted.
    filters : Filters
        Which rows are wanted.
    title, sheet : str
        Name of the tracker, for messages; sheet of our workbook.
    usual_country : str
        Country of rows that name none.

    Raises
    ------
    UsageError
        If a filter cannot be used.
    """
    countries = {_country(name) for name in filters.countries}
    is_all = ALL in {fold(name) for name in filters.statuses}
    statuses = set() if is_all else {_status(name) for name in filters.statuses}
    if filters.min_mw is not None and sheet != "Coal_units":
        raise UsageError(
            'kilns have no capacity in MW. Use `where`, as in "clinker_capacity >= 1000000".', parameter="min_mw"
        )
    if statuses and not any("status" in draft.values for draft in drafts):
        raise UsageError(f"{title} gives no status. Leave `statuses` out.", parameter="statuses")
    dropped: Counter[str] = Counter()
    wanted = []
    for draft in drafts:
        values = draft.values
        if countries and country_code(str(values.get("country", usual_country))) not in countries:
            dropped["countries"] += 1
        elif statuses and STATUSES.match(str(values.get("status", ""))) not in statuses:
            dropped["statuses"] += 1
        elif filters.min_mw is not None and not _megawatts(values) >= filters.min_mw:
            dropped["min_mw"] += 1
        else:
            wanted.append(draft)
    return wanted, dict(dropped)


def without_never_built(drafts: list[DraftUnit]) -> tuple[list[DraftUnit], dict[str, int]]:
    """Return the rows without shelved and cancelled units, and how many there are of each."""
    states = [None if draft.left_out else STATUSES.match(str(draft.values.get("status", ""))) for draft in drafts]
    counts = {name: count for name in NOT_BY_DEFAULT if (count := states.count(name))}
    return [draft for draft, state in zip(drafts, states, strict=True) if state not in counts], counts


def _country(name: str) -> str:
    code = country_code(name)
    if code is None:
        raise UsageError(
            f"{name!r} is not a country. Write its English name or its ISO code, as IDN.", parameter="countries"
        )
    return code


def _status(name: str) -> str:
    code = STATUSES.match(name)
    if code is None:
        raise UsageError(
            f"{name!r} is not a status. Use one of: {', '.join((*STATUSES.codes, ALL))}.",
            parameter="statuses",
            allowed=(*STATUSES.codes, ALL),
        )
    return code


def _megawatts(values: Mapping[str, Any]) -> float:
    number = values.get("capacity_gross", values.get("capacity_net"))
    return float(number) if isinstance(number, int | float) else float("nan")
