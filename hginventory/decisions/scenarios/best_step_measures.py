"""Measures `best_step`: each unit gets the step of lowest cost per kilogram that applies without conditions there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.schedule import Plan, ScheduledMeasure, set_apart
from hginventory.errors import ScenarioError
from hginventory.factors import REPORTED
from hginventory.scenarios import Measure

BEST = "best_step"
# Measures that leave a unit as the catalogue sees it: they change when it runs and how much.
BESIDE = frozenset({"set_capacity_factor", "cap_capacity_factor", "retire", "exclude", "include"})


def best_units(baseline: Baseline, measure: Measure, chosen: Sequence[str]) -> Sequence[str]:
    """Return the units that get their best step, in the order in which they were chosen.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    measure : Measure
        A ``best_step``; its value is at how many units.
    chosen : sequence of str
        The units that its expression chooses.
    """
    if measure.value is None:
        return chosen
    steps = baseline.best_steps(measure.from_year)
    of_lowest_cost = [unit for unit in (baseline.ids[index] for index in steps.unit.tolist()) if unit in set(chosen)]
    best = set(of_lowest_cost[: int(measure.value)])
    return [unit for unit in chosen if unit in best]


def take_best_steps(baseline: Baseline, plan: Mapping[str, Sequence[ScheduledMeasure]]) -> tuple[Plan, list[str]]:
    """Return a plan in which each best step has become what it is at its unit, and the units where no step applies.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> measures.

    Raises
    ------
    ScenarioError
        If another measure changes train, coal or emission of a unit: its steps are those of the unit as it is.
    """
    out, asked = set_apart(plan, BEST)
    without: list[str] = []
    for unit, changes in asked.items():
        for change in changes:
            _check_alone(unit, change, plan[unit])
            found = _at_unit(baseline, unit, change)
            if found is None:
                without.append(unit)
            else:
                out[unit].append(found)
    return out, without


def _at_unit(baseline: Baseline, unit: str, change: ScheduledMeasure) -> ScheduledMeasure | None:
    steps, index = baseline.best_steps(change.measure.from_year), baseline.index_of[unit]
    rows = (steps.unit == index).nonzero()[0].tolist()
    if not rows:
        return None
    is_mix = baseline.rows[unit]["train_origin"] != REPORTED  # a mix of trains becomes no single one
    return baseline.carried_out(change, unit, steps.steps[int(steps.step[rows[0]])], in_proportion=is_mix)


def _check_alone(unit: str, change: ScheduledMeasure, changes: Sequence[ScheduledMeasure]) -> None:
    for other in changes:
        if other is not change and other.measure.action not in BESIDE:
            raise ScenarioError(
                f"{change.measure.location(change.number, 'where')}: {BEST} chooses among the steps of a unit as it "
                f"is, and {other.measure.action} of {other.measure.location(other.number, 'action')} changes {unit}. "
                "Leave such units out of where."
            )
