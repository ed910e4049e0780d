"""A projection and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.arguments import whole
from hginventory.ensemble import Progress
from hginventory.planning import Planning

if TYPE_CHECKING:
    from hginventory.decisions.measuring import PlanSensitivity
    from hginventory.decisions.scenarios import Baseline, Comparison
    from hginventory.decisions.sensitivity import SamplingPlan, Sensitivity
    from hginventory.model import Limit
    from hginventory.scenarios import Scenario


class Analysis(Planning):
    """The results of a projection and the questions one asks of it: scenarios, sensitivities, options, plans, limits.

    Parameters
    ----------
    projection : Projection
        The computed fleet.
    draws, seed : int
        Draws of the uncertain factors and their seed; 0 draws: central values only.
    """

    @cached_property
    def baseline(self) -> Baseline:
        """The fleet without any measure, with what scenarios and reports ask of it; worked out once."""
        from hginventory.decisions.scenarios import Baseline

        return Baseline(self.projection)

    def compare(
        self, scenarios: Sequence[str | Scenario], *, equal_kg: bool = False, equal_money: bool = False
    ) -> Comparison:
        """Return scenarios compared with the baseline, on the draws of this run.

        Parameters
        ----------
        scenarios : sequence of str or Scenario
            Names of shipped scenarios, paths of TOML files, or scenarios made in Python.
        equal_kg, equal_money : bool
            Also, for each scenario, the least-cost plan of its kilograms, and the plan of most kilograms for its net
            present value: tables ``equal`` and ``equal_steps`` of the comparison, as of
            `decisions.optimisation.equal_plans`.

        Raises
        ------
        ScenarioError
            If a scenario is wrong, chooses no unit or contradicts itself; the file and line are named.
        """
        from hginventory.decisions.scenarios import compare_named

        comparison = compare_named(self.baseline, scenarios, self.n_draws, self.seed, lambda: self.certainty)
        if not (equal_kg or equal_money):
            return comparison
        from hginventory.decisions.optimisation import equal_plans

        found = equal_plans(
            comparison.applied, equal_kg=equal_kg, equal_money=equal_money, draws=self.n_draws, seed=self.seed
        )
        return replace(comparison, equal=found.table, equal_steps=found.steps)

    def sensitivity(self, draws: int = 4000, *, top: int = 10, progress: Progress | None = None) -> Sensitivity:
        """Return what share of the variance of the total and of the named each factor and scope explains.

        Parameters
        ----------
        draws : int
            Draws of each of some twenty runs.
        top : int
            How many units are named.
        progress : callable, optional
            Called with the share done [0-1].
        """
        from hginventory.decisions.sensitivity import sensitivity

        whole("draws", draws, 1)
        whole("top", top, 1)
        if (draws, top) not in self._sensitivities:
            self._sensitivities[draws, top] = sensitivity(
                self.projection, draws=draws, seed=self.seed, top=top, progress=progress
            )
        return self._sensitivities[draws, top]

    @cached_property
    def _sensitivities(self) -> dict[tuple[int, int], Sensitivity]:
        """What was computed, by draws and units named: page, chapter and plan tables ask for the same."""
        return {}

    def sampling_plan(self, *, top: int = 10) -> SamplingPlan:
        """Return the measurements that would reduce the uncertainty most, best first, on the draws of this run."""
        from hginventory.decisions.sensitivity import sampling_plan

        return sampling_plan(self.projection, draws=self.n_draws, seed=self.seed, top=top)

    def plan_sensitivity(
        self, plan: str | Scenario, draws: int = 1000, *, progress: Progress | None = None
    ) -> PlanSensitivity:
        """Return what drives what a plan avoids, and what to measure first for it.

        Parameters
        ----------
        plan : str or Scenario
            Path of a saved plan, or any scenario.
        draws : int
            Draws of each of some thirty runs.
        progress : callable, optional
            Called with the share done [0-1].
        """
        from hginventory.decisions.measuring import applied_plan, plan_sensitivity

        applied = applied_plan(self.projection, plan)
        return plan_sensitivity(applied, draws=draws, seed=self.seed, progress=progress)

    def limits(self, *limits: Limit, countries: Sequence[str] = ()) -> pd.DataFrame:
        """Return units compared with emission limits: those given, else those of the factor table."""
        from hginventory.decisions.limits import check_limits
        from hginventory.model import limits_in_table

        chosen = limits or limits_in_table(self.projection.library, countries)
        return check_limits(self.projection, chosen)
