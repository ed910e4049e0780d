"""Build the pages of docs/ that are made from the code: for maintainers, after a change of schema, columns or factors.

    python tools/build_docs.py [--check]

With --check nothing is written; the exit code is 1 where a page is out of date. A test does the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from doc_pages.api import api_page
from doc_pages.compliance_figure import compliance_figure
from doc_pages.cost_figure import cost_figure
from doc_pages.costs import cost_tables
from doc_pages.defaults import defaults_page
from doc_pages.factors import factors_page
from doc_pages.india import india_page
from doc_pages.markdown import with_block
from doc_pages.measured_plant import measured_plant_figure, measured_plant_table
from doc_pages.plan_tables import plan_tables_page
from doc_pages.removal import removal_page
from doc_pages.results import results_page
from doc_pages.scenarios import columns_of_sheets, keys_by_action
from doc_pages.study import study_brief, study_page
from doc_pages.targeting import equal_plans_table, targeting_brief
from doc_pages.workbook import workbook_page

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES: Mapping[str, Callable[[], str]] = {
    "workbook.md": workbook_page,
    "results.md": results_page,
    "plan_tables.md": plan_tables_page,
    "factors.md": factors_page,
    "defaults.md": defaults_page,
    "removal.md": removal_page,
    "study.md": study_page,
    "india.md": india_page,
    "api.md": api_page,
    "control_costs.svg": cost_figure,
    "measured_plant.svg": measured_plant_figure,
    "compliance.svg": compliance_figure,
}
BLOCKS: Mapping[str, Mapping[str, Callable[[], str]]] = {  # parts of pages that are written by hand
    "README.md": {"study": study_brief, "targeting": targeting_brief},
    "docs/limits.md": {"study": study_brief},
    "docs/plans.md": {"targeting": targeting_brief, "equal plans": equal_plans_table},
    "fleets/README.md": {"study": study_brief},
    "docs/measuring.md": {"measured plant": measured_plant_table},
    "docs/options.md": {"costs by capacity": cost_tables},
    "docs/scenarios.md": {"keys by action": keys_by_action, "columns of sheets": columns_of_sheets},
}


def renewed() -> Iterator[tuple[Path, str]]:
    """Yield every page that is made from the code, wholly or in part, with its text of today."""
    for name, build in PAGES.items():
        yield DOCS / name, build()
    yield from renewed_blocks()


def renewed_blocks() -> Iterator[tuple[Path, str]]:
    """Yield every page of which parts are made from the code, with its text of today."""
    for name, blocks in BLOCKS.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for block, build in blocks.items():
            text = with_block(text, block, build())
        yield ROOT / name, text


def main() -> int:
    """Write the pages, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say which pages are out of date")
    options = parser.parse_args()
    stale = 0
    for path, text in renewed():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{path.relative_to(ROOT)} {'is out of date' if options.check else 'written'}")
        if not options.check:
            path.write_text(text, encoding="utf-8")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
