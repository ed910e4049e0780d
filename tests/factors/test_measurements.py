"""Measurements on the logarithm: closed forms of the conjugate normal, and what must hold for any numbers."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hginventory.factors.measurements import (
    LogMeasurement,
    after,
    apart,
    log_sd_of,
    pooled,
    posterior,
    shrunk,
    weight,
    z_score,
)
from hginventory.factors.spread import BETA, LOGNORMAL, NORMAL, TRIANGULAR, Spread

OWN = (("unit", 1.0),)
MEANS = st.floats(1e-3, 1e3)
SIZES = st.floats(0.01, 2.0)
READINGS = st.lists(st.builds(LogMeasurement, st.floats(-3, 3), SIZES, st.integers(2015, 2020)), min_size=1, max_size=5)


@pytest.mark.parametrize(("mean", "log_sd", "measured", "error"), [(0.1, 0.6, 0.2, 0.3), (5.0, 0.2, 1.0, 0.9)])
def test_posterior_is_that_of_a_normal_with_a_normal_error(
    mean: float, log_sd: float, measured: float, error: float
) -> None:
    """Posterior density on a grid: prior times likelihood, integrated numerically."""
    x = np.linspace(-12, 12, 200_001)
    prior = -0.5 * ((x - (math.log(mean) - log_sd**2 / 2)) / log_sd) ** 2
    density = np.exp(prior - 0.5 * ((math.log(measured) - x) / error) ** 2)
    density /= density.sum()
    log_mean = (density * x).sum()
    found_mean, found_sd = posterior(mean, log_sd, measured, error)
    assert found_sd == pytest.approx(math.sqrt((density * (x - log_mean) ** 2).sum()), rel=1e-6)
    assert found_mean == pytest.approx((density * np.exp(x)).sum(), rel=1e-6)


@given(MEANS, SIZES, MEANS, SIZES)
def test_posterior_lies_between_and_is_narrower(mean: float, log_sd: float, measured: float, error: float) -> None:
    found, found_sd = posterior(mean, log_sd, measured, error)
    low, high = sorted((mean, measured))
    assert low * (1 - 1e-12) <= found <= high * (1 + 1e-12)
    assert found_sd < min(log_sd, error) * (1 + 1e-12)


@given(MEANS, SIZES, MEANS)
def test_a_sure_measurement_decides_and_a_vague_one_changes_nothing(
    mean: float, log_sd: float, measured: float
) -> None:
    assert posterior(mean, log_sd, measured, 1e-7)[0] == pytest.approx(measured, rel=1e-6)
    vague = posterior(mean, log_sd, measured, 1e7)
    assert vague == (pytest.approx(mean, rel=1e-6), pytest.approx(log_sd, rel=1e-6))


@given(READINGS, st.floats(0.0, 0.5))
def test_the_order_of_readings_does_not_matter(readings: list[LogMeasurement], year_sd: float) -> None:
    found = {pooled(list(order), year_sd) for order in permutations(readings)}
    assert len(found) == 1


@given(READINGS, st.builds(LogMeasurement, st.floats(-3, 3), SIZES, st.integers(2015, 2020)), st.floats(0.0, 0.5))
def test_one_more_reading_never_widens(readings: list[LogMeasurement], more: LogMeasurement, year_sd: float) -> None:
    assert pooled([*readings, more], year_sd)[1] <= pooled(readings, year_sd)[1] * (1 + 1e-12)


@settings(max_examples=50)
@given(MEANS, SIZES, st.lists(st.tuples(MEANS, SIZES), min_size=1, max_size=4))
def test_one_after_the_other_is_all_at_once(
    mean: float, log_sd: float, measurements: list[tuple[float, float]]
) -> None:
    step = (mean, log_sd)
    for measured, error in measurements:
        step = posterior(*step, measured, error)
    value, error = pooled([LogMeasurement(math.log(measured), error, 2020) for measured, error in measurements])
    assert step == pytest.approx(posterior(mean, log_sd, math.exp(value), error), rel=1e-9)


def test_readings_of_one_year_share_the_error_of_the_year() -> None:
    same = [LogMeasurement(0.0, 0.1, 2020)] * 1000
    assert pooled(same, 0.17)[1] == pytest.approx(math.hypot(0.17, 0.1 / math.sqrt(1000)))
    two_years = [LogMeasurement(0.0, 0.1, 2020), LogMeasurement(0.0, 0.1, 2021)]
    assert pooled(two_years, 0.17)[1] == pytest.approx(math.hypot(0.17, 0.1) / math.sqrt(2))


def test_z_is_standard_normal_where_the_model_is_right() -> None:
    """Truth from the prior, a measurement from the truth: the z-scores have mean 0 and standard deviation 1."""
    random = np.random.default_rng(7)
    mean, log_sd, error = 0.1, 0.6, 0.3
    truth = math.log(mean) - log_sd**2 / 2 + log_sd * random.normal(size=20_000)
    measured = np.exp(truth + error * random.normal(size=truth.size))
    z = np.array([z_score(mean, log_sd, one, error) for one in measured])
    assert abs(z.mean()) < 4 / math.sqrt(z.size)
    assert z.std() == pytest.approx(1.0, abs=0.02)


def test_ninety_per_cent_intervals_after_measuring_hold_ninety_per_cent() -> None:
    random = np.random.default_rng(8)
    mean, log_sd, error = 0.1, 0.6, 0.3
    truth = math.log(mean) - log_sd**2 / 2 + log_sd * random.normal(size=20_000)
    measured = np.exp(truth + error * random.normal(size=truth.size))
    hits = 0
    for value, one in zip(truth, measured, strict=True):
        found, found_sd = posterior(mean, log_sd, one, error)
        hits += abs(value - (math.log(found) - found_sd**2 / 2)) < 1.6448536 * found_sd
    assert hits / truth.size == pytest.approx(0.9, abs=0.01)


def test_apart_counts_both_errors_and_the_years() -> None:
    one, other = LogMeasurement(0.0, 0.3, 2020), LogMeasurement(1.0, 0.4, 2020)
    assert apart(one, other, 0.17) == pytest.approx(2.0)
    later = LogMeasurement(1.0, 0.4, 2021)
    assert apart(one, later, 0.17) == pytest.approx(1.0 / math.sqrt(0.25 + 2 * 0.17**2))
    assert apart(one, other, 0.17) == apart(other, one, 0.17)


@given(SIZES, SIZES, st.floats(0.05, 0.95))
def test_what_is_shared_stays_shared_and_shrinks(log_sd: float, error: float, shared: float) -> None:
    """Variances by hand: shared (1-K)^2 s^2 c, own (1-K)^2 s^2 (1-c) + K^2 t^2; their sum is s^2 t^2 / (s^2 + t^2)."""
    before = Spread(LOGNORMAL, log_sd, (("country", shared), ("plant", 1.0 - shared)))
    part = weight(log_sd, error)
    found = after(before, log_sd, part, error, "plant")
    variance = found.size**2
    assert variance == pytest.approx(log_sd**2 * error**2 / (log_sd**2 + error**2), rel=1e-9)
    of_country = dict(found.scopes)["country"] * variance
    assert of_country == pytest.approx((1 - part) ** 2 * log_sd**2 * shared, rel=1e-6, abs=1e-12)
    assert sum(share for _, share in found.scopes) == pytest.approx(1.0)


def test_a_scope_too_many_joins_the_most_own_one() -> None:
    before = Spread(LOGNORMAL, 0.5, (("country", 0.2), ("quarry", 0.5), ("kiln", 0.3)))
    assert [name for name, _ in after(before, 0.5, 0.5, 0.5, "unit").scopes] == ["country", "quarry", "kiln"]


@pytest.mark.parametrize(
    "spread",
    [Spread(kind, size, OWN) for kind, size in ((LOGNORMAL, 0.4), (NORMAL, 0.3), (TRIANGULAR, 0.3), (BETA, 0.1))],
)
def test_a_spread_keeps_its_kind_and_takes_the_log_sd(spread: Spread) -> None:
    found = shrunk(spread, 0.2, 0.5)
    assert found.distribution == spread.distribution
    assert log_sd_of(found, 0.5) == pytest.approx(0.2)
