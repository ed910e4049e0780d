"""A plan: which unit gets which option in which year, found, checked on all draws, and written down."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats, Ints
from hginventory.decisions.costs import NOTHING, Range
from hginventory.decisions.optimisation.abatement_curve import Frontier, greedy, least_cost_frontier
from hginventory.decisions.optimisation.as_scenario import Planner
from hginventory.decisions.optimisation.available_steps import steps_at_units, unit_option
from hginventory.decisions.optimisation.build_up import Limits, build_up
from hginventory.decisions.optimisation.dated_steps import by_start_year, earlier, with_counted_units
from hginventory.decisions.optimisation.goals import SHARE, Goal, Rules, counted_kg, emission_in, needed
from hginventory.decisions.optimisation.leaning import leaning, starts
from hginventory.decisions.optimisation.result import Plan
from hginventory.decisions.optimisation.robustness import FleetDraws, regret
from hginventory.decisions.optimisation.solver import FINE_GAP, GAP, Solution, least_cost, most_gain
from hginventory.decisions.optimisation.tables import plan_table, shown_frontier
from hginventory.decisions.optimisation.unreachable import unreachable
from hginventory.decisions.options import Catalogue, StepTable, UnitOption
from hginventory.decisions.scenarios import AppliedScenario
from hginventory.errors import UnreachableTargetError, UsageError

KILNS_OUT = (
    "cement kilns stay as they are, as no operating cost of kiln steps is available: compared with coal units they "
    "would look cheaper than they are"
)
UNKNOWN = Range.exact(math.nan)
ROUNDS = 7  # of the bisection: the tightening is known to 1/128 of its range


def make_plan(
    catalogue: Catalogue,
    goal: Goal,
    rules: Rules | None = None,
    *,
    draws: int = 0,
    seed: int = 1,
    confidence: float | None = None,
    gap: float = GAP,
    most_per_kg: float | None = None,
) -> Plan:
    """Find the cheapest plan for a target, or the plan that avoids most for a budget.

    Parameters
    ----------
    catalogue : Catalogue
        Options of a run on chosen terms.
    goal, rules
        What is asked, and what must be kept to.
    draws, seed : int
        Draws on which the plan is checked; 0: central values only.
    confidence : float, optional
        Probability with which the target must be met [0-1]: the plan avoids more than the central run asks for.
    gap : float
        Accepted distance from the optimum.
    most_per_kg : float, optional
        Cost of a kilogram up to which the frontier is shown [money/kg]; default: `cost_basis`, `frontier_price`.

    Raises
    ------
    UnreachableTargetError
        If no plan meets the target; the message says what can be had and which rule binds.
    UsageError
        If an option cannot be used.

    Examples
    --------
    >>> import hginventory as hg
    >>> from hginventory.decisions.optimisation.goals import make_goal
    >>> run = hg.project("indonesia", where="capacity_mw >= 600", draws=0)
    >>> catalogue = Catalogue(run.projection)
    >>> plan = make_plan(catalogue, make_goal(run.projection, target="50%", by=2035))
    >>> plan.summary["status"], bool(plan.summary["avoided_share"] >= 0.499)
    ('optimal', True)
    """
    if confidence is not None and not (0 < confidence < 1 and draws and goal.has_target):
        words = "use a probability between 0 and 1, as 0.9, with a target and with draws."
        raise UsageError(words, parameter="confidence", allowed=(0.0, 1.0))
    shown = catalogue.prices.basis("frontier_price") if most_per_kg is None else most_per_kg
    if not shown > 0:
        words = f"{shown:g} a kilogram shows no step. Write a number above 0, as 100000."
        raise UsageError(words, parameter="most_per_kg", allowed=(0.0, math.inf))
    return _Search(catalogue, goal, rules or Rules(), draws, seed, gap).plan(confidence, shown)


class _Search:
    """What the parts of a search share."""

    def __init__(self, catalogue: Catalogue, goal: Goal, rules: Rules, draws: int, seed: int, gap: float) -> None:
        self.catalogue, self.rules, self.gap = catalogue, rules, gap
        self.projection, self.terms = catalogue.projection, catalogue.prices.terms
        self.horizon = catalogue.horizon
        self.goal = with_counted_units(goal, self.projection, rules)
        self.budget = self.goal.most_npv(self.horizon)
        self.pace = build_up(catalogue, rules.build_rate)
        self.limits: Limits = {"per_year": rules.per_year, "pace": self.pace, "most_units": rules.max_units}
        self.at_units = steps_at_units(catalogue, rules)
        self.found = self.by_start_year(rules)
        self.planner = Planner(catalogue)
        self._options: dict[int, UnitOption] = {}  # of rows asked for so far
        self.fleet = FleetDraws.of(self.projection, draws, seed, self.goal.sector) if draws else None
        yearly = counted_kg(self.projection, self.goal.sector).sum(axis=0)
        self.need = float(needed(goal, yearly[:, None], self.base_year)[0]) if goal.has_target else math.nan

    @property
    def base_year(self) -> int:
        return self.projection.settings.base_year

    def by_start_year(self, rules: Rules) -> StepTable:
        same = rules.accept == self.rules.accept
        at_units = self.at_units if same else steps_at_units(self.catalogue, rules)
        return by_start_year(at_units, self.catalogue, self.goal, rules)

    def plan(self, confidence: float | None, most_per_kg: float) -> Plan:
        solution = self.solve(self.need)
        applied = self.applied(solution)
        avoided = None if self.fleet is None else self.fleet.avoided(applied, self.goal)
        first, tightened = self.met(avoided), self.need
        plain_cost = solution.cost
        if confidence is not None and self.fleet is not None and first < confidence:
            tightened, solution, applied, avoided = self.tighten(confidence, self.fleet)
        frontier = least_cost_frontier(self.found)
        shown, dearer = shown_frontier(self.found, frontier, self.catalogue, self.goal, most_per_kg)
        table = plan_table(self.catalogue, self.found, solution, self.goal, self.options(solution.chosen))
        summary = self.summary(solution, applied, frontier, tightened) | self.carried_out(solution)
        summary |= {"frontier_usd_per_kg": most_per_kg, "frontier_dearer_steps": dearer}
        soon = table[table["closes_soon"].astype(bool)]
        summary |= {"least_years": self.catalogue.prices.basis("least_years"),
                    "closing_soon_units": len(soon), "closing_soon_kg": float(soon["avoided_kg"].sum())}  # fmt: skip
        if avoided is not None and self.fleet is not None:
            low, high = np.quantile(avoided, (0.05, 0.95))
            summary |= {"draws": self.fleet.draws, "seed": self.fleet.seed}
            summary |= {"avoided_kg_p05": float(low), "avoided_kg_p95": float(high)}
            if self.goal.has_target:
                summary = {"p_met": self.met(avoided), "p_met_of_central_target": first} | summary
        if confidence is not None:
            summary |= {"confidence": confidence, "tightened_kg": tightened, "npv_of_central_target": plain_cost}
        return Plan(
            self.goal,
            self.rules,
            table,
            shown,
            self.regret(solution, frontier, avoided),
            summary,
            applied,
            self.terms.currency,
            self.capital_only(solution),
            starts(self.found.taken(solution.chosen), self.catalogue),
        )

    def solve(self, need: float) -> Solution:
        if not self.goal.has_target:
            return self.earlier(most_gain(self.found, self.budget, **self.limits, gap=self.gap))
        found = least_cost(self.found, need, **self.limits, gap=self.gap)
        if found is None:
            raise UnreachableTargetError(unreachable(self.goal.words(self.base_year), need, self.rules, self.best))
        return self.earlier(found)

    def applied(self, solution: Solution) -> AppliedScenario:
        title = str(self.goal.plan_title(self.base_year))
        return self.planner.applied(self.steps(solution.chosen), "plan", title)

    def steps(self, chosen: Ints) -> list[tuple[UnitOption, int]]:
        return [(option, int(option.first_year)) for option in self.options(chosen)]

    def options(self, chosen: Ints) -> list[UnitOption]:
        rows = chosen.tolist()
        for row in rows:
            if row not in self._options:
                self._options[row] = unit_option(self.catalogue, self.found, row)
        return [self._options[row] for row in rows]

    def met(self, avoided: Floats | None) -> float:
        """Return the share of draws in which the target is met; NaN without draws or target."""
        if avoided is None or self.fleet is None or not self.goal.has_target:
            return math.nan
        return float((avoided >= self.fleet.needed(self.goal)).mean())

    def tighten(self, confidence: float, fleet: FleetDraws) -> tuple[float, Solution, AppliedScenario, Floats]:
        """Return the least gain to ask for, by bisection, with which the target is met often enough, and its plan."""
        most = self.most(self.rules)
        low, high = self.need, most.gain
        held = self.checked(high, self.earlier(most), fleet)
        if self.met(held[3]) < confidence:
            raise UnreachableTargetError(
                f"the target ({self.goal.words(self.base_year)}) is met with a probability of {self.met(held[3]):.2f} "
                f"at most, by a plan that avoids {high:,.0f} kg; {confidence:g} was asked for. Ask for less, or for a "
                "lower `confidence`; coal analyses and stack tests narrow the draws (hginv sensitivity names them)."
            )
        for _ in range(ROUNDS):
            middle = (low + high) / 2.0
            tried = self.checked(middle, self.solve(middle), fleet)
            if self.met(tried[3]) >= confidence:
                high, held = middle, tried
            else:
                low = middle
        return held

    def checked(
        self, gain: float, solution: Solution, fleet: FleetDraws
    ) -> tuple[float, Solution, AppliedScenario, Floats]:
        applied = self.applied(solution)
        return gain, solution, applied, fleet.avoided(applied, self.goal)

    def most(self, rules: Rules) -> Solution:
        """Return the plan that avoids most under some rules."""
        steps = self.found if rules is self.rules else self.by_start_year(rules)
        pace = None if rules.build_rate is None else self.pace
        return most_gain(steps, per_year=rules.per_year, pace=pace, most_units=rules.max_units, gap=FINE_GAP)

    def best(self, rules: Rules) -> float:
        """Return the most that can be avoided under some rules [kg]."""
        return self.most(rules).gain

    def earlier(self, solution: Solution) -> Solution:
        chosen = earlier(self.found, solution.chosen, self.rules.per_year, self.pace)
        plan = self.found.taken(chosen)
        return replace(solution, chosen=chosen, gain=float(plan.avoided.sum()), cost=float(plan.cost.sum()))

    def regret(self, solution: Solution, frontier: Frontier, avoided: Floats | None) -> pd.DataFrame:
        if self.fleet is None or avoided is None:
            return pd.DataFrame()
        used = np.concatenate([frontier.start, frontier.after, solution.chosen])
        table = regret(self.fleet, self.planner, self.found, self.goal, solution, avoided,
                       budget=self.budget, considered=used, **self.limits)  # fmt: skip
        return table.assign(**self.terms.books())

    def summary(self, solution: Solution, applied: AppliedScenario, frontier: Frontier, asked: float) -> dict[str, Any]:
        plan, base = self.found.taken(solution.chosen), self.projection
        by = self.goal.by if self.goal.kind == SHARE else None
        sector = self.goal.sector
        years = slice(None) if by is None else by - self.base_year
        whole = float(counted_kg(base, sector)[:, years].sum())
        left = float(counted_kg(base, sector, applied.yearly_kg)[:, years].sum())
        simple = self.found.taken(self.simple(asked))
        costs = [option.cost for option in self.options(solution.chosen) if option.cost is not None]
        npv, annual, capital = (sum((getattr(cost, name) for cost in costs), NOTHING)
                                for name in ("npv", "annuity", "capital"))  # fmt: skip
        in_all = float(base.yearly_kg.sum() - applied.yearly_kg.sum())
        out: dict[str, Any] = {
            "goal": self.goal.words(self.base_year),
            "status": solution.status,
            "gap": solution.gap,
            "candidates": self.found.size,
            "units_changed": plan.size,
            "retrofits": int((~plan.closes).sum()),
            "needed_kg": self.need,
            "avoided_kg": solution.gain,
            "avoided_kg_in_scenario": whole - left,
            "of_kg": whole,
            "base_year_kg": emission_in(base, self.base_year, sector),
            "past_age_kg": float(base.past_age_kg.sum()),
            "avoided_share": solution.gain / whole if whole > 0 else math.nan,
            "avoided_to_end_kg": in_all,
            "horizon_years": self.horizon.years,
            "first_start": int(plan.start_year.min()) if plan.size else None,
            "last_start": int(plan.start_year.max()) if plan.size else None,
            **npv.columns("npv"),
            **annual.columns("annuity"),
            **capital.columns("capital"),
            **(npv.times(self.horizon.per_kg / in_all) if in_all > 0 else UNKNOWN).columns("usd_per_kg"),
            "npv_bound": frontier.bound(asked) if self.goal.has_target else math.nan,
            "greedy_npv": float(simple.cost.sum()),
            "greedy_avoided_kg": float(simple.avoided.sum()),
            "capital_only_steps": sum(cost.capital_only for cost in costs),
            "cost_terms": self.catalogue.statement(),
        }
        return out

    def capital_only(self, solution: Solution) -> frozenset[str]:
        """Return the units whose step has no operating cost available."""
        return frozenset(o.unit_id for o in self.options(solution.chosen) if o.cost is not None and o.cost.capital_only)

    def simple(self, asked: float) -> Ints:
        bound = {"least_gain": asked} if self.goal.has_target else {"budget": self.budget}
        return greedy(self.found, **bound, **self.limits)

    def carried_out(self, solution: Solution) -> dict[str, Any]:
        """Return what a plan leans on, and how fast it is built, as flat numbers and words."""
        countries = sorted({unit.size.country for unit in self.catalogue.state.units})
        return {
            **leaning(self.found.taken(solution.chosen)),
            "accepted": ", ".join(self.rules.accept.names),
            "lead_times": self.catalogue.lead_times.statement(countries),
            "build_up": "no limit" if self.pace is None else self.pace.statement(),
            "kilns": KILNS_OUT if self.goal.sector else "",
        }
