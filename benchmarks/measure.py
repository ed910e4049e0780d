"""How a claim is measured: whole processes and calls, interleaved, so that a busy machine slows both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Direction = Literal["at most", "at least"]
Measure = Callable[[], float]


@dataclass(frozen=True)
class Claim:
    """A promise on speed that anyone can check.

    Attributes
    ----------
    name : str
        As given on the command line.
    words : str
        What is compared, in one line.
    direction : {"at most", "at least"}
        Which side of the floor is a pass.
    floor : float
        Bound of the measured ratio or count.
    measure : callable
        Returns the ratio or count.
    """

    name: str
    words: str
    direction: Direction
    floor: float
    measure: Measure

    def holds(self, measured: float) -> bool:
        """Return whether a measured value keeps the promise."""
        return measured <= self.floor if self.direction == "at most" else measured >= self.floor


CLAIMS: dict[str, Claim] = {}
NOTES: dict[str, str] = {}  # what a measurement found that belongs on the line of its claim


def claim(direction: Direction, floor: float) -> Callable[[Measure], Measure]:
    """Enter a function under its name; the first line of its docstring says what it compares."""

    def enter(measure: Measure) -> Measure:
        words = (measure.__doc__ or "").strip().splitlines()[0].rstrip(".")
        CLAIMS[measure.__name__] = Claim(measure.__name__, words, direction, floor, measure)
        return measure

    return enter


def median_ratio(over: Callable[[], object], under: Callable[[], object], rounds: int) -> float:
    """Return the median over the rounds of time of one call over time of the other, called in turn.

    Both are called once before, so that files are in the cache of the disk and code is compiled.
    """
    over()
    under()
    return statistics.median(seconds(over) / seconds(under) for _ in range(rounds))


def seconds(call: Callable[[], object]) -> float:
    """Return the time of a call [s]."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def process(arguments: Sequence[str], folder: Path | None = None, **variables: str) -> Callable[[], None]:
    """Return a call that runs a whole process to its end; an error of the process ends the measurement.

    Variables are added to its environment.
    """

    def run() -> None:
        own = {**environment(), **variables}
        done = subprocess.run(arguments, cwd=folder, env=own, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(arguments)} failed with {done.returncode}:\n{done.stderr.strip()}")

    return run


def until_line(arguments: Sequence[str], folder: Path, begin: str) -> float:
    """Return the time from the start of a process to the line before the one that begins in some way [s].

    Lines are read from a pipe as they come; the process then runs to its end, which is not timed.
    """
    start = shown = time.perf_counter()
    with subprocess.Popen(arguments, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(begin):
                break
            shown = time.perf_counter()
        else:
            raise SystemExit(f"{' '.join(arguments)} printed no line that begins with {begin!r}")
        child.stdout.read()
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} failed with {child.returncode}")
    return shown - start


def environment() -> Mapping[str, str]:
    """Return the environment of a user: compiled Python files may be kept, as after any installation."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def hginv(*arguments: str) -> list[str]:
    """Return the command line of the installed ``hginv`` of this Python."""
    script = Path(sys.executable).with_name("hginv")
    if not script.exists():
        raise SystemExit(f"{script} is missing: install the package into this Python first, pip install -e .")
    return [str(script), *arguments]


def python(code: str) -> list[str]:
    """Return the command line that runs a line of code in this Python."""
    return [sys.executable, "-c", code]
