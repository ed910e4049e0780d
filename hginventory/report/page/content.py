"""Contents of a page: data once, in columns, and the words around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from hginventory.report.columns import column
from hginventory.report.figures import TABLE, Figure, FigureData, columns_of
from hginventory.report.page.calculations import traces
from hginventory.report.page.explorer import explorer
from hginventory.report.tables import POINTS
from hginventory.report.text import SECTORS, Words

LISTED_ALL = 1000  # up to so many units all are listed
DIGITS = 6
UNIT_COLUMNS: Mapping[str, str] = {  # column -> how it is shown
    "rank": "count", "label": "unit", "unit_id": "text", "sector": "text", "admin1": "text",
    "capacity_gross_mw": "number", "start_year": "year", "end_year": "year", "train": "text",
    "air_kg_per_yr": "number", "lifetime_t": "number", "t_p05": "number", "t_p95": "number",
    "rank_p05": "count", "rank_p95": "count", "p_top": "share", "hg_origin": "text",
}  # fmt: skip


def content(figure_data: FigureData, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Return the data of a page.

    Parameters
    ----------
    figure_data : FigureData
        The run.
    figures : mapping of str to Figure
        In the order of the page.

    Returns
    -------
    dict
        frames: tables by number, in columns. figures: name, specification, names of its frames, table, heads and kinds.
        units, heads and kinds of the unit table; others: what is not listed. traces and explorer; words, language,
        format of numbers.
    """
    words = figure_data.words
    frames = _Frames()
    drawn = [_figure(figure, frames) for figure in figures.values()]
    listed, others = _listed(figure_data)
    ids, ranks = listed["unit_id"].tolist(), listed["rank"].tolist()
    names = [name for name in UNIT_COLUMNS if name in listed and _says_something(name, listed[name])]
    return {
        "language": words.language,
        "format": words.vega(),
        "frames": frames.all(),
        "figures": drawn,
        "plants": listed["plant"].where(listed["plant"].notna(), listed["unit_id"]).astype(str).tolist(),
        "sectors": listed["sector"].tolist(),
        "units": columns_of(_in_words(listed[names], words), DIGITS),
        "unit_heads": [_unit_head(name, words, figure_data.top) for name in names],
        "unit_kinds": [UNIT_COLUMNS[name] for name in names],
        "others": others,
        "traces": traces(figure_data.run, ids, ranks, words),
        "explorer": explorer(figure_data) | {"top": figure_data.lists[0].top, "total_t": figure_data.total_t},
        "words": page_words(words) | _of_list(figure_data),
    }


