"""Money in ranges, and capital as a yearly cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

import numpy as np

from hginventory._types import Floats
from hginventory.errors import UsageError


@dataclass(frozen=True)
class Range:
    """A number with its low and high end.

    Attributes
    ----------
    value, low, high : float
        Central value and ends, ``low <= value <= high``, in one unit; may be negative.
    """

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Range:
        """Return a number without a range."""
        return cls(value, value, value)

    def __add__(self, other: Range) -> Range:
        """Add two ranges end to end: the errors of cost data go together.

        >>> Range(2.0, 1.0, 4.0) + Range(1.0, 0.5, 1.5)
        Range(value=3.0, low=1.5, high=5.5)
        """
        return Range(self.value + other.value, self.low + other.low, self.high + other.high)

    def times(self, other: Range | float) -> Range:
        """Return the product with a number or a range; the ends are the outermost products.

        >>> Range(2.0, 1.0, 4.0).times(-1.0)
        Range(value=-2.0, low=-4.0, high=-1.0)
        """
        by = other if isinstance(other, Range) else Range.exact(other)
        corners = [end * by_end for end in (self.low, self.high) for by_end in (by.low, by.high)]
        return Range(self.value * by.value, min(corners), max(corners))

    def columns(self, name: str, per: float = 1.0) -> dict[str, float]:
        """Return the value and its ends as columns of a table, in units of ``per``.

        >>> Range(2.0, 1.0, 4.0).columns("capital")
        {'capital': 2.0, 'capital_low': 1.0, 'capital_high': 4.0}
        """
        return {name: self.value / per, f"{name}_low": self.low / per, f"{name}_high": self.high / per}

    @property
    def ends(self) -> str:
        """Both ends for people, in two digits; blank where they are not known.

        >>> Range(75.0, 40.7, 108.7).ends, Range(2e4, 13_585.0, 27_170.0).ends, Range(0.0, -0.2, 1.26).ends, EMPTY.ends
        ('41 to 110', '14,000 to 27,000', '0 to 1', '')
        """
        if math.isnan(self.low):
            return ""
        ends = (float(f"{end:.1e}") for end in (self.low, self.high))
        return " to ".join(f"{end:z,.0f}" for end in ends)


NOTHING = Range.exact(0.0)
EMPTY = Range.exact(float("nan"))


@overload
def annuity(rate: float, years: float) -> float: ...
@overload
def annuity(rate: float, years: Floats) -> Floats: ...
def annuity(rate: float, years: float | Floats) -> float | Floats:
    """Return what a capital of 1 costs a year, paid back in equal sums at the end of each year.

    Parameters
    ----------
    rate : float
        Real interest a year [0-1].
    years : float or ndarray of float
        Years of repayment, above 0.

    Raises
    ------
    UsageError
        If the rate is negative or there is no year.

    Examples
    --------
    The DOE model plants of Brown et al. 1999 take 0.0944 of the capital a year:

    >>> round(annuity(0.07, 20), 4)
    0.0944
    >>> annuity(0.0, 10)
    0.1
    >>> annuity(0.0, np.array([10.0, 20.0])).tolist()
    [0.1, 0.05]
    """
    if rate < 0 or not np.all(np.greater(years, 0)):
        raise UsageError(
            f"a capital over {np.min(years):g} years at {rate:g} a year: use a rate of 0 or more, years above 0."
        )
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)


def yearly_cost(capital: Range, fixed: Range, variable: Range, rate: float, years: float) -> Range:
    """Return capital, fixed and variable operation as one cost a year [money/yr].

    Parameters
    ----------
    capital : Range
        Paid once [money].
    fixed, variable : Range
        Operation [money/yr]; variable may be negative where a step saves fuel.
    rate, years : float
        As in `annuity`.

    Examples
    --------
    Carbon before the precipitator of the 975 MW model plant, million USD of 1996 (Brown et al. 1999, Table 28):

    >>> cost = yearly_cost(Range.exact(6.139), Range.exact(30.411), NOTHING, 0.07, 20)
    >>> round(cost.value, 2)
    30.99
    """
    repaid = capital.times(annuity(rate, years)) if capital != NOTHING else NOTHING
    return repaid + fixed + variable
