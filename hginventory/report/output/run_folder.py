"""The run folder: everything a run found, as files that the same inputs write byte for byte again."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hginventory import arguments
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.files import move_files, new_version, recover, write_csv
from hginventory.reading import MOST_RECORD_BYTES, digest_of, read_json
from hginventory.report.excel import results_bytes
from hginventory.report.output.command_folder import write_files
from hginventory.report.record import (
    LOG,
    MANIFEST,
    SCHEMA,
    check_unchanged,
    enter_reports,
    is_inside,
    log_text,
    manifest,
    manifest_text,
    read_record,
)
from hginventory.report.tables import run_tables

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

DEFAULT_PARENT = "hginv-out"
RESULTS = "results.xlsx"


def save(
    run: Analysis,
    folder: str | Path | None = None,
    *,
    overwrite: bool = False,
    extra: Mapping[str, pd.DataFrame] | None = None,
    kept: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """Write the run folder.

    The folder takes its place in one step when it is complete, so a run that fails leaves the former one as it was.

    Parameters
    ----------
    run : Analysis
        The run.
    folder : str or Path, optional
        Where; default ``hginv-out/<fleet>``.
    overwrite : bool
        Write also into a folder with files of another origin; these are kept.
    extra : mapping of str to DataFrame, optional
        Further tables by the name of their file.
    kept : mapping of str to mapping, optional
        Files of an earlier run in the folder that also belong to this one, as `RunRecord.reports`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        If the folder is a file, belongs to somebody else, or cannot be written, or if files in it that would be
        replaced or removed were changed by hand.
    """
    _check_tables("extra", {} if extra is None else extra)
    target = folder_of(run, folder)
    known = check_folder(run, target, overwrite=overwrite, kept=kept or {})
    with new_version(target, "folder") as copy:
        new = copy / ".run"
        new.mkdir()
        _write(run, new, extra or {})
        former = known.keys() - set(kept or {})
        if known:
            check_unchanged(target, known, {*former, *os.listdir(new)} - {MANIFEST, LOG})
        for name in former:
            (copy / name).unlink(missing_ok=True)
        move_files(new, copy)
        for place in {(copy / name).parent for name in former} - {copy}:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
        if kept:
            enter_reports(read_record(copy), kept)
    return target


def check_folder(
    run: Analysis,
    folder: str | Path | None = None,
    *,
    overwrite: bool = False,
    kept: Collection[str] = (),
) -> dict[str, str]:
    """Raise unless a run can be saved into a folder; commands ask before they show results.

    Parameters
    ----------
    run, folder, overwrite
        As in `save`.
    kept : collection of str
        Files of an earlier run in the folder that stay.

    Returns
    -------
    dict of str to str
        Files that the earlier run wrote there, with their SHA-256.

    Raises
    ------
    UsageError
        As in `save`.
    """
    arguments.flag("overwrite", overwrite)
    target = folder_of(run, folder)
    recover(target)
    known = _former_outputs(target, overwrite)
    _guard_fleet(run, target)
    check_unchanged(target, known, known.keys() - {*kept, MANIFEST, LOG})
    return known


def folder_of(run: Analysis, folder: str | Path | None = None) -> Path:
    """Return the folder of a run: the one given, else ``hginv-out/<fleet>``."""
    arguments.path("folder", folder, optional=True)
    return Path(folder) if folder is not None else Path(DEFAULT_PARENT) / run.projection.settings.fleet_name


def _write(run: Analysis, folder: Path, extra: Mapping[str, pd.DataFrame]) -> None:
    tables = run_tables(run)
    for name, table in {**tables, **extra}.items():
        write_csv(table, folder / f"{name}.csv")
    (folder / RESULTS).write_bytes(results_bytes(run, written=tables))
    outputs = {path.name: digest_of(path) for path in sorted(folder.iterdir())}
    content = manifest(run, outputs)
    (folder / MANIFEST).write_text(manifest_text(content), encoding="utf-8")
    (folder / LOG).write_text(log_text(run), encoding="utf-8")


def save_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> Path:
    """Write tables as CSV into a folder, in addition to its files.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the name of their file.
    folder : str or Path
        Where; made where there is none.

    Raises
    ------
    UsageError
        If the folder cannot be written.
    """
    _check_tables("tables", tables)
    arguments.path("folder", folder)
    return write_files(tables, Path(folder))


def _check_tables(parameter: str, tables: Mapping[str, pd.DataFrame]) -> None:
    words = "a dict of DataFrames by the name of their file"
    arguments.of_kind(parameter, tables, dict, words)
    for name, table in tables.items():
        arguments.text(parameter, name)
        arguments.of_kind(parameter, table, pd.DataFrame, words)


def _former_outputs(target: Path, overwrite: bool) -> dict[str, str]:
    """Return files that an earlier run wrote here, with their digests; raise where the folder is somebody else's."""
    if not target.exists():
        return {}
    if not target.is_dir():
        raise UsageError(f"{target} is a file. Name a folder.", parameter="folder")
    try:
        former = read_json(target / MANIFEST, MOST_RECORD_BYTES)
        if former["schema"] == SCHEMA:
            reports = {name: entry["sha256"] for name, entry in former.get("reports", {}).items()}
            return {name: sha256 for name, sha256 in (former["outputs"] | reports).items() if is_inside(name)}
    except (UnreadableFileError, KeyError, TypeError, AttributeError):
        pass
    if any(target.iterdir()) and not overwrite:
        raise UsageError(
            f"{target} contains other files than those of a run. Name another folder, or add `overwrite` to write "
            "into it (other files stay).",
            parameter="folder",
        )
    return {}


def _guard_fleet(run: Analysis, target: Path) -> None:
    """Raise where writing the folder would overwrite the fleet that was read."""
    read = run.projection.fleet.source.path
    if read is not None and read.parent.resolve() == target.resolve() and read.name in (RESULTS, MANIFEST, LOG):
        raise UsageError(f"the run would overwrite the fleet {read}. Name another folder.", parameter="folder")
