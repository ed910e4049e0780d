"""Numbers that count twice or are far too large on the way in: a clear finding, and the right total once mended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.factors import load_library
from hginventory.importing import import_tracker
from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.findings import Finding, ungrouped
from hginventory.inputs.frames import fleet_from_frame
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import implausible
from hginventory.validating import validate

COLUMNS = ("unit_id", "plant", "unit", "status", "start_year", "capacity_gross", "coal_type")
UNITS = (
    ("a", "Asam", "1", "operating", 2010, 660, "subbituminous"),
    ("b", "Barat", "1", "operating", 2012, 310, "subbituminous"),
)


def book(tmp_path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, sheet: str = "Coal_units",
         **others: Sequence[Sequence[Any]]) -> Path:  # fmt: skip
    """Write a workbook with one sheet of units, Settings, and other sheets by name."""
    workbook = openpyxl.Workbook()
    first = workbook.active
    assert first is not None
    first.title = sheet
    for row in (columns, *rows):
        first.append(list(row))
    settings = [("name", "value"), ("country", "IDN"), ("base_year", 2026)]
    for name, cells in {"Settings": settings, **others}.items():
        page = workbook.create_sheet(name)
        for row in cells:
            page.append(list(row))
    path = tmp_path / "fleet.xlsx"
    workbook.save(path)
    return path


def found(path: Path) -> list[Finding]:
    return list(ungrouped(validate(path).findings))


def codes(path: Path) -> list[str]:
    return [one.code for one in found(path)]


def air_kg(path: Path) -> float:
    return float(hg.project(path, draws=0).units["air_base_year_kg"].sum())


# --- totals -----------------------------------------------------------------------------------------------------------


TOTALS = (
    *("TOPLAM", "Suralaya Total", "Summe", "Tổng cộng", "Итого:", "合計", "小计", "Ogółem", "المجموع", "कुल", "총계"),
    *("Gesamt 2024", "รวมทั้งหมด", "Σ", "Łącznie", "Всего", "összesen", "no word for it", "Block A and B"),
)


@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_total_is_an_error_whatever_it_is_called(tmp_path: Path, name: str, column: int) -> None:
    row: list[Any] = [None] * 3
    row[column] = name
    path = book(tmp_path, COLUMNS, [*UNITS, (*row, None, None, 970, None)])
    assert [one.cell[1:] for one in found(path) if one.code == "E302"] == ["4"]


@pytest.mark.parametrize("name", ["Toplam", "Fleet", "Ensemble", "PLN", "Σ"])
def test_total_with_a_start_year_or_a_status_is_an_error(tmp_path: Path, name: str) -> None:
    """It lacks the name of a unit, which all others have."""
    for status, start in (("operating", 2010), (None, 1985), ("operating", None)):
        path = book(tmp_path, COLUMNS, [*UNITS, (None, name, None, status, start, 970, "subbituminous")])
        assert "E302" in codes(path), (status, start)


@pytest.mark.parametrize(
    "rows",
    [
        [(None, "Java", None, None, None, 970, None), *UNITS],
        [*UNITS, ("c", "Cilacap", "1", "operating", 2015, 400, None), (None, "West", None, None, None, 710, None)],
        [*UNITS, (None, "Java", None, None, None, 970, None), ("c", "Cilacap", "1", "operating", 2015, 400, None)],
        [*UNITS, ("c", "Cilacap", "1", "retired", 1985, 400, None), (None, "Running", None, None, None, 970, None)],
        [*UNITS, (None, "Java", None, None, None, 970.4, None)],
        [*UNITS, (None, "Java", None, None, None, 970, None), (None, "Indonesia", None, None, None, 970, None)],
    ],
    ids=["above", "of the two before", "between", "of those that operate", "rounded", "twice"],
)
def test_total_stands_anywhere_and_sums_some(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    assert "E302" in codes(book(tmp_path, COLUMNS, rows))


@pytest.mark.parametrize("unit", [None, "0", "Unit 0", "All", "Plant", "Suralaya", "--"])
def test_station_beside_its_units_is_an_error(tmp_path: Path, unit: str | None) -> None:
    others = [(f"s{n}", "Suralaya", f"Unit {n}", "operating", 1990 + n, 400, "subbituminous") for n in (1, 2, 3)]
    rows = [("s", "Suralaya", unit, "operating", 1990, 1200, "subbituminous"), *others, *UNITS]
    assert [one.code for one in found(book(tmp_path, COLUMNS, rows)) if one.severity == "error"] == ["E302"]
    assert "E302" not in codes(book(tmp_path, COLUMNS, rows[1:]))


@pytest.mark.parametrize("unit", ["0", "00", "Unit 0", "All", "Station"])
def test_station_beside_its_only_unit_is_an_error(tmp_path: Path, unit: str) -> None:
    rows = [("s", "Suralaya", unit, "operating", 1990, 400, None), ("t", "Suralaya", "1", "operating", 1990, 400, None)]
    assert "E302" in codes(book(tmp_path, COLUMNS, [*rows, *UNITS]))


def test_unit_as_large_as_the_others_together_is_none(tmp_path: Path) -> None:
    """Two units of 300 MW and one of 600 MW are a common plant: beside other plants nothing is said."""
    rows = [(f"p{n}", "Paiton", str(n), "operating", 1990 + n, mw, "subbituminous")
            for n, mw in ((1, 300), (2, 300), (3, 600))]  # fmt: skip
    path = book(tmp_path, COLUMNS, [*rows, *UNITS])
    assert not {"E302", "W331"} & set(codes(path))
    assert codes(book(tmp_path, COLUMNS, rows)).count("W331") == 1  # alone, the last row may be their total
    confirmed = [(*row, None) for row in rows[:2]] + [(*rows[2], "capacity_gross")]
    noted = codes(book(tmp_path, (*COLUMNS, "confirmed"), confirmed))
    assert "W331" not in noted
    assert noted.count("N440") == 1


@pytest.mark.parametrize("kiln", ["clinker_capacity", "cement_capacity"])
def test_total_of_kilns_is_an_error(tmp_path: Path, kiln: str) -> None:
    columns = ("unit_id", "plant", "unit", "status", kiln)
    rows = [("k1", "Tuban", "1", "operating", 2.1e6), ("k2", "Tuban", "2", "operating", 1.9e6)]
    path = book(tmp_path, columns, [*rows, (None, "ჯამი", None, None, 4.0e6)], sheet="Cement_kilns")
    assert "E302" in codes(path)
    assert "E302" not in codes(book(tmp_path, columns, rows, sheet="Cement_kilns"))


# --- one unit in several spellings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["Unit 1", "#01", "U-1", "No. 1", "Block I", "unit-1", "UNIT 001", "1号机", "Блок 1"])
def test_unit_in_another_spelling_is_named(tmp_path: Path, other: str) -> None:
    rows = [
        ("a", "Suralaya", "1", "operating", 2010, 660, None),
        ("b", "Suralaya", other, "operating", 2010, 660, None),
    ]
    hits = [one for one in found(book(tmp_path, COLUMNS, rows)) if one.code == "W310"]
    assert [one.cell for one in hits] == ["B3"]
    assert other in hits[0].found
    assert "W310" in codes(book(tmp_path, COLUMNS, [rows[0], (*rows[1][:5], 615, None)]))  # net in the other list


@pytest.mark.parametrize("other", ["2", "Unit 1A", "Phase II Unit 1", "Unit 11", "1B"])
def test_another_unit_is_another_one(tmp_path: Path, other: str) -> None:
    rows = [
        ("a", "Suralaya", "1", "operating", 2010, 660, None),
        ("b", "Suralaya", other, "operating", 2010, 660, None),
    ]
    assert "W310" not in codes(book(tmp_path, COLUMNS, rows))


@pytest.mark.parametrize("counted", ["1-2", "1&2", "Units 1 and 2", "#1+2", "U1-U2", "1, 2", "1–2"])
def test_range_beside_its_units_is_an_error(tmp_path: Path, counted: str) -> None:
    rows = [
        ("a", "Suralaya", "Unit 1", "operating", 2010, 660, None),
        ("b", "Suralaya", "Unit 2", "operating", 2010, 640, None),
        ("c", "Suralaya", counted, "operating", 2010, 1300, None),
    ]
    assert [one.cell for one in found(book(tmp_path, COLUMNS, [*rows, *UNITS])) if one.code == "E302"] == ["F4"]
    assert "E302" not in codes(book(tmp_path, COLUMNS, rows[:2]))


# --- the amount of a plant at each unit -------------------------------------------------------------------------------


QUALITY = ("calorific_value", "cv_basis", "coal_use")


def plant_of(tmp_path: Path, megawatts: float, heating: float, coal_of_each: float, count: int = 4) -> Path:
    rows = [(f"u{n}", "Paiton", str(n), "operating", 2010, megawatts, "subbituminous", heating, "net_as_received",
             coal_of_each) for n in range(1, count + 1)]  # fmt: skip
    return book(tmp_path, (*COLUMNS, *QUALITY), rows)


@pytest.mark.parametrize(
    ("megawatts", "heating", "coal_of_each", "count"),
    [(300, 19, 950e3, 4), (600, 17, 2.1e6, 2), (150, 12, 800e3, 6), (660, 24, 1.7e6, 3), (100, 14, 400e3, 5)],
)
def test_coal_of_the_plant_at_each_unit_is_an_error(
    tmp_path: Path, megawatts: float, heating: float, coal_of_each: float, count: int
) -> None:
    wrong = [one for one in found(plant_of(tmp_path, megawatts, heating, coal_of_each * count, count))
             if one.code in ("E441", "E415")]  # fmt: skip
    assert len(wrong) == count
    right = plant_of(tmp_path, megawatts, heating, coal_of_each, count)
    assert not {"E441", "W442", "W405"} & set(codes(right))
    assert air_kg(right) > 0


def test_coal_and_generation_that_only_a_plant_can_have_are_named(tmp_path: Path) -> None:
    """Twice the usual coal is possible for a unit, and likelier that of two."""
    assert codes(plant_of(tmp_path, 300, 19, 1.4e6, 2)).count("W442") == 2
    columns = (*COLUMNS, "generation_gross")
    rows = [(f"u{n}", "Paiton", str(n), "operating", 2010, 300, "subbituminous", 2500) for n in (1, 2)]
    assert codes(book(tmp_path, columns, rows)).count("W442") == 2
    assert "W442" not in codes(book(tmp_path, columns, [(*row[:-1], 1500) for row in rows]))
    yearly = [("unit_id", "year", "variable", "value", "unit"),
              *((f"u{n}", 2023, "coal_use", 1.4e6, "t") for n in (1, 2))]  # fmt: skip
    quality = [(*row[:-1], 19, "net_as_received") for row in rows]
    assert codes(book(tmp_path, (*COLUMNS, *QUALITY[:2]), quality, Activity=yearly)).count("W442") == 2


def test_coal_beyond_the_full_load_of_a_single_unit(tmp_path: Path) -> None:
    """Below the lowest efficiency it is an error, at an odd one a warning; either can be confirmed."""
    assert "E441" in codes(plant_of(tmp_path, 300, 19, 2.8e6, 1))
    odd = plant_of(tmp_path, 300, 19, 1.7e6, 1)
    assert "W405" in codes(odd)
    assert "E441" not in codes(odd)
    row = ("u1", "Paiton", "1", "operating", 2010, 300, "subbituminous", 19, "net_as_received", 2.8e6, "coal_use")
    confirmed = book(tmp_path, (*COLUMNS, *QUALITY, "confirmed"), [row])
    assert "N440" in codes(confirmed)
    assert air_kg(confirmed) > 0


# --- units larger than any built --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("megawatts", "status", "code"),
    [
        (1350, "operating", "W443"), (1320, "construction", "W443"), (1501, "operating", "E444"),
        (3400, "construction", "E444"), (6300, "cancelled", "N445"), (2000, "announced", "N445"),
        (1600, "retired", "N445"), (1100, "operating", None), (1300, "cancelled", None),
    ],
)  # fmt: skip
def test_unit_larger_than_any_built(tmp_path: Path, megawatts: float, status: str, code: str | None) -> None:
    rows = [*UNITS, ("c", "Suralaya", "1", status, 2015, megawatts, None)]
    large = {"W443", "E444", "N445"} & set(codes(book(tmp_path, COLUMNS, rows)))
    assert large == ({code} if code else set())
    confirmed = codes(book(tmp_path, (*COLUMNS, "confirmed"), [(*row, "capacity_gross") for row in rows]))
    assert not {"W443", "E444"} & set(confirmed)
    assert ("N440" in confirmed) == (code in ("W443", "E444"))


def test_net_capacity_and_kilns_have_their_limits(tmp_path: Path) -> None:
    net = book(tmp_path, ("unit_id", "status", "start_year", "capacity_net"), [("a", "operating", 2010, 3400)])
    assert "E444" in codes(net)
    for tonnes, is_too_large in ((4.0e6, False), (5.0e6, False), (6.0e6, True), (1.2e7, True)):
        kiln = book(
            tmp_path, ("unit_id", "status", "clinker_capacity"), [("k", "operating", tonnes)], sheet="Cement_kilns"
        )
        assert ("E444" in codes(kiln)) == is_too_large, tonnes


@pytest.mark.parametrize("cell", ["capacity gross", "yes", "ya", "hg_col", "value", "no", "note", "coal_use; all"])
def test_confirmed_names_a_column(tmp_path: Path, cell: str) -> None:
    path = book(tmp_path, (*COLUMNS, "confirmed"), [(*UNITS[0], cell)])
    assert "E203" in codes(path)
    fuels = [("fuel_id", "coal_type", "hg_coal", "confirmed"), ("F1", "bituminous", 0, cell)]
    refused = [
        one
        for one in found(book(tmp_path, (*COLUMNS, "fuel_id"), [(*UNITS[0], "F1")], Fuels=fuels))
        if one.code == "E203"
    ]
    assert {one.location for one in refused} == {"Fuels!D2"}
    if cell in ("yes", "ya"):
        assert "such as hg_coal." in refused[0].remedy


@pytest.mark.parametrize("tonnes", [1700, 4800, 6000, 9000, 3000])
def test_output_of_a_day_has_one_finding(tmp_path: Path, tonnes: float) -> None:
    columns = ("unit_id", "status", "clinker_capacity", "clinker_output")
    told = [one for one in found(book(tmp_path, columns, [("k", "operating", 2.0e6, tonnes)], sheet="Cement_kilns"))
            if one.cell == "D2"]  # fmt: skip
    assert [one.code for one in told] == ["E452"]
    row = ("k", "operating", 2.0e6, tonnes, "clinker_output")
    confirmed = found(book(tmp_path, (*columns, "confirmed"), [row], sheet="Cement_kilns"))
    assert [one.code for one in confirmed if one.cell == "D2"] == ["N440"]


@pytest.mark.parametrize("share", [0.009, 0.005, 0.0065, 0.01, 0.001])
@pytest.mark.parametrize("year", [False, True])
def test_a_tiny_share_has_one_finding(tmp_path: Path, share: float, year: bool) -> None:
    if year:
        rows = [("unit_id", "year", "variable", "value", "unit"), ("a", 2020, "capacity_factor", share, "1")]
        told = found(book(tmp_path, COLUMNS, UNITS, Activity=rows))
        assert [one.code for one in told if one.location == "Activity!D2"] == ["W427"]
    else:
        told = found(book(tmp_path, (*COLUMNS, "capacity_factor"), [(*UNITS[0], share)]))
        assert [one.code for one in told if one.cell == "H2"] == ["E450"]


# --- zeros and placeholders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hg_coal", "cl_coal", "moisture", "coal_use", "generation_gross", "capacity_factor"])
def test_zero_is_no_measurement(tmp_path: Path, name: str) -> None:
    for columns, cells, code in (
        ((name,), (0,), "E446"), ((name, "confirmed"), (0, name), "N440"), ((name,), (None,), None),
    ):  # fmt: skip
        path = book(tmp_path, (*COLUMNS, *columns), [(*UNITS[0], *cells)])
        assert {"E446", "N440"} & set(codes(path)) == ({code} if code else set())


def test_zero_of_fuels_and_kilns_is_no_measurement(tmp_path: Path) -> None:
    fuels = [("fuel_id", "coal_type", "hg_coal"), ("F1", "bituminous", 0)]
    path = book(tmp_path, (*COLUMNS, "fuel_id"), [(*UNITS[0], "F1")], Fuels=fuels)
    assert [one.location for one in found(path) if one.code == "E446"] == ["Fuels!C2"]
    confirmed = [(*fuels[0], "confirmed"), (*fuels[1], "hg_coal")]
    assert "E446" not in codes(book(tmp_path, (*COLUMNS, "fuel_id"), [(*UNITS[0], "F1")], Fuels=confirmed))
    for name in ("hg_limestone", "hg_raw_meal", "hg_fuel", "measured_air", "hg_gypsum", "clinker_output"):
        columns = ("unit_id", "status", "clinker_capacity", name)
        assert "E446" in codes(book(tmp_path, columns, [("k", "operating", 1e6, 0)], sheet="Cement_kilns")), name


def test_zero_of_a_unit_that_stands_is_none(tmp_path: Path) -> None:
    path = book(tmp_path, (*COLUMNS, "coal_use"), [*((*row, None) for row in UNITS),
                ("c", "Suralaya", "1", "mothballed", 1985, 400, None, 0)])  # fmt: skip
    assert "E446" not in codes(path)


@pytest.mark.parametrize("name", ["coal_use", "generation_net", "generation_gross", "capacity_factor"])
def test_year_of_zero_is_a_standstill_with_one_note(tmp_path: Path, name: str) -> None:
    unit = {"coal_use": "t", "capacity_factor": "1"}.get(name, "GWh")
    yearly = [("unit_id", "year", "variable", "value", "unit"),
              *((key, year, name, 0, unit) for key in ("a", "b") for year in (2020, 2021))]  # fmt: skip
    notes = [one for one in validate(book(tmp_path, COLUMNS, UNITS, Activity=yearly)).findings if one.code == "N447"]
    assert [one.count for one in notes] == [4]


@pytest.mark.parametrize("content", [9.0, 9.99, 5, 3.1, 4.4])
def test_placeholder_content_is_an_error(tmp_path: Path, content: float) -> None:
    rows = [(*UNITS[0], content, "as_received"), (*UNITS[1], content, "as_received")]
    path = book(tmp_path, (*COLUMNS, "hg_coal", "hg_basis"), rows)
    assert codes(path).count("E448") == 2
    confirmed = book(tmp_path, (*COLUMNS, "hg_coal", "hg_basis", "confirmed"), [(*row, "hg_coal") for row in rows])
    assert "E448" not in codes(confirmed)
    usual = book(tmp_path, (*COLUMNS, "hg_coal", "hg_basis"), [(*row[:-2], 0.09, "as_received") for row in rows])
    assert not {"E448", "W412"} & set(codes(usual))


def test_placeholder_of_99_or_999_is_refused_and_large_means_are_named(tmp_path: Path) -> None:
    for content in (99, 999, 99.9):
        assert "E202" in codes(book(tmp_path, (*COLUMNS, "hg_coal"), [(*UNITS[0], content)]))
    assert "W412" in codes(book(tmp_path, (*COLUMNS, "hg_coal"), [(*UNITS[0], 1.5)]))
    kiln = ("unit_id", "status", "clinker_capacity", "hg_limestone")
    assert "E448" in codes(book(tmp_path, kiln, [("k", "operating", 1e6, 9.0)], sheet="Cement_kilns"))


# --- shares and per cent ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "share", "percent"),
    [("removal", 0.9, 90), ("moisture", 0.12, 12), ("capacity_factor", 0.65, 65), ("removal", 1, 100),
     ("capacity_factor", 1.02, 102), ("moisture", 0.3, 30)],
)  # fmt: skip
def test_share_in_a_column_of_percent(tmp_path: Path, name: str, share: float, percent: float) -> None:
    def with_unit(unit: str, *cells: object, other: tuple[str, object] | None = None) -> Path:
        extra = (name, *((other[0],) if other else ()))
        units = (*[None] * 5, "MW", None, unit, *((None,) if other else ()))
        rows = [(*row, cell, *((other[1],) if other else ())) for row, cell in zip(UNITS, cells, strict=True)]
        return book(tmp_path, (*COLUMNS, *extra), [units, *rows])

    for cells in ((share, percent), (share, share), (share, None)):
        wrong = [one for one in found(with_unit("%", *cells)) if one.code == "E449"]
        assert len(wrong) == cells.count(share)
        assert wrong[0].fix is not None
        assert wrong[0].fix.new_value == pytest.approx(percent)
    right = with_unit("%", percent, percent)
    assert "E449" not in codes(right)
    assert air_kg(right) == pytest.approx(air_kg(with_unit("1", share, share)))
    assert "E449" not in codes(with_unit("%", share, share, other=("confirmed", name)))
    if percent >= 2 and percent != 102:
        assert "E202" in codes(with_unit("1", percent, share))  # the reverse


@pytest.mark.parametrize("name", ["utilisation", "mill_off_share", "limestone_share", "dust_bleed_on", "air_share"])
def test_share_of_a_kiln_in_a_column_of_percent(tmp_path: Path, name: str) -> None:
    rows = [(None, None, "t/yr", "%"), ("k1", "operating", 1e6, 0.7), ("k2", "operating", 1.2e6, 70)]
    path = book(tmp_path, ("unit_id", "status", "clinker_capacity", name), rows, sheet="Cement_kilns")
    assert [one.cell for one in found(path) if one.code == "E449"] == ["D3"]


def test_share_divided_twice_is_found(tmp_path: Path) -> None:
    for name, value in (("moisture", 0.0012), ("capacity_factor", 0.0065)):
        assert "E450" in codes(book(tmp_path, (*COLUMNS, name), [(*UNITS[0], value)])), name


def test_share_with_percent_in_the_sheet_activity(tmp_path: Path) -> None:
    def yearly(value: float, unit: str) -> Path:
        rows = [("unit_id", "year", "variable", "value", "unit"), ("a", 2023, "capacity_factor", value, unit)]
        return book(tmp_path, COLUMNS, UNITS, Activity=rows)

    for value in (0.65, 0.4, 1.0, 1.04, 0.9):
        assert "E449" in codes(yearly(value, "%"))
        assert "E449" not in codes(yearly(value, "1"))
    assert air_kg(yearly(65, "%")) == pytest.approx(air_kg(yearly(0.65, "1")))
    assert "E449" not in codes(yearly(0.0065, "1"))  # as the message says


def test_chlorine_in_percent(tmp_path: Path) -> None:
    def chlorine(value: float, unit: str) -> Path:
        return book(tmp_path, (*COLUMNS, "cl_coal"), [(*[None] * 5, "MW", None, unit), (*UNITS[0], value)])

    for value in (0.05, 0.1, 0.02, 0.3, 0.005):
        assert "E450" in codes(chlorine(value, "mg/kg")), value
        assert "E450" not in codes(chlorine(value, "%")), value
        assert air_kg(chlorine(value, "%")) == pytest.approx(air_kg(chlorine(value * 1e4, "mg/kg")))


# --- tonnes a day and other units of measure --------------------------------------------------------------------------


def kiln(tmp_path: Path, unit: str, amount: float, days: float | None = None, name: str = "clinker_capacity") -> Path:
    rows = [(None, None, unit, None), ("k", "operating", amount, days)]
    return book(tmp_path, ("unit_id", "status", name, "operating_days"), rows, sheet="Cement_kilns")


@pytest.mark.parametrize("name", ["clinker_capacity", "cement_capacity", "clinker_output"])
@pytest.mark.parametrize(("amount", "days"), [(10_000, 330), (3000, 300), (600, 365), (12_000, 320), (5500, 250)])
def test_tonnes_a_day_take_the_days_of_the_kiln(tmp_path: Path, name: str, amount: float, days: float) -> None:
    path = kiln(tmp_path, "t/day", amount, days, name)
    assert hg.read_fleet(path).units[name].tolist() == [pytest.approx(amount * days)]
    assert "E451" in codes(kiln(tmp_path, "t/day", amount, None, name))
    asked = [one for one in found(kiln(tmp_path, "t/yr", amount, None, name)) if one.code == "E452"]
    assert len(asked) == 1
    assert "Did you mean t/day?" in asked[0].remedy


def test_advice_on_small_kilns_is_never_too_high(tmp_path: Path) -> None:
    """A kiln of 3000 t/day makes about a million tonnes a year, not 3 Mt."""
    for amount in (3000, 4000, 1200, 10_000, 800):
        for one in found(kiln(tmp_path, "t/yr", amount)):
            assert one.fix is None or float(one.fix.new_value) <= amount * 366
            assert f"{amount * 1000}" not in one.remedy
    assert "E415" in codes(kiln(tmp_path, "t/yr", 2.5))  # Mt/yr
    assert not {"E415", "E452"} & set(codes(kiln(tmp_path, "t/yr", 1.1e6)))


def test_mapping_file_needs_the_days_too(tmp_path: Path) -> None:
    table = tmp_path / "kilns.csv"
    table.write_text("id,daily,days\nk1,10000,330\nk2,8000,\n")
    mapping = tmp_path / "map.toml"
    head = 'sheet = "Cement_kilns"\n[source]\nsource_id = "S"\ncitation = "C"\n[settings]\ncountry = "IDN"\n[columns]\n'
    body = head + 'unit_id = "id"\nclinker_capacity = { column = "daily", unit = "t/day" }\n'
    mapping.write_text(body)
    with pytest.raises(UsageError, match="operating_days"):
        import_tracker("csv", table, mapping=mapping)
    mapping.write_text(body + 'operating_days = "days"\n')
    fleet, report = import_tracker("csv", table, mapping=mapping)
    assert fleet.units["clinker_capacity"].dropna().tolist() == [pytest.approx(3.3e6)]
    assert [one.name for one in report.left_out] == ["k2"]


@pytest.mark.parametrize(
    ("name", "unit", "written", "value"),
    [
        ("calorific_value", "kcal/kg", 4500, 4500 * 4.1868e-3), ("calorific_value", "MMBtu/short_ton", 17, 17 * 1.163),
        ("coal_use", "short_ton/yr", 1e6, 907_184.74), ("hg_coal", "ppb", 57, 0.057), ("cl_coal", "%", 0.05, 500),
        ("hg_coal", "ppm", 0.057, 0.057), ("cl_coal", "ppm", 300, 300),
    ],
)  # fmt: skip
def test_units_of_measure_are_known_where_their_quantity_is(
    tmp_path: Path, name: str, unit: str, written: float, value: float
) -> None:
    path = book(tmp_path, (*COLUMNS, name), [(*[None] * 5, "MW", None, unit), (*UNITS[0], written)])
    fleet = hg.read_fleet(path)
    assert fleet.units[name].tolist() == [pytest.approx(value, rel=1e-6)]
    assert [one for one in fleet.findings if one.severity == "error"] == []


# --- real files -------------------------------------------------------------------------------------------------------


def test_bundled_fleet_has_none_of_these() -> None:
    new = {"W331", "W442", "W443", "N440", "N445", "N447", "W405", "W412", "E302", "W310"}
    assert not new & {one.code for one in ungrouped(validate("indonesia").findings)}


def test_limits_follow_the_factor_tables() -> None:
    """The largest content is that of the tables, so a new row moves it."""
    table = pd.DataFrame({"country": ["IDN"], "MW": [600], "start_year": [2015], "hg_coal": [2.9]})
    library = load_library()
    assert "E448" not in {one.code for one in implausible(fleet_from_frame(table), library)}
    assert "E448" in {one.code for one in implausible(fleet_from_frame(table.assign(hg_coal=2.97)), library)}
    kilns = pd.DataFrame(
        {"unit_id": ["K"], "country": ["IDN"], "clinker_capacity": [14_000 * 366.0], "status": ["operating"]}
    )
    assert "E444" in {one.code for one in implausible(fleet_from_tables({"Cement_kilns": kilns}), library)}


# --- spellings of units -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written", "unit"),
    [("coal_use", "short tons", "short_ton/yr"), ("coal_use", "short tons per year", "short_ton/yr"),
     ("coal_use", "tonnes", "t/yr"), ("coal_use", "kt per year", "kt/yr"), ("moisture", "percent", "%"),
     ("calorific_value", "kcal per kg", "kcal/kg"), ("calorific_value", "mmbtu", "MMBtu/short_ton"),
     ("generation_net", "mwh", "MWh/yr")],
)  # fmt: skip
def test_spelled_unit_is_read_as_the_one_named(tmp_path: Path, name: str, written: str, unit: str) -> None:
    def value(text: str) -> tuple[float, list[str]]:
        rows = [(*[None] * 5, "MW", None, text), (*UNITS[0], 5000 if "kcal" in text else 12)]
        fleet = read_fleet(book(tmp_path, (*COLUMNS, name), rows))
        return float(fleet.units[name].iloc[0]), [one.code for one in fleet.findings if one.code in ("W217", "E208")]

    read, told = value(written)
    assert told == ["W217"]
    assert read > 0
    assert (read, []) == value(unit)


@pytest.mark.parametrize("written", ["tpd", "t/d", "tonnes per day", "TPD", "t per day"])
def test_kilns_in_spelled_tonnes_a_day(tmp_path: Path, written: str) -> None:
    columns = ("unit_id", "status", "clinker_capacity", "operating_days")
    rows = [(None, None, written, "day/yr"), ("k", "operating", 5000, 300)]
    fleet = read_fleet(book(tmp_path, columns, rows, sheet="Cement_kilns"))
    assert fleet.units["clinker_capacity"].tolist() == [pytest.approx(1.5e6)]


@pytest.mark.parametrize(
    ("written", "tonnes"),
    [("short tons", 907184.74), ("tonnes", 1e6), ("t/yr", 1e6), ("tonnes per year", 1e6), ("tpy", 1e6)],
)
def test_spelled_unit_of_a_year(tmp_path: Path, written: str, tonnes: float) -> None:
    rows = [("unit_id", "year", "variable", "value", "unit"), ("a", 2020, "coal_use", 1e6, written)]
    assert read_fleet(book(tmp_path, COLUMNS, UNITS, Activity=rows)).activity["value"].tolist() == [
        pytest.approx(tonnes)
    ]


@pytest.mark.parametrize("written", ["tons", "tonnes", "t", "MT", "ton/day"])
def test_unit_that_can_be_two_is_refused(tmp_path: Path, written: str) -> None:
    columns = ("unit_id", "status", "clinker_capacity", "operating_days")
    rows = [(None, None, written, "day/yr"), ("k", "operating", 5000, 300)]
    assert "E208" in codes(book(tmp_path, columns, rows, sheet="Cement_kilns"))
