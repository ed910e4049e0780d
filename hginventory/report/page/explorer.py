"""What the sliders of a page need: rates, what decides the years, and rates after a retrofit, unit by unit."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.decisions.scenarios import Baseline, ScheduledMeasure, project_states
from hginventory.filters import select
from hginventory.model import operating_years
from hginventory.projection import load_rule, subset
from hginventory.report.figures import FigureData, plain_value
from hginventory.report.tables import POINTS
from hginventory.scenarios import Measure, load_scenario, measures_of
from hginventory.uncertainty import project_complying
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

if TYPE_CHECKING:
    from hginventory.projection import Projection

DIGITS = 9  # significant figures of a rate, so that the page adds up to the run
RETROFIT = "blanket_bat"  # the shipped scenario whose first measure is the retrofit of the page
SAME = 1e-9  # of a rate; years that differ by less are normal
LIFETIMES = (20, 60)  # years that the slider offers; more where a rule has more
NO_LIFE, LONG_LIFE = 0.0, 1000.0  # years; an end that is the same with both does not hang on the lifetime
FAR_AWAY = 120  # years that activity is stated ahead, at most


def explorer(figure_data: FigureData) -> dict[str, Any]:
    """Return the data of the sliders; units in the order of the ranking of the run, of which the first list is chosen.

    Parameters
    ----------
    figure_data : FigureData
        The run.

    Returns
    -------
    dict
        base_year, rule (of the run), lifetimes (ends of the slider). rules: name, lifetime and overage [whole years, as
        starts are], text, and `own`, the text with {years} to fill in for another lifetime; starts: which of `starts`
        applies; fixed: end year of units whose end does not hang on the lifetime, null for others. starts: start and
        first year of each unit. operating: 1 where a unit runs already. air: kg in a full year. after: share of it that
        remains with the retrofit; null where that was not computed. own: [unit, year, kg] by which a year differs from
        a full one. retrofit: words. first_list: how many units the first list has, from which the largest are taken.
        reach: how many of these the retrofit was computed for.
    """
    projection, ids = figure_data.run.projection, figure_data.ranked["unit_id"].tolist()
    indices = projection.units.index.get_indexer(pd.Index(ids))
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)[indices]
    first_list = len(figure_data.lists[0].ranked)
    reach = min(POINTS, first_list)
    measure, after = _retrofit(figure_data, reach)
    return {
        "base_year": projection.settings.base_year,
        "rule": projection.settings.rule,
        **_years(figure_data, ids),
        "air": [plain_value(value, DIGITS) for value in air.tolist()],
        "after": after,
        "own": _own_years(projection, ids, air),
        "retrofit": measure.target,
        "first_list": first_list,
        "reach": reach,
    }


def _years(figure_data: FigureData, ids: list[str]) -> dict[str, Any]:
    """Return what decides the years of each unit under every rule of the factor tables, for any lifetime."""
    projection = figure_data.run.projection
    read = projection.fleet.units.loc[ids]
    operating, construction = (read["status"].eq(status).to_numpy() for status in ("operating", "construction"))
    start, planned, lifetime = (
        read[name].to_numpy(dtype=np.float64) for name in ("start_year", "planned_retirement", "lifetime_years")
    )
    kilns = read["sector"].eq(CEMENT_KILN).to_numpy()
    starts: list[dict[str, list[Any]]] = []
    rules: list[dict[str, Any]] = []
    for name in dict.fromkeys(row.keys["rule"] for row in projection.library.table("lifetime_rule").defaults):
        rule = load_rule(projection.library, name)
        never, long = (
            operating_years(
                start, planned, lifetime, operating, construction, projection.settings.base_year,
                replace(rule, lifetime_years=years), only_known=kilns,
            )
            for years in (NO_LIFE, LONG_LIFE)
        )  # fmt: skip
        own = {"start": [plain_value(year) for year in long.start.tolist()], "first": long.first.tolist()}
        if own not in starts:
            starts.append(own)
        fixed = np.where(never.end == long.end, long.end, -1).tolist()
        rules.append({
            "name": name, "lifetime": math.floor(rule.lifetime_years), "overage": math.floor(rule.overage_years),
            "text": figure_data.rule(name), "own": figure_data.rule(name, years="{years}"), "starts": starts.index(own),
            "fixed": [None if year < 0 else year for year in fixed],
        })  # fmt: skip
    known = [rule["lifetime"] for rule in rules]
    return {
        "lifetimes": [min(LIFETIMES[0], *known), max(LIFETIMES[1], *known)],
        "rules": rules,
        "starts": starts,
        "operating": operating.astype(int).tolist(),
    }


def _own_years(projection: Projection, ids: list[str], air: Floats) -> list[list[Any]]:
    """Return the years in which a unit emits otherwise than in a full year: unit, year, difference [kg].

    A unit that closes under the rule of the run may run on under another one, so they are those of a long life.
    """
    settings, stated = projection.settings, projection.fleet.activity
    own = stated[(stated["year"] > settings.base_year) & (stated["year"] < settings.base_year + FAR_AWAY)]
    rank_of = dict(zip(ids, range(len(ids)), strict=True))
    pairs = sorted({(rank_of[u], int(y)) for u, y in zip(own["unit_id"], own["year"], strict=True) if u in rank_of})
    if not pairs:
        return []
    units = projection.fleet.units.assign(lifetime_years=float(FAR_AWAY), planned_retirement=np.nan)
    fleet = replace(projection.fleet, units=units)
    long = project_complying(fleet, base_year=settings.base_year, rule=settings.rule, profile=settings.profile)
    yearly = long.yearly_kg[long.units.index.get_indexer(pd.Index(ids))]
    found = []
    for unit, year in pairs:
        kg = float(yearly[unit, year - settings.base_year])
        if abs(kg - air[unit]) > SAME * max(kg, air[unit]):
            found.append([unit, year, plain_value(kg - float(air[unit]), DIGITS)])
    return found


def _retrofit(figure_data: FigureData, reach: int) -> tuple[Measure, list[float | None]]:
    """Return the retrofit and the share of the rate that it leaves, by unit in the order of the ranking."""
    measure = measures_of(load_scenario(RETROFIT), None)[0][0][1]
    projection, ranked = figure_data.run.projection, figure_data.ranked
    is_coal = ranked["sector"].eq(COAL_POWER).tolist()
    left: list[float | None] = [None if coal and rank >= reach else 1.0 for rank, coal in enumerate(is_coal)]
    if not any(is_coal[:reach]):
        return measure, left
    head, units = ranked.head(reach), projection.units
    # Their whole plants, as units of a plant share their coal, and no others: a retrofit resolves all units there are.
    near = units.index.isin(head["unit_id"]) | units["plant"].isin(head["plant"].dropna()).to_numpy()
    baseline = Baseline(subset(projection, near))
    change = ScheduledMeasure(measure, projection.settings.base_year, None, level=0, number=0)
    chosen = head.loc[select(head, measure.where), "unit_id"]
    states, numbered = project_states(baseline, {str(unit): [change] for unit in chosen})
    if states is None:
        return measure, left
    rank_of = dict(zip(ranked["unit_id"], range(len(ranked)), strict=True))
    rates = states.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    for unit, ((_, index, state),) in numbered.items():
        before = float(baseline.air_kg_per_yr[baseline.index_of[unit]])
        if before > 0 and index >= 0:
            left[rank_of[unit]] = plain_value(float(rates[index]) * state.multiplier / before, DIGITS)
    return measure, left
