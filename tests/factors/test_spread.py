"""Spreads that cannot be drawn are refused with what is wrong, and ranges become the distribution that has them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hginventory.ensemble.quantiles import GRID, cdf_of_nodes
from hginventory.errors import UsageError
from hginventory.factors.row_checks import wrong_scopes
from hginventory.factors.spread import BETA, LOGNORMAL, NORMAL, TRIANGULAR, Spread, of_analyses, of_range
from hginventory.factors.tables import SCOPES
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, PASSING, REMOVED, UncertainFactor

OWN = (("unit", 1.0),)


@pytest.mark.parametrize(
    ("distribution", "size", "scopes", "words"),
    [
        (LOGNORMAL, -0.3, OWN, "-0.3 is below 0"),
        (NORMAL, math.nan, OWN, "is not a number"),
        (NORMAL, math.inf, OWN, "has no end"),
        ("uniform", 0.3, OWN, "distribution 'uniform' of a spread: allowed are lognormal"),
        (LOGNORMAL, 0.3, (), "one to 3 are needed"),
        (LOGNORMAL, 0.3, (("unit", 0.5), ("unit", 0.5)), "the scope 'unit' is given twice"),
        (LOGNORMAL, 0.3, (("province", 1.0),), "there is no scope 'province'; allowed: country, plant"),
        (LOGNORMAL, 0.3, (("country", 0.5), ("plant", 0.4)), "scopes sum to 0.9, not to 1"),
        (LOGNORMAL, 0.3, (("country", 1.5), ("plant", -0.5)), "outside 0 to 1"),
    ],
)
def test_a_spread_that_cannot_be_drawn_is_refused(
    distribution: str, size: float, scopes: tuple[tuple[str, float], ...], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        Spread(distribution, size, scopes)


def test_the_doubled_variance_of_a_repeated_scope_is_what_is_refused() -> None:
    """Two halves on one random number would add as sqrt(1/2) + sqrt(1/2), which is no standard normal."""
    assert (math.sqrt(0.5) + math.sqrt(0.5)) ** 2 == pytest.approx(2.0)
    with pytest.raises(UsageError, match="add its shares up"):
        Spread(LOGNORMAL, 0.3, (("plant", 0.5), ("plant", 0.5)))


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_may_stand_alone(scope: str) -> None:
    assert Spread(LOGNORMAL, 0.3, ((scope, 1.0),)).scopes == ((scope, 1.0),)


@pytest.mark.parametrize(
    ("distribution", "known"),
    [
        (LOGNORMAL, stats.lognorm),
        (NORMAL, lambda size: stats.norm(0.0, size * 0.4)),
        ("", lambda size: stats.norm(0.0, size * 0.4)),
        (TRIANGULAR, lambda size: stats.triang(0.5, loc=-size * 0.4 * 6**0.5, scale=2 * size * 0.4 * 6**0.5)),
    ],
    ids=["lognormal", "normal", "blank is normal", "triangular"],
)
def test_a_range_is_the_5th_to_the_95th_percentile(distribution: str, known: object) -> None:
    low, high = 0.25, 0.55
    spread = of_range(distribution, 0.4, low, high, OWN)
    p05, p95 = known(spread.size).ppf([0.05, 0.95])  # type: ignore[operator]
    if distribution == LOGNORMAL:
        assert p95 / p05 == pytest.approx(high / low)
    else:
        assert p95 - p05 == pytest.approx(high - low)


@pytest.mark.parametrize(
    ("distribution", "low", "mean", "high", "words"),
    [
        (LOGNORMAL, 0.2, 0.1, 0.3, "do not rise"),
        (NORMAL, 0.3, 0.4, 0.2, "do not rise"),
        (LOGNORMAL, 0.0, 0.1, 0.3, "is not above 0"),
        (BETA, 0.0, 0.02, 0.9, "no share of mean 0.02"),
        (BETA, 0.5, 1.0, 1.0, "no share of mean 1"),
        (NORMAL, -0.1, 0.0, 0.1, "range around 0"),
        (TRIANGULAR, -0.9, 0.1, 0.9, "no triangle around 0.1"),
    ],
)
def test_a_range_that_no_distribution_has_is_refused(
    distribution: str, low: float, mean: float, high: float, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        of_range(distribution, mean, low, high, OWN)


@pytest.mark.parametrize(("size", "highest"), [(0.2, math.inf), (0.2, 1.3), (0.4, math.inf)])
def test_a_triangle_is_drawn_as_one(size: float, highest: float) -> None:
    factor = UncertainFactor("utilisation", MULTIPLIER, 1.0, Spread(TRIANGULAR, size, OWN), ("U",), highest=highest)
    tables = Tables()
    assert tables.index_of(factor) == 0
    table = tables.stacked()
    half = min(size * math.sqrt(6.0), 1.0, highest - 1.0)
    expected = stats.triang(0.5, loc=1.0 - half, scale=2.0 * half).ppf(cdf_of_nodes())
    np.testing.assert_allclose(table[0][np.abs(GRID) < 5], expected[np.abs(GRID) < 5], atol=2e-6)


@pytest.mark.parametrize("kind", [PASSING, REMOVED])
def test_no_share_passes_one_whatever_its_distribution(kind: str) -> None:
    tables = Tables()
    for number, distribution in enumerate((NORMAL, TRIANGULAR, LOGNORMAL, BETA)):
        factor = UncertainFactor(
            "removal", kind, 0.3, Spread(distribution, 0.4 if distribution != BETA else 0.2, OWN), ("U",)
        )
        assert tables.index_of(factor) == number
    passing = tables.stacked() * (0.3 if kind == PASSING else 0.7)
    assert (passing <= 1.0 + 1e-6).all()
    assert (passing >= 0.0).all()


@pytest.mark.parametrize(("mean", "sd", "n"), [(0.1, 0.05, 1), (0.1, 0.05, 25), (0.04, 0.06, 3), (2.0, 0.3, 8)])
def test_the_mean_of_analyses_has_their_standard_error(mean: float, sd: float, n: int) -> None:
    """The variance of a lognormal of log variance v is (e^v - 1) times its squared mean."""
    spread = of_analyses(mean, sd, n, "plant")
    assert mean * math.sqrt(math.expm1(spread.size**2)) == pytest.approx(sd / math.sqrt(n))
    assert (spread.distribution, spread.scopes) == (LOGNORMAL, (("plant", 1.0),))


@pytest.mark.parametrize(
    ("scopes", "wrong"),
    [
        ([("country", 0.0), ("plant", 1.0)], ""),
        ([("plant", 1.0)], ""),
        ([("country", -0.01), ("plant", 1.01)], "outside 0 to 1"),
        ([("country", 0.5), ("plant", 0.49)], "sum to 0.99"),
        ([("country", 0.5), ("town", 0.5)], "no scope 'town'"),
        ([], "are needed"),
    ],
)
def test_shares_of_scopes(scopes: list[tuple[str, float]], wrong: str) -> None:
    found = list(wrong_scopes(scopes))
    assert len(found) == bool(wrong)
    assert wrong in "".join(found)
