"""The numbers of docs/uncertainty.md are those of the program."""

from __future__ import annotations

from pathlib import Path

import pytest

import hginventory as hg
from hginventory.decisions.ranking.interval import Interval
from hginventory.run import Run

PAGE = Path(__file__).parents[2] / "docs" / "uncertainty.md"


@pytest.fixture(scope="module")
def run() -> Run:
    return hg.project("indonesia")


def rows(run: Run) -> list[str]:
    """Return the rows of the table of the page as a run says them."""
    sure = run.certainty
    assert sure is not None
    central = {summary.sector: summary for summary in run.summary()}
    drawn = {(str(row["sector"]), str(row["unit"])): row for row in sure.totals.to_dict("records")}

    def between(sector: str, unit: str) -> str:
        row = drawn[sector, unit]
        return f"{row['p05']:,.0f} to {row['p95']:,.0f}"

    def percent(share: Interval) -> str:
        return f"{100 * share.p05:.0f} % to {100 * share.p95:.0f} %"

    coal, both = central["coal_power"], central["combined"]

    def of_list(name: str, words: str) -> list[str]:
        one, own = sure.lists[name], run.units["sector"].eq(name)
        counts = sure.units["top_class"][own].value_counts()
        sizes = ", ".join(str(counts.get(word, 0)) for word in ("certain", "likely", "contested"))
        return [
            f"| {words}: share of the top 10 | {100 * central[name].top_share:.0f} % | {percent(one.named_share)} |",
            f"| {words}: share of the true top 10 | | {percent(one.own_share)} |",
            f"| {words}: top 10 that are right | {one.named_right:.1f} of {one.top} | |",
            f"| {words}: certain, likely, contested | {sizes} | |",
        ]

    covers = ", ".join(f"{100 * chance:.0f} %" for chance in sure.coverage["p_covers"])
    return [
        f"| coal units, base year [kg] | {coal.air_base_year_kg:,.0f} | {between('coal_power', 'kg')} |",
        f"| coal units, remaining lifetime [t] | {coal.lifetime_t:,.0f} | {between('coal_power', 't')} |",
        f"| both sectors, remaining lifetime [t] | {both.lifetime_t:,.0f} | {between('combined', 't')} |",
        *of_list("coal_power", "coal units"),
        *of_list("cement_kiln", "cement kilns"),
        f"| P(set accounts for 75 %): coal, cement | {covers} | |",
    ]


def test_the_table_of_indonesia(run: Run) -> None:
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for row in rows(run) if row not in page] == []


def test_what_the_page_says_of_uncertain_lifetimes(run: Run) -> None:
    shifted = hg.project("indonesia", lifetime_spread=10).certainty
    assert shifted is not None
    assert run.certainty is not None
    widths = []
    for totals in (run.certainty.totals, shifted.totals):
        row = totals.set_index(["sector", "unit"]).loc[("coal_power", "t")]
        widths.append(float(row["p95"] - row["p05"]))
    assert widths[1] / widths[0] - 1.0 == pytest.approx(0.05, abs=0.02)
    right = shifted.lists["coal_power"].named_right
    assert f"leaves {right:.1f} of 10 coal units right" in " ".join(PAGE.read_text(encoding="utf-8").split())
