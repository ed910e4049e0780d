"""All plan tables of a run, by number and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.decisions.options import Catalogue
from hginventory.decisions.ranking import references
from hginventory.decisions.scenarios import Comparison
from hginventory.decisions.sensitivity import REPORT_DRAWS
from hginventory.errors import UsageError
from hginventory.projection import in_inventory, subset
from hginventory.report.plan import (
    factor_register,
    measures,
    national_tables,
    recalculation,
    relevant_sources,
    source_tables,
)
from hginventory.report.plan.article8_dates import Clocks
from hginventory.report.plan.article21_answers import answer_sheet
from hginventory.report.plan.new_and_existing import new_and_existing
from hginventory.report.plan.source_set_draws import draw_sets
from hginventory.report.record import inventory_version, manifest
from hginventory.report.text import outside_text, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.report.record import Difference
    from hginventory.report.text import Words

TARGET_PERCENT, TARGET_YEAR = 50.0, 2035
TITLES: Mapping[str, tuple[str, str]] = {  # number -> name of the file, title
    "N1": ("source_register", "Source register (Article 8(2), Annex D)"),
    "N2": ("unit_inventory", "Inventory by source (Article 8(7))"),
    "N3": ("toolkit_summary", "National summary in UNEP Toolkit categories"),
    "N4": ("coverage_test", "75 per cent of each category (Article 8(2)(b))"),
    "N4a": ("sources_in_order", "Sources of each category in order of emission"),
    "N5": ("new_existing_deadlines", "New and existing sources, and deadlines"),
    "N6": ("measures", "Measures and what they avoid (Article 8(4) and (5))"),
    "N6a": ("target_line", "Target against the base year and against no plan"),
    "N6b": ("action_matrix", "Action matrix"),
    "N6c": ("by_province", "Mercury by province"),
    "N6d": ("avoided_by_year", "Mercury avoided by year and category"),
    "N7": ("lifetime_ranking", "Remaining mercury and rank"),
    "N8": ("cost_effectiveness", "Options at the largest sources and cost per mercury (Article 13(8))"),
    "N9": ("cross_media_balance", "Where the mercury goes (Articles 8(8)(a), 9(6), 11)"),
    "N10": ("limit_check", "Sources beside the limits of their country"),
    "N11": ("article_21_answers", "Article 21 answer sheet"),
    "N12": ("other_estimates", "Comparison with other estimates"),
    "N13": ("factor_register", "Factor register"),
    "N13a": ("uncertainty_drivers", "Where the uncertainty comes from"),
    "N14": ("recalculation_log", "Recalculation log"),
    "N14a": ("recalculated_units", "Units that were recalculated"),
}

SOURCES = "Sources operating in {year}: {operating}; under construction: {later}."
BY_THE_RULE = (
    "All years are of units within the age of the rule. Column 'past_age_kg': what units past it emit in the base "
    "year; they end after it by the rule, not by action. Kilns without start year are in it."
)
EXAMPLE_TARGET = "The target is an example: state your own percentage and year."
NO_SCENARIO = "No scenario was given; name those to compare."
BY_RULE = ("N6", "N6a", "N6d", "N11")  # tables of changes over time
NO_EARLIER_RUN = "No earlier run was given; name the folder of one."
NOTES: Mapping[str, str] = {  # number -> what to know of the table
    "N1": "Column 'substantial_modification_date' is for the Party to fill in (Article 8(2)(d)).",
    "N3": "Gypsum counts as a product, ash as sector-specific disposal; what goes to land is not told apart from it.",
    "N4": "Criteria are for the Party to choose; these two are proposals worked out from the inventory of all sources.",
    "N4a": "Column 'p_in_set': how often the source is among as many largest of its category as the smallest set has.",
    "N5": "A later start of operation says nothing of construction; such sources stay unknown until that is stated.",
    "N6": "Draws and costs are of a scenario as a whole, so they stand in its last row.",
    "N6b": "What a scenario avoids and costs stands beside its first measure, as measures act together.",
    "N7": "Remaining mercury is no number of the treaty; it supports goals (Article 8(5)(a)) and progress (8(6)).",
    "N8": "Options at the units with the ranks 1 to 10 of N7; 'hginv options' gives those of any other.",
    "N11": "Questions are worded from memory of decision MC-1/8; compare them with the form in force.",
    "N12": "Scopes and years differ. Ours: every source of the fleet that runs in the base year, kiln coal included.",
    "N13a": f"At most {REPORT_DRAWS} draws of each run, as on the page; 'hginv sensitivity' takes more.",
}  # fmt: skip
MISSING: Mapping[str, str] = {  # number -> what to know where something was not given
    "N5": "Settings!entry_into_force is blank, so no date can be worked out.",
    "N6": NO_SCENARIO,
    "N6a": EXAMPLE_TARGET,
    "N6b": NO_SCENARIO,
    "N6d": NO_SCENARIO,
    "N12": "No published estimate of these countries and categories is on file.",
    "N13a": "Not worked out here: a run without draws, or a fleet of more than 1,000 units; see 'hginv sensitivity'.",
    "N14": NO_EARLIER_RUN,
    "N14a": NO_EARLIER_RUN,
}


@dataclass(frozen=True)
class PlanTable:
    """A table of a plan.

    Attributes
    ----------
    number, name : str
        As N3 and ``toolkit_summary``.
    title, note : str
        What it holds, and what to know, in the language of the plan.
    table : DataFrame
        The rows; sentences are in the language of the plan, names of columns and codes stay.
    """

    number: str
    name: str
    title: str
    note: str
    table: pd.DataFrame


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
    clocks = Clocks.of(str(stated.value) if stated and stated.value else None, projection.library)
    counted = subset(projection, in_inventory(projection.units))
    ways = relevant_sources.criteria(counted, say)
    sets = {f"category {name}": own for name, own in relevant_sources.categories(counted).items()}
    sets |= {way.name: way.chosen for way in ways} | national_tables.provinces(counted, say)
    sets |= {name: own for name, (_, own) in references(counted).items()}
    drawn = draw_sets(counted, sets, run.draws, run.seed)
    coverage = relevant_sources.coverage_test(counted, ways, drawn, say)
    classes = new_and_existing(counted, clocks, say)
    drivers = factor_register.drivers(projection, run.draws, run.seed, say)
    operating = subset(projection, in_inventory(projection.units, base_year_only=True))
    frames = {
        "N1": source_tables.source_register(counted),
        "N2": source_tables.unit_inventory(operating, sure, inventory_version(manifest(run, {}))),
        "N3": national_tables.toolkit_summary(counted, drawn, say),
        "N4": coverage,
        "N4a": relevant_sources.ordered_sources(counted, run.draws, run.seed),
        "N5": classes,
        "N6": measures.measures(comparison, projection, goal.year, say),
        "N6a": measures.target_line(projection, goal.percent, goal.year, plan_year, comparison, say),
        "N6b": measures.action_matrix(comparison, goal.year, say),
        "N6c": national_tables.by_province(counted, drawn, say),
        "N6d": measures.by_year(comparison, projection),
        "N7": source_tables.lifetime_ranking(projection, sure),
        "N8": source_tables.cost_table(Catalogue(projection, sure=sure)),
        "N9": source_tables.cross_media(operating),
        "N10": source_tables.limit_check(projection, sure),
        "N11": answer_sheet(projection, clocks, coverage, classes, comparison, goal.year, say),
        "N12": national_tables.other_estimates(counted, drawn, say),
        "N13": factor_register.factor_register(projection),
        "N13a": pd.DataFrame(columns=factor_register.DRIVER_COLUMNS) if drivers is None else drivers,
        "N14": recalculation.recalculation_log(since, say),
        "N14a": recalculation.changed_units(since),
    }
    missing = {
        "N5": clocks.entry_into_force is None,
        "N6a": target is None,
        "N12": frames["N12"].empty,
        "N13a": drivers is None,
        **dict.fromkeys(("N6", "N6b", "N6d"), comparison is None),
        **dict.fromkeys(("N14", "N14a"), since is None),
    }
    return tuple(
        PlanTable(number, name, say(title), _note(run, number, missing.get(number, False), say), frames[number])
        for number, (name, title) in TITLES.items()
    )


def _check_years(target: int, plan: int, run: int) -> None:
    if target < run:
        raise UsageError(
            f"{target} is before {run}, the base year of the run. Use {run} or a later year.", parameter="year"
        )
    if target < plan:
        raise UsageError(f"{target} is before {plan}, the base year of the plan. Use a later year.", parameter="year")


def _note(run: Analysis, number: str, is_missing: bool, say: Words) -> str:
    counts = _counts(run, say) if number == "N1" else []
    texts = [BY_THE_RULE if number in BY_RULE else "", NOTES.get(number, ""), MISSING[number] if is_missing else ""]
    return " ".join([*counts, *(say.say(text) for text in texts if text)])


def _counts(run: Analysis, say: Words) -> list[str]:
    """Return how many units the tables are about, and which of the fleet they are not about."""
    found, year = run.inventory, run.projection.settings.base_year
    counts = {"operating": say.number(found.operating), "later": say.number(found.construction)}
    return list(filter(None, [say(SOURCES, year=year, **counts), outside_text(found, say)]))
