"""Every file that we write is complete or not there, whatever goes wrong; a former one is kept until then."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.files import check_target, new_file, new_files, write_csv
from hginventory.inputs.template import write_fleet, write_template
from hginventory.report.excel import report_workbook, write_into
from hginventory.report.figures.figure import Figure
from hginventory.report.page import html
from hginventory.report.plan import plan_request
from hginventory.report.record import enter_report, read_record
from hginventory.report.tables import export
from hginventory.scenarios import EXAMPLE, write_scenario
from hginventory.validating import validate

TABLE = pd.DataFrame({"name": ["=1+1", "Unit 1"], "kg": [1 / 3, 2.0]})
TEXT = EXAMPLE.format(name="mine")


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where="capacity_mw >= 900", draws=0)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook with something to correct."""
    import openpyxl

    path = write_fleet(hg.read_fleet("indonesia"), tmp_path_factory.mktemp("read") / "fleet.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Coal_units"]
    names = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    sheet.cell(sheet.max_row, names["status"]).value = "Operating "
    book.save(path)
    return path


@pytest.fixture(scope="module")
def saved(run: hg.Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.save(tmp_path_factory.mktemp("saved") / "run")


@pytest.fixture
def folder(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of a run; what its reports say does not matter here."""
    monkeypatch.setattr(html, "page", lambda *_, **__: "<html>")
    monkeypatch.setattr(report_workbook, "workbook_bytes", lambda *_: b"workbook")
    monkeypatch.setattr(plan_request, "plan_tables", lambda *_, **__: [])
    monkeypatch.setattr(Figure, "svg", lambda _, *, footer=False: "<svg>")
    return shutil.copytree(saved, tmp_path / "run")


class Writer(NamedTuple):
    """A public function that writes a file: its name in the folder, and the call."""

    file: str
    write: Callable[[hg.Run, Path, Path], object]  # run, folder, workbook
    replaces: bool = True  # a former file


WRITERS = {
    "save": Writer("units.csv", lambda run, folder, _: run.save(folder)),
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
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)


def _state(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def _enter(folder: Path, name: str) -> None:
    """Enter a file into the record of its folder, as if the program had written it."""
    record, sha256 = read_record(folder), hashlib.sha256((folder / name).read_bytes()).hexdigest()
    if name in record.outputs:
        path = folder / "run.json"
        path.write_text(path.read_text(encoding="utf-8").replace(record.outputs[name], sha256), encoding="utf-8")
    else:
        enter_report(record, name, "html", "en")


def _break_off(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every write stop in the middle of its first file."""

    def half(path: Path) -> None:
        with open(path, "wb") as stream:
            stream.write(b"ha")
        raise error

    monkeypatch.setattr(Path, "write_bytes", lambda self, *_: half(self))
    monkeypatch.setattr(Path, "write_text", lambda self, *_, **__: half(self))
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda _, path, **__: half(path))


def _refuse(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let no file be replaced, as Windows does with one that is open or read-only."""

    def replace(*_: Any) -> None:
        raise error

    monkeypatch.setattr(os, "replace", replace)


@each_writer
@pytest.mark.parametrize(
    ("fail", "error", "words"),
    [
        (_break_off, OSError(errno.ENOSPC, "No space left on device"), r"cannot be written \(No space left on device"),
        (_break_off, KeyboardInterrupt(), None),
        (_refuse, PermissionError(errno.EACCES, "Permission denied"), r"cannot be written \(Permission denied\)"),
        (_refuse, KeyboardInterrupt(), None),
    ],
    ids=["disk full", "interrupt in the middle", "read-only", "interrupt at the end"],
)
def test_a_failed_write_changes_nothing(
    writer: Writer,
    fail: Callable[[pytest.MonkeyPatch, BaseException], None],
    error: BaseException,
    words: str | None,
    run: hg.Run,
    folder: Path,
    workbook: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if writer.replaces:
        (folder / writer.file).parent.mkdir(exist_ok=True)
        (folder / writer.file).write_text("former")
        _enter(folder, writer.file)  # else it would be the user's, which no writer replaces
    before = _state(folder.parent)
    with monkeypatch.context() as patch:
        fail(patch, error)
        with pytest.raises(UsageError if words else KeyboardInterrupt, match=words) as caught:
            writer.write(run, folder, workbook)
    assert _state(folder.parent) == before
    if words:
        named = {str(folder / writer.file), str((folder / writer.file).parent)}
        assert any(f"{name}: cannot" in str(caught.value) for name in named)


@each_writer
def test_a_write_leaves_the_file_alone(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    writer.write(run, folder, workbook)
    assert (folder / writer.file).stat().st_size > 0
    assert not list(folder.parent.rglob(".*"))


@each_writer
def test_a_folder_in_the_place_of_the_file_is_kept(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    target = folder / writer.file
    target.unlink(missing_ok=True)
    target.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"is a folder\. Name a file|cannot be written"):
        writer.write(run, folder, workbook)
    assert target.is_dir()
    assert not list(folder.parent.rglob(".*"))


@pytest.mark.parametrize("writer", [w for name, w in WRITERS.items() if name not in ("page", "report", "plan")])
def test_a_missing_folder_is_made_or_named(writer: Writer, run: hg.Run, folder: Path, workbook: Path) -> None:
    missing = folder.parent / "not" / "there"
    if writer.file.endswith(".toml"):
        with pytest.raises(UsageError, match="there is no folder"):
            writer.write(run, missing, workbook)
        assert not missing.exists()
    else:
        writer.write(run, missing, workbook)
        assert (missing / writer.file).is_file()


@pytest.mark.parametrize("write", [new_file, new_files])
def test_a_file_in_the_place_of_the_folder_is_named(write: Callable[[Path], Any], tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("mine")
    with pytest.raises(UsageError, match="cannot be written"), write(tmp_path / "folder" / "file"):
        pytest.fail("nothing may be made")
    assert (tmp_path / "folder").read_text() == "mine"


def test_errors_of_the_work_itself_pass(tmp_path: Path) -> None:
    for write in (new_file, new_files):
        with pytest.raises(ZeroDivisionError), write(tmp_path / "out"):
            raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_former_files_go_when_the_new_ones_are_there(tmp_path: Path) -> None:
    for name in ("a", "b", "mine"):
        (tmp_path / name).write_text("former")
    with new_files(tmp_path, former={"a", "b"}) as new:
        (new / "a").write_text("new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new", "mine": "former"}


def test_the_last_file_is_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []

    def note(_: Path, target: Path) -> None:
        moved.append(target.name)

    monkeypatch.setattr(os, "replace", note)
    with new_files(tmp_path / "out", last="b") as new:
        for name in "abc":
            (new / name).write_text(name)
    assert moved == ["a", "c", "b"]


def test_a_table_is_written_for_every_spreadsheet(tmp_path: Path) -> None:
    write_csv(TABLE, tmp_path / "one.csv")
    assert (tmp_path / "one.csv").read_bytes() == b"name,kg\n'=1+1,0.3333333333\nUnit 1,2\n"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "folder.csv").mkdir()
    yield tmp_path
    assert (tmp_path / "there.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.txt", {}, "a.txt does not end in .csv. Use a name that ends in .csv."),
        ("folder.csv", {"overwrite": True}, "folder.csv is a folder. Name a file."),
        ("there.csv", {}, "there.csv exists. Name another file."),
        ("there.csv", {"overwrite": False}, "there.csv exists. Name another file, or add `overwrite` to replace it."),
    ],
)
def test_a_name_that_cannot_be_used_says_why(places: Path, name: str, options: dict[str, bool], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_target(places / name, "path", ".csv", **options)
    assert str(caught.value) == f"path: {places}{os.sep}{words}"


def test_the_workbook_that_was_read_is_never_replaced(places: Path) -> None:
    with pytest.raises(UsageError, match=r"is the workbook itself, which is never written to\. Name another"):
        check_target(places / "there.csv", "path", ".xlsx", overwrite=True, source=places / "there.csv")


@pytest.mark.parametrize("name", ["new.csv", "NEW.CSV", "there.csv"])
def test_other_names_pass(places: Path, name: str) -> None:
    check_target(places / name, "path", ".csv", overwrite=True)
