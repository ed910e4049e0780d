"""The ensemble in plain numpy: serves small fleets without the start-up of a compiler, and tests the kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.layout import (
    ALL_TERMS,
    FIXED_POINT,
    LEVELS,
    NO_TABLE,
    RANK_LEVELS,
    Draws,
    EnsembleInput,
    Noise,
)
from hginventory.ensemble.quantiles import Reader, look_up, normals
from hginventory.ensemble.streams import BLOCK, random_words

_CHUNK = 16  # rows worked on at once, so that their draws stay in the cache


class NormalStore:
    """The standard normals of all streams of an ensemble, drawn once, shape (streams, draws), float32.

    Parameters
    ----------
    streams : ndarray of uint64, any shape
        Streams needed.
    seed, draws : int
        Seed and number of draws.
    """

    def __init__(self, streams: NDArray[np.uint64], seed: int, draws: int) -> None:
        self.streams = np.unique(streams)
        self.draws = draws
        blocks = -(-draws // BLOCK)
        self.values = np.empty((self.streams.size, draws), dtype=np.float32)
        for begin in range(0, self.streams.size, _CHUNK):
            words = random_words(seed, self.streams[begin : begin + _CHUNK], 0, blocks)
            self.values[begin : begin + _CHUNK] = normals(words)[:, :draws]

    def of(self, streams: NDArray[np.uint64]) -> Noise:
        """Return the normals of streams, shape (n, draws), a copy."""
        return self.values[np.searchsorted(self.streams, streams)]


def run_twin(given: EnsembleInput, draws: int, seed: int) -> Draws:
    """Return the draws of an ensemble; everything of size units x draws is held, so use it for small runs.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws, seed : int
        Number of draws and seed.
    """
    rows = given.rows
    used = rows.weight > 0
    streams = rows.stream[used]
    if given.life_stream is not None:
        streams = np.concatenate([streams, given.life_stream.ravel()])
    store = NormalStore(streams, seed, draws)
    values, reader = np.empty((rows.unit.size, draws), dtype=np.float64), Reader(given.tables)
    for begin in range(0, rows.unit.size, _CHUNK):
        part = slice(begin, begin + _CHUNK)
        values[part] = row_values(given, part, store, reader)
    return _statistics(given, values, _years(given, store, draws), draws)


def row_values(
    given: EnsembleInput, part: slice, store: NormalStore, reader: Reader | None = None
) -> NDArray[np.float64]:
    """Return the value of some rows in every draw [kg/yr], shape (n, draws)."""
    rows, reader = given.rows, reader or Reader(given.tables)
    central = rows.central[part]
    common = np.ones((central.shape[0], store.draws), dtype=np.float32)
    by_term = [None] * central.shape[1]
    for slot in range(rows.table.shape[1]):
        table, terms = rows.table[part, slot], rows.term[part, slot]
        for term in np.unique(terms[table != NO_TABLE]):
            chosen = np.flatnonzero((table != NO_TABLE) & (terms == term))
            z = _z(rows.stream[part, slot][chosen], rows.weight[part, slot][chosen], store)
            noise = reader.read(z, table[chosen])
            if term == ALL_TERMS:
                common[chosen] *= noise
                continue
            target = by_term[term]
            if target is None:
                target = by_term[term] = np.ones_like(common)
            target[chosen] *= noise
    total = np.zeros((central.shape[0], store.draws))
    for term, factor in enumerate(by_term):
        amount = central[:, term, None]
        total += amount if factor is None else amount * factor
    return total * common


def _z(streams: NDArray[np.uint64], weights: Noise, store: NormalStore) -> Noise:
    z = np.zeros((streams.shape[0], store.draws), dtype=np.float32)
    for scope in range(streams.shape[1]):
        chosen = np.flatnonzero(weights[:, scope] > 0)
        if chosen.size == len(z):
            z += store.of(streams[:, scope]) * weights[:, scope, None]
        elif chosen.size:
            z[chosen] += store.of(streams[chosen, scope]) * weights[chosen, scope, None]
    return z


def _years(given: EnsembleInput, store: NormalStore, draws: int) -> NDArray[np.int32] | None:
    """Return the shift of the last year of each unit in each draw [yr], shape (N, draws); None: all fixed."""
    if given.life_table is None or given.life_stream is None:
        return None
    assert given.life_weight is not None
    assert given.life_open is not None
    z = _z(given.life_stream, given.life_weight, store)
    shift = look_up(given.life_table, z, np.zeros((given.units, 1), dtype=np.int32))
    return np.where(given.life_open[:, None], np.rint(shift), 0.0).astype(np.int32)


def _statistics(
    given: EnsembleInput, values: NDArray[np.float64], shift: NDArray[np.int32] | None, draws: int
) -> Draws:
    rows, count = given.rows, given.units
    life = np.zeros((count, draws))
    years = np.zeros((len(given.yearly), given.years + 1, draws), dtype=np.int64)
    whole = np.rint(values * FIXED_POINT).astype(np.int64)
    last = np.append(rows.unit[1:] != rows.unit[:-1], True) if rows.unit.size else np.empty(0, bool)
    columns = np.arange(draws)
    for row, unit in enumerate(rows.unit):
        first = int(rows.first[row])
        end: NDArray[np.int32] | int = int(rows.end[row])
        if shift is not None:
            closing = np.clip(_unit_end(given, int(unit)) + shift[unit], 0, given.years)
            end = closing if last[row] else np.minimum(int(rows.end[row]), closing)
            end = np.maximum(end, first)
        life[unit] += values[row] * (end - first)
        for place in np.flatnonzero(given.yearly[:, unit]):
            years[place, first] += whole[row]
            years[place, end, columns] -= whole[row]
    rate = values[given.rate_row]
    base = np.rint(rate * given.in_base_year[:, None] * FIXED_POINT).astype(np.int64)
    remaining = np.rint(life * FIXED_POINT).astype(np.int64)
    order, rank = _ranks(life)
    top = order[: given.top].T
    p_top = np.bincount(top.ravel(), minlength=count) / draws
    filled = np.full((draws, given.top), -1, dtype=np.int32)
    filled[:, : top.shape[1]] = top
    return Draws(
        levels=LEVELS,
        rate_mean=rate.mean(axis=1),
        life_mean=life.mean(axis=1),
        rate_quantiles=np.quantile(rate, LEVELS, axis=1).T,
        life_quantiles=np.quantile(life, LEVELS, axis=1).T,
        rank_quantiles=np.quantile(rank, RANK_LEVELS, axis=1).T,
        p_top=p_top,
        base_sums=_sums(given.sums, base),
        life_sums=_sums(given.sums, remaining),
        yearly_sums=np.cumsum(years[:, :-1], axis=1) / FIXED_POINT,
        top_sum=np.take_along_axis(life, order[: given.top], axis=0).sum(axis=0),
        top_units=filled,
    )


def _unit_end(given: EnsembleInput, unit: int) -> int:
    return int(given.rows.end[given.rows.unit == unit].max())


def _ranks(life: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return units by falling amount, ties in their order, and the rank of each unit, shapes (N, S).

    Units of which nothing remains share the place behind all others.
    """
    order = np.argsort(-life, axis=0, kind="stable")
    rank = np.empty(life.shape)
    np.put_along_axis(rank, order, np.arange(1.0, life.shape[0] + 1.0)[:, None], axis=0)
    return order, np.where(life > 0, rank, (life > 0).sum(axis=0) + 1.0)


def _sums(sets: NDArray[np.bool_], amounts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([amounts[chosen].sum(axis=0) for chosen in sets]) / FIXED_POINT
