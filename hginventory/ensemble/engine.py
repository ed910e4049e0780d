"""Runs the compiled passes over the blocks of a share, and turns what all shares found into the draws of a fleet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import passes
from hginventory.ensemble.layout import FIXED_POINT, LEVELS, NO_TABLE, RANK_LEVELS, Draws, EnsembleInput, Floats, Noise
from hginventory.ensemble.quantiles import normal_table
from hginventory.ensemble.selection import summarise_rows
from hginventory.ensemble.shares import Plan, Share
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.tally import RankTable, Tally

UNITS_AT_ONCE = 64  # rows of draws held: 64 x draws x 8 bytes
SHARED_FROM = 12  # a stream that as many rows use is drawn once and kept
MOST_SHARED_BYTES = 100_000_000
Progress = Callable[[float], None]


@dataclass(frozen=True)
class UnitStatistics:
    """What is kept of the units of a share; arrays as in `layout.Draws`, units in the order of work."""

    rate_mean: Floats
    life_mean: Floats
    rate_quantiles: Floats
    life_quantiles: Floats


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
    plan = Plan(given, draws, seed)
    work = Work(plan.share(0, given.units), units_at_once)
    whole = 0.5 if with_ranks else 1.0
    statistics, tally = work.first_pass(lambda done: progress(done * whole) if progress else None)
    ranks = []
    if with_ranks:
        ranks.append(work.second_pass(tally.ranks(), lambda done: progress(0.5 + done / 2) if progress else None))
    return collect(plan, [statistics], tally, ranks)


def collect(plan: Plan, statistics: Sequence[UnitStatistics], tally: Tally, ranks: Sequence[Floats]) -> Draws:
    """Return the draws of a fleet, units in its own order.

    Parameters
    ----------
    plan : Plan
        The order of work.
    statistics : sequence of UnitStatistics
        Of all shares, in the order of work.
    tally : Tally
        Of all shares together; its bins are not looked at.
    ranks : sequence of ndarray, shape (n, 3)
        Rank quantiles of all shares, in the order of work; empty: not wanted.
    """
    given, draws, count = plan.given, plan.draws, plan.given.units
    back = np.empty(count, dtype=np.intp)
    back[plan.order] = np.arange(count)
    top = min(given.top, count)
    top_units = np.where(tally.top_units[:, :top] >= 0, plan.order[tally.top_units[:, :top]], -1).astype(np.int32)
    filled = np.full((draws, given.top), -1, dtype=np.int32)
    filled[:, :top] = top_units
    return Draws(
        levels=LEVELS,
        rate_mean=np.concatenate([part.rate_mean for part in statistics])[back],
        life_mean=np.concatenate([part.life_mean for part in statistics])[back],
        rate_quantiles=np.concatenate([part.rate_quantiles for part in statistics])[back],
        life_quantiles=np.concatenate([part.life_quantiles for part in statistics])[back],
        rank_quantiles=np.concatenate(ranks)[back] if ranks else np.full((count, len(RANK_LEVELS)), np.nan),
        p_top=np.bincount(top_units[top_units >= 0], minlength=count) / draws,
        base_sums=_sums(tally.base_sums, plan.sum_kinds, draws),
        life_sums=_sums(tally.life_sums, plan.sum_kinds, draws),
        yearly_sums=_sums(np.cumsum(tally.year_sums[:, :-1], axis=1), plan.year_kinds, draws),
        top_sum=tally.top_values[:, :top].astype(np.float64).sum(axis=1),
        top_units=filled,
    )


def _sums(by_class: NDArray[np.int64], kinds: NDArray[np.bool_], draws: int) -> Floats:
    """Return the sums of sets of units [kg] from those of the classes of units."""
    out = [by_class[kinds[:, place], ..., :draws].sum(axis=0) for place in range(kinds.shape[1])]
    return np.array(out).reshape(-1, *by_class.shape[1:-1], draws) / FIXED_POINT


class Work:
    """The two passes over a share, in blocks of units.

    Parameters
    ----------
    share : Share
        The units.
    units_at_once : int
        Units in a block; changes no result.
    """

    def __init__(self, share: Share, units_at_once: int = UNITS_AT_ONCE) -> None:
        self.share = share
        steps = range(0, share.units, units_at_once)
        self._blocks = [(begin, min(begin + units_at_once, share.units)) for begin in steps]
        self._normal_table = normal_table()
        self._share_streams(-(-share.draws // BLOCK) * BLOCK)

    def first_pass(self, progress: Progress, floor: Noise | None = None) -> tuple[UnitStatistics, Tally]:
        """Return the statistics of the units, and their sums and lists by draw.

        Parameters
        ----------
        progress : callable
            Is told the share done [0-1].
        floor : ndarray of float32, shape (draws,), optional
            An amount that as many units reach as a list holds: smaller ones are not listed, which changes no list
            of the whole fleet.
        """
        share, draws = self.share, self.share.draws
        tally = Tally.empty(share)
        threshold = np.full(tally.base_sums.shape[1], np.inf, dtype=np.float32)
        threshold[:draws] = 0.0 if floor is None else np.maximum(np.nextafter(floor, np.float32(-1.0)), np.float32(0.0))
        tally.top_values[:] = threshold[:draws, None]
        rate, life = (np.empty((share.units, len(LEVELS))) for _ in range(2))
        rate_mean, life_mean = np.empty(share.units), np.empty(share.units)
        levels, fixed = np.array(LEVELS), share.in_proportion
        length = (share.end - share.first)[share.row_of_unit[:-1]].astype(np.float64)
        for begin, end in self._blocks:
            rates, lives = (np.empty((end - begin, draws), dtype=np.float32) for _ in range(2))
            self._run(begin, end, True, tally, threshold, rates, lives)
            summarise_rows(rates, draws, levels, rate[begin:end], rate_mean[begin:end])
            life[begin:end] = rate[begin:end] * length[begin:end, None]
            life_mean[begin:end] = rate_mean[begin:end] * length[begin:end]
            varied = np.flatnonzero(~fixed[begin:end])
            if varied.size:
                part, means = np.empty((varied.size, len(LEVELS))), np.empty(varied.size)
                summarise_rows(lives[varied], draws, levels, part, means)
                life[begin + varied], life_mean[begin + varied] = part, means
            progress(end / share.units)
        tally.finish(share.begin)
        return UnitStatistics(rate_mean, life_mean, rate, life), tally

    def second_pass(self, ranks: RankTable, progress: Progress) -> Floats:
        """Return the rank quantiles of the units, shape (n, 3)."""
        share, draws = self.share, self.share.draws
        out, levels, none = np.empty((share.units, len(RANK_LEVELS))), np.array(RANK_LEVELS), np.empty(0)
        table, rates = ranks.as_tally(share.years), np.empty((0, draws), dtype=np.float32)
        for begin, end in self._blocks:
            lives = np.empty((end - begin, draws), dtype=np.float32)
            self._run(begin, end, False, table, none.astype(np.float32), rates, lives)
            summarise_rows(lives, draws, levels, out[begin:end], none)
            progress(end / share.units)
        return out

    def _run(
        self, begin: int, end: int, first_pass: bool, tally: Tally, threshold: Noise, rates: Noise, lives: Noise
    ) -> None:
        """Run a pass over the units begin to end: fill rates and lives, in the second pass ranks; add to the tally."""
        share = self.share
        passes.unit_pass(
            np.array([begin, end]), share.row_of_unit, np.uint64(share.seed), share.draws, share.central, share.first,
            share.end, share.table, share.term, share.stream, share.weight, self._shared_at, self._shared,
            share.tables, self._normal_table, share.rate_row, share.in_base_year, share.sum_class, share.year_class,
            share.life_open, share.life_stream, share.life_weight, share.life_table, share.unit_end, first_pass,
            tally.base_sums, tally.life_sums, tally.year_sums, threshold, tally.top_values, tally.top_units,
            tally.bins, share.zero_rank, rates, lives,
        )  # fmt: skip

    def _share_streams(self, padded: int) -> None:
        """Draw the streams that many rows use once; where a normal comes from changes no bit of it."""
        share = self.share
        used = (share.weight > 0) & (share.table != NO_TABLE)[:, :, None]
        names, counts = np.unique(share.stream[used], return_counts=True)
        limit = max(1, MOST_SHARED_BYTES // (4 * padded))
        common = names[counts >= SHARED_FROM]
        if common.size > limit:
            common = np.sort(names[np.argsort(-counts, kind="stable")[:limit]])
        self._shared = np.empty((max(common.size, 1), padded), dtype=np.float32)
        if common.size:
            passes.fill_shared(common, np.uint64(share.seed), self._normal_table, self._shared)
        at = np.searchsorted(common, share.stream)
        at = np.minimum(at, max(common.size - 1, 0))
        found = (common[at] == share.stream) & used if common.size else np.zeros(share.stream.shape, bool)
        self._shared_at = np.where(found, at, -1).astype(np.int32)
