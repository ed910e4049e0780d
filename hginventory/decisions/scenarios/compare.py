"""Scenarios compared: paired differences on the same draws, by year, unit and pathway."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags, Floats
from hginventory.arguments import several
from hginventory.decisions.options import NOT_DRAWN, OptionTable, levels_of
from hginventory.decisions.ranking import KG_PER_T, Certainty, Interval
from hginventory.decisions.scenarios.applied_scenario import SAME, AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.avoided_by_measure import avoided_by_measure, measures_table
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.decisions.scenarios.comparison import Comparison
from hginventory.decisions.scenarios.paired_draws import Avoided, avoided_in_draws
from hginventory.decisions.scenarios.scenario_costs import ScenarioCost, cost_columns, scenario_cost
from hginventory.decisions.scenarios.train_findings import train_findings
from hginventory.decisions.scenarios.unit_selection import needs_draws
from hginventory.errors import ScenarioError, UsageError
from hginventory.projection import Projection, unknown_life_kg
from hginventory.scenarios import Scenario, load_scenario, measures_of, scenarios_of_sheets

SHOWN_YEARS = (2030, 2035, 2040, 2050)
TOLD = {"action", "target", "value", "unit", "o2", "from_year"}  # of a measure


def compare(applied: Sequence[AppliedScenario], *, draws: int = 0, seed: int = 1) -> Comparison:
    """Return scenarios of one baseline compared with it and with each other.

    Parameters
    ----------
    applied : sequence of AppliedScenario
        Scenarios, all of the same baseline.
    draws, seed : int
        Draws of the uncertain factors; 0: central values only.
    """
    projection = applied[0].baseline.projection
    total = float(projection.yearly_kg.sum())
    names = [one.scenario.name for one in applied]
    avoided = dict(zip(names, avoided_in_draws(applied, draws, seed), strict=True))
    p_best = p_highest([drawn.life for drawn in avoided.values()])
    rows: list[dict[str, Any]] = []
    years, units, measures, pathways = [], [], [], []
    terms: dict[str, str] = {}
    notes: dict[str, tuple[str, ...]] = {}
    chosen: dict[str, list[dict[str, Any]]] = {}
    before = applied[0].baseline.pathways_kg
    options = projection.library.once(OptionTable)
    for one in applied:
        name, drawn = one.scenario.name, avoided[one.scenario.name]
        changed = one.changed()
        central = total - float(one.yearly_kg.sum())
        row: dict[str, Any] = {
            "scenario": name,
            "title": one.scenario.title,
            "programme": one.scenario.programme,
            "units_changed": len(changed),
            "remaining_t": float(one.yearly_kg.sum()) / KG_PER_T,
            "past_age_kg": float(one.past_age_kg.sum()),
            "avoided_t": central / KG_PER_T,
            "avoided_share": central / total if total > 0 else float("nan"),
        }
        levels = NOT_DRAWN
        if draws:
            interval = Interval.of(drawn.life / KG_PER_T)
            levels = levels_of(central / KG_PER_T, interval.p05, interval.p50, interval.p95)
            best = p_best[len(rows)]
            row |= {"avoided_t_p05": interval.p05, "avoided_t_p95": interval.p95, "p_best": best}
        cost = scenario_cost(one)
        row |= cost_columns(cost, central, levels)
        terms[name], notes[name] = cost.terms, cost.notes
        row["units_infeasible"] = len(one.infeasible)
        columns = one.yearly_kg.sum(axis=0)
        for year in SHOWN_YEARS:
            index = year - projection.settings.base_year
            if index >= 0:
                row[f"air_kg_{year}"] = float(columns[index]) if index < columns.size else 0.0
        rows.append(row)
        years.append(_years(one, drawn, draws))
        parts = avoided_by_measure(one)
        chosen[name] = [
            {
                **measure.model_dump(include=TOLD),
                "steps": [options.named(code).name for code in measure.options],
                "units": list(ids),
                "changed": list(one.changed_by(n, parts[n + 1])),
            }
            for n, (measure, ids) in enumerate(zip(one.measures, one.chosen, strict=True))
        ]
        units.append(_units(one, changed, cost, parts))
        measures.append(measures_table(one, parts))
        after = one.pathways()["kg"]
        difference = after - before.reindex(after.index, fill_value=0.0)
        pathways.append(pd.DataFrame({"scenario": name, "kg": after, "difference_kg": difference}).reset_index())
    return Comparison(
        draws,
        seed,
        pd.DataFrame(rows),
        pd.concat(years, ignore_index=True),
        pd.concat(units, ignore_index=True),
        pd.concat(pathways, ignore_index=True)[["scenario", "pathway", "kg", "difference_kg"]],
        _pairs(applied, avoided, draws),
        _on_top(applied),
        pd.concat([_categories(one) for one in applied], ignore_index=True),
        chosen,
        measures=pd.concat(measures, ignore_index=True),
        terms=terms,
        notes=notes,
        past_age_kg=float(projection.past_age_kg.sum()),
        unknown_life_kg=unknown_life_kg(projection.units),
        findings=tuple(dict.fromkeys(chain.from_iterable(map(train_findings, applied)))),
        applied=tuple(applied),
    )


def apply_named(
    fleet: Projection | Baseline, scenarios: Sequence[str | Scenario], certainty: Callable[[], Certainty | None]
) -> list[AppliedScenario]:
    """Load scenarios by name and apply them to one baseline.

    Parameters
    ----------
    fleet : Projection or Baseline
        The baseline.
    scenarios : sequence of str or Scenario
        Names, files, or scenarios.
    certainty : callable
        Returns the draws of the baseline; asked only where a selection needs them.

    Raises
    ------
    UsageError
        If there is no such scenario.
    ScenarioError
        If any of them is wrong, or two have one name; all that is wrong with all of them is named.
    """
    several("scenarios", scenarios, (str, Scenario), "scenarios, as ['baseline']")
    if not scenarios:
        raise UsageError("no scenario is named. Use a list of one or more, as ['baseline'].", parameter="scenarios")
    baseline = fleet if isinstance(fleet, Baseline) else Baseline(fleet)
    applied, problems = dict[str, AppliedScenario](), list[str]()
    sheets = baseline.projection.fleet
    own = scenarios_of_sheets(sheets.scenarios, sheets.measures)
    for given in scenarios:
        folder = Path(given).parent if isinstance(given, str) else None
        try:
            scenario = given if isinstance(given, Scenario) else own.get(given) or load_scenario(given)
            measures, locations = measures_of(scenario, folder, own)
            sure = certainty() if needs_draws([measure for _, measure in measures]) else None
            one = apply_scenario(baseline, scenario, measures, sure=sure, locations=locations)
        except ScenarioError as error:
            problems.append(str(error))
            continue
        if scenario.name in applied:
            first = applied[scenario.name].scenario.at() or "another"
            problems.append(f"{scenario.at() or given}: {first} has the name {scenario.name!r} too. Give it another.")
        applied[scenario.name] = one
    if problems:
        raise ScenarioError("\n".join(dict.fromkeys(problems)))
    return list(applied.values())


def compare_named(
    fleet: Projection | Baseline,
    scenarios: Sequence[str | Scenario],
    draws: int,
    seed: int,
    certainty: Callable[[], Certainty | None],
) -> Comparison:
    """Load scenarios by name, apply them and compare them.

    Parameters
    ----------
    fleet, scenarios, certainty
        As in `apply_named`.
    draws, seed : int
        As in `compare`.
    """
    return compare(apply_named(fleet, scenarios, certainty), draws=draws, seed=seed)


def _years(one: AppliedScenario, drawn: Avoided, draws: int) -> pd.DataFrame:
    table = _by_year(one, np.ones(len(one.baseline.projection.units), dtype=bool))
    if draws:
        width = len(table)
        low, high = np.quantile(drawn.yearly, (0.05, 0.95), axis=1)
        for name, values in (("avoided_kg_p05", low), ("avoided_kg_p95", high)):
            table[name] = np.pad(values, (0, width - values.size))[:width]
    return table


def _by_year(one: AppliedScenario, own: Flags) -> pd.DataFrame:
    """Return what some units within the rule's age emit in each year, those past it, and what is avoided."""
    base = one.baseline.projection
    width = max(one.yearly_kg.shape[1], base.yearly_kg.shape[1])
    now, then = (np.pad(t[own].sum(axis=0), (0, width - t.shape[1])) for t in (base.yearly_kg, one.yearly_kg))
    years = base.settings.base_year + np.arange(width)
    past = np.pad(one.past_age_kg[own].sum(keepdims=True), (0, width - 1))
    columns = {"year": years, "air_kg": then, "past_age_kg": past, "avoided_kg": now - then}
    return pd.DataFrame({"scenario": one.scenario.name, **columns})


