"""What a scenario asks that cannot be, seen against the fleet it is for: all of it at once, each with its location."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hginventory.decisions.limits import limits_of
from hginventory.decisions.options import AFTER, CLOSURE, COMPUTE, INCREMENT, INPUT, TRAIN, Option, OptionTable
from hginventory.decisions.scenarios.periods import Span
from hginventory.errors import ScenarioError
from hginventory.projection import Projection
from hginventory.scenarios import TRAIN_ACTIONS, Measure, Scenario
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

ENDS = ("retire", "exclude")  # after which a unit does not run
_MOST_NAMED = 12
# Measures that only one sector has: a kiln emits the mercury of its raw meal too, so a share less coal is none of it,
# and what steps cost to run at kilns is not on file, so that the best of them cannot be told.
ONLY_AT = {"bleed_dust": CEMENT_KILN} | dict.fromkeys(
    (
        "switch_coal",
        "wash_coal",
        "cofire_biomass",
        "raise_efficiency",
        "set_capacity_factor",
        "cap_capacity_factor",
        "best_step",
    ),
    COAL_POWER,
)
# Action -> how the options that it may carry out change the mercury of a unit.
MODES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys((*TRAIN_ACTIONS, "bleed_dust"), frozenset({TRAIN})),
    **dict.fromkeys(("cofire_biomass", "raise_efficiency", "set_capacity_factor", "cap_capacity_factor"),
                    frozenset({INPUT})),
    **dict.fromkeys(("wash_coal", "cut_emission"),  # as which any option can be written
                    frozenset({TRAIN, INCREMENT, INPUT, AFTER, COMPUTE, CLOSURE})),
    "switch_coal": frozenset({COMPUTE}),
    "retire": frozenset({CLOSURE}),
}  # fmt: skip


def against_fleet(
    projection: Projection, table: OptionTable, scenario: Scenario, measures: Sequence[Measure]
) -> list[str]:
    """Return what cannot be with the years, fuels and rules of a run.

    Parameters
    ----------
    projection : Projection
        The fleet without any measure.
    table : OptionTable
        Options of the catalogue.
    scenario : Scenario
        For its retirement rule.
    measures : sequence of Measure
        What is done.
    """
    problems = []
    rules = list(dict.fromkeys(row.keys["rule"] for row in projection.library.table("lifetime_rule").defaults))
    if scenario.rule and scenario.rule not in rules:
        location = scenario.at("rule") or scenario.name
        problems.append(f"{location}: unknown retirement rule {scenario.rule!r}. {_hint(scenario.rule, rules)}")
    base_year = projection.settings.base_year
    fuels = list(map(str, projection.fleet.fuels.index))
    for number, measure in enumerate(measures):
        if measure.from_year < base_year:
            problems.append(
                f"{measure.location(number, 'from_year')}: from_year {measure.from_year} is before {base_year}, the "
                f"first year of the run, and what was done by then is in the fleet. Use {base_year} or later."
            )
        if measure.to_year is not None and measure.to_year < min(base_year, measure.from_year):
            problems.append(
                f"{measure.location(number, 'to_year')}: to_year {measure.to_year} is before {base_year}, the first "
                f"year of the run. Use {base_year} or later."
            )
        if measure.action == "switch_coal" and measure.target not in fuels:
            hint = _hint(measure.target, fuels) if fuels else "The fleet has no sheet Fuels: enter the coal there."
            problems.append(
                f"{measure.location(number, 'target')}: target {measure.target!r} is not a fuel of the fleet. {hint}"
            )
        if measure.options:
            location = measure.location(number, "options")
            problems += [f"{location}: options: {words}" for words in _not_carried_out(measure, table)]
        if measure.action == "emission_limit":
            try:
                limits_of(projection, measure)
            except ScenarioError as error:
                problems.append(str(error))
    return problems


def named_options(table: OptionTable, measures: Sequence[Measure]) -> dict[str, Option]:
    """Return the options of the catalogue that measures carry out, by code; codes it does not have are left out.

    Parameters
    ----------
    table : OptionTable
        Options of the catalogue.
    measures : sequence of Measure
        What is done.
    """
    codes = dict.fromkeys(code for measure in measures for code in measure.options)
    return {code: table.options[code] for code in codes if code in table.options}


def _not_carried_out(measure: Measure, table: OptionTable) -> Iterator[str]:
    """Yield a message for each option that the catalogue does not have, or that is done by another action."""
    modes = MODES[measure.action]
    for code in measure.options:
        if code not in table.options:
            yield f"there is no option {code!r}. Use one of: {', '.join(table.options)}."
        elif table.options[code].mode not in modes:
            fitting = [
                option.option
                for option in table.options.values()
                if option.mode in modes and ONLY_AT.get(measure.action, option.sector) == option.sector
            ]
            yield (
                f"{measure.action} does not carry out {code} ({table.options[code].name}). Use one of: "
                f"{', '.join(fitting)}; or another action."
            )


def _hint(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    more = ", ..." if len(known) > _MOST_NAMED else ""
    return f"Did you mean {near[0]!r}?" if near else f"There is: {', '.join(known[:_MOST_NAMED])}{more}."


def too_late(
    measures: Sequence[Measure], chosen: Sequence[Sequence[str]], spans: Sequence[Span], ids: Sequence[str]
) -> Iterator[str]:
    """Yield a message for each measure that begins when none of the units it chooses runs any longer.

    Parameters
    ----------
    measures, chosen : sequence
        The measures and their units.
    spans : sequence of Span
        All years of all units under the scenario.
    ids : sequence of str
        Units by their index.
    """
    end = np.zeros(len(ids), dtype=np.int64)
    for span in spans:
        end[span.unit] = max(end[span.unit], span.end)
    last = dict(zip(ids, end.tolist(), strict=True))
    for number, (measure, units) in enumerate(zip(measures, chosen, strict=True)):
        latest = max((last[unit] for unit in units), default=0)
        if measure.action not in ENDS and latest <= measure.from_year:
            ran = f"the last of them runs to {latest - 1}" if latest else "none of them runs at all"
            yield (
                f"{measure.location(number, 'from_year')}: from_year {measure.from_year} of {measure.action} comes "
                f"when none of its {len(units)} units runs: {ran}. Use an earlier year, or take the measure out."
            )
