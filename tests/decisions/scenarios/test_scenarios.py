"""What scenarios do to a fleet: closed forms, properties, and paired draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.limits.compliance import over_limit
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.installed import fleet_state
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.compare import compare, years_of_delay
from hginventory.decisions.scenarios.paired_draws import scenario_input
from hginventory.decisions.scenarios.scenario_costs import scenario_cost
from hginventory.ensemble.numpy_engine import run_numpy
from hginventory.errors import ScenarioError
from hginventory.inputs.reader import fleet_from_tables
from hginventory.model.emission_limits import user_limit
from hginventory.model.train_removal import RemovalTable
from hginventory.projection import Projection, project_fleet
from hginventory.scenarios.scenario import Measure, Scenario
from hginventory.vocabulary.trains import join_devices, train_devices

UNIT: dict[str, Any] = {
    "country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "capacity_factor": 0.7,
    "net_efficiency": 0.37, "calorific_value": 19.0, "cv_basis": "net as received", "hg_coal": 0.08,
    "hg_basis": "as received", "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
}  # fmt: skip


def projection_of(*changes: dict[str, Any], **tables: Any) -> Projection:
    rows = [{**UNIT, "unit_id": f"A{i}", "plant": f"P{i}", **change} for i, change in enumerate(changes, 1)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026}, **tables)).projection


def applied(projection: Projection, *measures: dict[str, Any], rule: str = "") -> AppliedScenario:
    chosen = [(0, Measure.model_validate({"from_year": 2030, **measure})) for measure in measures]
    return apply_scenario(projection, Scenario(name="test", rule=rule), chosen)


def yearly(one: AppliedScenario, year: int) -> float:
    return float(one.yearly_kg[0, year - one.baseline.projection.settings.base_year])


def test_nothing_done_is_the_baseline_to_the_last_bit() -> None:
    projection = projection_of({}, {"start_year": 1995})
    assert np.array_equal(applied(projection).yearly_kg, projection.yearly_kg)


@pytest.mark.parametrize(
    ("measure", "ratio"),
    [
        ({"action": "wash_coal", "value": 0.3}, 0.7),
        ({"action": "cofire_biomass", "value": 0.05}, 0.95),
        ({"action": "raise_efficiency", "value": 0.04}, 0.96),
        ({"action": "set_capacity_factor", "value": 0.35}, 0.5),
        ({"action": "cap_capacity_factor", "value": 0.35}, 0.5),
        ({"action": "cap_capacity_factor", "value": 0.9}, 1.0),
    ],
)
def test_measure_scales_what_goes_in_from_its_year_on(measure: dict[str, Any], ratio: float) -> None:
    projection = projection_of({})
    before = float(projection.yearly_kg[0, 0])
    one = applied(projection, measure)
    assert yearly(one, 2029) == pytest.approx(before)
    assert yearly(one, 2030) == pytest.approx(before * ratio, rel=1e-12)
    assert yearly(one, 2049) == pytest.approx(before * ratio, rel=1e-12)


@pytest.mark.parametrize(
    ("action", "value", "factors"),
    [
        ("set_capacity_factor", 0.6, [0.5, 0.6, 0.6, 0.6, 0.6]),
        ("cap_capacity_factor", 0.6, [0.5, 0.5, 0.6, 0.3, 0.5]),
        ("cap_capacity_factor", 0.4, [0.5, 0.4, 0.4, 0.3, 0.4]),
    ],
)
@pytest.mark.parametrize("wash", [0.0, 0.3])
def test_running_is_that_of_the_measure_in_years_of_their_own(
    action: str, value: float, factors: list[float], wash: float
) -> None:
    """A unit runs at 0.5, in 2028 at 0.9 and in 2029 at 0.3; from 2027 on a measure holds."""
    rows = pd.DataFrame([{**UNIT, "unit_id": "A1", "capacity_factor": None}])
    sheet = pd.DataFrame({"unit_id": "A1", "year": [2026, 2028, 2029], "variable": "capacity_factor", "unit": "1",
                          "value": [0.5, 0.9, 0.3]})  # fmt: skip
    projection = project_fleet(fleet_from_tables({"Coal_units": rows, "Activity": sheet}), base_year=2026)
    per_factor = float(projection.yearly_kg[0, 0]) / 0.5
    assert projection.yearly_kg[0, :5] / per_factor == pytest.approx([0.5, 0.5, 0.9, 0.3, 0.5])
    measures = [{"action": action, "value": value}, *([{"action": "wash_coal", "value": wash}] if wash else [])]
    one = applied(projection, *({**measure, "from_year": 2027} for measure in measures))
    left = [factors[0], *(factor * (1 - wash) for factor in factors[1:])]
    assert one.yearly_kg[0, :5] / per_factor == pytest.approx(left)


def test_measures_end_after_their_last_year() -> None:
    projection = projection_of({})
    before = float(projection.yearly_kg[0, 0])
    one = applied(projection, {"action": "wash_coal", "value": 0.5, "to_year": 2032})
    assert [yearly(one, year) / before for year in (2029, 2030, 2032, 2033)] == pytest.approx([1, 0.5, 0.5, 1])


def test_added_devices_give_the_train_in_gas_order() -> None:
    one = applied(projection_of({}), {"action": "add_control", "target": "wFGD+SCR"})
    assert one.states is not None
    assert one.states.units["train"].tolist() == ["SCR+ESPc+wFGD"]
    assert yearly(one, 2030) < yearly(one, 2029)


def test_new_train_equals_that_of_a_unit_that_always_had_it() -> None:
    one = applied(projection_of({}), {"action": "add_control", "target": "ACI-Br"})
    always = projection_of({"hg_control": "ACI-Br"})
    assert yearly(one, 2035) == pytest.approx(float(always.yearly_kg[0, 0]), rel=1e-12)


def removal_of(*groups: str) -> float:
    """Return the removal that the tables give the unit with other scrubbers or dust collectors."""
    columns = dict(zip(("so2_control", "pm_control"), groups, strict=False))
    return float(projection_of(columns).units["removal"].iloc[0])


@pytest.mark.parametrize("stated", [0.02, 0.35, 0.8])
def test_device_takes_its_share_of_what_passed_a_stated_removal(stated: float) -> None:
    projection = projection_of({"removal": stated})
    one = applied(projection, {"action": "add_control", "target": "wFGD"})
    left = (1 - removal_of("wFGD")) / (1 - removal_of("none"))
    assert 0 < left < 1
    assert yearly(one, 2035) == pytest.approx(float(projection.yearly_kg[0, 0]) * left, rel=1e-9)
    assert one.states is not None
    assert one.states.units["removal"].iloc[0] == pytest.approx(1 - (1 - stated) * left)
    assert one.pathways()["kg"].sum() == pytest.approx(applied(projection).pathways()["kg"].sum(), rel=1e-9)


def test_device_by_which_the_tables_say_that_more_passes_leaves_a_stated_removal() -> None:
    projection = projection_of({"removal": 0.35, "pm_control": "none"})
    assert removal_of("none", "CYC") < 0.35
    one = applied(projection, {"action": "add_control", "target": "CYC"})
    assert np.array_equal(one.yearly_kg, projection.yearly_kg)


def test_train_without_a_device_it_had_may_remove_less_than_was_stated() -> None:
    projection = projection_of({"removal": 0.6, "pm_control": "FF"})
    one = applied(projection, {"action": "replace_controls", "target": "ESPc"})
    left = (1 - removal_of("none", "ESPc")) / (1 - removal_of("none", "FF"))
    assert left > 1
    assert yearly(one, 2035) == pytest.approx(float(projection.yearly_kg[0, 0]) * left, rel=1e-9)


def test_device_comes_to_each_train_that_a_unit_may_have() -> None:
    projection = projection_of({"so2_control": "unknown"})
    parts = fleet_state(projection).of("A1").parts
    assert len(parts) > 1
    one = applied(projection, {"action": "add_control", "target": "wFGD"})
    table = RemovalTable(projection.library)
    expected = sum(
        share * table.of(join_devices({*train_devices(train), "wFGD"}), "low_cl", boiler).removal
        for share, boiler, train in parts
    )
    assert one.states is not None
    assert one.states.units["removal"].iloc[0] == pytest.approx(expected)


def test_scrubber_changes_no_coal_burned() -> None:
    projection = projection_of({"capacity_net": None, "capacity_gross": 600.0})
    one = applied(projection, {"action": "add_control", "target": "wFGD"})
    assert one.states is not None
    assert one.states.units["coal_t_per_yr"].iloc[0] == pytest.approx(
        projection.units["coal_t_per_yr"].iloc[0], rel=1e-9
    )


def test_catalyst_alone_removes_nothing() -> None:
    projection = projection_of({})
    one = applied(projection, {"action": "add_control", "target": "SCR"})
    assert yearly(one, 2035) == pytest.approx(float(projection.yearly_kg[0, 0]), rel=1e-12)


def test_coal_switch_in_part_is_the_blend_by_heat() -> None:
    heat = {"calorific_value": 19.0, "cv_basis": "net as received"}
    mercury = {"hg_coal": 0.02, "hg_basis": "as received"}
    fuels = pd.DataFrame([{"fuel_id": "LOW", "country": "IDN", "coal_type": "subbituminous", **mercury, **heat}])
    projection = projection_of({"coal_type": "subbituminous"}, fuels=fuels)
    before = float(projection.yearly_kg[0, 0])
    whole = applied(projection, {"action": "switch_coal", "target": "LOW"})
    half = applied(projection, {"action": "switch_coal", "target": "LOW", "value": 0.5})
    assert yearly(whole, 2030) / before == pytest.approx(0.02 / 0.08, rel=1e-9)
    assert yearly(half, 2030) / before == pytest.approx(0.05 / 0.08, rel=1e-9)


def test_retirement_earlier_and_later() -> None:
    projection = projection_of({})  # closes at the start of 2050
    early = applied(projection, {"action": "retire", "from_year": 2035})
    late = applied(projection, {"action": "retire", "from_year": 2055})
    assert int((early.yearly_kg[0] > 0).sum()) == 2035 - 2026
    assert int((late.yearly_kg[0] > 0).sum()) == 2055 - 2026


def test_another_rule_changes_the_years_and_nothing_else() -> None:
    projection = projection_of({})
    one = applied(projection, rule="crea_30")
    assert int((one.yearly_kg[0] > 0).sum()) == 2040 - 2026
    assert one.yearly_kg[0, 0] == projection.yearly_kg[0, 0]


LEFT = {  # years left from 2026 on to units that started in 1984, 2000 and 2010
    "gem_40": {"A1": 5, "A2": 14, "A3": 24},  # past 40: five more; 2040 and 2050 less 2026
    "gem_35": {"A1": 5, "A2": 9, "A3": 19},  # past 35: five more; 2035 and 2045
    "crea_30": {"A1": 0, "A2": 4, "A3": 14},  # 2030 and 2040
}


@pytest.mark.parametrize("rule", LEFT)
@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ("remaining_years > 0", ["A2", "A3"]),  # under the rule of the run, icsc_40, by which A1 has closed
        ("end_year >= 2041", ["A3"]),
        ("lifetime_kg > 0", ["A2", "A3"]),
        ("remaining_years == 0", ["A1"]),
        ("start_year < 2005", ["A1", "A2"]),
    ],
)
def test_another_rule_is_asked_of_the_units_that_the_run_has_chosen(where: str, chosen: list[str], rule: str) -> None:
    rows = [{**UNIT, "unit_id": f"A{n}", "start_year": year} for n, year in enumerate((1984, 2000, 2010), 1)]
    run = hg.project(hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026}), where=where, draws=0)
    assert run.units.index.tolist() == chosen
    years = (applied(run.projection, rule=rule).yearly_kg > 0).sum(axis=1).tolist()
    assert years == [LEFT[rule][unit] for unit in chosen]


def test_planned_unit_counts_when_it_is_included() -> None:
    projection = projection_of({}, {"status": "announced", "start_year": 2031})
    assert projection.yearly_kg[1].sum() == 0
    one = applied(projection, {"action": "include", "where": "status == 'announced'", "from_year": 2031})
    assert int((one.yearly_kg[1] > 0).sum()) == 40


def test_phase_in_takes_the_largest_first() -> None:
    projection = projection_of({"capacity_net": 300.0}, {"capacity_net": 900.0})
    one = applied(projection, {"action": "wash_coal", "value": 0.5, "phase_in": 2})
    ratio = one.yearly_kg / projection.yearly_kg[:, :1]
    assert ratio[1, 4:6].tolist() == pytest.approx([0.5, 0.5])
    assert ratio[0, 4:6].tolist() == pytest.approx([1.0, 0.5])


def test_phase_in_of_equal_units_is_in_rising_order_of_their_names() -> None:
    """Three in three years: the first in 2030, the second in 2031, the third in 2032."""
    projection = projection_of({"unit_id": "B"}, {"unit_id": "C"}, {"unit_id": "A"})
    one = applied(projection, {"action": "wash_coal", "value": 0.5, "phase_in": 3})
    first = {unit: 2026 + int(np.argmax(kg < kg[0])) for unit, kg in zip("BCA", one.yearly_kg, strict=True)}
    assert first == {"A": 2030, "B": 2031, "C": 2032}


def test_same_kind_twice_on_a_unit_is_an_error_unless_one_extends_the_other() -> None:
    projection = projection_of({})
    twice = [{"action": "wash_coal", "value": 0.1}, {"action": "wash_coal", "value": 0.2, "from_year": 2035}]
    with pytest.raises(ScenarioError, match="overlaps"):
        applied(projection, *twice)
    apart = [{**twice[0], "to_year": 2034}, twice[1]]
    assert yearly(applied(projection, *apart), 2036) / yearly(applied(projection), 2036) == pytest.approx(0.8)
    levels = [(level, Measure.model_validate({"from_year": 2030, **measure})) for level, measure in enumerate(twice)]
    over = apply_scenario(projection, Scenario(name="over"), levels)
    assert yearly(over, 2036) / yearly(applied(projection), 2036) == pytest.approx(0.8)


@pytest.mark.parametrize("where", ["rank <= 0", "capacity_mw > 9000"])
def test_measure_that_selects_nothing_is_an_error(where: str) -> None:
    with pytest.raises(ScenarioError, match="chooses no unit"):
        applied(projection_of({}), {"action": "wash_coal", "value": 0.1, "where": where})


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["ACI-Br", "FF", "wFGD", "SCR+wFGD", "HAL", "ACI"]), st.sampled_from(["ESPc", "FF", "unknown"]))
def test_no_draw_shows_more_mercury_after_a_retrofit(devices: str, before: str) -> None:
    projection = projection_of({"pm_control": before}, {"pm_control": before, "boiler": "CFB"})
    one = applied(projection, {"action": "add_control", "target": devices})
    changed = one.changed()
    if not changed:
        return
    given_arrays = scenario_input(one, changed)
    draws = run_numpy(given_arrays, 500, 1)
    assert (draws.life_sums[1] <= draws.life_sums[0] * (1 + 1e-6)).all()  # single precision of the noise


def test_draws_agree_with_the_central_difference_and_pairs_are_paired() -> None:
    projection = projection_of({}, {"capacity_net": 300.0, "start_year": 2020})
    measure = {"action": "wash_coal", "value": 0.3}
    one, two = (
        apply_scenario(projection, Scenario(name=name), [(0, Measure.model_validate({"from_year": year, **measure}))])
        for name, year in (("soon", 2028), ("late", 2033))
    )
    result = compare([one, two], draws=4000)
    row = result.table.set_index("scenario").loc["soon"]
    assert row["avoided_t_p05"] < row["avoided_t"] < row["avoided_t_p95"]
    pair = result.pairs.iloc[0]
    assert pair["p_first_better"] == 1.0  # the same draws: five years earlier is better in every one
    central = (one.baseline.projection.yearly_kg.sum() - one.yearly_kg.sum()) - (
        two.baseline.projection.yearly_kg.sum() - two.yearly_kg.sum()
    )
    assert pair["difference_t"] * 1000 == pytest.approx(central, rel=0.05)
    assert pair["years_of_delay"] == 5
    assert pair["t_per_year_of_delay"] == pytest.approx(pair["difference_t"] / 5)


def test_only_the_same_at_the_same_units_is_a_delay() -> None:
    projection = projection_of({}, {"capacity_net": 300.0})
    now, later, at_one, more = (
        applied(projection, {"action": "wash_coal", "value": value, "from_year": year, "where": where})
        for value, year, where in ((0.3, 2028, ""), (0.3, 2031, "capacity_mw > 0"), (0.3, 2031, "rank <= 1"),
                                   (0.4, 2031, ""))
    )  # fmt: skip
    assert [years_of_delay(now, other) for other in (later, at_one, more, now)] == [3, 0, 0, 0]
    assert years_of_delay(later, now) == -3


def test_cost_per_mercury_holds_the_range_of_prices_and_of_the_draws() -> None:
    fall = {"action": "add_control", "target": "SCR+wFGD"}
    one = applied(projection_of({}), fall)
    central, drawn = (compare([one], draws=draws).table.iloc[0] for draws in (0, 500))
    assert drawn["usd_per_kg"] == central["usd_per_kg"]
    money = scenario_cost(one).annuity.times(float(projection_of({}).yearly_kg.shape[1]))
    corners = (
        money.low / 1000 / drawn["avoided_t_p95"],
        money.high / 1000 / drawn["avoided_t_p05"],
    )
    assert corners[0] < drawn["usd_per_kg_low"] < drawn["usd_per_kg"] < drawn["usd_per_kg_high"] < corners[1]
    assert drawn["usd_per_kg_low"] < central["usd_per_kg_low"]  # the draws add to the range of the prices
    assert drawn["usd_per_kg_high"] > central["usd_per_kg_high"]
    assert (central["so2_units"], central["nox_units"]) == (1, 1)
    assert 0.5 < central["so2_taken_out"] < 1


@pytest.mark.parametrize("measure", [{"action": "retire"}, {"action": "cap_capacity_factor", "value": 0.4}])
def test_measures_without_a_device_take_no_other_pollutant_out(measure: dict[str, Any]) -> None:
    row = compare([applied(projection_of({}), measure)], draws=0).table.iloc[0]
    assert row["avoided_t"] > 0.0
    for pollutant in ("so2", "pm", "nox"):
        assert (row[f"{pollutant}_units"], row[f"{pollutant}_taken_out"]) == (0, 0.0)


def test_mercury_of_all_pathways_is_the_input() -> None:
    projection = projection_of({}, {"so2_control": "wFGD"})
    one = applied(projection, {"action": "add_control", "target": "ACI-Br"})
    before, after = (a.pathways()["kg"].sum() for a in (applied(projection), one))
    assert after == pytest.approx(before, rel=1e-9)


@pytest.mark.parametrize(
    ("measure", "sector"),
    [
        ({"action": "add_control", "target": "ACI-Br"}, "cement_kiln"),
        ({"action": "add_control", "target": "ACI-FF"}, "coal_power"),
        ({"action": "bleed_dust", "value": 0.3}, "coal_power"),
        ({"action": "wash_coal", "value": 0.3}, "cement_kiln"),
        ({"action": "cap_capacity_factor", "value": 0.3}, "cement_kiln"),
    ],
)
def test_measure_of_the_other_sector_is_an_error_that_names_a_unit(
    measure: dict[str, Any], sector: str, central: hg.Run
) -> None:
    projection = central.projection
    first = projection.units[projection.units["sector"] == sector]["lifetime_kg"].idxmax()
    with pytest.raises(ScenarioError, match=f"is not a measure for {sector}, .* as {first}. Add to where"):
        applied(projection, measure)


def test_included_unit_that_counts_already_stays_as_it_is() -> None:
    projection = projection_of({}, {"status": "construction", "start_year": 2028})
    one = applied(projection, {"action": "include"})
    assert np.array_equal(one.yearly_kg, projection.yearly_kg)


def test_exclusion_may_end() -> None:
    projection = projection_of({})
    one = applied(projection, {"action": "exclude", "to_year": 2034})
    assert [yearly(one, year) > 0 for year in (2029, 2030, 2034, 2035, 2049)] == [True, False, False, True, True]


def test_other_measures_hold_at_an_included_unit() -> None:
    projection = projection_of({"status": "announced", "start_year": 2031})
    include = {"action": "include", "from_year": 2031}
    whole = applied(projection, include)
    half = applied(projection, include, {"action": "wash_coal", "value": 0.5, "from_year": 2031})
    assert half.yearly_kg == pytest.approx(0.5 * whole.yearly_kg)


def test_later_retirement_phased_in_ends_at_the_year_of_each_unit() -> None:
    projection = projection_of({"capacity_net": 900.0}, {"capacity_net": 300.0})
    one = applied(projection, {"action": "retire", "from_year": 2055, "phase_in": 4})
    assert (one.yearly_kg > 0).sum(axis=1).tolist() == [2055 - 2026, 2057 - 2026]


def test_cost_ends_when_the_scenario_closes_the_unit() -> None:
    retrofit = {"action": "add_control", "target": "ACI-Br"}
    projection = projection_of({})  # closes at the start of 2050
    alone, closed, moth = (
        scenario_cost(applied(projection, retrofit, *more))
        for more in ((), ({"action": "retire", "from_year": 2035},),
                     ({"action": "exclude", "from_year": 2040, "to_year": 2044},))
    )  # fmt: skip
    assert [cost.units.loc[0, "years"] for cost in (alone, closed, moth)] == [20, 5, 15]
    assert closed.units.loc[0, "per_year"] > alone.units.loc[0, "per_year"]  # capital over five years
    assert closed.npv.value < alone.npv.value
    worth = sum(1.07 ** -(year - 2025) for year in (*range(2030, 2040), *range(2045, 2050)))  # paid in no other year
    assert moth.npv.value == pytest.approx(moth.units.loc[0, "per_year"] * worth)


def test_retrofit_of_an_included_unit_has_a_cost() -> None:
    projection = projection_of({"status": "announced", "start_year": 2031})
    measures = (
        {"action": "include", "from_year": 2031},
        {"action": "add_control", "target": "ACI-Br", "from_year": 2031},
    )
    cost = scenario_cost(applied(projection, *measures))
    assert cost.units["years"].tolist() == [40]
    assert cost.units["npv"].tolist() == [cost.npv.value]
    assert cost.npv.value > cost.capital.value / 1.07**5 > 0  # its present value at the beginning of 2026


def test_what_stands_in_for_a_price_is_said() -> None:
    one = applied(projection_of({}), {"action": "add_control", "target": "ACI-Br"})
    assert "US values are used" in compare([one]).table.loc[0, "cost_notes"]


def test_limit_is_judged_after_the_other_measures_of_the_unit() -> None:
    projection = projection_of({})
    limit = {"action": "emission_limit", "value": 0.004, "unit": "mg/Nm3"}
    control = {"action": "add_control", "target": "ACI-Br"}
    alone, both = applied(projection, control), applied(projection, control, limit)
    assert yearly(both, 2032) <= yearly(alone, 2032)
    assert both.infeasible == ()
    needless = applied(projection, {"action": "wash_coal", "value": 0.95}, limit)
    assert needless.states is None  # the washed coal holds the limit, so nothing is built


@pytest.mark.parametrize(("washed_from", "builds"), [(2029, False), (2030, False), (2031, True)])
def test_limit_sees_what_works_in_its_own_year(washed_from: int, builds: bool) -> None:
    """The unit emits 4/3 of the limit of 2030; coal that is washed by a half brings it to 2/3, from its year on."""
    projection = projection_of({})
    value = float(over_limit(projection, user_limit(1.0, "mg/Nm3"))[0]) * 3 / 4
    limit = {"action": "emission_limit", "value": value, "unit": "mg/Nm3"}
    one = applied(projection, {"action": "wash_coal", "value": 0.5, "from_year": washed_from}, limit)
    assert one.infeasible == ()
    assert [change.measure.action == "wash_coal" for change in one.plan["A1"]] == [True, *([False] if builds else [])]
    left = yearly(one, 2030) / float(projection.yearly_kg[0, 0])
    assert left <= 0.75 if builds else left == pytest.approx(0.5)


def test_limit_of_the_base_year_is_held_once_the_option_is_built() -> None:
    """Nothing is built in the year in which it is decided: what takes up to a year to build works from 2027 on."""
    projection = projection_of({})
    value = float(over_limit(projection, user_limit(1.0, "mg/Nm3"))[0]) * 3 / 4
    limit = {"action": "emission_limit", "value": value, "unit": "mg/Nm3", "from_year": 2026}
    one = applied(projection, limit)
    [change] = one.plan["A1"]
    code = "+".join(change.measure.options)
    option = next(o for o in Catalogue(projection).of_unit("A1") if o.option == code)
    assert change.first == option.first_year > 2026
    before = float(projection.yearly_kg[0, 0])
    assert [yearly(one, year) < before for year in (2026, change.first - 1, change.first)] == [False, False, True]


def test_limit_that_does_not_bind_changes_nothing() -> None:
    projection = projection_of({})
    one = applied(projection, {"action": "emission_limit", "value": 5.0, "unit": "mg/Nm3"})
    assert np.array_equal(one.yearly_kg, projection.yearly_kg)


def test_limit_that_binds_is_held_from_its_year_on() -> None:
    projection = projection_of({})
    one = applied(projection, {"action": "emission_limit", "value": 0.004, "unit": "mg/Nm3", "from_year": 2030})
    ratio = over_limit(projection, user_limit(0.004, "mg/Nm3"))[0]
    assert ratio > 1
    assert yearly(one, 2029) == pytest.approx(float(projection.yearly_kg[0, 0]))
    assert yearly(one, 2032) <= float(projection.yearly_kg[0, 0]) / ratio * (1 + 1e-9)


def test_years_of_the_categories_add_up_to_those_of_all(central: hg.Run) -> None:
    compared = central.compare(["targeted_top10", "limit_eu"])
    parts = compared.categories.groupby(["scenario", "year"], sort=False)[["air_kg", "avoided_kg"]].sum().reset_index()
    assert set(compared.categories["annex_d_category"]) == {"coal_power", "cement"}
    pd.testing.assert_frame_equal(parts, compared.years[list(parts)], check_dtype=False)


def test_changed_unit_runs_as_much_as_the_sheet_activity_says() -> None:
    """Two like units state the same year, one in its row, the other in the sheet Activity with a weaker year after."""
    rows = [{**UNIT, "unit_id": f"A{n}", "plant": f"P{n}"} for n in (1, 2)]
    units = pd.DataFrame([{**rows[0], "generation_net": None}, {**rows[1], "generation_net": 2500.0}])
    sheet = pd.DataFrame({"unit_id": "A1", "year": [2026, 2031], "variable": "generation_net", "unit": "GWh",
                          "value": [2500.0, 1250.0]})  # fmt: skip
    projection = project_fleet(fleet_from_tables({"Coal_units": units, "Activity": sheet}), base_year=2026)
    one = applied(projection, {"action": "add_control", "target": "ACI-Br"})
    first, second = one.yearly_kg[:, 2029 - 2026 :]
    assert first[0] == pytest.approx(second[0])
    assert first[1] / first[0] == pytest.approx(second[1] / second[0])
    assert first[1] < 0.5 * first[0]
    assert first[2] / first[1] == pytest.approx(0.5)


def test_a_measure_costs_what_the_catalogue_says_of_the_same_step_where_ash_is_sold() -> None:
    """600 MW at 0.7 is 3,679,200 MWh a year; the lost sale of ash 0.69 USD of 2004 a MWh."""
    kept, sold = (projection_of({"byproduct_use": use}) for use in ("ash pond", "fly ash to cement works"))
    rows = []
    for projection in (kept, sold):
        option = next(o for o in Catalogue(projection).of_unit("A1") if o.option == "A2")
        assert option.cost is not None
        assert option.first_year == 2028
        fall = {"action": "add_control", "target": "ACI-Br", "from_year": 2028}
        row = scenario_cost(applied(projection, fall)).units.iloc[0]
        assert row["options"] == "A2"
        assert row["per_year"] == pytest.approx(option.cost.per_year.value)
        assert row["mercury_per_year"] == pytest.approx(option.cost.mercury_per_year.value)
        rows.append(row)
    levels = {row.keys["year"]: row.value for row in sold.library.table("price_level").defaults}
    lost = 0.69 * 600 * 8760 * 0.7 * levels["2025"] / levels["2004"]
    assert rows[1]["per_year"] - rows[0]["per_year"] == pytest.approx(lost)


def test_a_better_heat_rate_saves_the_share_that_the_measure_states() -> None:
    """Coal at 4 USD/GJ; 3,679,200 MWh at 37 % net are 35,797,622 GJ a year."""
    little, more = (
        scenario_cost(applied(projection_of({}), {"action": "raise_efficiency", "value": share})).units.iloc[0]
        for share in (0.02, 0.05)
    )
    assert little["per_year"] - more["per_year"] == pytest.approx(0.03 * 4.0 * 600 * 8760 * 0.7 * 3.6 / 0.37)


SCRUBBER_USD = 1027.0 * 6**-0.294 * 600e3  # of a US unit of 600 MW, by the curve through the size classes of AEO2026


def test_a_kilogram_costs_the_equal_payment_of_all_years_over_the_mercury_of_all_years() -> None:
    """A scrubber of 600 MW for the 30 years from 2030 on, 606 USD/kW over 20 years, seen over 34 years from 2026 on."""
    projection = projection_of({"start_year": 2020, "country": "USA"})
    one = applied(projection, {"action": "add_control", "target": "wFGD", "from_year": 2030})
    cost, row = scenario_cost(one), compare([one]).table.iloc[0]
    prices = one.baseline.prices
    bought = prices.of(["wet FGD retrofit"], one.baseline.state.of("A1").size, 30)
    operation = bought.fixed.value + bought.variable.value
    assert cost.units.loc[0, ["years", "life_years"]].tolist() == [30, 20]
    assert cost.capital.value == pytest.approx(SCRUBBER_USD)
    repaid = 0.07 / (1 - 1.07**-20) * SCRUBBER_USD
    npv = sum((repaid + operation) / 1.07 ** (year - 2026 + 1) for year in range(2030, 2060))
    assert cost.npv.value == pytest.approx(npv)
    assert row["npv_musd"] == pytest.approx(npv / 1e6)
    assert row["horizon_years"] == 34
    each_year = 0.07 / (1 - 1.07**-34) * npv
    assert row["annuity_musd"] == pytest.approx(each_year / 1e6)
    assert row["usd_per_kg"] == pytest.approx(each_year * 34 / (row["avoided_t"] * 1000))
    catalogue = Catalogue(projection)
    option = catalogue.option(catalogue.state.of("A1"), (catalogue.table.options["C2"],), 2030)
    assert option.usd_per_kg is not None
    assert row["usd_per_kg"] == pytest.approx(option.usd_per_kg.value)


@pytest.mark.parametrize(("start", "years", "life"), [(1996, 6, 6), (2009, 19, 19), (2020, 30, 20)])
def test_capital_is_written_off_over_the_years_left_and_twenty_at_most(start: int, years: int, life: int) -> None:
    """A scrubber of 600 MW from 2030 on, at a unit that closes 40 years after its start: 606 USD/kW at 7 % a year."""
    one = applied(projection_of({"start_year": start, "country": "USA"}), {"action": "add_control", "target": "wFGD"})
    row = scenario_cost(one).units.iloc[0]
    bought = one.baseline.prices.of(["wet FGD retrofit"], one.baseline.state.of("A1").size, life)
    operation = bought.fixed.value + bought.variable.value
    assert (row["years"], row["life_years"]) == (years, life)
    assert row["per_year"] - operation == pytest.approx(0.07 / (1 - 1.07**-life) * SCRUBBER_USD)
