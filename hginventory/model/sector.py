"""What a sector model returns: one entry a unit, in the order of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hginventory.factors.measurements import MeasuredPoint
from hginventory.factors.provenance import Resolved

COAL_POWER = "coal_power"
CEMENT_KILN = "cement_kiln"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SectorResult:
    """Mercury of the units of a sector in a full year of operation.

    Attributes
    ----------
    hg_in : ndarray of float, shape (N,)
        Mercury input [kg/yr].
    shares : ndarray of float, shape (N, 9)
        Share of the input by pathway, in the order of `fate.PATHWAYS`; rows sum to 1.
    columns : mapping of str to ndarray, shape (N,)
        Other results by name; yearly amounts are those of a full year.
    later : sequence of mapping of int to float, length N
        Years with an activity of their own: year -> mercury input of that year [kg/yr].
    factors : mapping of str to Resolved
        Every factor with its origin; ``none`` where a better statement made it needless.
    measured : sequence of MeasuredPoint
        What was measured at these units, beside what was expected.
    """

    hg_in: Floats
    shares: Floats
    columns: Mapping[str, NDArray[np.generic]]
    later: Sequence[Mapping[int, float]]
    factors: Mapping[str, Resolved]
    measured: Sequence[MeasuredPoint] = ()
