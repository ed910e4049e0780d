"""What a step costs at a unit: capital, fixed and variable operation, and mercury's share of it.

Prices are rows of `control_cost`, in the money of their year, at the level of the country they were paid in. Capital by
the capacity of a unit is a curve of `control_cost_curve`, unless the user has put a price into `control_cost`. Prices
are brought to one year by `price_level` and to a country by `country_cost`. What is bought against SO2, NOx or dust is
not mercury's: the full cost and mercury's share are kept apart, item by item.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from hginventory.arguments import number, whole
from hginventory.decisions.costs.capital_curve import CapitalCurve, curve_of, lognormal_range, sizes_on_file
from hginventory.decisions.costs.cost_range import NOTHING, Range
from hginventory.decisions.costs.rates import Rates, Split
from hginventory.decisions.costs.size_bands import distance, edges_of, middle
from hginventory.decisions.costs.terms import AVERAGE, CAPITAL_ONLY, CURRENCY, SECTOR_NAMES, Cost, Size, Terms
from hginventory.errors import UsageError
from hginventory.factors import LOGNORMAL, OVERRIDE_KEY, FactorLibrary, FactorRow, lookup
from hginventory.inputs.findings import Finding, finding
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

CAPITAL = {COAL_POWER: "capital", CEMENT_KILN: "capital intensity"}
SHOWN = 5  # countries that are named
OPERATION = ("fixed_operation", "variable_operation", "fuel_price")
_Chosen = tuple[tuple[str, int, bool], ...]
OVERRIDE_MARK = "read"  # a user's own price without a range is taken to be as good as a study estimate


class Prices:
    """The cost tables, with the terms they are read on.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables; rows of the worksheet Factors replace those of the same id.
    rate, book_life : float, optional
        Interest [0-1] and years of writing off; default: rows of `cost_basis`.
    price_year : int, optional
        Year of the money; default: the last one of `price_level`.
    difficulty : str
        ``easy``, ``average`` or ``difficult``.
    multiplier : float, optional
        Capital over the US level, instead of `country_cost`.

    Raises
    ------
    UsageError
        If a rate, year or difficulty cannot be used.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> prices = Prices(load_library())
    >>> prices.terms.text([COAL_POWER])[:32]
    'USD of 2025, interest 7 % a year'
    """

    def __init__(
        self,
        library: FactorLibrary,
        *,
        rate: float | None = None,
        book_life: float | None = None,
        price_year: int | None = None,
        difficulty: str = AVERAGE,
        multiplier: float | None = None,
    ) -> None:
        for name, value in {"rate": rate, "book_life": book_life, "multiplier": multiplier}.items():
            number(name, value, optional=True)
        whole("price_year", price_year, optional=True)
        self._basis = lookup.Ladder(library.table("cost_basis"))
        self._levels = lookup.Ladder(library.table("price_level"), ("year",), {"currency": CURRENCY})
        self._countries = lookup.Ladder(library.table("country_cost"))
        self._rows = lookup.Groups(library.table("control_cost"), ("sector", "technology", "quantity"))
        self._own = {key[1] for key, rows in self._rows.items() if any(OVERRIDE_KEY in row.extra for row in rows)}
        self._curves = lookup.Groups(library.table("control_cost_curve"), ("sector", "technology"))
        bounds = {end for rows in self._curves.values() for end in sizes_on_file(rows)}
        self._edges = sorted(bounds.union(edges_of(self._rows.values())))
        self._rates: dict[tuple[str, tuple[str, ...], str, int], Rates] = {}
        self._years = [int(year) for (year,) in self._levels]
        if not self._years:
            raise library.table("price_level").lacks(currency=CURRENCY)
        year = max(self._years) if price_year is None else price_year
        self._level(year)
        difficulties = [key[2] for key in self._basis if key[0] == "retrofit_factor"]
        if difficulty not in difficulties:
            words = f"{difficulty!r} is unknown. Use one of: {', '.join(difficulties)}."
            raise UsageError(words, parameter="difficulty", allowed=difficulties)
        if rate is not None and not 0 <= rate < 1:
            raise UsageError(
                f"{rate:g} is outside 0 to 1. Write 0.07 for 7 % a year.", parameter="rate", allowed=(0.0, 1.0)
            )
        for name, given, usual in (("book_life", book_life, 20), ("multiplier", multiplier, 0.5)):
            if given is not None and not given > 0:
                words = f"{given:g} cannot be used. Write a number above 0, as {usual:g}."
                raise UsageError(words, parameter=name, allowed=(0.0, math.inf))
        lives = {s: self.basis("book_life", s) if book_life is None else book_life for s in (COAL_POWER, CEMENT_KILN)}
        operated = {sector for sector, _, quantity in self._rows if quantity in OPERATION}
        self.terms = Terms(
            currency=CURRENCY,
            price_year=year,
            rate=self.basis("discount_rate") if rate is None else rate,
            book_life=lives,
            difficulty=difficulty,
            multiplier=multiplier,
            capital_only=tuple(sector for sector in lives if sector not in operated),
        )

    def findings(self, countries: Iterable[str]) -> tuple[Finding, ...]:
        """Return a note for each country whose capital costs are not available, with the number of its units.

        Parameters
        ----------
        countries : iterable of str
            Country of each unit.
        """
        if self.terms.multiplier is not None:
            return ()
        known = {country for country, _, quantity in self._countries if quantity == "capital"}
        counts = Counter(country for country in countries if country not in known)
        return tuple(finding("N901", "Factors", "", name).counted(units) for name, units in sorted(counts.items()))

    def statement(self, countries: Iterable[str], sectors: Sequence[str] = (COAL_POWER, CEMENT_KILN)) -> str:
        """Return the terms in words, with the costs used for countries that have no capital costs of their own.

        Parameters
        ----------
        countries : iterable of str
            Country of each unit.
        sectors : sequence of str
            Sectors of the units.
        """
        there = sorted(set(countries))
        text, lacking = self.terms.text(sectors), [one.found for one in self.findings(there)]
        if lacking:
            names = ", ".join(lacking[:SHOWN])
            more = len(lacking) - SHOWN
            names = TranslatableText("{names} and {count} more", names=names, count=more) if more > 0 else names
            text = TranslatableText(
                "{terms}; capital costs are US values: none are available for {names}", terms=text, names=names
            )
        for country in there if self.terms.multiplier is None else ():
            only = sorted(item for name, item, _ in self._countries if name == country)
            if only and "" not in only:
                text = TranslatableText(
                    "{terms}; {country}: capital costs are US values except for {items}",
                    terms=text,
                    country=country,
                    items=", ".join(only),
                )
        return text

    def basis(self, quantity: str, sector: str = "", case: str = "") -> float:
        """Return a number of `cost_basis`, in the unit of its row."""
        return self._basis[quantity, sector, case].number()

    def of(self, items: Sequence[str], size: Size, years: float, saved: float = 0.0) -> Cost:
        """Return the cost of a step that is bought as some items.

        Parameters
        ----------
        items : sequence of str
            Technologies of `control_cost`.
        size : Size
            The unit.
        years : float
            Years the step can run, above 0.
        saved : float
            Share of the fuel that the step saves [0-1].
        """
        life = min(self.terms.book_life[size.sector], years)
        return self.rates(items, size).at(size, life, self.terms.rate, saved)

    def rates(self, items: Sequence[str], size: Size) -> Rates:
        """Return what items cost by size and output; units of one country and band of size share the answer.

        Parameters
        ----------
        items : sequence of str
            Technologies of `control_cost`.
        size : Size
            A unit.
        """
        key = (size.sector, tuple(items), size.country, self.band(size))
        if key not in self._rates:
            chosen = [self._choice(size.sector, item, size.capacity_mw) for item in items]
            self._rates[key] = self._rates_of(size, items, chosen)
        return self._rates[key]

    def band(self, size: Size) -> int:
        """Return the band of a size: units of one band pay by the same rows."""
        return -1 if math.isnan(size.capacity_mw) else bisect_right(self._edges, size.capacity_mw)

    def unknown(self, item: str, size: Size) -> bool:
        """Return whether the cost of an item is not known: none in the factor tables, and none of the user's."""
        if self.rates((item,), size).full != Split():
            return False
        return item not in self._own

    def _rates_of(self, size: Size, items: Sequence[str], chosen: Sequence[_Chosen]) -> Rates:
        sector = size.sector
        full, for_mercury = Split(), Split()
        operation = False
        notes: dict[str, None] = {}
        rows: dict[str, None] = {}
        for item, choice in zip(items, chosen, strict=True):
            prices = {}
            curve = self._curves.get((sector, item), [])
            for quantity, index, is_near in choice:
                row = self._rows[sector, item, quantity][index]
                if curve and quantity == CAPITAL[sector]:
                    if OVERRIDE_KEY not in row.extra:
                        continue
                    curve = []
                prices[quantity] = self.today(row)
                rows[row.row_id] = None
                if is_near:
                    notes[f"{item}: price stated for about {middle(row):.0f} MW only"] = None
            operation |= bool(prices.keys() & OPERATION)
            capital = CapitalCurve.flat(prices.get(CAPITAL[sector], NOTHING))
            if curve:
                capital = curve_of(curve, self.today)
                rows.update(dict.fromkeys(row.row_id for row in curve))
                low, high = sizes_on_file(curve)
                if not low <= size.capacity_mw < high:
                    notes[f"{item}: extrapolated from costs of units of {low:g} to {high:g} MW"] = None
            if capital.parts:
                capital = capital.times(self.basis("retrofit_factor", case=self.terms.difficulty))
                capital = capital.times(self._country(item, size.country, notes, rows))
            own = Split(capital, *(prices.get(name, NOTHING) for name in OPERATION))
            share = self._rows[sector, item, "mercury_share"][0]
            full, for_mercury = full + own, for_mercury + own.times(share.number())
            rows[share.row_id] = None
        if not operation:
            notes[f"{SECTOR_NAMES[sector]}: {CAPITAL_ONLY}"] = None
        return Rates(full, for_mercury, not operation, tuple(notes), tuple(rows))

    def _choice(self, sector: str, item: str, capacity_mw: float) -> _Chosen:
        """Return the rows of an item for a size: quantity, index, and whether the row is for another size."""
        found = []
        for quantity in (CAPITAL[sector], *OPERATION):
            rows = self._rows.get((sector, item, quantity), [])
            year = max((row.keys["currency_year"] for row in rows), default="")
            latest = [index for index, row in enumerate(rows) if row.keys["currency_year"] == year]
            fits = next((index for index in latest if lookup.within(rows[index], "mw", capacity_mw)), None)
            if fits is not None:
                found.append((quantity, fits, False))
            elif latest:
                found.append((quantity, min(latest, key=lambda index: distance(rows[index], capacity_mw)), True))
        return tuple(found)

    def today(self, row: FactorRow) -> Range:
        """Return a price with its range, in the money of the terms."""
        price = row.number()
        if row.low is not None and row.high is not None:
            stated = Range(price, row.low, row.high)
        elif row.spread and row.distribution == LOGNORMAL:
            stated = lognormal_range(price, row.spread)
        else:
            mark = OVERRIDE_MARK if OVERRIDE_KEY in row.extra else row.read_from
            ends = [price * self.basis(f"range_{end}", case=mark) for end in ("low", "high")]
            stated = Range(price, min(ends), max(ends))
        year = row.keys["currency_year"]
        return stated.times(self._level(self.terms.price_year) / self._levels[year,].number()) if year else stated

    def _level(self, year: int) -> float:
        row = self._levels.get((str(year),))
        if row is None:
            words = f"the table price_level has no year {year}. Use one of {min(self._years)} to {max(self._years)}."
            raise UsageError(words, parameter="price_year", allowed=sorted(self._years))
        return row.number()

    def _country(self, item: str, country: str, notes: dict[str, None], rows: dict[str, None]) -> Range:
        """Return the capital of a country over the US level."""
        if self.terms.multiplier is not None:
            return Range.exact(self.terms.multiplier)
        rungs = [(area, name, "capital") for area in (country, lookup.WORLD) for name in (item, "")]
        row = self._countries.needed(rungs)
        rows[row.row_id] = None
        if row.keys["country"] != country:
            only = f" for {item}" if any(key[0] == country for key in self._countries) else ""
            notes[f"{NO_NATIONAL_COST}{country}{only}{US_LEVEL}"] = None
        times = row.number()
        low, high = (times if end is None else end for end in (row.low, row.high))
        return Range(times, low, high)


TERMS = ("rate", "book_life", "price_year", "difficulty", "multiplier")  # parameters of `Prices`
NO_NATIONAL_COST = "no capital costs of "
US_LEVEL = " are available: US values are used (write your own in sheet Factors, rows country_cost or control_cost)"
