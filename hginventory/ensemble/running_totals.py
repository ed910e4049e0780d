"""What the shares of an ensemble find by draw: sums of whole numbers, counts, and lists of the largest units.

Tallies merge to the same bits in any order, because whole numbers add exactly and the largest of all units are
among the largest of the shares, whoever met them first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Ints, Ints32, Singles
from hginventory.ensemble.computer import Threads
from hginventory.ensemble.kernels import aligned_arrays
from hginventory.ensemble.kernels.ranks import BINS, CELLS, COLUMNS, GROUPS, MOST_COUNTED, count_above
from hginventory.ensemble.kernels.top_lists import SPARE, amounts_of, by_unit, free, in_order, merge_largest
from hginventory.ensemble.partition import FleetPart
from hginventory.ensemble.streams import BLOCK


@dataclass(frozen=True)
class Tally:
    """Sums and lists by draw; P draws, the number of draws filled up to whole blocks.

    Attributes
    ----------
    base_sums, life_sums : ndarray of int64, shape (classes, P)
        Sums of the base year and of the remaining years [1/FIXED_POINT kg].
    year_sums : ndarray of int64, shape (classes, years + 1, P)
        What begins in a year less what ended, so that running sums are yearly totals.
    largest : ndarray of int64, shape (scenarios * draws, longest)
        Entries of the largest remaining amounts [kg] and their units, by the index in the order of work (`largest`).
    bins : ndarray of int32, shape (scenarios * blocks, CELLS)
        Number of units by class of size of the remaining amount.
    """

    base_sums: Ints
    life_sums: Ints
    year_sums: Ints
    largest: Ints
    bins: Ints32

    @classmethod
    def empty(cls, share: FleetPart, floor: Singles, *, with_ranks: bool = True) -> Tally:
        """Return the tally of no units; its lists have room to grow, and it has no bins where no ranks are wanted.

        Parameters
        ----------
        floor : ndarray of float32, shape (scenarios * draws,)
            Amounts that free entries of lists stand for.
        """
        padded = -(-share.draws // BLOCK) * BLOCK
        return cls(
            base_sums=aligned_arrays.zeros((share.sum_classes, padded), np.int64),
            life_sums=aligned_arrays.zeros((share.sum_classes, padded), np.int64),
            year_sums=aligned_arrays.zeros((share.year_classes, share.years + 1, padded), np.int64),
            largest=free(floor, share.longest + min(SPARE, share.fleet - share.longest)),
            bins=aligned_arrays.zeros((share.scenarios * padded // BLOCK if with_ranks else 0, CELLS), np.int32),
        )

    @classmethod
    def unwanted(cls) -> Tally:
        """Return the tally of a pass that adds up nothing."""
        whole = np.empty((0, 0), dtype=np.int64)
        return cls(whole, whole, whole[:, :, None], whole, np.empty((0, 0), dtype=np.int32))

    def finished(self, longest: int, threads: Threads) -> Tally:
        """Return this tally with its lists in order and cut to length."""
        largest = np.empty((len(self.largest), longest), dtype=np.int64)
        threads.share_out(len(largest), lambda begin, end: in_order(self.largest[begin:end], largest[begin:end]))
        return replace(self, largest=largest)

    def ranks(self, fleet: int, threads: Threads | None = None) -> RankTable:
        """Return what ranks of a fleet of so many units are read from; takes the bins of this tally for it."""
        threads, listed = threads or Threads(1), np.empty_like(self.largest)
        from_class = self.bins.view(np.uint16).reshape(len(self.bins), GROUPS, 2 * BINS * COLUMNS)

        def count(begin: int, end: int) -> None:
            count_above(self.bins, begin, end, fleet, from_class, np.empty((BINS, COLUMNS), dtype=np.uint16))

        threads.share_out(len(self.bins), count)
        threads.share_out(len(listed), lambda begin, end: by_unit(self.largest[begin:end], listed[begin:end]))
        return RankTable(self.least, listed, from_class, max(1.0, fleet / MOST_COUNTED))

    @property
    def least(self) -> Singles:
        """Least amount of each list, shape (scenarios * draws,)."""
        return amounts_of(self.largest[:, -1])


@dataclass(frozen=True)
class RankTable:
    """The counts of the whole fleet that give the rank of an amount in a draw.

    Attributes
    ----------
    least : ndarray of float32, shape (scenarios * draws,)
        Least amount of each list of the largest [kg].
    listed : ndarray of int64, shape (scenarios * draws, longest)
        Units of the lists and their ranks, from `largest.by_unit`.
    from_class : ndarray of uint16, shape (scenarios * blocks, GROUPS, 2 * BINS * COLUMNS)
        Number of units in a class or in higher ones, by draw, from `ranks.count_above`.
    step : float
        How many units a count stands for.
    """

    least: Singles
    listed: Ints
    from_class: NDArray[np.uint16]
    step: float


def merge(tallies: list[Tally]) -> Tally:
    """Return the tally of all units of several tallies, which stay as they are."""
    first = tallies[0]
    base, life, years = first.base_sums.copy(), first.life_sums.copy(), first.year_sums.copy()
    bins, largest = first.bins.copy(), first.largest
    for other in tallies[1:]:
        base += other.base_sums
        life += other.life_sums
        years += other.year_sums
        bins += other.bins
        longer = np.empty_like(largest)
        merge_largest(largest, other.largest, longer)
        largest = longer
    return Tally(base, life, years, largest, bins)
