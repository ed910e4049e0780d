"""What ``hginv scenario compare`` prints for people."""

from __future__ import annotations

import math
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from hginv.cost_options import money
from hginv.output import show_table
from hginventory.units import percent

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.decisions.scenarios import Comparison
    from hginventory.run import Run

WIDTH = 100
MOST_UNITS, MOST_PAIRS = 3, 10
POLLUTANTS = {"so2": "SO2", "pm": "PM", "nox": "NOx"}


def show_comparison(run: Run, comparison: Comparison) -> None:
    """Print scenarios beside each other: units, mercury, cost, other pollutants, where the catch goes, pairs."""
    total = run.projection.yearly_kg.sum() / 1000.0
    click.echo(f"As it is: {total:,.1f} t over the remaining life, from {run.projection.settings.base_year}.")
    _show_past_age(comparison, run.projection.settings.base_year)
    if run.projection.settings.lifetime_spread > 0:
        _say(
            "Note: scenarios are drawn with lifetimes as the retirement rule gives them; --lifetime-spread is left out."
        )
    avoided = comparison.measures.set_index(["scenario", "measure"])["avoided_t"]
    for name, measures in comparison.chosen.items():
        for number, measure in enumerate(measures, 1):
            _say(_chosen(name, measure, float(avoided[name, number])), "  ")
        if len(measures) > 1:
            together = len({unit for measure in measures for unit in measure["changed"]})
            _say(f"{name}: its {len(measures)} measures change {_count(together, 'unit')} in all.", "  ")
    for one in comparison.findings:
        _say(f"{one.severity} {one.code}: {one.message}", "  ")
    table = comparison.table.to_dict("records")
    _show_mercury(table)
    _show_costs(table, comparison.notes)
    for row in table:
        _show_beside(row)
    _show_on_top(comparison)
    _show_ledger(comparison.pathways)
    _show_pairs(comparison.pairs)


def _say(text: str, indent: str = "") -> None:
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    click.echo(textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))


def _show_past_age(comparison: Comparison, base_year: int) -> None:
    """Print what units past the rule's age emit in the base year, also under the rule of a scenario."""
    from hginventory.report.text import ENGLISH, unknown_life_text

    as_it_is = comparison.past_age_kg
    past = comparison.table.set_index("scenario")["past_age_kg"]
    others = [f"{kg:,.0f} kg under {name}" for name, kg in past.items() if not math.isclose(kg, as_it_is)]
    under = f" ({', '.join(others)})" if others else ""
    if as_it_is or others:
        _say(
            f"All amounts are of units within the rule's age. Units past it emit {as_it_is:,.0f} kg more in {base_year}"
            f"{under}; they end after it by the rule, not by action."
            f"{unknown_life_text(comparison.unknown_life_kg, ENGLISH)}"
        )


