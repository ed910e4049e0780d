"""A limit that units are stated to comply with: one number from cell to explanation, tables and sentences."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import hginventory as hg
from hginventory.factors import COMPLIANCE
from hginventory.projection import LISTED_AIR, STATED_LIMIT, UNLISTED
from hginventory.report.figures.compliance import compliance
from hginventory.report.plan.build import plan_tables
from hginventory.report.tables import run_tables
from hginventory.report.text import ENGLISH, caution_sentences, words_in

MATS, KILNS = "usa_mats_existing_not_low_rank", "usa_lll_existing"
TRAINS = {  # unit -> dust collector, scrubber
    "U1": ("ESPc", "none"), "U2": ("ESPc", "wFGD"), "U3": ("FF", "SDA"), "U4": ("none", "none"), "U5": ("FF", "none"),
}  # fmt: skip
FREE = "U5"  # states nothing


def fleet_of(*, stated: bool = True) -> hg.Fleet:
    rows = [
        {"unit_id": unit, "plant": unit, "country": "USA", "status": "operating", "start_year": 1995,
         "capacity_gross": 500.0, "coal_type": "bituminous", "pm_control": pm, "so2_control": so2,
         "nox_control": "none", "hg_control": "none",
         "complies_with": MATS if stated and unit != FREE else None}
        for unit, (pm, so2) in TRAINS.items()
    ]  # fmt: skip
    return hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026})


@pytest.fixture(scope="module")
def run() -> hg.Run:
    return hg.project(fleet_of(), draws=300)


@pytest.fixture(scope="module")
def plain() -> hg.Run:
    return hg.project(fleet_of(stated=False), draws=300)


@pytest.mark.parametrize("unit", [unit for unit in TRAINS if unit != FREE])
def test_the_steps_of_the_cut_can_be_redone(run: hg.Run, plain: hg.Run, unit: str) -> None:
    told = run.explain(unit)
    steps = {str(step.name).split(",")[0]: step for step in told.steps}
    air, listed = steps["emissions to air"].value, steps["emissions to air by the listed controls"].value
    before, after = steps["rate by the listed controls"].value, steps["rate"].value
    assert listed == pytest.approx(plain.units.loc[unit, "air_kg_per_yr"], rel=1e-12)
    assert air == pytest.approx(float(listed) * float(after) / float(before), rel=1e-12)
    assert air == pytest.approx(run.units.loc[unit, "air_kg_per_yr"], rel=1e-12)
    unit_row = run.units.loc[unit]
    heat_tj = unit_row["coal_t_per_yr"] * unit_row["calorific_value_mj_per_kg"] / 1000.0
    assert before == pytest.approx(float(listed) * 1000.0 / heat_tj, rel=1e-9)
    limit = steps["limit that the unit is stated to comply with"]
    assert (limit.origin, limit.refs[1].split("/")[0]) == (COMPLIANCE, "emission_limit")
    assert float(after) < float(limit.value)
    assert any(row.row_id.startswith("emission_limit/") for row, _ in told.rows)
    used_margin = any(row.row_id == "compliance/rate_over_limit" for row, _ in told.rows)
    assert used_margin == (float(steps["probability that the listed controls alone comply"].value) < 0.05)


def test_a_unit_without_a_statement_has_the_steps_it_had(run: hg.Run, plain: hg.Run) -> None:
    own, before = run.explain(FREE).to_frame(), plain.explain(FREE).to_frame()
    pd.testing.assert_frame_equal(own[own["name"] != "rank"], before[before["name"] != "rank"])


def test_a_kiln_is_explained_with_its_limit() -> None:
    row = {"unit_id": "K1", "plant": "K", "country": "USA", "status": "operating", "start_year": 2000,
           "clinker_capacity": 1.0e6, "method": "tier2", "complies_with": KILNS}  # fmt: skip
    run = hg.project(
        hg.fleet_from_frame(pd.DataFrame([row]), sector="cement_kiln", settings={"base_year": 2026}), draws=0
    )
    steps = {str(step.name).split(",")[0]: step for step in run.explain("K1").steps}
    listed = float(steps["emissions to air by the listed controls"].value)
    air = float(steps["emissions to air"].value)
    assert steps["rate"].unit == "g/t"
    assert air == pytest.approx(listed * float(steps["rate"].value) / float(steps["rate by the listed controls"].value))
    assert float(steps["mercury input"].value) * (
        1.0 - float(steps["removal by dust loop and controls"].value)
    ) == pytest.approx(listed, rel=1e-9)
    assert "kiln compliance" in run.gaps().index


def test_sums_of_the_toolkit_table_and_of_the_balance_close(run: hg.Run) -> None:
    tables = {one.number: one.table for one in plan_tables(run)}
    national, units = tables["N3"].iloc[0], tables["N9"]
    assert abs(national["sum_check_kg"]) < 1e-6
    assert (units["closure_error_percent"].abs() < 1e-6).all()
    assert national["unknown_sink_kg"] > 0.0
    assert national["unknown_sink_kg"] == pytest.approx(units["unknown_sink_kg"].sum())
    assert national["unlisted_removal_kg"] == pytest.approx(run.mass_balance[UNLISTED].sum())
    limits = tables["N10"].set_index("unit_id")
    assert limits["stated_to_comply"].to_dict() == {unit: unit != FREE for unit in TRAINS}


def test_tables_without_a_statement_have_no_further_column(plain: hg.Run) -> None:
    tables = {one.number: one.table for one in plan_tables(plain)}
    assert not {"unknown_sink_kg", "unlisted_removal_kg", "stated_to_comply"} & {
        *tables["N3"],
        *tables["N9"],
        *tables["N10"],
    }
    assert STATED_LIMIT not in run_tables(plain)["ranking"]
    assert "compliance" not in plain.gaps().index


def test_what_is_written_names_the_limit(run: hg.Run, plain: hg.Run) -> None:
    tables = run_tables(run)
    ranking = tables["ranking"].set_index("unit_id")[STATED_LIMIT]
    assert ranking.to_dict() == {unit: "" if unit == FREE else MATS for unit in TRAINS}
    units = tables["units"].set_index("unit_id")
    assert units[LISTED_AIR].to_numpy() == pytest.approx(plain.units.loc[units.index, "air_kg_per_yr"].to_numpy())
    assert units["removal_origin"].eq(COMPLIANCE).to_dict() == {unit: unit != FREE for unit in TRAINS}
    used = tables["factors_used"].set_index("row_id")
    assert used["units"].filter(like="emission_limit/").tolist() == [4]
    assert used.loc["compliance/rate_over_limit", "units"] >= 1
    gaps = tables["gaps"].set_index("factor")
    unexplained = units["p_listed_comply"] < 0.05
    assert gaps.loc["compliance", "kg_on_recalled_or_judged"] == pytest.approx(
        units.loc[unexplained, "air_base_year_kg"].sum()
    )


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_first_screen_says_by_how_much_emissions_are_lower(run: hg.Run, plain: hg.Run, language: str) -> None:
    words = ENGLISH if language == "en" else words_in("id")
    lower = plain.units["air_base_year_kg"].sum() - run.units["air_base_year_kg"].sum()
    said = [text for text in caution_sentences(run.headline, words) if MATS in text]
    assert len(said) == 1
    assert re.search(rf"(?<!\d)4\b.*{re.escape(words.number(lower))} kg", said[0])
    assert not any(MATS in text for text in caution_sentences(plain.headline, words))


def test_the_figure_of_the_limit_counts_stated_units_by_themselves(run: hg.Run, plain: hg.Run) -> None:
    figure = compliance(run.limits(countries=["USA"]), ENGLISH)
    assert figure is not None
    assert figure.table.set_index("unit_id")["state"].eq("stated to comply").to_dict() == {
        unit: unit != FREE for unit in TRAINS
    }
    assert "4 stated to comply" in figure.title
    without = compliance(plain.limits(countries=["USA"]), ENGLISH)
    assert without is not None
    assert "stated" not in without.title + without.note
