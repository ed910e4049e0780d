"""What scenarios do for a plan: measures, target in both readings, action matrix, years (N6, N6a, N6b, N6d)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.optimisation import FleetDraws
from hginventory.decisions.scenarios import Comparison, avoided_in_draws
from hginventory.projection import Projection
from hginventory.report.plan.measure_words import measure_sentence
from hginventory.report.text import Words

HUMAN = "to be filled in by a person"
ALL = "all"
# Action -> paragraph of Article 8(5) that it falls under: (b) limit values, (c) BAT/BEP, (e) other measures.
PARAGRAPHS = {"emission_limit": "8(5)(b)", "add_control": "8(5)(c)", "replace_controls": "8(5)(c)",
              "wash_coal": "8(5)(c)", "raise_efficiency": "8(5)(c)", "bleed_dust": "8(5)(c)",
              "best_step": "8(5)(c)", "cut_emission": "8(5)(c)"}  # fmt: skip
OTHER_PARAGRAPH = "8(5)(e)"
PROGRESS = (0, 5, 10, 15)  # years from the base year in which progress is shown (Article 8(6))
LISTED = 20  # units of a measure that are listed by id
NO_SCENARIO = ""
READINGS = ("emissions of the base year", "emissions of the target year without the plan")
INDICATOR = "emissions to air avoided [kg/yr], by unit"
STANDS_IN = "the run begins in {begin}; its emissions are used for {year}"
NOT_REACHED = "the run ends in {end}; emissions in {year} are zero"
MORE_UNITS = "and {count} more"
SENTENCES = (HUMAN, INDICATOR, STANDS_IN, NOT_REACHED, MORE_UNITS, *READINGS)
COSTS = ("capital_musd", "npv_musd", "annuity_musd", "usd_per_kg", "usd_per_kg_low", "usd_per_kg_high")
MEASURE_COLUMNS = ["scenario", "annex_d_category", "paragraph", "measure", "units", "start_year", "goal_or_limit",
                   "limit_unit", "reference_o2", "year", "baseline_kg", "scenario_kg", "avoided_kg"]  # fmt: skip
ACTION_COLUMNS = ["no", "scenario", "action", "unit_set", "units", "agency", "start", "end", "year", "avoided_kg",
                  "npv_musd", "annuity_musd", "usd_per_kg", "indicator"]  # fmt: skip
MONEY = ("npv_musd", "annuity_musd", "usd_per_kg")
PLAN_COLUMNS = ["plan", "scenario", "units_changed", "kg_per_yr", "annuity_musd", "usd_per_kg", "p_cheapest",
                "avoided_kg", "npv_musd", "units_without_price"]  # fmt: skip
YEAR_COLUMNS = ["scenario", "annex_d_category", "year", "air_kg", "past_age_kg", "avoided_kg"]
INTERVAL = ["avoided_kg_p05", "avoided_kg_p95"]


def measures(comparison: Comparison | None, projection: Projection, year: int, words: Words) -> pd.DataFrame:
    """Return N6: what scenarios avoid in a year, by category of Annex D (Article 8(4) and (5)).

    Parameters
    ----------
    comparison : Comparison, optional
        The scenarios; without them the table is empty.
    projection : Projection
        The baseline.
    year : int
        Year of the target.
    words : Words
        Language of the measures.
    """
    if comparison is None:
        return pd.DataFrame(columns=MEASURE_COLUMNS)
    rows = []
    for scenario, told in comparison.chosen.items():
        found = comparison.table.set_index("scenario").loc[scenario]
        touched = _touched(projection, told)
        for category in [*touched, *([ALL] if len(touched) > 1 else [])]:
            own = [one for one in told if category == ALL or category in _touched(projection, [one])]
            alone = len(touched) == 1 or category == ALL  # costs and draws are those of the whole scenario
            rows.append(
                {
                    "scenario": scenario,
                    "annex_d_category": category,
                    "paragraph": _joined(PARAGRAPHS.get(one["action"], OTHER_PARAGRAPH) for one in own),
                    "measure": _joined(
                        measure_sentence(one, words, _count(projection, [one], category)) for one in own
                    ),
                    "units": _count(projection, own, category),
                    "start_year": min((one["from_year"] for one in own), default=np.nan),
                    **_limits(own),
                    **_amounts(comparison, scenario, category, year, alone=alone),
                    **_progress(comparison, scenario, category, projection.settings.base_year),
                    **({name: found[name] for name in COSTS if name in found} if alone else {}),
                    "cost_terms": words.tell(comparison.terms[scenario]) if alone else "",
                }
            )
    return pd.DataFrame(rows)


def _touched(projection: Projection, told: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the categories of the units that measures choose."""
    chosen = {unit for one in told for unit in one["units"]}
    category = projection.units["annex_d_category"]
    return list(dict.fromkeys(category[category.index.isin(chosen)]))