def _chosen(name: str, measure: Mapping[str, Any], avoided_t: float) -> str:
    units, same = measure["changed"], len(measure["units"]) - len(measure["changed"])
    listed = ", ".join(units[:MOST_UNITS]) + (" ..." if len(units) > MOST_UNITS else "")
    limit = (
        f"{measure['value']:g} {measure['unit']}" if measure["action"] == "emission_limit" and measure["unit"] else ""
    )
    what = " ".join(filter(None, [measure["action"], measure["target"], limit]))
    when = f"from {measure['from_year']} at {_count(len(units), 'unit')}"
    others = f" ({same} more that it chooses do not change)" if same else ""
    return f"{name}: {what} {when}{others} avoids {avoided_t:,.1f} t" + (f": {listed}" if listed else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _show_mercury(table: Sequence[Mapping[Any, Any]]) -> None:
    drawn = "avoided_t_p05" in table[0]
    rows = []
    for row in table:
        cells = [
            str(row["scenario"]), str(row["units_changed"]), f"{row['remaining_t']:,.1f}", f"{row['avoided_t']:,.1f}",
            percent(row['avoided_share']),
        ]  # fmt: skip
        if drawn:
            best = "" if math.isnan(row["p_best"]) else f"{row['p_best']:.2f}"
            cells += [f"{row['avoided_t_p05']:,.1f} to {row['avoided_t_p95']:,.1f}", best]
        rows.append(cells)
    headings = ["scenario", "units", "remaining t", "avoided t", "share"] + ["90 % interval", "P(best)"] * drawn
    show_table(headings, rows, title="Mercury avoided over the remaining life", words=(0,))


def _show_costs(table: Sequence[Mapping[Any, Any]], notes: Mapping[str, Sequence[str]]) -> None:
    rows = []
    for row in table:
        low, high = _money(row, "usd_per_kg_low"), _money(row, "usd_per_kg_high")
        unpriced = not row["retrofits"] and row["units_without_price"]  # unknown, not nothing
        names = ("capital", "npv", "annuity")
        amounts = ["" if unpriced else money(row[f"{name}_musd"], 1.0) for name in names]
        between = f"{low} to {high}" if low else ""
        per_kg = [_money(row, name) for name in ("usd_per_kg", "usd_per_kg_mercury")]
        rows.append([str(row["scenario"]), str(row["retrofits"]), *amounts, per_kg[0], between, per_kg[1]])
    headings = ["scenario", "retrofits", "capital MUSD", "NPV MUSD", "MUSD/yr", "USD/kg", "range of USD/kg",
                "mercury's share USD/kg"]  # fmt: skip
    show_table(headings, rows, title="What it costs", words=(0,))
    _say(f"Costs: {table[0]['cost_terms']}.", "  ")
    _say(
        "NPV: all costs, seen from the beginning of the base year; MUSD/yr: equal payments over all "
        f"{table[0]['horizon_years']} years of the run; USD/kg: these over the mercury avoided a year.", "  "
    )  # fmt: skip
    for note in dict.fromkeys(chain.from_iterable(notes.values())):
        _say(f"Note: {note}.", "  ")


def _money(row: Mapping[Any, Any], name: str) -> str:
    """Return an amount, or nothing where it could not be worked out."""
    value = row.get(name)
    return "" if value is None or math.isnan(value) else f"{value:,.0f}"


def _show_beside(row: Mapping[Any, Any]) -> None:
    """Print what else a scenario takes out, and where it does not hold its limit."""
    falls = [
        f"{name} {percent(row[f'{key}_taken_out'])} at {_count(row[f'{key}_units'], 'unit')}"
        for key, name in POLLUTANTS.items()
        if row[f"{key}_units"]
    ]
    if falls:
        _say(f"{row['scenario']} takes out as well, of what is emitted now: {', '.join(falls)}.", "  ")
    if row["units_without_price"]:
        units = _count(row["units_without_price"], "unit")
        _say(f"{row['scenario']}: no price is on file of what is done at {units}; the costs are those of others.", "  ")
    if row["units_infeasible"]:
        units = _count(row["units_infeasible"], "unit")
        _say(f"{row['scenario']}: no priced option holds the limit, or applies without conditions, at {units}.", "  ")


def _show_on_top(comparison: Comparison) -> None:
    """Print what comes without a mercury rule, and the cheapest mercury step that is left to do after it."""
    anyway = comparison.table[comparison.table["programme"]].set_index("scenario")
    if not len(anyway):
        return
    cheapest = comparison.on_top.drop_duplicates(["scenario", "at"])  # the lowest cost per kg first
    rows = []
    for name, row in anyway.iterrows():
        comes = [str(name), f"{row['avoided_t']:,.1f}", f"{row['avoided_share']:.1%}"]
        steps = cheapest[cheapest["scenario"] == name].to_dict("records")
        for step in steps:
            told = [step["at"], f"{step['option']} {step['name']}", str(step["units"])]
            rows.append([*comes, *told, f"{step['avoided_kg'] / 1000.0:,.1f}", f"{step['usd_per_kg']:,.0f}"])
            comes = [""] * len(comes)
        if not steps:
            rows.append([*comes, "", "none that applies without conditions", "", "", ""])
    headings = ["programme", "anyway t", "share", "on top, at", "cheapest step", "units", "more t", "$/kg"]
    title = "What comes without a mercury rule, and the cheapest mercury step on top"
    show_table(headings, rows, title=title, words=(0, 3, 4))
    _say(
        "On top: at each coal unit the step of lowest cost per kg that applies without conditions to the train it has "
        "after the programme; all of them by option in scenario_on_top.csv.",
        "  ",
    )


def _show_ledger(pathways: pd.DataFrame) -> None:
    from hginventory.model import AIR, PATHWAYS

    moved = pathways[~pathways["pathway"].isin(PATHWAYS[AIR])]
    ledger = moved.pivot(index="scenario", columns="pathway", values="difference_kg")
    ledger = ledger.loc[list(dict.fromkeys(pathways["scenario"]))].round(3) / 1000.0 + 0.0
    rows = [
        [str(name), *(f"{value:+,.1f}" for value in values)]
        for name, values in zip(ledger.index, ledger.to_numpy(), strict=True)
    ]
    show_table(["scenario", *map(str, ledger.columns)], rows, title="Where the captured mercury goes [t]", words=(0,))


def _show_pairs(pairs: pd.DataFrame) -> None:
    """Print the pairs, those first whose order is least sure, and what a year of delay locks in."""
    if not len(pairs):
        return
    unsure = (pairs["p_first_better"] - 0.5).abs()
    shown = pairs.loc[unsure.sort_values(kind="stable").index[:MOST_PAIRS]].to_dict("records")
    rows = [
        [f"{p['first']} less {p['second']}", f"{p['difference_t']:+,.1f}",
         f"{p['difference_t_p05']:+,.1f} to {p['difference_t_p95']:+,.1f}", f"{p['p_first_better']:.2f}"]
        for p in shown
    ]  # fmt: skip
    headings = ["avoided [t]", "mean", "90 % interval", "P(first avoids more)"]
    more = f", the {len(rows)} of {len(pairs)} whose order is least sure" if len(pairs) > len(rows) else ""
    show_table(headings, rows, title=f"Pairs, on the same draws{more}", words=(0,))
    for pair in pairs[pairs["years_of_delay"] != 0].to_dict("records"):
        years = pair["years_of_delay"]
        early, late = (pair["first"], pair["second"]) if years > 0 else (pair["second"], pair["first"])
        _say(
            f"{late} does what {early} does {abs(years)} years later: a year of delay locks in "
            f"{pair['t_per_year_of_delay']:,.1f} t ({pair['t_per_year_of_delay_p05']:,.1f} to "
            f"{pair['t_per_year_of_delay_p95']:,.1f}).",
            "  ",
        )
