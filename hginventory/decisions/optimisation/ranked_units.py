"""Units by cost per kilogram avoided: each with its best step, the lowest cost first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory.decisions.optimisation.dated_steps import by_start_year, kilns_stay_out
from hginventory.decisions.optimisation.goals import Goal, Rules
from hginventory.decisions.options import Catalogue, StepTable, best_steps, joined
from hginventory.decisions.ranking import rank_units, sectors_of
from hginventory.vocabulary import COAL_POWER


def dated_best_steps(catalogue: Catalogue, rules: Rules) -> StepTable:
    """Return the best step of each unit from the earliest year on, the lowest cost per kilogram first.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    rules : Rules
        First year and units, and whether kilns may be changed; other rules do not matter here.

    Returns
    -------
    StepTable
        One row per unit, as of `decisions.options.best_steps`; mercury avoided in all years [kg] and present value.
    """
    sectors = [COAL_POWER] if kilns_stay_out(catalogue.projection, rules) else sectors_of(catalogue.projection.units)
    begin = 0.0 if rules.not_before is None else float(rules.not_before)
    best = joined([best_steps(catalogue, sector, not_before=begin) for sector in sectors])
    goal = Goal.of_all_years(catalogue.horizon)
    dated = by_start_year(best, catalogue, goal, rules)  # the years of a step in their order
    _, earliest = np.unique(dated.unit, return_index=True)
    own = dated.taken(earliest)
    return own.taken(np.lexsort((own.unit, -own.avoided, own.usd_per_kg)))


def best_units(catalogue: Catalogue, rules: Rules | None = None) -> pd.DataFrame:
    """Return the units of lowest cost per kilogram avoided, each with its best step.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    rules : Rules, optional
        First year, units, and the most units that are listed; other rules do not matter here.

    Returns
    -------
    DataFrame
        rank, unit_id, plant, unit, sector, option, name, year (in which the step starts), kg_per_yr and annuity (over
        all years of the run), usd_per_kg, rank_by_emissions (of remaining emissions), avoided_kg, npv, and the terms.

    Examples
    --------
    >>> import hginventory as hg
    >>> catalogue = hg.project("indonesia", draws=0).catalogue()
    >>> table = best_units(catalogue, Rules(max_units=10))
    >>> len(table), bool(table["usd_per_kg"].is_monotonic_increasing)
    (10, True)
    """
    rules = rules or Rules()
    steps = dated_best_steps(catalogue, rules)
    steps = steps.taken(np.arange(steps.size)[: rules.max_units])
    projection, horizon = catalogue.projection, catalogue.horizon
    ranks = rank_units(projection.units, combined=projection.settings.combined).set_index("unit_id")["rank"]
    table = projection.units.iloc[steps.unit][["plant", "unit", "sector"]].rename_axis("unit_id").reset_index()
    table.insert(0, "rank", np.arange(1, steps.size + 1))
    options = [steps.steps[step] for step in steps.step.tolist()]
    return table.assign(
        option=[steps.names[step] for step in steps.step.tolist()],
        name=[" + ".join(option.name for option in step) for step in options],
        year=steps.start_year.astype(np.int64),
        kg_per_yr=steps.avoided / horizon.years,
        annuity=steps.cost * horizon.annuity,
        usd_per_kg=steps.usd_per_kg * horizon.per_kg,
        rank_by_emissions=ranks.reindex(table["unit_id"]).to_numpy(),
        avoided_kg=steps.avoided,
        npv=steps.cost,
        **catalogue.prices.terms.books(),
    )
