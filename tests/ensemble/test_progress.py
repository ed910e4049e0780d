"""Progress rises, ends at one, and is in step with the work, so that a remaining time is honest."""

from __future__ import annotations

import time

import numpy as np
import pytest

from hginventory.ensemble.engine import run_kernel, run_scenarios
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


def test_progress_is_in_step_with_the_work() -> None:
    fleet = made_up_fleet(6000)
    run_kernel(made_up_fleet(500), 100, 1, threads=1)  # compiles
    marks: list[tuple[float, float]] = []
    begun = time.thread_time()
    run_kernel(fleet, 2048, 1, threads=1, progress=lambda done: marks.append((done, time.thread_time() - begun)))
    done, spent = np.array(marks).T
    assert np.abs(done - spent / spent[-1]).max() < 0.12
