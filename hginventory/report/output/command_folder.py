"""What a command writes into its folder in a run folder; files that the user changed there are never replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from hginventory.files import move_files, new_version, write_csv
from hginventory.report.record import INDEX, RunRecord, add_reports


def check_place(record: RunRecord, place: str, names: Iterable[str] = ()) -> None:
    """Raise where a command would replace or remove a file that the user changed.

    Parameters
    ----------
    record : RunRecord
        The run folder.
    place : str
        Folder in it that the command writes into, of `PLACES`.
    names : iterable of str
        Files that the command will write into that folder.

    Raises
    ------
    UsageError
        If one of these, one that the command wrote there before, or the index was changed by hand.
    """
    former = (name for name, entry in record.reports.items() if entry["format"] == place)
    record.check_unchanged([INDEX, *former, *(f"{place}/{name}" for name in names)])


def write_into_place(
    record: RunRecord,
    place: str,
    tables: Mapping[str, pd.DataFrame],
    more: Mapping[str, Callable[[Path], object]] | None = None,
) -> Path:
    """Write what a command found into its folder in a run folder, enter it in record and index, return the folder.

    Parameters
    ----------
    record, place
        As in `check_place`.
    tables : mapping of str to DataFrame
        By the name of their file.
    more : mapping of str to callable, optional
        Further files by name, with what writes them.

    Raises
    ------
    UsageError
        As in `check_place`, or if the folder cannot be written.
    """

    def write(folder: Path) -> None:
        _write(tables, folder, more)

    return add_reports(record, {"format": place, "language": "en"}, write, place=place)


def write_files(
    tables: Mapping[str, pd.DataFrame], folder: Path, more: Mapping[str, Callable[[Path], object]] | None = None
) -> Path:
    """Write tables as CSV and further files into a folder, in place of those of these names, and return it."""
    with new_version(folder, "folder") as copy:
        new = copy / ".new"
        new.mkdir()
        _write(tables, new, more)
        move_files(new, copy)
    return folder


def _write(
    tables: Mapping[str, pd.DataFrame], folder: Path, more: Mapping[str, Callable[[Path], object]] | None
) -> None:
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    for name, write in (more or {}).items():
        write(folder / name)
