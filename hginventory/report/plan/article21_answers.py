"""N11: the Article 21 answer sheet, with draft answers from the numbers and what a person must still fill in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from hginventory.decisions.scenarios import Comparison
from hginventory.projection import Projection, unknown_life_kg
from hginventory.report.plan.article8_dates import NEW, UNKNOWN_CLASS, Clocks
from hginventory.report.plan.code_words import in_words
from hginventory.report.plan.measures import HUMAN
from hginventory.report.text import Words, unknown_life_text

NO_DATE = "no common date of entry into force; see table N5a"
NO_SCENARIO = "no scenario was given"
DUE = "due {date}"
BAT_DUE = "{count} new sources by start of construction; not known for {unknown} sources; best techniques due {date}"
LOOKED_AT = "measures considered, and emissions avoided in {year}: {measures}"
AVOIDS = "{scenario}: {amount} kg"
PROGRESS = "emissions to air without further measures, of units within their lifetime: {years}"
PAST_AGE = "units past their lifetime emit another {amount} kg in {year}; the rule closes them after that year"
IN_YEAR = "{year}: {amount} kg"
INVENTORY = "emissions to air of {amount} kg in {year} from {sources} sources; method by unit in N2c"
CRITERIA = "{category}: {criterion} account for {share}"
SENTENCES = (NO_DATE, NO_SCENARIO, DUE, BAT_DUE, LOOKED_AT, AVOIDS, PROGRESS, PAST_AGE, IN_YEAR, INVENTORY, CRITERIA)
STEP = 5  # years between those in which progress is shown
TOLD_YEARS = 4


@dataclass(frozen=True)
class AnswerDraft:
    """The draft answer to a question: words, and the number they are based on with its unit and its row.

    The row is given as ``column = value``; blank: the whole table. Emissions of units past their lifetime in the base
    year [kg] are given with a change over time, which leaves them out.
    """

    words: str
    number: float = float("nan")
    unit: str = ""
    row: str = ""
    past_age_kg: float = float("nan")


# Number, question on Article 8, what answers it, table of the evidence, what a person must add.
QUESTIONS = (
    ("8.1", "New sources: are best available techniques and best environmental practices required?", "new", "N5", "law and permits"),
    ("8.2", "Existing sources: which measures of paragraph 5 (a) to (e) are taken?", "measures", "N6", "measures in force, progress made"),
    ("8.2", "Existing sources: how do emissions change over time?", "progress", "N6a", "measures in force and what they have achieved"),
    ("8.2", "Existing sources: are measures in place within ten years of entry into force?", "in time", "N5a", "state of the measures"),
    ("8.3", "Is there an inventory of emissions from relevant sources, and when was it last updated?", "inventory", "N2", "adoption and publication"),
    ("8.4", "Are criteria used under paragraph 2(b), and do they cover 75 per cent of the category?", "criteria", "N4", "the criteria themselves"),
    ("8.5", "Is there a national plan under paragraph 3, submitted within four years?", "plan", "N5a", "the plan and its date"),
)  # fmt: skip


def answer_sheet(
    projection: Projection,
    clocks: Clocks,
    coverage: pd.DataFrame,
    classes: pd.DataFrame,
    comparison: Comparison | None,
    year: int,
    words: Words,
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
    year : int
        Year in which measures are looked at.
    words : Words
        Language of the answers.
    """
    drafts = {
        "new": _new(clocks, classes, words),
        "measures": _measures(comparison, year, words),
        "progress": _progress(projection, year, words),
        "in time": _due(clocks.existing_due, words),
        "inventory": _inventory(projection, words),
        "criteria": _criteria(coverage, words),
        "plan": _due(clocks.plan_due, words),
    }
    return pd.DataFrame(
        [
            {
                "question_id": number,
                "question": words(question),
                "answer": words(HUMAN),
                "draft": drafts[about].words,
                "number": drafts[about].number,
                "number_unit": drafts[about].unit,
                "past_age_kg": drafts[about].past_age_kg,
                "evidence_table": evidence,
                "evidence_row": drafts[about].row,
                "needs_human_input": words(needed),
            }
            for number, question, about, evidence, needed in QUESTIONS
        ]
    )


