"""A ranking by any amount, of units or plants, agrees with the run it is of and with the draws of its units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.ranked_amounts import AMOUNTS, rank_certainty
from hginventory.decisions.ranking.ranking import rank_plants, rank_units
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.errors import UsageError
from hginventory.projection import Projection

DRAWS = 400


@pytest.fixture(scope="module")
def indonesia(combined: hg.Run) -> Projection:
    return combined.projection


@pytest.mark.parametrize("by", AMOUNTS)
def test_the_ranking_is_that_of_the_central_run_whatever_the_draws(indonesia: Projection, by: str) -> None:
    central = rank_units(indonesia.units, by, combined=True)
    for draws, seed in ((0, 1), (DRAWS, 1), (50, 7)):
        answer = rank_certainty(indonesia, by=by, draws=draws, seed=seed)
        pd.testing.assert_frame_equal(answer.table[central.columns.tolist()], central)
        assert answer.named_share == pytest.approx(central["share"].head(10).sum())


def test_units_by_remaining_mercury_have_the_columns_of_the_run(indonesia: Projection) -> None:
    sure = certainty(indonesia, draws=DRAWS, seed=3)
    answer = rank_certainty(indonesia, draws=DRAWS, seed=3)
    columns = ["lifetime_kg_mean", "lifetime_kg_p05", "lifetime_kg_p95", "rank_median", "p_top10", "top_class"]
    of_run = sure.units.loc[answer.table["unit_id"], columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(answer.table[columns], of_run)
    assert answer.named_right == sure.lists["combined"].named_right
    assert answer.named_interval == sure.lists["combined"].named_share
    assert answer.coverage["p_covers"].tolist() == sure.coverage["p_covers"].tolist()


def test_a_year_is_drawn_as_the_run_draws_it(indonesia: Projection) -> None:
    sure = certainty(indonesia, draws=DRAWS, seed=3).units
    full_year = rank_certainty(indonesia, by="air_kg_per_yr", draws=DRAWS, seed=3).table.set_index("unit_id")
    of_run = sure.loc[full_year.index, "air_kg_per_yr_p95"]  # whose product is rounded once less
    np.testing.assert_allclose(full_year["air_kg_per_yr_p95"], of_run, rtol=3e-7)
    base = rank_certainty(indonesia, by="air_base_year_kg", draws=DRAWS, seed=3).table.set_index("unit_id")
    runs = indonesia.units.loc[base.index, "operates_in_base_year"]
    assert (base.loc[~runs, "air_base_year_kg_p95"] == 0).all()
    np.testing.assert_allclose(
        base.loc[runs, "air_base_year_kg_mean"], sure.loc[base.index[runs], "air_kg_per_yr_mean"]
    )


def test_a_plant_is_the_sum_of_its_units_in_every_draw(indonesia: Projection) -> None:
    answer = rank_certainty(indonesia, plants=True, draws=DRAWS, seed=3)
    names = ["rank", "plant", "lifetime_kg"]
    pd.testing.assert_frame_equal(answer.table[names], rank_plants(indonesia.units, combined=True)[names])
    names = indonesia.units["plant"].where(indonesia.units["plant"].notna(), indonesia.units.index.to_series())
    means = certainty(indonesia, draws=DRAWS, seed=3).units["lifetime_kg_mean"]
    keys = [names, indonesia.units["country"], indonesia.units["sector"]]
    of_units = means.groupby(keys).sum()
    shown = answer.table.set_index(["plant", "country", "sector"])["lifetime_kg_mean"]
    np.testing.assert_allclose(shown, of_units.loc[shown.index], rtol=1e-6)


def test_the_spread_of_a_plant_knows_that_its_units_share_their_coal(indonesia: Projection) -> None:
    """Percentiles of a plant are not sums of percentiles, and lie wider than of independent units."""
    plants = rank_certainty(indonesia, plants=True, draws=2000).table
    plant = plants.loc[plants["units"].idxmax()]
    units = certainty(indonesia, draws=2000).units
    own = indonesia.units.index[
        indonesia.units["plant"].eq(plant["plant"]) & indonesia.units["country"].eq(plant["country"])
    ]
    width = np.log(plant["lifetime_kg_p95"] / plant["lifetime_kg_p05"])
    of_units = np.log(units.loc[own, "lifetime_kg_p95"] / units.loc[own, "lifetime_kg_p05"]).mean()
    assert of_units / np.sqrt(len(own)) < 0.5 * width < 0.5 * of_units


def test_within_a_sector_units_keep_their_draws(indonesia: Projection) -> None:
    whole = rank_certainty(indonesia, draws=DRAWS).table.set_index("unit_id")
    kilns = rank_certainty(indonesia, sector="cement_kiln", draws=DRAWS)
    table = kilns.table.set_index("unit_id")
    assert kilns.named_share == pytest.approx(table["share"].head(10).sum())
    np.testing.assert_array_equal(table["lifetime_kg_p95"], whole.loc[table.index, "lifetime_kg_p95"])
    assert table["rank_p95"].max() <= len(table)
    assert table["p_top10"].sum() == pytest.approx(10)


def test_both_questions_of_shares_agree(indonesia: Projection) -> None:
    half = rank_certainty(indonesia, share=0.5, draws=DRAWS)
    enough = rank_certainty(indonesia, named=half.share_needs, draws=DRAWS)
    assert enough.named_share >= 0.5 > rank_certainty(indonesia, named=half.share_needs - 1, draws=0).named_share
    assert enough.named_interval is not None
    assert half.p_share is not None
    assert (enough.named_interval.p50 >= 0.5) == (half.p_share >= 0.5)


def test_one_unit_is_certain_of_its_rank() -> None:
    fleet = hg.fleet_from_frame(pd.DataFrame({"country": ["IDN"], "MW": [600], "start_year": [2015]}))
    answer = rank_certainty(hg.project(fleet, base_year=2024).projection, draws=50)
    assert answer.table["top_class"].tolist() == ["certain"]
    assert (answer.named, answer.named_right, answer.p_share) == (1, 1.0, 1.0)
    assert answer.lost == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "named"),
    [({"by": "removal"}, "by: "), ({"sector": "glass"}, "sector: "), ({"share": 0.0}, "share: "),
     ({"share": 75}, "share: "), ({"named": 0}, "named: "), ({"draws": -1}, "draws: ")],
)  # fmt: skip
def test_options_that_cannot_be_used_are_named(indonesia: Projection, options: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        rank_certainty(indonesia, **options)  # type: ignore[arg-type]
