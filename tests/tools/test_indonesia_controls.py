"""What pages on single plants say of their controls reaches the bundled fleet, with its source."""

from __future__ import annotations

import pytest

from build_indonesia import BUNDLED, READ_ME
from hginventory.inputs.bundled import read_fleet
from hginventory.vocabulary import COAL_POWER, UNKNOWN
from indonesia_controls import GROUPS, READ_ELSEWHERE, boiler_of, page_of, reported_controls

UNITS = read_fleet(BUNDLED).units
FACT = {"plant": "", "controls_basis": "general knowledge, unverified", "assumed_fields": "", "boiler_type": "PC",
        "pm_control": "ESP", "so2_control": "WFGD", "nox_control": "LNB"}  # fmt: skip


@pytest.mark.parametrize("plant", READ_ELSEWHERE)
def test_each_page_is_about_a_plant_of_the_fleet(plant: str) -> None:
    of_plant = UNITS[UNITS["plant"].str.contains(plant)]
    assert len(of_plant) >= 1
    read, page = READ_ELSEWHERE[plant]
    for column, code in read.items():
        assert set(of_plant[column]) == {code}
    assert of_plant["source_id"].str.endswith("pages-on-plants").all()
    assert of_plant["note"].str.contains(page, regex=False).all()


def test_what_no_page_says_stays_unknown() -> None:
    assert reported_controls({**FACT, "plant": "Somewhere power station"}) == dict.fromkeys(GROUPS, UNKNOWN)
    assert page_of({**FACT, "plant": "Somewhere power station"}) == ""
    known = {**FACT, "plant": "Cikarang Babelan power station"}
    assert reported_controls(known) == {**dict.fromkeys(GROUPS, UNKNOWN), "pm_control": "ESPc"}
    assert boiler_of(known) == "CFB"
    assert page_of(known)


def test_the_first_page_counts_the_units_with_controls() -> None:
    coal = UNITS[UNITS["sector"] == COAL_POWER]
    stated = coal[list(GROUPS)].fillna(UNKNOWN).ne(UNKNOWN).any(axis=1)
    of_pages = coal["source_id"].str.endswith("pages-on-plants")
    assert any(f"controls ({(stated & ~of_pages).sum()} units, some in part)" in line for line in READ_ME)
    assert any(f"Controls of {(stated & of_pages).sum()} more units" in line for line in READ_ME)
