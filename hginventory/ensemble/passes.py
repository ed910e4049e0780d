"""The two compiled passes over a fleet: units in blocks, draws in parallel. Nothing of size units x draws is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange

from hginventory.ensemble.compiled import compiled
from hginventory.ensemble.kernels import (
    add_fixed,
    add_normals,
    add_times,
    add_years,
    add_years_shifted,
    count_bins,
    keep_largest,
    look_up_ranks,
    multiply_table,
    narrow,
    random_block,
    row_block,
)
from hginventory.ensemble.streams import BLOCK

F = np.float32


@compiled(parallel=True)
def fill_shared(streams: Any, seed: Any, normal_table: Any, out: Any) -> None:
    """Fill ``out`` (streams, draws) with the standard normals of streams that many rows share."""
    blocks = out.shape[1] // BLOCK
    for job in prange(streams.size * blocks):
        at, block = job // blocks, job % blocks
        words, cell = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
        part = np.empty(BLOCK, np.float32)
        z = out[at, block * BLOCK : (block + 1) * BLOCK]
        z[:] = F(0.0)
        random_block(seed, block, streams[at], words)
        add_normals(words, normal_table, F(1.0), z, cell, part)


@compiled()
def last_years(
    unit: Any, block: Any, seed: Any, life_stream: Any, life_weight: Any, life_table: Any, unit_end: Any, years: Any,
    normal_table: Any, words: Any, z: Any, cell: Any, part: Any, shift: Any, out: Any,
) -> None:  # fmt: skip
    """Fill ``out`` with the end year of a unit in a block of draws; the twin is `twin._years`."""
    z[:] = F(0.0)
    for scope in range(life_weight.shape[1]):
        if life_weight[unit, scope] > 0:
            random_block(seed, block, life_stream[unit, scope], words)
            add_normals(words, normal_table, life_weight[unit, scope], z, cell, part)
    shift[:] = F(1.0)
    multiply_table(z, life_table, shift, cell, part)
    for i in range(BLOCK):
        out[i] = min(max(np.int32(unit_end[unit] + np.int32(np.rint(shift[i]))), np.int32(0)), np.int32(years))


@compiled(parallel=True)
def unit_pass(
    units: Any, row_of_unit: Any, seed: Any, draws: Any, central: Any, first: Any, end: Any, table: Any, term: Any,
    stream: Any, weight: Any, shared_at: Any, shared: Any, tables: Any, normal_table: Any, rate_row: Any,
    in_base_year: Any, sum_class: Any, year_class: Any, life_open: Any, life_stream: Any, life_weight: Any,
    life_table: Any, unit_end: Any, first_pass: Any, base_sums: Any, life_sums: Any, year_sums: Any, threshold: Any,
    top_values: Any, top_units: Any, bins: Any, zero_rank: Any, rates: Any, lives: Any,
) -> None:  # fmt: skip
    """Work on units[0] to units[1]: fill ``rates`` and ``lives`` (in the second pass ranks), add to sums and lists.

    Each block of draws belongs to one thread; units follow each other in order, so neither threads nor the size
    of the blocks of units change a bit.
    """
    horizon = year_sums.shape[1] - 1
    for block in prange(shared.shape[1] // BLOCK):
        begin = block * BLOCK
        count = min(BLOCK, draws - begin)
        words, cell = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
        part, z, shift = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
        factors = np.empty((central.shape[1] + 1, BLOCK), np.float32)
        value, life = np.empty(BLOCK, np.float64), np.empty(BLOCK, np.float64)
        life32, closing = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int32)
        for unit in range(units[0], units[1]):
            at = unit - units[0]
            life[:] = 0.0
            open_end = life_open[unit]
            if open_end:
                last_years(unit, block, seed, life_stream, life_weight, life_table, unit_end, horizon, normal_table,
                           words, z, cell, part, shift, closing)  # fmt: skip
            for row in range(row_of_unit[unit], row_of_unit[unit + 1]):
                row_block(row, block, seed, central, table, term, stream, weight, shared_at, shared, tables,
                          normal_table, words, z, cell, part, factors, value)  # fmt: skip
                if open_end:
                    is_last = row + 1 == row_of_unit[unit + 1]
                    for i in range(BLOCK):
                        stop = closing[i] if is_last else min(closing[i], end[row])
                        stop = max(stop, first[row])
                        life[i] += value[i] * (stop - first[row])
                        cell[i] = np.uint32(stop)
                else:
                    add_times(value, np.float64(end[row] - first[row]), life)
                if first_pass:
                    if row == rate_row[unit]:
                        narrow(value, rates[at, begin : begin + count])
                        if in_base_year[unit] > 0:
                            add_fixed(
                                value, in_base_year[unit], count, base_sums[sum_class[unit], begin : begin + count]
                            )
                    years = year_sums[year_class[unit], :, begin : begin + count]
                    if open_end:
                        add_years_shifted(value, first[row], cell, count, years)
                    elif end[row] > first[row]:
                        add_years(value, first[row], end[row], count, years)
            narrow(life, life32)
            if first_pass:
                narrow(life, lives[at, begin : begin + count])
                add_fixed(life, 1.0, count, life_sums[sum_class[unit], begin : begin + count])
                keep_largest(life32, unit, threshold[begin : begin + BLOCK], top_values[begin : begin + count],
                             top_units[begin : begin + count])  # fmt: skip
                count_bins(life32, count, bins[block])
            else:
                look_up_ranks(life32, zero_rank[unit], top_values[begin : begin + count],
                              bins[block], cell, part, lives[at, begin : begin + count])  # fmt: skip
