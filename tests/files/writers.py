"""Every public function that writes a file, with the file it writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import hginventory as hg
from hginventory.inputs.template import write_fleet, write_template
from hginventory.report.excel import report_workbook, write_into
from hginventory.report.output import write_into_place
from hginventory.report.page import html
from hginventory.report.plan import plan_request
from hginventory.report.record import enter_reports, read_record
from hginventory.report.tables import export
from hginventory.scenarios import EXAMPLE, write_scenario
from hginventory.validating import validate

TABLE = pd.DataFrame({"name": ["=1+1", "Unit 1"], "kg": [1 / 3, 2.0]})
TEXT = EXAMPLE.format(name="mine")


class Writer(NamedTuple):
    """A public function that writes a file: its name in the folder, and the call."""

    file: str
    write: Callable[[hg.Run, Path, Path], object]  # run, folder, workbook
    replaces: bool = True  # a former file


WRITERS = {
    "save": Writer("units.csv", lambda run, folder, _: run.save(folder)),
    "place": Writer(
        "limits/one.csv", lambda _, folder, __: write_into_place(read_record(folder), "limits", {"one": TABLE})
    ),
    "save_tables": Writer("one.csv", lambda run, folder, _: run.save_tables({"one": TABLE}, folder)),
    "to_excel": Writer("mine.xlsx", lambda run, folder, _: run.to_excel(folder / "mine.xlsx")),
    "write_into": Writer("into.xlsx", lambda run, folder, _: write_into(run, folder / "into.xlsx"), False),
    "page": Writer("report.html", lambda run, folder, _: html.write_page(run, read_record(folder))),
    "report": Writer("report.xlsx", lambda run, folder, _: report_workbook.write_workbook(run, read_record(folder))),
    "plan": Writer(
        "plan/plan.md",
        lambda run, folder, _: plan_request.plan_of_run(run, read_record(folder), plan_request.PlanOrder("en")),
    ),
    "figure": Writer("a.svg", lambda run, folder, _: next(iter(run.figures().values())).save(folder / "a.svg")),
    "export": Writer("a.csv", lambda run, folder, _: export(run, folder / "a.csv", "csv", overwrite=True)),
    "template": Writer("a.xlsx", lambda run, folder, _: write_template(folder / "a.xlsx", overwrite=True)),
    "fleet": Writer(
        "a.xlsx", lambda run, folder, _: write_fleet(run.projection.fleet, folder / "a.xlsx", overwrite=True)
    ),
    "mark": Writer("a.xlsx", lambda _, folder, book: validate(book).mark(folder / "a.xlsx", overwrite=True)),
    "fix": Writer("a.xlsx", lambda _, folder, book: validate(book).fix(folder / "a.xlsx", overwrite=True)),
    "scenario": Writer("a.toml", lambda _, folder, __: write_scenario(folder / "a.toml", TEXT, "path"), False),
}


def state(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def enter(folder: Path, name: str) -> None:
    """Enter a file into the record of its folder, as if the program had written it."""
    record, sha256 = read_record(folder), hashlib.sha256((folder / name).read_bytes()).hexdigest()
    if name in record.outputs:
        path = folder / "run.json"
        path.write_text(path.read_text(encoding="utf-8").replace(record.outputs[name], sha256), encoding="utf-8")
    else:
        entry = {"format": "html", "language": "en", "sha256": sha256}
        enter_reports(record, {**record.reports, name: entry})
