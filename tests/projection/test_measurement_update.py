"""Measurements in the model: by hand where that can be done, and what must hold however they are combined."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.ensemble.numpy_engine import NormalStore, row_values
from hginventory.factors.flue_gas import FlueGas
from hginventory.factors.measurements import log_sd_of
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet, subset
from hginventory.report.tables.written_tables import factors_used
from hginventory.uncertainty.ensemble_input import assemble

COAL = pd.DataFrame({
    "unit_id": ["A1", "A2", "B1"], "plant": ["A", "A", "B"], "unit": ["1", "2", "1"], "country": "IDN",
    "capacity_gross": [600, 600, 300], "start_year": 2015, "coal_type": "subbituminous", "pm_control": "ESPc",
    "so2_control": "none", "nox_control": "none", "hg_control": "none", "boiler": "PC",
})  # fmt: skip
KILNS = pd.DataFrame({"unit_id": ["K1", "K2"], "plant": ["K", "L"], "unit": "1", "country": "IDN",
                      "clinker_capacity": [2e6, 1e6], "start_year": 2015})  # fmt: skip
YEAR_SD, STACK_YEAR_SD = 0.17, 0.4


def row(unit_id: str, quantity: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    """Return a row of the sheet Measurements, with an uncertainty of 20 % as standard deviation."""
    kind = "coal_analysis" if quantity == "hg_coal" else "stack_test"
    stated = {"uncertainty": 0.2, "uncertainty_kind": "rsd"}
    return {"unit_id": unit_id, "date": "2023-05-01", "kind": kind, "quantity": quantity, "value": value, "unit": unit,
            **stated, **more}  # fmt: skip


def project(*rows: dict[str, Any], **columns: Any) -> Projection:
    """Return the projection of three coal units and two kilns with measurements."""
    tables = {"Coal_units": COAL.assign(**columns), "Cement_kilns": KILNS}
    if rows:
        tables["Measurements"] = pd.DataFrame(list(rows))
    return project_fleet(fleet_from_tables(tables), base_year=2024)


def codes(projection: Projection) -> list[str]:
    return [one.code for one in projection.findings if one.sheet == "Measurements"]


BEFORE = project()
OF_TEST = math.sqrt(math.log1p(0.2**2))
ERROR, STACK_ERROR = math.hypot(OF_TEST, YEAR_SD), math.hypot(OF_TEST, STACK_YEAR_SD)


def test_an_analysis_moves_the_content_as_in_the_closed_form() -> None:
    prior = BEFORE.parameters["hg_coal"].of_unit(0)
    assert prior.spread is not None
    part = prior.spread.size**2 / (prior.spread.size**2 + ERROR**2)
    after = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received"))
    found = after.parameters["hg_coal"].of_unit(0)
    assert found.value == pytest.approx(prior.value ** (1 - part) * 0.2**part)
    assert found.origin == "measured"
    assert found.refs == ("Measurements!value[0]", *prior.refs)
    assert found.spread is not None
    assert found.spread.size == pytest.approx(prior.spread.size * math.sqrt(1 - part))
    assert after.units.loc["A1", "air_kg_per_yr"] == pytest.approx(
        BEFORE.units.loc["A1", "air_kg_per_yr"] * found.value / prior.value
    )
    assert after.units.loc["A1", "hg_origin"] == "measured"
    (point,) = after.measured
    assert (point.measured, point.predicted) == (0.2, pytest.approx(prior.value))
    assert point.after == pytest.approx(found.value)
    assert point.weight == pytest.approx(part)
    expected = math.log(prior.value) - prior.spread.size**2 / 2
    assert point.z == pytest.approx((math.log(0.2) - expected) / math.hypot(prior.spread.size, ERROR))


def test_an_analysis_counts_for_the_coal_of_its_plant_and_for_no_other() -> None:
    after = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received")).units["hg_coal_mg_per_kg"]
    assert after["A1"] == after["A2"] > BEFORE.units.loc["A1", "hg_coal_mg_per_kg"]
    assert after["B1"] == BEFORE.units.loc["B1", "hg_coal_mg_per_kg"]
    two_coals = {"coal_type": ["subbituminous", "lignite", "subbituminous"]}
    other = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received"), **two_coals)
    assert other.units.loc["A2", "hg_origin"] == "default"


def test_a_dry_content_is_moistened_before_it_counts() -> None:
    wet = project(row("A1", "hg_coal", 0.14, "mg/kg", basis="as_received"), moisture=0.3)
    dry = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="dry"), moisture=0.3)
    assert dry.units.loc["A1", "hg_coal_mg_per_kg"] == pytest.approx(wet.units.loc["A1", "hg_coal_mg_per_kg"])
    assert dry.measured[0].measured == 0.2
    assert dry.measured[0].predicted == pytest.approx(wet.measured[0].predicted / 0.7)
    assert codes(project(row("A1", "hg_coal", 0.2, "mg/kg"))) == ["N703"]


def per_heat(projection: Projection, unit: str) -> float:
    """Return the mercury to air per net heat [g/TJ]."""
    one = projection.units.loc[unit]
    return float(one["air_kg_per_yr"] * 1e6 / (one["coal_t_per_yr"] * one["calorific_value_mj_per_kg"]))


def test_a_stack_test_moves_the_emission_as_in_the_closed_form() -> None:
    predicted = per_heat(BEFORE, "A1")
    content, removal, heat = (BEFORE.parameters[name].of_unit(0) for name in ("hg_coal", "removal", "calorific_value"))
    assert content.spread is not None
    assert removal.spread is not None
    assert heat.spread is not None
    sizes = content.spread.size, log_sd_of(removal.spread, 1 - removal.value)
    variance = sizes[0] ** 2 + sizes[1] ** 2
    part = variance / (variance + STACK_ERROR**2 + log_sd_of(heat.spread) ** 2)
    after = project(row("A1", "hg_per_heat", 3 * predicted, "g/TJ"))
    assert per_heat(after, "A1") == pytest.approx(predicted * 3**part, rel=1e-9)
    new_content, new_removal = (after.parameters[name].of_unit(0) for name in ("hg_coal", "removal"))
    assert new_content.value == pytest.approx(content.value * 3 ** (part * sizes[0] ** 2 / variance))
    assert 1 - new_removal.value == pytest.approx((1 - removal.value) * 3 ** (part * sizes[1] ** 2 / variance))
    assert new_removal.origin == "measured"
    assert new_removal.refs[0] == "Measurements!value[0]"
    assert per_heat(after, "B1") == pytest.approx(per_heat(BEFORE, "B1"))


@pytest.mark.parametrize(
    ("quantity", "unit", "basis", "needed"),
    [
        ("hg_per_heat", "g/TJ", {}, ["calorific_value"]),
        ("hg_per_heat", "g/TJ", {"coal_use": 9e5}, ["calorific_value"]),
        ("hg_per_heat", "g/TJ", {"heat_input_net": 2e4}, ["calorific_value"]),
        ("hg_concentration", "ug/Nm3", {"coal_use": 9e5}, ["calorific_value"]),
        ("hg_per_gwh", "g/GWh", {}, ["calorific_value", "net_efficiency"]),
        ("hg_per_gwh", "g/GWh", {"coal_use": 9e5}, ["calorific_value", "net_efficiency"]),
        ("hg_per_gwh", "g/GWh", {"heat_input_net": 2e4}, ["calorific_value", "net_efficiency"]),
        ("hg_rate", "g/h", {"coal_use": 9e5, "calorific_value": 19.0}, ["calorific_value", "net_efficiency"]),
        ("hg_yearly", "kg/yr", {"coal_use": 9e5}, ["activity"]),
        ("hg_yearly", "kg/yr", {"heat_input_net": 2e4}, ["calorific_value", "activity"]),
        ("hg_yearly", "kg/yr", {"generation_net": 2000.0}, ["calorific_value", "net_efficiency", "activity"]),
    ],
)  # fmt: skip
def test_what_lies_between_emission_and_quantity_adds_to_the_error(
    quantity: str, unit: str, basis: dict[str, float], needed: list[str]
) -> None:
    """Rates need heating value and efficiency also where the run computes the coal without them."""
    state = {"reference_o2": 6, "gas_basis": "dry_0c"} if quantity == "hg_concentration" else {}
    first = project(row("A1", quantity, 1.0, unit, **state), **basis).measured[0]
    after = project(row("A1", quantity, 3 * first.predicted, unit, **state), **basis).measured[0]
    each = math.sqrt(math.log1p(0.05**2))  # of a stated activity, heating value or efficiency
    spreads = {
        name: project(**basis).parameters[name].of_unit(0).spread for name in ("calorific_value", "net_efficiency")
    }
    sizes = [each if (spread := spreads.get(name)) is None else log_sd_of(spread) for name in needed]
    error = STACK_ERROR**2 + math.fsum(size**2 for size in sizes)
    assert after.weight == pytest.approx(after.predicted_ln_sd**2 / (after.predicted_ln_sd**2 + error), rel=1e-6)


def test_one_gas_says_the_same_on_every_basis() -> None:
    """A rate per heat, and the same as concentrations on two states of the gas."""
    gas = FlueGas(BEFORE.library)
    rate = 2 * per_heat(BEFORE, "A1")
    volume = gas.coal_gas("subbituminous")
    at_6 = rate * 1000 / volume
    at_7_25c = at_6 * (20.9 - 7) / (20.9 - 6) * 273.15 / 298.15
    wet = at_6 * (1 - gas.state("water_vapour", "coal_power"))
    found = [
        per_heat(project(one), "A1")
        for one in (
            row("A1", "hg_per_heat", rate, "g/TJ"),
            row("A1", "hg_concentration", at_6, "ug/Nm3", reference_o2=6),
            row("A1", "hg_concentration", at_7_25c / 1000, "mg/Nm3", reference_o2=7, gas_basis="dry_25c"),
            row("A1", "hg_concentration", wet, "ug/Nm3", reference_o2=6, gas_basis="wet_0c"),
        )
    ]
    assert found == [pytest.approx(found[0], rel=1e-9)] * 4
    assert found[0] > per_heat(BEFORE, "A1")


@pytest.mark.parametrize(("quantity", "unit", "number"), [
    ("hg_yearly", "kg/yr", lambda u: u["air_kg_per_yr"]),
    ("hg_per_gwh", "g/GWh", lambda u: u["air_kg_per_yr"] * 1000 / u["generation_net_gwh_per_yr"]),
    ("hg_rate", "g/h", lambda u: u["air_kg_per_yr"] * 1000 / (8760 * u["capacity_factor"])),
    ("removal", "1", lambda u: u["removal"]),
])  # fmt: skip
def test_a_measurement_as_predicted_moves_nothing_and_narrows(quantity: str, unit: str, number: Any) -> None:
    after = project(row("A1", quantity, float(number(BEFORE.units.loc["A1"])), unit))
    others = ["A1", "B1", "K1", "K2"]  # the median of the mate, and with it its mean, rises: see test_plant_update
    np.testing.assert_allclose(after.units["air_kg_per_yr"][others], BEFORE.units["air_kg_per_yr"][others], rtol=1e-9)
    (point,) = after.measured
    at_stack = quantity not in ("hg_coal", "removal")
    rise = 0.67 * (1 - 0.67) * point.weight * point.predicted_ln_sd**2 / 2 if at_stack else 0.0
    of_mate = after.units.loc["A2", "air_kg_per_yr"] / BEFORE.units.loc["A2", "air_kg_per_yr"]
    assert of_mate == pytest.approx(math.exp(rise), rel=1e-9)
    assert point.measured == pytest.approx(point.predicted)
    assert 0 < point.z < 0.5 or quantity == "removal"  # the median lies below the mean
    assert width(after, "A1") < width(BEFORE, "A1")
    assert width(after, "B1") == width(BEFORE, "B1")


def width(projection: Projection, unit: str, draws: int = 2000) -> float:
    """Return the logarithm of the 90 % interval of a unit's remaining mercury."""
    units = certainty(projection, draws=draws).units.loc[unit]
    return float(np.log(units["lifetime_kg_p95"] / units["lifetime_kg_p05"]))


