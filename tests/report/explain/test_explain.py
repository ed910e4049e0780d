"""The calculation of a unit can be redone from what it prints, fits a terminal, and is said in any language."""

from __future__ import annotations

import copy
import itertools
import json
import math
import pickle
import re

import pandas as pd
import pytest

import hginventory as hg
from hginventory.inputs.fleet.fleet import Fleet
from hginventory.inputs.reader import fleet_from_tables
from hginventory.report.explain.explanation import Explanation
from hginventory.report.text.language import words_in
from hginventory.translations import TranslatableText

BASE = 2024
COAL = pd.DataFrame({
    "unit_id": [f"U{n}" for n in range(8)], "plant": list("ABCDEFGH"), "unit": "1", "country": "IDN",
    "capacity_gross": [600, 600, 300, 300, 200, 200, 100, 100], "coal_type": "subbituminous",
    "start_year": [2010, 2012, 2015, 1980, 2027, 2005, 2000, None],
    "coal_use": [None, 1.5e6, None, None, None, None, None, None],
    "generation_gross": [None, None, 1500, None, None, None, None, None],
    "status": ["operating"] * 4 + ["construction", "retired", "operating", "operating"],
    "pm_control": "ESPc", "so2_control": ["none", "wFGD"] * 4,
})  # fmt: skip
KILNS = pd.DataFrame({
    "unit_id": ["K1", "K2", "K3", "K4"], "plant": list("KLMN"), "unit": "1", "country": "IDN", "start_year": 2015,
    "clinker_capacity": [2e6, None, 1e6, 1e6], "cement_capacity": [None, 1.5e6, None, None],
    "method": [None, None, "tier1", "tier3"], "measured_air": [None, None, None, 40.0],
    "clinker_import_share": [None, 0.1, None, None],
})  # fmt: skip
ACTIVITY = pd.DataFrame(
    [
        ("U0", 2024, "generation_net", 3000, "GWh"), ("U0", 2026, "generation_net", 2500, "GWh"),
        ("U0", 2030, "generation_net", 1500, "GWh"), ("U0", 2090, "generation_net", 1000, "GWh"),  # after its end
        ("U1", 2024, "coal_use", 1.4e6, "t"), ("U1", 2027, "generation_gross", 2000, "GWh"),
        ("U1", 2028, "coal_use", 0.9e6, "t"),
        ("U2", 2023, "generation_gross", 0, "GWh"), ("U2", 2025, "generation_net", 900, "GWh"),
        ("U2", 2026, "capacity_factor", 0.3, "1"),
        ("U4", 2026, "generation_net", 900, "GWh"), ("U4", 2029, "generation_net", 400, "GWh"),  # before its start
        ("U6", 2025, "capacity_factor", 0.5, "1"),
        ("K1", 2024, "clinker_output", 1.4e6, "t"), ("K1", 2026, "clinker_output", 0.7e6, "t"),
        ("K2", 2024, "clinker_output", 0, "t"), ("K2", 2027, "clinker_output", 0.9e6, "t"),
        ("K4", 2026, "clinker_output", 0.5e6, "t"),
    ],
    columns=["unit_id", "year", "variable", "value", "unit"],
)  # fmt: skip
MEASURED = pd.DataFrame([
    {"unit_id": "U0", "date": "2023-05-01", "kind": "coal_analysis", "quantity": "hg_coal", "value": 0.2,
     "unit": "mg/kg", "basis": "as_received", "uncertainty": 0.2, "uncertainty_kind": "rsd"},
    {"unit_id": "U1", "date": "2023-05-01", "kind": "stack_test", "quantity": "hg_per_gwh", "value": 800.0,
     "unit": "g/GWh", "uncertainty": 0.2, "uncertainty_kind": "rsd"},
    {"unit_id": "K1", "date": "2023-05-01", "date_to": "2023-05-04", "kind": "stack_test", "quantity": "hg_yearly",
     "value": 90.0, "unit": "kg/yr", "uncertainty": 0.2, "uncertainty_kind": "rsd"},
])  # fmt: skip
STEP = re.compile(r"\((\d+)\)")
ARITHMETIC = re.compile(r"[\d\s().+*/e-]+")


def fleet(**more: pd.DataFrame) -> Fleet:
    return fleet_from_tables({"Coal_units": COAL, "Cement_kilns": KILNS, **more})


@pytest.fixture(scope="module")
def stated() -> hg.Run:
    """Return the run of a fleet with Activity of several years and measurements."""
    return hg.project(fleet(Activity=ACTIVITY, Measurements=MEASURED), base_year=BASE, draws=0)


def redone(formula: str, values: dict[int, float]) -> float | None:
    """Return what a formula gives with the numbers of its steps; None where it is in words."""
    text = formula.replace(" x ", " * ").replace(" h ", " ").replace("[", "(").replace("]", ")")
    text = STEP.sub(lambda found: repr(values[int(found[1])]) if int(found[1]) in values else "words", text)
    return float(eval(text)) if ARITHMETIC.fullmatch(text) else None


