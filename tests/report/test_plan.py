"""Plan tables: clocks from the treaty, sums that agree with the run, both readings of a target, readable files."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.plan.build import TITLES, PlanTable, Target, plan_tables
from hginventory.report.plan.clocks import Clocks
from hginventory.report.plan.national import HUMAN
from hginventory.report.plan.write import plan_texts, write_plan
from hginventory.texts import languages, translator


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", draws=200)


@pytest.fixture(scope="module")
def tables(run: hg.Run) -> dict[str, PlanTable]:
    comparison = run.compare(["targeted_top10"])
    return {one.number: one for one in plan_tables(run, comparison=comparison, target=Target(33.2, 2030, 2018))}


def test_clocks_of_the_convention_itself() -> None:
    """Entry into force 16 August 2017 gives 2018, 2021, 2022, 2022 and 2027 (method/minamata.md, section 1)."""
    clocks = Clocks.of("2017-08-16", hg.load_library())
    dates = (clocks.new_source_from, clocks.plan_due, clocks.new_bat_due, clocks.inventory_due, clocks.existing_due)
    assert dates == tuple(datetime.date(year, 8, 16) for year in (2018, 2021, 2022, 2022, 2027))
    assert Clocks.of(None, hg.load_library()).existing_due is None


@pytest.mark.parametrize(
    ("year", "kind"), [(2015.0, "existing"), (2018.0, "unknown"), (2019.0, "new"), (float("nan"), "unknown")]
)
def test_start_of_construction_decides_and_unknown_stays_unknown(year: float, kind: str) -> None:
    assert Clocks.of("2017-08-16", hg.load_library()).source_class(year) == kind


def test_every_table_is_there_with_its_title(tables: dict[str, PlanTable]) -> None:
    assert list(tables) == list(TITLES)


def test_toolkit_summary_adds_up_to_the_run(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    table = tables["N3"].table
    assert table["toolkit_code"].tolist() == ["5.1.1", "5.3.1"]
    assert table["air_kg"].sum() == pytest.approx(run.units["air_base_year_kg"].sum(), rel=1e-9)
    assert table["sum_check_kg"].abs().max() < 1e-6
    assert tables["N2"].table["air_kg_mean"].sum() == pytest.approx(table["air_kg"].sum(), rel=1e-9)


def test_balance_of_every_source_closes(tables: dict[str, PlanTable]) -> None:
    assert tables["N9"].table["closure_error_percent"].abs().max() < 1e-7


def test_target_is_shown_in_both_readings(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    table = tables["N6a"].table.set_index("reading")
    first, second = table.index
    now = run.units["air_base_year_kg"].sum()
    later = run.projection.yearly_kg[:, 2030 - run.projection.settings.base_year].sum()
    assert table.at[first, "allowed_kg"] == pytest.approx(now * (1 - 0.332))
    assert table.at[second, "allowed_kg"] == pytest.approx(later * (1 - 0.332))
    assert table.at[second, "to_avoid_kg"] == pytest.approx(later * 0.332)
    assert "2026" in table.at[first, "note"]


def test_answers_leave_the_decision_to_a_person(tables: dict[str, PlanTable]) -> None:
    table = tables["N11"].table
    assert set(table["answer"]) == {HUMAN}
    assert "2027-12-21" in " ".join(table["draft_from_numbers"])
    assert table["needs_human_input"].str.len().gt(0).all()


def test_captive_plants_can_be_a_category_of_their_own() -> None:
    rows = pd.DataFrame({"country": "IDN", "MW": [600, 300], "start_year": 2015, "captive": [False, True]})
    settings: dict[str, Any] = {"base_year": 2026, "captive_category": "industrial_boiler"}
    own = {
        one.number: one.table
        for one in plan_tables(hg.project(hg.fleet_from_frame(rows, settings=settings), draws=100))
    }
    assert own["N3"]["toolkit_code"].tolist() == ["5.1.1", "5.1.2"]
    assert own["N4"]["category"].tolist() == ["coal_power", "industrial_boiler"]
    assert own["N3"]["air_kg_p05"].isna().all()  # draws are kept by sector, which here holds two categories


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_text_of_the_plan_is_translated(language: str) -> None:
    translate = translator(language)
    assert [text for text in plan_texts() if translate(text) == text] == []


def test_files_can_be_read_and_hold_the_same_numbers(tables: dict[str, PlanTable], tmp_path: Path) -> None:
    folder = write_plan(list(tables.values()), tmp_path / "plan", translator("id"), "Plan <b>", "Catatan")
    with (folder / "N3_toolkit_summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["air_kg"]) == pytest.approx(tables["N3"].table["air_kg"].iloc[0], rel=1e-9)
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    assert set(tables) <= set(book.sheetnames)
    text = (folder / "plan.md").read_text(encoding="utf-8")
    assert all(f"## {number} " in text for number in tables)
    again = write_plan(list(tables.values()), tmp_path / "again", translator("id"), "Plan <b>", "Catatan")
    assert (folder / "plan.xlsx").read_bytes() == (again / "plan.xlsx").read_bytes()
