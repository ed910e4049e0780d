"""Bad workbooks, made here as real files: each mistake has its code, its cell and a remedy, and the file stays."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

import hginventory as hg
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.findings.findings import Finding, ungrouped
from hginventory.inputs.fleet.fleet import Fleet, raise_on_errors

COLUMNS = ("unit_id", "plant", "unit", "country", "status", "start_year", "capacity_gross", "pm_control", "hg_coal")
GOOD = ("A1", "Contoh", "1", "IDN", "operating", 2010, 600, "ESPc", 0.05)
SECOND = ("A2", "Contoh", "2", "IDN", "operating", 2012, 600, "ESPc", 0.05)
Sheets = Mapping[str, Sequence[Any]]


def write(path: Path, sheets: Sheets, change: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    """Write a workbook of plain cells, change it, and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    book.save(path)
    return path


def units(*rows: Sequence[Any], columns: Sequence[str] = COLUMNS) -> Sheets:
    return {"Coal_units": [columns, *rows]}


def with_cell(column: str, value: Any) -> Sheets:
    """Return two good units, the second with another value; its row is 3."""
    index = COLUMNS.index(column)
    return units(GOOD, (*SECOND[:index], value, *SECOND[index + 1 :]))


def cell(column: str, row: int = 3) -> str:
    return f"{'ABCDEFGHI'[COLUMNS.index(column)]}{row}"


def read(path: Path) -> Fleet:
    """Read a workbook and see that not a byte of it changed."""
    before = path.read_bytes()
    fleet = read_fleet(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return fleet


def noted(fleet: Fleet) -> list[Finding]:
    """Return what was noted but for the basis of mercury, which the good units leave open."""
    return [finding for finding in fleet.findings if finding.code != "W416"]


def of_code(fleet: Fleet, code: str) -> list[Finding]:
    return [finding for finding in fleet.findings if finding.code == code]


def errors(fleet: Fleet) -> list[str]:
    return [finding.code for finding in fleet.findings if finding.severity == "error"]


def test_good_workbook_has_no_findings(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units(GOOD, SECOND)))
    assert noted(fleet) == []
    assert fleet.units["capacity_mw"].tolist() == [600.0, 600.0]
    assert fleet.cell("A2", "hg_coal") == "Coal_units!I3"
    assert fleet.cell("A2", "capacity_net") is None


