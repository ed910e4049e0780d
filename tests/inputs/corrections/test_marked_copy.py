"""A marked copy shows every finding where it is, keeps what the user made, and never touches the user's file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.corrections.marked_copy import COLOURS, SHEET, write_marked
from hginventory.inputs.findings.findings import finding, sort_by_location, ungrouped
from hginventory.inputs.template.template import write_template
from hginventory.validating import validate
from hginventory.xlsx.copy import open_copy
from tests.inputs.dirty import Dirt, column, write

DIRT = Dirt(
    cells={("capacity_gross", 5): "1,000", ("status", 6): "Operating", ("cl_coal", 7): "80", ("removal", 5): 85},
    do=lambda book: book["Coal_units"].merge_cells(f"{column('cl_coal')}3:{column('cl_coal')}4"),
)
ERROR, WARNING, NOTE = (f"00{COLOURS[name]}" for name in ("error", "warning", "note"))


def marked(path: Path, name: str = "marked.xlsx") -> Any:
    target = path.with_name(name)
    validate(path).mark(target)
    return openpyxl.load_workbook(target)


def test_cells_are_coloured_and_say_why(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    before = path.read_bytes()
    sheet = marked(path)["Coal_units"]
    assert path.read_bytes() == before
    cell = sheet[f"{column('capacity_gross')}5"]
    assert cell.fill.fgColor.rgb == ERROR
    assert "ERROR E207 ambiguous-number" in cell.comment.text
    assert "Settings!decimal_sign" in cell.comment.text
    assert sheet[f"{column('status')}6"].fill.fgColor.rgb == WARNING
    assert sheet[f"{column('cl_coal')}7"].fill.fgColor.rgb == NOTE
    assert "E306" in sheet[f"{column('cl_coal')}3"].comment.text
    assert sheet[f"{column('unit_id')}5"].fill.fgColor.rgb != ERROR
    assert sheet[f"{column('unit_id')}5"].comment is None


def test_sheet_checks_links_to_every_location(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    done = validate(path)
    checks = marked(path)[SHEET]
    rows = list(checks.iter_rows(min_row=5))
    assert [row[1].value for row in rows] == [one.code for one in done.ungrouped]
    assert [row[3].value for row in rows] == [one.location for one in done.ungrouped]
    for row, one in zip(rows, done.ungrouped, strict=True):
        assert row[3].hyperlink.location == f"'{one.sheet}'!{one.cell.partition(':')[0]}"
        assert row[7].value == one.remedy
    assert "3 errors, 1 warning, 1 note" in checks["A1"].value


def test_formats_notes_drop_downs_and_protection_of_a_template_stay(tmp_path: Path) -> None:
    path = write_template(tmp_path / "fleet.xlsx", language="id")
    book = openpyxl.load_workbook(path)
    sheet = book["Coal_units"]
    names = {cell.value: cell.column_letter for cell in sheet[3]}
    for name, value in {"unit_id": "U-1", "country": "IDN", "capacity_gross": "1,000", "note": None}.items():
        sheet[f"{names[name]}4"] = value
    book.save(path)
    old, new = openpyxl.load_workbook(path), marked(path)
    assert [name for name in new.sheetnames if name != SHEET] == old.sheetnames
    assert new.sheetnames[0] == SHEET
    for before in old.worksheets:
        after = new[before.title]
        assert after.freeze_panes == before.freeze_panes
        assert after.protection.sheet == before.protection.sheet
        assert len(after.data_validations.dataValidation) == len(before.data_validations.dataValidation)
        assert len(after.conditional_formatting) == len(before.conditional_formatting)
        for row in before.iter_rows(max_row=3):
            for cell in row:
                copied = after[cell.coordinate]
                assert copied.value == cell.value
                assert copied.number_format == cell.number_format
                assert (cell.comment and cell.comment.text) == (copied.comment and copied.comment.text)
    assert set(new.defined_names) == set(old.defined_names)
    assert {p.name: p.value for p in old.custom_doc_props.props}.items() <= {
        p.name: p.value for p in new.custom_doc_props.props
    }.items()


def test_a_note_of_the_user_stays_above_ours(tmp_path: Path) -> None:
    def note(book: Any) -> None:
        cell = book["Coal_units"][f"{column('capacity_gross')}5"]
        cell.comment = openpyxl.comments.Comment("ask the plant", "analyst")

    path = write(tmp_path / "fleet.xlsx", Dirt(cells={("capacity_gross", 5): "1,000"}, do=note))
    text = marked(path)["Coal_units"][f"{column('capacity_gross')}5"].comment.text
    assert text.startswith("ask the plant\n")
    assert "E207" in text


def test_a_note_within_a_merged_area_stands_in_its_first_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    name = column("cl_coal")
    inner = finding("E201", "Coal_units", f"{name}4", "found")
    write_marked(path, [inner], tmp_path / "marked.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx")["Coal_units"]
    assert "E201" in sheet[f"{name}3"].comment.text


def test_a_part_that_only_openpyxl_reads_and_that_is_broken_is_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(
                item, content.replace(b"<cellXfs", b"<cellXfs <") if item.filename == "xl/styles.xml" else content
            )
    with pytest.raises(UnreadableFileError, match="Open and save it"):
        open_copy(broken.read_bytes())


def test_a_marked_copy_reads_like_the_workbook_and_is_marked_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    copy = tmp_path / "marked.xlsx"
    marked(path)
    assert [(f.code, f.location) for f in read_fleet(copy).findings] == [
        (f.code, f.location) for f in read_fleet(path).findings
    ]
    book = openpyxl.load_workbook(copy)  # the analyst mends one cell in the copy
    cell = book["Coal_units"][f"{column('capacity_gross')}5"]
    cell.value = 330
    cell.fill = openpyxl.styles.PatternFill("solid", fgColor=f"FF{ERROR[2:]}")  # as Excel and LibreOffice save it
    book.save(copy)
    again = marked(copy, "again.xlsx")
    cell = again["Coal_units"][f"{column('capacity_gross')}5"]
    assert cell.comment is None
    assert cell.fill.fill_type is None
    assert again["Coal_units"][f"{column('removal')}5"].fill.fgColor.rgb == ERROR
    assert again.sheetnames.count(SHEET) == 1
    assert not any(name.startswith("Checks_") for name in again.sheetnames)


def test_a_sheet_checks_of_the_user_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", Dirt(sheets={"Checks": [("mine", 1)]}))
    book = marked(path)
    assert book["Checks"]["A1"].value == "mine"
    assert book["Checks_2"]["A1"].value.startswith("hginv validate")
    assert read_fleet(tmp_path / "marked.xlsx").findings == ()


def test_text_of_the_workbook_cannot_become_a_formula(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", Dirt(cells={("status", 5): '\'=HYPERLINK("x")\x0b'[1:-1]}))
    book = openpyxl.load_workbook(path)
    book["Coal_units"][f"{column('status')}5"].data_type = "s"
    book.save(path)
    checks = marked(path)[SHEET]
    assert all(cell.data_type != "f" for row in checks.iter_rows() for cell in row)
    assert any("HYPERLINK" in str(cell.value) for row in checks.iter_rows(min_row=5) for cell in row)


def test_findings_without_a_cell_lead_to_their_sheet_or_nowhere(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", Dirt())
    found = sort_by_location(
        [
            finding("W305", "Coal_units", "6:6", "a hidden row"),
            finding("W313", "Coal_units", "D:D", "a hidden column"),
            finding("W107", "Coal_units", "", "a hidden sheet"),
            finding("W701", "Coal_units", "row 7, new column removal", "a train"),
            finding("N108", "fleet.xlsx", "", "dates from 1904"),
        ]
    )
    write_marked(path, found, tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    links = {row[1].value: row[3].hyperlink and row[3].hyperlink.location for row in book[SHEET].iter_rows(min_row=5)}
    assert links == {
        "W305": "'Coal_units'!A6",
        "W313": "'Coal_units'!D1",
        "W107": "'Coal_units'!A1",
        "W701": "'Coal_units'!A7",
        "N108": None,
    }


def test_never_the_workbook_itself_and_no_existing_file(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    before = path.read_bytes()
    findings = list(ungrouped(read_fleet(path).findings))
    with pytest.raises(UsageError, match=r"^marked: .*never written to"):
        write_marked(path, findings, path, overwrite=True)
    (tmp_path / "old.xlsx").write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists"):
        write_marked(path, findings, tmp_path / "old.xlsx")
    assert path.read_bytes() == before
    assert (tmp_path / "old.xlsx").read_bytes() == b"mine"


def test_what_a_copy_loses_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", Dirt(cells={("capacity_gross", 5): "=300+30"}))
    losses = validate(path).mark(tmp_path / "marked.xlsx")
    assert losses == ("Formulas have no stored results until the copy is opened and saved in Excel once.",)


def test_a_copy_marked_again_keeps_colours_of_the_users_own_palette(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", DIRT)
    book = openpyxl.load_workbook(path)
    own = {"B4": "BDD7EE", "C4": "FFD966", "D4": "F4B183"}
    for cell, colour in own.items():
        book["Coal_units"][cell].fill = openpyxl.styles.PatternFill("solid", fgColor=colour)
    book.save(path)
    marked(path, "once.xlsx")
    sheet = marked(tmp_path / "once.xlsx", "again.xlsx")["Coal_units"]
    assert {cell: sheet[cell].fill.fgColor.rgb[-6:] for cell in own} == own
