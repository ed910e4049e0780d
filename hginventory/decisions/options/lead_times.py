"""How long it takes until a step runs: months by kind of step and country, from the table `lead_time`."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hginventory.errors import UsageError
from hginventory.factors import FactorLibrary, Ladder, lookup

MONTHS_PER_YEAR = 12.0
LEAD, OUTAGE = "lead_time", "outage"
KIND_NAMES: Mapping[str, str] = {
    "injection": "injection",
    "dry_sorbent": "dry sorbent",
    "filter": "filter",
    "scrubber": "scrubber",
    "dry_scrubber": "dry scrubber",
    "scr": "catalyst",
    "plant": "other plant",
}


@dataclass(frozen=True)
class LeadTime:
    """How long a kind of step takes in a country.

    Attributes
    ----------
    kind, country : str
        Kind of step, as the column ``build`` of `reduction_option` names it; country of the row, ``WLD`` for all.
    months : float
        From the decision until it runs [months].
    outage_days : float
        Outage of the unit to connect it [d]; NaN: not available.
    mark : str
        read, recalled or judgement; ``given`` by the user.
    """

    kind: str
    country: str
    months: float
    outage_days: float
    mark: str

    @property
    def words(self) -> str:
        """The lead time in words."""
        outage = "" if math.isnan(self.outage_days) else f", outage {self.outage_days:g} d"
        return f"{KIND_NAMES.get(self.kind, self.kind)} {self.months:g} months ({self.mark}{outage})"


class LeadTimes:
    """Lead times of a run.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    own : mapping of str to float, optional
        Kind of step -> months, instead of the table; in all countries.

    Raises
    ------
    UsageError
        If a kind is not known, or months are below 0.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> times = LeadTimes(load_library(), {"filter": 12.0})
    >>> times.years("IDN", ("injection",)), times.years("SRB", ("scrubber", "scr")), times.years("SRB", ("filter",))
    (2, 6, 1)
    """

    def __init__(self, library: FactorLibrary, own: Mapping[str, float] | None = None) -> None:
        self._rows = Ladder(library.table("lead_time"))
        self.kinds = tuple(dict.fromkeys(kind for kind, _, _ in self._rows))
        self.own = dict(own or {})
        for kind, months in self.own.items():
            if kind not in self.kinds:
                words = f"there is no kind of step {kind!r}. Use one of: {', '.join(self.kinds)}."
                raise UsageError(words, parameter="lead_time", allowed=self.kinds)
            if not 0 <= months < math.inf:
                words = f"{months:g} months cannot be used. Write 0 or more, as `lead_time='{kind}=15'`."
                raise UsageError(words, parameter="lead_time", allowed=(0.0, math.inf))
        self._special = {country for _, _, country in self._rows}

    def area(self, country: str) -> str:
        """Return the country itself where it has a row of its own, else ``WLD``."""
        return country if country in self._special else lookup.WORLD

    def of(self, country: str, kind: str) -> LeadTime:
        """Return the lead time of a kind of step in a country."""
        areas = (country, lookup.WORLD)
        row = self._rows.needed([(kind, LEAD, area) for area in areas])
        outage = self._rows.first([(kind, OUTAGE, area) for area in areas])
        days = math.nan if outage is None else outage.number()
        if kind in self.own:
            return LeadTime(kind, country, self.own[kind], days, "given")
        return LeadTime(kind, row.keys["country"], row.number(), days, row.read_from)

    def years(self, country: str, kinds: Collection[str]) -> int:
        """Return the whole years until steps of some kinds, built side by side, can run: months rounded up [yr]."""
        months = max((self.of(country, kind).months for kind in kinds), default=0.0)
        return math.ceil(months / MONTHS_PER_YEAR)

    def statement(self, countries: Collection[str]) -> str:
        """Return the lead times in words, the kinds in which a country differs named for it."""
        parts = []
        for kind in KIND_NAMES:
            found = {self.of(country, kind) for country in countries}
            named = sorted(found, key=lambda one: (one.country != lookup.WORLD, one.country))
            parts += [one.words + ("" if one.country == lookup.WORLD or one.mark == "given" else f" in {one.country}")
                      for one in named]  # fmt: skip
        return "; ".join(dict.fromkeys(parts))
