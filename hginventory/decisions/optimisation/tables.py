"""Tables of a plan: its steps, and the least-cost frontier it stands on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory.decisions.costs import Terms
from hginventory.decisions.optimisation.abatement_curve import Frontier
from hginventory.decisions.optimisation.available_steps import unit_option
from hginventory.decisions.optimisation.dated_steps import cost_of
from hginventory.decisions.optimisation.goals import SHARE, Goal, counted_kg, emission_in
from hginventory.decisions.optimisation.solver import Solution
from hginventory.decisions.optimisation.steps_by_unit import NO_STEP
from hginventory.decisions.options import Catalogue, Condition, StepTable
from hginventory.projection import Projection


def plan_table(catalogue: Catalogue, found: StepTable, solution: Solution) -> pd.DataFrame:
    """Return the steps of a plan, the largest first.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    found : StepTable
        All steps by start year.
    solution : Solution
        Those taken.

    Returns
    -------
    DataFrame
        year, unit_id, plant, unit, sector, option, name, applies, conditions, checks, train_before, train_after,
        avoided_kg_per_yr (full year), avoided_kg (in the year of the target, or to the end of life),
        moved_to_sea_kg_per_yr, moved_to_ash_kg_per_yr, capital and cost_per_year with low and high, cost_total (capital
        once, operation of all years, not discounted), usd_per_kg (full year), currency, price_year, rate, life_years,
        cost_covers.
    """
    units, terms = catalogue.projection.units, catalogue.prices.terms
    rows = []
    for row in solution.chosen.tolist():
        option, year = unit_option(catalogue, found, row), int(found.start_year[row])
        unit = units.loc[option.unit_id]
        cost = cost_of(option, year, terms, str(unit["sector"]))
        checks = (option.reason, *option.checks) if option.applies != "yes" else option.checks
        rows.append(
            {
                "year": year,
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
                "moved_to_sea_kg_per_yr": float(found.to_sea[row]),
                "moved_to_ash_kg_per_yr": float(found.to_ash[row]),
                **cost.capital.columns("capital"),
                **cost.per_year.columns("cost_per_year"),
                "cost_total": float(found.capital[row] + found.operation[row] * (option.end_year - year)),
                "usd_per_kg": cost.per_year.value / option.avoided_kg_per_yr,
                **terms.columns(),
                "life_years": cost.life,
                "cost_covers": cost.covers,
            }
        )
    columns = ["year", "unit_id", "plant", "unit", "sector", "option", "avoided_kg", "cost_per_year", "usd_per_kg"]
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
    return table.sort_values(["avoided_kg", "unit_id"], ascending=[False, True], ignore_index=True)


def frontier_table(
    found: StepTable, frontier: Frontier, projection: Projection, goal: Goal, terms: Terms
) -> pd.DataFrame:
    """Return the vertices of the least-cost frontier, each with the step that leads to it.

    Returns
    -------
    DataFrame
        avoided_kg, avoided_share (of the year of the target, or of all remaining mercury), cost (a year of full
        operation, or all years where the goal counts these), cost_of_next_kg (cost over mercury as both are counted;
        for a budget a year that is money a year per kg to the end of life), unit_id, plant, option_before, option,
        year, currency, price_year, rate, book_life.
    """
    whole = (
        emission_in(projection, goal.by, goal.sector)
        if goal.kind == SHARE
        else float(counted_kg(projection, goal.sector).sum())
    )
    names = np.array([*found.names, ""], dtype=object)
    ids = np.append(projection.units.index.to_numpy(dtype=object), "")
    step, unit = np.append(found.step, -1), np.append(found.unit, -1)  # of NO_STEP, the last
    before, after = (np.concatenate([[NO_STEP], column]) for column in (frontier.before, frontier.after))
    year = np.append(found.start_year, np.nan)
    unit_id = ids[unit[after]]
    plants = projection.units["plant"].reindex(pd.Index(unit_id)).to_numpy()
    return pd.DataFrame(
        {
            "avoided_kg": frontier.gain,
            "avoided_share": frontier.gain / whole if whole > 0 else np.nan,
            "cost": frontier.cost,
            "cost_of_next_kg": np.concatenate([[np.nan], frontier.slope]),
            "unit_id": unit_id,
            "plant": plants,
            "option_before": names[step[before]],
            "option": names[step[after]],
            "year": year[after],
            **terms.books(),
        }
    )
