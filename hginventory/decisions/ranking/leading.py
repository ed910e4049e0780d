"""The plants and units that matter: the largest that account for half of the emissions, ten at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.ranking import (
    HALF,
    OF_BASE_YEAR,
    PLANT_KEY,
    named_plants,
    rank_plants,
    share_of_top,
    units_for_share,
)


@dataclass(frozen=True)
class Leading:
    """The largest plants or units of a list and what they account for.

    Attributes
    ----------
    count, of : int
        How many they are, of how many.
    share : float
        Their share of the emissions of the list [0-1]; NaN where there are none.
    unit_ids : tuple of str
        Their units.
    drawn : Interval or None
        Their share by draw [0-1]; None without draws.
    """

    count: int
    of: int
    share: float
    unit_ids: tuple[str, ...]
    drawn: Interval | None = None

    @property
    def is_part(self) -> bool:
        """Whether they are some of several: a share of all, or of none, says nothing."""
        return 0 < self.count < self.of

    @classmethod
    def of_plants(cls, units: pd.DataFrame, most: int) -> Leading:
        """Return the leading plants by emissions in the base year, at most so many.

        Parameters
        ----------
        units : DataFrame, N rows, index unit_id
            Units of one list, as in `Projection.units`.
        most : int
            Plants at most.
        """
        plants = rank_plants(units, OF_BASE_YEAR, combined=True)
        count, share = _lead(plants[OF_BASE_YEAR].to_numpy(dtype=np.float64), most)
        key = list(PLANT_KEY)
        first = pd.MultiIndex.from_frame(plants[key].head(count))
        own = pd.MultiIndex.from_frame(units.assign(plant=named_plants(units))[key]).isin(first)
        return cls(count, len(plants), share, tuple(map(str, units.index[own])))

    @classmethod
    def of_units(cls, units: pd.DataFrame, ranked: Sequence[str], most: int) -> Leading:
        """Return the leading units by remaining-lifetime emissions, at most so many.

        Parameters
        ----------
        units : DataFrame, N rows, index unit_id
            Units of one list, as in `Projection.units`.
        ranked : sequence of str
            Ids of those that are ranked, the largest first.
        most : int
            Units at most.
        """
        count, share = _lead(units.loc[list(ranked), "lifetime_kg"].to_numpy(dtype=np.float64), most)
        return cls(count, len(ranked), share, tuple(ranked[:count]))


def _lead(values: Floats, most: int) -> tuple[int, float]:
    """Return how many of the largest values account for half of the total, at most `most`, and their share."""
    count = min(most, units_for_share(values, HALF))
    return count, share_of_top(values, count)
