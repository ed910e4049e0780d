"""Plan tables: clocks from the treaty, sums that agree with the run, both readings of a target, readable files."""

from __future__ import annotations

import csv
import datetime
import math
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.optimisation import SHARE, FleetDraws, Goal
from hginventory.decisions.sensitivity.variance_decomposition import REPORT_DRAWS
from hginventory.inputs.reader import fleet_from_tables
from hginventory.projection import subset
from hginventory.projection.inventory import in_inventory
from hginventory.report.plan.article8_dates import Clocks
from hginventory.report.plan.build import BY_THE_RULE, TABLES, PlanTable, Target, plan_tables
from hginventory.report.plan.columns import LEVEL_WORDS, described
from hginventory.report.plan.factor_register import row_range
from hginventory.report.plan.layout import PARTS
from hginventory.report.plan.measures import HUMAN, measures
from hginventory.report.plan.new_and_existing import new_and_existing
from hginventory.report.plan.recalculation import recalculation_log
from hginventory.report.plan.source_tables import unit_inventory
from hginventory.report.plan.write import plan_texts, printed_parts, write_plan
from hginventory.report.record.record import read_record
from hginventory.report.record.run_difference import ZERO, InputChange, difference
from hginventory.report.tables.decision_tables import decision_results
from hginventory.report.text.language import words_in
from hginventory.scenarios.scenario import Measure, Scenario
from hginventory.translations import languages, translator


@pytest.fixture(scope="module")
def run(drawn: hg.Run) -> hg.Run:
    return drawn


@pytest.fixture(scope="module")
def tables(run: hg.Run) -> dict[str, PlanTable]:
    comparison = run.compare(["targeted_top10", "limit_eu"])
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
    assert list(tables) == list(TABLES)


