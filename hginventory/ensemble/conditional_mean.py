"""What amounts are expected where some streams are known and all others are not."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from hginventory._types import Floats, Words64
from hginventory.ensemble.arrays import ALL_TERMS, NO_TABLE, EnsembleInput
from hginventory.ensemble.limit_cut import apply_cuts
from hginventory.ensemble.numpy_engine import NormalStore
from hginventory.ensemble.quantiles import GRID, node_weights, normal_cdf, table_mean
from hginventory.ensemble.rate_distribution import distribution_of, spectrum_of

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
        found: dict[int, float] = {}
        for slot, scope in zip(*np.nonzero(self._known[row]), strict=True):
            share = self._share(row, slot)
            if self._in_cut_rate(row, slot):
                share *= self._slope(row)
            size = self._log_spread(row, slot)
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
        shape = (1 + rows.central.shape[1], store.draws)  # the last one acts on all terms
        factors, outside = np.ones(shape), np.ones(store.draws)
        for slot in np.flatnonzero(self._known[row].any(axis=1)).tolist():
            scopes = np.flatnonzero(self._known[row, slot])
            weights = rows.weight[row, slot, scopes].astype(np.float64)
            z = weights @ store.of(rows.stream[row, slot, scopes]).astype(np.float64)
            table = self.given.tables[rows.table[row, slot]].astype(np.float64)
            values = np.interp(z, GRID, averaged(table, self._unknown(row, slot) ** 0.5))
            factors[rows.term[row, slot]] *= values
            if self._is_cut(row) and not self._in_cut_rate(row, slot):
                outside *= values
        amounts = (rows.central[row] @ factors[:-1]) * factors[ALL_TERMS]
        return self._cut(row, amounts, outside) if self._is_cut(row) else np.asarray(amounts)

    def _is_cut(self, row: int) -> bool:
        return self.given.cuts is not None and bool(self.given.cuts.table[row] != NO_TABLE)

    def _in_cut_rate(self, row: int, slot: int) -> bool:
        """Return whether a slot acts on a rate that is cut at a limit."""
        cuts = self.given.cuts
        return cuts is not None and self._is_cut(row) and not bool(cuts.outside[row, slot])

    def _unknown(self, row: int, slot: int) -> float:
        """Return the part of the variance of z of a slot that is not known."""
        weights = self.given.rows.weight[row, slot].astype(np.float64)
        return max(0.0, 1.0 - float((weights[self._known[row, slot]] ** 2).sum()))

    def _share(self, row: int, slot: int) -> float:
        """Return the share of the amount on which a slot acts."""
        central, term = self.given.rows.central[row], self.given.rows.term[row, slot]
        total = central.sum()
        return 1.0 if term == ALL_TERMS or total <= 0 else float(central[term] / total)

    def _log_spread(self, row: int, slot: int) -> float:
        return log_spread(self.given.tables[self.given.rows.table[row, slot]].astype(np.float64))

    def _rates_at_nodes(self, row: int, *, unknown: bool) -> Floats:
        """Return a rate that is cut over its mean, at the nodes of the normal rule: all of it, or what is unknown.

        A slot of which a part is known is taken for a product of what is known and what is not, as a lognormal is.
        """
        spectra = []
        for slot in np.flatnonzero(self.given.rows.table[row] != NO_TABLE).tolist():
            part = self._unknown(row, slot) if unknown else 1.0
            if part > 0.0 and self._in_cut_rate(row, slot):
                table = self.given.tables[self.given.rows.table[row, slot]].astype(np.float64)
                left = np.interp(part**0.5 * GRID, GRID, table) ** self._share(row, slot)
                spectra.append(spectrum_of(left / float(table_mean(left))))
        nodes, _ = _normal_rule()
        return (
            distribution_of(spectra).quantile(normal_cdf(nodes), normal_cdf(-nodes)) if spectra else np.ones(nodes.size)
        )

    def _slope(self, row: int) -> float:
        """Return the change of the logarithm of a rate after its cut with that before it."""
        before, (nodes, weights) = self._rates_at_nodes(row, unknown=False), _normal_rule()
        central = float(self.given.rows.central[row].sum())
        after = self._after(row, central * before, np.ones(nodes.size))
        rise, rise_before = (float(weights @ (np.log(rates) * nodes)) for rates in (after, before))
        return rise / rise_before if rise_before > 0.0 else 0.0

    def _cut(self, row: int, amounts: Floats, outside: Floats) -> Floats:
        """Return the mean amounts of a row after the cut at its limit, over what is not known."""
        rates, (_, weights) = self._rates_at_nodes(row, unknown=True), _normal_rule()
        parts = zip(weights.tolist(), rates.tolist(), strict=True)
        return np.asarray(sum(weight * self._after(row, amounts * rate, outside) for weight, rate in parts))

    def _after(self, row: int, amounts: Floats, outside: Floats) -> Floats:
        """Return the amounts of a row after the cut at its limit."""
        cuts = self.given.cuts
        if cuts is None:
            return amounts
        central = self.given.rows.central[[row]].sum(axis=1)
        activity = outside[None, :].astype(np.float32)
        return np.asarray(apply_cuts(amounts[None, :], central, activity, cuts.tables, cuts.table[[row]])[0])


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
