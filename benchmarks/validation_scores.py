"""How close a published value is to our interval: the interval score and the mean ratio, in logarithms."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

OUTSIDE = 0.10  # share of the probability outside the interval


@dataclass(frozen=True)
class Outcome:
    """A published value next to ours.

    Attributes
    ----------
    case_id : str
        Name of the case, as in validation_cases.txt.
    group : str
        Table of the page.
    place, year : str
        What the value is of, and its year.
    cluster : str
        Cases with one error: a country, or a plant with its years.
    published : float
        Published mercury [kg]; of a censored case its upper bound.
    ours, low, high : float
        Our central value and 90 % interval [kg]; NaN where nothing could be compared.
    source : str
        Where the value was published.
    remark : str
        Why it is not scored; empty: it is.
    censored : bool
        Whether only an upper bound was published.
    """

    case_id: str
    group: str
    place: str
    year: str
    cluster: str
    published: float
    ours: float
    low: float
    high: float
    source: str
    remark: str = ""
    censored: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether the published value lies in the interval; of a censored case, whether it may."""
        return self.low <= self.published and (self.censored or self.published <= self.high)

    @property
    def log_ratio(self) -> float:
        """Logarithm of ours over the published value."""
        return math.log(self.ours / self.published)

    @property
    def width(self) -> float:
        """Upper over lower end of the interval."""
        return self.high / self.low

    @property
    def score(self) -> float:
        """Interval score of the logarithms; the smaller, the better."""
        return interval_score(math.log(self.low), math.log(self.high), math.log(self.published))


def interval_score(low: float, high: float, value: float) -> float:
    """Return the interval score of a 90 % interval: its width, and 2/0.1 times the distance of what lies outside.

    Notes
    -----
    Gneiting and Raftery 2007, J. Am. Stat. Assoc. 102:359-378, equation 43.

    Examples
    --------
    >>> interval_score(1.0, 3.0, 2.0), interval_score(1.0, 3.0, 3.5), interval_score(0.0, 9.0, 2.0)
    (2.0, 12.0, 9.0)
    """
    return high - low + 2.0 / OUTSIDE * (max(low - value, 0.0) + max(value - high, 0.0))


@dataclass(frozen=True)
class Summary:
    """What the scored cases of a group say together.

    Attributes
    ----------
    cases, clusters : int
        Cases scored that have a published value, and clusters of them.
    ratio, error : float
        Geometric mean of ours over published, over clusters, and the standard error of its logarithm.
    inside : float
        Share of the cases inside, censored ones among them [0-1].
    counted : int
        Cases that this share is of.
    width, score : float
        Geometric mean width of the interval, upper over lower end, and mean interval score.
    """

    cases: int
    clusters: int
    ratio: float
    error: float
    inside: float
    counted: int
    width: float
    score: float


def summarise(outcomes: Iterable[Outcome]) -> Summary | None:
    """Return the summary of the scored cases among outcomes; None where there is none with a published value."""
    scored = [outcome for outcome in outcomes if not outcome.remark]
    known = [outcome for outcome in scored if not outcome.censored]
    if not known:
        return None
    ratios, error = clustered([outcome.log_ratio for outcome in known], [outcome.cluster for outcome in known])
    return Summary(
        cases=len(known),
        clusters=len({outcome.cluster for outcome in known}),
        ratio=math.exp(ratios),
        error=error,
        inside=float(np.mean([outcome.is_inside for outcome in scored])),
        counted=len(scored),
        width=math.exp(float(np.mean([math.log(outcome.width) for outcome in known]))),
        score=float(np.mean([outcome.score for outcome in known])),
    )


def clustered(values: Sequence[float], clusters: Sequence[str]) -> tuple[float, float]:
    """Return the mean over clusters of the mean of each, and its standard error; NaN with one cluster.

    >>> clustered([1.0, 3.0, 4.0], ["a", "a", "b"])
    (3.0, 1.0)
    """
    by_cluster: dict[str, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        by_cluster[cluster].append(value)
    means = [float(np.mean(own)) for own in by_cluster.values()]
    error = float(np.std(means, ddof=1) / math.sqrt(len(means))) if len(means) > 1 else math.nan
    return float(np.mean(means)), error
