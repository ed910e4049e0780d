"""On what a plan leans: conditions of its steps, mercury they move elsewhere, and how many start when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from hginventory.decisions.options import WORDS, Catalogue, Condition, StepTable


def leaning(plan: StepTable) -> dict[str, Any]:
    """Return conditions with the units and kilograms that lean on them, and the mercury moved, as flat numbers.

    Parameters
    ----------
    plan : StepTable
        Steps taken, by start year.

    Returns
    -------
    dict
        conditions (in words; empty: none), leaning_units_NAME and leaning_kg_NAME for each condition some step depends
        on, moved_to_sea_kg_per_yr, moved_to_ash_kg_per_yr of what is known, moved_to_ash_unknown_units and
        moved_price_per_yr [money/yr].
    """
    out: dict[str, Any] = {"conditions": "; ".join(condition_words(plan))}
    for condition, count, kg in _by_condition(plan):
        (name,) = condition.names
        out |= {f"leaning_units_{name}": count, f"leaning_kg_{name}": kg}
    return out | {
        "moved_to_sea_kg_per_yr": float(np.nansum(plan.to_sea)),
        "moved_to_ash_kg_per_yr": float(np.nansum(plan.to_ash)),
        "moved_to_ash_unknown_units": int(np.isnan(plan.to_ash).sum()),
        "moved_price_per_yr": float(plan.moved_cost.sum()),
    }


def condition_words(plan: StepTable) -> list[str]:
    """Return each condition on which steps depend in words, with units and mercury avoided.

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from hginventory.decisions.options.step_table import plain_steps
    >>> steps = plain_steps(np.array([0, 1]), np.array([3.0, 4.0]), np.ones(2))
    >>> condition_words(replace(steps, conditions=np.array([1, 0], np.int32)))
    ['so2 (SO2 must fall for another reason than mercury): 1 unit, 3 kg']
    """
    words = []
    for condition, count, kg in _by_condition(plan):
        unit = "unit" if count == 1 else "units"
        words.append(f"{condition.names[0]} ({WORDS[condition]}): {count} {unit}, {kg:,.0f} kg")
    return words


def _by_condition(plan: StepTable) -> Iterator[tuple[Condition, int, float]]:
    """Yield each condition on which steps depend, with their number and the mercury they avoid."""
    for condition in Condition:
        depends = (plan.conditions & int(condition)) != 0
        if depends.any():
            yield condition, int(depends.sum()), float(plan.avoided[depends].sum())


def starts(plan: StepTable, catalogue: Catalogue) -> pd.DataFrame:
    """Return how much starts when.

    Returns
    -------
    DataFrame
        year, retrofits, capacity_mw (of coal units), closures; in the order of years.
    """
    mw = np.nan_to_num(np.array([unit.capacity_mw for unit in catalogue.state.units]))[plan.unit]
    columns: Mapping[str, Any] = {
        "year": plan.start_year.astype(np.int64),
        "retrofits": ~plan.closes,
        "capacity_mw": np.where(plan.closes, 0.0, mw),
        "closures": plan.closes,
    }
    table = pd.DataFrame(columns).groupby("year", as_index=False).sum()
    return table.astype({"retrofits": np.int64, "closures": np.int64})
