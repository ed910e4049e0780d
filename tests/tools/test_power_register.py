"""Coal power stations of registers: known stations with mercury and CO2 become rows, everything else stays out."""

from __future__ import annotations

from pathlib import Path

import pytest

import power_register as tool
from hginventory.factors import load_library

DATA = Path("/work/shared/data")
FILES = ("eprtr_power_denmark_2007_2024.csv", "finland_prtr_hg_air_2017_2023.csv")


def danish(**cells: str) -> dict[str, str]:
    return {"country": "Denmark", "year": "2010", "facility": "Nordjyllandsværket", "hg_kg_air": "30.4",
            "co2_t": "2690000.0", **cells}  # fmt: skip


def finnish(**cells: str) -> dict[str, str]:
    return {"year": "2018", "facility": "Helen Oy, Hanasaari B", "hg_air_kg": "13.0",
            "co2_excl_biomass_air_kg": "1270000000.0", **cells}  # fmt: skip


def test_rows_carry_the_plant_of_the_tracker_and_tonnes() -> None:
    rows = tool.register_rows([danish()], [finnish()])
    assert [(row["country"], row["plant"], row["co2_t"], row["value"]) for row in rows] == [
        ("DNK", "Nordjylland power station", "2690000", "30.4"),
        ("FIN", "Hanasaari power station", "1270000", "13"),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"facility": "Somewhere else"},
        {"hg_kg_air": ""},
        {"hg_kg_air": "0.0"},
        {"co2_t": ""},
        {"year": "2013"},  # wood is burned too
    ],
)
def test_other_rows_are_left_out(cells: dict[str, str]) -> None:
    assert tool.register_rows([danish(**cells)], []) == []


def test_every_station_is_a_plant_of_the_bundled_tracker() -> None:
    from hginventory.inputs.bundled.tracker_table import read_tracker_table

    plants = {row.cells["plant name"] for row in read_tracker_table(["DNK", "FIN"]).rows}
    assert set(tool.STATIONS.values()) <= plants


@pytest.mark.skipif(not DATA.is_dir(), reason="the registers are not on this machine")
def test_table_is_what_the_registers_hold() -> None:
    from import_mix import read

    rows = tool.register_rows(*(read(DATA / name) for name in FILES))
    stored = load_library().table("power_reference").rows
    assert [(r.keys["plant"], r.keys["year"], r.number()) for r in stored] == [
        (row["plant"], row["year"], float(row["value"])) for row in rows
    ]
