"""A plan as a scenario: measures of the scenario language, which can be drawn, compared and saved as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from hginventory.decisions.options import CLOSURE, Catalogue, UnitOption, measure_at, measure_of
from hginventory.decisions.scenarios import (
    AppliedScenario,
    Baseline,
    ScheduledMeasure,
    apply_scenario,
    with_plan,
)
from hginventory.filters import LONGEST
from hginventory.scenarios import Measure, Scenario

NEAR = 0.01  # how far what the scenario avoids at a unit may be from what the option was chosen for
Step = tuple[UnitOption, int]  # a step at a unit and the year in which it starts


class Planner:
    """Turns steps into measures that avoid what the steps were chosen for.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.
    baseline : Baseline, optional
        The baseline, where it is known already.

    Notes
    -----
    A measure names the train an option leads to. Where the train of a unit is not known, or an option does more than
    its train says, the scenario may avoid something else than the catalogue says; then the emission is cut in
    proportion, so that what is drawn is what was chosen.
    """

    def __init__(self, catalogue: Catalogue, baseline: Baseline | None = None) -> None:
        self.catalogue = catalogue
        self._projection, self._table = catalogue.projection, catalogue.table
        self._baseline = baseline or Baseline(self._projection)
        self._air = self._projection.units["air_kg_per_yr"]
        self._in_proportion: dict[tuple[str, str], bool] = {}

    def measure(self, step: Step) -> Measure:
        """Return a step that starts in a year as a measure."""
        option, year = step
        if self._closes(option):
            return measure_at(option, year)(action="retire")
        air = float(self._air[option.unit_id])
        in_proportion = self._in_proportion.get((option.unit_id, option.option), False)
        complies = option.unit_id in self._projection.cuts
        return measure_of(option, self._table, air, year, in_proportion=in_proportion, complies=complies)

    def _closes(self, option: UnitOption) -> bool:
        return all(self._table.options[code].mode == CLOSURE for code in option.codes)

    def applied(self, steps: Sequence[Step], name: str = "plan", title: str = "") -> AppliedScenario:
        """Return a plan applied to the fleet."""
        one = self._apply(steps, name, title)
        if self._learn(one, steps):
            one = self._apply(steps, name, title)
        return one

    def at_units(self, steps: Sequence[Step]) -> AppliedScenario:
        """Return steps at their units, to be drawn: the states of `applied`, without measures that choose the units."""
        return self.beside(steps, self._nothing, ())

    @cached_property
    def _nothing(self) -> AppliedScenario:
        return apply_scenario(self._baseline, Scenario(name="plan", title=""), [])

    def beside(self, steps: Sequence[Step], other: AppliedScenario, units: Sequence[str]) -> AppliedScenario:
        """Return a plan of steps at some units and of what another scenario does at others."""
        one = self._laid_out(steps, other, units)
        return self._laid_out(steps, other, units) if self._learn(one, steps) else one

    def _laid_out(self, steps: Sequence[Step], other: AppliedScenario, units: Sequence[str]) -> AppliedScenario:
        plan = {
            option.unit_id: (ScheduledMeasure(self.measure((option, year)), year, None, 0, 0),)
            for option, year in steps
        }
        return with_plan(other, {**{unit: other.plan[unit] for unit in units}, **plan})

    def _apply(self, steps: Sequence[Step], name: str, title: str) -> AppliedScenario:
        measures = grouped((option.unit_id, self.measure((option, year))) for option, year in steps)
        scenario = Scenario(name=name, title=title, measure=tuple(measures))
        return apply_scenario(self._baseline, scenario, [(0, measure) for measure in scenario.measure])

    def _learn(self, one: AppliedScenario, steps: Sequence[Step]) -> bool:
        """Note the steps whose measure avoids something else than they do; return whether there are any."""
        base_year, before = self._projection.settings.base_year, self._projection.yearly_kg
        width = before.shape[1]
        found = False
        for option, year in steps:
            key = (option.unit_id, option.option)
            if key in self._in_proportion:
                continue
            index = self._projection.units.index.get_loc(option.unit_id)
            column = min(max(year - base_year, 0), width - 1)
            now, then = float(before[index, column]), float(one.yearly_kg[index, column])
            share = option.avoided_kg_per_yr / float(self._air[option.unit_id])
            far = now > 0 and abs((now - then) / now - share) > NEAR * share
            self._in_proportion[key] = bool(far) and not self._closes(option)
            found |= self._in_proportion[key]
        return found


def grouped(measures: Iterable[tuple[str, Measure]]) -> list[Measure]:
    """Return measures with those that differ in their unit only made one, in the order of years.

    Parameters
    ----------
    measures : iterable of (str, Measure)
        Unit and what is done there; which units the measure itself chooses is not looked at.
    """
    alike: dict[Measure, list[str]] = {}
    for unit, measure in measures:
        alike.setdefault(measure.model_copy(update={"where": ""}), []).append(unit)
    out: list[Measure] = []
    for measure, units in alike.items():
        part: list[str] = []
        for unit in units:
            if part and len(_where([*part, unit])) > LONGEST:
                out.append(measure.model_copy(update={"where": _where(part)}))
                part = []
            part.append(unit)
        out.append(measure.model_copy(update={"where": _where(part)}))
    return sorted(out, key=lambda measure: (measure.from_year, measure.note, measure.where))


def _where(units: Sequence[str]) -> str:
    return f"unit_id in {list(units)!r}" if len(units) > 1 else f"unit_id == {units[0]!r}"


def scenario_text(scenario: Scenario, comments: Sequence[str] = ()) -> str:
    """Return a scenario as the text of a TOML file.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    comments : sequence of str
        Comment lines at the top of the file.

    Examples
    --------
    >>> print(scenario_text(Scenario(name="mine", title="One line"), ["Why"]))
    # Why
    name = "mine"
    title = "One line"
    <BLANKLINE>
    """
    lines = [f"# {' '.join(comment.split())}" for comment in comments]
    lines += [f"{key} = {_value(getattr(scenario, key))}" for key in ("name", "title", "extends", "rule")
              if getattr(scenario, key)]  # fmt: skip
    for measure in scenario.measure:
        said = measure.model_dump(exclude_defaults=True)
        lines += ["", "[[measure]]", *(f"{key} = {_value(value)}" for key, value in said.items())]
    return "\n".join(lines) + "\n"


def _value(value: str | float | tuple[str, ...]) -> str:
    """Return a value of TOML: numbers in full, texts with escapes."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(float(value)) if isinstance(value, np.floating) else repr(value)
