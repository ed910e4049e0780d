"""What the measures of a scenario cost, unit by unit, from the prices of the options that do the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hginventory.decisions.costs import NOTHING, Horizon, Prices, Range
from hginventory.decisions.options import (
    CO_BENEFITS,
    NOT_DRAWN,
    Option,
    OptionTable,
    UnitState,
    co_benefit,
    cost_per_kg,
    members,
    priced,
)
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.schedule import ScheduledMeasure
from hginventory.scenarios import TRAIN_ACTIONS
from hginventory.vocabulary import KILN_DEVICES, named_devices, parse_train

# Measures that change no train -> the option whose price they take.
WITHOUT_TRAIN = {"wash_coal": "F1", "cofire_biomass": "F4", "raise_efficiency": "P1", "bleed_dust": "K1"}
FREE = ("exclude", "include")


@dataclass(frozen=True)
class ScenarioCost:
    """What a scenario costs on stated terms.

    Attributes
    ----------
    units : DataFrame
        unit_id, measure (its number), action, options (whose prices were taken), from_year, years, capital, per_year,
        mercury_per_year, npv and npv_mercury with low and high, currency, price_year, rate, life_years, cost_covers;
        so2, pm and nox taken out [share of the present emission]; money NaN where no price is available.
    retrofits : int
        Units that get a priced step.
    unpriced : int
        Units with a measure for which no price is available.
    capital : Range
        Paid once, not discounted [money].
    npv, npv_mercury : Range
        Present value of the costs of all years in which measures work, and mercury's share [money].
    horizon : Horizon
        Years over which money and mercury are counted.
    terms : str
        Currency, year of the money, rate and life.
    notes : tuple of str
        What is missing from the prices, or a default value.
    """

    units: pd.DataFrame
    retrofits: int
    unpriced: int
    capital: Range
    npv: Range
    npv_mercury: Range
    horizon: Horizon
    terms: str
    notes: tuple[str, ...] = ()

    @property
    def annuity(self) -> Range:
        """Equal payment in each year of the horizon that is worth as much [money/yr]."""
        return self.npv.times(self.horizon.annuity)


def scenario_cost(one: AppliedScenario, prices: Prices | None = None) -> ScenarioCost:
    """Return the cost of a scenario.

    Parameters
    ----------
    one : AppliedScenario
        The scenario on a fleet.
    prices : Prices, optional
        Cost tables on chosen terms; default: those of the library.
    """
    prices = prices or one.baseline.prices
    table, state = one.baseline.option_table, one.baseline.state
    rows: list[dict[str, object]] = []
    horizon = Horizon.of(one.baseline.projection, prices.terms.rate)
    capital = npv = mercury = NOTHING
    unpriced: set[str] = set()
    notes: dict[str, None] = {}
    for unit_id, changes in one.plan.items():
        unit = state.of(unit_id)
        for change in changes:
            if change.measure.action in FREE:
                continue
            bought = _steps(table, unit, change)
            steps = bought or []
            paid = one.years_of(unit_id, change).astype(np.float64)
            years = float(paid.size)
            found = priced(steps, unit, unit.ash_sold, prices, table) if steps else None
            row: dict[str, object] = {
                "unit_id": unit_id,
                "measure": change.number + 1,
                "action": change.measure.action,
                "options": "+".join(step.option for step in steps),
                "from_year": change.first,
                "years": years,
                **{f"{p}_taken_out": co_benefit(table, steps, unit.coal_class, p) for p in CO_BENEFITS},
            }
            if found is None and bought != []:
                unpriced.add(unit_id)
            elif found is not None and years > 0:
                rates, saved = found
                if change.measure.action == "raise_efficiency":
                    saved = change.measure.value or 0.0
                cost = rates.at(unit.size, min(prices.terms.book_life[unit.sector], years), prices.terms.rate, saved)
                cost = cost.over(horizon, float(horizon.discounted_years(paid, paid + 1.0).sum()))
                capital, npv, mercury = capital + cost.capital, npv + cost.npv, mercury + cost.npv_mercury
                notes |= dict.fromkeys(cost.notes)
                for name in ("capital", "per_year", "mercury_per_year", "npv", "npv_mercury"):
                    amount: Range = getattr(cost, name)
                    row |= amount.columns(name)
                row |= {**prices.terms.columns(), "life_years": cost.life, "cost_covers": cost.covers}
            rows.append(row)
    units = pd.DataFrame(rows)
    retrofits = units["unit_id"][units["capital"].notna()].nunique() if "capital" in units else 0
    changed = [state.of(unit_id).size for unit_id in one.plan]
    sectors = list(dict.fromkeys(size.sector for size in changed)) or list(prices.terms.book_life)
    terms = prices.statement((size.country for size in changed), sectors)
    return ScenarioCost(units, int(retrofits), len(unpriced), capital, npv, mercury, horizon, terms, tuple(notes))


def _steps(table: OptionTable, unit: UnitState, change: ScheduledMeasure) -> list[Option] | None:
    """Return the options whose prices stand for a measure: the fewest that bring the devices it adds.

    None of them where the unit has these devices, and None where no option stands for the measure.
    """
    measure = change.measure
    if measure.options:
        return [table.options[code] for code in measure.options]
    if measure.action in WITHOUT_TRAIN:
        return [table.named(WITHOUT_TRAIN[measure.action])]
    if measure.action not in TRAIN_ACTIONS:
        return None
    target = parse_train(measure.target, KILN_DEVICES) if not unit.coal_class else measure.devices()
    installed = _likeliest(unit, named_devices(target))
    wanted = named_devices(target) - installed
    options = [o for o in table.options.values() if o.sector == unit.sector and o.adds]
    steps: list[Option] = []
    while wanted:
        fitting = [o for o in options if o.adds & wanted and not o.adds & installed]
        if not fitting:
            return None
        best = max(fitting, key=lambda o: (len(o.adds & wanted) - len(o.adds - wanted), _suits(o, installed)))
        steps.append(best)
        wanted -= best.adds
        installed |= best.adds
    return steps


def _suits(option: Option, installed: frozenset[str]) -> bool:
    """Return whether an option is made for a train."""
    return not option.needs or any(all(members(d) & installed for d in need) for need in option.needs)


def _likeliest(unit: UnitState, wanted: frozenset[str]) -> frozenset[str]:
    """Return the devices of the likeliest train of a unit; of those that lack a device that is wanted, if any does."""
    lacking = [part for part in unit.parts if wanted - named_devices(part[2])]
    return named_devices(max(lacking or unit.parts)[2])


def cost_columns(
    cost: ScenarioCost, avoided_kg: float, levels: tuple[float, float, float] = NOT_DRAWN
) -> dict[str, object]:
    """Return the columns that a comparison of scenarios gains.

    Parameters
    ----------
    cost : ScenarioCost
        What the scenario costs.
    avoided_kg : float
        Mercury avoided over the remaining life [kg].
    levels : tuple of float
        Its 5th, 50th and 95th percentile by the draws over its mean [1], which are drawn together with the prices.

    Returns
    -------
    dict
        Retrofits, money in millions, cost per mercury avoided, and for each other pollutant the units where it falls
        and the mean share of their emission taken out there [0-1].
    """
    out: dict[str, object] = {"retrofits": cost.retrofits, "units_without_price": cost.unpriced}
    out |= {"horizon_years": cost.horizon.years, **cost.capital.columns("capital_musd", 1e6)}
    out |= cost.npv.columns("npv_musd", 1e6) | cost.annuity.columns("annuity_musd", 1e6)
    out["npv_mercury_musd"] = cost.npv_mercury.value / 1e6
    if avoided_kg > 0 and cost.retrofits and not cost.unpriced:
        out |= cost_per_kg(cost.npv.times(cost.horizon.per_kg), avoided_kg, levels).columns("usd_per_kg")
        out["usd_per_kg_mercury"] = cost.npv_mercury.value * cost.horizon.per_kg / avoided_kg
    for pollutant in CO_BENEFITS:
        name = f"{pollutant}_taken_out"
        falls = cost.units.loc[(cost.units[name] > 0) & (cost.units["years"] > 0)] if len(cost.units) else cost.units
        best = falls.groupby("unit_id")[name].max() if len(falls) else pd.Series(dtype=float)
        out |= {f"{pollutant}_units": len(best), name: float(best.mean()) if len(best) else 0.0}
    out |= {"cost_terms": cost.terms, "cost_notes": "; ".join(cost.notes)}
    return out
