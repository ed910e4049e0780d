"""Help, explain and factors."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Hginv = Callable[..., Any]


@pytest.mark.parametrize("command", [(), ("project",), ("explain",), ("factors",), ("factors", "list")])
def test_help_is_there_for_every_command(hginv: Hginv, command: tuple[str, ...]) -> None:
    done = hginv(*command, "--help")
    assert done.code == 0
    assert done.out.startswith("Usage: hginv")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom hginv.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('numpy','pandas','numba','scipy','rich','pint','openpyxl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_run_imports_neither_numba_nor_pint_nor_scipy() -> None:
    code = (
        "import sys, hginventory as hg\nhg.project('indonesia')\n"
        "print([m for m in ('numba','scipy','pint','altair','xlsxwriter') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_misspelt_command_gets_a_proposal(hginv: Hginv) -> None:
    done = hginv("projct")
    assert done.code == 2
    assert "'project'" in done.err


def test_explain_shows_each_number_with_its_cell_or_row(hginv: Hginv) -> None:
    done = hginv("explain", "G100000104986", "--fleet", "indonesia")
    assert done.code == 0, done.err
    for words in ("Coal_units!", "capacity factor", "mercury in the coal", "removal, coal to stack", "rank"):
        assert words in done.out
    content = json.loads(hginv("explain", "G100000104986", "--fleet", "indonesia", "--json").out)
    assert [step["number"] for step in content["data"]["steps"]] == list(range(1, len(content["data"]["steps"]) + 1))


def test_explain_of_an_unknown_unit_proposes_near_ids(hginv: Hginv) -> None:
    done = hginv("explain", "G10000010498", "--fleet", "indonesia")
    assert done.code == 2
    assert "G100000104986" in done.err


def test_factors_list_and_show(hginv: Hginv) -> None:
    tables = json.loads(hginv("factors", "list", "--json").out)["data"]["tables"]
    assert tables["removal"] > 100
    listed = json.loads(hginv("factors", "list", "--table", "coal_mercury", "--match", "IDN", "--json").out)
    rows = listed["data"]["rows"]
    assert rows
    shown = hginv("factors", "show", rows[0]["id"])
    assert shown.code == 0
    assert "citation" in shown.out
    assert hginv("factors", "show", "coal_mercury/IDN/any/al").code == 2
    assert hginv("factors", "list", "--table", "coal").code == 2


def test_explain_is_said_in_the_language_asked_for_and_keeps_to_the_terminal(
    hginv: Hginv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    english = hginv("explain", "G100000104986", "--fleet", "indonesia").out
    done = hginv("explain", "G100000104986", "--fleet", "indonesia", "--lang", "id")
    assert done.code == 0, done.err
    assert "emisi ke udara" in done.out
    assert "emissions to air" not in done.out
    for text in (english, done.out):
        assert max(len(line) for line in text.splitlines() if len(line.split()) > 1) <= 72
    ids = re.compile(r"\w+![A-Z]+\d+|[a-z_]+/[\w/+-]+|\(\d+\)")
    assert set(ids.findall(done.out)) == set(ids.findall(english))
    data = json.loads(hginv("explain", "G100000104986", "--fleet", "indonesia", "--lang", "id", "--json").out)["data"]
    assert "emisi ke udara" in {step["name"] for step in data["steps"]}
    wrong = hginv("explain", "G100000104986", "--fleet", "indonesia", "--lang", "xx")
    assert wrong.code == 2
    assert "en, id" in wrong.err
