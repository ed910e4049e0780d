"""Colours, sizes and type of the figures, in one place.

The colours are those of Okabe and Ito in an order tried against the three kinds of colour blindness; the first four
contrast with white by more than 3:1, the next two are fills with a dark outline.
"""

from __future__ import annotations

from typing import Any

import altair as alt

BLUE, ORANGE, GREEN, PINK, SKY, AMBER = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
YELLOW = "#F0E442"  # of a large area only: too pale for a line or a dot
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER)
OTHER, PALE, DARK, LAND = "#999999", "#CCCCCC", "#222222", "#E6E6E0"
WIDTH = 660  # pixels
BAR_HEIGHT = 19  # pixels a row
LINE = 12  # pixels between the lines of a broken label
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
CONFIG: dict[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "group",
        "fontSize": 15,
        "fontWeight": 600,
        "color": DARK,
        "subtitleColor": "#555555",
        "subtitleFontSize": 12,
        "subtitlePadding": 4,
        "offset": 12,
    },
    "axis": {
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titleFontWeight": 400,
        "labelColor": "#333333",
        "titleColor": "#333333",
        "gridColor": "#E8E8E8",
        "domainColor": "#888888",
        "tickColor": "#888888",
        "labelLimit": 230,
        "labelSeparation": 8,  # pixels; labels that are nearer to each other are left out
    },
    "axisYDiscrete": {"labelPadding": 6},  # a name and the number in it stay apart from the bar
    "legend": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": 400,
        "orient": "bottom",
        "columns": 3,
        "labelLimit": 230,
    },
}


def broken(width: int) -> str:
    r"""Return the Vega expression that breaks a label into lines of at most so many characters, between words.

    >>> broken(20)
    "split(trim(replace(datum.label, regexp('(.{1,20})( +|$)', 'g'), '$1\\n')), '\\n')"
    """
    return rf"split(trim(replace(datum.label, regexp('(.{{1,{width}}})( +|$)', 'g'), '$1\n')), '\n')"


def broken_rows(width: int) -> dict[str, Any]:
    """Return the settings of an axis of names that breaks them like `broken`, each in the middle of its row."""
    lines = broken(width)
    return {"labelExpr": lines, "labelOffset": alt.ExprRef(f"-{LINE / 2:g} * (length({lines}) - 1)")}
