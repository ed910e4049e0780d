"""The ensemble in plain numpy, as one would write it well without this package, and as a textbook has it.

Same model, same factors, as many draws: numpy's fastest generator, tabulated quantiles, everything in float32, chunks
that stay in the cache, matrix products for sums of sets and years, vectorised sorts. All values are kept, as numpy
needs them for quantiles and ranks.

    python benchmarks/baseline_numpy.py [UNITS] [DRAWS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.arrays import LEVELS, NO_TABLE, RANK_LEVELS, EnsembleInput
from hginventory.ensemble.quantiles import CELLS, NODES, REACH, STEP

Noise = NDArray[np.float32]
CHUNK = 32  # units worked on at once
SHARED_FROM = 12  # a stream that as many units use is drawn once


@dataclass(frozen=True)
class Baseline:
    """What a run reports; names as in `layout.Draws`."""

    rate_mean: Noise
    life_mean: Noise
    rate_quantiles: Noise
    life_quantiles: Noise
    rank_quantiles: Noise
    p_top: NDArray[np.float64]
    base_sums: Noise
    life_sums: Noise
    yearly_sums: Noise
    top_units: NDArray[np.intp]


def run(given: EnsembleInput, draws: int, seed: int) -> Baseline:
    """Return what an ensemble of units with one row each reports.

    Parameters
    ----------
    given : EnsembleInput
        The fleet, lifetimes fixed.
    draws, seed : int
        Number of draws and seed.
    """
    rows, count = given.rows, given.units
    years = (rows.end - rows.first).astype(np.float32)
    runs = ((rows.first <= np.arange(given.years)[:, None]) & (np.arange(given.years)[:, None] < rows.end)).astype(
        np.float32
    )
    rate = np.empty((count, draws), dtype=np.float32)
    base, life = (np.zeros((len(given.sums), draws), dtype=np.float32) for _ in range(2))
    yearly = np.zeros((len(given.yearly), given.years, draws), dtype=np.float32)
    random = _Random(given, draws, seed)
    sets, yearly_sets = given.sums.astype(np.float32), given.yearly.astype(np.float32)
    for own in random.chunks():
        values = random.values(own)
        rate[own] = values
        base += (sets[:, own] * given.in_base_year[own].astype(np.float32)) @ values
        life += (sets[:, own] * years[own]) @ values
        for year, chosen in enumerate(yearly_sets):
            yearly[year] += (runs[:, own] * chosen[own]) @ values
    ranks, top = _ranks(rate, years, given.top)
    rate_mean, rate_quantiles = rate.mean(axis=1, dtype=np.float64), _quantiles(rate, LEVELS)
    return Baseline(
        rate_mean=rate_mean,
        life_mean=rate_mean * years,
        rate_quantiles=rate_quantiles,
        life_quantiles=rate_quantiles * years[:, None],
        rank_quantiles=_quantiles(ranks, RANK_LEVELS),
        p_top=np.bincount(top.ravel(), minlength=count) / draws,
        base_sums=base,
        life_sums=life,
        yearly_sums=yearly,
        top_units=top,
    )


class _Random:
    """Values of units in every draw; streams that many units use are drawn once."""

    def __init__(self, given: EnsembleInput, draws: int, seed: int) -> None:
        self.rows, self.draws = given.rows, draws
        self.tables = given.tables.ravel()
        self.random = np.random.Generator(np.random.SFC64(seed))
        names, counts = np.unique(self.rows.stream[self.rows.weight > 0], return_counts=True)
        common = names[counts >= SHARED_FROM]
        self.common = self._normals(common.size)
        self.plant = self.rows.stream[:, 0, 1]  # of the content, which units of a plant share and which stand together
        index = np.minimum(np.searchsorted(common, self.rows.stream), max(common.size - 1, 0))
        self.index = np.where(common[index] == self.rows.stream, index, -1)

    def chunks(self) -> Iterator[slice]:
        """Yield units to work on together, whole plants."""
        ends = np.append(np.flatnonzero(self.plant[1:] != self.plant[:-1]) + 1, self.plant.size)
        begin = 0
        while begin < self.plant.size:
            end = int(ends[np.searchsorted(ends, min(begin + CHUNK, self.plant.size))])
            yield slice(begin, end)
            begin = end

    def values(self, own: slice) -> Noise:
        """Return the yearly rate of some units [kg/yr], shape (n, draws)."""
        rows = self.rows
        out = rows.central[own].sum(axis=1, dtype=np.float32)[:, None]
        for factor in range(rows.table.shape[1]):
            table = rows.table[own, factor]
            assert (table != NO_TABLE).all(), "each slot is used by all units"
            z = np.zeros((table.size, self.draws), dtype=np.float32)
            for scope in range(rows.weight.shape[2]):
                weight, index = rows.weight[own, factor, scope, None], self.index[own, factor, scope]
                if weight.any():
                    if (index >= 0).all():
                        noise = self.common[index]
                    else:
                        names, first = np.unique(rows.stream[own, factor, scope], return_inverse=True)
                        noise = self._normals(names.size)
                        noise = noise if names.size == table.size else noise[first]
                    noise *= weight
                    z += noise
            out = out * self._look_up(table, z)
        return out

    def _normals(self, count: int) -> Noise:
        return self.random.standard_normal((count, self.draws), dtype=np.float32)

    def _look_up(self, table: NDArray[np.int32], z: Noise) -> Noise:
        z += np.float32(REACH)
        z *= np.float32(1.0 / STEP)
        np.clip(z, np.float32(0.0), np.float32(CELLS - 0.5), out=z)
        cell = z.astype(np.int32)
        z -= cell
        cell += (table * np.int32(NODES))[:, None]
        left = self.tables.take(cell)
        cell += np.int32(1)
        right = self.tables.take(cell)
        right -= left
        right *= z
        right += left
        return right


def _quantiles(rows: NDArray[np.generic], levels: tuple[float, ...]) -> NDArray[np.float64]:
    """Return exact quantiles of rows; sorting in the registers of the processor beats partitioning, and np.quantile."""
    out = np.empty((len(rows), len(levels)))
    position = np.array(levels) * (rows.shape[1] - 1)
    lower = position.astype(np.intp)
    upper = np.minimum(lower + 1, rows.shape[1] - 1)
    for begin in range(0, len(rows), CHUNK):
        ordered = np.sort(rows[begin : begin + CHUNK], axis=1)
        left = ordered[:, lower].astype(np.float64)
        out[begin : begin + CHUNK] = left + (position - lower) * (ordered[:, upper] - left)
    return out


def _ranks(rate: Noise, years: Noise, top: int) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Return the rank of each unit in each draw, shape (N, S), and the largest units of each draw, shape (S, top)."""
    count, draws = rate.shape
    ranks = np.empty((count, draws), dtype=np.int32)
    largest = np.empty((draws, top), dtype=np.intp)
    order_ranks = np.arange(1, count + 1, dtype=np.int32)
    for begin in range(0, draws, CHUNK):
        life = np.ascontiguousarray((rate[:, begin : begin + CHUNK] * -years[:, None]).T)
        order = np.argsort(life, axis=1)
        own = np.empty(order.shape, dtype=np.int32)
        np.put_along_axis(own, order, order_ranks[None, :], axis=1)
        ranks[:, begin : begin + CHUNK] = own.T
        largest[begin : begin + CHUNK] = order[:, :top]
    return ranks, largest


