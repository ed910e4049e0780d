"""The money of one plan is the same number wherever it is printed or written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginv.cost_options import money, per_kg
from hginv.main import main
from hginventory.report.excel.decision_sheets import decision_tables
from hginventory.report.page.html import equal_rows
from hginventory.report.plan.build import Target, plan_tables
from hginventory.report.tables.decision_tables import decision_results
from hginventory.report.text.language import words_in

UNITS = pd.DataFrame({
    "unit_id": ["A1", "B1"], "plant": ["Alpha", "Beta"], "unit": "1", "MW": [600.0, 300.0], "country": "IDN",
    "start_year": [2012, 2003], "coal_type": "subbituminous", "pm_control": "ESPc", "so2_control": "none",
})  # fmt: skip
MILLION = 1e6
AMOUNTS = ("npv", "npv_low", "npv_high", "annuity", "annuity_high", "usd_per_kg")


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "250")
    hg.write_fleet(hg.fleet_from_frame(UNITS), "fleet.xlsx")
    return ["--fleet", "fleet.xlsx", "--base-year", "2026", "--draws", "200"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    main([*arguments])
    return capsys.readouterr().out


def summary_of(folder: str) -> dict[str, Any]:
    table = pd.read_csv(f"{folder}/plan_summary.csv").set_index("name")["value"]
    return {
        name: float(table[name]) for name in ("npv", "npv_low", "npv_high", "annuity", "annuity_high", "usd_per_kg")
    }


def test_one_plan_costs_the_same_everywhere(
    fleet: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one step of the plan starts in the first year in which it can, as options and projects have it."""
    monkeypatch.setenv("COLUMNS", "200")
    asked = (
        "--target",
        "30%",
        "--by",
        "2028",
        "--only",
        "plant == 'Alpha'",
        "-o",
        "plan",
        "--save",
        "mine.toml",
        "--full",
    )
    shown = said(capsys, "optimize", *asked, *fleet)
    told = summary_of("plan")
    [step] = pd.read_csv("plan/plan.csv").to_dict("records")
    assert (step["unit_id"], step["year"]) == ("A1", 2028)
    for name in AMOUNTS:
        assert step[name] == pytest.approx(told[name]), name
    printed = [money(told["npv"]), money(told["annuity"]), per_kg(told["usd_per_kg"])]
    assert f"NPV {printed[0]} (" in shown
    assert f"equal to {printed[1]} (" in " ".join(shown.split())
    assert f"; {printed[2]} (" in " ".join(shown.split())
    rows = [[cell for cell in line.split() if cell in printed] for line in shown.splitlines() if "A1" in line]
    assert printed in rows

    shown = said(capsys, "scenario", "compare", "mine.toml", "-o", "compared", *fleet)
    rows = [[cell for cell in line.split() if cell in printed][:3] for line in shown.splitlines() if "mine" in line]
    assert printed in rows
    row = pd.read_csv("compared/scenarios.csv").iloc[0]
    for name in ("npv", "npv_low", "npv_high", "annuity", "annuity_high"):
        of = name.replace("npv", "npv_musd").replace("annuity", "annuity_musd")
        assert row[of] * MILLION == pytest.approx(told[name]), name
    assert row["usd_per_kg"] == pytest.approx(told["usd_per_kg"])

    shown = said(capsys, "options", "A1", "-o", "options", *fleet)
    written = pd.read_csv("options/options.csv")
    option = written[written["option"] == step["option"]].iloc[0]
    rows = [[cell for cell in line.split() if cell in printed][:3] for line in shown.splitlines()]
    assert printed in rows

    shown = said(capsys, "finance", "--plant", "Alpha", "--option", step["option"], "-o", "finance", *fleet)
    rows = [[cell for cell in line.split() if cell in printed][:3] for line in shown.splitlines()]
    assert printed in rows
    project = pd.read_csv("finance/finance.csv").iloc[0]
    for place in (option, project):
        for name in AMOUNTS:
            assert place[name] == pytest.approx(told[name]), name
    assert project["npv_mercury"] / MILLION == pytest.approx(row["npv_mercury_musd"])

    run = hg.project("fleet.xlsx", base_year=2026, draws=200)
    comparison = run.compare(["mine.toml"], equal_kg=True)
    found = replace(decision_results(run), comparison=comparison)
    words = words_in("en")
    on_page = equal_rows(found, words)[0]
    assert on_page[0] == "mine"
    assert on_page[3:5] == [words.number(told["annuity"] / MILLION), words.number(told["usd_per_kg"])]
    sheets = {sheet.sheet: sheet.frame for sheet in decision_tables(found)}
    plan = {one.number: one.table for one in plan_tables(run, comparison=comparison, target=Target(30.0, 2028, 2026))}
    n6 = plan["N6"].iloc[0]
    for place in (sheets["Scenarios"].iloc[0], n6, plan["N6b"].iloc[0]):
        for name in ("npv", "annuity"):
            assert place[f"{name}_musd"] * MILLION == pytest.approx(told[name]), name
        assert place["usd_per_kg"] == pytest.approx(told["usd_per_kg"])
    listed = plan["N8"].set_index(["unit_id", "option"])
    singles = sheets["Options"].set_index(["unit_id", "option"])
    for table in (listed, singles):
        if ("A1", step["option"]) in table.index:
            own = table.loc[("A1", step["option"])]
            for name in ("npv", "annuity"):
                amount = own[name] if name in own else own[f"{name}_musd"] * MILLION
                assert amount == pytest.approx(told[name]), name
            assert own["usd_per_kg"] == pytest.approx(told["usd_per_kg"])
    assert ("A1", step["option"]) in singles.index
