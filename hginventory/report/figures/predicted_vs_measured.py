"""Predicted against measured: what was expected of a unit before it was measured, and what the measurement says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from hginventory.factors import FAR, MeasuredPoint
from hginventory.inputs.fleet import REMOVAL
from hginventory.report.figures.data import FigureData
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, RING, ring, tooltips
from hginventory.report.figures.style import BLUE, DARK, ORANGE, OTHER, WIDTH
from hginventory.report.tables import POINTS
from hginventory.report.text import shown, unit_labels

NORMAL_90 = 1.6448536269514722  # standard deviations in half a 90 % interval of a normal
PANEL = WIDTH // 2 - 70  # pixels
MARGIN = 1.1  # factor between the outermost interval and the frame
QUANTITIES: Mapping[str, str] = {
    "hg_coal": "mercury in coal",
    "hg_concentration": "mercury in flue gas",
    "hg_rate": "emissions to air per hour",
    "hg_yearly": "emissions to air per year",
    "hg_per_gwh": "emissions to air per net generation",
    "hg_per_gwh_gross": "emissions to air per gross generation",
    "hg_per_heat": "emissions to air per net fuel heat",
    "hg_per_heat_gross": "emissions to air per gross fuel heat",
    REMOVAL: "share not removed by controls",
}


def measured(figure_data: FigureData) -> Figure | None:
    """Return what was measured against what was predicted, one dot a measurement; None where nothing was measured.

    Of a removal the share that passes is drawn, as the model sees it on that scale. The furthest apart are drawn first.
    """
    points = sorted(figure_data.run.projection.measured, key=lambda point: (-abs(point.z), point.unit_id, point.cell))
    if not points:
        return None
    words = figure_data.words
    every = figure_data.run.units.reset_index()
    labels = dict(zip(every["unit_id"], unit_labels(every), strict=True))
    states = (words("within three standard deviations"), words("conflict"))
    drawn = pd.DataFrame([_row(point, str(labels[point.unit_id]), states) for point in points[:POINTS]])
    drawn["name"] = drawn["quantity"].map({code: words.say(text) for code, text in QUANTITIES.items()})
    inside = sum(abs(point.z) <= NORMAL_90 for point in points)
    far = sum(abs(point.z) > FAR for point in points)
    ratio = drawn["value"] / drawn["expected"]
    units = "; ".join(dict.fromkeys(drawn["unit"].where(drawn["unit"].ne(""), words("share"))))
    table = drawn[["unit_id", "label", "name", "unit", "kind", "first", "value", "expected", "used", "z", "cell"]]
    return Figure(
        "measured",
        words("{inside} of {n} measurements are within the expected 90 % interval; {far} conflict with it",
              inside=words.number(inside), n=words.number(len(points)), far=words.number(far)),
        words("Measured compared with expected [{units}], logarithmic axes; bars: 90 % intervals; line: equal values",
              units=units),
        words("{n} measurements at {units} units are {low} to {high} times the expected value; {far} in conflict.",
              n=words.number(len(points)), units=words.number(len({point.unit_id for point in points})),
              low=words.number(ratio.min()), high=words.number(ratio.max()), far=words.number(far)),
        _chart(figure_data, drawn, states),
        table,
        words,
        data={"table": drawn, "equal": _diagonals(drawn)},
        heads={"label": words("Unit"), "name": words("Quantity"), "unit": words("Unit of measure"),
               "value": words("Measured"), "expected": words("Expected"), "used": words("Used"), "z": "z"},
        note=_note(figure_data, len(points)),
    )  # fmt: skip


def _note(figure_data: FigureData, count: int) -> str:
    words = figure_data.words
    note = words("Expected is the mean before the measurement; z, in standard deviations, is counted from the median, "
                 "which lies below it. Beyond {far} a measurement conflicts: check its unit, basis and state of the "
                 "unit.", far=words.number(FAR))  # fmt: skip
    if count > POINTS:
        note += " " + words("The {n} with the largest difference are shown.", n=words.number(POINTS))
    return note


def _row(point: MeasuredPoint, label: str, states: tuple[str, str]) -> dict[str, Any]:
    """Return a measurement as it is drawn; of a removal what passes, from which z counts the other way."""
    passes = point.quantity == REMOVAL
    value, expected, used = (1.0 - n if passes else n for n in (point.measured, point.predicted, point.after))
    median = expected * math.exp(-(point.predicted_ln_sd**2) / 2.0)
    wide, wide_value = (math.exp(NORMAL_90 * size) for size in (point.predicted_ln_sd, point.measured_ln_sd))
    most = 1.0 if passes else math.inf
    return {
        "unit_id": point.unit_id, "label": label, "quantity": point.quantity, "unit": shown(point.unit),
        "kind": point.kind, "first": point.first, "value": value, "expected": expected, "used": used,
        "z": -point.z if passes else point.z, "cell": point.cell, "state": states[int(abs(point.z) > FAR)],
        "expected_low": median / wide, "expected_high": min(median * wide, most),
        "value_low": value / wide_value, "value_high": min(value * wide_value, most),
    }  # fmt: skip


def _diagonals(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the two ends of the line of equal values, by quantity."""
    ends = drawn.groupby("quantity", sort=False)[["expected_low", "value_low", "expected_high", "value_high"]]
    low, high = ends.min().min(axis=1), ends.max().max(axis=1)
    return pd.concat([low.rename("at").reset_index(), high.rename("at").reset_index()], ignore_index=True)


