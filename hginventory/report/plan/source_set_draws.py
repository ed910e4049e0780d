"""What draws say of the sets of sources that a plan asks about: categories, provinces, sets that cover 75 per cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hginventory._types import Flags, Floats
from hginventory.decisions.ranking import COVERED, Interval, base_year_draws, chance_of_share
from hginventory.projection import Projection

LEVELS = ("p05", "p50", "p95")


@dataclass(frozen=True)
class SetDraws:
    """Emissions to air in the base year of sets of sources, by draw.

    Attributes
    ----------
    kg : mapping of str to ndarray of float, shape (S,)
        Set -> kilograms in each draw; empty for a run without draws.
    """

    kg: Mapping[str, Floats]

    def __bool__(self) -> bool:
        """Whether there are draws."""
        return bool(self.kg)

    def interval(self, column: str, name: str) -> dict[str, float]:
        """Return mean and percentiles of a set as columns named after one; none without draws."""
        return interval_columns(column, Interval.of(self.kg[name]) if self.kg else None)

    def coverage(self, part: str, whole: str) -> dict[str, float]:
        """Return the 5th percentile of the share of a set that a part covers, and how often it is at least 75 %."""
        if not self.kg:
            return {}
        with np.errstate(invalid="ignore", divide="ignore"):
            share = Interval.of(self.kg[part] / self.kg[whole])
        return {"covered_share_p05": share.p05, "p_covers": chance_of_share(self.kg[part], self.kg[whole], COVERED)}


def interval_columns(column: str, found: Interval | None) -> dict[str, float]:
    """Return mean and percentiles as columns named after one; none where there is no interval."""
    if found is None:
        return {}
    return {f"{column}_mean": found.mean, **{f"{column}_{level}": getattr(found, level) for level in LEVELS}}


def draw_sets(projection: Projection, sets: Mapping[str, Flags], draws: int, seed: int) -> SetDraws:
    """Return the base-year mercury of sets by draw, on the same draws as the run.

    Parameters
    ----------
    projection : Projection
        The central run.
    sets : mapping of str to ndarray of bool, shape (N,)
        Sources of each set.
    draws, seed : int
        Of the run; 0 draws: nothing is drawn.
    """
    return SetDraws(base_year_draws(projection, sets, draws, seed))
