"""A process may be killed between any two of its steps: a folder or file is then the former one or the new one."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import UsageError
from tests.files.faults import Killed, hidden, killed_after, shown
from tests.files.writers import WRITERS, Writer

SAMPLE = 3  # steps of a writer that are tested each time; .ci/full tests all
# A process that is killed closes no file; here they are left to the garbage collector, which says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)


class Trial:
    """A writer on fresh copies of a run folder."""

    def __init__(self, writer: Writer, run: hg.Run, folder: Path, workbook: Path, place: Path) -> None:
        self.writer, self.run, self.folder, self.workbook, self.place = writer, run, folder, workbook, place
        self.before = shown(folder)
        twin = self.fresh("twin")
        with killed_after(None) as process:
            self.write(twin)
        self.after, self.steps = shown(twin), process.done

    def fresh(self, name: str) -> Path:
        return shutil.copytree(self.folder, self.place / name / "run")

    def write(self, folder: Path) -> Path:
        self.writer.write(self.run, folder, self.workbook)
        return folder

    def check(self, steps: int) -> None:
        """Kill the writer after some steps; look at what is there, and write again."""
        folder = self.fresh(f"after {steps}")
        with killed_after(steps), pytest.raises(Killed):
            self.write(folder)
        found = shown(folder)
        assert found in (self.before, self.after), f"a mixture after {steps} of {self.steps} steps"
        if found == self.before or self.writer.replaces:
            self.write(folder)
        else:
            with pytest.raises(UsageError, match="exists"):
                self.write(folder)
        assert shown(folder) == self.after
        shutil.rmtree(folder.parent)


@pytest.fixture
def trial(
    writer: Writer, run: hg.Run, folder: Path, workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Trial:
    (folder / "notes.txt").write_text("mine")
    (folder / "mine").mkdir()
    (folder / "mine" / "more.txt").write_text("mine too")
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return Trial(writer, run, folder, workbook, tmp_path)


@each_writer
def test_a_killed_writer_leaves_no_mixture(trial: Trial) -> None:
    steps = {0, trial.steps - 1, *random.Random(20261201).sample(range(trial.steps), min(SAMPLE, trial.steps))}
    for step in sorted(steps):
        trial.check(step)


@pytest.mark.slow
@each_writer
def test_a_writer_killed_at_any_step_leaves_no_mixture(trial: Trial) -> None:
    for step in range(trial.steps):
        trial.check(step)


@each_writer
def test_the_next_command_removes_what_a_killed_one_left(writer: Writer, trial: Trial, tmp_path: Path) -> None:
    left = trial.fresh("left")
    for step in range(0, trial.steps, max(1, trial.steps // 5)):
        with killed_after(step), pytest.raises(Killed):
            trial.write(left)
        if not writer.replaces and shown(left) == trial.after:
            break
    if writer.replaces or shown(left) != trial.after:
        trial.write(left)
    assert hidden(left.parent) == [] or not writer.replaces
    assert not list((tmp_path / "scratch").iterdir()) or not writer.replaces
