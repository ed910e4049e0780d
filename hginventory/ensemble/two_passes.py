"""The two passes over a share of a fleet, block of units by block of units, in the threads of this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Floats, Ints32, Singles
from hginventory.ensemble.arrays import LEVELS, RANK_LEVELS
from hginventory.ensemble.computer import Threads
from hginventory.ensemble.kernels import aligned_arrays, passes
from hginventory.ensemble.kernels.order_statistics import select_room, summarise_rows
from hginventory.ensemble.kernels.ranks import BINS, COLUMNS, GROUPS, MOST_UNITS, UNWANTED, find_codes
from hginventory.ensemble.kernels.top_lists import NOBODY, last_ranks
from hginventory.ensemble.kernels.unit_amounts import CutArrays, UnitArrays
from hginventory.ensemble.kernels.unit_draws import ANEW, Noise, RowArrays, Scratch, scratch
from hginventory.ensemble.partition import SHARED_FROM, FleetPart, repetitions
from hginventory.ensemble.quantiles import NODES
from hginventory.ensemble.running_totals import RankTable, Tally
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.table_lookup import forms, normal_table, pairs

MOST_HELD_BYTES = 10_500_000  # of draws of the units worked on at once, twice where lifetimes vary
MORE_FOR_SCENARIOS = 4  # times as many draws, so that the counters of a scenario serve many units in a row
LEAST_UNITS_AT_ONCE = 16
MOST_SHARED_BYTES = 100_000_000
Progress = Callable[[float], None]
_NO_MEANS = np.empty(0)


@dataclass(frozen=True)
class UnitStatistics:
    """What is kept of the units of a share; arrays as in `arrays.Draws`, units in the order of work."""

    rate_mean: Floats
    life_mean: Floats
    rate_quantiles: Floats
    life_quantiles: Floats


class Work:
    """The two passes over a share.

    Parameters
    ----------
    share : FleetPart
        The units.
    units_at_once : int, optional
        Units worked on between two looks at the clock, at most `ranks.MOST_UNITS` of a scenario; changes no result.
    threads : Threads, optional
        Who works; changes no result.
    """

    def __init__(self, share: FleetPart, units_at_once: int | None = None, threads: Threads | None = None) -> None:
        self.share, self.threads = share, threads or Threads()
        most_held = MOST_HELD_BYTES * min(share.scenarios, MORE_FOR_SCENARIOS)
        wanted = units_at_once or max(LEAST_UNITS_AT_ONCE, most_held // (4 * share.draws))
        states = min(max(1, wanted // share.scenarios), MOST_UNITS)  # units with all their scenarios
        # As many as fit into the small counters in whole groups, so that these are emptied seldom.
        self._states = states if units_at_once else MOST_UNITS // -(-MOST_UNITS // states)
        together = self._states * share.scenarios
        self._blocks = [(begin, min(begin + together, share.units)) for begin in range(0, share.units, together)]
        self._draw_blocks = -(-share.draws // BLOCK)
        self._of_thread = local()
        self._kept = np.empty((0, 0), dtype=np.uint16)  # codes of amounts that the second pass finds again
        self._again = self._kept  # room for those of the units at work, where they are not kept
        fresh, since, kind = repetitions(share)
        tables = share.tables if len(share.tables) else np.ones((1, NODES), dtype=np.float32)
        form, offset, slope = forms(tables)
        nothing = np.empty((0, 0), dtype=np.float32)
        self._noise = Noise(np.uint64(share.seed), pairs(normal_table()), pairs(tables), form, offset, slope, nothing)
        shared_at = self._share_streams(fresh, kind)
        self._rows = RowArrays(
            share.central, share.first, share.end, share.table, share.term, share.stream, share.weight, shared_at,
            fresh, since, kind,
        )  # fmt: skip
        self._units = UnitArrays(
            share.row_of_unit, share.rate_row, share.in_base_year, share.sum_class, share.year_class,
            share.years, share.life_open, share.unit_end, pairs(share.life_table), share.life_stream, share.life_weight,
            share.year_varies, share.year_stream, share.year_table, _cut_arrays(share),
        )  # fmt: skip

    def keep(self, most_bytes: int) -> float:
        """Keep codes of amounts for the second pass, which need not draw them again; return the share of the units.

        Parameters
        ----------
        most_bytes : int
            How much may be kept; changes no result.
        """
        padded = self._draw_blocks * BLOCK
        workspace = most_bytes // (self._kept.itemsize * padded)
        units = max((end for _, end in self._blocks if end <= workspace), default=0)
        self._kept = aligned_arrays.empty((units, padded), self._kept.dtype)
        return units / max(self.share.units, 1)

    def first_pass(
        self,
        progress: Progress,
        floor: Singles | None = None,
        *,
        with_ranks: bool = True,
        with_quantiles: bool = True,
    ) -> tuple[UnitStatistics, Tally]:
        """Return the statistics of the units, and their sums and lists by draw.

        Parameters
        ----------
        progress : callable
            Called with the share done [0-1].
        floor : ndarray of float32, shape (scenarios * draws,), optional
            An amount that as many units reach as a list contains: smaller ones are not listed, which changes no list
            of the whole fleet.
        with_ranks : bool
            Whether amounts are counted for ranks.
        with_quantiles : bool
            Whether mean and quantiles are wanted; else they are NaN.
        """
        share, draws = self.share, self.share.draws
        least = np.zeros(share.scenarios * draws, dtype=np.float32)
        if floor is not None:
            least = np.maximum(np.nextafter(floor, np.float32(-1.0)), np.float32(0.0))
        tally = Tally.empty(share, least, with_ranks=with_ranks)
        statistics = self._unit_statistics(self._tally_arrays(tally, least), progress, with_quantiles=with_quantiles)
        return statistics, tally.finished(share.longest, self.threads)

    def _unit_statistics(
        self, arrays: passes.TallyArrays, progress: Progress, *, with_quantiles: bool
    ) -> UnitStatistics:
        """Return the statistics of the units, and fill a tally; what that takes is free again for its lists."""
        share, draws = self.share, self.share.draws
        rate, life = (np.full((share.units, len(LEVELS)), np.nan) for _ in range(2))
        rate_mean, life_mean = np.full(share.units, np.nan), np.full(share.units, np.nan)
        fixed = share.in_proportion
        length = (share.end - share.first)[share.row_of_unit[:-1]].astype(np.float64)
        most = max((end - begin for begin, end in self._blocks), default=0) if with_quantiles else 0
        rate_room = aligned_arrays.empty((most, draws), np.float32)  # one room for all blocks of units
        life_room = aligned_arrays.empty((most if not fixed.all() else 0, draws), np.float32)
        counted = 0
        for begin, end in self._blocks:
            counted += self._states
            is_full = counted + self._states > MOST_UNITS or end == share.units
            counted = 0 if is_full else counted
            own = slice(begin, end)
            varied = np.flatnonzero(~fixed[own])
            rates, lives = rate_room[: end - begin], life_room[: end - begin if varied.size else 0]
            codes = self._codes(begin, end) if len(arrays.bins) else self._kept[:0]
            self._draw(begin, end, arrays, rates, lives, codes, is_full=is_full)
            if with_quantiles:
                self._summarise(rates, LEVELS, rate[own], rate_mean[own])
                life[own], life_mean[own] = rate[own] * length[own, None], rate_mean[own] * length[own]
                if varied.size:
                    quantiles, means = np.empty((varied.size, len(LEVELS))), np.empty(varied.size)
                    self._summarise(lives[varied], LEVELS, quantiles, means)
                    life[begin + varied], life_mean[begin + varied] = quantiles, means
            progress(end / share.units)
        return UnitStatistics(rate_mean, life_mean, rate, life)

    def second_pass(self, table: RankTable, progress: Progress) -> Floats:
        """Return the rank quantiles of the units, shape (n, 3)."""
        share, draws = self.share, self.share.draws
        out = np.empty((share.units, len(RANK_LEVELS)))
        arrays = self._rank_arrays(table)
        most = max((end - begin for begin, end in self._blocks), default=0)
        workspace = aligned_arrays.empty((most, draws), np.float32)
        unwanted = self._tally_arrays(Tally.unwanted(), np.zeros(share.scenarios * draws, dtype=np.float32))
        for begin, end in self._blocks:
            ranks, codes = workspace[: end - begin], self._codes(begin, end)
            if end > len(self._kept):
                self._draw(begin, end, unwanted, workspace[:0], workspace[:0], codes, is_full=False)
            self._rank(begin, arrays, codes, ranks)
            self._summarise(ranks, RANK_LEVELS, out[begin:end], _NO_MEANS)
            progress(end / share.units)
        return out

    def _codes(self, begin: int, end: int) -> NDArray[np.uint16]:
        """Return room for the codes of some units, kept for the second pass where there is enough."""
        if end <= len(self._kept):
            return self._kept[begin:end]
        if not len(self._again):
            most = max(end - begin for begin, end in self._blocks)
            self._again = aligned_arrays.empty((most, self._draw_blocks * BLOCK), self._kept.dtype)
        return self._again[: end - begin]

    def _draw(
        self, begin: int, end: int, arrays: passes.TallyArrays, rates: Singles, lives: Singles,
        codes: NDArray[np.uint16], *, is_full: bool,
    ) -> None:  # fmt: skip
        """Draw some units, as `passes.first_pass` says."""
        share, given = self.share, (self._rows, self._units, self._noise)

        def work(first: int, last: int) -> None:
            passes.first_pass(
                first, last, begin, end, share.draws, share.begin, is_full, *given, arrays, rates, lives, codes,
                *self._work_arrays(),
            )  # fmt: skip

        self.threads.share_out(self._draw_blocks, work)

    def _rank(self, begin: int, table: passes.RankArrays, codes: NDArray[np.uint16], ranks: Singles) -> None:
        """Fill the ranks of units from ``begin`` on, as `passes.second_pass` says."""
        share = self.share

        def work(first: int, last: int) -> None:
            own, _ = self._work_arrays()
            passes.second_pass(first, last, share.begin + begin, share.draws, share.scenarios, table, codes, ranks, own)

        self.threads.share_out(self._draw_blocks, work)

    def _work_arrays(self) -> tuple[Scratch, passes.Workspace]:
        """Return the work arrays of this thread, made once, because new memory has to be fetched page by page."""
        if not hasattr(self._of_thread, "work_arrays"):
            slots, terms = self._rows.table.shape[1], self._rows.central.shape[1]
            self._of_thread.work_arrays = scratch(slots, terms), passes.workspace()
        work_arrays: tuple[Scratch, passes.Workspace] = self._of_thread.work_arrays
        return work_arrays

    def _tally_arrays(self, tally: Tally, least: Singles) -> passes.TallyArrays:
        """Return an empty tally as kernels take it, ``least`` being what its lists take no less than."""
        threshold = self._by_block(least, np.inf)
        return passes.TallyArrays(
            tally.base_sums, tally.life_sums, tally.year_sums,
            threshold, aligned_arrays.zeros(threshold.size, np.int32), tally.largest,
            self.share.longest, aligned_arrays.zeros(tally.bins.shape, np.uint8),
            np.tile(np.array([BINS * COLUMNS - 1, 0]), (len(tally.bins), GROUPS, 1)), tally.bins, self.share.first_bin,
        )  # fmt: skip

    def _rank_arrays(self, table: RankTable) -> passes.RankArrays:
        """Return a table of ranks as kernels take it, at the first unit of the share."""
        share, least = self.share, np.empty(table.least.shape, dtype=np.uint16)
        for number, lowest in enumerate(share.first_bin):
            own = slice(number * share.draws, (number + 1) * share.draws)
            find_codes(table.least[own], lowest, least[own])
        upcoming_at = (table.listed < share.begin << 32).sum(axis=1, dtype=np.int32)
        at = np.minimum(upcoming_at, table.listed.shape[1] - 1)
        upcoming = np.where(upcoming_at > at, NOBODY, table.listed[np.arange(len(at)), at] >> 32)
        last = last_ranks(table.listed)
        return passes.RankArrays(
            self._by_block(least, UNWANTED), self._by_block(last, 0), self._by_block(upcoming.astype(np.int32), NOBODY),
            self._by_block(upcoming_at, 0), table.listed, table.from_class, np.float32(table.step),
        )  # fmt: skip

    def _summarise(self, rows: Singles, levels: tuple[float, ...], quantiles: Floats, means: Floats) -> None:
        wanted = np.array(levels)

        def work(begin: int, end: int) -> None:
            summarise_rows(rows, begin, end, wanted, quantiles, means, select_room(rows.shape[1], len(levels)))

        self.threads.share_out(len(rows), work)

    def _by_block(self, by_draw: NDArray[Any], fill: float) -> NDArray[Any]:
        """Return numbers by draw filled up to whole blocks, one scenario behind the other."""
        draws, scenarios = self.share.draws, self.share.scenarios
        out = aligned_arrays.empty((scenarios, self._draw_blocks * BLOCK), by_draw.dtype)
        out[:] = fill
        out[:, :draws] = by_draw.reshape(scenarios, draws)
        return out.ravel()

    def _share_streams(self, fresh: NDArray[np.int8], kind: NDArray[np.int8]) -> Ints32:
        """Draw the streams that many rows use once; where a normal comes from changes no bit of it."""
        share, padded = self.share, self._draw_blocks * BLOCK
        drawn = (share.weight > 0) & ((fresh == 2) & (kind == ANEW)[:, None])[:, :, None]
        streams = share.stream[drawn]
        names, counts = np.unique(streams, return_counts=True)
        limit = max(1, MOST_SHARED_BYTES // (4 * padded))
        common = names[counts >= SHARED_FROM]
        if common.size > limit:
            common = np.sort(names[np.argsort(-counts, kind="stable")[:limit]])
        self._noise = self._noise._replace(shared=aligned_arrays.empty((max(common.size, 1), padded), np.float32))
        self.threads.share_out(common.size, lambda b, e: passes.fill_shared(common, b, e, self._noise, scratch(1, 1)))
        shared_at = np.full(drawn.shape, -1, dtype=np.int32)
        if common.size:
            at = np.minimum(np.searchsorted(common, streams), common.size - 1)
            shared_at[drawn] = np.where(common[at] == streams, at, -1)
        return shared_at


def _cut_arrays(share: FleetPart) -> CutArrays:
    """Return the cuts of the rows as kernels take them."""
    amount = share.central.sum(axis=1)
    scale = np.divide(1.0, amount, out=np.zeros_like(amount), where=amount > 0.0)
    return CutArrays(share.cut, share.cut_outside, scale, pairs(share.cut_tables))
