"""Texts and tables of ``hginv scenario compare``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from hginv.cost_options import WHERE_TO, money, per_kg, with_countries
from hginv.output import count, number, say, show_table
from hginventory.units import percent

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.decisions.scenarios import Comparison
    from hginventory.run import Run

MOST_UNITS, MOST_PAIRS = 3, 10
PER_KG = ("", "_low", "_high", "_mercury")  # columns usd_per_kg; without one where nothing was priced
POLLUTANTS = {"so2": "SO2", "pm": "PM", "nox": "NOx"}


def show_comparison(run: Run, comparison: Comparison, *, full: bool = False) -> None:
    """Print a comparison of scenarios: measures, mercury, costs, other pollutants, where removed mercury goes.

    Parameters
    ----------
    run : Run
        The run.
    comparison : Comparison
        The scenarios.
    full : bool
        Whether to print also units of each measure, notes on the costs and pairs of scenarios.
    """
    total = run.projection.yearly_kg.sum() / 1000.0
    say(f"Without action: {total:,.1f} t of remaining-lifetime emissions, from {run.projection.settings.base_year}.")
    avoided = comparison.measures.set_index(["scenario", "measure"])["avoided_t"]
    for name, measures in comparison.chosen.items():
        for order, measure in enumerate(measures, 1):
            say(_measure(name, measure, float(avoided[name, order]), full=full), indent=2)
        if len(measures) > 1:
            together = len({unit for measure in measures for unit in measure["changed"]})
            say(f"{name}: the {len(measures)} measures together change {count(together, 'unit')}.", indent=2)
    for one in comparison.findings:
        say(f"{one.severity} {one.code}: {one.message}", indent=2)
    table = comparison.table.to_dict("records")
    _show_mercury(table)
    _show_costs(run, comparison, table, full=full)
    for row in table:
        _show_co_benefits(row)
    _show_on_top(comparison)
    _show_ledger(comparison.pathways)
    if full:
        _show_pairs(comparison.pairs)
    _show_delays(comparison.pairs)
    _show_past_age(comparison, run.projection.settings.base_year)
    if run.projection.settings.lifetime_spread > 0:
        say("Note: scenarios use fixed lifetimes, as the retirement rule gives them; --lifetime-spread has no effect.")


def _show_past_age(comparison: Comparison, base_year: int) -> None:
    """Print what units past their lifetime emit in the base year, also under the rule of a scenario."""
    from hginventory.report.text import ENGLISH, unknown_life_text

    without = comparison.past_age_kg
    past = comparison.table.set_index("scenario")["past_age_kg"]
    others = [f"{kg:,.0f} kg in {name}" for name, kg in past.items() if not math.isclose(kg, without)]
    under = f" ({', '.join(others)})" if others else ""
    if without or others:
        say(
            f"Units past their lifetime are not counted. They emit another {without:,.0f} kg in {base_year}{under}; "
            "the retirement rule closes them, no measure does."
            f"{unknown_life_text(comparison.unknown_life_kg, ENGLISH)}"
        )


def _measure(name: str, measure: Mapping[str, Any], avoided_t: float, *, full: bool) -> str:
    """Return a measure in a sentence; in full with the units that it changes."""
    from hginventory.report.plan import measure_sentence
    from hginventory.report.text import ENGLISH

    units, same = measure["changed"], len(measure["units"]) - len(measure["changed"])
    what = measure_sentence(measure, ENGLISH)
    others = f"; {count(same, 'more unit')} need{'s' * (same == 1)} no change" if same else ""
    listed = f": {', '.join(units if full else units[:MOST_UNITS])}" if units else ""
    more = 0 if full else len(units) - MOST_UNITS
    rest = f" and {more} more" if more > 0 else ""
    return f"{name}: {what} ({number(avoided_t, 1)} t avoided{others}){listed}{rest}"


def _show_mercury(table: Sequence[Mapping[Any, Any]]) -> None:
    drawn = "avoided_t_p05" in table[0]
    several = drawn and any(not math.isnan(row["p_best"]) for row in table)
    rows = []
    for row in table:
        cells = [
            str(row["scenario"]), str(row["units_changed"]), number(row["remaining_t"], 1), number(row["avoided_t"], 1),
            percent(row['avoided_share']),
        ]  # fmt: skip
        if drawn:
            cells.append(f"{number(row['avoided_t_p05'], 1)} to {number(row['avoided_t_p95'], 1)}")
        if several:
            cells.append(percent(row["p_best"]))
        rows.append(cells)
    headings = ["scenario", "units changed", "remaining t", "avoided t", "share avoided"]
    headings += ["90 % interval of avoided t"] * drawn + ["probability of avoiding most"] * several
    show_table(headings, rows, title="Remaining-lifetime emissions of each scenario", words=(0,))


def _show_costs(run: Run, comparison: Comparison, table: Sequence[Mapping[Any, Any]], *, full: bool) -> None:
    """Print the costs with their terms; in full with the notes on them."""
    rows = []
    for row in table:
        each, low, high, of_mercury = (per_kg(row.get(f"usd_per_kg{part}", math.nan)) for part in PER_KG)
        names = ("capital", "npv", "annuity")
        amounts = ["" if _is_unpriced(row) else money(row[f"{name}_musd"], 1.0) for name in names]
        between = f"{low} to {high}" if low else ""
        rows.append([str(row["scenario"]), str(row["retrofits"]), *amounts, each, between, of_mercury])
    headings = ["scenario", "retrofits", "capital", "NPV", "a year", "USD/kg", "range of USD/kg", "USD/kg for mercury"]
    show_table(headings, rows, title="Costs: capital, NPV and yearly payment in million USD", words=(0,))
    say(f"Terms: {with_countries(table[0]['cost_terms'], run.projection)}.")
    say(
        "NPV: present value of all costs at the beginning of the base year. A year: the NPV as equal payments over the "
        f"{count(table[0]['horizon_years'], 'year')} of the run. USD/kg: these payments per kg avoided a year; for "
        "mercury: without the costs of reducing other pollutants."
    )
    if full:
        for note in dict.fromkeys(chain.from_iterable(comparison.notes.values())):
            say(f"Note: {with_countries(note, run.projection)}.", indent=2)


def _is_unpriced(row: Mapping[Any, Any]) -> bool:
    """Return whether no unit that a scenario changes has a price: its costs are unknown, not nothing."""
    return bool(row["units_without_price"]) and not row["retrofits"]


def _show_co_benefits(row: Mapping[Any, Any]) -> None:
    """Print the other pollutants that a scenario reduces, and the units without a price or above their limit."""
    falls = [
        f"{name} {percent(row[f'{key}_taken_out'])} at {count(row[f'{key}_units'], 'unit')}"
        for key, name in POLLUTANTS.items()
        if row[f"{key}_units"]
    ]
    if falls:
        say(f"{row['scenario']} also reduces present emissions: {', '.join(falls)}.", indent=2)
    if row["units_without_price"]:
        units = count(row["units_without_price"], "unit")
        known = "costs are not known" if _is_unpriced(row) else "costs cover the other units only"
        say(f"{row['scenario']}: the measures at {units} have no price; {known}.", indent=2)
    if row["units_infeasible"]:
        units = count(row["units_infeasible"], "unit")
        say(f"{row['scenario']}: no priced option meets the limit without conditions at {units}.", indent=2)


def _show_on_top(comparison: Comparison) -> None:
    """Print what comes without a mercury rule, and the cheapest mercury step that is still possible after it."""
    anyway = comparison.table[comparison.table["programme"]].set_index("scenario")
    if not len(anyway):
        return
    cheapest = comparison.on_top.drop_duplicates(["scenario", "at"])  # the lowest cost per kg first
    rows = []
    for name, row in anyway.iterrows():
        comes = [str(name), number(row["avoided_t"], 1), percent(row["avoided_share"], 1)]
        steps = cheapest[cheapest["scenario"] == name].to_dict("records")
        for step in steps:
            what = [step["at"], f"{step['option']} {step['name']}", str(step["units"])]
            rows.append([*comes, *what, number(step["avoided_kg"] / 1000.0, 1), per_kg(step["usd_per_kg"])])
            comes = [""] * len(comes)
        if not steps:
            rows.append([*comes, "", "none that applies without conditions", "", "", ""])
    headings = ["programme", "avoided t", "share avoided", "after it, at", "cheapest step", "units", "more t", "USD/kg"]
    title = "Programmes for other pollutants, and the cheapest mercury step after them"
    show_table(headings, rows, title=title, words=(0, 3, 4))
    say(
        "Cheapest step: at each coal unit the option of lowest cost per kg that applies without conditions after the "
        "programme. scenario_on_top.csv lists all of them."
    )


def _show_ledger(pathways: pd.DataFrame) -> None:
    from hginventory.model import AIR, PATHWAYS

    moved = pathways[~pathways["pathway"].isin(PATHWAYS[AIR])]
    ledger = moved.pivot(index="scenario", columns="pathway", values="difference_kg")
    ledger = ledger.loc[list(dict.fromkeys(pathways["scenario"]))] / 1000.0
    rows = [
        [str(name), *(number(value, 1, signed=True) for value in values)]
        for name, values in zip(ledger.index, ledger.to_numpy(), strict=True)
    ]
    headings = ["scenario", *(WHERE_TO.get(name, str(name)) for name in ledger.columns)]
    show_table(headings, rows, title="Where the removed mercury goes, compared with no action [t]", words=(0,))


def _show_pairs(pairs: pd.DataFrame) -> None:
    """Print the pairs, those first whose order is least certain."""
    if not len(pairs):
        return
    unsure = (pairs["p_first_better"] - 0.5).abs()
    shown = pairs.loc[unsure.sort_values(kind="stable").index[:MOST_PAIRS]].to_dict("records")
    rows = [
        [str(p["first"]), str(p["second"]), number(p["difference_t"], 1, signed=True),
         " to ".join(number(p[f"difference_t_{end}"], 1, signed=True) for end in ("p05", "p95")),
         percent(p["p_first_better"])]
        for p in shown
    ]  # fmt: skip
    headings = ["first", "second", "mean t", "90 % interval", "probability that the first avoids more"]
    more = f"; the {len(rows)} of {len(pairs)} whose order is least certain" if len(pairs) > len(rows) else ""
    title = f"Difference of avoided t between two scenarios, on the same draws{more}"
    show_table(headings, rows, title=title, words=(0, 1))


def _show_delays(pairs: pd.DataFrame) -> None:
    """Print how much more is emitted with each year by which a scenario does the same later than another."""
    for pair in pairs[pairs["years_of_delay"] != 0].to_dict("records") if len(pairs) else []:
        years = pair["years_of_delay"]
        early, late = (pair["first"], pair["second"]) if years > 0 else (pair["second"], pair["first"])
        say(
            f"{late} does the same as {early} {count(abs(years), 'year')} later. Each year of delay adds "
            f"{number(pair['t_per_year_of_delay'], 1)} t of emissions ({number(pair['t_per_year_of_delay_p05'], 1)} to "
            f"{number(pair['t_per_year_of_delay_p95'], 1)})."
        )
