"""docs/measured_plant.svg and a table of docs/measuring.md: a plant of four units, one of them tested."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import pandas as pd

from doc_pages.markdown import table
from hginventory.decisions.ranking import certainty
from hginventory.factors import OriginSpreads, log_sd_of
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet

UNITS = pd.DataFrame({
    "unit_id": ["A1", "A2", "A3", "A4", "B1"], "plant": ["A", "A", "A", "A", "B"], "unit": ["1", "2", "3", "4", "1"],
    "country": "IDN", "status": "operating", "capacity_gross": 600, "start_year": 2015, "capacity_factor": 0.64,
    "coal_type": "subbituminous", "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
    "hg_control": "none",
})  # fmt: skip
TEST = {"unit_id": "A1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_per_heat", "value": 8.0,
        "unit": "g/TJ", "uncertainty": 0.2, "uncertainty_kind": "rsd"}  # fmt: skip
PART = {"A1": "tested", "A2": "same plant", "A3": "same plant", "A4": "same plant", "B1": "another plant"}
DRAWS, SEED, Z_90 = 20_000, 1, 1.6448536269514722
WIDTH, LEFT, RIGHT, TOP, STEP = 760, 150, 30, 62, 46
GREY, BLUE, RED = "#888888", "#0072b2", "#d55e00"
FONT = 'font-family="sans-serif" font-size="12"'


@dataclass(frozen=True)
class Range:
    """Mean and 90 % interval [kg/yr]."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.1f} ({self.low:.0f} to {self.high:.0f})"


@dataclass(frozen=True)
class Hand:
    """The calculation by hand: variances of the logarithm, weight, and the factors on the means."""

    before: float
    error: float
    weight: float
    expected: float
    tested: float
    mate: float
    shared: float


@cache
def _runs() -> tuple[Projection, Projection]:
    tables = {"Coal_units": UNITS}
    with_test = {**tables, "Measurements": pd.DataFrame([TEST])}
    before, after = (project_fleet(fleet_from_tables(one), base_year=2024) for one in (tables, with_test))
    return before, after


def _drawn(projection: Projection) -> dict[str, Range]:
    """Return mean and interval of a full year of each unit, as the program has them."""
    sure = certainty(projection, draws=DRAWS, seed=SEED).units
    mean = projection.units["air_kg_per_yr"]
    return {unit: Range(float(mean[unit]), float(sure.loc[unit, "air_kg_per_yr_p05"]),
                        float(sure.loc[unit, "air_kg_per_yr_p95"])) for unit in PART}  # fmt: skip


@cache
def by_hand() -> Hand:
    """Return the calculation by hand, from the spreads of the factor tables."""
    before, _ = _runs()
    spreads = OriginSpreads(before.library)
    content, removal = (before.parameters[name].of_unit(0) for name in ("hg_coal", "removal"))
    passing = 1.0 - removal.value
    of_both = (content.spread, 1.0), (removal.spread, passing)
    variance = math.fsum(log_sd_of(spread, scale) ** 2 for spread, scale in of_both if spread is not None)
    year, heat = spreads.rule("stack_year", "measured").size, math.log1p(0.05**2)
    error = math.log1p(0.2**2) + year**2 + heat
    weight = variance / (variance + error)
    unit = before.units.loc["A1"]
    expected = float(unit["air_kg_per_yr"] * 1e6 / (unit["coal_t_per_yr"] * unit["calorific_value_mj_per_kg"]))
    shared = dict(spreads.rule("stack_residual", "coal_power").scopes)["plant"]
    ratio = float(str(TEST["value"])) / expected
    mate = ratio ** (shared * weight) * math.exp(shared * (1.0 - shared) * weight * variance / 2.0)
    return Hand(variance, error, weight, expected, ratio**weight, mate, shared)


def _rest(part: str) -> float:
    """Return the variance of activity, efficiency and heating value, 5 % each, and of one year: of the coal or stack."""
    row = ("stack_year", "measured") if part == "tested" else ("year", "base_year")
    year = OriginSpreads(_runs()[0].library).rule(*row).size
    return 3.0 * math.log1p(0.05**2) + year**2


def _ranges_by_hand() -> dict[str, Range]:
    hand, (before, _) = by_hand(), _runs()
    tested = hand.tested, (1.0 - hand.weight) * hand.before
    mate = hand.mate, (1.0 - hand.shared**2 * hand.weight) * hand.before
    found = {}
    for unit, part in PART.items():
        ratio, variance = {"tested": tested, "same plant": mate}.get(part, (1.0, hand.before))
        mean, sd = float(before.units.loc[unit, "air_kg_per_yr"]) * ratio, math.sqrt(variance + _rest(part))
        low, high = (mean * math.exp(-(sd**2) / 2.0 + z * sd) for z in (-Z_90, Z_90))
        found[unit] = Range(mean, low, high)
    return found


