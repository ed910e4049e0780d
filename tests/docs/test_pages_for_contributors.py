"""The pages for people who carry on name files that exist, and explain terms in few words and in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import hginventory

ROOT = Path(__file__).parents[2]
GITHUB = sorted(path for path in (ROOT / ".github").rglob("*") if path.is_file())
PAGES = [
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", ".pre-commit-config.yaml")),
    *(ROOT / "docs" / name for name in ("glossary.md", "walkthrough.md")),
    *GITHUB,
]
YAML = [path for path in PAGES if path.suffix in (".yml", ".yaml")]
FOLDERS = r"hginventory|cli|tests|tools|factors|docs|fleets|scenarios|benchmarks|\.ci"
FILE = re.compile(rf"(?<![\w/.-])(?:(?:{FOLDERS})/[\w./*-]*|[\w-]+\.(?:md|py|cff|toml))(?![\w/])")


def files_named(text: str) -> set[str]:
    """Return the files and folders that a text names, relative to the root or to the text itself."""
    return {found.rstrip(".-") for found in FILE.findall(text)}


def is_there(name: str, page: Path) -> bool:
    """Return whether a file, a folder or a pattern of files exists; a name without a folder may lie anywhere."""
    return any(ROOT.glob(name.rstrip("/"))) or (page.parent / name).exists() or _is_in_the_package(name)


def _is_in_the_package(name: str) -> bool:
    return "/" not in name and any((ROOT / "hginventory").rglob(name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_named_exists(page: Path) -> None:
    assert {name for name in files_named(page.read_text(encoding="utf-8")) if not is_there(name, page)} == set()


def test_names_of_files_are_found_in_a_text() -> None:
    text = (
        "`factors/*.csv`, then `python tools/build_docs.py`. See docs/nowhere.md, `gone.py` and https://a.org/docs/x."
    )
    assert files_named(text) == {"factors/*.csv", "tools/build_docs.py", "docs/nowhere.md", "gone.py"}
    assert [is_there(name, ROOT / "README.md") for name in ("factors/*.csv", "docs/nowhere.md", "gone.py")] == [
        True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_yaml_can_be_read(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_workflow_runs_what_a_change_must_pass() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = [step.get("run") for job in workflow["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in commands


@pytest.mark.parametrize("heading", ["Terms of the field", "Terms of the program"])
def test_terms_stand_in_order_and_take_two_sentences_at_most(heading: str) -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", section, re.MULTILINE)[1:]
    terms = [term for term, _ in rows]
    assert len(terms) > 30
    assert terms == sorted(set(terms), key=str.casefold)
    assert [
        term for term, meaning in rows if not meaning.endswith(".") or len(re.findall(r"\.(?: |$)", meaning)) > 2
    ] == []


def test_the_version_is_the_same_everywhere() -> None:
    version = hginventory.__version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    releases = re.findall(r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert citation["version"] == releases[0] == version
    assert f"version {version}, CC BY 4.0" in (ROOT / "LICENSE-DATA").read_text(encoding="utf-8")
