"""Yearly emission of a fleet from periods of constant rate: a numpy kernel and its numba twin.

A unit has K periods, each with a rate and half-open years; few suffice because rates change only when
activity or controls do. Up to a few million unit-years numpy is done before numba could be imported.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Years = NDArray[np.int64]
NUMBA_PAYS_FROM = 20_000_000  # unit-years; below, the import of numba (0.3-0.6 s) costs more than it saves


class _Kernel(Protocol):
    def __call__(self, rate: Floats, first: Years, end: Years, start_year: int, out: Floats) -> None: ...


def yearly_emission(rate: Floats, first: Years, end: Years, years: Years) -> Floats:
    """Return the emission of each unit in each year.

    Parameters
    ----------
    rate : ndarray of float, shape (N, K)
        Emission of a full year in each period [kg/yr].
    first, end : ndarray of int, shape (N, K)
        Half-open years of each period: it holds in ``first <= year < end``; periods of a unit do not overlap.
    years : ndarray of int, shape (Y,)
        Consecutive calendar years.

    Returns
    -------
    ndarray of float, shape (N, Y)
        Emission [kg]; zero in years outside all periods.

    Examples
    --------
    >>> yearly_emission(np.array([[2.0]]), np.array([[2021]]), np.array([[2023]]), np.arange(2020, 2025))
    array([[0., 2., 2., 0., 0.]])
    """
    units, periods = rate.shape
    if units * years.size * periods >= NUMBA_PAYS_FROM:
        out = np.zeros((units, years.size))
        compiled_kernel()(rate, first, end, int(years[0]), out)
        return out
    return yearly_emission_numpy(rate, first, end, years)


def yearly_emission_numpy(rate: Floats, first: Years, end: Years, years: Years) -> Floats:
    """Return the same as `yearly_emission`, always in numpy."""
    out = np.zeros((rate.shape[0], years.size))
    place = np.arange(years.size, dtype=np.int16)  # few bits: most of the time goes into comparing years
    begin, stop = (np.clip(bound - years[0], 0, years.size).astype(np.int16) for bound in (first, end))
    for k in range(rate.shape[1]):
        holds = (place >= begin[:, k, None]) & (place < stop[:, k, None])
        np.add(out, rate[:, k, None], out=out, where=holds)
    return out


@cache
def compiled_kernel() -> _Kernel:
    """Return the numba twin, compiled at its first call; it fills ``out`` of shape (N, Y) in place."""
    from numba import njit, prange

    @njit(parallel=True)
    def fill(rate: Floats, first: Years, end: Years, start_year: int, out: Floats) -> None:
        for unit in prange(rate.shape[0]):
            for k in range(rate.shape[1]):
                begin = max(first[unit, k] - start_year, 0)
                stop = min(end[unit, k] - start_year, out.shape[1])
                for year in range(begin, stop):
                    out[unit, year] += rate[unit, k]

    kernel: _Kernel = fill
    return kernel