def test_draws_keep_the_mean_and_have_the_spread_of_the_posterior() -> None:
    """ln-sd by hand: of content and removal nothing but the error of the test and what it shares is left."""
    after = project(row("A1", "hg_per_heat", 2 * per_heat(BEFORE, "A1"), "g/TJ"), capacity_factor=0.64)
    units = certainty(after, draws=40_000, seed=5).units
    assert units.loc["A1", "lifetime_kg_mean"] == pytest.approx(after.units.loc["A1", "lifetime_kg"], rel=0.01)
    (point,) = after.measured
    error = after.parameters["stack_test"].of_unit(0).spread
    assert error is not None
    content = BEFORE.parameters["hg_coal"].of_unit(0).spread
    removal = BEFORE.parameters["removal"].of_unit(0)
    assert content is not None
    assert removal.spread is not None
    before = math.hypot(content.size, log_sd_of(removal.spread, 1 - removal.value))
    product = math.hypot(before * (1 - point.weight), error.size)
    assert product == pytest.approx(before * math.sqrt(1 - point.weight), rel=1e-9)
    rest = [0.05, 0.05, 0.05]  # activity as stated, efficiency, heating value
    expected = math.sqrt(product**2 + sum(size**2 for size in rest))
    quantiles = units.loc["A1", ["lifetime_kg_p05", "lifetime_kg_p95"]].to_numpy(dtype=float)
    assert np.log(quantiles[1] / quantiles[0]) / 3.2897 == pytest.approx(expected, rel=0.03)


