"""Random effects of tests on the logit scale: variances within and between, and estimates of cells that borrow from others.

A test gives y = x b + cell + campaign + error: b are effects that cells have in common, as those of a train or a coal
class; cell, with the variance omega^2, is what is peculiar to a cell; campaign, with tau^2, what the tests of one source
have in common; the variance of the error is that within the cell over the number of tests. Both variances are those of
the greatest restricted likelihood (REML; Patterson and Thompson 1971, doi:10.1093/biomet/58.3.545), the estimates best
linear unbiased predictions (Robinson 1991, doi:10.1214/ss/1177011926).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq, minimize
from scipy.special import digamma, expit, polygamma
from scipy.stats import norm

Floats = NDArray[np.float64]
NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
STARTS = ((0.5, 0.5), (0.1, 1.0), (1.0, 0.1))  # of the search for the two standard deviations
FARTHEST = 30.0  # logit from which a share is 0 or 1


@dataclass(frozen=True)
class Effects:
    """What `fit` finds: standard deviations [logit] and, by cell, mean and variance of the mean.

    Attributes
    ----------
    tau, omega : float
        Standard deviation between campaigns and between cells.
    mean, variance : ndarray
        Logit of each cell and the variance of its error, that of the common effects included; shape (cells,).
    own : ndarray
        Weight of the cell's own tests, the rest being that of what its common effects say [0-1]; shape (cells,).
    effects, errors : ndarray
        Common effects and their standard errors, 0 where a column follows from those before it; shape (columns,).
    """

    tau: float
    omega: float
    mean: Floats
    variance: Floats
    own: Floats
    effects: Floats
    errors: Floats


def fit(y: Floats, variance: Floats, x: Floats, cell: NDArray[np.intp], x_of_cell: Floats) -> Effects:
    """Return the variances and the estimate of each cell.

    Parameters
    ----------
    y, variance : ndarray
        Logit of each test and the variance of its error; shape (tests,).
    x : ndarray
        Common effects that each test has; shape (tests, columns).
    cell : ndarray of int
        Cell of each test.
    x_of_cell : ndarray
        Common effects of each cell; shape (cells, columns).
    """
    kept: list[int] = []
    columns = x.shape[1]
    for column in range(columns):
        if np.linalg.matrix_rank(x[:, [*kept, column]]) > len(kept):
            kept.append(column)
    x, x_of_cell = x[:, kept], x_of_cell[:, kept]
    same = cell[:, None] == cell[None, :]

    def parts(sds: Floats) -> tuple[Floats, Floats, Floats, float]:
        total = np.diag(variance + sds[0] ** 2) + sds[1] ** 2 * same
        inverse = np.linalg.inv(total)
        of_effects = np.linalg.inv(x.T @ inverse @ x)
        effects = of_effects @ x.T @ inverse @ y
        left = y - x @ effects
        loss = np.linalg.slogdet(total)[1] - np.linalg.slogdet(of_effects)[1] + left @ inverse @ left
        return inverse, of_effects, effects, float(loss)

    found = [
        minimize(lambda sds: parts(sds)[3], start, bounds=[(0.0, None)] * 2, method="L-BFGS-B") for start in STARTS
    ]
    tau, omega = min(found, key=lambda one: float(one.fun)).x
    inverse, of_effects, effects, _ = parts(np.array([tau, omega]))
    shared = omega**2 * (cell[None, :] == np.arange(len(x_of_cell))[:, None])
    apart = x_of_cell - shared @ inverse @ x
    every, errors = np.zeros((2, columns))
    every[kept], errors[kept] = effects, np.sqrt(np.diag(of_effects))
    alone = np.array([1.0 / np.sum(1.0 / (variance + tau**2)[cell == one]) for one in range(len(x_of_cell))])
    return Effects(
        tau=float(tau), omega=float(omega),
        mean=x_of_cell @ effects + shared @ inverse @ (y - x @ effects),
        variance=omega**2 - np.einsum("ct,tu,cu->c", shared, inverse, shared)
        + np.einsum("ci,ij,cj->c", apart, of_effects, apart),
        own=omega**2 / (omega**2 + alone), effects=every, errors=errors,
    )  # fmt: skip


def squeezed(variances: Floats, freedom: Floats) -> tuple[float, float]:
    """Return the usual variance and the degrees of freedom it counts for, of variances each measured on few tests.

    Variances follow an inverse chi-squared distribution around the usual one (Smyth 2004, doi:10.2202/1544-6115.1027);
    the closer they lie together, the more the usual one counts. One variance, or none closer than chance, counts fully.

    Examples
    --------
    >>> usual, counts = squeezed(np.array([0.5, 2.0, 1.0, 30.0]), np.array([5.0, 5.0, 5.0, 5.0]))
    >>> round(usual, 2), round(counts, 1)
    (1.25, 1.4)
    """
    centred = np.log(variances) - digamma(freedom / 2.0) + np.log(freedom / 2.0)
    excess = float(np.var(centred, ddof=1) - np.mean(polygamma(1, freedom / 2.0))) if len(variances) > 1 else 0.0
    if excess <= polygamma(1, 500.0):
        return float(np.exp(np.mean(centred))), math.inf
    counts = 2.0 * brentq(lambda half: polygamma(1, half) - excess, 1e-3, 501.0)
    return float(np.exp(np.mean(centred) + digamma(counts / 2.0) - math.log(counts / 2.0))), counts


def mean_share(logit: float, variance: float) -> float:
    """Return the mean of a share whose logit is normal [0-1].

    >>> round(mean_share(2.0, 0.0), 3), round(mean_share(2.0, 4.0), 3)
    (0.881, 0.775)
    """
    return float(WEIGHTS @ expit(logit + math.sqrt(variance) * NODES))


def share_deviation(logit: float, variance: float) -> float:
    """Return the standard deviation of a share whose logit is normal [0-1]."""
    shares = expit(logit + math.sqrt(variance) * NODES)
    return float(np.sqrt(WEIGHTS @ (shares - WEIGHTS @ shares) ** 2))


def logit_of_mean(mean: float, variance: float) -> float:
    """Return the logit around which a share of that mean lies, the inverse of `mean_share`.

    >>> round(logit_of_mean(mean_share(2.0, 4.0), 4.0), 6)
    2.0
    """
    return float(brentq(lambda logit: mean_share(logit, variance) - mean, -FARTHEST, FARTHEST))


def variance_of_share(mean: float, deviation: float) -> float:
    """Return the variance of the logit of a share with a mean and a standard deviation [0-1].

    >>> m = mean_share(1.0, 2.0)
    >>> round(variance_of_share(m, share_deviation(1.0, 2.0)), 4)
    2.0
    """
    return float(brentq(lambda v: share_deviation(logit_of_mean(mean, v), v) - deviation, 0.0, FARTHEST))


@cache
def range_over_deviation(n: int) -> float:
    """Return the expected range of n normal numbers over their standard deviation (d2 of control charts).

    >>> round(range_over_deviation(2), 3), round(range_over_deviation(5), 3)
    (1.128, 2.326)
    """
    return float(quad(lambda z: 1.0 - norm.cdf(z) ** n - norm.sf(z) ** n, -9.0, 9.0)[0])
