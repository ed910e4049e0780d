"""The headline numbers of a list, computed again from the table of its units."""

from __future__ import annotations

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.ranking import SectorSummary

PER = {"coal_power": ("generation_net_gwh_per_yr", "g/GWh"), "cement_kiln": ("clinker_t_per_yr", "g/t clinker")}


@pytest.fixture(scope="module", params=list(PER))
def case(request: pytest.FixtureRequest, central: hg.Run) -> tuple[SectorSummary, hg.Run]:
    return next(one for one in central.summary(top=7) if one.sector == request.param), central


def test_emissions_and_intensity(case: tuple[SectorSummary, hg.Run]) -> None:
    found, run = case
    units = run.units[run.units["sector"] == found.sector]
    activity, unit = PER[found.sector]
    assert found.air_base_year_kg == pytest.approx(units.loc[units["operates_in_base_year"], "air_kg_per_yr"].sum())
    assert found.lifetime_t == pytest.approx(units["lifetime_kg"].sum() / 1000)
    assert found.intensity == pytest.approx(1000 * units["air_kg_per_yr"].sum() / units[activity].sum())
    assert found.intensity_unit == unit
    building = units[(units["status"] == "construction") & ~units["operates_in_base_year"]]
    assert found.air_construction_kg_per_yr == pytest.approx(building["air_kg_per_yr"].sum())


def test_counts(case: tuple[SectorSummary, hg.Run]) -> None:
    found, run = case
    units = run.units[run.units["sector"] == found.sector]
    status = units["inventory_status"].value_counts()
    past = units[units["operates_in_base_year"] & (units["remaining_years"] == 0)]
    assert found.units_operating == status["operating"] == units["operates_in_base_year"].sum()
    assert found.units_construction == status.get("construction", 0)
    assert found.units_outside == status.get("outside", 0)
    assert found.units_total == found.units_ranked == len(units) - found.units_outside
    assert found.units_past_lifetime == len(past) > 0
    assert found.air_past_lifetime_kg == pytest.approx(past["air_kg_per_yr"].sum())


def test_concentration(case: tuple[SectorSummary, hg.Run]) -> None:
    found, run = case
    kg = np.sort(run.units.loc[run.units["sector"] == found.sector, "lifetime_kg"].dropna())[::-1]
    shares = kg.cumsum() / kg.sum()
    assert (found.top_n, found.top_share) == (7, pytest.approx(shares[6]))
    for units, share in ((found.units_for_half, 0.5), (found.units_for_75, 0.75)):
        assert shares[units - 1] >= share > shares[units - 2]
    emitting = kg[kg > 0]
    differences = np.abs(emitting[:, None] - emitting[None, :]).mean() / (2 * emitting.mean())
    assert found.gini == pytest.approx(differences, rel=1e-9)
