"""Published national totals next to ours: the right rows, units, years and words, at one place for every report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.ranking import base_year_draws, comparable_totals, references
from hginventory.decisions.ranking.published_totals import nearest_totals, published_totals
from hginventory.report.page.html import page
from hginventory.report.text import ENGLISH, published_text, words_in

COLUMNS = ["unit_id", "country", "capacity_gross", "start_year", "captive"]


def run_of(*rows: list[object], base_year: int = 2012, draws: int = 200, sector: str = "coal_power") -> hg.Run:
    frame = pd.DataFrame(rows, columns=COLUMNS if sector == "coal_power" else ["unit_id", "country", "clinker_output"])
    return hg.project(hg.fleet_from_frame(frame, sector=sector, settings={"base_year": base_year}), draws=draws)


@pytest.fixture(scope="module")
def korea() -> hg.Run:
    return run_of(["A", "KOR", 500, 2000, "no"], ["B", "KOR", 800, 2005, "no"])


def test_all_rows_of_country_and_category_are_found(korea: hg.Run) -> None:
    rows = [row for row, _ in references(korea.projection).values()]
    table = hg.load_library().table("inventory_reference").rows
    assert rows == [r for r in table if r.keys["country"] == "KOR" and r.keys["category"] == "coal_power"]
    assert len(rows) >= 5


def test_the_nearest_year_that_was_read_is_told(korea: hg.Run) -> None:
    [told] = comparable_totals(korea.projection, {})
    assert told.fleet_year == 2012
    [told] = comparable_totals(hg.project(korea.projection.fleet, base_year=2013).projection, {})
    assert told.fleet_year in (2012, 2014)  # that of 2013 is recalled
    assert not told.is_recalled


def test_recalled_total_is_told_where_no_other_is_on_file(korea: hg.Run) -> None:
    totals = [total for total in published_totals(korea.projection, {}) if total.is_recalled]
    [told] = nearest_totals(totals)
    assert "recalled, not read" in published_text(told, ENGLISH)


def test_interval_is_that_of_the_draws_of_the_units(korea: hg.Run) -> None:
    [told] = korea.published_totals
    everything = {"all": np.ones(2, dtype=bool)}
    kg = base_year_draws(korea.projection, everything, 200, 1)["all"]
    assert told.drawn is not None
    assert (told.drawn.p05, told.drawn.p95) == pytest.approx(tuple(np.quantile(kg, (0.05, 0.95))))
    assert told.is_inside is (told.drawn.p05 <= 1210.0 <= told.drawn.p95)
    assert told.our_kg == pytest.approx(korea.units["air_base_year_kg"].sum())


@pytest.mark.parametrize(
    ("p05", "p95", "is_inside"),
    [(1000.0, 1500.0, True), (1300.0, 1500.0, False), (500.0, 1000.0, False), (None, None, None)],
)
def test_a_published_total_is_inside_between_both_ends(
    korea: hg.Run, p05: float | None, p95: float | None, is_inside: bool | None
) -> None:
    [told] = korea.published_totals
    assert told.kg == pytest.approx(1210.0)
    assert told.drawn is not None
    drawn = None if p05 is None or p95 is None else replace(told.drawn, p05=p05, p95=p95)
    assert replace(told, drawn=drawn).is_inside is is_inside


def test_inside_and_outside_are_said_as_they_are() -> None:
    """A fleet that emits 1.2 t by its coal lies around the published total; one of a single small unit far below it."""
    small = run_of(["A", "KOR", 30, 2000, "no"])
    assert "lies outside" in published_text(small.published_totals[0], ENGLISH)
    rows = [[f"U{n}", "KOR", 500, 2000, "no"] for n in range(100)]
    counts = np.array([5, 10, 20, 30, 40, 60, 80, 100])
    said = [published_text(run_of(*rows[:n], draws=200).published_totals[0], ENGLISH) for n in counts]
    assert any("lies inside" in text for text in said)


@pytest.mark.parametrize(("year", "said"), [(2012, False), (2026, True), (2000, True)])
def test_another_year_is_said(korea: hg.Run, year: int, said: bool) -> None:
    [told] = comparable_totals(hg.project(korea.projection.fleet, base_year=year).projection, {})
    assert told.is_of_year is (told.fleet_year == year)
    if year in (2012, 2026):
        assert ("The years differ." in published_text(told, ENGLISH)) is said


def test_units_that_the_total_is_not_about_are_left_out() -> None:
    both = run_of(["A", "IDN", 500, 2000, "no"], ["B", "IDN", 500, 2000, "yes"], base_year=2019)
    [told] = [total for total in both.published_totals if total.row.keys["year"] == "2019"]
    assert told.our_units == 1
    assert told.our_kg == pytest.approx(both.units.loc["A", "air_base_year_kg"])


@pytest.mark.parametrize(
    "run",
    [
        run_of(["A", "VNM", 500, 2000, "no"]),  # nothing on file
        run_of(["A", "KOR", 500, 2000, "no"], ["B", "JPN", 500, 2000, "no"]),  # no country of its own
        hg.project(
            hg.fleet_from_frame(pd.DataFrame([["A", "KOR", 500, 2000, "no"]], columns=COLUMNS), sector="coal_power"),
            where="capacity_mw >= 100",
        ),
    ],
)
def test_nothing_is_said_where_a_run_is_no_national_total(run: hg.Run) -> None:
    assert run.published_totals == []


def test_kilns_have_a_line_of_their_own() -> None:
    run = run_of(["K", "KOR", 2.0e6], sector="cement_kiln")
    [told] = run.published_totals
    assert told.row.keys["category"] == "cement"


def test_japan_2000_is_not_independent() -> None:
    run = run_of(["A", "JPN", 500, 1990, "no"], base_year=2000)
    [told] = run.published_totals
    assert told.fleet_year == 2000
    assert "Not independent" in published_text(told, ENGLISH)


def test_page_workbook_plan_and_screen_say_the_same(
    korea: hg.Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    from hginv.project_text import show_run
    from hginventory.report.plan.build import plan_tables

    [told] = korea.published_totals
    line = published_text(told, ENGLISH)
    assert line in page(korea)
    assert line.startswith("Published for South Korea, coal-fired power plants: ")
    sheet = openpyxl.load_workbook(korea.to_excel(tmp_path / "r.xlsx"))["Summary"]
    assert line in [cell.value for row in sheet.iter_rows() for cell in row]
    show_run(korea, 2, ENGLISH)
    assert line in " ".join(capsys.readouterr().out.split())
    table = next(one.table for one in plan_tables(korea) if one.number == "N12")
    row = table[table["year"] == told.row.keys["year"]].iloc[0]
    assert row["our_kg"] == pytest.approx(told.our_kg)
    assert row["inside_interval"] == ("inside" if told.is_inside else "outside")


def test_line_is_indonesian() -> None:
    run = run_of(["A", "IDN", 500, 2000, "no"], base_year=2019)
    text = published_text(run.published_totals[0], words_in("id"))
    assert text.startswith("Dipublikasikan untuk Indonesia, pembangkit listrik batubara: ")
    assert "2.874 kg" in text
