"""`Run.optimize`: goals, rules and terms as keywords give the plan of the command line, and say what cannot be used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginv.main import main
from hginventory.decisions.optimisation import Plan, Rules, make_goal, make_plan, make_rules
from hginventory.errors import UnreachableTargetError

WHERE = "capacity_net_mw >= 600"


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where=WHERE, draws=0)


@pytest.fixture(scope="module")
def plan(run: hg.Run) -> Plan:
    return run.optimize(target="50%", by=2035)


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ({"target": "50%", "by": 2035}, ["--target", "50%", "--by", "2035"]),
        (
            {"target": 0.1, "by": 2035, "of_base_year": True, "per_year": 9},
            ["--target", "10%", "--by", "2035", "--of", "base-year", "--max-per-year", "9"],
        ),
        ({"budget": 20e6, "build_rate": "none", "rate": 0.03}, ["--budget", "20e6", "--build-rate", "none", "--rate",
                                                                 "0.03"]),
        ({"target_kg": 3000, "accept": ["so2"], "build_rate": {"scrubber": 9.0}},
         ["--target-kg", "3000", "--accept", "so2", "--build-rate", "scrubber=9"]),
        ({"budget_total": 3e8, "only": "capacity_mw < 700", "not_before": 2030},
         ["--budget-total", "3e8", "--only", "capacity_mw < 700", "--not-before", "2030"]),
    ],
    ids=["target", "of base year", "budget", "kg", "budget total"],
)  # fmt: skip
def test_python_and_the_command_line_make_one_plan(
    run: hg.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = run.optimize(**asked)
    main(["optimize", *options, "--fleet", "indonesia", "--where", WHERE, "--draws", "0", "-o", "out"])
    run.save_tables(plan.tables(), "python")
    assert len(plan.table)
    for name in plan.tables():
        pd.testing.assert_frame_equal(pd.read_csv(f"python/{name}.csv"), pd.read_csv(f"out/{name}.csv"))


def test_it_is_the_plan_of_the_catalogue(run: hg.Run, plan: Plan) -> None:
    assert isinstance(plan, Plan)
    own = make_plan(run.catalogue(), make_goal(run.projection, target="50%", by=2035))
    pd.testing.assert_frame_equal(plan.table, own.table)
    pd.testing.assert_frame_equal(plan.table, run.optimize(target=0.5, by=2035, catalogue=run.catalogue()).table)


def test_terms_and_rules_change_the_plan(run: hg.Run, plan: Plan) -> None:
    first = plan.table["unit_id"].iloc[0]
    assert first not in set(run.optimize(target="50%", by=2035, exclude=[first]).table["unit_id"])
    assert (run.optimize(target="50%", by=2035, not_before=2032).table["year"] >= 2032).all()
    dearer = run.optimize(target="50%", by=2035, multiplier=5.0)
    assert dearer.summary["npv"] > plan.summary["npv"]
    assert "5" in dearer.summary["cost_terms"]


def test_draws_of_the_run_check_the_plan() -> None:
    drawn = hg.project("indonesia", where=WHERE, draws=100, seed=3).optimize(target="10%", by=2035, confidence=0.05)
    assert drawn.summary["draws"] == 100
    assert drawn.summary["seed"] == 3
    assert drawn.summary["p_met"] >= 0.05


def test_without_rules_it_is_the_default() -> None:
    assert make_rules() == Rules()


@pytest.mark.parametrize("given", [{}, {"target": "50%", "by": 2035, "budget": 1e6}, {"by": 2035}])
def test_one_goal_is_needed(run: hg.Run, given: dict[str, Any]) -> None:
    with pytest.raises(hg.UsageError, match=r"Give one of `target` with `by`, `target_kg`, `budget`"):
        run.optimize(**given)


def test_a_target_out_of_reach_names_parameters_that_the_method_has(run: hg.Run) -> None:
    with pytest.raises(UnreachableTargetError) as caught:
        run.optimize(target="80%", by=2030, per_year=1)
    named = set(re.findall(r"`([a-z_]+)", str(caught.value)))
    assert {"per_year", "closure_usd_per_kw"} <= named <= set(hg.Run.optimize.__kwdefaults__ or {})
    assert "--" not in str(caught.value)
    assert "hginv" not in str(caught.value)


def test_a_catalogue_has_its_own_terms_and_run(run: hg.Run) -> None:
    with pytest.raises(hg.UsageError, match="rate: catalogue= has its own terms"):
        run.optimize(budget=1e6, catalogue=run.catalogue(), rate=0.05)
    with pytest.raises(hg.UsageError, match="catalogue= is of another run"):
        run.optimize(budget=1e6, catalogue=hg.project("indonesia", draws=0).catalogue())
