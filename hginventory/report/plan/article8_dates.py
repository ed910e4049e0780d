"""The clocks of Article 8 of the Minamata Convention, from the date of entry into force for the Party."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from hginventory.factors import FactorLibrary, FactorRow, Ladder
from hginventory.report.text import Words

NEW, EXISTING, UNKNOWN_CLASS = "new", "existing", "unknown"
CLOCKS = ("new_source_from", "plan_due", "new_bat_due", "inventory_due", "existing_due")
STATED = "from the fleet workbook, sheet Settings, cell Entry into force"
DEPOSITED = "deposit of the instrument on {date}: {source}"
NO_DATE_ON_FILE = "no date is available: fill in the cell Entry into force of the sheet Settings"
SENTENCES = (STATED, DEPOSITED, NO_DATE_ON_FILE)
EARLIEST = "WLD"  # row of the fiftieth instrument, before which the Convention was in force for nobody


@dataclass(frozen=True)
class Clocks:
    """The dates that follow from the entry into force for a Party; None where that date is not stated.

    Attributes
    ----------
    entry_into_force : date or None
        Settings!entry_into_force.
    new_source_from, plan_due, new_bat_due, inventory_due, existing_due : date or None
        Construction from which a source is new; plan; best techniques at new sources; inventory; measures at existing
        sources (Article 8(2)(c), 8(3), 8(4), 8(7), 8(5)).
    """

    entry_into_force: datetime.date | None
    new_source_from: datetime.date | None
    plan_due: datetime.date | None
    new_bat_due: datetime.date | None
    inventory_due: datetime.date | None
    existing_due: datetime.date | None

    @classmethod
    def of(cls, stated: str | None, library: FactorLibrary) -> Clocks:
        """Return the clocks of a date, as 2017-12-21; the years are rows of `convention_clock`.

        Examples
        --------
        >>> from hginventory.factors.library import load_library
        >>> str(Clocks.of("2017-12-21", load_library()).existing_due)
        '2027-12-21'
        """
        if not stated:
            return cls(None, *(None for _ in CLOCKS))
        begin = datetime.date.fromisoformat(stated)
        years = Ladder(library.table("convention_clock"))
        return cls(begin, *(_later(begin, int(years[name,].number())) for name in CLOCKS))

    def due(self, kind: str) -> datetime.date | None:
        """Return the date by which a new source needs best techniques, or an existing one measures."""
        return {NEW: self.new_bat_due, EXISTING: self.existing_due}.get(kind)

    def source_class(self, construction_start: float) -> str:
        """Return whether a source is new or existing by the year its construction commenced; unknown stays unknown.

        The year of the date itself could be either, so it is unknown as well.
        """
        if self.new_source_from is None or math.isnan(construction_start):
            return UNKNOWN_CLASS
        if construction_start > self.new_source_from.year:
            return NEW
        return EXISTING if construction_start < self.new_source_from.year else UNKNOWN_CLASS


def deposited_in_force(country: str, library: FactorLibrary) -> tuple[datetime.date, FactorRow] | None:
    """Return when the Convention entered into force for a country whose day of deposit is available, and its row.

    Article 31: on the ninetieth day after the deposit, and for nobody before the ninetieth day after the fiftieth.

    Parameters
    ----------
    country : str
        ISO code of three letters.
    library : FactorLibrary
        Holds `convention_party` and `convention_clock`.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> day, row = deposited_in_force("IDN", load_library())
    >>> str(day), row.extra["deposited"], deposited_in_force("XKX", load_library())
    ('2017-12-21', '2017-09-22', None)
    """
    rows = {row.keys["country"]: row for row in library.table("convention_party").defaults}
    if country not in rows or country == EARLIEST:
        return None
    first, own = (datetime.date.fromisoformat(rows[name].extra["deposited"]) for name in (EARLIEST, country))
    days = int(Ladder(library.table("convention_clock"))["in_force_after_deposit",].number())
    return max(first, own) + datetime.timedelta(days=days), rows[country]


def party_clocks(countries: Iterable[str], stated: str | None, library: FactorLibrary) -> dict[str, Clocks]:
    """Return the clocks of each country: from the date in the workbook, else from its day of deposit."""
    found = {}
    for country in dict.fromkeys(countries):
        on_file = deposited_in_force(country, library)
        found[country] = Clocks.of(stated or (str(on_file[0]) if on_file else None), library)
    return found


def common_clocks(clocks: Mapping[str, Clocks], library: FactorLibrary) -> Clocks:
    """Return the clocks that all Parties of a fleet share; those of no date where they differ."""
    shared = set(clocks.values())
    return shared.pop() if len(shared) == 1 else Clocks.of(None, library)


def dates_table(clocks: Mapping[str, Clocks], stated: str | None, library: FactorLibrary, words: Words) -> pd.DataFrame:
    """Return N5a: the dates of Article 8 for each Party of the fleet, and where they come from.

    Parameters
    ----------
    clocks : mapping of str to Clocks
        From `party_clocks`.
    stated : str, optional
        Settings!entry_into_force.
    library : FactorLibrary
        Holds the table of Parties.
    words : Words
        Language of the origin of the dates.
    """
    rows = []
    for party, own in clocks.items():
        on_file = deposited_in_force(party, library)
        origin = words(STATED) if stated else words(NO_DATE_ON_FILE)
        if not stated and on_file:
            row = on_file[1]
            origin = words(DEPOSITED, date=row.extra["deposited"], source=library.source(row.source_id).citation)
        days = {name: str(getattr(own, name) or "") for name in ("entry_into_force", *CLOCKS)}
        rows.append({"party": party, **days, "date_source": origin})
    return pd.DataFrame(rows, columns=["party", "entry_into_force", *CLOCKS, "date_source"])


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
