"""docs/plan_tables.md: the tables of a national plan, column by column."""

from __future__ import annotations

import hginventory as hg
from doc_pages.markdown import anchor, code, page, table
from hginventory.report.plan import BY_RULE, BY_THE_RULE, MISSING, NOTES, TITLES, described, plan_tables
from hginventory.report.record import CAUSES
from hginventory.translations import translator

INTRO = """
# Tables of a national plan

```
hginv report hginv-out/indonesia --format plan --scenario targeted_top10 --target 33.2% --by 2030 --plan-base-year 2018
```

writes `plan/` into the run folder: one CSV for each table, `plan.xlsx` with a sheet for each, and `plan.md` with the first 25
rows of each, to be pasted into a text. The tables are those that a national implementation plan, the five-year inventory and
the report under Article 21 of the Minamata Convention ask for.

| option | what it does |
|---|---|
| `--scenario NAME` | measures of N6, N6a, N6b and N6d; repeatable, also a file of your own |
| `--target 33.2% --by 2030` | the target of N6a; without it 50 % by 2035 stands there as an example and is called one |
| `--plan-base-year 2018` | the year that the plan counts from. A run that begins later cannot know it: the base year of the run stands in, and the table says so |
| `--since FOLDER` | an earlier run, for the recalculation log N14 |
| `--lang id` | sentences, labels and numbers of `plan.xlsx` and `plan.md`; names of columns, codes and ids stay |

What a person must fill in is marked *to be filled in by a person*. Whether a source is relevant, new or substantially modified is for
the Party to decide; the tables propose. The dates of N5 follow from `entry_into_force` of the sheet Settings, which is the date of
your country and not that of the Convention.

**Before the plan** can be read in two ways: below what was emitted in the base year of the plan, or below what would be emitted in
the target year without it. N6a has both, and says for each scenario whether it is enough.

**Toolkit pathways.** N3 has the six output pathways of the UNEP Toolkit for 5.1.1 (large power plants), 5.1.2 (other coal use; captive plants where
`Settings!captive_category` says so) and 5.3.1 (cement).
"""
MINIMUM = """
An implementation plan needs at least N1, N3, N4, N5, N6, N8 and N11, the five-year inventory N1, N2, N3, N9, N13 and N14.
Columns that end in `_mean`, `_p05`, `_p50` or `_p95` come from the draws, those without from the central run. Texts of the options (N8)
and of the factor tables (N13) are in English in every language.
"""


def plan_tables_page() -> str:
    """Return the page."""
    run = hg.project("indonesia", draws=100)
    tables = {one.number: one.table for one in plan_tables(run, comparison=run.compare(["targeted_top10"]))}
    tables["N14a"] = tables["N14a"].reindex(columns=[*tables["N14a"].columns, *CAUSES])
    heads = {number: f"{number} {title}" for number, (_, title) in TITLES.items()}
    contents = table(
        ["table", "file", "holds"],
        ([f"[{n}](#{anchor(heads[n])})", code(f"{n}_{name}.csv"), title] for n, (name, title) in TITLES.items()),
    )
    return page(INTRO, contents, MINIMUM, *(_section(n, heads[n], list(map(str, tables[n]))) for n in TITLES))


def _section(number: str, head: str, names: list[str]) -> str:
    translate = translator("en")
    rows = []
    for name in names:
        one = described(name, number, translate)
        rows.append([code(name), one.shown_unit, f"{one.label}. {one.meaning}" if one.meaning else one.label])
    told = (BY_THE_RULE if number in BY_RULE else "", NOTES.get(number), MISSING.get(number))
    note = "\n\n".join(dict.fromkeys(filter(None, told)))
    return "\n\n".join(filter(None, [f"## {head}", note, table(["column", "unit", "meaning"], rows)]))
