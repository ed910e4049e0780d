"""A row a month or year is no unit of its own, and the year of the data is no start year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hginventory.errors import UsageError
from hginventory.importing import import_tracker
from hginventory.inputs.reader import fleet_from_tables

SETTINGS = {"country": "IDN", "base_year": 2026}


def errors(**columns: Any) -> list[str]:
    """Return the codes of the errors of a fleet with these columns."""
    fleet = fleet_from_tables({"Coal_units": pd.DataFrame(columns)}, settings=SETTINGS)
    return [f.code for f in fleet.findings if f.severity == "error"]


@pytest.mark.parametrize("years", [[2024, 2024, 2024], [2024], [2015, 2015], [2024, 2023, 2024, 2024, 2023, 2024]])
@pytest.mark.parametrize("head", ["Year", "year ", "YEAR"])
def test_years_that_may_be_those_of_the_data_must_be_named(years: list[int], head: str) -> None:
    count = len(years)
    plain: dict[str, Any] = {"plant": [f"P{n}" for n in range(count)], "capacity_gross": [600] * count}
    assert errors(**plain, **{head: years}) == ["E336"]
    assert errors(**plain, start_year=years) == []


@pytest.mark.parametrize(
    "years", [[2012, 1995, 1988], [1985, 1985, 1985], [2024, 2010], [2030, 2030], [2019, 2023, 2024]]
)
def test_years_that_are_plainly_start_years_are_read(years: list[int]) -> None:
    count = len(years)
    plain: dict[str, Any] = {"plant": [f"P{n}" for n in range(count)], "capacity_gross": [600] * count}
    fleet = fleet_from_tables({"Coal_units": pd.DataFrame({**plain, "Year": years})}, settings=SETTINGS)
    assert fleet.units["start_year"].tolist() == years
    assert not [f for f in fleet.findings if f.severity == "error"]


@pytest.mark.parametrize(
    "head",
    ["Month", "month_name", "Reporting year", "report_year", "Data year", "Bulan", "Tahun", "Mois", "Año", "Mês",
     "Месяц",
     "Yıl", "月份", "Tháng", "Berichtsjahr", "Miesiąc", "Quarter", "Period", "Fiscal year"],
)  # fmt: skip
def test_rows_of_one_unit_in_several_periods_are_an_error(head: str) -> None:
    plant = ["A", "A", "A", "B", "B", "B"]
    columns: dict[str, Any] = {"plant": plant, "capacity_gross": [660, 650, 660, 300, 300, 300], "coal_use": [1e5] * 6}
    assert errors(**columns, **{head: [1, 2, 3, 1, 2, 3]}) == ["E335"]
    named: dict[str, Any] = {**columns, "unit_id": [f"U{n}" for n in range(6)], "unit": ["1"] * 6}
    assert errors(**named, **{head: [1, 2, 3, 1, 2, 3]}) == ["E335"]  # numbered rows are no units either
    assert errors(**{**columns, "unit": ["1", "2", "3"] * 2}, **{head: [1, 2, 3, 1, 2, 3]}) == []
    assert errors(**columns, **{head: [1] * 6}) == []  # of one period: twins without names


@pytest.mark.parametrize("head", ["Month", "Reporting year", "Bulan", "cyear", "Year"])
def test_rows_of_periods_are_one_finding_and_not_also_twins_totals_or_ids(head: str) -> None:
    periods = [2021, 2022, 2023]
    names = ["1", "Unit 1", "#01"]  # however it is spelled
    table = pd.DataFrame(
        [["A-1", "A", name, 600, period] for name, period in zip(names, periods, strict=True)]
        + [["B-1", "B", "1", 300, period] for period in periods],
        columns=["unit_id", "plant", "unit", "capacity_gross", head],
    )
    found = fleet_from_tables({"Coal_units": table}, settings=SETTINGS).findings
    assert [f.code for f in found if f.code in ("E301", "E302", "W310", "W331", "E335", "E336")] == [
        "E336" if head == "Year" else "E335"
    ]
    assert sum(f.count for f in found if f.code in ("E335", "E336")) == 4


def test_a_column_year_that_differs_within_units_must_be_named() -> None:
    columns: dict[str, Any] = {"plant": ["A", "A", "B"], "unit": ["1", "1", "1"], "capacity_gross": [600, 600, 300]}
    assert errors(**columns, Year=[2008, 2012, 1990]) == ["E336"]
    apart = {**columns, "unit": [None, None, None], "capacity_gross": [400, 600, 300]}
    assert errors(**apart, Year=[1985, 1997, 1990]) == []


MAPPING = """
source = { source_id = "reg", citation = "A register" }
settings = { country = "IDN", data_year = 2025 }
[columns]
plant = "Plant"
capacity_gross = "MW"
status = { value = "operating" }
"""


@pytest.mark.parametrize(
    ("heads", "periods", "mapped"),
    [
        (["Year", "Month"], [[2024, 1], [2024, 2], [2024, 3]], 'start_year = "Year"'),
        (["Year"], [[2021], [2022], [2023]], 'start_year = "Year"'),
        (["Year"], [[2021], [2022], [2023]], ""),
        (["Bulan"], [["Januari"], ["Februari"], ["Maret"]], ""),
        (["Reporting period"], [["2024-Q1"], ["2024-Q2"], ["2024-Q3"]], ""),
    ],
    ids=str,
)
def test_a_register_by_period_is_refused(
    tmp_path: Path, heads: list[str], periods: list[list[Any]], mapped: str
) -> None:
    rows = [[plant, 600, *period] for plant in ("A", "B") for period in periods]
    path, mapping = tmp_path / "monthly.csv", tmp_path / "map.toml"
    pd.DataFrame(rows, columns=["Plant", "MW", *heads]).to_csv(path, index=False)
    mapping.write_text(MAPPING + mapped, encoding="utf-8")
    with pytest.raises(UsageError, match=r"monthly\.csv: 4 rows, the first of them row 3, .* to the sheet Activity"):
        import_tracker("csv", path, mapping=mapping)


def test_units_of_a_plant_with_start_years_of_their_own_are_units(tmp_path: Path) -> None:
    path, mapping = tmp_path / "units.csv", tmp_path / "map.toml"
    rows = [["A", 400, 1985], ["A", 400, 1989], ["B", 300, 1990], ["B", 300, 1991]]
    pd.DataFrame(rows, columns=["Plant", "MW", "Year"]).to_csv(path, index=False)
    mapping.write_text(f'{MAPPING}start_year = "Year"', encoding="utf-8")
    fleet, _ = import_tracker("csv", path, mapping=mapping)
    assert fleet.units["start_year"].tolist() == [1985, 1989, 1990, 1991]


@pytest.mark.parametrize("head", ["cyear", "Vuosi", "X", "Έτος", "jaar"])
def test_years_of_data_are_known_by_their_values_too(tmp_path: Path, head: str) -> None:
    rows = [[plant, 600, year] for plant in ("A", "B") for year in (2015, 2016, 2017)]
    table = pd.DataFrame(rows, columns=["Plant", "MW", head])
    fleet = fleet_from_tables({"Coal_units": table}, settings=SETTINGS)
    assert [f.code for f in fleet.findings if f.severity == "error"] == ["E335"]
    path, mapping = tmp_path / "yearly.csv", tmp_path / "map.toml"
    table.to_csv(path, index=False)
    mapping.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(UsageError, match="4 rows, the first of them row 3"):
        import_tracker("csv", path, mapping=mapping)
    twins = pd.DataFrame([["A", 600, 2010], ["A", 600, 2012], ["B", 600, 2011]], columns=["Plant", "MW", head])
    assert "E335" not in {
        f.code for f in fleet_from_tables({"Coal_units": twins}, settings=SETTINGS).findings
    }  # of a retrofit
