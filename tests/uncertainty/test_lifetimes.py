"""Uncertain lifetimes, on request: from the option and the sheet Settings to the draws, and no central number moves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.ranked_amounts import rank_certainty
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.decisions.sensitivity.variance_decomposition import sensitivity
from hginventory.ensemble.numba_engine import run_kernel
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.errors import UsageError
from hginventory.projection import Projection
from hginventory.projection.settings import SetBy
from hginventory.reopen import reopen
from hginventory.report.tables.written_tables import run_tables
from hginventory.uncertainty.ensemble_input import assemble
from hginventory.uncertainty.groups import stream_groups

YEARS = 6.0


def fleet(**settings: Any) -> hg.Fleet:
    """Ten units of one country and one abroad, of ages that leave them 4 to 31 years."""
    table = pd.DataFrame(
        {
            "unit_id": [f"U{n}" for n in range(11)],
            "plant": [f"P{n}" for n in range(11)],
            "country": ["IDN"] * 10 + ["VNM"],
            "MW": 600.0,
            "start_year": [1990 + 3 * n for n in range(10)] + [2005],
            "coal_type": "subbituminous",
        }
    )
    return hg.fleet_from_frame(table, settings={"base_year": 2026, **settings})


def projection(**options: Any) -> Projection:
    return hg.project(fleet(), draws=0, **options).projection


def test_no_central_number_moves() -> None:
    fixed, shifted = (run_tables(hg.project(fleet(), draws=0, lifetime_spread=s)) for s in (0.0, YEARS))
    for name in fixed:
        if name == "trajectory":
            beyond = shifted[name][len(fixed[name]) :]
            pd.testing.assert_frame_equal(shifted[name][: len(fixed[name])], fixed[name], check_exact=True)
            assert len(beyond) == YEARS
            assert (beyond[["air_kg", "past_age_kg", "units_operating"]] == 0).all(axis=None)
        else:
            pd.testing.assert_frame_equal(shifted[name], fixed[name], check_exact=True)


def test_the_sheet_settings_asks_for_it_and_an_option_stands_over_it() -> None:
    asked = hg.project(fleet(lifetime_spread=4), draws=0).projection.settings
    assert asked.lifetime_spread == 4.0
    assert asked.origins["lifetime_spread"].set_by is SetBy.SHEET
    over = hg.project(fleet(lifetime_spread=4), draws=0, lifetime_spread=0).projection.settings
    assert (over.lifetime_spread, over.origins["lifetime_spread"].set_by) == (0.0, SetBy.OPTION)
    none = hg.project(fleet(), draws=0).projection.settings
    assert (none.lifetime_spread, none.origins["lifetime_spread"].set_by) == (0.0, SetBy.DEFAULT)


@pytest.mark.parametrize("years", [-1.0, 31.0, float("nan"), float("inf"), "ten", True])
def test_a_spread_that_cannot_be_used_is_refused(years: Any) -> None:
    with pytest.raises(UsageError, match=r"lifetime_spread: .* from 0 to 30"):
        hg.project(fleet(), lifetime_spread=years)


@pytest.mark.parametrize("years", ["-1", "31", "ten"])
def test_a_cell_that_cannot_be_used_is_named(years: str) -> None:
    read = fleet(lifetime_spread=years)
    [found] = [one for one in read.findings if one.sheet == "Settings"]
    assert found.severity == "error"
    assert years in found.message


def test_totals_get_wider_and_rates_stay() -> None:
    fixed, shifted = (certainty(projection(lifetime_spread=years), draws=3000) for years in (0.0, 20.0))
    widths = [sure.totals.set_index("unit").loc["t", ["p05", "p95"]] for sure in (fixed, shifted)]
    assert widths[1]["p95"] - widths[1]["p05"] > 1.05 * (widths[0]["p95"] - widths[0]["p05"])
    rates = [column for column in fixed.units if str(column).startswith("air_kg_per_yr")]
    pd.testing.assert_frame_equal(fixed.units[rates], shifted.units[rates], check_exact=True)


def test_nothing_is_cut_off_at_the_end_of_the_years() -> None:
    """The last unit to close has as many years more as less: its mean is that of the central run."""
    run = projection(lifetime_spread=YEARS)
    sure = certainty(run, draws=20_000)
    last = run.units["remaining_years"].idxmax()
    assert sure.units.loc[last, "lifetime_kg_mean"] == pytest.approx(run.units.loc[last, "lifetime_kg"], rel=0.02)
    late = sure.trajectory[sure.trajectory["year"] >= run.units["end_year"].max()]
    assert late["air_kg_mean"].iloc[0] > 0
    assert sure.trajectory["year"].iloc[-1] == run.units["end_year"].max() + YEARS - 1


def test_half_of_the_shift_is_shared_within_a_country() -> None:
    """Years of full rate, seen through totals by unit: correlation a half at home, none abroad."""
    run = projection(lifetime_spread=YEARS)
    ids = [str(unit) for unit in run.units.index]
    own = {unit: [unit] for unit in ids}
    given = assemble(run, own, {})
    every_year = replace(given, year_varies=np.zeros(given.units, dtype=bool))
    drawn = run_numpy(every_year, 20_000, 1)
    years = drawn.life_sums / np.maximum(drawn.base_sums, 1e-12)
    chosen = [ids.index(unit) for unit in ("U8", "U9", "U10")]
    correlation = np.corrcoef(years[chosen])
    assert correlation[0, 1] == pytest.approx(0.5, abs=0.03)
    assert abs(correlation[0, 2]) < 0.03
    assert np.abs(years[chosen] - years[chosen].mean(axis=1, keepdims=True)).max() <= YEARS + 0.5


@pytest.mark.parametrize(
    ("start", "chances"),
    [
        (1986, {0: 1.0}),  # past its age: it has no year to lose or to gain
        (1987, {0: 0.28125, 1: 0.4375, 2: 0.25, 3: 0.03125}),  # one year left: with two years less it has none too
        (2010, {22: 0.03125, 23: 0.25, 24: 0.4375, 25: 0.25, 26: 0.03125}),
    ],
)
def test_a_last_year_shifts_as_a_triangle_rounded_to_years(start: int, chances: dict[int, float]) -> None:
    """A triangle from -2 to 2 reaches beyond x with (2 - x)^2 / 8: 0.28125 at 0.5, 0.03125 at 1.5.

    So the shift is 0 with 1 - 2 0.28125 = 0.4375, 1 with 0.28125 - 0.03125 = 0.25, and 2 with 0.03125.
    """
    table = pd.DataFrame([{"unit_id": "U", "country": "IDN", "MW": 600.0, "start_year": start}])
    given = assemble(
        hg.project(hg.fleet_from_frame(table, settings={"base_year": 2026}), draws=0, lifetime_spread=2).projection,
        {"all": ["U"]},
        {},
    )
    drawn = run_numpy(replace(given, year_varies=np.zeros(1, dtype=bool)), 20_000, 1)
    years, counts = np.unique(np.rint(drawn.life_sums[0] / drawn.base_sums[0]), return_counts=True)
    assert dict(zip(years.tolist(), (counts / 20_000).tolist(), strict=True)) == pytest.approx(chances, abs=0.01)


def test_both_engines_agree_on_it() -> None:
    run = projection(lifetime_spread=YEARS)
    every = {"all": [str(unit) for unit in run.units.index]}
    given = assemble(run, every, every)
    kernel, plain = run_kernel(given, 700, 3), run_numpy(given, 700, 3)
    np.testing.assert_allclose(kernel.life_sums, plain.life_sums, rtol=1e-6)
    np.testing.assert_allclose(kernel.yearly_sums, plain.yearly_sums, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(kernel.life_quantiles, plain.life_quantiles, rtol=1e-5)


def test_it_is_a_factor_of_the_sensitivity() -> None:
    run = projection(lifetime_spread=20.0)
    groups = set(stream_groups(run))
    assert {("last_year", "country"), ("last_year", "unit")} <= groups
    found = sensitivity(run, draws=2000, top=3).table
    assert found["total_alone"].sum() == pytest.approx(1.0)
    shares = found.set_index(["family", "scope"])
    assert shares.loc[("last_year", "unit"), "right_at_all"] > 0.05
    assert not {"last_year"} & {family for family, _ in stream_groups(projection())}


def test_rankings_follow_it_and_plants_are_refused() -> None:
    run = projection(lifetime_spread=YEARS)
    sure = certainty(run, draws=300).units
    units = rank_certainty(run, draws=300).table.set_index("unit_id")
    np.testing.assert_array_equal(units["lifetime_kg_p95"], sure.loc[units.index, "lifetime_kg_p95"])
    with pytest.raises(UsageError, match=r"plants: .*`lifetime_spread=0`"):
        rank_certainty(run, plants=True, draws=300)
    assert len(rank_certainty(run, plants=True, draws=0).table) == 11
    assert len(rank_certainty(run, plants=True, by="air_kg_per_yr", draws=50).table) == 11


def test_a_run_folder_says_so_and_opens_again(tmp_path: Path) -> None:
    folder = hg.project("indonesia", draws=60, lifetime_spread=5).save(tmp_path / "run")
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert content["settings"]["lifetime_spread"] == {"value": 5.0, "origin": "option"}
    again = reopen(folder)  # compares what it computes with what the folder says
    assert again.projection.settings.lifetime_spread == 5.0
