"""What the shares of an ensemble find by draw: sums of whole numbers, counts, and lists of the largest units.

Tallies merge to the same bits in any order, because whole numbers add exactly and the largest of all units are
among the largest of the shares, whoever met them first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.compiled import compiled
from hginventory.ensemble.layout import Ints, Noise
from hginventory.ensemble.ranks import CELLS, COLUMNS, MOST_COUNTED, SPARE, by_unit, count_above, ordered
from hginventory.ensemble.shares import Share
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.threads import Threads

Wholes = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Sums and lists by draw; P draws, the number of draws filled up to whole blocks.

    Attributes
    ----------
    base_sums, life_sums : ndarray of int64, shape (classes, P)
        Sums of the base year and of the remaining years [1/FIXED_POINT kg].
    year_sums : ndarray of int64, shape (classes, years + 1, P)
        What begins in a year less what ended, so that running sums are yearly totals.
    top_values, top_units : ndarray, shape (scenarios * draws, longest)
        Largest remaining amounts [kg] and the place of their units in the order of work, the largest first.
    bins : ndarray of int32, shape (scenarios * blocks, CELLS)
        Number of units by class of size of the remaining amount.
    """

    base_sums: Wholes
    life_sums: Wholes
    year_sums: Wholes
    top_values: Noise
    top_units: Ints
    bins: Ints

    @classmethod
    def empty(cls, share: Share, *, with_ranks: bool = True) -> Tally:
        """Return the tally of no units; its lists have room to grow, and it has no bins where no ranks are wanted."""
        padded = -(-share.draws // BLOCK) * BLOCK
        return cls(
            base_sums=np.zeros((share.sum_classes, padded), dtype=np.int64),
            life_sums=np.zeros((share.sum_classes, padded), dtype=np.int64),
            year_sums=np.zeros((share.year_classes, share.years + 1, padded), dtype=np.int64),
            top_values=np.zeros((share.scenarios * share.draws, share.longest + SPARE), dtype=np.float32),
            top_units=np.full((share.scenarios * share.draws, share.longest + SPARE), -1, dtype=np.int32),
            bins=np.zeros((share.scenarios * padded // BLOCK if with_ranks else 0, CELLS), dtype=np.int32),
        )

    def finished(self, share: Share, threads: Threads) -> Tally:
        """Return this tally with its lists in order and cut to length, units named by their place in the fleet."""
        shape = (len(self.top_values), share.longest)
        values, units = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.int32)

        def work(first: int, end: int) -> None:
            values[first:end], names = ordered(self.top_values[first:end], self.top_units[first:end], share.longest)
            units[first:end] = np.where(names >= 0, names + np.int32(share.begin), names)

        threads.share_out(len(values), work)
        return replace(self, top_values=values, top_units=units)

    def ranks(self, fleet: int, threads: Threads | None = None) -> RankTable:
        """Return what ranks of a fleet of so many units are read from; takes the bins of this tally for it."""
        threads = threads or Threads(1)
        listed = np.empty(self.top_values.shape, dtype=np.int64)

        def count(begin: int, end: int) -> None:
            count_above(self.bins, begin, end, fleet, np.empty(COLUMNS, dtype=np.int32))

        def name(begin: int, end: int) -> None:
            listed[begin:end] = by_unit(self.top_values[begin:end], self.top_units[begin:end])

        threads.share_out(len(self.bins), count)
        threads.share_out(len(listed), name)
        return RankTable(self.top_values[:, -1].copy(), listed, self.bins, max(1.0, fleet / MOST_COUNTED))


@dataclass(frozen=True)
class RankTable:
    """From the tally of the whole fleet, what tells the rank of an amount in a draw.

    Attributes
    ----------
    least : ndarray of float32, shape (scenarios * draws,)
        Least amount of each list of the largest [kg].
    listed : ndarray of int64, shape (scenarios * draws, longest)
        Units of the lists and their ranks, from `ranks.by_unit`.
    above : ndarray of int32, shape (scenarios * blocks, CELLS)
        Number of units in higher classes, and in the class itself, from `ranks.count_above`.
    step : float
        How many units a count stands for.
    """

    least: Noise
    listed: NDArray[np.int64]
    above: Ints
    step: float


def merge(tallies: list[Tally]) -> Tally:
    """Return the tally of all units of several tallies, which stay as they are."""
    first = tallies[0]
    base, life, years = first.base_sums.copy(), first.life_sums.copy(), first.year_sums.copy()
    bins = first.bins.copy()
    values, units = first.top_values, first.top_units
    for other in tallies[1:]:
        base += other.base_sums
        life += other.life_sums
        years += other.year_sums
        bins += other.bins
        longer, named = np.empty_like(values), np.empty_like(units)
        merge_largest(values, units, other.top_values, other.top_units, longer, named)
        values, units = longer, named
    return Tally(base, life, years, values, units, bins)


@compiled(nogil=True)
def merge_largest(values: Any, units: Any, more: Any, more_units: Any, out: Any, out_units: Any) -> None:
    """Fill ``out`` with the largest of two ordered lists a draw; of equal amounts the earlier unit first."""
    for draw in range(values.shape[0]):
        i, k = 0, 0
        for place in range(values.shape[1]):
            left, right = values[draw, i], more[draw, k]
            if left > right or (left == right and units[draw, i] < more_units[draw, k]):
                out[draw, place], out_units[draw, place] = left, units[draw, i]
                i += 1
            else:
                out[draw, place], out_units[draw, place] = right, more_units[draw, k]
                k += 1
