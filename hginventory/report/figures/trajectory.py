"""Emission by year: the largest units, the others, those past their lifetime, and the interval of the total."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.ranking import COMBINED
from hginventory.projection import has_unknown_life
from hginventory.report.figures.data import FigureData, RankedList
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.style import AMBER, DARK, OTHER, PALE, PALETTE, WIDTH, YELLOW
from hginventory.report.text import NOISE, Words, half_year

SLIGHT = 0.05  # share of the named units below which they could not be seen
NAMED_UNITS = 5  # as many as there are colours that stand out


def trajectory(figure_data: FigureData) -> Figure:
    """Return emissions to air by year: largest units, others and units past their lifetime, with the band of the total.

    The first year is the base year. The heading is about units within their lifetime, in all years.
    """
    words, projection = figure_data.words, figure_data.run.projection
    years, yearly = projection.years, projection.yearly_kg
    groups = _groups(figure_data)
    total, annual = yearly.sum(axis=0), projection.annual_kg.sum(axis=0)
    past = float(projection.past_age_kg.sum())
    label = (
        words("past their lifetime or without start year, {base} only", base=int(years[0]))
        if has_unknown_life(projection.units)
        else words("past their lifetime, {base} only", base=int(years[0]))
    )
    ended = [(label, annual - total)] if past else []
    columns = {f"group{n}": kg for n, (_, kg) in enumerate(groups)}
    columns |= {"past_age_kg": annual - total} if past else {}
    table = pd.DataFrame({"year": years, **columns, "air_kg": annual})
    stacked = pd.concat(
        [
            pd.DataFrame({"year": years, "group": name, "order": n, "kg": kg})
            for n, (name, kg) in enumerate([*ended, *groups], start=-len(ended))  # those that end lie on top
        ],
        ignore_index=True,
    )
    stacked = stacked.assign(t=stacked["kg"] / 1000.0)
    data = {"stacked": stacked}
    if figure_data.sure is not None:
        drawn = figure_data.sure.trajectory
        name = COMBINED if COMBINED in set(drawn["sector"]) else drawn["sector"].iloc[0]
        band = drawn[drawn["sector"] == name][["year", "air_kg_p05", "air_kg_p95"]].reset_index(drop=True)
        table = table.merge(band, on="year", how="left")
        data["band"] = band
    finding = _finding(figure_data, years, total)
    return Figure(
        "trajectory",
        finding,
        words("Emissions to air [kg per year] without new units; dashed lines: 5 and 95 % of the draws"),
        _alt(figure_data, years, total, past),
        _chart(figure_data, [name for name, _ in groups], [name for name, _ in ended], len(figure_data.lists) - 1),
        table,
        words,
        data=data,
        heads={f"group{n}": f"{name} [kg]" for n, (name, _) in enumerate(groups)},
        note=_note(figure_data, int(years[0]), past),
    )  # fmt: skip


def _groups(figure_data: FigureData) -> list[tuple[str, np.ndarray]]:
    """Return names and yearly amounts of what is stacked: the units of the first list, then each other list as a whole.

    The largest units are stacked one by one, or by tens where they are slight.
    """
    projection = figure_data.run.projection
    first_list, *others = figure_data.lists
    yearly, *sums = (
        projection.yearly_kg[projection.units.index.get_indexer(pd.Index(one.ranked["unit_id"]))]
        for one in figure_data.lists
    )
    groups = _units_of(first_list, yearly, figure_data.words)
    return groups + [(one.heading, amounts.sum(axis=0)) for one, amounts in zip(others, sums, strict=True)]


def _units_of(of_list: RankedList, yearly: np.ndarray, words: Words) -> list[tuple[str, np.ndarray]]:
    """Return names and yearly amounts of the units of a list, in the order of its ranking; yearly of shape (N, Y)."""
    count = len(yearly)
    if float(of_list.ranked["share"].head(of_list.top).sum()) < SLIGHT:
        bounds = [0, *(10**power for power in range(1, 6) if 10**power < count)][: len(PALETTE)]
        groups: list[tuple[str, np.ndarray]] = []
    else:
        named = min(NAMED_UNITS, count)
        names = of_list.ranked["label"]
        groups = [(f"{index + 1}  {names.iloc[index]}", yearly[index]) for index in range(named)]
        bounds = [named, *([of_list.top] if named < of_list.top < count else [])]
    for first, last in pairwise(bounds):
        name = words("ranks {first} to {last}", first=words.number(first + 1), last=words.number(last))
        groups.append((name, yearly[first:last].sum(axis=0)))
    if bounds[-1] < count or not groups:
        name = words("{n} others", n=words.number(count - bounds[-1]))
        groups.append((name, yearly[bounds[-1] :].sum(axis=0)))
    return groups


def _finding(figure_data: FigureData, years: np.ndarray, total: np.ndarray) -> str:
    words, half = figure_data.words, half_year(years.tolist(), total.tolist())
    if not total.any() and has_unknown_life(figure_data.run.units):
        return words("Remaining-lifetime emissions are unknown: start years are missing")
    if not total.any():
        return words("No unit has remaining-lifetime emissions under this rule")
    peak = int(total.argmax())
    if half is None:
        return words("Emissions of units within their lifetime peak in {peak}", peak=int(years[peak]))
    if total[peak] > total[0] * NOISE:
        return words(
            "Emissions of units within their lifetime peak in {peak} and fall to half of {base} by {half}",
            peak=int(years[peak]), base=int(years[0]), half=half,
        )  # fmt: skip
    return words(
        "Emissions of units within their lifetime fall to half of {base} by {half}", base=int(years[0]), half=half
    )


def _alt(figure_data: FigureData, years: np.ndarray, total: np.ndarray, past: float) -> str:
    words, half = figure_data.words, half_year(years.tolist(), total.tolist())
    base, last = int(years[0]), _last_year(years, total)
    more = words(" Past it: {kg} kg in {base}.", kg=words.number(past), base=base) if past else ""
    if half is None:
        return words(
            "Emissions of units within their lifetime: zero in {base} and after {last}.", base=base, last=last
        ) + more  # fmt: skip
    return words(
        "Emissions of units within their lifetime: {now} kg in {base}, below half in {half}, zero after {last}.",
        now=words.number(float(total[0])), base=base, half=half, last=last,
    ) + more  # fmt: skip


def _note(figure_data: FigureData, base: int, past: float) -> str:
    words, rule = figure_data.words, figure_data.rule()
    if not past:
        return words("Rule: {rule}.", rule=rule)
    if has_unknown_life(figure_data.run.units):
        return words(
            "Rule: {rule}. Units past their lifetime and kilns without a start year emit {kg} kg in {base}. The "
            "rule closes units past their lifetime; no measure does. The remaining lifetime of these kilns is unknown.",
            rule=rule, kg=words.number(past), base=base,
        )  # fmt: skip
    return words(
        "Rule: {rule}. Units past their lifetime emit {kg} kg in {base}. The rule closes them after {base}, no "
        "measure does.",
        rule=rule, kg=words.number(past), base=base,
    )  # fmt: skip


def _last_year(years: np.ndarray, total: np.ndarray) -> int:
    emitting = np.flatnonzero(total > 0)
    return int(years[emitting[-1]]) if emitting.size else int(years[0])


def _chart(figure_data: FigureData, groups: list[str], ended: list[str], whole: int) -> Any:
    """Return the chart; ``whole`` of the groups, the last, are lists as a whole."""
    words, units = figure_data.words, len(groups) - whole
    rest = max(units - NAMED_UNITS, 1)
    colours = [*PALETTE[: units - rest], *(PALE, OTHER)[-rest:], *[YELLOW] * whole, *[AMBER] * len(ended)]
    named = [*groups, *ended]
    x = alt.X("year:Q", title="", axis=alt.Axis(format="d", grid=False), scale=alt.Scale(nice=False))
    # The others lie at the bottom, so that the largest stand out on top of an even ground.
    area = (
        alt.Chart(alt.NamedData("stacked"))
        .mark_area(stroke="white", strokeWidth=0.4)
        .encode(
            x=x,
            y=alt.Y("kg:Q", stack="zero", title=words("kg per year"), axis=alt.Axis(tickCount=6)),
            color=alt.Color("group:N", scale=alt.Scale(domain=named, range=colours), title="", sort=named),
            order=alt.Order("order:Q", sort="descending"),
            tooltip=["year:Q", "group:N", alt.Tooltip("kg:Q", format=",.0f")],
        )
    )
    layers: list[alt.Chart] = [area]
    if figure_data.sure is not None:
        for level in ("p05", "p95"):
            layers.append(
                alt.Chart(alt.NamedData("band"))
                .mark_line(color=DARK, strokeDash=[5, 4], strokeWidth=1.2)
                .encode(x=x, y=f"air_kg_{level}:Q")
            )
    return alt.layer(*layers).properties(width=WIDTH, height=300)
