"""What scenarios avoid: mercury to air of each year as it is and under each scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from hginventory.report.figures.figure import Figure
from hginventory.report.figures.style import DARK, PALETTE, WIDTH
from hginventory.report.language import Words

if TYPE_CHECKING:
    from hginventory.decisions.compare import Comparison

MOST = 5  # scenarios that can be told apart
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4])


def wedges(comparison: Comparison, words: Words) -> Figure:
    """Return mercury to air by year of the fleet as it is and of each scenario, the best first.

    Parameters
    ----------
    comparison : Comparison
        Scenarios beside each other.
    words : Words
        Language.
    """
    ranked = comparison.table.sort_values("avoided_t", ascending=False, kind="stable")
    names = ranked["scenario"].head(MOST).tolist()
    years = comparison.years
    first = years[years["scenario"] == names[0]]
    as_is = words("as it is")
    base = pd.DataFrame({"year": first["year"], as_is: first["air_kg"] + first["avoided_kg"]})
    table = base
    for name in names:
        own = years[years["scenario"] == name][["year", "air_kg"]].rename(columns={"air_kg": name})
        table = table.merge(own, on="year", how="left")
    long = table.melt("year", [as_is, *names], "scenario", "kg")
    area = table[["year", as_is, names[0]]].set_axis(["year", "high", "low"], axis=1)
    best = ranked.iloc[0]
    amounts = {"name": best["scenario"], "t": words.number(best["avoided_t"]),
               "share": words.percent(best["avoided_share"])}  # fmt: skip
    between = ""
    if comparison.draws:
        low, high = words.number(best["avoided_t_p05"]), words.number(best["avoided_t_p95"])
        between = words(" (90 % interval {low} to {high} t)", low=low, high=high)
    return Figure(
        "wedges",
        words("{name} avoids most: {t} t, {share} of the remaining mercury", **amounts),
        words("Mercury to air [kg per year] as it is and under each scenario; filled: what the best one avoids"),
        words("Lines of mercury by year for {n} scenarios: {name} avoids {t} t{between}.", n=len(names),
              between=between, **amounts),
        _chart(words, [as_is, *names]),
        table,
        words,
        data={"lines": long, "area": area},
        heads={as_is: f"{as_is} [kg]", **{name: f"{name} [kg]" for name in names}},
    )  # fmt: skip


def _chart(words: Words, names: list[str]) -> Any:
    x = alt.X("year:Q", title="", axis=alt.Axis(format="d", grid=False), scale=alt.Scale(nice=False))
    area = (
        alt.Chart(alt.NamedData("area"))
        .mark_area(color=PALETTE[0], opacity=0.14)
        .encode(x=x, y=alt.Y("high:Q", title=words("kg per year")), y2="low:Q")
    )
    scale = alt.Scale(domain=names, range=[DARK, *PALETTE[: len(names) - 1]])
    dash = alt.Scale(domain=names, range=[[1, 0], *DASHES[: len(names) - 1]])
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(strokeWidth=2.2)
        .encode(
            x=x,
            y=alt.Y("kg:Q", title=words("kg per year")),
            color=alt.Color("scenario:N", title="", scale=scale, sort=names),
            strokeDash=alt.StrokeDash("scenario:N", title="", scale=dash, sort=names),
            tooltip=["year:Q", "scenario:N", alt.Tooltip("kg:Q", format=",.0f")],
        )
    )
    return alt.layer(area, lines).properties(width=WIDTH, height=300)
