"""A run again from its folder: the fleet and the settings it names, and nothing but its own numbers."""

from __future__ import annotations

from pathlib import Path

from hginventory.errors import UsageError
from hginventory.inputs.reader import read_fleet
from hginventory.report.record import Record, differences_of, read_record
from hginventory.run import Run, project

_SHOWN = 3


def reopen(folder: str | Path, *, fleet: str | Path | None = None) -> Run:
    """Compute the run of a folder again and return it.

    Parameters
    ----------
    folder : str or Path
        A run folder.
    fleet : str or Path, optional
        Where its fleet is now; default: where it was.

    Raises
    ------
    UsageError
        If it is no run folder, the fleet is gone or another, or this version gives other numbers than the run.
    """
    record = read_record(folder)
    run = recompute(record, fleet)
    found = differences_of(run, record)
    if found:
        raise UsageError(
            f"{folder}: this version of the program gives other numbers than the run: {'; '.join(found[:_SHOWN])}. "
            "Run hginv project again, then write the report."
        )
    return run


def recompute(record: Record, fleet: str | Path | None = None) -> Run:
    """Compute a recorded run again, whatever comes out; parameters and errors as in `reopen`."""
    named, sha256 = record.fleet() if fleet is None else (str(fleet), next(iter(record.content["inputs"].values()), ""))
    read = read_fleet(named)
    if sha256 and read.sha256 != sha256:
        raise UsageError(
            f"{record.folder}: the fleet {named} is not the file that the run read (its SHA-256 is another). "
            "Run hginv project again, or name the file of the run: --fleet."
        )
    return project(read, **record.options())
