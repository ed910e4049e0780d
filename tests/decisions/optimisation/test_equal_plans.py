"""Scenarios compared with plans for equal kilograms and money: brute force that shares no code with the search."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.optimisation.as_scenario import Planner
from hginventory.decisions.optimisation.available_steps import steps_at_units, unit_option
from hginventory.decisions.optimisation.equal_plans import EQUAL_KG, EQUAL_MONEY, EqualPlans, equal_plans
from hginventory.decisions.optimisation.goals import Rules
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2005, "capacity_net": 600.0, "boiler": "PC",
        "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none",
        "coal_type": "bituminous"}  # fmt: skip
KILN = {"sector": "cement_kiln", "country": "IDN", "status": "operating", "start_year": 2005, "kiln_type": "PC",
        "capacity": 1.5e6}  # fmt: skip
GAP = 1e-3
ROWS = st.fixed_dictionaries({
    "start_year": st.integers(1998, 2020),
    "capacity_net": st.sampled_from([60.0, 150.0, 320.0, 600.0, 1000.0]),
    "pm_control": st.sampled_from(["ESPc", "FF", "ESPh", "unknown"]),
    "so2_control": st.sampled_from(["none", "wFGD", "swFGD", "SDA"]),
    "coal_type": st.sampled_from(["bituminous", "subbituminous", "lignite"]),
})  # fmt: skip
FLEETS = st.lists(ROWS, min_size=3, max_size=12)
YEARS = st.integers(2028, 2032)
COAL = "sector == 'coal_power'"
BLANKET = ({"where": COAL, "action": "add_control", "target": "ACI-Br", "from_year": 2030},)
SLOW = [HealthCheck.too_slow]


def run_of(rows: list[dict[str, Any]], *, factors: pd.DataFrame | None = None, **options: Any) -> hg.Run:
    named = [{**UNIT, "unit_id": f"u{n}", "plant": f"p{n}", **row} for n, row in enumerate(rows)]
    fleet = hg.fleet_from_frame(pd.DataFrame(named), factors=factors)
    return hg.project(fleet, base_year=2026, **{"draws": 0, **options})


def scenario(name: str, *measures: dict[str, Any]) -> Scenario:
    return Scenario(name=name, measure=tuple(Measure.model_validate(one) for one in measures))


def applied(run: hg.Run, *measures: dict[str, Any], name: str = "s") -> AppliedScenario:
    asked = scenario(name, *measures)
    return apply_scenario(run.projection, asked, [(0, measure) for measure in asked.measure])


def rows_of(found: EqualPlans) -> dict[str, Any]:
    return found.table.set_index("plan").to_dict("index")


@settings(deadline=None, max_examples=8, suppress_health_check=SLOW)
@given(FLEETS, YEARS)
def test_no_scenario_beats_its_plans(rows: list[dict[str, Any]], year: int) -> None:
    mixed = scenario(
        "mixed",
        {"where": "unit_id in ['u0', 'u2']", "action": "add_control", "target": "ACI", "from_year": year},
        {"where": "unit_id == 'u1'", "action": "best_step", "from_year": 2031},
    )
    run = run_of(rows)
    compared = run.compare(["blanket_bat", "targeted_top10", "targeted_best", mixed], equal_kg=True, equal_money=True)
    told = compared.table.set_index("scenario")
    by_plan = compared.equal.set_index("plan").to_dict("index")
    for name in told.index:
        own = by_plan[name]
        assert own["avoided_kg"] == pytest.approx(1000.0 * told.loc[name, "avoided_t"], rel=1e-9, abs=1e-9)
        if own["units_without_price"] or not own["avoided_kg"] > 0:
            assert f"{name}, equal kg" not in by_plan
            continue
        assert own["npv_musd"] == pytest.approx(told.loc[name, "npv_musd"], rel=1e-9)
        assert own["usd_per_kg"] == pytest.approx(told.loc[name, "usd_per_kg"], rel=1e-9)
        cheap, much = by_plan[f"{name}, equal kg"], by_plan[f"{name}, equal money"]
        assert cheap["npv_musd"] <= own["npv_musd"]
        assert cheap["avoided_kg"] >= own["avoided_kg"] * (1 - 1e-8)
        assert cheap["more_kg"] == pytest.approx(cheap["avoided_kg"] - own["avoided_kg"], abs=1e-6)
        assert much["avoided_kg"] >= own["avoided_kg"]
        assert much["npv_musd"] <= own["npv_musd"] + 1e-8 * abs(own["npv_musd"])
    steps = compared.equal_steps
    assert (steps["year"] >= min(year, 2030)).all()
    assert not steps.duplicated(["plan", "unit_id"]).any()


def candidates(run: hg.Run, one: AppliedScenario, first: int) -> list[list[tuple[float, float]]]:
    """Return kilograms and present value of everything a plan may do at each unit, worked out year by year."""
    catalogue, projection = one.baseline.at_once, run.projection
    rate, base = 0.07, projection.settings.base_year
    out: list[list[tuple[float, float]]] = [[(0.0, 0.0)] for _ in projection.units.index]
    steps = steps_at_units(catalogue, Rules())
    for row in range(steps.size):
        index, step = int(steps.unit[row]), steps.steps[int(steps.step[row])]
        unit = catalogue.state.units[index]
        yearly, end = projection.yearly_kg[index], int(unit.end_year)
        for start in range(first, end):
            option = catalogue.option(unit, step, float(start))
            assert option.cost is not None
            share = option.avoided_kg_per_yr / float(projection.units["air_kg_per_yr"].iloc[index])
            life = min(20, end - start)
            paid = option.cost.capital.value * rate / (1 - (1 + rate) ** -life) + option.cost.operation.value
            npv = sum(paid / (1 + rate) ** (year - base + 1) for year in range(start, end))
            out[index].append((share * float(yearly[start - base :].sum()), npv))
    table = run.compare([one.scenario]).units
    for _, own in table.iterrows():
        index = projection.units.index.get_loc(own["unit_id"])
        out[index].append((own["remaining_kg_before"] - own["remaining_kg_after"], own["npv"]))
    return [unbeaten(choices) for choices in out]


def unbeaten(choices: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the choices of a unit that avoid more than every cheaper one."""
    kept: list[tuple[float, float]] = []
    for kg, npv in sorted(choices, key=lambda one: (one[1], -one[0])):
        if not kept or kg > kept[-1][0]:
            kept.append((kg, npv))
    return kept


