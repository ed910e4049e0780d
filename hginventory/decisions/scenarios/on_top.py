"""The cheapest mercury steps on top of a programme: what is left to do once it has put its devices in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from hginventory._types import Floats, Ints
from hginventory.decisions.options import Catalogue, FleetState, StepTable, best_steps, fleet_state
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.periods import BASELINE, Span
from hginventory.vocabulary import COAL_POWER

CHANGED, OTHER = "its units", "other units"
COLUMNS = ("scenario", "at", "option", "name", "units", "avoided_kg", "cost", "usd_per_kg")


def steps_on_top(one: AppliedScenario) -> pd.DataFrame:
    """Return the best mercury steps at coal units after a programme, by option, the lowest cost per kilogram first.

    Each unit gets the step of lowest cost per kilogram that applies without conditions to the train it has then, at the
    earliest when the programme works there.

    Parameters
    ----------
    one : AppliedScenario
        The programme on a fleet.

    Returns
    -------
    DataFrame
        scenario, at (units that the programme changes, or others), option, name, units, avoided_kg (over the remaining
        life, of what the programme leaves), cost [money] (a year's cost times the years in which the step works) and
        usd_per_kg. Empty where no step applies.
    """
    changed = set(one.changed())
    rows: list[dict[str, object]] = []
    for catalogue, spans in _after(one):
        steps = _best(catalogue, spans)
        unit = np.array([span.unit for span in spans], dtype=np.int64)[steps.unit]
        years = np.array([span.end for span in spans])[steps.unit] - steps.start_year
        kg = _left_kg(one, unit, steps.start_year) * steps.avoided / _air(catalogue)[steps.unit]
        for row, index in enumerate(unit.tolist()):
            (step,) = steps.steps[int(steps.step[row])]
            rows.append(
                {
                    "at": CHANGED if index in changed else OTHER,
                    "option": step.option,
                    "name": step.name,
                    "units": 1,
                    "avoided_kg": kg[row],
                    "cost": steps.cost[row] * years[row],
                }
            )
    if not rows:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.DataFrame(rows).groupby(["at", "option", "name"], as_index=False).sum()
    table = table[table["avoided_kg"] > 0].assign(usd_per_kg=lambda own: own["cost"] / own["avoided_kg"])
    table.insert(0, "scenario", one.scenario.name)
    in_order = table.sort_values(["at", "usd_per_kg"], ascending=True, ignore_index=True)
    return in_order[list(COLUMNS)]


def _after(one: AppliedScenario) -> Iterator[tuple[Catalogue, list[Span]]]:
    """Yield the catalogue of the fleet as it is and of the states of the programme, with the last years of each row.

    Rows that nothing ends in, as those of a unit that changes for good, have no years.
    """
    last = {span.unit: span for span in one.spans if span.end > span.first}
    baseline = one.baseline
    rows = [Span(index, BASELINE, 0.0, 0, 0) for index in range(len(baseline.ids))]
    states = [Span(baseline.index_of[unit], state, 0.0, 0, 0) for state, unit in enumerate(one.parents)]
    for span in last.values():
        if span.state == BASELINE:
            rows[span.unit] = span
        else:
            states[span.state] = span
    yield Catalogue(baseline.projection, prices=baseline.prices, state=_in_years(baseline.state, rows)), rows
    if one.states is not None:
        yield Catalogue(one.states, prices=baseline.prices, state=_in_years(fleet_state(one.states), states)), states


def _in_years(state: FleetState, spans: list[Span]) -> FleetState:
    """Return units that run in the years of their spans, and not at all where they have none."""
    units = (
        replace(unit, runs=unit.runs and span.end > span.first, end_year=float(span.end))
        for unit, span in zip(state.units, spans, strict=True)
    )
    return replace(state, units=tuple(units))


def _best(catalogue: Catalogue, spans: list[Span]) -> StepTable:
    return best_steps(catalogue, COAL_POWER, not_before=np.array([span.first for span in spans], dtype=np.float64))


def _air(catalogue: Catalogue) -> Floats:
    return catalogue.projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)


def _left_kg(one: AppliedScenario, unit: Ints, start: Floats) -> Floats:
    """Return what units emit under the programme from a year on [kg]."""
    column = np.arange(one.yearly_kg.shape[1])
    base_year = one.baseline.projection.settings.base_year
    return np.asarray((one.yearly_kg[unit] * (column >= (start - base_year)[:, None])).sum(axis=1))
