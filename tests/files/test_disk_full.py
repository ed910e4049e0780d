"""The disk is full at any write: one sentence, and everything is as it was before.

The system refuses to write more than some bytes into a file, so that every layer that writes meets a real error.
"""

from __future__ import annotations

import gc
import random
import shutil
import tempfile
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.files import scratch_folder
from tests.files.faults import hidden, largest_file
from tests.files.writers import WRITERS, Writer, state

SAMPLE, ALL = 1, 12  # sizes at which a writer meets a full disk, beside the first and the last byte
OF_OPENPYXL = "openpyxl."  # temporary files that openpyxl removes when the process ends
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
# An object that could not write its last bytes says so again when it is collected.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return tmp_path / "scratch"


def check(writer: Writer, run: hg.Run, folder: Path, workbook: Path, scratch: Path, sizes: int) -> None:
    """Write with the disk full after some bytes of a file, fewer than the file has."""
    twin = shutil.copytree(folder, folder.parent / "twin" / "run")
    writer.write(run, twin, workbook)
    last = (twin / writer.file).stat().st_size - 1
    shutil.rmtree(twin.parent)
    before = state(folder)
    for size in sorted({0, last, *random.Random(31).sample(range(last), min(sizes, last))}):
        with (
            largest_file(size),
            pytest.raises(UsageError, match=r": cannot be written \(File too large\)\. Close it in other"),
        ):
            writer.write(run, folder, workbook)
        assert state(folder) == before, size
        assert hidden(folder.parent) == []
    assert [path.name for path in scratch.iterdir() if not path.name.startswith(OF_OPENPYXL)] == []
    gc.collect()  # while the warnings of such objects are expected


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
