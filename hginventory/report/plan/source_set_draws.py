"""What draws say of the sets of sources that a plan asks about: categories, provinces, sets that cover 75 per cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hginventory._types import Flags, Floats
from hginventory.decisions.ranking import COVERED, Interval, chance_of_share
from hginventory.ensemble import run_ensemble
from hginventory.projection import Projection
from hginventory.uncertainty import assemble

LEVELS = ("p05", "p50", "p95")


@dataclass(frozen=True)
class SetDraws:
    """Mercury to air in the base year of sets of sources, by draw.

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
        if not self.kg:
            return {}
        found = Interval.of(self.kg[name])
        return {f"{column}_mean": found.mean, **{f"{column}_{level}": getattr(found, level) for level in LEVELS}}

    def coverage(self, part: str, whole: str) -> dict[str, float]:
        """Return how much of a set a part of it holds in the lower 5 % of the draws, and how often it is 75 %."""
        if not self.kg:
            return {}
        with np.errstate(invalid="ignore", divide="ignore"):
            share = Interval.of(self.kg[part] / self.kg[whole])
        return {"covered_share_p05": share.p05, "p_covers": chance_of_share(self.kg[part], self.kg[whole], COVERED)}


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
    if not draws or not sets:
        return SetDraws({})
    ids = projection.units.index
    given = assemble(projection, {name: list(ids[own]) for name, own in sets.items()}, {}, top=1)
    result = run_ensemble(given, draws, seed)
    return SetDraws(dict(zip(sets, result.base_sums, strict=True)))
