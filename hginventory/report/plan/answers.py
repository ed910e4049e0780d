"""N11: the Article 21 answer sheet, with what the engine can answer and what a person must still fill in."""

from __future__ import annotations

import pandas as pd

from hginventory.decisions.compare import Comparison
from hginventory.projection import Projection
from hginventory.report.plan.clocks import Clocks
from hginventory.report.plan.national import HUMAN

# Question on Article 8, what answers it, table of the evidence, what a person must add.
QUESTIONS = (
    ("8.1", "New sources: are best available techniques and best environmental practices required?", "new", "N5", "law and permits"),
    ("8.2", "Existing sources: which measures of paragraph 5 (a) to (e) are taken?", "measures", "N6", "measures in force, progress made"),
    ("8.2", "Existing sources: are measures in place within ten years of entry into force?", "in time", "N5", "state of the measures"),
    ("8.3", "Is there an inventory of emissions from relevant sources, and when was it last updated?", "inventory", "N2, N3", "adoption and publication"),
    ("8.4", "Are criteria used under paragraph 2(b), and do they cover 75 per cent of the category?", "criteria", "N4", "the criteria themselves"),
    ("8.5", "Is there a national plan under paragraph 3, submitted within four years?", "plan", "N5", "the plan and its date"),
)  # fmt: skip


def answer_sheet(
    projection: Projection, clocks: Clocks, coverage: pd.DataFrame, classes: pd.DataFrame, comparison: Comparison | None
) -> pd.DataFrame:
    """Return N11: the questions on Article 8 of the reporting format, each with a draft answer and its evidence.

    Parameters
    ----------
    projection : Projection
        The run.
    clocks : Clocks
        Dates of the Party.
    coverage, classes : DataFrame
        N4 and N5.
    comparison : Comparison, optional
        Scenarios, where there are any.
    """
    units = projection.units
    counts = classes["source_class"].value_counts()
    year = projection.settings.base_year
    total = float(units["air_base_year_kg"].sum())
    sets = "; ".join(
        f"{row['category']}: {row['smallest_set_size']} of {row['units_total']} sources hold {row['covered_share']:.0%}"
        for row in coverage.to_dict("records")
    )
    scenarios = comparison.table.to_dict("records") if comparison else []
    avoided = "; ".join(f"{row['scenario']}: {row['avoided_t']:.1f} t" for row in scenarios)
    sources = int(units["operates_in_base_year"].sum())
    blank = "Settings!entry_into_force is blank"
    drafts = {
        "new": f"{counts.get('new', 0)} new sources by construction start, {counts.get('unknown', 0)} not known",
        "measures": f"measures looked at: {avoided}" if avoided else "no scenario was given",
        "in time": f"due {clocks.existing_due}" if clocks.existing_due else blank,
        "inventory": f"{total:,.0f} kg to air in {year} from {sources} sources, method by unit in N2",
        "criteria": sets,
        "plan": f"due {clocks.plan_due}" if clocks.plan_due else blank,
    }
    rows = [(*question, drafts[about], evidence, needed) for *question, about, evidence, needed in QUESTIONS]
    return pd.DataFrame(
        [
            {
                "question_id": number,
                "question": question,
                "answer": HUMAN,
                "draft_from_numbers": draft,
                "evidence_table": evidence,
                "needs_human_input": needed,
            }
            for number, question, draft, evidence, needed in rows
        ]
    )
