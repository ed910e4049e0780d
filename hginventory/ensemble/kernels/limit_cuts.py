"""Compiled cut of the rates of a row in a block of draws at a limit; the numpy engine has `limit_cut.apply_cuts`."""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory.ensemble.kernels.compiling import float_bits, part
from hginventory.ensemble.kernels.unit_draws import F, multiply, take
from hginventory.ensemble.limit_cut import HIGHEST, LEAST_ACTIVITY, LOWEST, LOWEST_BITS
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.table_lookup import SHIFT

_SHIFT_BITS, _PART_MASK, _PART_UNIT = np.int32(SHIFT), np.int32((1 << SHIFT) - 1), F(2.0**-SHIFT)
_LOWEST_BITS = np.int32(LOWEST_BITS)


@part()
def cut_block(table: Any, scale: Any, activity: Any, s: Any, rate: Any, values: Any) -> None:
    """Cut values by a table over their rates, which are values times a scale over the activity."""
    cell, part, halves = s.cell, s.part, s.halves
    for i in range(BLOCK):
        own = max(F(values[i] * scale) / max(activity[i], LEAST_ACTIVITY), LOWEST)
        rate[i] = own
        offset = np.int32(float_bits(min(own, HIGHEST)) - _LOWEST_BITS)
        cell[i] = np.uint32(offset >> _SHIFT_BITS)
        part[i] = F(np.int32(offset & _PART_MASK)) * _PART_UNIT
    take(table, cell, s.pairs)
    for i in range(BLOCK):
        after = halves[2 * i] + part[i] * halves[2 * i + 1]
        values[i] *= np.float64(min(after / rate[i], F(1.0)))


@part(forceinline=True)
def cut_row(row: Any, cuts: Any, s: Any, activity: Any, rate: Any, values: Any) -> None:
    """Cut the values of a row at the limit that its unit keeps; ``activity`` and ``rate`` are room for it."""
    activity[:] = F(1.0)
    for slot in range(cuts.outside.shape[1]):
        if cuts.outside[row, slot]:
            multiply(s.factor[slot], activity)
    cut_block(cuts.tables[cuts.table[row]], cuts.scale[row], activity, s, rate, values)
