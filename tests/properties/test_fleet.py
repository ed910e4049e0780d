"""What must hold for every fleet: mass is conserved, more removal is less emission, order means nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hginventory as hg

COUNTRIES = ("IDN", "CHN", "USA", "IND", "ZAF", "POL", "KAZ", "VNM")
TRAINS = {
    "pm_control": st.sampled_from([None, "ESPc", "FF", "CYC", "unknown", "none", "ESPh"]),
    "so2_control": st.sampled_from([None, "none", "wFGD", "swFGD", "FGD", "unknown", "SDA"]),
    "nox_control": st.sampled_from([None, "none", "SCR", "LNB", "unknown"]),
}
UNITS = st.fixed_dictionaries(
    {
        "country": st.sampled_from(COUNTRIES),
        "capacity_gross": st.floats(5, 1100),
        "start_year": st.one_of(st.none(), st.integers(1960, 2032)),
        "status": st.sampled_from(["operating", "construction", "retired", "mothballed"]),
        "boiler": st.sampled_from([None, "PC", "CFB", "stoker", "unknown"]),
        "coal_type": st.sampled_from([None, "bituminous", "subbituminous", "lignite", "unknown"]),
        "hg_coal": st.one_of(st.none(), st.floats(0.005, 1.0)),
        "removal": st.one_of(st.none(), st.floats(0, 0.99)),
        **TRAINS,
    }
)
FLEETS = st.lists(UNITS, min_size=1, max_size=8)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def run_of(rows: list[dict[str, Any]], **changes: Any) -> hg.Run:
    """Return the run of generated units; units under construction need a start year that can lie ahead."""
    frame = pd.DataFrame([{**row, "unit_id": f"U{i}", "plant": f"P{i}", **changes} for i, row in enumerate(rows)])
    frame.loc[frame["hg_coal"].notna(), "hg_basis"] = "as received"
    return hg.project(hg.fleet_from_frame(frame, settings={"base_year": 2026}))


@QUICK
@given(FLEETS)
def test_mass_is_conserved(rows: list[dict[str, Any]]) -> None:
    balance = run_of(rows).mass_balance
    pathways = balance.drop(columns="hg_in_kg_per_yr")
    assert (pathways.to_numpy() >= 0).all()
    np.testing.assert_allclose(pathways.sum(axis=1), balance["hg_in_kg_per_yr"], rtol=1e-9, atol=1e-12)


@QUICK
@given(FLEETS)
def test_air_of_the_units_is_air_of_the_balance(rows: list[dict[str, Any]]) -> None:
    run = run_of(rows)
    air = run.mass_balance[["air_hg0_kg_per_yr", "air_hg2_kg_per_yr", "air_hgp_kg_per_yr"]].sum(axis=1)
    np.testing.assert_allclose(air, run.units["air_kg_per_yr"], rtol=1e-9, atol=1e-12)


@QUICK
@given(FLEETS, st.floats(0, 0.9), st.floats(0.01, 0.09))
def test_emission_falls_as_removal_rises(rows: list[dict[str, Any]], removal: float, more: float) -> None:
    less = run_of(rows, removal=removal).units["air_kg_per_yr"]
    assert (run_of(rows, removal=removal + more).units["air_kg_per_yr"] <= less).all()


@QUICK
@given(FLEETS, st.randoms(use_true_random=False))
def test_order_of_the_units_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    fleet = hg.fleet_from_frame(
        pd.DataFrame([{**row, "unit_id": f"U{i}"} for i, row in enumerate(rows)]).assign(hg_basis="as received"),
        settings={"base_year": 2026},
    )
    shuffled_ids = list(fleet.units.index)
    random.shuffle(shuffled_ids)
    whole, shuffled = hg.project(fleet), hg.project(fleet.subset(shuffled_ids))
    pd.testing.assert_frame_equal(whole.rank(), shuffled.rank())


@QUICK
@given(FLEETS)
def test_fleet_wide_factor_changes_no_rank(rows: list[dict[str, Any]]) -> None:
    low, high = (run_of(rows, capacity_factor=factor).rank() for factor in (0.4, 0.8))
    assert low["unit_id"].tolist() == high["unit_id"].tolist()
    np.testing.assert_allclose(low["share"], high["share"], rtol=1e-9)


@QUICK
@given(FLEETS)
def test_closed_unit_adds_nothing(rows: list[dict[str, Any]]) -> None:
    closed = {**rows[0], "status": "retired"}
    before, after = run_of(rows), run_of([*rows, closed])
    assert after.units["lifetime_kg"].sum() == pytest.approx(before.units["lifetime_kg"].sum(), rel=1e-12)
    assert after.units["air_kg_per_yr"].iloc[-1] == 0.0
    assert after.mass_balance.iloc[-1].sum() == 0.0


@QUICK
@given(FLEETS)
def test_shares_sum_to_one_and_trajectory_to_the_lifetime(rows: list[dict[str, Any]]) -> None:
    run = run_of(rows)
    ranking = run.rank()
    if run.units["lifetime_kg"].sum() > 0:
        assert ranking["share"].sum() == pytest.approx(1.0)
        assert ranking["cumulative_share"].is_monotonic_increasing
    years = run.trajectory
    assert (years["air_kg"] - years["past_age_kg"]).sum() == pytest.approx(run.units["lifetime_kg"].sum(), rel=1e-9)
