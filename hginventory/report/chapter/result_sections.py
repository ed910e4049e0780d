"""The sections on what was found: key points, what was counted, totals, who emits, certainty, what to measure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from hginventory._version import __version__
from hginventory.decisions.ranking import COMBINED, KG_PER_T
from hginventory.decisions.sensitivity import LEAST_DRAWS
from hginventory.errors import HgInventoryError
from hginventory.projection import load_rule
from hginventory.report.chapter.subject import BODY_ROWS, Subject
from hginventory.report.tables import DRIVERS, result_tables
from hginventory.report.text import (
    UNITS,
    caution_sentences,
    cells_sentence,
    certainty_sentences,
    fleet_text,
    leading_sentences,
    outside_text,
    rule_text,
    totals_sentences,
)
from hginventory.translations import TranslatableText

KEY_SENTENCES = 6
FURTHER_FINDINGS = ("trajectory", "cost_curve", "balance")  # figures whose titles fill up the key points
SECOND_LIST_ROWS = 5
MOST_URGENT = 6  # drivers, cells and measurements
PLANT_COLUMNS = ("rank", "plant", "sector", "units", "air_base_year_kg", "lifetime_kg", "share", "cumulative_share")
UNIT_COLUMNS = ("rank", "plant", "unit", "air_kg_per_yr", "lifetime_kg", "lifetime_kg_p05", "lifetime_kg_p95",
                "end_year")  # fmt: skip
GAP_COLUMNS = ("factor", "sector", "emission_kg", "share_on_default", "share_on_recalled_or_judged")
MEASURE_COLUMNS = ("number", "kind", "plant", "units_served", "cell", "gain_right", "width_fall_t")
KINDS = {
    "coal_analysis": TranslatableText("analysis of the coal"),
    "limestone_analysis": TranslatableText("analysis of the limestone"),
    "stack_test": TranslatableText("measurement at the stack"),
}


def result_sections(subject: Subject, title: str) -> Any:
    """Write the sections and return the paragraph behind which the contents go.

    Parameters
    ----------
    subject : Subject
        The run and the document.
    title : str
        Title of the chapter.
    """
    frames = {sheet.sheet: sheet.frame for sheet in result_tables(subject.run)}
    contents = _front(subject, title)
    _counted(subject)
    _totals(subject)
    _emitters(subject, frames)
    _certainty(subject, frames)
    _drivers(subject, frames)
    return contents


def key_sentences(subject: Subject) -> list[str]:
    """Return the six sentences that a reader takes along, in the order of the sections."""
    facts, words = subject.run.headline, subject.words
    first, *others = facts.lists
    findings = {name: f"{figure.title}." for name, figure in subject.figures.items()}
    told = [
        totals_sentences(facts, words)[0],
        *leading_sentences(facts, first, words),
        " ".join(certainty_sentences(first, words)),
        *(own[0] for own in (leading_sentences(facts, one, words) for one in others) if own),
        findings.get("tornado", ""),
        cells_sentence(facts, words),
        *coverage_sentences(subject),
        *(findings.get(name, "") for name in FURTHER_FINDINGS),
    ]
    return [text for text in told if text][:KEY_SENTENCES]


def coverage_sentences(subject: Subject) -> Iterator[str]:
    """Yield how few sources have three quarters of the emissions of each category of Annex D."""
    words, run = subject.words, subject.run
    for row in run.coverage().to_dict("records"):
        if row["units_total"]:
            yield words(
                "{category}: the {n} largest of {of} sources account for {share} of emissions in {year}.",
                category=subject.in_words("annex_d_category", str(row["category"])),
                n=words.number(row["smallest_set_size"]), of=words.number(row["units_total"]),
                share=words.percent(row["covered_share"]), year=run.projection.settings.base_year,
            )  # fmt: skip


def _front(subject: Subject, title: str) -> Any:
    words, run, document = subject.words, subject.run, subject.document
    settings = run.projection.settings
    version = words(
        "Base year {year}. Inventory version {version}, hginventory {program}, factor set {factors}.",
        year=settings.base_year, version=subject.version, program=__version__,
        factors=run.projection.library.version,
    )  # fmt: skip
    document.title(title, [words("Chapter for the national implementation plan (Minamata Convention, Article 8)"),
                           *filter(None, [subject.date]), version])  # fmt: skip
    if settings.notice:
        document.notice(fleet_text(settings.notice, words))
    contents = document.contents_here()
    document.section(words("Key points"), words("The main results; the sections below explain each of them."))
    document.bullets(key_sentences(subject))
    for text in caution_sentences(run.headline, words):
        document.notice(text)
    return contents


def _counted(subject: Subject) -> None:
    words, run, document = subject.words, subject.run, subject.document
    projection, found = run.projection, run.inventory
    settings = projection.settings
    counted = words(
        "Sources operating in {year}: {operating}; under construction: {later}.",
        operating=words.number(found.operating), later=words.number(found.construction), year=settings.base_year,
    )  # fmt: skip
    document.section(
        words("What was counted, and by whom"), " ".join(filter(None, [counted, outside_text(found, words)]))
    )
    document.text(words("Compiled by: add the institution, the persons and the date of approval here."))
    draws = words("{n}, seed {seed}", n=words.number(run.n_draws), seed=run.seed) if run.n_draws else words("none")
    rows = [
        (words("Fleet"), fleet_text(settings.fleet_label, words)),
        (words("Base year"), str(settings.base_year)),
        (words("Retirement rule"), words.tell(rule_text(load_rule(projection.library, settings.rule)))),
        (words("Removal profile"), settings.profile),
        (words("Units chosen"), settings.where or words("all")),
        (words("Monte Carlo draws"), draws),
    ]
    document.table(words("Settings of the inventory"), [words("Setting"), words("Value")], rows, [True, True])
    subject.add_plan_table("N1d")
    document.bullets([words.tell(one.text) for one in projection.fleet.attributions])


def _totals(subject: Subject) -> None:
    words, document = subject.words, subject.document
    document.section(
        words("How much is emitted"),
        words("Emissions to air in {year} and over the remaining lifetime of the sources, and how uncertain they are.",
              year=subject.run.headline.base_year),
    )  # fmt: skip
    for text in totals_sentences(subject.run.headline, words):
        document.text(text)
    if not subject.run.n_draws:
        document.text(words("No intervals: the run has no draws. The command 'hginv project' makes them."))
    subject.add_frame(
        totals_table(subject), words("Emissions to air in the base year and over the remaining lifetime"), BODY_ROWS,
        "results.xlsx", {"air_base_year_kg": words("Emissions to air in {year}", year=subject.run.headline.base_year)},
    )  # fmt: skip
    subject.add_figure("trajectory")


def totals_table(subject: Subject) -> pd.DataFrame:
    """Return the totals of each sector [kg], with their intervals where there are draws."""
    rows = []
    for total in subject.run.headline.totals:
        name = subject.words(UNITS[total.sector])
        row: dict[str, object] = {"sector": name[:1].upper() + name[1:], "air_base_year_kg": total.air_kg}
        if total.air_drawn is not None:
            row |= {"air_base_year_kg_p05": total.air_drawn.p05, "air_base_year_kg_p95": total.air_drawn.p95}
        row["lifetime_kg"] = total.lifetime_t * KG_PER_T
        drawn = total.lifetime_drawn
        if subject.run.n_draws:
            low, high = (math.nan, math.nan) if drawn is None else (drawn.p05, drawn.p95)
            row |= {"lifetime_kg_p05": low * KG_PER_T, "lifetime_kg_p95": high * KG_PER_T}
        rows.append(row)
    return pd.DataFrame(rows)


def _emitters(subject: Subject, frames: dict[str, pd.DataFrame]) -> None:
    words, document, facts = subject.words, subject.document, subject.run.headline
    document.section(
        words("Who emits"), words("The plants and units that account for most of the emissions, the largest first.")
    )
    for one in facts.lists:
        document.text(" ".join(leading_sentences(facts, one, words)))
    document.heading(words("Plants"), 2)
    title = words("Plants ranked highest by remaining-lifetime emissions")
    _ranked(subject, frames["Plants"], PLANT_COLUMNS, title, "Plants")
    subject.add_figure("places")
    document.heading(words("Units"), 2)
    title = words("Units ranked highest by remaining-lifetime emissions")
    _ranked(subject, frames["Ranking"], UNIT_COLUMNS, title, "Ranking")
    subject.add_figure("pareto")


def _ranked(subject: Subject, frame: pd.DataFrame, columns: tuple[str, ...], title: str, sheet: str) -> None:
    """Write the first rows of a ranking, of each list by itself."""
    words = subject.words
    lists = [name for name in subject.run.lists if name != COMBINED]
    names = [name for name in columns if name in frame]
    for number, name in enumerate(lists or [COMBINED]):
        own = frame[frame["sector"].eq(name)] if lists else frame
        if own.empty:
            continue
        told = f"{title}: {subject.in_words('sector', name)}" if len(lists) > 1 else title
        shown = own[names].drop(columns=["sector"] if lists and "sector" in names else [])
        most = SECOND_LIST_ROWS if number else BODY_ROWS
        subject.add_frame(shown, told, most, words("results.xlsx, sheet {sheet}", sheet=sheet), {})


def _certainty(subject: Subject, frames: dict[str, pd.DataFrame]) -> None:
    words, document, facts = subject.words, subject.document, subject.run.headline
    document.section(
        words("How certain the results are"),
        words("How certain the highest ranks are, and how much of the total is based on default values."),
    )
    for one in facts.lists:
        document.text(" ".join(certainty_sentences(one, words)))
    gaps = frames["Gaps"][list(GAP_COLUMNS)]
    gaps = gaps.assign(factor=[words.say(str(name)) for name in gaps["factor"]])
    subject.add_frame(
        gaps, words("Emissions in the base year that are based on default values"), len(gaps), "results.xlsx",
        {
            "factor": words("Input"), "emission_kg": words("Emissions to air"),
            "share_on_default": words("Based on default values"),
            "share_on_recalled_or_judged": words("Recalled or judged values"),
        },
    )  # fmt: skip
    if not (subject.add_figure("bars") or subject.add_figure("bars_kilns")):
        document.text(words("No unit is ranked, as no unit has emissions left."))


def _drivers(subject: Subject, frames: dict[str, pd.DataFrame]) -> None:
    words, document = subject.words, subject.document
    document.section(
        words("What drives the uncertainty, and what to measure first"),
        words(
            "The inputs that explain most of the uncertainty, and the cells and measurements that would reduce it most."
        ),
    )
    if not subject.add_figure("tornado"):
        document.text(subject.left_out(DRIVERS))
        subject.add_plan_table("N13a", MOST_URGENT)
    document.text(cells_sentence(subject.run.headline, words))
    cells = frames["Cells_to_fill"]
    if cells.empty:
        document.text(words("No cell that matters is blank."))
    else:
        subject.add_frame(
            cells[["place", "plant", "units_served", "lifetime_kg", "relative_spread"]],
            words("Blank cells to fill in first"), MOST_URGENT,
            words("results.xlsx, sheet {sheet}", sheet="Cells_to_fill"),
            {"place": words("Cell"), "units_served": words("Units that it serves"),
             "relative_spread": words("Relative standard deviation now")},
        )  # fmt: skip
    _measurements(subject)


def _measurements(subject: Subject) -> None:
    """Write the measurements worth most, or the command that ranks them."""
    words, run = subject.words, subject.run
    try:
        plan = run.sampling_plan() if run.n_draws >= LEAST_DRAWS else None
    except HgInventoryError:  # of a unit the remaining lifetime is not known
        plan = None
    if plan is None or plan.table.empty:
        subject.document.text(words("No measurements are ranked for this run. See 'hginv measure'."))
        return
    table = plan.table[list(MEASURE_COLUMNS)]
    subject.add_frame(
        table.assign(
            number=table["number"].map(words.number),
            kind=[words.tell(KINDS[kind]) for kind in table["kind"]],
            gain_right=[words.number(gain, 2) for gain in table["gain_right"]],
            width_fall_t=table["width_fall_t"].map(words.number),
        ),
        words("Measurements that would narrow the ranking most"), MOST_URGENT, "'hginv measure'",
        {
            "number": words("No."), "kind": words("Measurement"), "cell": words("Cell for the result"),
            "units_served": words("Units that it serves"),
            "gain_right": words("More of the top {n} right", n=plan.top),
            "width_fall_t": words("90 % interval of the total narrower by [t]"),
        },
    )  # fmt: skip
