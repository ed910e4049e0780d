"""The compiled passes over a fleet: units one after the other, draws in blocks.

Of size units x draws nothing is kept but some codes in 16 bits, `engine.MOST_KEPT_BYTES` at most, which spare the
second pass to draw again; without them the results are the same.

Every pass works on some blocks of draws, or on some rows, and on nothing else, so that threads share no number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.compiling import compiled
from hginventory.ensemble.kernels.ranks import (
    BINS,
    COLUMNS,
    GROUPS,
    count_bins,
    empty_into,
    find_codes,
    look_up_ranks,
)
from hginventory.ensemble.kernels.top_lists import keep_largest
from hginventory.ensemble.kernels.unit_amounts import add_row, add_whole, begin_amounts, narrow, tally_row
from hginventory.ensemble.kernels.unit_draws import F, add_normals, copy, random_block
from hginventory.ensemble.streams import BLOCK

TILE = 255  # units whose codes are held before they are counted, with all their scenarios
MOST_HELD = 8192  # codes of all scenarios, of a draw, that are held


class TallyArrays(NamedTuple):
    """Sums and lists by draw, with arrays as in `tally.Tally`, as the first pass fills them.

    threshold, filled (scenarios * blocks * BLOCK,): least amount of each list, and how many of its entries are taken.
    largest (scenarios * draws, longest + SPARE): lists while they grow.
    few, reach (scenarios * blocks, ...): small counters, and the lowest and highest touched in each group of draws.
    """

    base: Any
    life: Any
    years: Any
    threshold: Any
    filled: Any
    largest: Any
    longest: Any
    few: Any
    reach: Any
    bins: Any
    first_bin: Any


class RankArrays(NamedTuple):
    """What the second pass reads ranks from, with arrays as in `tally.RankTable`.

    least, last, upcoming, upcoming_at (scenarios * blocks * BLOCK,): code and rank of the least of each list, the unit
    of the list that comes next, and its index in the list.
    """

    least: Any
    last: Any
    upcoming: Any
    upcoming_at: Any
    listed: Any
    from_class: Any
    step: Any
    first_bin: Any


class Workspace(NamedTuple):
    """Room for one block of draws of a unit, and for the codes of a tile of units: scenario, group, unit, draw."""

    value: Any
    life: Any
    amount: Any
    codes: Any
    zeros: Any
    z: Any
    closing: Any
    stop: Any
    held: Any
    year: Any  # factor of one year, and the stream and block it was drawn for
    year_of: Any
    ones: Any


def workspace(scenarios: int) -> Workspace:
    """Return the workspace of one thread."""
    value, life, amount, codes = (
        aligned_arrays.empty(BLOCK, kind) for kind in (np.float64, np.float64, np.float32, np.uint16)
    )
    closing, stop = aligned_arrays.empty(BLOCK, np.int32), aligned_arrays.empty(BLOCK, np.int32)
    tile = max(1, min(TILE, MOST_HELD // scenarios))
    held = aligned_arrays.empty((scenarios, GROUPS, tile, COLUMNS), np.uint16)
    z, year, ones = (aligned_arrays.empty(BLOCK, np.float32) for _ in range(3))
    ones[:] = F(1.0)
    nobody = np.full(2, np.iinfo(np.uint64).max, np.uint64)
    nothing = aligned_arrays.zeros(BLOCK, np.float64)
    return Workspace(value, life, amount, codes, nothing, z, closing, stop, held, year, nobody, ones)


@compiled(nogil=True)
def fill_shared(streams: Any, begin: Any, end: Any, noise: Any, s: Any) -> None:
    """Fill ``noise.shared`` (streams, draws) with the standard normals of streams begin to end."""
    for at in range(begin, end):
        for block in range(noise.shared.shape[1] // BLOCK):
            z = noise.shared[at, block * BLOCK : (block + 1) * BLOCK]
            z[:] = F(0.0)
            random_block(noise.seed, block, streams[at], s.words)
            add_normals(noise.normal_table, F(1.0), s, z)


@compiled(forceinline=True)
def list_unit(name: Any, scenario: Any, block: Any, blocks: Any, draws: Any, tally: Any, amount: Any,
              s: Any) -> None:  # fmt: skip
    """Enter the amounts of a unit in a block of draws into the lists of the largest."""
    here, listed = (scenario * blocks + block) * BLOCK, scenario * draws + block * BLOCK
    keep_largest(amount, name, tally.longest, tally.threshold[here : here + BLOCK], tally.filled[here : here + BLOCK],
                 tally.largest[listed : listed + BLOCK], s.marks, s.octets)  # fmt: skip


@compiled(forceinline=True)
def hold_codes(codes: Any, scenario: Any, number: Any, held: Any) -> None:
    """Hold the codes of a unit in a block of draws, a few draws of many units together."""
    for group in range(GROUPS):
        copy(codes[group * COLUMNS : (group + 1) * COLUMNS], held[scenario, group, number])


@compiled(forceinline=True)
def count_tile(count: Any, block: Any, blocks: Any, tally: Any, s: Any, held: Any) -> None:
    """Count the stored codes of some units: by scenario, a few draws of all units at a time."""
    for scenario in range(held.shape[0]):
        tally_index = scenario * blocks + block
        for group in range(GROUPS):
            few = tally.few[tally_index, group * BINS * COLUMNS : (group + 1) * BINS * COLUMNS]
            for number in range(count):
                count_bins(held[scenario, group, number], s.cell, few, tally.reach[tally_index, group])


@compiled(forceinline=True)
def rank_tile(lead: Any, count: Any, at: Any, block: Any, blocks: Any, draws: Any, table: Any, s: Any, held: Any,
              ranks: Any) -> None:  # fmt: skip
    """Fill ``ranks`` from row ``at`` on with the ranks of the stored codes of some units, named from ``lead`` on."""
    scenarios = held.shape[0]
    for scenario in range(scenarios):
        for group in range(GROUPS):
            column = block * BLOCK + group * COLUMNS
            here, in_list = scenario * blocks * BLOCK + column, scenario * draws + column
            some = slice(here, here + COLUMNS)
            least, last = table.least[some], table.last[some]
            upcoming, upcoming_at = table.upcoming[some], table.upcoming_at[some]
            listed = table.listed[in_list : in_list + COLUMNS]
            from_class = table.from_class[scenario * blocks + block, group]
            for number in range(count):
                unit = number * scenarios + scenario
                look_up_ranks(held[scenario, group, number], np.int32(lead + unit), least, last, upcoming, upcoming_at,
                              listed, from_class, table.step, s.cell, s.part, s.words, s.marks, s.octets,
                              ranks[at + unit, column : min(column + COLUMNS, draws)])  # fmt: skip


@compiled(forceinline=True)
def empty_counters(begin: Any, end: Any, tally: Any) -> None:
    """Add the small counters of some blocks of draws to the counts."""
    for tally_index in range(begin, end):
        for group in range(GROUPS):
            cells = slice(group * BINS * COLUMNS, (group + 1) * BINS * COLUMNS)
            empty_into(tally.few[tally_index, cells], tally.reach[tally_index, group], tally.bins[tally_index, cells])


@compiled(nogil=True)
def first_pass(
    begin_block: Any, end_block: Any, begin_unit: Any, end_unit: Any, draws: Any, lead: Any, is_full: Any, rows: Any,
    units: Any, noise: Any, tally: Any, rates: Any, lives: Any, codes: Any, s: Any, workspace: Any,
) -> None:  # fmt: skip
    """Work on some units and blocks: fill ``rates``, ``lives`` and ``codes``, add to sums, lists and counters.

    Those that are empty are not wanted, as counters are not where there are no bins. ``lead`` is the index of the
    first unit of the share in the fleet, ``is_full`` marks that small counters may be full. Units follow each
    other in order, all scenarios of each, so neither threads nor the number of units in a call change a bit.
    """
    blocks, scenarios = noise.shared.shape[1] // BLOCK, workspace.held.shape[0]
    most, is_counted = workspace.held.shape[2] * scenarios, tally.bins.shape[0] > 0
    for block in range(begin_block, end_block):
        begin, count = block * BLOCK, min(BLOCK, draws - block * BLOCK)
        anew = begin_block >= 0  # a plain True would be compiled once more
        for tile in range(begin_unit, end_unit, most):
            stop = min(tile + most, end_unit)
            for unit in range(tile, stop):
                at, scenario, number = unit - begin_unit, (unit - tile) % scenarios, (unit - tile) // scenarios
                begin_amounts(unit, block, units, noise, s, workspace)
                for row in range(units.row[unit], units.row[unit + 1]):
                    anew = add_row(unit, row, block, anew, rows, units, noise, s, workspace)
                    tally_row(unit, row, at, block, count, rows, units, noise, tally, rates, s, workspace)
                narrow(workspace.life, workspace.amount)
                if lives.shape[0]:
                    narrow(workspace.life, lives[at, begin : begin + count])
                add_whole(workspace.life, tally.life[units.sum_class[unit], begin : begin + BLOCK])
                list_unit(lead + unit, scenario, block, blocks, draws, tally, workspace.amount, s)
                if is_counted:
                    own = codes[at, begin : begin + BLOCK] if codes.shape[0] else workspace.codes
                    find_codes(workspace.amount, tally.first_bin[scenario], own)
                    hold_codes(own, scenario, number, workspace.held)
            if is_counted:
                count_tile((stop - tile) // scenarios, block, blocks, tally, s, workspace.held)
        if is_counted and is_full:
            for scenario in range(scenarios):
                empty_counters(scenario * blocks + block, scenario * blocks + block + 1, tally)


@compiled(nogil=True)
def second_pass(
    begin_block: Any, end_block: Any, begin_unit: Any, end_unit: Any, draws: Any, lead: Any, rows: Any, units: Any,
    noise: Any, table: Any, codes: Any, ranks: Any, s: Any, workspace: Any,
) -> None:  # fmt: skip
    """Fill ``ranks`` of some units in some blocks, from their codes, or computed again where these are empty."""
    blocks, scenarios = noise.shared.shape[1] // BLOCK, workspace.held.shape[0]
    most = workspace.held.shape[2] * scenarios
    for block in range(begin_block, end_block):
        begin, anew = block * BLOCK, begin_block >= 0
        for tile in range(begin_unit, end_unit, most):
            stop = min(tile + most, end_unit)
            for unit in range(tile, stop):
                at, scenario, number = unit - begin_unit, (unit - tile) % scenarios, (unit - tile) // scenarios
                own = workspace.codes
                if codes.shape[0]:
                    own = codes[at, begin : begin + BLOCK]
                else:
                    begin_amounts(unit, block, units, noise, s, workspace)
                    for row in range(units.row[unit], units.row[unit + 1]):
                        anew = add_row(unit, row, block, anew, rows, units, noise, s, workspace)
                    narrow(workspace.life, workspace.amount)
                    find_codes(workspace.amount, table.first_bin[scenario], own)
                hold_codes(own, scenario, number, workspace.held)
            rank_tile(lead + tile, (stop - tile) // scenarios, tile - begin_unit, block, blocks, draws, table, s,
                      workspace.held, ranks)  # fmt: skip
