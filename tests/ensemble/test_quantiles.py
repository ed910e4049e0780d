"""Distributions as tables, against scipy.stats; and how tables are read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from hginventory.ensemble import quantiles, table_lookup
from hginventory.ensemble.kernels import unit_draws
from hginventory.ensemble.quantiles import GRID, HIGHEST_SHARE, NODES, table_mean
from hginventory.ensemble.streams import BLOCK
from hginventory.ensemble.table_lookup import LINE, POWER, TABLE, Reader

INNER = np.abs(GRID) <= 5.0  # beyond, what a draw in a million meets


def truncated(sd: float, low: float, high: float) -> Any:
    """Return the normal between bounds whose mean is 1, its centre found by scipy."""

    def cut(centre: float) -> Any:
        return stats.truncnorm((low - centre) / sd, (high - centre) / sd, loc=centre, scale=sd)

    return cut(optimize.brentq(lambda centre: cut(centre).mean() - 1.0, 1.0 - 5.0 * sd, 1.0 + 5.0 * sd, xtol=1e-14))


def beta_of(mean: float, sd: float) -> Any:
    total = mean * (1.0 - mean) / sd**2 - 1.0
    return stats.beta(mean * total, (1.0 - mean) * total)


def exact(distribution: Any) -> np.ndarray:
    """Return the quantiles of a distribution at the nodes, each from the nearer tail, which loses no digits."""
    return np.where(GRID < 0, distribution.ppf(stats.norm.cdf(GRID)), distribution.isf(stats.norm.sf(GRID)))


@pytest.mark.parametrize("log_sd", [0.05, 0.3, 0.69, 1.2])
def test_lognormal(log_sd: float) -> None:
    reference = stats.lognorm(log_sd, scale=math.exp(-(log_sd**2) / 2.0))
    np.testing.assert_allclose(quantiles.lognormal(log_sd), exact(reference), rtol=3e-5)


@pytest.mark.parametrize(
    ("sd", "low", "high"),
    [(0.05, 0.0, math.inf), (0.3, 0.0, math.inf), (0.12, 0.0, 1.25), (0.12, 0.0, 1 / 0.95), (0.5, 0.0, 2.0)],
)
def test_normal(sd: float, low: float, high: float) -> None:
    table = quantiles.normal(sd, low, high)
    np.testing.assert_allclose(table[INNER], exact(truncated(sd, low, high))[INNER], atol=2e-4 * sd)
    assert table.max() <= high
    assert table.min() >= low


@pytest.mark.parametrize("high", [1.01, 1.0005, 1.0])
def test_a_bound_at_the_mean_leaves_no_room(high: float) -> None:
    table = quantiles.normal(0.12, 0.0, high)
    assert table.max() <= high
    assert float(table_mean(table)) == pytest.approx(1.0, abs=1e-9)


def test_triangular() -> None:
    reference = stats.triang(0.25, loc=-2.0, scale=8.0)
    np.testing.assert_allclose(quantiles.triangular(-2.0, 0.0, 6.0), exact(reference), atol=1e-6)


@pytest.mark.parametrize(("mean", "sd"), [(0.3, 0.1), (0.5, 0.25), (0.9, 0.05), (0.06, 0.05), (0.7, 0.4), (0.02, 0.1)])
def test_beta(mean: float, sd: float) -> None:
    reference = np.minimum(exact(beta_of(mean, sd)), HIGHEST_SHARE)
    reference *= mean / table_mean(reference)
    found = quantiles.beta(mean, sd)
    weight = quantiles.node_weights()
    assert np.abs(found - reference) @ weight < 2e-3 * sd
    np.testing.assert_allclose(found[INNER], reference[INNER], atol=0.02 * sd)


SIZES: dict[str, Callable[[float], np.ndarray]] = {
    "lognormal": quantiles.lognormal,
    "normal": quantiles.normal,
    "cut normal": lambda size: quantiles.normal(size, 0.0, 1.2),
}


@settings(max_examples=60, deadline=None)
@given(size=st.floats(0.001, 1.5), name=st.sampled_from(sorted(SIZES)))
def test_tables_have_mean_one_and_rise(size: float, name: str) -> None:
    table = SIZES[name](size)
    assert table.shape == (NODES,)
    assert float(table_mean(table)) == pytest.approx(1.0, abs=1e-9)
    assert (np.diff(table) >= 0).all()
    assert table.min() >= 0


@settings(max_examples=60, deadline=None)
@given(mean=st.floats(0.005, 0.995), part=st.floats(0.01, 0.95))
def test_beta_tables_keep_mean_and_spread(mean: float, part: float) -> None:
    sd = part * math.sqrt(mean * (1.0 - mean))
    assume(sd > 1e-3)
    table = quantiles.beta(mean, sd)
    assert float(table_mean(table)) == pytest.approx(mean, rel=1e-6)
    assert (np.diff(table) >= -1e-12).all()
    assert table.min() >= 0
    assert table.max() <= max(HIGHEST_SHARE, mean)
    spread = math.sqrt(max(0.0, float(table_mean((table - mean) ** 2))))
    assert spread <= sd * 1.02
    if mean < 0.9:  # above, the cut at the highest share takes spread away
        assert spread > 0.9 * sd


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 0.1), (1.0, 0.1), (-0.2, 0.1), (1.3, 0.1), (0.5, 0.5), (0.5, 0.0)])
def test_an_impossible_beta_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match=rf"mean {mean:g} and standard deviation {sd:g}"):
        quantiles.beta(mean, sd)


def test_a_normal_without_spread_is_one() -> None:
    np.testing.assert_array_equal(quantiles.normal(0.0), np.ones(NODES))


TABLES = np.array(
    [
        quantiles.lognormal(0.69),
        quantiles.normal(0.05),
        quantiles.normal(0.4),
        (1.0 - quantiles.beta(0.6, 0.2)) / 0.4,
        np.ones(NODES),
    ],
    dtype=np.float32,
)


def read(z: np.ndarray, number: int) -> np.ndarray:
    return Reader(TABLES).read(z[None, :].copy(), np.array([number], dtype=np.int32))[0]


def test_forms_of_tables() -> None:
    assert table_lookup.forms(TABLES)[0].tolist() == [POWER, LINE, TABLE, TABLE, LINE]


@pytest.mark.parametrize("number", range(len(TABLES)))
def test_a_table_is_read_as_it_stands(number: int) -> None:
    z = np.linspace(-7.99, 7.99, 5001, dtype=np.float32)
    found = read(z, number)
    wanted = np.interp(z.astype(np.float64), GRID, TABLES[number].astype(np.float64))
    np.testing.assert_allclose(found, wanted, rtol=6e-5, atol=1e-6)


@pytest.mark.parametrize("number", range(len(TABLES)))
def test_a_table_ends_at_its_reach(number: int) -> None:
    low, first, last, high = read(np.array([-11.0, -8.0, 8.0, 11.0], dtype=np.float32), number)
    assert low == first
    assert high == last


def test_kernel_and_numpy_read_the_same_bits() -> None:
    @numba.njit
    def read_all(z: Any, noise: Any, workspace: Any, out: Any) -> None:
        for number in range(len(z)):
            unit_draws.read_table(z[number], np.int32(number), noise, workspace, out[number])

    random = np.random.default_rng(1)
    z = np.clip(random.standard_normal((len(TABLES), BLOCK)) * 3.0, -10.0, 10.0).astype(np.float32)
    reader = Reader(TABLES)
    normal, tables = (table_lookup.pairs(table) for table in (table_lookup.normal_table(), TABLES))
    noise = unit_draws.Noise(
        np.uint64(0), normal, tables, reader.form, reader.offset, reader.slope, np.empty((0, 0), dtype=np.float32),
    )  # fmt: skip
    workspace = unit_draws.scratch(1, 1)
    ours = np.empty_like(z)
    read_all(z, noise, workspace, ours)
    numpys = reader.read(z.copy(), np.arange(len(TABLES), dtype=np.int32))
    np.testing.assert_array_equal(ours, numpys)


@settings(max_examples=200, deadline=None)
@given(st.floats(-120.0, 120.0, width=32))
def test_powers_of_two(exponent: float) -> None:
    found = float(table_lookup.power(np.array([exponent], dtype=np.float32))[0])
    assert found == pytest.approx(2.0**exponent, rel=2e-7)


@pytest.mark.parametrize("size", [0.1, 0.5, 1.5])
@pytest.mark.parametrize("mean", [0.2, 0.6, 0.79])
def test_shares_below_others_keep_their_mean(size: float, mean: float) -> None:
    """What passes behind one more device: nowhere more than before, on average as stated."""
    before = quantiles.scaled_to(0.8 * quantiles.lognormal(0.1), 0.8)
    after = quantiles.scaled_to(mean * quantiles.lognormal(size), mean, before)
    assert (after <= before).all()
    assert float(quantiles.table_mean(after)) == pytest.approx(mean, rel=1e-9)
    assert (np.diff(after) >= 0).all()


def test_shares_that_cannot_have_their_mean_are_the_most_they_can_be() -> None:
    before = quantiles.scaled_to(0.5 * quantiles.lognormal(0.1), 0.5)
    after = quantiles.scaled_to(0.7 * quantiles.lognormal(0.4), 0.7, before)
    assert after == pytest.approx(before)
