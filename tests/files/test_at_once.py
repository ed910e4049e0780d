"""Several processes write into one run folder at once: none loses what another one entered."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.files import new_file, new_version
from hginventory.report.output import chapter_folder
from hginventory.report.plan import PlanOrder
from hginventory.report.record import add_reports, read_record
from tests.files.faults import hidden

ROOT = Path(__file__).parents[2]
# Waits for a sign, so that all processes begin at the same moment, and enters files one after the other.
CHILD = """
import sys, time
from pathlib import Path
from hginventory.report.record import add_reports, read_record
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
record = read_record(folder)
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    entry = {"format": f"{name}{number}", "language": "en"}
    add_reports(record, entry, lambda new: (new / f"{name}{number}.txt").write_text(name))
"""
PROCESSES, EACH = 3, 8


def entries(folder: Path) -> set[str]:
    """Return the reports in the record of a folder, whose digests are checked."""
    record = read_record(folder)
    for name, sha256 in record.digests.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256, name
    return set(record.reports)


def test_no_process_loses_what_another_one_entered(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), name, str(EACH)], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name in "abc"[:PROCESSES]
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n", child.communicate()
    for child in children:
        _, words = child.communicate("go\n", timeout=120)
        assert child.returncode == 0, words
    names = {f"{name}{number}.txt" for name in "abc"[:PROCESSES] for number in range(EACH)}
    assert entries(folder) == names | {"README.md"}
    assert all(f"[{name}]" in (folder / "README.md").read_text(encoding="utf-8") for name in names)
    assert hidden(folder.parent) == []


def test_reports_of_threads_are_all_entered(folder: Path) -> None:
    record = read_record(folder)

    def write(number: int) -> None:
        add_reports(record, {"format": f"{number}", "language": "en"}, lambda new: (new / f"{number}").write_text("x"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    assert entries(folder) == {*map(str, range(24)), "README.md"}


@pytest.mark.parametrize("write", [new_file, new_version])
def test_a_writer_waits_for_another_one(write: type, tmp_path: Path) -> None:
    order: list[str] = []
    begun = threading.Event()

    def first() -> None:
        with write(tmp_path / "one") as new:
            begun.set()
            time.sleep(0.3)
            (new / "a" if new.is_dir() else new).write_text("first")
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    begun.wait()
    with write(tmp_path / "one") as new:
        order.append("second")
        (new / "b" if new.is_dir() else new).write_text("second")
    thread.join()
    assert order == ["first", "second"]
    found = tmp_path / "one"
    assert sorted(os.listdir(found)) == ["a", "b"] if found.is_dir() else found.read_text() == "second"


def test_who_reads_does_not_wait_for_who_writes(folder: Path) -> None:
    with new_version(folder) as copy:
        (copy / "run.json").unlink()
        assert read_record(folder).outputs
        assert copy.is_dir()  # and takes nothing from it
    with pytest.raises(Exception, match=r"run\.json"):
        read_record(folder)


@pytest.fixture
def without_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chapter be made at once: what its files say does not matter here."""
    for name in ("_limits", "_shortlist"):
        monkeypatch.setattr(chapter_folder, name, lambda *_: {})
    monkeypatch.setattr(chapter_folder, "decision_results", lambda _: None)
    monkeypatch.setattr(chapter_folder, "write_chapter", lambda *_, **__: (None, ""))


@pytest.mark.usefixtures("without_content")
def test_a_chapter_keeps_what_was_entered_while_it_was_made(
    run: hg.Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_: object, **__: object) -> dict[str, str]:
        for name, kind in (("report.xlsx", "xlsx"), ("options/options.csv", "options")):
            place, _, file = name.rpartition("/")
            add_reports(read_record(folder), {"format": kind, "language": "en"}, _writes(file), place=place)
        return {}

    monkeypatch.setattr(chapter_folder, "check_folder", meanwhile)
    chapter_folder.write_chapter_folder(run, folder, PlanOrder())
    assert entries(folder) == {"README.md", "report.html", "report.xlsx", "options/options.csv"}


def _writes(name: str) -> Callable[[Path], int]:
    return lambda folder: (folder / name).write_text(name)
