"""What a command writes into its folder in a run folder; files that the user changed there are never replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from hginventory.report.output.folder_index import INDEX, add_to_folder
from hginventory.report.output.run_folder import save_tables
from hginventory.report.record import RunRecord


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
    names = [*(f"{name}.csv" for name in tables), *(more or {})]
    check_place(record, place, names)
    target = write_files(tables, record.folder / place, more)
    add_to_folder(record, place, names)
    return target


def write_files(
    tables: Mapping[str, pd.DataFrame], folder: Path, more: Mapping[str, Callable[[Path], object]] | None = None
) -> Path:
    """Write tables as CSV and further files into a folder, in place of those of these names, and return it."""
    target = save_tables(tables, folder)
    for name, write in (more or {}).items():
        (target / name).unlink(missing_ok=True)
        write(target / name)
    return target
