"""``hginv report --format xlsx`` from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(hginv: Callable[..., Any]) -> Path:
    outcome = hginv(
        "project", "--fleet", "indonesia.xlsx", "-o", "a", "-q", "--where", "capacity_mw >= 900", "--draws", "100"
    )
    assert outcome.code == 0, outcome.err
    return Path("a")


def test_it_is_written_into_its_run_and_verified(hginv: Callable[..., Any], folder: Path) -> None:
    results = (folder / "results.xlsx").read_bytes()
    outcome = hginv("report", folder, "--format", "xlsx")
    assert outcome.code == 0, outcome.err
    assert "report.xlsx" in outcome.out
    assert (folder / "results.xlsx").read_bytes() == results  # the run itself stays as it was
    assert hginv("run", "verify", folder).code == 0
    content = (folder / "report.xlsx").read_bytes()
    assert hginv("report", folder, "--format", "xlsx", "-q").out == ""
    assert (folder / "report.xlsx").read_bytes() == content
    (folder / "report.xlsx").write_bytes(content + b"\n")
    assert hginv("run", "verify", folder).code == 5


def test_a_new_run_takes_it_away(hginv: Callable[..., Any], folder: Path) -> None:
    assert hginv("report", folder, "--format", "xlsx", "-q").code == 0
    assert hginv("project", "--fleet", "indonesia.xlsx", "-o", folder, "-q", "--draws", "0").code == 0
    assert not (folder / "report.xlsx").exists()


def test_another_language_is_refused_rather_than_written_in_english(hginv: Callable[..., Any], folder: Path) -> None:
    outcome = hginv("report", folder, "--format", "xlsx", "--lang", "id")
    assert outcome.code == 2
    assert "--lang id" in outcome.err
    assert not (folder / "report.xlsx").exists()
