"""Every typical mistake in a workbook: a small workbook, its codes and its cells."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from hginventory.errors import UnreadableFileError
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.findings.findings import Finding, ungrouped
from hginventory.validating import validate

from .dirty import COLUMNS, FIRST, KILN_COLUMNS, LAST, Dirt, Rows, column, good_rows, write

ACTIVITY = ("unit_id", "year", "variable", "value", "unit", "confirmed")
NEXT = LAST + 1  # first row below the units
SETTINGS = ("name", "value"), ("base_year", 2026)
COMMA = [*SETTINGS, ("decimal_sign", "comma")]
POINT = [*SETTINGS, ("decimal_sign", "point")]
SOUTH_AFRICA = {("latitude", FIRST + n): -26.0 - 0.3 * n for n in range(6)} | {
    ("longitude", FIRST + n): 29.0 + 0.2 * n for n in range(6)
}


def sheet_of(action: Callable[[Any], None]) -> Callable[[openpyxl.Workbook], None]:
    """Return an action on the sheet of the units."""
    return lambda book: action(book["Coal_units"])


def show_as_percent(name: str) -> Callable[[openpyxl.Workbook], None]:
    return sheet_of(lambda sheet: setattr(sheet[f"{column(name)}5"], "number_format", "0%"))


def use_1904(book: openpyxl.Workbook) -> None:
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904


def filter_status(sheet: Any) -> None:
    sheet.auto_filter.ref = f"A1:AA{LAST}"
    sheet.auto_filter.add_filter_column(COLUMNS.index("status"), ["retired"])
    sheet.row_dimensions[6].hidden = True


def table_beside(sheet: Any) -> None:
    for row, values in enumerate([("plant", "capacity_gross"), ("Ambar", 310), ("Bintang", 320)], 1):
        for number, value in enumerate(values, len(COLUMNS) + 2):
            sheet.cell(row, number).value = value


def table_below(sheet: Any) -> None:
    sheet.cell(NEXT + 2, 1).value, sheet.cell(NEXT + 2, 2).value = "plant", "capacity_gross"
    sheet.cell(NEXT + 3, 1).value, sheet.cell(NEXT + 3, 2).value = "Ambar", 310


def repeat_header(sheet: Any) -> None:
    sheet.insert_rows(6)
    for number, name in enumerate(COLUMNS, 1):
        sheet.cell(6, number).value = name


def unnamed_column(sheet: Any) -> None:
    sheet.cell(4, len(COLUMNS) + 1).value = 17


def rename(name: str, new: str) -> Callable[[openpyxl.Workbook], None]:
    return sheet_of(lambda sheet: setattr(sheet[f"{column(name)}1"], "value", new))


def hide_column(name: str) -> Callable[[openpyxl.Workbook], None]:
    return sheet_of(lambda sheet: setattr(sheet.column_dimensions[column(name)], "hidden", True))


def hide_sheet(book: openpyxl.Workbook) -> None:
    book["Coal_units"].sheet_state = "hidden"
    book.active = 1


def array_formula(sheet: Any) -> None:
    sheet[f"{column('capacity_gross')}5"] = ArrayFormula(f"{column('capacity_gross')}5", "=SUM(A1:A2*2)")


def move_apart(sheet: Any) -> None:
    sheet.insert_rows(6)


def date_format(name: str, number_format: str) -> Callable[[openpyxl.Workbook], None]:
    return sheet_of(lambda sheet: setattr(sheet[f"{column(name)}5"], "number_format", number_format))


def one(name: str, value: Any, **more: Any) -> Dirt:
    """Return a workbook with another value in row 5."""
    return Dirt(cells={(name, 5): value}, **more)


def kilns(more: Rows | None = None, **values: Any) -> Dirt:
    row = {"unit_id": "K-1", "plant": "Gunung", "country": "IDN", "status": "operating", "start_year": 2000,
           "kiln_type": "precalciner", "clinker_capacity": 2e6, **values}  # fmt: skip
    return Dirt(sheets={"Cement_kilns": [KILN_COLUMNS, [row.get(name) for name in KILN_COLUMNS]], **(more or {})})


def activity(*row: Any) -> Dirt:
    return activity_of(row)


def activity_of(*rows: tuple[Any, ...]) -> Dirt:
    return Dirt(sheets={"Activity": [ACTIVITY, *rows]})


def copy_of(number: int, **values: Any) -> Dirt:
    return Dirt(rows=[{**good_rows()[number], **values}])


# Name -> workbook, and what is said about it: code and location, {column} standing for its letter in Coal_units.
CASES: dict[str, tuple[Dirt, list[str]]] = {
    # '1,000' and '1.000' as text
    "a comma that may be either": (one("capacity_gross", "1,000"), ["E207 {capacity_gross}5"]),
    "a point that may be either": (one("capacity_gross", "1.000"), ["E207 {capacity_gross}5"]),
    "another cell of the column shows the sign": (
        Dirt(cells={("capacity_gross", 5): "1.000", ("capacity_gross", 7): "1.200,5"}),
        ["N213 {capacity_gross}5", "N213 {capacity_gross}7"],
    ),
    "other cells of the column disagree": (
        Dirt(cells={("cl_coal", 5): "1,000", ("cl_coal", 6): "80,5", ("cl_coal", 7): "80.5"}),
        ["E207 {cl_coal}5", "N213 {cl_coal}6", "N213 {cl_coal}7"],
    ),
    "the settings name the sign": (
        one("capacity_gross", "1,000", sheets={"Settings": POINT}),
        ["N213 {capacity_gross}5"],
    ),
    "the settings name the other sign": (one("cl_coal", "1,000", sheets={"Settings": COMMA}), ["N213 {cl_coal}5"]),
    # numbers with signs around them
    "both signs in one number": (one("generation_net", "1.900,5"), ["N213 {generation_net}5"]),
    "a non-breaking space": (one("generation_net", "1\u00a0900"), ["N213 {generation_net}5"]),
    "a narrow space": (one("generation_net", "1\u202f900,5"), ["N213 {generation_net}5"]),
    "a zero-width space": (one("generation_net", "1900\u200b"), ["N213 {generation_net}5"]),
    "a typographic minus": (one("latitude", "\u22127,71"), ["N213 {latitude}5"]),
    "about a number": (one("capacity_gross", "~300"), ["E216 {capacity_gross}5"]),
    "below a limit of detection": (one("hg_coal", "<5"), ["E216 {hg_coal}5"]),
    "a number with its unit": (one("capacity_gross", "330 MW"), ["N213 {capacity_gross}5"]),
    "a number with another unit": (one("capacity_gross", "330000 kW"), ["E208 {capacity_gross}5"]),
    "a number in words": (one("capacity_gross", "large"), ["E201 {capacity_gross}5"]),
    # words
    "a space behind a word": (one("status", "operating "), ["W217 {status}5"]),
    "a non-breaking space in a word": (one("status", "\u00a0operating"), ["W217 {status}5"]),
    "capital letters": (one("status", "OPERATING"), ["W217 {status}5"]),
    "an accent": (one("status", "en operaci\u00f3n"), ["W217 {status}5"]),
    "a word of another language": (one("status", "operasi"), ["W217 {status}5"]),
    "a spelling of a device": (one("pm_control", "cold-side ESP"), ["W217 {pm_control}5"]),
    "a typing error is never taken": (one("coal_type", "subbituminos"), ["E203 {coal_type}5"]),
    "a device of another column": (one("pm_control", "wFGD"), ["E214 {pm_control}5"]),
    "a country misspelt": (one("country", "Indonsia"), ["E215 {country}5"]),
    "a space behind an id": (one("unit_id", "U-3 "), ["W217 {unit_id}5"]),
    # years
    "a date for a year": (one("start_year", datetime.date(2011, 7, 1)), ["W211 {start_year}5"]),
    "the number of a day for a year": (one("start_year", 40725), ["E202 {start_year}5"]),
    "a date in words for a year": (one("start_year", "01/07/2011"), ["W211 {start_year}5"]),
    "a year shown as a date": (
        one("start_year", 2011, do=date_format("start_year", "yyyy-mm-dd")),
        ["E219 {start_year}5"],
    ),
    "dates from 1904": (one("start_year", datetime.date(2011, 7, 1), do=use_1904), ["W211 {start_year}5", "N108 file"]),
    # per cent
    "per cent in a share": (one("net_efficiency", 36), ["E202 {net_efficiency}5"]),
    "a share shown in per cent": (one("net_efficiency", 0.36, do=show_as_percent("net_efficiency")), []),
    "per cent shown in a column of per cent": (
        Dirt(
            cells={("removal", 2): "%", ("removal", 4): 30, ("removal", 5): 0.35},
            do=show_as_percent("removal"),
        ),
        ["N218 {removal}5"],
    ),
    "a per cent sign in a column of per cent": (
        Dirt(cells={("removal", 2): "%", ("removal", 4): 30, ("removal", 5): "35 %"}),
        ["N213 {removal}5"],
    ),
    "a per cent sign in a share": (one("removal", "35 %"), ["E208 {removal}5"]),
    # units
    "MWh for GWh": (one("generation_net", 1_930_000), ["E202 {generation_net}5"]),
    "more than all hours of the year": (one("generation_net", 19_300), ["E404 {generation_net}5"]),
    "TWh for GWh": (one("generation_net", 1.93), ["W427 {generation_net}5"]),
    "kt for t": (one("coal_use", 1050), ["E415 {coal_use}5", "N527 {coal_use}5"]),
    "kt for t in a year": (activity("U-3", 2022, "coal_use", 1050, "t"), ["W427 Activity!D2"]),
    "kt for t in a year with generation": (
        activity_of(("U-3", 2022, "coal_use", 1050, "t"), ("U-3", 2022, "generation_net", 1900, "GWh")),
        ["E415 Activity!D2"],
    ),
    "kg for t in a year": (activity("U-3", 2022, "coal_use", 1.05e9, "t"), ["E202 Activity!D2"]),
    "more coal than can be burned in a year": (activity("U-3", 2022, "coal_use", 45_000, "kt"), ["E415 Activity!D2"]),
    # next to nothing: a year of standstill, which can be confirmed
    "standstill, coal of a year": (activity("U-3", 2020, "coal_use", 1191, "t"), ["W427 Activity!D2"]),
    "standstill, coal and generation of a year": (
        activity_of(("U-3", 2020, "coal_use", 1191, "t"), ("U-3", 2020, "generation_gross", 1.9, "GWh")),
        ["W427 Activity!D2", "W427 Activity!D3"],
    ),
    "standstill, generation of a year": (
        activity("U-3", 2020, "generation_gross", 4.2, "GWh"),
        ["W427 Activity!D2"],
    ),
    "standstill, net generation of a year": (
        activity("U-3", 2020, "generation_net", 3800, "MWh"),
        ["W427 Activity!D2"],
    ),
    "standstill, capacity factor of a year": (
        activity("U-3", 2020, "capacity_factor", 0.003, "1"),
        ["W427 Activity!D2"],
    ),
    "a share among per cent of a year": (
        activity("U-3", 2020, "capacity_factor", 0.3, "%"),
        ["E449 Activity!D2"],
    ),
    "standstill, clinker of a year": (
        kilns(more={"Activity": [ACTIVITY, ("K-1", 2020, "clinker_output", 30, "kt")]}),
        ["W427 Activity!D2"],
    ),
    "standstill in a normal year": (
        Dirt(cells={("generation_net", 5): None, ("coal_use", 5): 1191}),
        ["W427 {coal_use}5"],
    ),
    "standstill of a kiln": (kilns(clinker_output=30_000), ["W427 Cement_kilns!H2"]),
    "standstill of a kiln without capacity": (
        kilns(clinker_capacity=None, clinker_output=1700),
        ["W427 Cement_kilns!H2"],
    ),
    "utilisation in per cent of a share": (kilns(utilisation=0.0085), ["E450 Cement_kilns!J2"]),
    "little utilisation": (kilns(utilisation=0.015), ["W427 Cement_kilns!J2"]),
    "nothing at all in a year": (activity("U-3", 2020, "coal_use", 0, "t"), ["N447 Activity!D2"]),
    "standstill confirmed, coal of a year": (
        activity("U-3", 2020, "coal_use", 1191, "t", "yes"),
        ["N440 Activity!D2"],
    ),
    "standstill confirmed, coal of a year by value": (
        activity("U-3", 2020, "coal_use", 1191, "t", "value"),
        ["N440 Activity!D2"],
    ),
    "standstill confirmed, coal of a year in Indonesian": (
        activity("U-3", 2020, "coal_use", 1191, "t", "ya"),
        ["N440 Activity!D2"],
    ),
    "standstill not confirmed, coal of a year": (
        activity("U-3", 2020, "coal_use", 1191, "t", "no"),
        ["E203 Activity!F2", "W427 Activity!D2"],
    ),
    "standstill confirmed, coal and generation of a year": (
        activity_of(("U-3", 2020, "coal_use", 1191, "t", "yes"), ("U-3", 2020, "generation_gross", 1.9, "GWh", "yes")),
        ["N440 Activity!D2", "N440 Activity!D3"],
    ),
    "standstill confirmed, capacity factor of a year": (
        activity("U-3", 2020, "capacity_factor", 0.003, "1", True),
        ["W217 Activity!F2", "N440 Activity!D2"],
    ),
    "a share among per cent of a year confirmed": (
        activity("U-3", 2020, "capacity_factor", 0.3, "%", "value"),
        ["N440 Activity!D2"],
    ),
    "standstill confirmed in a normal year": (
        Dirt(cells={("generation_net", 5): 3.8, ("coal_use", 5): 1191, ("confirmed", 5): "generation_net; coal_use"}),
        ["N440 {generation_net}5", "N440 {coal_use}5", "N527 {coal_use}5"],
    ),
    "standstill of which one column is confirmed": (
        Dirt(cells={("generation_net", 5): 3.8, ("coal_use", 5): 1191, ("confirmed", 5): "coal_use"}),
        ["W427 {generation_net}5", "N440 {coal_use}5", "N527 {coal_use}5"],
    ),
    "standstill confirmed of a kiln": (
        kilns(clinker_output=30_000, confirmed="clinker_output"),
        ["N440 Cement_kilns!H2"],
    ),
    "standstill not confirmed": (
        Dirt(cells={("generation_net", 5): 3.8, ("confirmed", 5): "yes"}),
        ["E203 {confirmed}5", "W427 {generation_net}5"],
    ),
    "far too much is not confirmed": (
        Dirt(cells={("generation_net", 5): 19_300, ("confirmed", 5): "generation_net"}),
        ["E404 {generation_net}5"],
    ),
    "far too much of a year is not confirmed": (
        activity("U-3", 2022, "coal_use", 45_000, "kt", "yes"),
        ["E415 Activity!D2"],
    ),
    "MWh for GWh in a year": (activity("U-3", 2022, "generation_net", 1_930_000, "GWh"), ["E202 Activity!D2"]),
    "ppb for ppm": (one("hg_coal", 58.7), ["E202 {hg_coal}5"]),
    "ppm for ppb": (
        Dirt(cells={("hg_coal", 2): "ppb", **{("hg_coal", r): 50 for r in range(3, 9)}, ("hg_coal", 5): 0.05}),
        ["E415 {hg_coal}5"],
    ),
    "far more mercury than coal holds": (one("hg_coal", 5), ["E448 {hg_coal}5"]),
    "kcal for MJ": (one("calorific_value", 4540), ["E202 {calorific_value}5"]),
    "kcal for kJ": (
        Dirt(cells={("calorific_value", 2): "kJ/kg", **{("calorific_value", r): 19000 for r in range(3, 9)},
                    ("calorific_value", 5): 4540}),
        ["E415 {calorific_value}5"],
    ),
    "kW for MW": (one("capacity_gross", 330_000), ["E202 {capacity_gross}5"]),
    "GW for MW": (one("capacity_gross", 0.33), ["E415 {capacity_gross}5", "E404 {generation_net}5"]),
    "Mt for t of clinker": (kilns(clinker_capacity=2), ["E415 Cement_kilns!G2"]),
    "kt for t of clinker made": (kilns(clinker_output=1700), ["W427 Cement_kilns!H2"]),
    # bases
    "neither gross nor net": (Dirt(do=rename("capacity_gross", "MW")), ["N308 {capacity_gross}1"]),
    "net above gross": (one("capacity_net", 400), ["E402 {capacity_net}5"]),
    "no capacity at all": (
        Dirt(cells={("capacity_gross", 5): None, ("generation_net", 5): None}),
        ["E403 {capacity_gross}5"],
    ),
    "mercury neither dry nor as received": (one("hg_basis", None), ["W416 {hg_coal}5"]),
    "heating value neither net nor gross": (one("cv_basis", None), ["W416 {calorific_value}5"]),
    # formulas and errors
    "a formula without a result": (one("capacity_gross", "=300+30"), ["E205 {capacity_gross}5"]),
    "an array formula without a result": (Dirt(do=sheet_of(array_formula)), ["E205 {capacity_gross}5"]),
    "an error": (one("hg_coal", "#REF!"), ["E204 {hg_coal}5"]),
    # blanks
    "words for nothing": (
        Dirt(cells={("cl_coal", 5): "-", ("generation_net", 5): "n/a", ("capacity_net", 5): "unknown"}),
        [],
    ),
    "no capacity is not a blank one": (one("capacity_gross", 0), ["E202 {capacity_gross}5"]),
    # merged and hidden
    "merged plant names": (
        Dirt(
            cells={("unit", 6): "2", ("plant", 6): None},
            do=sheet_of(lambda sheet: sheet.merge_cells("B5:B6")),
        ),
        ["W312 B5:B6"],
    ),
    "merged numbers": (
        Dirt(do=sheet_of(lambda sheet: sheet.merge_cells(f"{column('cl_coal')}5:{column('cl_coal')}6"))),
        ["E306 {cl_coal}5:{cl_coal}6"],
    ),
    "a hidden row": (
        Dirt(do=sheet_of(lambda sheet: setattr(sheet.row_dimensions[6], "hidden", True))),
        ["W305 6:6"],
    ),
    "a row hidden by a filter": (Dirt(do=sheet_of(filter_status)), ["W305 6:6"]),
    "a hidden column": (Dirt(do=hide_column("hg_coal")), ["W313 {hg_coal}:{hg_coal}"]),
    "a hidden sheet": (Dirt(do=hide_sheet), ["W107 Coal_units"]),
    # twice
    "an id twice": (one("unit_id", "u-2"), ["E301 {unit_id}5"]),
    "a row twice under another id": (copy_of(0, unit_id="U-9"), [f"W310 {{plant}}{NEXT}"]),
    "a unit twice under a like name": (copy_of(0, unit_id="U-9", plant="PLTU Ambar"), [f"W319 {{plant}}{NEXT}"]),
    # totals, notes, second tables
    "a total": (Dirt(rows=[{"plant": "Total", "capacity_gross": 2010}]), [f"E302 {{plant}}{NEXT}"]),
    "a total named beside the plant": (
        Dirt(rows=[{"country": "Jumlah:", "capacity_gross": 2010}]),
        [f"E302 {{country}}{NEXT}"],
    ),
    "a total that nobody named": (
        Dirt(rows=[{"capacity_gross": 2010}], sheets={"Settings": [*SETTINGS, ("country", "IDN")]}),
        [f"E302 {{capacity_gross}}{NEXT}"],
    ),
    "a blank row between the units": (Dirt(do=sheet_of(move_apart)), ["N314 {unit_id}7"]),
    "a note below the units": (
        Dirt(rows=[{}, {"unit_id": "Source: Ministry of Energy"}]),
        [f"E315 {{unit_id}}{NEXT + 1}"],
    ),
    "a second table beside": (Dirt(do=sheet_of(table_beside)), ["W316 AC1"]),
    "a second table below": (Dirt(do=sheet_of(table_below)), [f"E317 {{unit_id}}{NEXT + 2}"]),
    "units above the names": (
        Dirt(do=sheet_of(lambda sheet: sheet.move_range("A1:AA1", rows=10))),
        [f"E320 {{latitude}}{row}" for row in range(FIRST, LAST + 1)],
    ),
    "the header again": (Dirt(do=sheet_of(repeat_header)), ["N318 {unit_id}6"]),
    "a column nobody knows": (Dirt(do=rename("net_efficiency", "net_eficiency")), ["W303 {net_efficiency}1"]),
    "a column without a name": (Dirt(do=sheet_of(unnamed_column)), ["W303 AB4"]),
    "a column twice": (Dirt(do=rename("capacity_net", "capacity")), ["E307 {capacity_net}1"]),
    "a required column that is missing": (
        Dirt(sheets={"Sources": [("source_id", "url"), ("S1", "https://example.org")]}),
        ["E206 Sources"],
    ),
    # locations
    "latitude and longitude exchanged": (
        Dirt(cells={("latitude", 5): 113.58, ("longitude", 5): -7.71}),
        ["W417 {latitude}5", "W417 {longitude}5"],
    ),
    "exchanged where both are possible": (
        Dirt(
            cells={**SOUTH_AFRICA, ("latitude", 5): 29.4, ("longitude", 5): -26.6},
            every={"country": "ZAF"},
        ),
        ["W417 {latitude}5", "W417 {longitude}5"],
    ),
    "out of the country": (one("latitude", 51.5), ["W418 {latitude}5"]),
    "a comma in a coordinate": (one("longitude", "113,581"), ["N213 {longitude}5"]),
    "a latitude beyond the pole": (one("latitude", 7713), ["E202 {latitude}5"]),
    # years that do not fit
    "retired without a year": (one("status", "retired"), ["W419 {planned_retirement}5"]),
    "closes before it opens": (one("planned_retirement", 2005), ["E401 {planned_retirement}5"]),
    # controls
    "a spray dryer without a filter": (
        Dirt(cells={("pm_control", 5): "none", ("so2_control", 5): "SDA"}),
        ["W426 {pm_control}5"],
    ),
    "carbon with a cyclone only": (
        Dirt(cells={("pm_control", 5): "CYC", ("hg_control", 5): "ACI"}),
        ["W426 {pm_control}5"],
    ),
    "carbon with a filter": (Dirt(cells={("pm_control", 5): "FF", ("hg_control", 5): "ACI"}), []),
    "carbon with a wet particle scrubber": (Dirt(cells={("pm_control", 5): "WS", ("hg_control", 5): "ACI"}), []),
    "a spray dryer with a venturi scrubber": (
        Dirt(cells={("pm_control", 5): "venturi scrubber", ("so2_control", 5): "SDA"}),
        ["W217 {pm_control}5"],
    ),
    "a wet particulate scrubber": (one("pm_control", "wet particulate scrubber"), ["W217 {pm_control}5"]),
    "calcium bromide": (one("hg_control", "calcium bromide"), ["W217 {hg_control}5"]),
    "refined coal": (one("hg_control", "refined coal"), ["W217 {hg_control}5"]),
    "CaBr2 with carbon": (one("hg_control", "CaBr2 + ACI"), ["W217 {hg_control}5"]),
    "an additive against re-emission": (
        Dirt(cells={("so2_control", 5): "wFGD", ("hg_control", 5): "re-emission additive"}),
        ["W217 {hg_control}5"],
    ),
    "an additive without a scrubber": (one("hg_control", "REA"), ["W428 {so2_control}5"]),
    "an additive in a spray dryer": (
        Dirt(cells={("so2_control", 5): "SDA", ("hg_control", 5): "REA"}),
        ["W428 {so2_control}5"],
    ),
    "an additive where the scrubber is not known": (
        Dirt(cells={("so2_control", 5): "unknown", ("hg_control", 5): "REA"}),
        [],
    ),
    "dust shuttling with a wet scrubber": (kilns(controls="SHUTTLE+WS"), ["W426 Cement_kilns!I2"]),
    "carbon where the dust collector is not known": (
        Dirt(cells={("pm_control", 5): "unknown", ("hg_control", 5): "ACI"}),
        [],
    ),
    "dust shuttling without a filter": (kilns(controls="SHUTTLE"), ["W426 Cement_kilns!I2"]),
    # ids
    "an id that became a date": (
        one("unit_id", datetime.date(2024, 2, 1), do=date_format("unit_id", "d-mmm")),
        ["W212 {unit_id}5"],
    ),
}  # fmt: skip
LOOKUP = {"N527", "E448"}  # told by the lookup, not by the reader


def found_in(findings: tuple[Finding, ...], path: Path) -> list[str]:
    """Return code and location of every finding, with those of the units without their sheet."""
    locations = ((one.code, one.location.removeprefix("Coal_units!")) for one in ungrouped(findings))
    return sorted(f"{code} {location}".replace(path.name, "file") for code, location in locations)


def letters(expected: list[str]) -> list[str]:
    return sorted(text.format_map({name: column(name) for name in COLUMNS}) for text in expected)


def test_the_clean_fleet_has_no_findings_at_all(tmp_path: Path) -> None:
    assert validate(write(tmp_path / "fleet.xlsx", Dirt())).findings == ()


@pytest.mark.parametrize("name", CASES)
def test_mistake_has_its_codes_and_cells(tmp_path: Path, name: str) -> None:
    dirt, expected = CASES[name]
    path = write(tmp_path / "fleet.xlsx", dirt)
    before = path.read_bytes()
    wanted = [text for text in expected if text[:4] not in LOOKUP]
    assert found_in(read_fleet(path).findings, path) == letters(wanted)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", CASES)
def test_every_message_says_what_to_do(tmp_path: Path, name: str) -> None:
    dirt, _ = CASES[name]
    for one_finding in ungrouped(read_fleet(write(tmp_path / "fleet.xlsx", dirt)).findings):
        assert one_finding.found
        assert one_finding.allowed
        assert one_finding.remedy.endswith((".", "?"))
        assert one_finding.message.isprintable()


VALUES: list[tuple[str, str, int, float | str | None]] = [
    ("another cell of the column shows the sign", "capacity_gross", 2, 1000.0),
    ("the settings name the sign", "capacity_gross", 2, 1000.0),
    ("the settings name the other sign", "cl_coal", 2, 1.0),
    ("both signs in one number", "generation_net", 2, 1900.5),
    ("a narrow space", "generation_net", 2, 1900.5),
    ("a typographic minus", "latitude", 2, -7.71),
    ("a number with its unit", "capacity_gross", 2, 330.0),
    ("an accent", "status", 2, "operating"),
    ("a space behind an id", "plant", 2, "Cendana"),
    ("a date for a year", "start_year", 2, 2011.0),
    ("a date in words for a year", "start_year", 2, 2011.0),
    ("dates from 1904", "start_year", 2, 2011.0),
    ("a share shown in per cent", "net_efficiency", 2, 0.36),
    ("per cent shown in a column of per cent", "removal", 2, 0.35),
    ("a per cent sign in a column of per cent", "removal", 2, 0.35),
    ("merged plant names", "plant", 3, "Cendana"),
    ("a comma in a coordinate", "longitude", 2, 113.581),
    ("words for nothing", "cl_coal", 2, None),
]


@pytest.mark.parametrize(("name", "read", "row", "value"), VALUES, ids=[f"{v[0]}: {v[1]}" for v in VALUES])
def test_what_is_read_is_what_was_meant(
    tmp_path: Path, name: str, read: str, row: int, value: float | str | None
) -> None:
    units = read_fleet(write(tmp_path / "fleet.xlsx", CASES[name][0])).units
    got = units[read].iloc[row]
    assert got == pytest.approx(value) if isinstance(value, float) else got == value or (value is None and got != got)


NO_VALUE = [
    "a comma that may be either", "about a number", "below a limit of detection", "a number with another unit",
    "per cent in a share", "a per cent sign in a share", "ppb for ppm", "kcal for MJ", "kW for MW", "an error",
    "the number of a day for a year", "a year shown as a date", "a typing error is never taken",
    "a country misspelt", "latitude and longitude exchanged",
]  # fmt: skip


@pytest.mark.parametrize("name", NO_VALUE)
def test_no_number_is_guessed(tmp_path: Path, name: str) -> None:
    dirt, expected = CASES[name]
    units = read_fleet(write(tmp_path / "fleet.xlsx", dirt)).units
    guessed = {text.partition("{")[2].partition("}")[0] for text in expected}
    for unread in guessed:
        got = units[unread].iloc[2]
        assert got is None or got != got or (unread == "country" and got is None)


PROPOSALS = [
    ("MWh for GWh", "Write 1930 if it is in MWh/yr"),
    ("TWh for GWh", "write 1930, or set the unit to TWh/yr"),
    ("kt for t", "In kt/yr it would fit: write 1050000"),
    ("kt for t in a year", "In kt/yr it would fit: write 1050000"),
    ("kt for t in a year", "If the value is right, name value in the column confirmed."),
    ("standstill of a kiln", "If the value is right, name clinker_output in the column confirmed."),
    ("standstill not confirmed", "whose value was checked and is right, such as generation_net."),
    ("standstill, coal of a year", "In kt/yr it would fit: write 1191000"),
    ("standstill, capacity factor of a year", "If the value is right, name value in the column confirmed."),
    ("ppb for ppm", "Write 0.0587 if it is in ug/kg, ppb"),
    ("ppm for ppb", "it would fit: write 50, or set the unit to"),
    ("kcal for MJ", "19.0080"),
    ("kcal for kJ", "19008.072"),
    ("kW for MW", "Write 330 if it is in kW"),
    ("GW for MW", "In GW it would fit: write 330"),
    ("Mt for t of clinker", "In Mt/yr it would fit: write 2000000"),
    ("per cent in a share", "Write 0.36, or set the unit to %."),
    ("a number with another unit", "in the unit of the column: 330."),
    ("the number of a day for a year", "write 2011"),
    ("a typing error is never taken", "Did you mean subbituminous?"),
    ("a country misspelt", "Did you mean IDN?"),
    ("a column nobody knows", "Did you mean net_efficiency?"),
    ("latitude and longitude exchanged", "latitude -7.71, longitude 113.58"),
    ("an id that became a date", 'If it was "1-2"'),
    ("a device of another column", "Move it to so2_control."),
]


@pytest.mark.parametrize(("name", "words"), PROPOSALS, ids=[name for name, _ in PROPOSALS])
def test_remedy_names_what_it_could_be(tmp_path: Path, name: str, words: str) -> None:
    findings = ungrouped(read_fleet(write(tmp_path / "fleet.xlsx", CASES[name][0])).findings)
    assert any(words in one_finding.remedy for one_finding in findings)


def test_formula_with_its_result_and_formula_with_0(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Coal_units")
    sheet.write_row(0, 0, ["unit_id", "country", "start_year", "capacity_gross", "generation_net"])
    sheet.write_row(1, 0, ["U-1", "IDN", 2010])
    sheet.write_formula("D2", "=2*330", None, 660)
    sheet.write_formula("E2", "=D2*0", None, 0)
    book.close()
    fleet = read_fleet(path)
    found = {one.code: one for one in fleet.findings}
    assert (found["W209"].location, found["W210"].location) == ("Coal_units!D2", "Coal_units!E2")
    assert "=2*330" in found["W209"].found  # the text of the formula is kept
    assert fleet.units["capacity_gross"].iloc[0] == 660.0


def test_lifetime_that_has_passed_and_a_basis_are_told_once(tmp_path: Path) -> None:
    dirt = Dirt(cells={("start_year", 5): 1979, ("hg_basis", 6): None, ("planned_retirement", 7): 2020})
    done = validate(write(tmp_path / "fleet.xlsx", dirt))
    path = done.path
    wanted = ["N524 {start_year}5", "W416 {hg_coal}6", "W521 {planned_retirement}7"]
    assert found_in(done.findings, path) == letters(wanted)  # N703 would say the same as W416


def test_lookup_is_tried_only_without_errors(tmp_path: Path) -> None:
    dirt = Dirt(cells={("start_year", 5): 1979, ("capacity_gross", 6): "1,000"})
    done = validate(write(tmp_path / "fleet.xlsx", dirt))
    assert not done.is_projected
    assert found_in(done.findings, done.path) == letters(["E207 {capacity_gross}6"])


def test_errors_of_factors_and_settings_are_told_with_the_rest(tmp_path: Path) -> None:
    head = ("factor_id", "value", "unit", "reason", "source_id")
    dirt = Dirt(
        cells={("capacity_gross", 5): "1,000"},
        sheets={
            "Settings": [*SETTINGS, ("rule", "icsc_41")],
            "Factors": [head, ("coal_mercury/XXX", 0.05, "mg/kg", "own analyses", "S")],
            "Sources": [("source_id", "citation"), ("S", "A page")],
        },
    )
    done = validate(write(tmp_path / "fleet.xlsx", dirt))
    wanted = ["E207 {capacity_gross}5", "E707 Factors!B2", "E712 Settings!B3"]
    assert found_in(done.findings, done.path) == letters(wanted)


@pytest.mark.parametrize(
    ("name", "words"),
    [("fleet.xls", "an old Excel file"), ("fleet.xlsb", "a binary Excel file"), ("fleet.ods", "an OpenDocument file")],
)
def test_other_formats_are_refused_with_the_way_out(tmp_path: Path, name: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(UnreadableFileError, match=f"{words}.*save it as .xlsx"):
        validate(path)


def test_password(tmp_path: Path) -> None:
    path = tmp_path / "fleet.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UnreadableFileError, match="password"):
        validate(path)


def test_macros_are_not_run_and_pointed_out(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsm", Dirt())
    assert found_in(read_fleet(path).findings, path) == ["W104 file"]


def test_links_to_other_files_are_listed_and_not_followed(tmp_path: Path) -> None:
    path = write(tmp_path / "plain.xlsx", Dirt())
    linked = tmp_path / "fleet.xlsx"
    relations = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'externalLinkPath" Target="file:///C:/plants.xlsx" TargetMode="External"/></Relationships>'
    )
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(linked, "w") as new:
        for member in old.infolist():
            new.writestr(member, old.read(member))
        new.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", relations)
    (found,) = read_fleet(linked).findings
    assert found.code == "N109"
    assert "file:///C:/plants.xlsx" in found.found


def test_number_of_a_day_is_counted_from_the_epoch_of_the_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "fleet.xlsx", one("start_year", 40725, do=use_1904))
    (found,) = [f for f in read_fleet(path).findings if f.code == "E202"]
    assert "write 2015" in found.remedy
