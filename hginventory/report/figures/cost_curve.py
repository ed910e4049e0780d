"""What the next kilogram costs: the marginal abatement cost curve, from the least-cost frontier of a plan."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, THIS_UNIT, nearest
from hginventory.report.figures.style import BLUE, ORANGE, WIDTH
from hginventory.report.text import Words

SHOWN = 300  # steps drawn; where there are more, neighbours are drawn as one, at their mean cost
WIDE = 30.0  # ratio of costs from which on the axis is logarithmic
DEAR = 100.0  # steps that cost more than so many times that of the middle are told, not drawn
MARKS = (1.0, 2.0, 5.0)  # of a decade of a logarithmic axis
PLAIN = ",~f"  # 2,000 and 0.5, where ",~g" writes 2e+3


def cost_curve(
    frontier: pd.DataFrame, words: Words, year: int | None = None, *, dearer: tuple[int, float] = (0, 0.0)
) -> Figure | None:
    """Return the cost of the next kg against what is avoided, a step a unit and option; None without a step.

    Parameters
    ----------
    frontier : DataFrame
        ``Plan.frontier``: avoided_kg, avoided_share, cost_of_next_kg (npv_per_target_kg with a year), unit_id, plant,
        option, currency, price_year.
    words : Words
        Language.
    year : int, optional
        The year whose mercury is counted; default: mercury to the end of life.
    dearer : tuple of int and float, optional
        Number of steps left out of the frontier, and the price above which they are [money/kg].
    """
    steps = _steps(frontier, year)
    if steps.empty:
        return None
    half = steps[steps["avoided_kg"] >= 0.5 * steps["avoided_kg"].iloc[-1]].iloc[0]
    drawn = steps["money"] <= DEAR * abs(half["money"])
    table = _merged(steps[drawn])
    currency = f"{steps['currency'].iloc[0]} {steps['price_year'].iloc[0]}"
    parts = {"kg": words.number(half["avoided_kg"]), "money": words.number(_rounded(half["money"])),
             "currency": currency, "share": words.percent(half["avoided_share"]), "year": year}  # fmt: skip
    keep = ["avoided_kg", "avoided_share", "money", "unit_id", "plant", "option"]
    title, subtitle, head = _texts(year, words, parts)
    return Figure(
        "cost_curve",
        title,
        subtitle,
        words("Cost curve of {n} steps: up to {kg} kg at {money} {currency} per kg or less.",
              n=words.number(len(steps)), **parts),
        _chart(words, currency, table),
        table[keep],
        words,
        data={"steps": table[["from_kg", "avoided_kg", "middle_kg", "money", "unit_id", "plant", "option"]]},
        shares=("avoided_share",),
        heads={"avoided_kg": words("Avoided so far [kg]"), "avoided_share": words("Share"),
               "money": head, "option": words("Option")},
        note=_note(steps, drawn, currency, words, dearer),
    )  # fmt: skip


def _texts(year: int | None, words: Words, parts: dict[str, Any]) -> tuple[str, str, str]:
    """Return title, subtitle and the heading of the column of costs."""
    if year is None:
        return (
            words("{share} of emissions can be avoided at {money} {currency} per kg or less", **parts),
            words("Cost of the next kilogram [{currency} per kg] against mercury avoided [kg], cheapest first; width: "
                  "what a step avoids", **parts),
            words("Next kilogram [{currency} per kg]", **parts),
        )  # fmt: skip
    return (
        words("{share} of emissions of {year} can be avoided at an NPV of {money} {currency} per kg of that year or "
              "less", **parts),
        words("NPV per kilogram of {year} [{currency} per kg] against mercury of {year} avoided [kg], cheapest first; "
              "width: what a step avoids", **parts),
        words("NPV per kilogram of {year} [{currency} per kg]", **parts),
    )  # fmt: skip


def _note(steps: pd.DataFrame, drawn: pd.Series[bool], currency: str, words: Words, dearer: tuple[int, float]) -> str:
    said = [words("Each step is one option at one unit. Costs include other benefits only where the options do.")]
    free = float(steps["from_kg"].iloc[0])
    if free > 0:
        said.append(words("The first {kg} kg save money and are not shown.", kg=words.number(free)))
    dear = steps[~drawn]
    if len(dear):
        said.append(
            words(
                "The last {kg} kg, at more than {money} {currency} per kg, are not shown.",
                kg=words.number(float((dear["avoided_kg"] - dear["from_kg"]).sum())),
                money=words.number(_rounded(dear["money"].iloc[0])), currency=currency,
            )
        )  # fmt: skip
    count, price = dearer
    if count:
        said.append(words("Steps left out, as they cost more than {money} {currency} per kg over their life: {n}.",
                          n=words.number(count), money=words.number(price), currency=currency))  # fmt: skip
    return " ".join(said)


def _rounded(money: float) -> float:
    """Return money to three significant figures, as costs are no more precise."""
    return float(f"{money:.3g}")


def _steps(frontier: pd.DataFrame, year: int | None) -> pd.DataFrame:
    """Return the steps of a frontier that avoid something: from_kg, avoided_kg, money and names."""
    column = "cost_of_next_kg" if year is None else "npv_per_target_kg"
    steps = frontier.assign(from_kg=frontier["avoided_kg"].shift(1), money=frontier[column])
    return steps[steps["money"].notna() & (steps["avoided_kg"] > steps["from_kg"])].reset_index(drop=True)


def _merged(steps: pd.DataFrame) -> pd.DataFrame:
    """Return at most `SHOWN` steps; neighbours become one, whose cost is their mean by kg."""
    group = np.arange(len(steps)) * min(SHOWN, len(steps)) // len(steps)
    kg = steps["avoided_kg"] - steps["from_kg"]
    grouped = steps.assign(paid=steps["money"] * kg, kg=kg).groupby(group)
    table = grouped.agg(
        from_kg=("from_kg", "first"), avoided_kg=("avoided_kg", "last"), avoided_share=("avoided_share", "last"),
        paid=("paid", "sum"), kg=("kg", "sum"), unit_id=("unit_id", "first"), plant=("plant", "first"),
        option=("option", "first"), currency=("currency", "first"), price_year=("price_year", "first"),
    )  # fmt: skip
    table["money"] = table["paid"] / table["kg"]
    return table.assign(middle_kg=(table["from_kg"] + table["avoided_kg"]) / 2.0)


def _chart(words: Words, currency: str, table: pd.DataFrame) -> Any:
    least, high = float(table["money"].min()), float(table["money"].max())
    low = least / 2.0 if least > 0 and high > WIDE * least else 0.0
    scale, axis = alt.Scale(), alt.Axis(format=PLAIN, tickCount=6)
    if low > 0:
        scale = alt.Scale(type="log", nice=False, domain=[low, high])
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        marks = [value for power in powers for mark in MARKS if low <= (value := mark * 10.0**power) <= high]
        axis = alt.Axis(format=PLAIN, values=marks)
    steps = alt.Chart(alt.NamedData("steps"))
    x = alt.X("from_kg:Q", title=words("mercury avoided [kg]"), scale=alt.Scale(nice=False, zero=True),
              axis=alt.Axis(format=PLAIN, tickCount=8))  # fmt: skip
    y = alt.Y("money:Q", title=words("{currency} per kg", currency=currency), scale=scale, axis=axis)
    values = ["plant:N", "unit_id:N", "option:N", alt.Tooltip("money:Q", format=AMOUNT),
              alt.Tooltip("avoided_kg:Q", format=AMOUNT)]  # fmt: skip
    colour: dict[str, Any] = {"value": BLUE, "condition": {"test": THIS_UNIT, "value": ORANGE}}
    # The length of a bar says nothing on a logarithmic axis, so that steps are lines there.
    drawn = (
        steps.mark_rule(strokeWidth=3).encode(x=x, x2=alt.X2("avoided_kg:Q"), y=y, color=alt.ColorValue(**colour))
        if low > 0
        else steps.mark_rect(fillOpacity=0.6).encode(
            x=x, x2=alt.X2("avoided_kg:Q"), y=y, y2=alt.YDatum(0), fill=alt.FillValue(**colour)
        )
    )
    middle = alt.X("middle_kg:Q", title=words("mercury avoided [kg]"))
    return alt.layer(drawn, nearest(steps, values, middle, alt.Y("money:Q", scale=scale))).properties(
        width=WIDTH, height=300
    )
