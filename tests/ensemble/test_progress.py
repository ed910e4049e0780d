"""Progress rises and ends at one; that it is in step with the clock is a claim of `benchmarks/speed.py`."""

from __future__ import annotations

import pytest

from hginventory.ensemble.numba_engine import run_kernel, run_scenarios
from tests.ensemble.synthetic import made_up_fleet


@pytest.mark.parametrize("with_ranks", [True, False])
def test_progress_rises_to_one(with_ranks: bool) -> None:
    told: list[float] = []
    run_kernel(made_up_fleet(900), 300, 1, progress=told.append, units_at_once=100, threads=2, with_ranks=with_ranks)
    assert len(told) > 6
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_progress_of_scenarios_rises_to_one() -> None:
    told: list[float] = []
    run_scenarios([made_up_fleet(300)] * 3, 300, 1, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
