"""A folder changes in one step, also where it cannot be moved; what is left by a killed process is settled."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.files import folder_versions, move_files, new_version, recover
from tests.files.faults import Killed, hidden, killed_after, shown

# A process that is killed closes no file; here they are left to the garbage collector, which says so.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
BEFORE = {"run.json": b"1", "a.csv": b"old", "gone.csv": b"old", "plan/n1.csv": b"old", "mine/deep/notes.txt": b"mine"}
AFTER = {"run.json": b"2", "a.csv": b"new", "plan/n2.csv": b"new", "mine/deep/notes.txt": b"mine"}


def fill(folder: Path) -> Path:
    for name, content in BEFORE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "link").symlink_to("a.csv")
    return folder


def change(folder: Path) -> None:
    with new_version(folder) as copy:
        for name in ("gone.csv", "plan/n1.csv"):
            (copy / name).unlink()
        for place in ("", "plan"):
            new = copy / ".new"
            new.mkdir()
            for name, content in AFTER.items():
                if str(Path(name).parent) == (place or "."):
                    (new / Path(name).name).write_bytes(content)
            move_files(new, copy / place)


def in_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(folder_versions, "_is_moved", lambda target: not target.exists())


def without_exchange(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(folder_versions, "_exchanged", lambda *_: False)


def without_links(patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("no links here")

    patch.setattr(os, "link", refuse)


SYSTEMS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "Linux": lambda _: None,
    "other systems": without_exchange,
    "a disk without links": without_links,
    "in place": in_place,
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_kill_at_any_step_is_settled(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SYSTEMS[system](monkeypatch)
    twin = fill(tmp_path / "twin")
    before = shown(twin)
    assert {name: before[name] for name in BEFORE} == BEFORE
    with killed_after(None) as process:
        change(twin)
    after = shown(twin)
    assert {name: after[name] for name in after if name != "link"} == AFTER
    for step in range(process.done):
        folder = fill(tmp_path / str(step) / "run")
        with killed_after(step), pytest.raises(Killed):
            change(folder)
        if system in ("Linux", "a disk without links"):
            assert shown(folder) in (before, after)  # at once
        recover(folder)  # as every command does that reads
        assert shown(folder) in (before, after)
        assert hidden(folder.parent) == []
        assert (folder / "link").is_symlink()
        again = fill(tmp_path / str(step) / "again")
        with killed_after(step), pytest.raises(Killed):
            change(again)
        recover(again)
        if shown(again) == before:
            change(again)
        assert shown(again) == after
        shutil.rmtree(folder.parent)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_first_version_is_there_or_not(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SYSTEMS[system](monkeypatch)

    def make(folder: Path) -> None:
        with new_version(folder) as copy:
            (copy / "a").write_text("a")
            (copy / "b").write_text("b")

    with killed_after(None) as process:
        make(tmp_path / "twin")
    for step in range(process.done):
        folder = tmp_path / str(step) / "run"
        with killed_after(step), pytest.raises(Killed):
            make(folder)
        recover(folder)
        assert shown(folder) in ({}, {"a": b"a", "b": b"b"})
        make(folder)
        assert hidden(folder.parent) == []


def test_what_others_write_meanwhile_is_kept(tmp_path: Path) -> None:
    folder = fill(tmp_path / "run")
    with new_version(folder) as copy:
        (folder / "late.txt").write_text("mine")
        (copy / "new.txt").write_text("new")
    assert (folder / "late.txt").read_text() == "mine"
    assert (folder / "new.txt").read_text() == "new"


def test_a_file_of_both_versions_stays_the_same_file(tmp_path: Path) -> None:
    folder = fill(tmp_path / "run")
    number = (folder / "mine/deep/notes.txt").stat().st_ino
    change(folder)
    assert (folder / "mine/deep/notes.txt").stat().st_ino == number


def test_a_folder_that_a_command_works_in_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fill(tmp_path / "run")
    number = folder.stat().st_ino
    monkeypatch.chdir(folder)
    change(Path())
    assert folder.stat().st_ino == number
    assert {name: content for name, content in shown(folder).items() if name != "link"} == AFTER
    assert hidden(tmp_path) == []


def test_a_large_folder_is_not_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_versions, "MOST_MOVED", 4)
    folder = fill(tmp_path / "run")
    number = folder.stat().st_ino
    change(folder)
    assert folder.stat().st_ino == number
    assert {name: content for name, content in shown(folder).items() if name != "link"} == AFTER


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    folder = fill(tmp_path / "real")
    (tmp_path / "run").symlink_to(folder)
    change(tmp_path / "run")
    assert (tmp_path / "run").is_symlink()
    assert (folder / "a.csv").read_bytes() == b"new"


def test_rights_of_the_folder_stay(tmp_path: Path) -> None:
    folder = fill(tmp_path / "run")
    folder.chmod(0o750)
    change(folder)
    assert folder.stat().st_mode & 0o777 == 0o750


def test_nothing_is_left_of_a_failure(tmp_path: Path) -> None:
    def make() -> None:
        with new_version(tmp_path / "not" / "there" / "run") as copy:
            (copy / "half").write_text("ha")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UsageError, match="No space"):
        make()
    assert list(tmp_path.iterdir()) == []


def test_files_of_users_with_like_names_are_kept(tmp_path: Path) -> None:
    names = (".run", ".run.new", ".run.old", "run.hginv-new", ".other.hginv-note")
    for name in names:
        (tmp_path / name).write_text("mine")
    change(fill(tmp_path / "run"))
    assert all((tmp_path / name).read_text() == "mine" for name in names)


@pytest.mark.parametrize(
    "name", ["../precious.txt", "link/precious.txt", "deep/../../precious.txt", "{outside}/precious.txt", ".."]
)
def test_a_folder_that_pretends_to_be_ready_changes_nothing_outside(tmp_path: Path, name: str) -> None:
    """A run folder of somebody else may hold such a version, with links that lead out of the folder."""
    outside, run = tmp_path / "outside", tmp_path / "outside" / "run"
    run.mkdir(parents=True)
    (outside / "precious.txt").write_bytes(b"mine")
    (run / "link").symlink_to(outside)
    ready = run / ".run.hginv-ready"
    (ready / "link").mkdir(parents=True)
    (ready / "link" / "precious.txt").write_bytes(b"theirs")
    (ready / "link" / "new.txt").write_bytes(b"theirs")
    (ready / folder_versions.GONE).write_text(json.dumps([name.format(outside=outside)]))
    recover(run)
    assert hidden(run) == []
    assert sorted(path.name for path in outside.iterdir()) == ["precious.txt", "run"]
    assert (outside / "precious.txt").read_bytes() == b"mine"


def test_nothing_is_written_through_a_link_in_a_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    fill(tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "plan")
    (tmp_path / "run" / "plan").symlink_to(outside)

    def change(folder: Path) -> None:
        with new_version(folder) as copy:
            (copy / ".new").mkdir()
            (copy / ".new" / "n2.csv").write_bytes(b"new")
            (copy / "gone.csv").unlink()
            move_files(copy / ".new", copy / "plan")

    with pytest.raises(UsageError, match="plan in the run folder is a link"):
        change(tmp_path / "run")
    assert not list(outside.iterdir())
    assert hidden(tmp_path / "run") == []
    assert (tmp_path / "run" / "gone.csv").read_bytes() == BEFORE["gone.csv"]


def _pretending(run: Path, content: str) -> dict[str, object]:
    fill(run)
    (run / ".run.hginv-ready").mkdir()
    (run / ".run.hginv-ready" / folder_versions.GONE).write_text(content)
    return shown(run)


@pytest.mark.parametrize("content", ["[1, null]", "{}", '"a.csv"', "[[]]", "3"])
def test_a_list_of_other_things_than_names_removes_nothing(tmp_path: Path, content: str) -> None:
    before = _pretending(tmp_path / "run", content)
    recover(tmp_path / "run")
    assert shown(tmp_path / "run") == before


@pytest.mark.parametrize("content", ["", "{", "[" * 10_000, "1" * 10_000])
def test_a_list_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    before = _pretending(tmp_path / "run", content)
    with pytest.raises(UnreadableFileError, match=folder_versions.GONE):
        recover(tmp_path / "run")
    assert shown(tmp_path / "run") == before
