"""The blocks of an ensemble on the workers of dask.distributed, to the bits of a single process.

The units are shared out, never the draws: quantiles of a unit need all its draws, and quantiles of blocks of draws
do not merge. A worker keeps the statistics of its units; what adds up by draw merges in any order to the same bits.
All tasks are pure, so a worker that is lost costs the time of its tasks and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Floats, Singles
from hginventory.ensemble.arrays import Draws, EnsembleInput
from hginventory.ensemble.computer import Threads, check_memory
from hginventory.ensemble.numba_engine import bytes_a_draw, collect_all
from hginventory.ensemble.partition import FleetPart, Partition
from hginventory.ensemble.running_totals import RankTable, Tally, merge
from hginventory.ensemble.two_passes import Progress, UnitStatistics, Work

if TYPE_CHECKING:
    from distributed import Client, Future

SHARES_A_WORKER = 4  # enough for workers of unequal speed, few enough that merging costs little
LEAST_UNITS = 1_000  # in a share, where all workers have one; to send and merge its tally costs as much as 200 units
FEWEST_UNITS = 64  # in a share
MERGED_AT_ONCE = 4
_ONE_AT_A_TIME = threading.Lock()  # the threads of a worker take turns: each run of a kernel uses all of them
Arrays = TypeVar("Arrays", FleetPart, Tally, RankTable)


def run_dask(
    given: EnsembleInput, draws: int, seed: int, *, scheduler: str | None = None, progress: Progress | None = None
) -> Draws:
    """Return the draws of an ensemble from the workers of a cluster; the bits are those of `engine.run_kernel`.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws, seed : int
        Number of draws and seed.
    scheduler : str, optional
        Address of a running scheduler, as ``tcp://10.0.0.1:8786``; default: two workers on this machine for as long
        as the run takes.
    progress : callable, optional
        Called with the share done [0-1].

    Raises
    ------
    UsageError
        If `distributed` is not installed, no scheduler answers, or its workers cannot do the work.
    """
    from hginventory.ensemble.cluster import failures_explained, workers_of

    with workers_of(scheduler) as client, failures_explained():
        return run_on(client, given, draws, seed, progress=progress)


def run_on(client: Client, given: EnsembleInput, draws: int, seed: int, *, progress: Progress | None = None) -> Draws:
    """Return the draws of an ensemble from the workers of a client; parameters as in `run_dask`."""
    return run_plan(client, Partition(given, draws, seed), progress=progress)[0]


def run_plan(client: Client, plan: Partition, *, progress: Progress | None = None) -> list[Draws]:
    """Return the draws of each of the ensembles of a plan from the workers of a client."""
    states = plan.scenarios  # of a unit, which stay together
    edges = [
        (begin * states, stop * states) for begin, stop in cut(plan.fleet, plan.longest, workers=len(client.nthreads()))
    ]
    check_memory(bytes_a_draw(plan.share(*edges[0])), plan.draws, plan.fleet)
    shares = [client.submit(_hold, plan.share(*edge), pure=False) for edge in edges]
    lead = client.submit(_first_pass, shares[0], None, pure=False)
    floor = client.submit(_floor, lead, pure=False)
    found = [lead, *(client.submit(_first_pass, share, floor, pure=False) for share in shares[1:])]
    statistics = [client.submit(_statistics, future, pure=False) for future in found]
    tallies = [client.submit(_tally, future, pure=False) for future in found]
    while len(tallies) > 1:
        groups = [tallies[at : at + MERGED_AT_ONCE] for at in range(0, len(tallies), MERGED_AT_ONCE)]
        tallies = [client.submit(_merge, group, pure=False) for group in groups]
    table = client.submit(_rank_table, tallies[0], plan.fleet, pure=False)
    totals = client.submit(_totals, tallies[0], plan.given.top, pure=False)
    ranks = [client.submit(_second_pass, share, table, pure=False) for share in shares]
    del lead, found, tallies, table, floor, shares  # what nobody waits for any longer may leave the workers
    _wait(client, statistics + ranks, progress)
    return collect_all(plan, client.gather(statistics), client.gather(totals), client.gather(ranks))


def cut(units: int, longest: int, workers: int) -> list[tuple[int, int]]:
    """Return begin and stop of shares in the order of work.

    The first share is short: the others need not fill lists with amounts below the last of its own list.

    Parameters
    ----------
    units, longest, workers : int
        Number of units, length of the lists of the largest, number of workers.

    Examples
    --------
    >>> cut(14_000, 112, 2)[:3]
    [(0, 448), (448, 2142), (2142, 3836)]
    >>> cut(0, 0, 2)
    [(0, 0)]
    """
    lead = max(longest, min(4 * longest, units // 16))
    if lead >= units:
        lead = 0
    rest = units - lead
    pieces = max(1, min(workers, rest // FEWEST_UNITS), min(SHARES_A_WORKER * workers, rest // LEAST_UNITS))
    inner = [int(edge) for edge in np.linspace(lead, units, pieces + 1)]
    edges = list(pairwise(inner))
    return [(0, lead), *edges] if lead else edges


def _wait(client: Client, futures: Sequence[Future], progress: Progress | None) -> None:
    """Wait until all futures are done, reporting the progress; raise the error of the first that fails."""
    from distributed import as_completed

    for number, future in enumerate(as_completed(futures, loop=client.loop)):
        if future.status != "finished":
            future.result()
        if progress:
            progress((number + 1) / len(futures))


def _hold(share: FleetPart) -> FleetPart:
    """Return a share, so that one worker keeps it, and another gets it if that worker is lost."""
    return share


def _first_pass(share: FleetPart, floor: Singles | None) -> tuple[UnitStatistics, Tally]:
    with _kernels() as threads:
        return Work(_writable(share), threads=threads).first_pass(_quiet, floor)


def _second_pass(share: FleetPart, table: RankTable) -> Floats:
    with _kernels() as threads:
        return Work(_writable(share), threads=threads).second_pass(_writable(table), _quiet)


def _statistics(found: tuple[UnitStatistics, Tally]) -> UnitStatistics:
    return found[0]


def _tally(found: tuple[UnitStatistics, Tally]) -> Tally:
    return found[1]


def _merge(tallies: list[Tally]) -> Tally:
    with _kernels():
        return merge([_writable(tally) for tally in tallies])


def _floor(found: tuple[UnitStatistics, Tally]) -> Singles:
    """Return the last amount of the list of each draw: what is smaller is not among the largest of the fleet."""
    return found[1].least


def _rank_table(tally: Tally, units: int) -> RankTable:
    with _kernels() as threads:
        return replace(tally, bins=tally.bins.copy()).ranks(units, threads)


def _totals(tally: Tally, top: int) -> Tally:
    """Return the part of a tally that a run reports."""
    return replace(tally, largest=tally.largest[:, :top], bins=tally.bins[:0])


@contextmanager
def _kernels() -> Iterator[Threads]:
    """Keep the kernels of a worker to one task at a time, which may use all threads of the worker."""
    from distributed import get_worker

    with _ONE_AT_A_TIME:
        yield Threads(get_worker().state.nthreads)


def _writable(given: Arrays) -> Arrays:
    """Return arrays that may be written to; for read-only arrays, as in messages, kernels would be compiled anew."""
    values: dict[str, Any] = {field.name: getattr(given, field.name) for field in fields(given)}
    values |= {name: _own(value) for name, value in values.items() if isinstance(value, np.ndarray)}
    return type(given)(**values)


def _own(array: NDArray[Any]) -> NDArray[Any]:
    return np.require(array, requirements=["C", "W"])


def _quiet(_: float) -> None:
    """Tell nobody: the progress of a run on a cluster is counted by finished shares."""