def measured_plant_table() -> str:
    """Return the calculation by hand with its numbers, and the table of hand and program."""
    hand, (before, after) = by_hand(), _runs()
    lines = [
        f"- Before: variance of the logarithm v = {hand.before:.3f} (content and share not removed), expected "
        f"{hand.expected:.2f} g/TJ; measured {TEST['value']:.1f} g/TJ with 20 % as standard deviation.",
        f"- Error: t = 0.198² + 0.40² + 0.05² = {hand.error:.3f} (test, year, heating value), so "
        f"K = v / (v + t) = {hand.weight:.3f}.",
        f"- Tested unit: ({TEST['value']:.1f} / {hand.expected:.2f})^{hand.weight:.3f} = {hand.tested:.3f} times the mean "
        f"before, variance (1 - K) v = {(1 - hand.weight) * hand.before:.3f}.",
        f"- Other units of the plant: on the logarithm {hand.shared:.2f} of the movement. Their mean is multiplied by "
        f"({TEST['value']:.1f} / {hand.expected:.2f})^({hand.shared:.2f} x {hand.weight:.3f}) x "
        f"exp({hand.shared:.2f} x {1 - hand.shared:.2f} x K v / 2) = {hand.mate:.3f}, variance "
        f"(1 - {hand.shared:.2f}² K) v = {(1 - hand.shared**2 * hand.weight) * hand.before:.3f}.",
        "",
    ]
    columns = _drawn(before), _ranges_by_hand(), _drawn(after)
    rows = [(f"{unit}, {part}", *(str(one[unit]) for one in columns)) for unit, part in PART.items()]
    heads = ("unit", "before, program", "after, by hand", "after, program")
    return "\n".join([*lines, table(heads, rows)])


def measured_plant_figure() -> str:
    """Return the picture: mean and interval of each unit before and after, and those by hand."""
    before, after = (_drawn(one) for one in _runs())
    hand = _ranges_by_hand()
    most = 1.08 * max(one.high for one in (*before.values(), *after.values(), *hand.values()))
    height = TOP + STEP * len(PART) + 64
    tested, mate = (after[unit].mean / before[unit].mean - 1.0 for unit in ("A1", "A2"))

    def x(kg: float) -> float:
        return round(LEFT + kg / most * (WIDTH - LEFT - RIGHT), 1)

    foot = TOP + STEP * len(PART)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
        "<title>Emissions of a plant of four units before and after a stack test at one of them</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="16" y="24" {FONT} font-weight="bold">A stack test at A1 changes its mean by {tested:+.0%}, that of '
        f"the other units of the plant by {mate:+.0%}</text>",
        f'<text x="16" y="42" {FONT} fill="#555">mercury to air in a full year [kg], mean and 90 % interval</text>',
    ]
    for kg in range(0, int(most), 100):
        parts.append(f'<line x1="{x(kg)}" x2="{x(kg)}" y1="{TOP - 8}" y2="{foot}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x(kg)}" y="{foot + 16}" {FONT} text-anchor="middle">{kg}</text>')
    for number, (unit, part) in enumerate(PART.items()):
        middle = TOP + STEP * number + STEP / 2 - 6
        parts.append(f'<text x="16" y="{middle + 4}" {FONT}>{unit}, {part}</text>')
        for one, y, colour in ((before[unit], middle - 9, GREY), (after[unit], middle + 5, BLUE)):
            parts.append(
                f'<line x1="{x(one.low)}" x2="{x(one.high)}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="4"/>'
            )
            parts.append(f'<circle cx="{x(one.mean)}" cy="{y}" r="5" fill="{colour}"/>')
        own = hand[unit]
        for kg in (own.low, own.mean, own.high):
            parts.append(
                f'<line x1="{x(kg)}" x2="{x(kg)}" y1="{middle - 2}" y2="{middle + 12}" stroke="{RED}" stroke-width="1.6"/>'
            )
    names = ((GREY, "before, program"), (BLUE, "after, program"), (RED, "after, by hand (strokes)"))
    parts += [f'<text x="{LEFT + 170 * number}" y="{foot + 42}" {FONT} fill="{colour}">{name}</text>'
              for number, (colour, name) in enumerate(names)]  # fmt: skip
    return "\n".join([*parts, "</svg>", ""])
