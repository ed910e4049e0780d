"""Faults of the machine, made on purpose: a process that is killed between two steps, a disk that is full."""

from __future__ import annotations

import os
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STEPS = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Killed(BaseException):
    """The process is killed here: nothing of it runs any more, no clean-up either."""


class _Process:
    """Counts steps that change the disk; from one of them on, none is done any more."""

    def __init__(self) -> None:
        self.is_watched = False
        self.done = 0
        self.last: int | None = None

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_watched or not (event in STEPS or (event == "open" and self._is_write(arguments))):
            return
        if self.last is not None and self.done >= self.last:
            raise Killed
        self.done += 1

    @staticmethod
    def _is_write(arguments: tuple[Any, ...]) -> bool:
        path, _, flags = arguments
        return isinstance(path, str | bytes | Path) and isinstance(flags, int) and bool(flags & WRITES)


_PROCESS = _Process()
sys.addaudithook(_PROCESS.note)  # stays for the life of the process


@contextmanager
def killed_after(steps: int | None) -> Iterator[_Process]:
    """Let a process die after some steps that change the disk; give it, for the steps that it has done."""
    _PROCESS.done, _PROCESS.last, _PROCESS.is_watched = 0, steps, True
    try:
        yield _PROCESS
    finally:
        _PROCESS.is_watched = False


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes into any file, as a disk that is full does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def shown(folder: Path) -> dict[str, object]:
    """Return what a person finds in a folder: names and contents, without times and without hidden files."""
    return {
        str(path.relative_to(folder)): _content(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def hidden(folder: Path) -> list[str]:
    """Return the hidden files and folders in a folder."""
    return [str(path.relative_to(folder)) for path in folder.rglob(".*")]


def _content(path: Path) -> object:
    if path.name == "run.log":
        return "when and where"
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return {part.filename: part.CRC for part in book.infolist() if part.filename != "docProps/core.xml"}
    return path.read_bytes()
