"""Tables of a plan: its steps, and the least-cost frontier that it lies on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory.decisions.optimisation.abatement_curve import Frontier
from hginventory.decisions.optimisation.available_steps import unit_option
from hginventory.decisions.optimisation.dated_steps import to_the_end
from hginventory.decisions.optimisation.goals import SHARE, Goal, counted_kg, emission_in
from hginventory.decisions.optimisation.solver import Solution
from hginventory.decisions.optimisation.steps_by_unit import NO_STEP
from hginventory.decisions.options import Catalogue, Condition, StepTable
from hginventory.errors import UsageError


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
        avoided_kg_per_yr (full year), avoided_kg (in the year of the target, or to the end of life), avoided_to_end_kg,
        moved_to_sea_kg_per_yr, moved_to_ash_kg_per_yr, capital, npv and annuity with low and high, usd_per_kg (annuity
        over avoided a year, over all years of the run), currency, price_year, rate, life_years, cost_covers.
    """
    units, terms = catalogue.projection.units, catalogue.prices.terms
    rows = []
    for row in solution.chosen.tolist():
        option = unit_option(catalogue, found, row)
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
                **terms.columns(),
                "life_years": cost.life,
                "cost_covers": cost.covers,
            }
        )
    columns = ["year", "unit_id", "plant", "unit", "sector", "option", "avoided_kg", "npv", "annuity", "usd_per_kg"]
    table = pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
    return table.sort_values(["avoided_kg", "unit_id"], ascending=[False, True], ignore_index=True)


def frontier_table(found: StepTable, frontier: Frontier, catalogue: Catalogue, goal: Goal) -> pd.DataFrame:
    """Return the vertices of the least-cost frontier, each with the step that leads to it.

    Returns
    -------
    DataFrame
        avoided_kg, avoided_share (of the year of the target, or of all remaining mercury), npv (of the whole plan),
        cost_of_next_kg (of the step: annuity over avoided a year, over all years of the run), unit_id, plant,
        option_before, option, year, currency, price_year, rate, book_life.
    """
    projection, horizon = catalogue.projection, catalogue.horizon
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
    kg, npv = np.append(to_the_end(found, projection, goal), 0.0), np.append(found.cost, 0.0)
    more, dearer = kg[after] - kg[before], npv[after] - npv[before]
    next_kg = np.full(more.size, np.nan)
    np.divide(dearer * horizon.per_kg, more, out=next_kg, where=more != 0)
    unit_id = ids[unit[after]]
    plants = projection.units["plant"].reindex(pd.Index(unit_id)).to_numpy()
    return pd.DataFrame(
        {
            "avoided_kg": frontier.gain,
            "avoided_share": frontier.gain / whole if whole > 0 else np.nan,
            "npv": frontier.cost,
            "cost_of_next_kg": next_kg,
            "unit_id": unit_id,
            "plant": plants,
            "option_before": names[step[before]],
            "option": names[step[after]],
            "year": year[after],
            **catalogue.prices.terms.books(),
        }
    )


def within_price(corners: pd.DataFrame, most_per_kg: float) -> pd.DataFrame:
    """Return a frontier up to its last step that costs no more than a price; the first vertex always.

    Where a target asks for one year, the frontier is sorted by cost over the mercury of that year: a step at a unit
    that closes soon may then cost more over its life than those after it.

    Parameters
    ----------
    corners : DataFrame
        From `frontier_table`.
    most_per_kg : float
        The price [money/kg].
    """
    fits = np.flatnonzero(corners["cost_of_next_kg"].to_numpy() <= most_per_kg)
    return corners.iloc[: int(fits[-1]) + 1 if fits.size else 1]


def cost_curve(corners: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of a frontier by what their kilogram costs, the cheapest first, with new sums.

    A frontier of one year is sorted by cost over the mercury of that year, not of all years. The steps of one unit stay
    in their order, as their mercury of one year and of all years go together.

    Parameters
    ----------
    corners : DataFrame
        From `frontier_table`.
    """
    sums = ["avoided_kg", "avoided_share", "npv"]
    parts = corners.assign(**corners[sums].diff().fillna(corners[sums].iloc[:1]))
    order = np.argsort(parts["cost_of_next_kg"].fillna(-np.inf).to_numpy(), kind="stable")
    return parts.iloc[order].assign(**parts[sums].iloc[order].cumsum()).reset_index(drop=True)
