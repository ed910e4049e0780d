"""docs/results.md: every file of a run and every column, from the tables as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import hginventory as hg
from doc_pages.markdown import anchor, code, page, table
from hginventory.decisions.ranking import compare_with_study
from hginventory.report.columns import MEASURING, ResultColumn, column
from hginventory.report.record import manifest
from hginventory.report.tables import measurements_table, result_tables, run_tables

INTRO = """
# Results

`hginv project` writes a folder, `hginv-out/<fleet>/` unless you set `-o`. It is written under a temporary name and
then renamed, so a failed run leaves no incomplete folder. A run may write again into the folder of an earlier run; any
other folder needs `--overwrite`. The same inputs, versions and platform give the same bytes, except in `run.log`.

CSV files are UTF-8 with commas, numbers have ten significant digits, a blank cell means that the quantity does not exist
for the row, and a text that a spreadsheet would run as a formula begins with an apostrophe. Column names end in the unit.

Terms of the columns:

- **Full year**: emissions in a year of normal operation, also before the unit starts. **Base year**: zero for a unit that does
  not run then. **Remaining** or *lifetime*: the sum from the base year until the unit closes by the retirement rule.
- **Origin** of a number: `measured` (analyses with their number), `reported` (given for the unit), `derived` (estimated from
  other data of the unit or its plant), `default` (a factor table), `none` (not used).
- **Mark** of a factor row: `read` (seen in its source), `partly recalled` (a part seen), `recalled` (known, but not seen), `judgement` (our own synthesis).
"""
TO_DESCRIBE = "TO DESCRIBE"  # a test finds it: columns in hginventory/report/columns/results.py, the rest here
FILES: Mapping[str, str] = {  # in the order of the page
    "units": "One row per unit: description, inputs and emissions.",
    "ranking": "Units by remaining-lifetime emissions: coal units, then kilns, each the largest first; ties in the order of ids. "
    "With `--combined` all in one list, and two more columns: `sector_rank` and `sector_share`.",
    "totals": "Uncertainty of the totals by sector: mean and percentiles over the draws. Only with draws.",
    "plants": "The same, summed by plant, country and sector.",
    "trajectory": "Emissions to air by year and sector. The base year includes all units that emit in it; `past_age_kg` is part of `air_kg`.",
    "mass_balance": "Pathways of the mercury in a full year, without subtotals. The input is the sum of all others.",
    "coverage": "Article 8(2)(b) of the Minamata Convention: the fewest units that account for 75 % of a category's emissions.",
    "gaps": "Base-year emissions based on default values, and on rows that were not read in their source.",
    "factors_used": "The factor rows that the run uses.",
    "measurements": "Measured and expected values. Only if the sheet Measurements has rows that are used.",
    "findings": "Errors, warnings and notes from reading and computing, one row per cell.",
}
STUDY: Mapping[str, ResultColumn] = {
    "quantity": ResultColumn("", "", "What is compared"),
    "published": ResultColumn("", "", "As printed; blank if not printed"),
    "ours": ResultColumn("", "1 or t", "Our central value: a share, or tonnes as named in the quantity"),
    "ours_p05": ResultColumn("", "1 or t", "5th percentile of the draws; for a share, of the true top of each draw"),
    "ours_p50": ResultColumn("", "1 or t", "Median of the draws; blank without draws"),
    "ours_p95": ResultColumn("", "1 or t", "95th percentile of the draws"),
    "source": ResultColumn("", "", "Source of the published value"),
}
MANIFEST: Mapping[str, str] = {
    "schema": "name and version of this layout",
    "hginventory": "version of the program",
    "python": "version of Python",
    "libraries": "versions of the libraries used in the computation",
    "fleet": "name, title and notice of the fleet",
    "settings": "base year, rule, profile, category of captive plants, selection and lists, each with its origin",
    "rule_in_words": "the retirement rule in words",
    "seed": "of random draws; null: central values only",
    "draws": "number of random draws; 0: central values only",
    "factor_set": "short name and SHA-256 of the factor tables",
    "inputs": "SHA-256 of the input files",
    "summary": "headline numbers per sector and of all",
    "certainty": "certainty of each ranked list, from the draws",
    "findings": "number of cells with each code",
    "outputs": "SHA-256 of every file written",
}


def results_page() -> str:
    """Return the page, from a run of the bundled fleet."""
    run = hg.project("indonesia")
    tables = {**run_tables(run), "measurements": measurements_table(())}
    files = {name: words for name, words in FILES.items() if name in tables}
    files |= {name: TO_DESCRIBE for name in tables if name not in FILES}
    parts = [INTRO, "## Files", _files(files)]
    for name, words in files.items():
        parts += [f"## {name}.csv", words, _columns((n, column(n, name)) for n in tables[name].columns)]
    study = compare_with_study(run.projection.fleet, "icsc").to_frame()
    parts += [
        "## study.csv",
        "Only with `--study`: our numbers compared with a published study.",
        _columns((name, STUDY[name]) for name in study.columns),
    ]
    parts += [
        "## measuring_plan.csv",
        "Written by `hginv measure plan`; `hginv sensitivity --plan -o sampling_plan.csv` has columns of the same names, with "
        "`column`, `right_so_far` and `lost_t_so_far`. Money is in the currency and price year of the terms of the costs.",
        _columns(MEASURING.items()),
    ]
    parts += ["## run.json", *_manifest(manifest(run, {}))]
    parts += ["## results.xlsx", *_workbook(run)]
    return page(*parts)


def _files(files: Mapping[str, str]) -> str:
    rows = [[f"[{name}.csv](#{anchor(f'{name}.csv')})", words] for name, words in files.items()]
    rows.append(["[study.csv](#studycsv)", "Our numbers compared with a published study; only with `--study`."])
    rows.append(["[results.xlsx](#resultsxlsx)", "For reading: a summary, charts, every table with labels and units."])
    rows.append(["[run.json](#runjson)", "Settings, inputs and versions of the run. No time, host or absolute path."])
    rows.append(["run.log", "Time, host, command line, folder."])
    return table(["file", "content"], rows)


def _columns(columns: Iterable[tuple[str, ResultColumn]]) -> str:
    rows = []
    for name, described in columns:
        words = ". ".join(filter(None, (described.label, described.meaning or TO_DESCRIBE)))
        rows.append([code(name), described.unit, words])
    return table(["column", "unit", "meaning"], rows)


def _manifest(content: Mapping[str, object]) -> list[str]:
    return [table(["key", "meaning"], [[code(name), MANIFEST.get(name, TO_DESCRIBE)] for name in content])]


def _workbook(run: hg.Run) -> list[str]:
    words = (
        "The worksheet Summary contains the headline numbers and charts; every other worksheet is a table with labels, units and "
        "stable names in three rows. Shares are in percent there, and fractions in the CSV files. There are no formulas. The "
        "worksheet Columns explains each column."
    )
    rows = [[code(spec.sheet), spec.title, _same_as(spec.table)] for spec in result_tables(run)]
    parts = [words, table(["sheet", "content", "columns as in"], rows)]
    for spec in result_tables(run):
        if spec.table not in FILES or spec.table == "trajectory":
            parts += [f"### Sheet {spec.sheet}", _columns(spec.columns())]
    return parts


def _same_as(name: str) -> str:
    if name in FILES and name != "trajectory":
        return f"[{name}.csv](#{anchor(f'{name}.csv')})"
    return "below"
