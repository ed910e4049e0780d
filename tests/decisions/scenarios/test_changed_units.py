"""Which units a scenario changes: they emit, and their mercury or their control train differs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.report.plan.measures import action_matrix, measures
from hginventory.report.text.language import words_in
from hginventory.run import Run
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "pm_control": "ESPc",
        "so2_control": "none", "nox_control": "none", "hg_control": "none", "coal_type": "lignite"}  # fmt: skip
RETROFIT = {"action": "add_control", "target": "ACI-Br"}


@pytest.fixture(scope="module")
def run() -> Run:
    rows: list[dict[str, Any]] = [
        {"unit_id": "runs"},
        {"unit_id": "closes before", "start_year": 1988},
        {"unit_id": "past its age", "start_year": 1970},
        {"unit_id": "cancelled", "status": "cancelled"},
        {"unit_id": "mothballed", "status": "mothballed"},
        {"unit_id": "built", "status": "construction", "start_year": 2028},
    ]
    fleet = hg.fleet_from_frame(pd.DataFrame([{**UNIT, "plant": row["unit_id"], **row} for row in rows]))
    return hg.project(fleet, base_year=2026, draws=0)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ([RETROFIT], {"runs", "built"}),
        ([{"action": "replace_controls", "target": "ESPc"}], set()),
        ([{"action": "add_control", "target": "ESPc"}], set()),
        ([{"action": "add_control", "target": "SNCR"}], {"runs", "built"}),
        ([{"action": "wash_coal", "value": 0.3}], {"runs", "built"}),
        ([{"action": "wash_coal", "value": 0.3, "where": "unit_id != 'built'"}], {"runs"}),
        ([{"action": "retire", "where": "start_year < 2011"}], {"runs", "closes before"}),  # runs on to the year
        ([{"action": "include", "where": "status == 'mothballed'"}], {"mothballed"}),
        ([{"action": "emission_limit", "value": 1.0e6, "unit": "ug/Nm3", "o2": 6.0}], set()),
    ],
    ids=["retrofit", "same train", "device there", "no mercury", "washing", "part", "retired", "included", "held"],
)
def test_only_units_that_differ_are_counted(run: Run, changes: list[dict[str, Any]], changed: set[str]) -> None:
    scenario = Scenario(name="s", measure=[Measure.model_validate({"from_year": 2030, **one}) for one in changes])
    found = run.compare([scenario])
    assert found.table["units_changed"].tolist() == [len(changed)]
    assert set(found.units["unit_id"]) == changed
    (measure,) = found.chosen["s"]
    assert set(measure["changed"]) == changed <= set(measure["units"])
    assert found.measures["units_changed"].tolist() == [len(changed)]
    table = measures(found, run.projection, 2035, words_in())
    assert table["units"].tolist() == [len(changed)]
    matrix = action_matrix(found, 2035, words_in())
    assert matrix["units"].tolist() == [len(changed)]
    assert set(filter(None, matrix["unit_set"].iloc[0].split("; "))) == changed


def test_a_measure_without_effect_beside_another_changes_nothing(run: Run) -> None:
    none = {"action": "replace_controls", "target": "ESPc"}
    both = [Measure.model_validate({"from_year": 2030, **one}) for one in (none, {"action": "wash_coal", "value": 0.3})]
    found = run.compare([Scenario(name="s", measure=both)])
    assert [len(one["changed"]) for one in found.chosen["s"]] == [0, 2]
    assert found.table["units_changed"].tolist() == [2]


def test_blanket_retrofit_of_the_indonesian_fleet_changes_what_still_runs(central: Run) -> None:
    found = central.compare(["blanket_bat"])
    closed = int((central.units["end_year"].le(2030) & central.units["sector"].eq("coal_power")).sum())
    (measure,) = found.chosen["blanket_bat"]
    assert (len(measure["units"]), len(measure["changed"])) == (303, 303 - closed)
    assert measures(found, central.projection, 2035, words_in())["units"].tolist() == [303 - closed]
