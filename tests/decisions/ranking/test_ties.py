"""Units and plants that emit the same are ranked by their name, in whatever order the fleet has them."""

from __future__ import annotations

import pandas as pd
import pytest

from hginventory.decisions.ranking.article8_coverage import smallest_set
from hginventory.decisions.ranking.ranking import rank_plants, rank_units

ORDERS = ["ABCD", "DCBA", "CADB", "BDAC"]  # of the rows of the fleet
KG = {"A": 2.0, "B": 2.0, "C": 2.0, "D": 4.0}


def units_of(order: str) -> pd.DataFrame:
    """Return four units, one a plant: D emits 4 kg, each other 2 kg."""
    index = pd.Index(list(order), name="unit_id")
    amounts = {name: [KG[unit] for unit in order] for name in ("lifetime_kg", "air_base_year_kg")}
    fixed = {"unit": "1", "sector": "coal_power", "country": "IDN", "annex_d_category": "coal_power"}
    fixed["inventory_status"] = "operating"
    return pd.DataFrame({"plant": [f"Plant {unit}" for unit in order], **fixed, **amounts}, index=index)


@pytest.mark.parametrize("order", ORDERS)
def test_ties_are_in_rising_order_of_names(order: str) -> None:
    """Of 10 kg the largest has 4, then each 2: 0.4, 0.6, 0.8, 1.0."""
    units = units_of(order)
    ranked, plants = rank_units(units, combined=True), rank_plants(units)
    assert ranked["unit_id"].tolist() == rank_units(units)["unit_id"].tolist() == ["D", "A", "B", "C"]
    assert ranked["sector_rank"].tolist() == [1, 2, 3, 4]
    assert plants["plant"].tolist() == ["Plant D", "Plant A", "Plant B", "Plant C"]
    for table in (ranked, plants):
        assert table["rank"].tolist() == [1, 2, 3, 4]
        assert table["cumulative_share"].tolist() == pytest.approx([0.4, 0.6, 0.8, 1.0])


@pytest.mark.parametrize("order", ORDERS)
def test_of_equal_units_the_first_by_name_cover_a_category(order: str) -> None:
    """75 % of 10 kg are 7.5 kg: 4 + 2 + 2 = 8 kg of three units; the third unit of 2 kg is left out."""
    assert smallest_set(units_of(order), "coal_power") == ["D", "A", "B"]
