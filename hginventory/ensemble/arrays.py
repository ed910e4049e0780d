"""What an ensemble is computed from: plain arrays, units in the order of the fleet.

A row is a unit during a span of years with one set of distributions; most units have one row. The value of a row in
a draw is ``sum over terms of central[term] * product of the slots that act on the term``. A slot is one uncertain
factor: a table of mean 1 read at ``z = sum over scopes of weight * Z(stream)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hginventory._types import Flags, Floats, Ints32, Singles, Words64
from hginventory.ensemble.limit_cut import CUT_NODES

ALL_TERMS = -1
NO_TABLE = -1
SCOPES = 3


@dataclass(frozen=True)
class Rows:
    """The rows of an ensemble, R of them, those of a unit behind each other.

    Attributes
    ----------
    unit : ndarray of int32, shape (R,)
        Unit of the row, 0 to N-1, not falling.
    central : ndarray of float, shape (R, T)
        Central amount of each term in a year [kg/yr].
    first, end : ndarray of int32, shape (R,)
        Years of the row, half-open, counted from the base year.
    table : ndarray of int32, shape (R, F)
        Table of each slot; `NO_TABLE` where a slot is not used.
    term : ndarray of int32, shape (R, F)
        Term a slot acts on, or `ALL_TERMS`.
    stream : ndarray of uint64, shape (R, F, 3)
        Stream of each scope.
    weight : ndarray of float32, shape (R, F, 3)
        Square root of the share of each scope in the variance; 0 where a scope is not used.
    """

    unit: Ints32
    central: Floats
    first: Ints32
    end: Ints32
    table: Ints32
    term: Ints32
    stream: Words64
    weight: Singles


@dataclass(frozen=True)
class RowCuts:
    """The rows whose rates are cut at a limit that their unit is known to comply with.

    Attributes
    ----------
    table : ndarray of int32, shape (R,)
        Table of each row; `NO_TABLE` where nothing is cut.
    outside : ndarray of bool, shape (R, F)
        Slots that act on the amount and not on the rate that the limit is about, as the activity.
    tables : ndarray of float32, shape (K, CUT_NODES)
        Tables of `limit_cut.LimitCut`.
    """

    table: Ints32
    outside: Flags
    tables: Singles

    @classmethod
    def none(cls, rows: Rows) -> RowCuts:
        """Return that none of some rows is cut."""
        table = np.full(len(rows.unit), NO_TABLE, dtype=np.int32)
        return cls(table, np.zeros(rows.table.shape, dtype=np.bool_), np.zeros((0, CUT_NODES), dtype=np.float32))


@dataclass(frozen=True)
class EnsembleInput:
    """Everything an ensemble needs, frozen.

    Attributes
    ----------
    rows : Rows
        What varies.
    tables : ndarray of float32, shape (M, NODES)
        Tables of mean 1.
    years : int
        Length of the year axis.
    rate_row : ndarray of int32, shape (N,)
        Row whose value is the yearly rate of each unit.
    in_base_year : ndarray of float, shape (N,)
        1 where the rate counts in the base year, else 0.
    sums : ndarray of bool, shape (C, N)
        Sets of units whose totals are kept by draw (all units, a sector, the top 10 ...).
    yearly : ndarray of bool, shape (D, N)
        Sets of units whose totals are kept by draw and year.
    top : int
        Length of the list of largest units.
    life_table : ndarray of float32, shape (NODES,) or None
        Shift of the last year [yr], the same distribution for all; None: lifetimes are fixed.
    life_stream, life_weight : ndarray, shape (N, 2)
        Streams and weights of the shift: shared policy, own.
    life_open : ndarray of bool, shape (N,)
        Units whose last year shifts.
    year_table : int or ndarray of int32, shape (N,)
        Table of how one year differs from the mean of all, a factor on the rate alone; `NO_TABLE`: rates apply to
        every year.
    year_stream : ndarray of uint64, shape (N,)
        Stream of that factor.
    year_varies : ndarray of bool, shape (N,)
        Units whose rate it acts on.
    cuts : RowCuts or None
        Rates that are cut at limits; None: none is.
    """

    rows: Rows
    tables: Singles
    years: int
    rate_row: Ints32
    in_base_year: Floats
    sums: Flags
    yearly: Flags
    top: int = 10
    life_table: Singles | None = None
    life_stream: Words64 | None = None
    life_weight: Singles | None = None
    life_open: Flags | None = None
    year_table: int | Ints32 = NO_TABLE
    year_stream: Words64 | None = None
    year_varies: Flags | None = None
    cuts: RowCuts | None = None

    @property
    def units(self) -> int:
        """Number of units N."""
        return int(self.rate_row.size)

    @property
    def values_drawn(self) -> int:
        """Random numbers that one draw of the whole fleet needs, counting every scope of every slot once."""
        of_years = 0 if self.year_varies is None else self.year_varies.sum()
        return int((self.rows.weight > 0).sum() + of_years)

    def central_lifetime(self) -> Floats:
        """Return the central amount of each unit over its remaining years [kg], shape (N,)."""
        rows = self.rows
        amount = rows.central.sum(axis=1) * (rows.end - rows.first)
        return np.asarray(np.bincount(rows.unit, weights=amount, minlength=self.units), dtype=np.float64)


def with_year_in_rows(given: EnsembleInput) -> EnsembleInput:
    """Return an ensemble whose rates contain the factor of one year as one more slot, so that amounts of rows have it.

    Parameters
    ----------
    given : EnsembleInput
        The fleet.
    """
    if given.year_stream is None or given.year_varies is None:
        return given
    rows, varied = given.rows, given.rate_row[given.year_varies]
    column = (len(rows.unit), 1)
    table, term = np.full(column, NO_TABLE, dtype=np.int32), np.full(column, ALL_TERMS, dtype=np.int32)
    stream, weight = np.zeros((*column, SCOPES), dtype=np.uint64), np.zeros((*column, SCOPES), dtype=np.float32)
    table[varied, 0], weight[varied, 0, 0] = np.broadcast_to(given.year_table, given.units)[given.year_varies], 1.0
    stream[varied, 0, 0] = given.year_stream[given.year_varies]
    added = {"table": table, "term": term, "stream": stream, "weight": weight}
    slots = {name: np.concatenate([getattr(rows, name), own], axis=1) for name, own in added.items()}
    cuts = given.cuts
    if cuts is not None:
        cuts = replace(cuts, outside=np.concatenate([cuts.outside, np.ones(column, dtype=np.bool_)], axis=1))
    return replace(
        given,
        rows=replace(rows, **slots),
        year_table=NO_TABLE,
        year_stream=None,
        year_varies=None,
        cuts=cuts,
    )


@dataclass(frozen=True)
class Draws:
    """What an ensemble keeps: per-unit statistics and, by draw, sums of sets of units.

    Attributes
    ----------
    levels : tuple of float
        Quantiles reported per unit.
    rate_mean, life_mean : ndarray of float, shape (N,)
        Mean yearly rate, as of one year [kg/yr], and mean remaining amount [kg].
    rate_quantiles, life_quantiles : ndarray of float, shape (N, Q)
        Exact sample quantiles.
    rank_quantiles : ndarray of float, shape (N, 3)
        5 %, 50 % and 95 % of the rank by remaining amount, 1 the largest; where nothing remains, the rank behind
        all others.
    p_top : ndarray of float, shape (N,)
        Share of draws in which the unit is among the `top` largest.
    base_sums, life_sums : ndarray of float, shape (C, S)
        Sums of the sets: base year [kg], remaining [kg].
    yearly_sums : ndarray of float, shape (D, Y, S)
        Sums of the sets by year [kg].
    top_sum : ndarray of float, shape (S,)
        Remaining amount of each draw's own largest units [kg].
    top_units : ndarray of int32, shape (S, top)
        Each draw's own largest units, the largest first; -1 where fewer units have anything left.
    """

    levels: tuple[float, ...]
    rate_mean: Floats
    life_mean: Floats
    rate_quantiles: Floats
    life_quantiles: Floats
    rank_quantiles: Floats
    p_top: Floats
    base_sums: Floats
    life_sums: Floats
    yearly_sums: Floats
    top_sum: Floats
    top_units: Ints32


LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
RANK_LEVELS = (0.05, 0.5, 0.95)
# Sums are kept as whole multiples of 2**-24 kg (0.06 mg): whole numbers add to the same bits in any order.
FIXED_POINT = float(2**24)


def single_rows(
    central: Floats, first: Ints32, end: Ints32, slots: Sequence[tuple[Ints32, int, Words64, Singles]]
) -> Rows:
    """Return rows of units that have one row each, from slots given one after the other.

    Parameters
    ----------
    central : ndarray of float, shape (N, T)
        Central amounts [kg/yr].
    first, end : ndarray of int, shape (N,)
        Years, half-open.
    factors : sequence of (table (N,), term, stream (N, 3), weight (N, 3))
        Uncertain factors.
    """
    count = len(central)
    tables = np.stack([slot[0] for slot in slots], axis=1) if slots else np.empty((count, 0), np.int32)
    terms = np.tile(np.array([slot[1] for slot in slots], dtype=np.int32), (count, 1))
    streams = np.stack([s[2] for s in slots], axis=1) if slots else np.empty((count, 0, SCOPES), np.uint64)
    weights = np.stack([s[3] for s in slots], axis=1) if slots else np.empty((count, 0, SCOPES), np.float32)
    unit = np.arange(count, dtype=np.int32)
    return Rows(unit, central, first.astype(np.int32), end.astype(np.int32), tables, terms, streams, weights)


def classes_of(sets: Flags) -> tuple[Ints32, Flags]:
    """Return the class of each unit, units of one class being in the same sets, shape (N,); and the classes.

    Parameters
    ----------
    sets : ndarray of bool, shape (C, N)
        Sets of units.

    Returns
    -------
    class_of_unit : ndarray of int32, shape (N,)
        Number of a class.
    classes : ndarray of bool, shape (kinds, C)
        The sets that the units of a class are in.

    Examples
    --------
    >>> classes_of(np.array([[True, True, True], [False, True, False]]))[0].tolist()
    [0, 1, 0]
    """
    code = np.zeros(sets.shape[1], dtype=np.int64)
    first = np.zeros(min(sets.shape[1], 1), dtype=np.intp)
    for begin in range(0, len(sets), 32):  # as many memberships as a code takes in beside the class so far
        for members in sets[begin : begin + 32]:
            code = 2 * code + members
        _, first, classes = np.unique(code, return_index=True, return_inverse=True)
        code = classes.astype(np.int64).ravel()
    return code.astype(np.int32), sets[:, first].T
