"""The sections on what can be done: options, targets, Article 8, published totals, limits of the data."""

from __future__ import annotations

from collections import Counter

from hginventory.inputs.findings import CODES
from hginventory.report.chapter.result_sections import coverage_sentences
from hginventory.report.chapter.subject import BODY_ROWS, Subject
from hginventory.report.figures import sentences
from hginventory.report.plan import PlanTable
from hginventory.report.record import PLAN_FOLDER
from hginventory.report.tables import CURVE, LIMITS, SCENARIOS
from hginventory.report.text import published_text, study_sentence

FEW_ROWS = 3  # of sentences and lists
SCENARIO_TABLES = {"N6": BODY_ROWS, "N6e": BODY_ROWS, "N6f": BODY_ROWS, "N6g": BODY_ROWS,
                   "N6b": FEW_ROWS}  # rows that are written  # fmt: skip


def measures_sections(subject: Subject) -> None:
    """Write the sections."""
    _options(subject)
    _target(subject)
    _article8(subject)
    _published(subject)
    _limitations(subject)


def _options(subject: Subject) -> None:
    words, document = subject.words, subject.document
    document.section(
        words("What can be done at the largest sources"),
        words("The options of lowest cost per kilogram at the largest sources, and what each further kilogram costs."),
    )
    _best_options(subject)
    if not subject.add_figure("cost_curve"):
        document.text(subject.left_out(CURVE))
    limits = subject.figures.get("compliance")
    document.text(subject.left_out(LIMITS) if limits is None else f"{limits.title}.")
    document.bullets(sentences(subject.found, words))


def _best_options(subject: Subject) -> None:
    """Write the option of lowest cost per kilogram at each of the largest sources; of most mercury without prices."""
    words = subject.words
    avoided, costs = subject.tables["N8b"], subject.tables["N8c"]
    if avoided.table.empty:
        subject.add_plan_table("N8b")
        return
    keys = ["source_name", "measure"]
    cost_names = [name for name in ("usd_per_kg", "usd_per_kg_low", "usd_per_kg_high") if name in costs.table]
    drawn = [name for name in avoided.table if str(name).startswith("avoided_kg_per_yr")]
    table = avoided.table[[*keys, *drawn]].merge(costs.table[[*keys, *cost_names]], on=keys, how="left")
    table = table[table["avoided_kg_per_yr"] > 0]
    order = {name: rank for rank, name in enumerate(table["source_name"].unique())}
    by = [*cost_names[:1], "avoided_kg_per_yr"]
    best = table.sort_values(by, ascending=[True] * (len(by) - 1) + [False], kind="stable").drop_duplicates(
        "source_name"
    )
    best = best.sort_values("source_name", key=lambda names: names.map(order), kind="stable")
    subject.add_table(
        PlanTable("N8b", "", words("Option of lowest cost per kilogram at each of the sources ranked highest"),
                  subject.tables["N8b"].note, best.reset_index(drop=True)),
        BODY_ROWS, f"{PLAN_FOLDER}/N8c_{costs.name}.csv",
    )  # fmt: skip


def _target(subject: Subject) -> None:
    words, document = subject.words, subject.document
    document.section(words("A plan for a target"), _target_sentence(subject))
    subject.add_plan_table("N6a")
    subject.add_plan_table("N6h")
    if subject.order.scenarios:
        for number, rows in SCENARIO_TABLES.items():
            subject.add_plan_table(number, rows)
    else:
        document.text(
            words(
                "No plan was named. The command 'hginv optimize' finds the plan of least cost for a target, and "
                "'hginv chapter' with a target puts it here. The scenarios in the figure are examples."
            )
        )
        subject.printed |= set(SCENARIO_TABLES)
    if not subject.add_figure("wedges"):
        document.text(subject.left_out(SCENARIOS))


def _target_sentence(subject: Subject) -> str:
    """Return what the target asks for, compared with the base year; what is missing where no source emits."""
    words, table = subject.words, subject.tables["N6a"].table
    if table.empty:
        return words("A target needs sources that emit in the base year.")
    row = table.iloc[0]
    numbers = {
        "percent": words.percent(row["target_percent"] / 100.0), "reference": row["reference_year"],
        "kg": words.number(row["reference_kg"]), "allowed": words.number(row["allowed_kg"]), "year": row["target_year"],
        "without": words.number(subject.tables["N6h"].table["as_it_would_be_kg"].iloc[0]),
    }  # fmt: skip
    if subject.order.target is None:
        told = words(
            "An example of a target, {percent} less than the {kg} kg of {reference}: {allowed} kg in {year}, when "
            "{without} kg would be emitted without a plan.",
            **numbers,
        )
    else:
        told = words(
            "The target is {percent} less than the {kg} kg of {reference}: {allowed} kg in {year}, when {without} kg "
            "would be emitted without a plan.",
            **numbers,
        )
    if not row["past_age_kg"] > 0:
        return told
    past = words(
        "Units past their lifetime, {kg} kg in {reference}, are not included: the retirement rule closes them.",
        kg=words.number(row["past_age_kg"]), reference=row["reference_year"],
    )  # fmt: skip
    return f"{told} {past}"


def _article8(subject: Subject) -> None:
    document = subject.document
    document.section(
        subject.words("Article 8: sources that are covered"),
        subject.words(
            "The smallest sets of sources with 75 % of the emissions of each category, and the dates of Article 8."
        ),
    )
    document.bullets(list(coverage_sentences(subject)))
    for number in ("N4", "N5a"):
        subject.add_plan_table(number)


def _published(subject: Subject) -> None:
    words, document, run = subject.words, subject.document, subject.run
    document.section(
        words("Published totals next to this inventory"),
        words("What others published for the same country and categories, compared with this inventory."),
    )
    told = [published_text(total, words) for total in run.published_totals]
    told += [study_sentence(study, words) for study in run.headline.studies]
    document.bullets(told)
    if not told:
        subject.add_plan_table("N12a")


def _limitations(subject: Subject) -> None:
    words, document, run = subject.words, subject.document, subject.run
    document.section(
        words("Limits of the data"),
        words("What the data do not contain, and what was noted while reading and computing."),
    )
    if not run.projection.measured:
        document.text(words("No measurements were compared. Fill in the sheet Measurements of the workbook."))
    counts: Counter[str] = Counter()
    for finding in run.findings:
        counts[finding.code] += finding.count
    if not counts:
        document.text(words("Nothing was noted while reading and computing."))
        return
    document.table(
        words("What was noted while reading and computing"),
        [words("Code"), words("Meaning"), words("Remedy"), words("Places")],
        [
            [code, words.say(CODES[code].meaning), words.say(CODES[code].remedy), words.number(count)]
            for code, count in sorted(counts.items())
        ],
        [True, True, True, False],
        note=words("Every cell is listed in findings.csv."),
    )
