"""Exports carry the numbers of the run, in the columns that other programs expect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.errors import UsageError
from hginventory.report.tables.exchange_formats import IAMC_VARIABLES, export, fleet_table, iamc_table, point_table


@pytest.fixture(scope="module")
def run() -> hg.Run:
    """Return a run of three units in two countries, one captive, one being built, and one unit past its life."""
    units = pd.DataFrame(
        {
            "unit_id": ["A", "B", "C", "D"],
            "plant": ["P", "P", "Q", "R"],
            "country": ["IDN", "IDN", "VNM", "VNM"],
            "capacity_gross": [600.0, 300.0, 100.0, 200.0],
            "start_year": [2015, 2030, 2010, 1970],
            "status": ["operating", "construction", "operating", "operating"],
            "captive": ["no", "no", "yes", "no"],
            "latitude": [-6.0, -6.0, None, 21.0],
            "longitude": [106.0, 106.0, None, 105.0],
        }
    )
    settings = {"base_year": 2026, "captive_category": "industrial_boiler"}
    return hg.project(hg.fleet_from_frame(units, settings=settings), draws=0)


def test_iamc_table_has_the_columns_that_pyam_asks_for(run: hg.Run) -> None:
    table = iamc_table(run, scenario="baseline")
    assert list(table.columns[:5]) == ["model", "scenario", "region", "variable", "unit"]
    years = table.columns[5:]
    assert [int(year) for year in years] == list(range(2026, 2026 + len(years)))
    assert not table[["region", "variable"]].duplicated().any()
    assert table[years].dtypes.eq(np.float64).all()
    assert table[years].notna().all(axis=None)
    assert set(table["unit"]) == {"kg/yr"}
    assert set(table["scenario"]) == {"baseline"}
    assert set(table["variable"]) <= {"Emissions|Hg", *IAMC_VARIABLES.values()}


def test_iamc_total_is_the_sum_of_what_stands_below_it(run: hg.Run) -> None:
    table = iamc_table(run)
    years = table.columns[5:]
    total = table[table["variable"] == "Emissions|Hg"].set_index("region")[years]
    below = table[table["variable"] != "Emissions|Hg"].groupby("region")[years].sum()
    assert np.allclose(total, below.loc[total.index], rtol=1e-12)


def test_iamc_years_are_those_of_the_run(run: hg.Run) -> None:
    table = iamc_table(run).set_index(["region", "variable"])
    units = run.units
    assert table.loc[("VNM", "Emissions|Hg|Energy|Demand|Industry|Coal"), "2026"] == units.at["C", "air_kg_per_yr"]
    coal = table.loc[("VNM", "Emissions|Hg|Energy|Supply|Electricity|Coal")]
    assert coal["2026"] == units.at["D", "air_kg_per_yr"]  # past its life, but it runs in the base year
    assert coal["2027"] == 0.0
    grid = table.loc[("IDN", "Emissions|Hg|Energy|Supply|Electricity|Coal")]
    assert grid["2029"] == pytest.approx(units.at["A", "air_kg_per_yr"])
    assert grid["2030"] == pytest.approx(units.loc[["A", "B"], "air_kg_per_yr"].sum())


def test_points_are_the_units_that_emit_with_species_that_sum_up(run: hg.Run) -> None:
    table = point_table(run).set_index("unit_id")
    assert list(table.index) == ["A", "C", "D"]  # B is being built
    species = ["hg0_kg_per_yr", "hg2_kg_per_yr", "hgp_kg_per_yr"]
    assert np.allclose(table[species].sum(axis=1), run.units.loc[table.index, "air_base_year_kg"], rtol=1e-12)
    assert (table[species] > 0).all(axis=None)
    assert table.at["A", "latitude"] == -6.0
    assert np.isnan(table.at["C", "latitude"])
    assert table["stack_height_m"].isna().all()
    assert set(table["year"]) == {2026}


def test_csv_has_inputs_and_results_once_each(run: hg.Run) -> None:
    table = fleet_table(run)
    assert not table.columns.duplicated().any()
    assert {"unit_id", "capacity_gross", "latitude", "air_kg_per_yr", "lifetime_kg", "hg_origin"} <= set(table.columns)
    assert "kiln_type" in table.columns  # a result column, blank here
    assert "clinker_capacity" not in table.columns  # an input nobody gave
    assert table["unit_id"].tolist() == ["A", "B", "C", "D"]


def test_files_are_the_tables_and_never_replaced_unasked(run: hg.Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.csv"
    table = export(run, path, "iamc")
    read = pd.read_csv(path)
    assert list(read.columns) == list(table.columns)
    assert np.allclose(read[table.columns[5:]], table[table.columns[5:]], rtol=1e-9)
    with pytest.raises(UsageError, match="exists"):
        export(run, path, "iamc")
    first = path.read_bytes()
    export(run, path, "iamc", overwrite=True)
    assert path.read_bytes() == first
    with pytest.raises(UsageError, match=r"^format_name: 'shapefile' .* Use one of: csv, iamc, points") as caught:
        export(run, path, "shapefile", overwrite=True)
    assert caught.value.allowed == ("csv", "iamc", "points")
    with pytest.raises(UsageError, match=r"ends in \.csv"):
        export(run, tmp_path / "out.xlsx", "csv")
    assert not list(path.parent.glob(".*"))