CELLS: list[tuple[str, Any, str, str, str]] = [
    ("pm_control", "magnet", "E203", "magnet", "Use one of the words"),
    ("pm_control", "fabric filtre", "E203", "did you mean FF?", "Use one of the words"),
    ("pm_control", "ESPc+wFGD", "E214", "wFGD", "Move it to so2_control."),
    ("capacity_gross", "large", "E201", '"large"', "number only"),
    ("capacity_gross", "about 600", "E201", '"about 600"', "number only"),
    ("capacity_gross", -600, "E202", "-600 MW", "Correct the value or its unit."),
    ("capacity_gross", 0, "E202", "0 MW", "Correct the value or its unit."),
    ("capacity_gross", "1,000", "E207", '"1,000"', "decimal_sign"),
    ("capacity_gross", "1.000", "E207", '"1.000"', "decimal_sign"),
    ("capacity_gross", "300000 kW", "E208", "300000 kW", "in the unit of the column"),
    ("capacity_gross", "#REF!", "E204", "#REF!", "Correct the formula"),
    ("capacity_gross", "=2*300", "E205", "formula", "Open and save the workbook in Excel once."),
    ("capacity_gross", None, "E403", "blank", "Fill in a capacity"),
    ("hg_coal", "<5", "E216", '"<5"', "leave the cell blank"),
    ("start_year", 42005, "E202", "42005", "Write a year of four digits. If it is a date, write 2015."),
    ("start_year", "2010-2012", "E201", '"2010-2012"', "Write one year."),
    ("country", "Atlantis", "E215", '"Atlantis"', "ISO code"),
    ("country", None, "E206", "country is blank", "Settings!country"),
    ("status", "runing", "E203", '"runing"', "operating"),
    ("status", "zzz", "E203", '"zzz"', "Use one of the words"),
    ("status", "operatng", "E203", '"operatng"', "Did you mean operating?"),
    ("unit_id", "a1", "E301", "is also in Coal_units!A2", "Give each unit a different id."),
]
TABLES: list[tuple[str, Sheets, str, str, str, str]] = [
    ("total", units(GOOD, (None, "Total", *[None] * 4, 600)), "E302", "B3", "Total", "Delete the row"),
    ("jumlah", units(GOOD, ("Jumlah", *[None] * 5, 600)), "E302", "A3", "Jumlah", "Delete the row"),
    ("column twice", units((*GOOD, 600), columns=(*COLUMNS, "MW")), "E307", "J1", "is also in G1", "Keep one"),
    (
        "start after retirement",
        units((*GOOD, 2005), columns=(*COLUMNS, "planned_retirement")),
        "E401", "J2", "planned_retirement 2005 is before start_year 2010", "Correct one of the two years.",
    ),
    (
        "net above gross",
        units((*GOOD, 650), columns=(*COLUMNS, "capacity_net")),
        "E402", "J2", "capacity_net 650 MW is above capacity_gross 600 MW", "exchange them",
    ),
    (
        "percent in a fraction",
        units((*GOOD, 85), columns=(*COLUMNS, "removal")),
        "E202", "J2", "removal 85", "Write 0.85, or set the unit to %.",
    ),
    (
        "percent sign in a fraction",
        units((*GOOD, "85 %"), columns=(*COLUMNS, "removal")),
        "E208", "J2", "85 %", "Write the fraction, as 0.85 for 85 %, or set the unit to %.",
    ),
    (
        "more generation than hours",
        units((*GOOD, 17_500), columns=(*COLUMNS, "generation_net")),
        "E404", "J2", "17500 GWh", "Check MWh against GWh",
    ),
    (
        "shares of fuels",
        {**units((*GOOD, "F1:0.6; F2:0.3"), columns=(*COLUMNS, "fuel_id")), "Fuels": [["fuel_id"], ["F1"], ["F2"]]},
        "E410", "J2", "sum to 0.9", "Correct the shares",
    ),
    (
        "unknown fuel",
        {**units((*GOOD, "F3"), columns=(*COLUMNS, "fuel_id")), "Fuels": [["fuel_id", "supplier"], ["F1", "X"]]},
        "E409", "J2", "fuel 'F3'", "Add the fuel there",
    ),
    (
        "bad unit in the units row",
        {"Coal_units": [COLUMNS, [None] * 5 + ["yr", "horsepower", None, "mg/kg"], GOOD]},
        "E208", "G2", 'unit "horsepower" of capacity_gross', "Use one of the units",
    ),
    (
        "removal across a device",
        units((*GOOD, 0.3, "across_device"), columns=(*COLUMNS, "removal", "removal_basis")),
        "E411", "K2", "across_device", "from coal, or from the boiler outlet, to stack",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "code", "found", "remedy"), CELLS)
def test_wrong_cell_is_named_with_its_remedy(
    tmp_path: Path, column: str, value: Any, code: str, found: str, remedy: str
) -> None:
    check(write(tmp_path / "fleet.xlsx", with_cell(column, value)), code, cell(column), found, remedy)


@pytest.mark.parametrize(
    ("sheets", "code", "where", "found", "remedy"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES]
)
def test_wrong_table_is_named_with_its_cell_and_remedy(
    tmp_path: Path, sheets: Sheets, code: str, where: str, found: str, remedy: str
) -> None:
    check(write(tmp_path / "fleet.xlsx", sheets), code, where, found, remedy)


def check(path: Path, code: str, where: str, found: str, remedy: str) -> None:
    """See that a workbook has one error, which is found when it is read and stops a run."""
    fleet = read(path)
    matching = of_code(fleet, code)
    assert [finding.location for finding in matching] == [f"Coal_units!{where}"]
    assert found in matching[0].found
    assert remedy in matching[0].remedy
    assert errors(fleet) == [code]
    with pytest.raises(hg.DataError, match=r"^1 error in the fleet:\nCoal_units!") as caught:
        hg.project(path)
    assert caught.value.findings == tuple(matching)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("generation_net", 5518, []),  # 600 MW in 8760 h are 5256 GWh, and 5 % more 5518.8
        ("generation_net", 5520, ["E404"]),
        ("generation_gross", 5520, ["E404"]),
        ("generation_net", 106, []),  # 2 % of 5256 are 105.12
        ("generation_net", 105, ["W427"]),
        ("capacity_factor", 1.05, []),
        ("capacity_factor", 1.06, ["E202"]),
    ],
)
def test_a_unit_makes_at_most_a_twentieth_more_than_its_capacity_in_all_hours(
    tmp_path: Path, column: str, value: float, code: list[str]
) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units((*GOOD, value), columns=(*COLUMNS, column))))
    assert [one.code for one in noted(fleet) if one.code in ("E202", "E404", "W427")] == code


