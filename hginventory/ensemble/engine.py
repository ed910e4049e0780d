"""Prepares the arrays of the compiled passes, runs them over blocks of units, and collects what they found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import passes
from hginventory.ensemble.kernels import BINS, order_largest, sum_above
from hginventory.ensemble.layout import FIXED_POINT, LEVELS, NO_TABLE, RANK_LEVELS, Draws, EnsembleInput
from hginventory.ensemble.quantiles import NODES, normal_table
from hginventory.ensemble.selection import summarise_rows
from hginventory.ensemble.streams import BLOCK

UNITS_AT_ONCE = 64  # rows of draws held: 64 x draws x 8 bytes
SHARED_FROM = 12  # a stream that as many rows use is drawn once and kept
MOST_SHARED_BYTES = 100_000_000
LONGEST_LIST = 112  # ranks are exact down to here, a multiple of 16
EXACT_TO = 400  # units; ranks of smaller fleets are exact throughout
Progress = Callable[[float], None]


def run_kernel(
    given: EnsembleInput,
    draws: int,
    seed: int,
    *,
    progress: Progress | None = None,
    units_at_once: int = UNITS_AT_ONCE,
    with_ranks: bool = True,
) -> Draws:
    """Return the draws of an ensemble from the compiled kernels; parameters as in `blocks.run_ensemble`.

    Parameters
    ----------
    units_at_once : int
        Units worked on between two looks at the clock; changes no result.
    with_ranks : bool
        Whether rank intervals are wanted; they need a second pass.
    """
    order = np.argsort(-given.central_lifetime(), kind="stable").astype(
        np.int32
    )  # large units first: short lists early
    work = _Work(given, order, draws, seed)
    count = given.units
    rate, life = (np.empty((count, len(LEVELS))) for _ in range(2))
    rate_mean, life_mean = np.empty(count), np.empty(count)
    rank = np.full((count, len(RANK_LEVELS)), np.nan)
    levels, rank_levels = np.array(LEVELS), np.array(RANK_LEVELS)
    steps = range(0, count, units_at_once)
    passes_made = 2 if with_ranks else 1
    for number, begin in enumerate(steps):
        end = min(begin + units_at_once, count)
        rates, lives = work.run(begin, end, first_pass=True)
        summarise_rows(rates, draws, levels, rate[begin:end], rate_mean[begin:end])
        if work.in_proportion(begin, end):
            length = work.lengths(begin, end)
            life[begin:end], life_mean[begin:end] = rate[begin:end] * length[:, None], rate_mean[begin:end] * length
        else:
            summarise_rows(lives, draws, levels, life[begin:end], life_mean[begin:end])
        if progress:
            progress((number + 1) / len(steps) / passes_made)
    order_largest(work.top_values, work.top_units)
    if with_ranks:
        sum_above(work.bins)
        none = np.empty(0)
        for number, begin in enumerate(steps):
            end = min(begin + units_at_once, count)
            _, ranks = work.run(begin, end, first_pass=False)
            summarise_rows(ranks, draws, rank_levels, rank[begin:end], none)
            if progress:
                progress(0.5 + (number + 1) / len(steps) / 2)
    back = np.empty(count, dtype=np.intp)
    back[order] = np.arange(count)
    top = min(given.top, count)
    top_units = np.where(work.top_units[:, :top] >= 0, order[work.top_units[:, :top]], -1).astype(np.int32)
    named = top_units[top_units >= 0]
    filled = np.full((draws, given.top), -1, dtype=np.int32)
    filled[:, :top] = top_units
    return Draws(
        levels=LEVELS,
        rate_mean=rate_mean[back],
        life_mean=life_mean[back],
        rate_quantiles=rate[back],
        life_quantiles=life[back],
        rank_quantiles=rank[back],
        p_top=np.bincount(named, minlength=count) / draws,
        base_sums=work.sums(work.base_sums, given.sums),
        life_sums=work.sums(work.life_sums, given.sums),
        yearly_sums=work.yearly(given.yearly),
        top_sum=work.top_values[:, :top].astype(np.float64).sum(axis=1),
        top_units=filled,
    )


class _Work:
    """The arrays of a run, units in the order of work."""

    def __init__(self, given: EnsembleInput, order: NDArray[np.int32], draws: int, seed: int) -> None:
        rows = given.rows
        self.draws, self.seed, self.order = draws, np.uint64(seed), order
        padded = -(-draws // BLOCK) * BLOCK
        first_row = np.searchsorted(rows.unit, np.arange(given.units + 1)).astype(np.int64)
        lengths = np.diff(first_row)[order]
        self.row_of_unit = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        taken = (
            np.repeat(first_row[order], lengths) + np.arange(lengths.sum()) - np.repeat(self.row_of_unit[:-1], lengths)
        )
        self.central, self.first, self.end = rows.central[taken], rows.first[taken], rows.end[taken]
        self.table, self.term = rows.table[taken], rows.term[taken]
        self.stream, self.weight = rows.stream[taken], rows.weight[taken]
        self.rate_row = (self.row_of_unit[:-1] + given.rate_row[order] - first_row[order]).astype(np.int64)
        self.in_base_year = given.in_base_year[order]
        self.normal_table, self.tables = normal_table(), np.ascontiguousarray(given.tables)
        self._share_streams(padded)
        self.sum_class, self.sum_kinds = _classes(given.sums[:, order])
        self.year_class, self.year_kinds = _classes(given.yearly[:, order])
        self._lifetimes(given)
        self.base_sums = np.zeros((len(self.sum_kinds), padded), dtype=np.int64)
        self.life_sums = np.zeros_like(self.base_sums)
        self.year_sums = np.zeros((len(self.year_kinds), given.years + 1, padded), dtype=np.int64)
        longest = given.units if given.units <= EXACT_TO else LONGEST_LIST
        self.threshold = np.where(np.arange(padded) < draws, 0.0, np.inf).astype(np.float32)
        self.top_values = np.zeros((draws, longest), dtype=np.float32)
        self.top_units = np.full((draws, longest), -1, dtype=np.int32)
        self.bins = np.zeros((padded // BLOCK, BINS, BLOCK), dtype=np.int32)
        positive = given.central_lifetime()[order] > 0
        zero_place = np.empty(given.units)
        zeros = np.flatnonzero(~positive)
        zero_place[:] = positive.sum() + 1.0
        zero_place[zeros[np.argsort(order[zeros])]] += np.arange(zeros.size)
        self.zero_rank = zero_place

    def _share_streams(self, padded: int) -> None:
        used = (self.weight > 0) & (self.table != NO_TABLE)[:, :, None]
        names, counts = np.unique(self.stream[used], return_counts=True)
        limit = max(1, MOST_SHARED_BYTES // (4 * padded))
        common = names[counts >= SHARED_FROM]
        if common.size > limit:
            common = np.sort(names[np.argsort(-counts, kind="stable")[:limit]])
        self.shared = np.empty((max(common.size, 1), padded), dtype=np.float32)
        if common.size:
            passes.fill_shared(common, self.seed, self.normal_table, self.shared)
        at = np.searchsorted(common, self.stream)
        at = np.minimum(at, max(common.size - 1, 0))
        found = (common[at] == self.stream) & used if common.size else np.zeros(self.stream.shape, bool)
        self.shared_at = np.where(found, at, -1).astype(np.int32)

    def _lifetimes(self, given: EnsembleInput) -> None:
        count = given.units
        ends = np.zeros(count, dtype=np.int32)
        np.maximum.at(ends, given.rows.unit, given.rows.end)
        self.unit_end = ends[self.order]
        if given.life_table is None:
            self.life_open = np.zeros(count, dtype=np.bool_)
            self.life_table = np.zeros(NODES, dtype=np.float32)
            self.life_stream = np.zeros((1, 2), dtype=np.uint64)
            self.life_weight = np.zeros((1, 2), dtype=np.float32)
            return
        assert given.life_open is not None
        assert given.life_stream is not None
        assert given.life_weight is not None
        self.life_open, self.life_table = given.life_open[self.order], given.life_table
        self.life_stream, self.life_weight = given.life_stream[self.order], given.life_weight[self.order]

    def run(self, begin: int, end: int, *, first_pass: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run a pass over units begin to end; return rates and amounts, in the second pass ranks."""
        rates = np.empty((end - begin if first_pass else 0, self.draws), dtype=np.float32)
        lives = np.empty((end - begin, self.draws), dtype=np.float32)
        passes.unit_pass(
            np.array([begin, end]), self.row_of_unit, self.seed, self.draws, self.central, self.first, self.end,
            self.table, self.term, self.stream, self.weight, self.shared_at, self.shared, self.tables,
            self.normal_table, self.rate_row, self.in_base_year, self.sum_class, self.year_class, self.life_open,
            self.life_stream, self.life_weight, self.life_table, self.unit_end, first_pass, self.base_sums,
            self.life_sums, self.year_sums, self.threshold, self.top_values, self.top_units, self.bins,
            self.zero_rank, rates, lives,
        )  # fmt: skip
        return rates, lives

    def in_proportion(self, begin: int, end: int) -> bool:
        """Return whether the remaining amount of each of these units is its rate times a fixed number of years."""
        rows = self.row_of_unit[end] - self.row_of_unit[begin]
        return rows == end - begin and not self.life_open[begin:end].any()

    def lengths(self, begin: int, end: int) -> NDArray[np.float64]:
        """Return the years of units that have one row each."""
        rows = slice(self.row_of_unit[begin], self.row_of_unit[end])
        return (self.end[rows] - self.first[rows]).astype(np.float64)

    def sums(self, by_class: NDArray[np.int64], sets: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the sums of the sets from the sums of the classes of units, shape (C, draws)."""
        kinds = np.array(self.sum_kinds, dtype=np.bool_).reshape(-1, len(sets))
        return (
            np.array([by_class[kinds[:, place], : self.draws].sum(axis=0) for place in range(len(sets))]) / FIXED_POINT
        )

    def yearly(self, sets: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the sums of the sets by year, shape (D, years, draws)."""
        kinds = np.array(self.year_kinds, dtype=np.bool_).reshape(-1, len(sets))
        out = [self.year_sums[kinds[:, place], :-1, : self.draws].sum(axis=0) for place in range(len(sets))]
        return np.cumsum(np.array(out), axis=1) / FIXED_POINT


def _classes(sets: NDArray[np.bool_]) -> tuple[NDArray[np.int32], list[tuple[bool, ...]]]:
    """Return for each unit the number of its class, units of one class being in the same sets; and the classes."""
    kinds, places = np.unique(sets.T, axis=0, return_inverse=True)
    return places.ravel().astype(np.int32), [tuple(map(bool, kind)) for kind in kinds]
