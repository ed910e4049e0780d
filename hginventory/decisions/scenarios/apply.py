"""A scenario applied to a projection: units in new states from a year on, each state projected like any unit.

The baseline stays as it is; a changed unit becomes several rows, one for each span of years with one state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hginventory.decisions.ranking import Certainty
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.checks import against_fleet, named_options, too_late
from hginventory.decisions.scenarios.periods import yearly_kg
from hginventory.decisions.scenarios.schedule import ScheduledMeasure, plan_of
from hginventory.decisions.scenarios.unit_selection import choose_units
from hginventory.decisions.scenarios.variants import lay_out
from hginventory.errors import ScenarioError
from hginventory.projection import Projection
from hginventory.scenarios import Measure, Scenario


def apply_scenario(
    fleet: Projection | Baseline,
    scenario: Scenario,
    measures: Sequence[tuple[int, Measure]],
    *,
    sure: Certainty | None = None,
    locations: Mapping[int, str] | None = None,
) -> AppliedScenario:
    """Apply a scenario to a projection.

    Parameters
    ----------
    fleet : Projection or Baseline
        The baseline; a `Baseline` where several scenarios share it.
    scenario : Scenario
        Name and title.
    measures : sequence of (int, Measure)
        From `scenarios.model.flatten`: level and measure.
    sure : Certainty, optional
        Draws of the baseline, where a selection asks for them.
    locations : mapping of int to str, optional
        File and line of each measure, for messages.

    Raises
    ------
    ScenarioError
        If a selection is wrong or empty, a year, fuel or rule is not of the run, a measure comes when its units have
        closed, or two measures contradict each other; the file and line are named.
    """
    baseline = fleet if isinstance(fleet, Baseline) else Baseline(fleet)
    first_year = baseline.projection.settings.base_year
    measures = [(level, measure.from_first(first_year)) for level, measure in measures]
    only = [measure for _, measure in measures]
    problems = against_fleet(baseline.projection, baseline.option_table, scenario, only)
    chosen: list[list[str]] = []
    if only:
        chosen, wrong = choose_units(
            only, baseline.selection_table(sure), locations, named_options(baseline.option_table, only)
        )
        problems += wrong
    _raise(problems)
    infeasible: list[str] = []
    has_best = any(measure.action == "best_step" for measure in only)
    if has_best:
        from hginventory.decisions.scenarios.best_step_measures import BEST, best_units, take_best_steps

        chosen = [
            list(best_units(baseline, measure, units)) if measure.action == BEST else units
            for measure, units in zip(only, chosen, strict=True)
        ]
    plan = plan_of(measures, chosen, locations or {})
    if has_best:
        plan, infeasible = take_best_steps(baseline, plan)
    if any(measure.action == "emission_limit" for measure in only):
        from hginventory.decisions.scenarios.limits_as_measures import meet_limits

        plan, above = meet_limits(baseline, plan)
        infeasible += above
    states, parents, spans = lay_out(baseline, plan, scenario.rule)
    _raise(too_late(only, chosen, spans, baseline.ids))
    return AppliedScenario(
        scenario,
        baseline,
        states,
        spans,
        tuple(map(tuple, chosen)),
        tuple(only),
        yearly_kg(baseline.projection, states, spans),
        tuple(infeasible),
        {unit: tuple(changes) for unit, changes in plan.items() if changes},
        parents,
    )


def with_plan(one: AppliedScenario, plan: Mapping[str, Sequence[ScheduledMeasure]]) -> AppliedScenario:
    """Return a scenario with other measures at units, under the retirement rule of the run.

    Parameters
    ----------
    one : AppliedScenario
        The scenario; which units its measures chose is kept as it was.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> measures.
    """
    states, parents, spans = lay_out(one.baseline, plan, "")
    yearly = yearly_kg(one.baseline.projection, states, spans)
    return replace(one, states=states, spans=spans, yearly_kg=yearly, plan=plan, parents=parents)


def _raise(problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise ScenarioError("\n".join(found))
