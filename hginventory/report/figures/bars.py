"""The largest units with what the draws say of each: bars, intervals, and the probability to be among the largest."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.factors import DEFAULT
from hginventory.report.figures.data import SHOWN, FigureData, RankedList, numbered
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, X_VALUE, outlined, whole_rows
from hginventory.report.figures.style import BAR_HEIGHT, BLUE, DARK, SKY, WIDTH

NAMES_WIDTH = 200  # pixels left of the bars


def bars(figure_data: FigureData, of_list: RankedList) -> Figure | None:
    """Return the largest units of a list, with interval and probability; None where none is counted."""
    if of_list.ranked.empty:
        return None
    words, top = figure_data.words, of_list.top
    shown = of_list.ranked.head(SHOWN)
    plant, default = words("of the plant"), words("default")
    table = pd.DataFrame(
        {
            "rank": shown["rank"],
            "unit_id": shown["unit_id"],
            "label": numbered(shown),
            "lifetime_t": shown["lifetime_t"],
            "content": np.where(shown["hg_origin"].eq(DEFAULT), default, plant),
        }
    )
    columns = ["rank", "unit_id", "label", "lifetime_t"]
    if figure_data.sure is not None:
        for level in ("p05", "p50", "p95"):
            table[f"t_{level}"] = shown[f"lifetime_kg_{level}"] / 1000.0
        table["p_top"] = shown[figure_data.p_top]
        table["chance"] = [words.percent(p) for p in table["p_top"]]
        columns += ["t_p05", "t_p50", "t_p95", "p_top"]
    columns.append("content")
    first, last = shown["lifetime_t"].iloc[0], shown["lifetime_t"].iloc[-1]
    certain = int((table["p_top"].head(of_list.top) > 0.95).sum()) if figure_data.sure else 0
    lead = shown["label"].iloc[0]
    if figure_data.sure is not None:
        title = words(
            "{unit} ranks first with {t} t; {certain} of the top {top} units are certain",
            unit=lead, t=words.number(first), certain=words.number(certain), top=of_list.top,
        )  # fmt: skip
    else:
        title = words("{unit} ranks first with {t} t", unit=lead, t=words.number(first))
    return Figure(
        of_list.figure("bars"),
        of_list.title(title),
        words("Remaining-lifetime emissions [t]; line: 5 to 95 % of the draws; dot: their median; right: probability "
              "of being in the top {top}", top=top)
        if figure_data.sure is not None
        else words("Remaining-lifetime emissions [t], central values"),
        words("Bars of the {n} units ranked highest, from {first} t ({unit}) to {last} t.", n=len(shown),
              first=words.number(first), unit=lead, last=words.number(last)),
        _chart(figure_data, table["label"].tolist(), [plant, default]),
        table[columns],
        words,
        data={"table": table},
        shares=("p_top",),
        heads={"label": words("Unit"), "lifetime_t": words("Remaining-lifetime emissions [t]"),
               "t_p05": words("p05 [t]"),
               "t_p50": words("p50 [t]"), "t_p95": words("p95 [t]"),
               "p_top": words("P(in the top {top})", top=top),
               "content": words("Mercury content")},
    )  # fmt: skip


def _chart(figure_data: FigureData, labels: list[str], kinds: list[str]) -> Any:
    words = figure_data.words
    base = alt.Chart(alt.NamedData("table"))
    y = alt.Y("label:N", sort=labels, title="", axis=alt.Axis(labelLimit=NAMES_WIDTH, ticks=False))
    x = alt.X("lifetime_t:Q", title="t", axis=alt.Axis(tickCount=6))
    drawn = figure_data.sure is not None
    names = ["lifetime_t", *(["t_p05", "t_p50", "t_p95"] if drawn else [])]
    values = [alt.Tooltip(f"{name}:Q", format=AMOUNT) for name in names]
    values += [alt.Tooltip("p_top:Q", format=".0%")] if drawn else []
    layers = [
        base.mark_bar(height=BAR_HEIGHT - 6).encode(
            x=x,
            y=y,
            color=alt.Color("content:N", title=words("mercury content"),
                            scale=alt.Scale(domain=kinds, range=[BLUE, SKY])),
            **outlined(DARK, 0.4),
        )
    ]  # fmt: skip
    if figure_data.sure is not None:
        layers += [
            base.mark_rule(color=DARK, strokeWidth=1.4).encode(
                x=alt.X("t_p05:Q", title="t"), x2=alt.X2("t_p95:Q"), y=y
            ),
            base.mark_point(color=DARK, filled=True, size=22).encode(x=alt.X("t_p50:Q"), y=y),
            base.mark_text(align="right", dx=60, fontSize=11, color=DARK).encode(
                x=X_VALUE("width"), y=y, text=alt.Text("chance:N")
            ),
        ]
    row = whole_rows(base, ["label:N", "unit_id:N", *values, "content:N"], y, BAR_HEIGHT - 2)
    return alt.layer(*layers, row).properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * BAR_HEIGHT)
