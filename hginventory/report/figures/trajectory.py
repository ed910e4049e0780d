"""Emission by year: the largest plants, the others, units past their lifetime, and the interval of the total."""

from __future__ import annotations

from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.ranking import COMBINED
from hginventory.projection import has_unknown_life
from hginventory.report.figures.data import FigureData, RankedList
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, THIS_PLANT, nearest, outlined
from hginventory.report.figures.style import AMBER, DARK, PALE, WIDTH, YELLOW, broken
from hginventory.report.text import NOISE, Words, half_year

SLIGHT = 0.05  # share of the named plants below which they are one band
NAMED_PLANTS = 10
HEIGHT = 360  # pixels
THICK = 6.0  # of a band that has its number in it [pixels]
# Dark and light in turn, so that neighbours stand out; the number is in the band, the name in the legend.
BANDS = ("#08306B", "#6BAED6", "#00594C", "#9FD8C4", "#54278F", "#BCBDDC", "#2171B5", "#C6DBEF", "#238B6E", "#D9F0E8")
PALE_BANDS = frozenset(BANDS[1::2])  # on which dark text is read


def trajectory(figure_data: FigureData) -> Figure:
    """Return emissions to air by year: largest plants, others, units past their lifetime, and the band of the total.

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
    ended = [_Group(label, annual - total, AMBER)] if past else []
    columns = {f"group{n}": group.kg for n, group in enumerate(groups)}
    columns |= {"past_age_kg": annual - total} if past else {}
    table = pd.DataFrame({"year": years, **columns, "air_kg": annual})
    stacked = pd.concat(
        [
            pd.DataFrame({"year": years, "group": group.name, "plant": group.plant, "order": n, "kg": group.kg})
            for n, group in enumerate([*ended, *groups], start=-len(ended))  # those that end lie on top
        ],
        ignore_index=True,
    )
    data = {"table": table, "stacked": stacked, "numbers": _numbers(groups, years, _highest(figure_data, annual))}
    tooltip = ["year", *columns, "air_kg"]
    if figure_data.sure is not None:
        drawn = figure_data.sure.trajectory
        name = COMBINED if COMBINED in set(drawn["sector"]) else drawn["sector"].iloc[0]
        band = drawn[drawn["sector"] == name][["year", "air_kg_p05", "air_kg_p95"]].reset_index(drop=True)
        table = data["table"] = table.merge(band, on="year", how="left")
        tooltip += ["air_kg_p05", "air_kg_p95"]
    finding = _finding(figure_data, years, total)
    return Figure(
        "trajectory",
        finding,
        words("Emissions to air [kg per year], no new units; numbered: plants with most remaining-lifetime emissions")
        + (words("; dashed lines: 5 and 95 % of the draws") if figure_data.sure is not None else ""),
        _alt(figure_data, years, total, past),
        _chart(figure_data, [*groups, *ended], tooltip),
        table,
        words,
        data=data,
        heads={f"group{n}": f"{group.name} [kg]" for n, group in enumerate(groups)},
        note=_note(figure_data, int(years[0]), past),
    )  # fmt: skip


class _Group(NamedTuple):
    """What is stacked as one band: name, yearly amounts [kg], colour; the plant where it is one."""

    name: str
    kg: np.ndarray
    colour: str
    plant: str = ""


def _groups(figure_data: FigureData) -> list[_Group]:
    """Return what is stacked: the plants of the first list, then each other list as a whole."""
    projection = figure_data.run.projection
    first_list, *others = figure_data.lists
    yearly, *sums = (
        projection.yearly_kg[projection.units.index.get_indexer(pd.Index(one.ranked["unit_id"]))]
        for one in figure_data.lists
    )
    groups = _plants_of(first_list, yearly, figure_data.words)
    return groups + [
        _Group(one.heading, amounts.sum(axis=0), YELLOW) for one, amounts in zip(others, sums, strict=True)
    ]


def _plants_of(of_list: RankedList, yearly: np.ndarray, words: Words) -> list[_Group]:
    """Return the largest plants of a list one by one, or as one where they are slight, and the others as one.

    Yearly amounts have shape (N, Y), units in the order of the ranking.
    """
    plants = of_list.ranked["plant"].where(of_list.ranked["plant"].notna(), of_list.ranked["unit_id"]).astype(str)
    sums = pd.DataFrame(yearly).groupby(plants.to_numpy(), sort=False).sum()
    sums = sums.loc[sums.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    kg, count = sums.to_numpy(dtype=np.float64), min(NAMED_PLANTS, len(sums))
    total, largest = float(kg.sum()), float(kg[:count].sum())
    if len(sums) > count and largest < SLIGHT * total:
        groups = [_Group(words("the {n} largest plants", n=words.number(count)), kg[:count].sum(axis=0), BANDS[0])]
    else:
        groups = [
            _Group(f"{number}  {name}", kg[number - 1], BANDS[number - 1], str(name))
            for number, name in enumerate(sums.index[:count], start=1)
        ]
    if len(sums) > count or not groups:
        n = len(sums) - count
        name = words("1 other plant") if n == 1 else words("{n} other plants", n=words.number(n))
        groups.append(_Group(name, kg[count:].sum(axis=0), PALE))
    return groups


def _numbers(groups: list[_Group], years: np.ndarray, most: float) -> pd.DataFrame:
    """Return where the numbers of plants are written: in their bands, those of neighbours in different years."""
    rows, step = [], max(len(years) // 16, 1)
    ground = np.zeros(len(years))
    for number, group in reversed(list(enumerate(groups, start=1))):
        ground = ground + group.kg
        index = min((1 + number % 3) * step, len(years) - 1)
        if group.plant and most > 0 and group.kg[index] / most * HEIGHT >= THICK:
            middle = float(ground[index] - group.kg[index] / 2)
            rows.append([years[index], middle, str(number), group.colour in PALE_BANDS])
    return pd.DataFrame(rows, columns=["year", "kg", "number", "pale"])


def _highest(figure_data: FigureData, annual: np.ndarray) -> float:
    """Return the top of the axis [kg]: of the draws where there are any."""
    drawn = 0.0 if figure_data.sure is None else float(figure_data.sure.trajectory["air_kg_p95"].max())
    return max(float(annual.max()), drawn)


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


def _chart(figure_data: FigureData, groups: list[_Group], tooltip: list[str]) -> Any:
    words, named = figure_data.words, [group.name for group in groups]
    x = alt.X("year:Q", title="", axis=alt.Axis(format="d", grid=False), scale=alt.Scale(nice=False))
    # The others lie at the bottom, so that the largest stand out on top of an even ground.
    area = (
        alt.Chart(alt.NamedData("stacked"))
        .mark_area(strokeWidth=0.6)
        .encode(
            x=x,
            y=alt.Y("kg:Q", stack="zero", title=words("kg per year"), axis=alt.Axis(tickCount=6)),
            color=alt.Color("group:N", title="", sort=named,
                            scale=alt.Scale(domain=named, range=[group.colour for group in groups]),
                            legend=alt.Legend(labelExpr=broken(32))),
            order=alt.Order("order:Q", sort="descending"),
            detail=alt.Detail("plant:N"),
            **outlined("white", 0.6, f"{THIS_PLANT} && datum.plant !== ''"),
        )
    )  # fmt: skip
    table, numbers = alt.Chart(alt.NamedData("table")), alt.Chart(alt.NamedData("numbers"))
    texts = [
        numbers.transform_filter("datum.pale" if pale else "!datum.pale")
        .mark_text(fontSize=11, fontWeight="bold", color=DARK if pale else "white")
        .encode(x=x, y=alt.Y("kg:Q"), text=alt.Text("number:N"))
        for pale in (True, False)
    ]
    bounds = [
        table.mark_line(color=DARK, strokeDash=[5, 4], strokeWidth=1.2).encode(x=x, y=alt.Y(f"{name}:Q"))
        for name in tooltip
        if name.startswith("air_kg_p")
    ]
    values = [alt.Tooltip("year:Q", format="d"), *(alt.Tooltip(f"{name}:Q", format=AMOUNT) for name in tooltip[1:])]
    return alt.layer(area, *texts, *bounds, nearest(table, values, x)).properties(width=WIDTH, height=HEIGHT)
