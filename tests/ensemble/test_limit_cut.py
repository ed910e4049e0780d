"""The rate of a unit that is known to comply with a limit, against plain draws of which those above it are dropped."""

import math

import numpy as np
import pytest

from hginventory.ensemble import quantiles
from hginventory.ensemble.limit_cut import CUT_NODES, UsualMargin, apply_cuts, cut_at, cut_nodes
from hginventory.ensemble.rate_distribution import distribution_of, spectrum_of

USUAL = UsualMargin(0.4, 0.75)
LEAST = 0.05
DRAWS = 1_000_000


def lognormal(rng, sd):
    return rng.lognormal(-(sd**2) / 2, sd, DRAWS)


def beta(rng, mean, sd):
    total = mean * (1 - mean) / sd**2 - 1
    return rng.beta(mean * total, (1 - mean) * total, DRAWS) / mean


def passing(mean, sd):
    """Return the table of a passing share of a mean over that mean."""
    return quantiles.beta(mean, sd) / mean


def triangle(rng, half):
    return rng.triangular(1 - half, 1, 1 + half, DRAWS)


CASES = {  # name -> tables of common factors, of the two terms with their amounts; the same by numpy
    "coal": (
        [quantiles.lognormal(0.55), passing(0.35, 0.15)],
        [],
        lambda rng: lognormal(rng, 0.55) * beta(rng, 0.35, 0.15),
    ),
    "hard to remove": (
        [quantiles.lognormal(0.8), passing(0.9, 0.08)],
        [],
        lambda rng: lognormal(rng, 0.8) * beta(rng, 0.9, 0.08),
    ),
    "almost nothing passes": (
        [quantiles.lognormal(0.3), passing(0.05, 0.06)],
        [],
        lambda rng: lognormal(rng, 0.3) * beta(rng, 0.05, 0.06),
    ),
    "kiln": (
        [quantiles.lognormal(0.4), passing(0.7, 0.2)],
        [(3.0, [quantiles.lognormal(1.1)]), (1.0, [quantiles.lognormal(0.4), quantiles.triangular(0.8, 1, 1.2)])],
        lambda rng: (
            lognormal(rng, 0.4)
            * beta(rng, 0.7, 0.2)
            * (0.75 * lognormal(rng, 1.1) + 0.25 * lognormal(rng, 0.4) * triangle(rng, 0.2))
        ),
    ),
    "one factor": ([quantiles.lognormal(1.2)], [], lambda rng: lognormal(rng, 1.2)),
}


@pytest.fixture(params=CASES, name="case")
def _case(request):
    common, terms, by_numpy = CASES[request.param]
    spectra = [(amount, [spectrum_of(table) for table in own]) for amount, own in terms]
    return distribution_of([spectrum_of(table) for table in common], spectra), by_numpy(np.random.default_rng(5))


def test_mean_is_the_central_value(case):
    distribution, _ = case
    assert distribution.mean_below(math.inf) == pytest.approx(1.0, abs=1e-9)


def test_probabilities_are_those_of_plain_draws(case):
    distribution, rates = case
    levels = np.quantile(rates, [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])
    below, above = distribution.probability(levels)
    found = np.array([(rates < level).mean() for level in levels])
    assert np.abs(below - found).max() < 0.002
    assert below + above == pytest.approx(np.ones(levels.size), abs=1e-12)


def test_rises_everywhere_and_falls_back_on_itself(case):
    distribution, _ = case
    rates = np.exp(np.linspace(-60.0, 30.0, 20_001))
    below, above = distribution.probability(rates)
    assert (np.diff(below) >= 0).all()
    assert (np.diff(above) <= 0).all()
    tail = np.exp(np.linspace(-60.0, float(distribution.edges[0]) - 0.5, 50))
    assert (np.diff(distribution.probability(tail)[0]) > 0).all()  # also where no draw ever lies
    inner = rates[(below > 1e-200) & (above > 1e-200)]
    assert distribution.quantile(*distribution.probability(inner)) == pytest.approx(inner, rel=1e-7)


@pytest.mark.parametrize("share", [0.06, 0.1, 0.3, 0.6, 0.9, 0.99])
def test_cut_mean_is_that_of_draws_not_thrown_away(case, share):
    distribution, rates = case
    limit = float(np.quantile(rates, share))
    cut = cut_at(distribution, limit, USUAL, LEAST)
    assert cut.is_explained
    assert cut.probability == pytest.approx(share, abs=0.002)
    assert cut.mean == pytest.approx(rates[rates < limit].mean(), rel=0.01)
    assert cut.mean <= 1.0


