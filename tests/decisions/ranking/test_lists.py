"""Coal units and kilns are lists of their own: ranks, shares and chances are those of a run of the sector alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.ranked_amounts import AMOUNTS, rank_certainties, rank_certainty
from hginventory.decisions.ranking.ranking import rank_plants, rank_units
from hginventory.decisions.ranking.unit_certainty import certainty

SECTORS = ("coal_power", "cement_kiln")
DRAWS = 300


@pytest.fixture(scope="module")
def alone() -> dict[str, hg.Run]:
    """Return the run of each sector by itself."""
    return {sector: hg.project("indonesia", where=f"sector == '{sector}'", draws=DRAWS) for sector in SECTORS}


@pytest.mark.parametrize("by", AMOUNTS)
@pytest.mark.parametrize("sector", SECTORS)
def test_ranks_and_shares_are_those_of_the_sector_alone(
    central: hg.Run, alone: dict[str, hg.Run], by: str, sector: str
) -> None:
    for table, single in (
        (central.rank(by), alone[sector].rank(by)),
        (central.plants(by), alone[sector].plants(by)),
    ):
        own = table[table["sector"] == sector].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, single)
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
        assert own["cumulative_share"].iloc[-1] == pytest.approx(1.0)


def test_lists_come_one_behind_the_other_whatever_the_order_of_the_units(central: hg.Run) -> None:
    mixed = central.units.sample(frac=1.0, random_state=3)
    pd.testing.assert_frame_equal(rank_units(mixed), central.rank())
    pd.testing.assert_frame_equal(rank_plants(mixed), central.plants())
    assert central.rank()["sector"].drop_duplicates().tolist() == list(SECTORS)


@pytest.mark.parametrize("sector", SECTORS)
def test_draws_of_a_list_are_those_of_the_sector_alone(central: hg.Run, alone: dict[str, hg.Run], sector: str) -> None:
    """To the last bit: amounts, ranks, chances and classes of units, and what is said of the list."""
    both, single = certainty(central.projection, draws=DRAWS), alone[sector].certainty
    assert single is not None
    pd.testing.assert_frame_equal(both.units.loc[single.units.index], single.units, check_exact=True)
    assert both.lists[sector].as_dict() == single.lists[sector].as_dict()
    pd.testing.assert_frame_equal(both.lists[sector].rank_chances, single.lists[sector].rank_chances)
    pd.testing.assert_frame_equal(both.lists[sector].concentration, single.lists[sector].concentration)


def test_one_list_changes_ranks_and_shares_and_no_amount(central: hg.Run, combined: hg.Run) -> None:
    by_sector, one = (certainty(run.projection, draws=DRAWS) for run in (central, combined))
    amounts = [name for name in one.units if name.startswith(("air_", "lifetime_"))]
    pd.testing.assert_frame_equal(by_sector.units[amounts], one.units[amounts], check_exact=True)
    pd.testing.assert_frame_equal(by_sector.totals, one.totals, check_exact=True)
    pd.testing.assert_frame_equal(by_sector.trajectory, one.trajectory, check_exact=True)
    pd.testing.assert_frame_equal(by_sector.coverage, one.coverage, check_exact=True)
    assert (by_sector.units["rank_median"] <= one.units["rank_median"]).all()
    assert (by_sector.units["p_top10"] >= one.units["p_top10"]).all()
    assert by_sector.units["p_top10"].sum() == pytest.approx(20.0)
    assert one.units["p_top10"].sum() == pytest.approx(10.0)
    assert list(one.lists) == ["combined"]


def test_one_list_has_the_ranks_of_both(central: hg.Run, combined: hg.Run) -> None:
    one, lists = combined.rank(), central.rank()
    assert one["lifetime_kg"].is_monotonic_decreasing
    assert one["rank"].tolist() == list(range(1, len(one) + 1))
    own = lists.set_index("unit_id").loc[one["unit_id"]]
    assert one["sector_rank"].tolist() == own["rank"].tolist()
    np.testing.assert_allclose(one["sector_share"], own["share"])
    assert "sector_rank" not in lists


def test_a_ranking_of_several_lists_names_its_list(central: hg.Run, combined: hg.Run) -> None:
    with pytest.raises(hg.UsageError, match="coal_power and cement_kiln is a list of its own") as refused:
        rank_certainty(central.projection, draws=0)
    assert refused.value.allowed == SECTORS
    lists = rank_certainties(central.projection, draws=0)
    assert {name: answer.sector for name, answer in lists.items()} == {sector: sector for sector in SECTORS}
    for sector in SECTORS:
        of_sector = rank_certainty(central.projection, sector=sector, draws=0)
        pd.testing.assert_frame_equal(of_sector.table, lists[sector].table)
    assert rank_certainty(combined.projection, draws=0).sector == "combined"
    assert list(combined.rank_certainties(named=3)) == ["combined"]


COAL, KILNS = ["G100000109958", "G100000109959", "G100000104987"], ["IDN-K50", "IDN-K24", "IDN-K40"]


@pytest.mark.parametrize(("coal", "kilns"), [(3, 0), (0, 1), (2, 1), (1, 3)])
def test_small_fleets_have_a_list_a_sector(tmp_path: Path, coal: int, kilns: int) -> None:
    """A list with fewer units than are named is certain of all of them."""
    ids = [*COAL[:coal], *KILNS[:kilns]]
    run = hg.project(hg.read_fleet("indonesia").subset(ids), draws=50)
    tops = {sector: count for sector, count in zip(SECTORS, (coal, kilns), strict=True) if count}
    assert run.certainty is not None
    assert {name: one.top for name, one in run.certainty.lists.items()} == tops
    assert {name: one.units_total for name, one in run.lists.items()} == tops
    most = max(tops.values())
    assert run.certainty.top == most
    assert run.certainty.units[f"p_top{most}"].tolist() == [1.0] * len(ids)
    written = pd.read_csv(run.save(tmp_path / "run") / "ranking.csv")
    assert written["rank"].tolist() == [*range(1, coal + 1), *range(1, kilns + 1)]


@pytest.mark.parametrize("combined", [1, "yes", None])
def test_only_yes_or_no_asks_for_one_list(combined: Any) -> None:
    with pytest.raises(hg.UsageError, match="combined: "):
        hg.project("indonesia", combined=combined, draws=0)
