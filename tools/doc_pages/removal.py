"""docs/removal.md: how removals of trains follow from tests, and old and new value of every row."""

from __future__ import annotations

from collections.abc import Mapping

import removal_by_train as tool
from doc_pages.markdown import page, table
from hginventory.factors import load_library
from import_mix import Row, read
from removal_tests import SOURCES, Reader, source_kind, train_in_effect

INTRO = """
# Removal by train

Rows of the profile `default` of the table `removal` are estimated from stack tests by one script, `tools/removal_by_train.py`, which
treats all rows alike. If a train, coal class and boiler was never tested, the row is a judgement and marked so.

*Before* and *now* in the table of rows are the removals without and with this rule; *before order* is an estimate that was then pooled
(rule 7). The CHANGELOG gives its effect on the totals of Indonesia, the
world and 15 countries, alone and together with all other changes.
"""
RULES = """
## Rules

1. **Sources first.** Every source of `removal_evidence` is classed before a number is looked at (table below). Factors of models,
   levels at second hand, single devices, compilations that repeat tests, pilot plants and recalled values do not count as tests.
2. **Weights.** One test weighs one, a mean of n units n; several tests of a plant are one. A mean whose n is not printed weighs one.
3. **Scale.** The share emitted is used on the logit scale. A mean of units becomes the mean of their logits, with the scatter between units
   estimated from the bounds of the rows. Cells with few units take more from the usual scatter (Smyth 2004). A removal of 0
   counts as that of no controls (0.01), one of 1 as 0.999.
4. **Partial pooling.** Random effects (REML) of cells and campaigns, with train, coal class and boiler in common. A cell with few tests takes
   more from its train in other coal classes and boilers.
5. **Chosen units.** The US EPA tested units in 2010 that it had chosen for low emissions. Their lower emissions are estimated from
   cells that have other tests too, and corrected everywhere.
6. **Value and spread.** The value is the mean over units. The spread is that of a unit: scatter between units and campaigns,
   and the error of the mean, which units of a coal class share. Low and high are the 10th and 90th percentile of the beta.
7. **Order.** More or better devices never remove less, except for dryers and sorbents before a filter on coal with little chlorine.
   Estimates that contradict this are pooled by their precision. A judgement that contradicts an estimate is changed: the ratio of emissions to
   those of the lesser train stays as judged. All other judgements do not change.
8. **Same in effect.** Burners, SNCR, furnace limestone, a cyclone or precipitator before a filter, and a catalyst with a precipitator alone
   have no effect. A halogen with carbon injection is brominated carbon.
9. **Lignite after a wet scrubber.** No whole train was tested; the judgement is based on lignite of the USA. The table has no key for the country, so
   the spread is wider everywhere: the variance between cells is added, shared by the coal class.
10. **Waste coal.** Fluidised beds with filter on US waste coal have tests of their own (12 units), which agree with those on bituminous coal. They
    count as high chlorine, and US waste coal takes that column.
"""
LIMITS = """
## What to keep in mind

- Most tests are from the USA. A cell of low-chlorine coal is based on subbituminous coal of Wyoming and Alberta and on few tests of Indian and
  Indonesian coal.
- Chinese tests are in compilations without n, or of coals between two classes, and do not count here.
- Order can move an estimate by more than its error: a filter on high-chlorine coal removed 0.961 in its own 7 tests and counts as 0.910, as
  filters with a scrubber removed less in theirs. The standard error of the row is that before it was pooled.
- Where estimates were pooled, a device adds nothing to the mean, as a wet scrubber behind a filter on high-chlorine coal: the tests cannot
  separate its effect.
- Judgements behind a tested train keep their value where they do not contradict it. SCR+FF and DSI+FF on low-chlorine coal are such rows; they lie
  far above FF.
"""


def removal_page() -> str:
    """Return the page."""
    evidence, stored = read(tool.EVIDENCE), read(tool.FACTORS / "removal.csv")
    tests, _ = Reader(load_library()).tests(evidence)
    rows, found_by_cell, effects = tool.derive(evidence, stored)
    counts = {source: sum(source_kind(row) is source for row in evidence) for source in SOURCES}
    lines = {source: sum(source_kind(evidence[test.line - 2]) is source for test in tests) for source in SOURCES}
    sources = [
        [source.source_id, source.locator or "all", source.kind.value, source.reason, counts[source], lines[source]]
        for source in SOURCES
    ]
    judged = {_key(row): row for row in tool.judgements(rows)}
    now = [row for row in rows if row["profile"] == "default" and row["use"] == "default"]
    found = (
        f"{len(tests)} of {len(evidence)} rows are tests of a train. Standard deviation between cells {effects.omega:.2f}, between campaigns "
        f"{effects.tau:.2f}. Of units chosen for low emissions {effects.effects[-1]:.2f} (standard error {effects.errors[-1]:.2f}) less passes. All "
        "on the logit of what passes."
    )
    return page(
        INTRO, RULES, "## Sources",
        table(["source", "where in it", "what it is", "why", "rows", "of these tests used"], sources),
        "## Rows", found,
        table(
            ["train", "coal class", "boiler", "before", "before order", "now", "p10-p90", "spread before", "spread now", "n", "based on"],
            [_line(row, judged[_key(row)], found_by_cell) for row in now],
        ),
        LIMITS,
    )  # fmt: skip


def _key(row: Row) -> tool.Cell:
    return row["train"], row["coal_class"], row["boiler"]


def _line(row: Row, judged: Row, found: Mapping[tool.Cell, tool.Estimate]) -> list[str]:
    """Return the cells of a row: value and spread before and now, units, and lines of the evidence or judgement."""
    tested = row["source_id"] == tool.ESTIMATE
    alone = found[train_in_effect(row["train"]), row["coal_class"], row["boiler"]].unordered if tested else None
    unordered = "" if alone is None else f"{alone:.3f}"
    moved = "moved" if row["value"] != judged["value"] else "widened" if row["spread"] != judged["spread"] else ""
    rests = row["method"].partition(": ")[2].partition(";")[0] if tested else f"judgement {moved}".strip()
    spreads = [f"{float(one['spread']):.2g}" if one["spread"] else "" for one in (judged, row)]
    return [
        *_key(row),
        judged["value"],
        unordered,
        row["value"],
        f"{row['low']}-{row['high']}",
        *spreads,
        row["n"],
        rests,
    ]
