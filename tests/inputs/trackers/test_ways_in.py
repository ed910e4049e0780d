"""Tables of somebody else on their way in: the number that was meant, or an error or finding that names the cell."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from hginventory.errors import HgInventoryError, UnreadableFileError, UsageError
from hginventory.importing import import_tracker
from hginventory.inputs.findings import DataError

HEADS = ("Id", "Plant", "Unit", "Power", "State", "Start", "Removal", "Hg", "Owner")
COLUMNS = {
    "unit_id": '"Id"', "plant": '"Plant"', "unit": '"Unit"', "capacity_gross": '"Power"', "status": '"State"',
    "start_year": '"Start"', "removal": '{ column = "Removal", unit = "%" }', "hg_coal": '"Hg"',
}  # fmt: skip
ROWS = [
    ["A", "Alpha", "1", 600, "operating", 2001, 85, 0.071, "x"],
    ["B", "Alpha", "2", 300, "retired", 1981, 35, 0.069, "y"],
    ["C", "Beta", "1", 1050, "operating", 2011, 90, 0.12, "z"],
]
Change = Callable[[xlsxwriter.Workbook, Any], object]
Import = Callable[..., tuple[pd.DataFrame, dict[str, str]]]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    lines = [f"{ours} = {theirs}" for ours, theirs in COLUMNS.items()]
    source = '[source]\nsource_id = "r"\ncitation = "A register, 2025"\n[settings]\ncountry = "IDN"\n[columns]\n'
    path = tmp_path / "map.toml"
    path.write_text(source + "\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def of_book(tmp_path: Path, mapping: Path) -> Import:
    """Return a function that imports the rows from a workbook, after a change of it."""

    def run(change: Change, top: int = 0, **options: Any) -> tuple[pd.DataFrame, dict[str, str]]:
        path = tmp_path / "register.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Register")
            for number, row in enumerate([HEADS, *([[]] * top), *ROWS]):
                sheet.write_row(number, 0, row)
            change(book, sheet)
        fleet, report = import_tracker("csv", path, mapping=mapping, **options)
        return fleet.units, {one.code: f"{one.cell} {one.found}" for one in report.findings}

    return run


@pytest.fixture
def of_text(tmp_path: Path, mapping: Path) -> Import:
    """Return a function that imports a text file of the columns that are read."""

    def run(text: str, written: str = "utf-8", **options: Any) -> tuple[pd.DataFrame, dict[str, str]]:
        path = tmp_path / "register.csv"
        path.write_bytes(text.encode(written))
        fleet, report = import_tracker("csv", path, mapping=mapping, **options)
        return fleet.units, {one.code: f"{one.cell} {one.found}" for one in report.findings}

    return run


@pytest.mark.parametrize("number_format", ["0%", "0.0%", "0.00 %", "[Red]0%", '0.0"  "%;-0%'])
def test_a_share_shown_in_per_cent_is_read_as_it_is_shown(of_book: Import, number_format: str) -> None:
    def change(book: xlsxwriter.Workbook, sheet: Any) -> None:
        style = book.add_format({"num_format": number_format})
        sheet.write(1, 6, 0.85, style)
        sheet.write(2, 6, 0.35, style)  # the third is a plain 90

    units, codes = of_book(change)
    assert units["removal"].tolist() == pytest.approx([0.85, 0.35, 0.9])
    assert codes["N218"].startswith("G2 ")


MERGED = {"State": 4, "Power": 3, "Start": 5, "Removal": 6, "Id": 0, "Unit": 2, "Hg": 7}


@pytest.mark.parametrize("column", MERGED)
def test_merged_cells_of_a_column_that_is_read_are_an_error(of_book: Import, column: str) -> None:
    number = MERGED[column]
    with pytest.raises(DataError, match=f"Register!{'ABCDEFGH'[number]}2:{'ABCDEFGH'[number]}4: merged cells"):
        of_book(lambda book, sheet: sheet.merge_range(1, number, 3, number, ROWS[0][number]))


def test_merged_plant_names_are_filled_down_and_other_columns_may_be_merged(of_book: Import) -> None:
    def change(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.merge_range(1, 1, 2, 1, "Alpha")
        sheet.merge_range(1, 8, 3, 8, "one owner")

    units, codes = of_book(change)
    assert units["plant"].tolist() == ["Alpha", "Alpha", "Beta"]
    assert "W312" in codes


HIDDEN: dict[str, tuple[Change, str, str]] = {
    "a row": (lambda book, sheet: sheet.set_row(2, None, None, {"hidden": True}), "W305", "3:3 a hidden row"),
    "a column": (lambda book, sheet: sheet.set_column(3, 3, None, None, {"hidden": True}), "W313", "D:D "),
    "the sheet": (
        lambda book, sheet: (book.add_worksheet("Front").activate(), sheet.hide()),
        "W107",
        " a hidden sheet",
    ),
}


@pytest.mark.parametrize(("change", "code", "words"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_read_and_told(of_book: Import, change: Change, code: str, words: str) -> None:
    units, codes = of_book(change)
    assert len(units) == 3
    assert codes[code].startswith(words)


def test_rows_hidden_by_a_filter_are_told_as_such(of_book: Import) -> None:
    def change(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.autofilter(0, 0, 3, 8)
        sheet.filter_column(4, "x == operating")
        sheet.set_row(2, None, None, {"hidden": True})

    assert of_book(change)[1]["W305"] == "3:3 a row hidden by a filter"


@pytest.mark.parametrize("column", [3, 4, 5, 6, 7])
def test_a_formula_without_a_result_is_an_error(of_book: Import, column: int) -> None:
    with pytest.raises(DataError, match=rf"Register!{'ABCDEFGH'[column]}3: .*the formula has no stored result"):
        of_book(lambda book, sheet: sheet.write_formula(2, column, "=A1", None, ""))


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_of_excel_in_a_column_that_is_read_is_an_error(of_book: Import, error: str) -> None:
    for column in (3, 4, 5):
        with pytest.raises(DataError, match=rf"Register!{'ABCDEF'[column]}4: .*the cell contains an Excel error"):
            of_book(lambda book, sheet, column=column: sheet.write_formula(3, column, "=A1", None, error))


@pytest.mark.parametrize("number_format", ["yyyy-mm-dd", "d/m/yyyy", "mmm-yy", "dd.mm.yyyy hh:mm", "yyyy"])
def test_a_year_shown_as_a_date_is_an_error_and_a_date_gives_its_year(of_book: Import, number_format: str) -> None:
    def write(value: Any) -> Change:
        return lambda book, sheet: sheet.write(1, 5, value, book.add_format({"num_format": number_format}))

    with pytest.raises(DataError, match=r"Register!F2.*the year 2014 or a day of 1905"):
        of_book(write(2014))
    units, codes = of_book(write(datetime.date(1998, 7, 1)))
    assert units["start_year"].tolist() == [1998, 1981, 2011]
    assert codes["W211"] == "F2 start 1998-07-01"


HEADERS: dict[str, tuple[Change, int, str]] = {
    "merged over two": (lambda book, sheet: sheet.merge_range(0, 3, 0, 4, "Power"), 0, "E306|lacks"),
    "merged over three": (lambda book, sheet: sheet.merge_range(0, 6, 0, 8, "Removal"), 0, "lacks 'Hg'"),
    "merged downwards": (
        lambda book, sheet: sheet.merge_range(0, 3, 1, 3, "Power"),
        1,
        "merged cells in the row of names",
    ),
    "units below": (
        lambda book, sheet: sheet.write_row(1, 3, ["kW", None, "year", "%"]),
        1,
        "a row of units of measure",
    ),
    "units in brackets": (lambda book, sheet: sheet.write_row(1, 3, ["(MW)"]), 1, "a second row of names"),
    "names below": (lambda book, sheet: sheet.write_row(1, 0, ["no.", "name", "no.", "gross", "", "of"]), 1, "D2"),
    "another language": (lambda book, sheet: sheet.write_row(1, 1, ["Pembangkit", "Unit", "Daya", "Status"]), 1, "D2"),
}


@pytest.mark.parametrize(("change", "top", "words"), HEADERS.values(), ids=HEADERS)
def test_a_header_of_several_rows_or_columns_is_refused(of_book: Import, change: Change, top: int, words: str) -> None:
    with pytest.raises(HgInventoryError, match=words):
        of_book(change, top)


@pytest.mark.parametrize("form", ["{}", "({})", "{}.", "({}).", " {} "])
@pytest.mark.parametrize("first", [0, 1])
def test_a_row_of_column_numbers_is_no_unit(of_book: Import, form: str, first: int) -> None:
    numbers = [form.format(number) for number in range(first, first + len(HEADS))]
    units, codes = of_book(lambda book, sheet: sheet.write_row(1, 0, numbers), 1)
    assert units["capacity_gross"].tolist() == [600.0, 300.0, 1050.0]
    assert codes["N321"].startswith("2:2 ")


def test_two_columns_of_one_name_with_other_values_are_an_error(of_book: Import) -> None:
    with pytest.raises(DataError, match="power is also in D1, with other values"):
        of_book(lambda book, sheet: sheet.write_column(0, 9, ["POWER", 580, 290, 1000]))
    assert len(of_book(lambda book, sheet: sheet.write_column(0, 9, ["POWER", 600, 300, 1050]))[0]) == 3


TEXT_HEAD = "Id,Plant,Unit,Power,State,Start,Removal,Hg,Owner"


def lines(*rows: str, head: str = TEXT_HEAD) -> str:
    return "\n".join([head, *rows, ""])


FIRST, SECOND = "A,Alpha,1,600,operating,2001,85,0.1,x", "B,Alpha,2,300,retired,1981,35,0.1,y"
BROKEN = {
    "a quote never closed": (lines('A,Alpha,1,600,operating,2001,85,0.1,"PT x', SECOND), 2),
    "closed by a smart quote": (lines('A,"Alpha”,1,600,operating,2001,85,0.1,x', SECOND), 2),
    "closed two rows on": (
        lines('A,"Alpha,1,600,operating,2001,85,0.1,x', 'B,Beta",2,300,retired,1981,35,0.1,y', "C,C,1,9,operating,,,,"),
        2,
    ),
    "closed rows later": (
        lines("C,C,1,9,operating,,,,", 'A,"Al,1,6,operating,2001,85,0.1,x', "D,D,,,,,,,", 'B,Be",2,3,retired,1981,,,'),
        3,
    ),
    "closed by the next name": (
        lines('A,"Alpha,1,600,operating,2001,85,0.1,x', 'B,"Beta",2,300,retired,1981,35,0.1,y'), 2
    ),
    "a surplus field": (lines("A,Alpha,1,1,050,operating,2001,85,0.1,x", SECOND), 2),
    "a surplus blank field": (lines(FIRST, "B,A,2,300,retired,1981,35,0.1,y,"), 3),
    "a field too few": (lines(FIRST, "B,Alpha,300,retired,1981,35,0.1,y"), 3),
    "a footnote": (lines(FIRST, "", "Source: a ministry"), 4),
    "a name with a separator": (lines("A,Alpha, Ltd,1,600,operating,2001,85,0.1,x"), 2),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_a_row_of_a_text_file_that_lost_or_won_a_field_is_an_error(of_text: Import, text: str, line: int) -> None:
    with pytest.raises(UnreadableFileError, match=rf"(?i)line {line}\b"):
        of_text(text)


SOUND = {
    "quotes": lines('A,"Alpha, ""the"" first",1,600,operating,2001,85,0.1,x'),
    "a line break in a field": lines('A,"Alpha\nfirst, of two",1,600,operating,2001,85,0.1,x'),
    "a blank line": lines(FIRST, "", ",,,,,,,,"),
    "every row ends with a separator": lines(
        "A,Alpha,1,600,operating,2001,85,0.1,x,", "B,A,2,300,retired,1981,35,0.1,y,"
    ),
    "lines of Windows": lines(FIRST).replace("\n", "\r\n"),
    "a title": "Register of 2025\n\n" + lines(FIRST),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_a_sound_text_file_is_read_whole(of_text: Import, text: str) -> None:
    units, _ = of_text(text)
    assert units.loc["A", "capacity_gross"] == 600.0
    assert units.loc["A", "removal"] == pytest.approx(0.85)


def table(delimiter: str, power: str, hg: str, removal: str) -> str:
    return lines(
        delimiter.join(["A", "Alpha", "1", power, "operating", "2001", removal, hg, "x"]),
        head=TEXT_HEAD.replace(",", delimiter),
    )


@pytest.mark.parametrize(
    ("text", "power", "hg"),
    [
        (table(";", "1.050", "0,069", "85,5"), 1050.0, 0.069),  # the others show a comma
        (table(";", "1.050,0", "0,1", "85"), 1050.0, 0.1),
        (table("\t", "1.050", "0,069", "85"), 1050.0, 0.069),
        (table(";", "1,050", "0.069", "85.5"), 1050.0, 0.069),  # semicolons and points
        (table("|", "300", "1.069", "85.25"), 300.0, 1.069),  # three decimals: no thousands
        (table(",", "300.250", "0.069", "85"), 300.25, 0.069),
        (table(";", "1 050", "0.069", "85"), 1050.0, 0.069),
    ],
)
def test_the_decimal_sign_is_that_of_all_cells(of_text: Import, text: str, power: float, hg: float) -> None:
    units, _ = of_text(text)
    assert units.loc["A", ["capacity_gross", "hg_coal"]].tolist() == pytest.approx([power, hg])


@pytest.mark.parametrize(
    "text",
    [
        table(";", "1.050", "", "85"),
        table(";", "1,050", "", ""),
        table("\t", "600", "1.069", ""),
        lines("A,Alpha,1,600,operating,2001,85,0.12,x", 'B,Alpha,2,300,retired,1981,35,"0,12",y'),
        lines("A;A;1;1.050;operating;2001;85.5;0,1;x", head=TEXT_HEAD.replace(",", ";")),
    ],
)
def test_a_number_with_two_readings_is_asked_for(of_text: Import, text: str) -> None:
    with pytest.raises(DataError, match=r"Set `decimal_sign` to point or comma"):
        of_text(text)


def test_a_sign_that_is_set_counts(of_text: Import) -> None:
    for sign, power in (("comma", 1050.0), ("point", 1.05)):
        units, _ = of_text(table(";", "1.050", "", ""), decimal_sign=sign)
        assert units["capacity_gross"].tolist() == [power]
    with pytest.raises(UsageError, match="Use one of: point, comma"):
        of_text(table(";", "1.050", "", ""), decimal_sign=",")


@pytest.mark.parametrize(
    ("name", "encoding", "read_as"),
    [
        ("Bełchatów Żarnowiec", "cp1250", "cp1250"), ("Plzeň Poříčí Dětmarovice", "cp1250", "cp1250"),
        ("Iğdır Yıldırım", "cp1254", "cp1254"), ("Çayırhan Şırnak", "cp1254", "cp1254"),
        ("Niederaußem Süd", "cp1252", "cp1252"), ("São Jerônimo", "cp1252", "cp1252"),
        ("橘湾発電所", "shift_jis", "cp932"), ("大唐托克托发电厂", "gb18030", "gb18030"),
        ("Bełchatów", "utf-16", "utf-16"), ("Bełchatów", "utf-16-le", "utf-16-le"), ("Iğdır", "utf-8", "utf-8-sig"),
    ],
)  # fmt: skip
def test_the_encoding_is_recognised_by_the_letters(of_text: Import, name: str, encoding: str, read_as: str) -> None:
    text = lines(f"A,{name},1,600,operating,2001,85,0.1,x")
    units, codes = of_text(text, encoding)
    assert units["plant"].tolist() == [name]
    assert codes.get("N819", "") == ("" if read_as.startswith("utf") else f' encoding {read_as} ("{name}" in B2)')


@pytest.mark.parametrize(
    "content", [b"\xd0\xf8\xfe", b"\xa4\xa5\xa6", b"\xa3\xf3d\xbc \xf1\xf5 \xf0\xfd", b"a\xb9\xb9\xf0", b"\xe8\xb3\xfe"]
)
def test_letters_of_no_language_are_asked_for_and_can_be_told(of_text: Import, content: bytes) -> None:
    name = content.decode("latin-1")
    text = lines(f"A,{name},1,600,operating,2001,85,0.1,x")
    with pytest.raises(UnreadableFileError, match="Set `encoding`"):
        of_text(text, "latin-1")
    units, _ = of_text(text, "latin-1", encoding="cp1250")
    assert units["plant"].tolist() == [content.decode("cp1250")]
    with pytest.raises(UsageError, match=r"^encoding: 'nope' is not a known encoding"):
        of_text(text, "latin-1", encoding="nope")


@pytest.mark.parametrize("name", ["Iðdýr", "Yatağan Þýrnak", "Be³chatów", "BeÅ‚chatÃ³w", "Niederau\ufffdem", "Ðirnak"])
def test_letters_that_cannot_be_right_are_a_finding(of_text: Import, name: str) -> None:
    text = lines(f"A,{name},1,600,operating,2001,85,0.1,x")
    assert of_text(text)[1]["W820"] == f'B2 plant "{name}"'


NAMED = {
    "gem-coal": (
        "GEM unit/phase ID;Plant name;Country/Area;Capacity (MW);Status;Start year;Latitude;Longitude;Coal type", [
        "G1;Alpha;Indonesia;1.050;operating;2001;-6,12345;106,5;lignite",
        "G2;Beta;Indonesia;27,500;operating;2001;-6,1;106;lignite",
    ], ("capacity_gross", [1050.0, 27.5])),
    "gem-cement": (
        "GEM Plant ID;Clinker Capacity (millions metric tonnes per annum);Operating status;Country/Area;Plant type", [
        "P1;1,250;operating;Indonesia;integrated", "P2;0,125;operating;Indonesia;integrated",
    ], ("clinker_capacity", [1.25e6, 0.125e6])),
    "wri-power": ("country;name;gppd_idnr;capacity_mw;latitude;longitude;primary_fuel;commissioning_year", [
        "IDN;Alpha;W1;1.050;-6,25;106,5;Coal;2004,6", "IDN;Beta;W2;800,5;-6,25;106,5;Coal;2004",
    ], ("capacity_gross", [1050.0, 800.5])),
    "epa-needs": (
        "UniqueID_Final;Plant Name;Capacity (MW);PlantType;Heat Rate (Btu/kWh);Modeled Fuels;Hg EMF for BIT", [
        "1_B_1;Alpha;1.050;Coal Steam;9.900,5;Bituminous;0,95", "1_B_2;Beta;250,5;Coal Steam;9.900;Bituminous;0,125",
    ], ("capacity_net", [1050.0, 250.5])),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("kind", NAMED)
def test_a_named_tracker_saved_with_decimal_commas_is_read_so(tmp_path: Path, kind: str, encoding: str) -> None:
    head, rows, (column, values) = NAMED[kind]
    path = tmp_path / "tracker.csv"
    path.write_text("\n".join([head, *rows, ""]), encoding=encoding)
    fleet, report = import_tracker(kind, path)
    assert fleet.units[column].tolist() == pytest.approx(values)
    told = [one.found for one in report.findings if one.code == "N819"]
    assert len(told) == 1
    assert "separator ;, decimal comma (shown by " in told[0]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("kind", NAMED)
def test_a_named_tracker_with_a_number_of_two_readings_asks(tmp_path: Path, kind: str, delimiter: str) -> None:
    head, rows, _ = NAMED[kind]
    number = rows[0].split(";").index("1,250" if kind == "gem-cement" else "1.050")
    fields = ["" if "," in field and place != number else field for place, field in enumerate(rows[0].split(";"))]
    path = tmp_path / "tracker.csv"
    path.write_text("\n".join([head.replace(";", delimiter), delimiter.join(fields), ""]), encoding="utf-8")
    with pytest.raises(DataError, match="Set `decimal_sign`"):
        import_tracker(kind, path)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1978-06-01", 1978), ("1978-06-01 00:00:00", 1978), ("01/06/1978", 1978), ("1.6.1978", 1978),
        ("1978-06", 1978), ("June 1978", 1978), ("1978", 1978), ("1978.0", 1978),
    ],
)  # fmt: skip
def test_a_date_in_text_gives_its_year(of_text: Import, text: str, year: int) -> None:
    units, codes = of_text(lines(f"A,Alpha,1,600,operating,{text},85,0.1,x"))
    assert units["start_year"].tolist() == [year]
    assert ("W211" in codes) == (not text.startswith("1978") or "-" in text)


@pytest.mark.parametrize("text", ["1/6/78", "01.06.78", "2011-12", "1978-13", "31-12-99"])
def test_a_date_without_a_sure_year_is_an_error(of_text: Import, text: str) -> None:
    with pytest.raises(DataError, match=r"register.csv!F2.*a year of four digits is expected"):
        of_text(lines(f"A,Alpha,1,600,operating,{text},85,0.1,x"))
