"""The yearly kernel: closed form, its definition year by year, and periods that make no sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hginventory.model.yearly import yearly_emission

YEARS = np.arange(2026, 2086)
UNITS, PERIODS = 7, 3


def test_sum_over_the_years_is_rate_times_years() -> None:
    rate = np.array([[3.0], [5.0]])
    first, end = np.array([[2026], [2030]]), np.array([[2066], [2031]])
    assert yearly_emission(rate, first, end, YEARS).sum(axis=1).tolist() == [120.0, 5.0]


def test_years_outside_the_axis_do_not_count() -> None:
    rate = np.array([[1.0]])
    out = yearly_emission(rate, np.array([[2000]]), np.array([[3000]]), YEARS)
    assert out.sum() == YEARS.size


@given(
    rate=arrays(np.float64, (UNITS, PERIODS), elements=st.floats(0, 1e4)),
    bounds=arrays(np.int64, (UNITS, 2 * PERIODS), elements=st.integers(2000, 2100)),
    none=arrays(np.bool_, (UNITS, PERIODS)),
    nowhere=arrays(np.int64, (UNITS, PERIODS), elements=st.integers(2000, 2100)),
)
def test_each_year_has_the_rate_of_the_period_that_holds_it(
    rate: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    bounds: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    none: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    nowhere: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    """Also with gaps between periods, and with empty ones whose years stand anywhere."""
    bounds = np.sort(bounds, axis=1)
    first = np.where(none, nowhere, bounds[:, ::2])
    end = np.where(none, nowhere - 1, bounds[:, 1::2])
    out = yearly_emission(rate, first, end, YEARS)
    for unit in range(UNITS):
        for index, year in enumerate(YEARS):
            holds = (first[unit] <= year) & (year < end[unit])
            assert out[unit, index] == (rate[unit][holds].item() if holds.any() else 0.0)


def test_no_periods_emit_nothing() -> None:
    nothing = np.zeros((4, 0))
    assert yearly_emission(nothing, nothing.astype(np.int64), nothing.astype(np.int64), YEARS).sum() == 0.0


def test_periods_that_overlap_are_refused() -> None:
    """Their rates would have to be added or chosen from: a wrong number either way."""
    rate, first, end = np.ones((2, 2)), np.array([[2026, 2030], [2026, 2029]]), np.array([[2030, 2040], [2030, 2040]])
    with pytest.raises(ValueError, match="period 2 of unit 2"):
        yearly_emission(rate, first, end, YEARS)