def _chart(figure_data: FigureData, drawn: pd.DataFrame, states: tuple[str, str]) -> Any:
    panels = [
        _panel(figure_data, quantity, drawn, states) for quantity in QUANTITIES if quantity in set(drawn["quantity"])
    ]
    return alt.concat(*panels, columns=2, spacing=28)


def _panel(figure_data: FigureData, quantity: str, drawn: pd.DataFrame, states: tuple[str, str]) -> Any:
    """Return the panel of one quantity: both axes have its unit and the same bounds."""
    words = figure_data.words
    own = drawn[drawn["quantity"].eq(quantity)]
    unit = f" [{own['unit'].iloc[0]}]" if own["unit"].iloc[0] else ""
    bounds = own[["expected_low", "value_low", "expected_high", "value_high"]].to_numpy(dtype=float)
    ends = [float(bounds.min()) / MARGIN, float(bounds.max()) * MARGIN]
    scale = alt.Scale(type="log", nice=False, domain=ends)
    axis = alt.Axis(format="~g", tickCount=4)
    colour = alt.Color("state:N", title="", scale=alt.Scale(domain=list(states), range=[BLUE, ORANGE]))
    shape = alt.Shape("state:N", title="", scale=alt.Scale(domain=list(states), range=["circle", "triangle-up"]))
    only = alt.datum.quantity == quantity
    x = alt.X("expected:Q", title=words("expected{unit}", unit=unit), scale=scale, axis=axis)
    y = alt.Y("value:Q", title=words("measured{unit}", unit=unit), scale=scale, axis=axis)
    dots = alt.Chart(alt.NamedData("table")).transform_filter(only)
    equal = alt.Chart(alt.NamedData("equal")).transform_filter(only)
    return alt.layer(
        equal.mark_line(color=OTHER, strokeDash=[5, 4]).encode(
            x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale)
        ),
        dots.mark_rule(opacity=0.55).encode(x=alt.X("expected_low:Q", scale=scale), x2=alt.X2("expected_high:Q"), y=y,
                                            color=colour),
        dots.mark_rule(opacity=0.55).encode(x=x, y=alt.Y("value_low:Q", scale=scale), y2=alt.Y2("value_high:Q"),
                                            color=colour),
        ring(dots, name=f"{RING}_{quantity}").encode(x=x, y=y),
        dots.mark_point(filled=True, size=60, opacity=0.9, stroke=DARK, strokeWidth=0.4).encode(
            x=x, y=y, color=colour, shape=shape,
            tooltip=tooltips(["label:N", "unit_id:N", alt.Tooltip("value:Q", format=AMOUNT),
                              alt.Tooltip("expected:Q", format=AMOUNT), alt.Tooltip("z:Q", format=".1f")]),
        ),
        dots.transform_filter(alt.datum.state == states[1])
        .mark_text(align="left", dx=7, dy=-7, fontSize=11, limit=PANEL // 2)
        .encode(x=x, y=y, text=alt.Text("label:N")),
    ).properties(width=PANEL, height=PANEL, title=alt.TitleParams(words.say(QUANTITIES[quantity]), fontSize=12,
                                                                  fontWeight=400, offset=4))  # fmt: skip
