"""The disk is full at any write: one sentence, and everything is as it was before.

The system refuses to write more than some bytes into a file, so that every layer that writes meets a real error.
"""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.files import scratch_folder
from tests.files.faults import hidden, largest_file
from tests.files.writers import WRITERS, Writer, state

SAMPLE, ALL = 1, 12  # sizes at which a writer meets a full disk, beside the first and the last byte
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
# An object that could not write its last bytes says so again when it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


def check(writer: Writer, run: hg.Run, folder: Path, workbook: Path, scratch: Path, sizes: int) -> None:
    """Write with the disk full after some bytes; then write in earnest, to see that the sizes were too small."""
    before = state(folder.parent)
    writer.write(run, folder, workbook)
    last = (folder / writer.file).stat().st_size - 1
    after = state(folder.parent)
    for name in after.keys() - before.keys():
        Path(name).unlink() if Path(name).is_file() else Path(name).rmdir()
    for name, content in before.items():
        if content is not None:
            Path(name).write_bytes(content)
    for size in sorted({0, last, *random.Random(31).sample(range(last), min(sizes, last))}):
        with largest_file(size), pytest.raises((UsageError, OSError), match=r"File too large") as caught:
            writer.write(run, folder, workbook)
        said = re.fullmatch(r"\S+: cannot be written \(File too large\)\..+", str(caught.value), re.DOTALL)
        assert said or isinstance(caught.value, OSError)
        assert state(folder.parent) == before, size
    assert hidden(folder.parent) == []
    assert list(scratch.iterdir()) == []


@each_writer
def test_a_full_disk_changes_nothing(writer: Writer, run: hg.Run, folder: Path, workbook: Path, scratch: Path) -> None:
    check(writer, run, folder, workbook, scratch, SAMPLE)


@pytest.mark.slow
@each_writer
def test_a_disk_full_at_any_byte_changes_nothing(
    writer: Writer, run: hg.Run, folder: Path, workbook: Path, scratch: Path
) -> None:
    check(writer, run, folder, workbook, scratch, ALL)


def test_a_full_disk_of_temporary_files_is_named(scratch: Path) -> None:
    def fill() -> None:
        with scratch_folder() as folder:
            (folder / "part").write_bytes(b"12345")

    with largest_file(4), pytest.raises(UsageError, match=r"hginv-scratch-\w+: cannot be written \(File too large\)"):
        fill()
    assert list(scratch.iterdir()) == []


def test_temporary_folders_of_killed_processes_are_removed_and_others_stay(scratch: Path) -> None:
    (scratch / "hginv-scratch-left").mkdir()
    (scratch / "hginv-scratch-left" / "part").write_text("half")
    (scratch / "hginv-of-the-user").mkdir()
    with scratch_folder() as first, scratch_folder() as second:
        assert first.is_dir()
        assert second.is_dir()
        assert not (scratch / "hginv-scratch-left").exists()
    assert [path.name for path in scratch.iterdir()] == ["hginv-of-the-user"]
