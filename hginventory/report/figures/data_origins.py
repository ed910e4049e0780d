"""What the result is based on: the share of emissions by the origin of each factor's value."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.ranking import factors_of
from hginventory.factors import COMPLIANCE
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import tooltips
from hginventory.report.figures.style import BLUE, DARK, GREEN, OTHER, PALE, SKY, WIDTH

ORIGINS = ("measured", "reported", "derived", "default")
COLOURS = (BLUE, SKY, OTHER, PALE, GREEN)
NAMES_WIDTH = 170


def quality(figure_data: FigureData) -> Figure:
    """Return the share of the base-year emission by origin, one bar a factor."""
    words, projection = figure_data.words, figure_data.run.projection
    units = projection.units
    kg, sectors = units["air_base_year_kg"].to_numpy(dtype=np.float64), units["sector"].to_numpy()
    rows = []
    factors = factors_of(projection)
    origins = (*ORIGINS, COMPLIANCE) if any(COMPLIANCE in names for _, names in factors.values()) else ORIGINS
    for name, (sector, parameters) in factors.items():
        own = sectors == sector
        origin = projection.parameters[parameters[0]].origin.astype(str)
        total = float(kg[own].sum())
        shares = {o: float(kg[own & (origin == o)].sum()) / total if total > 0 else float("nan") for o in origins}
        rows.append({"factor": name, "label": words(name), "kg": total, **shares})
    table = pd.DataFrame(rows)
    order = [words(origin) for origin in origins]
    long = table.melt(["label"], list(origins), "origin", "share")
    long["order"] = long["origin"].map({o: n for n, o in enumerate(origins)})
    long["origin"] = long["origin"].map(dict(zip(origins, order, strict=True)))
    lead = table.iloc[0]
    own_data = float(lead["measured"] + lead["reported"])
    return Figure(
        "quality",
        words("{share} of emissions are based on plant data for {factor}", share=words.percent(own_data),
              factor=lead["label"]),
        words("Share of the base-year emissions of the sector by origin of the value used [%]"),
        words("Bars of origin by factor: {rows}.", rows="; ".join(
            words("{factor} {share} default", factor=factor, share=words.percent(default))
            for factor, default in zip(table["label"].head(4), table["default"], strict=False)
        )),
        _chart(figure_data, order, table["label"].tolist()),
        table.drop(columns="factor"),
        words,
        data={"parts": long},
        shares=origins,
        heads={"label": words("Factor"), "origin": words("Origin"), "share": words("Share"),
               "kg": words("Emissions of the sector [kg]"),
               **{o: words(o) for o in origins}},
    )  # fmt: skip


def _chart(figure_data: FigureData, order: list[str], labels: list[str]) -> Any:
    return (
        alt.Chart(alt.NamedData("parts"))
        .mark_bar(height=16, stroke=DARK, strokeWidth=0.3)
        .encode(
            x=alt.X("share:Q", stack="zero", title=figure_data.words("share of emissions"),
                    axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("label:N", sort=labels, title="", axis=alt.Axis(labelLimit=NAMES_WIDTH, ticks=False)),
            color=alt.Color("origin:N", title="", scale=alt.Scale(domain=order, range=list(COLOURS[: len(order)])),
                            legend=alt.Legend(columns=len(order))),
            order=alt.Order("order:Q"),
            tooltip=tooltips(["label:N", "origin:N", alt.Tooltip("share:Q", format=".1%")]),
        )
        .properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * 24)
    )  # fmt: skip
