"""The ensemble in plain numpy: serves small fleets without the start-up of a compiler, and tests the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Ints, Ints32, Positions, Singles, Words64
from hginventory.ensemble.arrays import (
    ALL_TERMS,
    FIXED_POINT,
    LEVELS,
    NO_TABLE,
    RANK_LEVELS,
    Draws,
    EnsembleInput,
    classes_of,
)
from hginventory.ensemble.limit_cut import apply_cuts
from hginventory.ensemble.streams import BLOCK, random_words
from hginventory.ensemble.table_lookup import Reader, look_up, normals

_CHUNK = 16  # rows worked on at once, so that their draws stay in the cache
_DRAWS = 128  # whose units are sorted at once


class NormalStore:
    """The standard normals of all streams of an ensemble, drawn once, shape (streams, draws), float32.

    Parameters
    ----------
    streams : ndarray of uint64, any shape
        Streams needed.
    seed, draws : int
        Seed and number of draws.
    columns : ndarray of int, optional
        Numbers of the draws that are kept; default: all.
    """

    def __init__(self, streams: Words64, seed: int, draws: int, columns: Ints | None = None) -> None:
        self.streams = np.unique(streams)
        kept = slice(draws) if columns is None else columns
        self.draws = draws if columns is None else columns.size
        blocks = -(-draws // BLOCK)
        self.values = np.empty((self.streams.size, self.draws), dtype=np.float32)
        for begin in range(0, self.streams.size, _CHUNK):
            words = random_words(seed, self.streams[begin : begin + _CHUNK], 0, blocks)
            self.values[begin : begin + _CHUNK] = normals(words[:, kept])

    def of(self, streams: Words64) -> Singles:
        """Return the normals of streams, shape (n, draws), a copy."""
        return self.values[np.searchsorted(self.streams, streams)]


def run_numpy(given: EnsembleInput, draws: int, seed: int) -> Draws:
    """Return the draws of an ensemble; all arrays of size units x draws are kept in memory, so use it for small runs.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws, seed : int
        Number of draws and seed.
    """
    streams = streams_of(given)
    if given.year_stream is not None:
        streams = np.concatenate([streams, given.year_stream[given.year_varies]])
    store = NormalStore(streams, seed, draws)
    reader = Reader(given.tables)
    values = values_of_rows(given, store, reader)
    rate = values[given.rate_row]
    if given.year_stream is not None and given.year_varies is not None:
        varied = np.flatnonzero(given.year_varies)
        rate[varied] *= reader.read(
            store.of(given.year_stream[varied]), np.broadcast_to(given.year_table, given.units)[varied]
        )
    shift = last_years(given, store, draws)
    del store  # the largest array
    return _statistics(given, values, rate, shift, draws)


def streams_of(given: EnsembleInput) -> Words64:
    """Return the streams that the amounts of an ensemble need, not those of single years."""
    streams = given.rows.stream[given.rows.weight > 0]
    return streams if given.life_stream is None else np.concatenate([streams, given.life_stream.ravel()])


def values_of_rows(given: EnsembleInput, store: NormalStore, reader: Reader) -> Floats:
    """Return the value of every row in every draw [kg/yr], shape (R, draws)."""
    values = np.empty((given.rows.unit.size, store.draws), dtype=np.float64)
    for begin in range(0, len(values), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        values[part] = row_values(given, part, store, reader)
    return values


def row_values(given: EnsembleInput, part: slice, store: NormalStore, reader: Reader | None = None) -> Floats:
    """Return the value of some rows in every draw [kg/yr], shape (n, draws)."""
    rows, reader = given.rows, reader or Reader(given.tables)
    central = rows.central[part]
    common = np.ones((central.shape[0], store.draws), dtype=np.float32)
    by_term = [None] * central.shape[1]
    activity = np.ones_like(common) if given.cuts is not None else None
    for slot in range(rows.table.shape[1]):
        table, terms = rows.table[part, slot], rows.term[part, slot]
        for term in np.unique(terms[table != NO_TABLE]):
            chosen = np.flatnonzero((table != NO_TABLE) & (terms == term))
            z = _z(rows.stream[part, slot][chosen], rows.weight[part, slot][chosen], store)
            noise = reader.read(z, table[chosen])
            if activity is not None and given.cuts is not None:
                outside = given.cuts.outside[part, slot][chosen]
                activity[chosen[outside]] *= noise[outside]
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
    total *= common
    if activity is not None and given.cuts is not None:
        own = given.cuts.table[part]
        cut = np.flatnonzero((own != NO_TABLE) & (central.sum(axis=1) > 0.0))
        total[cut] = apply_cuts(total[cut], central[cut].sum(axis=1), activity[cut], given.cuts.tables, own[cut])
    return total


def _z(streams: Words64, weights: Singles, store: NormalStore) -> Singles:
    z = np.zeros((streams.shape[0], store.draws), dtype=np.float32)
    for scope in range(streams.shape[1]):
        chosen = np.flatnonzero(weights[:, scope] > 0)
        if chosen.size == len(z):
            z += store.of(streams[:, scope]) * weights[:, scope, None]
        elif chosen.size:
            z[chosen] += store.of(streams[chosen, scope]) * weights[chosen, scope, None]
    return z


def last_years(given: EnsembleInput, store: NormalStore, draws: int) -> Ints32 | None:
    """Return the shift of the last year of each unit in each draw [yr], shape (N, draws); None: all fixed."""
    table, streams, weights, is_open = given.life_table, given.life_stream, given.life_weight, given.life_open
    if table is None or streams is None or weights is None or is_open is None:
        return None
    z = _z(streams, weights, store)
    shift = look_up(table, z, np.zeros((given.units, 1), dtype=np.int32))
    return np.where(is_open[:, None], np.rint(shift), 0.0).astype(np.int32)


def _statistics(given: EnsembleInput, values: Floats, rate: Floats, shift: Ints32 | None, draws: int) -> Draws:
    count = given.units
    life, yearly_sums = amounts(given, values, shift)
    rate_quantiles = quantiles_of_rows(rate.astype(np.float32), LEVELS)
    order, rank = np.empty((draws, min(given.top, count)), np.intp), np.empty(life.shape, np.int32)
    for begin in range(0, draws, _DRAWS):
        own = slice(begin, begin + _DRAWS)
        falling, rank[:, own] = _ranks(life[:, own].astype(np.float32))
        order[own] = falling[:, : given.top]
    top_sum, filled = largest(life, order, given.top)
    sum_class, sum_kinds = classes_of(given.sums)
    return Draws(
        levels=LEVELS,
        rate_mean=rate.mean(axis=1),
        life_mean=life.mean(axis=1),
        rate_quantiles=rate_quantiles,
        life_quantiles=_life_quantiles(given, shift, rate_quantiles, life),
        rank_quantiles=quantiles_of_rows(rank, RANK_LEVELS),
        p_top=np.bincount(filled[filled >= 0], minlength=count) / draws,
        base_sums=sums_of(sum_class, sum_kinds, whole_parts(rate * given.in_base_year[:, None])),
        life_sums=sums_of(sum_class, sum_kinds, whole_parts(life)),
        yearly_sums=yearly_sums,
        top_sum=top_sum,
        top_units=filled,
    )


def amounts(given: EnsembleInput, values: Floats, shift: Ints32 | None) -> tuple[Floats, Floats]:
    """Return the remaining amount of each unit [kg], shape (N, S), and the sums of the sets by year, (D, Y, S)."""
    draws = values.shape[1]
    life = np.zeros((given.units, draws))
    year_class, year_kinds = classes_of(given.yearly)
    years = np.zeros((len(year_kinds), given.years + 1, draws), dtype=np.int64)
    columns = np.arange(draws)
    for row, unit, first, end in years_of_rows(given, shift):
        life[unit] += values[row] * (end - first)
        whole = whole_parts(values[row])
        years[year_class[unit], first] += whole
        years[year_class[unit], end, columns] -= whole
    return life, _of_classes(year_kinds, np.cumsum(years[:, :-1], axis=1))


def years_of_rows(given: EnsembleInput, shift: Ints32 | None) -> Iterator[tuple[int, int, int, Ints32 | int]]:
    """Yield row, unit, first year and end of each row that has a year in any draw; the end by draw where it shifts."""
    rows = given.rows
    last = np.append(rows.unit[1:] != rows.unit[:-1], True) if rows.unit.size else np.empty(0, bool)
    unit_end = np.zeros(given.units, dtype=np.int32)
    np.maximum.at(unit_end, rows.unit, rows.end)
    for row, unit in enumerate(rows.unit.tolist()):
        first = int(rows.first[row])
        end: Ints32 | int = int(rows.end[row])
        if shift is not None:
            closing = np.clip(unit_end[unit] + shift[unit], 0, given.years)
            end = np.maximum(closing if last[row] else np.minimum(end, closing), first)
        elif end <= first:
            continue
        yield row, unit, first, end


def quantiles_of_rows(rows: NDArray[np.generic], levels: Sequence[float]) -> Floats:
    """Return sample quantiles of rows, interpolated linearly, shape (n, levels); sorting is the fastest way.

    >>> quantiles_of_rows(np.array([[3.0, 1.0, 2.0]]), (0.25, 0.5))
    array([[1.5, 2. ]])
    """
    ordered = np.sort(rows, axis=1)
    position = np.array(levels) * (rows.shape[1] - 1)
    lower = position.astype(np.intp)
    left = ordered[:, lower].astype(np.float64)
    right = ordered[:, np.minimum(lower + 1, rows.shape[1] - 1)]
    return np.asarray(left + (position - lower) * (right - left))


def _life_quantiles(given: EnsembleInput, shift: Ints32 | None, rate_quantiles: Floats, life: Floats) -> Floats:
    """Return quantiles of the remaining amounts.

    Of a unit with one row, a fixed end and a rate that applies to every year they follow from its rate.
    """
    rows = given.rows
    length = (rows.end - rows.first)[given.rate_row].astype(np.float64)
    out = rate_quantiles * length[:, None]
    is_varied = np.bincount(rows.unit, minlength=given.units) > 1
    if shift is not None and given.life_open is not None:
        is_varied |= given.life_open
    if given.year_varies is not None:
        is_varied |= given.year_varies
    varied = np.flatnonzero(is_varied)
    if varied.size:
        out[varied] = quantiles_of_rows(life[varied].astype(np.float32), LEVELS)
    return out


def keys_by_amount(life: Singles) -> Words64:
    """Return numbers of which the smallest stands for the largest amount, shape (S, N); the lower half is the unit."""
    bits = np.ascontiguousarray(life.T).view(np.uint32)
    return (np.uint64(0xFFFFFFFF) - bits) << np.uint64(32) | np.arange(len(life), dtype=np.uint64)


def largest(life: Floats, order: Positions, top: int) -> tuple[Floats, Ints32]:
    """Return the sum of the largest units of each draw [kg], shape (S,), and which they are, -1 behind the last."""
    listed_units = order[:, :top]
    listed = np.take_along_axis(life.T, listed_units, axis=1)
    filled = np.full((life.shape[1], top), -1, dtype=np.int32)
    filled[:, : listed_units.shape[1]] = np.where(listed > 0, listed_units, -1)
    return listed.sum(axis=1), filled


def _ranks(life: Singles) -> tuple[Positions, Ints32]:
    """Return units by falling amount in each draw, shape (S, N), and the rank of each unit, shape (N, S).

    Of equal amounts the earlier unit comes first and both have its rank. Amounts and indices are sorted as one number,
    because sorting numbers is several times faster than sorting indices.
    """
    count = len(life)
    keys = keys_by_amount(life)
    keys.sort(axis=1)
    order = (keys & np.uint64(0xFFFFFFFF)).astype(np.intp)
    amount = keys >> np.uint64(32)
    rank_in_order = np.tile(np.arange(1, count + 1, dtype=np.int32), (len(order), 1))
    equal = amount[:, 1:] == amount[:, :-1]
    rank_in_order[:, 1:][equal] = 0
    if equal.any():
        np.maximum.accumulate(rank_in_order, axis=1, out=rank_in_order)
    rank = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(rank, order, rank_in_order, axis=1)
    return order, rank.T


def whole_parts(amounts: Floats) -> Ints32:
    """Return amounts in whole parts of a kilogram, which add to the same bits in any order."""
    parts = amounts * FIXED_POINT
    return np.asarray(np.rint(parts, out=parts).astype(np.int64))


def sums_of(class_of_unit: Ints32, kinds: Flags, amounts: Ints32) -> Floats:
    """Return the sums of sets of units by draw [kg], from amounts in whole parts, shape (C, S)."""
    by_class = np.array([amounts[class_of_unit == number].sum(axis=0) for number in range(len(kinds))])
    return _of_classes(kinds, by_class.reshape(len(kinds), amounts.shape[1]))


def _of_classes(kinds: Flags, by_class: Ints32) -> Floats:
    """Return the sums of sets from those of classes of units."""
    out = [by_class[kinds[:, number]].sum(axis=0) for number in range(kinds.shape[1])]
    return np.array(out).reshape(kinds.shape[1], *by_class.shape[1:]) / FIXED_POINT
