"""One run has one base-year emission: card, trajectory, source register, coverage, target and answers agree on it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.page import page
from hginventory.report.plan.build import Target, plan_tables
from hginventory.report.tables.workbook_tables import trajectory
from hginventory.report.text.language import ENGLISH
from hginventory.scenarios.scenario import Measure, Scenario

YEAR, BY = 2026, 2035
OLD, YOUNG = {"unit_id": "OLD", "start_year": 1980}, {"unit_id": "YOUNG", "start_year": 2015}
COMING = {"unit_id": "COMING", "start_year": 2028, "status": "construction"}
KILN = {"unit_id": "KILN", "plant": "K", "country": "IDN", "kiln_type": "precalciner", "clinker_capacity": 1e6,
        "status": "operating", "start_year": 1970}  # fmt: skip


def fleet_of(*rows: dict[str, Any], kilns: tuple[dict[str, Any], ...] = ()) -> Any:
    units = [
        {"plant": row["unit_id"], "country": "IDN", "capacity_mw": 300.0, "status": "operating", **row} for row in rows
    ]
    tables = {"Coal_units": pd.DataFrame(units)}
    if kilns:
        tables["Cement_kilns"] = pd.DataFrame(list(kilns))
    return fleet_from_tables(tables, settings={"base_year": YEAR})


RUNS = {
    "indonesia": lambda: hg.project("indonesia", draws=0),
    "closing at 30": lambda: hg.project("indonesia", draws=0, rule="crea_30"),
    "coal alone": lambda: hg.project("indonesia", draws=0, where="sector == 'coal_power'"),
    "some past the age": lambda: hg.project(fleet_of(OLD, YOUNG, COMING, kilns=(KILN,)), draws=0),
    "all past the age": lambda: hg.project(fleet_of(OLD), draws=0),
    "none past the age": lambda: hg.project(fleet_of(YOUNG, COMING), draws=0),
    "more years given": lambda: hg.project(fleet_of(OLD, YOUNG), draws=0, rule="gem_40"),
    "closing spread": lambda: hg.project(fleet_of(OLD, YOUNG), draws=0, lifetime_spread=3),
}


@pytest.fixture(scope="module", params=RUNS, ids=list(RUNS))
def run(request: pytest.FixtureRequest) -> hg.Run:
    return RUNS[request.param]()


def test_every_figure_of_a_run_has_one_base(run: hg.Run) -> None:
    """Card, trajectory, N1, N2 and N4 have all units of the base year; N6a and N11 tell those past the age apart."""
    tables = {one.number: one.table for one in plan_tables(run, target=Target(50.0, max(BY, YEAR)))}
    card = run.summary()[-1].air_base_year_kg
    years = run.trajectory[run.trajectory["year"] == YEAR]
    past = float(years["past_age_kg"].sum())
    assert years["air_kg"].sum() == pytest.approx(card)
    assert past == pytest.approx(run.summary()[-1].air_past_lifetime_kg)
    assert tables["N1"]["air_base_year_kg"].sum() == pytest.approx(card)
    assert tables["N2"]["air_kg"].sum() == pytest.approx(card)
    whole = tables["N4"].groupby("annex_d_category")["emission_kg"].agg(["min", "max"])
    assert (whole["min"] == whole["max"]).all()
    assert whole["max"].sum() == pytest.approx(card)
    of_base, without = (rows.iloc[0] for _, rows in tables["N6a"].groupby("reading", sort=False))
    assert of_base["reference_kg"] + of_base["past_age_kg"] == pytest.approx(card)
    assert of_base["allowed_kg"] == pytest.approx(of_base["reference_kg"] / 2)
    assert (of_base["past_age_kg"], without["past_age_kg"]) == (pytest.approx(past), 0.0)
    answers = tables["N11"]
    inventory = answers[answers["evidence_table"] == "N2"].iloc[0]
    progress = answers[answers["evidence_table"] == "N6a"].iloc[0]
    assert inventory["number"] == pytest.approx(card)
    assert progress["past_age_kg"] == pytest.approx(past)
    assert f"{YEAR}: {ENGLISH.number(card - past)} kg" in progress["draft"]
    assert ("the rule closes them after that year" in progress["draft"]) == (past > 0)


def test_the_trajectory_in_file_workbook_and_chart_starts_at_the_base_year(run: hg.Run) -> None:
    """What is past the age is a band of its own, which is there in the base year alone."""
    card, past = run.summary()[-1].air_base_year_kg, run.summary()[-1].air_past_lifetime_kg
    long = run.trajectory
    assert not long.loc[long["year"] > YEAR, "past_age_kg"].any()
    assert (long["air_kg"] - long["past_age_kg"]).sum() == pytest.approx(run.units["lifetime_kg"].sum())
    at_work = run.units["air_base_year_kg"].gt(0).groupby(run.units["sector"]).sum()
    first = long[long["year"] == YEAR].set_index("sector")["units_operating"]
    assert first.to_dict() == at_work.to_dict()
    sheet = trajectory(run)
    parts = [f"{sector}_kg" for sector in dict.fromkeys(run.units["sector"])]
    assert np.allclose(sheet[[*parts, "past_age_kg"]].sum(axis=1), sheet["combined_kg"])
    assert sheet["combined_kg"].iloc[0] == pytest.approx(card)
    assert sheet["cumulative_kg"].iloc[-1] == pytest.approx(run.units["lifetime_kg"].sum())
    figure = run.figures()["trajectory"]
    assert figure.table["air_kg"].iloc[0] == pytest.approx(card)
    drawn = figure.frames()["stacked"]
    assert drawn.loc[drawn["year"] == YEAR, "kg"].sum() == pytest.approx(card)
    bands = [name for name in drawn["group"].unique() if "past their lifetime" in name]
    assert len(bands) == (past > 0)
    for name in bands:
        band = drawn[drawn["group"] == name].set_index("year")["kg"]
        assert "The rule closes them after" in figure.note or "The rule closes units past" in figure.note
        assert band.loc[YEAR] == pytest.approx(past)
        assert not band.loc[YEAR + 1 :].any()


def test_a_change_over_time_is_of_units_within_the_age_in_both_years(run: hg.Run) -> None:
    """A scenario's years, and a plan for a share of the base year, leave out what is past the age and say how much."""
    card, past = run.summary()[-1].air_base_year_kg, run.summary()[-1].air_past_lifetime_kg
    nothing = Scenario(name="nothing")
    compared = run.compare([nothing])
    for table in (compared.years, compared.categories):
        first = table[table["year"] == YEAR]
        assert (first["air_kg"] + first["avoided_kg"] + first["past_age_kg"]).sum() == pytest.approx(card)
        assert not table.loc[table["year"] > YEAR, "past_age_kg"].any()
        assert list(table.columns).index("past_age_kg") == list(table.columns).index("air_kg") + 1
    assert compared.table["past_age_kg"].tolist() == [pytest.approx(past)]
    tables = {one.number: one.table for one in plan_tables(run, comparison=compared, target=Target(50.0, BY))}
    whole = tables["N6d"][tables["N6d"]["annex_d_category"].eq("all") & tables["N6d"]["year"].eq(YEAR)]
    assert (whole["air_kg"] + whole["past_age_kg"]).tolist() == [pytest.approx(card)]


