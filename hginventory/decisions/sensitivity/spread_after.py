"""How far the spread of the total falls when a measurement is entered, as the run treats it.

A run shrinks the whole error of what was measured, with the part that other plants share, and adds the error of the
measurement. Covariances of lognormal amounts follow from the logarithms in closed form, so that no noise of draws is
taken for a fall.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hginventory._types import Floats, Positions, Words64
from hginventory.decisions.sensitivity.possible_measurements import STACK_TEST, PossibleMeasurement
from hginventory.ensemble import ALL_TERMS, NO_TABLE, EnsembleInput, quantiles
from hginventory.factors import LogMeasurement
from hginventory.projection import StackReading, UnitBefore, plant_update

_PIECES_AT_ONCE = 256


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
        years = np.maximum(rows.end - rows.first, 0)
        # A piece is one term of the amount of a row: a product of lognormals, so that covariances are exact.
        self._row, self._term = np.nonzero(rows.central * years[:, None] > 0.0)
        self._central = (rows.central * years[:, None])[self._row, self._term]
        self._unit = rows.unit[self._row]
        sizes = np.array([0.0, *(_size(table.astype(np.float64)) for table in given.tables)])
        used = np.where(rows.table == NO_TABLE, 0, rows.table + 1)
        acts = (rows.term[self._row] == ALL_TERMS) | (rows.term[self._row] == self._term[:, None])
        self._loading = (sizes[used][self._row] * acts)[:, :, None] * rows.weight[self._row]
        self._streams, column = np.unique(rows.stream, return_inverse=True)
        self._column = column.reshape(rows.stream.shape)[self._row]
        self._shape = self._row.size, self._streams.size
        self._all = self._matrix(np.ones(acts.shape, dtype=bool))
        pieces = range(0, self._row.size, _PIECES_AT_ONCE)
        self.variance = sum(self._covered(np.arange(self._row.size)[n : n + _PIECES_AT_ONCE]) for n in pieces)

    def fall(self, candidate: PossibleMeasurement) -> float:
        """Return by which share the standard deviation of the total falls, where the result is as expected."""
        slots = self._slots(candidate, candidate.streams)
        if candidate.mates:
            slots |= self._slots(replace(candidate, units=candidate.mates), candidate.mate_streams)
        replaced = self._slots(candidate, candidate.replaced)
        pieces = np.flatnonzero((slots | replaced).any(axis=1))
        if not pieces.size or not self.variance > 0.0 or np.isinf(candidate.log_sd):
            return 0.0
        known = self._matrix(slots)[pieces]
        if candidate.mates:
            entered, errors = self._at_plant(candidate, known, pieces)
        else:
            entered, own = self._entered(candidate, known, pieces)
            errors = own[:, None] * own
        changed = (self._all[pieces] - known - self._matrix(replaced)[pieces] + entered).tocsr()
        after = np.expm1((changed @ self._all.T).toarray())
        after[:, pieces] = np.expm1((changed @ changed.T).toarray() + errors)
        removed = np.expm1((self._all[pieces] @ self._all.T).toarray()) - after
        removed[:, np.setdiff1d(np.arange(self._row.size), pieces)] *= 2.0
        fallen = float(self._central[pieces] @ removed @ self._central)
        return 1.0 - float(np.sqrt(min(1.0, max(0.0, 1.0 - fallen / self.variance))))

    def _slots(self, candidate: PossibleMeasurement, streams: Words64) -> NDArray[np.bool_]:
        """Return the slots of pieces that stand for factors of the units measured and have one of some streams."""
        has = np.isin(self._rows.stream, streams) & (self._rows.weight > 0)
        slots = np.asarray(has.any(axis=2))[self._row] & np.isin(self._unit, candidate.units)[:, None]
        slots &= (self._loading != 0.0).any(axis=2)
        return np.asarray(slots)

    def _entered(self, candidate: PossibleMeasurement, known: csr_array, pieces: Positions) -> tuple[csr_array, Floats]:
        """Return the loadings of pieces that come in the place of ``known``, and the size of an error of their own."""
        none = np.zeros(pieces.size)
        if candidate.left:
            streams = np.intersect1d(np.array(list(candidate.left), dtype=np.uint64), self._streams)
            row = np.array([[candidate.left[int(stream)] for stream in streams]])
            of_streams = csr_array(
                (row[0], (np.zeros(streams.size, dtype=np.intp), np.searchsorted(self._streams, streams))),
                shape=(1, self._shape[1]),
            )
            has_content = known.power(2).sum(axis=1) > 0.0  # a factor that is replaced acts on other pieces, too
            return csr_array(has_content.astype(np.float64)[:, None]) @ of_streams, none
        weight = self._weight(known, pieces, candidate.log_sd)
        kept = known.multiply(1.0 - weight[:, None]).tocsr()
        error = weight * candidate.log_sd
        if candidate.kind == STACK_TEST:
            return kept, error
        own = np.searchsorted(self._streams, candidate.streams)
        before = kept[:, own].toarray()[
            :, 0
        ]  # the error of an analysis is the plant's, as what is not known of its coal
        more = np.hypot(before, error) - before
        place = np.arange(pieces.size), np.full(pieces.size, own[0])
        return kept + csr_array((more, place), shape=kept.shape), none

    def _at_plant(
        self, candidate: PossibleMeasurement, known: csr_array, pieces: Positions
    ) -> tuple[csr_array, Floats]:
        """Return the loadings that remain after a stack test of one unit of a plant, and the covariances it adds."""
        unit, of_unit, of_whole = self._in_units(known, pieces)
        squares = of_whole.power(2)
        in_common = np.asarray((of_whole != 0.0).sum(axis=0)) > 1  # streams that units of the plant share already
        total, scoped = (
            np.asarray(squares[:, chosen].sum(axis=1)) for chosen in (np.full(in_common.shape, True), in_common)
        )
        before = {
            str(number): UnitBefore(float(v), candidate.shared * float(v), float(h))
            for number, v, h in zip(unit, total, scoped, strict=True)
        }
        test = StackReading({str(candidate.units[0]): 1.0}, LogMeasurement(0.0, candidate.log_sd, 0), {})
        after, _ = plant_update(before, [test], 0.0)
        known_of = [after[str(number)] for number in unit]
        sizes = np.array([one.error.size for one in known_of])
        part = np.array([dict(one.error.scopes).get("plant", 0.0) for one in known_of])
        of_plant = (sizes * np.sqrt(part))[of_unit]
        own = (sizes**2 * (1.0 - part))[of_unit]
        errors: Floats = of_plant[:, None] * of_plant + np.where(of_unit[:, None] == of_unit, own, 0.0)
        kept = np.array([one.kept for one in known_of])[of_unit]
        return known.multiply(kept[:, None]).tocsr(), errors

    def _in_units(self, known: csr_array, pieces: Positions) -> tuple[Positions, Positions, csr_array]:
        """Return units, the unit of each piece, and the loadings of the whole amount of each unit."""
        unit, of_unit = np.unique(self._unit[pieces].astype(np.intp), return_inverse=True)
        whole = np.bincount(self._unit, self._central)[unit]
        share = csr_array((self._central[pieces] / whole[of_unit], (of_unit, np.arange(pieces.size))))
        return unit, of_unit, (share @ known).tocsr()

    def _weight(self, known: csr_array, pieces: Positions, error: float) -> Floats:
        """Return how much a measurement of the whole amount of a unit counts in each of its pieces."""
        unit, of_unit, of_whole = self._in_units(known, pieces)
        variance = np.asarray(of_whole.power(2).sum(axis=1))
        weight: Floats = (variance / (variance + error**2) if error > 0.0 else np.ones(unit.size))[of_unit]
        return weight

    def _covered(self, pieces: Positions) -> float:
        """Return the covariance of pieces with all pieces, summed [kg2]."""
        logs = (self._all[pieces] @ self._all.T).toarray()
        return float(self._central[pieces] @ np.expm1(logs) @ self._central)

    def _matrix(self, slots: NDArray[np.bool_]) -> csr_array:
        """Return the loading of the logarithm of each piece on each stream, of some slots alone."""
        chosen = slots[:, :, None] & (self._loading != 0.0)
        piece = np.broadcast_to(np.arange(self._row.size)[:, None, None], chosen.shape)[chosen]
        return csr_array((self._loading[chosen], (piece, self._column[chosen])), shape=self._shape)


def _size(table: Floats) -> float:
    """Return the standard deviation of the logarithm of a lognormal as wide as a table, negative where that falls."""
    weights = quantiles.node_weights()
    mean = float(table @ weights)
    size = math.sqrt(math.log1p(float((table - mean) ** 2 @ weights) / mean**2))
    return -size if table[-1] < table[0] else size
