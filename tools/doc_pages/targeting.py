"""What targeting saves on the bundled fleet of Indonesia, computed when the page is made."""

from __future__ import annotations

import textwrap
from functools import cache

import hginventory as hg
from doc_pages.markdown import table
from hginventory.run import Run

WIDTH = 120
COMPARED = ("targeted_top10", "targeted_best", "best_value_10", "blanket_bat")
HEADINGS = ["plan", "units", "kg/yr", "million USD/yr", "USD/kg"]


@cache
def _run() -> Run:
    return hg.project("indonesia", draws=0)


def targeting_brief(run: Run | None = None) -> str:
    """Return the result in sentences; of another run than the bundled one in tests."""
    return "\n".join(textwrap.wrap(" ".join((run or _run()).targeting_sentences()), WIDTH))


def equal_plans_table(run: Run | None = None) -> str:
    """Return scenarios compared with plans for equal kilograms and equal money, central values."""
    found = (run or _run()).compare(COMPARED, equal_kg=True, equal_money=True).equal
    rows = [
        [row.plan, f"{row.units}", f"{row.kg_per_yr:,.0f}", f"{row.annuity_musd:,.1f}", f"{row.usd_per_kg:,.0f}"]
        for row in found.itertuples()
    ]
    return table(HEADINGS, rows)
