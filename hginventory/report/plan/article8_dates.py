"""The clocks of Article 8 of the Minamata Convention, from the date of entry into force for the Party."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from hginventory.factors import FactorLibrary, Ladder

NEW, EXISTING, UNKNOWN_CLASS = "new", "existing", "unknown"


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
        names = ("new_source_from", "plan_due", "new_bat_due", "inventory_due", "existing_due")
        if not stated:
            return cls(None, *(None for _ in names))
        begin = datetime.date.fromisoformat(stated)
        years = Ladder(library.table("convention_clock"))
        return cls(begin, *(_later(begin, int(years[name,].number())) for name in names))

    def source_class(self, construction_start: float) -> str:
        """Return whether a source is new or existing by the year its construction commenced; unknown stays unknown.

        A year that holds the date itself cannot be told apart, so it is unknown as well.
        """
        if self.new_source_from is None or math.isnan(construction_start):
            return UNKNOWN_CLASS
        if construction_start > self.new_source_from.year:
            return NEW
        return EXISTING if construction_start < self.new_source_from.year else UNKNOWN_CLASS


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
