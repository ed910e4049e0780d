"""The chapter of a run: made from its numbers, written into its folder."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hginventory.errors import UsageError
from hginventory.files import new_file
from hginventory.report.chapter.annexes import annexes
from hginventory.report.chapter.measures_sections import measures_sections
from hginventory.report.chapter.result_sections import result_sections
from hginventory.report.chapter.subject import Subject
from hginventory.report.chapter.word_document import WordDocument
from hginventory.report.figures import decision_figures, driver_figures, figures, with_credit
from hginventory.report.plan import (
    BETWEEN,
    PLAN_FORMAT,
    PlanOrder,
    PlanTable,
    ordered_tables,
    plan_of_run,
    printed_parts,
)
from hginventory.report.record import RunRecord, enter_report, read_record
from hginventory.report.tables import BASELINE, DecisionResults, decision_results
from hginventory.report.text import UNITS, Words, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

FILE, CHAPTER_FORMAT = "chapter.docx", "docx"


@dataclass(frozen=True)
class Chapter:
    """A chapter.

    Attributes
    ----------
    content : bytes
        Of the Word file.
    missing_glyphs : str
        Characters that no font of this machine has: programs that show the PNG of a figure show boxes for them.
    """

    content: bytes
    missing_glyphs: str


def make_chapter(
    run: Analysis,
    order: PlanOrder,
    *,
    date: str = "",
    template: str | Path | None = None,
    tables: Sequence[PlanTable] | None = None,
) -> Chapter:
    """Return the chapter of a run; equal runs, orders, dates and templates give equal bytes.

    Parameters
    ----------
    run : Analysis
        The run.
    order : PlanOrder
        Language, scenarios and target.
    date : str
        Date of the chapter, as 2026-11-30; empty: none.
    template : str or Path, optional
        Word document whose styles are used.
    tables : sequence of PlanTable, optional
        What `report.plan.ordered_tables` returned for the order; default: made now.

    Raises
    ------
    UsageError
        If the date cannot be read, or the template is not a Word document.
    """
    words = words_in(order.language)
    shown_date = _shown_date(date, words)
    document = WordDocument(words, template)
    made = ordered_tables(run, order) if tables is None else tables
    found = _with_scenarios(decision_results(run), order)
    further = with_credit(driver_figures(found, words) | decision_figures(found, words), run, words)
    subject = Subject(
        run, words, order, {part.number: part for part in printed_parts(made)}, found,
        figures(run, order.language) | further, shown_date, document,
    )  # fmt: skip
    title = words("Mercury emissions from {units}: {fleet}", units=words(UNITS[run.headline.totals[-1].sector]),
                  fleet=run.projection.settings.fleet_label)  # fmt: skip
    contents = result_sections(subject, title)
    measures_sections(subject)
    annexes(subject)
    document.fill_contents(contents)
    document.footer(" - ".join(filter(None, [run.projection.settings.fleet_label, shown_date])))
    return Chapter(document.file(title), "".join(sorted(subject.missing)))


def _with_scenarios(found: DecisionResults, order: PlanOrder) -> DecisionResults:
    """Return what can be done, with the scenarios of the plan in place of the examples."""
    if not order.scenarios or found.is_part or found.comparison is None:
        return found
    return replace(found, comparison=found.run.compare([BASELINE, *order.scenarios]))


def write_chapter(
    run: Analysis, record: RunRecord, order: PlanOrder, *, date: str = "", template: str | Path | None = None
) -> tuple[Path, str]:
    """Write the chapter of a run and the plan tables that it cites into the run folder; enter both into its record.

    Parameters
    ----------
    run : Analysis
        The run of the folder.
    record : RunRecord
        The folder.
    order, template
        As in `make_chapter`.
    date : str
        Date of the chapter; empty: the day on which the run was made, as its log has it.

    Returns
    -------
    tuple of Path and str
        The file, and the characters that no font of this machine has.
    """
    on = date or record.log.get("finished", "")[:10]
    tables = ordered_tables(run, order)
    made = make_chapter(run, order, date=on, template=template, tables=tables)
    plan_of_run(run, record, order, tables=tables)
    target = record.folder / FILE
    with new_file(target) as new:
        new.write_bytes(made.content)
    entry = order.entry(None)
    extra = {name: text for name, text in entry.items() if name not in ("format", "language")} | {"date": on}
    if template is not None:
        extra["template"] = Path(template).name
    enter_report(read_record(record.folder), FILE, CHAPTER_FORMAT, order.language, **extra)
    return target, made.missing_glyphs


def order_of_folder(record: RunRecord, language: str) -> PlanOrder:
    """Return the target and the scenarios of the plan tables in a run folder; none where it has no such tables.

    Parameters
    ----------
    record : RunRecord
        The folder. Files of scenarios are looked for in it.
    language : str
        Language of the order.

    Raises
    ------
    UsageError
        If the plan tables were made with a scenario whose file is not in the folder.
    """
    entry = next((one for one in record.reports.values() if one["format"] == PLAN_FORMAT), None)
    if entry is None:
        return PlanOrder(language)
    named = [name for name in entry.get("scenarios", "").split(BETWEEN) if name]
    inside = {PurePosixPath(name).name: record.folder / name for name in record.reports}
    files = {name: inside.get(name, record.folder / name) for name in named if Path(name).suffix}
    gone = [name for name, path in files.items() if not path.is_file()]
    if gone:
        raise UsageError(
            f"{record.folder}: its plan tables were made with {', '.join(gone)}, which is not in the folder. Name the "
            "scenarios again, with the path of the file.",
            parameter="scenarios",
        )
    bare = {name: text for name, text in entry.items() if name not in ("scenarios", "since")}
    order = PlanOrder.of(bare) or PlanOrder()
    return replace(order, language=language, scenarios=tuple(str(files.get(name, name)) for name in named))


def _shown_date(date: str, words: Words) -> str:
    """Return a date as the language writes it."""
    from babel.dates import format_date

    try:
        return format_date(datetime.date.fromisoformat(date), "long", locale=words.language) if date else ""
    except ValueError:
        raise UsageError(f"{date!r} is not a date. Write it as 2026-11-30.", parameter="date") from None
