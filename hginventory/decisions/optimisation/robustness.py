"""A plan on all draws: avoided emissions compared with its target, and with the best plan of single draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from hginventory._types import Floats, Ints
from hginventory.decisions.optimisation.as_scenario import Planner
from hginventory.decisions.optimisation.available_steps import unit_option
from hginventory.decisions.optimisation.build_up import Limits
from hginventory.decisions.optimisation.goals import SHARE, Goal, needed
from hginventory.decisions.optimisation.solver import Solution, least_cost, most_gain
from hginventory.decisions.options import StepTable
from hginventory.decisions.scenarios import AppliedScenario, avoided_in_draws, scenario_input
from hginventory.ensemble import rates_in_draws, sums_by_draw
from hginventory.projection import Projection
from hginventory.uncertainty import assemble

REGRET_LEVELS = {"low": 0.05, "median": 0.5, "high": 0.95}


@dataclass(frozen=True)
class FleetDraws:
    """The baseline, in draws.

    Attributes
    ----------
    projection : Projection
        The run.
    draws, seed : int
        Number of draws and seed.
    yearly : ndarray of float, shape (Y, S)
        Mercury to air by year from the base year on [kg].
    """

    projection: Projection
    draws: int
    seed: int
    yearly: Floats

    @classmethod
    def of(cls, projection: Projection, draws: int, seed: int, sector: str = "") -> FleetDraws:
        """Draw a fleet, or the units of one sector of it."""
        units = projection.units["sector"]
        everything = {"all": [str(unit) for unit in (units[units.eq(sector)] if sector else units).index]}
        given = assemble(projection, everything, everything, top=1, lifetime_spread=0.0)
        return cls(projection, draws, seed, sums_by_draw(given, draws, seed)[1][0])

    def needed(self, goal: Goal) -> Floats:
        """Return what must be avoided for a target in each draw [kg], shape (S,)."""
        return needed(goal, self.yearly, self.projection.settings.base_year)

    def avoided(self, one: AppliedScenario, goal: Goal) -> Floats:
        """Return what a plan avoids in each draw, in the year of a target or to the end of life [kg], shape (S,)."""
        changed = one.changed()
        if not changed:
            return np.zeros(self.draws)
        if any(self.projection.cut_of(unit) is not None for unit in changed):  # no altered unit is above itself
            drawn = avoided_in_draws([one], self.draws, self.seed)[0]
            return drawn.life if goal.kind != SHARE else drawn.yearly[goal.by - self.projection.settings.base_year]
        life_sums, yearly_sums = sums_by_draw(scenario_input(one, changed), self.draws, self.seed)
        if goal.kind != SHARE:
            return np.asarray(life_sums[0] - life_sums[1])
        year = goal.by - self.projection.settings.base_year
        return np.asarray(yearly_sums[0][year] - yearly_sums[1][year])


def gains_in_draws(fleet: FleetDraws, planner: Planner, found: StepTable, rows: Ints, draws: Ints) -> Floats:
    """Return how much steps avoid in some draws over what they avoid in the central run [1], shape (rows, draws).

    All steps are drawn, each unit once for each of its steps, on the same draws as the fleet.

    Parameters
    ----------
    fleet : FleetDraws
        The fleet.
    planner : Planner
        Turns steps into measures.
    found : StepTable
        Steps; their start years are not looked at.
    rows : ndarray of int
        Rows of the steps asked for.
    draws : ndarray of int
        Numbers of draws.
    """
    base_year = fleet.projection.settings.base_year
    units, factor = found.unit[rows].tolist(), np.ones((rows.size, draws.size))
    rounds: dict[int, list[int]] = {}
    seen: dict[int, int] = {}
    for number, unit in enumerate(units):
        seen[unit] = seen.get(unit, -1) + 1
        rounds.setdefault(seen[unit], []).append(number)
    for numbers in rounds.values():
        options = (unit_option(planner.catalogue, found, row, priced=False) for row in rows[numbers].tolist())
        one = planner.at_units([(option, base_year) for option in options])
        changed = one.changed()
        count = len(changed)
        given = scenario_input(one, changed)
        rates = rates_in_draws(given, fleet.draws, fleet.seed, draws)
        central = given.rows.central.sum(axis=1)[given.rate_row]
        line = {unit: before for before, unit in enumerate(changed)}
        for number in numbers:
            before = line.get(units[number])
            if before is None:
                continue
            expected, gained = central[before] - central[count + before], rates[before] - rates[count + before]
            if fleet.projection.cut_of(units[number]) is not None:  # held to a limit, and never above the unit as it is
                expected, gained = found.avoided[rows[number]], np.maximum(gained, 0.0)
            if expected > 0:
                factor[number] = gained / expected
    return factor


def regret(
    fleet: FleetDraws, planner: Planner, found: StepTable, goal: Goal, solution: Solution, avoided: Floats, *,
    budget: float, considered: Ints, **limits: Unpack[Limits],
) -> pd.DataFrame:  # fmt: skip
    """Return the plan compared with the best plan of a low, a median and a high draw.

    Parameters
    ----------
    fleet, planner, found, goal
        As elsewhere.
    solution : Solution
        The plan.
    avoided : ndarray of float, shape (S,)
        What it avoids in each draw [kg].
    budget : float
        Most that may be spent, where there is no target [money, present value].
    considered : ndarray of int
        Rows of the steps that the best plans may take, in whatever year they start.
    **limits
        What limits a plan, as of `build_up.Limits`.

    Returns
    -------
    DataFrame
        draw (low, median, high: by how far the plan gets), needed_kg, avoided_kg, short_kg, plan_npv, best_npv,
        dearer (plan less best), best_avoided_kg. The best plan knows its draw; no real plan can.
    """
    need = fleet.needed(goal) if goal.has_target else np.full(fleet.draws, np.nan)
    reached = avoided / np.maximum(need, 1e-9) if goal.has_target else avoided
    order = np.argsort(reached, kind="stable")
    picked = np.array([order[round(level * (fleet.draws - 1))] for level in REGRET_LEVELS.values()])
    number = found.step_at_unit()
    asked, first = np.unique(number[considered], return_index=True)
    factor = gains_in_draws(fleet, planner, found, considered[first], picked)
    possible = np.isin(number, asked)
    steps, index = found.taken(possible), np.searchsorted(asked, number[possible])
    rows = []
    for column, (name, draw) in enumerate(zip(REGRET_LEVELS, picked.tolist(), strict=True)):
        avoided_then = steps.avoided * factor[index, column]
        own = steps.taken(avoided_then > 0, avoided=avoided_then[avoided_then > 0])
        best = least_cost(own, float(need[draw]), **limits) if goal.has_target else most_gain(own, budget, **limits)
        best_cost, best_gain = (best.cost, best.gain) if best else (np.nan, np.nan)
        row: dict[str, object] = {"draw": name, "needed_kg": float(need[draw]), "avoided_kg": float(avoided[draw])}
        row |= {"short_kg": max((float(need[draw]) if goal.has_target else best_gain) - float(avoided[draw]), 0.0)}
        row |= {"plan_npv": solution.cost, "best_npv": best_cost, "dearer": solution.cost - best_cost}
        rows.append({**row, "best_avoided_kg": best_gain})
    return pd.DataFrame(rows)
