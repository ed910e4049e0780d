"""Sound files that programs write in odd ways: read as they stand, or refused by name, never read in part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import xlsxwriter

from hginventory.errors import UnreadableFileError
from hginventory.inputs.bundled import read_fleet
from hginventory.xlsx.reader import read_workbook

FIRST, SECOND = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
Parts = dict[str, bytes]


@pytest.fixture
def parts() -> Parts:
    """Return the parts of a fleet of two sheets with shared texts, styles and own properties."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        units, activity = book.add_worksheet("Coal_units"), book.add_worksheet("Activity")
        for number, row in enumerate(
            (
                ["unit_id", "country", "capacity_gross", "status"],
                ["A", "IDN", 600, "operating"],
                ["B", "IDN", 300, "retired"],
            )
        ):
            units.write_row(number, 0, row)
        activity.write_row(0, 0, ["unit_id", "year", "variable", "value", "unit"])
        activity.write_row(1, 0, ["A", 2024, "coal_use", 2.0, "Mt/yr"])
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, content: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase], ids=["upper", "title", "swapped"])
@pytest.mark.parametrize(
    "part", [FIRST, SECOND, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
)
def test_names_of_parts_are_compared_without_case(
    parts: Parts, tmp_path: Path, part: str, change: Callable[[str], str]
) -> None:
    assert part in parts
    renamed = {change(name) if name == part else name: content for name, content in parts.items()}
    fleet = read_fleet(pack(tmp_path / "fleet.xlsx", renamed))
    assert fleet.units["capacity_gross"].tolist() == [600.0, 300.0]
    assert fleet.activity["value"].tolist() == [2e6]


@pytest.mark.parametrize("part", [FIRST, SECOND, "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_a_part_that_is_named_and_missing_is_an_error(parts: Parts, tmp_path: Path, part: str) -> None:
    del parts[part]
    with pytest.raises(UnreadableFileError, match=r"no part .*" + part.rpartition("/")[2]):
        read_workbook(pack(tmp_path / "fleet.xlsx", parts))


def test_a_sheet_without_a_part_is_an_error(parts: Parts, tmp_path: Path) -> None:
    part = "xl/_rels/workbook.xml.rels"
    parts[part] = parts[part].replace(b'Id="rId2"', b'Id="rId99"')
    with pytest.raises(UnreadableFileError, match="'Activity'"):
        read_workbook(pack(tmp_path / "fleet.xlsx", parts))


BLANKS = {
    "an empty row at the end": '<row r="1048576"/>',
    "an empty row with a height": '<row r="1048576" ht="12.8" customHeight="1"></row>',
    "a styled cell at the far end": '<row r="1048576"><c r="XFD1048576" s="0"/></row>',
    "a cell with an empty value": '<row r="1048576"><c r="XFD1048576"><v></v></c></row>',
    "a cell of blanks": '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>  </t></is></c></row>',
    "a whole styled row": "<row r='900000'>"
    + "".join(f"<c r='{a}{b}900000'/>" for a in "ABC" for b in "AZ")
    + "</row>",
}


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_rows_and_cells_without_a_value_do_not_count_for_the_bounds(parts: Parts, tmp_path: Path, blank: str) -> None:
    parts[FIRST] = parts[FIRST].replace(b"</sheetData>", blank.encode() + b"</sheetData>")
    fleet = read_fleet(pack(tmp_path / "fleet.xlsx", parts))
    assert fleet.units["capacity_gross"].tolist() == [600.0, 300.0]
    assert not [one for one in fleet.findings if one.severity == "error"]


@pytest.mark.parametrize(
    "cell",
    ['<c r="XFD1048576"><v>1</v></c>', '<c r="XFD1048576" t="str"><v>a</v></c>', '<c r="XFD1048576"><f>A1</f></c>'],
)
def test_a_far_cell_with_a_value_is_still_refused(parts: Parts, tmp_path: Path, cell: str) -> None:
    row = f'<row r="1048576">{cell}</row></sheetData>'
    parts[FIRST] = parts[FIRST].replace(b"</sheetData>", row.encode())
    with pytest.raises(UnreadableFileError, match="delete the stray cell"):
        read_workbook(pack(tmp_path / "fleet.xlsx", parts))


HEADS = ["unit_id", "country", "capacity_gross", "status"]
ROWS = [["A", "IDN", 600, "operating"], ["B", "IDN", 300, "retired"]]


@pytest.mark.parametrize(
    "numbers", [[1, 2, 3, 4], ["(1)", "(2)", "(3)", "(4)"], ["1.", "2.", "3.", "4."], [0, 1, 2, 3]]
)
@pytest.mark.parametrize("units", [[], [["", "", "MW", ""]]])
def test_a_row_that_counts_the_columns_is_no_unit(
    tmp_path: Path, numbers: list[object], units: list[list[str]]
) -> None:
    path = tmp_path / "fleet.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Coal_units")
        for number, row in enumerate([HEADS, *units, numbers, *ROWS]):
            sheet.write_row(number, 0, row)
    fleet = read_fleet(path)
    assert fleet.units["capacity_gross"].tolist() == [600.0, 300.0]
    assert [one.cell for one in fleet.findings if one.code == "N321"] == [f"{2 + len(units)}:{2 + len(units)}"]


@pytest.mark.parametrize("last", [3, 4])
@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_merged_head_over_several_columns_is_an_error(tmp_path: Path, first: int, last: int) -> None:
    path = tmp_path / "fleet.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Coal_units")
        for number, row in enumerate([[*HEADS[: first + 1]], *ROWS]):
            sheet.write_row(number, 0, row)
        sheet.merge_range(0, first, 0, last, HEADS[first])
        sheet.write_row(0, last + 1, HEADS[first + 1 :])
    errors = [one.cell for one in read_fleet(path).findings if one.code == "E306"]
    assert errors == [f"{'ABC'[first]}1:{'DE'[last - 3]}1"]
