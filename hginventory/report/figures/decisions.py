"""The part of a page on what can be done: its figures, and what a reader must know of them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from hginventory.inputs.findings import CODES
from hginventory.report.figures.compliance import compliance
from hginventory.report.figures.cost_curve import cost_curve
from hginventory.report.figures.figure import Figure
from hginventory.report.figures.tornado import tornado
from hginventory.report.figures.wedges import wedges
from hginventory.report.tables import COMMANDS, CURVE, DRIVERS, LIMITS, SCENARIOS, DecisionResults
from hginventory.report.text import Words, country


def driver_figures(found: DecisionResults, words: Words) -> dict[str, Figure]:
    """Return the figure of what drives the uncertainty, by name; empty where it was left out."""
    made = None if found.sensitivity is None else tornado(found.sensitivity, words)
    return {} if made is None else {made.name: _scoped(made, found, words)}


def decision_figures(found: DecisionResults, words: Words) -> dict[str, Figure]:
    """Return the figures of what can be done, by name: scenarios, cost of the next kilogram, limits."""
    made = [
        None if found.comparison is None else _scoped(wedges(found.comparison, words), found, words),
        None if found.frontier is None else _curve(found.frontier, found, words),
        None if found.limits is None else compliance(found.limits, words),
    ]
    return {figure.name: figure for figure in made if figure is not None}


def sentences(found: DecisionResults, words: Words) -> list[str]:
    """Return what a reader must know: which units it covers, what the costs are, what was left out and why."""
    said = []
    if found.is_part and SCENARIOS not in found.left_out:
        said.append(
            words(
                "Scenarios, costs and drivers of uncertainty cover the {n} largest units, which account for {share} of "
                "remaining-lifetime emissions. For all units: {commands}.",
                n=words.number(len(found.run.units)), share=words.percent(found.share),
                commands=", ".join(COMMANDS[part] for part in (SCENARIOS, CURVE, DRIVERS)),
            )
        )  # fmt: skip
    said += [words.tell(sentence) for sentence in found.targeting]
    if found.frontier is not None:
        first = found.frontier.iloc[0]
        said.append(
            words(
                "Costs in {currency} of {year}, {rate} % real interest a year, capital over {life} years or the "
                "remaining life where that is shorter.",
                currency=first["currency"], year=first["price_year"], rate=words.number(round(100 * first["rate"], 2)),
                life=str(first["book_life"]).replace("or", words("or")),
            )
        )  # fmt: skip
    for finding in found.cost_findings:
        meaning, remedy = (words.say(text) for text in (CODES[finding.code].meaning, CODES[finding.code].remedy))
        said.append(f"{country(finding.found, words)}: {meaning}. {remedy}")
    parts = {SCENARIOS: words("Scenarios"), CURVE: words("Costs"), LIMITS: words("Limits"),
             DRIVERS: words("What drives the uncertainty")}  # fmt: skip
    said += [
        words("{part}: left out, as {reason}. See {command}.", part=parts[name], reason=words.say(reason.rstrip(".")),
              command=COMMANDS[name])
        for name, reason in found.left_out.items()
    ]  # fmt: skip
    return said


def _curve(frontier: pd.DataFrame, found: DecisionResults, words: Words) -> Figure | None:
    made = cost_curve(frontier, words, found.curve_year, dearer=(found.dearer_steps, found.curve_price))
    return None if made is None else _scoped(made, found, words)


def _scoped(figure: Figure, found: DecisionResults, words: Words) -> Figure:
    """Return a figure whose subtitle says that it covers the largest units only, where it does."""
    if not found.is_part:
        return figure
    scope = words("; the {n} largest units", n=words.number(len(found.run.units)))
    return replace(figure, subtitle=figure.subtitle + scope)
