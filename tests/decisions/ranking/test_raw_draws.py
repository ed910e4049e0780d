"""`Run.draws`: the draws behind intervals and ranks, as a frame, or as an xarray dataset where xarray is installed."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg

BIG = "capacity_mw >= 600 or clinker_t_per_yr >= 3e6"


@pytest.fixture(scope="module", params=[{}, {"lifetime_spread": 5.0}], ids=["fixed lives", "drawn lives"])
def run(request: pytest.FixtureRequest) -> hg.Run:
    return hg.project("indonesia", where=BIG, draws=300, seed=7, **request.param)


def test_one_row_a_unit_and_draw(run: hg.Run) -> None:
    frame = run.draws()
    assert list(frame) == ["unit_id", "draw", "air_base_year_kg", "lifetime_kg"]
    assert len(frame) == 300 * len(run.units)
    assert not frame.duplicated(["unit_id", "draw"]).any()
    assert sorted(frame["draw"].unique()) == list(range(300))
    assert list(frame["unit_id"].unique()) == list(run.units.index)
    assert (frame[["air_base_year_kg", "lifetime_kg"]] >= 0).all(axis=None)


def test_they_are_the_draws_of_the_intervals(run: hg.Run) -> None:
    sure = run.certainty
    assert sure is not None
    frame = run.draws()
    wide = frame.pivot(index="unit_id", columns="draw", values="lifetime_kg").loc[sure.units.index]
    for level in (5, 50, 95):
        own = wide.quantile(level / 100, axis=1)
        assert own.to_numpy() == pytest.approx(sure.units[f"lifetime_kg_p{level:02d}"].to_numpy(), rel=1e-5, abs=1e-3)
    for sector, units in run.units.groupby("sector"):
        total = frame[frame["unit_id"].isin(units.index)].groupby("draw")["air_base_year_kg"].sum()
        rows = sure.totals[sure.totals["sector"].eq(sector) & sure.totals["quantity"].str.contains("base")]
        said = rows.iloc[0]
        scale = {"kg": 1.0, "kg/yr": 1.0, "t": 1e3, "t/yr": 1e3}[said["unit"]]
        assert np.quantile(total, [0.05, 0.95]) / scale == pytest.approx([said["p05"], said["p95"]], rel=1e-6)


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    first, again, other = (hg.project("indonesia", where=BIG, draws=50, seed=seed).draws() for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not np.allclose(first["lifetime_kg"], other["lifetime_kg"])


def test_units_of_a_shared_factor_move_together(run: hg.Run) -> None:
    ten = run.rank(sector="coal_power")["unit_id"].head(10)
    wide = run.draws().pivot(index="draw", columns="unit_id", values="lifetime_kg")[ten]
    assert np.log(wide).corr().to_numpy()[np.triu_indices(10, 1)].mean() > 0.1


def test_a_run_without_draws_says_so() -> None:
    bare = hg.project("indonesia", draws=0)
    for as_xarray in (False, True):
        with pytest.raises(hg.UsageError, match="draws: the run has no draws"):
            bare.draws(as_xarray=as_xarray)  # type: ignore[call-overload]


def test_xarray_that_is_missing_is_named(run: hg.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hginventory.decisions.ranking.raw_draws.find_spec", lambda name: None)
    with pytest.raises(hg.UsageError, match="as_xarray=True needs the package xarray") as caught:
        run.draws(as_xarray=True)
    assert "pip install xarray" in str(caught.value)


def test_what_xarray_is_given_is_what_the_frame_has(run: hg.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    double = ModuleType("xarray")
    double.Dataset = lambda variables, **other: given.update(variables=variables, **other)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "xarray", double)
    monkeypatch.setattr("hginventory.decisions.ranking.raw_draws.find_spec", lambda name: object())
    run.draws(as_xarray=True)
    frame = run.draws()
    for name, (dimensions, values, attributes) in given["variables"].items():
        assert dimensions == ("unit_id", "draw")
        assert attributes == {"units": "kg"}
        assert values.ravel().tolist() == frame[name].tolist()
    assert given["attrs"] == {"fleet": "indonesia", "base_year": 2026, "rule": "icsc_40", "seed": 7}


def test_xarray_takes_it(run: hg.Run) -> None:
    pytest.importorskip("xarray", reason="xarray is not installed")
    data = run.draws(as_xarray=True)
    assert dict(data.sizes) == {"unit_id": len(run.units), "draw": 300}
    back = data.to_dataframe().reset_index()[["unit_id", "draw", "air_base_year_kg", "lifetime_kg"]]
    pd.testing.assert_frame_equal(back, run.draws(), check_dtype=False)
