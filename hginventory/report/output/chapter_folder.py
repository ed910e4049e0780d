"""One folder with all that a chapter of a national plan needs, and an index that says what each file is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hginventory.decisions.limits import summarise_limits
from hginventory.decisions.optimisation import Plan, Rules, make_goal, make_plan
from hginventory.decisions.options import Catalogue
from hginventory.decisions.plants import dossier, dossier_tables, shortlist
from hginventory.errors import HgInventoryError
from hginventory.files import new_file, writing
from hginventory.report.chapter import write_chapter
from hginventory.report.output.run_folder import save
from hginventory.report.page import begin_bundle, write_page
from hginventory.report.plan import PLAN_FOLDER, PlanOrder
from hginventory.report.record import enter_report, read_record
from hginventory.report.tables import decision_results, run_tables
from hginventory.report.text import fleet_text, words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis
    from hginventory.report.text import Words

INDEX, PLAN_FILE = "README.md", "least_cost_plan.toml"
SHORTLISTED = 3
LIMITS, SHORTLIST, LEAST_COST = "limits", "shortlist", "least_cost"


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
        What is not in the folder, and why.
    """

    folder: Path
    missing_glyphs: str
    left_out: tuple[str, ...]


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
    begin_bundle()
    catalogue = Catalogue(run.projection, sure=run.certainty)
    plan = _least_cost(run, catalogue, order)
    left_out: list[str] = []
    extra: dict[str, pd.DataFrame] = {}
    parts: dict[str, Callable[[], dict[str, pd.DataFrame]]] = {
        LIMITS: lambda: _limits(run),
        SHORTLIST: lambda: _shortlist(run, catalogue),
        LEAST_COST: lambda: {f"{LEAST_COST}_{name}": one for name, one in (plan.tables() if plan else {}).items()},
    }  # fmt: skip
    for name, tables in parts.items():
        try:
            extra |= tables()
        except HgInventoryError as error:
            left_out.append(f"{name}: {error.plain}")
    target = save(run, folder, overwrite=overwrite, extra=extra)
    if plan is not None:
        with writing(target, "folder"):
            (target / PLAN_FILE).unlink(missing_ok=True)
        plan.save(target / PLAN_FILE, title=words_in(order.language).tell(plan.title))
        enter_report(read_record(target), PLAN_FILE, "scenario", order.language)
        order = replace(order, scenarios=(str(target / PLAN_FILE), *order.scenarios))
    found = decision_results(run)
    write_page(run, read_record(target), order.language, found=found)
    _, missing = write_chapter(run, read_record(target), order, date=date, template=template, found=found)
    with new_file(target / INDEX) as new:
        new.write_text(index(run, target, words_in(order.language), extra, left_out), encoding="utf-8", newline="\n")
    enter_report(read_record(target), INDEX, "index", order.language)
    return ChapterFolder(target, missing, tuple(left_out))


def index(run: Analysis, folder: Path, words: Words, extra: dict[str, pd.DataFrame], left_out: list[str]) -> str:
    """Return the index of a folder: what each of its files is for.

    Parameters
    ----------
    run : Analysis
        The run.
    folder : Path
        The folder, with all its files.
    words : Words
        Language.
    extra : dict of str to DataFrame
        Tables that not every run folder has, by the name of their file.
    left_out : list of str
        What is not there, and why.
    """
    tables = sorted(f"{name}.csv" for name in run_tables(run))
    plan = sorted(path.name for path in (folder / PLAN_FOLDER).glob("*.csv"))
    rows = [
        ("chapter.docx", words("The chapter: open it in Word, let it update the fields, and edit it.")),
        (
            "report.html",
            words("The results as a page with charts and the calculation of each unit; open in a browser."),
        ),
        ("results.xlsx", words("All results as a workbook.")),
        (f"{PLAN_FOLDER}/plan.xlsx", words("Tables N1 to N14 of the plan as a workbook.")),
        (f"{PLAN_FOLDER}/plan.md", words("The same tables as text.")),
        *((f"{name}.csv", _purpose(name, words)) for name in extra),
        (PLAN_FILE, words("The plan of least cost as a scenario, for 'hginv scenario compare'.")),
        *((name, words("Results as a table; its columns are explained in results.xlsx.")) for name in tables),
        *((f"{PLAN_FOLDER}/{name}", words("Table of the plan in full.")) for name in plan),
        ("run.json", words("Record of the run: settings, versions and hashes of all files.")),
        ("run.log", words("When, where and by which command the run was made.")),
    ]
    lines = [f"# {fleet_text(run.projection.settings.fleet_label, words)}", "",
             f"| {words('File')} | {words('What it is for')} |",
             "|---|---|"]  # fmt: skip
    lines += [f"| [{name}]({name}) | {purpose} |" for name, purpose in rows if (folder / name).is_file()]
    lines += ["", *(f"{words('Left out')}: {text}" for text in left_out)] if left_out else []
    return "\n".join(lines) + "\n"


def _purpose(name: str, words: Words) -> str:
    if name.startswith(LIMITS):
        return words("Units compared with emission limits.")
    if name.startswith(LEAST_COST):
        return words("The plan of least cost for the target.")
    return words("The plants to look at first.")


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


def _shortlist(run: Analysis, catalogue: Catalogue) -> dict[str, Any]:
    found = shortlist(catalogue, run.certainty, SHORTLISTED)
    pages = [dossier(catalogue, plant, run.certainty) for plant in found.chosen]
    tables = {SHORTLIST: found.table(), **dossier_tables(pages, catalogue)}
    return {name if name.startswith(SHORTLIST) else f"{SHORTLIST}_{name}": table for name, table in tables.items()}
