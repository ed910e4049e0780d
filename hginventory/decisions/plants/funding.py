"""Projects in the form a proposal to a fund asks: baseline, project, avoided, cost, cost per kilogram, who pays what.

A project is a plant with one option, or several together, at all of its units that can take them. Percentiles of a
project are sums of those of its units: units of one plant share their coal, so that their errors go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from hginventory.decisions.costs import EMPTY, NOTHING, Range
from hginventory.decisions.options import IF, NO, Catalogue, UnitOption, cost_per_kg, levels_of
from hginventory.decisions.plants.plant_shortlist import PlantCandidate, candidates
from hginventory.decisions.ranking import Certainty
from hginventory.errors import UsageError
from hginventory.units import percent

PLACEHOLDERS = ("grant_requested", "cofinance_government", "cofinance_owner", "cofinance_bank", "cofinance_in_kind")
NO_COST = "no cost available for "


@dataclass(frozen=True)
class Project:
    """A plant and what is done there.

    Attributes
    ----------
    plant : PlantCandidate
        The plant.
    option : str
        Ids joined by ``+``.
    units : tuple of UnitOption
        The option at each unit that can take it.
    left_out : tuple of str
        Units that cannot, with the reason.
    """

    plant: PlantCandidate
    option: str
    units: tuple[UnitOption, ...]
    left_out: tuple[str, ...]

    @property
    def name(self) -> str:
        """Plant and option, as the column ``project`` of the table has them."""
        return f"{self.plant.plant}: {self.option}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the costs of its units, each once."""
        return tuple(dict.fromkeys(note for o in self.units if o.cost for note in o.cost.notes))

    @property
    def at_units(self) -> str:
        """Ids of its units, as the column ``units`` of the table has them."""
        return "; ".join(option.unit_id for option in self.units)

    @property
    def capital_only(self) -> bool:
        """Whether no operating cost is available for one of its units, so that its cost is a lower bound."""
        return any(option.cost is not None and option.cost.capital_only for option in self.units)


def projects(catalogue: Catalogue, plants: Sequence[PlantCandidate], option: str | None = None) -> list[Project]:
    """Return one project a plant.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.
    plants : sequence of PlantCandidate
        Plants, as from `shortlist`.
    option : str, optional
        Ids joined by ``+``, for every plant; default: for each the first option of its catalogue with a price.

    Raises
    ------
    UsageError
        If an option is not known, or a plant can take none.
    """
    found = []
    for plant in plants:
        name = option or first_option(catalogue, plant)
        at_units = [catalogue.combined(unit, name.split("+")) for unit in plant.units]
        taken = tuple(o for o in at_units if o.applies != NO)
        left_out = tuple(f"{o.unit_id}: {o.reason}" for o in at_units if o.applies == NO)
        if not taken:
            raise UsageError(
                f"{plant.plant}: {name} can go to none of its units ({left_out[0]}). Choose another `option`."
            )
        found.append(Project(plant, name, taken, left_out))
    return found


def first_option(catalogue: Catalogue, plant: PlantCandidate) -> str:
    """Return the option with which a plant begins: what the rules name first, else the cheapest that just applies."""
    found = catalogue.of_unit(plant.units[0])
    priced = [o for o in found if o.applies != NO and o.usd_per_kg is not None and o.avoided_kg_per_yr > 0]
    for_mercury = [o for o in priced if o.applies != IF and o.cost is not None and _mercury_only(o)]
    chosen = for_mercury or [o for o in priced if o.applies != IF]
    if not chosen:
        raise UsageError(
            f"{plant.plant}: no priced option applies to {plant.units[0]} without a condition. "
            "Choose one with `option`."
        )
    first = min(o.place for o in chosen)
    return max((o for o in chosen if o.place == first), key=lambda o: o.avoided_kg).option


def _mercury_only(option: UnitOption) -> bool:
    return option.cost is not None and option.cost.mercury_per_year == option.cost.per_year != NOTHING


def finance_table(catalogue: Catalogue, found: Sequence[Project]) -> pd.DataFrame:
    """Return projects in the form a proposal asks, the cheapest mercury first, those without a price last.

    Returns
    -------
    DataFrame
        project, plant, country, owner, sector, article_8_paragraph, option, what; units: those that take the option,
        and the baseline is theirs; first_year, end_year; baseline_kg_per_yr, project_kg_per_yr, avoided_kg_per_yr and
        the same over the remaining life [kg], with p05 and p95 of what is avoided; capital, operation_per_yr,
        npv, npv_mercury and annuity with low and high; usd_per_kg and usd_per_kg_mercury (annuity over avoided a year,
        over all years of the run) with low and high; currency,
        price_year, rate, life_years, cost_covers; no money where a unit has no price, and cost_covers names it; blank
        columns for grant and co-finance; co_benefits, waste, conditions and notes.
    """
    rows = [_row(catalogue, project) for project in found]
    table = pd.DataFrame(rows)
    return table.sort_values(["usd_per_kg", "project"], kind="stable", ignore_index=True) if rows else table


