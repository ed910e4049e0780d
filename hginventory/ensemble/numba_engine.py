"""Runs the compiled passes over the blocks of a share, and turns what all shares found into the draws of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from hginventory._types import Flags, Floats, Ints
from hginventory.ensemble.arrays import FIXED_POINT, LEVELS, RANK_LEVELS, Draws, EnsembleInput
from hginventory.ensemble.computer import Threads, check_memory
from hginventory.ensemble.kernels.top_lists import amounts_of, units_of
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.ensemble.partition import FleetPart, Partition
from hginventory.ensemble.running_totals import Tally, merge
from hginventory.ensemble.stacked_scenarios import stack
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.two_passes import LEAST_UNITS_AT_ONCE, Progress, UnitStatistics, Work

# Time of the first pass, and of the second for amounts that were kept and for those drawn again; measured, in ns.
# `benchmarks/speed.py progress_in_step` holds the progress told to the clock.
FIRST_PASS, SECOND_KEPT, SECOND_AGAIN = 14.0, 3.5, 11.0
MOST_KEPT_BYTES = 240_000_000  # of codes of amounts that the second pass need not draw again
LEAST_UNITS = 1000  # in a share of its own thread
MANY_BLOCKS = 4  # of draws a thread, from where one block more for some threads costs little


def run_kernel(
    given: EnsembleInput,
    draws: int,
    seed: int,
    *,
    progress: Progress | None = None,
    units_at_once: int | None = None,
    threads: int | None = None,
    with_ranks: bool = True,
) -> Draws:
    """Return the draws of an ensemble from the compiled kernels; parameters as in `blocks.run_ensemble`.

    Parameters
    ----------
    units_at_once : int, optional
        Units worked on between two looks at the clock; changes no result.
    threads : int, optional
        Threads at work; changes no result. Default: `computer.threads_here`.
    with_ranks : bool
        Whether rank intervals are wanted; they need a second pass.
    """
    if not given.units:
        return run_numpy(given, draws, seed)
    plan = Partition(given, draws, seed)
    return _run(plan, progress, units_at_once, Threads(threads), with_ranks=with_ranks, with_quantiles=True)[0]


def run_scenarios(
    inputs: Sequence[EnsembleInput],
    draws: int,
    seed: int,
    *,
    progress: Progress | None = None,
    threads: int | None = None,
    with_ranks: bool = True,
    with_quantiles: bool = True,
) -> list[Draws]:
    """Return the draws of several ensembles of the same units; each has the bits of its own `run_kernel`.

    Parameters
    ----------
    inputs : sequence of EnsembleInput
        As `stacked.stack` takes them.
    with_quantiles : bool
        Whether mean and quantiles of each unit are wanted; else they are NaN.
    """
    plan = Partition(stack(inputs), draws, seed, len(inputs))
    return _run(plan, progress, None, Threads(threads), with_ranks=with_ranks, with_quantiles=with_quantiles)


def _run(
    plan: Partition,
    progress: Progress | None,
    units_at_once: int | None,
    threads: Threads,
    *,
    with_ranks: bool,
    with_quantiles: bool,
) -> list[Draws]:
    told = progress or (lambda done: None)
    works, whole = _works(plan, units_at_once, threads), 1.0
    if with_ranks:
        kept = sum(work.keep(MOST_KEPT_BYTES // len(works)) for work in works) / len(works)
        whole = FIRST_PASS / (FIRST_PASS + kept * SECOND_KEPT + (1.0 - kept) * SECOND_AGAIN)
    found: dict[int, tuple[UnitStatistics, Tally]] = {}  # by the number of the share, as threads end in any order
    ranks: dict[int, Floats] = {}

    def first(begin: int, end: int) -> None:
        for number in range(begin, end):
            tell = (lambda done: told(done * whole)) if number == 0 else _quiet
            found[number] = works[number].first_pass(tell, with_ranks=with_ranks, with_quantiles=with_quantiles)

    def second(begin: int, end: int) -> None:
        for number in range(begin, end):
            tell = (lambda done: told(whole + done * (1.0 - whole))) if number == 0 else _quiet
            ranks[number] = works[number].second_pass(table, tell)

    threads.share_out(len(works), first)
    numbers = range(len(works))
    tallies = [found[number][1] for number in numbers]
    tally = tallies[0] if len(tallies) == 1 else merge(tallies)
    if with_ranks:
        table = tally.ranks(plan.fleet, threads)
        threads.share_out(len(works), second)
    return collect_all(
        plan, [found[number][0] for number in numbers], tally, [ranks[number] for number in sorted(ranks)]
    )


def _works(plan: Partition, units_at_once: int | None, threads: Threads) -> list[Work]:
    """Return the whole fleet as one share, or as several where the draws cannot be shared out evenly."""
    blocks = -(-plan.draws // BLOCK)
    is_even = blocks % threads.count == 0 or blocks > MANY_BLOCKS * threads.count
    parts = 1 if is_even else max(1, min(threads.count, plan.given.units // LEAST_UNITS, plan.fleet))
    edges = [plan.fleet * number // parts * plan.scenarios for number in range(parts + 1)]
    shares = [plan.share(begin, end) for begin, end in pairwise(edges)]
    check_memory(sum(map(bytes_a_draw, shares)), plan.draws, plan.fleet)
    each = threads if parts == 1 else Threads(max(1, threads.count // parts))
    return [Work(share, units_at_once, each) for share in shares]


def bytes_a_draw(share: FleetPart) -> float:
    """Return the memory that a share takes a draw [bytes], from the arrays that its passes make.

    Each unit at work has an array of rates and one of remaining amounts. Two copies of the lists exist while they are
    sorted, and two of the yearly totals while they are added up.
    """
    one = Tally.empty(replace(share, draws=1), np.zeros(share.scenarios, dtype=np.float32))  # a whole block of sums
    of_block = sum(array.nbytes for array in (one.base_sums, one.life_sums, one.year_sums, one.year_sums, one.bins))
    at_work = max(LEAST_UNITS_AT_ONCE, share.scenarios) * np.dtype(np.float32).itemsize
    return of_block / BLOCK + one.largest.nbytes + 8 * share.scenarios * share.longest + 2 * at_work


def _quiet(_: float) -> None:
    """Tell nobody: of shares computed at the same time one reports."""


def collect(plan: Partition, statistics: Sequence[UnitStatistics], tally: Tally, ranks: Sequence[Floats]) -> Draws:
    """Return the draws of a fleet, as `collect_all`."""
    return collect_all(plan, statistics, tally, ranks)[0]


def collect_all(
    plan: Partition, statistics: Sequence[UnitStatistics], tally: Tally, ranks: Sequence[Floats]
) -> list[Draws]:
    """Return the draws of each of the ensembles of a plan, units in the order of the fleet.

    Parameters
    ----------
    plan : Partition
        The order of work.
    statistics : sequence of UnitStatistics
        Of all shares, in the order of work.
    tally : Tally
        Of all shares together; its bins are not looked at.
    ranks : sequence of ndarray, shape (n, 3)
        Rank quantiles of all shares, in the order of work; empty: not wanted.
    """
    given, draws, fleet = plan.given, plan.draws, plan.fleet
    back = np.empty(given.units, dtype=np.intp)
    back[plan.order] = np.arange(given.units)
    top = min(given.top, fleet)
    sets, yearly = len(given.sums) // plan.scenarios, len(given.yearly) // plan.scenarios
    by_unit = {
        "rate_mean": np.concatenate([part.rate_mean for part in statistics])[back],
        "life_mean": np.concatenate([part.life_mean for part in statistics])[back],
        "rate_quantiles": np.concatenate([part.rate_quantiles for part in statistics])[back],
        "life_quantiles": np.concatenate([part.life_quantiles for part in statistics])[back],
        "rank_quantiles": np.concatenate(ranks)[back] if ranks else np.full((given.units, len(RANK_LEVELS)), np.nan),
    }
    base, life = (_sums(sums, plan.sum_kinds, draws) for sums in (tally.base_sums, tally.life_sums))
    years = _sums(np.cumsum(tally.year_sums[:, :-1], axis=1), plan.year_kinds, draws)
    out = []
    for number in range(plan.scenarios):
        units, listed = slice(number * fleet, (number + 1) * fleet), slice(number * draws, (number + 1) * draws)
        largest = tally.largest[listed, :top]
        top_units = units_of(largest)
        named = np.where(top_units >= 0, plan.order[top_units] - number * fleet, -1).astype(np.int32)
        filled = np.full((draws, given.top), -1, dtype=np.int32)
        filled[:, :top] = named
        out.append(
            Draws(
                levels=LEVELS,
                **{name: values[units] for name, values in by_unit.items()},
                p_top=np.bincount(named[named >= 0], minlength=fleet) / draws,
                base_sums=base[number * sets : (number + 1) * sets],
                life_sums=life[number * sets : (number + 1) * sets],
                yearly_sums=years[number * yearly : (number + 1) * yearly],
                top_sum=amounts_of(largest).astype(np.float64).sum(axis=1),
                top_units=filled,
            )
        )
    return out


def _sums(by_class: Ints, kinds: Flags, draws: int) -> Floats:
    """Return the sums of sets of units [kg] from those of the classes of units."""
    out = [by_class[kinds[:, number], ..., :draws].sum(axis=0) for number in range(kinds.shape[1])]
    return np.array(out).reshape(kinds.shape[1], *by_class.shape[1:-1], draws) / FIXED_POINT
