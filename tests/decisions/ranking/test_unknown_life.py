"""Kilns without a start year: they count in the base year, and in nothing over the remaining life, which is unknown."""

from __future__ import annotations

import math
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginv.main import main
from hginv.scenario_text import show_comparison
from hginventory.inputs.frames import fleet_from_frame
from hginventory.report.figures.wedges import wedges
from hginventory.report.plan.build import plan_tables
from hginventory.report.record import difference, read_record
from hginventory.report.text import ENGLISH
from hginventory.scenarios import Measure, Scenario

KILNS = {"unit_id": ["K1", "K2", "K3"], "country": "VNM", "cement_capacity": [1e6, 2e6, 3.5e6], "status": "operating"}


def run_of(
    start: list[float | None], *, status: str = "operating", draws: int = 0, rule: str = "icsc_40", **columns: object
) -> hg.Run:
    table = pd.DataFrame({**KILNS, "status": status, "start_year": start, **columns})
    fleet = fleet_from_frame(table, sector="cement_kiln", settings={"base_year": 2026})
    return hg.project(fleet, draws=draws, rule=rule)


@pytest.fixture(scope="module")
def partly() -> hg.Run:
    return run_of([2010, None, None], draws=50)


@pytest.mark.parametrize("rule", ["icsc_40", "gem_40", "gem_35", "crea_30"])
def test_a_kiln_without_start_year_has_a_base_year_and_an_unknown_remaining_life(rule: str) -> None:
    known, unknown = run_of([2010] * 3, rule=rule).units, run_of([None] * 3, rule=rule).units
    pd.testing.assert_series_equal(unknown["air_base_year_kg"], known["air_base_year_kg"])
    assert (unknown["air_base_year_kg"] > 0).all()
    assert unknown[["start_year", "end_year", "remaining_years", "lifetime_kg"]].isna().all(axis=None)
    assert (known["lifetime_kg"] > 0).all()
    assert set(unknown["inventory_status"]) == {"operating"}


def test_coal_units_keep_the_start_year_that_the_rule_takes() -> None:
    table = pd.DataFrame({"unit_id": ["A"], "country": "VNM", "MW": [600], "coal_type": "bituminous"})
    run = hg.project(fleet_from_frame(table, settings={"base_year": 2026}), draws=0)
    assert run.units["remaining_years"].tolist() == [40]
    assert {"W522"} <= {one.code for one in run.findings}
    assert "W531" not in {one.code for one in run.findings}


def test_rankings_over_the_remaining_life_leave_them_out_and_those_of_the_base_year_do_not(partly: hg.Run) -> None:
    assert partly.rank()["unit_id"].tolist() == ["K1"]
    assert partly.rank()["share"].tolist() == [1.0]
    assert partly.rank("air_base_year_kg")["unit_id"].tolist() == ["K3", "K2", "K1"]
    answer = partly.rank_certainty(sector="cement_kiln")
    assert (answer.table["unit_id"].tolist(), answer.unknown, answer.ranked) == (["K1"], 2, (1, 0))
    assert partly.rank_certainty("air_base_year_kg", sector="cement_kiln").unknown == 0


def test_article_8_counts_them_in_the_base_year(partly: hg.Run) -> None:
    of_run = partly.coverage().set_index("category").loc["cement", "units_total"]
    of_rank = partly.rank_certainty(sector="cement_kiln").coverage.set_index("category").loc["cement", "units_total"]
    assert of_run == of_rank == 3


def test_totals_are_of_the_others_and_say_how_many_are_missing(partly: hg.Run) -> None:
    (summary,) = partly.summary()
    assert (summary.units_total, summary.units_unknown_life, summary.units_ranked) == (3, 2, 1)
    assert summary.lifetime_t == pytest.approx(partly.units.loc["K1", "lifetime_kg"] / 1000)
    (none_known,) = run_of([None] * 3).summary()
    assert math.isnan(none_known.lifetime_t)
    assert none_known.air_base_year_kg > 0
    (without_any,) = run_of([None] * 3, status="mothballed").summary()
    assert without_any.lifetime_t == 0.0


@pytest.mark.parametrize("combined", [False, True])
def test_a_sum_with_a_sector_of_unknown_life_is_unknown_and_not_that_of_the_other(combined: bool) -> None:
    run = hg.project("MNG+cement", draws=50, combined=combined)
    remaining = {summary.sector: summary.lifetime_t for summary in run.summary()}
    assert remaining["coal_power"] > 0
    assert math.isnan(remaining["cement_kiln"])
    assert math.isnan(remaining["combined"])
    assert run.certainty is not None
    drawn = run.certainty.totals.set_index(["sector", "unit"])["mean"]
    assert drawn["coal_power", "t"] > 0
    assert math.isnan(drawn["combined", "t"])
    assert drawn["combined", "kg"] > drawn["coal_power", "kg"]


def test_draws_give_them_an_interval_in_the_base_year_only(partly: hg.Run) -> None:
    assert partly.certainty is not None
    units = partly.certainty.units
    assert units.loc[["K2", "K3"], ["lifetime_kg_p05", "rank_median", "p_top1", "top_class"]].isna().all(axis=None)
    assert (units.loc[["K2", "K3"], "air_kg_per_yr_p05"] > 0).all()
    assert units.loc["K1", "lifetime_kg_p05"] > 0
    remaining = run_of([None] * 3, draws=50).certainty
    assert remaining is not None
    totals = remaining.totals.set_index("unit")["mean"]
    assert totals["kg"] > 0
    assert math.isnan(totals["t"])