def _categories(one: AppliedScenario) -> pd.DataFrame:
    category = one.baseline.projection.units["annex_d_category"]
    tables = {name: _by_year(one, category.eq(name).to_numpy()) for name in dict.fromkeys(category)}
    for name, table in tables.items():
        table.insert(1, "annex_d_category", name)
    return pd.concat(tables.values(), ignore_index=True)


def _units(
    one: AppliedScenario, changed: Sequence[int], cost: ScenarioCost, parts: Mapping[int, Mapping[str, float]]
) -> pd.DataFrame:
    """Return one row per changed unit and measure."""
    units = one.baseline.projection.units.iloc[list(changed)]
    before = one.baseline.projection.yearly_kg.sum(axis=1)[list(changed)]
    after = one.lifetime_kg[list(changed)]
    table = units[["plant", "unit", "sector"]].reset_index()
    table.insert(0, "scenario", one.scenario.name)
    table = table.assign(remaining_kg_before=before, remaining_kg_after=after)
    own = [(unit, number, kg) for number, by_unit in parts.items() for unit, kg in by_unit.items() if number or kg]
    table = table.merge(pd.DataFrame(own, columns=["unit_id", "measure", "avoided_kg"]), on="unit_id")
    return table.merge(cost.units, on=["unit_id", "measure"], how="left") if len(cost.units) else table


