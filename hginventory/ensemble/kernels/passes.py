"""The compiled passes over a fleet: units one after the other, draws in blocks.

The first pass draws, the second reads ranks. Of size units x draws nothing is kept but some codes in 16 bits,
`numba_engine.MOST_KEPT_BYTES` at most; for the others the first pass draws once more, and the results are the same.

Every pass works on some blocks of draws, or on some rows, and on nothing else, so that threads share no number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.compiling import compiled, part
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
from hginventory.ensemble.kernels.unit_draws import F, add_normals, random_block
from hginventory.ensemble.streams import BLOCK


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


class Workspace(NamedTuple):
    """Room for one block of draws of a unit."""

    value: Any
    life: Any
    amount: Any
    zeros: Any
    z: Any
    closing: Any
    stop: Any
    year: Any  # factor of one year, and the stream and block it was drawn for
    year_of: Any
    ones: Any


def workspace() -> Workspace:
    """Return the workspace of one thread."""
    value, life = (aligned_arrays.empty(BLOCK, np.float64) for _ in range(2))
    closing, stop = (aligned_arrays.empty(BLOCK, np.int32) for _ in range(2))
    amount, z, year, ones = (aligned_arrays.empty(BLOCK, np.float32) for _ in range(4))
    ones[:] = F(1.0)
    nobody = np.full(2, np.iinfo(np.uint64).max, np.uint64)
    return Workspace(value, life, amount, aligned_arrays.zeros(BLOCK, np.float64), z, closing, stop, year, nobody, ones)


@compiled(nogil=True)
def fill_shared(streams: Any, begin: Any, end: Any, noise: Any, s: Any) -> None:
    """Fill ``noise.shared`` (streams, draws) with the standard normals of streams begin to end."""
    for at in range(begin, end):
        for block in range(noise.shared.shape[1] // BLOCK):
            z = noise.shared[at, block * BLOCK : (block + 1) * BLOCK]
            z[:] = F(0.0)
            random_block(noise.seed, block, streams[at], s.words)
            add_normals(noise.normal_table, F(1.0), s, z)


@part(forceinline=True)
def list_unit(name: Any, scenario: Any, block: Any, blocks: Any, draws: Any, tally: Any, amount: Any,
              s: Any) -> None:  # fmt: skip
    """Enter the amounts of a unit in a block of draws into the lists of the largest."""
    here, listed = (scenario * blocks + block) * BLOCK, scenario * draws + block * BLOCK
    keep_largest(amount, name, tally.longest, tally.threshold[here : here + BLOCK], tally.filled[here : here + BLOCK],
                 tally.largest[listed : listed + BLOCK], s.marks, s.octets)  # fmt: skip


@part(forceinline=True)
def count_codes(codes: Any, block: Any, blocks: Any, tally: Any, s: Any) -> None:
    """Count the codes of some units: by scenario, a few draws of all units at a time."""
    scenarios = tally.first_bin.size
    for scenario in range(scenarios):
        tally_index = scenario * blocks + block
        for group in range(GROUPS):
            column = block * BLOCK + group * COLUMNS
            few = tally.few[tally_index, group * BINS * COLUMNS : (group + 1) * BINS * COLUMNS]
            for at in range(scenario, codes.shape[0], scenarios):
                count_bins(codes[at, column : column + COLUMNS], s.cell, few, tally.reach[tally_index, group])


@part(forceinline=True)
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

    Those that are empty are not wanted: no counters where there are no bins, no lists either where there are no sums.
    ``lead`` is the index of the first unit of the share in the fleet, ``is_full`` marks that small counters may be
    full. Units follow each other in order, all scenarios of each, so neither threads nor the number of units in a call
    change a bit.
    """
    blocks, scenarios = noise.shared.shape[1] // BLOCK, tally.first_bin.size
    is_tallied, is_counted = tally.life.shape[0] > 0, tally.bins.shape[0] > 0
    for block in range(begin_block, end_block):
        begin, count = block * BLOCK, min(BLOCK, draws - block * BLOCK)
        anew = begin_block >= 0  # a plain True would be compiled once more
        for unit in range(begin_unit, end_unit):
            at, scenario = unit - begin_unit, (unit - begin_unit) % scenarios
            begin_amounts(unit, block, units, noise, s, workspace)
            for row in range(units.row[unit], units.row[unit + 1]):
                anew = add_row(unit, row, block, anew, rows, units, noise, s, workspace)
                if is_tallied:
                    tally_row(unit, row, at, block, count, rows, units, noise, tally, rates, s, workspace)
            narrow(workspace.life, workspace.amount)
            if codes.shape[0]:
                find_codes(workspace.amount, tally.first_bin[scenario], codes[at, begin : begin + BLOCK])
            if not is_tallied:
                continue
            if lives.shape[0]:
                narrow(workspace.life, lives[at, begin : begin + count])
            add_whole(workspace.life, tally.life[units.sum_class[unit], begin : begin + BLOCK])
            list_unit(lead + unit, scenario, block, blocks, draws, tally, workspace.amount, s)
        if not is_counted:
            continue
        count_codes(codes, block, blocks, tally, s)
        if is_full:
            for scenario in range(scenarios):
                empty_counters(scenario * blocks + block, scenario * blocks + block + 1, tally)


@compiled(nogil=True)
def second_pass(
    begin_block: Any, end_block: Any, lead: Any, draws: Any, scenarios: Any, table: Any, codes: Any, ranks: Any, s: Any
) -> None:  # fmt: skip
    """Fill ``ranks`` of some units in some blocks from their codes; ``lead`` is the index of the first in the fleet."""
    blocks = codes.shape[1] // BLOCK
    for block in range(begin_block, end_block):
        for scenario in range(scenarios):
            for group in range(GROUPS):
                column = block * BLOCK + group * COLUMNS
                here, in_list = scenario * blocks * BLOCK + column, scenario * draws + column
                some = slice(here, here + COLUMNS)
                least, last = table.least[some], table.last[some]
                upcoming, upcoming_at = table.upcoming[some], table.upcoming_at[some]
                listed = table.listed[in_list : in_list + COLUMNS]
                from_class = table.from_class[scenario * blocks + block, group]
                for at in range(scenario, codes.shape[0], scenarios):
                    look_up_ranks(codes[at, column : column + COLUMNS], np.int32(lead + at), least, last, upcoming,
                                  upcoming_at, listed, from_class, table.step, s.cell, s.part, s.words, s.marks,
                                  s.octets, ranks[at, column : min(column + COLUMNS, draws)])  # fmt: skip
