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
from hginventory.decisions.options.option_table import COMPUTE, Option, OptionTable
from hginventory.decisions.options.other_coal import OtherCoals
from hginventory.decisions.options.unit_conditions import IF, LAST, NO, YES, Applicability, Times, UnitConditions
from hginventory.decisions.options.unit_option import Site
from hginventory.units import percent
from hginventory.vocabulary import CEMENT_KILN, NONE, UNKNOWN, train_devices

MOST_OF = 0.5  # a step applies where it can go to at least half of the trains a unit may have
BUILDS = ("plant", "skid", "none")


class Judge:
    """Says whether steps can go to a unit.

    Parameters
    ----------
    table : OptionTable
        Options and effects.
    prices : Prices
        Holds building times and the years a step must run.
    coals : OtherCoals
        Says what a change of coal could bring.
    base_year : int
        First remaining year.
    """

    def __init__(self, table: OptionTable, prices: Prices, coals: OtherCoals, base_year: int) -> None:
        self.times = Times(
            {case: prices.basis("build_years", case=case) for case in BUILDS}, prices.basis("least_years")
        )
        self._table, self._coals, self._base_year = table, coals, base_year
        self._judge = lru_cache(maxsize=None)(self._judged)
        self._conditions_met: dict[tuple[int, Site], tuple[UnitConditions, ...]] = {}
        build = set(self.times.build.values())
        self._lives = sorted(build | {years + self.times.least for years in build})
        options = table.options.values()
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
        for today in self._all_conditions(unit, site):
            conditions, verdict = today, self._judge(steps[0].option, today)
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

    def build_years(self, steps: Sequence[Option]) -> float:
        """Return how long it takes until steps can run [yr]."""
        return max(self.times.build[step.build] for step in steps)

    def kind(self, unit: UnitState, site: Site) -> Hashable:
        """Return what decides, beside the steps, whether they apply and what share of the mercury they take out.

        Units of one kind differ in size, output and years, but not across any bound that a rule sets. Steps that are
        computed from the coal of the unit itself (`COMPUTE`) have no kinds.
        """
        left = self._years_left(unit)
        lives = -1 if math.isnan(left) else bisect_left(self._lives, left)  # a rule says no up to a bound itself
        sizes = -1 if unit.sector == CEMENT_KILN else bisect_right(self._sizes, unit.capacity_mw)
        coal = unit.parts, unit.high_cl_share, unit.low_class, unit.own_removal is not None, unit.removal
        return unit.sector, coal, unit.loop, unit.runs, lives, sizes, _coast(unit, site), _ash_sold(unit, site)

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
            coast=_coast(unit, site),
            ash_sold=_ash_sold(unit, site),
            must_cut=site.must_cut,
        )

    def _judged(self, option: str, conditions: UnitConditions) -> Applicability:
        fits = self._table.fits_class(option, conditions.coal_class)
        return judge(self._table.options[option], conditions, fits, self.times)


def _coast(unit: UnitState, site: Site) -> bool | None:
    return unit.coast if site.coast is None else site.coast


def _ash_sold(unit: UnitState, site: Site) -> bool | None:
    return unit.ash_sold if site.ash_sold is None else site.ash_sold


def _worse(one: Applicability, other: Applicability) -> Applicability:
    """Return what holds for two steps together: a no before an if, an if before a yes."""
    order = (YES, IF, NO)
    worst = max((one, other), key=lambda verdict: order.index(verdict.applies))
    reasons = [v.reason for v in (one, other) if v.applies == worst.applies and v.reason]
    checks = tuple(dict.fromkeys((*one.checks, *other.checks)))
    return Applicability(worst.applies, "; ".join(dict.fromkeys(reasons)), max(one.rank, other.rank), checks)