@pytest.mark.parametrize("limit", [1e2, 1e4, 1e6, 1e9, 1e15])
def test_a_limit_far_above_gives_the_central_value_back(case, limit):
    distribution, _ = case
    cut = cut_at(distribution, limit, USUAL, LEAST)
    above = float(distribution.probability(np.array(limit))[1])
    assert 1.0 - (1.0 if cut is None else cut.mean) == pytest.approx(0.0, abs=max(1e-9, 3 * limit * above))


def test_mean_falls_with_the_limit_and_never_passes_it(case):
    distribution, rates = case
    limits = np.quantile(rates, np.linspace(0.06, 0.999, 60))
    means = np.array([cut_at(distribution, float(limit), USUAL, LEAST).mean for limit in limits])
    assert (np.diff(means) > 0).all()
    assert (means <= np.minimum(limits, 1.0)).all()


def cut_draws(distribution, rates, limit):
    """Return draws after a cut by its table, with an activity that it must not see."""
    cut = cut_at(distribution, limit, USUAL, LEAST)
    rng = np.random.default_rng(8)
    activity = rng.uniform(0.3, 1.4, rates.size).astype(np.float32)
    amount = 7.0 * rates * activity
    table = np.zeros(1, dtype=np.int32)
    after = apply_cuts(amount[None, :], np.array([7.0]), activity[None, :], cut.table[None, :], table)[0]
    return cut, after / 7.0 / activity


@pytest.mark.parametrize("share", [0.06, 0.3, 0.9, 0.999])
def test_draws_keep_rank_and_limit_and_mean(case, share):
    distribution, rates = case
    limit = float(np.quantile(rates, share))
    cut, after = cut_draws(distribution, rates, limit)
    assert (after <= rates * (1 + 1e-6)).all()
    assert (after < limit).all()
    order = np.argsort(rates)
    assert (np.diff(after[order]) >= -2e-6 * after[order][1:]).all()  # single precision
    assert after.mean() == pytest.approx(cut.mean, rel=0.005)
    kept = rates[rates < limit]
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    assert np.quantile(after, levels) == pytest.approx(np.quantile(kept, levels), rel=0.03)


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.045])
def test_usual_margin_stands_in_where_the_controls_hardly_ever_comply(case, share):
    distribution, rates = case
    limit = float(np.quantile(rates, share))
    cut, after = cut_draws(distribution, rates, limit)
    assert not cut.is_explained
    assert cut.probability == pytest.approx(share, abs=0.002)
    rng = np.random.default_rng(3)
    usual = rng.lognormal(math.log(0.4), 0.75, 4_000_000)
    usual = np.sort(limit * usual[usual < 1.0])
    ranks = np.argsort(np.argsort(rates)) / rates.size
    expected = np.minimum(rates, usual[(ranks * usual.size).astype(int)])
    assert cut.mean == pytest.approx(expected.mean(), rel=0.01)
    assert after.mean() == pytest.approx(cut.mean, rel=0.01)
    assert (after < limit).all()
    assert (after <= rates * (1 + 1e-6)).all()
    stacked = (after > 0.99 * limit).mean()
    assert stacked < 0.01  # not stacked at the limit


@pytest.mark.parametrize(("limit", "mean"), [(2.0, None), (1.0, None), (0.5, 0.5), (0.01, 0.01)])
def test_a_rate_that_does_not_vary(limit, mean):
    cut = cut_at(None, limit, USUAL, LEAST)
    if mean is None:
        assert cut is None
        return
    usual = np.random.default_rng(2).lognormal(math.log(0.4), 0.75, DRAWS)
    assert cut.mean == pytest.approx(mean * usual[usual < 1].mean(), rel=0.01)
    assert not cut.is_explained


def test_nodes_lie_where_the_bits_say():
    nodes = cut_nodes()
    assert nodes.size == CUT_NODES
    assert nodes[0] == 2.0**-20
    assert nodes[-1] == 2.0**12
    assert (np.diff(nodes) > 0).all()


def test_rates_beyond_the_table_keep_the_order():
    rates = np.exp(np.linspace(-30.0, 20.0, 10_001))
    distribution = distribution_of([spectrum_of(quantiles.lognormal(1.5))])
    cut = cut_at(distribution, 0.7, USUAL, LEAST)
    one = np.ones((1, rates.size), dtype=np.float32)
    after = apply_cuts(rates[None, :], np.ones(1), one, cut.table[None, :], np.zeros(1, dtype=np.int32))[0]
    assert (np.diff(after) >= -1e-6 * after[1:]).all()
    assert (after <= 0.7).all()
    assert (after > 0.0).all()
