"""Totals of ensembles that differ in their streams only, as runs of a sensitivity: what they share is drawn once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hginventory._types import Flags, Floats, Ints32, Words64
from hginventory.ensemble.arrays import EnsembleInput, classes_of
from hginventory.ensemble.numpy_engine import (
    NormalStore,
    keys_by_amount,
    largest,
    last_years,
    row_values,
    streams_of,
    sums_of,
    whole_parts,
    years_of_rows,
)
from hginventory.ensemble.run import run_ensemble, suits_numpy
from hginventory.ensemble.table_lookup import Reader

_CHUNK = 16  # rows worked on at once, so that their draws stay in the cache


@dataclass(frozen=True)
class Totals:
    """Part of what an ensemble keeps, as of `arrays.Draws`.

    Attributes
    ----------
    life_sums : ndarray of float, shape (C, S)
        Remaining amounts of the sets by draw [kg].
    top_sum : ndarray of float, shape (S,)
        Sum of the largest units of each draw [kg].
    top_units : ndarray of int, shape (S, top)
        These units; -1 where no more emit.
    """

    life_sums: Floats
    top_sum: Floats
    top_units: Ints32


class SharedDraws:
    """Draws ensembles that have everything but their streams in common, to the bits of `run_ensemble`.

    Parameters
    ----------
    first, other : EnsembleInput
        Two of them, which together have every stream of all of them.
    draws, seed : int
        Number of draws and seed.
    """

    def __init__(self, first: EnsembleInput, other: EnsembleInput, draws: int, seed: int) -> None:
        self._draws, self._seed, self._is_small = draws, seed, suits_numpy(first, draws)
        self._known: list[tuple[Words64, Floats]] = []
        if not self._is_small:
            return
        self._store = NormalStore(np.concatenate([streams_of(first), streams_of(other)]), seed, draws)
        self._reader = Reader(first.tables)
        self._used = first.rows.weight > 0
        for given in (first, other):
            self._known.append((given.rows.stream, self._drawn(given, np.ones(len(given.rows.unit), dtype=np.bool_))))

    def totals(self, given: EnsembleInput) -> Totals:
        """Return the totals of one of the ensembles."""
        if not self._is_small:
            found = run_ensemble(given, self._draws, self._seed)
            return Totals(found.life_sums, found.top_sum, found.top_units)
        values = self._values(given)
        life = np.zeros((given.units, self._draws))
        for row, unit, begin, end in years_of_rows(given, last_years(given, self._store, self._draws)):
            life[unit] += values[row] * (end - begin)
        keys, top = keys_by_amount(life.astype(np.float32)), min(given.top, given.units)
        if top < given.units:
            keys.partition(top - 1, axis=1)
        order = (np.sort(keys[:, :top], axis=1) & np.uint64(0xFFFFFFFF)).astype(np.intp)
        return Totals(sums_of(*classes_of(given.sums), whole_parts(life)), *largest(life, order, given.top))

    def _values(self, given: EnsembleInput) -> Floats:
        """Return the value of each row; rows with the streams of one of the two first are known."""
        of_row = []
        for streams, _ in self._known:
            of_row.append(((streams == given.rows.stream) | ~self._used).all(axis=(1, 2)))
        if of_row[0].all():
            return self._known[0][1]
        is_first, is_other = of_row
        values = np.where(is_first[:, None], self._known[0][1], self._known[1][1])
        open_rows = ~(is_first | is_other)
        values[open_rows] = self._drawn(given, open_rows)
        return values

    def _drawn(self, given: EnsembleInput, chosen: Flags) -> Floats:
        rows = replace(given.rows, **{name: array[chosen] for name, array in vars(given.rows).items()})
        own, values = replace(given, rows=rows), np.empty((len(rows.unit), self._draws))
        for begin in range(0, len(values), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            values[part] = row_values(own, part, self._store, self._reader)
        return values
