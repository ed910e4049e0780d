"""The native charts of the report workbook on what can be done."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from hginventory.report.excel.charts import LINE_COLOUR, axis, dress, points
from hginventory.report.figures import BLUE, PALETTE, WIDE
from hginventory.report.tables import BASELINE

SHARE = "0 %"
DASHES = ("dash", "round_dot", "dash_dot", "long_dash", "square_dot")
DRAWN = 10  # inputs of the chart of drivers


def scenario_chart(book: Any, sheet: str, table: pd.DataFrame, title: str) -> Any:
    """Return emissions to air by year, one line per scenario.

    Parameters
    ----------
    book, sheet, title
        As in `charts.pareto_chart`.
    table : DataFrame
        year, and ``<scenario>_kg`` of the baseline and of each scenario; no other column is drawn.
    """
    chart = book.add_chart({"type": "line"})
    for index, name in enumerate(name for name in map(str, table.columns) if name.endswith("_kg")):
        scenario = name.removesuffix("_kg")
        is_base = scenario == BASELINE
        line = {"color": LINE_COLOUR if is_base else PALETTE[(index - 1) % len(PALETTE)], "width": 2.25}
        line["dash_type"] = "solid" if is_base else DASHES[(index - 1) % len(DASHES)]
        chart.add_series({"name": scenario, **points(sheet, table, "year", name), "line": line})
    dress(chart, title, "Year", "Emissions to air [kg/yr]")
    chart.set_x_axis({**axis("Year"), "interval_unit": 5, "interval_tick": 5})
    return chart


def cost_chart(book: Any, sheet: str, table: pd.DataFrame, title: str) -> Any:
    """Return the NPV per kilogram of the year of the curve against the mercury avoided.

    Parameters
    ----------
    book, sheet, title
        As in `scenario_chart`.
    table : DataFrame
        avoided_kg and npv_per_target_kg, rising; blank in the first row, which is where the curve begins.
    """
    costs = table["npv_per_target_kg"]
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    series = {**points(sheet, table, "avoided_kg", "npv_per_target_kg"), "line": {"color": BLUE, "width": 2.25}}
    chart.add_series({"name": "NPV per kilogram of the year", **series})
    currency = f"{table['currency'].iloc[0]} {table['price_year'].iloc[0]}"
    dress(chart, title, "Mercury avoided so far [kg]", f"NPV per kilogram of the year [{currency}/kg]")
    chart.set_x_axis({**axis("Mercury avoided so far [kg]"), "min": 0, "num_format": "#,##0"})
    upright = {**axis(f"NPV per kilogram of the year [{currency}/kg]", grid=True), "num_format": "#,##0"}
    if costs.min() > 0 and costs.max() > WIDE * costs.min():
        upright |= {"log_base": 10, "min": 10.0 ** math.floor(math.log10(costs.min()))}
    chart.set_y_axis(upright)
    chart.set_legend({"none": True})
    return chart


def driver_chart(book: Any, sheet: str, table: pd.DataFrame, title: str) -> Any:
    """Return the share of the variance of the total that each input explains, the largest on top.

    Parameters
    ----------
    book, sheet, title
        As in `scenario_chart`.
    table : DataFrame
        input and total_alone.
    """
    shown = table.head(DRAWN)
    chart = book.add_chart({"type": "bar"})
    series = {**points(sheet, shown, "input", "total_alone"), "fill": {"color": BLUE}, "gap": 40}
    chart.add_series({"name": "Share of variance", **series})
    dress(chart, title, "Share of the variance of the total [%]", "")
    chart.set_x_axis({**axis("Share of the variance of the total [%]", grid=True), "num_format": SHARE})
    chart.set_y_axis({**axis(""), "reverse": True, "label_position": "low"})
    chart.set_legend({"none": True})
    return chart
