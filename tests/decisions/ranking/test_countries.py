"""Countries ranked: the sum of their units, with the interval of that sum on the same draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg

TABLE = pd.DataFrame(
    {
        "unit_id": ["A", "B", "C", "D"],
        "plant": ["P", "P", "Q", "R"],
        "country": ["VNM", "VNM", "POL", "IDN"],
        "capacity_gross": [600.0, 300.0, 900.0, 100.0],
        "start_year": [2010, 2015, 2005, 2020],
    }
)
FLEET = hg.fleet_from_frame(TABLE, settings={"base_year": 2026}, name="some")


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project(FLEET, draws=400)


def test_a_country_is_the_sum_of_its_units(run: hg.Run) -> None:
    table = run.countries().set_index("country")
    for country in ("VNM", "POL", "IDN"):
        own = run.units["country"] == country
        assert table.loc[country, "lifetime_kg"] == pytest.approx(run.units.loc[own, "lifetime_kg"].sum())
        assert table.loc[country, "units"] == own.sum()
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["cumulative_share"].iloc[-1] == pytest.approx(1.0)


def test_a_country_of_one_unit_has_the_interval_of_the_unit(run: hg.Run) -> None:
    table = run.groups("countries").set_index("country")
    assert run.certainty is not None
    units = run.certainty.units
    for level in ("p05", "p95"):
        for country, unit in (("POL", "C"), ("IDN", "D")):
            of_unit = units.loc[unit, f"lifetime_kg_{level}"]
            assert table.loc[country, f"lifetime_kg_{level}"] == pytest.approx(of_unit, rel=1e-3)
    vietnam = table.loc["VNM"]
    assert vietnam["lifetime_kg_p05"] < vietnam["lifetime_kg"] < vietnam["lifetime_kg_p95"]


def test_the_ranking_of_countries_is_that_of_rank_by_country(run: hg.Run) -> None:
    asked, written = run.rank_certainty(by_country=True, named=3), run.groups("countries")
    assert asked.what == "countries"
    pd.testing.assert_frame_equal(asked.table, written)
    assert np.isclose(asked.total, run.units["lifetime_kg"].sum())


def test_without_draws_the_ranking_is_the_central_one() -> None:
    central = hg.project(FLEET, draws=0)
    pd.testing.assert_frame_equal(central.groups("countries"), central.countries())


def test_where_lifetimes_are_uncertain_groups_are_central_and_rank_says_why() -> None:
    moved = hg.project(FLEET, draws=50, lifetime_spread=3.0)
    pd.testing.assert_frame_equal(moved.groups("plants"), moved.plants())
    with pytest.raises(hg.UsageError, match=r"by_country: the units of countries close at different times"):
        moved.rank_certainty(by_country=True)


def test_plants_and_countries_at_once_are_refused(run: hg.Run) -> None:
    with pytest.raises(hg.UsageError, match="Use one of `plants` and `by_country`"):
        run.rank_certainty(plants=True, by_country=True)


def test_a_run_of_one_country_has_no_table_of_countries(central: hg.Run, tmp_path: Path) -> None:
    folder = central.save(tmp_path / "run")
    assert not (folder / "countries.csv").exists()
