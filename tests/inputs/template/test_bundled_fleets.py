"""Every bundled fleet is in the workbook that the template is today; one that is older must be built again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from build_indonesia import build
from hginventory.data_files import data_folder
from hginventory.inputs.schema.contract import CONTRACT_SHEETS
from hginventory.inputs.template.pages import STEPS_HEADING
from hginventory.inputs.template.template import write_template
from hginventory.translations import languages, translator

BUNDLED = sorted(data_folder("fleets").rglob("*.xlsx"))
HEADER_ROWS = 3
VALUE_OF_A_SETTING = 2  # column


def language_of(book: Any) -> str:
    """Return the language of a workbook, by the first label of its settings."""
    return {translator(language)("Setting"): language for language in languages()}[book["Settings"]["A1"].value]


def frame_of(book: Any) -> dict[str, Any]:
    """Return what the writer of the contract puts around the data: pages, labels, notes, lists, rules of cells."""
    first = {
        "Read_me": next(c.row for c in book["Read_me"]["A"] if c.value == translator(language_of(book))(STEPS_HEADING))
    }
    last = dict.fromkeys(CONTRACT_SHEETS, HEADER_ROWS)
    skipped = {("Settings", VALUE_OF_A_SETTING)}
    # Names of countries come from two packages that are not ours, and change with their versions; the codes do not.
    skipped |= {("Lists", cell.column + 1) for cell in book["Lists"][2] if cell.value == "list_country"}
    found: dict[str, Any] = {
        "sheets": book.sheetnames,
        "ranges": {n: r.attr_text for n, r in book.defined_names.items()},
    }
    found["version"] = [(one.name, one.value) for one in book.custom_doc_props.props]
    for sheet in book:
        top = first.get(sheet.title, 1)
        found[sheet.title] = {
            (cell.row - top, cell.column): (cell.value, cell.comment.text if cell.comment else None)
            for row in sheet.iter_rows(min_row=top, max_row=last.get(sheet.title))
            for cell in row
            if cell.value is not None and (sheet.title, cell.column) not in skipped
        }
        found[f"{sheet.title}, validation"] = [
            (str(rule.sqref), rule.type, rule.operator, rule.formula1, rule.formula2, rule.error, rule.showErrorMessage)
            for rule in sheet.data_validations.dataValidation
        ]
        found[f"{sheet.title}, colours"] = [
            (str(area.sqref), rule.formula, rule.stopIfTrue)
            for area in sheet.conditional_formatting
            for rule in area.rules
        ]
        found[f"{sheet.title}, filter and protection"] = (sheet.auto_filter.ref, sheet.protection.sheet)
    return found


def test_there_is_a_bundled_fleet() -> None:
    assert "indonesia.xlsx" in {path.name for path in BUNDLED}


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.name)
def test_a_bundled_fleet_is_in_the_workbook_that_the_template_is_today(path: Path, tmp_path: Path) -> None:
    bundled = openpyxl.load_workbook(path)
    empty = write_template(tmp_path / "template.xlsx", language=language_of(bundled), example=False)
    now, template = frame_of(bundled), frame_of(openpyxl.load_workbook(empty))
    assert now.keys() == template.keys()
    assert not [part for part in template if now[part] != template[part]]


def test_the_builder_without_facts_keeps_every_row_and_every_page(tmp_path: Path) -> None:
    """The way to renew the bundled fleet for whoever does not have the facts."""
    build(tmp_path / "again.xlsx")
    books = [
        openpyxl.load_workbook(path) for path in (tmp_path / "again.xlsx", data_folder("fleets") / "indonesia.xlsx")
    ]
    cells = [
        {(s.title, c.coordinate): c.value for s in book if s.title != "Lists" for row in s.iter_rows() for c in row}
        for book in books
    ]
    assert cells[0] == cells[1]
