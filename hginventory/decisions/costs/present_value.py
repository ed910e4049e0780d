"""Money of different years as one sum: its present value, and the equal yearly payment that is worth as much."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.costs.cost_range import annuity
from hginventory.errors import UsageError
from hginventory.projection import Projection


@overload
def discounted_years(rate: float, start: float, end: float, base_year: float) -> float: ...
@overload
def discounted_years(rate: float, start: Floats, end: Floats | float, base_year: float) -> Floats: ...
def discounted_years(rate: float, start: float | Floats, end: float | Floats, base_year: float) -> float | Floats:
    """Return what 1 at the end of each year from ``start`` to before ``end`` is worth at the beginning of a base year.

    The sum of ``(1 + rate)^-k`` over k from ``start - base_year + 1`` to ``end - base_year``, in closed form. The end
    of a part of a year weighs as a capital paid back until then would ask.

    Parameters
    ----------
    rate : float
        Real interest a year [0-1].
    start, end : float or ndarray of float
        Years in which is paid, half-open.
    base_year : float
        At the beginning of which the present value is stated.

    Returns
    -------
    float or ndarray of float
        Years, each counted by what it is worth [yr].

    Raises
    ------
    UsageError
        If the rate is negative, or a payment begins before the base year or ends before it begins.

    Notes
    -----
    Short, Packey and Holt (1995), A Manual for the Economic Evaluation of Energy Efficiency and Renewable Energy
    Technologies, NREL/TP-462-5173: net present value of payments at the end of each year.

    Examples
    --------
    >>> round(discounted_years(0.07, 2026, 2028, 2026), 4)  # 1/1.07 + 1/1.07^2
    1.808
    >>> discounted_years(0.0, np.array([2026.0, 2030.0]), 2036.0, 2026).tolist()
    [10.0, 6.0]
    """
    wait, years = np.subtract(start, base_year), np.subtract(end, start)
    if rate < 0 or np.any(np.less(wait, 0)) or np.any(np.less(years, 0)):
        raise UsageError(
            f"payments of {np.min(start):g} to {np.max(end):g} at {rate:g} a year, seen from {base_year:g}: use a rate "
            "of 0 or more, and years from the base year on."
        )
    if rate == 0:
        return years if isinstance(years, np.ndarray) else float(years)
    fall = np.log1p(rate)
    found = np.exp(-fall * wait) * -np.expm1(-fall * years) / rate
    return found if isinstance(found, np.ndarray) else float(found)


@dataclass(frozen=True)
class Horizon:
    """The years over which all money and mercury of a run are counted.

    Attributes
    ----------
    base_year : int
        The first of them; present values are those at its beginning.
    years : int
        How many, to the last one in which a unit of the run emits within the rule [yr].
    rate : float
        Real interest a year [0-1].

    Examples
    --------
    10 million USD a year from 2028 to 2047, seen from 2026 on, over 30 years:

    >>> horizon = Horizon(2026, 30, 0.07)
    >>> npv = 10.0 * horizon.discounted_years(2028, 2048)
    >>> round(npv, 2), round(npv * horizon.annuity, 3)
    (92.53, 7.457)
    """

    base_year: int
    years: int
    rate: float

    @classmethod
    def of(cls, projection: Projection, rate: float) -> Horizon:
        """Return that of a run."""
        return cls(projection.settings.base_year, max(projection.yearly_kg.shape[1], 1), rate)

    @cached_property
    def annuity(self) -> float:
        """Equal payment at the end of each of the years over its present value [1/yr]."""
        return annuity(self.rate, float(self.years))

    @property
    def per_kg(self) -> float:
        """Cost of a kilogram over present value by mercury of all years [1]: yearly payment over yearly mercury."""
        return self.annuity * self.years

    @overload
    def discounted_years(self, start: float, end: float) -> float: ...
    @overload
    def discounted_years(self, start: Floats, end: Floats | float) -> Floats: ...
    def discounted_years(self, start: float | Floats, end: float | Floats) -> float | Floats:
        """Return `discounted_years` at the beginning of the base year [yr]."""
        return discounted_years(self.rate, start, end, self.base_year)  # type: ignore[arg-type]
