"""Ensembles of the same units, stacked so that they share their random numbers: scenarios side by side.

The states of a unit follow each other in the order of work, and what they have in common is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Ints32, Positions, Singles
from hginventory.ensemble.arrays import NO_TABLE, EnsembleInput, RowCuts, Rows


def stack(inputs: Sequence[EnsembleInput]) -> EnsembleInput:
    """Return the ensemble of all units of all inputs, one input behind the other.

    Parameters
    ----------
    inputs : sequence of EnsembleInput
        Of the same units in the same order, with as many slots, terms and years; lifetimes uncertain in all or none.

    Raises
    ------
    ValueError
        If the inputs do not fit together.
    """
    lead = inputs[0]
    for other in inputs[1:]:
        if (other.units, other.years, other.top) != (lead.units, lead.years, lead.top):
            raise ValueError("inputs to stack must have the same units, years and length of list")
        if _differ(other.life_table, lead.life_table):
            raise ValueError("inputs to stack must have the same distribution of lifetimes")
        if (other.year_stream is None) != (lead.year_stream is None):
            raise ValueError("inputs to stack must all have single years, or none")
    tables, numbers = _merged([one.tables for one in inputs])
    stacked, year_tables = [], []
    for number, one in enumerate(inputs):
        unit = one.rows.unit + np.int32(number * lead.units)
        year_tables.append(_renumbered(np.broadcast_to(one.year_table, one.units), numbers[number]))
        stacked.append(replace(one.rows, table=_renumbered(one.rows.table, numbers[number]), unit=unit))
    rows = Rows(**{f.name: np.concatenate([getattr(own, f.name) for own in stacked]) for f in fields(Rows)})
    firsts = np.concatenate([[0], np.cumsum([own.unit.size for own in stacked])])
    return replace(
        lead,
        rows=rows,
        tables=tables,
        year_table=np.concatenate(year_tables),
        rate_row=np.concatenate([one.rate_row + np.int32(firsts[n]) for n, one in enumerate(inputs)]),
        in_base_year=np.concatenate([one.in_base_year for one in inputs]),
        sums=_beside([one.sums for one in inputs]),
        yearly=_beside([one.yearly for one in inputs]),
        life_stream=_joined([one.life_stream for one in inputs]),
        life_weight=_joined([one.life_weight for one in inputs]),
        life_open=_joined([one.life_open for one in inputs]),
        year_stream=_joined([one.year_stream for one in inputs]),
        year_varies=_joined([one.year_varies for one in inputs]),
        cuts=_cuts(inputs),
    )


def _cuts(inputs: Sequence[EnsembleInput]) -> RowCuts | None:
    """Return the cuts of all inputs."""
    if all(one.cuts is None for one in inputs):
        return None
    cuts = [one.cuts or RowCuts.none(one.rows) for one in inputs]
    tables, numbers = _merged([own.tables for own in cuts])
    table = [_renumbered(own.table, number) for own, number in zip(cuts, numbers, strict=True)]
    return RowCuts(np.concatenate(table), np.concatenate([own.outside for own in cuts]), tables)


def _merged(tables: Sequence[Singles]) -> tuple[Singles, list[Positions]]:
    """Return the tables of all inputs, each once, and of each input the new numbers of its tables."""
    unique, numbers = np.unique(np.concatenate(tables), axis=0, return_inverse=True)
    return unique, np.split(numbers.ravel(), np.cumsum([len(own) for own in tables])[:-1])


def _renumbered(table: Ints32, numbers: Positions) -> Ints32:
    """Return the new numbers of tables."""
    return np.where(table == NO_TABLE, NO_TABLE, numbers[np.maximum(table, 0)] if numbers.size else 0).astype(np.int32)


def _differ(one: Singles | None, other: Singles | None) -> bool:
    if one is None or other is None:
        return one is not other
    return not np.array_equal(one, other)


def _beside(sets: Sequence[Flags]) -> Flags:
    """Return sets of units of all inputs as sets of the stacked units."""
    out = np.zeros((sum(len(own) for own in sets), sum(own.shape[1] for own in sets)), dtype=bool)
    row, column = 0, 0
    for own in sets:
        out[row : row + len(own), column : column + own.shape[1]] = own
        row, column = row + len(own), column + own.shape[1]
    return out


def _joined(parts: Sequence[NDArray[Any] | None]) -> NDArray[Any] | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if known else None