@pytest.mark.parametrize(
    ("column", "value", "code", "result"),
    [
        ("capacity_gross", "600", "N213", 600.0),
        ("capacity_gross", "1\u00a0200", "N213", 1200.0),
        ("capacity_gross", "300 MW", "N213", 300.0),
        ("hg_coal", "0,057", "N213", 0.057),
        ("start_year", datetime.datetime(2015, 7, 1), "W211", 2015),
        ("unit", datetime.datetime(2024, 2, 1), "W212", "2024-02-01"),
    ],
)
def test_what_can_be_read_is_read_and_noted(tmp_path: Path, column: str, value: Any, code: str, result: Any) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", with_cell(column, value)))
    assert [finding.location for finding in of_code(fleet, code)] == [f"Coal_units!{cell(column)}"]
    assert fleet.units[column].iloc[1] == result
    assert errors(fleet) == []


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    third = ("A3", "Contoh", "3", "IDN", "operating", 2012, "1,000", "magnet", "<5")
    fleet = read(write(tmp_path / "fleet.xlsx", units((*GOOD[:6], -1, *GOOD[7:]), third, ("A3", *SECOND[1:]))))
    assert sorted(errors(fleet)) == ["E202", "E203", "E207", "E216", "E301"]
    with pytest.raises(hg.DataError) as caught:
        raise_on_errors(fleet.findings)
    message = str(caught.value)
    assert message.startswith("5 errors in the fleet:")
    for where in ("G2", "G3", "H3", "I3", "A4"):
        assert f"Coal_units!{where}" in message


def test_values_are_converted_from_the_units_row(tmp_path: Path) -> None:
    columns = (*COLUMNS, "removal", "calorific_value")
    unit_row = [None] * 5 + ["yr", "kW", None, "ppb", "%", "kcal/kg"]
    row = (*GOOD[:6], 600_000, "ESPc", 57, 85, 4500)
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal_units": [columns, unit_row, row]}))
    assert fleet.units.loc["A1", "capacity_gross"] == pytest.approx(600.0)
    assert fleet.units.loc["A1", "hg_coal"] == pytest.approx(0.057)
    assert fleet.units.loc["A1", "removal"] == pytest.approx(0.85)
    assert fleet.units.loc["A1", "calorific_value"] == pytest.approx(4500 * 4186.8 / 1e6)


def test_label_row_and_units_row_above_the_names_are_found(tmp_path: Path) -> None:
    labels = [
        "Unit id",
        "Plant",
        "Unit",
        "Country",
        "Status",
        "Start year",
        "Gross capacity",
        "Dust control",
        "Mercury",
    ]
    unit_row = [None] * 5 + ["yr", "GW", None, "mg/kg"]
    rows = [["Units of the fleet"], [], labels, unit_row, COLUMNS, (*GOOD[:6], 0.6, *GOOD[7:])]
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal_units": rows}))
    assert fleet.units["capacity_gross"].tolist() == [600.0]
    assert fleet.cell("A1", "capacity_gross") == "Coal_units!G6"


