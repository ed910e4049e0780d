"""A projection and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from hginventory import arguments
from hginventory.ensemble import Progress
from hginventory.results import Results

if TYPE_CHECKING:
    from hginventory.decisions.limits import Limit
    from hginventory.decisions.measuring import MeasuringPlan, PlanSensitivity
    from hginventory.decisions.options import Catalogue, Site
    from hginventory.decisions.plants import Shortlist
    from hginventory.decisions.scenarios import Comparison
    from hginventory.decisions.sensitivity import SamplingPlan, Sensitivity
    from hginventory.scenarios import Scenario


class Analysis(Results):
    """The results of a projection and the questions one asks of it: scenarios, sensitivities, options, plans, limits.

    Parameters
    ----------
    projection : Projection
        The computed fleet.
    draws, seed : int
        Draws of the uncertain factors and their seed; 0 draws: central values only.
    """

    def compare(self, scenarios: Sequence[str | Scenario]) -> Comparison:
        """Return scenarios compared with the baseline, on the draws of this run.

        Parameters
        ----------
        scenarios : sequence of str or Scenario
            Names of shipped scenarios, paths of TOML files, or scenarios made in Python.

        Raises
        ------
        ScenarioError
            If a scenario is wrong, chooses no unit or contradicts itself; the file and line are named.
        """
        from hginventory.decisions.scenarios import compare_named

        return compare_named(self.projection, scenarios, self.draws, self.seed, lambda: self.certainty)

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

        return sensitivity(self.projection, draws=draws, seed=self.seed, top=top, progress=progress)

    def sampling_plan(self, *, top: int = 10) -> SamplingPlan:
        """Return the measurements that would reduce the uncertainty most, best first, on the draws of this run."""
        from hginventory.decisions.sensitivity import sampling_plan

        return sampling_plan(self.projection, draws=self.draws, seed=self.seed, top=top)

    def plan_sensitivity(
        self, plan: str | Scenario, draws: int = 2000, *, progress: Progress | None = None
    ) -> PlanSensitivity:
        """Return what drives what a plan avoids, and what to measure first for it.

        Parameters
        ----------
        plan : str or Scenario
            Path of a saved plan, or any scenario.
        draws : int
            Draws of each of some thirty runs.
        progress : callable, optional
            Is told the share done [0-1].
        """
        from hginventory.decisions.measuring import applied_plan, plan_sensitivity

        applied = applied_plan(self.projection, plan)
        return plan_sensitivity(applied, draws=draws, seed=self.seed, progress=progress)

    def measuring_plan(
        self,
        *,
        catalogue: Catalogue | None = None,
        target: str | None = None,
        by: int | None = None,
        target_kg: float | None = None,
        usd_per_kg: float | None = None,
        top: int = 10,
        shown: int = 10,
    ) -> MeasuringPlan:
        """Return a monitoring programme: whom to measure, by which method, at what price, and what it is worth.

        Parameters
        ----------
        catalogue : Catalogue, optional
            Options on chosen terms; default: those of `catalogue`.
        target, by, target_kg
            Goal of the plan that measurements serve, as of `decisions.optimisation.make_goal`.
        usd_per_kg : float, optional
            Instead of a goal: what a kilogram avoided is worth. With neither nothing has a worth in money.
        top : int
            How many units are named.
        shown : int
            Measurements in the programme.
        """
        from hginventory.decisions.measuring import measuring_plan, plan_price
        from hginventory.decisions.optimisation import make_goal

        catalogue = catalogue or self.catalogue()
        asked = target is not None or target_kg is not None
        goal = make_goal(self.projection, target=target, target_kg=target_kg, by=by) if asked else None
        priced = plan_price(catalogue, goal, usd_per_kg=usd_per_kg) if asked or usd_per_kg is not None else None
        return measuring_plan(
            catalogue, priced, sure=self.certainty, draws=self.draws, seed=self.seed, named=top, shown=shown
        )

    def catalogue(
        self, *, site: Site | None = None, lead_time: Mapping[str, float] | None = None, **terms: Any
    ) -> Catalogue:
        """Return the reduction options of this run; ``run.catalogue().of_unit(id)``.

        Parameters
        ----------
        site : Site, optional
            What is known of the site of the units asked about.
        lead_time : mapping of str to float, optional
            Kind of step -> months until it runs, instead of the table `lead_time`.
        **terms
            Terms of the costs, as in `costs.Prices`: rate, book_life, price_year, difficulty, multiplier.
        """
        from hginventory.decisions.costs import TERMS, Prices
        from hginventory.decisions.options import Catalogue

        arguments.keywords(terms, ("site", "lead_time", *TERMS))
        prices = Prices(self.projection.library, **terms)
        return Catalogue(self.projection, prices=prices, site=site, sure=self.certainty, lead_time=lead_time)

    def shortlist(self, n: int = 3, *, owner: str | None = None) -> Shortlist:
        """Return the plants to look at first, with what speaks for each, and those passed over."""
        from hginventory.decisions.plants import shortlist

        return shortlist(self.catalogue(), self.certainty, n, owner=owner)

    def limits(self, *limits: Limit, countries: Sequence[str] = ()) -> pd.DataFrame:
        """Return units compared with emission limits: those given, else those of the factor table."""
        from hginventory.decisions.limits import check_limits, limits_in_table

        chosen = limits or limits_in_table(self.projection.library, countries)
        return check_limits(self.projection, chosen, self.certainty)
