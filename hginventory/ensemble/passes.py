"""The compiled passes over a fleet: units one after the other, draws in blocks. Nothing of size units x draws is kept.

Every pass works on some blocks of draws, or on some rows, and on nothing else, so that threads share no number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.compiled import compiled
from hginventory.ensemble.kernels import AGAIN, NOTHING, F, add_normals, look_up, random_block, row_value, scratch
from hginventory.ensemble.layout import FIXED_POINT
from hginventory.ensemble.ranks import BINS, WIDE, count_bins, empty_into, keep_largest, look_up_ranks
from hginventory.ensemble.streams import BLOCK

MOST_UNITS = 255  # in a call of the first pass


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
    """Sums and lists by draw; arrays as in `tally.Tally`, bins flat, and the last amount of each list."""

    base: Any
    life: Any
    years: Any
    threshold: Any
    values: Any
    units: Any
    bins: Any
    first_bin: Any
    step: Any


@compiled(nogil=True)
def fill_shared(streams: Any, begin: Any, end: Any, noise: Any) -> None:
    """Fill ``noise.shared`` (streams, draws) with the standard normals of streams begin to end."""
    s = scratch(min(streams.size, 1), 1)
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
def add_years(values: Any, first: Any, close: Any, stop: Any, is_open: Any, years: Any) -> None:
    """Add values to the years from first to close, or to the end year ``stop`` of each draw."""
    if not is_open:
        if close > first:
            enter_and_leave(values, years[first], years[close])
        return
    add_whole(values, years[first])
    for i in range(BLOCK):
        years[np.uintp(stop[i]), i] -= np.int64(np.rint(values[i] * FIXED_POINT))


@compiled(nogil=True)
def unit_pass(
    begin_unit: Any, end_unit: Any, begin_block: Any, end_block: Any, draws: Any, first_pass: Any,
    rows: Any, units: Any, noise: Any, tally: Any, rates: Any, lives: Any,
) -> None:  # fmt: skip
    """Work on some units and blocks: fill ``rates`` and ``lives`` (in the second pass ranks), add to sums and lists.

    ``rates`` and ``lives`` may be empty, then they are not wanted. Units follow each other in order, so neither
    threads nor the number of units in a call change a bit.
    """
    s = scratch(rows.table.shape[1], rows.central.shape[1])
    value, life, zeros = np.empty(BLOCK, np.float64), np.empty(BLOCK, np.float64), np.zeros(BLOCK, np.float64)
    life32, z = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    closing, stop = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    horizon, blocks = tally.years.shape[1] - 1, noise.shared.shape[1] // BLOCK
    scenarios = tally.bins.shape[0] // blocks
    few, reach = np.zeros((scenarios, BINS * WIDE), np.uint8), np.zeros((scenarios, 2), np.int64)
    reach[:, 0] = BINS * WIDE - 1
    for block in range(begin_block, end_block):
        begin = block * BLOCK
        end, count = begin + BLOCK, min(BLOCK, draws - begin)
        anew = begin_block >= 0  # a plain True would be compiled once more
        for unit in range(begin_unit, end_unit):
            at, scenario, last = unit - begin_unit, units.scenario[unit], units.row[unit + 1] - 1
            life[:] = 0.0
            if units.life_open[unit]:
                closing_years(unit, block, units, noise, horizon, s, z, closing)
            for row in range(units.row[unit], last + 1):
                kind, first, close = rows.kind[row], rows.first[row], rows.end[row]
                own = zeros if kind == NOTHING else value
                if kind != NOTHING and (anew or kind != AGAIN):
                    row_value(rows, row, anew, block, noise, s, value)
                    anew = False
                if units.life_open[unit]:
                    add_stays(own, closing, first, np.int32(horizon) if row == last else close, stop, life)
                else:
                    add_times(own, np.float64(close - first), life)
                if first_pass:
                    if row == units.rate_row[unit]:
                        if rates.shape[0]:
                            narrow(own, rates[at, begin : begin + count])
                        if units.in_base_year[unit] > 0:
                            add_whole(own, tally.base[units.sum_class[unit], begin:end])
                    add_years(own, first, close, stop, units.life_open[unit],
                              tally.years[units.year_class[unit], :, begin:end])  # fmt: skip
            narrow(life, life32)
            listed, here = scenario * draws + begin, (scenario * blocks + block) * BLOCK
            values = tally.values[listed : listed + count]
            threshold = tally.threshold[here : here + BLOCK]
            if first_pass:
                if lives.shape[0]:
                    narrow(life, lives[at, begin : begin + count])
                add_whole(life, tally.life[units.sum_class[unit], begin:end])
                keep_largest(life32, np.int32(unit), threshold, values, tally.units[listed : listed + count])
                count_bins(life32, tally.first_bin, s.cell, few[scenario], reach[scenario])
            else:
                look_up_ranks(life32, tally.first_bin, threshold, values,
                              tally.bins[scenario * blocks + block], tally.step, s,
                              lives[at, begin : begin + count])  # fmt: skip
        if first_pass:
            for scenario in range(scenarios):
                empty_into(few[scenario], reach[scenario], tally.bins[scenario * blocks + block])
