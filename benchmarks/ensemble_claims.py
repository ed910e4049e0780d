"""Claims on the ensemble: against plain numpy, against its own random numbers, threads, scenarios, memory."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from measure import claim, median_ratio, python, seconds

if TYPE_CHECKING:
    from hginventory.ensemble.arrays import EnsembleInput

UNITS, DRAWS, SEED, THREADS = 14_000, 10_000, 1, 2  # every coal unit of the world
MANY = 1_000_000
TEXTBOOK_DRAWS = 40  # of a way that works draw by draw, so its time is in proportion to them
SCENARIOS, SCENARIO_DRAWS = 20, 2_048
ROWS, ROW_DRAWS, RANKED_DRAWS = 256, 10_240, 1_024


@cache
def kernel_seconds() -> float:
    """Return the time of the whole ensemble on two threads [s]: the median of nine runs, as they vary."""
    return statistics.median(seconds(run_all) for _ in range(9))


def run_all() -> None:
    from hginventory.ensemble.numba_engine import run_kernel

    run_kernel(world(), DRAWS, SEED, threads=THREADS)


@cache
def world() -> EnsembleInput:
    """Return the fleet that is measured; kernels are compiled or read from their cache first."""
    from synthetic import fleet

    from hginventory.ensemble.numba_engine import run_kernel

    run_kernel(fleet(500), 2048, SEED, threads=THREADS)
    return fleet(UNITS)


@claim("at least", 10.0)
def ensemble() -> float:
    """Time plain numpy over the ensemble on two threads, 14,000 units x 10,000 draws, all that a run reports."""
    from baseline_numpy import run

    given = world()
    return seconds(lambda: run(given, DRAWS, SEED)) / kernel_seconds()


@claim("at most", 1.5)
def ensemble_single_year() -> float:
    """Time the ensemble with a factor of its own for one year over that without, whose lifetimes follow from rates."""
    from synthetic import with_single_year

    from hginventory.ensemble.numba_engine import run_kernel

    given = with_single_year(world())
    return median_ratio(lambda: run_kernel(given, DRAWS, SEED, threads=THREADS), run_all, 5)


@claim("at least", 200.0)
def ensemble_textbook() -> float:
    """Time a textbook's units x years in numpy, draw by draw, over the ensemble on two threads, for each draw."""
    from baseline_numpy import textbook

    given = world()
    return median_ratio(lambda: textbook(given, TEXTBOOK_DRAWS, SEED), run_all, 9) / TEXTBOOK_DRAWS * DRAWS


@claim("at most", 8.0)
def ensemble_random() -> float:
    """Time the ensemble over drawing its standard normals alone, each once, both on two threads."""
    return kernel_seconds() / statistics.median(seconds(draw_normals) for _ in range(3))


