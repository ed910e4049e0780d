"""The yearly kernel: closed form, the compiled twin, and nothing lost between periods."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hginventory.model.kernels import compiled_kernel, yearly_emission

YEARS = np.arange(2026, 2086)


def test_sum_over_the_years_is_rate_times_years() -> None:
    rate = np.array([[3.0], [5.0]])
    first, end = np.array([[2026], [2030]]), np.array([[2066], [2031]])
    assert yearly_emission(rate, first, end, YEARS).sum(axis=1).tolist() == [120.0, 5.0]


def test_years_outside_the_axis_do_not_count() -> None:
    rate = np.array([[1.0]])
    out = yearly_emission(rate, np.array([[2000]]), np.array([[3000]]), YEARS)
    assert out.sum() == YEARS.size


@settings(deadline=None)  # the first call compiles
@given(
    rate=arrays(np.float64, (7, 3), elements=st.floats(0, 1e4)),
    first=arrays(np.int64, (7, 3), elements=st.integers(2000, 2100)),
    length=arrays(np.int64, (7, 3), elements=st.integers(-5, 60)),
)
def test_compiled_twin_agrees(
    rate: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    first: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    length: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    end = first + length
    out = np.zeros((7, YEARS.size))
    compiled_kernel()(rate, first, end, int(YEARS[0]), out)
    np.testing.assert_allclose(out, yearly_emission(rate, first, end, YEARS), rtol=1e-12, atol=0)
