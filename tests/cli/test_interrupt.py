"""Ctrl-C during the draws: the command ends and leaves nothing half written."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hginv import group, main
from hginv.interrupts import heeded

ROOT = Path(__file__).parents[2]
# Says when the draws have begun, and is otherwise the command.
CHILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
from hginventory.ensemble.computer import Threads
share_out = Threads.share_out
calls = []
def told(self, size, call):
    calls.append(size)
    if len(calls) == 4:
        print("drawing", flush=True)
    share_out(self, size, call)
Threads.share_out = told
from hginv.main import main
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to a single child")
def test_an_interrupt_ends_the_run_and_leaves_no_folder(tmp_path: Path) -> None:
    arguments = ["project", "--fleet", "indonesia.xlsx", "--draws", "150000", "--engine", "numba", "-o", "out"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "cli")])}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], cwd=tmp_path, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "drawing\n", child.stderr.read() if child.stderr else ""
        child.send_signal(signal.SIGINT)
        _, words = child.communicate(timeout=20)  # a second on an idle machine; here only that it does end
    assert child.returncode == 130
    assert "Interrupted; nothing was left half written." in words
    assert list(tmp_path.iterdir()) == []


def lose_an_interrupt() -> None:
    """Raise what Ctrl-C raises where LLVM calls Python back: it is lost, as nothing can be raised through C."""

    @ctypes.CFUNCTYPE(None)
    def callback() -> None:
        raise KeyboardInterrupt

    callback()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Take interrupts as a terminal's child does; what a shell starts in the background ignores them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_that_is_lost_in_a_callback_comes_again(capfd: pytest.CaptureFixture[str]) -> None:
    with heeded() as lost:
        lose_an_interrupt()
        assert len(lost) == 1
        with pytest.raises(KeyboardInterrupt):
            time.sleep(30)  # ends at once
    assert capfd.readouterr().err == ""


def test_what_fails_because_an_interrupt_was_lost_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def compile_it(**_: object) -> None:
        lose_an_interrupt()
        raise RuntimeError("no compiled object yet")

    monkeypatch.setattr(group.cli, "main", compile_it)
    with pytest.raises(SystemExit) as ended:
        main.main(["project"])
    assert ended.value.code == 130
    assert capfd.readouterr().err == "Interrupted; nothing was left half written.\n"


def test_other_errors_in_callbacks_are_still_shown(capfd: pytest.CaptureFixture[str]) -> None:
    @ctypes.CFUNCTYPE(None)
    def callback() -> None:
        raise ValueError("a bug")

    before = sys.unraisablehook
    shown: list[str] = []
    sys.unraisablehook = lambda unraisable: shown.append(str(unraisable.exc_value))
    try:
        with heeded() as lost:
            callback()
    finally:
        sys.unraisablehook = before
    assert shown == ["a bug"]
    assert lost == []
