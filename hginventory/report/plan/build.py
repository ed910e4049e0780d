"""All plan tables of a run, by number and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.decisions.compare import Comparison
from hginventory.decisions.options import Catalogue
from hginventory.report.plan import national, registers
from hginventory.report.plan.answers import answer_sheet
from hginventory.report.plan.clocks import Clocks
from hginventory.report.tables import factors_used

if TYPE_CHECKING:
    from hginventory.run import Run

TARGET_PERCENT, TARGET_YEAR = 50.0, 2035
TITLES: Mapping[str, tuple[str, str]] = {  # number -> name of the file, title
    "N1": ("source_register", "Source register (Article 8(2), Annex D)"),
    "N2": ("unit_inventory", "Inventory by source (Article 8(7))"),
    "N3": ("toolkit_summary", "National summary in UNEP Toolkit categories"),
    "N4": ("coverage_test", "75 per cent of each category (Article 8(2)(b))"),
    "N5": ("new_existing_deadlines", "New and existing sources, and deadlines"),
    "N6": ("measures", "Measures and what they avoid (Article 8(4) and (5))"),
    "N6a": ("target_line", "Target against the base year and against no plan"),
    "N6b": ("action_matrix", "Action matrix"),
    "N6c": ("by_province", "Mercury by province"),
    "N7": ("lifetime_ranking", "Remaining mercury and rank"),
    "N8": ("cost_effectiveness", "Options at the largest sources and cost per mercury (Article 13(8))"),
    "N9": ("cross_media_balance", "Where the mercury goes (Articles 8(8)(a), 9(6), 11)"),
    "N10": ("limit_check", "Sources beside the limits of their country"),
    "N11": ("article_21_answers", "Article 21 answer sheet"),
    "N12": ("other_estimates", "Comparison with other estimates"),
    "N13": ("factor_register", "Factor register"),
    "N14": ("recalculation_log", "Recalculation log"),
}


NOTES: Mapping[str, str] = {  # number -> what to know where something was not given
    "N5": "Settings!entry_into_force is blank, so no date can be worked out.",
    "N6": "No scenario was given; add them with --scenario.",
    "N14": "No earlier run was given; add one with --since.",
}
WORDS: Mapping[str, tuple[str, ...]] = {  # number -> columns whose cells are sentences for people
    "N4": ("criterion",),
    "N6a": ("reading",),
    "N6b": ("agency", "end", "indicator"),
    "N11": ("question", "answer", "needs_human_input"),
}


@dataclass(frozen=True)
class PlanTable:
    """A table of a plan.

    Attributes
    ----------
    number, name : str
        As N3 and ``toolkit_summary``.
    title, note : str
        What it holds, and what to know.
    table : DataFrame
        The rows.
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
    run: Run,
    *,
    comparison: Comparison | None = None,
    target: Target | None = None,
    log: pd.DataFrame | None = None,
) -> tuple[PlanTable, ...]:
    """Return the tables N1 to N14 of a national implementation plan.

    Parameters
    ----------
    run : Run
        The run.
    comparison : Comparison, optional
        Scenarios, for the measures.
    target : Target, optional
        The target of the plan; default: 50 percent by 2035, as an example to change.
    log : DataFrame, optional
        What changed since an earlier run.
    """
    projection, sure = run.projection, run.certainty
    stated = projection.fleet.settings.get("entry_into_force")
    clocks = Clocks.of(str(stated.value) if stated and stated.value else None, projection.library)
    goal = target or Target()
    coverage = national.coverage_test(projection, sure)
    classes = registers.new_and_existing(projection, clocks)
    line = national.target_line(projection, goal.percent, goal.year, goal.base_year or projection.settings.base_year)
    empty_log = pd.DataFrame(columns=["unit_id", "change", "reason", "before_kg", "after_kg"])
    missing = {"N5": clocks.entry_into_force is None, "N6": comparison is None, "N14": log is None}
    notes = {number: NOTES[number] for number, is_missing in missing.items() if is_missing}
    version, base_year = projection.library.version, projection.settings.base_year
    frames = {
        "N1": registers.source_register(projection),
        "N2": registers.unit_inventory(projection, sure, version),
        "N3": national.toolkit_summary(projection, sure),
        "N4": coverage,
        "N5": classes,
        "N6": national.measures(comparison, base_year),
        "N6a": line,
        "N6b": national.action_matrix(comparison),
        "N6c": national.by_province(projection),
        "N7": registers.lifetime_ranking(projection, sure),
        "N8": registers.cost_table(Catalogue(projection, sure=sure)),
        "N9": registers.cross_media(projection),
        "N10": registers.limit_check(projection, sure),
        "N11": answer_sheet(projection, clocks, coverage, classes, comparison),
        "N12": national.other_estimates(projection),
        "N13": factors_used(projection),
        "N14": empty_log if log is None else log,
    }
    return tuple(PlanTable(number, *TITLES[number], notes.get(number, ""), table) for number, table in frames.items())