def draw_normals() -> None:
    """Draw every standard normal that the ensemble uses, once, and forget it."""
    import numpy as np

    from hginventory.ensemble.computer import Threads
    from hginventory.ensemble.kernels.passes import fill_shared
    from hginventory.ensemble.kernels.unit_draws import Noise, scratch
    from hginventory.ensemble.streams import BLOCK
    from hginventory.ensemble.table_lookup import normal_table, pairs

    rows = world().rows
    streams = np.unique(rows.stream[rows.weight > 0])
    workspace = np.empty((64, -(-DRAWS // BLOCK) * BLOCK), dtype=np.float32)
    none = np.empty(0, dtype=np.float32)
    noise = Noise(
        np.uint64(SEED), pairs(normal_table()), np.empty((0, 0), np.int64), none.astype(np.int8), none, none, workspace
    )
    threads, own = Threads(THREADS), [scratch(1, 1) for _ in range(THREADS)]
    for begin in range(0, streams.size, len(workspace)):
        part = streams[begin : begin + len(workspace)]
        threads.share_out(
            part.size, lambda first, end, part=part: fill_shared(part, first, end, noise, own[int(first > 0)])
        )


@claim("at most", 500.0)
def ensemble_memory() -> float:
    """Peak memory [MB] of a process that runs 14,000 units x 10,000 draws on two threads."""
    return peak_memory(UNITS, DRAWS)


@claim("at most", 1500.0)
def million_memory() -> float:
    """Peak memory [MB] of a process that runs 1,000,000 units x 1,024 draws on two threads."""
    return peak_memory(MANY, 1024)


def peak_memory(units: int, draws: int) -> float:
    """Return the peak memory of a process of its own [MB], the making of the fleet included."""
    code = (
        "from synthetic import fleet\n"
        "from hginventory.ensemble.numba_engine import run_kernel\n"
        f"run_kernel(fleet({units}), {draws}, {SEED}, threads={THREADS})\n"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )  # not ru_maxrss, which a child takes over from its parent
    done = subprocess.run(python(code), cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    return float(done.stdout) / 1024


@claim("at most", 0.1)
def progress_in_step() -> float:
    """Measure how far the share done that a run tells is from the share of its time, at most, median of runs."""
    return statistics.median(out_of_step() for _ in range(5))


def out_of_step() -> float:
    """Return the largest distance between the share told and the share of the time of one run."""
    import numpy as np

    from hginventory.ensemble.numba_engine import run_kernel

    marks, given, begin = [(0.0, 0.0)], world(), time.perf_counter()
    run_kernel(
        given, DRAWS, SEED, threads=THREADS, progress=lambda done: marks.append((done, time.perf_counter() - begin))
    )
    told, spent = np.array(marks).T
    return float(np.abs(told - spent / spent[-1]).max())


@claim("at least", 1.6)
def ensemble_threads() -> float:
    """Time one thread over two, median of pairs in turn; to be judged on an idle machine only."""
    from hginventory.ensemble.numba_engine import run_kernel

    given = world()
    return median_ratio(
        lambda: run_kernel(given, DRAWS, SEED, threads=1),
        lambda: run_kernel(given, DRAWS, SEED, threads=2),
        5,
    )


@claim("at most", 8.0)
def twenty_scenarios() -> float:
    """Time twenty scenarios on the same draws over one: totals and the ranks of the hundred largest units by draw."""
    return scenario_ratio(with_ranks=False)


@claim("at most", 20.0)
def twenty_rank_intervals() -> float:
    """Time twenty scenarios on the same draws over one: totals, and the rank interval of every unit in each."""
    return scenario_ratio(with_ranks=True)


def scenario_ratio(*, with_ranks: bool) -> float:
    """Return the time of twenty scenarios over that of one, 14,000 units x 2,048 draws, half of the units changed."""
    import numpy as np
    from synthetic import scenarios

    from hginventory.ensemble.numba_engine import run_scenarios

    no_years = np.zeros((0, UNITS), dtype=bool)
    given = [replace(each, yearly=no_years, top=100) for each in scenarios(world(), SCENARIOS)]

    def run(inputs: list[EnsembleInput]) -> Callable[[], None]:
        def call() -> None:
            run_scenarios(inputs, SCENARIO_DRAWS, SEED, threads=THREADS, with_ranks=with_ranks, with_quantiles=False)

        return call

    return median_ratio(run(given), run(given[:1]), 5)


@claim("at least", 5.0)
def exact_quantiles() -> float:
    """Time np.quantile over the exact quantiles of the kernel, both on one thread, rows of 10,240 draws."""
    import numpy as np

    from hginventory.ensemble.arrays import LEVELS
    from hginventory.ensemble.kernels.order_statistics import select_room, summarise_rows

    rows = np.random.default_rng(1).lognormal(3.0, 0.8, (ROWS, ROW_DRAWS)).astype(np.float32)
    levels, out, means = np.array(LEVELS), np.empty((ROWS, len(LEVELS))), np.empty(ROWS)
    workspace = select_room(ROW_DRAWS, len(LEVELS))

    def ours() -> None:
        summarise_rows(rows, 0, ROWS, levels, out, means, workspace)

    def numpys() -> None:
        np.quantile(rows, levels, axis=1)

    ours()
    np.testing.assert_allclose(out, np.quantile(rows.astype(np.float64), levels, axis=1).T, rtol=1e-12)
    return median_ratio(numpys, ours, 9)


@claim("at least", 8.0)
def ranks() -> float:
    """Time a double argsort over the ranks of the kernel, both on one thread, 14,000 units (exact to 100)."""
    import numpy as np
    from rank_pass import RankPass

    random = np.random.default_rng(1)
    centre = np.sort(random.lognormal(5.0, 1.2, UNITS))[::-1]
    life = (centre[:, None] * random.lognormal(0.0, 0.9, (UNITS, RANKED_DRAWS))).astype(np.float32)
    by_draw = np.ascontiguousarray(-life.T)
    own = RankPass(UNITS, centre)

    def double_argsort() -> object:
        return np.argsort(np.argsort(by_draw, axis=1), axis=1)

    found = own.ranks(life)
    true = np.argsort(np.argsort(-life.astype(np.float64), axis=0), axis=0) + 1
    wrong = np.abs(found - true)
    assert (wrong[true <= 100] == 0).all(), "ranks to 100 are exact"
    assert wrong.max() <= 0.002 * UNITS, f"ranks are within 0.2 % of N, not {wrong.max() / UNITS:.3%}"
    return median_ratio(double_argsort, lambda: own.ranks(life), 3)
