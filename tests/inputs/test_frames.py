"""`fleet_from_frame`: every table that a workbook may have; unknown names are errors that name those allowed."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.schema import SETTINGS, SHEETS

UNITS = pd.DataFrame(
    {"unit_id": ["A1"], "plant": ["A"], "country": ["VNM"], "status": ["operating"], "capacity_gross": [600.0],
     "start_year": [2015], "coal_type": ["bituminous"], "pm_control": ["ESP"]}
)  # fmt: skip
SOURCES = pd.DataFrame([{"source_id": "S", "citation": "A survey, 2025"}])
STACK = pd.DataFrame(
    [{"unit_id": "A1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_concentration", "value": 50.0,
      "unit": "ug/Nm3", "reference_o2": 6.0, "source_id": "S"}]
)  # fmt: skip


def fleet(**given: Any) -> hg.Fleet:
    return hg.fleet_from_frame(**{"units": UNITS, "settings": {"base_year": 2026}, **given})


def kg(one: hg.Fleet) -> float:
    return float(hg.project(one, draws=0).units["air_kg_per_yr"].iloc[0])


def test_a_factor_replaces_the_row_of_the_table() -> None:
    row = {"factor_id": "coal_mercury/IDN/any/subbituminous", "unit": "mg/kg", "reason": "a survey", "source_id": "S"}
    unit = UNITS.assign(country="IDN", coal_type="subbituminous")
    once, twice = (
        fleet(units=unit, factors=pd.DataFrame([{**row, "value": value}]), sources=SOURCES) for value in (0.1, 0.2)
    )
    assert [one.value for one in twice.overrides] == [0.2]
    assert kg(twice) == pytest.approx(2 * kg(once), rel=1e-6)


@pytest.mark.parametrize(
    "day", ["2023-05-01", datetime.date(2023, 5, 1), datetime.datetime(2023, 5, 1), pd.Timestamp("2023-05-01")]
)
def test_a_measurement_is_used_whatever_type_its_day_has(day: object) -> None:
    measured = fleet(measurements=STACK.assign(date=[day]), sources=SOURCES)
    (one,) = measured.measurements
    assert (one.first, one.value, one.cell) == ("2023-05-01", 50.0, "Measurements!value[0]")
    assert kg(measured) != pytest.approx(kg(fleet()), rel=0.01)


def test_tables_come_back_from_a_workbook(tmp_path: Path) -> None:
    measured = fleet(measurements=STACK, sources=SOURCES)
    again = hg.read_fleet(hg.write_fleet(measured, tmp_path / "fleet.xlsx"))
    assert kg(again) == pytest.approx(kg(measured), rel=1e-9)


@pytest.mark.parametrize(
    ("given", "parameter", "words", "sheet"),
    [
        ({"units": UNITS.rename(columns={"capacity_gross": "capcity_gross"})}, "units",
         "unknown column 'capcity_gross' (did you mean capacity_gross?)", "Coal_units"),
        ({"units": UNITS.assign(foo=1, bar=2)}, "units", "unknown columns 'foo' and 'bar'", "Coal_units"),
        ({"units": UNITS[["country"]]}, "units", "country alone is too little", "Coal_units"),
        ({"units": pd.DataFrame({"x": [1], "country": ["IDN"]})}, "units", "unknown column 'x'. Rename", "Coal_units"),
        ({"units": pd.DataFrame({"x": [1], "y": [2]})}, "units", "unknown columns 'x' and 'y'", "Coal_units"),
        ({"units": pd.DataFrame()}, "units", "the table has no columns", "Coal_units"),
        ({"units": UNITS.assign(**{"2": 1})}, "units", "unknown column '2'", "Coal_units"),
        ({"units": UNITS, "sector": "cement_kiln"}, "units", "unknown column", "Cement_kilns"),
        ({"fuels": pd.DataFrame({"fuel_id": ["F"], "sulphr": [1]})}, "fuels", "unknown column 'sulphr'", "Fuels"),
        ({"activity": pd.DataFrame({"unit_id": ["A1"], "jahr": [2020]})}, "activity", "'jahr'", "Activity"),
        ({"factors": pd.DataFrame({"factor_id": ["x"], "valeu": [1.0]})}, "factors",
         "unknown column 'valeu' (did you mean value?)", "Factors"),
        ({"measurements": STACK.rename(columns={"quantity": "what"})}, "measurements", "'what'", "Measurements"),
        ({"sources": pd.DataFrame({"id": [1]})}, "sources", "unknown column 'id'", "Sources"),
    ],
)  # fmt: skip
def test_an_unknown_column_is_named_with_those_allowed(
    given: dict[str, Any], parameter: str, words: str, sheet: str
) -> None:
    with pytest.raises(hg.UsageError) as caught:
        fleet(**given)
    assert caught.value.parameter == parameter
    assert caught.value.allowed == tuple(column.name for column in SHEETS[sheet].columns)
    assert words in str(caught.value)
    assert "Rename or leave out what is not one of: " in str(caught.value)


def test_an_unknown_setting_is_named_with_those_allowed() -> None:
    with pytest.raises(
        hg.UsageError, match=r"settings: unknown setting 'base_yer' \(did you mean base_year\?\)"
    ) as caught:
        fleet(settings={"base_yer": 2026})
    assert caught.value.allowed == tuple(one.name for one in SETTINGS)


def test_all_tables_are_named_at_once() -> None:
    with pytest.raises(hg.UsageError) as caught:
        fleet(units=UNITS.assign(foo=1), measurements=STACK.assign(bar=1), settings={"x": 1})
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["units", "measurements", "settings"]


@pytest.mark.parametrize("columns", [{"MW": 600.0}, {"Capacity (MW)": 600.0}, {"Comments": "x"}, {"latitude": 10.0}])
def test_names_that_a_workbook_may_have_stay_allowed(columns: dict[str, object]) -> None:
    dropped = UNITS.drop(columns=["capacity_gross"]) if "600" in str(columns) else UNITS
    assert kg(fleet(units=dropped.assign(**columns))) == kg(fleet())


@pytest.mark.parametrize("head", ["Month", "cyear"])
def test_rows_of_months_are_a_finding_that_says_so(head: str) -> None:
    series = pd.concat([UNITS] * 3, ignore_index=True).assign(**{head: [2021, 2022, 2023]})
    with pytest.raises(hg.DataError, match="the rows are months or years of one unit"):
        hg.project(fleet(units=series))


def test_a_wrong_cell_stays_a_finding() -> None:
    with pytest.raises(hg.DataError) as caught:
        hg.project(fleet(units=UNITS.assign(status="jalan")))
    assert [one.location for one in caught.value.findings] == ["Coal_units!status[0]"]
