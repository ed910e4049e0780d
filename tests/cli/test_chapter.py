"""``hginv chapter`` and ``hginv report --format docx``: one folder with an index, a record that holds, plans kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from hginventory import decisions

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
    rows = dict(re.findall(r"^\| \[.+\]\((.+)\) \| (.+) \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE))
    listed = {name for name in rows if not name.endswith("/")}
    for place in rows.keys() - listed:
        purpose, names = rows[place].rsplit(": ", 1)
        assert purpose, "what the folder is for"
        listed |= {f"{place}{name}" for name in names.split(", ")}
    assert listed == files, "every file is listed by name, and nothing else is"
    assert {"chapter.docx", "report.html", "results.xlsx", "plan/plan.xlsx", "limits/limits.csv",
            "shortlist/shortlist.csv", "optimize/last_plan.toml", "optimize/plan.csv"} <= files  # fmt: skip
    assert not {name for name in files if name.startswith(("limits", "shortlist", "least_cost")) and "/" not in name}
    assert "No plan was named" not in told(folder)
    assert "Plan: 30" in told(folder)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["reports"]["chapter.docx"]["target_percent"] == "30"

    first = (folder / "chapter.docx").read_bytes()
    again = hginv("report", folder, "--format", "docx")
    assert again.code == 0, again.err
    assert (folder / "chapter.docx").read_bytes() == first, "the plan of the folder is kept"
    assert hginv("run", "verify", folder).code == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--date", "2026-02-30", "Write it as 2026-11-30"),
        ("--date", "tomorrow", "Write it as 2026-11-30"),
        ("--template", "missing.docx", "there is no such file"),
        ("--template", "text.docx", "is not a Word document"),
        ("--template", ".", "is a folder"),
    ],
)
def test_a_chapter_that_cannot_be_written_leaves_no_folder(
    hginv: Callable[..., Any], option: str, value: str, said: str
) -> None:
    Path("text.docx").write_text("no zip", encoding="utf-8")
    outcome = hginv("chapter", "--fleet", "indonesia", "-o", "new", option, value, *SMALL)
    assert outcome.code != 0
    assert said in outcome.err.replace("\n", " ")
    assert not Path("new").exists()


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
        (("--format", "html", "--since", "run"), "--since: for --format plan or docx"),
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


def test_scenarios_and_drivers_are_computed_once(hginv: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[tuple[Any, ...]] = Counter()

    def counted(module: Any, name: str, key: Callable[..., tuple[Any, ...]]) -> None:
        function = getattr(module, name)

        def wrapper(*given: Any, **options: Any) -> Any:
            calls[name, *key(*given, **options)] += 1
            return function(*given, **options)

        monkeypatch.setattr(module, name, wrapper)

    counted(
        decisions.scenarios, "compare_named", lambda _, scenarios, *rest: tuple(Path(one).name for one in scenarios)
    )
    counted(decisions.sensitivity, "sensitivity", lambda *_, draws, **rest: (draws,))
    outcome = hginv("chapter", "--fleet", "indonesia", "-o", "once", "--target", "30%", "--by", "2035",
                    "--where", "capacity_mw >= 900", "--draws", "250")  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert {name for name, *_ in calls} == {"compare_named", "sensitivity"}
    assert set(calls.values()) == {1}, calls
    assert sum("last_plan.toml" in key for key in calls) == 1


@pytest.fixture
def planned(hginv: Callable[..., Any]) -> Path:
    """Return a folder with a chapter whose plan was compared with an earlier run."""
    assert hginv("project", "--fleet", "indonesia", "-o", "earlier", "-q", "--rule", "crea_30", *SMALL).code == 0
    assert hginv("project", "--fleet", "indonesia", "-o", "run", "-q", *SMALL).code == 0
    outcome = hginv("report", "run", "--format", "docx", "--scenario", "targeted_top10", "--target", "30%",
                    "--by", "2034", "--since", "earlier")  # fmt: skip
    assert outcome.code == 0, outcome.err
    return Path("run")


def plan_entry(folder: Path) -> dict[str, str]:
    reports = json.loads((folder / "run.json").read_text(encoding="utf-8"))["reports"]
    found = {json.dumps({key: text for key, text in one.items() if key != "sha256"}) for one in reports.values()
             if one["format"] == "plan"}  # fmt: skip
    assert len(found) == 1
    return dict(json.loads(found.pop()))


def test_the_earlier_run_is_in_chapter_and_tables(planned: Path) -> None:
    assert "no earlier run was given" not in told(planned)
    assert len((planned / "plan/N14_recalculation_log.csv").read_text(encoding="utf-8").splitlines()) > 1
    record = json.loads((planned / "run.json").read_text(encoding="utf-8"))
    assert record["reports"]["chapter.docx"]["since"] == plan_entry(planned)["since"]


def test_an_earlier_run_is_not_dropped_in_silence(hginv: Callable[..., Any], planned: Path) -> None:
    before = {path: path.read_bytes() for path in planned.rglob("*") if path.is_file()}
    outcome = hginv("report", planned, "--format", "docx", "--lang", "id")
    assert outcome.code == 2
    assert "earlier run" in outcome.err
    assert "--since" in outcome.err
    assert {path: path.read_bytes() for path in planned.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ((), {}),
        (("--lang", "id"), {"language": "id"}),
        (("--by", "2038"), {"target_year": "2038"}),
        (("--target", "40%"), {"target_percent": "40"}),
        (("--scenario", "blanket_bat"), {"scenarios": "blanket_bat"}),
        (("--plan-base-year", "2020", "--date", "2026-02-01"), {"plan_base_year": "2020"}),
    ],
)
def test_what_is_not_asked_stays_as_in_the_plan(
    hginv: Callable[..., Any], planned: Path, options: tuple[str, ...], changed: dict[str, str]
) -> None:
    former = plan_entry(planned)
    outcome = hginv("report", planned, "--format", "docx", "--since", "earlier", *options)
    assert outcome.code == 0, outcome.err
    assert plan_entry(planned) == former | changed
