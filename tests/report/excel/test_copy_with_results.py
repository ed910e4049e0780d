"""Results in a copy of the user's workbook: what is theirs stays, what is ours is text and numbers."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image as Drawing
from PIL import Image

import hginventory as hg
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.report.excel.copy_with_results import check_into, write_into
from hginventory.xlsx import copy

RESULTS = {"Results_Summary", "Results_Ranking", "Results_Units", "Results_Findings"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as a user has it: the template filled in, a sheet, a formula and a note of their own."""
    path = hg.write_template(tmp_path_factory.mktemp("own") / "mine.xlsx", country="VNM", language="id")
    book = openpyxl.load_workbook(path)
    sheet = book["Coal_units"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    for row, values in enumerate((("=1+1", 600), ("<b>B", 300)), 7):
        for column, value in zip(("unit_id", "capacity_gross"), values, strict=True):
            cell = sheet.cell(row, columns[column])
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
        sheet.cell(row, columns["start_year"]).value = 2015
    book["Settings"]["B5"] = 2026
    extra = book.create_sheet("Scratch")
    extra["A1"], extra["B2"] = 21, "=A1*2"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def run(own: Path) -> hg.Run:
    return hg.project(own)


def test_sheets_of_the_user_stay_as_they_are(own: Path, run: hg.Run, tmp_path: Path) -> None:
    before = own.read_bytes()
    losses = write_into(run, tmp_path / "copy.xlsx")
    assert own.read_bytes() == before
    old, new = openpyxl.load_workbook(own), openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert new.sheetnames[: len(old.sheetnames)] == old.sheetnames
    assert set(new.sheetnames) >= RESULTS
    for name in old.sheetnames:
        a, b = old[name], new[name]
        assert {c: (x.value, x.data_type, x.number_format) for c, x in cells(a)} == {
            c: (x.value, x.data_type, x.number_format) for c, x in cells(b)
        }
        assert {c: x.comment.text for c, x in cells(a) if x.comment} == {
            c: x.comment.text for c, x in cells(b) if x.comment
        }
        assert shape(a) == shape(b)
    assert set(old.defined_names) == set(new.defined_names)
    assert len(losses) == 1
    assert losses[0].startswith("Formulas")


def cells(sheet: Any) -> list[tuple[str, Any]]:
    return [
        (cell.coordinate, cell) for row in sheet.iter_rows() for cell in row if cell.value is not None or cell.comment
    ]


def shape(sheet: Any) -> tuple[Any, ...]:
    rules = [(str(r.sqref), r.formula1, r.errorStyle) for r in sheet.data_validations.dataValidation]
    colours = sorted(str(area.sqref) for area in sheet.conditional_formatting)
    return sheet.freeze_panes, sheet.auto_filter.ref, sheet.protection.sheet, sheet.protection.sort, rules, colours


def test_results_are_those_of_the_run_and_text_is_no_formula(run: hg.Run, tmp_path: Path) -> None:
    write_into(run, tmp_path / "copy.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "copy.xlsx")["Results_Ranking"]
    names = [cell.value for cell in sheet[3]]
    rows = [dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=4)]
    ranking = run.rank()
    assert [row["unit_id"] for row in rows] == ranking["unit_id"].tolist()
    assert [row["lifetime_kg"] for row in rows] == pytest.approx(ranking["lifetime_kg"].tolist(), rel=1e-12)
    assert {"=1+1", "<b>B"} == {row["unit_id"] for row in rows}
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    ours = [book[name] for name in book.sheetnames if name.startswith("Results_")]
    assert not [c for sheet in ours for c, cell in cells(sheet) if cell.data_type == "f"]


def test_copy_reads_as_the_same_fleet_and_can_be_copied_again(own: Path, tmp_path: Path, run: hg.Run) -> None:
    write_into(run, tmp_path / "copy.xlsx")
    again = hg.project(tmp_path / "copy.xlsx")
    assert again.projection.fleet.units.equals(run.projection.fleet.units)
    assert not [f for f in again.findings if "Results_" in f.message]
    write_into(again, tmp_path / "copy2.xlsx")
    first, second = (openpyxl.load_workbook(tmp_path / name).sheetnames for name in ("copy.xlsx", "copy2.xlsx"))
    assert first == second, "our former sheets are replaced, not doubled"


def test_only_a_new_file_is_written(own: Path, run: hg.Run, tmp_path: Path) -> None:
    (tmp_path / "there.xlsx").write_text("mine")
    for target in (own, tmp_path / "there.xlsx"):
        with pytest.raises(UsageError, match=r"^into: .* exists. Name another file."):
            write_into(run, target)
    assert (tmp_path / "there.xlsx").read_text() == "mine"
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        write_into(run, tmp_path / "copy.csv")


def test_workbook_that_changed_or_never_was_is_refused(own: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(own, tmp_path / "mine.xlsx"))
    run = hg.project(path)
    book = openpyxl.load_workbook(path)
    book["Scratch"]["A1"] = 22
    book.save(path)
    with pytest.raises(UsageError, match="has changed since it was read"):
        write_into(run, tmp_path / "copy.xlsx")
    path.unlink()
    with pytest.raises(UsageError, match="no longer there"):
        write_into(run, tmp_path / "copy.xlsx")
    made = hg.fleet_from_frame(
        hg.read_fleet(own).units.reset_index()[["unit_id", "country", "capacity_gross", "start_year"]]
    )
    with pytest.raises(UsageError, match="made in Python"):
        write_into(hg.project(made), tmp_path / "copy.xlsx")
    assert not (tmp_path / "copy.xlsx").exists()


def test_a_copy_that_cannot_be_made_is_refused_before_the_run(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = Image.new("RGB", (60, 40))
    stream = BytesIO()
    image.save(stream, "PNG")
    book = openpyxl.load_workbook(own)
    book["Scratch"].add_image(Drawing(stream))
    path = own.parent / "picture.xlsx"
    book.save(path)
    check_into(hg.read_fleet(path), own.parent / "copy.xlsx")
    monkeypatch.setattr(copy, "MOST_PIXELS", 60 * 40 - 1)
    with pytest.raises(UnreadableFileError, match=r"xl/media/image1.png is a picture"):
        check_into(hg.read_fleet(path), own.parent / "copy.xlsx")
    with pytest.raises(UsageError, match="no workbook to copy"):
        check_into(hg.read_fleet("MNG"), own.parent / "copy.xlsx")


def test_sheet_of_the_user_with_our_name_is_not_overwritten(own: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own)
    book.create_sheet("Results_Units")["A1"] = "mine"
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(UsageError, match="Results_Units of its own"):
        write_into(hg.project(tmp_path / "mine.xlsx"), tmp_path / "copy.xlsx")


def test_losses_are_named(own: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(own)
    chart = BarChart()
    chart.add_data(Reference(book["Scratch"], min_col=1, min_row=1))
    book["Scratch"].add_chart(chart, "D4")
    book.save(tmp_path / "mine.xlsx")
    losses = write_into(hg.project(tmp_path / "mine.xlsx"), tmp_path / "copy.xlsx")
    assert any(text.startswith("Charts are redrawn and lose their text descriptions") for text in losses)
    assert len(openpyxl.load_workbook(tmp_path / "copy.xlsx")["Scratch"]._charts) == 1


def test_bundled_fleet_has_a_workbook_too(tmp_path: Path) -> None:
    run = hg.project("indonesia", where="plant == 'Adipala power station'")
    assert write_into(run, tmp_path / "copy.xlsx") == ()
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert book["Coal_units"].max_row > 300
    assert book["Results_Ranking"].max_row == 4