def test_the_shared_part_stays_shared() -> None:
    """Covariance of a measured unit with one of another plant: (1 - K) times that before, as conditioning says."""

    def covariance(projection: Projection) -> float:
        given = assemble(projection, {}, {})
        store = NormalStore(given.rows.stream[given.rows.weight > 0], 3, 40_000)
        logs = np.log(row_values(given, slice(0, 3), store))
        return float(np.cov(logs[0], logs[2])[0, 1])

    after = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received"))
    content = BEFORE.parameters["hg_coal"].of_unit(0).spread
    assert content is not None
    shared = dict(content.scopes)["country"] * content.size**2
    (point,) = after.measured
    assert covariance(BEFORE) - covariance(after) == pytest.approx(shared * point.weight, rel=0.1)


def test_more_measurements_narrow_and_their_order_does_not_matter() -> None:
    rows = [
        row("A1", "hg_coal", 0.12, "mg/kg", basis="as_received"),
        row("A1", "hg_per_heat", 4.0, "g/TJ"),
        row("A1", "hg_yearly", 120, "kg/yr", date="2021-01-01", kind="CEMS"),
        row("A2", "removal", 0.3, "1"),
        row("A2", "hg_coal", 0.10, "mg/kg", basis="as_received", date="2022-01-01"),
    ]
    widths = [width(project(*rows[:count]), "A1") for count in (0, 1, 2, 3)]
    assert widths == sorted(widths, reverse=True)
    columns = ["hg_coal_mg_per_kg", "removal", "air_kg_per_yr"]
    first = project(*rows).units[columns]
    for order in (rows[::-1], rows[2:] + rows[:2]):
        pd.testing.assert_frame_equal(project(*order).units[columns], first, rtol=1e-12)


