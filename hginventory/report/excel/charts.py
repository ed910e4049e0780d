"""The native charts of the result workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hginventory.decisions.ranking import COMBINED
from hginventory.report.columns import STATISTICS, column
from hginventory.report.excel.sheets import HEADER_ROWS
from hginventory.report.text import SECTOR_WORDS

SECTOR_COLOURS = {"coal_power": "#0072B2", "cement_kiln": "#D55E00"}  # Okabe-Ito: distinct for all colour visions
LINE_COLOUR, PAST_COLOUR = "#000000", "#E69F00"
PAST_AGE = "Past their lifetime: closed by the rule"
PAST_OR_UNKNOWN = "Past their lifetime, or without start year"
GRID = "#D9D9D9"
ALT_LENGTH = 150
TITLE_FONT = {"size": 13, "bold": True, "color": "#1F3864"}
AXIS_FONT = {"size": 10, "bold": False, "color": "#404040"}
SIZE = {"width": 860, "height": 430}


def pareto_chart(book: Any, sheet: str, table: pd.DataFrame, title: str) -> Any:
    """Return the largest units as bars, with their cumulative share of the list as a line.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    sheet : str
        Sheet that contains the table.
    table : DataFrame
        label, ``<sector>_kg`` of each sector, cumulative_share; the rows of one list, by the numbers that they have in
        the sheet.
    title : str
        The finding.
    """
    names = [str(name) for name in table.columns]
    bars = book.add_chart({"type": "column", "subtype": "stacked"})
    for name in names:
        sector = name.removesuffix("_kg")
        if sector in SECTOR_COLOURS and table[name].notna().any():
            bars.add_series(
                {
                    "name": SECTOR_WORDS[sector],
                    **points(sheet, table, "label", name),
                    **_filled(SECTOR_COLOURS[sector]),
                    "gap": 35,
                }
            )
    line = book.add_chart({"type": "line"})
    line.add_series(
        {
            "name": "Cumulative share (right axis)",
            **points(sheet, table, "label", "cumulative_share"),
            "y2_axis": True,
            "line": {"color": LINE_COLOUR, "width": 1.75},
            "data_labels": {
                "value": True,
                "num_format": "0.0 %",
                "position": "above",
                "font": {"bold": True, "size": 10},
                "fill": {"color": "#FFFFFF"},
                "custom": [{"delete": True}] * (len(table) - 1),  # only the last point says its share
            },
            "marker": {
                "type": "circle",
                "size": 5,
                "fill": {"color": "#FFFFFF"},
                "border": {"color": LINE_COLOUR},
            },
        }
    )
    bars.combine(line)
    dress(bars, title, f"The {len(table)} largest units, by rank", f"{column('lifetime_kg').label} [kg]")
    bars.set_x_axis({**axis(f"The {len(table)} largest units, by rank"), "num_font": {"size": 9, "rotation": -45}})
    line.set_y2_axis(
        {
            **axis("Cumulative share [%]"),
            "min": 0,
            "max": 1,
            "major_unit": 0.25,
            "num_format": "0 %",
            "major_gridlines": {"visible": False},
        }
    )
    return bars


def trajectory_chart(book: Any, sheet: str, table: pd.DataFrame, sectors: Sequence[str], title: str, past: str) -> Any:
    """Return emissions to air by year, the sectors and units past their lifetime stacked.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    sheet : str
        Sheet that contains the table.
    table : DataFrame
        year, ``<sector>_kg`` of each sector, past_age_kg, and percentiles of the total where there are draws.
    sectors : sequence of str
        Sectors in the order of stacking.
    title : str
        The finding.
    past : str
        Name of the series of units past their lifetime.
    """
    names = [str(name) for name in table.columns]
    at_work = np.flatnonzero(table[f"{COMBINED}_kg"])
    shown = table.iloc[: int(at_work[-1]) + 1] if at_work.size else table
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    stacked = {f"{sector}_kg": (SECTOR_WORDS[sector], _filled(SECTOR_COLOURS[sector])) for sector in sectors}
    if table["past_age_kg"].any():
        stacked["past_age_kg"] = (past, _filled(PAST_COLOUR))
    for values, (name, filled) in stacked.items():
        chart.add_series({"name": name, **points(sheet, shown, "year", values), **filled, "gap": 20})
    drawn = [name for name in names if name.endswith(("_p05", "_p95"))]
    if drawn:
        lines = book.add_chart({"type": "line"})
        for name, dash in zip(drawn, ("round_dot", "dash"), strict=True):
            lines.add_series(
                {
                    "name": f"Total: {STATISTICS[name.rpartition('_')[2]].lower()}",
                    **points(sheet, shown, "year", name),
                    "line": {"color": LINE_COLOUR, "width": 1.5, "dash_type": dash},
                }
            )
        chart.combine(lines)
    dress(chart, title, "Year", "Emissions to air [kg/yr]")
    chart.set_x_axis({**axis("Year"), "interval_unit": 5, "interval_tick": 5, "num_font": {"size": 9}})
    return chart


def concentration_chart(book: Any, sheet: str, table: pd.DataFrame, title: str) -> Any:
    """Return the share of remaining-lifetime emissions of the largest units, for all sizes of the group.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook.
    sheet : str
        Sheet that contains the table.
    table : DataFrame
        units, and a column of shares for each sector, and for all units together where they are one list.
    title : str
        The finding.
    """
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for name in map(str, table.columns[1:]):
        sector = name.removesuffix("_share")
        chart.add_series(
            {
                "name": SECTOR_WORDS[sector],
                **points(sheet, table.iloc[: int(table[name].notna().sum())], "units", name),
                "line": {
                    "color": SECTOR_COLOURS.get(sector, LINE_COLOUR),
                    "width": 2.25,
                    "dash_type": "solid" if sector in SECTOR_COLOURS else "dash",
                },
            }
        )
    dress(chart, title, "Number of largest units", "Share of remaining-lifetime emissions [%]")
    chart.set_x_axis({**axis("Number of largest units"), "min": 0, "num_format": "#,##0"})
    share_axis = axis("Share of remaining-lifetime emissions [%]", grid=True)
    chart.set_y_axis({**share_axis, "min": 0, "max": 1, "major_unit": 0.25, "num_format": "0 %"})
    return chart


def insert(sheet: Any, row: int, column: int, chart: Any, alt_text: str) -> None:
    """Put a chart on a sheet with a text for those who cannot see it.

    Parameters
    ----------
    sheet : Worksheet
        The sheet.
    row, column : int
        Cell of the upper left corner, from 0.
    chart : Chart
        The chart.
    alt_text : str
        What the chart says, at most 150 characters.
    """
    sheet.insert_chart(row, column, chart, {"description": alt_text[:ALT_LENGTH], "object_position": 3})


def dress(chart: Any, title: str, x_title: str, y_title: str) -> None:
    """Give a chart its title, which is what it finds, titles of its axes, and the look of all charts."""
    chart.set_title({"name": title, "name_font": TITLE_FONT, "overlay": False})
    chart.set_x_axis(axis(x_title))
    chart.set_y_axis({**axis(y_title, grid=True), "num_format": "#,##0", "min": 0})
    chart.set_legend({"position": "bottom", "font": {"size": 10}})
    chart.set_size(SIZE)
    chart.set_chartarea({"border": {"color": GRID}})


def axis(title: str, *, grid: bool = False) -> dict[str, Any]:
    """Return how an axis looks."""
    return {
        "name": title,
        "name_font": AXIS_FONT,
        "num_font": {"size": 9},
        "line": {"color": "#7F7F7F"},
        "major_gridlines": {"visible": grid, "line": {"color": GRID, "width": 0.75}},
    }


def points(sheet: str, table: pd.DataFrame, across: str, up: str) -> dict[str, Any]:
    """Return the cells of two columns as the points of a series, and their values for programs that do not look.

    The table may be a part of that of the sheet, whose rows are numbered from 0.
    """
    first = HEADER_ROWS + int(table.index[0]) if len(table) else HEADER_ROWS
    points: dict[str, Any] = {}
    for kind, name in (("categories", across), ("values", up)):
        column_values, column = table[name], table.columns.get_loc(name)
        points[kind] = [sheet, first, column, first + len(table) - 1, column]
        points[f"{kind}_data"] = [
            value if known else None for value, known in zip(column_values, column_values.notna(), strict=True)
        ]
    return points


def _filled(colour: str) -> dict[str, Any]:
    """Return how columns of a colour look."""
    return {"fill": {"color": colour}, "border": {"color": "#FFFFFF", "width": 0.5}}
