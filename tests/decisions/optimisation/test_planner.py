"""Plans for a fleet: what they reach, what rules do to them, how they stand on draws, and as scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hginventory as hg
from hginventory.decisions.optimisation.abatement_curve import least_cost_frontier
from hginventory.decisions.optimisation.as_scenario import Planner, grouped, scenario_text
from hginventory.decisions.optimisation.available_steps import steps_at_units, unit_option
from hginventory.decisions.optimisation.dated_steps import by_start_year, to_the_end
from hginventory.decisions.optimisation.goals import Rules, emission_in, make_goal, read_share
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.optimisation.result import Plan
from hginventory.decisions.optimisation.robustness import FleetDraws, gains_in_draws
from hginventory.decisions.optimisation.solver import GAP, least_cost
from hginventory.decisions.options import UNCONDITIONAL
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.compare import compare
from hginventory.decisions.scenarios.scenario_costs import scenario_cost
from hginventory.errors import UnreachableTargetError, UsageError
from hginventory.projection import Projection
from hginventory.scenarios.files import measures_of, read_scenario
from hginventory.scenarios.scenario import Measure, Scenario


@pytest.fixture(scope="module")
def projection() -> Projection:
    return hg.project("indonesia", where="capacity_net_mw >= 550 or clinker_t_per_yr >= 3e6", draws=0).projection


@pytest.fixture(scope="module")
def catalogue(projection: Projection) -> Catalogue:
    return Catalogue(projection)


@pytest.fixture(scope="module")
def half(catalogue: Catalogue) -> Plan:
    return make_plan(catalogue, make_goal(catalogue.projection, target="50%", by=2035), draws=400)


def avoided_in(plan: Plan, year: int) -> float:
    """Return what the scenario of a plan avoids in a year, from its own yearly table [kg]."""
    base = plan.applied.baseline.projection
    place = year - base.settings.base_year
    return float((base.yearly_kg[:, place] - plan.applied.yearly_kg[:, place]).sum())


def test_target_is_reached_with_one_step_a_unit(half: Plan, projection: Projection) -> None:
    whole = emission_in(projection, 2035)
    assert half.table["avoided_kg"].sum() >= 0.5 * whole * (1 - 1e-6)
    assert half.table["unit_id"].is_unique
    assert avoided_in(half, 2035) == pytest.approx(half.table["avoided_kg"].sum(), rel=0.01)
    assert (half.table["year"] <= 2035).all()
    assert half.summary["gap"] <= GAP


def test_costs_of_a_plan_are_the_sum_of_its_steps_and_state_their_terms(half: Plan) -> None:
    for name in ("npv", "npv_low", "npv_high", "annuity", "capital"):
        assert half.summary[name] == pytest.approx(half.table[name].sum())
    assert half.summary["npv_bound"] <= half.summary["npv"] * (1 + 1e-6)
    assert half.summary["npv"] <= half.summary["greedy_npv"] * (1 + GAP)
    for table in (half.table, half.frontier):
        assert {"currency", "price_year", "rate"} <= set(table)
    assert "life_years" in half.table
    assert half.summary["cost_terms"].startswith("USD of ")


def test_frontier_of_a_fleet_rises_and_bounds_the_plan(half: Plan) -> None:
    assert (np.diff(half.frontier["avoided_kg"]) > 0).all()
    assert (np.diff(half.frontier["npv"]) > 0).all()
    slopes = np.diff(half.frontier["npv"]) / np.diff(half.frontier["avoided_kg"])
    assert (np.diff(slopes) >= -1e-9 * slopes[1:]).all()


def test_reading_of_the_base_year_asks_for_what_the_fleet_emitted_then(catalogue: Catalogue) -> None:
    projection = catalogue.projection
    goal = make_goal(projection, target="40%", by=2040, of_base_year=True)
    plan = make_plan(catalogue, goal)
    then, base = emission_in(projection, 2040), emission_in(projection, projection.settings.base_year)
    assert then < base  # units close, which counts in this reading
    assert plan.summary["needed_kg"] == pytest.approx(then - 0.6 * base)


def test_mercury_to_the_end_of_life_and_a_total_budget_mirror_each_other(catalogue: Catalogue) -> None:
    projection = catalogue.projection
    first = make_plan(catalogue, make_goal(projection, target_kg=20_000.0), gap=1e-5)
    spent = float(first.table["npv"].clip(lower=0).sum())
    second = make_plan(catalogue, make_goal(projection, budget_total=spent), gap=1e-5)
    assert second.summary["avoided_kg"] >= 20_000.0 * (1 - 1e-4)


def test_budget_is_kept_and_nothing_buys_nothing(catalogue: Catalogue) -> None:
    projection = catalogue.projection
    plan = make_plan(catalogue, make_goal(projection, budget=20e6))
    assert 15e6 < plan.table["annuity"].clip(lower=0).sum() <= 20e6 * (1 + 1e-6)
    nothing = make_plan(catalogue, make_goal(projection, budget=0.0))
    assert nothing.table.empty or (nothing.table["npv"] <= 0).all()


def test_rules_are_kept(catalogue: Catalogue, half: Plan) -> None:
    largest = str(half.table["unit_id"].iloc[0])
    rules = Rules(not_before=2029, per_year=4, exclude=frozenset({largest}), only="sector == 'coal_power'")
    goal = make_goal(catalogue.projection, target="20%", by=2035)
    plan = make_plan(catalogue, goal, rules)
    assert plan.table["year"].min() >= 2029
    assert plan.table["year"].value_counts().max() <= 4
    assert largest not in set(plan.table["unit_id"])
    assert set(plan.table["sector"]) == {"coal_power"}
    free = make_plan(catalogue, goal)
    assert free.summary["npv"] <= plan.summary["npv"] * (1 + GAP)


def test_steps_start_as_late_as_the_target_and_the_rules_allow(catalogue: Catalogue) -> None:
    """A later start is paid later and for fewer years; only the limit a year brings starts forward."""
    goal = make_goal(catalogue.projection, target="30%", by=2036)
    assert set(make_plan(catalogue, goal, Rules(build_rate=None)).table["year"]) == {2036}
    plan = make_plan(catalogue, goal, Rules(build_rate=None, per_year=3))
    used = plan.table["year"].value_counts()
    assert used.max() == 3
    for year in plan.table["year"]:
        assert all(used.get(later, 0) == 3 for later in range(year + 1, 2037))
    assert plan.summary["first_start"] == plan.table["year"].min()
    assert plan.summary["last_start"] == 2036


def test_frontier_ends_where_the_next_kilogram_costs_more_than_a_price(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target_kg=20_000.0)
    whole, cut = (make_plan(catalogue, goal, most_per_kg=price) for price in (1e15, 20_000.0))
    dearer = int((whole.frontier["cost_of_next_kg"] > 20_000.0).sum())
    assert 0 < dearer < len(whole.frontier) - 1
    assert cut.summary["frontier_dearer_steps"] == dearer
    assert len(cut.frontier) == len(whole.frontier) - dearer
    assert cut.frontier["cost_of_next_kg"].max() <= 20_000.0
    assert make_plan(catalogue, goal).summary["frontier_usd_per_kg"] == catalogue.prices.basis("frontier_price")
    with pytest.raises(UsageError, match="most_per_kg: 0 a kilogram"):
        make_plan(catalogue, goal, most_per_kg=0.0)


@pytest.mark.parametrize("price", [2e4, 6e4, 1e5, 3e5, 1e15])
def test_frontier_of_one_year_rises_and_leaves_out_dearer_steps(catalogue: Catalogue, price: float) -> None:
    """Units that close soon after 2035 cost little for that year and much for a kilogram."""
    goal = make_goal(catalogue.projection, target="10%", by=2035)
    plan = make_plan(catalogue, goal, most_per_kg=price)
    shown, horizon = plan.frontier.iloc[1:], catalogue.horizon
    assert "cost_of_next_kg" not in plan.frontier
    assert shown["npv_per_target_kg"].is_monotonic_increasing
    slopes = plan.frontier["npv"].diff() / plan.frontier["avoided_kg"].diff()
    assert shown["npv_per_target_kg"].to_numpy() == pytest.approx(slopes.iloc[1:].to_numpy(), rel=1e-6)
    found = by_start_year(steps_at_units(catalogue, Rules()), catalogue, goal, Rules())
    kg = to_the_end(found, catalogue.projection, goal)
    steps = zip(found.unit.tolist(), found.step.tolist(), found.start_year.tolist(), strict=True)
    own = dict(zip(((unit, found.names[step], year) for unit, step, year in steps),
                   (found.cost * horizon.per_kg / kg).tolist(), strict=True))  # fmt: skip
    for row in shown.to_dict("records"):
        assert own[catalogue.state.of(row["unit_id"]).index, row["option"], row["year"]] <= price * (1 + 1e-9)
    fits = found.taken(found.cost * horizon.per_kg <= price * kg)
    most = sum(fits.avoided[fits.unit == unit].max() for unit in np.unique(fits.unit))
    assert plan.frontier["avoided_kg"].iloc[-1] == pytest.approx(most)
    if price in (2e4, 1e15):  # between them it depends on which steps the whole frontier takes
        assert (plan.summary["frontier_dearer_steps"] > 0) == (price == 2e4)


def test_steps_at_units_that_close_soon_after_the_target_are_told(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target="50%", by=2035)
    plan = make_plan(catalogue, goal)
    least = catalogue.prices.basis("least_years")
    soon = plan.table["end_year"] <= 2035 + least
    assert 0 < soon.sum() < len(plan.table)
    assert plan.table["closes_soon"].tolist() == soon.tolist()
    assert plan.summary["closing_soon_units"] == soon.sum()
    assert plan.summary["closing_soon_kg"] == pytest.approx(plan.table.loc[soon, "avoided_kg"].sum())
    by_mass = make_plan(catalogue, make_goal(catalogue.projection, target_kg=20_000.0))
    assert not by_mass.table["closes_soon"].any()
    assert by_mass.summary["closing_soon_units"] == 0


@pytest.mark.parametrize("asked", [{"target": "30%", "by": 2035}, {"target_kg": 10_000.0}, {"budget": 5e6}])
def test_cost_of_a_kilogram_has_its_ends(catalogue: Catalogue, asked: dict[str, Any]) -> None:
    found = make_plan(catalogue, make_goal(catalogue.projection, **asked)).summary
    for end in ("", "_low", "_high"):
        expected = found[f"npv{end}"] * catalogue.horizon.per_kg / found["avoided_to_end_kg"]
        assert found[f"usd_per_kg{end}"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (Rules(per_year=1), "`per_year` binds"),
        pytest.param(Rules(not_before=2035), "`not_before` binds", marks=pytest.mark.slow),
        pytest.param(Rules(only="sector == 'cement_kiln'"), "`exclude` and `only` binds", marks=pytest.mark.slow),
    ],
)
def test_target_out_of_reach_names_the_rule_and_the_best_there_is(
    catalogue: Catalogue, rules: Rules, named: str
) -> None:
    goal = make_goal(catalogue.projection, target="60%", by=2034)
    make_plan(catalogue, goal)  # without the rule it can be met
    with pytest.raises(UnreachableTargetError, match=named) as caught:
        make_plan(catalogue, goal, rules)
    assert caught.value.exit_code == 3
    assert "kg can be avoided" in str(caught.value)


@pytest.mark.slow
def test_target_beyond_all_options_says_that_no_rule_binds(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target="100%", by=2035)
    with pytest.raises(UnreachableTargetError, match="No rule binds"):
        make_plan(catalogue, goal, Rules(accept=~UNCONDITIONAL, build_rate=None))
    with pytest.raises(UnreachableTargetError, match="`accept` binds most"):
        make_plan(catalogue, goal)


@pytest.mark.slow
def test_closure_stands_in_where_it_is_cheap(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target="95%", by=2035)
    with pytest.raises(UnreachableTargetError):
        make_plan(catalogue, goal)
    plan = make_plan(catalogue, goal, Rules(closure_usd_per_kw=500.0))
    closed = plan.table[plan.table["option"] == "R1"]
    assert len(closed)
    assert avoided_in(plan, 2035) >= 0.95 * emission_in(catalogue.projection, 2035) * 0.99
    place = catalogue.projection.units.index.get_loc(closed["unit_id"].iloc[0])
    first = int(closed["year"].iloc[0]) - catalogue.projection.settings.base_year
    assert not plan.applied.yearly_kg[place, first:].any()
    assert (
        not make_plan(catalogue, make_goal(catalogue.projection, target="30%", by=2035)).table["option"].eq("R1").any()
    )


@pytest.mark.slow
def test_probability_is_that_of_paired_draws_and_confidence_raises_it(catalogue: Catalogue, half: Plan) -> None:
    assert 0.2 < half.summary["p_met"] < 0.85
    goal = make_goal(catalogue.projection, target="50%", by=2035)
    sure = make_plan(catalogue, goal, draws=400, confidence=0.9)
    assert sure.summary["p_met"] >= 0.9
    assert sure.summary["p_met_of_central_target"] == pytest.approx(half.summary["p_met"])
    assert sure.summary["tightened_kg"] > sure.summary["needed_kg"]
    assert sure.summary["npv"] > half.summary["npv"]
    assert sure.summary["greedy_avoided_kg"] >= sure.summary["tightened_kg"]  # beside the same thing
    most = 0.995 * float(half.frontier["avoided_share"].iloc[-1])  # within reach of the central run, just
    with pytest.raises(UnreachableTargetError, match="probability"):
        make_plan(catalogue, make_goal(catalogue.projection, target=f"{most:.4f}", by=2035), draws=400, confidence=0.9)


@pytest.mark.parametrize(
    ("where", "target", "confidence"),
    [
        pytest.param("capacity_net_mw >= 600", "20%", 0.5, marks=pytest.mark.slow),
        ("capacity_net_mw >= 800", "30%", 0.8),
        ("capacity_net_mw >= 900", "50%", 0.7),
        ("capacity_net_mw >= 950", "20%", 0.9),
        ("capacity_net_mw >= 950", "40%", 0.6),
    ],
)
def test_a_small_fleet_meets_its_target_as_surely_as_asked(where: str, target: str, confidence: float) -> None:
    """The plan that avoids most is known: it is not sought again by asking for its mercury, less a rounding."""
    projection = hg.project("indonesia", where=where, draws=0).projection
    goal = make_goal(projection, target=target, by=2035)
    summary = make_plan(Catalogue(projection), goal, draws=100, confidence=confidence).summary
    assert summary["p_met"] >= confidence
    assert summary["avoided_kg"] >= summary["tightened_kg"] * (1 - 1e-6)
    assert summary["npv"] >= summary["npv_of_central_target"]


def test_gains_in_single_draws_add_up_to_what_the_scenario_avoids_there(catalogue: Catalogue) -> None:
    projection = catalogue.projection
    goal = make_goal(projection, target="50%", by=2035)
    found = by_start_year(steps_at_units(catalogue, Rules()), catalogue, goal, Rules())
    solution = least_cost(found, 0.5 * emission_in(projection, 2035))
    assert solution is not None
    fleet, planner = FleetDraws.of(projection, 300, 1), Planner(catalogue)
    one = planner.applied([(unit_option(catalogue, found, row), int(found.start_year[row])) for row in solution.chosen])
    avoided = fleet.avoided(one, goal)
    picked = np.array([3, 77, 210])
    factor = gains_in_draws(fleet, planner, found, solution.chosen, picked)
    summed = (factor * found.avoided[solution.chosen][:, None]).sum(axis=0)
    assert summed == pytest.approx(avoided[picked], rel=0.01)
    assert np.ptp(avoided[picked]) > 0.05 * avoided.mean()


def test_regret_of_a_plan_that_falls_short_is_what_is_missing(half: Plan) -> None:
    table = half.regret.set_index("draw")
    assert table.index.tolist() == ["low", "median", "high"]
    assert table.loc["low", "short_kg"] > 0
    assert table.loc["high", "short_kg"] == 0
    short = table["needed_kg"] - table["avoided_kg"]
    assert table["short_kg"].to_numpy() == pytest.approx(short.clip(lower=0).to_numpy())
    assert (table["best_avoided_kg"] >= table["needed_kg"] * (1 - 1e-6)).all()
    assert table.loc["high", "dearer"] > 0


def test_saved_plan_is_read_back_as_the_same_scenario(half: Plan, projection: Projection, tmp_path: Path) -> None:
    path = half.save(tmp_path / "half.toml")
    with pytest.raises(hg.UsageError, match=r"exists\. Name another file"):
        half.save(path)
    scenario = read_scenario(path)
    measures, locations = measures_of(scenario)
    again = apply_scenario(projection, scenario, measures, locations=locations)
    assert np.array_equal(again.yearly_kg, half.applied.yearly_kg)
    assert scenario.name == "half"


def test_measures_that_differ_in_their_unit_only_become_one() -> None:
    def one(unit: str, year: int = 2030) -> tuple[str, Measure]:
        return unit, Measure(action="wash_coal", value=0.1, from_year=year)

    assert [m.where for m in grouped([one("A"), one("B"), one("C", 2031)])] == [
        "unit_id in ['A', 'B']",
        "unit_id == 'C'",
    ]
    many = grouped(one(f"UNIT-{number:04}") for number in range(300))
    assert all(len(m.where) <= 1000 for m in many)
    assert sum(m.where.count("UNIT-") for m in many) == 300


def test_text_of_a_scenario_escapes_what_would_end_it(tmp_path: Path) -> None:
    note = 'quote " backslash \\ line\nbreak é'
    measure = Measure(action="wash_coal", value=0.0, from_year=2030, note=note)
    path = tmp_path / "odd.toml"
    path.write_text(scenario_text(Scenario(name="odd", measure=(measure,)), ["two\nlines"]), encoding="utf-8")
    assert read_scenario(path).measure[0].note == note
    assert read_scenario(path).measure[0].value == 0.0


def test_frontier_of_pairs_is_no_dearer_than_that_of_single_options(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, target="50%", by=2035)
    steps = steps_at_units(catalogue, Rules())
    single = steps.taken(np.array(["+" not in steps.names[step] for step in steps.step]))
    assert 0 < single.size < steps.size
    both, alone = (least_cost_frontier(by_start_year(some, catalogue, goal, Rules())) for some in (steps, single))
    for share in (0.1, 0.4, 0.7, 1.0):
        gain = share * float(alone.gain[-1])
        assert both.bound(gain) <= alone.bound(gain) + 1e-6


@pytest.mark.parametrize("text", ["150%", "0", "half", "-10%", "1.2.3"])
def test_share_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="target: "):
        read_share(text)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"target": "50%"},
        {"target": "50%", "by": 2035, "budget": 1e6},
        {"target_kg": -1.0},
        {"budget": 1e6, "of_base_year": True},
        {"target": "50%", "by": 1999},
        {"target": "50%", "by": 2140},
    ],
)
def test_goal_that_cannot_be_is_refused(projection: Projection, asked: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        make_goal(projection, **asked)  # type: ignore[arg-type]


def test_unknown_unit_and_wrong_expression_are_refused(catalogue: Catalogue) -> None:
    goal = make_goal(catalogue.projection, budget=1e6)
    with pytest.raises(UsageError, match="exclude: there is no unit 'nobody'"):
        make_plan(catalogue, goal, Rules(exclude=frozenset({"nobody"})))
    with pytest.raises(UsageError, match="only: "):
        make_plan(catalogue, goal, Rules(only="colour == 'red'"))


def test_scenario_of_a_plan_costs_what_the_plan_says(half: Plan) -> None:
    cost = scenario_cost(half.applied)
    assert cost.unpriced == 0
    assert cost.capital.value == pytest.approx(half.summary["capital"])
    assert cost.npv.value == pytest.approx(half.summary["npv"])
    assert cost.annuity.high == pytest.approx(half.summary["annuity_high"])


@pytest.mark.parametrize("asked", [{"target_kg": 20_000.0}, {"target": "30%", "by": 2035}, {"budget": 20e6}])
def test_a_kilogram_of_a_plan_costs_what_its_scenario_says(catalogue: Catalogue, asked: dict[str, Any]) -> None:
    plan = make_plan(catalogue, make_goal(catalogue.projection, **asked))
    row = compare([plan.applied]).table.iloc[0]
    for name in ("npv", "annuity"):
        assert row[f"{name}_musd"] * 1e6 == pytest.approx(plan.summary[name])
    assert row["usd_per_kg"] == pytest.approx(plan.summary["usd_per_kg"])
    years = catalogue.projection.yearly_kg.shape[1]
    assert plan.summary["usd_per_kg"] == pytest.approx(plan.summary["annuity"] * years / (row["avoided_t"] * 1000))


def test_step_without_a_train_is_priced_as_the_option_it_is(catalogue: Catalogue) -> None:
    projection = catalogue.projection
    unit, option = next((str(u), o) for u in projection.units.index for o in catalogue.of_unit(str(u))
                        if o.option == "P1" and o.cost is not None)  # fmt: skip
    one = Planner(catalogue).applied([(option, int(option.first_year))])
    row = scenario_cost(one).units.iloc[0]
    assert (row["unit_id"], row["options"]) == (unit, "P1")
    assert row["per_year"] == pytest.approx(option.cost.per_year.value)


def test_note_of_the_users_own_is_no_option(projection: Projection) -> None:
    unit = str(projection.units.index[projection.units["sector"] == "coal_power"][0])
    measure = Measure(
        action="cofire_biomass", where=f"unit_id == {unit!r}", value=0.05, from_year=2030, note="option to widen later"
    )
    cost = scenario_cost(apply_scenario(projection, Scenario(name="own"), [(0, measure)]))
    assert cost.units["options"].tolist() == ["F4"]
