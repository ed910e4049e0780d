"""How far the spread of the total falls when a measurement is entered, as the run treats it.

A run shrinks the whole error of what was measured, with the part that other plants share, and adds the error of the
measurement. Covariances of lognormal amounts follow from the logarithms in closed form, so that no noise of draws is
taken for a fall.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from hginventory._types import Floats
from hginventory.decisions.sensitivity.possible_measurements import STACK_TEST, PossibleMeasurement
from hginventory.ensemble import ALL_TERMS, NO_TABLE, EnsembleInput, log_spread

_ROWS_AT_ONCE = 1000


class SpreadOfTotal:
    """Variance of the total over the remaining life, before and after a measurement.

    Parameters
    ----------
    given : EnsembleInput
        The fleet, lifetimes fixed.

    Attributes
    ----------
    variance : float
        Variance of the total [kg2], every error taken for lognormal.
    """

    def __init__(self, given: EnsembleInput) -> None:
        rows = self._rows = given.rows
        self._central = given.central_lifetime()
        total = rows.central.sum(axis=1)
        amount = total * np.maximum(rows.end - rows.first, 0).astype(np.float64)
        whole: Floats = np.bincount(rows.unit, amount, given.units)
        part = _over(amount, whole[rows.unit])
        sizes = np.array([log_spread(table.astype(np.float64)) for table in given.tables])
        of_term = np.take_along_axis(rows.central, np.maximum(rows.term, 0), axis=1)
        self._used = rows.table != NO_TABLE
        self._share = np.where(rows.term == ALL_TERMS, 1.0, _over(of_term, total[:, None])) * part[:, None]
        size = np.where(self._used, sizes[np.maximum(rows.table, 0)], 0.0) if sizes.size else np.zeros(self._used.shape)
        self._loading = (self._share * size)[:, :, None] * rows.weight
        streams, self._column = np.unique(rows.stream, return_inverse=True)
        self._column = self._column.reshape(rows.stream.shape)
        self._shape = given.units, streams.size
        self._all = self._matrix(np.ones_like(self._used))
        self.variance = sum(
            self._covered(np.arange(first, min(first + _ROWS_AT_ONCE, given.units)))
            for first in range(0, given.units, _ROWS_AT_ONCE)
        )

    def fall(self, candidate: PossibleMeasurement) -> float:
        """Return by which share the standard deviation of the total falls, where the result is as expected."""
        told = np.isin(self._rows.stream, candidate.streams) & (self._rows.weight > 0)
        slots = told.any(axis=2) & self._used & np.isin(self._rows.unit, candidate.units)[:, None]
        units = np.unique(self._rows.unit[slots.any(axis=1)])
        if not units.size or not self.variance > 0.0 or np.isinf(candidate.log_sd):
            return 0.0
        known = self._matrix(slots)[units]
        before = known.power(2).sum(axis=1)
        error = np.full(units.size, candidate.log_sd)
        if candidate.kind != STACK_TEST:  # of the content, which is only a part of what some units emit
            error *= np.bincount(self._rows.unit, (self._share * slots).sum(axis=1), self._shape[0])[units]
        weight = np.ones(units.size) if candidate.replaces else _over(before, before + error**2)
        shrunk = (self._all[units] - known.multiply(weight[:, None])).tocsr()
        own = weight * error
        after = np.expm1((shrunk @ self._all.T).toarray())
        after[:, units] = np.expm1((shrunk @ shrunk.T).toarray() + own[:, None] * own)
        removed = np.expm1((self._all[units] @ self._all.T).toarray()) - after
        removed[:, np.setdiff1d(np.arange(self._shape[0]), units)] *= 2.0
        fallen = float(self._central[units] @ removed @ self._central)
        return 1.0 - float(np.sqrt(min(1.0, max(0.0, 1.0 - fallen / self.variance))))

    def _covered(self, units: np.ndarray) -> float:
        """Return the covariance of units with all units, summed [kg2]."""
        logs = (self._all[units] @ self._all.T).toarray()
        return float(self._central[units] @ np.expm1(logs) @ self._central)

    def _matrix(self, slots: np.ndarray) -> csr_array:
        """Return the loading of the logarithm of each unit's amount on each stream, of some slots alone."""
        chosen = np.broadcast_to(slots[:, :, None], self._loading.shape) & (self._loading != 0.0)
        unit = np.broadcast_to(self._rows.unit[:, None, None], chosen.shape)[chosen]
        return csr_array((self._loading[chosen], (unit, self._column[chosen])), shape=self._shape)


def _over(part: Floats, whole: Floats) -> Floats:
    """Return parts of wholes; 0 where a whole is 0."""
    return np.divide(part, whole, out=np.zeros_like(np.asarray(part, dtype=np.float64)), where=whole > 0)
