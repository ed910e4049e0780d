"""What measuring is worth, from a workbook of five units to the programme, against nested Monte Carlo on its prior.

The oracle knows the spreads of the factor tables, the steps that a plan may take and a price of a kilogram. It draws
the mercury in the coal of each plant and the result of a year of samples, and takes the best of all steps, one by one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hginventory as hg
from hginventory.decisions.measuring import plan_price
from hginventory.decisions.optimisation import Rules, by_start_year, make_goal, steps_at_units
from hginventory.decisions.options import read_conditions
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.template.fleet_writer import write_fleet

OUTER, INNER, AGAIN = 4000, 1000, 5
SAMPLES, OF_ONE, OF_YEAR = 52, 0.30, 0.17  # composite samples of a year; log-sd of one sample, and between years
USD_PER_KG = 60_000.0
# Unit -> plant, capacity [MW], devices, mercury in coal [mg/kg], number and standard deviation of analyses.
UNITS: dict[str, tuple[str, float, str, float | None, int | None, float | None]] = {
    "A1": ("A", 900.0, "ESPc", None, None, None),
    "A2": ("A", 300.0, "ESPc+wFGD", None, None, None),
    "A3": ("A", 600.0, "FF", None, None, None),
    "B1": ("B", 660.0, "ESPc", 0.09, None, None),
    "B2": ("B", 350.0, "ESPc", 0.09, None, None),
}
OWN_OF_STATED = 0.50  # log-sd of a content that is stated without a method


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> hg.Run:
    units = pd.DataFrame([
        {"unit_id": name, "plant": plant, "unit": name, "country": "IDN", "capacity_gross": size, "start_year": 2014.0,
         "coal_type": "subbituminous", "train": train, "status": "operating", "hg_coal": content,
         "hg_basis": "as_received" if content else None, "hg_coal_n": n, "hg_coal_sd": sd}
        for name, (plant, size, train, content, n, sd) in UNITS.items()
    ])  # fmt: skip
    fleet = fleet_from_tables({"Coal_units": units}, settings={"country": "IDN", "base_year": 2026})
    return hg.project(write_fleet(fleet, tmp_path_factory.mktemp("five") / "five.xlsx"), draws=500)


def own_log_sd(plant: str) -> float:
    """Return the standard deviation of the logarithm of the mercury in coal that is a plant's own."""
    if plant == "B":
        return OWN_OF_STATED
    row = hg.load_library().row("coal_mercury/IDN/any/subbituminous")
    return float(row.number("spread")) * math.sqrt(dict(row.scopes)["plant"])


def nested(choices: list[tuple[np.ndarray, np.ndarray]], price: float, own: float, seed: int) -> tuple[float, float]:
    """Return the worth of a year of samples of one coal by nested Monte Carlo, and its standard error.

    Outer: a true content and the mean of its samples. Inner: contents drawn from before the samples, weighed by how
    likely each makes their mean. Each unit that burns the coal takes its step of the largest weighed net benefit.
    """
    rng = np.random.default_rng(seed)
    error = math.hypot(math.sqrt(math.log1p(math.expm1(OF_ONE**2) / SAMPLES)), OF_YEAR)
    true = np.exp(own * rng.normal(size=OUTER) - own**2 / 2)
    result = np.log(true) + error * rng.normal(size=OUTER)
    content = np.exp(own * rng.normal(size=INNER) - own**2 / 2)
    likely = np.exp(-(((result[:, None] - np.log(content)) / error) ** 2) / 2)
    expected = likely @ content / likely.sum(axis=1)
    gained = np.zeros(OUTER)
    for kg, cost in choices:
        chosen = (price * kg * expected[:, None] - cost).argmax(axis=1)
        before = (price * kg - cost).argmax()
        gained += price * (kg[chosen] - kg[before]) * true - (cost[chosen] - cost[before])
    return float(gained.mean()), float(gained.std() / math.sqrt(OUTER))


