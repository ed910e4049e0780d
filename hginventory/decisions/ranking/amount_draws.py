"""The inputs of draws for a ranking by any amount, of units or of groups of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hginventory._types import Positions
from hginventory.ensemble import NO_TABLE, EnsembleInput, with_year_in_rows


def entities(table: pd.DataFrame, units: pd.DataFrame, key: Sequence[str] = ()) -> tuple[Positions, Positions]:
    """Return the number of the entity of each row of the ranking, and that of each unit.

    Parameters
    ----------
    table, units : DataFrame
        The ranking, and the units ranked.
    key : sequence of str
        Columns by which units are grouped; empty: each unit is an entity.
    """
    if not key:
        return units.index.get_indexer(pd.Index(table["unit_id"])), np.arange(len(units))
    names = units["plant"].where(units["plant"].notna(), units.index.to_series())
    keys = pd.MultiIndex.from_frame(units.assign(plant=names)[list(key)])
    codes, found = pd.factorize(keys)
    wanted = pd.MultiIndex.from_frame(table[list(key)])
    return pd.MultiIndex.from_tuples(list(found)).get_indexer(wanted), codes


def of_amount(given: EnsembleInput, by: str) -> EnsembleInput:
    """Return an ensemble whose remaining amount is the one ranked by: a rate of one year lasts one year."""
    if by == "lifetime_kg":
        return given
    given = with_year_in_rows(given)
    first, end = np.zeros_like(given.rows.first), np.zeros_like(given.rows.end)
    end[given.rate_row] = 1 if by == "air_kg_per_yr" else given.in_base_year.astype(np.int32)
    return replace(given, rows=replace(given.rows, first=first, end=end), life_table=None, life_stream=None)


def by_entity_input(given: EnsembleInput, entity: Positions, count: int) -> EnsembleInput:
    """Return an ensemble of groups of units, each with the rows of its units; only remaining amounts are asked of it.

    Parameters
    ----------
    given : EnsembleInput
        Of units, lifetimes fixed.
    entity : ndarray of int, shape (N,)
        Group of each unit.
    count : int
        Number of groups.
    """
    rows = given.rows
    of_row = entity[rows.unit]
    order = np.argsort(of_row, kind="stable")
    moved = {
        name: getattr(rows, name)[order] for name in ("central", "first", "end", "table", "term", "stream", "weight")
    }
    unit = of_row[order].astype(np.int32)
    return replace(
        given,
        rows=replace(rows, unit=unit, **moved),
        rate_row=np.searchsorted(unit, np.arange(count)).astype(np.int32),
        in_base_year=np.zeros(count),
        year_table=NO_TABLE,
        year_stream=None,
        year_varies=None,
        sums=np.ones((1, count), dtype=bool),
        yearly=np.zeros((0, count), dtype=bool),
        top=min(given.top, count),
    )
