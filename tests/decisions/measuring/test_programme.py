"""A monitoring programme, and the form whose rows are pasted into a fleet workbook."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import hginventory as hg
from hginventory.decisions.measuring import MeasuringPlan, measuring_plan, plan_price
from hginventory.decisions.options import Catalogue
from hginventory.errors import UnreachableTargetError, UsageError
from hginventory.inputs.schema import SHEETS
from hginventory.inputs.template import write_fleet

DRAWS = 500
LARGE = "capacity_mw >= 300 or sector == 'cement_kiln'"


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where=LARGE, draws=DRAWS)


@pytest.fixture(scope="module")
def catalogue(run: hg.Run) -> Catalogue:
    return run.catalogue()


@pytest.fixture(scope="module")
def priced(run: hg.Run, catalogue: Catalogue) -> MeasuringPlan:
    return measuring_plan(catalogue, plan_price(catalogue, usd_per_kg=20_000.0), sure=run.certainty, draws=DRAWS)


def test_without_a_plan_it_follows_the_sampling_plan(run: hg.Run) -> None:
    found = run.measuring_plan(shown=5)
    assert len(found.table) == 5
    assert found.table["gain_t"].is_monotonic_decreasing
    assert found.table["worth"].isna().all()
    assert (found.table["kind"] != "CEMS").all()
    first = run.sampling_plan().table.iloc[0]
    assert found.table["words"].iloc[0] == first["words"]
    assert found.table["gain_right"].iloc[0] == first["gain_right"]


def test_with_a_plan_it_is_in_the_order_of_worth_less_price(priced: MeasuringPlan) -> None:
    table = priced.table
    assert table["worth_less_price"].is_monotonic_decreasing
    assert np.allclose(table["worth_less_price"], table["worth"] - table["price"])
    assert (table["worth"] >= 0).all()
    assert (table["price_low"] <= table["price"]).all()
    assert (table["price"] <= table["price_high"]).all()
    assert table["number"].tolist() == list(range(1, 11))


def test_no_unit_is_named_for_a_stack_that_a_measurement_above_tells_of(priced: MeasuringPlan) -> None:
    stacks = priced.table.loc[priced.table["units_served"] == 1, "unit_id"]
    assert stacks.is_unique


def test_margin_is_the_expected_over_the_limit(priced: MeasuringPlan) -> None:
    table = priced.table
    assert np.allclose(table["margin"], table["expected"] / table["detection_limit"])
    assert (table["told_at_p05"] == (table["expected_p05"] >= table["detection_limit"])).all()


def test_worth_rises_with_nothing_else_when_a_kilogram_is_worth_nothing(run: hg.Run, catalogue: Catalogue) -> None:
    """At a price at which no step pays, whatever is measured, no measurement is worth anything."""
    cheap = measuring_plan(catalogue, plan_price(catalogue, usd_per_kg=1.0), sure=run.certainty, draws=DRAWS)
    assert cheap.table["worth"].max() < 1e3
    assert (cheap.table["worth_less_price"] <= cheap.table["worth"]).all()


@pytest.mark.parametrize("given", [{}, {"usd_per_kg": 0.0}, {"usd_per_kg": float("inf")}, {"usd_per_kg": float("nan")}])
def test_a_price_of_a_kilogram_is_asked_for(catalogue: Catalogue, given: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=r"usd_per_kg|price of a kilogram"):
        plan_price(catalogue, **given)


def test_a_target_out_of_reach_is_refused(run: hg.Run) -> None:
    with pytest.raises(UnreachableTargetError, match=r"at most [\d,]+ kg can be avoided"):
        run.measuring_plan(target="100%", by=2035)


def filled(form: Path) -> tuple[list[str], list[list[object]]]:
    """Return the names of the sheet Measurements of a form and its rows, with a result typed into each."""
    sheet = openpyxl.load_workbook(form)["Measurements"]
    names = [str(cell.value) for cell in sheet[3]]
    rows = []
    for cells in sheet.iter_rows(min_row=4, max_col=len(names)):
        row = dict(zip(names, (cell.value for cell in cells), strict=True))
        if row["unit_id"] is None:
            break
        result = (0.06 if row["quantity"] == "hg_coal" else 12.0) * (1 + len(rows) / 1000)  # no two units alike
        row |= {
            "date": datetime.date(2026, 3, 1),
            "value": result,
            "n": 3,
            "uncertainty": 0.1,
            "uncertainty_kind": "rsd",
        }
        rows.append([row[name] for name in names])
    return names, rows


def test_rows_of_a_filled_form_are_read_without_a_finding(priced: MeasuringPlan, tmp_path: Path) -> None:
    form = priced.save_form(tmp_path / "form.xlsx")
    names, rows = filled(form)
    assert names == [column.name for column in SHEETS["Measurements"].columns]
    assert len(rows) == (priced.table["quantity"] != "").sum()
    book = write_fleet(hg.read_fleet("indonesia"), tmp_path / "fleet.xlsx")
    before = hg.read_fleet(book)
    workbook = openpyxl.load_workbook(book)
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 1):
            workbook["Measurements"].cell(number, column, value)
    workbook.save(tmp_path / "measured.xlsx")
    after = hg.read_fleet(tmp_path / "measured.xlsx")
    assert len(after.measurements) == len(rows)
    assert [one.code for one in after.findings] == [one.code for one in before.findings]
    measured = hg.project(after, draws=0).projection.measured
    assert {point.unit_id for point in measured} >= {str(row[0]) for row in rows}


def test_form_has_a_page_for_each_and_is_the_same_each_time(priced: MeasuringPlan, tmp_path: Path) -> None:
    first = priced.save_form(tmp_path / "a.xlsx").read_bytes()
    assert first == priced.save_form(tmp_path / "b.xlsx").read_bytes()
    with pytest.raises(UsageError, match="exists"):
        priced.save_form(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Form", "Measurements", "Lists"]
    form = book["Form"]
    assert len(form.row_breaks.brk) == len(priced.table) - 1
    texts = [str(row[0].value) for row in form.iter_rows() if row[0].value]
    assert [text for text in texts if text[0].isdigit() and ". " in text][:1] == [priced.form()[0].title]


def test_form_in_indonesian(priced: MeasuringPlan, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(priced.save_form(tmp_path / "f.xlsx", language="id"))
    texts = {str(cell.value) for row in book["Form"].iter_rows() for cell in row if cell.value}
    assert {"Metode", "Diukur oleh", "Laboratorium"} <= texts
    said = " ".join(texts)
    assert "satu sampel komposit per minggu selama satu tahun" in said or "satu pengujian setahun" in said
    for english in ("one composite", "coal analysis", "stack test", "lower end", "Write the", "mercury in"):
        assert english not in said


@pytest.mark.parametrize(
    ("kind", "words"),
    [("other", "of another run"), ("text", "a catalogue of this run"), ("table", "a catalogue of this run"),
     ("projection", "a catalogue of this run"), ("number", "a catalogue of this run")],
)  # fmt: skip
def test_a_catalogue_of_another_run_is_refused(kind: str, words: str) -> None:
    run, other = (hg.project("indonesia", where="capacity_mw >= 900", draws=draws) for draws in (250, 0))
    wrong: dict[str, object] = {"other": other.catalogue(), "text": "catalogue", "table": run.units, "number": 7,
                                "projection": run.projection}  # fmt: skip
    with pytest.raises(hg.HgInventoryError, match=words):
        run.measuring_plan(catalogue=wrong[kind])  # type: ignore[arg-type]
