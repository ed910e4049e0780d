"""The results of a projection with its reduction options and the plans made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.results import Results

if TYPE_CHECKING:
    from hginventory.decisions.measuring import MeasuringPlan
    from hginventory.decisions.optimisation import Plan, Rules
    from hginventory.decisions.options import Catalogue, Site
    from hginventory.decisions.plants import Shortlist
    from hginventory.scenarios import Scenario
    from hginventory.translations import TranslatableText


class Planning(Results):
    """The results of a projection and what can be done: options, plans, monitoring programmes, plants to start with.

    Parameters
    ----------
    projection : Projection
        The computed fleet.
    draws, seed : int
        Draws of the uncertain factors and their seed; 0 draws: central values only.
    """

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

    def _check_own(self, catalogue: Catalogue | None) -> None:
        """Raise a UsageError where a catalogue is given that is not of this run."""
        from hginventory.decisions.options import Catalogue

        words = "a catalogue of this run, as run.catalogue(rate=0.07)"
        arguments.of_kind("catalogue", catalogue, Catalogue, words, optional=True)
        if catalogue is not None and catalogue.projection is not self.projection:
            raise UsageError(f"catalogue= is of another run. Use {words}.")

    def optimize(
        self,
        *,
        target: str | float | None = None,
        by: int | None = None,
        of_base_year: bool = False,
        target_kg: float | None = None,
        budget: float | None = None,
        budget_total: float | None = None,
        not_before: int | None = None,
        per_year: int | None = None,
        max_units: int | None = None,
        exclude: Sequence[str] = (),
        only: str | None = None,
        closure_usd_per_kw: float | None = None,
        accept: Sequence[str] = (),
        moved_price: float | None = None,
        build_rate: Mapping[str, float] | str | None = None,
        with_kilns: bool = False,
        confidence: float | None = None,
        most_per_kg: float | None = None,
        catalogue: Catalogue | None = None,
        **terms: Any,
    ) -> Plan:
        """Return the cheapest plan for a target, or the plan that avoids most for a budget, checked on the draws.

        Give exactly one goal: ``target`` with ``by``, ``target_kg``, ``budget`` or ``budget_total``.

        Parameters
        ----------
        target : str or float, optional
            Reduction of the emission of the year ``by``, as ``"50%"`` or 0.5.
        by : int, optional
            Year of the target; of the other goals the last year in which a step may start.
        of_base_year : bool
            The target is a share of the emission of the base year, not of the fleet as it is in the year ``by``.
        target_kg : float, optional
            Mercury avoided to the end of life [kg].
        budget, budget_total : float, optional
            Equal yearly payment over all years of the run [money/yr]; net present value of all costs [money].
        not_before : int, optional
            First year in which a step may start.
        per_year : int, optional
            Most retrofits that start in a year.
        max_units : int, optional
            Most units that are changed.
        exclude : sequence of str
            Units that stay as they are, named as for `find_unit`.
        only : str, optional
            Expression that selects the units that may be changed; the target counts all units.
        closure_usd_per_kw : float, optional
            Price of earlier closure [USD/kW net], paid once; without it no unit is closed early.
        accept : sequence of str
            Conditions on which the plan may rely, as ``["so2", "article_9"]``.
        moved_price : float, optional
            Price of mercury moved to the sea or into sold ash [money/kg]; default: table `cost_basis`.
        build_rate : mapping of str to float, or "none", optional
            Kind of step -> capacity that can be built in a year in each country [GW/yr]; ``"none"``: no limit;
            default: table `build_rate`.
        with_kilns : bool
            Kilns may be changed as well as coal units; only their capital costs are known.
        confidence : float, optional
            Probability with which the target must be met [0-1].
        most_per_kg : float, optional
            Cost of a kilogram up to which the frontier is shown [money/kg]; default: table `cost_basis`.
        catalogue : Catalogue, optional
            Options on chosen terms for a known site; default: those of `catalogue` with ``terms``.
        **terms
            Terms of the costs, as of `catalogue`: rate, book_life, price_year, difficulty, multiplier.

        Raises
        ------
        UnreachableTargetError
            If no plan meets the target; the message says what can be reached and which rule binds.
        UsageError
            If a parameter cannot be used; it is named with what is allowed.

        Examples
        --------
        >>> import hginventory as hg
        >>> run = hg.project("indonesia", where="capacity_mw >= 600", draws=0)
        >>> plan = run.optimize(target="50%", by=2035, per_year=20)
        >>> plan.summary["status"], bool(plan.summary["avoided_share"] >= 0.499)
        ('optimal', True)
        """
        from hginventory.decisions.costs import TERMS
        from hginventory.decisions.optimisation import make_goal, make_plan, make_rules

        arguments.keywords(terms, TERMS)
        self._check_own(catalogue)
        if catalogue is not None and terms:
            first = next(iter(terms))
            raise UsageError(f"catalogue= has its own terms. Leave out `{first}` or catalogue=.", parameter=first)
        goal = make_goal(
            self.projection, target=target, target_kg=target_kg, budget=budget, budget_total=budget_total, by=by,
            of_base_year=of_base_year,
        )  # fmt: skip
        rules = make_rules(
            not_before=not_before, per_year=per_year, max_units=max_units, exclude=exclude, only=only, accept=accept,
            closure_usd_per_kw=closure_usd_per_kw, moved_price=moved_price, build_rate=build_rate,
            with_kilns=with_kilns,
        )  # fmt: skip
        for name, value in {"confidence": confidence, "most_per_kg": most_per_kg}.items():
            arguments.number(name, value, optional=True)
        return make_plan(
            catalogue or self.catalogue(**terms), goal, rules, draws=self.n_draws, seed=self.seed,
            confidence=confidence, most_per_kg=most_per_kg,
        )  # fmt: skip

    def targeting_sentences(self, rule: str | Scenario = "blanket_bat") -> tuple[TranslatableText, ...]:
        """Return in three sentences up to which share of reduction targeting costs less per kilogram than a rule.

        Parameters
        ----------
        rule : str or Scenario
            Scenario that treats many units alike.

        Returns
        -------
        tuple of TranslatableText
            As of `decisions.optimisation.Targeting`; empty where the fleet has no unit that the rule changes.
        """
        from hginventory.decisions.optimisation import targeting
        from hginventory.decisions.scenarios import apply_named

        (applied,) = apply_named(self.projection, [rule], lambda: self.certainty)
        return targeting(applied).sentences()

    def measuring_plan(
        self,
        *,
        catalogue: Catalogue | None = None,
        target: str | None = None,
        by: int | None = None,
        target_kg: float | None = None,
        usd_per_kg: float | None = None,
        rules: Rules | None = None,
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
        rules : Rules, optional
            What the plan must keep to; limits on what is built in a year are left out.
        top : int
            How many units are named.
        shown : int
            Measurements in the programme.

        Raises
        ------
        UsageError
            If a parameter cannot be used; it is named with what is allowed.
        """
        from hginventory.decisions.measuring import measuring_plan, plan_price
        from hginventory.decisions.optimisation import make_goal

        self._check_own(catalogue)
        catalogue = catalogue or self.catalogue()
        asked = target is not None or target_kg is not None
        goal = make_goal(self.projection, target=target, target_kg=target_kg, by=by) if asked else None
        priced = plan_price(catalogue, goal, rules, usd_per_kg=usd_per_kg) if asked or usd_per_kg is not None else None
        return measuring_plan(
            catalogue, priced, sure=self.certainty, draws=self.n_draws, seed=self.seed, named=top, shown=shown
        )

    def shortlist(self, n: int = 3, *, owner: str | None = None) -> Shortlist:
        """Return the plants to look at first, with what speaks for each, and those passed over."""
        from hginventory.decisions.plants import shortlist

        return shortlist(self.catalogue(), self.certainty, n, owner=owner)
