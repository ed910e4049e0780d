"""Our own pass over the XML of a workbook against openpyxl, cell by cell."""

from __future__ import annotations

import datetime
import io
import math
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.formula import ArrayFormula

from hginventory.data_files import data_folder
from hginventory.errors import UnreadableFileError
from hginventory.inputs.template.template import write_template
from hginventory.xlsx.cells import EPOCH, EPOCH_1904, RawSheet
from hginventory.xlsx.number_formats import BUILT_IN, date_of, shows_date, shows_duration
from hginventory.xlsx.parts import read_texts
from hginventory.xlsx.reader import read_workbook
from hginventory.xlsx.shared import Book, Budget, CellStyle
from hginventory.xlsx.sheet_reader import read_sheet
from hginventory.xlsx.xml_stream import BrokenPartError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_openpyxl(path: Path) -> dict[str, dict[str, Any]]:
    """Return what openpyxl sees: of each sheet its cells, merged ranges, hidden rows and columns, and state."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, keep_links=False)
        results = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    sheets = {}
    for sheet in book.worksheets:
        cells = {}
        for (row, column), cell in sheet._cells.items():
            is_formula = cell.data_type == "f"
            value = results[sheet.title].cell(row, column).value if is_formula else cell.value
            if is_formula or not (value is None or (isinstance(value, str) and not value.strip())):
                text = getattr(cell.value, "text", cell.value) if is_formula else ""
                cells[cell.coordinate] = (typed(value), is_formula, cell.number_format, text)
        rows = {row for row, column in sheet._cells if sheet.cell(row, column).coordinate in cells}
        sheets[sheet.title] = {
            "cells": cells,
            "merged": {str(area) for area in sheet.merged_cells.ranges},
            "hidden rows": {row for row, info in sheet.row_dimensions.items() if info.hidden and row in rows},
            "hidden columns": {
                hidden
                for info in sheet.column_dimensions.values()
                if info.hidden
                for hidden in range(info.min, min(info.max, sheet.max_column) + 1)
            },
            "state": (sheet.sheet_state != "visible", bool(sheet.auto_filter.filterColumn), book.epoch.date()),
        }
    return sheets


def by_us(path: Path) -> dict[str, dict[str, Any]]:
    return {name: facts(sheet) for name, sheet in read_workbook(path).sheets.items()}


def facts(sheet: RawSheet) -> dict[str, Any]:
    return {
        "cells": {
            cell.address: (typed(cell.value), cell.is_formula, cell.number_format, cell.formula)
            for row in sheet.rows.values()
            for cell in row.values()
        },
        "merged": set(sheet.merged),
        "hidden rows": set(sheet.hidden_rows),
        "hidden columns": set(sheet.hidden_columns),
        "state": (sheet.is_hidden, sheet.is_filtered, sheet.epoch),
    }


def typed(value: Any) -> tuple[type, Any]:
    """Return a value with its type, so that 1, 1.0 and True differ."""
    return type(value), value


def everything(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Everything & <more>"
    sheet.append([1, 1.5, -2, 1e-9, 1e300, 123456789012345, True, False, "text", " blanks ", "é 中 🙂", "a\nb\tc"])
    sheet.append(["#N/A", "=A1*2", '="a"&"b"', "'=quoted", "=SUM(A1:C1)", None, "", "   ", "1,000"])
    moments = [
        datetime.date(2024, 2, 29), datetime.datetime(1999, 12, 31, 23, 59, 59, 999000), datetime.time(6, 30),
        datetime.timedelta(hours=30, minutes=5), datetime.datetime(1900, 1, 5), datetime.datetime(1900, 3, 1),
    ]  # fmt: skip
    sheet.append(moments)
    sheet.append([0.65, 12345.678, 43831])
    for column, number_format in enumerate(("0.00%", '#,##0.0 "t"', "d-mmm"), 1):
        sheet.cell(4, column).number_format = number_format
    sheet["A6"], sheet["A7"], sheet["B6"] = "merged", "below", "kept"
    sheet.merge_cells("A6:A8")
    sheet.merge_cells("C6:D7")
    sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions[99].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions.group("D", "F", hidden=True)
    sheet["AB12"].fill = PatternFill("solid", "FF0000")  # a style and no value
    sheet["A1"].comment = Comment("a note", "someone")
    sheet["C12"] = ArrayFormula("C12:C13", "=A1:A2*2")
    sheet.auto_filter.ref = "A1:D4"
    sheet.auto_filter.add_filter_column(0, ["1"])
    book.create_sheet("Empty")
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.save(path)


def of_1904(path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904  # type: ignore[attr-defined]
    sheet = book.worksheets[0]
    sheet.append([datetime.date(2020, 1, 1), datetime.date(1904, 1, 2), 5])
    book.save(path)


def by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:  # texts stand in the cells
        sheet = book.add_worksheet("Inline")
        sheet.write_row(0, 0, ["a", 1, " padded ", "<b>&amp;", True])
        sheet.write_formula(1, 0, "=B1*3", None, 3)
        sheet.write_formula(1, 1, '="x"', None, "x")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 3, "=1=1", None, True)
        sheet.write_rich_string(2, 0, "plain ", book.add_format({"bold": True}), "bold", " end")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Inline!$B$1:$B$2"})
        book.add_chartsheet("Chart").set_chart(chart)


def rich_shared(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Rich")
        sheet.write_rich_string(0, 0, "one ", book.add_format({"bold": True}), "two")
        sheet.write_datetime(
            1, 0, datetime.datetime(2024, 5, 6, 7, 8), book.add_format({"num_format": "d/m/yyyy h:mm"})
        )
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(2, 0, "hidden")
        sheet.set_column(1, 3, None, None, {"hidden": True})


def template(language: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        write_template(path, language=language)

    return write


def indonesia(path: Path) -> None:
    path.write_bytes((data_folder("fleets") / "indonesia.xlsx").read_bytes())


WORKBOOKS = [everything, of_1904, by_xlsxwriter, rich_shared, indonesia, template("en"), template("id")]


@pytest.mark.parametrize("make", WORKBOOKS, ids=lambda make: make.__qualname__.split(".")[0])
def test_same_as_openpyxl(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "book.xlsx"
    make(path)
    ours, theirs = by_us(path), by_openpyxl(path)
    assert list(ours) == list(theirs)
    for name, expected in theirs.items():
        for what, value in expected.items():
            assert ours[name][what] == value, (name, what)
        assert expected["cells"] or name in ("Empty", "Hidden")


def test_built_in_formats_are_those_of_openpyxl() -> None:
    assert dict(BUILT_IN) == BUILTIN_FORMATS


FORMATS = [
    *BUILTIN_FORMATS.values(),
    "[Red]0",
    "[$-409]d/m/yy",
    "[hh]:mm",
    "[s].0",
    '0 "days"',
    r"\d0",
    "_d0",
    "0;dd",
    "",
]


@pytest.mark.parametrize("number_format", FORMATS)
def test_formats_that_show_dates(number_format: str) -> None:
    assert shows_date(number_format) == is_date_format(number_format)
    assert shows_duration(number_format) == is_timedelta_format(number_format)


@given(st.floats(-700_000, 3_000_000), st.sampled_from([EPOCH, EPOCH_1904]), st.booleans())
def test_dates_are_those_of_openpyxl(serial: float, epoch: datetime.date, is_duration: bool) -> None:
    theirs = outcome(lambda: from_excel(serial, datetime.datetime.combine(epoch, datetime.time()), is_duration))
    assert outcome(lambda: date_of(serial, epoch, is_duration)) == theirs


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except (OverflowError, ValueError):
        return "no date"


def sheet_of(rows: str, after: str = "", texts: tuple[str, ...] = ("shared",), prefix: str = "") -> RawSheet:
    p = f"{prefix}:" if prefix else ""
    space = f"xmlns:{prefix}" if prefix else "xmlns"
    body = f'<{p}worksheet {space}="{MAIN}"><{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>'
    styles = [CellStyle(), CellStyle("d/m/yy", True)]
    return read_sheet(io.BytesIO(body.encode()), "S", Book(list(texts), styles, EPOCH, Budget()))[0]


def values(sheet: RawSheet) -> dict[str, Any]:
    return {cell.address: cell.value for row in sheet.rows.values() for cell in row.values()}


def test_cells_without_addresses_follow_each_other() -> None:
    sheet = sheet_of(
        "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='5'><c r='B5'><v>4</v></c><c><v>5</v></c></row>"
    )
    assert values(sheet) == {"A1": 1, "C1": 3, "B5": 4, "C5": 5}


def test_prefix() -> None:
    assert values(sheet_of('<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>', prefix="x")) == {"A1": 1}


def test_kinds_of_cells() -> None:
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#REF!</v></c>'
        '<c r="D1" t="str"><f>A1</f><v>out</v></c><c r="E1" t="d"><v>2024-02-29</v></c>'
        '<c r="F1" t="d"><v>2024-02-29T10:20:30Z</v></c><c r="G1" t="d"><v>10:20:30</v></c>'
        '<c r="H1" t="inlineStr"><is><r><t>two </t></r><r><t>runs</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>'
        '<c r="I1"><f>1+1</f></c><c r="J1" s="1"><v>-1E9</v></c><c r="K1"><v>abc</v></c><c r="L1"><v/></c>'
        f'<c r="M1"><v>{"9" * 5000}</v></c><c r="N1" t="d"><v>soon</v></c><c r="O1"><v> 5 </v></c>'
    )
    read = values(sheet_of(f'<row r="1">{cells}</row>'))
    assert read == {
        "A1": "shared", "B1": True, "C1": "#REF!", "D1": "out", "E1": datetime.date(2024, 2, 29),
        "F1": datetime.datetime(2024, 2, 29, 10, 20, 30), "G1": datetime.time(10, 20, 30), "H1": "two runs", "I1": None,
        "J1": "#VALUE!", "K1": "abc", "M1": math.inf, "N1": "soon", "O1": 5,
    }  # fmt: skip


def test_shared_formula_is_told_where_it_is_written() -> None:
    sheet = sheet_of(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c></row>'
    )
    assert [(c.value, c.is_formula, c.formula) for row in sheet.rows.values() for c in row.values()] == [
        (2, True, "=B1*2"),
        (4, True, ""),
    ]


def test_rows_out_of_order_come_out_in_order() -> None:
    sheet = sheet_of(
        '<row r="9"><c r="C9"><v>2</v></c><c r="A9"><v>1</v></c></row><row r="2"><c r="B2"><v>0</v></c></row>'
    )
    assert [(row, list(cells)) for row, cells in sheet.rows.items()] == [(2, [2]), (9, [1, 3])]


@pytest.mark.parametrize(
    ("rows", "after", "told"),
    [
        ('<row r="0"/>', "", "a row 0"),
        ('<row r="1048577"/>', "", "where sheets end"),
        ('<row r="x"/>', "", "where a whole number should be"),
        ('<row r="1"><c r="1A"><v>1</v></c></row>', "", "a cell called '1A'"),
        ('<row r="1"><c r="ZZZ1"><v>1</v></c></row>', "", "beyond the end"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "", "whose text is not there"),
        ('<row r="1"><c r="A1" s="7"><v>1</v></c></row>', "", "whose style is not there"),
        ("", '<mergeCells><mergeCell ref="A1:"/></mergeCells>', "merged cells called"),
        (
            "",
            "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B1048576"/>' for n in range(1, 9)) + "</mergeCells>",
            "cells merged",
        ),
        ('<row r="1">', "", "no XML"),
    ],
)
def test_damaged_sheets(rows: str, after: str, told: str) -> None:
    with pytest.raises(BrokenPartError, match=told):
        sheet_of(rows, after)


def test_merged_cells_reach_as_far_as_they_may() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"><v>2</v></c><c r="C9"><v>3</v></c></row>'
    after = '<mergeCells><mergeCell ref="{}"/></mergeCells>'
    assert values(sheet_of(rows, after.format("A1:A200000"))) == {"A1": 1, "C9": 3}
    assert values(sheet_of(rows, after.format("B2:C100000"))) == {"A1": 1, "A9": 2}
    with pytest.raises(BrokenPartError, match="cells merged"):
        sheet_of(rows, after.format("A1:A200001"))


def test_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>1</v></c><c><v>1</v></c></row></sheetData></worksheet>'
    for budget, told in ((Budget(cells=1), "filled cells"), (Budget(letters=1), "letters")):
        with pytest.raises(BrokenPartError, match=told):
            read_sheet(io.BytesIO(body.encode()), "S", Book([], [CellStyle()], EPOCH, budget))
    parts = io.BytesIO()
    with zipfile.ZipFile(parts, "w") as archive:
        archive.writestr("texts.xml", "<sst><si><t>abc</t></si></sst>")
    with zipfile.ZipFile(parts) as archive:
        assert read_texts(archive, "texts.xml", Budget()) == ["abc"]
        with pytest.raises(BrokenPartError, match=r"texts\.xml contains more than"):
            read_texts(archive, "texts.xml", Budget(letters=2))


def test_a_workbook_that_is_damaged_inside_says_where(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    everything(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'r="A3"', b'r="3A"') if name.endswith("sheet1.xml") else content)
    with pytest.raises(UnreadableFileError, match="the sheet 'Everything & <more>' contains a cell called '3A'"):
        read_workbook(bad)


@pytest.mark.parametrize("cells", [1, 20, 700, 5_000])
def test_a_row_is_whole_however_many_pieces_of_the_file_it_spans(cells: int) -> None:
    values = "".join(f'<c t="inlineStr"><is><r><t>text </t></r><r><t>{n}</t></r></is></c>' for n in range(cells))
    body = f"<worksheet><sheetData><row>{values}</row><row><c><v>7</v></c></row></sheetData></worksheet>"
    sheet = read_sheet(io.BytesIO(body.encode()), "S", Book([], [CellStyle()], EPOCH, Budget()))[0]
    assert [cell.value for cell in sheet.rows[1].values()] == [f"text {n}" for n in range(cells)]
    assert list(sheet.rows[1]) == list(range(1, cells + 1))
    assert [cell.address for cell in sheet.rows[2].values()] == ["A2"]


def test_cells_from_right_to_left_and_a_row_in_two_parts_come_in_order() -> None:
    body = (
        '<worksheet><sheetData><row r="2"><c r="C2"><v>3</v></c><c r="A2"><v>1</v></c></row>'
        '<row r="1"><c r="B1"><v>9</v></c></row><row r="2"><c r="B2"><v>2</v></c></row></sheetData></worksheet>'
    )
    sheet = read_sheet(io.BytesIO(body.encode()), "S", Book([], [CellStyle()], EPOCH, Budget()))[0]
    assert [(row, list(cells)) for row, cells in sheet.rows.items()] == [(1, [2]), (2, [1, 2, 3])]


def test_a_cell_that_does_not_end_is_refused_before_it_fills_the_memory() -> None:
    body = (
        "<worksheet><sheetData><row><c><is>" + "<r><t>a</t></r>" * 200_000 + "</is></c></row></sheetData></worksheet>"
    )
    with pytest.raises(BrokenPartError, match="a cell of more than"):
        read_sheet(io.BytesIO(body.encode()), "S", Book([], [CellStyle()], EPOCH, Budget()))


@pytest.mark.parametrize("inside", ["{}", "<row>{}</row>", "<row><c>{}</c></row>", "<row><c><v>1</v>{}</c></row>"])
def test_elements_deep_in_each_other_are_refused(inside: str) -> None:
    deep = "<a>" * 150 + "</a>" * 150
    body = f"<worksheet><sheetData>{inside.format(deep)}<row/></sheetData></worksheet>"
    with pytest.raises(BrokenPartError, match="deep in each other"):
        read_sheet(io.BytesIO(body.encode()), "S", Book([], [CellStyle()], EPOCH, Budget()))
