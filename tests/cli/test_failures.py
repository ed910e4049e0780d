"""When the program itself fails: a report without data of the user; when the machine fails, one sentence."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hginv import failure_report, group
from hginv.failure_report import command_text, failure_text

ROOT = Path(__file__).parents[2]
Hginv = Callable[..., Any]
SECRET = "Suralaya 5 of Anna"


def fail() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(f"{SECRET} is no number") from error


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let every command end in a bug; return the folder of temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.delenv("HGINV_DEBUG", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(group.cli, "main", lambda **_: fail())
    return folder


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["project", "--fleet", SECRET, "--where", SECRET, "-o", SECRET], "project --fleet ... --where ... -o ..."),
        (["run", "diff", SECRET, SECRET, "--json"], "run diff ... ... --json"),
        (["scenario", "compare", "targeted_top10", f"--fleet={SECRET}"], "scenario compare ... --fleet=..."),
        ([f"--{SECRET}", "project"], "... project"),
        ([SECRET], "..."),
        ([], ""),
    ],
    ids=["project", "run diff", "with a sign", "unknown option", "unknown command", "nothing"],
)  # fmt: skip
def test_a_bug_is_reported_without_data_of_the_user(hginv: Hginv, failing: Path, words: list[str], shown: str) -> None:
    done = hginv(*words)
    assert done.code == 70
    (report,) = failing.iterdir()
    assert str(report) in done.err
    text = report.read_text(encoding="utf-8")
    assert SECRET not in text
    assert f"command: hginv {shown}".rstrip() in text.splitlines()
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "in fail: raise KeyError(SECRET)" in text


def test_a_report_names_versions_and_no_folder_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    from hginventory._version import __version__

    try:
        fail()
    except ValueError as error:
        text = failure_text(error, group.cli, [])
    assert text.startswith(f"hginventory {__version__}, Python ")
    assert str(ROOT) not in text
    assert str(Path.home()) not in text


def test_a_report_that_cannot_be_written_hides_no_bug(
    hginv: Hginv, failing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(failing / "not there"))
        done = hginv("project")
    assert done.code == 70
    assert done.err.endswith("No file is half written.\n")


def test_a_new_option_is_no_value() -> None:
    assert command_text(group.cli, ["validate", "--fleet", "f.xlsx", "--marked", "m.xlsx", "--strict"]) == (
        "hginv validate --fleet ... --marked ... --strict"
    )


@pytest.mark.parametrize("number", group.OF_THE_DISK)
def test_a_disk_that_is_full_is_no_bug(hginv: Hginv, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(**_: object) -> None:
        raise OSError(number, os.strerror(number), "results.xlsx")

    monkeypatch.setattr(group.cli, "main", full)
    monkeypatch.setattr(failure_report, "write_failure", lambda *_: pytest.fail("no bug"))
    done = hginv("project")
    assert done.code == 2
    assert done.err == (
        f"Error: results.xlsx: cannot be written ({os.strerror(number)}). Check that the disk has space.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_to_a_full_disk_is_one_sentence() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "cli")])}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from hginv.main import main; main()", "codes"], env=environment, stdout=full,
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"Error: cannot be written ({os.strerror(errno.ENOSPC)}). Check that the disk has space.\n"
