"""Indonesian kilns against the plants of the cement tracker: which match, and what they take from it."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

import hginventory as hg
from indonesia_cement_plants import GCCT, Match, TrackerPlant, is_open, matches, tracker_plants

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "indonesia_cement_kilns.csv"
with_facts = pytest.mark.skipif(not FACTS.is_file(), reason="the collected facts are not at hand")


@pytest.fixture(scope="module")
def kilns() -> pd.DataFrame:
    units = hg.read_fleet("indonesia").units
    return units[units["sector"] == "cement_kiln"]


# By hand, of the table of the tracker and the collected facts: Citeureup has 11.9 Mt/yr, P14 a page's 4.4 of them, so
# the other seven share 7.5 of the 10.9 that they had; 0.95 Mt of clinker x 7.5 / 10.9 = 0.654.
@pytest.mark.parametrize(
    ("kiln", "latitude", "longitude", "clinker", "plant"),
    [
        ("IDN-K17", -6.479811, 106.899118, 654_000, "Indocement Tunggal Prakarsa Citeureup Cement Plant"),
        ("IDN-K24", -6.479811, 106.899118, 3_300_000, "Indocement Tunggal Prakarsa Citeureup Cement Plant"),
        ("IDN-K31", -7.687489, 109.022305, 2_609_000, "Solusi Bangun Indonesia Cilacap Cement Plant"),  # 2.1 x 3.23/2.6
        ("IDN-K37", -10.194909, 123.540076, 417_000, "Semen Kupang (Persero) Cement Plant"),  # 0.25 x 0.5/0.3
        ("IDN-K06", -6.865517, 111.910802, 2_970_000, "Semen Gresik Tuban Cement Plant"),
        ("IDN-K28", -7.089975, 110.622539, 1_800_000, "Semen Grobogan Semarang Grobogan Cement Plant"),
        ("IDN-K25", -6.705337, 108.401523, 1_150_000, "Indocement Tunggal Prakarsa Cirebon Cement Plant"),
    ],
)  # fmt: skip
def test_kilns_have_place_and_capacity_of_their_plant(
    kilns: pd.DataFrame, kiln: str, latitude: float, longitude: float, clinker: float, plant: str
) -> None:
    row = kilns.loc[kiln]
    assert (row["latitude"], row["longitude"], row["clinker_capacity"]) == (latitude, longitude, clinker)
    assert plant in row["note"]
    assert GCCT in row["source_id"]


def test_what_does_not_match_says_so(kilns: pd.DataFrame) -> None:
    (kiln,) = kilns.index[~kilns["source_id"].str.contains(GCCT)]
    assert kilns.at[kiln, "plant"] == "Barru (Conch)"
    assert kilns.at[kiln, "note"].startswith(
        "No plant of the Global Cement and Concrete Tracker, July 2025 (V1) release"
    )


def test_kilns_that_differ_and_stay_say_by_how_much(kilns: pd.DataFrame) -> None:
    stay = kilns[kilns["note"].str.contains("stay as they are")]
    assert set(stay["plant"]) == {
        "Tuban (Semen Gresik)", "Pangkep (Tonasa)", "Cirebon (Palimanan)", "Lhoknga (Solusi Bangun Andalas)",
        "Baturaja", "Bayah", "Tabalong (Conch)", "Bolaang Mongondow (Conch)",
    }  # fmt: skip
    assert "4.10 Mt/yr of cement; its kilns here have 2.50" in kilns.at["IDN-K25", "note"]


def test_the_tracker_is_named_with_its_licence() -> None:
    assert "Global Energy Monitor, Global Cement and Concrete Tracker, July 2025 (V1) release" in [
        one.citation for one in hg.read_fleet("indonesia").attributions
    ]


@with_facts
def test_the_workbook_holds_what_the_facts_and_the_tracker_give(kilns: pd.DataFrame) -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    found = matches(facts, tracker_plants())
    assert [found[fact["plant"]].note(is_open(fact) and found[fact["plant"]].scale != 1) for fact in facts] == list(
        kilns["note"]
    )
    scaled = {name for name, match in found.items() if match.scale != 1}
    assert scaled == {
        "Citeureup",
        "Narogong",
        "Cilacap",
        "Kupang",
        "Karawang (Jui Shin)",
        "Ajibarang Banyumas (Semen Bima)",
    }
    for name in scaled:  # together they then have what the tracker has
        own = [f for f in facts if f["plant"] == name and f["status"] == "operating"]
        cement = sum(float(f["cement_capacity_t_per_yr"]) * (found[name].scale if is_open(f) else 1) for f in own)
        plant = found[name].plant
        assert plant is not None
        assert cement == pytest.approx(plant.capacity)


ASSUMED = "clinker_capacity_t_per_yr; cement_capacity_t_per_yr"


def match_of(plants: list[TrackerPlant], **changes: str) -> Match:
    fact = {"plant": "Alpha", "owner": "PT Semen Beta", "lat": "-6.0", "lon": "106.0", "status": "operating",
            "cement_capacity_t_per_yr": "1000000", "assumed_fields": ASSUMED, **changes}  # fmt: skip
    return matches([fact], plants)["Alpha"]


def test_place_and_name_are_both_needed() -> None:
    near = TrackerPlant("Alpha Cement Plant", -6.1, 106.0, 1.5e6)  # 11 km
    assert match_of([near]).plant == near
    assert match_of([near]).distance == pytest.approx(11.1, abs=0.1)
    assert match_of([TrackerPlant("Semen Gamma Cement Plant", -6.0, 106.0, 1.5e6)]).plant is None
    far = TrackerPlant("Alpha Cement Plant", -6.3, 106.0, 1.5e6)  # 33 km
    assert match_of([far]).plant is None
    assert match_of([far], assumed_fields=f"{ASSUMED}; lat; lon").plant == far
    both = TrackerPlant("Semen Beta Alpha Cement Plant", -6.1, 106.0, 1.5e6)
    assert match_of([near, both, far]).plant == both


@pytest.mark.parametrize(
    ("theirs", "assumed", "status", "scale"),
    [
        (1.05, ASSUMED, "operating", 1.0), (1.5, ASSUMED, "operating", 1.5), (0.6, ASSUMED, "operating", 0.6),
        (2.5, ASSUMED, "operating", 1.0), (0.4, ASSUMED, "operating", 1.0),
        (1.5, "clinker_capacity_t_per_yr", "operating", 1.0), (1.5, ASSUMED, "mothballed", 1.0),
    ],
)  # fmt: skip
def test_only_assumed_capacities_of_kilns_at_work_are_scaled(
    theirs: float, assumed: str, status: str, scale: float
) -> None:
    plant = TrackerPlant("Alpha Cement Plant", -6.0, 106.0, theirs * 1e6)
    assert match_of([plant], assumed_fields=assumed, status=status).scale == pytest.approx(scale)
