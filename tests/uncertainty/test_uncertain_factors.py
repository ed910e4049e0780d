"""Which numbers of a unit vary, how far by their origin, and with whom they share their error."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.ensemble.arrays import EnsembleInput
from hginventory.ensemble.numpy_engine import NormalStore, row_values
from hginventory.ensemble.quantiles import GRID, table_mean
from hginventory.factors.library import load_library
from hginventory.factors.spread import Spread
from hginventory.factors.tables import SCOPES
from hginventory.inputs.fleet.fleet import FactorOverride
from hginventory.projection import Projection, project_fleet
from hginventory.uncertainty.ensemble_input import assemble
from hginventory.uncertainty.uncertain_factors import KILN_CONTROL, UncertainFactor, UncertainFactorFinder

STATED: dict[str, Any] = {
    "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "coal_type": "subbituminous",
    "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
}  # fmt: skip


def projection_of(*changes: dict[str, Any], sector: str = "coal_power", **options: Any) -> Projection:
    usual = STATED if sector == "coal_power" else {"country": "IDN", "status": "operating", "start_year": 2010}
    rows = [{**usual, "unit_id": f"U{n}", "plant": f"P{n}", **change} for n, change in enumerate(changes, 1)]
    fleet = hg.fleet_from_frame(pd.DataFrame(rows), sector=sector, settings={"base_year": 2026})
    return project_fleet(fleet, **options)


def slots_of(projection: Projection, index: int = 0) -> dict[str, UncertainFactor]:
    return {uncertain.family: uncertain for uncertain in UncertainFactorFinder(projection).of_unit(index)}


def given_of(projection: Projection) -> EnsembleInput:
    return assemble(projection, {"all": list(projection.units.index)}, {})


def rule(quantity: str, origin: str) -> float:
    row = load_library().row(f"origin_spread/{quantity}/{origin}")
    assert row.spread is not None
    return row.spread


def national(country: str) -> float:
    """Return the variance of the logarithm of coal mercury that a country shares, read from the table by hand."""
    rows = [r for r in load_library().table("coal_mercury").defaults if r.keys["country"] == country]
    row = next((r for r in rows if r.keys["coal_type"] == "all"), rows[0])
    assert row.spread is not None
    return dict(row.scopes)["country"] * row.spread**2


CONTENT = {"hg_coal": 0.08, "hg_basis": "as received"}


@pytest.mark.parametrize(
    ("cells", "size"),
    [
        ({**CONTENT, "hg_coal_sd": 0.04, "hg_coal_n": 16}, math.sqrt(math.log1p((0.04 / 0.08) ** 2 / 16))),
        ({**CONTENT, "hg_coal_n": 5}, rule("content", "measured")),
        (CONTENT, math.sqrt(rule("content", "reported") ** 2 + national("IDN"))),
    ],
    ids=["measured with n and sd", "measured once", "reported without a method"],
)
def test_spread_of_a_content_follows_its_origin(cells: dict[str, Any], size: float) -> None:
    uncertain = slots_of(projection_of(cells))["hg_coal"]
    assert uncertain.spread.distribution == "lognormal"
    assert uncertain.spread.size == pytest.approx(size, rel=1e-9)
    assert sum(share for _, share in uncertain.spread.scopes) == pytest.approx(1.0)


def test_a_dry_analysis_is_an_analysis_whatever_moisture_the_tables_give() -> None:
    dry = {**CONTENT, "hg_basis": "dry", "hg_coal_n": 5}
    assert slots_of(projection_of(dry))["hg_coal"].spread.size == rule("content", "measured")


@pytest.mark.parametrize(("cells", "own"), [({"hg_coal_n": 5}, "measured"), ({}, "reported")])
def test_a_content_whose_basis_is_not_stated_is_less_certain(cells: dict[str, Any], own: str) -> None:
    size = rule("content", own) if own == "measured" else math.hypot(rule("content", own), math.sqrt(national("IDN")))
    found = slots_of(projection_of({"hg_coal": 0.08, **cells}))["hg_coal"].spread.size
    assert found == pytest.approx(math.hypot(size, rule("content", "not_stated")), rel=1e-9)


def test_a_unit_whose_mate_states_the_content_varies_as_the_mate() -> None:
    projection = projection_of({**CONTENT, "hg_coal_n": 5, "plant": "A"}, {"plant": "A"})
    one, mate = (slots_of(projection, index)["hg_coal"] for index in range(2))
    assert (mate.spread, mate.labels) == (one.spread, one.labels)


def blended(shares: str, *fuels: dict[str, Any]) -> Spread:
    """Return the spread of a blend of fuels of equal content and heating value, F1 and so on."""
    cells = {"hg_coal": 0.08, "hg_basis": "as received", "calorific_value": 20.0, "cv_basis": "net as received"}
    sheet = pd.DataFrame([{"fuel_id": f"F{n}", **cells, **fuel} for n, fuel in enumerate(fuels, 1)])
    units = pd.DataFrame([{**STATED, "unit_id": "U1", "plant": "P", "fuel_id": shares}])
    projection = project_fleet(hg.fleet_from_frame(units, settings={"base_year": 2026}, fuels=sheet))
    return slots_of(projection)["hg_coal"].spread


def test_a_blend_varies_by_the_shares_of_its_coals_and_they_share_what_their_country_does() -> None:
    """By hand: variances add by the square of the shares, standard deviations of what is shared by the shares."""
    measured, shared = {"hg_coal_n": 5}, national("IDN")
    reported = rule("content", "reported") ** 2 + shared
    for share in (0.05, 0.5, 0.95):
        mixed = blended(f"F1:{share}; F2:{1 - share:.2f}", measured, {"country": "CHN"})
        abroad = rule("content", "reported") ** 2 + national("CHN")
        variance = share**2 * math.expm1(rule("content", "measured") ** 2) + (1 - share) ** 2 * math.expm1(abroad)
        assert mixed.size == pytest.approx(math.sqrt(math.log1p(variance)), rel=1e-9)
    of_one_country = blended("F1:0.5; F2:0.5", {"country": "IDN"}, {"country": "IDN"})
    part = shared / reported
    variance = math.expm1(reported) * ((1 - part) / 2 + part)
    assert of_one_country.size == pytest.approx(math.sqrt(math.log1p(variance)), rel=1e-9)


def of_quarries(country: str) -> float:
    """Return the variance of the logarithm of limestone that a country shares, read from the table by hand."""
    row = load_library().row(f"cement_material/limestone/{country}")
    assert row.spread is not None
    return dict(row.scopes)["country"] * row.spread**2


def test_a_raw_meal_stated_without_a_method_shares_the_error_of_quarries_not_of_coal() -> None:
    size = slots_of(kiln(hg_raw_meal=0.03))["hg_raw_meal"].spread.size
    assert size == pytest.approx(math.sqrt(rule("content", "reported") ** 2 + of_quarries("IDN")), rel=1e-9)
    assert abs(of_quarries("IDN") - national("IDN")) > 0.01


def test_a_stated_limestone_is_as_uncertain_as_any_content_without_a_method() -> None:
    alone = slots_of(kiln(hg_limestone=0.03, limestone_share=1.0))["hg_raw_meal"].spread.size
    assert alone == pytest.approx(math.sqrt(rule("content", "reported") ** 2 + of_quarries("IDN")), rel=1e-9)
    mixed, unknown = (slots_of(kiln(**cells))["hg_raw_meal"].spread.size for cells in ({"hg_limestone": 0.04}, {}))
    assert 0.4 < mixed < unknown


def test_the_numbers_of_the_design_stand_in_the_table() -> None:
    assert rule("content", "measured") == 0.30
    assert rule("content", "reported") == 0.50
    assert rule("content", "override") == 0.30


def test_a_content_from_the_table_has_the_spread_of_its_row() -> None:
    projection = projection_of({})
    uncertain = slots_of(projection)["hg_coal"]
    row = load_library().row(projection.parameters["hg_coal"].of_unit(0).refs[0])
    assert uncertain.spread.size == row.spread
    assert uncertain.spread.scopes == row.scopes


@pytest.mark.parametrize("stated_range", [False, True])
def test_an_own_number_without_a_range_has_the_spread_of_the_row_it_replaces(stated_range: bool) -> None:
    fleet = projection_of({}).fleet
    low, high = (0.05, 0.15) if stated_range else (None, None)
    override = FactorOverride(
        "coal_mercury/IDN/any/subbituminous", 0.1, "mg/kg", low, high, "our survey", "survey-2025", "Factors!A4"
    )
    object.__setattr__(fleet, "overrides", (override,))
    uncertain = slots_of(project_fleet(fleet))["hg_coal"]
    expected = (
        math.log(0.15 / 0.05) / (2 * 1.6448536) if stated_range else load_library().row(override.factor_id).spread
    )
    assert uncertain.spread.size == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("chlorine", [(100.0, 104.0), (100.0, 280.0), (20.0, 60.0)])
def test_coals_share_the_error_of_their_classes_by_the_weight_of_each(chlorine: tuple[float, float]) -> None:
    """By hand: errors e = h H + l L of independent H and L have the correlation (h h' + l l') / (|e| |e'|)."""
    projection = projection_of(*({"cl_coal": content, "coal_type": "bituminous"} for content in chlorine))
    high = projection.parameters["high_cl_share"].value
    uncertain_factors = [slots_of(projection, index)["removal"] for index in range(2)]
    shared = [
        {label: share for scope, share, label in uncertain.parts if scope == "coal_class"}
        for uncertain in uncertain_factors
    ]
    together = sum(math.sqrt(share * shared[1].get(label, 0.0)) for label, share in shared[0].items())
    one, other = (np.array([share, 1.0 - share]) for share in high)
    expected = float(one @ other) / (np.linalg.norm(one) * np.linalg.norm(other))
    assert together / math.sqrt(sum(shared[0].values()) * sum(shared[1].values())) == pytest.approx(expected, abs=1e-12)
    assert all(sum(share for _, share, _ in uncertain.parts) == pytest.approx(1.0) for uncertain in uncertain_factors)


def values(projection: Projection, draws: int = 4000) -> np.ndarray:
    given = given_of(projection)
    store = NormalStore(given.rows.stream[given.rows.weight > 0], 1, draws)
    return row_values(given, slice(None), store)[given.rate_row]


def test_units_of_a_plant_share_their_coal_and_units_of_others_do_not() -> None:
    cells = ({"plant": "A"}, {"plant": "A"}, {"plant": "B"}, {"plant": "A", "country": "CHN"})
    projection = projection_of(*cells, profile="epa_emf")  # whose removals are certain, so that the coal is seen
    mine, same, other, abroad = (slots_of(projection, index)["hg_coal"] for index in range(4))
    of_plant = [dict(zip((name for name, _ in s.spread.scopes), s.labels, strict=True)) for s in (mine, same, other)]
    assert of_plant[0] == of_plant[1]
    assert of_plant[0]["plant"] != of_plant[2]["plant"]
    assert of_plant[0]["country"] == of_plant[2]["country"]
    assert mine.labels != abroad.labels  # a plant of the same name in another country
    logs = np.log(values(projection))
    correlation = np.corrcoef(logs)
    assert correlation[0, 1] > correlation[0, 2] + 0.15
    shared = mine.spread.size**2 * dict(mine.spread.scopes)["country"] / logs[0].var()  # the mean of the country alone
    assert correlation[0, 2] > shared > 0.05
    assert abs(correlation[0, 3]) < 0.35


def test_units_without_a_plant_stand_alone() -> None:
    projection = projection_of({"plant": None}, {"plant": None})
    one, two = (slots_of(projection, index)["hg_coal"] for index in range(2))
    assert one.labels != two.labels


@pytest.mark.parametrize("column", ["net_efficiency", "calorific_value"])
def test_what_divides_varies_as_its_reciprocal(column: str) -> None:
    cells = {"net_efficiency": 0.37, "calorific_value": 19.0, "cv_basis": "net as received", "capacity_factor": 0.7}
    projection = projection_of({**cells, "removal": 0.0})
    family = {"net_efficiency": "efficiency", "calorific_value": "heating_value"}[column]
    finder = UncertainFactorFinder(projection)
    only = [uncertain for uncertain in finder.of_unit(0) if uncertain.family == family]
    assert only[0].kind == "multiplier"
    given = given_of(projection)
    number = [uncertain.family for uncertain in finder.of_unit(0)].index(family)
    table = given.rows.table.copy()
    table[:, [n for n in range(table.shape[1]) if n != number]] = -1
    given = replace(given, rows=replace(given.rows, table=table))
    store = NormalStore(given.rows.stream[given.rows.weight > 0], 1, 20_000)
    drawn = row_values(given, slice(None), store)[0]
    central = float(projection.units["air_kg_per_yr"].iloc[0])
    error = drawn.std() / math.sqrt(drawn.size)
    # Were the number itself drawn, its reciprocal would be too large by the square of the spread.
    assert abs(drawn.mean() - central) < 4.5 * error
    assert error * 4.5 < central * only[0].spread.size ** 2


def test_content_and_heating_value_of_one_analysis_vary_as_one() -> None:
    both = {**CONTENT, "hg_coal_n": 4, "calorific_value": 19.0, "cv_basis": "net as received"}
    assert "heating_value" not in slots_of(projection_of(both))
    assert "heating_value" in slots_of(projection_of({**CONTENT, "hg_coal_n": 4}))
    projection = projection_of({"calorific_value": 19.0, "cv_basis": "net as received"})
    row = FactorOverride("coal_mercury/IDN/any/subbituminous", 0.1, "mg/kg", None, None, "", "x", "Factors!A4")
    object.__setattr__(projection.fleet, "overrides", (row,))
    assert "heating_value" in slots_of(project_fleet(projection.fleet))  # a number of the nation is no analysis of it


@pytest.mark.parametrize("factor", [0.6, 0.85, 0.95, 0.99, 0.9996, 1.0])
def test_a_capacity_factor_never_passes_one(factor: float) -> None:
    projection = projection_of({"capacity_factor": factor})
    uncertain = slots_of(projection)["activity"]
    number = [uncertain.family for uncertain in UncertainFactorFinder(projection).of_unit(0)].index("activity")
    given = given_of(projection)
    table = given.tables[given.rows.table[0, number]].astype(np.float64)
    reached = table[np.abs(GRID) < 6.3]  # as far as draws reach
    if factor < 1:
        assert reached.max() * factor <= 1.0 + 1e-6
    assert float(table_mean(table)) == pytest.approx(1.0, abs=1e-6)
    assert uncertain.spread.size > 0


def test_z_of_removal_is_keyed_by_class_and_unit_and_never_by_train() -> None:
    trains = [{"so2_control": "none"}, {"so2_control": "wFGD"}, {"pm_control": "FF"}]
    labels = [slots_of(projection_of({**train, "unit_id": "X"}))["removal"].labels for train in trains]
    assert labels[0] == labels[1] == labels[2]
    assert "X" in labels[0]


def test_trains_of_one_class_share_a_part_of_their_error_and_not_all() -> None:
    labels = [slots_of(projection_of({}, {"so2_control": "wFGD"}), index)["removal"].labels for index in range(2)]
    assert len(set(labels[0]) & set(labels[1])) == 1


def test_every_kiln_has_slots_of_both_terms() -> None:
    projection = projection_of({"clinker_capacity": 1.0e6}, sector="cement_kiln")
    uncertain_factors = UncertainFactorFinder(projection).of_unit(0)
    assert {uncertain.term for uncertain in uncertain_factors} == {-1, 0, 1}
    given = given_of(projection)
    assert given.rows.central.sum() == pytest.approx(float(projection.units["air_kg_per_yr"].iloc[0]))


def test_a_measured_kiln_varies_as_one_number() -> None:
    projection = projection_of({"clinker_capacity": 1.0e6, "measured_air": 30.0}, sector="cement_kiln")
    assert [uncertain.family for uncertain in UncertainFactorFinder(projection).of_unit(0)] == ["measured_air"]


def kiln(**cells: Any) -> Projection:
    return projection_of({"clinker_capacity": 1.0e6, **cells}, sector="cement_kiln")


def control_slots(projection: Projection) -> dict[str, UncertainFactor]:
    return {name: uncertain for name, uncertain in slots_of(projection).items() if name.startswith(KILN_CONTROL)}


def test_every_device_behind_the_dust_loop_varies_by_its_row() -> None:
    found = control_slots(kiln(controls="FF+ACI-FF+WS"))
    rows = {row.keys["device"]: row for row in load_library().table("cement_control").defaults}
    assert set(found) == {
        f"{KILN_CONTROL}ACI-FF",
        f"{KILN_CONTROL}WS",
    }  # a filter that returns its dust removes nothing
    for name, uncertain in found.items():
        row = rows[name.removeprefix(KILN_CONTROL)]
        assert (uncertain.mean, uncertain.spread.size, uncertain.spread.scopes) == (row.value, row.spread, row.scopes)
        assert uncertain.labels == (row.keys["device"], "U1")
    assert control_slots(kiln()) == {}


def test_what_kiln_controls_let_pass_is_on_average_the_central_run_and_never_more_than_comes() -> None:
    with_control, without = kiln(controls="FF+WS"), kiln(controls="FF")
    drawn, before = values(with_control, 20_000)[0], values(without, 20_000)[0]
    central = float(with_control.units["air_kg_per_yr"].iloc[0])
    assert abs(drawn.mean() - central) < 4.5 * drawn.std() / math.sqrt(drawn.size)
    assert (drawn <= before * (1.0 + 1e-6)).all()
    assert np.log(drawn).std() > 1.02 * np.log(before).std()


def test_a_stated_bleed_leaves_dust_treatment_no_removal_of_its_own() -> None:
    assert control_slots(kiln(controls="FF+SHUTTLE"))
    assert control_slots(kiln(controls="FF+SHUTTLE", dust_bleed_on=0.1)) == {}


def test_every_scope_of_the_tables_has_a_label() -> None:
    finder = UncertainFactorFinder(kiln(controls="FF+WS"))
    unit = {**finder.units[0], "device": "WS", "coal_class": "low_cl"}
    for scope in SCOPES:
        spread = Spread("lognormal", 0.3, ((scope, 1.0),))
        assert all(finder._labels(spread, unit))
    with pytest.raises(AssertionError, match="no label for the scope 'province'"):
        finder._label("province", unit)


def test_every_factor_row_that_varies_and_counts_is_drawn() -> None:
    """Tables whose rows state a spread are those that are drawn, so that no spread is written for nothing."""
    library = load_library()
    stated = {name for name in library.names() if any(row.spread for row in library.table(name).defaults)}
    drawn = {
        "coal_mercury", "coal_heating_value", "export_coal", "coal_technology", "removal", "cement_material",
        "cement_kiln", "cement_activity", "cement_air_share", "cement_control", "cement_emission_factor",
        "coal_process", "origin_spread", "compliance",
    }  # fmt: skip
    assert (
        stated - {"cement_fuel", "control_cost_curve"} == drawn
    )  # kiln fuels: part of mercury per heat; costs are no draws


def test_hours_without_scrubber_or_catalyst_widen_a_removal_and_change_no_mean() -> None:
    """Against the table: a beta with parameters 9 and 1 has a standard deviation of a tenth of its mean."""
    row = load_library().row("coal_process/operating_share/any/any")
    assert row.value is not None
    assert row.spread == pytest.approx(math.sqrt(9.0 / (10.0**2 * 11.0)), rel=1e-5)
    scrubber = {"pm_control": "ESPc", "so2_control": "wFGD", "cl_coal": 20.0}
    alone, both = (slots_of(projection_of(cells))["removal"] for cells in ({"cl_coal": 20.0}, scrubber))
    rows = {(r.keys["train"], r.keys["coal_class"]): r for r in load_library().table("removal").defaults
            if r.keys["profile"] == "default" and r.keys["boiler"] == "PC"}  # fmt: skip
    dust, whole = rows["ESPc", "low_cl"], rows["ESPc+wFGD", "low_cl"]
    assert (alone.mean, alone.spread.size) == pytest.approx((dust.value, dust.spread))
    assert both.mean == pytest.approx(whole.value)
    assert dust.value is not None
    assert whole.value is not None
    assert whole.spread is not None
    by_hours = (whole.value - dust.value) * row.spread / row.value  # type: ignore[operator]
    assert both.spread.size == pytest.approx(math.hypot(whole.spread, by_hours))
    assert dict(both.spread.scopes)["coal_class"] == pytest.approx(
        dict(whole.scopes)["coal_class"] * (whole.spread / both.spread.size) ** 2
    )


def test_a_profile_without_spreads_keeps_that_of_its_origin_behind_a_scrubber() -> None:
    cells = {"pm_control": "ESPc", "so2_control": "wFGD", "cl_coal": 20.0}
    uncertain = slots_of(projection_of(cells, profile="epa_emf"))["removal"]
    assert (uncertain.spread.distribution, uncertain.spread.size) == ("normal", rule("passing_share", "default"))
