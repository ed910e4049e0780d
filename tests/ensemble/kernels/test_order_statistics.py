"""Exact quantiles: whatever the row, those of numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hginventory.ensemble.arrays import LEVELS, RANK_LEVELS
from hginventory.ensemble.kernels.order_statistics import select_room, summarise_rows
from hginventory.ensemble.numpy_engine import quantiles_of_rows

AMOUNTS = st.one_of(
    st.floats(0.0, 2.0**127, width=32, allow_subnormal=False),
    st.sampled_from([0.0, 1.0, 1.0 + 2.0**-23, 2.0, 2.0**-100, 2.0**100]),
)


def compiled(rows: np.ndarray, levels: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    out, means = np.empty((len(rows), len(levels))), np.empty(len(rows))
    workspace = select_room(rows.shape[1], len(levels))
    summarise_rows(np.ascontiguousarray(rows, dtype=np.float32), 0, len(rows), np.array(levels), out, means, workspace)
    return out, means


def same_as_numpy(rows: np.ndarray, levels: tuple[float, ...]) -> None:
    rows = rows.astype(np.float32)
    wanted = np.quantile(rows.astype(np.float64), levels, axis=1).T
    found, means = compiled(rows, levels)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=0.0)
    np.testing.assert_array_equal(quantiles_of_rows(rows, levels), found)
    np.testing.assert_allclose(means, rows.astype(np.float64).mean(axis=1), rtol=1e-12)


RANDOM = np.random.default_rng(1)
ROWS = {
    "one draw": np.array([[3.0]]),
    "two draws": np.array([[3.0, 1.0]]),
    "zeros": np.zeros((2, 500)),
    "all equal": np.full((2, 500), 7.25),
    "mostly zeros": RANDOM.lognormal(0, 1, (5, 2000)) * (RANDOM.random((5, 2000)) > 0.9),
    "a third zeros": RANDOM.lognormal(0, 1, (5, 2000)) * (RANDOM.random((5, 2000)) > 0.33),
    "ties": RANDOM.integers(0, 5, (5, 3000)).astype(float),
    "ranks": RANDOM.integers(1, 14_000, (5, 3000)).astype(float),
    "lognormal": RANDOM.lognormal(3, 0.8, (5, 10_240)),
    "huge range": RANDOM.lognormal(0, 15, (5, 3000)),
    "narrow": 1000.0 + 1e-3 * RANDOM.standard_normal((5, 3000)),
    "narrow with an outlier": np.r_[1e30, 1000.0 + 1e-3 * RANDOM.standard_normal(3000)][None, :],
    "falling": np.arange(3000.0, 0.0, -1.0)[None, :],
}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("levels", [LEVELS, RANK_LEVELS, (0.0, 0.999, 1.0)], ids=["kg", "ranks", "ends"])
def test_quantiles_are_exact(name: str, levels: tuple[float, ...]) -> None:
    same_as_numpy(ROWS[name], levels)


@settings(max_examples=200, deadline=None)
@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 3), st.integers(1, 80)), elements=AMOUNTS))
def test_quantiles_are_exact_whatever_the_row(rows: np.ndarray) -> None:
    found, _ = compiled(rows, LEVELS)
    np.testing.assert_allclose(found, np.quantile(rows.astype(np.float64), LEVELS, axis=1).T, rtol=1e-12, atol=0.0)


def test_only_the_rows_asked_for_are_filled() -> None:
    rows = RANDOM.lognormal(0, 1, (4, 100)).astype(np.float32)
    out, means = np.full((4, 3), -1.0), np.full(4, -1.0)
    summarise_rows(rows, 1, 3, np.array(RANK_LEVELS), out, means, select_room(rows.shape[1], 3))
    assert (out[[0, 3]] == -1.0).all()
    assert (means[[0, 3]] == -1.0).all()
    assert (out[1:3] > 0).all()


def test_the_mean_is_not_wanted_for_ranks() -> None:
    rows = RANDOM.lognormal(0, 1, (1, 100)).astype(np.float32)
    out = np.empty((1, 3))
    summarise_rows(rows, 0, 1, np.array(RANK_LEVELS), out, np.empty(0), select_room(rows.shape[1], 3))
    np.testing.assert_allclose(out[0], np.quantile(rows[0].astype(np.float64), RANK_LEVELS))