def _count(projection: Projection, own: Sequence[Mapping[str, Any]], category: str) -> int:
    """Return how many units of a category measures change; one that never emits is not among them."""
    changed = projection.units.loc[sorted({unit for one in own for unit in one["changed"]}), "annex_d_category"]
    return len(changed) if category == ALL else int(changed.eq(category).sum())


def _joined(texts: Any) -> str:
    return "; ".join(dict.fromkeys(texts))


def _limits(own: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the limit values among measures: the text of the law, or number, unit and oxygen."""
    limits = [one for one in own if one["action"] == "emission_limit"]
    return {
        "goal_or_limit": _joined(one["target"] or f"{one['value']:g}" for one in limits),
        "limit_unit": _joined(one["unit"] for one in limits if one["unit"]),
        "reference_o2": _joined(f"{one['o2']:g}" for one in limits if one["o2"] is not None),
    }


def _of(comparison: Comparison, scenario: str, category: str) -> pd.DataFrame:
    """Return the years of a scenario for a category, or for all; index year."""
    table = comparison.years if category == ALL else comparison.categories
    own = table["scenario"].eq(scenario)
    if category != ALL:
        own &= table["annex_d_category"].eq(category)
    return table[own].set_index("year")


def _amounts(comparison: Comparison, scenario: str, category: str, year: int, *, alone: bool) -> dict[str, float]:
    row = _of(comparison, scenario, category).reindex([year]).iloc[0].fillna({"air_kg": 0.0, "avoided_kg": 0.0})
    found = {
        "year": year,
        "baseline_kg": row["air_kg"] + row["avoided_kg"],
        "scenario_kg": row["air_kg"],
        "avoided_kg": row["avoided_kg"],
    }
    if alone and comparison.draws:
        whole = _of(comparison, scenario, ALL).reindex([year]).iloc[0]
        found |= {name: whole[name] for name in INTERVAL}
    return found


def _progress(comparison: Comparison, scenario: str, category: str, begin: int) -> dict[str, float]:
    """Return the emission in years of progress, as Article 8(6) asks for it over time, and what is past the age."""
    years = _of(comparison, scenario, category)
    air = {f"air_kg_{begin + step}": float(years["air_kg"].get(begin + step, 0.0)) for step in PROGRESS}
    first = f"air_kg_{begin}"
    return {first: air[first], "past_age_kg": float(years["past_age_kg"].loc[begin]), **air}


def action_matrix(comparison: Comparison | None, year: int, words: Words) -> pd.DataFrame:
    """Return N6b, the action matrix: what, where, when, what it avoids and costs; with whom a person must fill in.

    Avoided emissions and costs of a scenario are in the row of its first measure: measures act together.
    """
    if comparison is None:
        return pd.DataFrame(columns=ACTION_COLUMNS)
    rows = []
    for scenario, told in comparison.chosen.items():
        found = comparison.table.set_index("scenario").loc[scenario]
        avoided = _amounts(comparison, scenario, ALL, year, alone=False)["avoided_kg"]
        for number, one in enumerate(told, 1):
            units: list[str] = list(one["changed"])
            more = [words(MORE_UNITS, count=words.number(len(units) - LISTED))] if len(units) > LISTED else []
            rows.append(
                {
                    "no": str(number),
                    "scenario": scenario,
                    "action": measure_sentence(one, words),
                    "unit_set": "; ".join([*units[:LISTED], *more]),
                    "units": len(units),
                    "agency": words(HUMAN),
                    "start": one["from_year"],
                    "end": words(HUMAN),
                    "year": year,
                    "avoided_kg": avoided if number == 1 else np.nan,
                    **{name: found.get(name, np.nan) if number == 1 else np.nan for name in MONEY},
                    "indicator": words(INDICATOR),
                }
            )
    return pd.DataFrame(rows, columns=ACTION_COLUMNS)


def equal_plans_table(comparison: Comparison | None) -> pd.DataFrame:
    """Return N6l: scenarios compared with the least-cost plan for equal kilograms and the best plan for equal money."""
    if comparison is None or comparison.equal.empty:
        return pd.DataFrame(columns=PLAN_COLUMNS)
    return comparison.equal.rename(columns={"units": "units_changed"})[PLAN_COLUMNS]


def by_year(comparison: Comparison | None, projection: Projection) -> pd.DataFrame:
    """Return N6d: what scenarios avoid in each year, by category of Annex D and all together."""
    if comparison is None:
        return pd.DataFrame(columns=YEAR_COLUMNS)
    tables = []
    for scenario, told in comparison.chosen.items():
        for category in [*_touched(projection, told), ALL]:
            table = _of(comparison, scenario, category).reset_index().assign(annex_d_category=category)
            tables.append(table.reindex(columns=[*YEAR_COLUMNS, *(INTERVAL if comparison.draws else [])]))
    return pd.concat(tables, ignore_index=True)


def target_line(
    projection: Projection,
    percent: float,
    target_year: int,
    plan_year: int,
    comparison: Comparison | None,
    words: Words,
) -> pd.DataFrame:
    """Return N6a: the target in both readings of 'before the plan', and what is left to avoid under each scenario.

    Both years count units within their lifetime: the rule closes units past it, which meets no target. Scenarios of a
    comparison with draws have the probability of meeting it.

    Parameters
    ----------
    projection : Projection
        The run.
    percent : float
        Reduction [%].
    target_year, plan_year : int
        Year of the target, and base year of the plan. A run that begins later cannot know the base year of the
        plan, so its own base year is used and the note says so.
    comparison : Comparison, optional
        Scenarios to compare with the target.
    words : Words
        Language of readings and notes.
    """
    yearly = dict(zip(map(int, projection.years), projection.yearly_kg.sum(axis=0), strict=True))
    begin, end = projection.settings.base_year, int(projection.years[-1])
    is_later = begin < plan_year <= end
    base = float(yearly[plan_year if is_later else begin])
    past = 0.0 if is_later else float(projection.past_age_kg.sum())
    baseline = float(yearly.get(target_year, 0.0))
    stands_in = "" if is_later or plan_year == begin else words(STANDS_IN, begin=begin, year=plan_year)
    beyond = words(NOT_REACHED, end=end, year=target_year) if target_year > end else ""
    past_then = past if target_year == begin else 0.0
    references = (
        (READINGS[0], plan_year, base, past, stands_in),
        (READINGS[1], target_year, baseline, past_then, ""),
    )
    drawn = _drawn(projection, comparison, target_year)
    rows = []
    for reading, year, reference, past_age, note in references:
        column = min(max(year - begin, 0), len(projection.years) - 1)
        allowed = reference * (1.0 - percent / 100.0)
        for scenario in [NO_SCENARIO, *(comparison.chosen if comparison else [])]:
            avoided = (
                _amounts(comparison, scenario, ALL, target_year, alone=False)["avoided_kg"]
                if comparison and scenario
                else 0.0
            )
            rows.append(
                {
                    "reading": words(reading),
                    "reference_year": year,
                    "reference_kg": reference,
                    "past_age_kg": past_age,
                    "target_percent": percent,
                    "target_year": target_year,
                    "allowed_kg": allowed,
                    "as_it_would_be_kg": baseline,
                    "scenario": scenario,
                    "avoided_kg": avoided,
                    "to_avoid_kg": max(baseline - avoided - allowed, 0.0),
                    "is_met": baseline - avoided <= allowed,
                    **_chance(drawn, scenario, column, 1.0 - percent / 100.0),
                    "note": "; ".join(filter(None, (note, beyond))),
                }
            )
    return pd.DataFrame(rows)


def _drawn(
    projection: Projection, comparison: Comparison | None, target_year: int
) -> tuple[Floats, dict[str, Floats]] | None:
    """Return the fleet as it is by year and the mercury of each scenario in the target year, in draws [kg].

    None where nothing was drawn, or the run ends before the target year.
    """
    column = target_year - projection.settings.base_year
    if comparison is None or not (comparison.draws and comparison.applied and 0 <= column < len(projection.years)):
        return None
    now = FleetDraws.of(projection, comparison.draws, comparison.seed).yearly
    avoided = avoided_in_draws(comparison.applied, comparison.draws, comparison.seed)
    names = [one.scenario.name for one in comparison.applied]
    then = {name: now[column] - one.yearly[column] for name, one in zip(names, avoided, strict=True)}
    return now, {NO_SCENARIO: now[column], **then}


def _chance(
    drawn: tuple[Floats, dict[str, Floats]] | None, scenario: str, column: int, allowed_share: float
) -> dict[str, float]:
    """Return the share of the draws in which a scenario meets a target, where there are draws."""
    if drawn is None:
        return {}
    now, then = drawn
    return {"p_met": float((then[scenario] <= allowed_share * now[column]).mean())}
