"""The compiled passes over a fleet: units one after the other, draws in blocks. Nothing of size units x draws is kept.

Every pass works on some blocks of draws, or on some rows, and on nothing else, so that threads share no number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.compiled import compiled
from hginventory.ensemble.kernels import AGAIN, NOTHING, F, add_normals, look_up, random_block, row_value
from hginventory.ensemble.layout import FIXED_POINT
from hginventory.ensemble.ranks import BINS, COLUMNS, GROUPS, count_bins, empty_into, keep_largest, look_up_ranks
from hginventory.ensemble.streams import BLOCK

TILE = 64  # units of a scenario whose amounts are held before they are counted
MOST_HELD = 2048  # amounts of all scenarios, of a draw, that are held


class UnitArrays(NamedTuple):
    """Units in the order of work; arrays as in `shares.Share`, the table of lifetimes as pairs."""

    row: Any
    rate_row: Any
    in_base_year: Any
    sum_class: Any
    year_class: Any
    scenario: Any
    life_open: Any
    unit_end: Any
    life_table: Any
    life_stream: Any
    life_weight: Any


class TallyArrays(NamedTuple):
    """Sums and lists by draw; arrays as in `tally.Tally`, the least of each list, and what is not yet added to bins.

    values, units (scenarios * draws, longest + SPARE): lists while they grow; filled: places taken, by draw as thresholds.
    few, reach (scenarios * blocks, ...): small counters, and the lowest and highest touched in each group of draws.
    """

    base: Any
    life: Any
    years: Any
    threshold: Any
    filled: Any
    values: Any
    units: Any
    longest: Any
    few: Any
    reach: Any
    bins: Any
    first_bin: Any
    step: Any


class Room(NamedTuple):
    """Room for one block of draws of a unit, and for the remaining amounts of a tile of units."""

    value: Any
    life: Any
    zeros: Any
    z: Any
    closing: Any
    stop: Any
    held: Any


def room(scenarios: int) -> Room:
    """Return room for one thread."""
    value, life = np.empty(BLOCK), np.empty(BLOCK)
    closing, stop = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    held = np.empty((min(TILE * scenarios, MOST_HELD), BLOCK), np.float32)
    return Room(value, life, np.zeros(BLOCK), np.empty(BLOCK, np.float32), closing, stop, held)


@compiled(nogil=True)
def fill_shared(streams: Any, begin: Any, end: Any, noise: Any, s: Any) -> None:
    """Fill ``noise.shared`` (streams, draws) with the standard normals of streams begin to end."""
    for at in range(begin, end):
        for block in range(noise.shared.shape[1] // BLOCK):
            z = noise.shared[at, block * BLOCK : (block + 1) * BLOCK]
            z[:] = F(0.0)
            random_block(noise.seed, block, streams[at], s.words)
            add_normals(noise.normal_table, F(1.0), s, z)


@compiled()
def closing_years(unit: Any, block: Any, units: Any, noise: Any, horizon: Any, s: Any, z: Any, out: Any) -> None:
    """Fill ``out`` with the end year of a unit in a block of draws; the twin is `twin._years`."""
    z[:] = F(0.0)
    for scope in range(units.life_weight.shape[1]):
        weight = units.life_weight[unit, scope]
        if weight > 0:
            random_block(noise.seed, block, units.life_stream[unit, scope], s.words)
            add_normals(noise.normal_table, weight, s, z)
    look_up(z, units.life_table, s, z)
    for i in range(BLOCK):
        year = np.int32(units.unit_end[unit] + np.int32(np.rint(z[i])))
        out[i] = min(max(year, np.int32(0)), np.int32(horizon))


@compiled()
def narrow(values: Any, out: Any) -> None:
    """Store a block in half the bytes."""
    for i in range(out.size):
        out[i] = F(values[i])


@compiled()
def keep(values: Any, out: Any) -> None:
    """Copy values to the front of a block."""
    for i in range(values.size):
        out[i] = values[i]


@compiled()
def add_times(values: Any, length: Any, out: Any) -> None:
    """Add values times a length to a block."""
    for i in range(BLOCK):
        out[i] += values[i] * length


@compiled()
def add_stays(values: Any, closing: Any, first: Any, end: Any, stop: Any, out: Any) -> None:
    """Add values times the years from first to the end in each draw, which is kept in ``stop``."""
    for i in range(BLOCK):
        stop[i] = max(min(closing[i], end), first)
        out[i] += values[i] * np.float64(stop[i] - first)


@compiled()
def add_whole(values: Any, sums: Any) -> None:
    """Add values to sums of whole numbers, so that the order of adding changes no bit."""
    for i in range(BLOCK):
        sums[i] += np.int64(np.rint(values[i] * FIXED_POINT))


@compiled()
def enter_and_leave(values: Any, begun: Any, ended: Any) -> None:
    """Add values to the year in which they begin, and take them off the year in which they end."""
    for i in range(BLOCK):
        whole = np.int64(np.rint(values[i] * FIXED_POINT))
        begun[i] += whole
        ended[i] -= whole


@compiled()
def leave(values: Any, stop: Any, years: Any) -> None:
    """Take values off the end year ``stop`` of each draw."""
    for i in range(BLOCK):
        years[np.uintp(stop[i]), i] -= np.int64(np.rint(values[i] * FIXED_POINT))


@compiled()
def unit_amounts(
    unit: Any, at: Any, block: Any, count: Any, anew: Any, first_pass: Any,
    rows: Any, units: Any, noise: Any, tally: Any, rates: Any, s: Any, room: Any,
) -> Any:  # fmt: skip
    """Fill ``room.life`` with the remaining amounts of a unit in a block of draws, and in the first pass add its rates.

    Returns whether the next row is still to be computed anew.
    """
    begin, end = block * BLOCK, block * BLOCK + BLOCK
    horizon, last, is_open = tally.years.shape[1] - 1, units.row[unit + 1] - 1, units.life_open[unit]
    life, closing, stop = room.life, room.closing, room.stop
    life[:] = 0.0
    if is_open:
        closing_years(unit, block, units, noise, horizon, s, room.z, closing)
    for row in range(units.row[unit], last + 1):
        kind, first, close = rows.kind[row], rows.first[row], rows.end[row]
        own = room.zeros if kind == NOTHING else room.value
        if kind != NOTHING and (anew or kind != AGAIN):
            row_value(rows, row, anew, block, noise, s, room.value)
            anew = False
        if is_open:
            add_stays(own, closing, first, np.int32(horizon) if row == last else close, stop, life)
        else:
            add_times(own, np.float64(close - first), life)
        if first_pass:
            if row == units.rate_row[unit]:
                if rates.shape[0]:
                    narrow(own, rates[at, begin : begin + count])
                if units.in_base_year[unit] > 0:
                    add_whole(own, tally.base[units.sum_class[unit], begin:end])
            by_year = units.year_class[unit]
            if is_open:
                add_whole(own, tally.years[by_year, first, begin:end])
                leave(own, stop, tally.years[by_year, :, begin:end])
            elif close > first:
                enter_and_leave(own, tally.years[by_year, first, begin:end], tally.years[by_year, close, begin:end])
    return anew


@compiled()
def places_of(scenario: Any, group: Any, block: Any, blocks: Any, draws: Any) -> Any:
    """Return where some draws stand: in the block, and among thresholds, lists and counters of the scenario."""
    place, begin = scenario * blocks + block, group * COLUMNS
    return begin, place * BLOCK + begin, scenario * draws + block * BLOCK + begin, group * BINS * COLUMNS


@compiled()
def count_tile(begin_unit: Any, end_unit: Any, block: Any, blocks: Any, draws: Any, units: Any, tally: Any, s: Any,
               held: Any) -> None:  # fmt: skip
    """Enter the amounts held of some units into lists and counters: by scenario, a few draws of all units at a time."""
    scenarios = tally.bins.shape[0] // blocks
    for scenario in range(scenarios):
        place = scenario * blocks + block
        lead = begin_unit + (scenario - units.scenario[begin_unit] + scenarios) % scenarios
        for group in range(GROUPS):
            begin, here, listed, cell = places_of(scenario, group, block, blocks, draws)
            threshold, filled = tally.threshold[here : here + COLUMNS], tally.filled[here : here + COLUMNS]
            values, named = tally.values[listed : listed + COLUMNS], tally.units[listed : listed + COLUMNS]
            few = tally.few[place, cell : cell + BINS * COLUMNS]
            for unit in range(lead, end_unit, scenarios):
                life = held[unit - begin_unit, begin : begin + COLUMNS]
                keep_largest(life, np.int32(unit), tally.longest, threshold, filled, values, named)
                count_bins(life, tally.first_bin, s.cell, few, tally.reach[place, group])


@compiled()
def rank_tile(begin_unit: Any, end_unit: Any, at: Any, block: Any, blocks: Any, draws: Any, units: Any, tally: Any,
              s: Any, held: Any, ranks: Any) -> None:  # fmt: skip
    """Fill ``ranks`` with the ranks of the amounts held of some units, in the order of `count_tile`."""
    scenarios = tally.bins.shape[0] // blocks
    for scenario in range(scenarios):
        place = scenario * blocks + block
        lead = begin_unit + (scenario - units.scenario[begin_unit] + scenarios) % scenarios
        for group in range(GROUPS):
            begin, here, listed, cell = places_of(scenario, group, block, blocks, draws)
            threshold, largest = tally.threshold[here : here + COLUMNS], tally.values[listed : listed + COLUMNS]
            pairs, column = tally.bins[place, cell : cell + BINS * COLUMNS], block * BLOCK + begin
            for unit in range(lead, end_unit, scenarios):
                row = unit - begin_unit
                look_up_ranks(held[row, begin : begin + COLUMNS], tally.first_bin, threshold, largest, pairs,
                              tally.step, s.cell, s.part, s.words,
                              ranks[at + row, column : min(column + COLUMNS, draws)])  # fmt: skip


@compiled()
def empty_counters(begin: Any, end: Any, tally: Any) -> None:
    """Add the small counters of some blocks of draws to the counts."""
    for place in range(begin, end):
        for group in range(GROUPS):
            cells = slice(group * BINS * COLUMNS, (group + 1) * BINS * COLUMNS)
            empty_into(tally.few[place, cells], tally.reach[place, group], tally.bins[place, cells])


@compiled(nogil=True)
def unit_pass(
    begin_unit: Any, end_unit: Any, begin_block: Any, end_block: Any, draws: Any, first_pass: Any, is_full: Any,
    is_known: Any, rows: Any, units: Any, noise: Any, tally: Any, rates: Any, lives: Any, s: Any, room: Any,
) -> None:  # fmt: skip
    """Work on some units and blocks: fill ``rates`` and ``lives`` (in the second pass ranks), add to sums and lists.

    ``rates`` and ``lives`` may be empty, then they are not wanted; ``is_full`` tells that small counters may hold no
    more, ``is_known`` that ``lives`` hold the remaining amounts already, as the first pass found them. Units follow
    each other in order, so neither threads nor the number of units in a call change a bit.
    """
    blocks, most = noise.shared.shape[1] // BLOCK, room.held.shape[0]
    for block in range(begin_block, end_block):
        begin, count = block * BLOCK, min(BLOCK, draws - block * BLOCK)
        anew = begin_block >= 0  # a plain True would be compiled once more
        for tile in range(begin_unit, end_unit, most):
            stop = min(tile + most, end_unit)
            for unit in range(tile, stop):
                at = unit - begin_unit
                if is_known:
                    keep(lives[at, begin : begin + count], room.held[unit - tile])
                    continue
                anew = unit_amounts(unit, at, block, count, anew, first_pass, rows, units, noise, tally, rates, s,
                                    room)  # fmt: skip
                narrow(room.life, room.held[unit - tile])
                if first_pass:
                    if lives.shape[0]:
                        narrow(room.life, lives[at, begin : begin + count])
                    add_whole(room.life, tally.life[units.sum_class[unit], begin : begin + BLOCK])
            if first_pass:
                count_tile(tile, stop, block, blocks, draws, units, tally, s, room.held)
            else:
                rank_tile(tile, stop, tile - begin_unit, block, blocks, draws, units, tally, s, room.held, lives)
        if is_full:
            for scenario in range(tally.bins.shape[0] // blocks):
                empty_counters(scenario * blocks + block, scenario * blocks + block + 1, tally)
