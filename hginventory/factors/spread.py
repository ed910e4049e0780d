"""How uncertain a number is, and what it shares its error with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hginventory.errors import UsageError
from hginventory.factors.row_checks import wrong_scopes
from hginventory.factors.rows import FactorRow

LOGNORMAL, NORMAL, BETA, TRIANGULAR = "lognormal", "normal", "beta", "triangular"
RELATIVE = (NORMAL, TRIANGULAR)  # whose size is over the mean
WIDEST_TRIANGLE = 1.0 / math.sqrt(6.0)  # relative standard deviation of a triangle from 0 to twice the mean
REACH_90 = 1.0 - math.sqrt(0.1)  # of half the width of a triangle, from its middle to the 95th percentile
RANGE_90 = 2 * 1.6448536269514722  # standard deviations between the 5th and 95th percentile of a normal


@dataclass(frozen=True, slots=True)
class Spread:
    """Distribution of a number around its mean.

    Attributes
    ----------
    distribution : str
        lognormal, normal, triangular (symmetric) or beta.
    size : float
        Standard deviation: of the logarithm for a lognormal, over the mean for a normal or triangular, of the share
        for a beta.
    scopes : tuple of (str, float)
        What the error is shared with (country, plant, unit ...), and the part of the variance; parts sum to 1.

    Raises
    ------
    UsageError
        If the distribution is unknown, the size is not a number from 0 up, or the scopes are unknown, repeated, or do
        not sum to 1.

    Examples
    --------
    >>> Spread("lognormal", -0.3, (("unit", 1.0),))
    Traceback (most recent call last):
    hginventory.errors.UsageError: spread of a lognormal: -0.3 is below 0. Use 0 or more.
    """

    distribution: str
    size: float
    scopes: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn; factor rows were checked when read, so this is for spreads made in Python."""
        if self.distribution not in (LOGNORMAL, NORMAL, BETA, TRIANGULAR):
            allowed = ", ".join((LOGNORMAL, NORMAL, TRIANGULAR, BETA))
            raise UsageError(f"distribution {self.distribution!r} of a spread: allowed are {allowed}.")
        if not 0.0 <= self.size < math.inf:
            found = "is not a number" if math.isnan(self.size) else "is below 0" if self.size < 0 else "has no end"
            raise UsageError(f"spread of a {self.distribution}: {self.size:g} {found}. Use 0 or more.")
        wrong = " and ".join(wrong_scopes(self.scopes))
        if wrong:
            raise UsageError(f"spread of a {self.distribution}: {wrong}.")

    def widened(self, times: float) -> Spread:
        """Return the spread with its standard deviation multiplied."""
        return replace(self, size=self.size * times)


CERTAIN = Spread(LOGNORMAL, 0.0, (("unit", 1.0),))


