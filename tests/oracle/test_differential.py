"""The package against a second engine that shares no code with it, over random fleets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import hginventory as hg
from hginventory.inputs.reader import fleet_from_tables
from tests.oracle.engine import Engine, Fleet
from tests.oracle.random_fleets import fleets
from tests.oracle.years import smallest_set

SECTORS = {"coal_power": "coal_power", "cement_kiln": "cement"}
WIDE = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


def run_of(fleet: Fleet) -> hg.Run:
    """Return the run of the package."""
    sheets = {
        "Coal_units": fleet.coal, "Cement_kilns": fleet.kilns, "Fuels": fleet.fuels, "Activity": fleet.activity,
        "Measurements": fleet.measurements,
    }  # fmt: skip
    tables = {name: pd.DataFrame(rows) for name, rows in sheets.items() if rows}
    chosen = {"base_year": fleet.base_year, "captive_category": fleet.captive_category}
    return hg.project(fleet_from_tables(tables, settings=chosen), rule=fleet.rule, profile=fleet.profile, draws=0)


def same(ours: object, theirs: object, what: str) -> None:
    np.testing.assert_allclose(np.asarray(theirs, float), np.asarray(ours, float), rtol=1e-9, atol=1e-12, err_msg=what)


def check(fleet: Fleet) -> None:
    """Compare every number of the main job."""
    run, engine = run_of(fleet), Engine(fleet)
    units, balance = run.units, run.mass_balance
    for name, unit in engine.units.items():
        row, years = units.loc[name], unit.years
        same(
            [unit.hg_in, unit.air, unit.base_kg, unit.lifetime_kg, years.remaining, years.in_base],
            row[["hg_in_kg_per_yr", "air_kg_per_yr", "air_base_year_kg", "lifetime_kg", "remaining_years",
                 "operates_in_base_year"]].to_list(),
            f"{name}: input, air, base year, remaining life, remaining years, runs in base year",
        )  # fmt: skip
        found = [balance.loc[name, f"{pathway}_kg_per_yr"] for pathway in unit.pathways]
        same(list(unit.pathways.values()), found, f"{name}: {list(unit.pathways)}")
    ranking, trajectory, coverage = run.rank(), run.trajectory, run.coverage().set_index("category")
    for sector in SECTORS:
        listed = ranking[ranking["sector"] == sector]
        running = set(listed["unit_id"])
        assert listed["unit_id"].to_list() == [name for name in engine.ranking(sector) if name in running]
        for share in (0.5, 0.75, 0.9):
            amounts = [engine.units[name].lifetime_kg for name in running]
            if np.nansum(amounts) > 0.0:
                count = int((listed["cumulative_share"].fillna(1.0) < share * (1.0 - 1e-12)).sum()) + 1
                assert count == smallest_set([a for a in amounts if a == a], share), (sector, share)
        by_year = trajectory[trajectory["sector"] == sector].set_index("year")["air_kg"]
        ours = engine.trajectory(sector)
        same([ours.get(int(year), 0.0) for year in by_year.index], by_year.to_list(), f"{sector}: trajectory")
        past = [u.base_kg for u in engine.units.values() if u.sector == sector and not u.years.remaining > 0]
        table = trajectory[(trajectory["sector"] == sector) & (trajectory["year"] == fleet.base_year)]
        same(sum(past), table["past_age_kg"].sum(), f"{sector}: past their lifetime in the base year")
        assert {year for year, amount in ours.items() if amount > 0.0} <= set(by_year.index)
    for category, row in coverage.iterrows():
        assert row["smallest_set_size"] == engine.coverage(str(category)), category


@settings(max_examples=150, derandomize=True, phases=[Phase.generate], **WIDE)  # the slow test shrinks what it finds
@given(fleets())
def test_both_engines_agree(fleet: Fleet) -> None:
    check(fleet)


@pytest.mark.slow
@settings(max_examples=3000, **WIDE)
@given(fleets())
def test_both_engines_agree_on_many_fleets(fleet: Fleet) -> None:
    check(fleet)
