"""Whether a run folder contains the results of its inputs, by its record and by computing it again."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from hginventory._version import __version__
from hginventory.errors import UnreadableFileError
from hginventory.files import scratch_folder
from hginventory.reading import digest_of, read_table_bytes
from hginventory.report.chapter import CHAPTER_FORMAT, make_chapter
from hginventory.report.excel import WORKBOOK_FORMAT, workbook_bytes
from hginventory.report.output.run_folder import save
from hginventory.report.page import page
from hginventory.report.plan import PLAN_FORMAT, PlanOrder, make_plan
from hginventory.report.record import INDEX, LEFT_OUT, PLAN_FOLDER, RunRecord, differences_of, index
from hginventory.report.text import words_in

if TYPE_CHECKING:
    from hginventory.analysis import Analysis

CHANGED, MISSING, DIFFERS, SKIPPED = "changed", "missing", "differs", "not recomputed"


@dataclass(frozen=True)
class FileCheck:
    """What was found of one file.

    Attributes
    ----------
    file : str
        Name.
    state : str
        ``changed`` since the run, ``missing``, ``differs`` from what is computed now, or ``not recomputed``.
    words : str
        What exactly.
    """

    file: str
    state: str
    words: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the folder differs from the results of its inputs."""
        return self.state != SKIPPED


def verify(record: RunRecord, run: Analysis) -> list[FileCheck]:
    """Compare a run folder with its record and with the run computed again.

    Parameters
    ----------
    record : RunRecord
        The folder.
    run : Analysis
        The same run, computed now.

    Returns
    -------
    list of FileCheck
        Empty where all is as it should be.
    """
    kept = {**record.outputs, **{name: entry["sha256"] for name, entry in record.reports.items()}}
    found = [verdict for name, sha256 in kept.items() for verdict in _on_disk(record.folder, name, sha256)]
    with scratch_folder() as folder:
        fresh = save(run, folder / "run")
        for report, entry in record.reports.items():
            if entry["format"] == "html" and "outlines" not in entry:
                (fresh / report).write_text(page(run, entry["language"]), encoding="utf-8")
            elif report == INDEX:
                text = index(record, words_in(entry["language"]), entry.get(LEFT_OUT, "").splitlines())
                (fresh / report).write_text(text, encoding="utf-8", newline="\n")
            elif entry["format"] == WORKBOOK_FORMAT:
                (fresh / report).write_bytes(workbook_bytes(run))
            elif entry["format"] == CHAPTER_FORMAT and "template" not in entry:
                asked = PlanOrder.of(entry)
                if asked is not None:
                    (fresh / report).write_bytes(make_chapter(run, asked, date=entry["date"]).content)
        for order in {PlanOrder.of(entry): None for entry in record.reports.values() if entry["format"] == PLAN_FORMAT}:
            if order is not None:
                make_plan(run, order, fresh / PLAN_FOLDER)
        known = {verdict.file for verdict in found}
        for file, sha256 in kept.items():
            if not (fresh / file).exists():
                found.append(FileCheck(file, SKIPPED, "written by another command, or with a file of the user"))
            elif digest_of(fresh / file) != sha256:
                found.append(
                    FileCheck(file, DIFFERS, "" if file in known else _first(record.folder / file, fresh / file))
                )
    found += [FileCheck("run.json", DIFFERS, words) for words in differences_of(run, record)]
    return found


def versions_since(record: RunRecord) -> list[str]:
    """Return which versions are others than those of the run: reasons for last digits and file formats to differ."""
    now = {"hginventory": __version__, "python": platform.python_version()}
    then = {"hginventory": record.content["hginventory"], "python": record.content["python"]}
    libraries = record.content["libraries"]
    now |= {name: metadata.version(name) for name in libraries}
    return [f"{name} {then_} -> {now[name]}" for name, then_ in {**then, **libraries}.items() if now[name] != then_]


def _on_disk(folder: Path, name: str, sha256: str) -> Iterator[FileCheck]:
    path = folder / name
    if not path.is_file():
        yield FileCheck(name, MISSING, "no plain file" if path.exists() else "the file is gone")
    elif digest_of(path) != sha256:
        yield FileCheck(name, CHANGED, "the file was changed after the run")


def _first(then: Path, now: Path) -> str:
    """Return in words where two files begin to differ; for tables the row and column."""
    if then.suffix != ".csv":
        return "the bytes are others"
    try:
        a, b = (pd.read_csv(BytesIO(read_table_bytes(path)), dtype=str, keep_default_na=False) for path in (then, now))
    except (UnreadableFileError, ValueError):  # no table of ours, or too large for one; errors of the parser are values
        return "the bytes are others"
    if list(a.columns) != list(b.columns) or len(a) != len(b):
        return f"{len(a)} rows, {a.shape[1]} columns before; {len(b)} rows, {b.shape[1]} columns now"
    differs = (a != b).to_numpy()
    row, column = (int(part[0]) for part in differs.nonzero())
    old, new = (str(table.iloc[row, column]) for table in (a, b))
    return f"row {row + 2}, {a.columns[column]}: {old} before, {new} now"