def every_plan(choices: list[list[tuple[float, float]]]) -> tuple[np.ndarray, np.ndarray]:
    """Return kilograms and present value of every combination of one choice a unit."""
    return tuple(  # type: ignore[return-value]
        reduce(lambda sums, own: np.add.outer(sums, own).ravel(), [np.array([c[part] for c in one]) for one in choices])
        for part in (0, 1)
    )


@pytest.mark.parametrize(
    ("trains", "ends"),
    [
        (["none", "wFGD", "swFGD"], [2033, 2034, 2032]),
        (["none", "none", "SDA"], [2034, 2033, 2033]),
        (["wFGD", "wFGD", "none"], [2034, 2032, 2034]),
        (["none", "wFGD", "none", "none"], [2031, 2031, 2032, 2031]),
        (["swFGD", "none", "SDA", "wFGD"], [2031, 2032, 2031, 2031]),
    ],
)
def test_plans_are_the_best_of_all_combinations(trains: list[str], ends: list[int]) -> None:
    sizes = [150.0, 600.0, 320.0, 1000.0]
    rows = [
        {"so2_control": train, "capacity_net": size, "planned_retirement": end, "start_year": 2000,
         "coal_type": "lignite" if n == 1 else "subbituminous"}
        for n, (train, size, end) in enumerate(zip(trains, sizes, ends, strict=False))
    ]  # fmt: skip
    run = run_of(rows)
    one = applied(run, *BLANKET)
    kg, npv = every_plan(candidates(run, one, 2030))
    told = rows_of(equal_plans([one], gap=1e-9))
    own = told["s"]
    least = npv[kg >= own["avoided_kg"] * (1 - 1e-9)].min()
    most = kg[npv <= own["npv_musd"] * 1e6 * (1 + 1e-9)].max()
    assert told["s, equal kg"]["npv_musd"] * 1e6 == pytest.approx(least, rel=1e-6)
    assert told["s, equal money"]["avoided_kg"] == pytest.approx(most, rel=1e-6)


