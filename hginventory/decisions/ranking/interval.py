"""A drawn number in few words: its mean with a 90 % interval, and the class of a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Floats

CLASSES = ((0.95, "certain"), (0.5, "likely"), (0.05, "contested"))  # P(in the top) above; else "no"


@dataclass(frozen=True)
class Interval:
    """A number with its 90 % interval: mean, 5th, 50th and 95th percentile of the draws."""

    mean: float
    p05: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Floats) -> Interval:
        """Return mean and percentiles of draws; NaN where a draw has no value."""
        known = values[np.isfinite(values)]
        if not known.size:
            return cls(*[float("nan")] * 4)
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
        return cls(float(known.mean()), float(low), float(middle), float(high))


def top_class(p_top: Floats) -> NDArray[np.str_]:
    """Return the class of probability that each unit is among the largest, shape of the probabilities.

    >>> top_class(np.array([1.0, 0.95, 0.4, 0.05])).tolist()
    ['certain', 'likely', 'contested', 'no']
    """
    return np.select([p_top > bound for bound, _ in CLASSES], [word for _, word in CLASSES], "no")
