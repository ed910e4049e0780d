"""Texts of the user in Markdown are shown as they are: they make no tag, no link and no table."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from markdown_it import MarkdownIt

import hginventory as hg
from hginventory.files import write_csv
from hginventory.report.plan import PlanOrder, make_plan
from hginventory.report.record import index, read_record
from hginventory.report.text import ENGLISH, markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x][y] [y]: javascript:alert(1)",
    "&lt;b&gt;",
    "&#106;avascript",
    "A | B",
    "`code` *one* **two** _three_ __four__ ~~five~~",
    "back\\slash \\[x](javascript:y)",
    "IDN_0001 & Co. 3 < 4 > 2",
]
OF_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def rendered(text: str) -> _Page:
    return _Page(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("around", ["# {}", "> {}", "{}", "| a | b |\n|---|---|\n| {} | last |"])
def test_a_text_is_shown_as_it_is(text: str, around: str) -> None:
    page = rendered(around.format(markdown(text)))
    assert page.tags <= {"h1", "blockquote", "p"} | OF_TABLES
    assert page.links == []
    assert text in "".join(page.texts)
    assert "|" not in around or "last" in page.texts


@pytest.fixture(scope="module")
def hostile() -> hg.Run:
    fleet = hg.read_fleet("indonesia")
    few = fleet.subset(list(fleet.units.index[: len(HOSTILE)]))
    few.units[["plant", "owner", "province"]] = [[text] * 3 for text in HOSTILE]
    return hg.project(few, draws=0)


def test_the_plan_has_no_tag_and_no_link_of_a_unit(hostile: hg.Run, tmp_path: Path) -> None:
    folder = make_plan(hostile, PlanOrder(scenarios=("blanket_bat",)), tmp_path / "plan")
    page = rendered((folder / "plan.md").read_text(encoding="utf-8"))
    shown = "".join(page.texts)
    assert all(link.startswith("#n") for link in page.links)
    assert page.tags <= {"h1", "h2", "blockquote", "p", "ul", "li", "a", "code"} | OF_TABLES
    assert all(name in shown for name in HOSTILE)


def test_the_index_of_a_run_folder_has_no_tag_and_no_link_of_the_user(central: hg.Run, tmp_path: Path) -> None:
    record = read_record(central.save(tmp_path / "run"))
    for title in HOSTILE:
        record.content["fleet"]["title"] = title
        page = rendered(index(record, ENGLISH, HOSTILE))
        assert page.tags <= {"h1", "p", "a"} | OF_TABLES
        assert set(page.links) <= {*record.outputs, "run.json", "run.log"}
        assert title in "".join(page.texts)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠"])
def test_a_text_is_no_formula_of_any_spreadsheet(sign: str, tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"plant": [f"{sign}1+1"]}), tmp_path / "one.csv")
    assert pd.read_csv(tmp_path / "one.csv", dtype=str)["plant"].tolist() == [f"'{sign}1+1"]
