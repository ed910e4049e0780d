"""One cell to one value of its column's kind, or a problem that says what to do. No number is guessed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hginventory.inputs.parsing.cell_values import parse_cell, read_cell
from hginventory.inputs.parsing.countries import country_code
from hginventory.inputs.parsing.number_cells import NumberReading, Parsed
from hginventory.inputs.schema.column import Column
from hginventory.inputs.schema.contract import SHEETS
from hginventory.xlsx.cells import EPOCH, EPOCH_1904, RawCell

COAL, KILNS = SHEETS["Coal_units"], SHEETS["Cement_kilns"]
SHARE = ("1", "%")
BOUNDED = {
    column.name: column
    for column in (
        Column("capacity_gross", "number", "", "", "MW", ("MW", "kW"), low=0, high=3000, exclusive_low=True),
        Column("removal", "number", "", "", "1", SHARE, low=0, high=1),
        Column("net_efficiency", "number", "", "", "1", SHARE, low=0.1, high=0.6),
        Column("hg_coal", "number", "", "", "mg/kg", ("mg/kg", "ppm"), low=0, high=10),
        Column("start_year", "year", "", "", "yr", low=1900, high=2100),
        Column("lower", "number", "", "", "MW", low=5),
        Column("upper", "number", "", "", "MW", high=5),
    )
}


def parse(
    value: Any, column: str, unit: str | None = None, sign: str | None = None, sheet: Any = COAL, formula: bool = False
) -> Parsed:
    spec = sheet.column(column)
    return parse_cell(RawCell(value, "A1", formula), spec, spec.unit if unit is None else unit, sign)


def codes(parsed: Parsed) -> list[str]:
    return [problem.code for problem in parsed.problems]


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("600", None, 600.0),
        ("600.5", None, 600.5),
        (" 600 ", None, 600.0),
        ("6e2", None, 600.0),
        ("1 200", None, 1200.0),
        ("1\u00a0200", None, 1200.0),
        ("1\u202f200,5", None, 1200.5),
        ("1.200,5", None, 1200.5),
        ("1,200.5", None, 1200.5),
        ("600,5", None, 600.5),
        ("1,200", "point", 1200.0),
        ("1,200", "comma", 1.2),
        ("1.200", "point", 1.2),
        ("1.200", "comma", 1200.0),
        ("600 MW", None, 600.0),
        ("600 mw", None, 600.0),
        ("1 200 MW", None, 1200.0),
    ],
)
def test_text_that_states_a_number_is_read_with_a_note(text: str, sign: str | None, value: float) -> None:
    parsed = parse(text, "capacity_gross", sign=sign)
    assert parsed.value == value
    assert codes(parsed) == ["N213"]


@pytest.mark.parametrize(("text", "value"), [("0,057", 0.057), ("0.057", 0.057), (",057", 0.057), ("0,125", 0.125)])
def test_small_number_with_a_comma_is_not_a_thousand_times_larger(text: str, value: float) -> None:
    assert parse(text, "hg_coal").value == value


@pytest.mark.parametrize(
    ("text", "sign", "code"),
    [
        ("1,000", None, "E207"),
        ("1.000", None, "E207"),
        ("-1,000", None, "E207"),
        ("<5", None, "E216"),
        ("~300", None, "E216"),
        ("≥ 300", None, "E216"),
        ("300 kW", None, "E208"),
        ("300 to 400", None, "E201"),
        ("12 5", None, "E201"),
        ("1.2.3", None, "E201"),
        ("1,2,3", None, "E201"),
        ("about 300", None, "E201"),
        ("0.5", "comma", "E201"),
        ("1.5", "comma", "E201"),
        ("1,5", "point", "E201"),
        ("1,200.5", "comma", "E201"),
        ("1 200,5", "point", "E201"),
        ("nan", None, "E201"),
        ("inf", None, "E201"),
    ],
)
def test_text_that_leaves_a_doubt_is_an_error(text: str, sign: str | None, code: str) -> None:
    parsed = parse(text, "capacity_gross", sign=sign)
    assert parsed.value is None
    assert codes(parsed) == [code]
    assert parsed.problems[0].found == f'"{text}"'


@pytest.mark.parametrize("word", ["", "-", "n/a", "NA", "unknown", "not found", "Tidak diketahui"])
def test_words_for_nothing_are_blank_in_numbers_and_unknown_in_codes(word: str) -> None:
    assert parse(word, "capacity_gross") == Parsed(None)
    assert parse(word, "start_year") == Parsed(None)
    assert parse(word, "boiler") == Parsed("unknown")
    assert parse(word, "pm_control") == Parsed("unknown")


def test_none_is_not_unknown() -> None:
    assert parse("none", "so2_control").value == "none"
    assert parse("None", "so2_control").value == "none"


@pytest.mark.parametrize("value", [True, datetime.datetime(2020, 1, 1), datetime.time(1, 0), float("inf")])
def test_what_is_no_number_is_an_error(value: Any) -> None:
    assert codes(parse(value, "capacity_gross")) == ["E201"]


@pytest.mark.parametrize(
    ("value", "column", "unit", "result"),
    [
        (600_000, "capacity_gross", "kW", 600.0),
        (57, "hg_coal", "ug/kg", 0.057),
        (57, "hg_coal", "ppb", 0.057),
        (37, "net_efficiency", "%", 0.37),
        (4500, "calorific_value", "kcal/kg", 18.8406),
        (4.1, "generation_net", "TWh/yr", 4100.0),
        (1.9, "coal_use", "Mt/yr", 1.9e6),
    ],
)
def test_values_are_converted_from_the_unit_of_the_units_row(
    value: float, column: str, unit: str, result: float
) -> None:
    assert parse(value, column, unit).value == pytest.approx(result, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "column", "unit", "found", "allowed", "remedy"),
    [
        (-600, "capacity_gross", "MW", "-600 MW", "allowed is above 0 to 3000 MW", "Correct the value or its unit."),
        (0, "capacity_gross", "MW", "0 MW", "allowed is above 0 to 3000 MW", "Correct the value or its unit."),
        (600_000, "capacity_gross", "MW", "600000 MW", "allowed is above 0 to 3000 MW", "Correct the value"),
        (5e6, "capacity_gross", "kW", "5000000 kW", "allowed is above 0 to 3000000 kW", "Correct the value"),
        (85, "removal", "1", "85", "outside 0-1", "Write 0.85, or set the unit to %."),
        (-0.1, "removal", "1", "-0.1", "allowed is from 0 to 1", "Correct the value or its unit."),
        (11, "net_efficiency", "1", "11", "outside 0.1-0.6", "Write 0.11, or set the unit to %."),
        (1.1, "removal", "1", "1.1", "allowed is from 0 to 1", "Correct the value or its unit."),
        (150, "removal", "%", "150 %", "allowed is from 0 to 100 %", "Correct the value or its unit."),
        (58.7, "hg_coal", "ppm", "58.7 ppm", "allowed is from 0 to 10 ppm", "Correct the value or its unit."),
        (4, "lower", "MW", "4 MW", "allowed is at least 5 MW", "Correct the value or its unit."),
        (6, "upper", "MW", "6 MW", "allowed is at most 5 MW", "Correct the value or its unit."),
        (1811, "start_year", "", "1811", "allowed is from 1900 to 2100", "Correct the value or its unit."),
    ],
)
def test_out_of_range_says_what_is_allowed_in_the_unit_of_the_sheet(
    value: float, column: str, unit: str, found: str, allowed: str, remedy: str
) -> None:
    parsed = parse_cell(RawCell(value, "A1"), BOUNDED[column], unit, None)
    assert parsed.value is None
    (problem,) = parsed.problems
    assert problem.code == "E202"
    assert (problem.found, problem.allowed) == (found, allowed)
    assert problem.remedy.startswith(remedy)


@pytest.mark.parametrize(("value", "year"), [(2015, 2015), (2015.0, 2015), ("2015", 2015), (" 2015 ", 2015)])
def test_years(value: Any, year: int) -> None:
    assert parse(value, "start_year").value == year


@pytest.mark.parametrize(
    ("value", "code", "remedy"),
    [
        (42005, "E202", "Write a year of four digits. If it is a date, write 2015."),
        (2201, "E202", "Write a year of four digits. If it is a date"),
        (2015.5, "E202", "Write one year."),
        ("2015-2017", "E201", "Write one year."),
        ("42005", "E201", "Write one year."),
        ("the 1990s", "E201", "Write one year."),
        (True, "E201", ""),
    ],
)
def test_what_is_no_year_is_an_error(value: Any, code: str, remedy: str) -> None:
    parsed = parse(value, "start_year")
    assert parsed.value is None
    assert codes(parsed) == [code]
    assert parsed.problems[0].remedy.startswith(remedy)


def test_date_in_a_year_column_is_read_as_its_year() -> None:
    parsed = parse(datetime.datetime(2015, 7, 1), "start_year")
    assert parsed.value == 2015
    assert codes(parsed) == ["W211"]
    assert codes(parse(datetime.date(1850, 7, 1), "start_year")) == ["W211", "E202"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1978-06-01", 1978), ("1978-06-01 00:00:00", 1978), ("1978-06-01T00:00:00Z", 1978), ("1978/6/1", 1978),
        ("01.06.1978", 1978), ("6/1/1978", 1978), ("19780601", 1978), ("1 June 1978", 1978), ("Jun-1978", 1978),
        ("2031-06", 2031), ("12/2031", 2031),
    ],
)  # fmt: skip
def test_date_in_text_gives_its_year(text: str, year: int) -> None:
    parsed = parse(text, "start_year")
    assert parsed.value == year
    assert codes(parsed) == ["W211"]


@pytest.mark.parametrize(
    "text", ["1978-13-45", "2011-12", "2011.4", "1/6/78", "1978-1985", "00/00/1978", "1978-06-01 or later", "197806011"]
)
def test_what_is_no_date_gives_no_year(text: str) -> None:
    parsed = parse(text, "start_year")
    assert parsed.value is None
    assert codes(parsed) == ["E201"]


@pytest.mark.parametrize("epoch", [EPOCH, EPOCH_1904])
@pytest.mark.parametrize("stored", [1900, 1978, 2014, 2050, 2100])
def test_a_year_shown_as_a_date_names_both_readings(stored: int, epoch: datetime.date) -> None:
    day = datetime.datetime.combine(epoch, datetime.time()) + datetime.timedelta(days=stored)
    how = NumberReading("", epoch=epoch)
    parsed = read_cell(RawCell(day, "F5"), SHEETS["Coal_units"].column("start_year"), how)
    assert parsed.value is None
    assert codes(parsed) == ["E219"]
    assert f"the year {stored} or a day of {day.year}" in parsed.problems[0].allowed


@pytest.mark.parametrize("column", ["unit_id", "unit", "source_id"])
def test_date_in_a_name_is_pointed_out(column: str) -> None:
    parsed = parse(datetime.datetime(2024, 2, 1), column)
    assert parsed.value == "2024-02-01"
    assert codes(parsed) == ["W212"]
    assert codes(parse(datetime.datetime(2024, 2, 1), "note")) == []


def test_text() -> None:
    assert parse("  PLTU\u00a0 Contoh\n3 ", "plant").value == "PLTU  Contoh 3"
    assert parse(7.0, "unit").value == "7"
    assert parse(" ", "plant").value is None


@pytest.mark.parametrize(
    ("value", "column", "code"),
    [
        ("Circulating Fluidised Bed", "boiler", "CFB"),
        ("hard coal", "coal_type", "bituminous"),
        ("En Service", "status", "operating"),
        ("LHV", "cv_basis", "net_as_received"),
        ("Baghouse + esp", "pm_control", "ESPc+FF"),
        ("sea-water FGD", "so2_control", "swFGD"),
    ],
)
def test_spellings_stand_for_codes(value: str, column: str, code: str) -> None:
    parsed = parse(value, column)
    assert (parsed.value, codes(parsed)) == (code, ["W217"])
    assert (parsed.problems[0].new_value, parsed.problems[0].is_safe) == (code, True)
    assert parse(code, column) == Parsed(code)


@pytest.mark.parametrize(
    ("value", "column", "code", "found", "remedy"),
    [
        ("lignit e", "coal_type", "E203", '"lignit e"', "Did you mean lignite?"),
        ("plasma", "coal_type", "E203", '"plasma"', "Use one of the words listed, or leave the cell blank."),
        ("fabric filtre", "pm_control", "E203", 'unknown control device "fabric filtre" (did you mean FF?)', ""),
        ("ESP+wFGD", "pm_control", "E214", "wFGD", "Move it to so2_control."),
        ("SCR", "so2_control", "E214", "SCR", "Move it to nox_control."),
        ("maybe", "captive", "E203", '"maybe"', ""),
        ("Atlantis", "country", "E215", '"Atlantis"', ""),
    ],
)
def test_unknown_words_are_errors_with_the_nearest_word(
    value: str, column: str, code: str, found: str, remedy: str
) -> None:
    parsed = parse(value, column)
    assert parsed.value is None
    (problem,) = parsed.problems
    assert (problem.code, problem.found, problem.remedy) == (code, found, remedy)


def test_unknown_train_names_the_devices_of_its_column() -> None:
    (problem,) = parse("magnet", "so2_control").problems
    assert problem.allowed == "allowed: FSI, DSI, SDA, CDS, FGD, swFGD, wFGD, none, unknown"


@pytest.mark.parametrize(
    ("value", "result"),
    [("yes", True), ("Ya", True), (True, True), (1, True), (1.0, True), ("x", True), ("no", False), (0, False)],
)
def test_truth(value: Any, result: bool) -> None:
    assert parse(value, "captive").value is result


def test_truth_may_be_blank() -> None:
    assert parse("-", "captive") == Parsed(None)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("IDN", "IDN"),
        ("id", "IDN"),
        ("Indonesia", "IDN"),
        ("Viet Nam", "VNM"),
        ("vietnam", "VNM"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("South Korea", "KOR"),
        ("Kosovo", "XKX"),
        ("Atlantis", None),
    ],
)
def test_countries(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_formulas() -> None:
    assert codes(parse(None, "capacity_gross", formula=True)) == ["E205"]
    stored = parse(600, "capacity_gross", formula=True)
    assert (stored.value, codes(stored)) == (600.0, ["W209"])
    zero = parse(0, "generation_net", formula=True)
    assert (zero.value, codes(zero)) == (0.0, ["W210"])
    wrong = parse(-1, "generation_net", formula=True)
    assert codes(wrong) == ["W209", "E202"]


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!"])
def test_error_cells(text: str) -> None:
    for column in ("capacity_gross", "plant", "boiler", "start_year", "country", "captive"):
        parsed = parse(text, column)
        assert parsed.value is None
        assert codes(parsed) == ["E204"]


def test_kiln_devices_have_their_own_list() -> None:
    assert parse("dust shuttling, FF", "controls", sheet=KILNS).value == "FF+SHUTTLE"
    assert codes(parse("SDA", "controls", sheet=KILNS)) == ["E203"]
