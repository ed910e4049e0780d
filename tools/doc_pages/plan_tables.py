"""docs/plan_tables.md: the tables of a national plan, column by column."""

from __future__ import annotations

import hginventory as hg
from doc_pages.markdown import anchor, code, page, table
from hginventory.report.plan import (
    BY_RULE,
    BY_THE_RULE,
    EMPTY,
    MISSING,
    NOTES,
    PARTS,
    PlanTable,
    described,
    plan_tables,
    printed_parts,
)
from hginventory.translations import translator

INTRO = """
# Tables of a national plan

```
hginv report hginv-out/indonesia --format plan --scenario targeted_top10 --target 33.2% --by 2030 --plan-base-year 2018
```

writes `plan/` into the run folder: `plan.xlsx` with a worksheet for each table, `plan.md` with the first 25 rows of each, and one
CSV file for each. The tables are those required for a national implementation plan, the five-year inventory and the report under
Article 21 of the Minamata Convention.

Each table is complete on one page: a title, a note, at most eight columns with their units, and words in place of codes.
Long tables are split into parts, as N1a, N1b and N1c. The three files have the same rows and columns; CSV files have the stable
names of the columns below, the others their labels. A table that is empty says why and what fills it. All numbers of one unit
in a table have the same decimals. Results for programs are in `units.csv` and the other files of the run folder.

| option | what it does |
|---|---|
| `--scenario NAME` | measures of the tables N6 to N6i; repeatable, also a file of your own |
| `--target 33.2% --by 2030` | the target of N6a and N6h; without it the tables show 50 % by 2035, marked as an example |
| `--plan-base-year 2018` | base year of the plan. A run that begins later has no emissions of this year: its own base year is used, and the table says so |
| `--since FOLDER` | an earlier run, for the recalculation log N14 |
| `--lang id` | titles, notes, labels, words and numbers; names of columns in CSV files and ids stay |

What a person must fill in is marked *to be filled in by a person*. Whether a source is relevant, new or substantially modified is for
the Party to decide; the tables propose.

**Dates of the Convention.** N5a has the dates of Article 8 for each Party of the fleet. They follow from `entry_into_force` of the
sheet Settings. Where that cell is blank, from the day on which the Party deposited its instrument, if a public text with that day was
read (factor table `convention_party`, with source): the Convention enters into force for a Party on the ninetieth day after it
(Article 31), and for none before 16 August 2017. The years from there on are rows of `convention_clock`. For any other Party the
table names the cell to fill in.

**The target** can be compared with two amounts: the emissions of the base year of the plan, or those of the target year without the
plan. N6a has both, and N6h shows for each scenario whether it meets them.

**Toolkit pathways.** N3b has the six output pathways of the UNEP Toolkit for 5.1.1 (large power plants), 5.1.2 (other coal use; captive
plants where `Settings!captive_category` says so) and 5.3.1 (cement).
"""
MINIMUM = """
An implementation plan needs at least N1, N3, N4, N5, N6, N8 and N11, the five-year inventory N1, N2, N3, N9, N13 and N14.
Columns that end in `_mean`, `_p05`, `_p50` or `_p95` come from the Monte Carlo draws, those without from the central run. Texts of the
options (N8) and of sources and notes of the factor tables (N13c) are in English in every language.
"""


def plan_tables_page() -> str:
    """Return the page."""
    run = hg.project("indonesia", draws=100)
    tables = plan_tables(run, comparison=run.compare(["targeted_top10"]))
    parts = printed_parts(tables)
    number_of = {part.number: number for number, own in PARTS.items() for part in own}
    heads = {part.number: f"{part.number} {part.title}" for part in parts}
    contents = table(
        ["table", "file", "contents"],
        ([f"[{p.number}](#{anchor(heads[p.number])})", code(f"{p.number}_{p.name}.csv"), p.title] for p in parts),
    )
    sections = (_section(part, heads[part.number], EMPTY[number_of[part.number]]) for part in parts)
    return page(INTRO, contents, MINIMUM, *sections)


def _section(part: PlanTable, head: str, empty: str) -> str:
    translate = translator("en")
    rows = []
    names = [name for own in PARTS.values() for one in own if one.number == part.number for name in one.columns]
    for name in list(map(str, part.table.columns)) or names:
        one = described(name, part.number, translate)
        rows.append([code(name), one.shown_unit, f"{one.label}. {one.meaning}" if one.meaning else one.label])
    told = (
        BY_THE_RULE if part.number in BY_RULE else "",
        NOTES.get(part.number),
        MISSING.get(part.number),
        f"Note of an empty table: *{empty}*" if empty else "",
    )
    note = "\n\n".join(dict.fromkeys(filter(None, told)))
    return "\n\n".join(filter(None, [f"## {head}", note, table(["column", "unit", "meaning"], rows)]))
