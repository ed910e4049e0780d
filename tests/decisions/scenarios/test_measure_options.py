"""The options of the catalogue that a measure carries out are data; its note is a comment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.optimisation.as_scenario import scenario_text
from hginventory.decisions.optimisation.goals import Rules, make_goal
from hginventory.decisions.optimisation.planner import make_plan
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.scenarios.checks import MODES
from hginventory.errors import ScenarioError
from hginventory.run import Run
from hginventory.scenarios.files import read_scenario
from hginventory.scenarios.scenario import KEYS_OF_ACTION, Measure, Scenario, json_schema

COAL: dict[str, Any] = {
    "country": "IDN", "status": "operating", "start_year": 2015, "capacity_net": 600.0, "coal_type": "subbituminous",
    "boiler": "PC", "pm_control": "ESPc", "so2_control": "none", "nox_control": "none",
}  # fmt: skip
UNITS = [{**COAL, "unit_id": name, "plant": f"Plant {name}"} for name in ("A1", "A2")]
KILN = {"unit_id": "K", "plant": "Works", "country": "IDN", "status": "operating", "start_year": 2015,
        "clinker_capacity": 2e6, "controls": "ESP"}  # fmt: skip
MONEY = ["capital_musd", "npv_musd", "usd_per_kg"]
HEAT = 'action = "wash_coal"\nvalue = 0.02\nfrom_year = 2030\nwhere = "sector == \'coal_power\'"\n'


@pytest.fixture(scope="module")
def run() -> Run:
    return hg.project(hg.fleet_from_frame(pd.DataFrame(UNITS), settings={"base_year": 2026}), draws=0)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of coal units and a kiln."""
    path = tmp_path_factory.mktemp("both") / "both.xlsx"
    write(path, {"Coal_units": UNITS, "Cement_kilns": [KILN]})
    return hg.project(path, draws=0, base_year=2026)


