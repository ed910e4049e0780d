"""docs/results.md: every file of a run and every column, from the tables as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import hginventory as hg
from doc_pages.markdown import anchor, code, page, table
from hginventory.decisions.ranking import compare_with_study
from hginventory.report.columns import ResultColumn, column
from hginventory.report.record import manifest
from hginventory.report.tables import measurements_table, result_tables, run_tables

INTRO = """
# Results

`hginv project` writes a folder, `hginv-out/<fleet>/` unless `-o` says otherwise. It is written under a temporary name and
then renamed, so a run that fails leaves nothing half done. A folder that a run has written may be written again; any
other folder needs `--overwrite`. The same inputs, versions and platform give the same bytes, except in `run.log`.

CSV files are UTF-8 with commas, numbers have ten significant digits, a blank cell means that the quantity does not exist
for the row, and a text that a spreadsheet would run as a formula begins with an apostrophe. Column names end in the unit.

Three words that the columns use:

- **Full year**: what the unit emits in a year of normal operation, also before it starts. **Base year**: zero for a unit
  that does not run then. **Remaining** or *lifetime*: the sum over the years that the retirement rule leaves.
- **Origin** of a number: `measured` (analyses with their number), `reported` (stated for the unit), `derived` (worked out
  from other data of the unit or its plant), `default` (a factor table), `none` (plays no part).
- **Mark** of a factor row: `read` (seen in its source), `partly recalled` (a part seen), `recalled` (known, but not seen), `judgement` (our own synthesis).
"""
TO_DESCRIBE = "TO DESCRIBE"  # a test finds it: columns in hginventory/report/columns/results.py, the rest here
FILES: Mapping[str, str] = {  # in the order of the page
    "units": "One row a unit: what it is, what it was computed from, what it emits.",
    "ranking": "Units by remaining mercury to air: coal units, then kilns, each the largest first; ties in the order of the ids. "
    "With `--combined` all in one list, and two more columns: `sector_rank` and `sector_share`.",
    "totals": "How sure the sums are, by sector: mean and percentiles over the draws. Only with draws.",
    "plants": "The same summed by plant, country and sector.",
    "trajectory": "Mercury to air by year and sector. The base year has all units that emit in it; `past_age_kg` is part of `air_kg`.",
    "mass_balance": "Where the mercury of a full year goes, leaves only, no subtotals. Input is the sum of all others.",
    "coverage": "Article 8(2)(b) of the Minamata Convention: the fewest units with 75 % of a category's emission.",
    "gaps": "How much of the base-year mercury rests on defaults, and on rows that nobody has read in their source.",
    "factors_used": "The factor rows behind the run.",
    "measurements": "What was measured beside what was expected. Only where the sheet Measurements has rows that count.",
    "findings": "What was noted while reading and computing, a row a place.",
}
STUDY: Mapping[str, ResultColumn] = {
    "quantity": ResultColumn("", "", "What is compared"),
    "published": ResultColumn("", "", "As printed; blank where the study prints nothing"),
    "ours": ResultColumn("", "1 or t", "Our value: a share, or tonnes where the quantity says so"),
    "source": ResultColumn("", "", "Where the published value stands"),
}
MANIFEST: Mapping[str, str] = {
    "schema": "name and version of this layout",
    "hginventory": "version of the program",
    "python": "version of Python",
    "libraries": "versions of the libraries that numbers pass through",
    "fleet": "name, title and notice of the fleet",
    "settings": "base year, rule, profile, category of captive plants, selection and lists, each with its origin",
    "rule_in_words": "the retirement rule in words",
    "seed": "of random draws; null: central values only",
    "draws": "number of random draws; 0: central values only",
    "factor_set": "short name and SHA-256 of the factor tables",
    "inputs": "SHA-256 of what was read",
    "summary": "headline numbers per sector and of all",
    "certainty": "how sure each list of the ranking is, over the draws",
    "findings": "in how many places each code was noted",
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
        "Only with `--study`: a published study beside our numbers.",
        _columns((name, STUDY[name]) for name in study.columns),
    ]
    parts += ["## run.json", *_manifest(manifest(run, {}))]
    parts += ["## results.xlsx", *_workbook(run)]
    return page(*parts)


def _files(files: Mapping[str, str]) -> str:
    rows = [[f"[{name}.csv](#{anchor(f'{name}.csv')})", words] for name, words in files.items()]
    rows.append(["[study.csv](#studycsv)", "A published study beside our numbers; only with `--study`."])
    rows.append(
        ["[results.xlsx](#resultsxlsx)", "All of it for reading: a summary, charts, every table with labels and units."]
    )
    rows.append(["[run.json](#runjson)", "What made the run. No time, host or absolute path."])
    rows.append(["run.log", "Time, host, command line, folder: what run.json must not hold."])
    return table(["file", "holds"], rows)


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
        "The sheet Summary holds the headline numbers and charts; every other sheet is a table with labels, units and "
        "stable names in three rows. Shares are shown as percent there, and as fractions in the CSV files. There are no "
        "formulas: every number is the one that was computed. The sheet Columns says what each column means."
    )
    rows = [[code(spec.sheet), spec.title, _same_as(spec.table)] for spec in result_tables(run)]
    parts = [words, table(["sheet", "holds", "columns as in"], rows)]
    for spec in result_tables(run):
        if spec.table not in FILES or spec.table == "trajectory":
            parts += [f"### Sheet {spec.sheet}", _columns(spec.columns())]
    return parts


def _same_as(name: str) -> str:
    if name in FILES and name != "trajectory":
        return f"[{name}.csv](#{anchor(f'{name}.csv')})"
    return "below"
