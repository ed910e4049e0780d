"""Compiled amounts of a unit in a block of draws: its rows over its years, and what of them adds up by year.

Sums are kept as whole numbers, so that the order of adding changes no bit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hginventory.ensemble.arrays import FIXED_POINT
from hginventory.ensemble.kernels.compiling import double_bits, part
from hginventory.ensemble.kernels.limit_cuts import cut_row
from hginventory.ensemble.kernels.unit_draws import (
    AGAIN,
    NOTHING,
    F,
    add_normals,
    look_up,
    random_block,
    read_table,
    row_value,
)
from hginventory.ensemble.streams import BLOCK

# A double of this size has no digits behind the point: what is added to it is rounded to a whole number, in its last
# bits. With 2**32 times as much it is rounded to a multiple of 2**32.
_WHOLE, _HALF = 1.5 * 2.0**52, 2.0**32
_WHOLE_HALVES, _BITS = _WHOLE * _HALF, np.int64(np.float64(_WHOLE).view(np.int64))


class CutArrays(NamedTuple):
    """Rows in the order of work: table of each cut, or -1, slots outside its rate, 1 over its central amount; pairs."""

    table: Any
    outside: Any
    scale: Any
    tables: Any


class UnitArrays(NamedTuple):
    """Units in the order of work; arrays as in `partition.FleetPart`, lifetimes as pairs; length of the year axis."""

    row: Any
    rate_row: Any
    in_base_year: Any
    sum_class: Any
    year_class: Any
    horizon: Any
    life_open: Any
    unit_end: Any
    life_table: Any
    life_stream: Any
    life_weight: Any
    year_varies: Any
    year_stream: Any
    year_table: Any
    cuts: Any


@part(forceinline=True)
def closing_years(unit: Any, block: Any, units: Any, noise: Any, horizon: Any, s: Any, z: Any, out: Any) -> None:
    """Fill ``out`` with the end year of a unit in a block of draws; the numpy engine has `numpy_engine.last_years`."""
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


@part()
def narrow(values: Any, out: Any) -> None:
    """Store a block in half the bytes."""
    for i in range(out.size):
        out[i] = F(values[i])


@part()
def add_times(values: Any, length: Any, out: Any) -> None:
    """Add values times a length to a block."""
    for i in range(BLOCK):
        out[i] += values[i] * length


@part()
def add_stays(values: Any, closing: Any, first: Any, end: Any, stop: Any, out: Any) -> None:
    """Add values times the years from first to the end in each draw, which is kept in ``stop``."""
    for i in range(BLOCK):
        stop[i] = max(min(closing[i], end), first)
        out[i] += values[i] * np.float64(stop[i] - first)


@part(forceinline=True)
def whole_part(value: Any) -> Any:
    """Return a number in whole parts [1/FIXED_POINT], as `numpy_engine.whole_parts`, below 2**63.

    Its upper and lower halves are converted one by one, which the processor does for several numbers at once.
    """
    parts = value * FIXED_POINT
    upper = (parts + _WHOLE_HALVES) - _WHOLE_HALVES
    high, low = double_bits(upper * (1.0 / _HALF) + _WHOLE) - _BITS, double_bits((parts - upper) + _WHOLE) - _BITS
    return (high << np.int64(32)) + low


@part()
def add_whole(values: Any, sums: Any) -> None:
    """Add values to sums of whole numbers, so that the order of adding changes no bit."""
    for i in range(BLOCK):
        sums[i] += whole_part(values[i])


@part()
def enter_and_leave(values: Any, begun: Any, ended: Any) -> None:
    """Add values to the year in which they begin, and take them off the year in which they end."""
    for i in range(BLOCK):
        whole = whole_part(values[i])
        begun[i] += whole
        ended[i] -= whole


@part()
def leave(values: Any, stop: Any, years: Any) -> None:
    """Take values off the end year ``stop`` of each draw."""
    for i in range(BLOCK):
        years[np.uintp(stop[i]), i] -= whole_part(values[i])


@part(forceinline=True)
def begin_amounts(unit: Any, block: Any, units: Any, noise: Any, s: Any, workspace: Any) -> None:
    """Make ready for the amounts of a unit in a block of draws: nothing yet, and its end years where these shift."""
    workspace.life[:] = 0.0
    if units.life_open[unit]:
        closing_years(unit, block, units, noise, units.horizon, s, workspace.z, workspace.closing)


@part(forceinline=True)
def add_row(
    unit: Any, row: Any, block: Any, anew: Any, rows: Any, units: Any, noise: Any, s: Any, workspace: Any
) -> Any:
    """Add the amounts of a row to ``workspace.life``; return whether the next row is still to be computed anew."""
    kind, first, close = rows.kind[row], rows.first[row], rows.end[row]
    own = workspace.zeros if kind == NOTHING else workspace.value
    if kind != NOTHING and (anew or kind != AGAIN):
        row_value(rows, row, anew, block, noise, s, workspace.value)
        if units.cuts.table[row] >= 0:
            cut_row(row, units.cuts, s, workspace.z, workspace.amount, workspace.value)
        anew = False
    if units.life_open[unit]:
        close = np.int32(units.horizon) if row == units.row[unit + 1] - 1 else close
        add_stays(own, workspace.closing, first, close, workspace.stop, workspace.life)
    else:
        add_times(own, np.float64(close - first), workspace.life)
    return anew


@part(forceinline=True)
def draw_year(unit: Any, block: Any, units: Any, noise: Any, s: Any, workspace: Any) -> None:
    """Fill ``workspace.year`` with the factor of one year; units that share it and follow each other draw it once."""
    stream = units.year_stream[unit]
    if workspace.year_of[0] != stream or workspace.year_of[1] != np.uint64(block):
        workspace.year_of[0], workspace.year_of[1] = stream, np.uint64(block)
        workspace.z[:] = F(0.0)
        random_block(noise.seed, block, stream, s.words)
        add_normals(noise.normal_table, F(1.0), s, workspace.z)
        read_table(workspace.z, units.year_table[unit], noise, s, workspace.year)


@part()
def narrow_times(values: Any, factor: Any, out: Any) -> None:
    """Store a block times a factor in half the bytes."""
    for i in range(out.size):
        out[i] = F(values[i] * np.float64(factor[i]))


@part()
def add_whole_times(values: Any, factor: Any, sums: Any) -> None:
    """Add values times a factor to sums of whole numbers."""
    for i in range(BLOCK):
        sums[i] += whole_part(values[i] * np.float64(factor[i]))


@part(forceinline=True)
def tally_row(unit: Any, row: Any, at: Any, block: Any, count: Any, rows: Any, units: Any, noise: Any, tally: Any,
              rates: Any, s: Any, workspace: Any) -> None:  # fmt: skip
    """Add the values of a row of a unit to the sums of the base year and of the years, and store its yearly rates."""
    begin, end, first, close = block * BLOCK, block * BLOCK + BLOCK, rows.first[row], rows.end[row]
    own = workspace.zeros if rows.kind[row] == NOTHING else workspace.value
    is_base = units.in_base_year[unit] > 0
    if row == units.rate_row[unit] and (is_base or rates.shape[0]):
        year = workspace.ones
        if units.year_varies[unit]:
            draw_year(unit, block, units, noise, s, workspace)
            year = workspace.year
        if rates.shape[0]:
            narrow_times(own, year, rates[at, begin : begin + count])
        if is_base:
            add_whole_times(own, year, tally.base[units.sum_class[unit], begin:end])
    if not tally.years.shape[0]:
        return
    by_year = units.year_class[unit]
    if units.life_open[unit]:
        add_whole(own, tally.years[by_year, first, begin:end])
        leave(own, workspace.stop, tally.years[by_year, :, begin:end])
    elif close > first:
        enter_and_leave(own, tally.years[by_year, first, begin:end], tally.years[by_year, close, begin:end])
