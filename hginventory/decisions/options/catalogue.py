"""The catalogue of reduction options for units: what can go where, what it avoids, costs and moves.

Mercury of a train comes from the table `removal` for the RESULTING train, so that an option and a unit that has it
already agree. Money is stated on the terms of `costs.Prices`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property, partial

import numpy as np

from hginventory._types import Flags, Floats
from hginventory.arguments import of_kind
from hginventory.decisions.costs import Cost, Horizon, Prices, Range
from hginventory.decisions.options.avoided_interval import (
    NOT_DRAWN,
    avoided_share,
    cost_per_kg,
    levels_of,
    of_all_years,
)
from hginventory.decisions.options.fleet_arrays import FleetOptions
from hginventory.decisions.options.installed import FleetState, UnitState
from hginventory.decisions.options.mercury_effect import Outcome
from hginventory.decisions.options.option_table import CLOSURE, CO_BENEFITS, Option, co_benefit
from hginventory.decisions.options.step_effects import NO_PRICE, StepEffects
from hginventory.decisions.options.unit_conditions import NO
from hginventory.decisions.options.unit_option import Site, UnitOption
from hginventory.decisions.ranking import Certainty, find_unit
from hginventory.errors import UsageError
from hginventory.inputs.findings import Finding
from hginventory.model import AIR, PATHWAYS
from hginventory.projection import Projection

ONE_OF_A_KIND = ("collector", "oxidation", "sorbent", "scrubber")


class Catalogue(StepEffects):
    """Options for the units of a run.

    Parameters
    ----------
    projection : Projection
        The run.
    prices : Prices, optional
        Cost tables on chosen terms; default: those of the library.
    site : Site
        What is known of the site of the units asked about; other units are judged without it.
    sure : Certainty, optional
        Draws of the run, for intervals.
    alternative_mg_per_mj : float, optional
        Mercury of the coal available for option F2 [mg/MJ net].
    state : FleetState, optional
        What is installed, where it is known already.
    lead_time : mapping of str to float, optional
        Kind of step -> months until it runs, instead of the table `lead_time`.

    Examples
    --------
    >>> import hginventory as hg
    >>> catalogue = Catalogue(hg.project("indonesia", draws=0).projection)
    >>> [option.option for option in catalogue.of_unit("G100000107734") if option.place == 1]
    ['A2']
    """

    def __init__(
        self,
        projection: Projection,
        *,
        prices: Prices | None = None,
        site: Site | None = None,
        sure: Certainty | None = None,
        alternative_mg_per_mj: float | None = None,
        state: FleetState | None = None,
        lead_time: Mapping[str, float] | None = None,
    ) -> None:
        of_kind("site", site, Site, "a hginventory.decisions.options.unit_option.Site", optional=True)
        super().__init__(projection, prices, alternative_mg_per_mj, state, lead_time)
        self.site = site or Site()
        self._air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
        self._trains = projection.units["train"].astype(str).to_numpy()
        self._sure = sure
        self._ends: list[Floats] = []
        if sure is not None:
            self._ends = [of_all_years(projection, sure, end) for end in ("p05", "p95")]
        self._fleet_wide: dict[str, Flags] = {}
        self._of_fleet = cache(partial(FleetOptions, self))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings: the costs used for countries of the run that have none of their own."""
        return self.prices.findings(map(str, self.projection.units["country"]))

    def statement(self, unit_ids: Iterable[str] | None = None) -> str:
        """Return the terms of the costs of some units in words (by default all), and which costs are default values."""
        units = self.projection.units
        own = units if unit_ids is None else units.loc[list(unit_ids)]
        return self.prices.statement(map(str, own["country"]), list(dict.fromkeys(map(str, own["sector"]))))

    def with_other_coal(self, mg_per_mj: float) -> Catalogue:
        """Return the catalogue with a coal available for option F2.

        Parameters
        ----------
        mg_per_mj : float
            Its mercury over its net heat [mg/MJ], above 0.
        """
        if not mg_per_mj > 0:
            words = f"{mg_per_mj:g} mg/MJ cannot be used. Write a number above 0, mg/kg over MJ/kg, as 0.0025."
            raise UsageError(words, parameter="mg_per_mj", allowed=(0.0, math.inf))
        return Catalogue(
            self.projection,
            prices=self.prices,
            site=self.site,
            sure=self._sure,
            alternative_mg_per_mj=mg_per_mj,
            lead_time=self.lead_times.own,
        )

    def of_unit(self, unit_id: str) -> list[UnitOption]:
        """Return every option of the sector of a unit: what the rules name first, the rest, what cannot be.

        Raises
        ------
        UsageError
            If there is no such unit.
        """
        unit = self._unit(unit_id)
        found = [self.option(unit, (o,)) for o in self.table.options.values() if o.sector == unit.sector]
        return sorted(found, key=lambda o: (o.place, o.applies == NO, _price_key(o), o.option))

    def combined(self, unit_id: str, options: Sequence[str]) -> UnitOption:
        """Return options taken together at a unit, through the resulting train.

        Parameters
        ----------
        unit_id : str
            Unit.
        options : sequence of str
            Ids, in the order in which they are taken.

        Raises
        ------
        UsageError
            If an id is not known, or two are of one kind (rule 7).
        """
        steps = tuple(self._step(option) for option in options)
        if kind := one_of_a_kind(steps):
            same = [step.option for step in steps if kind in step.steps]
            raise UsageError(f"{' and '.join(same)} are both a {kind} step: take one of them.")
        return self.option(self._unit(unit_id), steps)

    def of_fleet(self, site: Site | None = None) -> FleetOptions:
        """Return what steps do at all units at once, as arrays.

        Parameters
        ----------
        site : Site, optional
            What is known of the sites; default: that of the catalogue.
        """
        return self._of_fleet(site or self.site)

    @cached_property
    def horizon(self) -> Horizon:
        """Years over which the money of the run is counted."""
        return Horizon.of(self.projection, self.prices.terms.rate)

    def option(
        self, unit: UnitState, steps: tuple[Option, ...], start: float | None = None, *, priced: bool = True
    ) -> UnitOption:
        """Return steps at a unit, whether they apply or not.

        Parameters
        ----------
        unit : UnitState
            The unit.
        steps : tuple of Option
            Taken together.
        start : float, optional
            Year from which on they work; default: the first in which they can.
        priced : bool
            Whether costs and percentiles are worked out, too.
        """
        verdict, share, outcome = self.effect(unit, steps, self.site)
        built = self.projection.settings.base_year + self.judge.build_years(unit, steps)
        first = max(built, unit.first_year) if start is None else start
        sea, ash = (math.nan, math.nan) if outcome is None else self.moved(unit, steps, outcome, self.site)
        left = 1.0 if outcome is None else outcome.left(unit.removal)
        avoided = float(self._air[unit.index]) * (1.0 - left)
        levels = NOT_DRAWN if outcome is None or not priced else self._levels(unit, outcome, avoided)
        cost, reason = None, verdict.reason
        if outcome is not None and priced:
            cost, missing = self._cost(unit, steps, first)
            reason = "; ".join(filter(None, (reason, missing)))
        benefits = {p: co_benefit(self.table, steps, unit.coal_class, p) for p in CO_BENEFITS}
        others = np.logical_and.reduce([self._replicable(step) for step in steps])
        per_kg: tuple[Range | None, Range | None] = (None, None)
        to_the_end = 0.0 if outcome is None else self._to_the_end(unit, steps, first) * (1.0 - left)
        if cost is not None and to_the_end > 0:
            full, mercury = (npv.times(self.horizon.per_kg) for npv in (cost.npv, cost.npv_mercury))
            per_kg = cost_per_kg(full, to_the_end, levels), cost_per_kg(mercury, to_the_end, levels)
        return UnitOption(
            unit_id=unit.unit_id,
            option="+".join(step.option for step in steps),
            name="; ".join(step.name for step in steps),
            option_class=_words(step.option_class for step in steps),
            paragraph=_words(step.paragraph for step in steps),
            applies=verdict.applies,
            reason=reason,
            checks=verdict.checks,
            place=verdict.rank,
            applies_to=share,
            first_year=first,
            end_year=unit.end_year if unit.is_life_known else math.nan,
            train_before=self._trains[unit.index],
            train_after="" if outcome is None else outcome.train or self._trains[unit.index],
            removal_before=unit.removal,
            removal_after=math.nan if outcome is None else outcome.removal,
            avoided_kg_per_yr=0.0 if outcome is None else avoided,
            avoided_kg=to_the_end,
            avoided_p05=levels[0],
            avoided_p50=levels[1],
            avoided_p95=levels[2],
            cost=cost,
            usd_per_kg=per_kg[0],
            usd_per_kg_mercury=per_kg[1],
            waste_effect=_words(step.waste_effect for step in steps),
            replicable=int(others.sum() - others[unit.index]),
            moved_to_sea=sea,
            moved_to_ash=ash,
            conditions=verdict.conditions,
            waste_kg_per_yr={} if outcome is None else self._moved(unit, outcome),
            co_benefits={} if outcome is None else benefits,
        )

    def _unit(self, unit_id: str) -> UnitState:
        return self.state.of(find_unit(self.projection.units, unit_id, combined=self.projection.settings.combined))

    def _step(self, option: str) -> Option:
        if option not in self.table.options:
            known = self.table.options
            raise UsageError(f"there is no option {option!r}. Use one of: {', '.join(known)}.", allowed=known)
        return self.table.options[option]

    def _replicable(self, step: Option) -> Flags:
        """Return to which units of the fleet an option applies, without the answers for one site."""
        if step.option not in self._fleet_wide:
            self._fleet_wide[step.option] = self.of_fleet(Site()).applies((step,))
        return self._fleet_wide[step.option]

    def _to_the_end(self, unit: UnitState, steps: Sequence[Option], first: float) -> float:
        """Return what the unit emits in the years in which steps work [kg]."""
        years = self.projection.years
        works = years == unit.end_year - 1 if steps[0].mode == CLOSURE else years >= first
        return float(self.projection.yearly_kg[unit.index][works].sum())

    def _cost(self, unit: UnitState, steps: Sequence[Option], first: float) -> tuple[Cost | None, str]:
        """Return the cost, and why there is none."""
        found, years = self.price(unit, steps, self.site), unit.end_year - first
        if found is None or years <= 0:
            return None, NO_PRICE if found is None else ""
        rates, saved = found
        life = min(self.prices.terms.book_life[unit.sector], years)
        paid = self.horizon.discounted_years(first, unit.end_year)
        return rates.at(unit.size, life, self.prices.terms.rate, saved).over(self.horizon, paid), ""

    def _moved(self, unit: UnitState, outcome: Outcome) -> dict[str, float]:
        """Return by how much more goes where [kg/yr]."""
        balance = self.balance[unit.index]
        moved = balance[0] * outcome.input_factor * outcome.shares - balance[1:]
        return dict(zip(PATHWAYS[AIR.stop :], moved[AIR.stop :].tolist(), strict=True))

    def _levels(self, unit: UnitState, outcome: Outcome, avoided: float) -> tuple[float, float, float]:
        """Return percentiles of the avoided mercury over its mean [1]."""
        if not self._ends or avoided <= 0:
            return NOT_DRAWN
        p05, p95 = (float(ends[unit.index]) for ends in self._ends)
        mean = outcome.avoided_by_controls or avoided / float(self._air[unit.index])
        return levels_of(mean, *avoided_share(outcome, unit.removal, p05, p95))


def one_of_a_kind(steps: Sequence[Option]) -> str:
    """Return the kind of which two of the steps are (rule 7), else nothing."""
    return next((kind for kind in ONE_OF_A_KIND if sum(kind in step.steps for step in steps) > 1), "")


def _words(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(parts))


def _price_key(option: UnitOption) -> float:
    return math.inf if option.usd_per_kg is None else option.usd_per_kg.value
