"""Tables of a plan: its steps, and the least-cost frontier that it lies on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hginventory.decisions.optimisation.abatement_curve import Frontier, least_cost_frontier
from hginventory.decisions.optimisation.dated_steps import to_the_end
from hginventory.decisions.optimisation.goals import SHARE, Goal, counted_kg, emission_in
from hginventory.decisions.optimisation.solver import Solution
from hginventory.decisions.optimisation.steps_by_unit import NO_STEP
from hginventory.decisions.options import Catalogue, Condition, StepTable, UnitOption
from hginventory.errors import UsageError


def closes_soon(goal: Goal, catalogue: Catalogue, end_year: float) -> bool:
    """Return whether a unit closes within ``least_years`` after the year of a target; False for other goals.

    Such a unit costs little for the year of the target, and much for a kilogram.
    """
    return goal.kind == SHARE and end_year <= goal.by + catalogue.prices.basis("least_years")


def plan_table(
    catalogue: Catalogue, found: StepTable, solution: Solution, goal: Goal, options: Sequence[UnitOption]
) -> pd.DataFrame:
    """Return the steps of a plan, the largest first.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    found : StepTable
        All steps by start year.
    solution : Solution
        Those taken.
    goal : Goal
        What was asked.
    options : sequence of UnitOption
        The steps taken, as options.

    Returns
    -------
    DataFrame
        year, unit_id, plant, unit, sector, option, name, applies, conditions, checks, train_before, train_after,
        avoided_kg_per_yr (full year), avoided_kg (in the year of the target, or to the end of life), avoided_to_end_kg,
        moved_to_sea_kg_per_yr, moved_to_ash_kg_per_yr, capital, npv and annuity with low and high, usd_per_kg (annuity
        over avoided a year, over all years of the run), end_year (first year in which the unit is closed),
        closes_soon (within ``least_years`` of `cost_basis` after the year of a target), currency, price_year, rate,
        life_years, cost_covers.
    """
    units, terms = catalogue.projection.units, catalogue.prices.terms
    rows = []
    for row, option in zip(solution.chosen.tolist(), options, strict=True):
        unit, cost = units.loc[option.unit_id], option.cost
        if cost is None or option.usd_per_kg is None:
            raise UsageError(f"{option.option} at {option.unit_id} has no cost. Use an option whose cost is known.")
        checks = (option.reason, *option.checks) if option.applies != "yes" else option.checks
        rows.append(
            {
                "year": int(option.first_year),
                "unit_id": option.unit_id,
                "plant": unit["plant"],
                "unit": unit["unit"],
                "sector": unit["sector"],
                "option": option.option,
                "name": option.name,
                "applies": option.applies,
                "conditions": ", ".join(Condition(int(found.conditions[row])).names),
                "checks": "; ".join(filter(None, checks)),
                "train_before": option.train_before,
                "train_after": option.train_after,
                "avoided_kg_per_yr": option.avoided_kg_per_yr,
                "avoided_kg": float(found.avoided[row]),
                "avoided_to_end_kg": option.avoided_kg,
                "moved_to_sea_kg_per_yr": float(found.to_sea[row]),
                "moved_to_ash_kg_per_yr": float(found.to_ash[row]),
                **cost.capital.columns("capital"),
                **cost.npv.columns("npv"),
                **cost.annuity.columns("annuity"),
                "usd_per_kg": option.usd_per_kg.value,
                "end_year": int(option.end_year),
                "closes_soon": closes_soon(goal, catalogue, option.end_year),
                **terms.columns(),
                "life_years": cost.life,
                "cost_covers": cost.covers,
            }
        )
    columns = ["year", "unit_id", "plant", "unit", "sector", "option", "avoided_kg", "npv", "annuity", "usd_per_kg"]
    columns.append("closes_soon")
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
    return table.sort_values(["avoided_kg", "unit_id"], ascending=[False, True], ignore_index=True)


def shown_frontier(
    found: StepTable, whole: Frontier, catalogue: Catalogue, goal: Goal, most_per_kg: float
) -> tuple[pd.DataFrame, int]:
    """Return the vertices of the least-cost frontier up to a price, each with the step that leads to it.

    Where a target asks for one year, steps that cost more than the price over all years of the run stay out, and the
    frontier ends where all others are taken; else it ends where the next kilogram costs more.

    Parameters
    ----------
    found : StepTable
        All steps by start year.
    whole : Frontier
        Their least-cost frontier.
    catalogue, goal
        As they were made with.
    most_per_kg : float
        The price: annuity over mercury avoided a year, over all years of the run [money/kg].

    Returns
    -------
    DataFrame
        avoided_kg, avoided_share (of the year of the target, or of all remaining mercury), npv (of the whole plan),
        `next_kg_column` (of the step, not falling), unit_id, plant, option_before, option, year, currency, price_year,
        rate, book_life.
    int
        Number of steps of the whole frontier that cost more than the price.
    """
    if goal.kind != SHARE:
        dearer = int((whole.slope * catalogue.horizon.per_kg > most_per_kg).sum())
        table = _vertices(found, whole, catalogue, goal)
        return table.iloc[: len(table) - dearer], dearer
    is_dearer = found.cost * catalogue.horizon.per_kg > most_per_kg * to_the_end(found, catalogue.projection, goal)
    within = found.taken(~is_dearer)
    return _vertices(within, least_cost_frontier(within), catalogue, goal), int(is_dearer[whole.after].sum())


def next_kg_column(goal: Goal) -> str:
    """Return the column of a frontier that says what its next kilogram costs.

    ``npv_per_target_kg``: present value over mercury of the target year; ``cost_of_next_kg``: annuity over mercury
    avoided a year, over all years of the run [money/kg].
    """
    return "npv_per_target_kg" if goal.kind == SHARE else "cost_of_next_kg"


def _vertices(found: StepTable, frontier: Frontier, catalogue: Catalogue, goal: Goal) -> pd.DataFrame:
    projection = catalogue.projection
    whole = (
        emission_in(projection, goal.by, goal.sector)
        if goal.kind == SHARE
        else float(counted_kg(projection, goal.sector).sum())
    )
    names = np.array([*found.names, ""], dtype=object)
    ids = np.append(projection.units.index.to_numpy(dtype=object), "")
    step, unit = np.append(found.step, -1), np.append(found.unit, -1)  # of NO_STEP, the last
    before, after = (np.concatenate([[NO_STEP], column]) for column in (frontier.before, frontier.after))
    per_kg = 1.0 if goal.kind == SHARE else catalogue.horizon.per_kg
    unit_id = ids[unit[after]]
    return pd.DataFrame(
        {
            "avoided_kg": frontier.gain,
            "avoided_share": frontier.gain / whole if whole > 0 else np.nan,
            "npv": frontier.cost,
            next_kg_column(goal): np.concatenate([[np.nan], frontier.slope * per_kg]),
            "unit_id": unit_id,
            "plant": projection.units["plant"].reindex(pd.Index(unit_id)).to_numpy(),
            "option_before": names[step[before]],
            "option": names[step[after]],
            "year": np.append(found.start_year, np.nan)[after],
            **catalogue.prices.terms.books(),
        }
    )
