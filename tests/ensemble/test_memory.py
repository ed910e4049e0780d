"""Memory of draws: the estimate is what the passes allocate, and more than a computer has is refused before a draw."""

from __future__ import annotations

import tracemalloc

import pytest

from hginventory.ensemble import run_ensemble
from hginventory.ensemble.arrays import EnsembleInput
from hginventory.ensemble.computer import MOST_DRAW_BYTES
from hginventory.ensemble.numba_engine import MOST_KEPT_BYTES, bytes_a_draw, run_kernel
from hginventory.ensemble.partition import EXACT_TO, Partition
from hginventory.ensemble.two_passes import MOST_HELD_BYTES, MOST_SHARED_BYTES
from hginventory.errors import UsageError
from tests.ensemble.synthetic import made_up_fleet

FLEETS = {"few": made_up_fleet(37), "hundreds": made_up_fleet(300), "many": made_up_fleet(EXACT_TO + 200)}
DRAWS = 40_960  # whole blocks


def estimate(given: EnsembleInput) -> float:
    return bytes_a_draw(Partition(given, DRAWS, 1).share(0, given.units))


@pytest.mark.parametrize("fleet", FLEETS)
def test_the_estimate_is_what_the_passes_allocate(fleet: str) -> None:
    given = FLEETS[fleet]
    run_kernel(given, 1024, 1, threads=1)  # compiles
    tracemalloc.start()
    run_kernel(given, DRAWS, 1, threads=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    kept = min(MOST_KEPT_BYTES, 2 * DRAWS * given.units)
    bounded = kept + MOST_SHARED_BYTES + 2 * MOST_HELD_BYTES  # what does not grow with more draws
    assert peak - bounded <= 1.1 * estimate(given) * DRAWS <= 1.1 * peak


@pytest.mark.parametrize("engine", ["auto", "numpy", "numba"])
@pytest.mark.parametrize("fleet", FLEETS)
def test_more_memory_than_a_computer_has_is_refused_before_a_draw(fleet: str, engine: str) -> None:
    draws = int(MOST_DRAW_BYTES / estimate(FLEETS[fleet])) * 40
    with pytest.raises(UsageError, match=r"GB of memory; at most 16 GB are used\. Use \d+ or fewer") as refused:
        run_ensemble(FLEETS[fleet], draws, 1, engine=engine)
    assert refused.value.parameter == "draws"
    assert 1_000 < refused.value.allowed[1] < draws
