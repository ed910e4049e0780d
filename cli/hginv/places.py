"""Where a command writes: into the run folder that it was given, else into a folder next to those of runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

    from hginventory.report.record import RunRecord
    from hginventory.run import Run

BESIDE: Mapping[str, str] = {"optimize": "plan"}  # folders that are called otherwise where there is no run folder


def usual_folder(run: Run, place: str) -> Path:
    """Return where the files of a command go unless another folder is named.

    Parameters
    ----------
    run : Run
        The run of the command.
    place : str
        Folder of the command in a run folder, of `report.output.PLACES`.
    """
    record = given_record(run)
    if record is not None:
        return record.folder / place
    return Path("hginv-out") / f"{run.projection.settings.fleet_name}-{BESIDE.get(place, place)}"


def given_record(run: Run) -> RunRecord | None:
    """Return the run folder that the command was given, if the run has its fleet and settings; else None."""
    given = click.get_current_context().params["fleet"]
    if not Path(given).is_dir():
        return None
    from hginventory.report.record import is_of_record, read_record

    record = read_record(given)
    return record if is_of_record(run, record) else None


def say_written(
    run: Run,
    tables: dict[str, pd.DataFrame],
    folder: str | None,
    place: str,
    *,
    more: Mapping[str, Callable[[Path], object]] | None = None,
) -> str:
    """Write tables in addition to what is printed, and return the folder; in a run folder, enter them in its index.

    Parameters
    ----------
    run, place
        As in `usual_folder`.
    tables : dict of str to DataFrame
        By the name of their file.
    folder : str, optional
        The folder that was named.
    more : mapping of str to callable, optional
        Further files by name, with what writes them.
    """
    from hginventory.report.output import write_files, write_into_place

    record = None if folder else given_record(run)
    if record is not None:
        return str(write_into_place(record, place, tables, more))
    return str(write_files(tables, Path(folder) if folder else usual_folder(run, place), more))
