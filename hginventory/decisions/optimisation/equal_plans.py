"""Scenarios compared with the least-cost plan for equal kilograms and the plan that avoids most for equal money.

A plan may take what the scenario does at a unit, or any priced step that applies without conditions, in any year from
the first measure of the scenario on. The scenario is one of these plans, so that no plan is worse than it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.costs import Horizon
from hginventory.decisions.optimisation.as_scenario import Planner
from hginventory.decisions.optimisation.available_steps import steps_at_units, unit_option
from hginventory.decisions.optimisation.dated_steps import by_start_year
from hginventory.decisions.optimisation.goals import MILLION, Goal, Rules
from hginventory.decisions.optimisation.solver import GAP, Solution, least_cost, most_gain
from hginventory.decisions.options import StepTable, joined, plain_steps
from hginventory.decisions.scenarios import AppliedScenario, avoided_in_draws, p_highest, scenario_cost
from hginventory.vocabulary import CEMENT_KILN

SCENARIO, EQUAL_KG, EQUAL_MONEY = "scenario", "equal_kg", "equal_money"
LABELS: Mapping[str, str] = {SCENARIO: "", EQUAL_KG: ", equal kg", EQUAL_MONEY: ", equal money"}
AS_IN_SCENARIO = "as in the scenario"
COLUMNS = ("plan", "scenario", "kind", "units", "kg_per_yr", "annuity_musd", "usd_per_kg", "p_cheapest", "avoided_kg",
           "npv_musd", "more_kg", "more_npv_musd", "gap", "status", "units_without_price")  # fmt: skip
STEP_COLUMNS = ("plan", "unit_id", "plant", "unit", "sector", "option", "year", "avoided_kg", "npv")


@dataclass(frozen=True)
class EqualPlans:
    """Scenarios compared with plans for equal kilograms and for equal money.

    Attributes
    ----------
    table : DataFrame
        plan, scenario, kind (scenario, equal_kg, equal_money), units, kg_per_yr, annuity_musd [million/yr], usd_per_kg,
        p_cheapest (share of the draws in which its cost per kilogram is the lowest of all rows; ties share a draw),
        avoided_kg, npv_musd, more_kg and more_npv_musd (than the scenario), gap, status, units_without_price (their
        scenario has no costs and no plans). A scenario that avoids nothing has no plans.
    steps : DataFrame
        plan, unit_id, plant, unit, sector, option, year, avoided_kg, npv of the plans.
    """

    table: pd.DataFrame
    steps: pd.DataFrame


def equal_plans(
    applied: Sequence[AppliedScenario],
    *,
    equal_kg: bool = True,
    equal_money: bool = True,
    draws: int = 0,
    seed: int = 1,
    gap: float = GAP,
) -> EqualPlans:
    """Return scenarios compared with the least-cost plan for equal kilograms and the best plan for equal money.

    Mercury is that to air over all years of the run, not discounted. Conditions, lead times and build-up limit neither
    the scenarios nor the plans, except that steps which the scenario does not take must apply without conditions.

    Parameters
    ----------
    applied : sequence of AppliedScenario
        Scenarios of one baseline.
    equal_kg, equal_money : bool
        Which plans are made.
    draws, seed : int
        Draws in which costs per kilogram are compared; 0: none.
    gap : float
        Accepted distance from the optimum.

    Examples
    --------
    >>> import hginventory as hg
    >>> run = hg.project("indonesia", where="capacity_mw >= 900", draws=0)
    >>> table = equal_plans(run.compare(["blanket_bat"]).applied).table
    >>> table["plan"].tolist()
    ['blanket_bat', 'blanket_bat, equal kg', 'blanket_bat, equal money']
    >>> bool(table["usd_per_kg"].iloc[0] >= table["usd_per_kg"].iloc[1])
    True
    """
    search = _Search(applied[0], gap)
    kinds = [kind for kind, asked in ((EQUAL_KG, equal_kg), (EQUAL_MONEY, equal_money)) if asked]
    rows: list[dict[str, Any]] = []
    as_scenarios: list[AppliedScenario] = []
    steps: list[pd.DataFrame] = []
    for one in applied:
        own = _own_choices(one, search.catalogue.horizon)
        rows.append(search.row(one, own))
        as_scenarios.append(one)
        if own.without_price or not own.kg > 0:
            continue
        found = search.candidates(one, own.steps)
        for kind in kinds:
            chosen, solution = search.best(kind, own, found)
            row = search.row(one, own, kind, found.taken(chosen), solution)
            rows.append(row)
            steps.append(search.listed(str(row["plan"]), found, chosen))
            as_scenarios.append(search.applied(one, found, chosen) if draws else one)
    table = pd.DataFrame(rows)
    table["p_cheapest"] = _p_cheapest(table, as_scenarios, draws, seed)
    listed = pd.concat(steps, ignore_index=True) if steps else pd.DataFrame(columns=list(STEP_COLUMNS))
    return EqualPlans(table[list(COLUMNS)], listed)


@dataclass(frozen=True)
class _OwnChoices:
    """What a scenario does at each unit as one step, and the number of units where that has no price."""

    steps: StepTable
    without_price: int

    @property
    def kg(self) -> float:
        """Mercury avoided [kg]."""
        return _total(self.steps.avoided)

    @property
    def npv(self) -> float:
        """Present value of the costs; NaN where not all of them are known [money]."""
        return math.nan if self.without_price else _total(self.steps.cost)


def _own_choices(one: AppliedScenario, horizon: Horizon) -> _OwnChoices:
    """Return the kilograms that a scenario avoids at each unit and what that costs there, all measures together."""
    baseline = one.baseline
    kg = baseline.projection.yearly_kg.sum(axis=1) - one.lifetime_kg
    cost = scenario_cost(one)
    money = pd.Series(dtype=float)
    if "npv" in cost.units:
        money = cost.units.dropna(subset=["npv"]).groupby("unit_id")["npv"].sum()
    npv = money.reindex(baseline.ids).to_numpy(dtype=np.float64)
    changed = np.zeros(kg.size, dtype=np.bool_)
    changed[one.changed()] = True
    unit = np.flatnonzero(changed | (np.nan_to_num(npv) != 0.0))
    first = {name: min(change.first for change in changes) for name, changes in one.plan.items()}
    year = np.array([first.get(baseline.ids[index], horizon.base_year) for index in unit], dtype=np.int64)
    own = plain_steps(unit, kg[unit], np.nan_to_num(npv)[unit], year)
    return _OwnChoices(own, max(cost.unpriced, int((changed & np.isnan(npv)).sum())))


class _Search:
    """What the plans of all scenarios share."""

    def __init__(self, one: AppliedScenario, gap: float) -> None:
        self.baseline, self.gap = one.baseline, gap
        self.catalogue = one.baseline.at_once
        self.planner = Planner(self.catalogue, self.baseline)
        self._dated: dict[tuple[int, bool], StepTable] = {}

    def candidates(self, one: AppliedScenario, own: StepTable) -> StepTable:
        """Return what plans may take: at each unit the choice of the scenario, then the other steps."""
        rules = Rules(
            not_before=max(int(own.start_year.min()), self.catalogue.horizon.base_year),
            with_kilns=bool(self._is_kiln[one.changed()].any()),
        )
        key = (int(rules.not_before or 0), rules.with_kilns)
        if key not in self._dated:
            goal = Goal.of_all_years(self.catalogue.horizon)
            self._dated[key] = by_start_year(self._at_units, self.catalogue, goal, rules)
        return joined([own, self._dated[key]])

    @cached_property
    def _at_units(self) -> StepTable:
        return steps_at_units(self.catalogue, Rules())

    @cached_property
    def _is_kiln(self) -> Flags:
        return np.asarray(self.baseline.projection.units["sector"].eq(CEMENT_KILN))

    def best(self, kind: str, own: _OwnChoices, found: StepTable) -> tuple[Ints, Solution | None]:
        """Return the best plan of a kind and how good it is; the scenario itself where the search found none better."""
        if kind == EQUAL_KG:
            solution = least_cost(found, own.kg, gap=self.gap)
            better = solution is not None and solution.cost < own.npv
        else:
            solution = most_gain(found, own.npv, net=True, gap=self.gap)
            better = solution.gain > own.kg
        return (solution.chosen if solution is not None and better else np.flatnonzero(_is_own(found))), solution

    def row(
        self,
        one: AppliedScenario,
        own: _OwnChoices,
        kind: str = SCENARIO,
        plan: StepTable | None = None,
        solution: Solution | None = None,
    ) -> dict[str, Any]:
        """Return the row of a scenario, or of a plan compared with it."""
        horizon = self.catalogue.horizon
        kg, npv = (own.kg, own.npv) if plan is None else (_total(plan.avoided), _total(plan.cost))
        return {
            "plan": f"{one.scenario.name}{LABELS[kind]}",
            "scenario": one.scenario.name,
            "kind": kind,
            "units": len(one.changed()) if plan is None else plan.size,
            "kg_per_yr": kg / horizon.years,
            "annuity_musd": npv * horizon.annuity / MILLION,
            "usd_per_kg": npv * horizon.per_kg / kg if kg > 0 else math.nan,
            "avoided_kg": kg,
            "npv_musd": npv / MILLION,
            "more_kg": kg - own.kg,
            "more_npv_musd": (npv - own.npv) / MILLION,
            "gap": math.nan if solution is None else solution.gap,
            "status": "" if solution is None else solution.status,
            "units_without_price": own.without_price,
        }

    def listed(self, plan: str, found: StepTable, chosen: Ints) -> pd.DataFrame:
        """Return the steps of a plan, the largest first."""
        own = found.taken(chosen)
        units = self.baseline.projection.units.iloc[own.unit][["plant", "unit", "sector"]]
        table = units.rename_axis("unit_id").reset_index()
        table.insert(0, "plan", plan)
        names = [found.names[step] or AS_IN_SCENARIO for step in own.step.tolist()]
        years = own.start_year.astype(np.int64)
        table = table.assign(option=names, year=years, avoided_kg=own.avoided, npv=own.cost)
        return table.sort_values(["avoided_kg", "unit_id"], ascending=[False, True], ignore_index=True)

    def applied(self, one: AppliedScenario, found: StepTable, chosen: Ints) -> AppliedScenario:
        """Return a plan as a scenario, so that it can be drawn."""
        is_own = _is_own(found)[chosen]
        options = [unit_option(self.catalogue, found, row, priced=False) for row in chosen[~is_own].tolist()]
        units = [self.baseline.ids[index] for index in found.unit[chosen[is_own]].tolist()]
        return self.planner.beside(
            [(option, int(option.first_year)) for option in options], one, [unit for unit in units if unit in one.plan]
        )


def _is_own(found: StepTable) -> Flags:
    """Return which rows are choices of the scenario: they name no option of the catalogue."""
    return np.array([not step for step in found.steps], dtype=np.bool_)[found.step]


def _total(values: Floats) -> float:
    """Return a sum that does not depend on the order, so that equal plans have equal sums."""
    return math.fsum(values.tolist())


def _p_cheapest(table: pd.DataFrame, applied: Sequence[AppliedScenario], draws: int, seed: int) -> Floats:
    """Return how likely the kilogram of each row is the cheapest, NaN without a price; kg are drawn, prices are not."""
    out = np.full(len(table), np.nan)
    rows = np.flatnonzero(table["usd_per_kg"].notna().to_numpy())
    if not draws or rows.size < 2:
        return out
    drawn = avoided_in_draws([applied[row] for row in rows.tolist()], draws, seed)
    price = [
        -np.divide(npv, one.life, out=np.full(draws, np.inf), where=one.life > 0)
        for npv, one in zip(table["npv_musd"].to_numpy()[rows].tolist(), drawn, strict=True)
    ]
    out[rows] = p_highest(price)
    return out
