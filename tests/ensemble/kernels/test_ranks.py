"""Ranks: exact to 100, beyond within 0.2 % of a large fleet, and within a few ranks of a small one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hginventory.ensemble import quantiles
from hginventory.ensemble.arrays import SCOPES, EnsembleInput, single_rows
from hginventory.ensemble.kernels.ranks import MOST_COUNTED
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import run_numpy

EXACT = 100
FEW_RANKS = 8.0  # of fleets of some hundred to some thousand units


def fleet_of(units: int, *, spread: float = 0.8, closed: int = 0) -> EnsembleInput:
    """Return units of very different size, each with noise of its own and some in common; the last ones are closed."""
    random = np.random.default_rng(4)
    stream = np.zeros((units, SCOPES), dtype=np.uint64)
    stream[:, 0], stream[:, 1] = 1 + np.arange(units) % 40, 1000 + np.arange(units)
    weight = np.zeros((units, SCOPES), dtype=np.float32)
    weight[:, :2] = np.sqrt([0.3, 0.7])
    end = random.integers(1, 40, units).astype(np.int32)
    end[units - closed :] = 0
    slot = (np.zeros(units, dtype=np.int32), -1, stream, weight)
    return EnsembleInput(
        rows=single_rows(random.lognormal(3.0, 1.2, (units, 1)), np.zeros(units, np.int32), end, [slot]),
        tables=np.array([quantiles.lognormal(spread)], dtype=np.float32),
        years=40,
        rate_row=np.arange(units, dtype=np.int32),
        in_base_year=np.ones(units),
        sums=np.ones((1, units), dtype=bool),
        yearly=np.zeros((0, units), dtype=bool),
    )


@pytest.mark.parametrize(("units", "spread", "closed"), [(14_000, 0.8, 0), (14_000, 0.05, 2000), (1_000, 1.0, 0)])
def test_ranks_in_single_draws(units: int, spread: float, closed: int) -> None:
    fleet = fleet_of(units, spread=spread, closed=closed)
    for seed in range(6):  # of a single draw all quantiles are its rank
        ours, plain = (run(fleet, 1, seed).rank_quantiles[:, 0] for run in (run_kernel, run_numpy))
        np.testing.assert_array_equal(ours[plain <= EXACT], plain[plain <= EXACT])
        assert (ours[plain > EXACT] > EXACT).all()
        assert np.abs(ours - plain).max() <= max(0.002 * units, FEW_RANKS)


def test_rank_intervals() -> None:
    fleet = fleet_of(3000)
    ours, plain = (run(fleet, 1500, 1).rank_quantiles for run in (run_kernel, run_numpy))
    np.testing.assert_array_equal(ours[plain[:, 2] <= EXACT], plain[plain[:, 2] <= EXACT])
    assert np.abs(ours - plain).max() <= FEW_RANKS
    assert np.abs(ours - plain).mean() <= 1.0


@pytest.mark.slow
def test_fleets_beyond_the_range_of_the_counters() -> None:
    fleet = fleet_of(MOST_COUNTED + 30_000, closed=500)
    ours, plain = (run(fleet, 1, 1).rank_quantiles[:, 0] for run in (run_kernel, run_numpy))
    np.testing.assert_array_equal(ours[plain <= EXACT], plain[plain <= EXACT])
    assert np.abs(ours - plain).max() <= 0.002 * fleet.units


@pytest.mark.parametrize("times", [1e3, 1e5])
def test_a_unit_entered_far_too_large_leaves_the_ranks_of_the_others(times: float) -> None:
    fleet = fleet_of(2000)
    central = fleet.rows.central.copy()
    central[7] = central.max() * times
    fleet = replace(fleet, rows=replace(fleet.rows, central=central))
    ours, plain = (run(fleet, 300, 1).rank_quantiles for run in (run_kernel, run_numpy))
    assert np.abs(ours - plain).max() <= FEW_RANKS
    assert (ours[7] == 1).all()
