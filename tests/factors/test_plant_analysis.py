"""An analysis of coal counts for the units of its plant that burn the same coal, and for no other."""

from __future__ import annotations

import pandas as pd
import pytest

import hginventory as hg

ANALYSED = {
    "unit_id": "A", "plant": "Central", "owner": "O", "country": "POL", "coal_type": "lignite", "hg_coal": 0.39,
    "hg_basis": "as received", "capacity_gross": 300.0, "status": "operating", "start_year": 2005,
}  # fmt: skip


def content_of_the_other(**cells: object) -> float:
    """Return the content [mg/kg] of a second unit without an analysis, equal to the first but for these cells."""
    other = {**ANALYSED, "unit_id": "B", "hg_coal": None, "hg_basis": None, **cells}
    run = hg.project(hg.fleet_from_frame(pd.DataFrame([ANALYSED, other]), settings={"base_year": 2026}), draws=0)
    return float(run.units["hg_coal_mg_per_kg"].iloc[1])


def test_units_of_the_plant_with_the_same_coal_share_it() -> None:
    assert content_of_the_other() == pytest.approx(0.39)


@pytest.mark.parametrize(
    "cells",
    [{"coal_type": "bituminous"}, {"coal_type": None}, {"country": "IDN"}, {"owner": "Q"}, {"plant": "East"}],
)
def test_another_coal_country_owner_or_plant_does_not(cells: dict[str, object]) -> None:
    assert content_of_the_other(**cells) != pytest.approx(0.39)
