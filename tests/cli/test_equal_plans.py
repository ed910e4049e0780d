"""Plans of equal kilograms and equal money, and the best units: one table in the terminal, files, page and plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginv.cost_options import kg, money, per_kg
from hginventory.report.excel.decision_sheets import decision_tables
from hginventory.report.page.html import equal_rows
from hginventory.report.plan.build import Target, plan_tables
from hginventory.report.tables.decision_tables import decision_results
from hginventory.report.text.language import words_in

FLEET = ["--fleet", "fleet.xlsx", "--base-year", "2026"]
SCENARIOS = ["blanket_bat", "targeted_top10"]
AMOUNTS = ["units", "kg_per_yr", "annuity_musd", "usd_per_kg", "p_cheapest"]
UNITS = pd.DataFrame({
    "unit_id": [f"U{n}" for n in range(12)], "plant": [f"P{n}" for n in range(12)], "unit": "1",
    "MW": [60.0, 150.0, 300.0, 600.0, 1000.0, 350.0] * 2, "country": "IDN", "start_year": range(2003, 2015),
    "coal_type": ["subbituminous", "lignite", "bituminous"] * 4, "pm_control": "ESPc",
    "so2_control": ["none", "wFGD", "none", "swFGD"] * 3,
})  # fmt: skip


@pytest.fixture
def run(hginv: Callable[..., Any]) -> Callable[..., Any]:
    hg.write_fleet(hg.fleet_from_frame(UNITS), "fleet.xlsx")
    return lambda *asked: hginv(*asked, *FLEET)


TITLE = "Scenarios compared with plans for equal kilograms and equal money"


def cells(text: str, plan: str) -> list[str]:
    """Return what a table of the terminal has in the row of a plan."""
    line = next(line for line in text.splitlines() if line.startswith(f"{plan}  "))
    return line[len(plan) :].split()


def test_one_table_stands_in_terminal_files_page_workbook_and_plan(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    asked = ("scenario", "compare", *SCENARIOS, "--equal-kg", "--equal-money", "--draws", "200", "-o", "out")
    outcome = run(*asked)
    assert outcome.code == 0
    written = pd.read_csv("out/scenario_plans.csv").set_index("plan")
    assert list(written.index) == [
        f"{name}{kind}" for name in SCENARIOS for kind in ("", ", equal kg", ", equal money")
    ]
    assert written["p_cheapest"].sum() == pytest.approx(1.0)
    table = outcome.out.split(TITLE)[1]
    for plan, row in written.iterrows():
        shown = [str(row["units"]), kg(row["kg_per_yr"]), money(row["annuity_musd"], 1.0), per_kg(row["usd_per_kg"]),
                 f"{row['p_cheapest']:.2f}"]  # fmt: skip
        assert cells(table, str(plan)) == shown

    analysis = hg.project("fleet.xlsx", base_year=2026, draws=200)
    comparison = analysis.compare(SCENARIOS, equal_kg=True, equal_money=True)
    found = replace(decision_results(analysis), comparison=comparison)
    sheets = {sheet.sheet: sheet.frame for sheet in decision_tables(found)}
    plan_table = {one.number: one.table for one in
                  plan_tables(analysis, comparison=comparison, target=Target(30.0, 2035, 2026))}["N6l"]  # fmt: skip
    for place in (sheets["Scenario_plans"], plan_table.rename(columns={"units_changed": "units"})):
        own = place.set_index("plan").loc[written.index, AMOUNTS]
        pd.testing.assert_frame_equal(own.astype(float), written[AMOUNTS].astype(float), check_names=False)
    words = words_in("en")
    for told, (_, row) in zip(equal_rows(found, words), written.iterrows(), strict=True):
        numbers = [words.number(row[name]) for name in AMOUNTS[:-1]]
        assert told[1:] == [*numbers, words.percent(row["p_cheapest"])]

    steps = pd.read_csv("out/scenario_plan_steps.csv")
    sums = steps.groupby("plan")[["avoided_kg", "npv"]].sum()
    plans = written.loc[sums.index]
    assert sums["avoided_kg"].to_numpy() == pytest.approx(plans["avoided_kg"].to_numpy())
    assert sums["npv"].to_numpy() / 1e6 == pytest.approx(plans["npv_musd"].to_numpy())


@pytest.mark.parametrize(("flag", "kind"), [("--equal-kg", "equal_kg"), ("--equal-money", "equal_money")])
def test_each_kind_of_plan_is_made_alone(run: Callable[..., Any], flag: str, kind: str) -> None:
    outcome = run("scenario", "compare", "blanket_bat", flag, "--draws", "0", "--json")
    rows = json.loads(outcome.out)["data"]["scenario_plans"]
    assert [row["kind"] for row in rows] == ["scenario", kind]
    own, plan = rows
    if kind == "equal_kg":
        assert plan["npv_musd"] <= own["npv_musd"]
        assert plan["avoided_kg"] >= own["avoided_kg"] * (1 - 1e-8)
    else:
        assert plan["avoided_kg"] >= own["avoided_kg"]
        assert plan["npv_musd"] <= own["npv_musd"] * (1 + 1e-8)


def test_without_these_options_no_plan_is_made(run: Callable[..., Any]) -> None:
    outcome = run("scenario", "compare", "blanket_bat", "--draws", "0")
    assert TITLE not in outcome.out


def test_best_units_are_the_cheapest_per_kilogram(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    outcome = run("optimize", "--max-units", "4", "--draws", "0", "-o", "best")
    table = pd.read_csv("best/best_units.csv")
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["usd_per_kg"].is_monotonic_increasing
    assert table["unit_id"].is_unique
    for row in table.to_dict("records"):
        line = next(line for line in outcome.out.splitlines() if f"{row['plant']}, " in line)
        assert f"{row['option']} from {row['year']}" in line
        assert per_kg(row["usd_per_kg"]) in line
    whole = run("optimize", "--max-units", "12", "--draws", "0", "-o", "whole")
    assert whole.code == 0
    pd.testing.assert_frame_equal(pd.read_csv("whole/best_units.csv").head(4), table)


@pytest.mark.parametrize(
    "goal",
    [("--target", "20%", "--by", "2035"), ("--target-kg", "500"), ("--budget", "2e6"), ("--budget-total", "20e6")],
)
def test_as_many_units_as_there_are_bind_no_plan(run: Callable[..., Any], goal: tuple[str, ...]) -> None:
    free, bound, few = (
        json.loads(run("optimize", *goal, *more, "--draws", "0", "--json").out)["data"]
        for more in ((), ("--max-units", "12"), ("--max-units", "6"))
    )
    assert [row["unit_id"] for row in bound["plan"]] == [row["unit_id"] for row in free["plan"]]
    assert bound["summary"]["npv"] == pytest.approx(free["summary"]["npv"], rel=1e-14)  # sums in another order
    assert few["summary"]["units_changed"] <= 6


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "ten"])
def test_a_number_of_units_that_is_none_is_refused(run: Callable[..., Any], number: str) -> None:
    outcome = run("optimize", "--max-units", number, "--draws", "0")
    assert outcome.code == 2
    assert "--max-units" in outcome.err
