"""Present values and annuities against sums year by year, and what plans and scenarios pay against such a sum."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.costs.present_value import Horizon, discounted_years
from hginventory.decisions.optimisation.goals import Rules, make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.compare import compare
from hginventory.decisions.scenarios.scenario_costs import scenario_cost
from hginventory.errors import UsageError
from hginventory.scenarios import Measure, Scenario


def year_by_year(rate: float, start: int, end: int, base_year: int) -> float:
    """Return the same as `discounted_years`, the slow way: each payment is carried back year by year."""
    worth = 0.0
    for year in range(start, end):
        payment = 1.0
        for _ in range(base_year, year + 1):  # from the end of the year to the beginning of the base year
            payment /= 1.0 + rate
        worth += payment
    return worth


@pytest.mark.parametrize(
    ("rate", "start", "end"),
    [
        (0.07, 2026, 2046),  # from the base year on
        (0.07, 2033, 2046),  # later
        (0.0, 2033, 2046),  # without interest: the number of years
        (0.03, 2030, 2031),  # one year
        (0.12, 2026, 2076),  # longer than any book life
        (1e-9, 2030, 2050),  # nearly none
        (0.07, 2040, 2040),  # no year
    ],
)
def test_present_value_is_the_sum_of_all_payments(rate: float, start: int, end: int) -> None:
    assert discounted_years(rate, start, end, 2026) == pytest.approx(year_by_year(rate, start, end, 2026), rel=1e-9)


def test_a_part_of_a_year_pays_back_the_capital_written_off_over_it() -> None:
    """What `annuity` asks for a capital of 1 over 7.5 years is worth 1 at their beginning."""
    for rate in (0.0, 0.04, 0.1):
        assert discounted_years(rate, 2026, 2033.5, 2026) * annuity(rate, 7.5) == pytest.approx(1.0)
        later = discounted_years(rate, 2029, 2036.5, 2026) * annuity(rate, 7.5)
        assert later == pytest.approx((1.0 + rate) ** -3)


def test_many_steps_are_worth_what_each_is() -> None:
    start, end = np.array([2026.0, 2030.0, 2041.0]), np.array([2027.0, 2066.0, 2041.5])
    for rate in (0.0, 0.07):
        each = [discounted_years(rate, *one, 2026) for one in zip(start.tolist(), end.tolist(), strict=True)]
        assert discounted_years(rate, start, end, 2026).tolist() == pytest.approx(each)


def test_annuity_of_the_horizon_pays_the_present_value_back() -> None:
    for rate in (0.0, 0.07):
        horizon = Horizon(2026, 31, rate)
        assert horizon.annuity * year_by_year(rate, 2026, 2057, 2026) == pytest.approx(1.0)
        assert horizon.per_kg == pytest.approx(31 * horizon.annuity)


@pytest.mark.parametrize("wrong", [(-0.01, 2026, 2030), (0.07, 2025, 2030), (0.07, 2031, 2030)])
def test_payments_that_cannot_be_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(UsageError, match="seen from 2026"):
        discounted_years(*wrong, 2026)


def catalogue_of(starts: list[int], sizes: list[float]) -> Catalogue:
    plants = {"unit_id": [f"U{n}" for n in range(len(starts))], "plant": [f"P{n}" for n in range(len(starts))]}
    units = pd.DataFrame({**plants, "unit": "1", "MW": sizes, "country": "IDN", "start_year": starts,
                          "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "none"})  # fmt: skip
    return Catalogue(hg.project(hg.fleet_from_frame(units, settings={"base_year": 2026}), draws=0).projection)


@pytest.mark.parametrize(
    "asked", [{"target": "40%", "by": 2033}, {"target_kg": 4_000.0}, {"budget": 5e6}, {"budget_total": 5e7}]
)
def test_a_plan_is_worth_what_its_payments_are_year_by_year(asked: dict[str, Any]) -> None:
    catalogue = catalogue_of([1994, 2005, 2012, 2019, 2024], [100.0, 300.0, 600.0, 660.0, 900.0])
    plan = make_plan(catalogue, make_goal(catalogue.projection, **asked))
    assert len(plan.table) > 1
    rate, worth, years = 0.07, 0.0, catalogue.projection.yearly_kg.shape[1]
    for row in plan.table.to_dict("records"):
        option = catalogue.combined(row["unit_id"], row["option"].split("+"))
        assert option.cost is not None
        life = int(option.end_year) - row["year"]
        book = min(20, life)
        capital = option.cost.capital.value * rate / (1 - (1 + rate) ** -book)
        for year in range(row["year"], int(option.end_year)):
            worth += (capital + option.cost.operation.value) / (1 + rate) ** (year - 2026 + 1)
    assert plan.summary["npv"] == pytest.approx(worth)
    back = sum(plan.summary["annuity"] / (1 + rate) ** n for n in range(1, years + 1))
    assert back == pytest.approx(worth)


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.lists(st.sampled_from([60.0, 150.0, 350.0, 660.0]), min_size=2, max_size=6),
    start=st.integers(1997, 2024),
    device=st.sampled_from(["ACI", "ACI-Br"]),
    smallest=st.sampled_from([0.0, 100.0, 300.0]),
    year=st.integers(2028, 2034),
)
def test_least_cost_at_the_kilograms_of_a_scenario_is_no_dearer_than_the_scenario(
    sizes: list[float], start: int, device: str, smallest: float, year: int
) -> None:
    """The scenario fits one device to all units of a size; the plan may take the same step there."""
    catalogue = catalogue_of([min(start + 3 * n, 2025) for n in range(len(sizes))], sizes)
    projection = catalogue.projection
    measure = Measure(action="add_control", target=device, where=f"capacity_net_mw >= {smallest}", from_year=year)
    assume((projection.units["capacity_net_mw"] >= smallest).any())
    scenario = apply_scenario(projection, Scenario(name="blanket"), [(0, measure)])
    cost = scenario_cost(scenario)
    kg = float(projection.yearly_kg.sum() - scenario.yearly_kg.sum()) * (1 - 1e-9)
    assume(kg > 0)
    rules = Rules(only=f"capacity_net_mw >= {smallest}", build_rate=None)  # a scenario has none either
    least = make_plan(catalogue, make_goal(projection, target_kg=kg, by=year), rules, gap=1e-6)
    assert least.summary["avoided_kg"] >= kg * (1 - 1e-8)
    assert least.summary["npv"] <= cost.npv.value * (1 + 1e-5)
    most = make_plan(catalogue, make_goal(projection, budget_total=cost.npv.value, by=year), rules, gap=1e-6)
    assert most.summary["avoided_kg"] >= kg * (1 - 1e-5)


def test_a_measure_is_paid_for_in_the_years_in_which_it_works() -> None:
    """From 2030 until another train follows in 2035, and from then until the unit closes: each pays its own years."""
    projection = catalogue_of([2010], [600.0]).projection
    first = Measure(action="add_control", target="ACI", from_year=2030, to_year=2034)
    second = Measure(action="add_control", target="ACI-Br", from_year=2035)
    one = apply_scenario(projection, Scenario(name="both"), [(0, first), (1, second)])
    cost = scenario_cost(one)
    end = 2026 + int((projection.yearly_kg[0] > 0).sum())
    worth = [year_by_year(0.07, *years, 2026) for years in ((2030, 2035), (2035, end))]
    assert cost.units["years"].tolist() == [5, end - 2035]
    for name in ("npv", "npv_mercury"):
        per_year = cost.units["per_year" if name == "npv" else "mercury_per_year"]
        assert cost.units[name].tolist() == pytest.approx((per_year * worth).tolist())
        assert getattr(cost, name).value == pytest.approx(float((per_year * worth).sum()))


def test_a_measure_without_cost_is_worth_nothing_and_has_no_cost_of_a_kilogram() -> None:
    projection = catalogue_of([2010, 2012], [600.0, 300.0]).projection
    free = Measure(action="exclude", where="unit_id == 'U0'", from_year=2030)
    row = compare([apply_scenario(projection, Scenario(name="free"), [(0, free)])]).table.iloc[0]
    assert (row["npv_musd"], row["annuity_musd"], row["retrofits"]) == (0.0, 0.0, 0)
    assert "usd_per_kg" not in row


@pytest.mark.parametrize(
    ("rate", "start", "end"),
    [(0.07, [2026, 2025], 2030), (0.07, 2026, [2030, 2025]), (0.07, [2030, 2026], [2029, 2030]), (-0.01, 2026, 2030)],
)
def test_one_wrong_year_among_right_ones_is_refused(rate: float, start: Any, end: Any) -> None:
    with pytest.raises(UsageError, match="0 or more, and years from the base year on"):
        discounted_years(rate, np.array(start), np.array(end), 2026)


def test_payments_may_begin_in_the_base_year_and_last_no_year() -> None:
    assert discounted_years(0.0, 2026, 2026, 2026) == discounted_years(0.07, 2026, 2026, 2026) == 0.0


@pytest.mark.parametrize(("rate", "years"), [(0.07, [20.0, 0.0]), (0.07, [-1.0, 5.0]), (-0.01, [20.0]), (0.07, 0.0)])
def test_annuity_of_one_life_without_years_is_refused(rate: float, years: Any) -> None:
    with pytest.raises(UsageError):
        annuity(rate, np.array(years))
