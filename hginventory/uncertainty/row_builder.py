"""Rows of an ensemble from spans of years, each with its central amounts and uncertain factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hginventory._types import Ints32, Singles
from hginventory.ensemble import ALL_TERMS, NO_TABLE, SCOPES, LimitCut, RowCuts, Rows, stream_id
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import COMMON, UncertainFactor

# Families that act on the amount and not on the rate per heat of the fuel or per clinker.
OUTSIDE_RATE = frozenset({"activity", "efficiency", "utilisation", "clinker_factor"})


@dataclass(frozen=True)
class RowSpec:
    """A unit during some years.

    Attributes
    ----------
    central : tuple of float
        Central amount of each term [kg/yr].
    factors : sequence of UncertainFactor
        What varies.
    first, end : int
        Years from the base year, half-open; equal for a row that only carries a rate.
    cut : LimitCut or None
        What a limit that the unit keeps makes of its rate.
    """

    central: tuple[float, ...]
    factors: Sequence[UncertainFactor]
    first: int
    end: int
    cut: LimitCut | None = None


def rows_of(units: Sequence[Sequence[RowSpec]], tables: Tables) -> tuple[Rows, Ints32]:
    """Return the rows of units, and the first row of each unit, which carries its rate.

    Parameters
    ----------
    units : sequence of sequence of RowSpec
        The spans of each unit, at least one.
    tables : Tables
        Collects the distributions.
    """
    specs = [(index, spec) for index, own in enumerate(units) for spec in own]
    count, width = len(specs), max((len(spec.factors) for _, spec in specs), default=0)
    terms = max((len(spec.central) for _, spec in specs), default=1)
    table = np.full((count, width), NO_TABLE, dtype=np.int32)
    term = np.full((count, width), ALL_TERMS, dtype=np.int32)
    stream = np.zeros((count, width, SCOPES), dtype=np.uint64)
    weight = np.zeros((count, width, SCOPES), dtype=np.float32)
    amount = np.zeros((count, terms))
    unit, first, end = (np.empty(count, dtype=np.int32) for _ in range(3))
    for row, (index, spec) in enumerate(specs):
        unit[row], first[row], end[row] = index, spec.first, spec.end
        amount[row, : len(spec.central)] = spec.central
        for number, factor in enumerate(spec.factors):
            table[row, number] = tables.index_of(factor)
            term[row, number] = ALL_TERMS if factor.term == COMMON else factor.term
            for scope, (name, share, label) in enumerate(factor.parts):
                stream[row, number, scope] = stream_id(factor.family, name, label)
                weight[row, number, scope] = math.sqrt(share)
    begins = np.concatenate([[0], np.cumsum([len(own) for own in units])])[:-1].astype(np.int32)
    return Rows(unit, amount, first, end, table, term, stream, weight), begins


def cuts_of_rows(specs: Sequence[Sequence[RowSpec]]) -> RowCuts | None:
    """Return the cuts of the rows that `rows_of` makes of the same spans; None where none is cut.

    Parameters
    ----------
    specs : sequence of sequence of RowSpec
        The spans of each unit.
    """
    flat = [spec for own in specs for spec in own]
    if all(spec.cut is None for spec in flat):
        return None
    table = np.full(len(flat), NO_TABLE, dtype=np.int32)
    outside = np.zeros((len(flat), max(len(spec.factors) for spec in flat)), dtype=np.bool_)
    known: dict[int, int] = {}
    tables: list[Singles] = []
    for row, spec in enumerate(flat):
        outside[row, : len(spec.factors)] = [factor.family in OUTSIDE_RATE for factor in spec.factors]
        if spec.cut is not None:
            if id(spec.cut) not in known:
                known[id(spec.cut)] = len(tables)
                tables.append(spec.cut.table)
            table[row] = known[id(spec.cut)]
    return RowCuts(table, outside, np.array(tables))
