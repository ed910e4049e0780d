"""Parts of what an ensemble keeps, where the rest is not needed: totals of runs that share draws, sums, single draws.

All have the bits of `run_ensemble`: what suits the compiled engine is drawn by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hginventory._types import Flags, Floats, Ints, Ints32, Words64
from hginventory.ensemble.arrays import FIXED_POINT, EnsembleInput, classes_of
from hginventory.ensemble.numpy_engine import (
    NormalStore,
    amounts,
    keys_by_amount,
    largest,
    last_years,
    streams_of,
    sums_of,
    values_of_rows,
    whole_parts,
    years_of_rows,
)
from hginventory.ensemble.run import choose_engine, run_ensemble, suits_numpy
from hginventory.ensemble.table_lookup import Reader


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
            found = run_ensemble(given, self._draws, self._seed, engine="numba")
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
        return values_of_rows(replace(given, rows=rows), self._store, self._reader)


def sums_by_draw(given: EnsembleInput, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return the sums of the sets of units by draw [kg], and by year and draw [kg/yr], without anything of a unit.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    draws, seed : int
        Number of draws and seed.

    Returns
    -------
    life_sums : ndarray of float, shape (C, S)
        As of `arrays.Draws`.
    yearly_sums : ndarray of float, shape (D, Y, S)
        As of `arrays.Draws`.
    """
    engine = choose_engine(given, draws).engine
    if engine != "numpy":
        found = run_ensemble(given, draws, seed, engine=engine)
        return found.life_sums, found.yearly_sums
    store = NormalStore(streams_of(given), seed, draws)
    values = values_of_rows(given, store, Reader(given.tables))
    life, yearly_sums = amounts(given, values, last_years(given, store, draws))
    return sums_of(*classes_of(given.sums), whole_parts(life)), yearly_sums


def rates_in_draws(given: EnsembleInput, draws: int, seed: int, columns: Ints) -> Floats:
    """Return the yearly rate of each unit in some draws [kg/yr], shape (N, number of these draws).

    Parameters
    ----------
    given : EnsembleInput
        The fleet, with rates that apply to every year.
    draws, seed : int
        Number of draws and seed.
    columns : ndarray of int
        Numbers of the draws.
    """
    if not suits_numpy(given, draws):
        each = np.eye(given.units, dtype=np.bool_)
        own = replace(given, sums=each, yearly=each[:0], in_base_year=np.ones(given.units))
        return run_ensemble(own, draws, seed, engine="numba").base_sums[:, columns]
    store = NormalStore(streams_of(given), seed, draws, columns)
    rates = values_of_rows(given, store, Reader(given.tables))[given.rate_row]
    return np.asarray(whole_parts(rates) / FIXED_POINT)
