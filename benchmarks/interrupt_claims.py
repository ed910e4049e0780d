"""Claims on Ctrl-C: how long a run takes to end, in all its phases, and that it leaves nothing half written.

A run is measured once to its end; then runs of their own are interrupted at moments spread over that time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import claim, environment, hginv
from workbook_claims import workbook

MOMENTS = 6
INTERRUPTED, MANIFEST = 130, "run.json"
DRAWS, DRAWS_OF_WORLD = 30_000, 10_000
# What a shell starts in the background ignores SIGINT; a child that is started from here must not.
CHILD = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from hginv.main import main; main()"
)


@claim("at most", 1.0)
def interrupt_numpy() -> float:
    """Measure the seconds to end after Ctrl-C, worst of the moments of a run in numpy."""
    return worst("indonesia.xlsx", "--engine", "numpy", "--draws", str(DRAWS))


@claim("at most", 1.0)
def interrupt_numba() -> float:
    """Measure the seconds to end after Ctrl-C, worst of the moments of a compiled run of 14,000 units, 10,000 draws."""
    return worst(str(workbook()), "--engine", "numba", "--draws", str(DRAWS_OF_WORLD))


@claim("at most", 1.0)
def interrupt_dask() -> float:
    """Measure the seconds to end after Ctrl-C, its workers too, worst of the moments of a run in two processes."""
    return worst("indonesia.xlsx", "--engine", "dask", "--draws", str(DRAWS))


def worst(fleet: str, *options: str) -> float:
    """Return the longest time to end [s] over moments of a run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lasts = duration(folder, fleet, *options)
        return max(interrupted(folder, lasts * (n + 0.5) / MOMENTS, fleet, *options) for n in range(MOMENTS))


def duration(folder: Path, fleet: str, *options: str) -> float:
    """Return the time of a whole run [s]; kernels are compiled or read from their cache in a first one."""
    for number in range(2):
        begin = time.perf_counter()
        run = start(folder, f"whole{number}", fleet, *options)
        _, words = run.communicate()
        if run.returncode != 0:
            raise SystemExit(f"a run that nobody interrupts failed with {run.returncode}:\n{words}")
        lasts = time.perf_counter() - begin
    return lasts


def interrupted(folder: Path, moment: float, fleet: str, *options: str) -> float:
    """Return the time from an interrupt to the end of the process and of all it started [s]; check what it leaves."""
    before = set(folder.iterdir())
    run = start(folder, f"after {moment:.3f} s", fleet, *options)
    time.sleep(moment)
    begin = time.perf_counter()
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all processes of the command
    _, words = run.communicate()
    took = time.perf_counter() - begin
    left = set(folder.iterdir()) - before
    if all((made / MANIFEST).is_file() for made in left) and left:
        return took  # it was done already: the folder takes its name in one step, whole
    if left or run.returncode != INTERRUPTED or "nothing was left half written" not in words:
        names = ", ".join(made.name for made in left) or "nothing"
        raise SystemExit(f"interrupted after {moment:.1f} s it ended with {run.returncode}, left {names}:\n{words}")
    return took


def start(folder: Path, out: str, fleet: str, *options: str) -> subprocess.Popen[str]:
    """Start a run in a group of processes of its own."""
    arguments = hginv("project", "--fleet", fleet, *options, "-o", out, "-q")[1:]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], cwd=folder, env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
