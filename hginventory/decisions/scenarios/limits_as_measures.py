"""Emission limits as measures: a unit above its limit gets the cheapest option that meets it, or is marked infeasible.

A limit that does not bind changes nothing. Options are tried one by one and, where none is enough, in pairs through the
resulting train; the year is that of the limit, or the first one in which the option can be built.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hginventory.decisions.limits import limits_of
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.schedule import Plan, ScheduledMeasure, set_apart
from hginventory.decisions.scenarios.variants import project_states
from hginventory.model import alternatives
from hginventory.projection import Projection
from hginventory.scenarios import TRAIN_ACTIONS, Measure
from hginventory.vocabulary import CEMENT_KILN

LIMIT = "emission_limit"
RATE_ACTIONS = ("wash_coal", "cofire_biomass", "cut_emission")  # change mercury per heat, unlike the running of a unit


def meet_limits(baseline: Baseline, plan: Mapping[str, Sequence[ScheduledMeasure]]) -> tuple[Plan, list[str]]:
    """Return a plan in which every limit has become the option that meets it, and the units where none does.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> measures.

    Raises
    ------
    ScenarioError
        If a limit is not known; the message names its location.
    """
    out, asked = set_apart(plan, LIMIT)
    measures = dict.fromkeys(change.measure for own in asked.values() for change in own)
    over = {measure: _over(baseline, measure) for measure in measures}
    changed = _intensities(baseline, {unit: out[unit] for unit, limits in asked.items() if limits and out[unit]})
    infeasible: list[str] = []
    for unit, changes in asked.items():
        for change in changes:
            air = float(baseline.air_kg_per_yr[baseline.index_of[unit]])
            states = [factor for year, factor in changed.get(unit, ()) if year <= change.first]
            ratio = over[change.measure][baseline.index_of[unit]] * (states[-1] if states else 1.0)
            if not ratio > 1.0:  # also where no limit applies to the unit
                continue
            if any(other.measure.action in TRAIN_ACTIONS for other in out[unit]):
                infeasible.append(unit)  # its train is given by another measure, which is not enough
                continue
            steps = baseline.limit_choice.cheapest(baseline.index_of[unit], (1.0 - 1.0 / ratio) * air)
            if steps is None:
                infeasible.append(unit)
                continue
            out[unit].append(baseline.carried_out(change, unit, steps))
    return out, infeasible


def _intensities(baseline: Baseline, plan: Plan) -> dict[str, list[tuple[int, float]]]:
    """Return by unit the years in which other measures change its mercury per heat or clinker, and how many times."""
    if not plan:
        return {}
    states, numbered = project_states(baseline, plan)
    now = _per_activity(baseline.projection)
    then = np.empty(0) if states is None else _per_activity(states)
    out: dict[str, list[tuple[int, float]]] = {}
    for unit, own in numbered.items():
        for year, state_index, state in own:
            active = [change.measure for change in plan[unit] if change.works_in(year)]
            cut = math.prod(1.0 - (m.value or 0.0) for m in active if m.action in RATE_ACTIONS)
            if baseline.rows[unit]["sector"] == CEMENT_KILN:  # whose running no measure changes
                cut = state.multiplier * (1.0 - state.cut)
            before = now[baseline.index_of[unit]]
            ratio = 1.0 if state_index < 0 or before <= 0 else float(then[state_index] / before)
            out.setdefault(unit, []).append((year, ratio * cut))
    return out


def _per_activity(projection: Projection) -> np.ndarray:
    """Return mercury to air per heat of the coal, or per clinker."""
    units = projection.units
    heat = units["coal_t_per_yr"] * units["calorific_value_mj_per_kg"]
    activity = heat.fillna(units["clinker_t_per_yr"]).to_numpy(dtype=np.float64)
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    return np.asarray(np.divide(air, activity, out=np.zeros(len(units)), where=activity > 0), dtype=np.float64)


def _over(baseline: Baseline, measure: Measure) -> np.ndarray:
    """Return the rate of each unit over the strictest limit of a measure that applies to it; NaN where none does.

    A limit with alternatives is met where one of them is.
    """
    limits = alternatives(limits_of(baseline.projection, measure))
    ratios = [np.fmin.reduce([baseline.over(one) for one in either]) for either in limits]
    return np.asarray(np.fmax.reduce(ratios), dtype=np.float64)
