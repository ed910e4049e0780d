"""Where the mercury goes: what comes in by fuel and raw meal leaves by the stack, in residues or in products."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from hginventory.model import AIR
from hginventory.projection import pathways_of
from hginventory.report.columns import column
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, tooltips
from hginventory.report.figures.style import BLUE, DARK, GREEN, ORANGE, WIDTH
from hginventory.report.text import SECTORS

NAMES_WIDTH = 150
ROOM = 1.8  # length of the axis over the longest bar: its amount is written behind it


def balance(figure_data: FigureData) -> Figure:
    """Return the mercury of a full year by the way it leaves, stacked by sector."""
    words, run = figure_data.words, figure_data.run
    by_sector = run.mass_balance.groupby(run.units["sector"], sort=False).sum()
    sectors = list(by_sector.index)
    names = [f"{name}_kg_per_yr" for name in pathways_of(by_sector)]
    air = set(names[AIR])
    table = pd.DataFrame(
        {
            "label": [words(column(name).label) for name in names],
            "order": range(len(names)),
            **{sector: by_sector.loc[sector, names].to_numpy() for sector in sectors},
        }
    )
    table["kg"] = table[sectors].sum(axis=1)
    total = float(table["kg"].sum())
    table["share"] = table["kg"] / total if total > 0 else float("nan")
    long = table.drop(columns="kg").melt(["label", "order"], sectors, "sector", "kg")
    long["sector"] = long["sector"].map({s: words(SECTORS[s]) for s in sectors})
    ends = table[["label", "order", "kg"]].assign(
        text=[f"{words.number(kg)} kg, {words.percent(s)}" for kg, s in zip(table["kg"], table["share"], strict=True)]
    )
    stack = float(table.loc[[name in air for name in names], "kg"].sum())
    share = words.percent(stack / total) if total > 0 else "–"
    largest = table.loc[~table.index.isin([n for n, name in enumerate(names) if name in air])].nlargest(1, "kg").iloc[0]
    return Figure(
        "balance",
        words("{share} of the mercury input is emitted to air", share=share),
        words("Mercury in a full year, all units in operation or under construction [kg per year]"),
        words("Of {total} kg of mercury per year {share} is emitted to air; next is {largest}, {kg} kg.",
              total=words.number(total), share=share, largest=largest["label"], kg=words.number(largest["kg"])),
        _chart(figure_data, [words(SECTORS[s]) for s in sectors], table["label"].tolist(), float(table["kg"].max())),
        table[["label", *sectors, "kg", "share"]],
        words,
        data={"parts": long, "ends": ends},
        shares=("share",),
        heads={"label": words("Pathway"), "sector": words("Sector"),
               "kg": words("Total [kg/yr]"), "share": words("Share"),
               **{s: words("{name} [kg/yr]", name=words(SECTORS[s])) for s in sectors}},
    )  # fmt: skip


def _chart(figure_data: FigureData, sectors: list[str], labels: list[str], most: float) -> Any:
    y = alt.Y("label:N", sort=labels, title="", axis=alt.Axis(labelLimit=NAMES_WIDTH, ticks=False))
    x = alt.X("kg:Q", title=figure_data.words("kg per year"), axis=alt.Axis(tickCount=6),
              scale=alt.Scale(domain=[0, ROOM * most or 1.0]))  # fmt: skip
    bars = (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(height=16)
        .encode(
            x=x,
            y=y,
            color=alt.Color("sector:N", title="", scale=alt.Scale(domain=sectors, range=[BLUE, ORANGE, GREEN])),
            tooltip=tooltips(["label:N", "sector:N", alt.Tooltip("kg:Q", format=AMOUNT)]),
        )
    )
    texts = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", dx=5, fontSize=11, color=DARK)
        .encode(x=x, y=y, text=alt.Text("text:N"))
    )
    return alt.layer(bars, texts).properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * 24)
