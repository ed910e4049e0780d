"""One table out of somebody else's file: found by its header row, read in the encoding it has, or refused in words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.source_tables import TableOptions, open_table

MARKS = (("Id", "Power (MW)"), ("Key", "Power (MW)"))
ROWS = [["Id", "Power (MW)", "Name"], ["A", 10, "Öst"], ["B", 20, None]]


def test_sheet_is_found_by_its_header_whatever_it_is_called(book: Callable[..., Path]) -> None:
    path = book({"About": [["Release 2020"], ["Id", "how a unit is named"]], "Whatever": ROWS})
    found = open_table(path, MARKS, "the tracker")
    assert (found.sheet, found.header, found.columns) == ("Whatever", 1, ("Id", "Power (MW)", "Name"))
    assert [row.cells for row in found.rows] == [
        {"id": "A", "power (mw)": 10.0, "name": "Öst"},
        {"id": "B", "power (mw)": 20.0},
    ]
    assert "Release 2020" in found.words


def test_title_rows_empty_rows_and_shifted_columns_move_the_numbers_with_them(book: Callable[..., Path]) -> None:
    rows = [[], [None, "A title"], [], [None, "ID ", "POWER\n(MW)"], [], [None, "A", 5]]
    found = open_table(book({"S": rows}), MARKS, "the tracker")
    assert found.header == 4
    assert found.rows[0].number == 6
    assert found.address(6, "power (mw)") == "C6"
    assert found.rows[0].cells == {"id": "A", "power (mw)": 5.0}


SHEETS = ("Operable", "Proposed", "Retired and Canceled", "Phase 2", "active")


@pytest.mark.parametrize("second", SHEETS[1:])
def test_of_several_sheets_with_the_header_none_is_taken_for_all(book: Callable[..., Path], second: str) -> None:
    path = book({"Operable": ROWS, second: ROWS[:2], "Empty": ROWS[:1], "Notes": [["Id", "meaning"]]})
    with pytest.raises(UsageError) as caught:
        open_table(path, MARKS, "the tracker")
    assert f"in 2 sheets: Operable (2 rows), {second} (1 rows)" in str(caught.value)
    assert (caught.value.parameter, caught.value.allowed) == ("sheet", ("Operable", second))
    chosen = open_table(path, MARKS, "the tracker", options=TableOptions(sheet=second.upper()))
    assert (chosen.sheet, len(chosen.rows)) == (second, 1)
    with pytest.raises(UsageError, match=r"no such table in a sheet 'Notes'\. Use one of: Operable"):
        open_table(path, MARKS, "the tracker", options=TableOptions(sheet="Notes"))


def test_a_sheet_without_rows_leaves_the_other_one(book: Callable[..., Path]) -> None:
    assert open_table(book({"Sample": ROWS[:1], "All": ROWS}), MARKS, "the tracker").sheet == "All"


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_of_a_text_file_are_found(
    table: Callable[..., Path], encoding: str, read_as: str, delimiter: str
) -> None:
    found = open_table(table(ROWS, encoding=encoding, delimiter=delimiter), MARKS, "the tracker")
    assert found.encoding == read_as
    assert found.rows[0].cells["name"] == "Öst"
    assert found.rows[0].cells["power (mw)"] == "10"


def test_unknown_header_is_refused_and_says_what_was_looked_for(book: Callable[..., Path]) -> None:
    path = book({"Data": [["Id", "Power MW"], ["A", 1]]})
    with pytest.raises(UnreadableFileError) as caught:
        open_table(path, MARKS, "the tracker")
    message = str(caught.value)
    assert "the tracker" in message
    assert "Id, Power (MW) or Key, Power (MW)" in message
    assert "Row 1 of Data lacks 'Power (MW)' (did you mean 'Power MW'?)" in message
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.csv", None, "cannot be read"),
        ("gone.xlsx", None, "no such file"),
        ("text.xlsx", b"Id,Power (MW)\nA,1\n", "not a workbook"),
        ("picture.csv", b"\x89PNG\x00\x00\x01\x8d", "not a text file"),
        ("empty.csv", b"", "contains no table"),
        ("quote.csv", b'Id,Power (MW)\n"A' + b"x" * 200_000, "not a plain table"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=words):
        open_table(path, MARKS, "the tracker")


def test_workbook_goes_through_the_scan_before_any_reader(book: Callable[..., Path], tmp_path: Path) -> None:
    good = book({"S": ROWS})
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace(b"<sst", b'<!DOCTYPE a [<!ENTITY b "c">]><sst', 1)
            new.writestr(name, content)
    with pytest.raises(UnreadableFileError, match="XML definitions"):
        open_table(bad, MARKS, "the tracker")
