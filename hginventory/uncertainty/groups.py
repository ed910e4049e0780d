"""The random streams of an ensemble by what they stand for: the factor, and with whom its error is shared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble.streams import stream_id
from hginventory.projection.project import Projection
from hginventory.uncertainty import lifetimes
from hginventory.uncertainty.uncertain_factors import SlotFinder

Streams = NDArray[np.uint64]
Group = tuple[str, str]


def stream_groups(projection: Projection) -> Mapping[Group, Streams]:
    """Return the streams of every factor family and scope that the units of a projection use.

    Parameters
    ----------
    projection : Projection
        The central run.

    Returns
    -------
    mapping of (family, scope) to ndarray of uint64
        As ``("hg_coal", "plant")``, in the order in which units use them; streams sorted.
    """
    finder = SlotFinder(projection)
    found: dict[Group, set[int]] = {}
    for place in range(len(projection.units)):
        for slot in finder.of_unit(place):
            for scope, share, label in slot.parts:
                if share > 0.0:
                    found.setdefault((slot.family, scope), set()).add(stream_id(slot.family, scope, label))
    for group, stream in lifetimes.groups(projection):
        found.setdefault(group, set()).add(stream)
    return {group: np.array(sorted(streams), dtype=np.uint64) for group, streams in found.items()}
