"""Colours, sizes and type of the figures, in one place.

The colours are those of Okabe and Ito in an order tried against the three kinds of colour blindness; the first four
contrast with white by more than 3:1, the next two are fills with a dark outline.
"""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREEN, PINK, SKY, AMBER = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"
YELLOW = "#F0E442"  # of a large area only: too pale for a line or a dot
PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER)
OTHER, PALE, DARK, LAND = "#999999", "#CCCCCC", "#222222", "#E6E6E0"
WIDTH = 660  # pixels
BAR_HEIGHT = 19  # pixels a row
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
    },
    "legend": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": 400,
        "orient": "bottom",
        "columns": 3,
        "labelLimit": 230,
    },
}
