"""The rules of the catalogue asked for whole units: which of the trains a unit may have can take some steps."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from hginventory.decisions.costs import Prices
from hginventory.decisions.options.applicability_rules import judge
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.lead_times import LeadTimes
from hginventory.decisions.options.option_table import COMPUTE, Option, OptionTable
from hginventory.decisions.options.other_coal import OtherCoals
from hginventory.decisions.options.unit_conditions import IF, LAST, NO, YES, Applicability, UnitConditions
from hginventory.decisions.options.unit_option import Site
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN, NONE, UNKNOWN, train_devices

MOST_OF = 0.5  # a step applies where it can go to at least half of the trains a unit may have


class Judge:
    """Says whether steps can go to a unit.

    Parameters
    ----------
    table : OptionTable
        Options and effects.
    prices : Prices
        Holds the years a step must run.
    lead_times : LeadTimes
        Time until a step runs, by kind of step and country.
    coals : OtherCoals
        Says what a change of coal could bring.
    base_year : int
        First remaining year.
    """

    def __init__(
        self, table: OptionTable, prices: Prices, lead_times: LeadTimes, coals: OtherCoals, base_year: int
    ) -> None:
        self.lead_times = lead_times
        self._least_years = prices.basis("least_years")
        self._table, self._coals, self._base_year = table, coals, base_year
        self._judge = lru_cache(maxsize=None)(self._judged)
        self._build_years = lru_cache(maxsize=None)(self.lead_times.years)
        self._conditions_met: dict[tuple[int, Site], tuple[UnitConditions, ...]] = {}
        options = table.options.values()
        self._kinds = {option.build for option in options}
        self._lives: dict[str, list[float]] = {}
        self._sizes = sorted({size for option in options for size in (option.mw_from, option.mw_to)})

    def verdict(self, unit: UnitState, steps: Sequence[Option], site: Site) -> tuple[Applicability, tuple[bool, ...]]:
        """Return the verdict on steps at a unit, and to which of its trains they can go.

        Parameters
        ----------
        unit : UnitState
            The unit.
        steps : sequence of Option
            In the order in which they are taken.
        site : Site
            What is known of its site.
        """
        verdicts: list[Applicability] = []
        added = frozenset().union(*(step.adds for step in steps))
        for today in self._all_conditions(unit, site):
            conditions = today if len(steps) == 1 else replace(today, beside=added)
            verdict = self._judge(steps[0].option, conditions)
            for before, step in pairwise(steps):
                if conditions.devices is not None:
                    conditions = replace(conditions, devices=(conditions.devices - before.replaces) | before.adds)
                verdict = _worse(verdict, self._judge(step.option, conditions))
            verdicts.append(verdict)
        accepted = tuple(verdict.applies != NO for verdict in verdicts)
        share = sum(part[0] for part, yes in zip(unit.parts, accepted, strict=True) if yes)
        wanted = share >= MOST_OF
        ranked = sorted(zip(unit.parts, verdicts, strict=True), key=lambda item: -item[0][0])
        verdict = next(v for _, v in ranked if (v.applies != NO) == wanted)
        if wanted:
            if reason := self.not_computed(unit, steps):
                return Applicability(NO, reason, LAST), accepted
            if share < 1.0:
                words = f"can go to {percent(share)} of the trains the unit may have: the train is not known"
                verdict = replace(verdict, reason="; ".join(filter(None, (verdict.reason, words))))
        return verdict, accepted

    def not_computed(self, unit: UnitState, steps: Sequence[Option]) -> str:
        """Return why a change of coal or meal among the steps would bring nothing at a unit; empty where it would."""
        return self._coals.reduction(unit.index)[1] if any(step.mode == COMPUTE for step in steps) else ""

    def build_years(self, unit: UnitState, steps: Sequence[Option]) -> int:
        """Return how long it takes until steps can run at a unit, whole years [yr]."""
        kinds = frozenset().union(*(step.build for step in steps))
        return self._build_years(self.lead_times.area(unit.size.country), kinds)

    def kind(self, unit: UnitState, site: Site) -> Hashable:
        """Return what decides, apart from the steps, whether they apply and what share of the mercury they remove.

        Units of one kind differ in size, output and years, but not across any bound that a rule sets. Steps that are
        computed from the coal of the unit itself (`COMPUTE`) have no kinds.
        """
        left = self._years_left(unit)
        area = self.lead_times.area(unit.size.country)
        lives = (
            -1 if math.isnan(left) else bisect_left(self._lives_of(area), left)
        )  # a rule says no up to a bound itself
        sizes = -1 if unit.sector == CEMENT_KILN else bisect_right(self._sizes, unit.capacity_mw)
        coal = unit.parts, unit.high_cl_share, unit.low_class, unit.own_removal is not None, unit.listed_removal
        at_site = site.coast_at(unit), site.ash_sold_at(unit)
        return unit.sector, coal, unit.cut, unit.loop, unit.runs, area, lives, sizes, *at_site

    def _lives_of(self, area: str) -> list[float]:
        """Return the remaining lives at which a rule changes its answer [yr]."""
        if area not in self._lives:
            build = {self._build_years(area, kinds) for kinds in self._kinds}
            self._lives[area] = sorted(build | {years + self._least_years for years in build})
        return self._lives[area]

    def _years_left(self, unit: UnitState) -> float:
        return unit.end_year - self._base_year if unit.is_life_known else math.nan

    def _all_conditions(self, unit: UnitState, site: Site) -> tuple[UnitConditions, ...]:
        """Return what the rules look at, for each of the trains a unit may have."""
        key = (unit.index, site)
        if key not in self._conditions_met:
            self._conditions_met[key] = tuple(
                self._conditions(unit, boiler, train, site) for _, boiler, train in unit.parts
            )
        return self._conditions_met[key]

    def _conditions(self, unit: UnitState, boiler: str, train: str, site: Site) -> UnitConditions:
        kiln = not boiler
        unknown = train == UNKNOWN and not kiln
        devices = None if unknown else frozenset() if train in (NONE, UNKNOWN) else frozenset(train_devices(train))
        return UnitConditions(
            sector=unit.sector,
            runs=unit.runs,
            devices=devices,
            boiler=boiler,
            coal_class=unit.coal_class,
            capacity_mw=unit.capacity_mw,
            years_left=self._years_left(unit),
            open_controls=unit.open_controls,
            dust_stated=unit.dust_stated,
            space=site.space,
            coast=site.coast_at(unit),
            ash_sold=site.ash_sold_at(unit),
            must_cut=site.must_cut,
            country=self.lead_times.area(unit.size.country),
        )

    def _judged(self, option: str, conditions: UnitConditions) -> Applicability:
        fits = self._table.fits_class(option, conditions.coal_class)
        step = self._table.options[option]
        years = self._build_years(conditions.country, step.build)
        return judge(step, conditions, fits, years, self._least_years)


def _worse(one: Applicability, other: Applicability) -> Applicability:
    """Return the answer for two steps together: a no before an if, an if before a yes."""
    order = (YES, IF, NO)
    worst = max((one, other), key=lambda verdict: order.index(verdict.applies))
    reasons = [v.reason for v in (one, other) if v.applies == worst.applies and v.reason]
    checks = tuple(dict.fromkeys((*one.checks, *other.checks)))
    rank, conditions = max(one.rank, other.rank), one.conditions | other.conditions
    return Applicability(worst.applies, "; ".join(dict.fromkeys(reasons)), rank, checks, conditions)