def test_the_balance_closes_and_pathways_follow_the_removal() -> None:
    after = project(row("A1", "removal", 0.6, "1"), row("A1", "hg_per_heat", 9.0, "g/TJ"))
    balance = after.mass_balance
    parts = balance.drop(columns="hg_in_kg_per_yr").sum(axis=1)
    np.testing.assert_allclose(parts, balance["hg_in_kg_per_yr"], rtol=1e-9)
    assert after.units.loc["A1", "removal"] == pytest.approx(after.parameters["removal"].of_unit(0).value)


def test_far_more_than_the_coal_holds_raises_the_content_and_is_flagged() -> None:
    after = project(row("A1", "hg_per_heat", 1000 * per_heat(BEFORE, "A1"), "g/TJ"))
    assert "W528" in codes(after)
    assert after.measured[0].z > 3
    assert 0.0 <= after.units.loc["A1", "removal"] < 1.0
    assert per_heat(after, "A1") == pytest.approx(per_heat(BEFORE, "A1") * 1000 ** after.measured[0].weight, rel=1e-9)


def test_a_coal_below_detection_beside_a_stack_that_shows_mercury_cannot_both_hold() -> None:
    """Mistake 8 of the coal page: coal under 0.01 mg/kg and 10 ug/Nm3 in the stack."""
    coal = row("A1", "hg_coal", 0.005, "mg/kg", basis="as_received")
    stack = row("A1", "hg_concentration", 10, "ug/Nm3", reference_o2=6)
    after = project(coal, stack)
    assert "W528" in codes(after)
    assert max(point.z for point in after.measured) > 3


