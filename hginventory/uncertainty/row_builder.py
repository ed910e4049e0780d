"""Rows of an ensemble from spans of years, each with its central amounts and uncertain factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from hginventory._types import Flags, Ints32, Positions, Singles, Words64
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


@dataclass(frozen=True)
class FactorArrays:
    """The uncertain factors of units or rows, N of them with F factors at most; arrays as in `Rows`.

    Attributes
    ----------
    table, term : ndarray of int, shape (N, F)
        Distribution of each factor, and the term of the emission it acts on.
    stream, weight : ndarray, shape (N, F, SCOPES)
        Random streams of its error, and the weight of each.
    outside : ndarray of bool, shape (N, F)
        Whether it acts on the amount alone, not on the rate.
    """

    table: Ints32
    term: Ints32
    stream: Words64
    weight: Singles
    outside: Flags

    def take(self, indices: Positions) -> FactorArrays:
        """Return the factors of some units, by index."""
        return FactorArrays(*(getattr(self, one.name)[indices] for one in fields(self)))


def factor_arrays(factors: Sequence[Sequence[UncertainFactor]], tables: Tables) -> FactorArrays:
    """Return the uncertain factors of units as arrays.

    Parameters
    ----------
    factors : sequence of sequence of UncertainFactor
        Of each unit.
    tables : Tables
        Collects the distributions.
    """
    shape = (len(factors), max(map(len, factors), default=0))
    table, term = np.full(shape, NO_TABLE, dtype=np.int32), np.full(shape, ALL_TERMS, dtype=np.int32)
    stream = np.zeros((*shape, SCOPES), dtype=np.uint64)
    weight = np.zeros((*shape, SCOPES), dtype=np.float32)
    outside = np.zeros(shape, dtype=np.bool_)
    for row, own in enumerate(factors):
        for number, factor in enumerate(own):
            table[row, number] = tables.index_of(factor)
            term[row, number] = ALL_TERMS if factor.term == COMMON else factor.term
            outside[row, number] = factor.family in OUTSIDE_RATE
            for scope, (name, share, label) in enumerate(factor.parts):
                stream[row, number, scope] = stream_id(factor.family, name, label)
                weight[row, number, scope] = math.sqrt(share)
    return FactorArrays(table, term, stream, weight, outside)


def rows_of(units: Sequence[Sequence[RowSpec]], tables: Tables) -> tuple[Rows, Ints32, RowCuts | None]:
    """Return the rows of units, the first row of each unit, which carries its rate, and their cuts if there are any.

    Parameters
    ----------
    units : sequence of sequence of RowSpec
        The spans of each unit, at least one.
    tables : Tables
        Collects the distributions.
    """
    specs = [(index, spec) for index, own in enumerate(units) for spec in own]
    amount = np.zeros((len(specs), max((len(spec.central) for _, spec in specs), default=1)))
    for row, (_, spec) in enumerate(specs):
        amount[row, : len(spec.central)] = spec.central
    years = np.array([(index, spec.first, spec.end) for index, spec in specs], dtype=np.int32).reshape(-1, 3)
    unit, first, end = (np.ascontiguousarray(column) for column in years.T)
    found = factor_arrays([spec.factors for _, spec in specs], tables)
    begins = np.concatenate([[0], np.cumsum([len(own) for own in units])])[:-1].astype(np.int32)
    rows = Rows(unit, amount, first, end, found.table, found.term, found.stream, found.weight)
    return rows, begins, cuts_of([spec.cut for _, spec in specs], found.outside)


def cuts_of(cuts: Sequence[LimitCut | None], outside: Flags) -> RowCuts | None:
    """Return the cuts of rows; None where none is cut.

    Parameters
    ----------
    cuts : sequence of LimitCut or None
        Of each row.
    outside : ndarray of bool, shape (R, F)
        As in `FactorArrays`.
    """
    known = {id(cut): cut for cut in cuts if cut is not None}
    if not known:
        return None
    index_of = {key: index for index, key in enumerate(known)}
    table = np.array([NO_TABLE if cut is None else index_of[id(cut)] for cut in cuts], dtype=np.int32)
    return RowCuts(table, outside, np.array([cut.table for cut in known.values()]))
