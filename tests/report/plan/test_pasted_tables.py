"""Plan tables that are pasted into a document: narrow, in words, without the program; the same in every file."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.plan.article8_dates import deposited_in_force, party_clocks
from hginventory.report.plan.build import EMPTY, PlanTable, Target, plan_tables
from hginventory.report.plan.code_words import in_words
from hginventory.report.plan.columns import described
from hginventory.report.plan.layout import MOST_COLUMNS, PARTS
from hginventory.report.plan.measure_words import MEASURES, measure_sentence
from hginventory.report.plan.write import printed_parts, write_plan
from hginventory.report.text.language import ENGLISH, words_in
from hginventory.report.text.phrases import markdown
from hginventory.scenarios.scenario import ACTIONS, Measure, Scenario
from hginventory.translations import translator

RAW = re.compile(r"[A-Za-z0-9]+_[A-Za-z0-9_]+|\b[A-Za-z_]+:\d|\w+(?:/\w+){3,}|\bnan\b|\bNone\b")
QUOTED = {"unit_id", "source", "locator", "note", "explanation", "citation", "url"}  # as their authors wrote them
NOT_PRINTED = {"unit_id", "plant", "unit", "inventory_version", "source_id", "start_year", "units", "option"}
COAL = pd.DataFrame(
    {
        "unit_id": list("abcdef"), "plant": list("PPQQRR"), "unit": [f"Unit {n}" for n in (1, 1, 1, 2, 3, 4)],
        "country": ["IDN"] * 3 + ["VNM"] * 3, "capacity_mw": [600.0, 300.0, 300.0, 100.0, 650.0, 650.0],
        "status": ["operating"] * 5 + ["construction"], "start_year": [2010, 2015, 1980, 2020, 2012, 2028],
        "coal_type": ["bituminous", "lignite", "subbituminous", "anthracite", "bituminous", "bituminous"],
        "train": ["ESPc", "FF", "ESPc+wFGD", "unknown", "ESPc+wFGD", "none"],
    }
)  # fmt: skip
KILN = pd.DataFrame(
    {"unit_id": ["k"], "plant": ["K"], "country": ["IDN"], "kiln_type": ["precalciner"], "clinker_capacity": [1e6],
     "status": ["operating"], "start_year": [2000], "fuels": ["coal:0.9; petcoke:0.1"]}
)  # fmt: skip
MINE = Scenario(
    name="my_plan",
    title="My plan",
    measure=(
        Measure(action="add_control", where="capacity_mw >= 300", target="ACI-Br", from_year=2030),
        Measure(action="cut_emission", where="sector == 'coal_power'", target="fly_ash:0.46; water:0.54", value=0.2,
                from_year=2031),
        Measure(action="retire", where="unit_id == 'a'", from_year=2034),
    ),
)  # fmt: skip


def mixed(**tables: pd.DataFrame) -> Any:
    return fleet_from_tables(tables, settings={"base_year": 2026})


def planned(run: hg.Run, scenario: Any = None, language: str = "en") -> list[PlanTable]:
    comparison = run.compare([scenario]) if scenario else None
    target = Target(40.0, 2032) if scenario else None
    return list(plan_tables(run, comparison=comparison, target=target, words=words_in(language)))


PLANS: dict[str, Callable[[], list[PlanTable]]] = {
    "Indonesia": lambda: planned(hg.project("indonesia", draws=50), "targeted_top10"),
    "Indonesian": lambda: planned(hg.project("indonesia", where="capacity_mw >= 900", draws=50), "limit_eu", "id"),
    "two countries": lambda: planned(hg.project(mixed(Coal_units=COAL, Cement_kilns=KILN), draws=50), MINE),
    "kilns": lambda: planned(hg.project(mixed(Cement_kilns=KILN), draws=0)),
    "unknown country": lambda: planned(hg.project(mixed(Coal_units=COAL.assign(country="XKX")), draws=0)),
    "not yet built": lambda: planned(hg.project(mixed(Coal_units=COAL.tail(1)), draws=50)),
}


@pytest.fixture(scope="module", params=PLANS, ids=list(PLANS))
def plan(request: pytest.FixtureRequest) -> list[PlanTable]:
    return PLANS[request.param]()


def test_every_part_is_narrow_and_titled(plan: list[PlanTable]) -> None:
    parts = printed_parts(plan)
    assert len({part.number for part in parts}) == len(parts) == sum(map(len, PARTS.values()))
    for part in parts:
        assert 1 <= len(part.table.columns) <= MOST_COLUMNS, (part.number, list(part.table.columns))
        assert part.title


def test_no_cell_holds_a_raw_code(plan: list[PlanTable]) -> None:
    for part in printed_parts(plan):
        for name in part.table.columns.difference(list(QUOTED)):
            for text in part.table[name].unique():
                assert not (isinstance(text, str) and RAW.search(text)), (part.number, name, text)


def test_an_empty_table_says_why_and_what_fills_it(plan: list[PlanTable]) -> None:
    for part in printed_parts(plan):
        if part.table.empty:
            assert part.note.startswith(("Empty", "Kosong")), part.number
    assert set(EMPTY) == set(PARTS)


def test_every_column_of_a_wide_table_is_printed(plan: list[PlanTable]) -> None:
    """What tells sources apart, as province and category, is printed in one table of them and not in every one."""
    shown = {name for one in plan for part in one.parts for name in part.table.columns}
    for one in plan:
        assert set(one.table.columns) - shown <= NOT_PRINTED, one.number
    for number in ("N3", "N4", "N6c", "N6d", "N11", "N13a", "N14"):
        (one,) = (one for one in plan if one.number == number)
        own = {name for part in one.parts for name in part.table.columns}
        assert set(one.table.columns) - own <= NOT_PRINTED, number


def test_files_say_the_same_and_print_no_negative_zero(plan: list[PlanTable], tmp_path: Path) -> None:
    folder = write_plan(plan, tmp_path / "plan", ENGLISH, "Plan", "")
    text = (folder / "plan.md").read_text(encoding="utf-8")
    assert not re.search(r"\| -0[.,]?0* \|", text)
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    for part in printed_parts(plan):
        section = text.split(f"## {part.number} ")[1].split("\n<a id=")[0]
        with (folder / f"{part.number}_{part.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0] == list(part.table.columns)
        assert len(rows) == len(part.table) + 1
        assert markdown(part.note) in section
        sheet = book[part.number]
        assert sheet["A1"].value == f"{part.number} {part.title}"
        labels = [cell.value for cell in sheet[3 if part.note else 2]][: len(rows[0])]
        assert all(labels)
        assert not any(RAW.search(label) for label in labels)
        if len(part.table):
            heads = section.split("\n|")[1]
            assert all(markdown(label) in heads for label in labels)
        for column in sheet.iter_cols(min_row=5 if part.note else 4):
            formats = {cell.number_format for cell in column if isinstance(cell.value, int | float)}
            assert len(formats) <= 1, (part.number, formats)


def test_numbers_of_one_unit_have_the_same_digits_in_a_table(tmp_path: Path) -> None:
    folder = write_plan(PLANS["two countries"](), tmp_path / "plan", ENGLISH, "Plan", "")
    rows = (folder / "plan.md").read_text(encoding="utf-8").split("## N2a ")[1].split("\n\n")[1].split("\n")[2:]
    decimals = {len(cell.strip().partition(".")[2]) for row in rows for cell in row.split("|")[3:-1] if cell.strip()}
    assert len(decimals) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_of_a_scenario_has_a_sentence(action: str) -> None:
    one = {
        "action": action,
        "target": "",
        "value": 0.3,
        "unit": "ug/Nm3",
        "o2": 7.0,
        "from_year": 2030,
        "changed": ["a"] * 10,
        "steps": [],
    }
    one["target"] = {
        "add_control": "ACI-Br",
        "replace_controls": "SCR+FF",
        "cut_emission": "fly_ash:0.46; water:0.54",
    }.get(action, "")
    said = measure_sentence(one, ENGLISH)
    assert action in MEASURES
    assert "10 units" in said
    assert "2030" in said
    assert not RAW.search(said)
    assert "{" not in said


def test_a_measure_is_said_in_the_words_of_the_issue() -> None:
    one = {
        "action": "add_control",
        "target": "ACI-Br",
        "value": None,
        "from_year": 2030,
        "changed": ["a"] * 10,
        "steps": [],
    }
    assert measure_sentence(one, ENGLISH) == "brominated activated carbon injection at 10 units from 2030"
    assert measure_sentence(one, ENGLISH, 1).endswith("at 1 unit from 2030")
    assert measure_sentence(one, ENGLISH, 0).endswith("at no unit from 2030")


@pytest.mark.parametrize(
    ("country", "day"),
    [("IDN", "2017-12-21"), ("VNM", "2017-09-21"), ("THA", "2017-09-20"), ("TUR", "2023-01-02"), ("PHL", "2020-10-06"),
     ("NLD", "2017-08-16"), ("CHE", "2017-08-16"), ("POL", "2021-12-29")],
)  # fmt: skip
def test_entry_into_force_is_the_ninetieth_day_after_the_deposit(country: str, day: str) -> None:
    """Article 31; whoever deposited before the fiftieth instrument is bound from 16 August 2017 as well."""
    found = deposited_in_force(country, hg.load_library())
    assert found is not None
    assert str(found[0]) == day


def test_every_party_on_file_has_a_day_and_a_source_that_was_read() -> None:
    library = hg.load_library()
    rows = library.table("convention_party").defaults
    assert len(rows) > 15
    for row in rows:
        assert (
            datetime.date(2013, 10, 10)
            < datetime.date.fromisoformat(row.extra["deposited"])
            < datetime.date(2026, 1, 1)
        )
        assert library.source(row.source_id).url
        assert row.read_from in ("read", "partly recalled")


def test_a_stated_date_stands_over_that_on_file_and_a_missing_one_names_the_cell() -> None:
    library = hg.load_library()
    stated = party_clocks(["IDN", "XKX"], "2020-01-01", library)
    assert {str(one.plan_due) for one in stated.values()} == {"2024-01-01"}
    on_file = party_clocks(["IDN", "XKX"], None, library)
    assert (str(on_file["IDN"].existing_due), on_file["XKX"].existing_due) == ("2027-12-21", None)
    dates = {one.number: one for one in PLANS["unknown country"]()}["N5a"].table
    assert "fill in the cell Entry into force of the sheet Settings" in dates["date_source"].iloc[0]


def test_units_of_one_name_are_told_apart_by_their_id() -> None:
    register = {one.number: one for one in PLANS["two countries"]()}["N1"].parts[0].table
    assert register["source_name"].is_unique
    assert set(register["source_name"]) >= {"P, Unit 1 (a)", "P, Unit 1 (b)", "Q, Unit 1"}


def test_a_blank_column_is_explained(plan: list[PlanTable]) -> None:
    for part in (part for part in printed_parts(plan) if len(part.table)):
        for name in part.table.columns:
            if part.table[name].map(lambda value: value == "" or pd.isna(value)).all():
                labels = {described(str(name), part.number, translator(code)).label for code in ("en", "id")}
                assert any(label in part.note for label in labels), (part.number, name)


def test_numbers_of_the_base_year_name_it_and_money_is_in_millions() -> None:
    parts = {part.number: part for part in printed_parts(PLANS["not yet built"]())}
    parts |= {part.number: part for part in printed_parts(PLANS["kilns"]())}
    for number in ("N1c", "N2a", "N3a", "N4a", "N9b"):
        assert "Base year: 2026." in parts[number].note, number
    assert {"capital_musd", "npv_musd", "annuity_musd"} <= set(parts["N8c"].table.columns)
    assert "Monte Carlo" not in parts["N13b"].note
    assert parts["N8c"].table["npv_musd"].abs().max() < 1e4


@pytest.mark.parametrize(
    ("action", "steps", "said"),
    [
        ("add_control", ["brominated carbon before the ESP"], "brominated carbon before the ESP at 2 units from 2033"),
        ("replace_controls", ["SCR", "wet limestone FGD"], "SCR + wet limestone FGD at 2 units from 2033"),
        ("replace_controls", [], "fabric filter in place of the present controls at 2 units from 2033"),
        (
            "cut_emission", ["bromide"],
            "bromide at 2 units from 2033: emissions to air lower by 80 %; elsewhere per kilogram avoided: "
            "Fly ash +1 kg",
        ),
        ("retire", ["closure"], "closure of 2 units, first year closed 2033"),
    ],
)  # fmt: skip
def test_a_measure_that_carries_out_options_names_them(action: str, steps: list[str], said: str) -> None:
    target = {"cut_emission": "fly_ash:1", "retire": ""}.get(action, "FF")
    one = {"action": action, "target": target, "value": 0.8, "from_year": 2033, "changed": ["a", "b"]}
    assert measure_sentence(one | {"steps": steps}, ENGLISH) == said


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("fly_ash:1", "Fly ash +1 kg"),
        ("fly_ash:1.07; fgd_solids:-0.07", "Fly ash +1.07 kg, Scrubber solids -0.0700 kg"),
        ("fgd_solids:-0.25; fly_ash:1.25", "Scrubber solids -0.250 kg, Fly ash +1.25 kg"),
        ("fly_ash:0.4; water:0.6", "Fly ash +0.400 kg, Water +0.600 kg"),
        ("fly_ash:1; water:-2e-05", "Fly ash +1 kg, Water -0.0000200 kg"),
    ],
)
def test_a_cut_says_which_pathways_get_more_and_which_less(target: str, where: str) -> None:
    """Mercury that a device takes from scrubber solids goes to ash as well: shares above 100 % say nothing."""
    one = {"action": "cut_emission", "target": target, "value": 0.8, "from_year": 2033, "changed": ["a"], "steps": []}
    assert measure_sentence(one, ENGLISH) == (
        f"emissions to air lower by 80 % at 1 unit from 2033; elsewhere per kilogram avoided: {where}"
    )


@pytest.mark.parametrize(
    ("column", "unit", "told"),
    [
        ("activity_unit", "t coal/yr", "t batubara/tahun"),
        ("activity_unit", "t clinker/yr", "t klinker/tahun"),
        ("capacity_unit", "t clinker/yr", "t klinker/tahun"),
        ("ef_unit", "g/t clinker", "g/t klinker"),
        ("ef_unit", "g/GWh net", "g/GWh neto"),
        ("capacity_unit", "MW", "MW"),
    ],
)
def test_units_of_activity_are_in_the_language_of_the_reader(column: str, unit: str, told: str) -> None:
    assert in_words(column, unit, words_in("id")) == told
    assert in_words(column, unit, ENGLISH) == unit
