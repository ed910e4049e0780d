"""Scenarios beside each other: paired differences on the same draws, by year, unit and pathway.

Units that a scenario leaves as they are cancel in the difference, so only the changed ones are drawn, in both states.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.decisions.apply import BASELINE, AppliedScenario, apply_scenario
from hginventory.decisions.certainty import Certainty, Interval
from hginventory.decisions.ranking import KG_PER_T
from hginventory.decisions.scenario_costs import ScenarioCost, cost_columns, scenario_cost
from hginventory.decisions.selection import needs_draws
from hginventory.ensemble.blocks import run_ensemble
from hginventory.ensemble.layout import EnsembleInput
from hginventory.projection import Projection
from hginventory.scenarios.files import load_scenario, measures_of
from hginventory.scenarios.model import Scenario
from hginventory.scenarios.sheets import scenarios_of_sheets
from hginventory.uncertainty.assemble import central_terms
from hginventory.uncertainty.row_builder import RowSpec, rows_of
from hginventory.uncertainty.slots import MULTIPLIER, PASSING, Slot, SlotFinder
from hginventory.uncertainty.tables import Tables

Floats = NDArray[np.float64]
SHOWN_YEARS = (2030, 2035, 2040, 2050)


@dataclass(frozen=True)
class Comparison:
    """Scenarios beside the baseline.

    Attributes
    ----------
    draws, seed : int
        0 draws: central values only.
    table : DataFrame
        One row a scenario: units_changed, remaining_t, avoided_t, share avoided, interval of what is avoided and
        probability to be the best of all, kg in some years; retrofits, capital and total cost [million], cost per
        mercury avoided with its range, other pollutants taken out, units without a price or without a way to hold
        their limit.
    years : DataFrame
        scenario, year, air_kg, avoided_kg and its interval.
    units : DataFrame
        scenario, unit_id, plant, unit, remaining_kg before and after, avoided_kg.
    pathways : DataFrame
        scenario, pathway, kg over the remaining life, difference from the baseline: where captured mercury goes.
    pairs : DataFrame
        first, second, difference_t of the avoided mercury with interval, p_first_better; where both do the same at the
        same units, years_of_delay of the second and t_per_year_of_delay with interval: the cost of neglect.
    chosen : mapping
        scenario -> units chosen by each measure.
    """

    draws: int
    seed: int
    table: pd.DataFrame
    years: pd.DataFrame
    units: pd.DataFrame
    pathways: pd.DataFrame
    pairs: pd.DataFrame
    chosen: dict[str, list[dict[str, Any]]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by the name of their file."""
        return {
            "scenarios": self.table,
            "scenario_years": self.years,
            "scenario_units": self.units,
            "scenario_pathways": self.pathways,
            "scenario_pairs": self.pairs,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, for JSON."""
        tables = {name: table.to_dict("records") for name, table in self.tables().items()}
        return {"draws": self.draws, "seed": self.seed, **tables, "chosen": self.chosen}


def compare(applied: Sequence[AppliedScenario], *, draws: int = 0, seed: int = 1) -> Comparison:
    """Set scenarios of one baseline beside each other.

    Parameters
    ----------
    applied : sequence of AppliedScenario
        Scenarios, all of the same baseline.
    draws, seed : int
        Draws of the uncertain factors; 0: central values only.
    """
    baseline = applied[0].baseline
    total = float(baseline.yearly_kg.sum())
    avoided = {a.scenario.name: _avoided(a, draws, seed) for a in applied}
    rows, years, units, pathways = [], [], [], []
    before = AppliedScenario.pathways(_as_is(applied[0]))["kg"]
    for one in applied:
        name, drawn = one.scenario.name, avoided[one.scenario.name]
        changed = one.changed()
        central = total - float(one.yearly_kg.sum())
        row: dict[str, Any] = {
            "scenario": name,
            "title": one.scenario.title,
            "units_changed": len(changed),
            "remaining_t": float(one.yearly_kg.sum()) / KG_PER_T,
            "avoided_t": central / KG_PER_T,
            "avoided_share": central / total if total > 0 else float("nan"),
        }
        ends: tuple[float, ...] = ()
        if draws:
            interval = Interval.of(drawn.life / KG_PER_T)
            ends = (interval.p05 * KG_PER_T, interval.p95 * KG_PER_T)
            others = [other.life for key, other in avoided.items() if key != name]
            best = np.all([drawn.life > other for other in others], axis=0).mean() if others else np.nan
            row |= {"avoided_t_p05": interval.p05, "avoided_t_p95": interval.p95, "p_best": float(best)}
        cost = scenario_cost(one)
        row |= cost_columns(cost, central, *ends)
        row["units_infeasible"] = len(one.infeasible)
        columns = one.yearly_kg.sum(axis=0)
        for year in SHOWN_YEARS:
            place = year - baseline.settings.base_year
            if place >= 0:
                row[f"air_kg_{year}"] = float(columns[place]) if place < columns.size else 0.0
        rows.append(row)
        years.append(_years(one, drawn, draws))
        units.append(_units(one, changed, cost))
        after = one.pathways()["kg"]
        pathways.append(pd.DataFrame({"scenario": name, "kg": after, "difference_kg": after - before}).reset_index())
    return Comparison(
        draws,
        seed,
        pd.DataFrame(rows),
        pd.concat(years, ignore_index=True),
        pd.concat(units, ignore_index=True),
        pd.concat(pathways, ignore_index=True)[["scenario", "pathway", "kg", "difference_kg"]],
        _pairs(applied, avoided, draws),
        {
            a.scenario.name: [
                {"action": m.action, "target": m.target, "from_year": m.from_year, "units": list(ids)}
                for m, ids in zip(a.measures, a.chosen, strict=True)
            ]
            for a in applied
        },
    )


def compare_named(
    projection: Projection,
    scenarios: Sequence[str | Scenario],
    draws: int,
    seed: int,
    certainty: Callable[[], Certainty | None],
) -> Comparison:
    """Load scenarios by name, apply them and set them beside each other.

    Parameters
    ----------
    projection : Projection
        The fleet as it is.
    scenarios : sequence of str or Scenario
        Names, files, or scenarios.
    draws, seed : int
        As in `compare`.
    certainty : callable
        Returns the draws of the baseline; asked only where a selection needs them.
    """
    applied = []
    own = scenarios_of_sheets(projection.fleet.scenarios, projection.fleet.measures)
    for given in scenarios:
        scenario = given if isinstance(given, Scenario) else own.get(given) or load_scenario(given)
        folder = Path(given).parent if isinstance(given, str) else None
        measures, places = measures_of(scenario, folder, own)
        sure = certainty() if needs_draws([measure for _, measure in measures]) else None
        applied.append(apply_scenario(projection, scenario, measures, sure=sure, places=places))
    return compare(applied, draws=draws, seed=seed)


@dataclass(frozen=True)
class _Avoided:
    """What a scenario avoids by draw: over the remaining life [kg], shape (S,); by year [kg], shape (Y, S)."""

    life: Floats
    yearly: Floats


def _avoided(one: AppliedScenario, draws: int, seed: int) -> _Avoided:
    """Return what a scenario avoids in each draw: its changed units as they are less as they become."""
    changed = one.changed()
    if not draws or not changed:
        width = one.yearly_kg.shape[1]
        return _Avoided(np.zeros(max(draws, 1)), np.zeros((width, max(draws, 1))))
    given = scenario_input(one, changed)
    result = run_ensemble(given, draws, seed)
    return _Avoided(result.life_sums[0] - result.life_sums[1], result.yearly_sums[0] - result.yearly_sums[1])


def scenario_input(one: AppliedScenario, changed: Sequence[int]) -> EnsembleInput:
    """Return the arrays of an ensemble that holds changed units twice: as they are, then as they become.

    Parameters
    ----------
    one : AppliedScenario
        The scenario.
    changed : sequence of int
        Places of the units.
    """
    baseline, tables = one.baseline, Tables()
    as_is = SlotFinder(baseline)
    central = central_terms(baseline)
    slots_now = {place: as_is.of_unit(place) for place in changed}
    state_slots: dict[int, list[Slot]] = {}
    state_central = np.empty((0, central.shape[1]))
    if one.states is not None:
        parents = [str(state).split("\x1f")[0] for state in one.states.units.index]
        finder = SlotFinder(one.states, parents)
        state_central = central_terms(one.states)
        wanted = {span.state: span.unit for span in one.spans if span.state != BASELINE}
        for state, unit in wanted.items():
            state_slots[state] = [_after(slot, slots_now.get(unit, [])) for slot in finder.of_unit(state)]
    before = _as_is(one)
    specs: list[list[RowSpec]] = []
    for run in (before, one):
        by_unit: dict[int, list[RowSpec]] = {place: [] for place in changed}
        for span in run.spans:
            if span.unit not in by_unit:
                continue
            is_now = span.state == BASELINE
            amount = (central[span.unit] if is_now else state_central[span.state]) * span.ratio
            slots = slots_now[span.unit] if is_now else state_slots[span.state]
            begin = span.first - baseline.settings.base_year
            by_unit[span.unit].append(RowSpec(tuple(amount), slots, begin, span.end - baseline.settings.base_year))
        nothing = [RowSpec((0.0,) * central.shape[1], [], 0, 0)]
        specs += [by_unit[place] or nothing for place in changed]
    rows, rate_row = rows_of(specs, tables)
    count = len(changed)
    sets = np.array([np.arange(2 * count) < count, np.arange(2 * count) >= count])
    years = max(one.yearly_kg.shape[1], baseline.yearly_kg.shape[1])
    return EnsembleInput(rows, tables.stacked(), years, rate_row, np.zeros(2 * count), sets, sets, top=1)


def _after(slot: Slot, before: Sequence[Slot]) -> Slot:
    """Return a slot of a later state: the z of a share stays that of the unit, and in no draw does more pass than now.

    Controls by which more passes on average have no such bound.
    """
    if slot.kind == MULTIPLIER:
        return slot
    own = next((known for known in before if known.family == slot.family), None)
    if own is None:
        return slot
    kept = replace(slot, spread=replace(slot.spread, scopes=own.spread.scopes), labels=own.labels)
    more = slot.mean > own.mean if slot.kind == PASSING else slot.mean < own.mean
    return kept if more else replace(kept, before=own)


def _as_is(one: AppliedScenario) -> AppliedScenario:
    """Return the baseline as a scenario that does nothing."""
    return apply_scenario(one.baseline, Scenario(name="baseline"), ())


def _years(one: AppliedScenario, drawn: _Avoided, draws: int) -> pd.DataFrame:
    base = one.baseline
    width = max(one.yearly_kg.shape[1], base.yearly_kg.shape[1])
    now, then = (np.pad(t.sum(axis=0), (0, width - t.shape[1])) for t in (base.yearly_kg, one.yearly_kg))
    table = pd.DataFrame(
        {
            "scenario": one.scenario.name,
            "year": base.settings.base_year + np.arange(width),
            "air_kg": then,
            "avoided_kg": now - then,
        }
    )
    if draws:
        low, high = np.quantile(drawn.yearly, (0.05, 0.95), axis=1)
        for name, values in (("avoided_kg_p05", low), ("avoided_kg_p95", high)):
            table[name] = np.pad(values, (0, width - values.size))[:width]
    return table


def _units(one: AppliedScenario, changed: Sequence[int], cost: ScenarioCost) -> pd.DataFrame:
    units = one.baseline.units.iloc[list(changed)]
    before = one.baseline.yearly_kg.sum(axis=1)[list(changed)]
    after = one.lifetime_kg[list(changed)]
    table = units[["plant", "unit", "sector"]].reset_index()
    table.insert(0, "scenario", one.scenario.name)
    table = table.assign(remaining_kg_before=before, remaining_kg_after=after, avoided_kg=before - after)
    return table.merge(cost.units, on="unit_id", how="left") if len(cost.units) else table


def _pairs(applied: Sequence[AppliedScenario], avoided: dict[str, _Avoided], draws: int) -> pd.DataFrame:
    columns = ["first", "second", "difference_t", "difference_t_p05", "difference_t_p95", "p_first_better"]
    per_year = ["years_of_delay", "t_per_year_of_delay", "t_per_year_of_delay_p05", "t_per_year_of_delay_p95"]
    rows = []
    for first, second in combinations(applied, 2) if draws else ():
        names = first.scenario.name, second.scenario.name
        difference = (avoided[names[0]].life - avoided[names[1]].life) / KG_PER_T
        interval = Interval.of(difference)
        row = (*names, interval.mean, interval.p05, interval.p95, float((difference > 0).mean()))
        years = years_of_delay(first, second)
        by_year = Interval.of(difference / years if years else np.full(1, np.nan))
        rows.append((*row, years, by_year.mean, by_year.p05, by_year.p95))
    return pd.DataFrame(rows, columns=columns + per_year)


def years_of_delay(first: AppliedScenario, second: AppliedScenario) -> int:
    """Return by how many years the second scenario is later with the same at the same units; 0 where it is another."""
    if len(first.measures) != len(second.measures) or first.chosen != second.chosen:
        return 0
    shifts = {later.from_year - now.from_year for now, later in zip(first.measures, second.measures, strict=True)}
    told = {"from_year", "where", "note", "place"}  # the units are compared, not how they were asked for
    same = all(now.model_dump(exclude=told) == later.model_dump(exclude=told)
               for now, later in zip(first.measures, second.measures, strict=True))  # fmt: skip
    return shifts.pop() if same and len(shifts) == 1 else 0
