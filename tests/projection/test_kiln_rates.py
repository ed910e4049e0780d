"""Kilns of countries whose plants report: their measured rate is the default, and what a kiln states comes first."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.data_gaps import cells_to_fill
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Tier

LIBRARY = hg.load_library()
AIR = "air_kg_per_yr"
P95 = 1.6448536269514722
MEGATONNE = 1.0e6
KILN = {"plant": "A", "unit": "1", "country": "ESP", "clinker_output": MEGATONNE, "start_year": 2010}
STACK_TEST = {"unit_id": "K0", "date": "2020-05-01", "kind": "stack_test", "quantity": "hg_yearly", "unit": "kg/yr",
              "uncertainty": 0.2, "uncertainty_kind": "rsd"}  # fmt: skip


def run(*kilns: dict[str, Any], draws: int = 50, **sheets: list[dict[str, Any]]) -> hg.Run:
    """Return a run of kilns that make a million tonnes of clinker in Spain, unless they say otherwise."""
    rows = [{**KILN, "unit_id": f"K{n}", **cells} for n, cells in enumerate(kilns)]
    tables = {"Cement_kilns": rows, **sheets}
    fleet = fleet_from_tables({name: pd.DataFrame(table) for name, table in tables.items()})
    return hg.project(fleet, base_year=2020, draws=draws, seed=1)


def rate(country: str) -> float:
    """Return the factor of a country or region [g/t]."""
    return LIBRARY.row(f"cement_emission_factor/{country}/any").number()


@pytest.mark.parametrize(
    ("country", "row"),
    [("ESP", "ESP"), ("FRA", "FRA"), ("ITA", "ITA"), ("NOR", "NOR"), ("DEU", "EU"), ("POL", "EU"), ("CHE", "EU")],
)
def test_a_kiln_without_data_of_its_own_has_the_rate_of_its_country_or_region(country: str, row: str) -> None:
    one = run({"country": country})
    assert one.units[AIR].iloc[0] == pytest.approx(rate(row) * MEGATONNE / 1000.0, rel=1e-9)
    assert one.projection.tier[0] is Tier.EMISSION_FACTOR
    found = one.projection.parameters["emission_factor"].of_unit(0)
    assert (found.origin, found.refs) == ("default", (f"cement_emission_factor/{row}/any",))
    assert one.projection.parameters["hg_raw_meal"].of_unit(0).origin == "none"


@pytest.mark.parametrize("country", ["IDN", "CHN", "USA", "TUR", "SRB", "IND"])
def test_kilns_elsewhere_keep_the_mass_balance(country: str) -> None:
    one = run({"country": country})
    assert one.projection.tier[0] is Tier.MASS_BALANCE
    assert one.projection.parameters["kiln_model"].of_unit(0).origin == "default"


@pytest.mark.parametrize(
    ("cells", "tier"),
    [
        ({"hg_raw_meal": 0.03}, Tier.MASS_BALANCE),
        ({"hg_limestone": 0.03}, Tier.MASS_BALANCE),
        ({"hg_fuel": 0.1}, Tier.MASS_BALANCE),
        ({"measured_air": 12.0}, Tier.MEASURED),
        ({"method": "tier2"}, Tier.MASS_BALANCE),
        ({"method": "tier1"}, Tier.EMISSION_FACTOR),
        ({"fuels": "petcoke"}, Tier.EMISSION_FACTOR),
        ({"kiln_type": "wet"}, Tier.EMISSION_FACTOR),
        ({"country": "IDN", "method": "tier1"}, Tier.EMISSION_FACTOR),
    ],
)
def test_what_a_kiln_states_of_its_mercury_comes_first(cells: dict[str, Any], tier: Tier) -> None:
    assert run(cells).projection.tier[0] is tier


def test_a_fuel_with_a_content_of_its_own_is_data_of_the_kiln() -> None:
    fuel = {
        "fuel_id": "C1",
        "hg_coal": 0.1,
        "hg_basis": "as received",
        "calorific_value": 25.0,
        "cv_basis": "net as received",
    }
    assert run({"fuels": "C1"}, Fuels=[fuel]).projection.tier[0] is Tier.MASS_BALANCE


def test_a_national_content_of_the_user_is_not_left_unused() -> None:
    own = {"factor_id": "cement_material/limestone/WLD", "value": 0.01, "unit": "mg/kg",
           "reason": "own quarries", "source_id": "own"}  # fmt: skip
    one = run({}, Factors=[own])
    assert one.projection.tier[0] is Tier.MASS_BALANCE
    assert one.projection.parameters["kiln_model"].of_unit(0).origin == "none"


@pytest.mark.parametrize(
    ("controls", "left"),
    [("none", 1.0), ("FF", 1.0), ("ESP+SNCR", 1.0), ("FF+ACI-FF", 0.1), ("FF+WS", 0.4), ("FF+TDT", 0.2)],
)
def test_a_listed_control_acts_once_on_the_rate_of_plants_without(controls: str, left: float) -> None:
    """Filters that return their dust are what the plants of the register have; most have no mercury control."""
    assert run({"controls": controls}).units[AIR].iloc[0] == pytest.approx(left * rate("ESP") * 1000.0, rel=1e-9)


def test_the_share_to_air_cancels() -> None:
    first, second = run({}, {"air_share": 0.7}).units[AIR]
    assert first == pytest.approx(second)


def test_percentiles_of_draws_are_those_of_the_row() -> None:
    row = LIBRARY.row("cement_emission_factor/ESP/any")
    units = run({}, draws=20000).certainty.units.iloc[0]
    assert units["air_kg_per_yr_p05"] == pytest.approx(row.number("low") * 1000.0, rel=0.06)
    assert units["air_kg_per_yr_p95"] == pytest.approx(row.number("high") * 1000.0, rel=0.06)


def test_kilns_on_default_inputs_reach_down_to_what_a_country_may_report() -> None:
    """The 5th percentile of a country of many kilns is that of the mean of a country of which nothing is known."""
    row = LIBRARY.row("cement_emission_factor/EU/any")
    known = math.sqrt(dict(row.scopes)["country"]) * row.number("spread")
    lowest = row.number() * 1000.0 * math.exp(-(known**2) / 2.0 - P95 * known)
    kilns = [{"country": "NPL", "plant": f"P{n}"} for n in range(400)]
    totals = run(*kilns, draws=3000).certainty.totals.set_index("quantity")
    assert totals["p05"].iloc[0] / len(kilns) == pytest.approx(lowest, rel=0.12)


def test_an_analysis_of_the_raw_meal_leaves_no_doubt_of_default_inputs() -> None:
    default, own = run({"country": "NPL"}, {"country": "NPL", "hg_raw_meal": 0.04}, draws=4000).certainty.units[
        "air_kg_per_yr_p05"
    ]
    assert own > 5.0 * default


def test_a_stack_test_moves_the_rate_of_a_kiln_and_narrows_it() -> None:
    without = run({}, draws=2000)
    tested = run({}, draws=2000, Measurements=[{**STACK_TEST, "value": 60.0}])
    assert without.units[AIR].iloc[0] < 25.0 < tested.units[AIR].iloc[0] < 60.0
    assert tested.projection.tier[0] is Tier.EMISSION_FACTOR
    before, after = (one.certainty.units.iloc[0] for one in (without, tested))
    assert after["air_kg_per_yr_p95"] / after["air_kg_per_yr_p05"] < 5.0
    assert before["air_kg_per_yr_p95"] / before["air_kg_per_yr_p05"] > 15.0


def test_a_stack_test_elsewhere_narrows_the_difference_of_default_inputs_as_well() -> None:
    kiln = {"country": "IDN"}
    without, tested = run(kiln), run(kiln, Measurements=[{**STACK_TEST, "value": 20.0}])
    before, after = (one.projection.parameters["kiln_model"].of_unit(0).spread for one in (without, tested))
    assert before is not None
    assert after is not None
    assert after.size < 0.4 * before.size
    assert tested.units[AIR].iloc[0] < 0.6 * without.units[AIR].iloc[0]


def test_the_clinker_factor_of_a_region_comes_before_that_of_the_world() -> None:
    cement = {"clinker_output": None, "cement_capacity": 1.0e6, "utilisation": 1.0}
    german, other = run({**cement, "country": "DEU"}, {**cement, "country": "NPL"}).units["clinker_t_per_yr"]
    assert (german, other) == pytest.approx((0.77e6, 0.72e6))


def test_a_default_rate_counts_as_a_default_and_an_analysis_is_asked_for() -> None:
    gaps = run({}).gaps().loc["raw meal mercury"]
    assert gaps["share_on_default"] == 1.0
    assert "hg_limestone" in cells_to_fill(run({}).projection)["column"].tolist()
    assert run({"hg_raw_meal": 0.03}).gaps().loc["raw meal mercury", "share_on_default"] == 0.0
