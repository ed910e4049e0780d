"""A unit is found by whatever a reader copies: id, rank, plant and unit, label of a chart."""

from __future__ import annotations

import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.unit_lookup import find_unit
from hginventory.report.figures.data import numbered
from hginventory.report.text.headlines import unit_labels

TANJUNG_5 = "G100000109958"


@pytest.mark.parametrize(
    "name",
    [
        TANJUNG_5,
        TANJUNG_5.lower(),
        f" {TANJUNG_5} ",
        "Tanjung Jati B 5",
        "tanjung jati b unit 5",
        "Tanjung Jati B power station Unit 5",
        "Tanjung Jati B, Unit 5",
        "TANJUNG JATI-B #5",
        "PLTU Tanjung Jati B 05",
        "Jati B 5",
    ],
)
def test_a_unit_is_found_by_id_or_by_plant_and_unit(central: hg.Run, name: str) -> None:
    assert central.find_unit(name) == TANJUNG_5
    assert central.explain(name).unit_id == TANJUNG_5


@pytest.mark.parametrize("rank", [1, 2, 17, 100, 250])
def test_a_unit_is_found_by_its_rank(combined: hg.Run, rank: int) -> None:
    unit = combined.rank()["unit_id"].iloc[rank - 1]
    assert combined.find_unit(f"#{rank}") == combined.find_unit(f"# {rank}") == unit


@pytest.mark.parametrize("sector", ["coal_power", "cement_kiln"])
@pytest.mark.parametrize("rank", [1, 3, 46])
def test_a_rank_of_two_lists_needs_its_sector(central: hg.Run, sector: str, rank: int) -> None:
    unit = central.rank(sector=sector)["unit_id"].iloc[rank - 1]
    assert central.find_unit(f"{sector} #{rank}") == central.find_unit(f"{sector.upper()}# {rank}") == unit
    assert central.explain(f"{sector} #{rank}").unit_id == unit
    with pytest.raises(hg.UsageError, match=f"'#{rank}' fits 2 units: .*{unit}.*cement_kiln #{rank}") as refused:
        central.find_unit(f"#{rank}")
    assert unit in refused.value.allowed


def test_a_rank_that_only_one_list_has_is_found(central: hg.Run) -> None:
    assert central.find_unit("#47") == central.rank()["unit_id"].iloc[46]  # there are 46 kilns
    with pytest.raises(hg.UsageError, match="no unit"):
        central.find_unit("cement_kiln #47")


def test_a_unit_is_found_by_its_label_in_a_chart(central: hg.Run) -> None:
    ranked = central.rank()
    ranked["label"] = unit_labels(ranked)
    for label, unit in zip(numbered(ranked), ranked["unit_id"], strict=True):
        assert central.find_unit(label) == unit
        assert central.find_unit(label.replace("  ", " ")) == unit
    alone = ~ranked["label"].str.casefold().duplicated(keep=False)
    whole = alone & ~ranked["label"].str.contains("\u2026")
    for label, unit in zip(ranked.loc[whole, "label"], ranked.loc[whole, "unit_id"], strict=True):
        assert central.find_unit(label) == unit


@pytest.mark.parametrize(
    ("name", "count"),
    [("Tanjung Jati B", 6), ("tanjung jati b power station", 6), ("Jati B", 6), ("Suralaya", None), ("Paiton", None)],
)
def test_several_units_are_listed_with_plant_and_unit(central: hg.Run, name: str, count: int | None) -> None:
    with pytest.raises(hg.UsageError) as refused:
        central.find_unit(name)
    found = refused.value.allowed
    assert len(found) == (count or len(found)) > 1
    units = central.units.loc[list(found)]
    assert f"fits {len(found)} units" in refused.value.message
    for unit_id, plant, unit in units[["plant", "unit"]].head(8).itertuples():
        assert " ".join(text for text in (unit_id, plant, unit) if text) in refused.value.message


@pytest.mark.parametrize("name", ["", "  ", "#0", "#99999", "nowhere 7", "power station", "Unit", "Tanjung Jati B 77"])
def test_what_fits_no_unit_is_refused(central: hg.Run, name: str) -> None:
    with pytest.raises(hg.UsageError, match=r"no unit|not blank"):
        central.find_unit(name)


def test_a_number_before_a_name_is_the_rank_or_a_word() -> None:
    table = pd.DataFrame(
        {"plant": ["2 Rivers", "Rivers", "Rivers"], "unit": ["1", "1", "2"], "sector": "coal_power",
         "lifetime_kg": [1.0, 3.0, 2.0], "inventory_status": "operating"},
        index=pd.Index(["A", "B", "C"], name="unit_id"),
    )  # fmt: skip
    assert [find_unit(table, name) for name in ("2 Rivers 1", "3  2 Rivers 1", "1  Rivers 1", "2 Rivers 2")] == [
        "A", "A", "B", "C",
    ]  # fmt: skip


def test_commands_that_take_a_unit_use_the_same_lookup(central: hg.Run) -> None:
    from hginventory.decisions.options.catalogue import Catalogue

    catalogue = Catalogue(central.projection)
    assert catalogue.of_unit("Tanjung Jati B 5")[0].unit_id == TANJUNG_5
    assert catalogue.combined("coal_power #1", ["A1"]).unit_id == central.rank()["unit_id"].iloc[0]
