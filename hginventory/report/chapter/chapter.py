"""The chapter of a run: made from its numbers, written into its folder."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hginventory.errors import UsageError
from hginventory.report.chapter.annexes import annexes
from hginventory.report.chapter.measures_sections import measures_sections
from hginventory.report.chapter.result_sections import result_sections
from hginventory.report.chapter.styles import opened
from hginventory.report.chapter.subject import Subject
from hginventory.report.chapter.word_document import WordDocument
from hginventory.report.figures import decision_figures, driver_figures, figures, with_credit
from hginventory.report.plan import (
    BETWEEN,
    PLAN_FORMAT,
    PlanOrder,
    PlanTable,
    ordered_comparison,
    ordered_tables,
    plan_files,
    plan_of_run,
    printed_parts,
)
from hginventory.report.record import RunRecord, add_reports, changing
from hginventory.report.tables import DecisionResults, decision_results
from hginventory.report.text import ENGLISH, UNITS, Words, fleet_text, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.decisions.scenarios import Comparison
    from hginventory.report.record import Difference

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


@dataclass(frozen=True)
class ChapterParts:
    """What a chapter shows, computed once for the chapter and for the files that it cites.

    Attributes
    ----------
    comparison : Comparison or None
        The scenarios of the plan compared with each other; None without scenarios.
    tables : tuple of PlanTable
        Tables of the plan.
    found : DecisionResults
        What can be done, and what drives the uncertainty; its scenarios are those of the page.
    since : Difference or None
        What changed since an earlier run.
    """

    comparison: Comparison | None
    tables: tuple[PlanTable, ...]
    found: DecisionResults
    since: Difference | None = None

    @property
    def shown(self) -> DecisionResults:
        """What can be done, with the scenarios of the plan in place of the examples."""
        if self.comparison is None or self.found.is_part or self.found.comparison is None:
            return self.found
        return replace(self.found, comparison=self.comparison)


def make_chapter(
    run: Analysis,
    order: PlanOrder,
    *,
    date: str = "",
    template: str | Path | None = None,
    parts: ChapterParts | None = None,
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
    parts : ChapterParts, optional
        What `chapter_parts` returned for the order; default: computed now.

    Raises
    ------
    UsageError
        If the date cannot be read, or the template is not a Word document.
    """
    words = words_in(order.language)
    shown_date = _shown_date(date, words)
    document = WordDocument(words, template)
    known = chapter_parts(run, order) if parts is None else parts
    found = known.shown
    further = with_credit(driver_figures(found, words) | decision_figures(found, words), run, words)
    subject = Subject(
        run, words, order, {part.number: part for part in printed_parts(known.tables)}, found,
        figures(run, order.language) | further, shown_date, document,
    )  # fmt: skip
    label = fleet_text(run.projection.settings.fleet_label, words)
    title = words("Mercury emissions from {units}: {fleet}", units=words(UNITS[run.headline.totals[-1].sector]),
                  fleet=label)  # fmt: skip
    contents = result_sections(subject, title)
    measures_sections(subject)
    annexes(subject)
    document.fill_contents(contents)
    document.footer(" - ".join(filter(None, [label, shown_date])))
    return Chapter(document.file(title), "".join(sorted(subject.missing)))


def check_chapter(date: str, template: str | Path | None) -> None:
    """Raise where no chapter can have this date or this template: before the work, so that none is done in vain.

    Parameters
    ----------
    date, template
        As in `make_chapter`.

    Raises
    ------
    UsageError
        If the date or the template cannot be used.
    UnreadableFileError
        If the template is not a plain file.
    """
    _shown_date(date, ENGLISH)
    opened(template)


def chapter_parts(
    run: Analysis, order: PlanOrder, *, since: Difference | None = None, found: DecisionResults | None = None
) -> ChapterParts:
    """Compute what a chapter shows.

    Parameters
    ----------
    run, order
        As in `make_chapter`.
    since : Difference, optional
        What changed since an earlier run, for table N14.
    found : DecisionResults, optional
        What `report.tables.decision_results` returned for the run; default: computed now.
    """
    comparison = ordered_comparison(run, order)
    tables = ordered_tables(run, order, since, comparison)
    return ChapterParts(comparison, tables, decision_results(run) if found is None else found, since)


def write_chapter(
    run: Analysis,
    record: RunRecord,
    order: PlanOrder,
    *,
    date: str = "",
    template: str | Path | None = None,
    since: Difference | None = None,
    found: DecisionResults | None = None,
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
    since, found
        As in `chapter_parts`.

    Returns
    -------
    tuple of Path and str
        The file, and the characters that no font of this machine has.
    """
    check_chapter(date, template)
    record.check_unchanged([FILE])
    on = date or record.log.get("finished", "")[:10]
    parts = chapter_parts(run, order, since=since, found=found)
    made = make_chapter(run, order, date=on, template=template, parts=parts)
    entry = order.entry(since) | {"format": CHAPTER_FORMAT, "date": on}
    if template is not None:
        entry["template"] = Path(template).name
    with changing(record, [FILE, *plan_files(record, parts.tables)]) as own:
        plan_of_run(run, own, order, since, parts.tables)
        add_reports(own, entry, lambda new: (new / FILE).write_bytes(made.content))
    return record.folder / FILE, made.missing_glyphs


def order_of_folder(record: RunRecord, asked: PlanOrder, *, since: Difference | None = None) -> PlanOrder:
    """Return an order in which what was not asked is that of the plan tables in a run folder, where it has them.

    Parameters
    ----------
    record : RunRecord
        The folder. Files of scenarios are looked for in it.
    asked : PlanOrder
        What is asked.
    since : Difference, optional
        What changed since an earlier run, where that is asked.

    Raises
    ------
    UsageError
        If the plan tables were made with a scenario whose file is not in the folder and no scenario is asked, or
        compared with an earlier run and none is named.
    """
    entry = next((one for one in record.reports.values() if one["format"] == PLAN_FORMAT), None)
    if entry is None:
        return asked
    if since is None and "since" in entry:
        raise UsageError(
            f"{record.folder}: its plan tables were compared with an earlier run (inventory version {entry['since']}). "
            "Name the folder of that run again.",
            parameter="since",
        )
    listed = "" if asked.scenarios else entry.get("scenarios", "")
    named = [name for name in listed.split(BETWEEN) if name]
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
    former = PlanOrder.of(bare) or PlanOrder()
    return PlanOrder(
        asked.language,
        asked.scenarios or tuple(str(files.get(name, name)) for name in named),
        asked.percent or former.percent,
        asked.year or former.year,
        asked.base_year or former.base_year,
    )


def _shown_date(date: str, words: Words) -> str:
    """Return a date as the language writes it."""
    from babel.dates import format_date

    try:
        return format_date(datetime.date.fromisoformat(date), "long", locale=words.language) if date else ""
    except ValueError:
        raise UsageError(f"{date!r} is not a date. Write it as 2026-11-30.", parameter="date") from None
