"""What a sector model returns: one entry a unit, in the order of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Floats, Objects
from hginventory.factors import MeasuredPoint, Resolved


class Tier(StrEnum):
    """How the mercury of a unit was worked out, in the tiers of the guidance on inventories."""

    EMISSION_FACTOR = "tier1"
    MASS_BALANCE = "tier2"
    MEASURED = "tier3"


class ActivityBasis(StrEnum):
    """Which number the activity of a unit follows from."""

    COAL_USE = "coal_use"
    HEAT_INPUT_NET = "heat_input_net"
    HEAT_INPUT_GROSS = "heat_input_gross"
    GENERATION_NET = "generation_net"
    GENERATION_GROSS = "generation_gross"
    CAPACITY_FACTOR = "capacity_factor"
    CLINKER_OUTPUT = "clinker output"
    CLINKER_CAPACITY = "clinker capacity"
    CEMENT_CAPACITY = "cement capacity"


AshWay = Callable[[int], Floats]  # index of a unit -> pathway shares of what its dust collector takes, shape (9,)


@dataclass(frozen=True)
class SectorResult:
    """Mercury of the units of a sector in a full year of operation.

    Attributes
    ----------
    hg_in : ndarray of float, shape (N,)
        Mercury input [kg/yr].
    shares : ndarray of float, shape (N, 9)
        Share of the input by pathway, in the order of `fate.PATHWAYS`; rows sum to 1.
    tier : ndarray of Tier, shape (N,)
        How the mercury was worked out; a coal unit always has a mass balance.
    basis : ndarray of ActivityBasis, shape (N,)
        Which number the activity follows from.
    low_class : ndarray of str, shape (N,)
        Coal class other than high_cl; blank for a kiln.
    columns : mapping of str to ndarray, shape (N,)
        Other results by name; yearly amounts are those of a full year.
    later : sequence of mapping of int to float, length N
        Years with an activity of their own: year -> mercury input of that year [kg/yr].
    factors : mapping of str to Resolved
        Every factor with its origin; ``none`` where a better statement made it needless.
    measured : sequence of MeasuredPoint
        What was measured at these units, compared with what was expected.
    ash_way : AshWay, optional
        Where what a dust collector takes goes; 0 where a unit has none.
    """

    hg_in: Floats
    shares: Floats
    tier: Objects
    basis: Objects
    low_class: Objects
    columns: Mapping[str, NDArray[np.generic]]
    later: Sequence[Mapping[int, float]]
    factors: Mapping[str, Resolved]
    measured: Sequence[MeasuredPoint] = ()
    ash_way: AshWay | None = None
