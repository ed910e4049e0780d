"""Rate against amount: which units emit much for what they make, and which emit much because they are large."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.inputs.fleet import is_blank
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, nearest, ring
from hginventory.report.figures.style import BLUE, DARK, GREEN, ORANGE, OTHER, WIDTH
from hginventory.report.tables import POINTS
from hginventory.report.text import Words
from hginventory.vocabulary import COAL_POWER, DRY_SCRUBBERS, KILN_SCRUBBERS, UNKNOWN, WET_SCRUBBERS, named_devices

RATES = {"coal_power": ("g_per_gwh", "g/GWh"), "cement_kiln": ("g_per_t_clinker", "g/t")}
SAME = 1.05  # rates that differ by less than this factor are one default and no finding
MERCURY_CONTROLS = frozenset({"HAL", "ACI", "ACI-Br", "REA", "ACI-FF"})  # of coal units and kilns
SCRUBBERS = WET_SCRUBBERS | DRY_SCRUBBERS | KILN_SCRUBBERS | {"DSI"}  # what takes up acid gas, and wet dust scrubbers
PART = 3  # at most a third of the units are compared: of all of them both sets would be the same
LOOKS = ((BLUE, "circle"), (ORANGE, "square"), (GREEN, "diamond"), (OTHER, "triangle-up"))  # as _order has the kinds
CELLS = 40  # of the ground that stands for the units not drawn


def rates(figure_data: FigureData, sector: str = COAL_POWER) -> Figure | None:
    """Return rate against amount of a sector, one dot a unit; None where its units have no rates that differ."""
    words = figure_data.words
    rate, unit = RATES[sector]
    own = figure_data.ranked[figure_data.ranked["sector"].eq(sector) & (figure_data.ranked[rate] > 0)]
    if len(own) < 2 or own[rate].max() < SAME * own[rate].min():
        return None
    own = own.assign(controls=_controls(own, figure_data)).sort_values("rank")
    top = min(figure_data.top, math.ceil(len(own) / PART))
    by_amount, by_rate = (set(own.nlargest(top, name)["unit_id"]) for name in ("air_kg_per_yr", rate))
    both = len(by_amount & by_rate)
    low, high = own[rate].quantile([0.05, 0.95])
    shown, others = own.head(POINTS), own.iloc[POINTS:]
    table = shown[["rank", "unit_id", "label", rate, "air_kg_per_yr", "lifetime_t", "controls"]].reset_index(drop=True)
    data = {"table": table}
    if len(others):
        data["ground"] = _ground(others, rate)
    name = "rates" if sector == COAL_POWER else "rates_kilns"
    return Figure(
        name,
        _title(both, top, words),
        words("Emissions to air per output [{unit}] and per year [kg], logarithmic; area: remaining-lifetime emissions",
              unit=unit),
        words("Emission rates and annual emissions of {n} units; 90 % of the rates are {low} to {high} {unit}.",
              n=words.number(len(own)), low=words.number(low), high=words.number(high), unit=unit),
        _chart(figure_data, rate, unit, set(table["controls"]), others=bool(len(others))),
        table,
        words,
        data=data,
        heads={"label": words("Unit"), "controls": words("Controls"),
               "lifetime_t": words("Remaining-lifetime emissions [t]")},
        note=words("Dots: the {n} largest units; grey: the others.", n=POINTS) if len(others) else "",
    )  # fmt: skip


def _title(both: int, top: int, words: Words) -> str:
    """Return what the axes show: how many of the units furthest right are among those furthest up."""
    if top > 1:
        return words("{both} of the {top} units with the highest rates are among the {top} that emit most in a full "
                     "year", both=words.number(both), top=top)  # fmt: skip
    if both:
        return words("The unit with the highest rate also emits most in a full year")
    return words("The unit with the highest rate is not the one that emits most in a full year")


def _order(figure_data: FigureData) -> list[str]:
    words = figure_data.words
    return [words("scrubber"), words("filter only"), words("mercury control"), words("unknown")]


def _controls(units: pd.DataFrame, figure_data: FigureData) -> pd.Series:
    """Return what a train mainly is, in words: that with most effect on mercury."""
    scrubber, plain, own, unknown = _order(figure_data)

    def main_control(train: object) -> str:
        if is_blank(train) or train == UNKNOWN:
            return unknown
        devices = named_devices(str(train))
        return own if devices & MERCURY_CONTROLS else scrubber if devices & SCRUBBERS else plain

    return units["train"].map(main_control)


def _ground(others: pd.DataFrame, rate: str) -> pd.DataFrame:
    """Return the units that are not drawn one by one as counts on a grid, even on logarithmic axes."""
    parts: dict[str, np.ndarray] = {}
    positive = others[others["air_kg_per_yr"] > 0]
    for name, column in (("x", rate), ("y", "air_kg_per_yr")):
        logs = np.log10(positive[column].to_numpy(dtype=float))
        step = (logs.max() - logs.min() or 1.0) / CELLS
        cell = np.minimum(np.floor((logs - logs.min()) / step), CELLS - 1)
        parts[name], parts[f"{name}2"] = 10 ** (logs.min() + cell * step), 10 ** (logs.min() + (cell + 1) * step)
    grid = pd.DataFrame(parts)
    return grid.groupby(list(grid.columns), as_index=False).size().rename(columns={"size": "units"})


def _chart(figure_data: FigureData, rate: str, unit: str, controls: set[str], *, others: bool) -> Any:
    words = figure_data.words
    looks = {kind: look for kind, look in zip(_order(figure_data), LOOKS, strict=True) if kind in controls}
    colours, shapes = zip(*looks.values(), strict=True)
    log = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X(f"{rate}:Q", title=words("rate [{unit}]", unit=unit), scale=log, axis=alt.Axis(format="~g", tickCount=6))
    y = alt.Y("air_kg_per_yr:Q", title=words("kg per year"), scale=log, axis=alt.Axis(format="~g", tickCount=6))
    legend = alt.Legend(columns=len(LOOKS))
    table = alt.Chart(alt.NamedData("table")).transform_filter("datum.air_kg_per_yr > 0")
    layers: list[alt.Chart] = []
    if others:
        ground = alt.Chart(alt.NamedData("ground"))
        shade = alt.Fill("units:Q", scale=alt.Scale(range=["#EEEEEE", "#888888"], type="sqrt"), legend=None)
        layers.append(
            ground.mark_rect().encode(
                x=alt.X("x:Q", scale=log, title=""), x2=alt.X2("x2:Q"),
                y=alt.Y("y:Q", scale=log, title=""), y2=alt.Y2("y2:Q"),
                fill=shade,
            )
        )  # fmt: skip
    layers.append(ring(table).encode(x=x, y=y))
    layers.append(
        table.mark_point(filled=True, opacity=0.75, stroke=DARK, strokeWidth=0.4)
        .encode(
            x=x,
            y=y,
            size=alt.Size("lifetime_t:Q", legend=None, scale=alt.Scale(range=[12, 320])),
            color=alt.Color("controls:N", title=words("controls"),
                            scale=alt.Scale(domain=list(looks), range=list(colours)), legend=legend),
            shape=alt.Shape("controls:N", title=words("controls"),
                            scale=alt.Scale(domain=list(looks), range=list(shapes)), legend=legend),
        )
    )  # fmt: skip
    values = ["label:N", "unit_id:N", "controls:N",
              *(alt.Tooltip(f"{name}:Q", format=AMOUNT) for name in (rate, "air_kg_per_yr", "lifetime_t"))]  # fmt: skip
    return alt.layer(*layers, nearest(table, values, x, y, by=("x", "y"))).properties(width=WIDTH - 60, height=340)
