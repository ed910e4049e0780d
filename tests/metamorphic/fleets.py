"""A small mixed fleet of each sector, its run, and the numbers of a run that are compared."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hginventory as hg

BASE_YEAR, DRAWS = 2026, 64
COAL, KILN = "coal_power", "cement_kiln"
SECTORS = (COAL, KILN)
both_sectors = pytest.mark.parametrize("sector", SECTORS)

# Each plant differs in what is stated and in what has default values, so that a relation is tested on most ways to a
# number; P and Q stand in one country, so that they share its uncertain factors.
ROWS: dict[str, list[dict[str, Any]]] = {
    COAL: [
        {"plant": "P", "country": "IDN", "capacity_net": 600.0, "start_year": 2010, "capacity_factor": 0.7,
         "net_efficiency": 0.37, "calorific_value": 19.0, "cv_basis": "net as received", "hg_coal": 0.08,
         "hg_basis": "as received", "boiler": "PC", "pm_control": "ESPc", "so2_control": "wFGD", "nox_control": "SCR"},
        {"plant": "P", "country": "IDN", "capacity_gross": 115.0, "start_year": 1988, "pm_control": "FF"},
        {"plant": "Q", "country": "IDN", "capacity_gross": 350.0, "coal_type": "lignite", "boiler": "CFB"},
        {"plant": "R", "country": "CHN", "capacity_gross": 660.0, "start_year": 2018, "removal": 0.6},
        {"plant": "S", "country": "POL", "capacity_gross": 220.0, "start_year": 1975, "generation_net": 800.0},
        {"plant": "T", "country": "VNM", "capacity_gross": 300.0, "start_year": 2029, "status": "construction"},
    ],
    KILN: [
        {"plant": "P", "country": "IDN", "clinker_capacity": 2.5e6, "start_year": 2012, "kiln_type": "precalciner",
         "controls": "ESP", "hg_limestone": 0.05, "limestone_share": 0.8, "utilisation": 0.75, "dust_bleed_on": 0.5,
         "dust_bleed_off": 0.5},
        {"plant": "P", "country": "IDN", "clinker_capacity": 0.9e6, "start_year": 1984, "controls": "FF"},
        {"plant": "Q", "country": "IDN", "cement_capacity": 1.2e6, "clinker_factor": 0.7},
        {"plant": "R", "country": "CHN", "clinker_output": 1.6e6, "start_year": 2008, "controls": "ACI-FF"},
        {"plant": "S", "country": "POL", "clinker_capacity": 1.0e6, "start_year": 1995, "measured_air": 30.0},
        {"plant": "T", "country": "VNM", "clinker_capacity": 1.8e6, "start_year": 2028, "status": "construction"},
    ],
}  # fmt: skip


def rows_of(sector: str, **changes: Any) -> list[dict[str, Any]]:
    """Return the units of a sector, with cells that all of them get."""
    return [{"unit_id": f"U{number}", "unit": str(number), **row, **changes} for number, row in enumerate(ROWS[sector])]


def run_of(sector: str, rows: list[dict[str, Any]], **options: Any) -> hg.Run:
    """Return the run of units of a sector."""
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), sector=sector, settings={"base_year": BASE_YEAR})
    return hg.project(fleet, **{"draws": 0, **options})


def numbers(run: hg.Run) -> pd.DataFrame:
    """Return all numbers of each unit by its id, inputs and results."""
    return pd.concat([run.units.select_dtypes("number"), run.mass_balance.add_suffix("_balance")], axis=1)


def years(run: hg.Run) -> pd.DataFrame:
    """Return the sums of a run by year."""
    return run.trajectory.groupby("year").sum(numeric_only=True)