def test_toolkit_summary_adds_up_to_the_run(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    table = tables["N3"].table
    assert table["toolkit_code"].tolist() == ["5.1.1", "5.3.1"]
    assert table["air_kg"].sum() == pytest.approx(run.units["air_base_year_kg"].sum(), rel=1e-9)
    assert table["sum_check_kg"].abs().max() < 1e-6
    assert tables["N2"].table["air_kg"].sum() == pytest.approx(table["air_kg"].sum(), rel=1e-9)
    assert (table["air_kg_p05"] < table["air_kg_p50"]).all()
    assert (table["air_kg_p50"] < table["air_kg_p95"]).all()


def test_every_table_of_sources_counts_the_same_mercury(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    """Units under construction are in the register, and add nothing to the base year in any table."""
    total = run.units["air_base_year_kg"].sum()
    balance = tables["N9"].table
    to_air = balance[["air_hg0_kg", "air_hg2_kg", "air_hgp_kg"]].to_numpy().sum()
    ordered, provinces = tables["N4a"].table["air_base_year_kg"], tables["N6c"].table["air_base_year_kg"]
    assert [to_air, ordered.sum(), provinces.sum()] == pytest.approx([total] * 3, rel=1e-9)
    assert (len(balance), len(tables["N1"].table)) == (run.inventory.operating, run.inventory.counted)


def test_a_source_names_only_factor_rows_that_it_rests_on(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    """Its rows are rows of N13, which counts units under construction too; needless values have none."""
    counted = subset(run.projection, in_inventory(run.projection.units))
    register, every = tables["N13"].table.set_index("factor_id"), unit_inventory(counted, None, "").set_index("unit_id")
    used = tables["N2"].table.set_index("unit_id")["factor_ids"]
    assert used.to_dict() == every.loc[used.index, "factor_ids"].to_dict()
    counts = every["factor_ids"].str.split("; ").explode().value_counts()
    assert set(counts.index) <= set(register.index)
    assert counts.to_dict() == register.loc[counts.index, "units"].to_dict()


def test_balance_of_every_source_closes(tables: dict[str, PlanTable]) -> None:
    assert tables["N9"].table["closure_error_percent"].abs().max() < 1e-7


def test_both_criteria_reach_75_percent_and_the_set_is_the_smaller(tables: dict[str, PlanTable]) -> None:
    table, ordered = tables["N4"].table, tables["N4a"].table
    assert table["covered_share"].ge(0.75 - 1e-9).all()
    assert table["units_covered"].ge(table["smallest_set_size"]).all()
    assert table["covered_share_p05"].lt(table["covered_share"]).all()
    for category, size in zip(table["annex_d_category"], table["smallest_set_size"], strict=True):
        own = ordered[ordered["annex_d_category"] == category]
        assert own["in_set"].sum() == size
        assert own["in_set"].iloc[:size].all()
        assert own["cumulative_share"].iloc[size - 1] >= 0.75 - 1e-9 > own["cumulative_share"].iloc[size - 2]
        assert own["p_in_set"].sum() == pytest.approx(size, rel=1e-6)  # each draw has as many largest


def test_only_a_start_of_operation_before_the_date_stands_for_the_start_of_construction() -> None:
    rows = pd.DataFrame(
        {
            "country": "IDN",
            "MW": 600,
            "start_year": [2010, 2018, 2022, 2022, 2022, None],
            "construction_start": [None, None, None, 2016, 2019, None],
        }
    )
    settings: dict[str, Any] = {"base_year": 2026, "entry_into_force": "2017-12-21"}
    projection = hg.project(hg.fleet_from_frame(rows, settings=settings), draws=0).projection
    table = new_and_existing(projection, {"IDN": Clocks.of("2017-12-21", projection.library)}, words_in())
    assert table["source_class"].tolist() == ["existing", "unknown", "unknown", "existing", "new", "unknown"]
    assert table["bat_deadline"].tolist() == ["", "", "", "", "2022-12-21", ""]
    assert table["measures_deadline"].tolist() == ["2027-12-21", "", "", "2027-12-21", "", ""]
    undated = new_and_existing(projection, {"IDN": Clocks.of(None, projection.library)}, words_in())
    assert set(undated["source_class"]) == {"unknown"}


def test_target_is_shown_in_both_readings(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    table = tables["N6a"].table
    first, second = (table[table["reading"] == reading].set_index("scenario") for reading in table["reading"].unique())
    now = run.projection.yearly_kg[:, 0].sum()  # of units within the rule's age, as later years are
    later = run.projection.yearly_kg[:, 2030 - run.projection.settings.base_year].sum()
    assert first.at["", "allowed_kg"] == pytest.approx(now * (1 - 0.332))
    assert second.at["", "allowed_kg"] == pytest.approx(later * (1 - 0.332))
    assert second.at["", "to_avoid_kg"] == pytest.approx(later * 0.332)
    assert "2026" in first.at["", "note"]
    assert not first["is_met"][""]
    assert first["is_met"]["limit_eu"] == (later - first.at["limit_eu", "avoided_kg"] <= now * (1 - 0.332))


@pytest.mark.parametrize("percent", [10.0, 20.0, 33.2, 45.0, 50.0])
def test_a_plan_of_coal_units_alone_misses_the_target_of_all_sources_and_the_table_says_why(
    run: hg.Run, percent: float
) -> None:
    coal = run.projection.units["sector"].eq("coal_power")
    cut = Measure(
        action="cut_emission", where="sector == 'coal_power'", value=percent / 100, target="fly_ash", from_year=2028
    )
    comparison = run.compare([Scenario(name="coal_alone", measure=(cut,))])
    yearly = run.projection.yearly_kg[:, 2030 - run.projection.settings.base_year]
    told = {one.number: one for one in plan_tables(run, comparison=comparison, target=Target(percent, 2030, 2026))}[
        "N6a"
    ]
    row = told.table[told.table["scenario"] == "coal_alone"].iloc[-1]  # compared with the target year without the plan
    assert row["avoided_kg"] == pytest.approx(percent / 100 * yearly[coal.to_numpy()].sum())
    assert not row["is_met"]
    assert row["to_avoid_kg"] == pytest.approx(percent / 100 * yearly[~coal.to_numpy()].sum())
    shown = next(part for part in told.parts if part.number == "N6h")
    assert "coal units alone" in shown.note


@pytest.mark.parametrize("percent", [5.0, 20.0, 33.2, 45.0, 70.0])
def test_target_has_the_probability_with_which_each_scenario_meets_it(run: hg.Run, percent: float) -> None:
    """Against the draws of all units one by one, of the fleet as it is and with the measures, in the same order."""
    comparison = run.compare(["targeted_top10", "limit_eu"])
    told = {one.number: one for one in plan_tables(run, comparison=comparison, target=Target(percent, 2030, 2026))}
    table = told["N6a"].table
    base, kept = run.projection.settings.base_year, 1 - percent / 100
    fleet = FleetDraws.of(run.projection, run.n_draws, run.seed).yearly
    asked = {name: Goal(SHARE, percent / 100, 2030, of_base_year) for name, of_base_year in
             zip(table["reading"].unique(), (True, False), strict=True)}  # fmt: skip
    for row in table.to_dict("records"):
        then = fleet[2030 - base].copy()
        for one in comparison.applied:
            if one.scenario.name == row["scenario"]:
                then -= FleetDraws(run.projection, run.n_draws, run.seed, fleet).avoided(one, asked[row["reading"]])
        reference = fleet[0] if asked[row["reading"]].of_base_year else fleet[2030 - base]
        assert row["p_met"] == pytest.approx((then <= kept * reference).mean(), abs=1.5 / run.n_draws)
    assert table.loc[table["scenario"] == "", "p_met"].tolist()[1] == 0.0
    (part,) = (one for one in PARTS["N6a"] if one.number == "N6h")
    assert part.columns[:4] == ("reading", "scenario", "p_met", "is_met")  # told before the amounts
    assert "p_met" not in {one.number: one for one in plan_tables(run)}["N6a"].table


def test_measures_say_paragraph_category_and_limit(tables: dict[str, PlanTable]) -> None:
    table = tables["N6"].table.set_index("scenario")
    assert table.at["targeted_top10", "paragraph"] == "8(5)(c)"
    assert table.at["limit_eu", "paragraph"] == "8(5)(b)"
    assert table.at["limit_eu", "goal_or_limit"] == "EU/LCP BAT-AEL"
    assert set(table["annex_d_category"]) == {"coal_power"}
    amounts = table[["baseline_kg", "scenario_kg", "avoided_kg"]].to_numpy()
    assert amounts[:, 0] == pytest.approx(amounts[:, 1] + amounts[:, 2])
    assert (table["avoided_kg_p05"] < table["avoided_kg"]).all()
    years = tables["N6d"].table
    own = years[(years["scenario"] == "limit_eu") & (years["year"] == 2030)].set_index("annex_d_category")
    assert own.at["all", "avoided_kg"] == pytest.approx(table.at["limit_eu", "avoided_kg"])


def test_measures_and_what_is_past_the_age_make_the_base_year_of_the_inventory(
    run: hg.Run, tables: dict[str, PlanTable]
) -> None:
    begin = run.projection.settings.base_year
    coal = tables["N3"].table.set_index("toolkit_code").at["5.1.1", "air_kg"]
    table = tables["N6"].table
    assert list(table.columns)[list(table.columns).index(f"air_kg_{begin}") + 1] == "past_age_kg"
    own = table.loc[table["annex_d_category"].eq("coal_power")]
    assert (own[f"air_kg_{begin}"] + own["past_age_kg"]).tolist() == pytest.approx([coal] * len(own))
    assert (own["past_age_kg"] > 0).all()
    for number in ("N6", "N6a", "N6d", "N11"):
        assert any(BY_THE_RULE in part.note for part in tables[number].parts)


def test_a_scenario_at_plants_and_kilns_has_a_row_for_each_category_and_one_for_all(run: hg.Run) -> None:
    """Draws and costs are of the scenario as a whole, so they stand in the last row only."""
    closing = Scenario(name="closing", measure=(Measure(action="retire", from_year=2035),))
    table = measures(run.compare([closing]), run.projection, 2036, words_in())
    assert table["annex_d_category"].tolist() == ["coal_power", "cement", "all"]
    assert table["scenario_kg"].tolist() == [0.0, 0.0, 0.0]
    parts, whole = table[["baseline_kg", "avoided_kg", "units"]].iloc[:2].sum(), table.iloc[2]
    assert parts.tolist() == pytest.approx([whole["baseline_kg"], whole["avoided_kg"], whole["units"]])
    assert table["avoided_kg_p05"].notna().tolist() == [False, False, True]
    assert set(table["paragraph"]) == {"8(5)(e)"}


@pytest.mark.parametrize("number", ["N8", "N10"])
def test_columns_taken_from_other_tables_are_filled(tables: dict[str, PlanTable], number: str) -> None:
    """But for those that may well be blank: an averaging time that the law does not state, notes on costs."""
    table = tables[number].table
    blank = {str(name) for name in table.columns if table[name].isna().all() or table[name].eq("").all()}
    assert blank <= {"averaging", "cost_notes"}


def test_answers_leave_the_decision_to_a_person(run: hg.Run, tables: dict[str, PlanTable]) -> None:
    table = tables["N11"].table
    assert set(table["answer"]) == {HUMAN}
    assert "2027-12-21" in " ".join(table["draft"])
    assert table["needs_human_input"].str.len().gt(0).all()
    inventory = table.set_index("question_id").loc["8.3"]
    assert inventory["number"] == pytest.approx(run.units["air_base_year_kg"].sum())


def test_evidence_of_every_answer_is_in_the_table_that_it_names(tables: dict[str, PlanTable]) -> None:
    told = tables["N11"].table
    for number, row in zip(told["evidence_table"], told["evidence_row"], strict=True):
        table = tables[number].table
        if row:
            column, value = row.split(" = ")
            table = table[table[column].astype(str) == value]
        assert len(table) > 0, (number, row)


def test_numbers_of_answers_are_those_of_their_evidence(tables: dict[str, PlanTable]) -> None:
    told = tables["N11"].table.set_index("evidence_table")["number"]
    assert told["N2"] == pytest.approx(tables["N2"].table["air_kg"].sum())
    assert told["N6a"] == pytest.approx(tables["N6a"].table["as_it_would_be_kg"].iloc[0])
    assert told["N6"] == pytest.approx(tables["N6"].table["avoided_kg"].max())


def test_drivers_of_a_plan_are_those_of_the_page() -> None:
    """Both answer the same question of the same run, so they take the same draws, and the note says how many."""
    run = hg.project("indonesia", where="capacity_mw >= 900", draws=2 * REPORT_DRAWS)
    drivers = {one.number: one for one in plan_tables(run)}["N13a"]
    page = decision_results(run).sensitivity
    assert page is not None
    assert drivers.table["variance_share"].tolist() == page.table["total_alone"].tolist()
    assert f"{REPORT_DRAWS} draws" in drivers.note


def test_captive_plants_can_be_a_category_of_their_own() -> None:
    rows = pd.DataFrame({"country": "IDN", "MW": [600, 300], "start_year": 2015, "captive": [False, True]})
    settings: dict[str, Any] = {"base_year": 2026, "captive_category": "industrial_boiler"}
    own = {
        one.number: one.table
        for one in plan_tables(hg.project(hg.fleet_from_frame(rows, settings=settings), draws=100))
    }
    assert own["N3"]["toolkit_code"].tolist() == ["5.1.1", "5.1.2"]
    assert set(own["N4"]["annex_d_category"]) == {"coal_power", "industrial_boiler"}
    assert (own["N3"]["air_kg_p05"] < own["N3"]["air_kg_p95"]).all()  # draws are those of the category


def test_a_kiln_that_changes_is_counted_and_named_by_what_changed(tmp_path: Path) -> None:
    """Rounding of the tables is no change of another input; the mercury of a kiln stands in no column of coal."""
    records = {}
    for name, clinker, limestone in (("a", 2e6, 0.02), ("more", 2.3456789e6, 0.02), ("richer", 2e6, 0.05)):
        kilns = {"country": "IDN", "start_year": 2015, "clinker_capacity": [clinker, 1e6, 7e5]}
        rows = pd.DataFrame({"unit_id": ["k", "l", "m"], **kilns, "hg_limestone": [limestone, 0.03, 0.03]})
        fleet = fleet_from_tables({"Cement_kilns": rows}, settings={"base_year": 2026})
        hg.project(fleet, draws=0).save(tmp_path / name)
        records[name] = read_record(tmp_path / name)
    for name, cause, column in (
        ("more", "activity", "clinker_t_per_yr"),
        ("richer", "mercury content", "hg_in_g_per_t_clinker"),
    ):
        found = difference(records["a"], records[name])
        causes = found.causes.set_index("cause")
        assert causes["units"].to_dict() == {other: int(other == cause) for other in causes.index}
        assert causes["change_kg"].sum() == pytest.approx(found.units["change_kg"].sum(), rel=1e-12)
        assert [(one.unit_id, one.what) for one in found.changes] == [("k", column)]
        assert found.units_table()["changed"].tolist() == [found.changes[0].text]
        assert recalculation_log(found, words_in()).set_index("change").at[cause, "reason"] == f"{column} (1 units)"


def test_words_of_an_input_are_not_taken_for_another_input(tmp_path: Path) -> None:
    """A status or a code may hold any sign, also the one between inputs where they are shown."""
    odd = "x; hg_in_g_per_t_clinker 1"
    records = []
    for name, share, train in (("a", 0.1, "ESPc"), ("b", 0.2, odd)):
        rows = pd.DataFrame({"unit_id": ["u"], "country": "IDN", "MW": 600, "start_year": 2015, "hg_coal": share})
        hg.project(hg.fleet_from_frame(rows, settings={"base_year": 2026}), draws=0).save(tmp_path / name)
        units = pd.read_csv(tmp_path / name / "units.csv")
        units.assign(train=train).to_csv(tmp_path / name / "units.csv", index=False)
        records.append(read_record(tmp_path / name))
    found = difference(*records)
    assert InputChange("u", "train", "ESPc", odd) in found.changes
    assert found.units_table()["changed"].str.contains(odd, regex=False).all()
    log = recalculation_log(found, words_in()).set_index("change")
    assert log.at["mercury content", "reason"] == "hg_coal_mg_per_kg (1 units)"


def test_a_unit_that_ends_at_zero_names_the_input_that_brought_it_there(tmp_path: Path) -> None:
    """A plant that turns out to be of 1980 has no years left under the rule; its start is what changed."""
    records = []
    for name, start in (("a", 2015), ("b", 1980)):
        rows = pd.DataFrame({"unit_id": ["u", "v"], "country": "IDN", "MW": 600, "start_year": [start, 2010]})
        hg.project(hg.fleet_from_frame(rows, settings={"base_year": 2026}), draws=0).save(tmp_path / name)
        records.append(read_record(tmp_path / name))
    log = recalculation_log(difference(*records), words_in()).set_index("change")
    assert log.at[ZERO, "affected_units"] == 1
    assert "start_year (1 units)" in log.at[ZERO, "reason"]


def test_plan_of_a_run_without_draws_has_no_percentiles_and_says_so() -> None:
    rows = pd.DataFrame({"country": ["XKX"], "MW": [600], "start_year": [2015]})
    own = {one.number: one for one in plan_tables(hg.project(hg.fleet_from_frame(rows), draws=0))}
    assert list(own) == list(TABLES)
    assert not any("_p05" in str(name) for one in own.values() for name in one.table.columns)
    assert all(own[number].note for number in ("N5", "N5a", "N6", "N6a", "N12", "N13a", "N14"))


def test_plan_of_kilns_alone(tmp_path: Path) -> None:
    run = hg.project("indonesia", where="sector == 'cement_kiln'", draws=100)
    own = plan_tables(run)
    assert {one.number: one for one in own}["N3"].table["toolkit_code"].tolist() == ["5.3.1"]
    assert (write_plan(own, tmp_path / "plan", words_in(), "Plan", "") / "plan.xlsx").stat().st_size > 0


def test_range_of_a_factor_row_is_that_of_its_distribution() -> None:
    """Closed form of the lognormal whose arithmetic mean is stated: mean * exp(-s^2/2 +- 1.645 s)."""
    row = hg.load_library().row("coal_mercury/IDN/any/subbituminous")
    assert row.value is not None
    assert row.spread is not None
    low, high = row_range(row)
    assert low == pytest.approx(row.value * math.exp(-(row.spread**2) / 2 - 1.6448536 * row.spread), rel=1e-3)
    assert high == pytest.approx(row.value * math.exp(-(row.spread**2) / 2 + 1.6448536 * row.spread), rel=1e-3)


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_text_of_the_plan_is_translated(language: str) -> None:
    assert [text for text in plan_texts() if text not in translator(language).texts] == []


@pytest.mark.parametrize("language", languages())
def test_every_column_has_a_label_in_the_language(tables: dict[str, PlanTable], language: str) -> None:
    known = set(plan_texts())
    levels = set(LEVEL_WORDS.values())
    for one in printed_parts(list(tables.values())):
        for name in map(str, one.table.columns):
            label = described(name, one.number, translator("en")).label
            parts = label.rsplit(", ", 1)
            asked = parts if parts[-1] in levels and label not in known else [label]
            asked = [re.sub(r"\b(20\d\d)$", "{year}", re.sub(r"top \d+$", "top {count}", text)) for text in asked]
            assert set(asked) <= known, (one.number, name, label)
            assert described(name, one.number, translator(language)).label


def test_sentences_and_numbers_are_in_the_language_and_codes_are_not(run: hg.Run, tmp_path: Path) -> None:
    say = words_in("id")
    own = plan_tables(run, comparison=run.compare(["targeted_top10"]), words=say)
    folder = write_plan(own, tmp_path / "plan", say, "Rencana", "")
    text = (folder / "plan.md").read_text(encoding="utf-8")
    english = [source for source in plan_texts() if len(source) > 30 and "{" not in source]
    assert [source for source in english if source in text] == []
    assert "pada 10 unit mulai 2030" in text
    numbers = {one.number: one for one in own}["N3"].table
    assert say.number(float(numbers["air_kg"].iloc[0])) in text


def test_files_can_be_read_and_hold_the_same_numbers(tables: dict[str, PlanTable], tmp_path: Path) -> None:
    folder = write_plan(list(tables.values()), tmp_path / "plan", words_in("id"), "Plan <b>", "Catatan")
    with (folder / "N3c_toolkit_interval.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert float(rows[0]["air_kg"]) == pytest.approx(tables["N3"].table["air_kg"].iloc[0], rel=1e-9)
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    parts = printed_parts(list(tables.values()))
    assert {part.number for part in parts} <= set(book.sheetnames)
    (sheet,) = (part for part in parts if part.number == "N3c")
    column = list(sheet.table.columns).index("air_kg") + 1
    assert book["N3c"].cell(5, column).value == pytest.approx(float(rows[0]["air_kg"]), rel=1e-9)
    text = (folder / "plan.md").read_text(encoding="utf-8")
    assert all(f"## {part.number} " in text for part in parts)
    again = write_plan(list(tables.values()), tmp_path / "again", words_in("id"), "Plan <b>", "Catatan")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


@pytest.mark.parametrize("target", [Target(50, 2020), Target(50, 2030, 2031)])
def test_a_target_before_its_base_is_refused(run: hg.Run, target: Target) -> None:
    with pytest.raises(hg.UsageError, match=f"^year: {target.year} is before"):
        plan_tables(run, target=target)