@pytest.mark.parametrize(("rule", "left"), [("gem_40", 5), ("gem_35", 4), ("icsc_40", None)])
def test_an_announced_year_that_the_rule_follows_is_an_end_that_is_known(rule: str, left: int | None) -> None:
    years = run_of([None] * 3, rule=rule, planned_retirement=2030).units["remaining_years"]
    assert years.isna().all() if left is None else years.tolist() == [left] * 3


def test_a_kiln_under_construction_counts_though_its_start_is_unknown() -> None:
    run = run_of([None] * 3, status="construction")
    assert (run.inventory.construction, run.units["air_base_year_kg"].sum()) == (3, 0.0)
    assert run.units["lifetime_kg"].isna().all()


def test_each_such_kiln_has_a_finding_on_its_cell_to_fill(partly: hg.Run) -> None:
    found = [one for one in partly.findings if one.code == "W531"]
    assert sum(one.count for one in found) == 2
    assert "base year only" in found[0].message


def test_a_run_of_them_is_written_and_read_again(tmp_path: Path) -> None:
    folder = run_of([None] * 3, draws=20).save(tmp_path / "run")
    assert read_record(folder).content["summary"][0]["lifetime_t"] is None
    assert "0 t" not in (folder / "ranking.csv").read_text(encoding="utf-8")


def test_nothing_is_said_of_what_drives_an_unknown_total() -> None:
    run = run_of([None] * 3, draws=300)
    for ask in (lambda: run.sensitivity(100), run.sampling_plan):
        with pytest.raises(hg.UsageError, match="remaining life of no unit of this run is known"):
            ask()


def test_filling_in_a_start_year_is_a_change_of_the_years_left(tmp_path: Path) -> None:
    folders = [
        run_of(start).save(tmp_path / name) for name, start in (("a", [2010, None, None]), ("b", [2010, 2015, None]))
    ]
    found = difference(*map(read_record, folders)).units.set_index("unit_id")
    assert found.loc["K2", "change_kg"] > 0
    assert found.loc["K2", "years left"] == pytest.approx(found.loc["K2", "change_kg"])


def test_what_ends_by_the_rule_is_told_apart_from_what_has_no_known_end(
    partly: hg.Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """K2 and K3 have no start year: no text may say that they end by the rule."""
    unknown = float(partly.units.loc[["K2", "K3"], "air_base_year_kg"].sum())
    measure = Measure(action="retire", where="unit_id == 'K1'", from_year=2030)
    compared = partly.compare([Scenario(name="closed", measure=(measure,))])
    told = (
        f"{ENGLISH.number(unknown)} kg of it are from kilns without a start year, whose remaining lifetime is unknown."
    )
    assert compared.unknown_life_kg == pytest.approx(unknown)
    assert told in wedges(compared, ENGLISH).note
    show_comparison(partly, compared)
    assert told in " ".join(capsys.readouterr().out.split())
    answers = {one.number: one for one in plan_tables(partly, comparison=compared)}["N11"].table
    assert told in " ".join(answers["draft"])


def test_no_option_is_refused_because_a_kiln_of_unknown_life_closes(partly: hg.Run) -> None:
    found = partly.catalogue().of_unit("K2")
    assert {one.reason for one in found if one.applies == "no"} >= {"the remaining life is unknown: fill in start_year"}
    assert not [one.reason for one in found if "closes" in one.reason]
    assert all(math.isnan(one.end_year) for one in found)
    assert any(one.applies != "no" for one in partly.catalogue().of_unit("K1"))


def test_the_notes_of_a_unit_tell_what_is_of_the_whole_fleet() -> None:
    table = pd.DataFrame({**KILNS, "start_year": 2010})
    run = hg.project(fleet_from_frame(table, sector="cement_kiln", settings={"notice": "An example."}), draws=0)
    assert str(run.explain("K1").notes[-1]) == "On the whole fleet: An example."


def test_the_shortlist_of_kilns_of_unknown_life_asks_for_start_years() -> None:
    with pytest.raises(hg.UsageError, match=r"remaining mercury of no unit of this run is known.*start_year"):
        run_of([None] * 3).shortlist()


def test_the_summary_of_the_workbook_counts_no_units_that_make_half_of_an_unknown_total(tmp_path: Path) -> None:
    folder = run_of([None] * 3, draws=20).save(tmp_path / "run")
    rows = openpyxl.load_workbook(folder / "results.xlsx")["Summary"].iter_rows(values_only=True)
    values = {str(row[0]): row[2] for row in rows}
    assert values["Units that account for half of them"] is None
    assert values["Units that account for 75 % of them"] is None
    assert values["Units operating in 2026"] == 3
    assert [label for label in values if "over the remaining lifetime they are unknown." in label]
    assert not [label for label in values if "units named" in label or "own" in label.split()]


def test_a_ranking_without_units_shows_no_empty_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["rank", "--fleet", "LSO+cement", "--draws", "20"])
    out = capsys.readouterr().out
    assert "in top" not in out
    assert "1 unit without a start year: remaining-lifetime emissions unknown" in " ".join(out.split())
