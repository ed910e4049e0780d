"""The distributions of the rates of units, each made once from their factors without a draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hginventory.ensemble import RateDistribution, Spectrum, distribution_of, spectrum_of
from hginventory.projection import Projection
from hginventory.uncertainty.ensemble_input import central_terms
from hginventory.uncertainty.row_builder import OUTSIDE_RATE
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import COMMON, UncertainFactor, UncertainFactorFinder

_DIGITS = 6  # to which units with the same shares of two terms have one distribution


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


def unit_rate_distributions(projection: Projection, chosen: Iterable[int]) -> dict[int, RateDistribution | None]:
    """Return the distributions of the rates of units by their listed controls, each over its mean.

    Parameters
    ----------
    projection : Projection
        The run.
    chosen : iterable of int
        Indices of units that emit.

    Returns
    -------
    dict of int to RateDistribution or None
        Units with the same factors share one; None where nothing varies.
    """
    finder, central, found = UncertainFactorFinder(projection), central_terms(projection), RateDistributions()
    return {index: found.of(finder.of_unit(index), central[index].tolist()) for index in chosen}