def assert_redone(told: Explanation) -> set[str]:
    """Redo every result in arithmetic from the steps before it, and return which results they were."""
    values: dict[int, float] = {}
    done = set()
    for step in told.steps:
        if step.formula:
            result = redone(step.formula, values)
            if result is not None:
                assert step.value == pytest.approx(result, rel=1e-9, abs=1e-12), (told.unit_id, step)
                done.add(str(step.name))
        if isinstance(step.value, float):
            values[step.number] = step.value
    return done


def test_the_bundled_fleet_can_be_redone(central: hg.Run) -> None:
    run = central
    sums = 0
    for unit in run.units.index[::7]:
        told = run.explain(unit)
        done = assert_redone(told)
        sums += "remaining-lifetime emissions" in done
        last = {str(step.name): step.value for step in told.steps}
        assert last["emissions to air"] == run.units.loc[unit, "air_kg_per_yr"]
    assert sums > 40


def test_years_with_an_activity_of_their_own_can_be_redone(stated: hg.Run) -> None:
    years = stated.projection.years.tolist()
    for unit, row in stated.units.iterrows():
        told = stated.explain(str(unit))
        done = assert_redone(told)
        if row["remaining_years"] > 0:
            assert "remaining-lifetime emissions" in done
            (total,) = [step.value for step in told.steps if step.name == "remaining-lifetime emissions"]
            assert total == row["lifetime_kg"]
        yearly = stated.projection.yearly_kg[stated.units.index.get_loc(unit)]
        shown = [
            (str(step.name), step.value) for step in told.steps if str(step.name).startswith("emissions to air, 20")
        ]
        for name, value in shown:
            assert value == yearly[years.index(int(name[-4:]))]
        normal = row["air_kg_per_yr"]
        first, end = row["end_year"] - row["remaining_years"], row["end_year"]
        differ = {y for y, kg in zip(years, yearly, strict=True) if first <= y < end and not math.isclose(kg, normal)}
        assert differ <= {int(name[-4:]) for name, _ in shown}


def test_a_year_names_its_statement_with_its_cell(stated: hg.Run) -> None:
    told = stated.explain("U0")
    by_name = {str(step.name): step for step in told.steps}
    assert {"net generation, 2026", "net generation, 2030"} <= by_name.keys()
    assert not any("2090" in name for name in by_name)
    step = by_name["net generation, 2030"]
    assert (step.value, step.unit, step.origin, step.refs) == (1500.0, "GWh/yr", "reported", ("Activity!value[2]",))
    assert by_name["remaining-lifetime emissions"].formula.count("+") == 2


def test_the_sum_can_be_redone_from_the_printed_text(stated: hg.Run) -> None:
    for unit in ("U0", "U1", "K1"):
        lines = stated.explain(unit).text(80).splitlines()
        values: dict[int, float] = {}
        checked = 0
        for line, after in itertools.pairwise(lines):
            found = re.match(r" *(\d+)  (.+?) +([\d,.e-]+)(?: \S+)?$", line)
            if not found or not line[:3].strip():
                continue
            number, value = int(found[1]), float(found[3].replace(",", ""))
            result = redone(after.strip().removeprefix("= "), values) if after.strip().startswith("= (") else None
            if result is not None:
                assert value == pytest.approx(result, rel=2e-3)
                checked += 1
            values[number] = value
        assert checked >= 4


def test_a_fleet_without_activity_has_no_year_of_its_own() -> None:
    run = hg.project(fleet(), base_year=BASE, draws=0)
    told = run.explain("U0")
    assert not any(", 20" in step.name for step in told.steps)
    assert_redone(told)


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("language", ["en", "id"])
def test_lines_keep_to_the_width_and_no_id_is_broken(stated: hg.Run, width: int, language: str) -> None:
    for unit in stated.units.index:
        told = stated.explain(str(unit))
        text = told.text(width, words_in(language))
        for line in text.splitlines():
            assert len(line) <= width or len(line.split()) == 1, line
        for row, _ in told.rows:
            assert row.row_id in text


def letters(text: str) -> set[str]:
    """Return the words of a text that are no ids, codes, cells or names of this fleet."""
    return set(re.findall(r"(?<![\w/!.\[])[a-z]{4,}(?![\w/!\]])", text))


