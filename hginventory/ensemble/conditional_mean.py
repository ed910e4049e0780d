"""What amounts are expected where some streams are known and all others are not."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from hginventory._types import Floats, Words64
from hginventory.ensemble.arrays import ALL_TERMS, NO_TABLE, EnsembleInput
from hginventory.ensemble.limit_cut import apply_cuts
from hginventory.ensemble.numpy_engine import NormalStore
from hginventory.ensemble.quantiles import GRID, node_weights

_NODES = 41  # of the integral over what stays unknown


class Revealed:
    """Units of an ensemble of which some streams are known.

    Everything else has its mean: tables have mean 1 and slots are independent of each other, so the expected
    amount is the product of the expected slots.

    Parameters
    ----------
    given : EnsembleInput
        The fleet, lifetimes fixed.
    streams : ndarray of uint64
        What is known.
    units : sequence of int, optional
        Units it applies to; default: all that use a stream.

    Attributes
    ----------
    units : list of int
        Units whose expected amount depends on what is known.
    streams : ndarray of uint64, shape (K,)
        Known streams that these units use.
    loading : ndarray of float, shape (K,)
        Change of the logarithm of the amount with each stream, of the largest row.
    """

    def __init__(self, given: EnsembleInput, streams: Words64, units: list[int] | None = None) -> None:
        self.given = given
        rows = given.rows
        known = np.isin(rows.stream, streams) & (rows.weight > 0) & (rows.table != NO_TABLE)[:, :, None]
        using = known.any(axis=(1, 2))
        touched = {int(unit) for unit in rows.unit[using]}
        self.units = sorted(touched if units is None else touched & set(units))
        self._rows = np.flatnonzero(np.isin(rows.unit, self.units))
        self._known = known
        self.streams, self.loading = self._loadings()

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm of the amount that what is known accounts for."""
        return float(np.sqrt((self.loading**2).sum()))

    def _loadings(self) -> tuple[Words64, Floats]:
        rows = self.given.rows
        if not self._rows.size:
            return np.empty(0, dtype=np.uint64), np.empty(0)
        amount = rows.central[self._rows].sum(axis=1) * np.maximum(rows.end - rows.first, 0)[self._rows]
        row = int(self._rows[np.argmax(amount)])
        total = rows.central[row].sum()
        found: dict[int, float] = {}
        for slot, scope in zip(*np.nonzero(self._known[row]), strict=True):
            term = rows.term[row, slot]
            share = 1.0 if term == ALL_TERMS or total <= 0 else float(rows.central[row, term] / total)
            size = log_spread(self.given.tables[rows.table[row, slot]].astype(np.float64))
            stream = int(rows.stream[row, slot, scope])
            found[stream] = found.get(stream, 0.0) + share * size * float(rows.weight[row, slot, scope])
        return np.array(list(found), dtype=np.uint64), np.array(list(found.values()))

    def signal(self, store: NormalStore) -> Floats:
        """Return the logarithm of the amount in every draw, as far as it follows from what is known, shape (S,)."""
        return np.asarray(self.loading @ store.of(self.streams).astype(np.float64))

    def amounts(self, store: NormalStore) -> dict[int, Floats]:
        """Return the expected amount of each unit over its years in every draw [kg], each of shape (S,)."""
        rows = self.given.rows
        out = {unit: np.zeros(store.draws) for unit in self.units}
        for row in self._rows:
            years = int(rows.end[row] - rows.first[row])
            if years > 0:
                out[int(rows.unit[row])] += years * self._row(int(row), store)
        return out

    def _row(self, row: int, store: NormalStore) -> Floats:
        rows = self.given.rows
        factors = {term: np.ones(store.draws) for term in (ALL_TERMS, *range(rows.central.shape[1]))}
        for slot in np.flatnonzero(self._known[row].any(axis=1)):
            scopes = np.flatnonzero(self._known[row, slot])
            weights = rows.weight[row, slot, scopes].astype(np.float64)
            z = weights @ store.of(rows.stream[row, slot, scopes]).astype(np.float64)
            unknown = max(0.0, 1.0 - float((weights**2).sum()))
            table = self.given.tables[rows.table[row, slot]].astype(np.float64)
            factors[int(rows.term[row, slot])] *= np.interp(z, GRID, averaged(table, unknown**0.5))
        terms = sum(amount * factors[term] for term, amount in enumerate(rows.central[row].tolist()))
        return self._cut(row, np.asarray(terms * factors[ALL_TERMS]))

    def _cut(self, row: int, amounts: Floats) -> Floats:
        """Return the amounts of a row after the cut at its limit, with what is not known at its mean."""
        cuts = self.given.cuts
        if cuts is None or cuts.table[row] == NO_TABLE:
            return amounts
        one, central = np.ones((1, amounts.size), dtype=np.float32), self.given.rows.central[[row]].sum(axis=1)
        return np.asarray(apply_cuts(amounts[None, :], central, one, cuts.tables, cuts.table[[row]])[0])


def averaged(table: Floats, sd: float) -> Floats:
    """Return the mean of a table at every node where a normal of a standard deviation is added to z.

    Parameters
    ----------
    table : ndarray of float, shape (NODES,)
        Values over `GRID`.
    sd : float
        Standard deviation of what is unknown, 0 to 1.

    Examples
    --------
    The mean of exp(z) where half the variance is unknown:

    >>> bool(abs(averaged(np.exp(GRID), 0.5**0.5)[512] - np.exp(0.25)) < 1e-3)
    True
    """
    if sd < 1e-6:
        return table
    nodes, weights = _normal_rule()
    return np.asarray(weights @ np.array([np.interp(GRID + sd * node, GRID, table) for node in nodes]))


@cache
def _normal_rule() -> tuple[Floats, Floats]:
    from numpy.polynomial.hermite_e import hermegauss

    nodes, weights = hermegauss(_NODES)
    return nodes, weights / weights.sum()


def log_spread(table: Floats) -> float:
    """Return the standard deviation of the logarithm of a table, negative where it falls as z rises.

    Parameters
    ----------
    table : ndarray of float, shape (NODES,)
        Positive values over `GRID`.

    Examples
    --------
    >>> from hginventory.ensemble.quantiles import lognormal
    >>> round(log_spread(lognormal(0.5)), 4), round(log_spread(1.0 / lognormal(0.5)), 4)
    (0.5, -0.5)
    """
    log = np.log(np.maximum(table, np.finfo(np.float32).tiny))
    weights = node_weights()
    mean = log @ weights
    size = math.sqrt(max(0.0, float((log - mean) ** 2 @ weights)))
    return -size if table[-1] < table[0] else size