def test_first_unit_with_a_factor_of_one_is_no_units_row(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal_units": [["plant", "removal"], ["Contoh", 1], ["Contoh", 1]]}))
    assert len(fleet.units) == 2


def test_decimal_sign_of_the_settings_settles_the_doubt(tmp_path: Path) -> None:
    for sign, value in (("comma", 1.0), ("point", 1000.0)):
        path = tmp_path / sign / "fleet.xlsx"
        path.parent.mkdir()
        settings = [["name", "value"], ["decimal_sign", sign]]
        fleet = read(write(path, {**with_cell("capacity_gross", "1,000"), "Settings": settings}))
        assert fleet.units["capacity_gross"].iloc[1] == value
        assert errors(fleet) == []


def test_formula_with_its_result_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Coal_units")
    for row, cells in enumerate((COLUMNS, GOOD, SECOND)):
        sheet.write_row(row, 0, cells)
    sheet.write_formula("G3", "=2*330", None, 660)
    sheet.write_formula("I3", "=0*1", None, 0)
    book.close()
    fleet = read(path)
    assert fleet.units["capacity_gross"].tolist() == [600.0, 660.0]
    assert [f.location for f in of_code(fleet, "W209")] == ["Coal_units!G3"]
    assert [f.location for f in of_code(fleet, "W210")] == ["Coal_units!I3"]
    assert errors(fleet) == ["E446"]  # a content of 0 was not measured, whoever wrote it


def merge(area: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: book["Coal_units"].merge_cells(area)


def test_merged_cells_in_the_data(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units(GOOD, SECOND), merge("C2:C3")))
    (found,) = of_code(fleet, "E306")
    assert found.location == "Coal_units!C2:C3"
    assert "Unmerge" in found.remedy


@pytest.mark.parametrize("area", ["A1:C1", "L2:M3"], ids=["title", "beside the table"])
def test_merged_cells_outside_the_data_do_no_harm(tmp_path: Path, area: str) -> None:
    rows = [["Units of the fleet"], COLUMNS, GOOD, SECOND]
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal_units": rows}, merge(area)))
    assert errors(fleet) == []


def hide(book: openpyxl.Workbook) -> None:
    book["Coal_units"].row_dimensions[3].hidden = True


def test_hidden_rows_are_counted_in_and_pointed_out(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units(GOOD, SECOND), hide))
    assert len(fleet.units) == 2
    assert [f.location for f in of_code(fleet, "W305")] == ["Coal_units!3:3"]