@pytest.mark.parametrize(
    ("trains", "usd_per_kw"),
    [
        (["none", "wFGD", "swFGD"], 5.0),
        (["none", "wFGD", "swFGD"], 60.0),
        (["none", "none", "SDA"], 60.0),
        (["wFGD", "none", "none"], 5.0),
        (["swFGD", "SDA", "none"], 60.0),
    ],
)
def test_savings_of_a_plan_pay_for_its_other_steps(trains: list[str], usd_per_kw: float) -> None:
    rows = [{"so2_control": train, "coal_type": "lignite", "planned_retirement": 2034} for train in trains]
    own = {"factor_id": "control_cost/coal_power/heat-rate improvement/capital/any/any/USD/2014", "value": usd_per_kw}
    run = run_of(rows, factors=pd.DataFrame([{**own, "unit": "USD/kW", "reason": "tender", "source_id": "own"}]))
    one = applied(run, {**BLANKET[0], "where": "unit_id == 'u2'"})
    choices = candidates(run, one, 2030)
    assert min(npv for of_unit in choices for _, npv in of_unit) < 0  # the coal saved is worth more than the step
    kg, npv = every_plan(choices)
    found = equal_plans([one], gap=1e-9)
    told = rows_of(found)
    budget = told["s"]["npv_musd"] * 1e6
    assert told["s, equal kg"]["npv_musd"] * 1e6 == pytest.approx(
        npv[kg >= told["s"]["avoided_kg"] * (1 - 1e-9)].min(), rel=1e-6
    )
    assert told["s, equal money"]["avoided_kg"] == pytest.approx(kg[npv <= budget * (1 + 1e-9)].max(), rel=1e-6)
    spent = found.steps.query("plan == 's, equal money' and npv > 0")["npv"].sum()
    assert spent > budget  # the rest is paid by steps that save money


def test_a_plan_of_steps_and_choices_of_a_scenario_avoids_their_sum() -> None:
    run = run_of([{"so2_control": train} for train in ("none", "wFGD", "swFGD", "none")])
    one = applied(run, *BLANKET)
    catalogue = one.baseline.at_once
    steps = steps_at_units(catalogue, Rules())
    rows = [int(np.flatnonzero(steps.unit == unit)[0]) for unit in (1, 2)]
    options = [(unit_option(catalogue, steps, row), 2031) for row in rows]
    plan = Planner(catalogue, Baseline(run.projection)).beside(options, one, ["u0", "u3"])
    avoided = run.projection.yearly_kg.sum(axis=1) - plan.lifetime_kg
    alone = run.projection.yearly_kg.sum(axis=1) - one.lifetime_kg
    assert avoided[[0, 3]] == pytest.approx(alone[[0, 3]])
    for (option, year), unit in zip(options, (1, 2), strict=True):
        share = option.avoided_kg_per_yr / run.units["air_kg_per_yr"].iloc[unit]
        left = run.projection.yearly_kg[unit, year - 2026 :].sum()
        assert avoided[unit] == pytest.approx(share * left, rel=0.011)


