"""What the draws say of a list, counted again from the draws of its units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking import Interval, ListCertainty

SECTORS = ("coal_power", "cement_kiln")
TOP = 10


class Counted:
    """The draws of the units of a list as tables, units by draws, and what the run says of the list."""

    def __init__(self, run: hg.Run, sector: str) -> None:
        assert run.certainty is not None
        self.said: ListCertainty = run.certainty.lists[sector]
        self.units = run.units[run.units["sector"] == sector]
        self.order = run.rank(sector=sector)["unit_id"].tolist()
        self.certainty = run.certainty.units.loc[self.units.index]
        frame = run.draws()
        self.base, self.life = (
            frame.pivot(index="unit_id", columns="draw", values=name).loc[self.units.index]
            for name in ("air_base_year_kg", "lifetime_kg")
        )
        self.ranks = self.life.rank(ascending=False, method="first")


@pytest.fixture(scope="module", params=SECTORS)
def counted(request: pytest.FixtureRequest, drawn: hg.Run) -> Counted:
    return Counted(drawn, request.param)


def same(said: Interval | None, shares: pd.Series) -> None:
    assert said is not None
    expected = [shares.mean(), *shares.quantile([0.05, 0.5, 0.95])]
    assert [said.mean, said.p05, said.p50, said.p95] == pytest.approx(expected, rel=1e-4)


def test_shares_of_the_named_and_of_the_true_largest(counted: Counted) -> None:
    said, life = counted.said, counted.life
    assert list(said.named) == counted.order[:TOP]
    same(said.named_share, life.loc[list(said.named)].sum() / life.sum())
    same(said.own_share, life.where(counted.ranks <= TOP, 0.0).sum() / life.sum())
    lost = life.where(counted.ranks <= TOP, 0.0).sum() - life.loc[list(said.named)].sum()
    assert said.t_lost == pytest.approx(lost.mean() / 1000, rel=1e-4)
    assert said.named_right == pytest.approx((counted.ranks.loc[list(said.named)] <= TOP).sum().mean(), abs=0.05)


def test_what_the_leading_plants_and_units_account_for(counted: Counted) -> None:
    for said, amounts in ((counted.said.plants, counted.base), (counted.said.largest, counted.life)):
        assert 0 < said.count < said.of
        same(said.drawn, amounts.loc[list(said.unit_ids)].sum() / amounts.sum())


def test_concentration(counted: Counted) -> None:
    for row in counted.said.concentration.to_dict("records"):
        shares = counted.life.loc[counted.order[: row.pop("units")]].sum() / counted.life.sum()
        same(Interval(**row), shares)


def test_means_and_ranks_of_each_unit(counted: Counted) -> None:
    said = counted.certainty
    assert said["lifetime_kg_mean"].to_numpy() == pytest.approx(counted.life.mean(axis=1).to_numpy(), rel=1e-4)
    assert said[f"p_top{TOP}"].to_numpy() == pytest.approx((counted.ranks <= TOP).mean(axis=1).to_numpy(), abs=0.011)
    emits = counted.units["lifetime_kg"] > 0
    for name, level in (("p05", 0.05), ("median", 0.5), ("p95", 0.95)):
        difference = said[f"rank_{name}"] - counted.ranks.quantile(level, axis=1)
        assert np.abs(difference[emits]).max() <= 1.0


def test_chances_of_single_ranks(counted: Counted) -> None:
    for rank in (1, 2, TOP):
        expected = (counted.ranks == rank).mean(axis=1)
        found = counted.said.rank_chances[rank].reindex(expected.index, fill_value=0.0)
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.011)
