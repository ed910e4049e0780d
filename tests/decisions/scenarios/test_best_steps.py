"""The best step of a unit, the units at which it is cheapest, and the scenarios that ask for them."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hginventory as hg
from hginventory.decisions.costs.cost_range import annuity
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.chosen_steps import best_steps
from hginventory.decisions.scenarios.applied_scenario import AppliedScenario
from hginventory.decisions.scenarios.apply import apply_scenario
from hginventory.errors import ScenarioError
from hginventory.projection import Projection
from hginventory.scenarios.files import load_scenario, measures_of
from hginventory.scenarios.scenario import Measure, Scenario

UNIT = {"country": "IDN", "status": "operating", "start_year": 2015, "capacity_net": 600.0, "boiler": "PC",
        "pm_control": "ESPc", "so2_control": "none", "nox_control": "none", "hg_control": "none",
        "coal_type": "bituminous"}  # fmt: skip
TRAINS = {
    "precipitator": {"coal_type": "lignite"},
    "scrubber": {"so2_control": "wFGD"},
    "filter": {"pm_control": "FF"},
    "sea water": {"so2_control": "swFGD"},
    "not known": dict.fromkeys(("pm_control", "so2_control", "nox_control", "hg_control"), "unknown"),
}


def project(rows: list[dict[str, Any]]) -> Projection:
    named = [{**UNIT, "unit_id": f"u{n}", "plant": f"p{n}", **row} for n, row in enumerate(rows)]
    return hg.project(hg.fleet_from_frame(pd.DataFrame(named)), base_year=2026, draws=0).projection


def apply(projection: Projection, *measures: dict[str, Any]) -> AppliedScenario:
    made = [(0, Measure.model_validate({"from_year": 2030, **one})) for one in measures]
    return apply_scenario(projection, Scenario(name="s"), made)


def by_hand(projection: Projection, unit: str, start: int) -> dict[str, tuple[float, float]]:
    """Return cost per kilogram and kilograms a year of each step that applies without conditions, by its code."""
    catalogue = Catalogue(projection)
    terms, out = catalogue.prices.terms, {}
    for option in catalogue.of_unit(unit):
        if option.applies == "yes" and option.cost is not None and option.avoided_kg_per_yr > 0:
            years = option.end_year - max(start, option.first_year)
            capital = option.cost.capital.value * annuity(terms.rate, min(terms.book_life["coal_power"], years))
            per_year = capital + option.cost.operation.value
            out[option.option] = per_year / option.avoided_kg_per_yr, option.avoided_kg_per_yr
    return out


@pytest.mark.parametrize("train", TRAINS)
def test_a_unit_gets_the_step_of_lowest_cost_per_kilogram(train: str) -> None:
    projection = project([TRAINS[train]])
    one = apply(projection, {"action": "best_step"})
    steps = by_hand(projection, "u0", 2030)
    best = min(steps, key=lambda code: steps[code][0])
    (change,) = one.plan["u0"]
    assert (change.measure.options, change.first) == ((best,), 2030)
    assert len(steps) > 1


def test_after_a_wet_scrubber_it_is_halogen_or_additive_and_before_it_carbon() -> None:
    one = apply(project([TRAINS["scrubber"], TRAINS["precipitator"]]), {"action": "best_step"})
    assert one.plan["u0"][0].measure.options[0] in {"H2", "C8"}
    assert one.plan["u1"][0].measure.options == ("A2",)


@pytest.mark.parametrize("train", TRAINS)
def test_it_avoids_what_the_catalogue_says(train: str) -> None:
    projection = project([TRAINS[train]])
    one = apply(projection, {"action": "best_step"})
    (code,) = one.plan["u0"][0].measure.options
    emitted = projection.yearly_kg[0, 4:]
    share = by_hand(projection, "u0", 2030)[code][1] / float(projection.units["air_kg_per_yr"].iloc[0])
    np.testing.assert_allclose(emitted - one.yearly_kg[0, 4 : 4 + emitted.size], share * emitted, rtol=0.01)


def test_a_unit_that_closes_before_gets_none_and_is_told() -> None:
    one = apply(project([{}, {"start_year": 1988}]), {"action": "best_step"})
    assert one.infeasible == ("u1",)
    assert not one.plan.get("u1")


def test_years_left_count_from_the_year_in_which_it_starts() -> None:
    projection = project([{}, {"start_year": 1995}])
    steps = best_steps(Catalogue(projection), "coal_power", not_before=2031)
    for unit, year, price in zip(steps.unit, steps.start_year, steps.usd_per_kg, strict=True):
        assert year == 2031
        assert price == pytest.approx(min(price for price, _ in by_hand(projection, f"u{unit}", 2031).values()))


FLEETS = st.lists(
    st.fixed_dictionaries(
        {
            "capacity_net": st.sampled_from([100.0, 300.0, 600.0, 1000.0]),
            "start_year": st.sampled_from([1996, 2005, 2020]),
            "train": st.sampled_from(sorted(TRAINS)),
        }
    ),
    min_size=8,
    max_size=8,
)


@settings(max_examples=8, deadline=None)
@given(rows=FLEETS, n=st.integers(1, 5))
def test_no_other_units_cost_less_per_kilogram(rows: list[dict[str, Any]], n: int) -> None:
    """Of any units as many, the cheapest, the next and so on each cost at least as much as those taken."""
    projection = project([{**TRAINS[row["train"]], **{k: v for k, v in row.items() if k != "train"}} for row in rows])
    one = apply(projection, {"action": "best_step", "value": n})
    price = {
        unit: min((own for own, _ in by_hand(projection, unit, 2030).values()), default=math.inf)
        for unit in map(str, projection.units.index)
    }
    (taken,) = one.chosen
    usable = [unit for unit in price if math.isfinite(price[unit])]
    assert len(taken) == min(n, len(usable))
    own = sorted(price[unit] for unit in taken)
    for others in combinations(usable, len(taken)):
        assert np.all(np.array(own) <= np.array(sorted(price[unit] for unit in others)) * (1 + 1e-9))


def test_units_are_ranked_one_by_one_and_not_by_what_they_cost_together() -> None:
    """A small unit that costs more per kilogram would lower the mean of the two: the large, cheaper one is taken."""
    rich, poor = ({"hg_coal": hg_coal, "hg_basis": "as_received"} for hg_coal in (0.1, 0.07))
    rows = [{**TRAINS["filter"], **rich}, {"capacity_net": 1000.0, **rich}, {"capacity_net": 50.0, **poor}]
    projection = project(rows)
    one = apply(projection, {"action": "best_step", "value": 2})
    steps = [min(by_hand(projection, unit, 2030).values()) for unit in ("u0", "u1", "u2")]
    assert steps[0][0] < steps[1][0] < steps[2][0]
    assert together(steps[0], steps[2]) < together(steps[0], steps[1])
    assert set(one.chosen[0]) == {"u0", "u1"}


def together(*steps: tuple[float, float]) -> float:
    """Return the cost per kilogram of several steps, each given as its own and its kilograms."""
    return sum(price * kg for price, kg in steps) / sum(kg for _, kg in steps)


@pytest.mark.parametrize("value", [0, -1, 2.5, 0.5])
def test_a_number_of_units_is_whole_and_above_nothing(value: float) -> None:
    with pytest.raises(ScenarioError, match="must be a whole number of units"):
        Measure(action="best_step", value=value, from_year=2030)


@pytest.mark.parametrize("key", [{"target": "ACI"}, {"options": ("A2",)}, {"unit": "kg"}, {"o2": 6.0}])
def test_it_takes_no_other_key(key: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="takes no"):
        Measure.model_validate({"action": "best_step", "from_year": 2030, **key})


@pytest.mark.parametrize(
    "other",
    [
        {"action": "add_control", "target": "wFGD"},
        {"action": "replace_controls", "target": "FF"},
        {"action": "wash_coal", "value": 0.2},
        {"action": "cut_emission", "target": "waste", "value": 0.2},
        {"action": "emission_limit", "value": 0.001, "unit": "mg/Nm3"},
    ],
    ids=lambda one: str(one["action"]),
)
def test_what_changes_the_unit_as_well_is_refused(other: dict[str, Any]) -> None:
    """Its steps are those of the unit as it is: they would take out what the other measure has put in."""
    with pytest.raises(ScenarioError, match=f"{other['action']} of .* changes u0"):
        apply(project([{}]), {"action": "best_step"}, other)


def test_it_is_no_measure_for_kilns(central: hg.Run) -> None:
    with pytest.raises(ScenarioError, match="best_step is not a measure for cement_kiln"):
        apply(central.projection, {"action": "best_step"})


def test_shipped_scenarios_choose_ten_coal_units(central: hg.Run) -> None:
    for name, where in {"targeted_best": "largest", "best_value_10": "cheapest"}.items():
        scenario = load_scenario(name)
        one = apply_scenario(central.projection, scenario, measures_of(scenario)[0])
        (chosen,) = one.chosen
        assert len(chosen) == 10
        assert all(len(one.plan[unit][0].measure.options) == 1 for unit in chosen)
        coal = central.projection.units["sector"] == "coal_power"
        largest = central.projection.units["lifetime_kg"].where(coal).nlargest(10).index
        assert (set(chosen) == set(largest)) == (where == "largest")
