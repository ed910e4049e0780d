"""What the commands of plans say: probability first, what a plan is based on, lead times, measurements, programmes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginv.cost_options import money
from hginventory.decisions.measuring import plan_basis, without
from hginventory.decisions.optimisation import make_goal, make_plan
from hginventory.decisions.options.lead_times import LeadTimes

FLEET = ["--fleet", "fleet.xlsx", "--base-year", "2026"]
GOAL = ["--target", "20%", "--by", "2035"]
UNITS = pd.DataFrame({
    "unit_id": [f"U{n}" for n in range(6)], "plant": [f"P{n}" for n in range(6)], "unit": "1",
    "MW": [150.0, 300.0, 600.0, 1000.0, 350.0, 660.0], "country": "IDN", "start_year": range(2008, 2014),
    "coal_type": ["subbituminous", "lignite", "bituminous"] * 2, "pm_control": "ESPc", "so2_control": "none",
})  # fmt: skip


@pytest.fixture
def said(hginv: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return what a command prints, with single spaces."""
    monkeypatch.setenv("COLUMNS", "250")
    hg.write_fleet(hg.fleet_from_frame(UNITS), "fleet.xlsx")

    def run(*asked: str) -> str:
        done = hginv(*asked, *FLEET)
        assert done.code == 0, done.err
        return " ".join(done.out.split())

    return run


def test_the_probability_of_a_target_is_told_before_the_plan(said: Callable[..., str]) -> None:
    text = said("optimize", *GOAL, "--draws", "200", "-o", "out")
    order = [text.index(part) for part in ("Goal: ", "Probability of meeting the target: ", "Plan: ", "Cost: NPV ")]
    assert order == sorted(order)
    summary = pd.read_csv("out/plan_summary.csv").set_index("name")["value"]
    assert summary.index[0] == "p_met"
    assert f"Probability of meeting the target: {100 * float(summary['p_met']):.0f} %" in text


def test_a_plan_says_what_it_is_based_on_and_costs_without_its_weakest_units(said: Callable[..., str]) -> None:
    text = said("optimize", *GOAL, "--draws", "0", "-o", "out")
    run = hg.project("fleet.xlsx", base_year=2026, draws=0)
    catalogue = run.catalogue()
    plan = make_plan(catalogue, make_goal(run.projection, target="20%", by=2035))
    basis = plan_basis(plan, catalogue)
    assert len(basis.sentences()) == 2
    for sentence in basis.sentences():
        assert sentence in text
    other = without(plan, catalogue, basis.first_units)
    assert other.plan is not None
    assert f"there, the same goal has an NPV of {money(other.plan.summary['npv'])} million USD" in text


@pytest.mark.parametrize(("folder", "file"), [((), "last"), (("-o", "mine"), "mine/last_plan.toml")])
def test_a_plan_leads_to_what_drives_it(said: Callable[..., str], folder: tuple[str, ...], file: str) -> None:
    text = said("optimize", *GOAL, "--draws", "0", *folder)
    assert f"What drives the result: hginv sensitivity --plan {file} --fleet fleet.xlsx --base-year 2026" in text
    shown = said("sensitivity", "--plan", file, "--draws", "200")
    assert "What to measure first for the plan" in shown


@pytest.mark.parametrize("months", [None, 50.0])
def test_lead_times_are_printed_with_options_and_plans(said: Callable[..., str], months: float | None) -> None:
    own = {} if months is None else {"scrubber": months}
    flag = () if months is None else ("--lead-time", f"scrubber={months:g}")
    library = hg.project("fleet.xlsx", base_year=2026, draws=0).projection.library
    words = f"Lead times: {LeadTimes(library, own).statement(['IDN'])}.".replace("IDN", "Indonesia")
    assert words in said("options", "U1", "--draws", "0", *flag)
    assert words in said("optimize", *GOAL, "--draws", "0", "--full", *flag)


def test_the_build_up_is_printed_as_set(said: Callable[..., str]) -> None:
    by_default = said("optimize", *GOAL, "--draws", "0", "--full")
    assert "Most that can be built: " in by_default
    free = said("optimize", *GOAL, "--draws", "0", "--full", "--build-rate", "none")
    one = said("optimize", *GOAL, "--draws", "0", "--full", "--build-rate", "injection=7.5")
    built = [re.search(r"Most that can be built: (.*?)\. ", text) for text in (by_default, free, one)]
    assert len({found[1] for found in built if found}) == 3
    assert built[2] is not None
    assert "7.5" in built[2][1]