def test_plant_whose_name_begins_like_a_total_is_a_plant(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", with_cell("plant", "Total Energi")))
    assert errors(fleet) == []
    assert len(fleet.units) == 2


def test_missing_sheet(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", {"Sources": [["source_id", "citation"], ["S", "A page"]], "Notes": [["x"]]})
    fleet = read(path)
    (found,) = of_code(fleet, "E101")
    assert found.found == "sheets found: Sources, Notes"
    assert "Coal_units" in found.remedy
    with pytest.raises(hg.DataError, match="Name a worksheet Coal_units or Cement_kilns"):
        hg.project(path)


def test_sheet_without_header_and_sheet_without_rows(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal_units": [["some", "words"], [1, 2]]}))
    assert errors(fleet) == ["E102"]
    empty = tmp_path / "empty"
    empty.mkdir()
    fleet = read(write(empty / "fleet.xlsx", {"Coal_units": [COLUMNS]}))
    assert errors(fleet) == ["E106"]


def test_empty_sheets_beside_the_units_do_no_harm(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", {**units(GOOD), "Sources": [], "Activity": [], "Fuels": []}))
    assert noted(fleet) == []


def test_lone_sheet_is_read_by_its_columns_and_keeps_its_name(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", {"PLTU 2024": [COLUMNS, GOOD, (*SECOND[:6], -1, *SECOND[7:])]}))
    assert [f.location for f in of_code(fleet, "N105")] == ["PLTU 2024"]
    assert [f.location for f in of_code(fleet, "E202")] == ["PLTU 2024!G3"]
    assert fleet.cell("A1", "hg_coal") == "PLTU 2024!I2"
    assert fleet.units["sector"].tolist() == ["coal_power", "coal_power"]


def test_sheet_name_with_a_space(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", {"Coal Units": [COLUMNS, GOOD], "Other": [["x"]]}))
    assert fleet.cell("A1", "hg_coal") == "Coal Units!I2"
    assert [f.code for f in noted(fleet)] == ["N103"]


def test_id_used_in_both_unit_sheets(tmp_path: Path) -> None:
    kilns = [["unit_id", "country", "status", "start_year", "clinker_capacity"], ["A1", "IDN", "operating", 2000, 1e6]]
    fleet = read(write(tmp_path / "fleet.xlsx", {**units(GOOD), "Cement_kilns": kilns}))
    (found,) = of_code(fleet, "E301")
    assert found.location == "Cement_kilns!A2"
    assert "Coal_units!A2" in found.found


@pytest.mark.parametrize(
    ("column", "value", "code", "where"), [("method", "tier3", "E414", "row 2"), ("air_share", 0, "E202", "F2")]
)
def test_kiln_whose_measured_air_would_rest_on_nothing(
    tmp_path: Path, column: str, value: Any, code: str, where: str
) -> None:
    columns = ["unit_id", "country", "status", "start_year", "clinker_capacity", column]
    kilns = [columns, ["K1", "IDN", "operating", 2000, 1e6, value]]
    fleet = read(write(tmp_path / "fleet.xlsx", {"Cement_kilns": kilns}))
    assert errors(fleet) == [code]
    assert of_code(fleet, code)[0].location.startswith(f"Cement_kilns!{where}")


def test_unit_named_three_times_has_two_findings(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units(GOOD, GOOD, GOOD)))
    assert [f.location for f in of_code(fleet, "E301")] == ["Coal_units!A3", "Coal_units!A4"]


def test_blank_ids_are_made_from_plant_and_unit_and_never_clash(tmp_path: Path) -> None:
    rows = [(None, *GOOD[1:]), (None, *GOOD[1:]), (None, None, *GOOD[2:])]
    fleet = read(write(tmp_path / "fleet.xlsx", units(*rows)))
    assert fleet.units.index.tolist() == ["Contoh 1", "Contoh 1 (2)", "Coal_units-R4"]
    (found,) = of_code(fleet, "N304")
    assert (found.location, found.count) == ("Coal_units!A2", 3)
    assert [f.location for f in of_code(fleet, "W310")] == ["Coal_units!B3"]


def test_unknown_column_with_a_proposal(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", units((*GOOD, 1), columns=(*COLUMNS, "net_eficiency"))))
    (found,) = of_code(fleet, "W303")
    assert found.location == "Coal_units!J1"
    assert found.remedy == "Did you mean net_efficiency?"


ACTIVITY = ("unit_id", "year", "variable", "value", "unit")


def activity(*row: Any, columns: Sequence[str] = ACTIVITY) -> Sheets:
    return {**units(GOOD, SECOND), "Activity": [columns, ["A1", 2020, "generation_net", 3500, "GWh"], row]}


@pytest.mark.parametrize(
    ("row", "code", "where", "found"),
    [
        (("A9", 2020, "generation_net", 3500, "GWh"), "E407", "D3", "unit 'A9'"),
        (("A1", 2020, "generation_net", 3600, "GWh"), "E408", "D3", "generation_net of 2020"),
        (("A1", 2021, "generation_net", 3500, "km"), "E208", "E3", "unit 'km' of generation_net"),
        (("A1", 2021, "generation_net", 35000, "GWh"), "E404", "D3", "35000 GWh"),
        (("A1", 2021, "capacity_factor", 70, "1"), "E202", "D3", "70"),
        (("A1", 2021, "coal_use", -5, "t"), "E202", "D3", "value -5"),
        (("A1", 2021, "clinker_output", 1e6, "t"), "E413", "D3", "clinker_output of coal_power"),
        (("A1", 2021, "coal use", 1e6, "t"), "E203", "C3", '"coal use"'),
        (("A1", None, "coal_use", 1e6, "t"), "E206", "B3", "year is blank"),
        (("A1", 2021, "coal_use", 1e6, None), "E206", "E3", "unit is blank"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistakes_of_yearly_activity(tmp_path: Path, row: tuple[Any, ...], code: str, where: str, found: str) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", activity(*row)))
    assert [(f.code, f.location) for f in fleet.findings if f.severity == "error"] == [(code, f"Activity!{where}")]
    assert found in of_code(fleet, code)[0].found


def test_yearly_activity_is_converted_and_keeps_its_cell(tmp_path: Path) -> None:
    fleet = read(write(tmp_path / "fleet.xlsx", activity("A2", 2021, "coal_use", 1.9, "Mt/yr")))
    row = fleet.activity.iloc[1]
    assert (row["unit_id"], row["year"], row["variable"], row["cell"]) == ("A2", 2021, "coal_use", "Activity!D3")
    assert row["value"] == pytest.approx(1.9e6)


def test_fuel_named_twice(tmp_path: Path) -> None:
    fuels = [["fuel_id", "hg_coal"], ["F1", 0.05], ["F1", 0.06]]
    fleet = read(write(tmp_path / "fleet.xlsx", {**units(GOOD), "Fuels": fuels}))
    assert [f.location for f in of_code(fleet, "E301")] == ["Fuels!A3"]
    assert fleet.fuels["hg_coal"].tolist() == [0.05]


@pytest.mark.parametrize(
    ("row", "code", "where"),
    [
        (("coal_mercury/XXX", 0.05, "mg/kg", "own analyses", "S"), "E707", "B2"),
        (("coal_mercury/IDN/any/all", 0.05, "MW", "own analyses", "S"), "E708", "B2"),
        (("coal_mercury/IDN/any/all", 60, "mg/kg", "own analyses", "S"), "E709", "B2"),
        (("coal_mercury/IDN/any/all", 0.05, "mg/kg", None, "S"), "E206", "F2"),
    ],
)
def test_mistakes_of_own_factors(tmp_path: Path, row: tuple[Any, ...], code: str, where: str) -> None:
    columns = ("factor_id", "value", "unit", "low", "high", "reason", "source_id")
    factors = [columns, (*row[:3], None, None, *row[3:])]
    path = write(tmp_path / "fleet.xlsx", {**units(GOOD), "Factors": factors})
    with pytest.raises(hg.DataError) as caught:
        hg.project(path)
    assert [(f.code, f.location) for f in caught.value.findings] == [(code, f"Factors!{where}")]


def test_unknown_source_and_setting_are_pointed_out(tmp_path: Path) -> None:
    sheets = {
        **units((*GOOD, "S1; S2"), columns=(*COLUMNS, "source_id")),
        "Sources": [["source_id", "citation"], ["S1", "A page"]],
        "Settings": [["name", "value"], ["base_yaer", 2026], ["base_year", 1800]],
    }
    fleet = read(write(tmp_path / "fleet.xlsx", sheets))
    assert [(f.location, f.found) for f in of_code(fleet, "W406")] == [("Coal_units!J2", "source 'S2'")]
    assert [(f.location, f.remedy) for f in of_code(fleet, "W303")] == [("Settings!A2", "Did you mean base_year?")]
    assert [f.location for f in of_code(fleet, "E202")] == ["Settings!B3"]


def test_source_named_like_a_total_is_no_total(tmp_path: Path) -> None:
    sources = [["source_id", "citation"], ["total-2020", "Total report (2020)"]]
    fleet = read(write(tmp_path / "fleet.xlsx", {**units(GOOD), "Sources": sources}))
    assert noted(fleet) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("fleet.xlsx", b"country,MW,start\nIDN,600,2010\n", "is not a workbook"),
        ("fleet.csv", b"country,MW,start\nIDN,600,2010\n", "is a text file"),
        ("fleet.xls", b"\xd0\xcf\x11\xe0", "is an old Excel file"),
        ("fleet.xlsx", b"", "is not a workbook"),
    ],
)
def test_file_that_is_no_workbook(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(hg.UnreadableFileError, match=words):
        hg.project(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_missing_file_names_the_bundled_fleets(tmp_path: Path) -> None:
    with pytest.raises(hg.UnreadableFileError, match=r"no such file.*indonesia"):
        read_fleet(tmp_path / "fleet.xlsx")


SITES = {"Jakarta": (-6.1, 106.8), "Paiton": (-7.7, 113.6), "Medan": (3.6, 98.7), "Paris": (48.9, 2.3),
         "Manokwari": (-0.9, 134.1)}  # fmt: skip


@pytest.mark.parametrize(
    ("names", "far"),
    [
        (["Jakarta", "Paiton", "Medan", "Paris"], ["Paris"]),
        (["Jakarta", "Paiton", "Paris"], ["Paris"]),
        (["Jakarta", "Paris"], []),  # which of the two is wrong?
        (["Jakarta", "Paris", "Manokwari"], []),  # the country is wide
        (["Jakarta", "Paiton", "Medan"], []),
    ],
)
def test_a_place_far_away_is_found_in_a_small_fleet(names: list[str], far: list[str]) -> None:
    rows = [
        {"unit_id": name, "plant": name, "country": "IDN", "MW": 100.0 + number, "start_year": 2010,
         "latitude": SITES[name][0], "longitude": SITES[name][1]}
        for number, name in enumerate(names)
    ]  # fmt: skip
    found = ungrouped(hg.fleet_from_frame(pd.DataFrame(rows)).findings)
    assert [one.unit_id for one in found if one.code in ("W417", "W418")] == far
