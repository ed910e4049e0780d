"""On what terms costs are stated, what they follow at a unit, and what a step costs, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hginventory.decisions.costs.cost_range import EMPTY, Range
from hginventory.decisions.costs.present_value import Horizon
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

CURRENCY = "USD"
AVERAGE = "average"
SECTOR_NAMES = {COAL_POWER: TranslatableText("coal units"), CEMENT_KILN: TranslatableText("kilns")}
RETROFITS = {
    "easy": TranslatableText("easy retrofit"),
    AVERAGE: TranslatableText("average retrofit"),
    "difficult": TranslatableText("difficult retrofit"),
}
KW_PER_MW, MWH_PER_GWH = 1000.0, 1000.0
CAPITAL_ONLY = TranslatableText("capital only, as operating costs are not available: a lower bound")


@dataclass(frozen=True)
class Terms:
    """On what terms costs are stated; every printed cost names them.

    Attributes
    ----------
    currency : str
        ISO code.
    price_year : int
        Year of the money.
    rate : float
        Real interest a year [0-1].
    book_life : mapping of str to float
        Sector -> years over which capital is written off, at most.
    difficulty : str
        ``easy``, ``average`` or ``difficult`` retrofit.
    multiplier : float or None
        Capital over the US level, for all items; None: the rows of `country_cost`.
    capital_only : tuple of str
        Sectors for whose steps no operating cost is available.
    """

    currency: str
    price_year: int
    rate: float
    book_life: Mapping[str, float]
    difficulty: str = AVERAGE
    multiplier: float | None = None
    capital_only: tuple[str, ...] = ()

    def text(self, sectors: Sequence[str] = (COAL_POWER, CEMENT_KILN)) -> str:
        """Return the terms in words."""
        lives = list(dict.fromkeys(f"{self.book_life[sector]:g}" for sector in sectors))
        text = TranslatableText(
            "{currency} of {year}, interest {rate} % a year, capital written off over {lives} years or the remaining "
            "life if shorter, {retrofit}",
            currency=self.currency,
            year=self.price_year,
            rate=f"{100.0 * self.rate:.3g}",
            lives=lives[0] if len(lives) == 1 else TranslatableText("{one} or {other}", one=lives[0], other=lives[1]),
            retrofit=RETROFITS[self.difficulty],
        )
        if self.multiplier is not None:
            text = TranslatableText(
                "{terms}, capital costs {times} times US values", terms=text, times=f"{self.multiplier:g}"
            )
        lacking = [SECTOR_NAMES[sector] for sector in sectors if sector in self.capital_only]
        if not lacking:
            return text
        names = (
            lacking[0] if len(lacking) == 1 else TranslatableText("{one} and {other}", one=lacking[0], other=lacking[1])
        )
        return TranslatableText("{terms}; {names}: {what}", terms=text, names=names, what=CAPITAL_ONLY)

    def columns(self) -> dict[str, str | float]:
        """Return the columns that every row of a table with money has, apart from the life of its capital."""
        return {"currency": self.currency, "price_year": self.price_year, "rate": self.rate}

    def books(self) -> dict[str, str | float]:
        """Return the columns of a row that sums up units: `columns`, and the longest life of the capital."""
        return {**self.columns(), "book_life": " or ".join(dict.fromkeys(f"{x:g}" for x in self.book_life.values()))}


@dataclass(frozen=True)
class Size:
    """What the cost of a step at a unit follows.

    Attributes
    ----------
    sector, country : str
        Where the unit is.
    capacity_mw : float
        Net capacity [MW]; NaN for kilns.
    generation_gwh : float
        Net generation [GWh/yr]; NaN for kilns.
    heat_gj : float
        Net heat of the fuel [GJ/yr]; NaN for kilns.
    clinker_capacity_t : float
        Rated clinker capacity [t/yr]; NaN for coal units.
    """

    sector: str
    country: str
    capacity_mw: float
    generation_gwh: float
    heat_gj: float
    clinker_capacity_t: float

    @property
    def amounts(self) -> tuple[float, float, float]:
        """Capacity [kW net], output [MWh/yr net] and heat [GJ/yr]; for a kiln its clinker capacity [t/yr], 0 and 0."""
        if self.sector == CEMENT_KILN:
            return self.clinker_capacity_t, 0.0, 0.0
        return self.capacity_mw * KW_PER_MW, self.generation_gwh * MWH_PER_GWH, self.heat_gj


@dataclass(frozen=True)
class Cost:
    """What a step costs.

    Attributes
    ----------
    capital : Range
        Paid once [money].
    fixed, variable : Range
        Operation in a full year [money/yr].
    per_year : Range
        Capital as a yearly cost, and operation [money/yr].
    mercury_per_year : Range
        Mercury's share of it after other pollutants have paid theirs [money/yr].
    life : float
        Years over which the capital is written off.
    notes : tuple of str
        What is missing or a default value.
    rows : tuple of str
        Factor rows used.
    capital_only : bool
        Whether no operating cost is available, so that the cost is a lower bound.
    npv, npv_mercury : Range
        Present value of all yearly costs at the beginning of the base year, and mercury's share [money]; `EMPTY` until
        `over` says in which years they are paid.
    annuity : Range
        Equal payment in each year of the horizon that is worth as much [money/yr].
    """

    capital: Range
    fixed: Range
    variable: Range
    per_year: Range
    mercury_per_year: Range
    life: float
    notes: tuple[str, ...]
    rows: tuple[str, ...]
    capital_only: bool = False
    npv: Range = EMPTY
    npv_mercury: Range = EMPTY
    annuity: Range = EMPTY

    def over(self, horizon: Horizon, discounted_years: float) -> Cost:
        """Return the cost with its present value.

        Parameters
        ----------
        horizon : Horizon
            That of the run.
        discounted_years : float
            Years in which the yearly cost is paid, each counted by what it is worth [yr].
        """
        npv = self.per_year.times(discounted_years)
        mercury = self.mercury_per_year.times(discounted_years)
        return replace(self, npv=npv, npv_mercury=mercury, annuity=npv.times(horizon.annuity))

    @property
    def operation(self) -> Range:
        """Fixed and variable operation in a full year [money/yr]."""
        return self.fixed + self.variable

    @property
    def covers(self) -> str:
        """What the cost covers, in words."""
        return CAPITAL_ONLY if self.capital_only else "capital and operation"
