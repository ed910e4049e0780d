"""The distributions of all uncertain factors as tables, each once."""

from __future__ import annotations

import math

import numpy as np

from hginventory._types import Floats, Singles
from hginventory.ensemble import quantiles
from hginventory.factors import BETA, LOGNORMAL, TRIANGULAR, WIDEST_TRIANGLE
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, PASSING, UncertainFactor

MOST_OF_POSSIBLE = 0.95  # of the largest standard deviation a share of that mean can have


class Tables:
    """Tables of all distributions met, each once."""

    def __init__(self) -> None:
        self._index: dict[tuple[object, ...], int] = {}
        self._tables: list[Floats] = []

    def index_of(self, factor: UncertainFactor) -> int:
        """Return the index of the table of an uncertain factor."""
        before = None if factor.before is None else _share_key(factor.before)
        key = (_bound(factor.highest, factor.spread.size), before, *_share_key(factor))
        if key not in self._index:
            self._index[key] = len(self._tables)
            self._tables.append(_table(factor))
        return self._index[key]

    def __getitem__(self, index: int) -> Floats:
        """Return one of the tables, shape (NODES,)."""
        return self._tables[index]

    def stacked(self) -> Singles:
        """Return all tables, shape (M, NODES)."""
        return np.array(self._tables, dtype=np.float32).reshape(-1, quantiles.NODES)


def _bound(highest: float, size: float) -> float:
    """Return a bound that units share: none where it cuts nothing off, else the next lower thousandth."""
    if highest >= 1.0 + quantiles.REACH * size:
        return math.inf
    return math.floor(highest * 1000.0) / 1000.0


def _share_key(factor: UncertainFactor) -> tuple[str, str, float, float]:
    return factor.kind, factor.spread.distribution, float(f"{factor.mean:.9g}"), float(f"{factor.spread.size:.9g}")


def _table(factor: UncertainFactor) -> Floats:
    """Return the factor on the emission over z, mean 1.

    With devices added, at no z does more pass than before, and the mean of what passes is the stated one all the same.
    """
    if factor.kind == MULTIPLIER and factor.spread.distribution == BETA:
        return _beta(factor.mean, factor.spread.size) / factor.mean
    if factor.kind == MULTIPLIER:
        return _multiplier(factor.spread.distribution, factor.spread.size, _bound(factor.highest, factor.spread.size))
    passing = _passing(factor)
    if factor.before is not None:
        passing = quantiles.scaled_to(passing, _mean_passing(factor), _passing(factor.before))
    return passing / _mean_passing(factor)


def _multiplier(distribution: str, size: float, highest: float) -> Floats:
    """Return a number over its mean, over z; what is not lognormal stays between 0 and the highest."""
    if distribution == LOGNORMAL:
        return quantiles.lognormal(size)
    if distribution == TRIANGULAR:
        half = min(size / WIDEST_TRIANGLE, 1.0, highest - 1.0)
        table = quantiles.triangular(1.0 - half, 1.0, 1.0 + half) if half > 0.0 else np.ones(quantiles.NODES)
        return table / float(quantiles.table_mean(table))
    return quantiles.normal(size, 0.0, highest)


def _beta(mean: float, size: float) -> Floats:
    """Return a share over z; its spread is cut to what a share of that mean can have."""
    return quantiles.beta(mean, min(size, MOST_OF_POSSIBLE * math.sqrt(mean * (1.0 - mean))))


def _mean_passing(factor: UncertainFactor) -> float:
    return factor.mean if factor.kind == PASSING else 1.0 - factor.mean


def _passing(factor: UncertainFactor) -> Floats:
    """Return the share that passes over z: never more than all, rising for `PASSING` and falling for `REMOVED`."""
    mean, size = _mean_passing(factor), factor.spread.size
    if not 0.0 < mean < 1.0 or size <= 0.0:
        return np.full(quantiles.NODES, mean)
    if factor.spread.distribution == BETA:
        share = _beta(factor.mean, size)
        return share if factor.kind == PASSING else 1.0 - share
    if factor.spread.distribution == LOGNORMAL:
        rising = quantiles.scaled_to(mean * quantiles.lognormal(size), mean)
    else:
        rising = mean * _multiplier(factor.spread.distribution, size, 1.0 / mean)
    return rising if factor.kind == PASSING else rising[::-1]
