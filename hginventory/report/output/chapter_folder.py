"""One folder with all that a chapter of a national plan needs, and an index that says what each file is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hginventory.decisions.limits import summarise_limits
from hginventory.decisions.optimisation import Plan, Rules, make_goal, make_plan
from hginventory.decisions.options import Catalogue
from hginventory.decisions.plants import dossier, dossier_tables, shortlist
from hginventory.errors import HgInventoryError
from hginventory.files import new_version, recover
from hginventory.report.chapter import check_chapter, write_chapter
from hginventory.report.excel import WORKBOOK_FORMAT
from hginventory.report.output.command_folder import check_place, write_into_place
from hginventory.report.output.run_folder import check_folder, folder_of, save
from hginventory.report.page import begin_bundle, write_page
from hginventory.report.plan import PlanOrder
from hginventory.report.record import (
    INDEX,
    LAST_PLAN,
    MANIFEST,
    PLACES,
    PLAN_FILE,
    PLAN_PLACE,
    FoundScenarios,
    RunRecord,
    is_of_record,
    read_record,
    scenarios_in,
    write_index,
)
from hginventory.report.tables import decision_results
from hginventory.report.text import Words, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

SHORTLISTED = 3
OF_CHAPTER = (INDEX, "chapter.docx", "report.html")  # beside what a run writes
LIMITS, SHORTLIST = "limits", "shortlist"  # of PLACES


@dataclass(frozen=True)
class ChapterFolder:
    """A folder with a chapter.

    Attributes
    ----------
    folder : Path
        The folder.
    missing_glyphs : str
        Characters that no font of this machine has; see `report.chapter.Chapter`.
    left_out : tuple of str
        What is not in the folder or not used, and why.
    found : tuple of str
        Plans and scenarios that lay in the folder and are in the chapter.
    """

    folder: Path
    missing_glyphs: str
    left_out: tuple[str, ...]
    found: tuple[str, ...] = ()


def write_chapter_folder(
    run: Analysis,
    folder: str | Path | None,
    order: PlanOrder,
    *,
    date: str = "",
    template: str | Path | None = None,
    overwrite: bool = False,
) -> ChapterFolder:
    """Write results, chapter, page, plan tables, limits and shortlist of a run into one folder, with an index.

    Parameters
    ----------
    run : Analysis
        The run.
    folder : str or Path, optional
        Where; default as in `save`.
    order : PlanOrder
        Language, scenarios and target. With a target the plan of least cost is found and becomes one of the scenarios.
        Without a target and scenarios, those that lie in the folder and belong to this run are used.
    date, template
        As in `report.chapter.write_chapter`.
    overwrite : bool
        As in `save`.

    Raises
    ------
    UsageError
        If the folder cannot be written, or the target cannot be used.
    UnreachableTargetError
        If no plan meets the target.
    """
    check_chapter(date, template)
    begin_bundle()
    words = words_in(order.language)
    catalogue = Catalogue(run.projection, sure=run.certainty)
    plan = _least_cost(run, catalogue, order)
    target = folder_of(run, folder)
    recover(target)
    former = _record_of(target)
    found, kept = _in_folder(run, former)
    if former is not None:
        _check_parts(former, kept, has_plan=plan is not None)
    used = () if order.scenarios or plan is not None else found.used
    left_out = found.notes(words.tell)
    made: dict[str, dict[str, pd.DataFrame]] = {}
    parts: dict[str, Callable[[], dict[str, pd.DataFrame]]] = {
        LIMITS: lambda: _limits(run),
        SHORTLIST: lambda: _shortlist(run, catalogue),
        **({} if plan is None else {PLAN_PLACE: plan.tables}),
    }  # fmt: skip
    for name, tables in parts.items():
        try:
            made[name] = tables()
        except HgInventoryError as error:
            left_out.append(f"{name}: {error.plain}")
    if former is not None:
        for place, tables_of_place in made.items():
            check_place(former, place, [f"{name}.csv" for name in tables_of_place])
    check_folder(run, target, overwrite=overwrite, kept=kept)
    with new_version(target, "folder") as copy:
        _, kept = _in_folder(run, _record_of(copy))  # others may have entered something since
        save(run, copy, overwrite=overwrite, kept=kept)
        for place, tables_of_place in made.items():
            more = _plan_file(plan, words) if place == PLAN_PLACE else {}
            write_into_place(read_record(copy), place, tables_of_place, more)
        if plan is not None:
            order = replace(order, scenarios=(str(copy / LAST_PLAN), *order.scenarios))
        elif used:
            order = replace(order, scenarios=tuple(str(copy / name) for name in used))
        decided = decision_results(run)
        write_page(run, read_record(copy), order.language, found=decided)
        _, missing = write_chapter(run, read_record(copy), order, date=date, template=template, found=decided)
        write_index(copy, order.language, left_out)
    return ChapterFolder(target, missing, tuple(left_out), used)


def _record_of(folder: Path) -> RunRecord | None:
    """Return the record of a folder; None where it is not one of a run."""
    return read_record(folder) if (folder / MANIFEST).is_file() else None


def _in_folder(run: Analysis, record: RunRecord | None) -> tuple[FoundScenarios, dict[str, Mapping[str, str]]]:
    """Return the scenarios in a run folder, and what other commands wrote there for the same run, as its record has it.

    Without a record, both are empty.
    """
    if record is None:
        return FoundScenarios(), {}
    is_same = is_of_record(run, record)
    has_same_draws = (run.n_draws, run.seed) == (record.options()["draws"], record.options()["seed"])
    formats = {*PLACES, *([WORKBOOK_FORMAT] if has_same_draws else [])} if is_same else set()
    kept = {name: entry for name, entry in record.reports.items() if entry["format"] in formats}
    return scenarios_in(record, is_same_run=is_same), kept


def _check_parts(record: RunRecord, kept: Mapping[str, Mapping[str, str]], *, has_plan: bool) -> None:
    """Raise before the work where the chapter would replace or remove what the user changed in the folder."""
    renewed = {LIMITS, SHORTLIST, *([PLAN_PLACE] if has_plan else [])}
    record.check_unchanged(
        [*record.digests.keys() - kept.keys(), *(name for name, one in kept.items() if one["format"] in renewed),
         *OF_CHAPTER]
    )  # fmt: skip


def _plan_file(plan: Plan | None, words: Words) -> dict[str, Callable[[Path], object]]:
    """Return what writes the plan as a scenario, by the name of its file."""
    if plan is None:
        return {}
    return {PLAN_FILE: partial(plan.save, title=words.tell(plan.title))}


def _least_cost(run: Analysis, catalogue: Catalogue, order: PlanOrder) -> Plan | None:
    """Return the plan of least cost where the order has a target."""
    target = order.target
    if target is None:
        return None
    goal = make_goal(run.projection, target=f"{target.percent:g}%", by=target.year)
    return make_plan(catalogue, goal, Rules(), draws=run.n_draws, seed=run.seed)


def _limits(run: Analysis) -> dict[str, pd.DataFrame]:
    checked = run.limits()
    return {LIMITS: checked, f"{LIMITS}_summary": summarise_limits(checked)}


def _shortlist(run: Analysis, catalogue: Catalogue) -> dict[str, pd.DataFrame]:
    found = shortlist(catalogue, run.certainty, SHORTLISTED)
    pages = [dossier(catalogue, plant) for plant in found.chosen]
    return {SHORTLIST: found.table(), **dossier_tables(pages, catalogue)}
