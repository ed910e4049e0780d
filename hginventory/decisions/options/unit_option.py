"""An option at a unit, as data, and as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from hginventory.decisions.costs import EMPTY, Cost, Range, Terms
from hginventory.decisions.options.conditions import UNCONDITIONAL, Condition
from hginventory.decisions.options.installed import UnitState
from hginventory.decisions.options.option_table import CO_BENEFITS
from hginventory.model import AIR, PATHWAYS

WASTE = PATHWAYS[AIR.stop :]


@dataclass(frozen=True)
class Site:
    """What the user knows of the site of the units asked about; None: not known.

    Attributes
    ----------
    space, coast, ash_sold : bool or None
        Space for large plant, sea water within reach, ash sold to cement works.
    must_cut : frozenset of str or None
        Pollutants that must fall anyway: so2, pm, nox.
    """

    space: bool | None = None
    coast: bool | None = None
    ash_sold: bool | None = None
    must_cut: frozenset[str] | None = None

    def coast_at(self, unit: UnitState) -> bool | None:
        """Return whether sea water is within reach of a unit: as the user says, else as its workbook does."""
        return unit.coast if self.coast is None else self.coast

    def ash_sold_at(self, unit: UnitState) -> bool | None:
        """Return whether the ash of a unit is sold to cement works: as the user says, else as its workbook does."""
        return unit.ash_sold if self.ash_sold is None else self.ash_sold


@dataclass(frozen=True)
class UnitOption:
    """An option at a unit.

    Attributes
    ----------
    unit_id, option, name, option_class, paragraph : str
        Unit, id (of several taken together: ids joined by ``+``), words, class of the catalogue, paragraph of Article 8
        of the Convention.
    applies, reason : str
        ``yes``, ``if`` or ``no``, and why.
    checks : tuple of str
        What must be looked at first.
    place : int
        Rank in the catalogue, the first step of the rules before others.
    applies_to : float
        Share of the trains the unit may have to which it can go [0-1].
    first_year, end_year : float
        Years in which it works, half-open: from the first in which it can, unless another start was asked for.
    train_before, train_after : str
        Trains.
    removal_before, removal_after : float
        Share of the mercury input that does not leave the stack [0-1].
    avoided_kg_per_yr, avoided_kg : float
        In a full year, and from the first year to the end of life [kg].
    avoided_p05, avoided_p50, avoided_p95 : float
        Percentiles of the avoided mercury over its mean [1]; NaN without draws.
    cost : Cost or None
        None where no price is available or it does not apply.
    usd_per_kg, usd_per_kg_mercury : Range or None
        Full cost and mercury's share: yearly payment over mercury avoided a year, over all years of the run
        [money/kg].
    waste_kg_per_yr : mapping of str to float
        Pathway -> change of what goes there [kg/yr].
    waste_effect : str
        The same in words.
    moved_to_sea, moved_to_ash : float
        Change of the mercury that goes to the sea with the water of a sea-water scrubber, and into ash sold to cement
        works [kg/yr]; NaN where it does not apply, or is not known.
    conditions : Condition
        What it depends on where it applies ``if``.
    co_benefits : mapping of str to float
        so2, pm, nox -> share of the present emission taken out [0-1].
    replicable : int
        Other units of the fleet to which it applies.
    """

    unit_id: str
    option: str
    name: str
    option_class: str
    paragraph: str
    applies: str
    reason: str
    checks: tuple[str, ...]
    place: int
    applies_to: float
    first_year: float
    end_year: float
    train_before: str
    train_after: str
    removal_before: float
    removal_after: float
    avoided_kg_per_yr: float
    avoided_kg: float
    avoided_p05: float
    avoided_p50: float
    avoided_p95: float
    cost: Cost | None
    usd_per_kg: Range | None
    usd_per_kg_mercury: Range | None
    waste_effect: str
    replicable: int
    waste_kg_per_yr: Mapping[str, float] = field(default_factory=dict)
    co_benefits: Mapping[str, float] = field(default_factory=dict)
    moved_to_sea: float = math.nan
    moved_to_ash: float = math.nan
    conditions: Condition = UNCONDITIONAL

    @property
    def codes(self) -> tuple[str, ...]:
        """Options of the catalogue that are taken together."""
        return tuple(self.option.split("+"))


MONEY = ("capital", "fixed", "variable", "per_year", "mercury_per_year", "npv", "npv_mercury", "annuity")


def options_table(options: Iterable[UnitOption], terms: Terms) -> pd.DataFrame:
    """Return options as a table, one row each.

    Parameters
    ----------
    options : iterable of UnitOption
        From `options.Catalogue`.
    terms : Terms
        Terms of the costs; currency, year of the money, rate and life are in every row.

    Returns
    -------
    DataFrame
        unit_id, option, name, option_class, paragraph, applies, reason, conditions, checks, applies_to, first_year,
    end_year, train_before, train_after, removal_before, removal_after, avoided_kg_per_yr and avoided_kg with p05
    and p95, capital [money], fixed, variable, per_year and mercury_per_year [money/yr, in a year it runs], npv and
    npv_mercury [money] and annuity [money/yr], all with low and high, usd_per_kg and usd_per_kg_mercury with low
    and high, currency, price_year, rate, life_years, cost_covers, changes by pathway, moved_to_sea_kg_per_yr and
    moved_to_ash_kg_per_yr [kg/yr], waste_effect, so2, pm and nox taken out [1], replicable, cost_notes.
    """
    return pd.DataFrame([option_row(option, terms) for option in options])


def option_row(option: UnitOption, terms: Terms) -> dict[str, Any]:
    """Return one option as a flat row; columns as in `options_table`."""
    row: dict[str, Any] = {
        "unit_id": option.unit_id,
        "option": option.option,
        "name": option.name,
        "option_class": option.option_class,
        "paragraph": option.paragraph,
        "applies": option.applies,
        "reason": option.reason,
        "conditions": ", ".join(option.conditions.names),
        "checks": "; ".join(option.checks),
        "applies_to": option.applies_to,
        "first_year": option.first_year,
        "end_year": option.end_year,
        "train_before": option.train_before,
        "train_after": option.train_after,
        "removal_before": option.removal_before,
        "removal_after": option.removal_after,
    }
    for name, mean in (("avoided_kg_per_yr", option.avoided_kg_per_yr), ("avoided_kg", option.avoided_kg)):
        row |= {name: mean, f"{name}_p05": mean * option.avoided_p05, f"{name}_p95": mean * option.avoided_p95}
    for name in MONEY:
        row |= (EMPTY if option.cost is None else getattr(option.cost, name)).columns(name)
    row |= (option.usd_per_kg or EMPTY).columns("usd_per_kg")
    row |= (option.usd_per_kg_mercury or EMPTY).columns("usd_per_kg_mercury")
    row |= {
        **terms.columns(),
        "life_years": float("nan") if option.cost is None else option.cost.life,
        "cost_covers": "" if option.cost is None else option.cost.covers,
    }
    row |= {f"{name}_change_kg_per_yr": option.waste_kg_per_yr.get(name, float("nan")) for name in WASTE}
    row |= {"moved_to_sea_kg_per_yr": option.moved_to_sea, "moved_to_ash_kg_per_yr": option.moved_to_ash}
    row["waste_effect"] = option.waste_effect
    row |= {f"{name}_taken_out": option.co_benefits.get(name, float("nan")) for name in CO_BENEFITS}
    row |= {"replicable": option.replicable, "cost_notes": "; ".join(option.cost.notes) if option.cost else ""}
    return row