def test_kilograms_beyond_those_of_a_scenario_are_printed(said: Callable[..., str]) -> None:
    asked = ("scenario", "compare", "blanket_bat", "targeted_top10", "--equal-kg", "--draws", "0", "-o", "out")
    text = said(*asked)
    table = pd.read_csv("out/scenario_plans.csv")
    over = table[table["kind"] == "equal_kg"].set_index("scenario")
    assert (over["more_kg"] >= -1e-6).all()
    parts = [f"{name} {abs(row['more_kg']):,.1f} kg" for name, row in over.iterrows()]
    assert len(parts) == 2
    told = text.split("plans for equal kilograms avoid more than the scenario: ")[1]
    for part in parts:
        assert part in told
    assert "Lead times and build-up limits are left out." in text


def test_measurements_have_method_how_often_price_and_gains(said: Callable[..., str]) -> None:
    text = said("measure", "plan", *GOAL, "--draws", "500", "-o", "out")
    rows = pd.read_csv("out/measuring_plan.csv")
    assert len(rows)
    for name in ("averaging", "frequency", "detection_limit", "price_low", "price_high", "price_from", "expected",
                 "gain_right", "gain_t", "width_fall_t", "worth", "worth_less_price"):  # fmt: skip
        assert rows[name].notna().all(), name
    for row in rows.drop_duplicates("standard").to_dict("records"):
        assert f"{row['averaging']}; how often: {row['frequency']}; limit: " in text
        assert row["price_from"] in text
    assert "recalled" in " ".join(rows["price_from"])
    shown = json.loads(_json(said, "measure", "plan", *GOAL, "--draws", "500"))["data"]["programme"]
    assert [row["unit_id"] for row in shown] == rows["unit_id"].tolist()


def _json(said: Callable[..., str], *asked: str) -> str:
    return said(*asked, "--json")


def test_a_programme_shows_what_comes_anyway_and_the_cheapest_step_after_it(said: Callable[..., str]) -> None:
    lines = ('name = "anyway"', "programme = true", "[[measure]]", "where = \"unit_id == 'U2'\"",
             'action = "add_control"', 'target = "wFGD"', "from_year = 2030")  # fmt: skip
    with open("anyway.toml", "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    text = said("scenario", "compare", "anyway.toml", "--draws", "0", "-o", "out")
    table = text.split("Programmes for other pollutants, and the cheapest mercury step after them")[1]
    own = pd.read_csv("out/scenarios.csv").iloc[0]
    assert f"anyway {own['avoided_t']:,.1f} {100 * own['avoided_share']:.1f} %" in table
    cheapest = pd.read_csv("out/scenario_on_top.csv").drop_duplicates("at")
    assert len(cheapest) == 2
    for row in cheapest.to_dict("records"):
        assert f"{row['option']} {row['name']}" in table
        assert f"{row['usd_per_kg']:,.0f}" in table


@pytest.mark.parametrize("accepted", [(), ("--accept", "pm"), ("--accept", "so2,pm,nox,article_9")])
def test_a_plan_names_the_conditions_that_it_leans_on(said: Callable[..., str], accepted: tuple[str, ...]) -> None:
    text = said("optimize", "--budget-total", "5e9", "--draws", "0", "-o", "out", *accepted)
    steps = pd.read_csv("out/plan.csv")
    leaning = steps[steps["conditions"].notna() & (steps["conditions"] != "")]
    assert bool(len(leaning)) == bool(accepted)
    told = text.split("Conditions: ")[1].split("Mercury moved")[0]
    if not accepted:
        assert told.startswith("none; ")
    for name in set("+".join(leaning["conditions"]).replace(", ", "+").replace(";", "+").split("+")) - {""}:
        own = leaning[leaning["conditions"].str.contains(name)]
        assert f"{len(own)} unit" in told, (name, told)
        assert f"{own['avoided_kg'].sum():,.0f} kg" in told, (name, told)
