"""A folder that changes in one step: its new version is made next to it and takes its place when it is complete.

The system exchanges two folders in one step where it can (Linux); elsewhere the former version is moved away first, and
what a process killed between the two leaves is undone by the next command. A folder that cannot be moved is changed
file by file; what a process killed meanwhile leaves is completed by the next command.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hginventory.errors import UsageError
from hginventory.files.file_versions import made_parents, next_to
from hginventory.files.locks import locked
from hginventory.files.targets import writing
from hginventory.reading import MOST_RECORD_BYTES, read_json

MOST_MOVED = 1_000  # files; a folder with more is hardly that of a run
LOCK, NEW, OLD, READY = "lock", "new", "old", "ready"
GONE = ".hginv-gone"  # in a version that is ready: names of the files that it does not have any more
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)  # where a system or disk exchanges nothing


@contextmanager
def new_version(folder: Path, parameter: str = "") -> Iterator[Path]:
    """Yield a copy of a folder to write and remove files in, which takes the place of the folder when all is done.

    Files of the copy are those of the folder, not copies: they are replaced, never written into. After a failure or an
    interrupt the folder is as it was, and nothing else is left. Where the process is killed, the folder is the former
    or the new version, and the next command that reads or writes it removes what else is left. Other processes that
    change the folder wait.

    Parameters
    ----------
    folder : Path
        The folder; made where there is none.
    parameter : str
        Parameter that names the folder, for messages.

    Raises
    ------
    UsageError
        If the folder cannot be written.
    """
    with writing(folder, parameter):
        target = Path(os.path.realpath(folder))
        with made_parents(target), locked(_lock_of(target)):
            _settle(target)
            is_moved = _is_moved(target)
            copy = next_to(target if is_moved else target / target.name, NEW)
            copy.mkdir()
            try:
                before = _link(target, copy, is_whole=is_moved) if target.exists() else set()
                yield copy
                if is_moved:
                    _exchange(copy, target, before)
                else:
                    _move_in(copy, target, before)
            finally:
                shutil.rmtree(copy, ignore_errors=True)


def move_files(source: Path, folder: Path) -> None:
    """Move all files of a folder into another one, in place of those of the same name, and remove the folder.

    Parameters
    ----------
    source : Path
        Folder of new files, in a copy that `new_version` yielded.
    folder : Path
        Where they go; made where there is none.

    Raises
    ------
    UsageError
        If it is a link: what it points to belongs to somebody else, and no version of it is kept.
    """
    if folder.is_symlink():
        raise UsageError(
            f"{folder.name} in the run folder is a link. Nothing is written through links: remove it, or put a folder "
            "in its place, and run the command again."
        )
    folder.mkdir(exist_ok=True)
    for name in os.listdir(source):
        os.replace(source / name, folder / name)
    source.rmdir()


def recover(folder: Path) -> None:
    """Undo or complete a change of a folder whose process was killed, unless another process changes it now.

    Parameters
    ----------
    folder : Path
        The folder; commands that read it ask this first.
    """
    target = Path(os.path.realpath(folder))
    with suppress(OSError):  # where nothing can be written, nothing was begun
        if any(map(os.path.lexists, (_lock_of(target), *_left(target)))):
            with locked(_lock_of(target), wait=False) as is_free:
                if is_free:
                    _settle(target)


def _left(target: Path) -> list[Path]:
    """Return the paths of all that a killed process may leave, but for its lock."""
    inside = target / target.name
    return [next_to(target, OLD), next_to(target, NEW), next_to(inside, NEW), next_to(inside, READY)]


def _lock_of(target: Path) -> Path:
    in_parent = os.access(target.parent, os.W_OK) or not target.exists()
    return next_to(target if in_parent else target / target.name, LOCK)


def _settle(target: Path) -> None:
    """Undo or complete what was left; the caller has the lock."""
    old, *copies, ready = _left(target)
    if ready.exists():
        _take(ready, target)
    if old.exists() and not target.exists():
        os.rename(old, target)
    for left in (old, *copies):
        shutil.rmtree(left, ignore_errors=True)


def _is_moved(target: Path) -> bool:
    """Return whether a folder can be exchanged as a whole: not where a command works in it, nor a disk of its own."""
    if not target.exists():
        return True
    if not os.access(target.parent, os.W_OK) or target.is_mount():
        return False
    with suppress(FileNotFoundError):  # a working folder that was removed is none of ours
        if Path.cwd().is_relative_to(target):
            return False
    files = 0
    for place, folders, names in os.walk(target):
        files += len(names)
        if files > MOST_MOVED or any(os.path.ismount(os.path.join(place, name)) for name in folders):
            return False
    return True


def _names(folder: Path, *, is_whole: bool = True) -> Iterator[str]:
    """Yield the files in a folder by relative path; else only as deep as files of ours are."""
    own = f".{folder.name}.hginv-"
    for place, folders, names in os.walk(folder):
        folders[:] = [] if not is_whole and Path(place) != folder else [n for n in folders if not n.startswith(own)]
        linked = [name for name in folders if os.path.islink(os.path.join(place, name))]
        yield from (os.path.relpath(os.path.join(place, name), folder) for name in [*names, *linked])


def _link(folder: Path, copy: Path, *, is_whole: bool) -> set[str]:
    """Give a copy the files of a folder, and return their names."""
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if is_whole:
        for place, folders, _ in os.walk(folder):
            for name in folders:
                path = Path(place, name)
                if not path.is_symlink():
                    (copy / path.relative_to(folder)).mkdir()
    names = {name for name in _names(folder, is_whole=is_whole) if not name.endswith(f".hginv-{LOCK}")}
    for name in names:
        (copy / name).parent.mkdir(exist_ok=True)
        try:
            os.link(folder / name, copy / name, follow_symlinks=False)
        except (OSError, NotImplementedError):  # a disk without links
            shutil.copy2(folder / name, copy / name, follow_symlinks=False)
    return names


def _exchange(copy: Path, target: Path, before: set[str]) -> None:
    """Put a copy in the place of a folder; files that others wrote there meanwhile come along."""
    if not target.exists():
        os.rename(copy, target)
        return
    shutil.copymode(target, copy)
    if not _exchanged(copy, target):
        old = next_to(target, OLD)
        os.rename(target, old)
        try:
            os.rename(copy, target)
        except OSError:
            os.rename(old, target)
            raise
        os.rename(old, copy)
    for name in set(_names(copy)) - before:
        with suppress(OSError):
            if not (target / name).exists():
                os.rename(copy / name, target / name)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False where the system or the disk has no such step."""
    exchange: Callable[..., int] | None = None
    if sys.platform == "linux":
        exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    sys.audit("os.rename", str(one), str(other), -1, -1)  # as of every other change of a name
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _move_in(copy: Path, target: Path, before: set[str]) -> None:
    """Move the files of a copy into a folder; from the first step on, the next command would complete it."""
    gone = before - set(_names(copy))
    (copy / GONE).write_text(json.dumps(sorted(gone)), encoding="utf-8")
    ready = next_to(target / target.name, READY)
    os.rename(copy, ready)
    _take(ready, target)


def _take(ready: Path, target: Path) -> None:
    """Move the files of a version that is ready into a folder; what was moved already stays.

    A folder that came from somebody else may pretend to be ready: what leads out of it is neither moved nor removed.
    """
    if (ready / GONE).is_file():  # the first to go when all is done
        listed = read_json(ready / GONE, MOST_RECORD_BYTES)
        names = listed if isinstance(listed, list) else []
        gone = [name for name in names if isinstance(name, str) and _is_inside(target, name)]
        for name in set(_names(ready)) - {GONE}:
            if _is_inside(target, name):
                (target / name).parent.mkdir(exist_ok=True)
                os.replace(ready / name, target / name)
        for name in gone:
            (target / name).unlink(missing_ok=True)
        for place in {(target / name).parent for name in gone} - {target}:
            with suppress(OSError):  # a folder with other files stays
                place.rmdir()
        (ready / GONE).unlink()
    shutil.rmtree(ready)


def _is_inside(folder: Path, name: str) -> bool:
    """Return whether a relative path stays in a folder, also where folders on the way are links."""
    place = os.path.realpath((folder / name).parent)
    return Path(name).name not in ("", "..") and Path(place).is_relative_to(os.path.realpath(folder))
