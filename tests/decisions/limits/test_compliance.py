"""Limits on their own basis: closed forms, published conversions, who a limit is for, and how likely it is broken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.compliance import on_basis, unit_rates
from hginventory.decisions.limits.compliance import check_limits, over_limit, summarise_limits
from hginventory.decisions.limits.limits_of_measure import limits_of
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.errors import UsageError
from hginventory.factors.library import load_library
from hginventory.model.emission_limits import limits_in_table, user_limit
from hginventory.model.limit_basis import UNITS, Basis, GasTables
from hginventory.projection import Projection
from hginventory.run import Run
from hginventory.scenarios import Measure

TABLES = GasTables(load_library())


@pytest.fixture(scope="module")
def run(drawn: Run) -> Run:
    return drawn


@pytest.fixture(scope="module")
def projection(run: Run) -> Projection:
    return run.projection


def gas(oxygen: float | None, temperature: float | None, moisture: str = "dry") -> Basis:
    return Basis("gas", "ug/Nm3", oxygen, temperature, moisture)


@pytest.mark.parametrize(
    ("sector", "value", "oxygen", "temperature", "at_reference"),
    [
        pytest.param("cement_kiln", 41.0, 7.0, 20.0, 35, id="facts_audit 5: 41 ug/dscm at 7 % O2"),
        pytest.param("cement_kiln", 120.0, 7.0, 20.0, 101, id="facts_audit 5: 120 ug/dscm at 7 % O2"),
        pytest.param("coal_power", 30.0, 7.0, 0.0, 32, id="facts_audit 5: 30 at 7 % O2 without the temperature"),
        pytest.param("coal_power", 30.0, 7.0, 25.0, 35, id="Indonesia 30 at 7 % O2 and 25 C"),
        pytest.param("coal_power", 30.0, 6.0, 0.0, 30, id="EU conditions are those of the table"),
    ],
)
def test_published_conversions(sector: str, value: float, oxygen: float, temperature: float, at_reference: int) -> None:
    assert round(value / TABLES.to_basis(sector, gas(oxygen, temperature))) == at_reference


def test_closed_form_of_oxygen_and_temperature() -> None:
    assert TABLES.to_basis("coal_power", gas(11.0, 0.0)) == pytest.approx((20.9 - 11) / (20.9 - 6))
    assert TABLES.to_basis("cement_kiln", gas(10.0, 20.0)) == pytest.approx(273.15 / 293.15)
    assert TABLES.to_basis("cement_kiln", gas(None, None)) == 1.0


def test_us_cubic_metre_and_oxygen_are_the_factors_of_the_method() -> None:
    """Cement method 4.5: at 7 % O2 a concentration is 1.28 times that at 10 %, and 20 C is another 1.073."""
    assert TABLES.to_basis("cement_kiln", gas(7.0, None)) == pytest.approx(1.28, abs=0.005)
    assert 1 / TABLES.to_basis("cement_kiln", gas(10.0, 20.0)) == pytest.approx(1.073, abs=0.001)


def test_wet_gas_holds_less_mercury_a_volume() -> None:
    assert TABLES.to_basis("coal_power", gas(6.0, 0.0, "wet")) < TABLES.to_basis("coal_power", gas(6.0, 0.0))


@pytest.mark.parametrize("oxygen", [-1.0, 20.9, 25.0])
def test_oxygen_outside_air_is_refused(oxygen: float) -> None:
    with pytest.raises(UsageError, match="oxygen of air"):
        TABLES.to_basis("coal_power", gas(oxygen, 0.0))


def test_rates_follow_from_emission_and_activity(projection: Projection) -> None:
    rates = unit_rates(projection.units, projection.parameters, TABLES)
    units = projection.units
    unit = units.index[(units["sector"] == "coal_power") & (units["air_kg_per_yr"] > 0)][0]
    row = units.loc[unit]
    heat_gj = row["coal_t_per_yr"] * row["calorific_value_mj_per_kg"]
    gross_ncv = row["calorific_value_mj_per_kg"] + TABLES.gross_minus_net(row["country"], row["coal_type"] or "unknown")
    gross_tj = row["coal_t_per_yr"] * gross_ncv / 1000
    assert rates.at[unit, "gas"] == pytest.approx(row["air_kg_per_yr"] * 1e9 / (heat_gj * 355))
    assert rates.at[unit, "gross_heat"] == pytest.approx(row["air_kg_per_yr"] * 1000 / gross_tj)
    assert rates.at[unit, "generation"] == pytest.approx(row["g_per_gwh"])
    gross_gwh = row["generation_net_gwh_per_yr"] * row["capacity_gross_mw"] / row["capacity_net_mw"]
    assert rates.at[unit, "gross_generation"] == pytest.approx(row["air_kg_per_yr"] * 1000 / gross_gwh)


def test_pound_per_trillion_btu_is_gross_and_close_to_the_audited_concentration(projection: Projection) -> None:
    """facts_audit 5: 1.2 lb/TBtu gross = 0.516 g/TJ gross = about 1.5 ug/Nm3 dry at 6 % O2."""
    rates = unit_rates(projection.units, projection.parameters, TABLES)
    coal = rates["sector"] == "coal_power"
    in_lb = on_basis(rates, Basis("gross_heat", "lb/TBtu"), TABLES)[coal]
    known = np.isfinite(in_lb)
    assert 1.2 * rates["gross_heat"].to_numpy()[coal][known] / in_lb[known] == pytest.approx(0.516, abs=0.001)
    concentration = 1.2 * rates["gas"].to_numpy()[coal][known] / in_lb[known]
    assert concentration.min() > 1.4
    assert concentration.max() < 1.65


@pytest.mark.parametrize(("pounds", "mg_per_t"), [(55.0, 27.5), (21.0, 10.5)])
def test_pounds_per_million_short_tons_clinker(projection: Projection, pounds: float, mg_per_t: float) -> None:
    """Cement method 2: 55 lb = 27.5 mg/t clinker, 21 lb = 10.5 mg/t."""
    rates = unit_rates(projection.units, projection.parameters, TABLES)
    ours = on_basis(rates, Basis("clinker", "lb/million short tons clinker"), TABLES)
    known = np.isfinite(ours)
    assert pounds * rates["clinker"].to_numpy()[known] * 1000 / ours[known] == pytest.approx(mg_per_t)


def test_kiln_concentration_of_the_default_gas_volume(projection: Projection) -> None:
    """Cement method 2: 0.05 mg/Nm3 = 115 mg/t clinker at 2,300 Nm3 a tonne."""
    rates = unit_rates(projection.units, projection.parameters, TABLES)
    kilns = rates["sector"] == "cement_kiln"
    per_t, in_gas = rates["clinker"].to_numpy()[kilns] * 1000, rates["gas"].to_numpy()[kilns] / 1000
    known = np.isfinite(in_gas)
    assert 0.05 * per_t[known] / in_gas[known] == pytest.approx(115.0)


def test_a_limit_of_half_a_tenth_milligram_changes_almost_no_kiln(projection: Projection) -> None:
    limit = user_limit(0.05, "mg/Nm3", sector="cement_kiln", o2_percent=10, temperature_c=0)
    row = summarise_limits(check_limits(projection, [limit])).iloc[0]
    assert row["units"] >= 40
    assert row["units_above"] <= 0.05 * row["units"]
    assert row["kg_above"] < 0.02 * row["kg_per_yr"]


def test_indonesian_limit_does_not_bind_and_the_us_one_does(run: Run) -> None:
    table = summarise_limits(check_limits(run.projection, limits_in_table(run.projection.library, ["IDN", "USA"])))
    indonesian = table[(table["jurisdiction"] == "IDN")].iloc[0]
    american = table[table["limit_id"].str.contains("existing, not low rank virgin coal/any")].iloc[0]
    assert indonesian["units_above"] < 0.05 * indonesian["units"]
    assert american["units_above"] > 0.9 * american["units"]


def test_fuel_age_and_size_decide_to_whom_a_limit_applies(projection: Projection) -> None:
    units = projection.units
    rates = unit_rates(projection.units, projection.parameters, TABLES)
    limits = {limit.applies_to: limit for limit in limits_in_table(projection.library, ["EU"])}
    small_lignite = np.isfinite(over_limit(projection, limits["lignite existing <300 MWth"]))
    new_hard = np.isfinite(over_limit(projection, limits["hard coal new >=300 MWth"]))
    assert small_lignite.any()
    assert new_hard.any()
    assert set(units.loc[small_lignite, "coal_type"]) == {"lignite"}
    assert (rates.loc[small_lignite, "heat_input_mw"] < 300).all()
    assert set(units.loc[new_hard, "status"]) == {"construction"}
    assert "lignite" not in set(units.loc[new_hard, "coal_type"])


@pytest.mark.parametrize(
    ("of_limit", "applies"),
    [
        ({"started_from": 2010.0}, True),  # from its first start year on
        ({"started_from": 2011.0}, False),
        ({"mwth_from": 1.0}, True),  # times the heat input of the unit: from the lower bound on
        ({"mwth_from": 1.001}, False),
        ({"mwth_to": 1.001}, True),
        ({"mwth_to": 1.0}, False),  # below the upper bound, so that a unit is under one of two limits that meet
    ],
)
def test_bounds_of_a_limit_are_half_open(of_limit: dict[str, float], applies: bool) -> None:
    """The unit started in 2010."""
    unit = coal_run(capacity_net=555.0).projection
    heat = float(unit_rates(unit.units, unit.parameters, TABLES)["heat_input_mw"].iloc[0])
    bounds = {name: bound * heat if name.startswith("mwth") else bound for name, bound in of_limit.items()}
    limit = replace(user_limit(1.0, "ug/Nm3"), **bounds)
    assert np.isfinite(over_limit(unit, limit)).tolist() == [applies]


COAL_ONLY = {"country": "IDN", "coal_type": "subbituminous", "status": "operating", "start_year": 2010,
             "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none"}  # fmt: skip


def coal_run(**cells: float) -> Run:
    fleet = hg.fleet_from_frame(pd.DataFrame([{"unit_id": "U1", **COAL_ONLY, **cells}]), settings={"base_year": 2026})
    return hg.project(fleet, draws=0)


def test_a_unit_without_a_capacity_is_under_the_limits_of_its_coal() -> None:
    """Size follows from the heat of the coal, so every limit and basis that holds for the unit with a size holds."""
    sized = coal_run(capacity_net=555.0)
    run = coal_run(coal_use=float(sized.units["coal_t_per_yr"].iloc[0]))
    first, second = (
        unit_rates(one.projection.units, one.projection.parameters, TABLES).drop(columns=["sector", "clinker"])
        for one in (sized, run)
    )
    assert second.to_numpy() == pytest.approx(first.to_numpy())
    for limit in (user_limit(1.0, "ug/Nm3"), *limits_in_table(load_library(), ["EU", "IDN", "USA"])):
        applied = [np.isfinite(over_limit(one.projection, limit))[0] for one in (sized, run)]
        assert applied[0] == applied[1], limit.limit_id
    assert over_limit(run.projection, user_limit(1.0, "ug/Nm3"))[0] > 1.0


def test_a_limit_as_a_measure_holds_for_a_unit_without_a_capacity() -> None:
    baseline = Baseline(coal_run(coal_use=2.0e6).projection)
    limit = Measure(action="emission_limit", value=1.0, unit="ug/Nm3", from_year=2030)
    assert baseline.over(*limits_of(baseline.projection, limit))[0] > 1.0


def test_ratio_is_the_rate_over_the_limit(projection: Projection) -> None:
    once, twice = (over_limit(projection, user_limit(v, "ug/Nm3")) for v in (10.0, 5.0))
    assert twice[np.isfinite(once)] == pytest.approx(2 * once[np.isfinite(once)])


def test_probabilities_fall_as_the_limit_rises(run: Run) -> None:
    limits = [user_limit(v, "ug/Nm3") for v in (1.0, 5.0, 25.0)]
    checked = check_limits(run.projection, limits)
    by_limit = checked.pivot(index="unit_id", columns="limit", values="p_exceed")
    assert (by_limit[1.0] >= by_limit[5.0]).all()
    assert (by_limit[5.0] >= by_limit[25.0]).all()
    assert by_limit.to_numpy().min() >= 0
    assert by_limit.to_numpy().max() <= 1


def test_every_limit_in_force_states_what_it_is_per() -> None:
    for limit in limits_in_table(load_library()):
        assert limit.basis.unit in UNITS, limit.limit_id
        assert limit.basis.per == "generation" or UNITS[limit.basis.unit][0] == limit.basis.per, limit.limit_id
        assert limit.conditions_from, limit.limit_id
        if limit.basis.per == "gas":
            assert limit.basis.temperature_c is not None, limit.limit_id


@pytest.mark.parametrize(
    ("value", "unit", "message"), [(0.0, "mg/Nm3", "above 0"), (1.0, "furlong", "lb/TBtu"), (-1.0, "lb/GWh", "above 0")]
)
def test_a_limit_that_is_none_is_refused(value: float, unit: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        user_limit(value, unit)


def test_an_unknown_jurisdiction_is_refused() -> None:
    with pytest.raises(UsageError, match="Use one of: AUT"):
        limits_in_table(load_library(), ["XXX"])


@pytest.mark.parametrize(
    ("base_year", "years"),
    [(2005, {"JPN": {13}, "CHN": {9}}), (2015, {"JPN": {3}, "CHN": {0}}), (2026, {"JPN": {0}, "CHN": {0}})],
)
def test_each_limit_says_how_far_the_base_year_is(base_year: int, years: dict[str, set[int]]) -> None:
    """For kilns: the Japanese limits hold from 2018-04-01, the Chinese from 2014."""
    run = hg.project("indonesia", base_year=base_year, draws=0, where="sector == 'cement_kiln'")
    checked = run.limits(countries=list(years))
    assert checked.groupby("jurisdiction")["years_off"].agg(set).to_dict() == years
    assert summarise_limits(checked).groupby("jurisdiction")["years_off"].agg(set).to_dict() == years


def test_a_unit_that_emits_nothing_is_under_no_limit(projection: Projection) -> None:
    idle = projection.units.index[projection.units["air_kg_per_yr"] == 0]
    assert len(idle)
    checked = check_limits(projection, [user_limit(5.0, "ug/Nm3", sector="cement_kiln"), user_limit(5.0, "ug/Nm3")])
    assert not set(idle) & set(checked["unit_id"])
