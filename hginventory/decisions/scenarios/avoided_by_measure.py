"""What each measure of a scenario avoids at each unit: measure after measure, in the order of the scenario.

Measures at one unit act on what the earlier ones have left, so the order matters: a measure is given what is avoided
with it and all before it, less what is avoided with those before it alone. The years of another retirement rule come
first. The parts of a unit add up to what the scenario avoids there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.ranking import KG_PER_T
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.periods import yearly_kg
from hginventory.decisions.scenarios.schedule import ScheduledMeasure
from hginventory.decisions.scenarios.variants import lay_out

RULE = "rule"
TOLD = ("action", "target", "value", "unit", "from_year", "to_year")


def avoided_by_measure(one: AppliedScenario) -> dict[int, Mapping[str, float]]:
    """Return what each measure avoids over the remaining life of each unit [kg].

    Parameters
    ----------
    one : AppliedScenario
        The scenario.

    Returns
    -------
    dict of int to mapping of str to float
        Number of a measure, counted from 1, or 0 for the retirement rule -> unit -> mercury avoided.
    """
    several = {unit: changes for unit, changes in one.plan.items() if len({c.number for c in changes}) > 1}
    before = one.baseline.projection.yearly_kg.sum(axis=1)
    ruled = _life(one, {}) if one.scenario.rule else before
    out: dict[int, Mapping[str, float]] = {0: _difference(one, before, ruled, one.baseline.ids)}
    alone = [unit for unit in one.plan if unit not in several]
    before = ruled
    for number in range(len(one.measures)):
        first = {unit: [c for c in changes if c.number <= number] for unit, changes in several.items()}
        after = _life(one, first) if several else before
        own = [unit for unit in alone if one.plan[unit][0].number == number]
        out[number + 1] = {
            **_difference(one, before, after, list(several)),
            **_difference(one, ruled, one.lifetime_kg, own),
        }
        before = after
    return out


def _life(one: AppliedScenario, plan: Mapping[str, Sequence[ScheduledMeasure]]) -> Floats:
    """Return the mercury to air of each unit over its remaining years with some of the measures [kg], shape (N,)."""
    states, _, spans = lay_out(one.baseline, plan, one.scenario.rule)
    return np.asarray(yearly_kg(one.baseline.projection, states, spans).sum(axis=1))


def _difference(one: AppliedScenario, before: Floats, after: Floats, units: Sequence[str]) -> dict[str, float]:
    index_of = one.baseline.index_of
    return {unit: float(before[index_of[unit]] - after[index_of[unit]]) for unit in units}


def measures_table(one: AppliedScenario, avoided: Mapping[int, Mapping[str, float]]) -> pd.DataFrame:
    """Return one row per measure: what it is, how many units it chose and changes, what it avoids, and the units.

    Parameters
    ----------
    one : AppliedScenario
        The scenario.
    avoided : mapping
        From `avoided_by_measure`.
    """
    rows: list[dict[str, Any]] = []
    if one.scenario.rule:
        rows.append({"measure": 0, "action": RULE, "target": one.scenario.rule,
                     "units_changed": sum(kg != 0.0 for kg in avoided[0].values()), "avoided_t": _tonnes(avoided[0]),
                     "chosen": ""})  # fmt: skip
    for number, (measure, units) in enumerate(zip(one.measures, one.chosen, strict=True), 1):
        told = measure.model_dump(include=set(TOLD))
        rows.append(
            {
                "measure": number,
                **{key: told[key] for key in TOLD},
                "units_chosen": len(units),
                "units_changed": len(one.changed_by(number - 1, avoided[number])),
                "avoided_t": _tonnes(avoided[number]),
                "chosen": " ".join(units),
            }
        )
    columns = ["scenario", "measure", *TOLD, "units_chosen", "units_changed", "avoided_t", "chosen"]
    return pd.DataFrame([{"scenario": one.scenario.name, **row} for row in rows], columns=columns)


def _tonnes(avoided: Mapping[str, float]) -> float:
    return sum(avoided.values()) / KG_PER_T
