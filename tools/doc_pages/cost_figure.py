"""docs/control_costs.svg: capital of controls by capacity, from the factor tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from doc_pages.costs import CARBON, PRICES, capital, class_rows, curve_rows, form_at, published_plants, today

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 470, 330, 60, 54, 52, 82
LOW_MW, HIGH_MW = 20.0, 1500.0
STEPS = [LOW_MW * (HIGH_MW / LOW_MW) ** (number / 60) for number in range(61)]
DEVICES = {
    "wet FGD retrofit": ("wet scrubber", "#0072b2"),
    "SCR retrofit": ("SCR", "#d55e00"),
    "fabric filter (COHPAC/TOXECON baghouse) retrofit": ("fabric filter", "#009e73"),
}
BLUE = "#0072b2"
FONT = 'font-family="sans-serif" font-size="11"'
Point = tuple[float, float]


class Panel:
    """One pair of logarithmic axes."""

    def __init__(self, left: float, title: str, y_title: str, y: tuple[float, float]) -> None:
        self.left, self.y = left, y
        right, foot = left + WIDTH - LEFT - RIGHT, HEIGHT - BOTTOM
        self.right, self.foot = right, foot
        self.parts = [f'<text x="{left}" y="30" {FONT} font-weight="bold">{title}</text>',
                      f'<text x="{left}" y="45" {FONT} fill="#555">{y_title}</text>']  # fmt: skip
        for mw in (20, 50, 100, 200, 500, 1000):
            x = self.x(mw)
            self.parts.append(f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{foot}" stroke="#ddd"/>')
            self.parts.append(f'<text x="{x}" y="{foot + 16}" {FONT} text-anchor="middle">{mw}</text>')
        for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
            if y[0] <= step <= y[1]:
                at = self.of(step)
                self.parts.append(f'<line x1="{left}" x2="{right}" y1="{at}" y2="{at}" stroke="#ddd"/>')
                self.parts.append(f'<text x="{left - 6}" y="{at + 4}" {FONT} text-anchor="end">{step}</text>')
        self.parts.append(
            f'<text x="{(left + right) / 2}" y="{foot + 34}" {FONT} text-anchor="middle">capacity [MW]</text>'
        )

    def x(self, mw: float) -> float:
        """Return the place of a capacity."""
        share = math.log(mw / LOW_MW) / math.log(HIGH_MW / LOW_MW)
        return round(self.left + share * (self.right - self.left), 1)

    def of(self, usd: float) -> float:
        """Return the place of a cost."""
        low, high = self.y
        share = math.log(min(max(usd, low), high) / low) / math.log(high / low)
        return round(self.foot - share * (self.foot - TOP), 1)

    def path(self, points: Iterable[Point]) -> str:
        """Return the corners of a line."""
        return " ".join(f"{self.x(mw)},{self.of(usd)}" for mw, usd in points)

    def line(self, cost: Callable[[float], float], colour: str, dash: str = "", width: float = 2) -> None:
        """Draw a cost by capacity."""
        path = self.path((mw, cost(mw)) for mw in STEPS)
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>'
        )

    def band(self, low: Callable[[float], float], high: Callable[[float], float]) -> None:
        """Draw an area between two costs."""
        path = self.path([*((mw, low(mw)) for mw in STEPS), *((mw, high(mw)) for mw in reversed(STEPS))])
        self.parts.append(f'<polygon points="{path}" fill="{BLUE}" fill-opacity="0.13"/>')

    def dot(self, mw: float, usd: float, colour: str, label: str = "") -> None:
        """Draw a point with its name."""
        x, y = self.x(mw), self.of(usd)
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>')
        if label:
            self.note(x - 6, y + 14, label, anchor="end")

    def note(self, x: float, y: float, text: str, colour: str = "#222", anchor: str = "start") -> None:
        """Write a text."""
        self.parts.append(f'<text x="{x}" y="{y}" {FONT} fill="{colour}" text-anchor="{anchor}">{text}</text>')


def cost_figure() -> str:
    """Return the picture."""
    carbon, devices = _carbon(), _devices()
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * WIDTH}" height="{HEIGHT + 24}" '
            f'viewBox="0 0 {2 * WIDTH} {HEIGHT + 24}">',
            "<title>Capital of controls by capacity of the unit</title>",
            f'<rect width="{2 * WIDTH}" height="{HEIGHT + 24}" fill="white"/>',
            *carbon, *devices,
            f'<text x="{LEFT}" y="{HEIGHT + 12}" {FONT} fill="#555">Tables control_cost and control_cost_curve. Sources: EIA-860 '
            "2015, AEO2026, EPA CoST, Brown et al. 1999 (DOE), GAO-09-860T (364 MW assumed).</text>",
            "</svg>",
            "",
        ]
    )  # fmt: skip


def _carbon() -> Sequence[str]:
    panel = Panel(
        LEFT, "Carbon injection: small units pay most per kW", f"USD of {PRICES.terms.price_year}/kW", (1, 500)
    )
    panel.band(lambda mw: capital(CARBON, mw).low, lambda mw: capital(CARBON, mw).high)
    panel.line(lambda mw: capital(CARBON, mw).value, BLUE)
    for form in curve_rows("default"):
        if form[0].keys["technology"] == CARBON and form[0].keys["form"] == "power law":
            sd = form[0].number("spread")
            panel.line(lambda mw, form=form, sd=sd: form_at(form, mw) / math.exp(sd**2 / 2), BLUE, "4 3", 1.2)
    flat = next(iter(class_rows(CARBON)))
    panel.line(lambda mw: today(flat.number(), flat.keys["currency_year"]), "#888", "2 3", 1.2)
    names = {"ACI+ESP (1A)": "DOE", "ACI+ESP (2A)": "DOE", "sorbent injection, commercial": "GAO"}
    for name, mw, million in published_plants():
        if name in names:
            panel.dot(mw, million * 1e3 / mw, "#d55e00", names[name])
    for number, (text, colour) in enumerate(
        (("line: mean; area: 5 to 95 % of one unit", BLUE), ("dashed: median of the power law", BLUE),
         ("dotted: one price for all sizes (AEO2026)", "#888"), ("dots: published plants", "#d55e00"))
    ):  # fmt: skip
        panel.note(panel.x(75), TOP + 14 + 14 * number, text, colour)
    return panel.parts


def _devices() -> Sequence[str]:
    title = "Large devices: curves through size classes"
    panel = Panel(WIDTH + LEFT, title, f"USD of {PRICES.terms.price_year}/kW", (80, 6000))
    dashes = {"EPA CoST": "6 3", "reported, EIA-860": "2 3"}
    for item, (name, colour) in DEVICES.items():
        panel.line(lambda mw, item=item: capital(item, mw).value, colour)
        panel.note(panel.right + 4, panel.of(capital(item, HIGH_MW).value) + 4, name, colour)
        middles = (60.0, 200.0, 400.0, 600.0, 850.0)
        for mw, row in zip(
            middles, sorted(class_rows(item), key=lambda row: float(row.keys["mw_from"] or 0)), strict=True
        ):
            panel.dot(mw, row.number(), colour)
        for form in curve_rows("evidence"):
            if form[0].keys["technology"] == item:
                panel.line(lambda mw, form=form: form_at(form, mw), colour, dashes[form[0].keys["form"]], 1.2)
    for number, text in enumerate(("line: used, through the classes of AEO2026 (dots)", "dashed: EPA CoST",
                                   "dotted: mean of reported costs, EIA-860")):  # fmt: skip
        panel.note(panel.x(40), TOP + 14 + 14 * number, text)
    return panel.parts
