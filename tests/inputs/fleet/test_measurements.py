"""The sheet Measurements: what is read, what is refused with its cell, and what comes back after writing."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hginventory.inputs.bundled import read_fleet
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.template.fleet_writer import write_fleet

UNITS = pd.DataFrame({"unit_id": ["A1"], "plant": ["A"], "unit": ["1"], "country": "IDN", "status": "operating",
                      "capacity_gross": [600], "start_year": 2015})  # fmt: skip
GOOD = {"unit_id": "A1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_concentration", "value": 8.0,
        "unit": "ug/Nm3", "reference_o2": 6.0}  # fmt: skip
COAL = {**GOOD, "kind": "coal_analysis", "quantity": "hg_coal", "value": 0.1, "unit": "mg/kg"}


def fleet(*rows: dict[str, Any]) -> Fleet:
    """Return a fleet of one unit with measurements."""
    return fleet_from_tables({"Coal_units": UNITS, "Measurements": pd.DataFrame(list(rows))})


def found(*rows: dict[str, Any]) -> list[tuple[str, str]]:
    """Return code and cell of the findings on the sheet."""
    return [(one.code, one.cell) for one in fleet(*rows).findings if one.sheet == "Measurements"]


def test_a_good_row_is_read_without_a_finding() -> None:
    (one,) = fleet({**GOOD, "date_to": "2023-05-03", "gas_basis": "dry_25c"}).measurements
    assert found(GOOD) == []
    assert (one.unit_id, one.kind, one.quantity, one.value, one.unit) == (
        "A1", "stack_test", "hg_concentration", 8.0, "ug/Nm3",
    )  # fmt: skip
    assert (one.first, one.last, one.year) == ("2023-05-01", "2023-05-03", 2023)
    assert (one.reference_o2, one.gas_basis, one.log_sd) == (6.0, "dry_25c", None)
    assert one.cell == "Measurements!value[0]"


@pytest.mark.parametrize(("quantity", "value", "unit", "inside"), [
    ("hg_concentration", 0.008, "mg/Nm3", 8.0), ("hg_rate", 1.0, "lb/h", 453.59237), ("hg_yearly", 0.05, "t/yr", 50.0),
    ("hg_per_gwh", 20.0, "mg/MWh", 20.0), ("hg_per_heat", 1.0, "lb/TBtu", 0.42992), ("removal", 30.0, "%", 0.3),
])  # fmt: skip
def test_values_are_taken_into_the_units_of_the_program(quantity: str, value: float, unit: str, inside: float) -> None:
    (one,) = fleet({**GOOD, "quantity": quantity, "value": value, "unit": unit}).measurements
    assert one.value == pytest.approx(inside, rel=1e-4)


@pytest.mark.parametrize(("size", "kind", "relative"), [
    (0.2, "rsd", 0.2), (0.2, "ru95", 0.2 / 1.959964), (2.0, "sd", 0.25), (2.0, "u95", 0.25 / 1.959964),
])  # fmt: skip
def test_each_kind_of_uncertainty_is_understood(size: float, kind: str, relative: float) -> None:
    (one,) = fleet({**GOOD, "uncertainty": size, "uncertainty_kind": kind}).measurements
    assert one.log_sd == pytest.approx(math.sqrt(math.log1p(relative**2)), rel=1e-6)


def test_an_uncertainty_in_the_stated_unit_is_converted_with_the_value() -> None:
    (one,) = fleet(
        {**GOOD, "value": 0.008, "unit": "mg/Nm3", "uncertainty": 0.002, "uncertainty_kind": "sd"}
    ).measurements
    assert one.log_sd == pytest.approx(math.sqrt(math.log1p(0.25**2)))


@pytest.mark.parametrize(("change", "code", "column"), [
    ({"unit_id": "Z9"}, "E420", "unit_id"),
    ({"kind": "coal_analysis"}, "E421", "quantity"),
    ({"quantity": "hg_coal", "unit": "mg/kg"}, "E421", "quantity"),
    ({"date_to": "2023-04-30"}, "E423", "date_to"),
    ({"unit": "mg/kg"}, "E208", "unit"),
    ({"uncertainty": 0.2}, "E424", "uncertainty"),
    ({"uncertainty": 20, "uncertainty_kind": "ru95", "value": 5.0}, "E202", "uncertainty"),
    ({"value": -1.0}, "E202", "value"),
    ({"value": 0.0}, "W422", "value"),
    ({"reference_o2": None}, "W422", "row"),
    ({"reference_o2": 21.0}, "E202", "reference_o2"),
    ({"quantity": "removal", "value": 1.0, "unit": "1"}, "W422", "value"),
    ({"quantity": "removal", "value": 30.0, "unit": "1"}, "E202", "value"),
    ({"date": None}, "E206", "date"),
    ({"kind": "guess"}, "E203", "kind"),
])  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_cell(change: dict[str, Any], code: str, column: str) -> None:
    row = {**GOOD, **change}
    noted = found(row)
    assert noted[0][0] == code
    assert noted[0][1].startswith(column)
    assert fleet(row).measurements == () or code == "E202"


def test_a_percentage_written_as_a_share_is_explained() -> None:
    one = next(f for f in fleet({**GOOD, "uncertainty": 20, "uncertainty_kind": "rsd"}).findings if f.code == "E202")
    assert "Write 0.2" in one.remedy


@pytest.mark.parametrize("quantity", ["cl_coal", "moisture", "calorific_value"])
def test_what_changes_no_factor_says_where_it_belongs(quantity: str) -> None:
    unit = {"cl_coal": "mg/kg", "moisture": "1", "calorific_value": "MJ/kg"}[quantity]
    value = {"cl_coal": 80.0, "moisture": 0.3, "calorific_value": 19.0}[quantity]
    read = fleet({**COAL, "quantity": quantity, "unit": unit, "value": value})
    assert read.measurements == ()
    (one,) = [f for f in read.findings if f.sheet == "Measurements"]
    assert one.code == "W422"
    assert quantity in one.remedy


def test_the_same_measurement_counts_once() -> None:
    assert len(fleet(GOOD, GOOD).measurements) == 1
    assert found(GOOD, GOOD) == [("W425", "value[1]")]
    assert len(fleet(GOOD, {**GOOD, "value": 9.0}).measurements) == 2


def test_mercury_beyond_any_coal_is_refused_with_its_bounds() -> None:
    assert found({**COAL, "value": 100.0, "unit": "ug/kg"}) == []
    assert found({**COAL, "value": 100.0})[0][0] == "E202"


def test_a_fleet_that_was_written_has_its_measurements_again(tmp_path: Path) -> None:
    before = fleet({**GOOD, "uncertainty": 0.2, "uncertainty_kind": "ru95", "n": 3, "method": "EPA 30B"},
                   {**COAL, "value": 100.0, "unit": "ug/kg", "basis": "dry"})  # fmt: skip
    again = read_fleet(write_fleet(before, tmp_path / "again.xlsx"))
    assert [f.code for f in again.findings if f.sheet == "Measurements"] == []
    for one, other in zip(before.measurements, again.measurements, strict=True):
        assert (one.first, one.kind, one.quantity, one.value, one.unit, one.basis, one.log_sd, one.reference_o2) == (
            other.first, other.kind, other.quantity, pytest.approx(other.value), other.unit, other.basis,
            pytest.approx(other.log_sd), other.reference_o2,
        )  # fmt: skip
    assert again.measurements[0].cell.startswith("Measurements!F")


def test_a_day_may_be_a_date_of_the_sheet() -> None:
    (one,) = fleet({**GOOD, "date": datetime.date(2023, 5, 1)}).measurements
    assert one.first == "2023-05-01"
