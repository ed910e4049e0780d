"""A scenario on a fleet, as data: which units it put into which states in which years, and the mercury that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats, Ints
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.periods import BASELINE, Span
from hginventory.decisions.scenarios.schedule import ScheduledMeasure
from hginventory.errors import ScenarioError
from hginventory.model import AIR, PATHWAYS
from hginventory.projection import Projection, pathways_of
from hginventory.scenarios import ROUNDING, TRAIN_ACTIONS, Measure, Scenario

SAME = 1e-9  # relative; mercury of a year that differs by less is not changed


@dataclass(frozen=True)
class AppliedScenario:
    """A scenario on a fleet.

    Attributes
    ----------
    scenario : Scenario
        What was asked.
    baseline : Baseline
        The baseline, with what scenarios share.
    states : Projection or None
        The states that units change into, one row per state; None where nothing changes.
    spans : tuple of Span
        All years of all units, units in the order of the baseline.
    chosen : tuple of tuple of str
        Units that each measure chose.
    measures : tuple of Measure
        All measures, those of extended scenarios first.
    yearly_kg : ndarray of float, shape (N, Y)
        Mercury to air [kg].
    infeasible : tuple of str
        Units that no known train brings below an emission limit, or at which no step applies without conditions.
    plan : mapping of str to sequence of ScheduledMeasure
        Unit -> measures with their years; limits and best steps are replaced by the options that they come to.
    parents : tuple of str
        The unit of each of the states.
    """

    scenario: Scenario
    baseline: Baseline
    states: Projection | None
    spans: tuple[Span, ...]
    chosen: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]
    yearly_kg: Floats
    infeasible: tuple[str, ...] = field(default=())
    plan: Mapping[str, Sequence[ScheduledMeasure]] = field(default_factory=dict)
    parents: tuple[str, ...] = ()

    @property
    def lifetime_kg(self) -> Floats:
        """Mercury to air of each unit over its remaining years [kg], shape (N,)."""
        return np.asarray(self.yearly_kg.sum(axis=1))

    @property
    def past_age_kg(self) -> Floats:
        """Mercury to air in the base year of units to which the rule of the scenario leaves no year [kg], shape (N,).

        A unit that a measure closes in the base year ends by action and is not among them.
        """
        base_year = self.baseline.projection.settings.base_year
        runs = [any(s.first <= base_year < s.end for s in own) for own in self.baseline.spans_under(self.scenario.rule)]
        emitted = self.baseline.projection.units["air_base_year_kg"].to_numpy(dtype=np.float64)
        return np.where(np.array(runs) | (self.yearly_kg[:, 0] > 0.0), 0.0, emitted)

    def changed(self) -> list[int]:
        """Return the indices of units that the scenario changes: they emit, and their mercury or their train differs.

        A unit that no longer runs when its measure begins is not changed, nor one that gets the train it has.
        """
        base = self.baseline.projection.yearly_kg
        width = max(base.shape[1], self.yearly_kg.shape[1])
        before, after = _padded(base, width), _padded(self.yearly_kg, width)
        differs = ~np.isclose(before, after, rtol=SAME, atol=0.0).all(axis=1)
        emits = (before > 0.0).any(axis=1) | (after > 0.0).any(axis=1)
        return np.flatnonzero(differs | (self._has_other_train & emits)).tolist()

    def changed_by(self, number: int, avoided: Mapping[str, float]) -> tuple[str, ...]:
        """Return the units that one of the measures changes, in the order in which it chose them.

        Where several measures meet at a unit, one that leaves mercury and train to the others does not change it.

        Parameters
        ----------
        number : int
            Index of the measure.
        avoided : mapping of str to float
            Mercury that it avoids at each unit [kg], as of `avoided_by_measure`.
        """
        ids, life = self.baseline.ids, self.baseline.projection.yearly_kg.sum(axis=1)
        changed = {ids[index]: SAME * float(life[index]) for index in self.changed()}
        return tuple(
            unit
            for unit in self.chosen[number]
            if unit in changed and (abs(avoided.get(unit, 0.0)) > changed[unit] or self._retrofits(number, unit))
        )

    def years_of(self, unit: str, change: ScheduledMeasure) -> Ints:
        """Return the years in which a measure works and its unit runs, closures and other measures heeded, rising."""
        base_year = self.baseline.projection.settings.base_year
        first = max(change.first - base_year, 0)
        until = None if change.end is None else max(change.end - base_year, 0)
        own = self.yearly_kg[self.baseline.index_of[unit], first:until]
        return np.flatnonzero(own > 0.0) + first + base_year

    def _retrofits(self, number: int, unit: str) -> bool:
        """Return whether a measure changes the train of a unit in years in which it runs."""
        return bool(self._has_other_train[self.baseline.index_of[unit]]) and any(
            change.number == number and change.measure.action in TRAIN_ACTIONS and self.years_of(unit, change).size > 0
            for change in self.plan.get(unit, ())
        )

    @cached_property
    def _has_other_train(self) -> Flags:
        """Return which units run with another train than without the scenario in any year, shape (N,)."""
        other = np.zeros(len(self.baseline.ids), dtype=np.bool_)
        if self.states is None:
            return other
        now, then = (one.units["train"].tolist() for one in (self.baseline.projection, self.states))
        for span in self.spans:
            if span.state != BASELINE and span.end > span.first and now[span.unit] != then[span.state]:
                other[span.unit] = True
        return other

    def pathways(self) -> pd.DataFrame:
        """Return the mercury by pathway over all remaining years [kg], index pathway: where it goes.

        Raises
        ------
        ScenarioError
            If a cut takes more from a pathway than goes there.
        """
        table = pathways_of(self.baseline.projection.mass_balance)
        indices = np.array([span.unit if span.state == BASELINE else len(table) + span.state for span in self.spans])
        if self.states is not None:  # an unknown sink may be in one of them alone
            table = pd.concat([table, pathways_of(self.states.mass_balance)]).fillna(0.0)
        balance = table.to_numpy()
        years = np.zeros(len(balance))
        np.add.at(years, indices.astype(np.intp), [span.ratio * (span.end - span.first) for span in self.spans])
        kg = years @ balance
        for span, index in zip(self.spans, indices.tolist(), strict=True):
            if span.cut:
                kg += span.ratio * (span.end - span.first) * self._moved(span, balance[index])
        return pd.DataFrame({"kg": kg}, index=table.columns.rename("pathway"))

    def _moved(self, span: Span, yearly: Floats) -> Floats:
        """Return by how much a cut changes what goes where [kg/yr], from what goes there without, same shape."""
        moved = np.zeros_like(yearly)
        moved[AIR] = -span.cut * yearly[AIR]
        taken = span.cut * float(yearly[AIR].sum())
        for pathway, share in span.catch:
            moved[PATHWAYS.index(pathway)] = share * taken
        short = np.flatnonzero(yearly + moved < -ROUNDING * yearly.sum())
        if short.size:
            raise ScenarioError(
                f"cut_emission from {span.first} at {self.baseline.ids[span.unit]}: target takes more from "
                f"{PATHWAYS[short[0]]} than goes there. Write a share nearer to 0."
            )
        return moved


def _padded(table: Floats, width: int) -> Floats:
    return np.pad(table, ((0, 0), (0, width - table.shape[1])))
