"""Whole commands killed by the system: what they write is then the former state or the new one, and they work again.

`strace`, where it is installed, kills a command before the N-th step that changes the disk; moments are random in time.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.files.faults import hidden, shown

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MAIN = "from hginv.main import main; main()"
RUN = ("project", "--fleet", "indonesia", "--where", "capacity_mw >= 900", "--draws", "20", "-o", "run")
OTHER = (*RUN, "--base-year", "2027")
STEPS = "mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,link,linkat,symlink,symlinkat"
STEPS_TRIED, MOMENTS_TRIED = 12, 12  # of each command; ten commands make 120 kills at random moments


class Command(NamedTuple):
    """A command, what was done before in its folder, and the tracker that it reads."""

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    tracker: str = ""


TRACKER = """GEM unit/phase ID,Country/Area,Plant name,Unit name,Capacity (MW),Status,Start year
G1,Indonesia,Ambar,1,400,operating,2008
G2,Indonesia,Ambar,2,400,operating,2010
"""
COMMANDS = {
    "project": Command(RUN),
    "project over another run": Command(OTHER, (RUN,)),
    "page": Command(("report", "run"), (RUN,)),
    "workbook": Command(("report", "run", "--format", "xlsx"), (RUN,)),
    "plan": Command(("report", "run", "--format", "plan"), (RUN,)),
    "chapter": Command(("chapter", "--fleet", "run", "--date", "2026-12-01"), (RUN,)),
    "optimize": Command(("optimize", "--target", "10%", "--by", "2035", "--fleet", "run"), (RUN,)),
    "scenarios": Command(("scenario", "compare", "targeted_top10", "--fleet", "run"), (RUN,)),
    "import": Command(("import", "gem-coal", "tracker.csv", "-o", "fleet.xlsx"), tracker=TRACKER),
    "marked copy": Command(("validate", "--fleet", "fleet.xlsx", "--marked", "marked.xlsx", "--overwrite"),
                           (("fleet", "export", "indonesia", "-o", "fleet.xlsx"),)),
}  # fmt: skip


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "cli")]), "SOURCE_DATE_EPOCH": "0"}


def arguments(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-c", MAIN, *words]


def call(words: tuple[str, ...], folder: Path) -> float:
    """Run a command to its end, and return how long it took [s]."""
    begin = time.perf_counter()
    done = subprocess.run(arguments(words), cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - begin


class Trial:
    """A command in fresh copies of a folder."""

    def __init__(self, command: Command, place: Path) -> None:
        self.command, self.place = command, place
        self.start = place / "start"
        self.start.mkdir()
        if command.tracker:
            (self.start / "tracker.csv").write_text(command.tracker, encoding="utf-8")
        for words in command.before:
            call(words, self.start)
        self.before = shown(self.start)
        done = self.fresh("done")
        self.lasts = call(command.words, done)
        self.after = shown(done)

    def fresh(self, name: str) -> Path:
        return shutil.copytree(self.start, self.place / name)

    def check(self, folder: Path) -> None:
        """Look at what a killed command left, and run it again."""
        assert shown(folder) in (self.before, self.after), "a mixture"
        call(self.command.words, folder)
        assert shown(folder) == self.after
        assert hidden(folder) == []
        shutil.rmtree(folder)


@pytest.fixture
def trial(name: str, tmp_path: Path) -> Trial:
    return Trial(COMMANDS[name], tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_a_random_moment(trial: Trial) -> None:
    chance = random.Random(20261201)
    for number in range(MOMENTS_TRIED):
        folder = trial.fresh(f"moment {number}")
        with subprocess.Popen(
            arguments(trial.command.words), cwd=folder, env=environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as child:  # fmt: skip
            time.sleep(trial.lasts * chance.uniform(0.2, 1.0))
            child.send_signal(signal.SIGKILL)
        trial.check(folder)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed here")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_before_a_step_on_the_disk(trial: Trial) -> None:
    log = trial.place / "steps.txt"
    strace = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={STEPS}"]
    twin = trial.fresh("twin")
    subprocess.run(
        [*strace, *arguments(trial.command.words)], cwd=twin, env=environment(), check=True, capture_output=True
    )
    steps = len(log.read_text().splitlines())
    for step in sorted(random.Random(20261201).sample(range(1, steps + 1), min(STEPS_TRIED, steps))):
        folder = trial.fresh(f"step {step}")
        kill = ["-e", f"inject={STEPS}:signal=KILL:when={step}"]
        subprocess.run(
            [*strace, *kill, *arguments(trial.command.words)], cwd=folder, env=environment(), check=False,
            capture_output=True,
        )  # fmt: skip
        trial.check(folder)
