"""The distributions of all slots as tables, each once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import quantiles
from hginventory.factors.spread import BETA, LOGNORMAL
from hginventory.uncertainty.slots import MULTIPLIER, PASSING, Slot

Floats = NDArray[np.float64]
MOST_OF_POSSIBLE = 0.95  # of the largest standard deviation a share of that mean can have


class Tables:
    """Tables of all distributions met, each once."""

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], int] = {}
        self._tables: list[Floats] = []

    def place(self, slot: Slot) -> int:
        """Return the position of the table of a slot."""
        size, mean = float(f"{slot.spread.size:.9g}"), float(f"{slot.mean:.9g}")
        floor = None if slot.floor is None else tuple(float(f"{number:.9g}") for number in slot.floor)
        highest = _bound(slot.highest, size)
        key = (slot.kind, slot.spread.distribution, size, mean, highest, floor)
        if key not in self._places:
            self._places[key] = len(self._tables)
            self._tables.append(_table(slot.kind, slot.spread.distribution, size, mean, highest, floor))
        return self._places[key]

    def stacked(self) -> NDArray[np.float32]:
        """Return all tables, shape (M, NODES)."""
        return np.array(self._tables, dtype=np.float32).reshape(-1, quantiles.NODES)


def _bound(highest: float, size: float) -> float:
    """Return a bound that units share: none where it cuts nothing off, else the next lower thousandth."""
    if highest >= 1.0 + quantiles.REACH * size:
        return math.inf
    return math.floor(highest * 1000.0) / 1000.0


def _table(
    kind: str, distribution: str, size: float, mean: float, highest: float, floor: tuple[float, ...] | None
) -> Floats:
    """Return the factor on the emission over z, mean 1.

    With a floor, the removal is at no z below that of the train without the devices added. This lifts the mean of the
    removal a little above the stated one; it is not scaled back, as no draw may show more mercury after a retrofit.
    """
    if kind == MULTIPLIER:
        return quantiles.lognormal(size) if distribution == LOGNORMAL else quantiles.normal(size, 0.0, highest)
    assert distribution == BETA, f"a share varies as a beta, not as {distribution!r}"
    share = _share(mean, size)
    if floor is not None:
        share = np.maximum(share, _share(*floor))
    return share / mean if kind == PASSING else (1.0 - share) / (1.0 - mean)


def _share(mean: float, size: float) -> Floats:
    """Return the table of a share; the spread is cut to what a share of that mean can have."""
    if not 0.0 < mean < 1.0 or size <= 0.0:
        return np.full(quantiles.NODES, mean)
    return quantiles.beta(mean, min(size, MOST_OF_POSSIBLE * math.sqrt(mean * (1.0 - mean))))
