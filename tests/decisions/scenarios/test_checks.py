"""What a scenario asks that a fleet cannot give: one message for each, with its line, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import hginventory as hg
from hginventory.errors import ScenarioError
from hginventory.run import Run

UNITS = [
    {"unit_id": f"UNIT-{n}", "plant": f"Plant {n}", "country": "IDN", "status": "operating", "start_year": 2010 + n,
     "capacity_net": 300.0, "pm_control": "ESPc"}
    for n in range(3)
]  # fmt: skip
FUELS = [{"fuel_id": "LOW", "country": "IDN", "coal_type": "subbituminous", "hg_coal": 0.02, "hg_basis": "as received",
          "calorific_value": 19.0, "cv_basis": "net as received"}]  # fmt: skip


@pytest.fixture(scope="module")
def run() -> Run:
    fleet = hg.fleet_from_frame(pd.DataFrame(UNITS), settings={"base_year": 2026}, fuels=pd.DataFrame(FUELS))
    return hg.project(fleet, draws=0)


def measure(text: str = "", **keys: object) -> str:
    """Return a measure of four lines or more: heading, action, value or target, from_year."""
    given = {"action": "wash_coal", "value": 0.2, "from_year": 2030, **keys}
    lines = [f"{key} = {value!r}" for key, value in given.items() if value is not None]
    return "\n".join(["[[measure]]", *lines, text, ""])


def messages(run: Run, folder: Path, *texts: str) -> list[str]:
    """Return what is said of scenario files s0.toml, s1.toml ..., without their folder."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"s{number}.toml")
        paths[-1].write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        run.compare([str(path) for path in paths])
    return str(caught.value).replace(f"{folder}/", "").splitlines()


WRONG = {
    "year before the run": (measure(from_year=2020), "s0.toml:4: from_year 2020 is before 2026"),
    "year after the last closure": (measure(from_year=2060), "s0.toml:4: .* none of its 3 units runs: .* to 2051"),
    "unit not there": (
        measure(where="unit_id in ['UNIT-1', 'UNIT-9']"), "s0.toml:5: .* no unit_id 'UNIT-9' .* mean 'UNIT-[0-2]'"
    ),
    "unit left out that is not there": (measure(where="unit_id != 'B'"), "s0.toml:5: .* no unit_id 'B'"),
    "plant not there": (measure(where="plant == 'Plant l'"), "s0.toml:5: .* no plant 'Plant l' .* mean 'Plant"),
    "nothing chosen": (measure(where="capacity_mw > 900"), "s0.toml:5: where .* chooses no unit"),
    "column not there": (measure(where="capcity_mw > 9"), "s0.toml:5: where: .*no column .* mean 'capacity_mw'"),
    "draws not made": (measure(where="p_top10 > 0.5"), "s0.toml:5: .* p_top10 is known from draws only.* `draws=2000`"),
    "fuel not there": (
        measure(action="switch_coal", value=None, target="LWO"),
        "s0.toml:4: target 'LWO' is not a fuel of the fleet. Did you mean 'LOW'",
    ),
    "limit not there": (
        measure(action="emission_limit", value=None, target="Mars"), "s0.toml:4: target 'Mars' names no limit"
    ),
    "unit of a limit not there": (
        measure(action="emission_limit", unit="mg/Nm4"), "s0.toml:5: .*unit: 'mg/Nm4' is not a unit of a limit"
    ),
    "rule not there": ('rule = "icsc40"\n', "s0.toml:1: unknown retirement rule 'icsc40'. Did you mean 'icsc_40'"),
    "parent not there": ('title = "x"\nextends = "no"\n', "s0.toml:2: extends: there is no scenario 'no'"),
    "twice the same": (
        measure() + measure(from_year=2032),
        "s0.toml:7: wash_coal from 2032 overlaps wash_coal from 2030 of s0.toml:2 at 3 units, as UNIT-2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_one_message_with_its_line(run: Run, tmp_path: Path, text: str, expected: str) -> None:
    (said,) = messages(run, tmp_path, text)
    assert pd.Series([said]).str.match(expected).all(), said


def test_everything_wrong_with_all_scenarios_is_said_at_once(run: Run, tmp_path: Path) -> None:
    first = measure(from_year=2020) + measure(where="rank <= 0") + measure(where="unit_id == 'X'", value=0.1)
    said = messages(run, tmp_path, first, measure(from_year=2060), 'title = "sound"\n')
    assert [line.partition(": ")[0] for line in said] == ["s0.toml:4", "s0.toml:10", "s0.toml:16", "s1.toml:4"]


def test_two_scenarios_of_one_name_are_told_apart_or_refused(run: Run, tmp_path: Path) -> None:
    said = messages(run, tmp_path, 'name = "mine"\n', 'name = "mine"\n')
    assert said == ["s1.toml:1: s0.toml:1 has the name 'mine' too. Give it another."]


def test_what_an_included_unit_gets_may_come_after_the_others_have_closed(tmp_path: Path) -> None:
    new = {**UNITS[0], "unit_id": "N", "status": "announced", "start_year": 2040}
    run = hg.project(hg.fleet_from_frame(pd.DataFrame([*UNITS, new]), settings={"base_year": 2026}), draws=0)
    text = measure(action="include", value=None, where="unit_id == 'N'") + measure(from_year=2060)
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    assert run.compare([str(tmp_path / "s.toml")]).table["units_changed"].tolist() == [1]


def test_units_left_out_without_a_year_are_left_out_from_the_first_year(run: Run, tmp_path: Path) -> None:
    texts = {name: measure(where="unit_id == 'UNIT-1'", action="exclude", value=None, from_year=year)
             for name, year in (("stated", 2026), ("blank", None))}  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    compared = run.compare([str(tmp_path / f"{name}.toml") for name in texts])
    avoided = compared.table.set_index("scenario")["avoided_t"]
    assert avoided["blank"] == avoided["stated"] > 0
    assert messages(run, tmp_path, measure(action="retire", value=None, from_year=None)) == [
        "s0.toml:1: 'from_year' is missing."
    ]
    past = measure(action="exclude", value=None, from_year=None, to_year=2020)
    [said] = messages(run, tmp_path, past)
    assert "to_year 2020 is before 2026, the first year of the run" in said