def test_two_measurements_that_exclude_each_other_are_flagged() -> None:
    near = [row("A1", "hg_coal", value, "mg/kg", basis="as_received", date=f"20{y}-01-01") for value, y in
            ((0.10, 20), (0.13, 21))]  # fmt: skip
    assert codes(project(*near)) == []
    far = [near[0], {**near[1], "value": 0.5}]
    found = [one for one in project(*far).findings if one.code == "W529"]
    assert [one.cell for one in found] == ["value[1]"]
    assert "Measurements!value[0]" in found[0].found
    stack = [row("A1", "hg_per_heat", 1.0, "g/TJ"), row("A1", "hg_per_heat", 9.0, "g/TJ", date="2022-01-01")]
    assert "W529" in codes(project(*stack))


def test_a_test_without_uncertainty_has_the_usual_one_of_its_kind() -> None:
    blank = {"uncertainty": None, "uncertainty_kind": None}
    weights = {
        kind: project({**row("A1", "hg_per_heat", 4.0, "g/TJ", kind=kind), **blank}).measured[0].weight
        for kind in ("stack_test", "CEMS")
    }
    assert 0.5 < weights["stack_test"] < weights["CEMS"] < 1.0


def per_clinker(projection: Projection, unit: str) -> float:
    """Return the mercury to air per clinker [g/t]."""
    return float(projection.units.loc[unit, "g_per_t_clinker"])


def test_a_kiln_follows_its_stack_and_its_loop_stays() -> None:
    gas = FlueGas(BEFORE.library)
    predicted = per_clinker(BEFORE, "K1") * 1e6 / gas.kiln_gas("", "IDN")
    after = project(row("K1", "hg_concentration", 3 * predicted, "ug/Nm3", reference_o2=10))
    (point,) = after.measured
    assert point.predicted == pytest.approx(predicted)
    assert 0.8 < point.weight < 1.0
    assert per_clinker(after, "K1") == pytest.approx(per_clinker(BEFORE, "K1") * 3**point.weight, rel=1e-9)
    assert after.units.loc["K1", "removal"] == pytest.approx(BEFORE.units.loc["K1", "removal"])
    assert after.units.loc["K1", "hg_origin"] == "measured"
    assert width(after, "K1") < 0.5 * width(BEFORE, "K1")
    assert per_clinker(after, "K2") == per_clinker(BEFORE, "K2")
    mean = certainty(after, draws=40_000).units.loc["K1", "lifetime_kg_mean"]
    assert mean == pytest.approx(after.units.loc["K1", "lifetime_kg"], rel=0.01)


@pytest.mark.parametrize("quantity", ["hg_rate", "hg_yearly"])
def test_a_kiln_as_predicted_stays_where_it_is(quantity: str) -> None:
    air = float(BEFORE.units.loc["K1", "air_kg_per_yr"])
    utilisation = BEFORE.parameters["utilisation"].of_unit(3).value
    value, unit = (air, "kg/yr") if quantity == "hg_yearly" else (air * 1000 / (8760 * 0.9) / utilisation, "g/h")
    after = project(row("K1", quantity, value, unit))
    assert after.units.loc["K1", "air_kg_per_yr"] == pytest.approx(air, rel=1e-9)
    assert after.measured[0].predicted == pytest.approx(value)


@pytest.mark.parametrize("method", ["tier1", "tier2", "tier3"])
def test_a_kiln_that_runs_nine_tenths_of_the_year_makes_its_capacity_in_these_hours(method: str) -> None:
    """2 Mt/yr at 0.72 and 50 kg/yr: 50,000 g over 0.72 x 0.9 x 8,760 h are 8.81 g/h at running output."""
    tables = {"Cement_kilns": KILNS.assign(method=method, measured_air=[50.0, 25.0], utilisation=0.72)}
    air = project_fleet(fleet_from_tables(tables), base_year=2024).units.loc["K1", "air_kg_per_yr"]
    tables["Measurements"] = pd.DataFrame([row("K1", "hg_rate", 8.81, "g/h"), row("K2", "hg_yearly", 25.0, "kg/yr")])
    after = project_fleet(fleet_from_tables(tables), base_year=2024)
    assert after.measured[0].predicted == pytest.approx(air * 1000 / (0.72 * 0.9 * 8760), rel=1e-9)
    if method == "tier3":
        assert after.measured[0].predicted == pytest.approx(8.81, abs=0.005)
    assert after.parameters["run_factor"].refs.tolist() == [("cement_kiln/run_factor/any/WLD",), ()]
    assert "cement_kiln/run_factor/any/WLD" in factors_used(after)["row_id"].tolist()


