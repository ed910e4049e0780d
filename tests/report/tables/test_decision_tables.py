"""What can be done, as a report gathers it: the numbers of the commands, and nothing left out silently."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.optimisation.goals import make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.errors import UsageError
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.figures.decisions import decision_figures, driver_figures, sentences
from hginventory.report.page.html import page
from hginventory.report.tables.decision_tables import (
    BASELINE,
    CURVE,
    DRIVERS,
    HEADLINE,
    LIMITS,
    NO_DRAWS,
    NO_OPTION,
    NOT_ALONE,
    NOTHING_LEFT,
    REASONS,
    SCENARIOS,
    DecisionResults,
    decision_results,
)
from hginventory.report.text.language import words_in

LARGE = "capacity_mw >= 600"
DRAWS = 120


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project("indonesia", where=LARGE, draws=DRAWS)


@pytest.fixture(scope="module")
def found(run: hg.Run) -> DecisionResults:
    return decision_results(run)


def fleet(**columns: object) -> hg.Run:
    """Return a run of three units of one plant, some of their columns as given."""
    units = pd.DataFrame({
        "unit_id": ["A", "B", "C"], "plant": "P", "unit": list("123"), "country": "IDN",
        "capacity_gross": [600, 300, 100], "coal_type": "subbituminous", "start_year": 2015, "status": "operating",
    })  # fmt: skip
    return hg.project(fleet_from_tables({"Coal_units": units.assign(**columns)}), base_year=2026, draws=0)


def test_every_part_is_what_its_command_gives(run: hg.Run, found: DecisionResults) -> None:
    assert found.left_out == {}
    assert not found.is_part
    assert found.comparison is not None
    pd.testing.assert_frame_equal(found.comparison.table, run.compare([BASELINE, *HEADLINE]).table)
    assert found.limits is not None
    pd.testing.assert_frame_equal(found.limits, run.limits())
    assert found.sensitivity is not None
    pd.testing.assert_frame_equal(found.sensitivity.table, run.sensitivity(DRAWS).table)
    goal = make_goal(run.projection, target="10%", by=found.curve_year)
    assert found.frontier is not None
    pd.testing.assert_frame_equal(found.frontier, make_plan(Catalogue(run.projection), goal).frontier)


def test_figures_carry_the_numbers_of_their_part(found: DecisionResults) -> None:
    english = words_in("en")
    figures = driver_figures(found, english) | decision_figures(found, english)
    assert list(figures) == ["tornado", "wedges", "cost_curve", "compliance"]
    assert f"of {found.curve_year}" in figures["cost_curve"].title
    assert found.limits is not None
    assert figures["compliance"].note == ""  # the limit drawn is the country's own
    own = found.limits[found.limits["own_law"]]
    assert f"of {own.groupby('limit_id').size().max()} units" in figures["compliance"].title


def test_the_scenario_with_fewer_units_stands_beside_the_best(found: DecisionResults) -> None:
    assert found.comparison is not None
    table = found.comparison.table.set_index("scenario")
    title = decision_figures(found, words_in("en"))["wedges"].title
    few, many = (table.loc[name, "units_changed"] for name in HEADLINE)
    assert title.endswith(f"at {few} units instead of {many}")
    drawn = decision_figures(found, words_in("en"))["wedges"].table
    assert BASELINE not in drawn
    lines = drawn.drop(columns=["year", "past their lifetime"], errors="ignore")
    assert len(lines.columns) == 1 + len(HEADLINE)
    assert (lines > 1e-6).any(axis=1).iloc[:-1].all()  # it ends with the mercury


def test_costs_say_on_what_terms_they_stand(found: DecisionResults) -> None:
    said = " ".join(sentences(found, words_in("en")))
    assert "USD of 2025, 7 % real interest" in said
    assert "are available for the country; US values are used" in said


def test_without_draws_what_drives_is_left_out_with_words() -> None:
    central = fleet()
    found = decision_results(central)
    assert found.left_out == {DRIVERS: NO_DRAWS}
    drawn = decision_figures(found, words_in("en"))["compliance"]
    assert drawn.table[["value_p05", "value_p95"]].notna().all(axis=None), "rates have intervals without draws, too"
    assert "What drives the uncertainty: left out, as the run has too few draws. See hginv sensitivity." in page(
        central
    )


def test_an_error_is_told_without_the_signs_of_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise UsageError("50% needs a year. Add `by`, as `by=2035`.", parameter="target")

    central = fleet()
    monkeypatch.setattr(hg.Run, "limits", refuse)
    assert decision_results(central).left_out[LIMITS] == "target: 50% needs a year. Add by, as by=2035."


def test_units_with_nothing_left_leave_scenarios_and_costs_out() -> None:
    old = fleet(start_year=1970)
    found = decision_results(old)
    assert {name: found.left_out[name] for name in (SCENARIOS, CURVE, DRIVERS)} == dict.fromkeys(
        (SCENARIOS, CURVE, DRIVERS), NOTHING_LEFT
    )
    assert page(old).count("no unit has mercury left to emit") >= 3


def test_a_headline_scenario_without_units_is_passed_over(run: hg.Run) -> None:
    kilns = hg.project("indonesia", where="sector == 'cement_kiln'", draws=0)
    found = decision_results(kilns)
    assert found.comparison is None
    assert "blanket_bat" in found.left_out[SCENARIOS] or "targeted_top10" in found.left_out[SCENARIOS]
    assert found.frontier is not None


def test_scenarios_of_the_workbook_come_first(run: hg.Run) -> None:
    own = fleet_from_tables({
        "Coal_units": run.projection.fleet.units.head(4).reset_index()[["unit_id"]].assign(
            plant="P", unit=list("1234"), country="IDN", capacity_gross=600, start_year=2015, status="operating"
        ),
        "Measures": pd.DataFrame({"scenario": ["mine"], "select": ["rank <= 1"], "action": ["add_control"],
                                  "target": ["ACI"], "from_year": [2030]}),
    })  # fmt: skip
    found = decision_results(hg.project(own, base_year=2026, draws=0))
    assert found.comparison is not None
    assert found.comparison.table["scenario"].tolist() == [BASELINE, "mine", *HEADLINE]


def test_of_a_large_fleet_the_largest_units_are_looked_at(run: hg.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hginventory.report.tables.decision_tables.WHOLE", 20)
    monkeypatch.setattr("hginventory.report.tables.decision_tables.POINTS", 12)
    found = decision_results(run)
    order = run.rank()
    assert set(found.run.units.index) == set(order["unit_id"].head(12))
    assert found.share == pytest.approx(order["share"].head(12).sum())
    assert np.allclose(found.run.units["lifetime_kg"], run.units.loc[found.run.units.index, "lifetime_kg"], rtol=1e-12)
    assert found.limits is not None
    assert found.limits["unit_id"].nunique() > 12  # limits are checked at every unit
    english = words_in("en")
    said = sentences(found, english)[0]
    assert said.startswith("Scenarios, costs and drivers of uncertainty cover the 12 largest units")
    assert "hginv optimize" in said
    figures = driver_figures(found, english) | decision_figures(found, english)
    for name in ("tornado", "wedges", "cost_curve"):
        assert figures[name].subtitle.endswith("; the 12 largest units")
    assert "largest units" not in figures["compliance"].subtitle


def test_units_that_hang_on_others_are_left_out_rather_than_changed(
    run: hg.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hginventory.report.tables.decision_tables.WHOLE", 20)
    changed = run.units.assign(lifetime_kg=run.units["lifetime_kg"] * 1.001)
    other = hg.Run(replace(run.projection, units=changed), draws=0)
    found = decision_results(other)
    assert found.left_out[SCENARIOS] == NOT_ALONE
    assert sentences(found, words_in("en"))


def test_every_reason_can_be_said_in_every_language(found: DecisionResults) -> None:
    reasons = dict.fromkeys((SCENARIOS, CURVE, LIMITS, DRIVERS), NO_OPTION)
    nothing = dataclasses.replace(
        found, comparison=None, frontier=None, limits=None, sensitivity=None, left_out=reasons
    )
    for language in ("en", "id"):
        said = sentences(nothing, words_in(language))
        assert len([sentence for sentence in said if "hginv" in sentence]) == 4
        assert decision_figures(nothing, words_in(language)) == driver_figures(nothing, words_in(language)) == {}
    assert all(words_in("id").say(reason) != reason for reason in REASONS)


def test_gathering_twice_gives_the_same(run: hg.Run, found: DecisionResults) -> None:
    again = decision_results(hg.Run(run.projection, draws=DRAWS))
    for name in ("frontier", "limits"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    assert again.sensitivity is not None
    assert found.sensitivity is not None
    pd.testing.assert_frame_equal(again.sensitivity.table, found.sensitivity.table)
