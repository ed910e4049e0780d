"""A run again from its folder: the fleet and the settings it names, and nothing but its own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hginventory.errors import UsageError
from hginventory.files import recover
from hginventory.inputs.bundled import read_fleet
from hginventory.projecting import project
from hginventory.report.record import RunRecord, differences_of, read_record
from hginventory.run import Run

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
        If it is not a run folder, the fleet is gone or another, or this version gives other numbers than the run.
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


def open_run(source: str | Path, **options: Any) -> Run:
    """Return the run of a fleet, or of an earlier run's folder with its settings.

    Parameters
    ----------
    source : str or Path
        A run folder, or what `projecting.project` takes for a fleet.
    **options
        As of `run.project`; None: that of the earlier run, else the default.

    Raises
    ------
    UsageError
        If the folder was not written by a run, or its fleet is gone or another.
    """
    given = {name: value for name, value in options.items() if value is not None}
    recover(Path(source))
    if not Path(source).is_dir():
        return project(source, **given)
    return recompute(read_record(source), options=given)


def recompute(record: RunRecord, fleet: str | Path | None = None, options: Mapping[str, Any] | None = None) -> Run:
    """Compute a recorded run again, whatever comes out; options given replace its own. Errors as in `reopen`."""
    named, sha256 = record.fleet() if fleet is None else (str(fleet), next(iter(record.content["inputs"].values()), ""))
    read = read_fleet(named)
    if sha256 and read.sha256 != sha256:
        raise UsageError(
            f"{record.folder}: the fleet {named} is not the file that the run read (its SHA-256 is another). "
            "Run hginv project again, or name the file of the run with `fleet`."
        )
    return project(read, **{**record.options(), **(options or {})})
