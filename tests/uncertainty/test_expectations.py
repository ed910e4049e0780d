"""What draws are on average: the central run, with the exact expectation of years where lifetimes vary."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import hginventory as hg
from hginventory.ensemble.arrays import FIXED_POINT, EnsembleInput
from hginventory.ensemble.numpy_engine import NormalStore, row_values, run_numpy
from hginventory.ensemble.quantiles import table_mean
from hginventory.projection import Projection
from hginventory.uncertainty import lifetimes
from hginventory.uncertainty.ensemble_input import assemble

DRAWS, SEED = 4000, 3
ERRORS = 4.8  # standard errors allowed: of 353 units, one in a thousand runs has one beyond
SHIFT = 5.0  # largest shift of the last year [yr]


@pytest.fixture(scope="module")
def projection(central: hg.Run) -> Projection:
    return central.projection


def given_of(projection: Projection) -> EnsembleInput:
    every = {"all": list(projection.units.index)}
    return assemble(projection, every, every)


def shifting(projection: Projection, policy: float) -> EnsembleInput:
    """Return the ensemble in which last years shift, a part of the variance with all units of the country."""
    scopes = (("country", policy), ("unit", 1.0 - policy))
    return replace(given_of(projection), **lifetimes.arrays(projection, SHIFT, scopes))  # type: ignore[arg-type]


def rates_of(given: EnsembleInput) -> np.ndarray:
    """Return the drawn mercury to air of a full year, shape (units, draws)."""
    store = NormalStore(given.rows.stream[given.rows.weight > 0], SEED, DRAWS)
    return row_values(given, slice(None), store)[given.rate_row]


def assert_near(drawn: np.ndarray, expected: np.ndarray) -> None:
    """Assert that means of rows of draws are as expected, within sampling error."""
    error = drawn.std(axis=-1) / np.sqrt(drawn.shape[-1])
    assert (np.abs(drawn.mean(axis=-1) - expected) <= ERRORS * error + 1e-5 * np.abs(expected)).all()


def test_every_table_has_mean_one(projection: Projection) -> None:
    np.testing.assert_allclose(table_mean(given_of(projection).tables.astype(np.float64)), 1.0, atol=1e-6)


def test_every_unit_is_on_average_what_the_central_run_says(projection: Projection) -> None:
    assert_near(rates_of(given_of(projection)), projection.units["air_kg_per_yr"].to_numpy())


def test_totals_and_years_are_on_average_those_of_the_central_run(projection: Projection) -> None:
    drawn = run_numpy(given_of(projection), DRAWS, SEED)
    assert_near(drawn.life_sums, projection.units["lifetime_kg"].sum())
    assert_near(drawn.base_sums, projection.units["air_base_year_kg"].sum())
    assert_near(drawn.yearly_sums[0], projection.yearly_kg.sum(axis=0))
    np.testing.assert_allclose(
        drawn.yearly_sums[0].sum(axis=0), drawn.life_sums[0], atol=len(projection.units) / FIXED_POINT
    )


@pytest.mark.parametrize("policy", [0.0, 0.4, 1.0])
def test_uncertain_lifetimes_have_the_exact_expectation_of_years(projection: Projection, policy: float) -> None:
    given = shifting(projection, policy)
    drawn = run_numpy(given, DRAWS, SEED)
    shifts = np.arange(-int(SHIFT), int(SHIFT) + 1)
    triangle = stats.triang(0.5, loc=-SHIFT, scale=2 * SHIFT)
    chance = triangle.cdf(shifts + 0.5) - triangle.cdf(shifts - 0.5)
    assert given.life_open is not None
    rows = given.rows
    central = rows.central.sum(axis=1)
    expected = np.zeros(given.units)
    for row, unit in enumerate(rows.unit):
        of_unit = np.flatnonzero(rows.unit == unit)
        closing = np.full(shifts.size, rows.end[of_unit].max())
        if given.life_open[unit]:
            closing = np.clip(closing + shifts, 0, given.years)
        last = closing if row == of_unit[-1] else np.minimum(closing, rows.end[row])
        expected[unit] += central[row] * float(np.maximum(last - rows.first[row], 0) @ chance)
    of_years = (drawn.life_quantiles[:, -1] - drawn.life_quantiles[:, 0]) / 2.0  # above that of any triangle
    rates = rates_of(given)
    mean = np.where(rates.mean(axis=1) > 0.0, rates.mean(axis=1), 1.0)
    sd = np.hypot(of_years, expected * rates.std(axis=1) / mean)  # of years, and of rates, whose tails are long
    off = np.abs(drawn.life_mean - expected)
    assert (off <= ERRORS * sd / np.sqrt(DRAWS) + 1e-5 * expected).all()
    fixed = run_numpy(given_of(projection), DRAWS, SEED)
    np.testing.assert_array_equal(drawn.rate_quantiles, fixed.rate_quantiles)  # a year's rate knows no lifetime
    assert (drawn.life_sums != fixed.life_sums).any()


def test_units_that_do_not_run_never_come_to_life(projection: Projection) -> None:
    drawn = run_numpy(shifting(projection, 0.5), 500, SEED)
    over = projection.units["remaining_years"].to_numpy() == 0
    assert over.any()
    assert (drawn.life_mean[over] == 0).all()
