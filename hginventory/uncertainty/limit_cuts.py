"""Units that are known to comply with a limit: the distribution of each one's rate, cut at it.

It is made of the factors of the unit alone, without a draw, so that it depends on no other unit, seed or number of
draws. It is not a joint update: other units and the factors that they share stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from hginventory.compliance import COMPLIES_WITH, central_rates
from hginventory.ensemble import (
    RateDistribution,
    Spectrum,
    UsualMargin,
    cut_at,
    distribution_of,
    spectrum_of,
)
from hginventory.factors import BETA, FactorLibrary, FindingLog
from hginventory.inputs.fleet import Fleet
from hginventory.projection import (
    LEAST_PROBABILITY,
    RATE_OVER_LIMIT,
    AshWay,
    Projection,
    UnitCut,
    project_fleet,
    with_cuts,
)
from hginventory.translations import TranslatableText
from hginventory.uncertainty.ensemble_input import central_terms
from hginventory.uncertainty.row_builder import OUTSIDE_RATE
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import COMMON, UncertainFactor, UncertainFactorFinder
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN

REMOVAL = "removal"  # family
NOT_EXPLAINED = "W732"
_SAME = 1e-9  # relative
_DIGITS = 6  # to which units with the same shares of two terms have one distribution


@dataclass(frozen=True)
class Unaltered:
    """The units as they are, of which a fleet contains altered states.

    Attributes
    ----------
    projection : Projection
        The units as they are.
    parents : mapping of str to str
        State -> its unit.
    """

    projection: Projection
    parents: Mapping[str, str]

    def is_bound(self, state: str) -> bool:
        """Return whether the unit of a state complies with a limit, unless a measurement contradicts it."""
        return bool(self.projection.complies.bound[self._index(state)])

    def kept_at_most(self, states: Projection, index: int) -> tuple[float, float] | None:
        """Return what a state may let out at most, unless its coal, heat or a device was made worse; else None.

        Returns
        -------
        share : float
            Of what its listed controls alone would let out; may be above 1.
        times : float
            Amount of the state over that of the unit as it is, at the same rate.
        """
        state, now = str(states.units.index[index]), self.projection
        unit = self.parents[state]
        if unit not in now.cuts:
            return None
        before, after = _nature(now, self._index(state)), _nature(states, index)
        if any(then > own * (1.0 + _SAME) for own, then in zip(before[1:], after[1:], strict=True)):
            return None
        times, cut = after[0] / before[0], now.cuts[unit]
        listed = float(states.units["air_kg_per_yr"].array[index])
        return cut.kept * cut.air_kg_per_yr * times / listed, times

    def _index(self, state: str) -> int:
        return int(self.projection.units.index.get_indexer(pd.Index([self.parents[state]]))[0])


def project_complying(fleet: Fleet, *, unaltered: Unaltered | None = None, **options: Any) -> Projection:
    """Compute the mercury of a fleet whose units comply with limits; other parameters and errors as of `project_fleet`.

    Every run comes from here; `project_fleet` knows the limits, but not how uncertain a rate is.

    Parameters
    ----------
    unaltered : Unaltered, optional
        The units as they are, where the fleet contains altered states of them.
    """
    return project_fleet(fleet, comply=partial(cut_to_limits, unaltered), **options)


def cut_to_limits(unaltered: Unaltered | None, whole: Projection, ash_way: AshWay, log: FindingLog) -> Projection:
    """Return a projection whose units comply with the limits that they are known to comply with.

    Parameters
    ----------
    unaltered : Unaltered or None
        As in `project_complying`.
    whole : Projection
        All units, by their listed controls, with their limits.
    ash_way : callable
        Gives, by the index of a unit, the pathway shares of what its dust collector takes, shape (9,).
    log : FindingLog
        Notes units whose listed controls hardly explain that.
    """
    chosen = np.flatnonzero(whole.complies.bound)
    if not chosen.size:
        return whole
    finder, central, rates = UncertainFactorFinder(whole), central_terms(whole), central_rates(whole.units)
    usual, least = usual_margin(whole.library), least_probability(whole.library)
    air, removal = whole.air_by_listed_controls, whole.removal_by_listed_controls
    distributions = RateDistributions()
    cuts: dict[str, UnitCut] = {}
    for index in chosen.tolist():
        unit = str(whole.units.index[index])
        if not rates[index] > 0.0 or (unaltered is not None and not unaltered.is_bound(unit)):
            continue
        rate = distributions.of(finder.of_unit(index), central[index].tolist())
        found = cut_at(rate, float(whole.complies.rate[index] / rates[index]), usual, least)
        bound = None if unaltered is None else unaltered.kept_at_most(whole, index)
        if found is None and bound is None:
            continue
        kept, at_most = 1.0 if found is None else found.mean, None
        if bound is not None:
            kept, at_most = min(kept, bound[0]), bound[1]
        cuts[unit] = UnitCut(found, kept, ash_way(index), float(air[index]), float(removal[index]), at_most)
        if found is not None and not found.is_explained:
            log.add(NOT_EXPLAINED, whole.fleet, unit, COMPLIES_WITH, found=_found(found.probability))
    return with_cuts(whole, cuts)


def _nature(projection: Projection, index: int) -> tuple[float, float, float, float]:
    """Return heat or clinker, and what is worse the higher it is: input and heat rate per it, and the passing share."""
    unit = projection.units.iloc[index]
    passing = 1.0 - float(projection.removal_by_listed_controls[index])
    if unit["sector"] == CEMENT_KILN:
        clinker = float(unit["clinker_t_per_yr"])
        return clinker, float(unit["hg_in_kg_per_yr"]) / clinker, 0.0, passing
    heat = float(unit["coal_t_per_yr"]) * float(unit["calorific_value_mj_per_kg"])
    efficiency = float(unit["net_efficiency"])
    return heat, float(unit["hg_in_kg_per_yr"]) / heat, 1.0 / efficiency if efficiency > 0.0 else 0.0, passing


class RateDistributions:
    """Distributions of rates over their mean, each made once."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._spectra: dict[int, Spectrum] = {}
        self._made: dict[tuple[object, ...], RateDistribution | None] = {}

    def of(self, factors: Sequence[UncertainFactor], amounts: Sequence[float]) -> RateDistribution | None:
        """Return the distribution of the rate of a unit; None where nothing varies.

        Parameters
        ----------
        factors : sequence of UncertainFactor
            Of the unit.
        amounts : sequence of float
            Central amount of each term [kg/yr].
        """
        named: dict[int, list[int]] = {term: [] for term in (COMMON, *range(len(amounts)))}
        for factor in factors:
            if factor.family not in OUTSIDE_RATE:
                named[factor.term].append(self._tables.index_of(factor))
        shares = tuple(round(amount / sum(amounts), _DIGITS) for amount in amounts)
        key = (shares, *(tuple(sorted(own)) for own in named.values()))
        if key not in self._made:
            terms = [(share, [self._spectrum(one) for one in named[term]]) for term, share in enumerate(shares)]
            common = [self._spectrum(one) for one in named[COMMON]]
            varies = common or any(own for share, own in terms if share > 0.0)
            self._made[key] = distribution_of(common, terms) if varies else None
        return self._made[key]

    def _spectrum(self, table: int) -> Spectrum:
        if table not in self._spectra:
            self._spectra[table] = spectrum_of(self._tables[table])
        return self._spectra[table]


