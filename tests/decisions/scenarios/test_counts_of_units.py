"""Text and table count the same units: those that a scenario changes, and of these those that have a price."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginv.scenario_text import show_comparison
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2015, "capacity_net": 600.0, "boiler": "PC",
        "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none",
        "coal_type": "lignite"}  # fmt: skip
ROWS: list[dict[str, Any]] = [{}, {}, {"so2_control": "wFGD"}, {"start_year": 1988}, {"so2_control": "unknown"}]
SCRUBBER = {"action": "add_control", "target": "wFGD"}


@pytest.fixture(scope="module")
def run() -> hg.Run:
    named = [{**UNIT, "unit_id": f"u{n}", "plant": f"p{n}", **row} for n, row in enumerate(ROWS)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(named)), base_year=2026, draws=0)


@pytest.mark.parametrize(
    ("changes", "units", "priced", "unpriced"),
    [
        ([SCRUBBER], 3, 3, 0),  # one has it, one has closed
        ([SCRUBBER, {"action": "wash_coal", "value": 0.2, "where": "unit_id in ['u0', 'u2']"}], 4, 4, 0),
        ([SCRUBBER, {"action": "retire", "from_year": 2040, "where": "unit_id in ['u1', 'u2']"}], 4, 3, 2),
        ([{"action": "retire", "from_year": 2040, "where": "start_year > 2000"}], 4, 0, 4),
        ([{"action": "best_step"}], 4, 4, 0),
        ([{**SCRUBBER, "phase_in": 6, "where": "start_year > 2000"}], 3, 3, 0),
        ([{"action": "add_control", "target": "SCR+wFGD", "where": "so2_control == 'wFGD'"}], 1, 1, 0),
    ],
    ids=["scrubber", "and washing", "and closure", "closure", "best step", "phased in", "half there"],
)
def test_text_and_tables_count_the_same_units(
    run: hg.Run,
    changes: list[dict[str, Any]],
    units: int,
    priced: int,
    unpriced: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measures = [Measure.model_validate({"from_year": 2030, **one}) for one in changes]
    found = run.compare([Scenario(name="mine", measure=tuple(measures))])
    row = found.table.iloc[0]
    assert (row["units_changed"], row["retrofits"], row["units_without_price"]) == (units, priced, unpriced)
    assert found.units["unit_id"].nunique() == units
    show_comparison(run, found)
    text = " ".join(capsys.readouterr().out.split())
    told = re.search(r"measures together change (\d+) units?", text) or re.search(r"at (\d+) units?", text)
    assert told is not None
    assert int(told[1]) == units
    without = re.search(r"the measures at (\d+) units? have no price", text)
    assert (int(without[1]) if without else 0) == unpriced
    assert ("costs cover the other units only" in text) == (unpriced > 0 and priced > 0)
    assert ("costs are not known" in text) == (unpriced > 0 and priced == 0)
    costs = re.search(r"Costs: .*?─+ mine (\d+) ", text)
    assert costs is not None
    assert int(costs[1]) == priced


def test_a_device_that_is_there_costs_nothing_and_hides_no_price(run: hg.Run) -> None:
    found = run.compare([Scenario(name="mine", measure=(Measure.model_validate({**SCRUBBER, "from_year": 2030}),))])
    assert found.table["usd_per_kg"].iloc[0] > 0
    there = found.units[found.units["unit_id"] == "u2"]
    assert there.empty


def test_where_the_train_is_not_known_a_device_is_bought_for_the_trains_that_lack_it() -> None:
    """Half of the new plants of South Africa have a scrubber: the other half buys one, whatever the order of names."""
    row = {**UNIT, "unit_id": "u", "plant": "p", "country": "ZAF"}
    row |= dict.fromkeys(("pm_control", "so2_control", "nox_control", "hg_control"), "unknown")
    run = hg.project(hg.fleet_from_frame(pd.DataFrame([row])), base_year=2026, draws=0)
    found = run.compare([Scenario(name="mine", measure=(Measure.model_validate({**SCRUBBER, "from_year": 2030}),))])
    assert found.table["units_without_price"].iloc[0] == 0
    assert found.table["capital_musd"].iloc[0] > 0
