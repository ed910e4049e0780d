"""How sure each rank is: the probability of every rank for the largest units, as shades."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from hginventory.report.figures.data import SHOWN, FigureData, RankedList, numbered
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import outlined, tooltips
from hginventory.report.figures.style import BAR_HEIGHT, DARK, WIDTH
from hginventory.report.text import about_units

PRINTED = 0.045  # probabilities from here on are written in the cell
DARKEST = 0.15  # probability of the full shade, unless one is higher
LIGHT = 0.7  # of the full shade; above, the text is white
NAMES_WIDTH = 200


def ranks(figure_data: FigureData, of_list: RankedList) -> Figure | None:
    """Return the probability of each first rank for the largest units of a list; None without draws or units."""
    sure = of_list.sure
    if figure_data.sure is None or sure is None or of_list.ranked.empty:
        return None
    words, chances = figure_data.words, sure.rank_chances
    shown = of_list.ranked.head(SHOWN)
    wide = chances.reindex(shown["unit_id"]).fillna(0.0).reset_index(drop=True)
    columns = list(wide.columns)
    wide.columns = [f"rank{rank}" for rank in columns]
    later = (1.0 - wide.sum(axis=1)).clip(lower=0.0)
    table = pd.concat([shown[["rank", "unit_id"]].reset_index(drop=True), wide], axis=1).assign(later=later)
    table.insert(2, "label", numbered(shown).to_numpy())
    names = {f"rank{rank}": str(rank) for rank in columns} | {"later": f">{columns[-1]}"}
    long = table.melt(["rank", "unit_id", "label"], list(names), "column", "p")
    long = long.assign(
        place=long["column"].map({name: position for position, name in enumerate(names)}),
        last=long["column"].eq("later"),
        column=long["column"].map(names),
        text=[words.number(p * 100, 0) if p >= PRINTED else "" for p in long["p"]],
    )
    shares = wide.to_numpy(dtype=float)
    first = words.percent(shares[0, 0])
    return Figure(
        of_list.figure("ranks"),
        of_list.title(words("About {right} of the {top} units ranked highest are likely to be in the true top {top}",
                            top=sure.top, right=about_units(sure.named_right, words))),
        words("Probability of each rank by remaining-lifetime emissions, {n} draws [%]; rows ordered by central values",
              n=words.number(figure_data.sure.draws)),
        words("Shades of probability by rank: {unit} is first with {p}; about {right} of the {top} units ranked "
              "highest are likely to be in the true top {top}.",
              unit=shown["label"].iloc[0], p=first, right=about_units(sure.named_right, words), top=sure.top),
        _chart(figure_data, table["label"].tolist(), list(names.values()), float(shares.max())),
        table,
        words,
        data={"cells": long},
        shares=(*(f"rank{rank}" for rank in columns), "later"),
        heads={"label": words("Unit"), "column": words("Rank"), "p": words("Probability"), "later": words("Later"),
               **{f"rank{rank}": words("P(rank {n})", n=rank) for rank in columns}},
    )  # fmt: skip


def _chart(figure_data: FigureData, labels: list[str], columns: list[str], highest: float) -> Any:
    base = alt.Chart(alt.NamedData("cells"))
    x = alt.X(
        "column:N",
        sort=columns,
        title=figure_data.words("rank"),
        axis=alt.Axis(orient="top", labelAngle=0, domain=False),
    )
    y = alt.Y("label:N", sort=labels, title="", axis=alt.Axis(labelLimit=NAMES_WIDTH, ticks=False))
    shade = alt.Scale(range=["#FFFFFF", "#2171B5"], domain=[0, max(highest, DARKEST)], interpolate="rgb", clamp=True)
    cells = base.mark_rect().encode(
        x=x, y=y, color=alt.condition("datum.last", alt.value("#F2F2F2"), alt.Color("p:Q", scale=shade, legend=None)),
        tooltip=tooltips(["label:N", "column:N", alt.Tooltip("p:Q", format=".1%")]),
        **outlined("#EEEEEE", 1),
    )  # fmt: skip
    bound = LIGHT * max(highest, DARKEST)
    texts = base.mark_text(fontSize=11).encode(
        x=x, y=y, text=alt.Text("text:N"),
        color=alt.ColorValue(DARK, condition={"test": f"datum.p > {bound} && !datum.last", "value": "white"}),
    )  # fmt: skip
    return alt.layer(cells, texts).properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * BAR_HEIGHT)
