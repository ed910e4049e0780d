"""The run folder: everything a run found, as files that the same inputs write byte for byte again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.report.excel import write_results
from hginventory.report.record import MANIFEST, SCHEMA, log_text, manifest, manifest_text
from hginventory.report.tables import run_tables

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

DEFAULT_PARENT = "hginv-out"
LOG = "run.log"
RESULTS = "results.xlsx"
DEEPEST = 2  # a file of a report may lie in a folder of its own
FLOATS = "%.10g"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a text


def save(
    run: Analysis,
    folder: str | Path | None = None,
    *,
    overwrite: bool = False,
    extra: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write the run folder.

    All files are written under a temporary name beside the folder first, so a run that fails leaves the
    folder as it was.

    Parameters
    ----------
    run : Analysis
        The run.
    folder : str or Path, optional
        Where; default ``hginv-out/<fleet>``.
    overwrite : bool
        Write also into a folder that holds files of somebody else; these are kept.
    extra : mapping of str to DataFrame, optional
        Further tables by the name of their file.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    UsageError
        If the folder is a file, belongs to somebody else, or cannot be written.
    """
    arguments.path("folder", folder, optional=True)
    arguments.flag("overwrite", overwrite)
    _check_tables("extra", {} if extra is None else extra)
    target = Path(folder) if folder is not None else Path(DEFAULT_PARENT) / run.projection.settings.fleet_name
    former = _former_outputs(target, overwrite)
    _guard_fleet(run, target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
            new = Path(temporary)
            _write(run, new, extra or {})
            target.mkdir(exist_ok=True)
            names = sorted((path.name for path in new.iterdir()), key=lambda name: name == MANIFEST)  # manifest last
            for name in names:
                os.replace(new / name, target / name)
        for name in former - set(names):
            (target / name).unlink(missing_ok=True)
        for folder_of_reports in {(target / name).parent for name in former} - {target}:
            if folder_of_reports.is_dir() and not any(folder_of_reports.iterdir()):
                folder_of_reports.rmdir()
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror or error}).", parameter="folder") from error
    return target


def _write(run: Analysis, folder: Path, extra: Mapping[str, pd.DataFrame]) -> None:
    tables = {**run_tables(run), **extra}
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    write_results(run, folder / RESULTS)
    outputs = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    content = manifest(run, outputs)
    (folder / MANIFEST).write_text(manifest_text(content), encoding="utf-8")
    (folder / LOG).write_text(log_text(run), encoding="utf-8")


def save_tables(tables: Mapping[str, pd.DataFrame], folder: str | Path) -> Path:
    """Write tables as CSV into a folder beside whatever lies there.

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
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            temporary = target / f".{name}.csv.new"
            write_csv(table, temporary)
            os.replace(temporary, target / f"{name}.csv")
    except OSError as error:
        raise UsageError(f"{target} cannot be written ({error.strerror or error}).", parameter="folder") from error
    return target


def _check_tables(parameter: str, tables: Mapping[str, pd.DataFrame]) -> None:
    words = "a dict of DataFrames by the name of their file"
    arguments.of_kind(parameter, tables, dict, words)
    for name, table in tables.items():
        arguments.text(parameter, name)
        arguments.of_kind(parameter, table, pd.DataFrame, words)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, comma, ten significant digits; text that looks like a formula is quoted.

    Parameters
    ----------
    table : DataFrame
        The table; its index is not written.
    path : Path
        The file.
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


def _former_outputs(target: Path, overwrite: bool) -> set[str]:
    """Return the files that an earlier run wrote here; raise where the folder is somebody else's."""
    if not target.exists():
        return set()
    if not target.is_dir():
        raise UsageError(f"{target} is a file. Name a folder.", parameter="folder")
    try:
        former = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if former["schema"] == SCHEMA:
            return {name for name in (*former["outputs"], *former.get("reports", {})) if is_inside(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    if any(target.iterdir()) and not overwrite:
        raise UsageError(
            f"{target} holds files that no run has written. Name another folder, or add `overwrite` to write into it "
            "(other files stay).",
            parameter="folder",
        )
    return set()


def is_inside(name: str) -> bool:
    """Return whether a name that a manifest holds is that of a file in its folder, or in a folder of that.

    >>> [is_inside(name) for name in ("units.csv", "plan/plan.md", "../fleet.xlsx", "/etc/passwd", "a/b/c", "")]
    [True, True, False, False, False, False]
    """
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return 1 <= len(parts) <= DEEPEST and not {"..", "/"} & set(parts) and ":" not in name


def _guard_fleet(run: Analysis, target: Path) -> None:
    """Raise where writing the folder would overwrite the fleet that was read."""
    read = run.projection.fleet.source.path
    if read is not None and read.parent.resolve() == target.resolve() and read.name in (RESULTS, MANIFEST, LOG):
        raise UsageError(f"the run would overwrite the fleet {read}. Name another folder.", parameter="folder")
