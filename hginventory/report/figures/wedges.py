"""What scenarios avoid: emissions to air of each year in the baseline and in each scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, nearest
from hginventory.report.figures.style import DARK, PALETTE, WIDTH, broken
from hginventory.report.text import Words, unknown_life_text

if TYPE_CHECKING:
    from hginventory.decisions.scenarios import Comparison

MOST = 5  # scenarios that can be told apart
NOISE = 1e-9  # of the largest year; what is left of sums and differences
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4])


def wedges(comparison: Comparison, words: Words) -> Figure:
    """Return emissions to air by year of the baseline and of each scenario, the best first.

    Parameters
    ----------
    comparison : Comparison
        Scenarios compared with each other.
    words : Words
        Language.
    """
    table = comparison.table
    label = dict(zip(table["scenario"], _labels(table, words), strict=True))
    table = table.assign(scenario=table["scenario"].map(label))
    changing = table[table["units_changed"] > 0]  # one that changes nothing would lie on the line of the baseline
    ranked = (table if changing.empty else changing).sort_values("avoided_t", ascending=False, kind="stable")
    names = ranked["scenario"].head(MOST).tolist()
    years = comparison.years.assign(scenario=comparison.years["scenario"].map(label))
    first = years[years["scenario"] == names[0]]
    baseline = words("no action")
    table = pd.DataFrame({"year": first["year"], baseline: first["air_kg"] + first["avoided_kg"]})
    for name in names:
        own = years[years["scenario"] == name][["year", "air_kg"]].rename(columns={"air_kg": name})
        table = table.merge(own, on="year", how="left")
    emitting = (table[[baseline, *names]] > NOISE * float(table[baseline].max())).any(axis=1)
    table = table[: int(emitting.to_numpy().nonzero()[0].max(initial=0)) + 2]  # to the first year without mercury
    long = table.melt("year", [baseline, *names], "scenario", "kg")
    by_year = table.set_axis(["year", *(f"s{n}" for n in range(len(names) + 1))], axis=1)  # names may hold any sign
    past, begin = words("past their lifetime"), int(table["year"].iloc[0])
    if comparison.past_age_kg:
        table.insert(2, past, np.where(table["year"] == begin, comparison.past_age_kg, 0.0))
    area = table[["year", baseline, names[0]]].set_axis(["year", "high", "low"], axis=1)
    best = ranked.iloc[0]
    few = ranked.sort_values("units_changed", kind="stable").iloc[0]
    amounts = {"name": f"“{best['scenario']}”", "t": words.number(best["avoided_t"]),
               "share": words.percent(best["avoided_share"])}  # fmt: skip
    between = ""
    if comparison.draws:
        low, high = words.number(best["avoided_t_p05"]), words.number(best["avoided_t_p95"])
        between = words(" (90 % interval {low} to {high} t)", low=low, high=high)
    return Figure(
        "wedges",
        words("{name} avoids most: {t} t, {share} of remaining-lifetime emissions", **amounts)
        + _beside(few, best, words),
        words("Emissions to air [kg per year], no action and scenarios; filled: avoided by the best scenario"),
        words("Lines of emissions by year for {n} scenarios: {name} avoids {t} t{between}.", n=len(names),
              between=between, **amounts),
        _chart(words, [baseline, *names]),
        table,
        words,
        data={"lines": long, "area": area, "by_year": by_year},
        heads={name: f"{name} [kg]" for name in (baseline, past, *names)}
        | {f"s{n}": f"{name} [kg]" for n, name in enumerate([baseline, *names])},
        note=_past_age(comparison, begin, words),
    )  # fmt: skip


def _labels(table: pd.DataFrame, words: Words) -> list[str]:
    """Return what scenarios are called in a figure: their titles; names where a title is blank or not unique."""
    titles = table["title"].astype(str)
    is_own = titles.ne("") & ~titles.duplicated(keep=False)
    pairs = zip(titles, table["scenario"].astype(str), is_own, strict=True)
    return [words.say(title) if own else name for title, name, own in pairs]


def _past_age(comparison: Comparison, begin: int, words: Words) -> str:
    """Return what the lines leave out, blank where that is nothing."""
    if not comparison.past_age_kg:
        return ""
    return words(
        "The lines show units within their lifetime. Units past it emit another {kg} kg in {base}; the rule closes "
        "them after that year, no measure does.", kg=words.number(comparison.past_age_kg), base=begin,
    ) + unknown_life_text(comparison.unknown_life_kg, words)  # fmt: skip


def _beside(few: pd.Series[Any], best: pd.Series[Any], words: Words) -> str:
    """Return what the scenario that changes the fewest units avoids, compared with the one that avoids most."""
    if few["units_changed"] >= best["units_changed"]:
        return ""
    return words("; {few} {t} t at {n} units instead of {all}", few=f"“{few['scenario']}”",
                 t=words.number(few["avoided_t"]), n=words.number(few["units_changed"]),
                 all=words.number(best["units_changed"]))  # fmt: skip


def _chart(words: Words, names: list[str]) -> Any:
    x = alt.X("year:Q", title="", axis=alt.Axis(format="d", grid=False), scale=alt.Scale(nice=False))
    area = (
        alt.Chart(alt.NamedData("area"))
        .mark_area(color=PALETTE[0], opacity=0.14)
        .encode(x=x, y=alt.Y("high:Q", title=words("kg per year")), y2=alt.Y2("low:Q"))
    )
    scale = alt.Scale(domain=names, range=[DARK, *PALETTE[: len(names) - 1]])
    dash = alt.Scale(domain=names, range=[[1, 0], *DASHES[: len(names) - 1]])
    legend = alt.Legend(columns=1, labelLimit=WIDTH, labelExpr=broken(100))  # titles of scenarios are sentences
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2.2)
        .encode(
            x=x,
            y=alt.Y("kg:Q", title=words("kg per year")),
            color=alt.Color("scenario:N", title="", scale=scale, sort=names, legend=legend),
            strokeDash=alt.StrokeDash("scenario:N", title="", scale=dash, sort=names, legend=legend),
        )
    )
    columns = [alt.Tooltip("year:Q", format="d"), *(alt.Tooltip(f"s{n}:Q", format=AMOUNT) for n in range(len(names)))]
    near = nearest(alt.Chart(alt.NamedData("by_year")), columns, x)
    return alt.layer(area, lines, near).properties(width=WIDTH, height=300)
