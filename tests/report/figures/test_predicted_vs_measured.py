"""Predicted against measured: what is drawn is what was measured, and what conflicts is marked."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.figures.data import figure_data
from hginventory.report.figures.figure import ALT_LENGTH, Figure
from hginventory.report.figures.predicted_vs_measured import QUANTITIES
from hginventory.report.page.content import content
from hginventory.report.page.html import page

HOSTILE = "<img src=x onerror=alert(1)>"
UNITS = pd.DataFrame({
    "unit_id": [f"A{n}" for n in range(1, 6)], "plant": ["A", "B", "C", "D", HOSTILE], "unit": "1", "country": "IDN",
    "capacity_gross": [600, 500, 400, 300, 200], "start_year": 2015, "coal_type": "subbituminous",
    "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none", "boiler": "PC",
})  # fmt: skip


def row_of(unit_id: str, quantity: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    """Return a row of the sheet Measurements."""
    kind = "coal_analysis" if quantity == "hg_coal" else "stack_test"
    stated = {"uncertainty": 0.2, "uncertainty_kind": "rsd"}
    return {"unit_id": unit_id, "date": "2023-05-01", "kind": kind, "quantity": quantity, "value": value, "unit": unit,
            **stated, **more}  # fmt: skip


def run_with(*rows: dict[str, Any], draws: int = 0) -> hg.Run:
    tables = {"Coal_units": UNITS} | ({"Measurements": pd.DataFrame(list(rows))} if rows else {})
    return hg.project(fleet_from_tables(tables), base_year=2024, draws=draws)


ROWS = (
    row_of("A1", "hg_coal", 0.07, "mg/kg", basis="as_received"),
    row_of("A2", "hg_per_gwh", 30.0, "g/GWh"),
    row_of("A3", "hg_concentration", 6.0, "ug/Nm3", reference_o2=6),
    row_of("A4", "removal", 0.5, "1"),
    row_of("A5", "hg_per_gwh", 4000.0, "g/GWh"),
)


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return run_with(*ROWS)


@pytest.fixture(scope="module")
def figure(run: hg.Run) -> Figure:
    return run.figures()["measured"]


def test_every_measurement_is_a_row_with_its_prediction(run: hg.Run, figure: Figure) -> None:
    points = {point.cell: point for point in run.projection.measured}
    assert sorted(figure.table["cell"]) == sorted(points)
    for row in figure.table.to_dict("records"):
        point = points[row["cell"]]
        passes = point.quantity == "removal"
        numbers = [1 - n if passes else n for n in (point.measured, point.predicted, point.after)]
        assert [row["value"], row["expected"], row["used"]] == pytest.approx(numbers)
        assert row["z"] == (-point.z if passes else point.z)
    assert figure.table["z"].abs().is_monotonic_decreasing


def test_intervals_are_those_of_the_lognormals(run: hg.Run, figure: Figure) -> None:
    drawn = figure.frames()["table"].set_index("cell")
    for point in run.projection.measured:
        row = drawn.loc[point.cell]
        if point.quantity == "removal":
            assert row["expected_high"] <= 1.0
            continue
        half = math.log(row["expected_high"] / row["expected_low"]) / 2
        assert half == pytest.approx(1.645 * point.predicted_ln_sd, rel=1e-3)
        median = math.sqrt(row["expected_high"] * row["expected_low"])
        assert median == pytest.approx(point.predicted * math.exp(-(point.predicted_ln_sd**2) / 2))
        assert math.log(row["value_high"] / row["value"]) == pytest.approx(1.645 * point.measured_ln_sd, rel=1e-3)


def test_the_title_counts_what_agrees_and_what_conflicts(run: hg.Run, figure: Figure) -> None:
    z = pd.Series([abs(point.z) for point in run.projection.measured])
    assert (z > 3).sum() == 1
    assert figure.title.startswith(f"{(z < 1.645).sum()} of 5 measurements")
    assert figure.title.endswith("; 1 conflict with it")
    assert figure.frames()["table"].set_index("unit_id")["state"].eq("conflict").loc["A5"]
    assert len([finding for finding in run.findings if finding.code == "W528"]) == 1


def test_both_axes_of_a_panel_have_one_unit_and_the_same_bounds(figure: Figure) -> None:
    panels = figure.spec()["concat"]
    assert len(panels) == 4
    for panel in panels:
        *_, dots, _ = panel["layer"]
        x, y = dots["encoding"]["x"], dots["encoding"]["y"]
        assert x["scale"] == y["scale"]
        assert x["scale"]["type"] == "log"
        assert x["title"].replace("expected", "measured") == y["title"]


def test_it_has_words_made_from_numbers_and_draws_without_a_browser(figure: Figure) -> None:
    assert 20 < len(figure.alt) <= ALT_LENGTH
    assert re.search(r"\d", figure.alt)
    assert all(figure.head(str(column)) for column in figure.table)
    spec = figure.spec()
    held = {column for frame in figure.frames().values() for column in frame.columns}
    assert set(re.findall(r'"field": "(\w+)"', json.dumps(spec))) <= held
    svg = figure.svg()
    assert svg.startswith("<svg")
    assert "<img" not in svg


def test_in_another_language_its_words_change_and_its_codes_do_not(run: hg.Run, figure: Figure) -> None:
    other = run.figures("id")["measured"]
    assert other.title != figure.title
    assert set(other.table["name"]).isdisjoint(figure.table["name"])
    assert other.table["kind"].tolist() == figure.table["kind"].tolist()


def test_every_quantity_of_the_sheet_has_words() -> None:
    from hginventory.inputs.fleet.measurements import CONTENT, OF_STACK

    assert set(QUANTITIES) == {CONTENT, *OF_STACK}


def test_the_page_shows_it_or_says_why_not(run: hg.Run) -> None:
    seen = figure_data(run)
    names = [figure["name"] for figure in content(seen, run.figures())["figures"]]
    assert "measured" in names
    without = run_with()
    assert "measured" not in without.figures()
    said = "No measurements to compare."
    assert said in page(without)
    assert said not in page(run)
