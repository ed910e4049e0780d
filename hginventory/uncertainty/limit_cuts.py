"""Units that are known to keep a limit: the distribution of each one's rate, cut at it.

It is made of the factors of the unit alone, without a draw, so that it depends on no other unit, seed or number of
draws. It is not a joint update: other units and the factors that they share stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hginventory._types import Floats
from hginventory.ensemble import (
    RateDistribution,
    Spectrum,
    UsualMargin,
    cut_at,
    distribution_of,
    spectrum_of,
)
from hginventory.factors import FactorLibrary, FindingLog
from hginventory.inputs.fleet import Fleet
from hginventory.model import G_PER_KG
from hginventory.projection import AshWay, Projection, UnitCut, project_fleet, with_cuts
from hginventory.translations import TranslatableText
from hginventory.uncertainty.ensemble_input import central_terms
from hginventory.uncertainty.row_builder import OUTSIDE_RATE
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import COMMON, UncertainFactor, UncertainFactorFinder
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN

NOT_EXPLAINED = "W733"
GJ_PER_TJ = 1000.0
_DIGITS = 6  # to which units with the same shares of two terms have one distribution


def project_complying(fleet: Fleet, **options: Any) -> Projection:
    """Compute the mercury of a fleet with units that keep limits; parameters and errors as of `project_fleet`.

    Every run comes from here; `project_fleet` knows the limits, but not how uncertain a rate is.
    """
    return project_fleet(fleet, comply=cut_to_limits, **options)


def cut_to_limits(whole: Projection, ash_way: AshWay, log: FindingLog) -> Projection:
    """Return a projection whose units keep the limits that they are known to keep.

    Parameters
    ----------
    whole : Projection
        All units, by their listed controls, with their limits.
    ash_way : callable
        As in `with_cuts`.
    log : FindingLog
        Notes units whose listed controls hardly explain that.
    """
    chosen = np.flatnonzero(whole.complies.bound())
    if not chosen.size:
        return whole
    finder, central, rates = UncertainFactorFinder(whole), central_terms(whole), central_rates(whole)
    usual, least = usual_margin(whole.library), least_probability(whole.library)
    distributions = RateDistributions()
    cuts: dict[str, UnitCut] = {}
    for index in chosen.tolist():
        if not rates[index] > 0.0:
            continue
        found = cut_at(
            distributions.of(finder.of_unit(index), central[index].tolist()),
            float(whole.complies.rate[index] / rates[index]),
            usual,
            least,
        )
        if found is None:
            continue
        unit = str(whole.units.index[index])
        row = whole.units.iloc[index]
        cuts[unit] = UnitCut(found, float(row["air_kg_per_yr"]), float(row["removal"]))
        if not found.is_explained:
            log.add(NOT_EXPLAINED, whole.fleet, unit, "complies_with", found=_found(found.probability))
    return with_cuts(whole, cuts, ash_way)


def central_rates(projection: Projection) -> Floats:
    """Return the central rates of units [g/TJ net heat of a coal unit, g/t clinker of a kiln], shape (N,)."""
    units = projection.units
    air_g = units["air_kg_per_yr"].to_numpy(dtype=np.float64) * G_PER_KG
    heat_tj = (units["coal_t_per_yr"] * units["calorific_value_mj_per_kg"]).to_numpy(dtype=np.float64) / GJ_PER_TJ
    clinker = units["clinker_t_per_yr"].to_numpy(dtype=np.float64)
    per = np.where(units["sector"].eq(CEMENT_KILN), clinker, heat_tj)
    return np.divide(air_g, per, out=np.full(len(units), np.nan), where=per > 0.0)


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


def usual_margin(library: FactorLibrary) -> UsualMargin:
    """Return how far below their limits units that comply lie, from the table `compliance`."""
    row = library.row("compliance/rate_over_limit")
    if row.spread is None:
        raise row.blank("spread")
    return UsualMargin(row.number(), row.spread)


def least_probability(library: FactorLibrary) -> float:
    """Return the probability of the listed controls from which they explain compliance, from the table `compliance`."""
    return library.row("compliance/least_probability").number()


def _found(probability: float) -> TranslatableText:
    return TranslatableText("probability {share} by the listed controls", share=percent(probability))
