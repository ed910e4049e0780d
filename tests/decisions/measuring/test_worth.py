"""What a measurement is worth to a plan, against nested Monte Carlo that shares no code with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hginventory.decisions.measuring.worth import mean_excess, revealed, worth_by_unit
from hginventory.decisions.optimisation import least_cost_frontier
from hginventory.decisions.options.step_table import StepTable, plain_steps

# Five units: steps (kg avoided at the expected emission, money), log-sd of the own part of the emission.
FLEET: list[tuple[list[tuple[float, float]], float]] = [
    ([(100.0, 1.1e6)], 0.5),  # just not worth it before
    ([(40.0, 0.2e6), (90.0, 0.8e6), (95.0, 1.4e6)], 0.7),  # three steps, one of them beside the hull after measuring
    ([(500.0, 1.0e6)], 0.4),  # always worth it
    ([(10.0, 5.0e6)], 0.6),  # never worth it
    ([(30.0, -0.1e6), (80.0, 0.5e6)], 0.9),  # a step that saves money
]
PRICE, ERROR = 1.0e4, 0.26
OUTER, INNER = 4000, 1000
RARE = 1.0  # USD: what is gained in fewer than one of all runs


def steps_of_fleet() -> StepTable:
    unit = [number for number, (steps, _) in enumerate(FLEET) for _ in steps]
    avoided, cost = np.array([step for steps, _ in FLEET for step in steps]).T
    return plain_steps(np.array(unit), avoided, cost)


def nested(steps: list[tuple[float, float]], own: float, error: float, seed: int) -> tuple[float, float]:
    """Return the worth of a test by nested Monte Carlo, and its standard error.

    Outer: a true emission and a test of it. Inner: emissions drawn from before the test, weighed by how likely each
    makes the result of the test. The best step is the one of the largest weighed net benefit.
    """
    rng = np.random.default_rng(seed)
    kg, cost = np.array([(0.0, 0.0), *steps]).T
    true = np.exp(own * rng.normal(size=OUTER) - own**2 / 2)
    result = np.log(true) + error * rng.normal(size=OUTER)
    emission = np.exp(own * rng.normal(size=INNER) - own**2 / 2)
    likely = np.exp(-(((result[:, None] - np.log(emission)) / error) ** 2) / 2)
    expected = likely @ emission / likely.sum(axis=1)
    chosen = (PRICE * kg * expected[:, None] - cost).argmax(axis=1)
    before = (PRICE * kg - cost).argmax()
    gained = PRICE * (kg[chosen] - kg[before]) * true - (cost[chosen] - cost[before])
    return float(gained.mean()), float(gained.std() / math.sqrt(OUTER))


@pytest.mark.parametrize("error", [ERROR, 0.1, 0.8])
def test_five_units_agree_with_nested_monte_carlo(error: float) -> None:
    steps = steps_of_fleet()
    known = {number: revealed(own, error) for number, (_, own) in enumerate(FLEET)}
    worth = worth_by_unit(steps, least_cost_frontier(steps), PRICE, known)
    for number, (own_steps, own) in enumerate(FLEET):
        runs = [nested(own_steps, own, error, 10 * number + again) for again in range(5)]
        mean = float(np.mean([run[0] for run in runs]))
        deviation = math.sqrt(sum(run[1] ** 2 for run in runs)) / len(runs)
        assert worth[number] == pytest.approx(mean, abs=4.0 * deviation + RARE), number
    assert worth[0] > 1e4
    assert worth[3] < 10.0  # never worth it: nothing to learn


def test_worth_falls_with_the_error_and_is_nothing_where_nothing_is_revealed() -> None:
    steps = steps_of_fleet()
    frontier = least_cost_frontier(steps)
    errors = (0.0, 0.1, 0.3, 1.0, math.inf)
    worth = np.array([
        worth_by_unit(steps, frontier, PRICE, {n: revealed(own, error) for n, (_, own) in enumerate(FLEET)})
        for error in errors
    ])  # fmt: skip
    assert (np.diff(worth, axis=0) <= 1e-9).all()
    assert (worth[-1] == 0.0).all()
    assert (worth >= 0.0).all()


def test_worth_is_never_more_than_that_of_knowing_all() -> None:
    """Perfect knowledge of a single step: the closed form of an option to do it or not."""
    steps = plain_steps(np.array([0]), np.array([100.0]), np.array([1.1e6]))
    [worth] = worth_by_unit(steps, least_cost_frontier(steps), PRICE, {0: 0.5})
    rng = np.random.default_rng(3)
    emission = np.exp(0.5 * rng.normal(size=1_000_000) - 0.125)
    gained = np.maximum(PRICE * 100.0 * emission - 1.1e6, 0.0)
    assert worth == pytest.approx(gained.mean(), abs=4.0 * gained.std() / 1000.0)


def test_unit_without_a_step_is_worth_nothing_to_measure() -> None:
    steps = plain_steps(np.array([1]), np.array([1.0]), np.array([1.0]))
    assert worth_by_unit(steps, least_cost_frontier(steps), 1.0, {0: 0.5, 7: 0.5}).tolist() == [0.0, 0.0]


def test_mean_excess_of_a_lognormal_by_integration() -> None:
    z = np.linspace(-10.0, 10.0, 200_001)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    for bound, size in ((0.3, 0.2), (1.0, 0.7), (2.5, 1.2)):
        exact = np.trapezoid(np.maximum(np.exp(size * z - size**2 / 2) - bound, 0.0) * density, z)
        assert mean_excess(np.array([bound]), np.array([size]))[0] == pytest.approx(exact, rel=1e-4)
