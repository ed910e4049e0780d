"""What a plan is asked for: a share of one year's emission, mercury to the end of life, or a budget; and its rules."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hginventory import arguments
from hginventory._types import Floats
from hginventory.decisions.costs import CURRENCY, Horizon
from hginventory.decisions.options import UNCONDITIONAL, Condition
from hginventory.decisions.ranking import KG_PER_T
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.translations import NumberText, TranslatableText
from hginventory.units import percent

SHARE, MASS, BUDGET, BUDGET_TOTAL = "share", "kg", "budget", "budget_total"
MILLION = 1e6
WINDOW = 10  # years in which steps may start, where no year is given
_PERCENT = re.compile(r"^\s*([0-9.]+)\s*(%?)\s*$")


@dataclass(frozen=True)
class Goal:
    """What is asked.

    Attributes
    ----------
    kind : str
        ``share``: a reduction of the emission of year ``by``; ``kg``: mercury avoided to the end of life;
        ``budget``: the most mercury to the end of life for equal yearly payments over all years of the run;
        ``budget_total``: the same for the present value of all costs.
    amount : float
        Share [0-1], kg, money a year or money.
    by : int
        Year of the target; of the other kinds the last year in which a step may start.
    of_base_year : bool
        Whether a share is one of the emission of the base year, not of the fleet as it is in that year; of units
        within the rule's age in both.
    sector : str
        Sector whose emission a share is of; empty: all units.
    """

    kind: str
    amount: float
    by: int
    of_base_year: bool = False
    sector: str = ""

    @classmethod
    def of_all_years(cls, horizon: Horizon) -> Goal:
        """Return the goal by which all mercury of a run counts, and a step may start in any of its years."""
        return cls(MASS, math.inf, horizon.base_year + horizon.years - 1)

    @property
    def has_target(self) -> bool:
        """Whether a plan can fail it."""
        return self.kind in (SHARE, MASS)

    def most_npv(self, horizon: Horizon) -> float:
        """Return the present value that a budget allows [money]; infinite for a target."""
        if self.has_target:
            return math.inf
        return self.amount / horizon.annuity if self.kind == BUDGET else self.amount

    def words(self, base_year: int) -> TranslatableText:
        """Return the goal in words."""
        if self.kind == SHARE:
            compared = TranslatableText("emissions in {year} (units within their lifetime)", year=base_year)
            return TranslatableText(
                "{share} lower emissions of {who} in {year}, compared with {compared}",
                share=NumberText(percent(self.amount, 1)),
                who=TranslatableText("coal units") if self.sector else TranslatableText("the fleet"),
                year=self.by,
                compared=compared if self.of_base_year else TranslatableText("no action"),
            )
        if self.kind == MASS:
            mass = NumberText(f"{self.amount:,.0f}")
            return TranslatableText("{kg} kg of remaining-lifetime emissions avoided", kg=mass)
        amount = {"amount": NumberText(_millions(self.amount)), "currency": CURRENCY}
        if self.kind == BUDGET_TOTAL:
            return TranslatableText(
                "most remaining-lifetime emissions avoided for {amount} million {currency} in all (present value)",
                **amount,
            )
        return TranslatableText(
            "most remaining-lifetime emissions avoided for {amount} million {currency} a year over all years of the "
            "run",
            **amount,
        )

    def plan_title(self, base_year: int) -> TranslatableText:
        """Return the title of a plan that has the goal."""
        return TranslatableText("Plan: {goal}", goal=self.words(base_year))


def _millions(amount: float) -> str:
    """Return money in millions with four digits, never with an exponent.

    >>> [_millions(amount) for amount in (0.0, 50.0, 5e6, 12_345_678.0, 2.5e10)]
    ['0', '0.00005', '5', '12.35', '25,000']
    """
    millions = amount / MILLION
    places = 3 - math.floor(math.log10(millions)) if millions > 0 else 0
    text = f"{millions:,.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Rules:
    """What a plan must keep to.

    Attributes
    ----------
    not_before : int or None
        First year in which a step may start.
    per_year : int or None
        Most retrofits that may start in a year.
    exclude : frozenset of str
        Units that stay as they are.
    only : str
        Expression that units must fulfil to be changed; empty: all may be.
    closure_usd_per_kw : float or None
        What closing a unit early costs per kW of net capacity, paid once; None: no unit is closed early.
    accept : Condition
        Conditions on which a plan may lean.
    moved_price : float or None
        Price of mercury moved to the sea or into sold ash [money/kg]; None: the row of `cost_basis`.
    build_rate : mapping of str to float or None
        Kind of step -> capacity that may start in a year [GW/yr], instead of `build_rate`; None: no limit.
    with_kilns : bool
        Whether kilns may be changed as well as coal units, though no operating cost of their steps is available.
    max_units : int or None
        Most units that are changed.
    """

    not_before: int | None = None
    per_year: int | None = None
    exclude: frozenset[str] = frozenset()
    only: str = ""
    closure_usd_per_kw: float | None = None
    accept: Condition = UNCONDITIONAL
    moved_price: float | None = None
    build_rate: Mapping[str, float] | None = field(default_factory=dict)
    with_kilns: bool = False
    max_units: int | None = None

    def __post_init__(self) -> None:
        arguments.whole("max_units", self.max_units, 1, optional=True)
        if self.moved_price is not None and not 0 <= self.moved_price < math.inf:
            words = f"{self.moved_price:g} a kilogram cannot be used. Write 0 or more, as 10000."
            raise UsageError(words, parameter="moved_price", allowed=(0.0, math.inf))


def read_share(given: str | float) -> float:
    """Return a share given as 50%, "0.5" or 0.5.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> read_share("50%"), read_share("0.332"), read_share(0.25)
    (0.5, 0.332, 0.25)
    """
    if not isinstance(given, str):
        arguments.number("target", given)
    text = given if isinstance(given, str) else np.format_float_positional(given)
    found = _PERCENT.match(text)
    try:
        value = float(found[1]) / (100.0 if found[2] else 1.0) if found else float("nan")
    except ValueError:
        value = float("nan")
    if not 0.0 < value <= 1.0:
        raise UsageError(
            f"{text!r} is not a share of emissions. Write 50% or 0.5.", parameter="target", allowed=(0.0, 1.0)
        )
    return value


def make_goal(
    projection: Projection,
    *,
    target: str | float | None = None,
    target_kg: float | None = None,
    budget: float | None = None,
    budget_total: float | None = None,
    by: int | None = None,
    of_base_year: bool = False,
) -> Goal:
    """Return a goal from what was asked; exactly one of target, target_kg, budget, budget_total.

    Raises
    ------
    UsageError
        If none or several are given, or a number or year cannot be used.
    """
    base_year = projection.settings.base_year
    asked = {"target": target, "target_kg": target_kg, "budget": budget, "budget_total": budget_total}
    given = [name for name, value in asked.items() if value is not None]
    if len(given) != 1:
        found = f"{' and '.join(f'`{name}`' for name in given)} are given" if given else "no goal is given"
        raise UsageError(f"{found}. Give one of `target` with `by`, `target_kg`, `budget` or `budget_total`.")
    for name in ("target_kg", "budget", "budget_total"):
        arguments.number(name, asked[name], optional=True)
    arguments.whole("by", by, optional=True)
    arguments.flag("of_base_year", of_base_year)
    if by is not None and by < base_year:
        raise UsageError(
            f"{by} is before the base year. Use {base_year} or later.", parameter="by", allowed=(base_year, math.inf)
        )
    if of_base_year and target is None:
        raise UsageError("this goes with `target` only. Leave it out.", parameter="of_base_year")
    if target is not None:
        if by is None:
            words = f"{target} needs the year in which it must be met. Add `by`, as `by={base_year + 9}`."
            raise UsageError(words, parameter="target")
        if not emission_in(projection, by) > 0:
            raise UsageError(
                f"no unit emits in {by}, nothing is left to be reduced. Use an earlier year.", parameter="by"
            )
        return Goal(SHARE, read_share(target), by, of_base_year)
    last = base_year + WINDOW if by is None else by
    if target_kg is not None:
        if not target_kg > 0:
            words = f"{target_kg:g} kg cannot be asked for. Write a number above 0."
            raise UsageError(words, parameter="target_kg", allowed=(0.0, math.inf))
        return Goal(MASS, target_kg, last)
    amount = budget if budget is not None else budget_total or 0.0
    if not amount >= 0:
        words = f"{amount:g} cannot be spent. Write 0 or more, as 80e6."
        raise UsageError(words, parameter=given[0], allowed=(0.0, math.inf))
    return Goal(BUDGET if budget is not None else BUDGET_TOTAL, amount, last)


def counted_kg(projection: Projection, sector: str = "", yearly: Floats | None = None) -> Floats:
    """Return the mercury to air of the units of a sector, of all where it is empty, by year, shape (units, Y) [kg].

    Parameters
    ----------
    projection : Projection
        The run.
    sector : str
        Sector, or nothing.
    yearly : ndarray of float, optional, shape (N, Y)
        Mercury of all units, where it is not that of the fleet as it is [kg].
    """
    whole = projection.yearly_kg if yearly is None else yearly
    return whole[projection.units["sector"].eq(sector).to_numpy()] if sector else whole


def emission_in(projection: Projection, year: int, sector: str = "") -> float:
    """Return the mercury to air in a year of the fleet as it is, or of a sector [kg], within the rule's age."""
    column = year - projection.settings.base_year
    yearly = counted_kg(projection, sector)
    return float(yearly[:, column].sum()) if 0 <= column < yearly.shape[1] else 0.0


def needed(goal: Goal, yearly: Floats, base_year: int) -> Floats:
    """Return what must be avoided to meet a target [kg], at least 0, shape (S,).

    Parameters
    ----------
    goal : Goal
        A goal with a target.
    yearly : ndarray of float, shape (Y, S)
        Mercury to air of the fleet as it is by year from the base year on, in S draws [kg].
    base_year : int
        Base year.
    """
    if goal.kind == MASS:
        return np.full(yearly.shape[1], goal.amount)
    then = yearly[goal.by - base_year]
    if goal.of_base_year:
        return np.asarray(np.maximum(then - (1.0 - goal.amount) * yearly[0], 0.0))
    return np.asarray(goal.amount * then)


def tonnes(kg: float) -> str:
    """Return mercury for people: tonnes from ten tonnes on, else kg.

    >>> tonnes(12_345.0), tonnes(678.0)
    ('12.3 t', '678 kg')
    """
    return f"{kg / KG_PER_T:,.1f} t" if abs(kg) >= 10 * KG_PER_T else f"{kg:,.0f} kg"
