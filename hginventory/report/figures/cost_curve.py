"""What the next kilogram costs: the marginal abatement cost curve, from the least-cost frontier of a plan."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.report.figures.figure import Figure
from hginventory.report.figures.style import BLUE, WIDTH
from hginventory.report.language import Words

SHOWN = 300  # steps drawn; where there are more, neighbours are drawn as one, at their mean cost
WIDE = 30.0  # ratio of costs from which on the axis is logarithmic


def cost_curve(frontier: pd.DataFrame, words: Words) -> Figure | None:
    """Return the cost of the next kg against what is avoided, a step a unit and option; None without a step.

    Parameters
    ----------
    frontier : DataFrame
        ``Plan.frontier``: avoided_kg, avoided_share, cost_of_next_kg, unit_id, plant, option, currency, price_year.
    words : Words
        Language.
    """
    steps = _steps(frontier)
    if steps.empty:
        return None
    table = _merged(steps)
    currency = f"{table['currency'].iloc[0]} {table['price_year'].iloc[0]}"
    half = table[table["avoided_kg"] >= 0.5 * table["avoided_kg"].iloc[-1]].iloc[0]
    parts = {"kg": words.number(half["avoided_kg"]), "money": words.number(half["money"]), "currency": currency,
             "share": words.percent(half["avoided_share"])}  # fmt: skip
    keep = ["avoided_kg", "avoided_share", "money", "unit_id", "plant", "option"]
    return Figure(
        "cost_curve",
        words("{share} can be avoided at less than {money} {currency} for the next kg", **parts),
        words("Cost of the next kilogram [{currency} per kg] against mercury avoided [kg], cheapest first; width: what "
              "a step avoids", currency=currency),
        words("Cost curve of {n} steps: up to {kg} kg at {money} {currency} per kg or less.",
              n=words.number(len(steps)), **parts),
        _chart(words, currency, logarithmic=bool((table["floor"] > 0).all())),
        table[keep],
        words,
        data={"steps": table[["from_kg", "avoided_kg", "money", "floor", "unit_id", "option"]]},
        heads={"avoided_kg": words("Avoided so far [kg]"), "avoided_share": words("Share"),
               "money": words("Next kilogram [{currency} per kg]", currency=currency), "option": words("Option")},
        note=words("A step is one unit and option. Other benefits are in a cost only where options say so."),
    )  # fmt: skip


def _steps(frontier: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of a frontier that avoid something: from_kg, avoided_kg, money and names."""
    steps = frontier.assign(from_kg=frontier["avoided_kg"].shift(1), money=frontier["cost_of_next_kg"])
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
    low, high = table["money"].min(), table["money"].max()
    table["floor"] = low / 2.0 if low > 0 and high > WIDE * low else 0.0
    return table


def _chart(words: Words, currency: str, *, logarithmic: bool) -> Any:
    scale = alt.Scale(type="log", nice=False) if logarithmic else alt.Scale()
    return (
        alt.Chart(alt.NamedData("steps"))
        .mark_rect(fill=BLUE, fillOpacity=0.6)
        .encode(
            x=alt.X("from_kg:Q", title=words("mercury avoided [kg]"), scale=alt.Scale(nice=False)),
            x2="avoided_kg:Q",
            y=alt.Y(
                "floor:Q",
                title=words("{currency} per kg", currency=currency),
                scale=scale,
                axis=alt.Axis(format=",~g", tickCount=6),
            ),
            y2="money:Q",
            tooltip=["unit_id:N", "option:N", alt.Tooltip("money:Q", format=",.3~g")],
        )
        .properties(width=WIDTH, height=300)
    )