def textbook(given: EnsembleInput, draws: int, seed: int) -> NDArray[np.float64]:
    """Return yearly totals [kg], shape (years, draws), as a textbook has it: draw by draw, a table units x years.

    Distributions are those of scipy, a factor that takes part in a Gaussian copula is the quantile at the probability
    of its normal. Sums, quantiles, ranks and the largest units are computed as well, in the plain way. The fleet is
    that of `synthetic`.
    """
    from scipy import stats
    from synthetic import quantile_functions

    rows, count = given.rows, given.units
    random = np.random.default_rng(seed)
    names, indices = np.unique(rows.stream, return_inverse=True)
    indices = indices.reshape(rows.stream.shape)
    distributions = quantile_functions()
    year = np.arange(given.years)
    runs = (rows.first[:, None] <= year) & (year < rows.end[:, None])
    yearly = np.empty((given.years, draws))
    rate, life, ranks = (np.empty((count, draws)) for _ in range(3))
    base, remaining = np.empty((len(given.sums), draws)), np.empty((len(given.sums), draws))
    in_top = np.zeros(count)
    for draw in range(draws):
        z = (rows.weight * random.standard_normal(names.size)[indices]).sum(axis=2)
        probability = stats.norm.cdf(z)
        value = rows.central.sum(axis=1)
        for factor in range(z.shape[1]):
            for table in np.unique(rows.table[:, factor]):
                chosen = rows.table[:, factor] == table
                value[chosen] *= distributions[table](probability[chosen, factor])
        by_year = np.where(runs, value[:, None], 0.0)
        yearly[:, draw] = by_year.sum(axis=0)
        rate[:, draw], life[:, draw] = value, by_year.sum(axis=1)
        for number, chosen in enumerate(given.sums):
            base[number, draw], remaining[number, draw] = value[chosen].sum(), life[chosen, draw].sum()
        ranks[:, draw] = np.argsort(np.argsort(-life[:, draw])) + 1
        in_top += ranks[:, draw] <= given.top
    for values, levels in ((rate, LEVELS), (life, LEVELS), (ranks, RANK_LEVELS)):
        np.quantile(values, levels, axis=1)
        values.mean(axis=1)
    return yearly


def main() -> None:
    """Print the time of both ways."""
    from synthetic import fleet

    units, draws = (int(text) for text in (*sys.argv[1:3], "14000", "1000")[:2])
    given = fleet(units)
    for way, count in ((run, draws), (textbook, max(draws // 100, 5))):
        start = time.perf_counter()
        way(given, count, 1)
        spent = time.perf_counter() - start
        print(f"{way.__name__:9} {spent:7.2f} s, {spent / units / count * 1e9:7.1f} ns for each unit and draw")


if __name__ == "__main__":
    main()
