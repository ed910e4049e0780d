"""Units that keep a limit, with other controls or another coal: draw by draw no more leaves than of the unit as it is.

The state of a unit and the unit as it is share factors. What both have varies once; the ranks of what differs are the
same in both, as they are in the draws, where the z of a removal stays when the train changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.ensemble import LimitCut, RateDistribution, cut_at, normal_cdf
from hginventory.factors import BETA
from hginventory.projection import Projection
from hginventory.uncertainty.ensemble_input import central_terms
from hginventory.uncertainty.fuel_left import ALL_FUEL, FuelLeft
from hginventory.uncertainty.rate_distributions import RateDistributions
from hginventory.uncertainty.uncertain_factors import (
    COMMON,
    MULTIPLIER,
    PASSING,
    UncertainFactor,
    UncertainFactorFinder,
)
from hginventory.vocabulary import CEMENT_KILN

REMOVAL = "removal"  # family
_SAME = 1e-9  # relative
_MOST_Z, _POINTS = 6.0, 161  # of the integrals over what two rates share and over what differs
Factors = Sequence[UncertainFactor]


@dataclass(frozen=True)
class CutRate:
    """A rate and its cut at a limit.

    Attributes
    ----------
    factors : sequence of UncertainFactor
        What varies.
    central : tuple of float
        Central amount of each term by the listed controls [kg/yr].
    cut : LimitCut or None
        What the limit makes of the rate; None where it takes nothing.
    """

    factors: Factors
    central: tuple[float, ...]
    cut: LimitCut | None

    @property
    def mean(self) -> float:
        """Mean after the cut over the one by the listed controls [1]."""
        return 1.0 if self.cut is None else self.cut.mean

    def after(self, rates: Floats) -> Floats:
        """Return rates after the cut, same shape, all over the mean by the listed controls."""
        return rates if self.cut is None else self.cut.after(rates)


class SmallerRates:
    """Means of the smaller of two rates that share factors."""

    def __init__(self) -> None:
        self._distributions = RateDistributions()
        self._values: dict[int, Floats] = {}

    def mean(self, one: CutRate, other: CutRate, ratio: float) -> float:
        """Return the mean of the smaller of two rates after their cuts, over the mean of one without its cut.

        Parameters
        ----------
        one, other : CutRate
            The rates.
        ratio : float
            Mean of the other by its listed controls over that of one.
        """
        shared = [factor for factor in one.factors if factor.term == COMMON and factor in other.factors]
        common = self._quantiles(self._distributions.of(shared, (1.0,)))[:, None]
        values, other_values = (
            common * self._quantiles(self._distributions.of([f for f in rate.factors if f not in shared], rate.central))
            for rate in (one, other)
        )
        lower = np.minimum(ratio * other.after(other_values) - one.after(values), 0.0)
        return min(one.mean + float(_masses() @ lower @ _masses()), ratio * other.mean)

    def _quantiles(self, distribution: RateDistribution | None) -> Floats:
        """Return the values of a distribution at standard normals, shape (P,); it has come from these distributions."""
        if id(distribution) not in self._values:
            z = _normals()
            below, above = normal_cdf(z), normal_cdf(-z)
            self._values[id(distribution)] = (
                np.ones(z.size) if distribution is None else distribution.quantile(below, above)
            )
        return self._values[id(distribution)]


@dataclass(frozen=True)
class Unaltered:
    """The units as they are, of which a fleet contains altered states.

    Attributes
    ----------
    projection : Projection
        The units as they are.
    parents : mapping of str to str
        State -> its unit.
    factors : callable
        Gives the uncertain factors of a unit as it is, by its index.
    left : mapping of str to FuelLeft
        State -> what is left of its row's input and heat.
    """

    projection: Projection
    parents: Mapping[str, str]
    factors: Callable[[int], Factors]
    left: Mapping[str, FuelLeft]


class AlteredStates:
    """The altered states of units, compared with the units as they are.

    Parameters
    ----------
    unaltered : Unaltered
        The units as they are.
    states : Projection
        One row per state, by the listed controls.
    """

    def __init__(self, unaltered: Unaltered, states: Projection) -> None:
        self._now, self._states, self._unaltered = unaltered.projection, states, unaltered
        self._parents = tuple(unaltered.parents[str(state)] for state in states.units.index)
        self._unit = self._now.units.index.get_indexer(pd.Index(self._parents))
        self._smaller = SmallerRates()

    @cached_property
    def _finder(self) -> UncertainFactorFinder:
        return UncertainFactorFinder(self._states, self._parents)

    @cached_property
    def _central(self) -> Floats:
        return central_terms(self._now)

    def is_bound(self, state: int) -> bool:
        """Return whether the unit of a state complies with a limit, unless a measurement contradicts it."""
        return bool(self._now.complies.bound[self._unit[state]])

    def left(self, state: int) -> FuelLeft:
        """Return what is left of the input and the heat of the row of a state."""
        return self._unaltered.left.get(str(self._states.units.index[state]), ALL_FUEL)

    def factors(self, state: int) -> Factors:
        """Return the uncertain factors of a state, as they are drawn."""
        return factors_after(self._finder.of_unit(state), self._unaltered.factors(int(self._unit[state])))

    def held(self, state: int, rate: CutRate) -> tuple[float, float | None]:
        """Return what a state lets out, no more than the unit as it is unless its coal, heat or a device is worse.

        Returns
        -------
        kept : float
            Mean over the one by its listed controls alone [0-1].
        at_most : float or None
            Times the amount of the unit as it is that no draw of it passes; None: it was made worse.
        """
        unit, now, left = int(self._unit[state]), self._now, self.left(state)
        own = now.cuts.get(self._parents[state])
        if own is None:
            return rate.mean, None
        before, after = _nature(now, unit), _nature(self._states, state, left.input)
        if any(then > was * (1.0 + _SAME) for was, then in zip(before[1:], after[1:], strict=True)):
            return rate.mean, None
        at_most = after[0] / (before[0] * left.input * left.heat)
        as_is = CutRate(self._unaltered.factors(unit), tuple(self._central[unit].tolist()), own.cut)
        ratio = own.air_kg_per_yr * at_most / float(self._states.air_by_listed_controls[state])
        return self._smaller.mean(rate, as_is, ratio), at_most


def _nature(projection: Projection, index: int, less: float = 1.0) -> tuple[float, float, float, float]:
    """Return heat or clinker, and what is worse the higher it is: input and heat rate per it, and the passing share."""
    unit = projection.units.iloc[index]
    passing = 1.0 - float(projection.removal_by_listed_controls[index])
    given = float(unit["hg_in_kg_per_yr"]) * less
    if unit["sector"] == CEMENT_KILN:
        clinker = float(unit["clinker_t_per_yr"])
        return clinker, given / clinker, 0.0, passing
    heat = float(unit["coal_t_per_yr"]) * float(unit["calorific_value_mj_per_kg"])
    efficiency = float(unit["net_efficiency"])
    return heat, given / heat, 1.0 / efficiency if efficiency > 0.0 else 0.0, passing


class AlteredRates:
    """Rates of units that keep a limit, where other controls let more or less pass or less mercury goes in.

    Parameters
    ----------
    projection : Projection
        The units as they are.
    """

    def __init__(self, projection: Projection) -> None:
        self._projection, self._finder = projection, UncertainFactorFinder(projection)
        self._central, self._distributions = central_terms(projection), RateDistributions()
        self._smaller = SmallerRates()

    def kept(self, index: int, removal: float, times_sd: float, left: FuelLeft = ALL_FUEL) -> float:
        """Return the mean of what leaves the stack over that by the listed controls then [1].

        No more leaves than before, unless less is removed.

        Parameters
        ----------
        index : int
            A unit with a cut.
        removal : float
            Removal of its listed controls then [0-1].
        times_sd : float
            Standard deviation of that removal over the one of today [1]; other kinds of spread stay.
        left : FuelLeft
            What is left of the input and the heat of today.
        """
        own, before = self._projection.cuts[str(self._projection.units.index[index])], self._finder.of_unit(index)
        central, cut = tuple(self._central[index].tolist()), own.cut
        passing = (1.0 - removal) / (1.0 - own.removal)
        less = passing * left.input  # per heat or clinker, over today, by the listed controls
        if cut is None or not less > 0.0:
            return own.kept
        after = factors_after([_with_removal(factor, removal, times_sd) for factor in before], before)
        rate = self._distributions.of(after, central)
        limit = cut.limit * left.of_limit(self._projection.complies.per[index])
        then = CutRate(after, central, cut_at(rate, limit / less, cut.usual, cut.least_probability))
        if passing > 1.0:
            return then.mean
        return self._smaller.mean(then, CutRate(before, central, cut), 1.0 / (less * left.heat))


def factors_after(after: Factors, before: Factors) -> tuple[UncertainFactor, ...]:
    """Return the factors of a later state of a unit: a share keeps its z, and in no draw does more pass than now.

    Controls by which more passes on average have no such bound.

    Parameters
    ----------
    after, before : sequence of UncertainFactor
        Of the state, and of the unit as it is.
    """
    return tuple(_after(factor, before) for factor in after)


def _after(factor: UncertainFactor, before: Factors) -> UncertainFactor:
    if factor.kind == MULTIPLIER:
        return factor
    own = next((known for known in before if known.family == factor.family), None)
    if own is None:
        return factor
    kept = replace(
        factor, spread=replace(factor.spread, scopes=own.spread.scopes), labels=own.labels, classes=own.classes
    )
    if kept == own:
        return own
    more = factor.mean > own.mean if factor.kind == PASSING else factor.mean < own.mean
    return kept if more else replace(kept, before=own)


def _with_removal(factor: UncertainFactor, removal: float, times_sd: float) -> UncertainFactor:
    """Return the factor of the removal of a coal unit with another removal; other factors stay."""
    if factor.family != REMOVAL:
        return factor
    size = factor.spread.size * (times_sd if factor.spread.distribution == BETA else 1.0)
    return replace(factor, mean=removal, spread=replace(factor.spread, size=size))


@cache
def _normals() -> Floats:
    """Return the middles of equal parts of the standard normal, shape (P,)."""
    edges = np.linspace(-_MOST_Z, _MOST_Z, _POINTS + 1)
    return np.asarray(0.5 * (edges[:-1] + edges[1:]))


@cache
def _masses() -> Floats:
    """Return the probability of each part, shape (P,)."""
    mass = np.diff(normal_cdf(np.linspace(-_MOST_Z, _MOST_Z, _POINTS + 1)))
    return np.asarray(mass / mass.sum())
