"""Up to which share of the remaining emissions targeting costs less per kilogram than a blanket rule.

Units get their best step one after the other: in the order of their remaining emissions, or of their cost per kilogram.
What they have avoided and cost together is compared with the rule after each unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hginventory._types import Flags, Floats
from hginventory.decisions.costs import Horizon
from hginventory.decisions.optimisation.goals import MILLION, Rules
from hginventory.decisions.optimisation.ranked_units import dated_best_steps
from hginventory.decisions.options import StepTable
from hginventory.decisions.scenarios import AppliedScenario, scenario_cost
from hginventory.errors import UsageError
from hginventory.translations import NumberText, TranslatableText
from hginventory.units import percent


@dataclass(frozen=True)
class Order:
    """Best steps taken one unit after the other, U units.

    Attributes
    ----------
    share : ndarray of float, shape (U,)
        Remaining emissions avoided up to each unit, as a share of those of the fleet [0-1].
    npv : ndarray of float, shape (U,)
        Present value of the costs up to each unit [money].
    usd_per_kg : ndarray of float, shape (U,)
        Cost per kilogram up to each unit [money/kg].
    is_cheaper, is_cheaper_alone : ndarray of bool, shape (U,)
        Whether that is below the cost per kilogram of the rule, and whether that of the unit itself is.
    """

    share: Floats
    npv: Floats
    usd_per_kg: Floats
    is_cheaper: Flags
    is_cheaper_alone: Flags

    @property
    def first(self) -> int:
        """Number of units from which on it is cheaper than the rule, counted from 1; 0: at no number."""
        return int(self.is_cheaper.argmax()) + 1 if self.is_cheaper.any() else 0

    @property
    def last(self) -> int:
        """Number of units up to which it is then cheaper without a break; 0: at no number."""
        if not self.first:
            return 0
        stops = np.flatnonzero(~self.is_cheaper[self.first - 1 :])
        return self.first - 1 + int(stops[0]) if stops.size else self.share.size


@dataclass(frozen=True)
class Targeting:
    """Best steps in two orders, compared with a rule for all units.

    Attributes
    ----------
    name, title : str
        The rule.
    share, usd_per_kg, annuity : float
        Remaining emissions of the fleet that it avoids [0-1], its cost per kilogram [money/kg] and a year [money/yr].
    by_emissions, by_value : Order
        Units with most remaining emissions first, and those of lowest cost per kilogram.
    horizon : Horizon
        Years over which money and mercury are counted.
    currency : str
        That of the money.
    """

    name: str
    title: str
    share: float
    usd_per_kg: float
    annuity: float
    by_emissions: Order
    by_value: Order
    horizon: Horizon
    currency: str

    def sentences(self) -> tuple[TranslatableText, ...]:
        """Return the result in three sentences."""
        rule = TranslatableText(
            "{title} ({name}) avoids {share} of the remaining emissions of the fleet at {price} {currency}/kg.",
            title=TranslatableText(self.title), name=self.name, share=_percent(self.share),
            price=NumberText(f"{self.usd_per_kg:,.0f}"), currency=self.currency,
        )  # fmt: skip
        return rule, self._in_order_of_emissions(), self._in_order_of_value()

    def _in_order_of_emissions(self) -> TranslatableText:
        order = self.by_emissions
        if not order.share.size:
            return TranslatableText("No unit has a priced step that applies without conditions.")
        if not order.first:
            return TranslatableText(
                "Units in the order of their remaining emissions, each with its own best step, cost more per kilogram "
                "than this rule from the first unit on."
            )
        parts = self._parts(order)
        if order.first > 1:
            return TranslatableText(
                "Units in the order of their remaining emissions, each with its own best step, cost more per kilogram "
                "than this rule at first, and less from the first {first} units ({begin} avoided) to the first {last} "
                "({end} avoided at {price} {currency}/kg).",
                **parts,
            )
        if order.last == order.share.size:
            return TranslatableText(
                "Units in the order of their remaining emissions, each with its own best step, cost less per kilogram "
                "than this rule up to the last one, number {last}: together they avoid {end} at {price} {currency}/kg.",
                **parts,
            )
        return TranslatableText(
            "Units in the order of their remaining emissions, each with its own best step, cost less per kilogram than "
            "this rule up to number {last}, that is up to {end} of the remaining emissions avoided; from there on the "
            "rule is cheaper.",
            **parts,
        )

    def _in_order_of_value(self) -> TranslatableText:
        order = self.by_value
        if not order.first:
            return TranslatableText(
                "In the order of cost per kilogram they are not cheaper than this rule at any share either."
            )
        parts = self._parts(order)
        reached = order.share >= self.share
        if not reached.any():
            alone = int(order.is_cheaper_alone.sum())
            return TranslatableText(
                "In the order of cost per kilogram they cost less than this rule up to {end} avoided ({last} of them, "
                "{price} {currency}/kg), which is less than the rule avoids; each of the first {alone} ({part} "
                "avoided) costs less per kilogram by itself.",
                **parts, alone=alone, part=_percent(float(order.share[alone - 1])),
            )  # fmt: skip
        count = int(reached.argmax()) + 1
        return TranslatableText(
            "In the order of cost per kilogram they cost less than this rule up to {end} avoided ({last} of them); as "
            "much as the rule avoids takes {count} of them and {own} instead of {whole} million {currency}/yr.",
            **parts,
            count=count,
            own=NumberText(f"{order.npv[count - 1] * self.horizon.annuity / MILLION:,.1f}"),
            whole=NumberText(f"{self.annuity / MILLION:,.1f}"),
        )

    def _parts(self, order: Order) -> dict[str, object]:
        begin, end = order.first - 1, order.last - 1
        return {
            "first": order.first, "begin": _percent(float(order.share[begin])),
            "last": order.last, "end": _percent(float(order.share[end])),
            "price": NumberText(f"{order.usd_per_kg[end]:,.0f}"), "currency": self.currency,
        }  # fmt: skip


def _percent(share: float) -> NumberText:
    return NumberText(percent(share, 1))


def targeting(rule: AppliedScenario) -> Targeting:
    """Return best steps, unit after unit, compared with a rule for all units.

    Steps start with the first measure of the rule; conditions apply to them, lead times and build-up to neither.

    Parameters
    ----------
    rule : AppliedScenario
        The rule on a fleet, as ``blanket_bat``.

    Raises
    ------
    UsageError
        If something the rule does has no price, or it avoids nothing.

    Examples
    --------
    >>> import hginventory as hg
    >>> run = hg.project("indonesia", where="capacity_mw >= 900", draws=0)
    >>> found = targeting(run.compare(["blanket_bat"]).applied[0])
    >>> len(found.sentences()), bool((found.by_value.npv >= 0).all())
    (3, True)
    """
    baseline, cost = rule.baseline, scenario_cost(rule)
    projection = baseline.projection
    catalogue = baseline.at_once
    remaining = projection.yearly_kg.sum(axis=1)
    avoided, whole = float((remaining - rule.lifetime_kg).sum()), float(remaining.sum())
    if cost.unpriced or not avoided > 0:
        words = f"{rule.scenario.name} avoids nothing, or has no price at some units. Use one that has, as blanket_bat."
        raise UsageError(words, parameter="rule")
    first = min(change.first for changes in rule.plan.values() for change in changes)
    steps = dated_best_steps(catalogue, Rules(not_before=max(first, catalogue.horizon.base_year)))
    price = cost.npv.value * catalogue.horizon.per_kg / avoided
    orders = (np.lexsort((steps.unit, -remaining[steps.unit])), np.arange(steps.size))
    by_emissions, by_value = (_order(steps.taken(rows), whole, price, catalogue.horizon) for rows in orders)
    return Targeting(
        rule.scenario.name,
        rule.scenario.title,
        avoided / whole,
        price,
        cost.annuity.value,
        by_emissions,
        by_value,
        catalogue.horizon,
        catalogue.prices.terms.currency,
    )


def _order(steps: StepTable, whole: float, price: float, horizon: Horizon) -> Order:
    kg, npv = np.cumsum(steps.avoided), np.cumsum(steps.cost)
    per_kg: Floats = npv * horizon.per_kg / kg
    return Order(kg / whole, npv, per_kg, per_kg < price, steps.usd_per_kg * horizon.per_kg < price)
