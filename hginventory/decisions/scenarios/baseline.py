"""The baseline, with whatever scenarios ask of it: each worked out when first asked for, and once for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.compliance import unit_rates
from hginventory.decisions.scenarios.periods import Span, baseline_spans
from hginventory.factors import CoalQuality, CoalResolver, FindingLog, OriginSpreads
from hginventory.inputs.fleet import as_records
from hginventory.model import GasTables
from hginventory.projection import Projection, Retrofit, pathways_of, subset
from hginventory.uncertainty import UncertainFactor, UncertainFactorFinder, central_terms, project_complying
from hginventory.vocabulary import COAL_POWER

if TYPE_CHECKING:
    from hginventory.decisions.costs import Prices
    from hginventory.decisions.options import Catalogue, FleetState, LimitChoice, Option, OptionTable, StepTable
    from hginventory.decisions.ranking import Certainty
    from hginventory.decisions.scenarios.schedule import ScheduledMeasure
    from hginventory.model import Limit


class Baseline:
    """A projection without any measure, shared by the scenarios that are compared with it.

    Parameters
    ----------
    projection : Projection
        The baseline.
    """

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self._factors: dict[int, tuple[UncertainFactor, ...]] = {}
        self._over: dict[Limit, Floats] = {}
        self._selection: dict[bool, pd.DataFrame] = {}
        self._best: dict[int, StepTable] = {}
        self._ruled: dict[str, tuple[tuple[Span, ...], ...]] = {}

    @cached_property
    def ids(self) -> list[str]:
        """The units, in their order."""
        return [str(unit) for unit in self.projection.units.index]

    @cached_property
    def index_of(self) -> Mapping[str, int]:
        """Unit -> its index."""
        return {unit: index for index, unit in enumerate(self.ids)}

    @cached_property
    def records(self) -> Mapping[str, dict[str, Any]]:
        """Unit -> its row of the fleet, as read."""
        read = self.projection.fleet.units
        return dict(zip(map(str, read.index), as_records(read), strict=True))

    @cached_property
    def rows(self) -> Mapping[str, dict[str, Any]]:
        """Unit -> its row of ``units``, as computed."""
        return dict(zip(self.ids, as_records(self.projection.units), strict=True))

    @cached_property
    def air_kg_per_yr(self) -> Floats:
        """Mercury to air of each unit in a full year [kg/yr], shape (N,)."""
        return self.projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)

    @cached_property
    def spans(self) -> tuple[tuple[Span, ...], ...]:
        """The years of each unit."""
        return tuple(baseline_spans(self.projection, index) for index in range(len(self.ids)))

    @cached_property
    def pathways_kg(self) -> pd.Series:
        """Mercury by pathway over all remaining years [kg], index pathway."""
        years = np.array([sum(span.ratio * (span.end - span.first) for span in own) for own in self.spans])
        yearly = pathways_of(self.projection.mass_balance)
        return pd.Series(years @ yearly.to_numpy(), index=yearly.columns.rename("pathway"), name="kg")

    def selection_table(self, sure: Certainty | None) -> pd.DataFrame:
        """Return the columns that a selection may name; those of draws where there are any."""
        from hginventory.decisions.scenarios.unit_selection import selection_table

        key = sure is not None
        if key not in self._selection:
            self._selection[key] = selection_table(self.projection, sure)
        return self._selection[key]

    def spans_under(self, rule: str) -> tuple[tuple[Span, ...], ...]:
        """Return the years of each unit under a retirement rule; empty: that of the run."""
        settings = self.projection.settings
        if not rule or rule == settings.rule:
            return self.spans
        if rule not in self._ruled:
            fleet = self.projection.fleet
            ruled = project_complying(fleet, base_year=settings.base_year, rule=rule, profile=settings.profile)
            own = ruled.units.index.isin(self.ids)  # `where` may ask for years, and choose others under this rule
            self._ruled[rule] = Baseline(subset(ruled, own)).spans
        return self._ruled[rule]

    @cached_property
    def central_terms(self) -> Floats:
        """Mercury to air of a full year by term of the emission [kg/yr], shape (N, 2)."""
        return central_terms(self.projection)

    @cached_property
    def _finder(self) -> UncertainFactorFinder:
        return UncertainFactorFinder(self.projection)

    def factors(self, index: int) -> tuple[UncertainFactor, ...]:
        """Return the uncertain factors of a unit by its index."""
        if index not in self._factors:
            self._factors[index] = tuple(self._finder.of_unit(index))
        return self._factors[index]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The reduction options of the units, on the terms of the factor tables."""
        from hginventory.decisions.options import Catalogue

        return Catalogue(self.projection, prices=self.prices, state=self.state)

    @cached_property
    def at_once(self) -> Catalogue:
        """The same options without lead times, as scenarios have none."""
        from hginventory.decisions.options import Catalogue

        no_wait = dict.fromkeys(self.catalogue.lead_times.kinds, 0.0)
        return Catalogue(self.projection, prices=self.prices, state=self.state, lead_time=no_wait)

    @cached_property
    def limit_choice(self) -> LimitChoice:
        """The cheapest options of the units that are enough for a limit."""
        from hginventory.decisions.options import LimitChoice

        return LimitChoice(self.catalogue)

    def best_steps(self, not_before: int) -> StepTable:
        """Return the best step of each coal unit that starts in a year or later, the lowest cost per kg first."""
        from hginventory.decisions.options import best_steps

        if not_before not in self._best:
            self._best[not_before] = best_steps(self.catalogue, COAL_POWER, not_before=not_before)
        return self._best[not_before]

    def carried_out(
        self, change: ScheduledMeasure, unit: str, steps: tuple[Option, ...], *, in_proportion: bool = False
    ) -> ScheduledMeasure:
        """Return a measure as the steps that it comes to at a unit, from the first year in which they can work.

        Parameters
        ----------
        change : ScheduledMeasure
            A limit, or the wish for the best step.
        unit : str
            The unit.
        steps : tuple of Option
            Taken together.
        in_proportion : bool
            As in `measure_of`.
        """
        from hginventory.decisions.options import measure_of

        option = self.catalogue.option(self.state.of(unit), steps, priced=False)
        year = max(change.first, int(option.first_year))
        air = float(self.air_kg_per_yr[self.index_of[unit]])
        complies = unit in self.projection.cuts
        measure = measure_of(option, self.option_table, air, year, in_proportion=in_proportion, complies=complies)
        return replace(change, measure=measure, first=year)

    @cached_property
    def option_table(self) -> OptionTable:
        """Options and their effects."""
        from hginventory.decisions.options import OptionTable

        return OptionTable(self.projection.library)

    @cached_property
    def prices(self) -> Prices:
        """Cost tables on their own terms."""
        from hginventory.decisions.costs import Prices

        return self.projection.library.once(Prices)

    @cached_property
    def state(self) -> FleetState:
        """What is installed at each unit."""
        from hginventory.decisions.options import fleet_state

        return fleet_state(self.projection)

    def retrofit(self, unit: str, added: frozenset[str]) -> Retrofit:
        """Return a change of the train of a coal unit, by the devices added; none of them: it has another train."""
        own, index = self.state.of(unit), self.index_of[unit]
        value = self.projection.parameters["removal"].of_unit(index)
        spread = self._spreads.of(value, "passing_share", str(self.rows[unit]["country"]))
        return Retrofit(own.parts, added, replace(value, spread=spread), own.own_removal is not None)

    def own_coal(self, unit: str) -> tuple[str, CoalQuality]:
        """Return country and quality of the coal of a unit; its mercury as the run has it, also where measured."""
        record, content = self.records[unit], self.projection.parameters["hg_coal"]
        quality = self._coal.quality(unit, record)
        return self._coal.country(record), replace(quality, hg=content.of_unit(self.index_of[unit]))

    @cached_property
    def _coal(self) -> CoalResolver:
        return CoalResolver(self.projection.fleet, self.projection.library, FindingLog())

    @cached_property
    def _spreads(self) -> OriginSpreads:
        return self.projection.library.once(OriginSpreads)

    @cached_property
    def gas(self) -> GasTables:
        """State and volume of flue gas."""
        return GasTables(self.projection.library)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The rate of each unit on every basis a limit can have."""
        return unit_rates(self.projection.units, self.projection.parameters, self.gas)

    def over(self, limit: Limit) -> Floats:
        """Return the rate of each unit over a limit, shape (N,); NaN where the limit does not apply to it."""
        if limit not in self._over:
            from hginventory.decisions.limits import over_limit

            self._over[limit] = over_limit(self.projection, limit, self.gas, self.rates)
        return self._over[limit]
