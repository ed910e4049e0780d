"""The report workbook: sheets of the results and of what can be done, the same bytes each time, charts with words."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.report.columns.result_column import GENERAL
from hginventory.report.excel.decision_sheets import decision_tables
from hginventory.report.excel.report_workbook import FILE, workbook_bytes, write_workbook
from hginventory.report.excel.sheets import HEADER_ROWS
from hginventory.report.record.record import read_record
from hginventory.report.tables.decision_tables import DecisionResults, decision_results

OWN = [
    "Scenarios",
    "Scenario_years",
    "Scenario_plans",
    "Scenario_units",
    "Options",
    "Cost_curve",
    "Limits",
    "Limit_units",
    "Drivers",
]
DRAWS = 100


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where="capacity_mw >= 600", draws=DRAWS)


@pytest.fixture(scope="module")
def found(run: hg.Run) -> DecisionResults:
    return decision_results(run)


@pytest.fixture(scope="module")
def content(run: hg.Run) -> bytes:
    return workbook_bytes(run)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def column(sheet: Any, name: str) -> list[Any]:
    """Return the values of a column by its stable name."""
    names = [cell.value for cell in sheet[HEADER_ROWS]]
    return [row[names.index(name)] for row in sheet.iter_rows(min_row=HEADER_ROWS + 1, values_only=True)]


def test_all_sheets_of_the_issue_are_there(book: Any) -> None:
    names = book.sheetnames
    assert names[0] == "Summary"
    index = names.index("Units") + 1
    assert names[index : index + len(OWN)] == OWN
    assert {"Ranking", "Trajectory", "Balance", "Factors", "Findings", "Run"} <= set(names)


def test_equal_runs_give_equal_bytes(run: hg.Run, content: bytes) -> None:
    assert workbook_bytes(hg.Run(run.projection, draws=DRAWS)) == content


def test_numbers_are_those_of_the_parts(run: hg.Run, found: DecisionResults, book: Any) -> None:
    assert found.comparison is not None
    assert found.frontier is not None
    assert found.limits is not None
    assert column(book["Scenarios"], "avoided_t") == pytest.approx(found.comparison.table["avoided_t"].tolist())
    assert column(book["Cost_curve"], "avoided_kg") == pytest.approx(found.frontier["avoided_kg"].tolist())
    assert len(column(book["Limit_units"], "value")) == len(found.limits)
    yearly = column(book["Scenario_years"], "baseline_kg")
    assert sum(yearly) == pytest.approx(run.units["lifetime_kg"].sum())
    ids = column(book["Options"], "unit_id")
    assert list(dict.fromkeys(ids)) == [unit for unit in run.rank()["unit_id"] if unit in set(ids)]
    first = run.catalogue().of_unit(ids[0])
    applies = [option.option for option in first if option.applies != "no"]
    assert column(book["Options"], "option")[: len(applies)] == applies


def test_every_column_is_described_and_every_sheet_has_its_heads(found: DecisionResults, book: Any) -> None:
    for spec in decision_tables(found):
        assert [name for name, known in spec.columns() if known.style == GENERAL] == []
        sheet = book[spec.sheet]
        assert sheet.freeze_panes is not None
        assert [cell.value for cell in sheet[HEADER_ROWS]] == list(spec.frame.columns)
    described = set(zip(column(book["Columns"], "sheet"), column(book["Columns"], "name"), strict=True))
    assert {(spec.sheet, name) for spec in decision_tables(found) for name in spec.frame.columns} <= described


def test_there_is_no_formula_and_money_is_a_number(book: Any) -> None:
    for name in OWN:
        for row in book[name].iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert all(isinstance(value, int | float) for value in column(book["Options"], "capital") if value is not None)
    assert set(column(book["Options"], "currency")) == {"USD"}


def test_charts_have_words_for_those_who_do_not_see_them(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        drawings = [parts.read(name).decode() for name in parts.namelist() if "drawings/drawing" in name]
    words = re.findall(r'<xdr:cNvPr [^>]*descr="([^"]*)"', " ".join(drawings))
    assert len(words) == 6
    assert all(20 < len(text) <= 160 and re.search(r"\d", text) for text in words)


def test_the_first_sheet_says_what_can_be_done(book: Any, found: DecisionResults) -> None:
    texts = [str(cell.value) for row in book["Summary"].iter_rows() for cell in row if cell.value is not None]
    assert "blanket_bat" in texts
    assert any(text.startswith("Costs in USD of 2025") for text in texts)
    assert any(text.startswith("What can be done") for text in texts)


def test_parts_left_out_have_no_sheet_but_a_sentence() -> None:
    central = hg.project("indonesia", where="capacity_mw >= 900", draws=0)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(central)))
    assert "Drivers" not in book.sheetnames
    texts = [str(cell.value) for row in book["Summary"].iter_rows() for cell in row]
    assert any("What drives the uncertainty: left out" in text for text in texts)


def test_a_file_that_cannot_be_written_is_named(run: hg.Run, tmp_path: Path) -> None:
    folder = run.save(tmp_path / "run")
    (folder / FILE).mkdir()
    with pytest.raises(UsageError, match=r"report\.xlsx: cannot be written"):
        write_workbook(run, read_record(folder))
    assert not [path for path in folder.iterdir() if path.name.endswith(".new")]
