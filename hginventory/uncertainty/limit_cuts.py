"""Units that are known to comply with a limit: the distribution of each one's rate, cut at it.

It is made of the factors of the unit alone, without a draw, so that it depends on no other unit, seed or number of
draws. It is not a joint update: other units and the factors that they share stay as they are.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from hginventory.compliance import COMPLIES_WITH, central_rates
from hginventory.ensemble import LimitCut, UsualMargin, cut_at
from hginventory.factors import FactorLibrary, FindingLog
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
from hginventory.uncertainty.altered_rates import AlteredStates, CutRate, Unaltered
from hginventory.uncertainty.ensemble_input import central_terms
from hginventory.uncertainty.fuel_left import ALL_FUEL
from hginventory.uncertainty.rate_distributions import RateDistributions
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder
from hginventory.units import percent

NOT_EXPLAINED = "W732"
_DIGITS = 12  # of a limit over a rate, to which units have one cut


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
    states = None if unaltered is None else AlteredStates(unaltered, whole)
    finder, central, rates = UncertainFactorFinder(whole), central_terms(whole), central_rates(whole.units)
    usual, least = usual_margin(whole.library), least_probability(whole.library)
    air, removal = whole.air_by_listed_controls, whole.removal_by_listed_controls
    distributions = RateDistributions()
    met: dict[tuple[int, float], LimitCut | None] = {}  # units of one distribution and limit have one cut
    cuts: dict[str, UnitCut] = {}
    for index in chosen.tolist():
        unit = str(whole.units.index[index])
        if not rates[index] > 0.0 or (states is not None and not states.is_bound(index)):
            continue
        factors = finder.of_unit(index) if states is None else states.factors(index)
        left = ALL_FUEL if states is None else states.left(index)
        limit = whole.complies.rate[index] * left.of_limit(whole.complies.per[index])
        rate = distributions.of(factors, central[index].tolist())
        key = id(rate), float(f"{limit / (rates[index] * left.input):.{_DIGITS}g}")
        if key not in met:
            met[key] = cut_at(rate, key[1], usual, least)
        found = met[key]
        kept, at_most = 1.0 if found is None else found.mean, None
        if states is not None:
            kept, at_most = states.held(index, CutRate(factors, tuple(central[index].tolist()), found))
        if found is None and at_most is None:
            continue
        cuts[unit] = UnitCut(found, kept, ash_way(index), float(air[index]), float(removal[index]), at_most)
        if found is not None and not found.is_explained:
            log.add(NOT_EXPLAINED, whole.fleet, unit, COMPLIES_WITH, found=_found(found.probability))
    return with_cuts(whole, cuts)


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
