"""What a plan rests on, how it fares without its weakest units, and what drives what it avoids."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.measuring import Evidence, applied_plan, plan_basis, plan_sensitivity, without
from hginventory.decisions.optimisation import Plan, Rules, make_goal, make_plan
from hginventory.decisions.options import Catalogue
from hginventory.errors import UsageError
from hginventory.inputs.reader import fleet_from_tables

PLANTS = {"A": (0.30, 1.0), "B": (0.10, 5.0), "C": (0.08, None), "D": (None, None)}  # content, number of analyses


def run_of(draws: int = 0) -> hg.Run:
    units = pd.DataFrame([
        {"unit_id": name, "plant": name, "country": "IDN", "capacity_gross": 600.0, "start_year": 2015.0,
         "coal_type": "subbituminous", "pm_control": "ESPc", "hg_coal": content,
         "hg_basis": "as_received" if content else None, "hg_coal_n": number}
        for name, (content, number) in PLANTS.items()
    ])  # fmt: skip
    return hg.project(fleet_from_tables({"Coal_units": units}), draws=draws, base_year=2026)


@pytest.fixture(scope="module")
def made() -> tuple[hg.Run, Catalogue, Plan]:
    run = run_of()
    catalogue = run.catalogue()
    return run, catalogue, make_plan(catalogue, make_goal(run.projection, target="60%", by=2035))


def test_every_content_has_its_basis(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    run, catalogue, _ = made
    plan = make_plan(catalogue, make_goal(run.projection, target="75%", by=2035))
    found = plan_basis(plan, catalogue)
    content = found.by_unit[found.by_unit["factor"] == "mercury in coal"].set_index("unit_id")["basis"].to_dict()
    expected = {"A": Evidence.ONE_ANALYSIS, "B": Evidence.MEASURED, "C": Evidence.STATED, "D": Evidence.DEFAULT}
    assert content == {unit: expected[unit] for unit in content}
    assert "A" in content
    assert (
        found.by_unit.loc[found.by_unit["factor"] == "removal", "basis"].map(lambda one: one is Evidence.DEFAULT)
    ).all()


def test_kilograms_are_those_of_the_plan(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    _, catalogue, plan = made
    found = plan_basis(plan, catalogue)
    assert found.kg == pytest.approx(plan.summary["avoided_kg"])
    for factor, own in found.by_factor.groupby("factor"):
        assert own["kg"].sum() == pytest.approx(found.kg), factor
        assert own["share"].sum() == pytest.approx(1.0), factor
    assert found.unverified(["mercury in coal"]) == pytest.approx(
        found.by_unit.query("factor == 'mercury in coal' and unit_id != 'B'")["kg"].sum() / found.kg
    )


def test_sentence_names_the_plant_with_most_on_one_analysis(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    _, catalogue, plan = made
    found = plan_basis(plan, catalogue)
    share = plan.table.set_index("unit_id").loc["A", "avoided_kg"] / plan.table["avoided_kg"].sum()
    assert (found.first_plant, found.first_basis, found.first_units) == ("A", Evidence.ONE_ANALYSIS, ("A",))
    assert found.sentences()[1] == (
        f"{100 * share:.0f} % of the kilograms are based on one analysis of mercury in coal at A: measure it first, "
        "for about 2,100 to 5,700 USD (52 samples, one composite sample a week for a year). Prices are those of "
        "laboratories and contractors: travel and the owner's labour come on top."
    )


def test_plan_without_these_units_leaves_them_and_costs_no_less(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    run, catalogue, _ = made
    plan = make_plan(catalogue, make_goal(run.projection, target="20%", by=2035))
    first = plan_basis(plan, catalogue).first_units
    other = without(plan, catalogue, first)
    assert other.plan is not None
    assert not set(other.plan.table["unit_id"]) & set(first)
    assert other.plan.summary["npv"] >= plan.summary["npv"] * (1 - plan.summary["gap"])
    assert math.isnan(other.p_met)


def test_plan_that_needs_these_units_says_so(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    _, catalogue, plan = made
    other = without(plan, catalogue, ["A"])
    assert other.plan is None
    assert "kg can be avoided" in other.problem


def test_probability_without_units_is_on_the_draws_of_the_plan() -> None:
    run = run_of(draws=300)
    catalogue = run.catalogue()
    plan = make_plan(catalogue, make_goal(run.projection, target="20%", by=2035), draws=300)
    other = without(plan, catalogue, ["A"])
    again = make_plan(catalogue, plan.goal, other.plan.rules if other.plan else None, draws=300)
    assert other.p_met == again.summary["p_met"]


@pytest.mark.parametrize("with_kilns", [False, True])
def test_probability_without_units_is_of_the_units_that_the_target_counts(*, with_kilns: bool) -> None:
    """Where kilns stay out, a share is one of coal units, also in the draws."""
    coal = pd.DataFrame([
        {"unit_id": name, "plant": name, "country": "IDN", "capacity_gross": 600.0, "start_year": 2015.0,
         "coal_type": "subbituminous", "pm_control": "ESPc"} for name in "ABC"
    ])  # fmt: skip
    kilns = pd.DataFrame({"unit_id": ["K"], "plant": ["K"], "country": ["IDN"], "start_year": [2015.0],
                          "kiln_type": ["precalciner"], "clinker_capacity": [5e6]})  # fmt: skip
    fleet = fleet_from_tables({"Coal_units": coal, "Cement_kilns": kilns})
    run = hg.project(fleet, draws=300, base_year=2026)
    catalogue, rules = run.catalogue(), Rules(with_kilns=with_kilns)
    plan = make_plan(catalogue, make_goal(run.projection, target="20%", by=2035), rules, draws=300)
    assert plan.goal.sector == ("" if with_kilns else "coal_power")
    other = without(plan, catalogue, ["A"])
    assert other.plan is not None
    again = make_plan(catalogue, plan.goal, other.plan.rules, draws=300)
    assert other.p_met == again.summary["p_met"]


def test_shares_of_what_a_plan_avoids_sum_to_one(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    _, _, plan = made
    found = plan_sensitivity(plan.applied, draws=1000)
    assert found.table["alone"].sum() == pytest.approx(1.0)
    assert found.mean_kg == pytest.approx(plan.summary["avoided_to_end_kg"], rel=0.1)
    assert ("hg_coal", "plant") in set(zip(found.table["family"], found.table["scope"], strict=True))


def test_what_a_coal_analysis_tells_of_a_plan_agrees_with_draws() -> None:
    """The variance of what is expected after an analysis, from draws of the content, the error and the rest."""
    run = run_of()
    catalogue = run.catalogue()
    plan = make_plan(catalogue, make_goal(run.projection, target="60%", by=2035))
    found = plan_sensitivity(plan.applied, draws=1000).measurements
    row = found[(found["kind"] == "coal_analysis") & (found["plant"] == "A")].iloc[0]
    before, after = run.projection.yearly_kg.sum(axis=1), plan.applied.yearly_kg.sum(axis=1)
    avoided = float((before - after)[run.units.index.get_loc("A")])
    # One analysis stands; the mean of 52 samples of another year is made.
    own, error = 0.30, math.hypot(0.30 / math.sqrt(52), 0.17)
    rng = np.random.default_rng(1)
    content = np.exp(own * rng.normal(size=200_000) - own**2 / 2)
    signal = np.log(content) + error * rng.normal(size=content.size)
    bins = np.argsort(np.argsort(signal)) * 200 // signal.size
    expected = np.bincount(bins, weights=content) / np.bincount(bins)
    assert row["told_kg"] == pytest.approx(avoided * expected.std(), rel=0.03)


def test_saved_plan_is_the_plan(made: tuple[hg.Run, Catalogue, Plan], tmp_path: object) -> None:
    run, _, plan = made
    path = plan.save(f"{tmp_path}/mine.toml")
    applied = applied_plan(run.projection, str(path))
    assert np.allclose(applied.yearly_kg, plan.applied.yearly_kg)
    assert plan_sensitivity(applied, draws=200).table.equals(plan_sensitivity(plan.applied, draws=200).table)


def test_plan_that_changes_nothing_is_refused(made: tuple[hg.Run, Catalogue, Plan]) -> None:
    with pytest.raises(UsageError, match="changes no unit"):
        plan_sensitivity(applied_plan(made[0].projection, "baseline"), draws=200)
