"""Files that are written whole or not at all, and folders for what is needed during the work only."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from hginventory.files.locks import locked
from hginventory.files.targets import writing

_SCRATCH = "hginv-scratch-"


def next_to(path: Path, kind: str) -> Path:
    """Return the path of a temporary file or folder of ours next to another one.

    >>> next_to(Path("runs/vietnam"), "new").as_posix()
    'runs/.vietnam.hginv-new'
    """
    return path.parent / f".{path.name}.hginv-{kind}"


@contextmanager
def made_parents(path: Path) -> Iterator[None]:
    """Make the folder of a file, and those it is in; after a failure those that are empty are gone again."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for folder in missing:
                folder.rmdir()
        raise


@contextmanager
def new_file(path: Path, parameter: str = "") -> Iterator[Path]:
    """Yield the temporary path of a new file, which replaces a file when it is complete.

    After a failure or an interrupt the former file is as it was, and nothing else is left. Where the process is killed,
    the next one that writes the file removes what is left.

    Parameters
    ----------
    path : Path
        File to write; its folder is made where there is none.
    parameter : str
        Parameter that names the file, for messages.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    temporary = next_to(path, "new")
    with writing(path, parameter), made_parents(path), locked(next_to(path, "lock")):
        try:
            temporary.unlink(missing_ok=True)
            yield temporary
            os.replace(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder for temporary files; those of processes that were killed are removed.

    Raises
    ------
    UsageError
        If the disk of temporary files is full.
    """
    parent = Path(tempfile.gettempdir())
    for left in parent.glob(f"{_SCRATCH}*"):
        with suppress(OSError), locked(next_to(left, "lock"), wait=False) as is_left:
            if is_left:
                shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"{_SCRATCH}{uuid.uuid4().hex}"
    with writing(folder), ExitStack() as stack:
        stack.enter_context(locked(next_to(folder, "lock")))
        folder.mkdir(mode=0o700)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder
