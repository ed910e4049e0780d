"""docs/compliance.svg: the rate of two units that are known to comply with a limit, with that knowledge and without."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from hginventory import fleet_from_frame
from hginventory.ensemble import LimitCut
from hginventory.uncertainty import project_complying

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 470, 320, 60, 62, 52, 24
LOW, HIGH = 0.02, 20.0  # rate over the limit
STEPS = np.linspace(0.005, 0.995, 199)
BLUE, RED = "#0072b2", "#d55e00"
FONT = 'font-family="sans-serif" font-size="11"'
LIMIT = "usa_mats_existing_not_low_rank"
CONTROLS = ("pm_control", "so2_control", "nox_control", "hg_control")
UNITS = {
    "listed": ("Listed controls may explain it", ("ESPc", "wFGD", "SCR", "none")),
    "unlisted": ("Listed controls cannot explain it", ("none", "none", "none", "none")),
}


def compliance_figure() -> str:
    """Return the picture."""
    cuts = _cuts()
    panels = [
        line for number, (name, (title, _)) in enumerate(UNITS.items()) for line in _panel(number, title, cuts[name])
    ]
    width, height = 2 * WIDTH, HEIGHT + 24
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
            "<title>Rate of a unit that is known to comply with a limit, by rank of the draw</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *panels,
            f'<text x="{LEFT}" y="{HEIGHT + 12}" {FONT} fill="#555">Two units with US bituminous coal and the limit {LIMIT}: left '
            "with precipitator, scrubber and SCR, right without any.</text>",
            "</svg>",
            "",
        ]
    )  # fmt: skip


def _cuts() -> dict[str, LimitCut]:
    rows = [
        {"unit_id": name, "plant": name, "unit": "1", "country": "USA", "status": "operating", "start_year": 2000,
         "capacity_gross": 500.0, "coal_type": "bituminous", "complies_with": LIMIT,
         **dict(zip(CONTROLS, controls, strict=True))}
        for name, (_, controls) in UNITS.items()
    ]  # fmt: skip
    found = project_complying(fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026})).cuts
    return {name: own.cut for name, own in found.items() if own.cut is not None}


def _panel(number: int, title: str, cut: LimitCut) -> Sequence[str]:
    left = number * WIDTH + LEFT
    right, foot = left + WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM

    def x(rank: float) -> float:
        return round(left + rank * (right - left), 1)

    def y(rate: float) -> float:
        share = math.log(min(max(rate, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
        return round(foot - share * (foot - TOP), 1)

    def line(rates: Iterable[float], colour: str) -> str:
        points = " ".join(f"{x(rank)},{y(rate)}" for rank, rate in zip(STEPS, rates, strict=True))
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'

    if cut.distribution is None:
        raise ValueError("the rate of the unit does not vary")
    before = cut.distribution.quantile(STEPS, 1.0 - STEPS) / cut.limit
    after = cut.after(before * cut.limit) / cut.limit
    parts = [
        f'<text x="{left}" y="24" {FONT} font-weight="bold">{title}</text>',
        f'<text x="{left}" y="39" {FONT} fill="#555">probability to comply by the listed controls alone: {100 * cut.probability:.0f} %; '
        "rate over the limit</text>",
    ]
    for step in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20):
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y(step)}" y2="{y(step)}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y(step) + 4}" {FONT} text-anchor="end">{step:g}</text>')
    for rank in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<text x="{x(rank)}" y="{foot + 16}" {FONT} text-anchor="middle">{100 * rank:.0f} %</text>')
    parts.append(f'<text x="{(left + right) / 2}" y="{foot + 34}" {FONT} text-anchor="middle">rank of the draw</text>')
    parts.append(f'<line x1="{left}" x2="{right}" y1="{y(1)}" y2="{y(1)}" stroke="#222" stroke-dasharray="4 3"/>')
    parts.append(f'<text x="{right - 4}" y="{y(1) - 5}" {FONT} text-anchor="end">limit</text>')
    parts += [line(before, RED), line(after, BLUE)]
    parts.append(f'<text x="{x(0.62)}" y="{y(14)}" {FONT} fill="{RED}" text-anchor="end">by the listed controls</text>')
    parts.append(f'<text x="{x(0.98)}" y="{y(0.12)}" {FONT} fill="{BLUE}" text-anchor="end">known to comply</text>')
    return parts
