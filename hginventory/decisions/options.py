"""The catalogue of reduction options for units: what can go where, what it avoids, costs and moves.

Mercury of a train comes from the table `removal` for the RESULTING train, so that an option and a unit that has it
already agree. Money is stated on the terms of `costs.Prices`. `option_rules` says what applies and why not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hginventory.decisions.certainty import Certainty
from hginventory.decisions.costs import Prices
from hginventory.decisions.money import per_mass
from hginventory.decisions.option_coal import OtherCoals
from hginventory.decisions.option_interval import avoided_share
from hginventory.decisions.option_outcome import Outcome, Outcomes, co_benefit
from hginventory.decisions.option_rules import judge
from hginventory.decisions.option_situation import IF, LAST, NO, Situation, Times, Verdict
from hginventory.decisions.option_table import CLOSURE, CO_BENEFITS, COMPUTE, MERCURY, Option, OptionTable
from hginventory.decisions.unit_option import Site, UnitOption
from hginventory.decisions.unit_state import FleetState, UnitState, fleet_state
from hginventory.errors import UsageError
from hginventory.inputs.findings import Finding
from hginventory.model.fate import AIR, PATHWAYS
from hginventory.projection import Projection
from hginventory.vocabulary import NONE, UNKNOWN, train_devices

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_OF = 0.5  # a step applies where it can go to at least half of the trains a unit may have
ASH_ITEM, SAVED_ITEM = "lost sale of fly ash", "coal saved"
NO_PRICE = "no cost on file: replacement power or product is a national input"
ONE_OF_A_KIND = ("collector", "oxidation", "sorbent", "scrubber")


class Catalogue:
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
        Mercury of the coal that stands ready for option F2 [mg/MJ net].
    state : FleetState, optional
        What is installed, where it is known already.

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
    ) -> None:
        self.projection = projection
        self.prices = prices or Prices(projection.library)
        self.site = site or Site()
        self.table = OptionTable(projection.library)
        self._air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
        self._balance = projection.mass_balance.to_numpy(dtype=np.float64)
        self._trains = projection.units["train"].astype(str).to_numpy()
        self._sure = sure
        self._ends: list[Floats] = []
        if sure is not None:
            self._ends = [sure.units[f"air_kg_per_yr_{end}"].to_numpy(dtype=np.float64) for end in ("p05", "p95")]
        self._state = state or fleet_state(projection)
        self._outcomes = Outcomes(projection, self._state, self.table)
        self._coals = OtherCoals(projection, alternative_mg_per_mj)
        self._times = Times(
            {case: self.prices.basis("build_years", case=case) for case in ("plant", "skid", "none")},
            self.prices.basis("least_years"),
        )
        self._judge = lru_cache(maxsize=None)(self._judged)
        self._fleet_wide: dict[str, Flags] = {}
        self._situations_met: dict[tuple[int, Site], tuple[Situation, ...]] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What stands in for costs of the countries of the run."""
        return self.prices.findings(map(str, self.projection.units["country"]))

    def with_other_coal(self, mg_per_mj: float) -> Catalogue:
        """Return the catalogue with a coal that stands ready for option F2.

        Parameters
        ----------
        mg_per_mj : float
            Its mercury over its net heat [mg/MJ], above 0.
        """
        if not mg_per_mj > 0:
            raise UsageError(f"--other-coal: {mg_per_mj:g} mg/MJ cannot be. Write mg/kg over MJ/kg, as 0.0025.")
        return Catalogue(
            self.projection, prices=self.prices, site=self.site, sure=self._sure, alternative_mg_per_mj=mg_per_mj
        )

    def of_unit(self, unit_id: str) -> list[UnitOption]:
        """Return every option of the sector of a unit: what the rules name first, the rest, what cannot be.

        Raises
        ------
        UsageError
            If there is no such unit.
        """
        unit = self._unit(unit_id)
        found = [self._option(unit, (o,)) for o in self.table.options.values() if o.sector == unit.sector]
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
        for kind in ONE_OF_A_KIND:
            same = [step.option for step in steps if kind in step.steps]
            if len(same) > 1:
                raise UsageError(f"{' and '.join(same)} are both a {kind} step: take one of them.")
        return self._option(self._unit(unit_id), steps)

    def _unit(self, unit_id: str) -> UnitState:
        if unit_id not in self.projection.units.index:
            raise UsageError(f"there is no unit {unit_id!r} in this run. See units.csv of hginv project for the ids.")
        return self._state.of(unit_id)

    def _step(self, option: str) -> Option:
        if option not in self.table.options:
            raise UsageError(f"there is no option {option!r}. Use one of: {', '.join(self.table.options)}.")
        return self.table.options[option]

    def _verdicts(self, unit: UnitState, steps: Sequence[Option], site: Site) -> tuple[Verdict, list[bool]]:
        """Return the verdict on steps at a unit, and to which of its trains they can go."""
        verdicts: list[Verdict] = []
        for as_is in self._situations(unit, site):
            situation, verdict = as_is, self._judge(steps[0].option, as_is)
            for before, step in pairwise(steps):
                if situation.devices is not None:
                    situation = replace(situation, devices=(situation.devices - before.replaces) | before.adds)
                verdict = _worse(verdict, self._judge(step.option, situation))
            verdicts.append(verdict)
        accepted = [verdict.applies != NO for verdict in verdicts]
        share = sum(part[0] for part, yes in zip(unit.parts, accepted, strict=True) if yes)
        wanted = share >= MOST_OF
        ranked = sorted(zip(unit.parts, verdicts, strict=True), key=lambda item: -item[0][0])
        verdict = next(v for _, v in ranked if (v.applies != NO) == wanted)
        if wanted:
            computed = next((reason for s in steps if (reason := self._not_computed(s, unit))), "")
            if computed:
                return Verdict(NO, computed, LAST), accepted
            if share < 1.0:
                words = f"can go to {share:.0%} of the trains the unit may have: the train is not known"
                verdict = replace(verdict, reason="; ".join(filter(None, (verdict.reason, words))))
        return verdict, accepted

    def _situations(self, unit: UnitState, site: Site) -> tuple[Situation, ...]:
        """Return what the rules look at, for each of the trains a unit may have."""
        key = (unit.place, site)
        if key not in self._situations_met:
            self._situations_met[key] = tuple(
                self._situation(unit, boiler, train, site) for _, boiler, train in unit.parts
            )
        return self._situations_met[key]

    def _situation(self, unit: UnitState, boiler: str, train: str, site: Site) -> Situation:
        kiln = not boiler
        unknown = train == UNKNOWN and not kiln
        devices = None if unknown else frozenset() if train in (NONE, UNKNOWN) else frozenset(train_devices(train))
        return Situation(
            sector=unit.sector,
            runs=unit.runs,
            devices=devices,
            boiler=boiler,
            coal_class=unit.coal_class,
            capacity_mw=unit.capacity_mw,
            years_left=unit.end_year - self.projection.settings.base_year,
            dust_stated=unit.dust_stated,
            space=site.space,
            coast=unit.coast if site.coast is None else site.coast,
            ash_sold=unit.ash_sold if site.ash_sold is None else site.ash_sold,
            must_cut=site.must_cut,
        )

    def _judged(self, option: str, situation: Situation) -> Verdict:
        fits = self.table.fits_class(option, situation.coal_class)
        return judge(self.table.options[option], situation, fits, self._times)

    def _not_computed(self, step: Option, unit: UnitState) -> str:
        return self._coals.reduction(unit.place)[1] if step.mode == COMPUTE else ""

    def _replicable(self, option: str) -> Flags:
        """Return to which units of the fleet an option applies, without what is said of one site."""
        if option not in self._fleet_wide:
            step = self.table.options[option]
            blank = Site()
            self._fleet_wide[option] = np.array(
                [
                    unit.sector == step.sector and self._verdicts(unit, (step,), blank)[0].applies != NO
                    for unit in self._state.units
                ]
            )
        return self._fleet_wide[option]

    def _option(self, unit: UnitState, steps: tuple[Option, ...]) -> UnitOption:
        verdict, accepted = self._verdicts(unit, steps, self.site)
        build = max(self._times.build[step.build] for step in steps)
        first = max(self.projection.settings.base_year + math.ceil(build), unit.first_year)
        names = "+".join(step.option for step in steps)
        others = np.logical_and.reduce([self._replicable(step.option) for step in steps])
        blank = UnitOption(
            unit_id=unit.unit_id,
            option=names,
            name="; ".join(step.name for step in steps),
            option_class="; ".join(dict.fromkeys(step.option_class for step in steps)),
            paragraph="; ".join(dict.fromkeys(step.paragraph for step in steps)),
            applies=verdict.applies,
            reason=verdict.reason,
            checks=verdict.checks,
            place=verdict.place,
            applies_to=sum(part[0] for part, yes in zip(unit.parts, accepted, strict=True) if yes),
            first_year=first,
            end_year=unit.end_year,
            train_before=self._trains[unit.place],
            train_after="",
            removal_before=unit.removal,
            removal_after=float("nan"),
            avoided_kg_per_yr=0.0,
            avoided_kg=0.0,
            avoided_p05=float("nan"),
            avoided_p50=float("nan"),
            avoided_p95=float("nan"),
            cost=None,
            usd_per_kg=None,
            usd_per_kg_mercury=None,
            waste_effect="; ".join(dict.fromkeys(step.waste_effect for step in steps)),
            replicable=int(others.sum() - others[unit.place]),
        )
        return blank if verdict.applies == NO else self._with_effect(blank, unit, steps, accepted)

    def _with_effect(
        self, option: UnitOption, unit: UnitState, steps: tuple[Option, ...], accepted: Sequence[bool]
    ) -> UnitOption:
        computed = self._coals.reduction(unit.place)[0]
        outcome = self._outcomes.of(unit, steps, accepted, computed)
        left = outcome.left(unit.removal)
        air, hg_in = self._air[unit.place], self._balance[unit.place, 0]
        avoided = air * (1.0 - left)
        yearly, years = self.projection.yearly_kg[unit.place], self.projection.years
        works = years >= option.first_year
        if steps[0].mode == CLOSURE:
            works = years == option.end_year - 1
        levels = self._levels(unit, outcome, avoided, air)
        moved = hg_in * outcome.input_factor * outcome.shares - self._balance[unit.place, 1:]
        option = replace(
            option,
            train_after=outcome.train or option.train_before,
            removal_after=outcome.removal,
            avoided_kg_per_yr=avoided,
            avoided_kg=float(yearly[works].sum()) * (1.0 - left),
            avoided_p05=levels[0],
            avoided_p50=levels[1],
            avoided_p95=levels[2],
            waste_kg_per_yr={name: float(kg) for name, kg in list(zip(PATHWAYS, moved, strict=True))[AIR.stop :]},
            co_benefits={p: co_benefit(self.table, steps, unit.coal_class, p) for p in CO_BENEFITS},
        )
        return self._with_cost(option, unit, steps)

    def _with_cost(self, option: UnitOption, unit: UnitState, steps: tuple[Option, ...]) -> UnitOption:
        items = tuple(item for step in steps for item in step.items)
        years = option.end_year - option.first_year
        if not items or years <= 0:
            reason = "; ".join(filter(None, (option.reason, "" if items else NO_PRICE)))
            return replace(option, reason=reason)
        sold = unit.ash_sold if self.site.ash_sold is None else self.site.ash_sold
        if sold and any(step.carbon_in_ash for step in steps):
            items += (ASH_ITEM,)
        saved = 0.0
        if SAVED_ITEM in items:
            saving = next(step for step in steps if SAVED_ITEM in step.items)
            row = self.table.effect(saving.option, MERCURY, unit.coal_class)
            saved = row.value if row is not None and row.value is not None else 0.0
        cost = self.prices.of(items, unit.size, years, saved)
        per_year = option.avoided_kg_per_yr
        if per_year <= 0:
            return replace(option, cost=cost)
        low, high = (per_year * level if math.isfinite(level) and level > 0 else per_year
                     for level in (option.avoided_p05, option.avoided_p95))  # fmt: skip
        return replace(
            option,
            cost=cost,
            usd_per_kg=per_mass(cost.per_year, per_year, low, high),
            usd_per_kg_mercury=per_mass(cost.mercury_per_year, per_year, low, high),
        )

    def _levels(self, unit: UnitState, outcome: Outcome, avoided: float, air: float) -> tuple[float, float, float]:
        """Return percentiles of the avoided mercury over its mean [1]."""
        if not self._ends or avoided <= 0:
            return (math.nan,) * 3
        p05, p95 = (float(ends[unit.place]) / air for ends in self._ends)
        low, middle, high = (level * air / avoided for level in avoided_share(outcome, unit.removal, p05, p95))
        return low, middle, high


def _worse(one: Verdict, other: Verdict) -> Verdict:
    """Return what holds for two steps together: a no stands over an if, an if over a yes."""
    order = ("yes", IF, NO)
    worst = max((one, other), key=lambda verdict: order.index(verdict.applies))
    reasons = [v.reason for v in (one, other) if v.applies == worst.applies and v.reason]
    checks = tuple(dict.fromkeys((*one.checks, *other.checks)))
    return Verdict(worst.applies, "; ".join(dict.fromkeys(reasons)), max(one.place, other.place), checks)


def _price_key(option: UnitOption) -> float:
    return math.inf if option.usd_per_kg is None else option.usd_per_kg.value