def _row(catalogue: Catalogue, project: Project) -> dict[str, Any]:
    at_units = project.units
    units = catalogue.projection.units.loc[[o.unit_id for o in at_units]]
    avoided = sum(o.avoided_kg_per_yr for o in at_units)
    low, middle, high = (
        sum(o.avoided_kg_per_yr * getattr(o, f"avoided_{end}") for o in at_units) for end in ("p05", "p50", "p95")
    )
    lifetime = sum(o.avoided_kg for o in at_units)
    ratio = lifetime / avoided if avoided > 0 else 0.0
    capital, operation, npv, mercury, annual = (
        _total(at_units, name) for name in ("capital", "operation", "npv", "npv_mercury", "annuity")
    )
    baseline, baseline_kg = float(units["air_kg_per_yr"].sum()), float(units["lifetime_kg"].sum())
    levels = levels_of(avoided, low, middle, high)
    full, share = (cost_per_kg(one.times(catalogue.horizon.per_kg), lifetime, levels) for one in (npv, mercury))
    terms = catalogue.prices.terms
    return {
        "project": project.name,
        "plant": project.plant.plant,
        "country": project.plant.country,
        "owner": project.plant.owner,
        "sector": project.plant.sector,
        "article_8_paragraph": at_units[0].paragraph,
        "option": project.option,
        "what": at_units[0].name,
        "units": project.at_units,
        "first_year": min(o.first_year for o in at_units),
        "end_year": max(o.end_year for o in at_units),
        "baseline_kg_per_yr": baseline,
        "project_kg_per_yr": baseline - avoided,
        "avoided_kg_per_yr": avoided,
        "avoided_kg_per_yr_p05": low,
        "avoided_kg_per_yr_p95": high,
        "baseline_kg": baseline_kg,
        "project_kg": baseline_kg - lifetime,
        "avoided_kg": lifetime,
        "avoided_kg_p05": low * ratio,
        "avoided_kg_p95": high * ratio,
        **capital.columns("capital"),
        **operation.columns("operation_per_yr"),
        **npv.columns("npv"),
        **mercury.columns("npv_mercury"),
        **annual.columns("annuity"),
        **full.columns("usd_per_kg"),
        **share.columns("usd_per_kg_mercury"),
        **terms.columns(),
        "life_years": max((o.cost.life for o in at_units if o.cost), default=float("nan")),
        "cost_covers": _covers(at_units),
        **dict.fromkeys(PLACEHOLDERS),
        "co_benefits": _co_benefits(at_units[0]),
        "waste": at_units[0].waste_effect,
        "conditions": "; ".join(filter(None, (at_units[0].reason, *project.left_out))),
        "notes": "; ".join(project.notes),
    }


def _total(at_units: Sequence[UnitOption], name: str) -> Range:
    """Return the sum over units of an amount of their costs; `EMPTY` if one has none."""
    total = NOTHING
    for option in at_units:
        cost = option.cost
        if cost is None:
            return EMPTY
        total += getattr(cost, name)
    return total


def _covers(at_units: Sequence[UnitOption]) -> str:
    """Return what the cost of a project covers, or which units have none, so that there is no sum."""
    unpriced = [option.unit_id for option in at_units if option.cost is None]
    if unpriced:
        return f"{NO_COST}{', '.join(unpriced)}"
    return "; ".join(dict.fromkeys(o.cost.covers for o in at_units if o.cost))


def _co_benefits(option: UnitOption) -> str:
    words = {"so2": "SO2", "pm": "dust", "nox": "NOx"}
    return ", ".join(f"{words[name]} -{percent(share)}" for name, share in option.co_benefits.items() if share > 0)


def named_plants(catalogue: Catalogue, names: Sequence[str], sure: Certainty | None = None) -> list[PlantCandidate]:
    """Return plants by their names, in the order given.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run.
    names : sequence of str
        Names as in the fleet.
    sure : Certainty, optional
        Draws of the run.

    Raises
    ------
    UsageError
        If a plant has no remaining mercury, or no plant has the name; the message lists similar names.
    """
    known = {plant.plant: plant for plant in candidates(catalogue.projection, sure)}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.3)
            hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else "See the column plant of units.csv."
            raise UsageError(
                f"no plant with remaining mercury is called {name!r}. {hint}", parameter="names", allowed=known
            )
    return [known[name] for name in names]
