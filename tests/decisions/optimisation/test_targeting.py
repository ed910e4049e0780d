"""Units by cost per kilogram avoided, and up to which share targeting costs less per kilogram than a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.costs.present_value import Horizon
from hginventory.decisions.optimisation.goals import Rules, make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.optimisation.ranked_units import best_units
from hginventory.decisions.optimisation.targeting import Order, Targeting, targeting
from hginventory.errors import UnreachableTargetError, UsageError


def order(*per_unit: tuple[float, float], price: float = 10.0) -> Order:
    """Return an order of units that avoid a share at a cost per kilogram each; a kilogram is a share of 0.01."""
    share = np.array([one[0] for one in per_unit])
    price_alone = np.array([one[1] for one in per_unit])
    npv = np.cumsum(share * 100 * price_alone)
    per_kg = npv / np.cumsum(share * 100)
    return Order(np.cumsum(share), npv, per_kg, per_kg < price, price_alone < price)


def told(by_emissions: Order, by_value: Order, share: float = 0.3) -> list[str]:
    found = Targeting("rule", "A rule", share, 10.0, 3e6, by_emissions, by_value, Horizon(2026, 10, 0.0), "USD")
    return list(found.sentences())


CHEAP, DEAR = (0.1, 5.0), (0.1, 40.0)
CASES: dict[str, tuple[list[tuple[float, float]], int, int, str]] = {
    "to the last": ([CHEAP, CHEAP, CHEAP], 1, 3, "up to the last one, number 3: together they avoid 30"),
    "never": ([DEAR, DEAR, CHEAP], 0, 0, "cost more per kilogram than this rule from the first unit on"),
    "stops": ([CHEAP, CHEAP, DEAR], 1, 2, "up to number 2, that is up to 20"),
    "begins later": ([(0.1, 12.0), CHEAP, CHEAP], 2, 3, "less from the first 2 units (20"),
    "begins and stops": ([(0.1, 12.0), CHEAP, DEAR], 2, 2, "to the first 2 (20"),
    "at once dear": ([CHEAP, DEAR, DEAR], 1, 1, "up to number 1, that is"),
}


@pytest.mark.parametrize("case", CASES)
def test_sentence_says_what_the_order_of_emissions_does(case: str) -> None:
    units, first, last, words = CASES[case]
    found = order(*units)
    assert (found.first, found.last) == (first, last)
    assert words in told(found, found)[1]


def test_order_of_value_says_what_the_kilograms_of_the_rule_cost() -> None:
    reached = told(order(CHEAP, CHEAP), order((0.2, 2.0), (0.2, 4.0), DEAR))[2]
    assert "as much as the rule avoids takes 2 of them" in reached
    short = told(order(CHEAP), order((0.1, 2.0), (0.1, 12.0)))[2]
    assert "less than the rule avoids; each of the first 1 (10" in short
    assert "not cheaper than this rule at any share" in told(order(DEAR), order(DEAR, DEAR))[2]


def test_a_fleet_without_a_step_says_so() -> None:
    nothing = order(*[])
    assert "No unit has a priced step" in told(nothing, nothing)[1]


def test_orders_are_sums_over_the_best_steps(central: hg.Run) -> None:
    """Sums of the table of best units, which does not know the rule, are those that the sentences are made from."""
    (rule,) = central.compare(["blanket_bat"]).applied
    found = targeting(rule)
    table = best_units(central.catalogue(lead_time=dict.fromkeys(central.catalogue().lead_times.kinds, 0.0)),
                       Rules(not_before=2030))  # fmt: skip
    remaining = central.projection.yearly_kg.sum()
    assert found.by_value.share == pytest.approx(np.cumsum(table["avoided_kg"]) / remaining)
    assert found.by_value.npv == pytest.approx(np.cumsum(table["npv"]))
    by_rank = table.sort_values("rank_by_emissions")
    assert found.by_emissions.share[9] == pytest.approx(by_rank["avoided_kg"].head(10).sum() / remaining)
    row = central.compare(["blanket_bat"]).table.iloc[0]
    assert found.usd_per_kg == pytest.approx(row["usd_per_kg"])
    assert found.share == pytest.approx(row["avoided_share"])
    assert found.annuity == pytest.approx(row["annuity_musd"] * 1e6)


def test_a_rule_without_a_price_is_refused(central: hg.Run) -> None:
    (rule,) = central.compare(["phaseout_2040"]).applied
    with pytest.raises(UsageError, match="no price"):
        targeting(rule)


def test_best_units_are_ranked_by_cost_per_kilogram(central: hg.Run) -> None:
    catalogue = central.catalogue()
    table = best_units(catalogue, Rules(max_units=25))
    assert table["rank"].tolist() == list(range(1, 26))
    assert table["usd_per_kg"].is_monotonic_increasing
    years = catalogue.horizon.years
    for row in table.head(5).to_dict("records"):
        (option,) = [one for one in catalogue.of_unit(row["unit_id"]) if one.option == row["option"]]
        assert option.applies == "yes"
        assert option.usd_per_kg is not None
        assert row["usd_per_kg"] == pytest.approx(option.usd_per_kg.value)
        assert row["kg_per_yr"] == pytest.approx(option.avoided_kg / years)
    assert len(best_units(catalogue)) > 250


def test_best_units_keep_to_the_rules(central: hg.Run) -> None:
    catalogue = central.catalogue()
    first = best_units(catalogue, Rules(max_units=1)).iloc[0]
    rules = Rules(max_units=5, exclude=frozenset([first["unit_id"]]), not_before=2032, only="capacity_mw >= 300")
    table = best_units(catalogue, rules)
    assert first["unit_id"] not in set(table["unit_id"])
    assert (table["year"] >= 2032).all()
    assert (central.units.loc[table["unit_id"], "capacity_gross_mw"] >= 300).all()


@pytest.mark.parametrize(
    "goal",
    [
        {"target": "8%", "by": 2035},
        pytest.param({"target_kg": 9e3}, marks=pytest.mark.slow),
        {"budget": 3e6},
        {"budget_total": 4e7},
    ],
)
def test_a_plan_of_any_goal_keeps_to_a_number_of_units(central: hg.Run, goal: dict[str, Any]) -> None:
    catalogue = central.catalogue()
    asked = make_goal(central.projection, **goal)
    plan = make_plan(catalogue, asked, Rules(max_units=9))
    assert 0 < plan.summary["units_changed"] <= 9
    free, held = (make_plan(catalogue, asked, Rules(max_units=most)) for most in (None, len(central.units)))
    assert held.summary["npv"] == pytest.approx(free.summary["npv"], rel=2e-3)
    assert held.summary["avoided_kg"] == pytest.approx(free.summary["avoided_kg"], rel=2e-3)


@pytest.mark.slow
def test_too_few_units_for_a_target_are_named(central: hg.Run) -> None:
    goal = make_goal(central.projection, target="40%", by=2035)
    with pytest.raises(UnreachableTargetError, match="`max_units` binds"):
        make_plan(central.catalogue(), goal, Rules(max_units=3))
    with pytest.raises(UsageError, match="max_units"):
        replace(Rules(), max_units=0)


def test_sentences_of_a_run_are_three(central: hg.Run) -> None:
    sentences = central.targeting_sentences()
    assert len(sentences) == 3
    assert "blanket_bat" in sentences[0]
    assert pd.Series(sentences).str.endswith(".").all()
