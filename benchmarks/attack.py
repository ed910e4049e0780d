"""Hostile input: every case is refused in one sentence, within 5 s of work and 500 MB, by exit code 2 or 4.

    python benchmarks/attack.py [--quick] [--group NAME ...] [--case WORD]

Each case is a command in a process of its own that reads a file, or an option, made to do harm. One line a case:
seconds of processor time, peak memory, exit code, and what is wrong, if anything is. Exit code 5 on a failure.
--quick tries the cases marked so, within two minutes; .ci/full tries all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import attack_options
import attack_tables
import attack_templates
import attack_texts
import attack_workbooks
from attack_case import ANYTHING, ENVIRONMENT, Cases, Make

FAILED = 5
REFUSED, READ = (2, 4), (0, 1, 2, 4)  # exit codes
MOST_SECONDS = 5.0  # of processor time, start of Python and imports included
MOST_MB = 500.0
WAIT = 120.0  # of the wall, on a busy machine
MEMORY = 8_000_000_000  # bytes of address space, so that a failure does not take the machine with it
START = f"import resource as r; r.setrlimit(r.RLIMIT_AS, ({MEMORY}, {MEMORY})); from hginv.main import main; main()"
GROUPS: Mapping[str, Callable[[], Cases]] = {
    "workbooks": attack_workbooks.cases,
    "tables": attack_tables.cases,
    "templates": attack_templates.cases,
    "texts": attack_texts.cases,
    "options": attack_options.cases,
}


@dataclass(frozen=True)
class Outcome:
    """What a command did: exit code, what it printed, processor time [s] and peak memory [MB]."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


def run(arguments: Sequence[str | bytes], folder: Path) -> Outcome:
    """Run a command to its end, or to that of our patience."""
    out, err = folder / ".out", folder / ".err"
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("wb")) for path in (out, err)]
        child = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=streams[0], stderr=streams[1],
        )  # fmt: skip
        timer = threading.Timer(WAIT, child.kill)
        timer.start()
        _, status, used = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    texts = [path.read_text("utf-8", "replace") for path in (out, err)]
    out.unlink()
    err.unlink()
    return Outcome(child.returncode, *texts, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)


def faults(outcome: Outcome, words: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the answer to a hostile input."""
    lines = [line for line in outcome.err.splitlines() if line.strip()]
    said = " ".join(lines)
    is_free = words == ANYTHING
    if outcome.code not in (READ if is_free else REFUSED):
        yield f"exit {outcome.code}: {said[-160:]!r}"
    if outcome.seconds > MOST_SECONDS:
        yield f"more than {MOST_SECONDS:g} s"
    if outcome.megabytes > MOST_MB:
        yield f"more than {MOST_MB:g} MB"
    if is_free:
        return
    if not any(line.startswith("Error: ") for line in lines) or not all(line.isprintable() for line in lines):
        yield f"no plain sentence: {said[-160:]!r}"
    elif missing := [word for word in words if word not in said]:
        yield f"does not say {', '.join(map(repr, missing))}: {said[-200:]!r}"


def attempt(make: Make, words: tuple[str, ...]) -> tuple[Outcome, list[str]]:
    """Return the outcome of a case and its faults."""
    with tempfile.TemporaryDirectory(prefix="attack-") as name:
        folder = Path(name)
        command = make(folder)
        before = {path.name for path in folder.iterdir()}
        outcome = run(command, folder)
        found = list(faults(outcome, words))
        new = [path for path in folder.iterdir() if path.name not in before and outcome.code not in (0, 1)]
        left = sorted(path.name for path in new if not (path / "run.json").exists())  # a run that is whole may stay
        return outcome, [*found, *([f"left {', '.join(left)}"] if left else [])]


def main(argv: list[str] | None = None) -> int:
    """Try the cases and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="only the cases marked as quick")
    parser.add_argument("--group", action="append", choices=list(GROUPS), help="only these groups")
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    options = parser.parse_args(argv)
    begin = time.perf_counter()
    failed = tried = 0
    for group in options.group or GROUPS:
        for name, is_quick, make, words in GROUPS[group]():
            if (options.quick and not is_quick) or options.case not in name:
                continue
            outcome, found = attempt(make, words)
            tried += 1
            failed += bool(found)
            told = "; ".join(found) or "ok"
            measured = f"{outcome.seconds:6.1f} s {outcome.megabytes:6.0f} MB  exit {outcome.code:>3}"
            print(f"{group:<10} {name:<48} {measured}  {told}", flush=True)
    print(f"{tried} cases, {failed} failed, {time.perf_counter() - begin:.0f} s.")
    return FAILED if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
