"""The random streams of an ensemble by what they stand for: the factor, and with whom its error is shared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hginventory._types import Words64
from hginventory.ensemble import stream_id
from hginventory.projection import Projection
from hginventory.uncertainty import lifetimes
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder

Group = tuple[str, str]


def stream_groups(projection: Projection, finder: UncertainFactorFinder | None = None) -> Mapping[Group, Words64]:
    """Return the streams of every factor family and scope that the units of a projection use.

    Parameters
    ----------
    projection : Projection
        The central run, or the states of a scenario.
    finder : UncertainFactorFinder, optional
        Tells the uncertain factors of its units; made where not given.

    Returns
    -------
    mapping of (family, scope) to ndarray of uint64
        As ``("hg_coal", "plant")``, in the order in which units use them; streams sorted.
    """
    finder = finder or UncertainFactorFinder(projection)
    found: dict[Group, set[int]] = {}
    for index in range(len(projection.units)):
        for factor in finder.of_unit(index):
            for scope, share, label in factor.parts:
                if share > 0.0:
                    found.setdefault((factor.family, scope), set()).add(stream_id(factor.family, scope, label))
    for group, stream in lifetimes.groups(projection):
        found.setdefault(group, set()).add(stream)
    return {group: np.array(sorted(streams), dtype=np.uint64) for group, streams in found.items()}
