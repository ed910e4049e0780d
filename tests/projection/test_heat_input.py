"""Heat burned in a year as activity, and mercury per gross and net heat and electricity as measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.unit_certainty import certainty
from hginventory.factors import gross_over_net, load_library
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import Projection, project_fleet

UNIT = {
    "unit_id": "A1", "plant": "A", "unit": "1", "country": "IDN", "capacity_gross": 600, "start_year": 2015,
    "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
    "hg_control": "none", "boiler": "PC", "status": "operating",
}  # fmt: skip
NET_TJ = 35_000.0
RATIO = gross_over_net(load_library(), "IDN", "subbituminous").value
BTU = 1055.05585262


def project(activity: list[dict[str, Any]] | None = None, measured: Any = None, **columns: Any) -> Projection:
    units = pd.DataFrame([{**UNIT, **columns}])
    tables = {"Coal_units": units}
    if activity:
        tables["Activity"] = pd.DataFrame(activity)
    if measured:
        tables["Measurements"] = pd.DataFrame([measured])
    return project_fleet(fleet_from_tables(tables), base_year=2024)


def coal_t(projection: Projection) -> float:
    return float(projection.units.loc["A1", "coal_t_per_yr"])


HEATING = float(project().units.loc["A1", "calorific_value_mj_per_kg"])


@pytest.mark.parametrize(("variable", "value", "unit"), [
    ("heat_input_net", NET_TJ, "TJ"), ("heat_input_net", NET_TJ * 1000, "GJ"), ("heat_input_net", NET_TJ / 1000, "PJ"),
    ("heat_input_gross", NET_TJ * RATIO, "TJ"), ("heat_input_gross", NET_TJ * RATIO * 1e6 / BTU, "MMBtu"),
])  # fmt: skip
def test_heat_over_the_heating_value_is_coal(variable: str, value: float, unit: str) -> None:
    """By hand: 35,000 TJ of net heat over the net heating value; a gross heat is divided by gross over net first."""
    expected = NET_TJ * 1000 / HEATING
    rows = [{"unit_id": "A1", "year": 2024, "variable": variable, "value": value, "unit": unit}]
    found = project(rows)
    assert coal_t(found) == pytest.approx(expected)
    assert found.units.loc["A1", "method"] == f"mass balance from {variable}"
    assert not [one for one in found.findings if one.severity == "error"]
    in_tj = NET_TJ * (RATIO if variable == "heat_input_gross" else 1.0)
    assert coal_t(project(**{variable: in_tj})) == pytest.approx(expected)


def test_of_several_statements_coal_counts_before_heat_and_heat_before_electricity() -> None:
    assert coal_t(project(heat_input_net=NET_TJ, generation_net=1.0)) == pytest.approx(NET_TJ * 1000 / HEATING)
    assert coal_t(project(heat_input_net=NET_TJ, coal_use=1_000_000)) == 1_000_000


def test_a_later_year_may_be_stated_as_heat() -> None:
    rows = [{"unit_id": "A1", "year": 2026, "variable": "heat_input_gross", "value": 2 * NET_TJ * RATIO, "unit": "TJ"}]
    one = project([{**rows[0], "year": 2024, "variable": "heat_input_net", "value": NET_TJ}, *rows])
    assert one.yearly_kg[0, 2] == pytest.approx(2 * one.yearly_kg[0, 0])


def test_draws_of_a_heat_input_have_no_efficiency_and_keep_the_mean() -> None:
    heat, electricity = project(heat_input_net=NET_TJ), project(generation_net=3500.0)
    widths = []
    for one in (heat, electricity):
        sure = certainty(one, draws=20_000).units.loc["A1"]
        assert sure["lifetime_kg_mean"] == pytest.approx(one.units.loc["A1", "lifetime_kg"], rel=0.02)
        widths.append(np.log(sure["lifetime_kg_p95"] / sure["lifetime_kg_p05"]))
    assert widths[0] < widths[1]
    assert heat.parameters["net_efficiency"].of_unit(0).origin == "none"


@pytest.mark.parametrize(("heat", "codes"), [
    (NET_TJ, []), (NET_TJ * 1000, ["E202"]), (NET_TJ * 5, ["E441"]), (NET_TJ * 2.5, ["W405"]),
    (NET_TJ / 1000, ["W427"]),
])  # fmt: skip
def test_a_heat_in_the_wrong_unit_is_found(heat: float, codes: list[str]) -> None:
    tables = {"Coal_units": pd.DataFrame([{**UNIT, "heat_input_net": heat}])}
    try:
        found = project_fleet(fleet_from_tables(tables), base_year=2024).findings
    except hg.DataError as error:
        found = error.findings
    assert [one.code for one in found if one.cell.startswith("heat_input_net")] == codes


def test_heat_without_a_basis_is_refused_with_the_words_that_state_it() -> None:
    rows = [{"unit_id": "A1", "year": 2024, "variable": "heat_input", "value": 1, "unit": "TJ"}]
    fleet = fleet_from_tables({"Coal_units": pd.DataFrame([UNIT]), "Activity": pd.DataFrame(rows)})
    (error,) = [one for one in fleet.findings if one.severity == "error"]
    assert error.code == "E203"
    assert "heat_input_net" in error.allowed
    assert "heat_input_gross" in error.allowed


def measured(quantity: str, value: float, unit: str) -> dict[str, Any]:
    return {"unit_id": "A1", "date": "2023-05-01", "kind": "stack_test", "quantity": quantity, "value": value,
            "unit": unit}  # fmt: skip


def test_one_rate_says_the_same_in_every_form() -> None:
    """Per net and gross heat, per net and gross electricity, in all units; by hand from one unit as computed."""
    unit = project(heat_input_net=NET_TJ, net_efficiency=0.36, capacity_net=552).units.loc["A1"]
    air_g = 2 * float(unit["air_kg_per_yr"]) * 1000
    per_tj = air_g / NET_TJ
    net_mwh = NET_TJ / 3.6 * 1000 * 0.36
    gross_mwh = net_mwh * 600 / 552
    pound = 453.59237
    forms = {
        "hg_per_heat": [(per_tj, "g/TJ"), (per_tj, "mg/GJ"), (per_tj / pound * BTU, "lb/TBtu")],
        "hg_per_heat_gross": [(per_tj / RATIO, "mg/GJ"), (per_tj / RATIO / pound * BTU, "lb/TBtu")],
        "hg_per_gwh": [(air_g / net_mwh * 1000, "g/GWh"), (air_g / net_mwh * 1000, "mg/MWh")],
        "hg_per_gwh_gross": [(air_g / gross_mwh * 1000, "mg/MWh"), (air_g / gross_mwh / pound * 1000, "lb/GWh")],
    }
    for quantity, ways in forms.items():
        for value, name in ways:
            one = project(measured=measured(quantity, value, name), heat_input_net=NET_TJ, net_efficiency=0.36,
                          capacity_net=552)  # fmt: skip
            (point,) = one.measured
            assert point.measured / point.predicted == pytest.approx(2, rel=1e-9), (quantity, name)


def test_short_tons() -> None:
    rows = [{"unit_id": "A1", "year": 2024, "variable": "coal_use", "value": 1_000_000, "unit": "short_ton"}]
    assert coal_t(project(rows)) == pytest.approx(907_184.74)
    assert coal_t(project([{**rows[0], "unit": "short tons"}])) == pytest.approx(907_184.74)


def test_a_removal_with_method_and_year_counts_as_the_same_row_of_measurements() -> None:
    row = {**measured("removal", 0.6, "1"), "date": "2023-01-01"}
    cells = {"removal": 0.6, "removal_method": "stack_test", "removal_year": 2023}
    before, by_row, by_cell, reported = project(), project(measured=row), project(**cells), project(removal=0.6)
    assert by_cell.units.loc["A1", "removal"] == by_row.units.loc["A1", "removal"]
    assert before.units.loc["A1", "removal"] < by_cell.units.loc["A1", "removal"] < 0.6
    assert reported.units.loc["A1", "removal"] == 0.6
    assert by_cell.parameters["removal"].of_unit(0).spread == by_row.parameters["removal"].of_unit(0).spread
    (point,) = by_cell.measured
    assert (point.quantity, point.measured, point.first) == ("removal", 0.6, "2023-01-01")
    assert by_cell.units.loc["A1", "removal_origin"] == "measured"


def test_a_removal_of_the_cell_and_a_test_of_the_same_year_share_the_error_of_the_year() -> None:
    cells = {"removal": 0.6, "removal_method": "stack_test", "removal_year": 2023}
    spreads = [
        project(measured={**measured("removal", 0.6, "1"), "date": date}, **cells).parameters["removal"].of_unit(0)
        for date in ("2023-05-01", "2021-05-01")
    ]
    assert spreads[0].spread is not None
    assert spreads[1].spread is not None
    assert spreads[0].value < spreads[1].value < 0.6


@pytest.mark.parametrize(("given", "codes"), [
    ({"removal_method": "CEMS"}, ["W457"]), ({"removal_year": 2023}, ["W457"]),
    ({"removal_method": "stack_test", "removal_year": 2023}, []), ({}, []),
])  # fmt: skip
def test_half_a_statement_is_noted_and_the_removal_stays_reported(given: dict[str, Any], codes: list[str]) -> None:
    found = project(removal=0.6, **given)
    assert [one.code for one in found.findings if one.cell.startswith(("removal_method", "removal_year"))] == codes
    assert (found.units.loc["A1", "removal"] == 0.6) == (len(given) < 2)


def test_a_removal_behind_the_boiler_is_brought_to_the_stack_and_a_monitor_counts_more_than_a_test() -> None:
    cells = {"removal": 0.6, "removal_year": 2023, "removal_basis": "boiler_outlet_to_stack"}
    test, monitor = (project(**cells, removal_method=method) for method in ("stack_test", "CEMS"))
    assert test.measured[0].measured > 0.6
    assert test.measured[0].weight < monitor.measured[0].weight
