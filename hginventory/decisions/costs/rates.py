"""What a step costs by the size of a unit, so that units of one kind share it: rates times amounts are a cost."""

from __future__ import annotations

from dataclasses import dataclass

from hginventory.decisions.costs.capital_curve import NO_CAPITAL, CapitalCurve
from hginventory.decisions.costs.cost_range import NOTHING, Range, yearly_cost
from hginventory.decisions.costs.terms import Cost, Size


@dataclass(frozen=True)
class Split:
    """Costs by what they follow.

    Attributes
    ----------
    capital : CapitalCurve
        Paid once, by capacity [money/kW net, kilns: money/(t clinker/yr)].
    fixed : Range
        Operation by size [money/yr, over the same].
    variable : Range
        Operation by output [money/MWh net]; none for kilns.
    fuel : Range
        Price of the fuel that a step saves [money/GJ net].
    """

    capital: CapitalCurve = NO_CAPITAL
    fixed: Range = NOTHING
    variable: Range = NOTHING
    fuel: Range = NOTHING

    def __add__(self, other: Split) -> Split:
        """Return the sum, part by part."""
        return Split(
            self.capital + other.capital,
            self.fixed + other.fixed,
            self.variable + other.variable,
            self.fuel + other.fuel,
        )

    def times(self, share: float) -> Split:
        """Return a share of each part."""
        return Split(
            self.capital.times(share), self.fixed.times(share), self.variable.times(share), self.fuel.times(share)
        )

    def at(self, size: Size, saved: float) -> tuple[Range, Range, Range]:
        """Return capital [money], fixed and variable operation [money/yr] at a unit.

        Parameters
        ----------
        size : Size
            The unit.
        saved : float
            Share of its fuel that the step saves [0-1]: a credit in the variable operation.
        """
        capacity, output, heat = size.amounts
        variable = self.variable.times(output) + self.fuel.times(-saved * heat)
        return self.capital.at(size.capacity_mw).times(capacity), self.fixed.times(capacity), variable


@dataclass(frozen=True)
class Rates:
    """Costs of a step at units of one kind.

    Attributes
    ----------
    full, for_mercury : Split
        All of it, and the share that other pollutants do not pay.
    capital_only : bool
        Whether no operating cost is available.
    notes, rows : tuple of str
        What is missing or a default value, and the factor rows used.
    """

    full: Split
    for_mercury: Split
    capital_only: bool
    notes: tuple[str, ...]
    rows: tuple[str, ...]

    def at(self, size: Size, life: float, rate: float, saved: float = 0.0) -> Cost:
        """Return the cost at a unit.

        Parameters
        ----------
        size : Size
            The unit.
        life : float
            Years over which the capital is written off, above 0.
        rate : float
            Interest a year [0-1].
        saved : float
            Share of the fuel that the step saves [0-1].
        """
        capital, fixed, variable = self.full.at(size, saved)
        return Cost(
            capital=capital,
            fixed=fixed,
            variable=variable,
            per_year=yearly_cost(capital, fixed, variable, rate, life),
            mercury_per_year=yearly_cost(*self.for_mercury.at(size, saved), rate, life),
            life=life,
            notes=self.notes,
            rows=self.rows,
            capital_only=self.capital_only,
        )
