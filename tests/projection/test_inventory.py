"""Which units the inventory counts, and that every list and denominator follows that one definition."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking.published_study import compare_with_study
from hginventory.decisions.ranking.ranked_amounts import rank_certainty
from hginventory.decisions.sensitivity.value_of_information import sampling_plan
from hginventory.projection.inventory import InventoryStatus
from hginventory.report.excel.results_workbook import write_results
from hginventory.report.explain.unit_calculation import explain
from hginventory.report.figures.data import figure_data
from hginventory.report.figures.pareto import pareto
from hginventory.report.page.html import page
from hginventory.report.plan.build import PlanTable, plan_tables
from hginventory.report.tables.written_tables import factors_used, run_tables
from hginventory.report.text.headlines import concentration_text, spread_text
from hginventory.run import Run
from hginventory.vocabulary.codes import STATUSES

OUTSIDE = ("permitted", "pre-permit", "announced", "shelved", "mothballed", "retired", "cancelled")
UNIT = {"plant": "P", "country": "IDN", "capacity_gross": 600.0, "start_year": 2010, "coal_type": "lignite"}
OPERATING, LATER = ["operating", "past its age", "begins"], ["construction", "starts later"]
COUNTED = {*OPERATING, *LATER}


def every_status() -> pd.DataFrame:
    """Return a fleet with a unit of each status, and units at the bounds of what counts, in the order of the ids."""
    rows = [{**UNIT, "unit_id": status, "status": status} for status in STATUSES.codes]
    rows[1]["start_year"] = 2029
    rows += [
        {**UNIT, "unit_id": "past its age", "status": "operating", "start_year": 1970},
        {**UNIT, "unit_id": "begins", "status": "construction", "start_year": 2026},
        {**UNIT, "unit_id": "starts later", "status": "operating", "start_year": 2030},
    ]
    return pd.DataFrame(rows).assign(unit=lambda table: table["unit_id"])


@pytest.fixture(scope="module")
def run() -> Run:
    return hg.project(hg.fleet_from_frame(every_status()), base_year=2026, draws=200)


@pytest.fixture(scope="module")
def plan(run: Run) -> dict[str, PlanTable]:
    return {one.number: one for one in plan_tables(run)}


def test_status_and_years_decide_what_counts(run: Run) -> None:
    status = run.units["inventory_status"]
    assert set(status.index[status.eq(InventoryStatus.OPERATING)]) == set(OPERATING)
    assert set(status.index[status.eq(InventoryStatus.CONSTRUCTION)]) == set(LATER)
    assert set(status.index[status.eq(InventoryStatus.OUTSIDE)]) == set(OUTSIDE)
    assert run.units["air_base_year_kg"].gt(0).sum() == len(OPERATING)
    found = run.inventory
    assert (found.operating, found.construction, found.outside, found.counted) == (3, 2, 7, 5)
    assert found.statuses_outside == dict.fromkeys(sorted(OUTSIDE), 1)


@pytest.mark.parametrize("base_year", [2000, 2027, 2029, 2031])
def test_a_unit_counts_from_its_start_on(base_year: int) -> None:
    units = hg.project(hg.fleet_from_frame(every_status()), base_year=base_year, draws=0).units
    counted = units[units["inventory_status"].ne("outside")]
    assert set(counted.index) == COUNTED
    begun = counted["start_year"].le(base_year)
    assert counted["inventory_status"].eq("operating").tolist() == begun.tolist()


def test_units_of_the_fleet_stay_in_the_files_of_units(run: Run) -> None:
    tables = run_tables(run)
    for name in ("units", "mass_balance"):
        assert sorted(tables[name]["unit_id"]) == sorted(every_status()["unit_id"])


def test_rankings_hold_the_counted_units(run: Run) -> None:
    assert set(run.rank()["unit_id"]) == COUNTED
    assert set(run.rank("air_base_year_kg")["unit_id"]) == set(OPERATING)
    assert run.plants()["units"].tolist() == [len(COUNTED)]
    assert run.plants("air_base_year_kg")["units"].tolist() == [len(OPERATING)]
    sure = run.certainty
    assert sure is not None
    assert sure.top == len(COUNTED)


@pytest.mark.parametrize(
    ("by", "ranked"), [("lifetime_kg", COUNTED), ("air_kg_per_yr", COUNTED), ("air_base_year_kg", set(OPERATING))]
)
@pytest.mark.parametrize("draws", [0, 200])
def test_certain_ranks_are_among_the_counted_units(run: Run, by: str, ranked: set[str], draws: int) -> None:
    answer = rank_certainty(run.projection, by=by, draws=draws)
    assert set(answer.table["unit_id"]) == ranked
    assert sum(answer.ranked) == len(ranked)
    assert answer.as_dict()["inventory"]["outside"] == len(OUTSIDE)
    plants = rank_certainty(run.projection, by=by, draws=draws, plants=True)
    assert plants.table["units"].tolist() == [len(ranked)]
    if draws:
        assert answer.table["rank_p95"].max() <= len(ranked)


def test_plants_without_a_counted_unit_are_not_ranked() -> None:
    rows = every_status().assign(plant=lambda table: table["unit_id"].where(table["unit_id"].isin(OUTSIDE), "P"))
    run = hg.project(hg.fleet_from_frame(rows), base_year=2026, draws=0)
    assert run.plants()["plant"].tolist() == ["P"]
    assert rank_certainty(run.projection, plants=True, draws=100).table["plant"].tolist() == ["P"]


def test_headline_numbers_tell_units_under_construction_apart(run: Run) -> None:
    (summary,) = run.summary(2)
    assert (summary.units_total, summary.units_operating) == (5, 3)
    assert (summary.units_construction, summary.units_outside) == (2, 7)
    later = run.units.loc[LATER, "air_kg_per_yr"].sum()
    assert summary.air_construction_kg_per_yr == pytest.approx(later)
    assert concentration_text(summary).startswith("Two of 3 units (+2 under construction) account for")
    assert " of 3 units (+2 under construction) " in spread_text(summary)
    seen = figure_data(run)
    assert pareto(seen, seen.lists[0]).title.startswith("5 of 3 units (+2 under construction)")


def test_sets_of_75_percent_are_of_units_that_operate(run: Run, plan: dict[str, PlanTable]) -> None:
    assert run.coverage()["units_total"].tolist() == [len(OPERATING)]
    covered = plan["N4"].table
    assert covered["units_total"].tolist() == [len(OPERATING)] * 2
    assert covered["units_covered"].max() <= len(OPERATING)
    assert set(plan["N4a"].table["unit_id"]) == set(OPERATING)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("N1", COUNTED), ("N2", set(OPERATING)), ("N5", COUNTED), ("N7", COUNTED), ("N9", set(OPERATING))],
)
def test_plan_tables_list_counted_units(plan: dict[str, PlanTable], number: str, expected: set[str]) -> None:
    assert set(plan[number].table["unit_id"]) == expected


def test_plan_says_once_what_is_outside(plan: dict[str, PlanTable]) -> None:
    assert plan["N1"].note.startswith(
        "Sources operating in 2026: 3; under construction: 2. Units outside the inventory"
    )
    assert [number for number, one in plan.items() if "outside the inventory" in one.note] == ["N1"]
    assert plan["N6c"].table["units"].tolist() == [len(COUNTED)]
    assert plan["N3"].table["units"].tolist() == [len(OPERATING)]


def test_factor_rows_and_measurements_serve_counted_units(run: Run) -> None:
    assert factors_used(run.projection)["units"].max() == len(COUNTED)
    served = sampling_plan(run.projection, draws=500).table.set_index("kind")["units_served"]
    assert served["coal_analysis"] == len(COUNTED)


def test_page_and_workbook_say_once_what_is_outside(run: Run, tmp_path: Path) -> None:
    text = page(run)
    assert text.count("Units outside the inventory, which do not emit: 7 (1 announced,") == 1
    assert "3 units operating in 2026, 2 under construction" in text
    assert "dihentikan sementara" in page(run, "id")
    write_results(run, tmp_path / "results.xlsx")
    summary = pd.read_excel(tmp_path / "results.xlsx", sheet_name="Summary", header=None, engine="openpyxl")
    cells = [str(cell) for row in summary.to_numpy().tolist() for cell in row]
    assert sum("outside the inventory" in cell for cell in cells) == 1
    assert not [cell for cell in cells if "of 12" in cell or cell == "all 12"]


def test_calculation_of_a_unit_outside_has_no_rank(run: Run) -> None:
    assert [step.name for step in explain(run.projection, "operating").steps][-1] == "rank"
    assert str(explain(run.projection, "operating").steps[-1].value).endswith(" of 5")
    assert "rank" not in [step.name for step in explain(run.projection, "cancelled").steps]


@pytest.mark.parametrize("draws", [0, 200])
def test_a_fleet_without_a_counted_unit_has_reports(draws: int, tmp_path: Path) -> None:
    rows = every_status()
    run = hg.project(hg.fleet_from_frame(rows[rows["unit_id"].isin(OUTSIDE)]), base_year=2026, draws=draws)
    run.save(tmp_path / "run")
    assert run.rank().empty
    assert run.plants().empty
    assert "0 units operating in 2026" in page(run)
    tables = {one.number: one.table for one in plan_tables(run)}
    assert not any(len(tables[number]) for number in ("N1", "N2", "N4", "N4a", "N5", "N7", "N9"))
    assert rank_certainty(run.projection, draws=draws).named == 0


def test_indonesian_fleet_counts_what_operates_in_2026(central: Run) -> None:
    coal, kilns, _ = central.summary()
    assert (coal.units_operating, coal.units_construction, coal.units_outside) == (290, 13, 0)
    assert (kilns.units_operating, kilns.units_construction, kilns.units_outside) == (46, 0, 4)
    assert central.coverage().set_index("category")["units_total"].to_dict() == {"coal_power": 290, "cement": 46}
    assert central.inventory.statuses_outside == {"mothballed": 4}


def test_study_counts_the_units_of_its_selection() -> None:
    fleet = hg.read_fleet("indonesia")
    found = compare_with_study(fleet, "icsc")
    assert found.units == found.projection.units["inventory_status"].ne("outside").sum()
