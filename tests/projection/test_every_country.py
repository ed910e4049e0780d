"""Every country with units in operation can be computed from its bundled units, as its tracker file would be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg

RELEASE = Path(__file__).parents[3] / "shared" / "data" / "Global-Coal-Plant-Tracker-January-2026.xlsx"
TABLE = hg.fleets().set_index("fleet")
OPERATING = list(TABLE.index[TABLE["units"] > 0])
QUICK = ("VNM", "ZAF", "POL", "KAZ", "TUR", "MNG")


def check(country: str, draws: int) -> None:
    run = hg.project(f"tracker:{country}", draws=draws)
    units, inventory = run.units, run.inventory
    # A unit under construction whose start year is not after the base year counts as operating.
    assert inventory.operating + inventory.construction == TABLE.loc[country, ["units", "units_construction"]].sum()
    emitting = units.loc[units["operates_in_base_year"], "air_base_year_kg"]
    assert (emitting > 0).all()
    assert np.isfinite(units["lifetime_kg"]).all()
    assert run.rank()["share"].sum() == pytest.approx(1.0) or not run.rank()["lifetime_kg"].sum()
    if draws:
        assert run.certainty is not None
        assert (run.certainty.units["lifetime_kg_p05"] <= run.certainty.units["lifetime_kg_p95"]).all()


@pytest.mark.parametrize("country", QUICK)
def test_some_countries(country: str) -> None:
    check(country, draws=0)


@pytest.mark.slow
@pytest.mark.parametrize("country", OPERATING)
def test_every_country(country: str) -> None:
    check(country, draws=0)


@pytest.mark.slow
@pytest.mark.parametrize("country", ["VNM", "ZAF", "POL", "JPN", "BRN"])
def test_a_few_with_draws(country: str) -> None:
    check(country, draws=200)


@pytest.mark.skipif(not RELEASE.is_file(), reason="the release of the tracker is not at hand")
@pytest.mark.parametrize("country", ["VNM", "MNG"])
def test_a_run_is_that_of_the_tracker_file(country: str) -> None:
    imported, _ = hg.import_tracker("gem-coal", RELEASE, countries=[country])
    pd.testing.assert_frame_equal(hg.project(country, draws=0).units, hg.project(imported, draws=0).units)


@pytest.mark.slow
def test_the_world_is_the_sum_of_its_countries() -> None:
    world = hg.project("world", draws=0)
    countries = world.countries().set_index("country")["lifetime_kg"]
    for country in ("VNM", "ZAF", "POL", "CHN"):
        assert countries[country] == pytest.approx(hg.project(country, draws=0).units["lifetime_kg"].sum())
