"""A scenario applied to a projection: units in new states from a year on, each state projected like any unit.

The baseline stays as it is; a changed unit becomes several rows, one for each span of years with one state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hginventory.decisions.ranking.certainty import Certainty
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.baseline import AsIs
from hginventory.decisions.scenarios.checks import against_fleet, named_options, too_late
from hginventory.decisions.scenarios.periods import BASELINE, Span, yearly_kg
from hginventory.decisions.scenarios.schedule import Change, plan_of
from hginventory.decisions.scenarios.unit_selection import choose_units
from hginventory.decisions.scenarios.variants import lay_out
from hginventory.errors import ScenarioError
from hginventory.projection.project import Projection
from hginventory.scenarios.scenario import Measure, Scenario

__all__ = ["BASELINE", "AppliedScenario", "Change", "Span", "apply_scenario"]


def apply_scenario(
    baseline: Projection | AsIs,
    scenario: Scenario,
    measures: Sequence[tuple[int, Measure]],
    *,
    sure: Certainty | None = None,
    places: Mapping[int, str] | None = None,
) -> AppliedScenario:
    """Apply a scenario to a projection.

    Parameters
    ----------
    baseline : Projection or AsIs
        The fleet as it is; an `AsIs` where several scenarios share it.
    scenario : Scenario
        Name and title.
    measures : sequence of (int, Measure)
        From `scenarios.model.flatten`: level and measure.
    sure : Certainty, optional
        Draws of the baseline, where a selection asks for them.
    places : mapping of int to str, optional
        Where each measure stands, for messages.

    Raises
    ------
    ScenarioError
        If a selection is wrong or empty, a year, fuel or rule is none of the run, a measure comes when its units have
        closed, or two measures contradict each other; the file and line are named.
    """
    as_is = baseline if isinstance(baseline, AsIs) else AsIs(baseline)
    only = [measure for _, measure in measures]
    problems = against_fleet(as_is.projection, as_is.option_table, scenario, only)
    chosen: list[list[str]] = []
    if only:
        chosen, wrong = choose_units(only, as_is.selection_table(sure), places, named_options(as_is.option_table, only))
        problems += wrong
    _raise(problems)
    plan = plan_of(measures, chosen, places or {})
    infeasible: list[str] = []
    if any(measure.action == "emission_limit" for measure in only):
        from hginventory.decisions.scenarios.limits_as_measures import meet_limits

        plan, infeasible = meet_limits(as_is, plan)
    states, parents, spans = lay_out(as_is, plan, scenario.rule)
    _raise(too_late(only, chosen, spans, as_is.ids))
    return AppliedScenario(
        scenario,
        as_is,
        states,
        spans,
        tuple(map(tuple, chosen)),
        tuple(only),
        yearly_kg(as_is.projection, states, spans),
        tuple(infeasible),
        {unit: tuple(changes) for unit, changes in plan.items() if changes},
        parents,
    )


def _raise(problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise ScenarioError("\n".join(found))
