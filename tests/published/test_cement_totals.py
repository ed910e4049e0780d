"""National totals of cement on file before and after: none is left out, and the table is that of today."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hginventory.decisions.ranking import Interval
from hginventory.factors import load_library

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")


def row(case: str) -> Any:
    """Return a row of a published total."""
    return next(r for r in load_library().table("cement_emission_factor").rows if r.keys["case"] == case)


def test_every_national_total_of_cement_is_in_the_table() -> None:
    from cement_totals import national_rows

    rows = national_rows()
    assert len(rows) == 9
    assert {r.keys["country"] for r in rows} == {"CHN", "KOR", "USA"}
    for one in rows:
        assert one.keys["case"].removeprefix("national").strip() in PAGE


def test_the_table_is_that_of_today() -> None:
    from cement_totals import BLOCK, cement_totals

    from doc_pages.markdown import with_block

    assert with_block(PAGE, BLOCK, cement_totals()) == PAGE, "run python benchmarks/cement_totals.py --write"


@pytest.mark.parametrize(
    ("total", "published", "clinker", "after", "ratio"),
    [
        ("national emission cement, Korea, 2014", "2.68", "40", "4 (0.4 to 10)", "1.49"),
        ("national Hg input to cement, Korea, about 2011 (year not in abstract)", "1.71", "40",
         "5 (0.5 to 12.5)", "2.92"),
        ("national baseline emission, USA, 2010 rule", "8.18", "40", "4 (0.4 to 10)", "0.49"),
        ("national emission, China, 2015", "153", "1,174", "117 (12 to 294)", "0.77"),
        ("national emission, China, 2005", "80", "", "", ""),
    ],
)  # fmt: skip
def test_a_line_by_hand(
    monkeypatch: pytest.MonkeyPatch, total: str, published: str, clinker: str, after: str, ratio: str
) -> None:
    """Kilns of 40 Mt of clinker that emit 4 t; a share to air of 0.8, half a tonne of clinker in a tonne of cement."""
    import cement_totals

    ours = Interval(4000.0, 400.0, 3000.0, 10000.0)
    known = cement_totals.Rates(replace(ours, p05=2000.0), ours, 40e6, 0.5, 0.8)
    monkeypatch.setattr(cement_totals, "rates", lambda country: known)
    line = cement_totals.line(row(total))
    assert (line[1], line[2], line[5], line[6]) == (published, clinker, after, ratio)


def test_a_wider_interval_around_the_published_total_scores_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    import cement_totals

    narrow, wide = Interval(2679.0, 2000.0, 2679.0, 4000.0), Interval(2679.0, 500.0, 2679.0, 8000.0)
    known = SimpleNamespace(before=narrow, after=wide, clinker=1.0, clinker_factor=1.0, air_share=1.0)
    monkeypatch.setattr(cement_totals, "rates", lambda country: known)
    before, after = cement_totals.line(row("national emission cement, Korea, 2014"))[-2:]
    assert (before, after) == (f"{math.log(2.0):.1f}", f"{math.log(16.0):.1f}")