class AlteredRates:
    """Rates of units that comply with a limit, where other controls let more or less pass.

    Parameters
    ----------
    projection : Projection
        The units as they are.
    """

    def __init__(self, projection: Projection) -> None:
        self._projection, self._finder = projection, UncertainFactorFinder(projection)
        self._central, self._distributions = central_terms(projection), RateDistributions()

    def kept(self, index: int, removal: float, times_sd: float) -> float:
        """Return the mean of what leaves the stack over that by the listed controls as they are [1].

        No more leaves than before, unless less is removed.

        Parameters
        ----------
        index : int
            A unit with a cut.
        removal : float
            Removal of its listed controls then [0-1].
        times_sd : float
            Standard deviation of that removal over the one of today [1]; other kinds of spread stay.
        """
        cut, before = self._projection.cuts[str(self._projection.units.index[index])], self._finder.of_unit(index)
        left = (1.0 - removal) / (1.0 - cut.removal)
        if cut.cut is None:
            return min(left, cut.kept) if left <= 1.0 else left
        after = [_with_removal(factor, removal, times_sd) for factor in before]
        mean = cut.cut.mean_at(left, self._distributions.of(after, self._central[index].tolist()))
        return min(mean, cut.kept) if left <= 1.0 else mean


def _with_removal(factor: UncertainFactor, removal: float, times_sd: float) -> UncertainFactor:
    """Return the factor of the removal of a coal unit with another removal; other factors stay."""
    if factor.family != REMOVAL:
        return factor
    size = factor.spread.size * (times_sd if factor.spread.distribution == BETA else 1.0)
    return replace(factor, mean=removal, spread=replace(factor.spread, size=size))


def usual_margin(library: FactorLibrary) -> UsualMargin:
    """Return how far below their limits units that comply lie, from the table `compliance`."""
    row = library.row(RATE_OVER_LIMIT)
    if row.spread is None:
        raise row.blank("spread")
    return UsualMargin(row.number(), row.spread)


def least_probability(library: FactorLibrary) -> float:
    """Return the probability of the listed controls from which they explain compliance, from the table `compliance`."""
    return library.row(LEAST_PROBABILITY).number()


def _found(probability: float) -> TranslatableText:
    return TranslatableText("probability {share} by the listed controls", share=percent(probability))
