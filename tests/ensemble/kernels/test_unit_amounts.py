"""Amounts in whole parts of a kilogram: the same from the kernels as from numpy, whatever their size."""

from __future__ import annotations

from collections.abc import Callable

import numba
import numpy as np
import pytest

from hginventory._types import Floats, Ints
from hginventory.ensemble.arrays import FIXED_POINT
from hginventory.ensemble.kernels.unit_amounts import whole_part
from hginventory.ensemble.numpy_engine import whole_parts

RANDOM = np.random.default_rng(1)
MOST = 2.0**38.9  # kg; more is beyond whole numbers of 64 bits
AMOUNTS: dict[str, Callable[[], Floats]] = {
    "any size": lambda: 2.0 ** RANDOM.uniform(-60.0, 38.9, 100_000),
    "halves of a part, which are rounded to even": lambda: (np.arange(100_000) + 0.5) / FIXED_POINT,
    "large halves": lambda: (RANDOM.integers(0, 2**50, 100_000) + 0.5) / FIXED_POINT,
    "about half of 64 bits": lambda: (2.0**31 + RANDOM.uniform(-3.0, 3.0, 100_000)) / FIXED_POINT,
    "about 64 bits": lambda: 2.0**32 * RANDOM.integers(1, 2**30, 100_000) / FIXED_POINT,
    "ends": lambda: np.array([0.0, 5e-324, 2.0**-25, np.nextafter(2.0**-25, 1.0), 1.0, 128.0, MOST]),
}


@numba.njit
def _all(values: Floats, out: Ints) -> None:
    for i in range(values.size):
        out[i] = whole_part(values[i])


@pytest.mark.parametrize("name", AMOUNTS)
def test_whole_parts_are_those_of_numpy(name: str) -> None:
    values = AMOUNTS[name]()
    found = np.empty(values.size, dtype=np.int64)
    _all(values, found)
    np.testing.assert_array_equal(found, whole_parts(values))
