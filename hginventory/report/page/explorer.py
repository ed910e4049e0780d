"""What the sliders of a page need: rates, years under every rule, and rates after a retrofit, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hginventory.decisions.apply import BASELINE, apply_scenario
from hginventory.model.lifetime import operating_years
from hginventory.report.figures.figure import plain_value
from hginventory.report.figures.scene import POINTS, Scene
from hginventory.scenarios.files import load_scenario, measures_of
from hginventory.scenarios.model import Measure, Scenario
from hginventory.settings import load_rule

if TYPE_CHECKING:
    from hginventory.run import Run

DIGITS = 9  # significant figures of a rate, so that the page adds up to the run
RETROFIT = "blanket_bat"  # the shipped scenario whose first measure is the retrofit of the page
SAME = 1e-9  # of a rate; years that differ by less are normal


def explorer(scene: Scene) -> dict[str, Any]:
    """Return the data of the sliders; units in the order of the ranking of the run.

    Parameters
    ----------
    scene : Scene
        The run.

    Returns
    -------
    dict
        base_year, rule (of the run), rules: name, text, first and end year of each unit. air: kg in a full year.
        after: share of it that is left with the retrofit; null where there is none. own: [unit, year, kg] by which a
        year differs from a full one. retrofit: words. reach: how many of the largest the retrofit was computed for.
    """
    run, ids = scene.run, scene.ranked["unit_id"].tolist()
    projection = run.projection
    places = projection.units.index.get_indexer(pd.Index(ids))
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)[places]
    reach = min(POINTS, len(ids))
    measure, after = _retrofit(scene, reach)
    rules = _rules(scene, ids)
    return {
        "base_year": projection.settings.base_year,
        "rule": projection.settings.rule,
        "rules": rules,
        "air": [plain_value(value, DIGITS) for value in air.tolist()],
        "after": after,
        "own": _own_years(run, places, air, rules),
        "retrofit": measure.target,
        "reach": reach,
    }


def _rules(scene: Scene, ids: list[str]) -> list[dict[str, Any]]:
    """Return the years of each unit under every rule of the factor tables."""
    projection = scene.run.projection
    read = projection.fleet.units
    places = read.index.get_indexer(pd.Index(ids))
    operating, construction = (read["status"].eq(status).to_numpy() for status in ("operating", "construction"))
    start, planned, lifetime = (
        read[name].to_numpy(dtype=np.float64) for name in ("start_year", "planned_retirement", "lifetime_years")
    )
    names = dict.fromkeys(row.keys["rule"] for row in projection.library.table("lifetime_rule").defaults)
    out = []
    for name in names:
        rule = load_rule(projection.library, name)
        years = operating_years(
            start,
            planned,
            lifetime,
            operating, construction, projection.settings.base_year, rule,
        )  # fmt: skip
        first, end = years.first[places], years.end[places]
        out.append({"name": name, "text": scene.rule(name), "first": first.tolist(), "end": end.tolist()})
    return out


def _own_years(run: Run, places: np.ndarray, air: np.ndarray, rules: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the years in which a unit emits otherwise than in a full year: unit, year, difference [kg]."""
    yearly = run.projection.yearly_kg[places]
    base = run.projection.settings.base_year
    own = next(rule for rule in rules if rule["name"] == run.projection.settings.rule)
    years = run.projection.years[None, :]
    runs = (years >= np.array(own["first"])[:, None]) & (years < np.array(own["end"])[:, None])
    differs = runs & (np.abs(yearly - air[:, None]) > SAME * np.maximum(yearly, air[:, None]))
    return [
        [int(unit), base + int(year), plain_value(float(yearly[unit, year] - air[unit]), DIGITS)]
        for unit, year in zip(*np.nonzero(differs), strict=True)
    ]


def _retrofit(scene: Scene, reach: int) -> tuple[Measure, list[float | None]]:
    """Return the retrofit and the share of the rate that it leaves, by unit in the order of the ranking."""
    shipped = load_scenario(RETROFIT)
    measure = measures_of(shipped, None)[0][0][1]
    projection, count = scene.run.projection, len(scene.ranked)
    left: list[float | None] = [None] * count
    head = scene.ranked.head(reach)
    if not (head["sector"].eq("coal_power") & (head["lifetime_kg"] > 0)).any():
        return measure, left
    where = f"({measure.where}) and rank <= {reach} and lifetime_kg > 0"
    all_years = measure.model_copy(update={"where": where, "from_year": projection.settings.base_year, "phase_in": 0})
    applied = apply_scenario(projection, Scenario(name="retrofit"), [(0, all_years)])
    if applied.states is None:
        return measure, left
    rank_of = dict(zip(scene.ranked["unit_id"], range(count), strict=True))
    ids = [str(unit) for unit in projection.units.index]
    rates = applied.states.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    before = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    for span in applied.spans:
        if span.state != BASELINE and before[span.unit] > 0:
            left[rank_of[ids[span.unit]]] = plain_value(float(rates[span.state] / before[span.unit]), DIGITS)
    return measure, left