def test_a_kiln_of_tier3_is_compared_only_and_one_of_tier1_takes_its_factor() -> None:
    tables = {"Cement_kilns": KILNS.assign(method=["tier3", "tier1"], measured_air=[50.0, np.nan])}
    before = project_fleet(fleet_from_tables(tables), base_year=2024)
    rows = [row("K1", "hg_yearly", 100, "kg/yr"), row("K2", "hg_yearly", 100, "kg/yr")]
    after = project_fleet(fleet_from_tables({**tables, "Measurements": pd.DataFrame(rows)}), base_year=2024)
    assert after.units.loc["K1", "air_kg_per_yr"] == before.units.loc["K1", "air_kg_per_yr"]
    compared, moved = after.measured
    assert (compared.weight, compared.after) == (0.0, 50.0)
    # ln(100 / 50) and half a variance from the median, over the errors of the figure of the kiln, the test and its year
    assert compared.measured_ln_sd == pytest.approx(STACK_ERROR)
    surprise = math.log(2.0) + compared.predicted_ln_sd**2 / 2
    assert compared.z == pytest.approx(surprise / math.hypot(compared.predicted_ln_sd, STACK_ERROR))
    ratio = (100 / moved.predicted) ** moved.weight
    assert after.units.loc["K2", "air_kg_per_yr"] == pytest.approx(before.units.loc["K2", "air_kg_per_yr"] * ratio)


def test_measurements_of_units_left_out_are_left_out() -> None:
    rows = [row("A1", "hg_per_heat", 4.0, "g/TJ"), row("K1", "hg_yearly", 100, "kg/yr")]
    whole = project(*rows)
    kilns = subset(whole, whole.units["sector"].eq("cement_kiln").to_numpy())
    assert [point.unit_id for point in kilns.measured] == ["K1"]
    np.testing.assert_array_equal(kilns.units["lifetime_kg"], whole.units["lifetime_kg"].iloc[3:])


def test_what_one_run_measured_can_be_carried_into_another() -> None:
    """As a scenario does: the state of a unit has the coal that was measured before."""
    measured = project(row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received"))
    content = measured.parameters["hg_coal"].of_unit(0)
    tables = {"Coal_units": COAL, "Cement_kilns": KILNS}
    carried = project_fleet(fleet_from_tables(tables), base_year=2024, carried={"A1": {"hg_coal": content}})
    assert carried.units.loc["A1", "air_kg_per_yr"] == measured.units.loc["A1", "air_kg_per_yr"]
    assert carried.units.loc["A2", "air_kg_per_yr"] == BEFORE.units.loc["A2", "air_kg_per_yr"]
    assert carried.parameters["hg_coal"].of_unit(0) == content


def test_the_distance_follows_from_the_numbers_beside_it() -> None:
    after = project(
        row("A1", "hg_coal", 0.2, "mg/kg", basis="as_received"),
        row("B1", "hg_per_gwh", 30.0, "g/GWh"),
        row("A2", "removal", 0.5, "1"),
        row("K1", "hg_yearly", 100.0, "kg/yr"),
    )
    assert {point.quantity for point in after.measured} == {"hg_coal", "hg_per_gwh", "removal", "hg_yearly"}
    for point in after.measured:
        removal = point.quantity == "removal"
        seen, expected = ((1 - n if removal else n) for n in (point.measured, point.predicted))
        distance = math.log(seen) - (math.log(expected) - point.predicted_ln_sd**2 / 2)
        z = distance / math.hypot(point.predicted_ln_sd, point.measured_ln_sd)
        assert (-point.z if removal else point.z) == pytest.approx(z)
