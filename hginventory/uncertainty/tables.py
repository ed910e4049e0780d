"""The distributions of all slots as tables, each once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import quantiles
from hginventory.factors.spread import BETA, LOGNORMAL, TRIANGULAR, WIDEST_TRIANGLE
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, PASSING, Slot

Floats = NDArray[np.float64]
MOST_OF_POSSIBLE = 0.95  # of the largest standard deviation a share of that mean can have


class Tables:
    """Tables of all distributions met, each once."""

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], int] = {}
        self._tables: list[Floats] = []

    def place(self, slot: Slot) -> int:
        """Return the position of the table of a slot."""
        before = None if slot.before is None else _share_key(slot.before)
        key = (_bound(slot.highest, slot.spread.size), before, *_share_key(slot))
        if key not in self._places:
            self._places[key] = len(self._tables)
            self._tables.append(_table(slot))
        return self._places[key]

    def stacked(self) -> NDArray[np.float32]:
        """Return all tables, shape (M, NODES)."""
        return np.array(self._tables, dtype=np.float32).reshape(-1, quantiles.NODES)


def _bound(highest: float, size: float) -> float:
    """Return a bound that units share: none where it cuts nothing off, else the next lower thousandth."""
    if highest >= 1.0 + quantiles.REACH * size:
        return math.inf
    return math.floor(highest * 1000.0) / 1000.0


def _share_key(slot: Slot) -> tuple[str, str, float, float]:
    return slot.kind, slot.spread.distribution, float(f"{slot.mean:.9g}"), float(f"{slot.spread.size:.9g}")


def _table(slot: Slot) -> Floats:
    """Return the factor on the emission over z, mean 1.

    With devices added, at no z does more pass than before. This lowers the mean of what passes a little below the
    stated one; it is not scaled back, as no draw may show more mercury after a retrofit.
    """
    if slot.kind == MULTIPLIER:
        return _multiplier(slot.spread.distribution, slot.spread.size, _bound(slot.highest, slot.spread.size))
    passing = _passing(slot)
    if slot.before is not None:
        passing = np.minimum(passing, _passing(slot.before))
    return passing / _mean_passing(slot)


def _multiplier(distribution: str, size: float, highest: float) -> Floats:
    """Return a number over its mean, over z; what is not lognormal stays between 0 and the highest."""
    if distribution == LOGNORMAL:
        return quantiles.lognormal(size)
    if distribution == TRIANGULAR:
        half = min(size / WIDEST_TRIANGLE, 1.0, highest - 1.0)
        table = quantiles.triangular(1.0 - half, 1.0, 1.0 + half) if half > 0.0 else np.ones(quantiles.NODES)
        return table / float(quantiles.table_mean(table))
    return quantiles.normal(size, 0.0, highest)


def _mean_passing(slot: Slot) -> float:
    return slot.mean if slot.kind == PASSING else 1.0 - slot.mean


def _passing(slot: Slot) -> Floats:
    """Return the share that passes over z: never more than all, rising for `PASSING` and falling for `REMOVED`."""
    mean, size = _mean_passing(slot), slot.spread.size
    if not 0.0 < mean < 1.0 or size <= 0.0:
        return np.full(quantiles.NODES, mean)
    if slot.spread.distribution == BETA:  # the spread is cut to what a share of that mean can have
        share = quantiles.beta(slot.mean, min(size, MOST_OF_POSSIBLE * math.sqrt(mean * (1.0 - mean))))
        return share if slot.kind == PASSING else 1.0 - share
    if slot.spread.distribution == LOGNORMAL:
        rising = quantiles.scaled_to(mean * quantiles.lognormal(size), mean)
    else:
        rising = mean * _multiplier(slot.spread.distribution, size, 1.0 / mean)
    return rising if slot.kind == PASSING else rising[::-1]
