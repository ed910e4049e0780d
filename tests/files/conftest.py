"""A small run, its folder and a workbook, for tests of how files are written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.inputs.template import write_fleet
from hginventory.report.excel import report_workbook
from hginventory.report.figures.figure import Figure
from hginventory.report.page import html
from hginventory.report.plan import plan_request


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where="capacity_mw >= 900", draws=0)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook with something to correct."""
    import openpyxl

    fleet = hg.read_fleet("indonesia")
    path = write_fleet(fleet.subset(fleet.units.index[:20]), tmp_path_factory.mktemp("read") / "fleet.xlsx")
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
