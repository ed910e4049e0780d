"""Every file that we write is complete or not there, whatever goes wrong; a former one is kept until then."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.files import check_target, csv_tables, new_file, new_version, write_csv
from tests.files.writers import TABLE, WRITERS, Writer, enter, state

IN_A_RUN = ("page", "report", "plan", "place")  # which write into a run folder alone
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)


def _break_off(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every write stop in the middle of its first file."""

    def half(path: Path) -> None:
        with open(path, "wb") as stream:
            stream.write(b"ha")
        raise error

    def rows(file: Any, **_: Any) -> None:
        file.write("ha")
        raise error

    monkeypatch.setattr(Path, "write_bytes", lambda self, *_: half(self))
    monkeypatch.setattr(Path, "write_text", lambda self, *_, **__: half(self))
    monkeypatch.setattr(csv_tables.csv, "writer", rows)


def _refuse(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let no file be replaced, as Windows does with one that is open or read-only."""

    def replace(*_: Any) -> None:
        raise error

    monkeypatch.setattr(os, "replace", replace)


@each_writer
@pytest.mark.parametrize(
    ("fail", "error", "words"),
    [
        (_break_off, OSError(errno.ENOSPC, "No space left on device"), r"cannot be written \(No space left on device"),
        (_break_off, KeyboardInterrupt(), None),
        (_refuse, PermissionError(errno.EACCES, "Permission denied"), r"cannot be written \(Permission denied\)"),
        (_refuse, KeyboardInterrupt(), None),
    ],
    ids=["disk full", "interrupt in the middle", "read-only", "interrupt at the end"],
)
def test_a_failed_write_changes_nothing(
    writer: Writer,
    fail: Callable[[pytest.MonkeyPatch, BaseException], None],
    error: BaseException,
    words: str | None,
    run: hg.Run,
    folder: Path,
    workbook: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if writer.replaces:
        (folder / writer.file).parent.mkdir(exist_ok=True)
        (folder / writer.file).write_text("former")
        enter(folder, writer.file)  # else it would be the user's, which no writer replaces
    before = state(folder.parent)
    with monkeypatch.context() as patch:
        fail(patch, error)
        with pytest.raises(UsageError if words else KeyboardInterrupt, match=words) as caught:
            writer.write(run, folder, workbook)
    assert state(folder.parent) == before
    if words:
        named = {str(folder / writer.file), str((folder / writer.file).parent), str(folder)}
        assert any(f"{name}: cannot" in str(caught.value) for name in named)


@each_writer
def test_a_write_leaves_the_file_alone(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    writer.write(run, folder, workbook)
    assert (folder / writer.file).stat().st_size > 0
    assert not list(folder.parent.rglob(".*"))


@each_writer
def test_a_folder_in_the_place_of_the_file_is_kept(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    target = folder / writer.file
    target.unlink(missing_ok=True)
    target.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"is a folder\. Name a file|cannot be written"):
        writer.write(run, folder, workbook)
    assert target.is_dir()
    assert not list(folder.parent.rglob(".*"))


@pytest.mark.parametrize("writer", [one for name, one in WRITERS.items() if name not in IN_A_RUN])
def test_a_missing_folder_is_made_or_named(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    missing = folder.parent / "not" / "there"
    if writer.file.endswith(".toml"):
        with pytest.raises(UsageError, match="there is no folder"):
            writer.write(run, missing, workbook)
        assert not missing.exists()
    else:
        writer.write(run, missing, workbook)
        assert (missing / writer.file).is_file()


@pytest.mark.parametrize("write", [new_file, new_version])
def test_a_file_in_the_place_of_the_folder_is_named(write: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("mine")
    with pytest.raises(UsageError, match="cannot be written"), write(tmp_path / "folder" / "file"):
        pytest.fail("nothing may be made")
    assert (tmp_path / "folder").read_text() == "mine"


def test_errors_of_the_work_itself_pass(tmp_path: Path) -> None:
    for write in (new_file, new_version):
        with pytest.raises(ZeroDivisionError), write(tmp_path / "out"):
            raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_a_table_is_written_for_every_spreadsheet(tmp_path: Path) -> None:
    write_csv(TABLE, tmp_path / "one.csv")
    assert (tmp_path / "one.csv").read_bytes() == b"name,kg\n'=1+1,0.3333333333\nUnit 1,2\n"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    yield tmp_path
    assert (tmp_path / "there.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.txt", {}, "a.txt does not end in .csv. Use a name that ends in .csv."),
        ("folder.csv", {"overwrite": True}, "folder.csv is a folder. Name a file."),
        ("there.csv", {}, "there.csv exists. Name another file."),
        ("there.csv", {"overwrite": False}, "there.csv exists. Name another file, or add `overwrite` to replace it."),
    ],
)
def test_a_name_that_cannot_be_used_says_why(places: Path, name: str, options: dict[str, bool], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_target(places / name, "path", ".csv", **options)
    assert str(caught.value) == f"path: {places}{os.sep}{words}"


def test_the_workbook_that_was_read_is_never_replaced(places: Path) -> None:
    with pytest.raises(UsageError, match=r"is the workbook itself, which is never written to\. Name another"):
        check_target(places / "there.csv", "path", ".xlsx", overwrite=True, source=places / "there.csv")


@pytest.mark.parametrize("name", ["new.csv", "NEW.CSV", "there.csv"])
def test_other_names_pass(places: Path, name: str) -> None:
    check_target(places / name, "path", ".csv", overwrite=True)
