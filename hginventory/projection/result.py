"""The mercury of a fleet, unit by unit and year by year: data only; `run.Run` has the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats, Ints, Objects
from hginventory.compliance import ComplianceLimits
from hginventory.ensemble import LimitCut
from hginventory.factors import FactorLibrary, MeasuredPoint, Resolved
from hginventory.inputs.findings import Finding, ungrouped
from hginventory.inputs.fleet import Fleet
from hginventory.model import AIR
from hginventory.projection.inventory import in_inventory
from hginventory.projection.settings import ProjectionSettings


@dataclass(frozen=True, eq=False)
class UnitCut:
    """A unit whose rate is cut at a limit, and what its listed controls alone give.

    Attributes
    ----------
    cut : LimitCut or None
        What the limit makes of the distribution of its rate; None where the limit takes nothing, but the state of the
        unit emits no more than the unit as it is.
    kept : float
        Mean of what leaves the stack over that by the listed controls alone [0-1].
    way : ndarray of float, shape (9,)
        Pathway shares of what its dust collector takes; they sum to 1, or to 0 where it has none.
    air_kg_per_yr : float
        Mercury to air of a full year by the listed controls [kg/yr].
    removal : float
        Share of the input that they keep from the stack [0-1].
    at_most : float or None
        Of the state of a unit: times the rate of the unit as it is that no draw passes; None: no such bound.
    """

    cut: LimitCut | None
    kept: float
    way: Floats
    air_kg_per_yr: float
    removal: float
    at_most: float | None = None

    def pathways(self, listed: Floats, kept: float) -> tuple[Floats, float]:
        """Return pathways where a share of what would leave the stack is kept, and what then goes by none of them.

        Parameters
        ----------
        listed : ndarray of float, shape (9,)
            Amounts by pathway by the listed controls alone, any unit.
        kept : float
            Share of what leaves the stack that goes on doing so [0-1].
        """
        out = listed.copy()
        removed = float(listed[AIR].sum()) * (1.0 - kept)
        out[AIR] *= kept
        out += removed * self.way
        return out, removed * max(1.0 - float(self.way.sum()), 0.0)


@dataclass(frozen=True)
class Projection:
    """Mercury of a fleet, unit by unit and year by year.

    Attributes
    ----------
    fleet : Fleet
        What was read.
    settings : ProjectionSettings
        What was asked.
    units : DataFrame, N rows, index unit_id
        One row per unit; columns as in docs/results.md, quantity then unit in the name.
    mass_balance : DataFrame, N rows, index unit_id
        Mercury input and the pathways it leaves by [kg/yr].
    tier : ndarray of Tier, shape (N,)
        How the mercury of each unit was worked out.
    basis : ndarray of Basis, shape (N,)
        Which number its activity follows from.
    low_class : ndarray of str, shape (N,)
        Coal class of each unit other than high_cl; blank for a kiln.
    years : ndarray of int, shape (Y,)
        Calendar years from the base year on.
    yearly_kg : ndarray of float, shape (N, Y)
        Mercury to air in the years that the rule leaves [kg]; its sum is the remaining mercury.
    parameters : mapping of str to Resolved
        Every factor with the origin of its value, length N.
    findings : tuple of Finding
        Everything noted on the way from cells to results.
    library : FactorLibrary
        Factor tables used: the rows that count in the base year, overrides applied.
    measured : tuple of MeasuredPoint
        What was measured at the units, compared with what was expected.
    complies : ComplianceLimits
        The limit that binds each unit, of those that it is stated to comply with, N units.
    cuts : mapping of str to UnitCut
        Units whose rate is cut at that limit; rates and pathways are those after it.
    """

    fleet: Fleet
    settings: ProjectionSettings
    units: pd.DataFrame
    mass_balance: pd.DataFrame
    tier: Objects
    basis: Objects
    low_class: Objects
    years: Ints
    yearly_kg: Floats
    parameters: Mapping[str, Resolved]
    findings: tuple[Finding, ...]
    library: FactorLibrary
    measured: tuple[MeasuredPoint, ...]
    complies: ComplianceLimits
    cuts: Mapping[str, UnitCut] = field(default_factory=dict)

    def cut_of(self, index: int) -> LimitCut | None:
        """Return what a limit makes of the rate of a unit, by its index; None where nothing is cut."""
        own = self.cuts.get(self.units.index[index]) if self.cuts else None
        return None if own is None else own.cut

    @cached_property
    def air_by_listed_controls(self) -> Floats:
        """Mercury to air of a full year as the listed controls alone would let it [kg/yr], shape (N,)."""
        return self._listed("air_kg_per_yr")

    @cached_property
    def removal_by_listed_controls(self) -> Floats:
        """Share of the mercury input that the listed controls keep from the stack [0-1], shape (N,)."""
        return self._listed("removal")

    def _listed(self, name: str) -> Floats:
        after = self.units[name].to_numpy(dtype=np.float64)
        if not self.cuts:
            return after
        rows = zip(self.units.index, after, strict=True)
        return np.array([getattr(self.cuts[unit], name) if unit in self.cuts else own for unit, own in rows])

    @cached_property
    def annual_kg(self) -> Floats:
        """Mercury to air of all units that emit in each year [kg], shape (N, Y): `yearly_kg` and `past_age_kg`."""
        annual = self.yearly_kg.copy()
        annual[:, 0] += self.past_age_kg
        return annual

    @cached_property
    def past_age_kg(self) -> Floats:
        """Mercury to air in the base year of units to which the rule leaves no year [kg], shape (N,).

        They emit in the base year and end after it by the rule, not by action: no change over time may count them.
        Kilns without a start year, of which no year after the base year is known, are among them.
        """
        return self.units["air_base_year_kg"].to_numpy(dtype=np.float64) - self.yearly_kg[:, 0]

    @cached_property
    def inventory_units(self) -> Mapping[str, int]:
        """Number of units that the inventory counts, by sector."""
        counted = self.units.loc[in_inventory(self.units), "sector"]
        return {str(sector): int(n) for sector, n in counted.value_counts().items()}

    @cached_property
    def findings_of(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings of each unit that has some, one a cell: also those that another stands for in `findings`."""
        found: dict[str, tuple[Finding, ...]] = {}
        for one in ungrouped(self.findings):
            if one.unit_id:
                found[one.unit_id] = (*found.get(one.unit_id, ()), one)
        return found


def subset(whole: Projection, chosen: Flags) -> Projection:
    """Return the projection of some units; no number of a unit changes.

    Parameters
    ----------
    whole : Projection
        All units.
    chosen : ndarray of bool, shape (N,)
        Units to keep.
    """
    kept = np.flatnonzero(chosen)
    ids = set(whole.units.index[kept])
    return replace(
        whole,
        units=whole.units.iloc[kept],
        mass_balance=whole.mass_balance.iloc[kept],
        tier=whole.tier[kept],
        basis=whole.basis[kept],
        low_class=whole.low_class[kept],
        yearly_kg=whole.yearly_kg[kept],
        parameters={name: factor.take(kept) for name, factor in whole.parameters.items()},
        measured=tuple(point for point in whole.measured if point.unit_id in ids),
        complies=whole.complies.take(kept),
    )
