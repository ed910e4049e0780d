"""`project` shows what it found, then writes; who stops reading gets the files all the same, Ctrl-C leaves no half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hginventory.report.output import run_folder
from hginventory.report.record import read_record

Hginv = Callable[..., Any]
ROOT = Path(__file__).parents[2]
SMALL = ("project", "--fleet", "indonesia", "--where", "capacity_mw >= 900", "--draws", "20", "-o", "run")
SCREEN = "emissions to air"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note whether the folder was there when the first screen was shown."""
    from hginv import headline_text

    show, found = headline_text.show_headline, []

    def note(*arguments: Any) -> None:
        show(*arguments)
        found.append(Path("run").exists())

    monkeypatch.setattr(headline_text, "show_headline", note)
    return found


def test_the_screen_comes_before_the_files(hginv: Hginv, seen: list[bool]) -> None:
    done = hginv(*SMALL)
    assert done.code == 0, done.err
    assert seen == [False]
    assert done.out.index(SCREEN) < done.out.index("Wrote run/")
    assert read_record("run").outputs


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")], ids=["Ctrl-C", "full"])
def test_what_fails_after_the_screen_leaves_no_folder(
    hginv: Hginv, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(_: object, **__: object) -> bytes:
        raise error

    monkeypatch.setattr(run_folder, "results_bytes", fail)
    done = hginv(*SMALL)
    assert SCREEN in done.out
    assert done.code == (130 if error is KeyboardInterrupt else 2)
    assert os.listdir() == []


@pytest.mark.parametrize("option", ["--json", "--quiet"])
def test_without_a_screen_nothing_comes_before_the_files(hginv: Hginv, seen: list[bool], option: str) -> None:
    done = hginv(*SMALL, option)
    assert done.code == 0, done.err
    assert seen == []
    assert done.out == "" if option == "--quiet" else json.loads(done.out)["data"]["folder"] == "run"


@pytest.mark.parametrize("mine", ["units.csv", "run.json"])
def test_a_folder_that_cannot_be_written_is_named_before_the_screen(hginv: Hginv, mine: str) -> None:
    assert hginv(*SMALL).code == 0
    Path("run", mine).write_text("mine")
    done = hginv(*SMALL)
    assert done.code == 2
    assert done.out == ""
    assert "changed by hand" in done.err or "contains other files" in done.err


def test_a_reader_who_stops_gets_the_files(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "cli")])}
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-c", "from hginv.main import main; main()", *SMALL], cwd=tmp_path, env=environment,
            stdout=pipe, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.stderr == ""
    assert read_record(tmp_path / "run").outputs
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
