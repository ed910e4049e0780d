"""What measures avoid one after the other: closed forms, and parts that add up to the scenario."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.decisions.scenarios.avoided_by_measure import avoided_by_measure, measures_table
from hginventory.decisions.scenarios.compare import compare_named
from hginventory.projection import Projection
from hginventory.scenarios.files import load_scenario, measures_of
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2010, "capacity_net": 600.0, "pm_control": "ESPc",
        "so2_control": "none", "nox_control": "none"}  # fmt: skip


@pytest.fixture(scope="module")
def projection() -> Projection:
    rows = [{**UNIT, "unit_id": f"A{n}", "plant": f"P{n}"} for n in range(3)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(rows), settings={"base_year": 2026}), draws=0).projection


def applied(projection: Projection, *measures: dict[str, Any], rule: str = "") -> AppliedScenario:
    chosen = [(0, Measure.model_validate({"from_year": 2030, **measure})) for measure in measures]
    return apply_scenario(projection, Scenario(name="test", rule=rule), chosen)


WASHED, COFIRED = {"action": "wash_coal", "value": 0.4}, {"action": "cofire_biomass", "value": 0.5}


def test_each_measure_acts_on_what_the_ones_before_left(projection: Projection) -> None:
    from_2030 = float(projection.yearly_kg[0, 4:].sum())
    one = applied(projection, {**WASHED, "where": "unit_id != 'A2'"}, COFIRED)
    parts = avoided_by_measure(one)
    assert parts[1] == pytest.approx({"A0": 0.4 * from_2030, "A1": 0.4 * from_2030})
    assert parts[2] == pytest.approx({"A0": 0.3 * from_2030, "A1": 0.3 * from_2030, "A2": 0.5 * from_2030})


def test_the_rule_comes_first(projection: Projection) -> None:
    yearly = projection.yearly_kg[0]
    parts = avoided_by_measure(applied(projection, WASHED, rule="crea_30"))  # all close at the start of 2040
    assert parts[0]["A0"] == pytest.approx(float(yearly[14:].sum()))
    assert parts[1]["A0"] == pytest.approx(0.4 * float(yearly[4:14].sum()))


@pytest.mark.parametrize("name", ["targeted_top10", "limit_eu", "rule_crea_30", "phaseout_2040"])
def test_parts_add_up_to_what_the_scenario_avoids(name: str) -> None:
    projection = hg.project("indonesia", where="capacity_mw >= 400", draws=0).projection
    measures = [*measures_of(load_scenario(name))[0], (1, Measure(**COFIRED, where="sector == 'coal_power'",
                from_year=2032)), (1, Measure(**WASHED, where="sector_rank <= 5 and sector == 'coal_power'",
                from_year=2031))]  # fmt: skip
    one = apply_scenario(projection, load_scenario(name), measures)
    parts = avoided_by_measure(one)
    total = pd.DataFrame(parts).sum(axis=1).reindex(one.baseline.ids, fill_value=0.0)
    expected = projection.yearly_kg.sum(axis=1) - one.lifetime_kg
    assert total.to_numpy() == pytest.approx(expected, abs=1e-6)
    table = measures_table(one, parts)
    assert table["avoided_t"].sum() * 1000 == pytest.approx(expected.sum())
    assert table["units_chosen"].dropna().tolist() == [len(units) for units in one.chosen]
    assert table["chosen"].str.split().tolist()[-1] == list(one.chosen[-1])


def test_tables_of_a_comparison_hold_the_parts_and_the_units_chosen(projection: Projection) -> None:
    later = Measure(**COFIRED, from_year=2035)
    both = Scenario(name="both", measure=(Measure(**WASHED, from_year=2030, where="unit_id != 'A2'"), later))
    compared = compare_named(projection, [both, "rule_crea_30"], 0, 1, lambda: None)
    units = compared.units.set_index(["scenario", "unit_id", "measure"])
    assert units.index.is_unique
    total = compared.table.set_index("scenario")["avoided_t"] * 1000
    assert units.groupby("scenario")["avoided_kg"].sum().to_dict() == pytest.approx(total.to_dict())
    assert units.at[("both", "A0", 1), "action"] == "wash_coal"
    assert units.at[("both", "A0", 2), "from_year"] == 2035
    measures = compared.measures.set_index(["scenario", "measure"])
    assert measures["avoided_t"].groupby("scenario").sum().to_dict() == pytest.approx((total / 1000).to_dict())
    assert measures.at[("both", 1), "chosen"] == "A0 A1"
    assert measures.at[("rule_crea_30", 0), "units_changed"] == 3
