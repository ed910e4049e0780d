"""The engine against calculations by hand, and the way a better statement of activity takes over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.findings.findings import ungrouped

GIVEN: dict[str, Any] = {
    "unit_id": "A1",
    "plant": "A",
    "unit": "1",
    "country": "IDN",
    "status": "operating",
    "start_year": 2010,
    "capacity_net": 600.0,
    "capacity_factor": 0.7,
    "net_efficiency": 0.37,
    "calorific_value": 19.0,
    "cv_basis": "net as received",
    "hg_coal": 0.08,
    "hg_basis": "as received",
    "removal": 0.3,
}
SETTINGS = {"base_year": 2026}


def run_of(*rows: dict[str, Any], sector: str = "coal_power", **options: Any) -> hg.Run:
    """Return the run of units given as dictionaries."""
    activity = options.pop("activity", None)
    fleet = hg.fleet_from_frame(pd.DataFrame(list(rows)), sector=sector, settings=SETTINGS, activity=activity)
    return hg.project(fleet, **options)


def test_everything_given_equals_the_calculation_by_hand() -> None:
    units = run_of(GIVEN).units
    generation_mwh = 600.0 * 8760.0 * 0.7
    coal_t = generation_mwh * 3.6 / 0.37 / 19.0
    air_kg = coal_t * 0.08 / 1000.0 * (1.0 - 0.3)
    assert units.at["A1", "coal_t_per_yr"] == pytest.approx(coal_t, rel=1e-9)
    assert units.at["A1", "air_kg_per_yr"] == pytest.approx(air_kg, rel=1e-9)
    assert units.at["A1", "lifetime_kg"] == pytest.approx(air_kg * 24, rel=1e-9)
    assert units.at["A1", "g_per_gwh"] == pytest.approx(air_kg * 1000 / (generation_mwh / 1000), rel=1e-9)


@pytest.mark.parametrize(
    ("statement", "coal_t"),
    [
        ({"coal_use": 2.0e6, "generation_net": 3000.0}, 2.0e6),
        ({"generation_net": 4000.0, "generation_gross": 3000.0}, 4000e3 * 3.6 / 0.37 / 19.0),
        ({"capacity_factor": 0.5}, 600 * 8760 * 0.5 * 3.6 / 0.37 / 19.0),
    ],
    ids=["coal burned first", "then generation", "then capacity factor"],
)
def test_best_statement_of_activity_counts(statement: dict[str, float], coal_t: float) -> None:
    units = run_of({**GIVEN, **statement}).units
    assert units.at["A1", "coal_t_per_yr"] == pytest.approx(coal_t, rel=1e-9)


def test_dry_mercury_and_gross_heat_are_converted_with_the_moisture_of_the_coal() -> None:
    units = run_of({**GIVEN, "hg_coal": 0.1, "hg_basis": "dry", "moisture": 0.25}).units
    assert units.at["A1", "hg_coal_mg_per_kg"] == pytest.approx(0.075, rel=1e-9)


def test_yearly_activity_holds_in_its_year_only() -> None:
    activity = pd.DataFrame(
        {"unit_id": "A1", "year": [2026, 2028], "variable": "coal_use", "value": [1.0e6, 3.0e6], "unit": "t"}
    )
    run = run_of(GIVEN, activity=activity)
    year_kg = 1.0e6 * 0.08 / 1000 * 0.7
    expected = np.full(24, year_kg)
    expected[2] = 3 * year_kg
    np.testing.assert_allclose(run.projection.yearly_kg[0], expected, rtol=1e-9)


@pytest.mark.parametrize("sector", ["coal_power", "cement_kiln"])
def test_operating_unit_that_starts_later_adds_nothing_before(sector: str) -> None:
    size = {"clinker_capacity": 1e6} if sector == "cement_kiln" else {"capacity_gross": 600.0}
    rows = [
        {"unit_id": f"U{year}", "plant": "A", "country": "IDN", "status": "operating", "start_year": year, **size}
        for year in (2020, 2026, 2028)
    ]
    run = run_of(*rows, sector=sector)
    assert run.units["operates_in_base_year"].tolist() == [True, True, False]
    assert run.units["remaining_years"].tolist() == [34, 40, 40]
    later = run.units.loc["U2028"]
    assert later["air_base_year_kg"] == 0.0
    assert later["lifetime_kg"] == pytest.approx(40 * later["air_kg_per_yr"])
    assert [found.unit_id for found in run.findings if found.code == "W530"] == ["U2028"]
    yearly = run.projection.yearly_kg[2]
    assert run.projection.years[yearly > 0].min() == 2028


def test_no_unit_of_the_indonesian_fleet_has_run_before_its_start() -> None:
    units = hg.project("indonesia", base_year=2005).units
    assert units.loc[units["sector"] == "coal_power", "operates_in_base_year"].sum() == 42
    assert units["remaining_years"].max() == 40


def test_three_columns_give_a_ranking_and_name_the_gaps() -> None:
    run = run_of(
        {"country": "IDN", "MW": 600, "start_year": 2015},
        {"country": "IDN", "MW": 300, "start_year": 2020},
    )
    assert run.rank()["share"].sum() == pytest.approx(1.0)
    assert run.units["hg_origin"].tolist() == ["default", "default"]
    assert 0 < len(run.cells_to_fill()) <= 10
    gaps = run.gaps()
    assert gaps["share_on_default"].max() == pytest.approx(1.0)


def test_where_changes_no_number_of_a_unit() -> None:
    rows = [{**GIVEN, "unit_id": f"A{i}", "unit": str(i), "capacity_net": 100.0 * i} for i in range(1, 6)]
    whole = run_of(*rows)
    some = run_of(*rows, where="capacity_mw >= 300")
    assert some.units.index.tolist() == ["A3", "A4", "A5"]
    pd.testing.assert_frame_equal(whole.units.loc[some.units.index], some.units)


def test_capacity_of_an_expression_is_gross_where_gross_is_given() -> None:
    """Gross 300 MW send out less than 295 MW, and net 290 MW are 290 MW."""
    rows = [
        {**GIVEN, "unit_id": "G", "capacity_net": None, "capacity_gross": 300.0},
        {**GIVEN, "unit_id": "N", "capacity_net": 290.0},
    ]
    assert run_of(*rows, where="capacity_mw >= 295").units.index.tolist() == ["G"]
    assert (run_of(*rows).units["capacity_net_mw"] < 295).all()


def test_where_that_selects_nothing_is_an_error() -> None:
    with pytest.raises(hg.UsageError, match="no unit"):
        run_of(GIVEN, where="capacity_mw > 9000")


def test_plant_mate_of_the_same_owner_shares_its_coal_analysis() -> None:
    blank = {**GIVEN, "unit_id": "A2", "unit": "2", "hg_coal": None, "hg_basis": None, "owner": "X"}
    shared = run_of({**GIVEN, "owner": "X"}, blank).units
    assert shared.at["A2", "hg_coal_mg_per_kg"] == pytest.approx(0.08)
    assert shared.at["A2", "hg_origin"] == "derived"
    other = run_of({**GIVEN, "owner": "Y"}, blank).units
    assert other.at["A2", "hg_origin"] == "default"


def test_captive_plant_is_power_unless_the_settings_say_otherwise() -> None:
    run = run_of({**GIVEN, "captive": True})
    assert run.units.at["A1", "annex_d_category"] == "coal_power"
    assert "N525" in {finding.code for finding in run.findings}


def test_override_replaces_a_default_row_and_shows() -> None:
    """A number of the sheet Factors is used in place of the default, with its cell as the origin."""
    from dataclasses import replace

    from hginventory.inputs.fleet.fleet import FactorOverride

    frame = pd.DataFrame([{**GIVEN, "hg_coal": None, "hg_basis": None}])
    fleet = hg.fleet_from_frame(frame, settings=SETTINGS)
    row = hg.load_library().row("coal_mercury/IDN/any/all")
    override = FactorOverride(row.row_id, 50.0, "ug/kg", None, None, "national survey", "survey", "Factors!B6")
    run = hg.project(replace(fleet, overrides=(override,)))
    assert run.units.at["A1", "hg_coal_mg_per_kg"] == pytest.approx(0.05, rel=1e-9)
    assert "Factors!B6" in run.projection.parameters["hg_coal"].refs[0]


def test_override_of_an_unknown_row_is_an_error_with_its_cell() -> None:
    from dataclasses import replace

    from hginventory.inputs.fleet.fleet import FactorOverride

    fleet = hg.fleet_from_frame(pd.DataFrame([GIVEN]), settings=SETTINGS)
    override = FactorOverride("coal_mercury/XXX/any/all", 1.0, "mg/kg", None, None, "", "", "Factors!B6")
    with pytest.raises(hg.DataError, match="Factors!B6"):
        hg.project(replace(fleet, overrides=(override,)))


KILN: dict[str, Any] = {
    "unit_id": "K1",
    "plant": "K",
    "country": "IDN",
    "status": "operating",
    "start_year": 2010,
    "clinker_capacity": 2.0e6,
    "utilisation": 0.7,
    "raw_meal_ratio": 1.55,
    "hg_raw_meal": 0.04,
    "heat_use": 3300.0,
    "fuels": "coal",
    "air_share": 0.9,
    "controls": "FF",
}


def test_kiln_equals_the_calculation_by_hand() -> None:
    run = run_of(KILN, sector="cement_kiln")
    fuel = run.projection.parameters["fuel_hg"].value[0]
    clinker = 2.0e6 * 0.7
    hg_in = clinker * (1.55 * 0.04 + 3300.0 * fuel / 1000.0) / 1000.0
    assert run.units.at["K1", "hg_in_kg_per_yr"] == pytest.approx(hg_in, rel=1e-9)
    assert run.units.at["K1", "air_kg_per_yr"] == pytest.approx(hg_in * 0.9, rel=1e-9)  # a filter removes nothing


@pytest.mark.parametrize(
    ("bleeds", "returned", "bled"),
    [
        # Share of the kiln gas, mill on 0.84 caught in 0.8 of the hours, mill off 0.662222 (c) in 0.2 of them
        ({"dust_bleed_on": 0.25}, 0.8 * 0.84 * 0.75 + 0.2 * 0.662222, 0.8 * 0.84 * 0.25),
        ({"dust_bleed_off": 0.25}, 0.8 * 0.84 + 0.2 * 0.662222 * 0.75, 0.2 * 0.662222 * 0.25),
    ],
)
def test_dust_of_a_kiln_is_bled_in_the_mode_that_states_it(
    bleeds: dict[str, float], returned: float, bled: float
) -> None:
    """0.02 of the mercury stays in the clinker; bled dust leaves as product too."""
    run = run_of({**KILN, "mill_off_share": 0.2, **bleeds}, sector="cement_kiln")
    balance = run.projection.mass_balance.iloc[0]
    part = 0.98 * bled / (1 - returned)
    assert balance["product_kg_per_yr"] == pytest.approx((0.02 + part) * balance["hg_in_kg_per_yr"], rel=1e-5)
    assert run.units.at["K1", "removal"] == pytest.approx(0.02 + part, rel=1e-5)


def test_controls_behind_the_loop_of_a_kiln_act_one_after_the_other() -> None:
    """Of the 0.9 behind the loop a sorbent filter takes 0.9 as waste, 0.81; of the 0.09 left a scrubber 0.6, 0.054."""
    run = run_of({**KILN, "controls": "FF+ACI-FF+WS"}, sector="cement_kiln")
    balance = run.projection.mass_balance.iloc[0] / run.projection.mass_balance["hg_in_kg_per_yr"].iloc[0]
    assert balance["waste_kg_per_yr"] == pytest.approx(0.81)
    assert balance["fgd_solids_kg_per_yr"] == pytest.approx(0.054)
    assert run.units.at["K1", "removal"] == pytest.approx(1 - 0.036)


def test_measured_kiln_emission_stands_over_the_balance() -> None:
    run = run_of({**KILN, "measured_air": 55.0}, sector="cement_kiln")
    assert run.units.at["K1", "air_kg_per_yr"] == pytest.approx(55.0, rel=1e-9)


def test_gypsum_mercury_is_told_apart_from_the_kiln_input() -> None:
    plain = run_of(KILN, sector="cement_kiln")
    added = run_of({**KILN, "gypsum_use": 1.0e5, "hg_gypsum": 0.3}, sector="cement_kiln")
    assert added.units.at["K1", "hg_added_behind_kiln_kg_per_yr"] == pytest.approx(30.0)
    assert added.units.at["K1", "hg_in_kg_per_yr"] == plain.units.at["K1", "hg_in_kg_per_yr"]


CONTROLS = {"unit_id": ["P", "S", "N", "A", "K"], "country": "IDN", "capacity_gross": 600.0, "start_year": 2010,
            "coal_type": "subbituminous", "pm_control": [None, "ESPc", "ESPc", None, "ESPc"],
            "so2_control": ["none", None, "none", None, "none"],
            "nox_control": ["none", "unknown", "unknown", None, "none"]}  # fmt: skip


def test_the_control_named_as_worth_filling_is_one_that_is_blank() -> None:
    run = hg.project(hg.fleet_from_frame(pd.DataFrame(CONTROLS), settings={"base_year": 2026}), draws=0)
    cells = run.cells_to_fill(100)
    asked = cells[cells["column"].str.endswith("_control")].set_index("unit_id")["column"].to_dict()
    assert asked == {"P": "pm_control", "S": "so2_control", "N": "nox_control", "A": "pm_control"}
    noted = {one.unit_id: one.location for one in ungrouped(run.findings) if one.code == "W711"}
    assert noted == {unit: "!".join(run.projection.fleet.address(unit, asked[unit])) for unit in "PSN"}


def test_no_cell_named_as_worth_filling_is_filled(central: hg.Run) -> None:
    for one in central.cells_to_fill(100_000).to_dict("records"):
        value = central.projection.fleet.units.at[one["unit_id"], one["column"]]
        assert pd.isna(value) or value == "unknown", one
