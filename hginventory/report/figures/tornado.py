"""What drives the uncertainty: the share of variance by factor, from a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from hginventory.decisions.sensitivity import INTERACTIONS
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.interaction import tooltips
from hginventory.report.figures.style import BLUE, DARK, OTHER, SKY, WIDTH, broken_rows
from hginventory.report.text import SCOPES, Words

if TYPE_CHECKING:
    from hginventory.decisions.sensitivity import Sensitivity

SHOWN = 8
NAMES_WIDTH = 230


def tornado(found: Sensitivity, words: Words) -> Figure:
    """Return the share of the variance of the total that each group of inputs explains, the largest first.

    Parameters
    ----------
    found : Sensitivity
        Shares with their standard errors; the last row of the table contains the interactions.
    words : Words
        Language.
    """
    table = found.table.assign(
        share=found.table["total_alone"].astype(float),
        error=found.table["total_alone_error"].astype(float),
        kind=np.where(found.table["shared"].astype(bool), words("shared by plants"), words("of a plant or unit")),
    )
    table = table.assign(label=[_label(row, words) for row in table.to_dict("records")])
    table.loc[table["family"] == INTERACTIONS, "kind"] = words("other")
    ordered = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    rest = ordered.iloc[SHOWN:]
    shown = ordered.head(SHOWN)[["label", "kind", "share", "error"]]
    if len(rest):
        sums = {"label": words("{n} others", n=len(rest)), "kind": words("other"), "share": rest["share"].sum(),
                "error": float(np.sqrt((rest["error"] ** 2).sum()))}  # fmt: skip
        shown = pd.concat([shown, pd.DataFrame([sums])], ignore_index=True)
    shown = shown.assign(low=shown["share"] - 2 * shown["error"], high=shown["share"] + 2 * shown["error"])
    lead = shown.iloc[0]
    name = str(lead["label"])
    first, share = name[:1].upper() + name[1:], words.percent(float(lead["share"]))
    return Figure(
        "tornado",
        words("{factor} explains {share} of the uncertainty of the total", factor=first, share=share)
        if len(shown) < 2 or lead["low"] > shown["high"].iloc[1]
        else words("{factor} explains the largest share of the uncertainty of the total, about {share}; "
                   "{n} draws are too few to be sure",
                   n=words.number(found.draws), factor=first, share=share),
        words("Share of the variance of remaining-lifetime emissions [%], {n} draws; line: two standard errors",
              n=words.number(found.draws)),
        words("Bars of variance by factor: {factor} {share}; {t} t +/- {sd} t in all.", factor=first, share=share,
              t=words.number(found.total_mean_t), sd=words.number(found.total_sd_t)),
        _chart(words, shown["label"].tolist()),
        shown[["label", "kind", "share", "error"]],
        words,
        data={"table": shown},
        shares=("share", "error"),
        heads={"label": words("Factor"), "kind": words("Kind"), "share": words("Share of the variance"),
               "error": words("Standard error")},
    )  # fmt: skip


def _label(row: Mapping[Any, Any], words: Words) -> str:
    factor = words.say(str(row["factor"]))
    scope = str(row["scope"]) if isinstance(row["scope"], str) else ""
    return f"{factor} ({words.say(SCOPES.get(scope, scope))})" if scope and scope not in factor else factor


def _chart(words: Words, labels: list[str]) -> Any:
    base = alt.Chart(alt.NamedData("table"))
    axis = alt.Axis(labelLimit=NAMES_WIDTH, ticks=False, domain=False, **broken_rows(36))
    y = alt.Y("label:N", sort=labels, title="", axis=axis)
    x = alt.X("share:Q", title=words("share of the variance"), axis=alt.Axis(format="%", tickCount=6))
    kinds = [words("shared by plants"), words("of a plant or unit"), words("other")]
    bars = base.mark_bar(height=15, stroke=DARK, strokeWidth=0.4).encode(
        x=x, y=y, color=alt.Color("kind:N", title="", scale=alt.Scale(domain=kinds, range=[BLUE, SKY, OTHER])),
        tooltip=tooltips(["label:N", "kind:N", alt.Tooltip("share:Q", format=".1%"),
                          alt.Tooltip("error:Q", format=".1%")]),
    )  # fmt: skip
    errors = base.mark_rule(color=DARK).encode(x=alt.X("low:Q", title=""), x2=alt.X2("high:Q"), y=y)
    return alt.layer(bars, errors).properties(width=WIDTH - NAMES_WIDTH, height=len(labels) * 34)
