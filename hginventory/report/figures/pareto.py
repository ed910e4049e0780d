"""Cumulative share of the ranked units, with the 90 % interval of the draws."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from hginventory.decisions.ranking import HALF, STEPS, THREE_QUARTERS, units_for_share
from hginventory.report.figures.data import FigureData, RankedList
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import RANK, SECTOR, nearest
from hginventory.report.figures.style import BLUE, DARK, ORANGE, WIDTH

EACH = 30  # ranks drawn one by one; later ones in steps
DRAWN = 200
FEW = 16  # units up to which each has a tick; of more, ticks are whole numbers anyway
LOW = 0.06  # a share so near to the axis that its words must stand above
RIGHT = 0.7  # of the units; words of marks beyond would end outside the drawing


def pareto(figure_data: FigureData, of_list: RankedList) -> Figure | None:
    """Return the cumulative share of remaining-lifetime emissions of a list by rank, with the top units marked.

    None where the remaining life of no unit is known.
    """
    if of_list.unranked and of_list.ranked.empty:
        return None
    words, ranked, sure = figure_data.words, of_list.ranked, of_list.sure
    count, top = len(ranked), of_list.top
    needs = {
        share: units_for_share(ranked["lifetime_kg"].to_numpy(dtype=float), share) for share in (HALF, THREE_QUARTERS)
    }
    kept = sorted({0, top, count, *needs.values(), *(n for n in STEPS if n < count), *range(1, min(EACH, count) + 1),
                   *range(EACH, count, max(count // DRAWN, 1))})  # fmt: skip
    shares = [0.0, *ranked["cumulative_share"].tolist()]
    table = pd.DataFrame({"units": kept, "cumulative_share": [shares[n] for n in kept]})
    if sure is not None:
        band = sure.concentration.set_index("units")[["p05", "p95"]]
        ends = pd.DataFrame({"p05": [0.0, 1.0], "p95": [0.0, 1.0]}, index=[0, count])
        table = table.join(pd.concat([ends, band[band.index < count]]), on="units")
    share = words.percent(shares[top])
    marks = [(top, shares[top])] + [(n, shares[n]) for n in needs.values() if n > 2 * top]
    points = pd.DataFrame(
        {
            "units": [n for n, _ in marks],
            "cumulative_share": [s for _, s in marks],
            "first": [n == 0 for n in range(len(marks))],
            "text": [words("{n} units: {share}", n=words.number(n), share=words.percent(s)) for n, s in marks],
        }
    )
    interval = sure.named_share if sure else None
    between = (
        words(" (90 % interval {low} to {high})", low=words.percent(interval.p05), high=words.percent(interval.p95))
        if interval
        else ""
    )
    inventory = of_list.inventory
    title = of_list.title(
        words("{top} of {count} units (+{later} under construction) account for {share} of remaining-lifetime "
              "emissions",
              top=words.number(top), count=words.number(inventory.operating),
              later=words.number(inventory.construction), share=share)
        if inventory.construction
        else words("{top} of {count} units account for {share} of remaining-lifetime emissions",
                   top=words.number(top), count=words.number(inventory.operating), share=share)
    )  # fmt: skip
    return Figure(
        of_list.figure("pareto"),
        title,
        words("Cumulative share of remaining-lifetime emissions [%]; band: 5 to 95 % of the draws"),
        words("Curve of cumulative share: {title}; {half} account for half.", title=title + between,
              half=words.number(needs[HALF])),
        _chart(figure_data, count, f"{SECTOR} === '{of_list.name}'" if of_list.heading else "true"),
        table,
        words,
        data={"table": table, "points": points},
        shares=("cumulative_share", "p05", "p95"),
        heads={"units": words("Largest units"), "p05": words("Share, p05"), "p95": words("Share, p95"),
               "cumulative_share": words("Cumulative share")},
        note=words(
            "The band is the share of the same units in every draw. The largest units of each draw account for more."
        ),
    )  # fmt: skip


def _chart(figure_data: FigureData, count: int, sector: str) -> Any:
    words = figure_data.words
    x = alt.X("units:Q", title=words("Units, the largest first"), scale=alt.Scale(domain=[0, count], nice=False),
              axis=alt.Axis(values=list(range(count + 1)), format="d") if count <= FEW else alt.Axis())  # fmt: skip
    y_axis = alt.Axis(format="%", grid=True, tickCount=5)
    y = alt.Y("cumulative_share:Q", title=words("Share of the total"), axis=y_axis, scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(alt.NamedData("table"))
    layers = []
    if figure_data.sure is not None:
        banded = base.transform_filter("isValid(datum.p05)")
        layers.append(
            banded.mark_area(color=BLUE, opacity=0.18).encode(x=x, y=alt.Y("p05:Q", title=""), y2=alt.Y2("p95:Q"))
        )
    line = base.mark_line(color=BLUE, strokeWidth=2.2).encode(x=x, y=y)
    shares = ["cumulative_share", *(["p05", "p95"] if figure_data.sure is not None else [])]
    values = [alt.Tooltip("units:Q", format=","), *(alt.Tooltip(f"{name}:Q", format=".1%") for name in shares)]
    at = alt.XDatum({"expr": RANK}, type="quantitative")  # the rank of the selected unit
    chosen = (
        alt.Chart(alt.NamedData("points"))
        .transform_filter(f"datum.first && {RANK} > 0 && ({sector})")
        .mark_rule(color=ORANGE, strokeWidth=2)
        .encode(x=at)
    )
    marks = alt.Chart(alt.NamedData("points"))
    dots = marks.mark_point(color=ORANGE, filled=True, size=70).encode(x=x, y=y)
    # Below the curve, unless the axis is there.
    places: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"datum.units > {RIGHT * count}", {"align": "right", "dx": -4, "dy": 28}),
        (f"datum.units <= {RIGHT * count} && datum.cumulative_share >= {LOW}", {"align": "left", "dx": 9, "dy": 9}),
        (f"datum.units <= {RIGHT * count} && datum.cumulative_share < {LOW}", {"align": "left", "dx": 9, "dy": -8}),
    )
    texts = [
        marks.transform_filter(test)
        .mark_text(fontSize=12, color=DARK, **place)
        .encode(x=x, y=y, text=alt.Text("text:N"))
        for test, place in places
    ]
    return alt.layer(*layers, line, chosen, dots, *texts, nearest(base, values, x, y)).properties(
        width=WIDTH, height=300
    )
