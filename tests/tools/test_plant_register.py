"""Rows of plants from files of registers: what is reported, below the threshold, missing, or confidential."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import plant_register as tool
from hginventory.data_files import data_folder

DATA = Path("/work/shared/data")
FILES = (
    "eprtr_cement_kilns_2017_2019_five_countries.csv",
    "eprtr_cement_nordic_2007_2024.csv",
    "finland_prtr_hg_air_2017_2023.csv",
)


def five(**cells: str) -> dict[str, str]:
    """Return a plant-year of the five countries: one of Spain with mercury, unless it says otherwise."""
    return {"country": "ES", "year": "2018", "facility": "A", "city": "B", "lat": "38.4", "lon": "-6.5",
            "hg_kg_air": "21.1", "hg_method": "M", "co2_t": "853000.0", **cells}  # fmt: skip


def finnish(**cells: str) -> dict[str, str]:
    """Return a facility-year of Finland: clinker with mercury, unless it says otherwise."""
    return {"facility": "F", "activity_code": "3(c)(i)", "year": "2017", "hg_air_kg": "18.2", "hg_method": "M",
            "co2_air_kg": "531000000.0", "lat": "60", "lon": "22", **cells}  # fmt: skip


def made(*rows: dict[str, str]) -> list[dict[str, str]]:
    return tool.register_rows(rows, [], [])


def test_a_reported_mass_is_copied_with_its_method() -> None:
    [row] = made(five())
    assert (row["country"], row["plant"], row["year"]) == ("ESP", "A", "2018")
    assert (row["value"], row["unit"], row["hg_method"], row["co2_t"], row["high"]) == (
        "21.1",
        "kg/yr",
        "M",
        "853000",
        "",
    )


def test_a_listed_year_without_mercury_is_below_the_threshold_and_not_zero() -> None:
    [row] = made(five(hg_kg_air="", hg_method=""))
    assert (row["value"], row["high"], row["low_high_meaning"]) == ("", "10", "threshold of reporting")
    assert row["listed"] == tool.ALL_YEARS


def test_a_file_of_reporting_years_only_says_so() -> None:
    [row] = tool.register_rows([], [five(country="Denmark")], [])
    assert (row["country"], row["listed"], row["hg_method"]) == ("DNK", tool.ABOVE, "")


def test_confidential_plants_are_told_apart_by_position() -> None:
    names = {row["plant"] for row in made(five(facility="CONFIDENTIAL"), five(facility="CONFIDENTIAL", lat="42.5"))}
    assert names == {"confidential at 38.4 N -6.5 E", "confidential at 42.5 N -6.5 E"}


def test_only_kilns_of_finland_are_taken_with_co2_in_tonnes() -> None:
    rows = tool.register_rows([], [], [finnish(), finnish(activity_code="1(c)"), finnish(year="2018", co2_air_kg="")])
    assert [(row["country"], row["year"], row["co2_t"]) for row in rows] == [
        ("FIN", "2017", "531000"),
        ("FIN", "2018", ""),
    ]


def test_years_without_co2_stay_without() -> None:
    assert made(five(co2_t=""))[0]["co2_t"] == ""


def test_the_table_is_what_the_files_give() -> None:
    if not all((DATA / name).exists() for name in FILES):
        pytest.skip("the register files are not here")
    wanted = tool.register_rows(*(tool.read(DATA / name) for name in FILES))
    with (data_folder("factors") / "plant_reference.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [{key: row[key] for key in wanted[0]} for row in found] == wanted


def test_a_plant_stands_once_a_year() -> None:
    with (data_folder("factors") / "plant_reference.csv").open(encoding="utf-8", newline="") as file:
        keys = [(row["country"], row["plant"], row["year"]) for row in csv.DictReader(file)]
    assert len(set(keys)) == len(keys) > 250