class _Frames:
    """Tables by number, equal ones once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._tables: list[dict[str, list[Any]]] = []

    def number(self, frame: pd.DataFrame) -> int:
        columns = columns_of(frame)
        key = hashlib.sha256(json.dumps(columns).encode()).hexdigest()
        if key not in self._numbers:
            self._numbers[key] = len(self._tables)
            self._tables.append(columns)
        return self._numbers[key]

    def all(self) -> list[dict[str, list[Any]]]:
        return self._tables


def _figure(figure: Figure, frames: _Frames) -> dict[str, Any]:
    spec = figure.bare()
    for part in ("title", "$schema", "description"):
        spec.pop(part, None)
    drawn = figure.frames()
    own = figure.table
    held = drawn.get(TABLE)
    if held is not None and set(own.columns) <= set(held.columns):  # the table is a part of what is drawn
        own = held
    return {
        "name": figure.name,
        "spec": spec,
        "frames": {name: frames.number(frame) for name, frame in drawn.items()},
        "table": frames.number(own),
        "window": list(figure.window),
        "columns": [str(name) for name in figure.table.columns],
        "heads": [figure.head(str(name)) for name in figure.table.columns],
        "kinds": [figure.kind(str(name)) for name in figure.table.columns],
    }


def _listed(figure_data: FigureData) -> tuple[pd.DataFrame, dict[str, Any] | None]:
    """Return the units that are listed one by one, and the sum of the others."""
    ranked = figure_data.ranked.rename(columns={figure_data.p_top: "p_top"}) if figure_data.sure else figure_data.ranked
    if figure_data.sure is not None:
        ranked = ranked.assign(t_p05=ranked["lifetime_kg_p05"] / 1000.0, t_p95=ranked["lifetime_kg_p95"] / 1000.0)
    if len(ranked) <= LISTED_ALL:
        return ranked, None
    rest = ranked[ranked["rank"] > POINTS]
    others = {"units": len(rest), "air_kg_per_yr": float(rest["air_kg_per_yr"].sum()),
              "lifetime_t": float(rest["lifetime_t"].sum())}  # fmt: skip
    return ranked[ranked["rank"] <= POINTS], others


def _says_something(name: str, values: pd.Series[Any]) -> bool:
    """Whether a column of the unit table has values, and the sector more than one."""
    return bool(values.nunique() > 1 if name == "sector" else values.notna().any() and values.ne("").any())


def _in_words(listed: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the listed units with sector and origin in words, as the figures have them."""
    sectors = {code: words(text) for code, text in SECTORS.items()}
    own: dict[str, Callable[[Any], Any]] = {"sector": sectors.get, "hg_origin": words.say}
    return listed.assign(**{name: listed[name].map(tell) for name, tell in own.items() if name in listed})


def _unit_head(name: str, words: Words, top: int) -> str:
    own = {
        "label": words("Unit"),
        "lifetime_t": words("Remaining-lifetime emissions [t]"),
        "t_p05": words("p05 [t]"),
        "t_p95": words("p95 [t]"),
        "p_top": words("P(top {top})", top=top),
    }
    if name in own:
        return own[name]
    known = column(name)
    unit = known.shown_unit
    return f"{words(known.label)} [{unit}]" if unit and unit != "year" else words(known.label)


def _of_list(figure_data: FigureData) -> dict[str, str]:
    """Return the words for the largest units of the first list, where there are several."""
    words, first = figure_data.words, figure_data.lists[0]
    if len(figure_data.lists) == 1:
        return {}
    return {"top": words("{n} {units}, share of their sector", n="{n}", units=words(SECTORS[first.name]))}


def page_words(words: Words) -> dict[str, str]:
    """Return the texts that the script of the page shows."""
    return {
        "found": words.say("{n} of {count} units shown"),
        "found_listed": words.say("{n} of the {listed} listed units shown; {others} others are not searched"),
        "others": words.say("{n} others"),
        "chosen": words.say("Selected: {unit}, rank {rank}, {t} t"),
        "line": words.say("Line"),
        "how": words.say("How it was computed"),
        "step": words.say("Step"),
        "value": words.say("Value"),
        "from": words.say("From"),
        "measured": words.say("Measured compared with expected"),
        "rows": words.say("Factor rows used"),
        "sources": words.say("Sources of the cells"),
        "notes": words.say("Notes"),
        "t": words.say("{n} t"),
        "share": words.say("{share} of the total"),
        "none": words.say("none"),
        "as_is": words.say("without retrofit"),
        "a_year": words.say("Year"),
        "as_run": words.say("as in the run"),
        "with": words.say("with the retrofit"),
        "year": words.say("{n} units from {year} on"),
        "no_retrofit": words.say("no retrofit"),
        "years": words.say("{n} years"),
        "missing": words.say("for {n} of them it was not computed"),
        "top": words.say("{n} units"),
        "explore_past": words.say(
            "{base}: {kg} kg of it from units past their lifetime. The rule closes them after that year."),
        "explore_alt": words.say("Emissions by year: {now} kg in {base}, {total} t in all."),
        "explore_alt_with": words.say(
            "Emissions by year: {now} kg in {base}, {total} t in all; with the retrofit {left} t."),
    }  # fmt: skip
