"""Claims on growth: central run and draws of 500, 2,000, 8,000 and 32,000 units take time and memory in proportion."""

from __future__ import annotations

import math
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from measure import claim

if TYPE_CHECKING:
    from hginventory.inputs.fleet import Fleet

SIZES = (500, 2_000, 8_000, 32_000)
ROUNDS, DRAWS, SEED, THREADS = 5, 2_048, 1, 2
MOST = 1.05  # exponent


@claim("at most", MOST)
def central_growth() -> float:
    """Measure the exponent by which processor time of the central run grows with the units, largest of three steps."""
    return exponent(processor_seconds(central_run(size)) for size in SIZES)


@claim("at most", MOST)
def central_memory_growth() -> float:
    """Measure the exponent by which memory of the central run grows with the units, largest of three steps."""
    return exponent(peak_bytes(central_run(size)) for size in SIZES)


@claim("at most", MOST)
def draws_growth() -> float:
    """Measure the exponent by which processor time of assembly and 2,048 draws grows, largest of three steps."""
    return exponent(processor_seconds(draws(size)) for size in SIZES)


@claim("at most", MOST)
def draws_memory_growth() -> float:
    """Measure the exponent by which memory of assembly and 2,048 draws grows, largest of three steps."""
    return exponent(peak_bytes(draws(size)) for size in SIZES)


def exponent(costs: Iterable[float]) -> float:
    """Return the largest exponent between two sizes that follow each other: the last step hardly has fixed costs."""
    steps = zip(pairwise(SIZES), pairwise(costs), strict=True)
    return max(math.log(more / less) / math.log(large / small) for (small, large), (less, more) in steps)


def processor_seconds(call: Callable[[], object]) -> float:
    """Return the processor time of a call on all its threads [s], median of rounds after one that is not counted."""
    call()
    found = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        call()
        found.append(time.process_time() - begin)
    return statistics.median(found)


def peak_bytes(call: Callable[[], object]) -> float:
    """Return how much memory a call has allocated at most at one time, what it returns included."""
    call()
    tracemalloc.start()
    kept = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return float(peak)


def central_run(units: int) -> Callable[[], object]:
    """Return a call that computes the central run of a fleet."""
    from hginventory.uncertainty import project_complying

    fleet = fleet_of(units)
    return lambda: project_complying(fleet, base_year=2026)


def draws(units: int) -> Callable[[], object]:
    """Return a call that makes the arrays of an ensemble and its draws, from the central run of a fleet."""
    from hginventory.ensemble.numba_engine import run_kernel
    from hginventory.uncertainty import assemble, project_complying

    projection = project_complying(fleet_of(units), base_year=2026)
    everything = {"all": list(projection.units.index)}

    def call() -> object:
        return run_kernel(assemble(projection, everything, everything), DRAWS, SEED, threads=THREADS)

    return call


@cache
def fleet_of(units: int) -> Fleet:
    """Return a fleet of coal units drawn from the bundled table of the world, two of them to a plant."""
    import numpy as np

    from hginventory.inputs.bundled import read_fleet

    world = read_fleet("world")
    chosen = np.random.default_rng(SEED).integers(0, len(world.units), units)
    old, new = world.units.index[chosen].tolist(), [f"U{number}" for number in range(units)]
    table = world.units.iloc[chosen].set_axis(new).rename_axis(world.units.index.name)
    table["plant"] = [f"{plant} {number // 2}" for number, plant in enumerate(table["plant"])]
    columns: dict[str, list[str]] = {}
    for unit, column in world.cells:
        columns.setdefault(unit, []).append(column)
    cells = {
        (name, column): world.cells[unit, column]
        for name, unit in zip(new, old, strict=True)
        for column in columns.get(unit, ())
    }
    rows = {name: world.rows[unit] for name, unit in zip(new, old, strict=True)}
    return replace(world, units=table, cells=cells, rows=rows, findings=())
