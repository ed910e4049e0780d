"""Units compared with an emission limit: value with interval, and whether it passes, fails or is unclear."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.report.figures.data import SHOWN
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import AMOUNT, ring, whole_rows
from hginventory.report.figures.style import BAR_HEIGHT, BLUE, DARK, GREEN, ORANGE, OTHER, WIDTH
from hginventory.report.text import Words, country, unit_labels

NAMES_WIDTH = 200
SHAPES = ("triangle-up", "square", "circle", "diamond")
SURE = 0.95  # probability from which on a unit passes or fails


def compliance(checked: pd.DataFrame, words: Words) -> Figure | None:
    """Return the units nearest above or below one limit, those that emit most first; None where it fits no unit.

    Parameters
    ----------
    checked : DataFrame
        Rows of `decisions.limits.check_limits`; of the laws of the units' own country, or where there are none of all,
        the limit that applies to most units is drawn.
    words : Words
        Language.
    """
    if checked.empty:
        return None
    home = checked[checked["own_law"].astype(bool)]
    limit_id = (checked if home.empty else home).groupby("limit_id", sort=True).size().idxmax()
    own = checked[checked["limit_id"] == limit_id]
    shown = own.sort_values(["air_kg_per_yr", "unit_id"], ascending=[False, True]).head(SHOWN).reset_index(drop=True)
    stated = own["stated_to_comply"].to_numpy(dtype=bool)
    states = (words("above"), words("unclear"), words("below"), *([words("stated to comply")] if stated.any() else []))
    p = own["p_exceed"]
    chosen = np.select([stated, p >= SURE, p <= 1 - SURE], [states[-1], states[0], states[2]], states[1])
    state = pd.Series(chosen, index=own.index)
    counts = [int((state == word).sum()) for word in states]
    first = own.iloc[0]
    table = shown.assign(rank=range(1, len(shown) + 1))
    by_id = dict(zip(own["unit_id"], state, strict=True))
    table["state"] = [by_id[unit] for unit in table["unit_id"]]
    table["label"] = [f"{n}  {name}" for n, name in zip(table["rank"], unit_labels(table), strict=True)]
    keep = ["rank", "unit_id", "label", "value", "value_p05", "value_p95", "limit", "p_exceed", "state"]
    unit = f"{first['limit_unit']}, {first['reference']}"
    parts = {"above": words.number(counts[0]), "unclear": words.number(counts[1]), "n": words.number(len(own)),
             "limit": words.number(first["limit"]), "unit": first["limit_unit"],
             "country": country(first["jurisdiction"], words)}  # fmt: skip
    if stated.any():
        title = words(
            "{above} of {n} units are above the limit of {country}, {limit} {unit}, with near certainty; "
            "{unclear} are unclear, {stated} stated to comply", stated=words.number(int(stated.sum())), **parts,
        )  # fmt: skip
    else:
        title = words(
            "{above} of {n} units are above the limit of {country}, {limit} {unit}, with near certainty; "
            "{unclear} are unclear",
            **parts,
        )
    notes = [] if own["own_law"].all() else [
        words("Units are compared with this limit whether or not it is law in their country.")
    ]  # fmt: skip
    if stated.any():
        notes.append(words("Values of units that are stated to comply follow from that; P(above) is that of their "
                           "listed controls alone."))  # fmt: skip
    return Figure(
        "compliance",
        title,
        words("Mercury in flue gas [{unit}] compared with {instrument} ({country}); the {shown} units that emit most",
              unit=unit, instrument=first["instrument"], country=parts["country"], shown=len(table))
        + words("; line: 5 to 95 %"),
        words("{above} of {n} units are above {limit} {unit} with near certainty, {unclear} are unclear.", **parts),
        _chart(table["label"].tolist(), states, unit),
        table[keep],
        words,
        shares=("p_exceed",),
        heads={"label": words("Unit"), "value": words("Value [{unit}]", unit=first["limit_unit"]),
               "value_p05": "p05", "value_p95": "p95", "limit": words("Limit"), "p_exceed": words("P(above)"),
               "state": words("State")},
        note=" ".join(notes),
    )  # fmt: skip


def _chart(labels: list[str], states: tuple[str, ...], unit: str) -> Any:
    base = alt.Chart(alt.NamedData("table"))
    y = alt.Y("label:N", sort=labels, title="", axis=alt.Axis(labelLimit=NAMES_WIDTH, ticks=False))
    scale = alt.Scale(type="log", nice=False, padding=10)
    x = alt.X("value:Q", scale=scale, title=unit, axis=alt.Axis(format="~g", tickCount=6))
    colour = alt.Color(
        "state:N", title="", scale=alt.Scale(domain=list(states), range=[ORANGE, OTHER, BLUE, GREEN][: len(states)])
    )
    shape = alt.Shape("state:N", title="",
                      scale=alt.Scale(domain=list(states), range=SHAPES[: len(states)]))  # fmt: skip
    interval = base.mark_rule(strokeWidth=1.6).encode(
        x=alt.X("value_p05:Q", scale=scale, title=unit), x2=alt.X2("value_p95:Q"), y=y, color=colour
    )
    values = [alt.Tooltip(f"{name}:Q", format=AMOUNT)
              for name in ("value", "value_p05", "value_p95", "limit")]  # fmt: skip
    return alt.layer(
        interval,
        ring(base).encode(x=x, y=y),
        base.mark_point(filled=True, size=70).encode(x=x, y=y, color=colour, shape=shape),
        base.transform_filter("datum.rank == 1").mark_rule(color=DARK, strokeDash=[5, 4]).encode(x=alt.X("limit:Q")),
        whole_rows(base, ["label:N", "unit_id:N", *values, "state:N"], y, BAR_HEIGHT - 2),
    ).properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * BAR_HEIGHT)  # fmt: skip
