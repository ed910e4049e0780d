"""The documentation says what the program does: generated pages are fresh, links lead somewhere, examples run."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("[!.]*/README.md")])
GENERATED = (
    "workbook.md",
    "results.md",
    "plan_tables.md",
    "factors.md",
    "defaults.md",
    "removal.md",
    "study.md",
    "india.md",
    "api.md",
    "control_costs.svg",
    "measured_plant.svg",
    "compliance.svg",
)
NOT_RUN = "<!-- not run -->"  # on the line before a block that is not meant to run
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^(?P<mark>[^\n]*\n)?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def without_code(text: str) -> str:
    """Return a page without blocks and pieces of code, in which a link is no link."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page, as the headings make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.M | re.S), re.M)
    kept = ("".join(sign for sign in text.lower() if sign.isalnum() or sign in " -_") for text in headings)
    return {"-".join(text.split()) for text in kept}


def broken_links(path: Path) -> Iterator[str]:
    """Yield the relative links of a page that lead nowhere."""
    for target in LINK.findall(without_code(path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = unquote(target).partition("#")
        linked = (path.parent / file) if file else path
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            yield target


@pytest.fixture(scope="module")
def builders() -> Iterator[Mapping[str, Callable[[], str]]]:
    """Return the functions that make the generated pages."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        yield import_module("build_docs").PAGES
    finally:
        sys.path.remove(str(ROOT / "tools"))


@pytest.mark.parametrize("name", GENERATED)
def test_generated_page_is_fresh(builders: Mapping[str, Callable[[], str]], name: str) -> None:
    stored = (DOCS / name).read_text("utf-8")
    assert stored == builders[name](), f"docs/{name} is out of date: run python tools/build_docs.py"


def test_computed_parts_of_pages_are_fresh(builders: Mapping[str, Callable[[], str]]) -> None:
    docs = import_module("build_docs")
    assert len(docs.BLOCKS) >= 3
    stale = [path.name for path, text in docs.renewed_blocks() if path.read_text("utf-8") != text]
    assert not stale, f"{stale} are out of date: run python tools/build_docs.py"


def test_every_file_and_column_of_a_result_is_described() -> None:
    undescribed = [line for line in (DOCS / "results.md").read_text("utf-8").splitlines() if "TO DESCRIBE" in line]
    assert not undescribed, "describe them in hginventory/report/columns/results.py or tools/doc_pages/results.py"


def test_every_builder_is_tested(builders: Mapping[str, Callable[[], str]]) -> None:
    assert tuple(builders) == GENERATED


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_resolve(path: Path) -> None:
    assert not list(broken_links(path))


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n\n[a](#here) [b](nowhere.md) [c](#there) `[d](code.md)` [e](https://example.org)\n", "utf-8"
    )
    assert list(broken_links(page)) == ["nowhere.md", "#there"]


@pytest.mark.parametrize("path", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda path: path.name)
def test_python_blocks_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__main__"}
    for block in BLOCK.finditer(path.read_text("utf-8")):
        if (block["mark"] or "").strip() != NOT_RUN:
            exec(compile(block["code"], f"{path.name}, example", "exec"), names)


def test_every_page_is_in_the_navigation() -> None:
    nav = (ROOT / "mkdocs.yml").read_text("utf-8").partition("nav:")[2]
    assert sorted(re.findall(r"(\w+\.md)", nav)) == sorted(path.name for path in DOCS.glob("*.md"))