def of_row(row: FactorRow) -> Spread | None:
    """Return the spread that a factor row states, None where it states none."""
    if row.spread is None or not row.value:
        return None
    size = row.spread / abs(row.value) if row.distribution in RELATIVE else row.spread
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
        Distribution of the row it stands for; blank: normal.
    mean, low, high : float
        Mean, 5th and 95th percentile, in one unit; above 0 for a lognormal.
    scopes : sequence of (str, float)
        As in `Spread`.

    Raises
    ------
    UsageError
        If the numbers do not rise, or no distribution of the kind has that mean and range.

    Examples
    --------
    >>> round(of_range("lognormal", 0.1, 0.05, 0.15, [("country", 1.0)]).size, 3)
    0.334
    >>> of_range("beta", 0.02, 0.0, 0.9, [("unit", 1.0)])
    Traceback (most recent call last):
    hginventory.errors.UsageError: no share of mean 0.02 varies from 0 to 0.9
    """
    if not low < high or not low <= mean <= high:
        raise UsageError(f"low {low:g}, value {mean:g} and high {high:g} do not rise")
    kind = distribution or NORMAL
    if kind == LOGNORMAL:
        if low <= 0.0:
            raise UsageError(f"low {low:g} is not above 0, as the 5th percentile of a lognormal is")
        return Spread(kind, math.log(high / low) / RANGE_90, tuple(scopes))
    sd = (high - low) / RANGE_90
    if kind == BETA:
        if not 0.0 < mean < 1.0 or sd**2 >= mean * (1.0 - mean):
            raise UsageError(f"no share of mean {mean:g} varies from {low:g} to {high:g}")
        return Spread(kind, sd, tuple(scopes))
    if mean == 0.0:
        raise UsageError("a range around 0 is not a share of the value")
    if kind == TRIANGULAR:
        sd = (high - low) / 2.0 / REACH_90 * WIDEST_TRIANGLE
        if sd > WIDEST_TRIANGLE * abs(mean):
            raise UsageError(f"no triangle around {mean:g} that stays above 0 has the range {low:g} to {high:g}")
    return Spread(kind, sd / abs(mean), tuple(scopes))


def share_sd(sd: float, mean: float, other: float) -> float:
    """Return the standard deviation of a share for another mean [1]: relative to what is left of 1 it stays the same.

    Where no share has that mean and spread, it is that of as many observations; where the mean is 0 or 1, it is 0.

    Parameters
    ----------
    sd, mean : float
        Standard deviation and mean of the share, as of a removal [1].
    other : float
        The mean that it has instead, as that of a train with one device more [1].

    Examples
    --------
    Half of what passed still passes:

    >>> share_sd(0.1, 0.5, 0.75)
    0.05
    """
    if not sd or not 0.0 < other < 1.0:
        return 0.0
    scaled = sd * (1.0 - other) / (1.0 - mean)
    return scaled if scaled**2 < other * (1.0 - other) else sd_at(sd, mean, other)


def sd_at(sd: float, mean: float, other: float) -> float:
    """Return the standard deviation of a share for another mean [1]: that of as many observations.

    It is the same part of sqrt(mean (1 - mean)), the largest one that a share of that mean can have.

    Parameters
    ----------
    sd, mean : float
        Standard deviation and mean of the share, as of a capacity factor [1]; the mean lies between 0 and 1.
    other : float
        The mean that it has instead, from 0 to 1 [1].

    Examples
    --------
    >>> round(sd_at(0.18, 0.5, 0.1), 3), sd_at(0.18, 0.5, 1.0)
    (0.108, 0.0)
    """
    return sd * math.sqrt(other * (1.0 - other) / (mean * (1.0 - mean)))


def of_sum(parts: Sequence[tuple[float, Spread | None]], shared: str = "") -> Spread | None:
    """Return the spread of a sum whose parts have lognormal spreads; it keeps the scopes of its largest part.

    Parameters
    ----------
    parts : sequence of (float, Spread or None)
        Mean of each part, in one unit, and its spread; None: certain.
    shared : str, optional
        Scope whose error the parts have in common; all others are independent.

    Examples
    --------
    >>> coal = Spread("lognormal", 0.5, (("country", 0.2), ("plant", 0.8)))
    >>> alone, mixed = of_sum([(1.0, coal)]), of_sum([(0.5, coal), (0.5, coal)])
    >>> together = of_sum([(0.5, coal), (0.5, coal)], shared="country")
    >>> [round(spread.size, 3) for spread in (alone, mixed, together)]
    [0.5, 0.364, 0.397]
    """
    total = sum(mean for mean, _ in parts)
    known = [(mean, spread) for mean, spread in parts if spread is not None]
    if not known or total <= 0:
        return None
    own = in_common = 0.0  # variance; sum of standard deviations
    for mean, spread in known:
        variance, part = mean**2 * math.expm1(spread.size**2), dict(spread.scopes).get(shared, 0.0)
        own += variance * (1.0 - part)
        in_common += math.sqrt(variance * part)
    largest = max(known, key=lambda part: part[0] * part[1].size)[1]
    return Spread(LOGNORMAL, math.sqrt(math.log1p((own + in_common**2) / total**2)), largest.scopes)