def test_in_another_language_words_change_and_ids_and_codes_do_not(stated: hg.Run) -> None:
    for unit in stated.units.index:
        told = stated.explain(str(unit))
        steps, others = told.as_dict()["steps"], told.as_dict(words_in("id"))["steps"]
        for step, other in zip(steps, others, strict=True):
            assert other["name"] != step["name"]
            same = ("number", "unit", "ref", "origin") if step["ref"] != "control columns of the unit" else ("number",)
            assert [other[key] for key in same] == [step[key] for key in same]
            assert STEP.findall(other["formula"]) == STEP.findall(step["formula"])
            assert other["formula"] == step["formula"] or letters(step["formula"])
            if letters(step["formula"]):
                assert other["formula"] != step["formula"]
        notes, said = told.notes, [words_in("id").tell(note) for note in told.notes]
        for note, other in zip(notes, said, strict=True):
            assert (note != other) == isinstance(note, TranslatableText)


def test_numbers_and_origins_are_those_of_the_language(stated: hg.Run) -> None:
    text = stated.explain("U0").text(80, words_in("id"))
    assert "3.000" in text
    assert re.search(r"\d,\d", text)
    assert "reported" not in text
    assert "Measured compared with expected" in stated.explain("U0").text()
    assert "Measured compared with expected" not in text


def test_a_unit_past_its_life_or_retired_can_be_redone(stated: hg.Run) -> None:
    past, retired = stated.explain("U3"), stated.explain("U5")
    assert [step.value for step in past.steps if step.name == "remaining-lifetime emissions"] == [0.0]
    assert "retired" in next(step.formula for step in retired.steps if step.name == "emissions to air")


def test_the_page_has_the_same_calculation_in_the_language(stated: hg.Run) -> None:
    from hginventory.report.page.calculations import traces

    found = traces(stated, ["U1"], [1], words_in("id"))
    told = stated.explain("U1")
    texts, (unit,) = found["texts"], found["units"]
    title, steps, rows, measured, sources, notes = unit
    assert texts[title] == told.title
    assert [texts[step[0]] for step in steps] == [words_in("id").tell(step.name) for step in told.steps]
    assert len(rows) == len(told.rows)
    assert len(measured) == 1
    assert texts[measured[0]].startswith("hg_per_gwh, stack_test")
    assert len(sources) == len(told.sources)
    assert [texts[note] for note in notes] == [words_in("id").tell(note) for note in told.notes]


def test_what_was_said_is_a_str_that_can_be_copied() -> None:
    inner = TranslatableText("units close at {n} years", n="40")
    said = TranslatableText("by {rule}", rule=inner)
    assert said == "by units close at 40 years"
    for other in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (other, other.source) == (said, "by {rule}")
        assert other.parts["rule"].parts == {"n": "40"}
    assert json.dumps([said]) == '["by units close at 40 years"]'
    assert TranslatableText("{braces} without parts") == "{braces} without parts"


def test_a_unit_has_its_own_findings_also_where_it_is_not_the_first_of_its_group(central: hg.Run) -> None:
    run = central
    own = {other.unit_id: other for one in run.findings for other in one.others}
    assert len(own) > 100
    for unit, other in own.items():
        assert other.said in run.explain(unit).notes
    with_notes = [unit for unit in run.units.index if any(str(note).startswith(("Coal_units!", "Cement_kilns!"))
                                                          for note in run.explain(unit).notes)]  # fmt: skip
    assert set(with_notes) >= set(own)
    assert not any(" more)" in note for unit in with_notes for note in run.explain(unit).notes)


@pytest.mark.parametrize("country", ["KOR", "NLD", "JPN", "TUR", "PAN"])
def test_imported_coal_is_told_from_the_cell_or_rule_to_the_sources(country: str) -> None:
    coal = COAL.head(2).assign(country=country, coal_type="bituminous", coal_origin=[None, "imported"])
    run = hg.project(fleet_from_tables({"Coal_units": coal}), base_year=BASE, draws=0)
    mix = country if country != "PAN" else "WLD"  # no set of shares is on file for Panama
    for unit, first in (("U0", f"coal_import/{country}/import_share"), ("U1", "Coal_units!coal_origin[1]")):
        told = run.explain(unit)
        assert_redone(told)
        (content,) = [step for step in told.steps if step.name == "mercury in coal as received"]
        assert content.refs[0] == first
        assert len(content.refs) == len(set(content.refs))
        shares = [ref for ref in content.refs if ref.startswith(f"coal_trade/{mix}/")]
        rows = [run.projection.library.row(ref) for ref in shares]
        assert sum(row.number() for row in rows) == pytest.approx(1.0)
        text = " ".join(told.text(80).split())
        for ref in shares:
            assert f"{ref} = " in text  # the row with its number and source
        contents = [run.projection.library.row(ref) for ref in content.refs if re.fullmatch(r"export_coal/.../hg", ref)]
        assert len(contents) >= 3
        for row in contents:
            citation = run.projection.library.source(row.source_id).citation
            assert re.search(rf"{row.row_id} = {row.number():.4g} mg/kg \([^)]*\): {re.escape(citation)}", text)