def write(path: Path, sheets: dict[str, list[dict[str, Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(path)
    return path


def compared(run: Run, folder: Path, *measures: str) -> pd.DataFrame:
    """Return the comparison of scenarios of one measure each."""
    paths = []
    for number, text in enumerate(measures):
        paths.append(folder / f"s{number}.toml")
        paths[-1].write_text(f"[[measure]]\n{text}", encoding="utf-8")
    return run.compare([str(path) for path in paths]).table


@pytest.mark.parametrize("note", ["option P1: heat-rate improvement", "option A2", "option R1: closes", "why not"])
def test_the_note_changes_no_price(run: Run, tmp_path: Path, note: str) -> None:
    table = compared(run, tmp_path, HEAT, f'{HEAT}note = "{note}"\n')
    assert table["npv_musd"].iloc[0] > 0
    for column in MONEY:
        assert table[column].nunique() == 1, column


def test_options_state_whose_price_is_taken(run: Run, tmp_path: Path) -> None:
    as_action, washed, improved = compared(
        run, tmp_path, HEAT, f'{HEAT}options = ["F1"]\n', f'{HEAT}options = ["P1"]\nnote = "option F1: washing"\n'
    )["npv_musd"]
    assert as_action == pytest.approx(washed)
    assert improved != pytest.approx(washed)


def test_options_of_two_steps_cost_both(run: Run, tmp_path: Path) -> None:
    cut = 'action = "cut_emission"\ntarget = "waste"\nvalue = 0.4\nfrom_year = 2030\n'
    one, other, both = compared(
        run, tmp_path, *(f"{cut}options = [{names}]\n" for names in ('"A2"', '"C2"', '"A2", "C2"'))
    )["capital_musd"]
    assert both == pytest.approx(one + other)


BLEED = 'action = "bleed_dust"\nvalue = 0.2\nfrom_year = 2030\n'
TRAIN = 'action = "replace_controls"\ntarget = "ESPc+wFGD"\nfrom_year = 2030\n'
REFUSED = {
    "the note makes no kiln of a unit": (
        f'{BLEED}where = "sector == \'coal_power\'"\nnote = "option K1: dust shuttling"\n',
        "s0.toml:5: bleed_dust is not a measure for coal_power",
    ),
    "an option makes no kiln of a unit": (
        f'{BLEED}where = "sector == \'coal_power\'"\noptions = ["K1"]\n',
        "s0.toml:6: options: K1 cannot go to coal_power, and where chooses 2 of that sector, as A1",
    ),
    "an option of the other action": (
        f'{BLEED}where = "sector == \'cement_kiln\'"\noptions = ["K7"]\n',
        "s0.toml:6: options: bleed_dust does not carry out K7 .less clinker per tonne of cement.. Use one of: K1, ",
    ),
    "the note changes no devices": (
        'action = "add_control"\ntarget = "ACI-Br"\nfrom_year = 2030\nwhere = "sector == \'cement_kiln\'"\n'
        'note = "option A2: carbon"\n',
        "s0.toml:5: add_control ACI-Br is not a measure for cement_kiln",
    ),
    "devices by an option that adds none": (
        f'{TRAIN}where = "sector == \'coal_power\'"\noptions = ["C2", "F1"]\n',
        "s0.toml:6: options: replace_controls does not carry out F1 .coal washing.. Use one of: A1, A2, ",
    ),
    "closure by a scrubber": (
        'action = "retire"\nfrom_year = 2030\nwhere = "unit_id == \'A1\'"\noptions = ["C2"]\n',
        "s0.toml:5: options: retire does not carry out C2",
    ),
    "a goal is nothing that is done": (
        f'{HEAT}options = ["R3"]\n', "s0.toml:6: options: wash_coal does not carry out R3 .quantified goal"
    ),
    "no such option": (
        f'{HEAT}options = ["F1", "F9"]\n', "s0.toml:6: options: there is no option 'F9'. Use one of: A1, A2, .*R3"
    ),
    "one code for a list": (
        f'{HEAT}options = "F1"\n', r's0.toml:6: options: .F1. is not a list. Write options = \["F1"\]'
    ),
    "a number": (f"{HEAT}options = [1]\n", "s0.toml:6: options: Input should be a valid string"),
    "twice the same": (f'{HEAT}options = ["F1", "F1"]\n', "s0.toml:6: options: 'F1' is named twice"),
    "a limit finds its options itself": (
        'action = "emission_limit"\ntarget = "EU"\nfrom_year = 2030\noptions = ["C2"]\n',
        "s0.toml:1: emission_limit takes no options",
    ),
    "nothing is carried out": ('action = "exclude"\nfrom_year = 2030\noptions = ["C2"]\n', "exclude takes no options"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_an_option_that_cannot_be_is_one_message_with_its_line(
    both: Run, tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ScenarioError, match=words) as caught:
        compared(both, tmp_path, text)
    assert len(str(caught.value).splitlines()) == 1


def test_an_option_of_a_kiln_may_lower_what_goes_in(both: Run, tmp_path: Path) -> None:
    kiln = 'action = "wash_coal"\nvalue = 0.1\nfrom_year = 2030\nwhere = "sector == \'cement_kiln\'"\n'
    table = compared(
        both, tmp_path, f'{kiln}options = ["K7"]\n', f'{BLEED}where = "unit_id == \'K\'"\noptions = ["K1"]\n'
    )
    assert table["units_changed"].tolist() == [1, 1]


@pytest.mark.parametrize("rules", [Rules(), Rules(closure_usd_per_kw=1.0)], ids=["retrofits", "closures"])
def test_a_saved_plan_costs_what_the_plan_said(both: Run, tmp_path: Path, rules: Rules) -> None:
    catalogue = Catalogue(both.projection)
    plan = make_plan(catalogue, make_goal(both.projection, target="50%", by=2035), rules)
    path = plan.save(tmp_path / "plan.toml")
    measures = read_scenario(path).measure
    named = {code for option in plan.table["option"] for code in option.split("+")}
    assert {code for measure in measures for code in measure.options} == named
    before = both.compare([plan.applied.scenario]).table
    bare = tmp_path / "bare.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    bare.write_text("\n".join(line for line in lines[3:] if not line.startswith("note")), encoding="utf-8")
    after = both.compare([str(path), str(bare)]).table
    for column in ("npv_musd", "capital_musd", "avoided_t", "units_without_price"):
        assert after[column].tolist() == pytest.approx(before[column].tolist() * 2), column
    if rules.closure_usd_per_kw is None:
        assert after["npv_musd"].iloc[0] * 1e6 == pytest.approx(plan.summary["npv"])
    else:
        assert "retire" in {measure.action for measure in measures}


def test_each_action_that_takes_options_says_which() -> None:
    assert {action for action, keys in KEYS_OF_ACTION.items() if "options" in keys} == set(MODES)


def test_options_are_written_and_read_back(tmp_path: Path) -> None:
    measure = Measure(action="wash_coal", value=0.1, from_year=2030, options=("F1", "P1"))
    text = scenario_text(Scenario(name="mine", measure=(measure,)))
    assert 'options = ["F1", "P1"]' in text.splitlines()
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert read_scenario(tmp_path / "mine.toml").measure[0].model_dump() == measure.model_dump()


def test_the_json_schema_lists_options() -> None:
    definitions: Any = json_schema()["$defs"]
    assert definitions["Measure"]["properties"]["options"]["type"] == "array"


def sheet(folder: Path, options: str | None) -> Path:
    row = {"scenario": "mine", "select": None, "action": "wash_coal", "value": 0.02, "from_year": 2030,
           "options": options}  # fmt: skip
    return write(folder / "fleet.xlsx", {"Coal_units": UNITS, "Measures": [row]})


@pytest.mark.parametrize(("options", "expected"), [("F1+P1", ["F1", "P1"]), (" P1 ", ["P1"]), (None, [])])
def test_options_of_the_sheet_are_those_of_a_file(tmp_path: Path, options: str | None, expected: list[str]) -> None:
    run = hg.project(sheet(tmp_path, options), draws=0, base_year=2026)
    (tmp_path / "file.toml").write_text(f"[[measure]]\n{HEAT}options = {expected}\n", encoding="utf-8")
    table = run.compare(["mine", str(tmp_path / "file.toml")]).table
    assert table["npv_musd"].nunique() == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [("F1+X", "Measures!F2: options: there is no option 'X'"), ("F1+F1", "Measures!F2: options: 'F1' is named twice"),
     ("K1", "Measures!F2: options: K1 cannot go to coal_power")],
)  # fmt: skip
def test_a_wrong_option_of_the_sheet_is_named_with_its_cell(tmp_path: Path, options: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        hg.project(sheet(tmp_path, options), draws=0, base_year=2026).compare(["mine"])