def _due(day: object, words: Words) -> AnswerDraft:
    return AnswerDraft(words(DUE, date=day) if day else words(NO_DATE))


def _new(clocks: Clocks, classes: pd.DataFrame, words: Words) -> AnswerDraft:
    if clocks.new_source_from is None:
        return AnswerDraft(words(NO_DATE))
    new, unknown = (int(classes["source_class"].eq(kind).sum()) for kind in (NEW, UNKNOWN_CLASS))
    text = words(BAT_DUE, count=words.number(new), unknown=words.number(unknown), date=clocks.new_bat_due)
    return AnswerDraft(text, new, "units", f"source_class = {NEW}" if new else "")


def _measures(comparison: Comparison | None, year: int, words: Words) -> AnswerDraft:
    if comparison is None:
        return AnswerDraft(words(NO_SCENARIO))
    in_year = comparison.years[comparison.years["year"] == year].set_index("scenario")["avoided_kg"]
    avoided = {scenario: float(in_year.get(scenario, 0.0)) for scenario in comparison.chosen}
    best = max(avoided, key=lambda scenario: avoided[scenario])
    titles = dict(zip(comparison.table["scenario"], comparison.table["title"], strict=True))
    told = _listed(
        words(AVOIDS, scenario=titles[name] or name, amount=words.number(kg)) for name, kg in avoided.items()
    )
    return AnswerDraft(words(LOOKED_AT, year=year, measures=told), avoided[best], "kg", f"scenario = {best}")


def _progress(projection: Projection, target_year: int, words: Words) -> AnswerDraft:
    """Return the emissions over time of units within their lifetime; its number is of the target year, as in N6a."""
    yearly = dict(zip(map(int, projection.years), projection.yearly_kg.sum(axis=0), strict=True))
    baseline = float(yearly.get(target_year, 0.0))
    past = float(projection.past_age_kg.sum())
    years = sorted({*list(yearly)[::STEP][:TOLD_YEARS], *({target_year} & yearly.keys())})
    told = _listed(words(IN_YEAR, year=year, amount=words.number(float(yearly[year]))) for year in years)
    parts = [words(PROGRESS, years=told)]
    if past:
        ended = words(PAST_AGE, amount=words.number(past), year=projection.settings.base_year)
        unknown = unknown_life_text(unknown_life_kg(projection.units), words)
        parts.append(f"{ended}.{unknown}" if unknown else ended)
    return AnswerDraft(_listed(parts), baseline, "kg", f"target_year = {target_year}", past)


def _inventory(projection: Projection, words: Words) -> AnswerDraft:
    units, year = projection.units, projection.settings.base_year
    total, sources = float(units["air_base_year_kg"].sum()), int(units["operates_in_base_year"].sum())
    text = words(INVENTORY, amount=words.number(total), year=year, sources=words.number(sources))
    return AnswerDraft(text, total, "kg", f"year = {year}")


def _criteria(coverage: pd.DataFrame, words: Words) -> AnswerDraft:
    told = _listed(
        words(CRITERIA, category=in_words("annex_d_category", row["annex_d_category"], words), criterion=row["criterion"],
              share=words.percent(row["covered_share"]))
        for row in coverage.to_dict("records")
    )  # fmt: skip
    known = coverage.dropna(subset="covered_share").sort_values("covered_share", kind="stable")
    if known.empty:
        return AnswerDraft(told)
    lowest = known.iloc[0]
    return AnswerDraft(
        told, 100.0 * float(lowest["covered_share"]), "%", f"annex_d_category = {lowest['annex_d_category']}"
    )


def _listed(texts: Iterable[str]) -> str:
    return "; ".join(texts)
