"""Shares of a fleet: the units of an ensemble in the order of work, cut into parts that can be worked on anywhere.

A share contains all that the compiled passes need of its units and nothing of the others, so that a process may work
on one share, on all of them, or on the whole fleet as a single share. What the shares find adds up in `tally`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Ints, Ints32, Positions, Singles, Words64
from hginventory.ensemble.arrays import NO_TABLE, EnsembleInput, RowCuts, classes_of
from hginventory.ensemble.kernels.ranks import first_bin
from hginventory.ensemble.kernels.unit_draws import AGAIN, ANEW, NOTHING
from hginventory.ensemble.quantiles import NODES

LONGEST_LIST = 112  # ranks are exact down to here, a multiple of 16
SHARED_FROM = 12  # a stream that as many rows use is drawn once and kept
EXACT_TO = 400  # units; ranks of smaller fleets are exact throughout


@dataclass(frozen=True)
class FleetPart:
    """Units of an ensemble that follow each other in the order of work, n of them, with their r rows.

    Of stacked ensembles it contains whole units: all their states, one of each ensemble behind the other.

    Attributes
    ----------
    begin : int
        Index of the first unit in the order of work of the whole fleet.
    draws, seed, years : int
        Number of draws, seed, length of the year axis.
    longest : int
        Length of the lists of the largest units.
    scenarios, fleet : int
        Number of ensembles stacked, and of units in each.
    first_bin : ndarray of int32, shape (scenarios,)
        Lowest class of size in each ensemble, from `ranks.first_bin`.
    sum_classes, year_classes : int
        Number of classes of units in the whole fleet, by the sets whose totals are kept; 0: none by year is.
    row_of_unit : ndarray of int64, shape (n + 1,)
        First row of each unit, and the end of the last.
    central, first, end, table, term, stream, weight : ndarray, shape (r, ...)
        As in `arrays.Rows`.
    tables : ndarray of float32, shape (m, NODES)
        The tables that these rows use.
    rate_row : ndarray of int64, shape (n,)
        Row of the yearly rate.
    in_base_year : ndarray of float, shape (n,)
        1 where the rate counts in the base year.
    sum_class, year_class : ndarray of int32, shape (n,)
        Classes of each unit.
    life_open, unit_end : ndarray, shape (n,)
        Whether the last year shifts; the last year without a shift.
    life_table, life_stream, life_weight : ndarray
        As in `arrays.EnsembleInput`.
    year_varies, year_stream, year_table
        As in `arrays.EnsembleInput`.
    cut, cut_outside, cut_tables : ndarray
        As in `arrays.RowCuts`, of these rows.
    """

    begin: int
    draws: int
    seed: int
    years: int
    longest: int
    scenarios: int
    fleet: int
    first_bin: Ints32
    sum_classes: int
    year_classes: int
    row_of_unit: Ints
    central: Floats
    first: Ints32
    end: Ints32
    table: Ints32
    term: Ints32
    stream: Words64
    weight: Singles
    tables: Singles
    rate_row: Ints
    in_base_year: Floats
    sum_class: Ints32
    year_class: Ints32
    life_open: Flags
    unit_end: Ints32
    life_table: Singles
    life_stream: Words64
    life_weight: Singles
    year_varies: Flags
    year_stream: Words64
    year_table: Ints32
    cut: Ints32
    cut_outside: Flags
    cut_tables: Singles

    @property
    def units(self) -> int:
        """Number of units n."""
        return int(self.rate_row.size)

    @property
    def in_proportion(self) -> Flags:
        """Whether the remaining amount of a unit is its rate times a fixed number of years, shape (n,)."""
        one_row: Flags = np.diff(self.row_of_unit) == 1
        return one_row & ~self.life_open & ~self.year_varies


class Partition:
    """The order of work of an ensemble, the large units first, and what all its shares have in common.

    Parameters
    ----------
    given : EnsembleInput
        The fleet, or several ensembles of it stacked (`stacked.stack`).
    draws, seed : int
        Number of draws and seed.
    scenarios : int
        Number of ensembles stacked.
    """

    def __init__(self, given: EnsembleInput, draws: int, seed: int, scenarios: int = 1) -> None:
        count, fleet = given.units, given.units // scenarios
        amount = given.central_lifetime().reshape(scenarios, fleet)
        self.given, self.draws, self.seed = given, draws, seed
        self.scenarios, self.fleet = scenarios, fleet
        # Lists of the largest fill early; the states of a unit follow each other, so that they share their noise.
        of_fleet = _order(amount.max(axis=0), given)
        self.order = (of_fleet[:, None] + fleet * np.arange(scenarios)).ravel().astype(np.int32)
        # A list must be able to hold the largest units asked for.
        self.longest = fleet if fleet <= EXACT_TO else max(LONGEST_LIST, -(-given.top // 16) * 16)
        self.first_bin = np.array([first_bin(own, self.longest) for own in amount], dtype=np.int32)
        self.first_row = np.searchsorted(given.rows.unit, np.arange(count + 1)).astype(np.int64)
        self.sum_class, self.sum_kinds = classes_of(given.sums)
        self.year_class, self.year_kinds = classes_of(given.yearly)
        self.unit_end = np.zeros(count, dtype=np.int32)
        np.maximum.at(self.unit_end, given.rows.unit, given.rows.end)

    def share(self, begin: int, stop: int) -> FleetPart:
        """Return the share of the units ``begin`` to ``stop`` in the order of work."""
        given, rows = self.given, self.given.rows
        order = self.order[begin:stop]
        first_row, lengths = self.first_row[order], np.diff(self.first_row)[order]
        row_of_unit = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        taken = np.repeat(first_row - row_of_unit[:-1], lengths) + np.arange(lengths.sum())
        (table, year_table), tables = _only_used(
            [rows.table[taken], np.broadcast_to(given.year_table, given.units)[order]], given.tables
        )
        cuts = given.cuts or RowCuts.none(rows)
        (cut,), cut_tables = _only_used([cuts.table[taken]], cuts.tables)
        none = np.zeros((1, 2))
        never, no_stream = np.zeros(order.size, dtype=np.bool_), np.zeros(1, dtype=np.uint64)
        fixed = given.life_table is None or given.life_open is None
        return FleetPart(
            begin=begin,
            draws=self.draws,
            seed=self.seed,
            years=given.years,
            longest=self.longest,
            scenarios=self.scenarios,
            fleet=self.fleet,
            first_bin=self.first_bin,
            sum_classes=len(self.sum_kinds),
            year_classes=len(self.year_kinds) if len(given.yearly) else 0,
            row_of_unit=row_of_unit,
            central=rows.central[taken],
            first=rows.first[taken],
            end=rows.end[taken],
            table=table,
            term=rows.term[taken],
            stream=rows.stream[taken],
            weight=rows.weight[taken],
            tables=tables,
            rate_row=(row_of_unit[:-1] + given.rate_row[order] - first_row).astype(np.int64),
            in_base_year=given.in_base_year[order],
            sum_class=self.sum_class[order],
            year_class=self.year_class[order],
            life_open=never if given.life_open is None else given.life_open[order],
            unit_end=self.unit_end[order],
            life_table=np.zeros(NODES, dtype=np.float32) if given.life_table is None else given.life_table,
            life_stream=none.astype(np.uint64) if fixed or given.life_stream is None else given.life_stream[order],
            life_weight=none.astype(np.float32) if fixed or given.life_weight is None else given.life_weight[order],
            year_varies=never if given.year_varies is None else given.year_varies[order],
            year_stream=no_stream if given.year_stream is None else given.year_stream[order],
            year_table=year_table,
            cut=cut,
            cut_outside=cuts.outside[taken],
            cut_tables=cut_tables,
        )


def _order(amount: Floats, given: EnsembleInput) -> Positions:
    """Return units by falling amount, but those that share an uncommon stream, as units of a plant do, together.

    A stream is uncommon where fewer than `SHARED_FROM` rows use it; such streams are not kept, and what units that
    follow each other have in common is computed once.
    """
    rows, count = given.rows, amount.size
    own = np.flatnonzero(rows.unit < count)  # of stacked ensembles the first
    used = (rows.weight[own] > 0) & (rows.table[own] != NO_TABLE)[:, :, None]
    names, indices, counts = np.unique(rows.stream[own][used], return_inverse=True, return_counts=True)
    times = np.zeros(used.shape, dtype=np.int64)
    times[used] = np.where(counts < SHARED_FROM, counts, 0)[indices]
    group = np.zeros(used.shape, dtype=np.int64)
    group[used] = indices
    flat = times.reshape(len(own), times.shape[1] * times.shape[2])
    most = flat.argmax(axis=1) if flat.size else np.zeros(len(own), dtype=np.intp)
    found = np.take_along_axis(group.reshape(flat.shape), most[:, None], axis=1).ravel() if flat.size else most
    of_unit = np.arange(count) + names.size
    of_unit[rows.unit[own]] = np.where(flat.max(axis=1, initial=0) > 1, found, of_unit[rows.unit[own]])
    _, leaders = np.unique(of_unit, return_inverse=True)
    largest = np.zeros(leaders.max(initial=-1) + 1)
    np.maximum.at(largest, leaders, amount)
    return np.lexsort((np.arange(count), -amount, leaders, -largest[leaders]))


def _only_used(numbers: Sequence[Ints32], tables: Singles) -> tuple[list[Ints32], Singles]:
    """Return the numbers of tables as indices among those that are used, and these."""
    used = np.zeros(len(tables) + 1, dtype=bool)  # the last stands for no table
    for own in numbers:
        used[own] = True
    used = used[:-1]
    indices = np.append(np.cumsum(used) - 1, NO_TABLE).astype(np.int32)
    return [indices[own] for own in numbers], np.ascontiguousarray(tables[used])


def repetitions(share: FleetPart) -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]:
    """Return what need not be computed twice, as `kernels.RowArrays` says: fresh (R, F), since (R,) and kind (R,)."""
    kind = np.where(share.central.any(axis=1), ANEW, NOTHING).astype(np.int8)
    used = share.table != NO_TABLE
    fresh = np.where(used, 2, 0).astype(np.int8)
    since = np.zeros(len(kind), dtype=np.int8)
    row: slice | Positions = slice(1, None)
    before: slice | Positions = slice(None, -1)
    if not kind.all():
        active = np.flatnonzero(kind)
        row, before = active[1:], active[:-1]
    same_table = share.table[row] == share.table[before]
    same_z = used[row] & used[before]
    for scope in range(share.weight.shape[2]):
        stream, weight = share.stream[:, :, scope], share.weight[:, :, scope]
        same_z &= (stream[row] == stream[before]) & (weight[row] == weight[before])
    fresh[row] = np.where(same_z & same_table, 0, np.where(same_z, 1, fresh[row]))
    same = same_table & (same_z | ~used[row])
    whole = same.all(axis=1)
    since[row] = np.where(whole, same.shape[1], (~same).argmax(axis=1)) if same.shape[1] else 0
    whole &= (share.central[row] == share.central[before]).all(axis=1)
    whole &= (share.term[row] == share.term[before]).all(axis=1)
    whole &= share.cut[row] == share.cut[before]
    whole &= (share.cut_outside[row] == share.cut_outside[before]).all(axis=1)
    kind[row] = np.where(whole, AGAIN, kind[row])
    return fresh, since, kind
