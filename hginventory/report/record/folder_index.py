"""The index of a run folder, which says what each of its files is for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from hginventory.files import new_file
from hginventory.report.record.found_scenarios import LEAST_COST_PLAN
from hginventory.report.record.record import RunRecord, enter_reports, read_record
from hginventory.report.text import Words, markdown, words_in
from hginventory.translations import TranslatableText

INDEX = "README.md"
PLAN_FOLDER = "plan"  # of the plan tables
PLACES: Mapping[str, TranslatableText] = {  # folders in a run folder, each of one command -> what it is for
    "optimize": TranslatableText(
        "Plan of 'hginv optimize': steps by unit and year, costs, and the plan as a scenario:"
    ),
    "best-units": TranslatableText("Units of lowest cost per kilogram avoided, of 'hginv optimize':"),
    "scenarios": TranslatableText("Scenarios compared, of 'hginv scenario compare':"),
    "limits": TranslatableText("Units compared with emission limits, of 'hginv limits':"),
    "options": TranslatableText("Options at units with costs, of 'hginv options':"),
    "shortlist": TranslatableText("Plants to look at first, of 'hginv shortlist':"),
    "finance": TranslatableText("Projects for a funding proposal, of 'hginv finance':"),
    "measuring": TranslatableText("Monitoring programme, of 'hginv measure plan':"),
    "sensitivity": TranslatableText("Factors that explain the uncertainty, of 'hginv sensitivity':"),
    "sampling": TranslatableText("Measurements that would narrow the results most, of 'hginv sensitivity':"),
    "figures": TranslatableText("Figures as PNG and SVG, of 'hginv figures':"),
}
LEFT_OUT = "left_out"  # of the entry of the index: what a chapter could not contain, a line each


def write_index(folder: Path, language: str = "", left_out: Iterable[str] | None = None) -> Path:
    """Write the index of a run folder, enter it into the record, and return its path.

    Parameters
    ----------
    folder : Path
        A run folder.
    language : str
        Language; empty: that of the index before, else English.
    left_out : iterable of str, optional
        What is not in the folder, and why; default: as in the index before.
    """
    record = read_record(folder)
    record.check_unchanged([INDEX])
    before = record.reports.get(INDEX, {})
    spoken = language or before.get("language", "en")
    missing = before.get(LEFT_OUT, "") if left_out is None else "\n".join(left_out)
    content = index(record, words_in(spoken), missing.splitlines())
    with new_file(folder / INDEX) as new:
        new.write_text(content, encoding="utf-8", newline="\n")
    entry = {"format": "index", "language": spoken, "sha256": hashlib.sha256(content.encode()).hexdigest()}
    enter_reports(record, {**record.reports, INDEX: entry | ({LEFT_OUT: missing} if missing else {})})
    return folder / INDEX


def index(record: RunRecord, words: Words, left_out: Iterable[str] = ()) -> str:
    """Return the index of a run folder: what each of its files, and each folder of a command, is for.

    Parameters
    ----------
    record : RunRecord
        The folder. Files that are not in its record belong to the user and are not listed.
    words : Words
        Language.
    left_out : iterable of str
        What is not there, and why.
    """
    first, last = {**_reports(words), **_tables(words)}, _records(words)
    files = {*record.outputs, *record.reports} - {INDEX}
    rest = files - first.keys()
    rows = [(name, purpose) for name, purpose in first.items() if name in files]
    other = words("Results as a table; its columns are explained in results.xlsx.")
    rows += [(name, other) for name in sorted(rest) if "/" not in name]
    of_plan = words("Tables N1 to N14 of the plan in full, one file each:")
    for place, purpose in {PLAN_FOLDER: of_plan, **PLACES}.items():
        own = sorted(PurePosixPath(name).name for name in rest if name.startswith(f"{place}/"))
        rows += [(f"{place}/", f"{words.tell(purpose)} {', '.join(own)}")] if own else []
    rows += last.items()
    lines = [f"# {markdown(record.content['fleet']['title'])}", "", f"| {words('File')} | {words('What it is for')} |",
             "|---|---|"]  # fmt: skip
    lines += [f"| [{markdown(name)}]({quote(name)}) | {markdown(purpose)} |" for name, purpose in rows]
    missing = [f"{words('Left out')}: {markdown(text)}" for text in left_out]
    return "\n".join([*lines, *([""] if missing else []), *missing]) + "\n"


def _reports(words: Words) -> dict[str, str]:
    return {
        "chapter.docx": words("The chapter: open it in Word, let it update the fields, and edit it."),
        "report.html": words("The results as a page with charts and the calculation of each unit; open in a browser."),
        "results.xlsx": words("All results as a workbook."),
        "report.xlsx": words("The results as a workbook with scenarios, options, costs and limits."),
        f"{PLAN_FOLDER}/plan.xlsx": words("Tables N1 to N14 of the plan as a workbook."),
        f"{PLAN_FOLDER}/plan.md": words("The same tables as text."),
        LEAST_COST_PLAN: words("The plan of least cost as a scenario, for 'hginv scenario compare'."),
    }


def _tables(words: Words) -> dict[str, str]:
    return {
        "units.csv": words("Each unit: inputs, emissions, remaining lifetime and where each value comes from."),
        "ranking.csv": words("Units in the order of remaining-lifetime emissions."),
        "plants.csv": words("Plants in the order of remaining-lifetime emissions."),
        "countries.csv": words("Countries in the order of remaining-lifetime emissions."),
        "totals.csv": words("Totals with 90 % intervals."),
        "trajectory.csv": words("Emissions of each year."),
        "mass_balance.csv": words("Where the mercury of each unit goes: air, water, waste and products."),
        "coverage.csv": words("Fewest units that account for 75 % of the emissions of a category (Article 8)."),
        "gaps.csv": words("Emissions that are based on default values, by input."),
        "factors_used.csv": words("Default values that the run used, with their sources."),
        "measurements.csv": words("Measurements compared with what was expected."),
        "study.csv": words("The results compared with a published study."),
        "findings.csv": words("Errors, warnings and notes on the workbook."),
    }


def _records(words: Words) -> dict[str, str]:
    return {
        "run.json": words("Record of the run: settings, versions and hashes of all files."),
        "run.log": words("When, where and by which command the run was made."),
    }
