"""``hginv chapter`` and ``hginv report --format docx``: one folder with an index, a record that holds, plans kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

SMALL = ("--where", "capacity_mw >= 900", "--draws", "60")


def told(folder: Path) -> str:
    document = docx.Document(str(folder / "chapter.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_one_command_makes_one_folder_with_an_index(hginv: Callable[..., Any]) -> None:
    outcome = hginv("chapter", "--fleet", "indonesia", "-o", "plan50", "--target", "30%", "--by", "2035", *SMALL)
    assert outcome.code == 0, outcome.err
    folder = Path("plan50")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"README.md"}
    named = set(re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert {name for name in files if name not in named and f"{Path(name).parent}/" not in named} == set()
    assert {name for name in named if not (folder / name).exists()} == set()
    assert {"chapter.docx", "report.html", "results.xlsx", "plan/plan.xlsx", "limits.csv", "shortlist.csv",
            "least_cost_plan.toml"} <= files  # fmt: skip
    assert "No plan was named" not in told(folder)
    assert "Plan: 30" in told(folder)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["reports"]["chapter.docx"]["target_percent"] == "30"

    first = (folder / "chapter.docx").read_bytes()
    again = hginv("report", folder, "--format", "docx")
    assert again.code == 0, again.err
    assert (folder / "chapter.docx").read_bytes() == first, "the plan of the folder is kept"
    assert hginv("run", "verify", folder).code == 0


def test_a_report_in_word_is_verified_again(hginv: Callable[..., Any]) -> None:
    assert hginv("project", "--fleet", "indonesia", "-o", "run", "-q", *SMALL).code == 0
    outcome = hginv("report", "run", "--format", "docx", "--lang", "id", "--date", "2026-01-31")
    assert outcome.code == 0, outcome.err
    assert "chapter.docx" in outcome.out
    assert "31 Januari 2026" in told(Path("run"))
    verified = hginv("run", "verify", "run")
    assert verified.code == 0, verified.out
    path = Path("run/chapter.docx")
    path.write_bytes(path.read_bytes() + b"x")
    assert hginv("run", "verify", "run").code != 0


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--format", "html", "--template", "a.docx"), "--template: for --format docx"),
        (("--format", "xlsx", "--date", "2026-01-01"), "--date: for --format docx"),
        (("--format", "html", "--target", "50%"), "--target: for --format plan or docx"),
        (("--format", "docx", "--since", "run"), "--since: for --format plan"),
        (("--format", "docx", "--outlines", "a.geojson"), "--outlines: for --format html"),
    ],
)
def test_options_of_other_formats_are_refused(hginv: Callable[..., Any], options: tuple[str, ...], named: str) -> None:
    outcome = hginv("report", "run", *options)
    assert outcome.code == 2
    assert named in outcome.err


def test_help_and_project_do_not_load_the_word_library(hginv: Callable[..., Any]) -> None:
    import subprocess
    import sys

    code = "import sys, hginventory as hg; hg.project('indonesia', draws=0); sys.exit('docx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