@pytest.mark.parametrize("accept", ["", "so2,pm,nox"])
def test_programme_of_five_units_agrees_with_nested_monte_carlo(run: hg.Run, accept: str) -> None:
    catalogue = run.catalogue()
    rules = Rules(accept=read_conditions(filter(None, accept.split(","))))
    found = run.measuring_plan(catalogue=catalogue, usd_per_kg=USD_PER_KG, rules=rules, top=2)
    goal = make_goal(run.projection, budget_total=0.0)
    steps = by_start_year(steps_at_units(catalogue, rules), catalogue, goal, rules)
    price = USD_PER_KG / catalogue.horizon.per_kg
    rows = found.table[found.table["kind"] == "coal_analysis"].set_index("plant")
    assert sorted(rows.index) == ["A", "B"]
    assert (rows["worth"] > rows["price"]).all()
    for plant in rows.index:
        choices = []
        for name in (name for name, cells in UNITS.items() if cells[0] == plant):
            own = steps.unit == run.units.index.get_loc(name)
            choices.append((np.append(0.0, steps.avoided[own]), np.append(0.0, steps.cost[own])))
        runs = [nested(choices, price, own_log_sd(plant), seed) for seed in range(AGAIN)]
        mean = float(np.mean([one[0] for one in runs]))
        deviation = math.sqrt(sum(one[1] ** 2 for one in runs)) / AGAIN
        assert deviation < 0.1 * mean
        assert rows.loc[plant, "worth"] == pytest.approx(mean, abs=4.0 * deviation), plant


def test_worth_follows_the_steps_that_a_plan_may_take(run: hg.Run) -> None:
    """Units that stay as they are, steps with conditions, later years: as in a plan of the same rules."""
    catalogue = run.catalogue()

    def worth(**rules: Any) -> float:
        table = run.measuring_plan(catalogue=catalogue, usd_per_kg=USD_PER_KG, rules=Rules(**rules), top=2).table
        return float(table.loc[(table["kind"] == "coal_analysis") & (table["plant"] == "B"), "worth"].sum())

    free = worth()
    assert worth(exclude=frozenset({"B1"})) < free
    assert worth(exclude=frozenset({"B1", "B2"})) == 0.0
    assert worth(only="plant == 'A'") == 0.0
    assert worth(not_before=2050) < free
    steps = [plan_price(catalogue, rules=Rules(accept=read_conditions(accept)), usd_per_kg=USD_PER_KG).steps.size
             for accept in ((), ("so2",))]  # fmt: skip
    assert steps[1] > steps[0]


def test_last_kilogram_is_of_the_coal_units_where_kilns_stay_out() -> None:
    """A plan for half of the emission counts the units that it may change, and so does the price of its kilograms."""
    coal = pd.DataFrame([{"unit_id": f"C{n}", "plant": f"C{n}", "country": "IDN", "capacity_gross": 300 + 50 * n,
                          "start_year": 2012, "coal_type": "lignite", "train": "ESPc"} for n in range(6)])  # fmt: skip
    kiln = pd.DataFrame(
        [{"unit_id": "K", "plant": "K", "country": "IDN", "clinker_capacity": 3e6, "start_year": 2010.0}]
    )
    alone = hg.project(fleet_from_tables({"Coal_units": coal}, settings={"base_year": 2026}), draws=0)
    mixed = hg.project(
        fleet_from_tables({"Coal_units": coal, "Cement_kilns": kiln}, settings={"base_year": 2026}), draws=0
    )
    of_coal, of_both = (
        plan_price(run.catalogue(), make_goal(run.projection, target="50%", by=2035)) for run in (alone, mixed)
    )
    assert of_both.price == pytest.approx(of_coal.price, rel=0.02)
    assert "coal units" in of_both.words
    with_kilns = plan_price(
        mixed.catalogue(), make_goal(mixed.projection, target="50%", by=2035), Rules(with_kilns=True)
    )
    assert "coal units" not in with_kilns.words
