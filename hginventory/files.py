"""Where files may be written, files that are written whole or not at all, and texts that are kept between runs."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from hginventory.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

FLOATS = "%.10g"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a text


def check_target(
    path: Path, parameter: str, suffix: str, *, overwrite: bool | None = None, source: Path | None = None
) -> None:
    """Raise unless a file may be written to a path; commands ask before the work.

    Parameters
    ----------
    path : Path
        File to write.
    parameter : str
        Parameter that names the file, for messages.
    suffix : str
        How its name has to end, in small letters.
    overwrite : bool, optional
        Whether a file of this name may be replaced; None where nobody can ask for it.
    source : Path, optional
        The workbook that was read, which is never replaced.

    Raises
    ------
    UsageError
        If the file has another ending, is a folder or the workbook that was read, or exists.
    """
    problem = ""
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        problem = "is the workbook itself, which is never written to. Name another file."
    elif path.suffix.lower() != suffix:
        problem = f"does not end in {suffix}. Use a name that ends in {suffix}."
    elif path.is_dir():
        problem = "is a folder. Name a file."
    elif path.exists() and not overwrite:
        also = "" if overwrite is None else ", or add `overwrite` to replace it"
        problem = f"exists. Name another file{also}."
    if problem:
        raise UsageError(f"{path} {problem}", parameter=parameter)


@contextmanager
def writing(target: Path, parameter: str = "") -> Iterator[None]:
    """Raise a `UsageError` with the reason where the system refuses to write to a file or folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{target}: cannot be written ({error.strerror or error}). Close it in other programs, and check that the "
            "disk has space and that you may write there.",
            parameter=parameter,
        ) from error


@contextmanager
def new_file(path: Path, parameter: str = "") -> Iterator[Path]:
    """Yield the temporary path of a new file, which replaces a file when it is complete.

    After a failure or an interrupt the former file is as it was, and nothing else is left.

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
    temporary = path.parent / f".{path.name}.{os.getpid()}.new"
    with writing(path, parameter):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            os.replace(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def kept_text(module: str, name: str, stamp: str) -> str | None:
    """Return a text that `keep_text` kept under the same stamp, None where there is none.

    Parameters
    ----------
    module : str
        File of the module that makes the text; it is kept in the folder of the byte code of this module.
    name : str
        Name of the file that keeps it.
    stamp : str
        Line that tells everything the text is made from, as a digest of it, from anything else.
    """
    try:
        found, _, text = Path(cache_from_source(module)).with_name(name).read_bytes().decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if found == stamp else None


def keep_text(module: str, name: str, stamp: str, text: str) -> None:
    """Keep a text that takes long to make, where Python may keep byte code; parameters as of `kept_text`."""
    if not sys.dont_write_bytecode:
        with suppress(UsageError), new_file(Path(cache_from_source(module)).with_name(name)) as new:
            new.write_bytes(f"{stamp}\n{text}".encode())  # a read-only installation keeps none


@contextmanager
def new_files(folder: Path, parameter: str = "", *, former: Collection[str] = (), last: str = "") -> Iterator[Path]:
    """Yield a temporary folder for new files, which move into a folder when all are complete.

    After a failure or an interrupt before that, the folder is as it was. Other files in it stay.

    Parameters
    ----------
    folder : Path
        Folder to write into; made where there is none.
    parameter : str
        Parameter that names the folder, for messages.
    former : collection of str
        Files in the folder, by relative path, that are removed unless there are new ones of the same name.
    last : str
        File that moves after all others.

    Raises
    ------
    UsageError
        If the folder cannot be written.
    """
    beside = folder if folder.is_dir() else folder.parent  # a folder that exists may lie on a disk of its own
    with writing(folder, parameter):
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=beside) as temporary:
            yield Path(temporary)
            names = sorted(os.listdir(temporary), key=lambda name: (name == last, name))
            folder.mkdir(exist_ok=True)
            for name in names:
                os.replace(Path(temporary) / name, folder / name)
        for name in set(former) - set(names):
            (folder / name).unlink(missing_ok=True)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, comma, ten significant digits; text that looks like a formula is quoted.

    Parameters
    ----------
    table : DataFrame
        The table; its index is not written.
    path : Path
        The file, as `new_file` and `new_files` yield it.
    """
    texts = table.select_dtypes(include=["object", "string"]).columns
    safe = table.assign(**{name: table[name].map(_safe, na_action="ignore") for name in texts})
    safe.to_csv(path, index=False, float_format=FLOATS, lineterminator="\n", encoding="utf-8")


def _safe(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula.

    >>> _safe("=1+1"), _safe("Unit 1"), _safe(-3)
    ("'=1+1", 'Unit 1', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
