"""Capital by the capacity of a unit: sums of powers of the capacity, of several forms the larger one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import overload

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.costs.cost_range import NOTHING, Range
from hginventory.factors import OVERRIDE_KEY, RANGE_90, FactorRow

Form = tuple[tuple[Range, float], ...]  # rate at 1 MW and exponent of the capacity, of each part of a sum


@dataclass(frozen=True)
class CapitalCurve:
    """Capital over size as a function of the capacity.

    Attributes
    ----------
    parts : tuple of tuple of Form
        Of each thing that is bought its forms, of which the largest counts; things bought together are added. A rate
        is money/kW at 1 MW, of kilns money/(t clinker/yr) with an exponent of 0.

    Examples
    --------
    A price per kilowatt that falls with the capacity, and a floor below it:

    >>> law = ((Range.exact(100.0), -0.5),)
    >>> floor = ((Range.exact(400.0), -1.0), (Range.exact(2.0), 0.0))
    >>> curve = CapitalCurve(((law, floor),))
    >>> curve.at(4.0).value, curve.at(100.0).value, curve.values(np.array([4.0, 100.0])).tolist()
    (102.0, 10.0, [102.0, 10.0])
    """

    parts: tuple[tuple[Form, ...], ...] = ()

    @classmethod
    def flat(cls, price: Range) -> CapitalCurve:
        """Return one price for all capacities; nothing where the price is nothing."""
        return cls() if price == NOTHING else cls(((((price, 0.0),),),))

    def __add__(self, other: CapitalCurve) -> CapitalCurve:
        """Return the capital of both bought together."""
        return CapitalCurve(self.parts + other.parts)

    def times(self, by: Range | float) -> CapitalCurve:
        """Return a multiple, as `Range.times`; nothing for a multiple of 0."""
        if by == 0.0:
            return NO_CAPITAL
        return CapitalCurve(
            tuple(
                tuple(tuple((rate.times(by), exponent) for rate, exponent in form) for form in forms)
                for forms in self.parts
            )
        )

    def at(self, capacity_mw: float) -> Range:
        """Return the capital over size with its range at a capacity [MW]."""
        return Range(*(self._at(capacity_mw, end) for end in ("value", "low", "high"))) if self.parts else NOTHING

    def values(self, capacity_mw: Floats) -> Floats:
        """Return the central capital over size at capacities [MW], shape (N,)."""
        return np.zeros(capacity_mw.shape) + self._at(capacity_mw, "value")

    @overload
    def _at(self, capacity_mw: float, end: str) -> float: ...
    @overload
    def _at(self, capacity_mw: Floats, end: str) -> Floats: ...
    def _at(self, capacity_mw: float | Floats, end: str) -> float | Floats:
        larger = np.maximum if isinstance(capacity_mw, np.ndarray) else max
        total: float | Floats = sum(
            reduce(larger, (sum(getattr(rate, end) * capacity_mw**power for rate, power in form) for form in forms))
            for forms in self.parts
        )
        return total


NO_CAPITAL = CapitalCurve()


def curve_of(rows: Sequence[FactorRow], today: Callable[[FactorRow], Range]) -> CapitalCurve:
    """Return the curve of one technology.

    Parameters
    ----------
    rows : sequence of FactorRow
        Its rows of `control_cost_curve`. Where some are the user's own, only their forms count.
    today : callable
        Brings the price of a row to the money of today.

    Raises
    ------
    FactorError
        If a row has no exponent or no reference capacity.
    """
    own = {row.keys["form"] for row in rows if OVERRIDE_KEY in row.extra}
    used = sorted((row for row in rows if not own or row.keys["form"] in own), key=_form)
    forms = tuple(tuple(_part(row, today(row)) for row in parts) for _, parts in groupby(used, key=_form))
    return CapitalCurve((forms,))


def lognormal_range(mean: float, ln_sd: float) -> Range:
    """Return a mean with the 5th and 95th percentile of its lognormal, from its mean and ln-sd.

    >>> costs = lognormal_range(1.47285, 0.88)
    >>> round(costs.low, 3), round(costs.high, 3)
    (0.235, 4.252)
    """
    return Range(mean, *(mean * math.exp(half * RANGE_90 * ln_sd - ln_sd**2 / 2.0) for half in (-0.5, 0.5)))


def sizes_on_file(rows: Sequence[FactorRow]) -> tuple[float, float]:
    """Return the smallest and largest capacity behind the rows of a curve [MW]; 0 and infinity where none is stated."""
    low = [float(row.extra["data_from_mw"]) for row in rows if row.extra["data_from_mw"]]
    high = [float(row.extra["data_to_mw"]) for row in rows if row.extra["data_to_mw"]]
    return min(low, default=0.0), max(high, default=math.inf)


def _form(row: FactorRow) -> str:
    return row.keys["form"]


def _part(row: FactorRow, price: Range) -> tuple[Range, float]:
    exponent, reference = (_number(row, column) for column in ("exponent", "reference_mw"))
    return price.times(reference**-exponent), exponent


def _number(row: FactorRow, column: str) -> float:
    text = row.extra[column]
    if not text:
        raise row.blank(column)
    return float(text)
