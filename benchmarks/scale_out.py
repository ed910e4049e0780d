"""Rates of the engine 'dask' against a single process, measured in one run: the numbers of the cost model in docs.

Run as ``python benchmarks/scale_out.py``; needs the extra ``dask`` and a machine with two idle cores.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable

import psutil
from distributed import Client
from measure import seconds
from synthetic import fleet, scenarios

from hginventory.ensemble.arrays import EnsembleInput
from hginventory.ensemble.cluster import workers_of
from hginventory.ensemble.distributed import run_on, run_plan
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.partition import Partition
from hginventory.ensemble.running_totals import Tally, merge
from hginventory.ensemble.stacked_scenarios import stack
from hginventory.ensemble.two_passes import Work

UNITS, DRAWS, SEED, REPEATS = 14_000, 10_240, 1, 3
STATES, STATE_DRAWS = 20, 1_024
TASKS = 200


def processor_seconds(call: Callable[[], object]) -> float:
    """Return the time of processors that a call takes, here and in the workers; a busy machine adds little to it."""
    here = psutil.Process()

    def spent() -> float:
        return sum(sum(own.cpu_times()[:2]) for own in (here, *here.children(recursive=True)))

    begun = spent()
    call()
    return spent() - begun


def main() -> None:
    given = fleet(UNITS)
    run_kernel(fleet(500), 2048, SEED)  # compiles
    begun = time.perf_counter()
    with workers_of(None) as client:
        print(f"start of two workers                   {time.perf_counter() - begun:8.2f} s")
        print(
            f"first small run on them                {seconds(lambda: run_on(client, fleet(500), 2048, SEED)):8.2f} s"
        )
        measure_runs(client, given)
        measure_tasks(client)
        begun = time.perf_counter()
    print(f"end of the workers                     {time.perf_counter() - begun:8.2f} s")
    measure_messages(given)


def measure_runs(client: Client, given: EnsembleInput) -> None:
    """Print the rates of a fleet and of stacked scenarios, in one process and on two workers, in turns."""
    stacked = stack(scenarios(given, STATES))
    ways: dict[str, tuple[Callable[[], object], float]] = {
        "one process, one thread": (lambda: run_kernel(given, DRAWS, SEED, threads=1), UNITS * DRAWS),
        "one process, two threads": (lambda: run_kernel(given, DRAWS, SEED, threads=2), UNITS * DRAWS),
        "two workers of one thread": (lambda: run_on(client, given, DRAWS, SEED), UNITS * DRAWS),
        f"two workers, {STATES} scenarios": (
            lambda: run_plan(client, Partition(stacked, STATE_DRAWS, SEED, STATES)), STATES * UNITS * STATE_DRAWS,
        ),
    }  # fmt: skip
    elapsed: dict[str, list[float]] = {name: [] for name in ways}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, (call, _) in ways.items():
            begun = time.perf_counter()
            spent[name].append(processor_seconds(call))
            elapsed[name].append(time.perf_counter() - begun)
    for name, (_, size) in ways.items():
        wall, work = min(elapsed[name]), min(spent[name])
        print(
            f"{name:35} {wall:6.2f} s, {wall / size * 1e9:5.2f} ns a unit-draw; "
            f"of processors {work:6.2f} s, {work / size * 1e9:5.2f} ns"
        )


def measure_tasks(client: Client) -> None:
    """Print what a task costs that does nothing."""

    def nothing() -> None:
        client.gather([client.submit(int, number, pure=False) for number in range(TASKS)])

    nothing()
    print(
        f"a task that does nothing               {min(seconds(nothing) for _ in range(REPEATS)) / TASKS * 1e3:8.2f} ms"
    )


def measure_messages(given: EnsembleInput) -> None:
    """Print what travels: units to the workers, tallies between them."""
    plan = Partition(given, DRAWS, SEED)
    share = plan.share(0, 1000)
    statistics, tally = Work(share, threads=None).first_pass(lambda done: None)
    size = sum(getattr(tally, name).nbytes for name in Tally.__dataclass_fields__)
    print(f"input of a unit                        {len(pickle.dumps(share)) / 1000:8.0f} B")
    print(f"statistics of a unit                   {len(pickle.dumps(statistics)) / 1000:8.0f} B")
    print(f"tally of a share, all draws            {size / 1e6:8.1f} MB, {size / DRAWS:.0f} B a draw")
    merged = min(seconds(lambda: merge([tally, tally])) for _ in range(REPEATS))
    print(f"merging two tallies                    {merged:8.3f} s, {size / merged / 1e9:.2f} GB/s")


if __name__ == "__main__":
    main()