def p_highest(amounts: Sequence[Floats]) -> list[float]:
    """Return how likely each of some drawn amounts is the highest; equal ones share a draw. NaN for one alone."""
    if len(amounts) < 2:
        return [float("nan")] * len(amounts)
    table = np.array(amounts)
    highest = np.isclose(table, table.max(axis=0), rtol=SAME, atol=0.0)
    return [float(share) for share in (highest / highest.sum(axis=0)).mean(axis=1)]


def _on_top(applied: Sequence[AppliedScenario]) -> pd.DataFrame:
    """Return the cheapest mercury steps on top of the scenarios that are programmes."""
    from hginventory.decisions.scenarios.on_top import COLUMNS, steps_on_top

    tables = [steps_on_top(one) for one in applied if one.scenario.programme]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def _pairs(applied: Sequence[AppliedScenario], avoided: dict[str, Avoided], draws: int) -> pd.DataFrame:
    columns = ["first", "second", "difference_t", "difference_t_p05", "difference_t_p95", "p_first_better"]
    per_year = ["years_of_delay", "t_per_year_of_delay", "t_per_year_of_delay_p05", "t_per_year_of_delay_p95"]
    rows = []
    for first, second in combinations(applied, 2) if draws else ():
        names = first.scenario.name, second.scenario.name
        difference = (avoided[names[0]].life - avoided[names[1]].life) / KG_PER_T
        interval = Interval.of(difference)
        row = (*names, interval.mean, interval.p05, interval.p95, p_highest([difference, np.zeros(draws)])[0])
        years = years_of_delay(first, second)
        by_year = Interval.of(difference / years if years else np.full(1, np.nan))
        rows.append((*row, years, by_year.mean, by_year.p05, by_year.p95))
    return pd.DataFrame(rows, columns=columns + per_year)


def years_of_delay(first: AppliedScenario, second: AppliedScenario) -> int:
    """Return by how many years the second scenario is later with the same at the same units; 0 where it is another."""
    if len(first.measures) != len(second.measures) or first.chosen != second.chosen:
        return 0
    shifts = {later.from_year - now.from_year for now, later in zip(first.measures, second.measures, strict=True)}
    told = {"from_year", "where", "note"}  # the units are compared, not how they were asked for
    same = all(now.model_dump(exclude=told) == later.model_dump(exclude=told)
               for now, later in zip(first.measures, second.measures, strict=True))  # fmt: skip
    return shifts.pop() if same and len(shifts) == 1 else 0
