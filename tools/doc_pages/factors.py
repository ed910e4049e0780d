"""docs/factors.md: the factor tables, how many rows each has, and how far they can be trusted."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from doc_pages.markdown import anchor, cell, code, page, table
from hginventory.factors import COMMON, READ_FROM, TABLES, USES, FactorRow, FactorTable, YearRule, load_library

INTRO = """
# Factor tables

Every number with a physical meaning is a row of a CSV file in `factors/`, never a constant in the code. A mercury expert
can review and correct them without reading Python: correct the cell, fill in `method`, `note` and `source_id`, run
`hginv factors list`, which checks every row, then `python tools/renew_datapackage.py`
([how to correct a cell](../factors/README.md#how-to-correct-a-cell)).

    hginv factors list                                   # tables and counts
    hginv factors list --table coal_mercury --match IDN  # rows, each with its mark and source
    hginv factors show coal_mercury/IDN/any/all          # one row with everything known of it

To use a number of your own, do not edit the tables: write the id of the row, your value, unit, reason and source into the
sheet `Factors` of your workbook ([workbook](workbook.md)). Every result then names your cell.
"""
COLUMNS = {
    "value": "arithmetic mean, also of lognormal quantities",
    "unit": "unit of value, low and high",
    "basis": "as received, dry, net, gross, not stated: what the value refers to",
    "removal_basis": "coal_to_stack, boiler_outlet_to_stack or across_device",
    "distribution": "lognormal, beta, normal or triangular",
    "spread": "total spread: ln-sd for a lognormal, else the standard deviation in the unit of the value",
    "scopes": "how the variance splits, as `country:0.25;plant:0.75`; sums to 1",
    "low": "lower bound as published",
    "high": "upper bound as published",
    "low_high_meaning": "what these bounds are: p05-p95, p10-p90, min-max",
    "n": "number of samples or tests",
    "method": "how value, spread and scopes were estimated, with the numbers to compute them again",
    "read_from": "mark: read, partly recalled, recalled or judgement",
    "use": "default (the engine uses it), evidence (supports a default) or check (published totals and factors)",
    "valid_from": "first year it applies to, or a date; the base year selects among rows of the same keys",
    "valid_to": "last year it applies to, or a date",
    "source_id": "row of sources.csv",
    "locator": "page, table or row in the source",
    "note": "remarks for readers",
}
MARKS = {
    "read": "the number was seen in a text or data file that was retrieved",
    "partly recalled": "a part of the number was read, the rest is recalled: see the note",
    "recalled": "the number is known, but its source could not be opened: check it before you cite it",
    "judgement": "our own synthesis or estimate, with its reason in method or note; never a citation",
}


def factors_page() -> str:
    """Return the page."""
    library = load_library()
    tables = [library.table(name) for name in TABLES]
    if set(COLUMNS) != set(COMMON) or set(MARKS) != set(READ_FROM):
        raise ValueError("describe in doc_pages/factors.py what changed in hginventory/factors/tables.py")
    parts = [
        INTRO,
        "## A row",
        "Key columns of the table first, then:",
        table(["column", "meaning"], [[code(name), COLUMNS[name]] for name in COMMON]),
        table(["mark", "meaning"], [[code(name), MARKS[name]] for name in READ_FROM]),
        "## Tables",
        f"{_total(tables)} The columns *read*, *partly recalled*, *recalled* and *judgement* count the default rows.",
        _counts(tables),
    ]
    for each in tables:
        parts += _one_table(each)
    parts += ["## Sources", _sources()]
    return page(*parts)


def _total(tables: Iterable[FactorTable]) -> str:
    rows = [row for each in tables for row in each.rows]
    defaults = [row for row in rows if row.use == "default"]
    marks = Counter(row.read_from for row in defaults)
    shares = ", ".join(f"{marks[mark]} {mark}" for mark in READ_FROM)
    return f"{len(rows)} rows, of which {len(defaults)} are defaults: {shares}."


def _counts(tables: Iterable[FactorTable]) -> str:
    rows = []
    for each in tables:
        marks = Counter(row.read_from for row in each.rows if row.use == "default")
        uses = Counter(row.use for row in each.rows)
        link = f"[{each.name}](#{anchor(each.name)})"
        counts = [uses[use] or "" for use in USES]
        rows.append([link, TABLES[each.name].meaning, *counts, *(marks[mark] or "" for mark in READ_FROM)])
    return table(["table", "content", *USES, *READ_FROM], rows)


def _one_table(each: FactorTable) -> list[str]:
    spec = TABLES[each.name]
    units = ", ".join(spec.units) or "any"
    bounds = [f"{word} {bound:g}" for word, bound in (("from", spec.low), ("to", spec.high)) if math.isfinite(bound)]
    keys = ", ".join(map(code, (*spec.keys, *spec.extra)))
    words = f"{spec.meaning[0].upper()}{spec.meaning[1:]}. Keys: {keys}. Unit: {units}."
    if bounds:
        words += f" Bounds of defaults: {' '.join(bounds)}."
    if spec.sums_over:
        words += f" The defaults of a group sum to 1 over {code(spec.sums_over)}."
    if spec.years is YearRule.SERIES:
        words += " Time series: of rows with the same keys the one nearest to the base year counts."
    return [f"### {each.name}", words, _cited(each.rows)]


def _cited(rows: Iterable[FactorRow]) -> str:
    """Return the sources of a table, the most used first."""
    counts = Counter(row.source_id for row in rows)
    library = load_library()
    shown = [f"{library.source(name).citation} ({count})" for name, count in counts.most_common(6)]
    more = f"; and {len(counts) - 6} more" if len(counts) > 6 else ""
    return cell(f"Sources, with rows: {'; '.join(shown)}{more}.")


def _sources() -> str:
    library = load_library()
    counts = Counter(row.source_id for name in TABLES for row in library.table(name).rows)
    rows = []
    for name, count in sorted(counts.items()):
        source = library.source(name)
        rows.append([code(name), source.citation, source.url, source.licence, count])
    return table(["source_id", "citation", "address", "licence", "rows"], rows)