@pytest.mark.parametrize("rule", ["icsc_40", "crea_30", "gem_40"])
@pytest.mark.parametrize("other", ["icsc_40", "crea_30", "gem_40", "gem_35"])
def test_another_rule_changes_no_emission_of_the_base_year(rule: str, other: str) -> None:
    """Which units are past the age depends on the rule of the scenario, what is emitted in the base year does not."""
    run = hg.project(fleet_of(OLD, YOUNG, {"unit_id": "MIDDLE", "start_year": 1993}, kilns=(KILN,)), draws=0, rule=rule)
    compared = run.compare([Scenario(name="ruled", rule=other)])
    first = compared.years[compared.years["year"] == YEAR].iloc[0]
    same = hg.project(run.projection.fleet, draws=0, rule=other).summary()[-1]
    assert first["air_kg"] + first["past_age_kg"] == pytest.approx(run.summary()[-1].air_base_year_kg)
    assert first["past_age_kg"] == pytest.approx(same.air_past_lifetime_kg)


def test_a_closure_in_the_base_year_is_action_and_not_the_rule() -> None:
    run = hg.project(fleet_of(OLD, YOUNG), draws=0)
    close = Measure(action="retire", where="unit_id == 'YOUNG'", from_year=YEAR)
    first = run.compare([Scenario(name="close", measure=(close,))]).years.iloc[0]
    base = run.units["air_base_year_kg"]
    assert (first["air_kg"], first["avoided_kg"], first["past_age_kg"]) == (
        0.0,
        pytest.approx(base["YOUNG"]),
        pytest.approx(base["OLD"]),
    )


@pytest.mark.parametrize("spread", [0, 5])
def test_draws_of_the_trajectory_start_at_the_total_of_the_base_year(spread: float) -> None:
    """The interval of the first year is that of the base-year total, also where draws close units earlier or later."""
    run = hg.project(fleet_of(OLD, YOUNG, kilns=(KILN,)), draws=100, lifetime_spread=spread)
    totals = run.certainty.totals
    totals = totals[totals["unit"] == "kg"].set_index("sector")
    first = run.certainty.trajectory
    first = first[first["year"] == YEAR].set_index("sector")
    for level in ("mean", "p05", "p50", "p95"):
        assert np.allclose(first[f"air_kg_{level}"], totals.loc[first.index, level])


def test_a_plan_for_a_share_of_the_base_year_says_what_is_past_the_age() -> None:
    from hginventory.decisions.optimisation import Rules, make_goal, make_plan

    run = hg.project("indonesia", draws=0)
    total = run.summary()[-1]
    goal = make_goal(run.projection, target="30%", by=BY, of_base_year=True)
    plan = make_plan(run.catalogue(), goal, Rules(with_kilns=True))
    assert "units within their lifetime" in plan.summary["goal"]
    assert plan.summary["base_year_kg"] + plan.summary["past_age_kg"] == pytest.approx(total.air_base_year_kg)
    assert plan.summary["past_age_kg"] == pytest.approx(total.air_past_lifetime_kg)
    then = run.projection.yearly_kg[:, BY - YEAR].sum()
    assert plan.summary["needed_kg"] == pytest.approx(then - 0.7 * plan.summary["base_year_kg"])


def test_the_card_of_the_page_and_the_first_year_of_its_chart_are_one_number() -> None:
    run = hg.project("indonesia", draws=0)
    card = ENGLISH.number(run.summary()[-1].air_base_year_kg)
    shown = re.sub(r"<[^>]+>", " ", page(run))
    assert f"{card} kg" in shown
    assert ENGLISH.number(float(run.figures()["trajectory"].table["air_kg"].iloc[0])) == card
