"""Kilns in a plan: they stay as they are unless asked for, and a share is then one of coal units."""

from __future__ import annotations

import pytest

import hginventory as hg
from hginventory.decisions.optimisation.dated_steps import kilns_stay_out
from hginventory.decisions.optimisation.goals import Rules, emission_in, make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.projection import Projection

LARGE = "capacity_gross_mw >= 600 or clinker_t_per_yr >= 2.5e6"


@pytest.fixture(scope="module")
def mixed() -> Projection:
    return hg.project("indonesia", where=LARGE, draws=0).projection


@pytest.mark.parametrize(
    ("rules", "out"),
    [
        (Rules(), True),
        (Rules(with_kilns=True), False),
        (Rules(only="sector == 'cement_kiln'"), False),
        (Rules(only="sector == 'coal_power'"), True),
        (Rules(only="country == 'IDN'"), True),
        (Rules(only="clinker_t_per_yr >= 3e6"), False),
    ],
)
def test_kilns_stay_out_unless_asked_for(mixed: Projection, rules: Rules, out: bool) -> None:
    assert kilns_stay_out(mixed, rules) is out


@pytest.mark.parametrize("sector", ["coal_power", "cement_kiln"])
def test_a_fleet_of_one_sector_has_nothing_to_leave_out(sector: str) -> None:
    alone = hg.project("indonesia", where=f"sector == '{sector}'", draws=0).projection
    assert not kilns_stay_out(alone, Rules())


def test_a_share_is_of_coal_units_where_kilns_stay_out(mixed: Projection) -> None:
    plan = make_plan(Catalogue(mixed), make_goal(mixed, target="30%", by=2035), draws=200)
    coal = emission_in(mixed, 2035, "coal_power")
    assert 0 < coal < emission_in(mixed, 2035)
    assert plan.summary["needed_kg"] == pytest.approx(0.3 * coal)
    assert plan.summary["of_kg"] == pytest.approx(coal)
    assert plan.summary["avoided_kg_in_scenario"] == pytest.approx(plan.summary["avoided_kg"], rel=0.01)
    assert set(plan.table["sector"]) == {"coal_power"}
    assert "coal units" in plan.summary["goal"]
    assert "no operating cost of kiln steps" in plan.summary["kilns"]
    assert plan.frontier["avoided_share"].iloc[-1] == pytest.approx(plan.frontier["avoided_kg"].iloc[-1] / coal)
    assert 0.2 < plan.summary["p_met"] < 0.8  # in the draws the share is of coal units as well


def test_with_kilns_a_share_is_of_the_whole_fleet(mixed: Projection) -> None:
    plan = make_plan(Catalogue(mixed), make_goal(mixed, target="30%", by=2035), Rules(with_kilns=True))
    assert plan.summary["needed_kg"] == pytest.approx(0.3 * emission_in(mixed, 2035))
    assert set(plan.table["sector"]) == {"coal_power", "cement_kiln"}
    assert plan.summary["kilns"] == ""