@pytest.mark.parametrize(
    "measures",
    [
        [{"where": COAL, "action": "retire", "from_year": 2032}],
        [*BLANKET, {"where": "unit_id == 'u1'", "action": "retire", "from_year": 2031}],
        [{"where": COAL, "action": "cap_capacity_factor", "value": 0.4, "from_year": 2028}],
        [{"where": "unit_id == 'u0'", "action": "exclude", "from_year": 2028}],
    ],
)
def test_a_scenario_with_measures_without_a_price_is_not_compared(measures: list[dict[str, Any]]) -> None:
    found = equal_plans([applied(run_of([{}] * 3), *measures)])
    (row,) = found.table.to_dict("records")
    assert row["units_without_price"] > 0
    assert row["avoided_kg"] > 0
    assert np.isnan(row["npv_musd"])
    assert np.isnan(row["usd_per_kg"])
    assert found.steps.empty


def test_another_retirement_rule_has_no_price() -> None:
    table = run_of([{"start_year": 2010}] * 3).compare(["rule_crea_30"], equal_kg=True).equal
    assert (table["kind"] == "scenario").all()
    assert table["units_without_price"].tolist() == [3]
    assert table["npv_musd"].isna().all()


def test_a_scenario_that_changes_nothing_has_no_plans() -> None:
    table = run_of([{}] * 3).compare(["baseline", "blanket_bat"], equal_kg=True, equal_money=True).equal
    assert table["scenario"].tolist() == ["baseline", *["blanket_bat"] * 3]
    assert table["annuity_musd"].iloc[0] == 0
    assert np.isnan(table["usd_per_kg"].iloc[0])


@pytest.mark.parametrize("kind", [EQUAL_KG, EQUAL_MONEY])
def test_only_what_is_asked_for_is_planned(kind: str) -> None:
    table = run_of([{}] * 3).compare(["blanket_bat"], **{kind: True}).equal
    assert table["kind"].tolist() == ["scenario", kind]
    assert run_of([{}] * 3).compare(["blanket_bat"]).equal.empty


def test_equal_plans_share_the_draws_in_which_they_are_cheapest() -> None:
    run = run_of([{"so2_control": "none"}] * 3, draws=300)
    twins = [scenario(name, *BLANKET) for name in ("one", "two")]
    table = run.compare(twins, equal_kg=True).equal.set_index("plan")
    assert table["p_cheapest"].sum() == pytest.approx(1.0)
    assert table.loc["one", "p_cheapest"] == pytest.approx(table.loc["two", "p_cheapest"])
    assert table.loc["one, equal kg", "p_cheapest"] == pytest.approx(table.loc["two, equal kg", "p_cheapest"])
    assert run_of([{}] * 3).compare(twins, equal_kg=True).equal["p_cheapest"].isna().all()


def test_p_cheapest_follows_the_draws_of_the_scenarios() -> None:
    run = run_of([{"so2_control": "none"}, {"so2_control": "wFGD", "coal_type": "lignite"}], draws=400)
    asked = [
        scenario(name, {"where": f"unit_id == '{unit}'", "action": "best_step", "from_year": 2030})
        for name, unit in (("first", "u0"), ("second", "u1"))
    ]
    compared = run.compare(asked, equal_money=True)
    table = compared.equal[compared.equal["kind"] == "scenario"].set_index("plan")
    assert set(compared.equal["p_cheapest"].notna()) == {True}
    assert table["p_cheapest"].between(0, 1).all()
    assert compared.equal["p_cheapest"].sum() == pytest.approx(1.0)
    whole = compared.equal.set_index("plan")
    assert whole["usd_per_kg"].idxmax() != whole["p_cheapest"].idxmax()
    assert whole.loc[whole["usd_per_kg"].idxmax(), "p_cheapest"] < 1 / len(whole)


def test_kilns_stay_as_they_are_unless_the_scenario_changes_one(central: hg.Run) -> None:
    compared = central.compare(["targeted_top10"], equal_kg=True, equal_money=True)
    assert set(compared.equal_steps["sector"]) == {"coal_power"}
