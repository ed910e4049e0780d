"""All plan tables of a run, by number and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import references
from hginventory.decisions.scenarios import Comparison
from hginventory.decisions.sensitivity import REPORT_DRAWS
from hginventory.errors import UsageError
from hginventory.inputs.fleet import is_blank
from hginventory.projection import in_inventory, subset
from hginventory.report.plan import (
    factor_register,
    measures,
    national_tables,
    recalculation,
    relevant_sources,
    source_tables,
)
from hginventory.report.plan.article8_dates import common_clocks, dates_table, party_clocks
from hginventory.report.plan.article21_answers import answer_sheet
from hginventory.report.plan.columns import described
from hginventory.report.plan.layout import PARTS, number_order
from hginventory.report.plan.new_and_existing import new_and_existing
from hginventory.report.plan.printed import PlanNames, printed
from hginventory.report.plan.source_set_draws import LEVELS, draw_sets
from hginventory.report.record import inventory_version, manifest
from hginventory.report.text import outside_text, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.report.record import Difference
    from hginventory.report.text import Words

TARGET_PERCENT, TARGET_YEAR = 50.0, 2035
TABLES = tuple(sorted(PARTS, key=number_order))  # the wide tables, each of one or more parts

VERSION = "Version of the inventory: {version}."
BASE_YEAR = "Base year: {year}."
BLANK = "Blank, as nothing is known or applies: {columns}."
SOURCES = "Sources operating in {year}: {operating}; under construction: {later}."
BY_THE_RULE = (
    "All years count units within their lifetime. Units past their lifetime are shown separately: the retirement rule "
    "closes them, no measure does. Kilns without a start year are among them."
)
EXAMPLE_TARGET = "The target is an example: replace it by your own percentage and year."
INTERVAL = "Low end and high end: 5th and 95th percentile of the Monte Carlo draws."
NO_SCENARIO = "Empty, as no scenario was given. Name scenarios to the command 'hginv report' to fill the table."
OF_BASE_YEAR = frozenset(
    {"N1c", "N2a", "N2b", "N3a", "N3b", "N3c", "N4", "N4a", "N4b", "N4c", "N6c", "N6j", "N9b", "N13"}
)
BY_RULE = ("N6f", "N6a", "N6h", "N6d", "N11b")  # parts with changes over time
NO_EARLIER_RUN = "Empty, as no earlier run was given. Name the folder of one to the command 'hginv report'."
NO_SOURCE = "Empty, as no source of the fleet operates in the base year."
NOTES: Mapping[str, str] = {  # number of a part -> note on how to read it
    "N1a": "Sources of the data: numbers of table N1d.",
    "N1c": "Substantial modification is for the Party to fill in (Article 8(2)(d)).",
    "N2c": "Factor rows: numbers of table N13. Data quality is the weakest origin of activity, mercury and controls.",
    "N3b": "Gypsum counts as a product and ash as sector-specific disposal, which includes disposal to land.",
    "N4": "Criteria are for the Party to choose; these two are proposals based on the inventory of all sources.",
    "N4a": "Probability in the set: share of draws in which the source is among the n largest (n: size of the set).",
    "N5a": "Years after entry into force are those of Article 8(2)(c), 8(3), 8(4), 8(7) and 8(5).",
    "N5b": "A later start of operation does not show when construction began; such sources are not known.",
    "N6d": "The interval is that of all categories together.",
    "N6e": "The interval is that of a whole scenario and is given in its last row.",
    "N6g": "Costs are those of a whole scenario and are given in its last row.",
    "N6h": "Kilns of the fleet count here as well: a plan that meets a target for coal units alone may miss it.",
    "N6i": "Avoided emissions and costs are those of a whole scenario, given with its first action.",
    "N6l": "Lead times, build-up and conditions of its own steps limit neither a scenario nor a plan.",
    "N7a": "The Convention does not require remaining-lifetime emissions; they support goals (Article 8(5)(a)).",
    "N7c": "In the top 10: certain in over 95 % of the draws, likely in over 50 %, contested in over 5 %.",
    "N8a": "Options at the ten sources ranked highest in N7a; the command 'hginv options' gives those of any other.",
    "N8b": "Each option alone: the options of one source do not add up.",
    "N8c": "Terms of the costs: table N8d.",
    "N8e": "A negative number is mercury that no longer goes there.",
    "N10a": "Estimates are at the reference conditions of the limit, which are in table N10c. Probabilities of "
    "exceeding it are those of the listed controls alone.",
    "N10b": "Estimates are at the reference conditions of the limit, which are in table N10c.",
    "N11a": "Questions are worded from memory of decision MC-1/8; compare them with the form in force.",
    "N12b": "Scopes and years differ. Ours: every source of the fleet that runs in the base year, kiln coal included.",
    "N13": "Mark: read in a document, recalled from memory without one, or a judgement of the authors.",
    "N13b": "Numbers of rows: table N13. A row without a distribution counts as exact.",
    "N13a": f"At most {REPORT_DRAWS} draws of each run, as on the page; the command 'hginv sensitivity' takes more.",
}  # fmt: skip
MISSING: Mapping[str, str] = {"N6a": EXAMPLE_TARGET}  # number of a table -> note where an input was not given
EMPTY: Mapping[str, str] = {  # number of a table -> why it is empty and what fills it
    **dict.fromkeys(
        ("N1", "N5", "N5a", "N6c", "N7"), "Empty, as the fleet has no source that runs or is under construction."
    ),
    "N1d": "Empty, as the sheet Sources of the fleet workbook is empty.",
    **dict.fromkeys(("N2", "N3", "N4", "N4a", "N9"), NO_SOURCE),
    **dict.fromkeys(("N6", "N6b", "N6d", "N6l"), NO_SCENARIO),
    "N6a": NO_SOURCE,
    "N8": "Empty, as no option applies to the sources ranked highest.",
    "N10": "Empty, as no emission limit of these countries is available. Add its row to the sheet Factors.",
    "N11": NO_SOURCE,
    "N12": "Empty, as no published estimate of these countries and categories is available.",
    "N13": "Empty, as no row of the factor tables was used.",
    "N13a": "Empty: the run has no draws, or more than 1,000 units. The command 'hginv sensitivity' fills it.",
    **dict.fromkeys(("N14", "N14a"), NO_EARLIER_RUN),
}  # fmt: skip


@dataclass(frozen=True)
class PlanTable:
    """A table of a plan.

    Attributes
    ----------
    number, name : str
        As N3 and ``toolkit_summary``.
    title, note : str
        What it contains, and a note on how to read it, in the language of the plan.
    table : DataFrame
        The rows; sentences are in the language of the plan, names of columns and codes stay.
    parts : tuple of PlanTable
        The table as it is printed: at most eight columns each, codes in words; a part has no parts.
    """

    number: str
    name: str
    title: str
    note: str
    table: pd.DataFrame
    parts: tuple[PlanTable, ...] = ()


@dataclass(frozen=True)
class Target:
    """A reduction target: percent, its year, and the base year of the plan; None: the base year of the run."""

    percent: float = TARGET_PERCENT
    year: int = TARGET_YEAR
    base_year: int | None = None


def plan_tables(
    run: Analysis,
    *,
    comparison: Comparison | None = None,
    target: Target | None = None,
    since: Difference | None = None,
    words: Words | None = None,
) -> tuple[PlanTable, ...]:
    """Return the tables N1 to N14 of a national implementation plan.

    Parameters
    ----------
    run : Analysis
        The run.
    comparison : Comparison, optional
        Scenarios, for the measures.
    target : Target, optional
        The target of the plan; default: 50 percent by 2035, as an example to change.
    since : Difference, optional
        What changed since an earlier run.
    words : Words, optional
        Language of sentences; default: English.

    Raises
    ------
    UsageError
        If the target lies before the run or before the base year of the plan.
    """
    say = words or words_in()
    projection, sure = run.projection, run.certainty
    goal = target or Target()
    begin = projection.settings.base_year
    plan_year = begin if goal.base_year is None else goal.base_year
    _check_years(goal.year, plan_year, begin)
    stated = projection.fleet.settings.get("entry_into_force")
    day = str(stated.value) if stated and stated.value else None
    counted = subset(projection, in_inventory(projection.units))
    clocks = party_clocks(counted.units["country"], day, projection.library)
    ways = relevant_sources.criteria(counted, say)
    category, at_work = counted.units["annex_d_category"], in_inventory(counted.units, base_year_only=True)
    sets = {f"category {name}": category.eq(name).to_numpy() & at_work for name in category.unique()}
    sets |= {way.name: way.chosen for way in ways} | national_tables.provinces(counted, say)
    sets |= {name: own for name, (_, own) in references(counted).items()}
    drawn = draw_sets(counted, sets, run.n_draws, run.seed)
    coverage = relevant_sources.coverage_test(counted, ways, drawn, say)
    classes = new_and_existing(counted, clocks, say)
    drivers = factor_register.drivers(run, say)
    operating = subset(projection, in_inventory(projection.units, base_year_only=True))
    frames = {
        "N1": source_tables.source_register(counted),
        "N1d": source_tables.data_sources(counted),
        "N2": source_tables.unit_inventory(operating, sure, inventory_version(manifest(run, {}))),
        "N3": national_tables.toolkit_summary(counted, drawn, say),
        "N4": coverage,
        "N4a": relevant_sources.ordered_sources(counted, run.n_draws, run.seed),
        "N5": classes,
        "N5a": dates_table(clocks, day, projection.library, say),
        "N6": measures.measures(comparison, projection, goal.year, say),
        "N6a": measures.target_line(projection, goal.percent, goal.year, plan_year, comparison, say),
        "N6b": measures.action_matrix(comparison, goal.year, say),
        "N6c": national_tables.by_province(counted, drawn, say),
        "N6d": measures.by_year(comparison, projection),
        "N6l": measures.equal_plans_table(comparison),
        "N7": source_tables.lifetime_ranking(projection, sure),
        "N8": source_tables.cost_table(Catalogue(projection, sure=sure)),
        "N9": source_tables.cross_media(operating),
        "N10": source_tables.limit_check(projection),
        "N11": answer_sheet(
            projection, common_clocks(clocks, projection.library), coverage, classes, comparison, goal.year, say
        ),
        "N12": national_tables.other_estimates(counted, drawn, say),
        "N13": factor_register.factor_register(projection),
        "N13a": pd.DataFrame(columns=factor_register.DRIVER_COLUMNS) if drivers is None else drivers,
        "N14": recalculation.recalculation_log(since, say),
        "N14a": recalculation.changed_units(since),
    }
    titles = (
        {} if comparison is None else dict(zip(comparison.table["scenario"], comparison.table["title"], strict=True))
    )
    names = PlanNames.of(counted, list(frames["N13"]["factor_id"]), titles, say)
    return tuple(_plan_table(number, frames[number], names, run, target is None, say) for number in TABLES)


def _plan_table(
    number: str, frame: pd.DataFrame, names: PlanNames, run: Analysis, is_example: bool, say: Words
) -> PlanTable:
    parts = []
    for part in PARTS[number]:
        table = printed(frame, part, names, say)
        note = _note(run, number, part.number, table, is_example, say)
        parts.append(PlanTable(part.number, part.name, say(part.title), note, table))
    first = parts[0]
    return PlanTable(number, first.name, first.title, first.note, frame, tuple(parts))


def _check_years(target: int, plan: int, run: int) -> None:
    if target < run:
        raise UsageError(
            f"{target} is before {run}, the base year of the run. Use {run} or a later year.", parameter="year"
        )
    if target < plan:
        raise UsageError(f"{target} is before {plan}, the base year of the plan. Use a later year.", parameter="year")


def _note(run: Analysis, number: str, part: str, table: pd.DataFrame, is_example: bool, say: Words) -> str:
    if table.empty:
        return say.say(EMPTY[number])
    counts = _counts(run, say) if part == "N1a" else []
    version = [say(VERSION, version=inventory_version(manifest(run, {})))] if part == "N2a" else []
    year = [say(BASE_YEAR, year=run.projection.settings.base_year)] if part in OF_BASE_YEAR else []
    has_interval = any(str(name).endswith(tuple(f"_{level}" for level in LEVELS)) for name in table.columns)
    nothing = [described(str(name), part, say.say).label for name in table.columns if is_empty(table[name])]
    blank = [say(BLANK, columns="; ".join(nothing))] if nothing else []
    texts = [
        BY_THE_RULE if part in BY_RULE else "",
        NOTES.get(part, ""),
        INTERVAL if has_interval else "",
        MISSING.get(part, "") if is_example else "",
    ]
    return " ".join([*counts, *version, *year, *(say.say(text) for text in texts if text), *blank])


def is_empty(values: pd.Series[Any]) -> bool:
    """Return whether no row of a column has a value."""
    return bool(values.map(lambda value: is_blank(value) or value is pd.NA or value == "").all())


def _counts(run: Analysis, say: Words) -> list[str]:
    """Return how many units the tables are about, and which of the fleet they are not about."""
    found, year = run.inventory, run.projection.settings.base_year
    counts = {"operating": say.number(found.operating), "later": say.number(found.construction)}
    return list(filter(None, [say(SOURCES, year=year, **counts), outside_text(found, say)]))
