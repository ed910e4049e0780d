"""How uncertain a number is, and what it shares its error with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hginventory.factors.rows import FactorRow

LOGNORMAL, NORMAL, BETA = "lognormal", "normal", "beta"
RANGE_90 = 2 * 1.6448536269514722  # standard deviations between the 5th and 95th percentile of a normal


@dataclass(frozen=True, slots=True)
class Spread:
    """Distribution of a number around its mean.

    Attributes
    ----------
    distribution : str
        lognormal, normal or beta.
    size : float
        Standard deviation: of the logarithm for a lognormal, over the mean for a normal, of the share for a beta.
    scopes : tuple of (str, float)
        What the error is shared with (country, plant, unit ...), and the part of the variance; parts sum to 1.
    """

    distribution: str
    size: float
    scopes: tuple[tuple[str, float], ...]

    def widened(self, times: float) -> Spread:
        """Return the spread with its standard deviation multiplied."""
        return replace(self, size=self.size * times)


CERTAIN = Spread(LOGNORMAL, 0.0, (("unit", 1.0),))


def of_row(row: FactorRow) -> Spread | None:
    """Return the spread that a factor row states, None where it states none."""
    if row.spread is None or not row.value:
        return None
    size = row.spread / row.value if row.distribution == NORMAL else row.spread
    return Spread(row.distribution, size, row.scopes)


def of_analyses(mean: float, sd: float, n: float, scope: str) -> Spread:
    """Return the spread of the mean of n analyses with a standard deviation, all of it own to a scope.

    >>> of_analyses(0.1, 0.05, 25, "plant").size < of_analyses(0.1, 0.05, 4, "plant").size
    True
    """
    return Spread(LOGNORMAL, math.sqrt(math.log1p((sd / mean) ** 2 / n)), ((scope, 1.0),))


def of_range(distribution: str, mean: float, low: float, high: float, scopes: Sequence[tuple[str, float]]) -> Spread:
    """Return the spread of a number whose 5th and 95th percentiles are stated.

    Parameters
    ----------
    distribution : str
        Distribution of the row it stands for.
    mean, low, high : float
        Mean, 5th and 95th percentile, in one unit.
    scopes : sequence of (str, float)
        As in `Spread`.
    """
    if distribution == LOGNORMAL and low > 0:
        size = math.log(high / low) / RANGE_90
    else:
        size = (high - low) / RANGE_90 / (mean if distribution == NORMAL else 1.0)
    return Spread(distribution or NORMAL, size, tuple(scopes))


def of_sum(parts: Sequence[tuple[float, Spread | None]]) -> Spread | None:
    """Return the spread of a sum whose parts have lognormal spreads; it keeps the scopes of its largest part.

    Parameters
    ----------
    parts : sequence of (float, Spread or None)
        Mean of each part, in one unit, and its spread.
    """
    total = sum(mean for mean, _ in parts)
    known = [(mean, spread) for mean, spread in parts if spread is not None]
    if not known or total <= 0:
        return None
    variance = sum((mean**2) * math.expm1(spread.size**2) for mean, spread in known)
    largest = max(known, key=lambda part: part[0] * part[1].size)[1]
    return Spread(LOGNORMAL, math.sqrt(math.log1p(variance / total**2)), largest.scopes)
