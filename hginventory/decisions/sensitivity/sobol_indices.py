"""Sobol indices of a group of inputs from three runs, and what groups do not explain alone.

References
----------
.. [1] Saltelli et al., Variance based sensitivity analysis of model output. Design and estimator for the total
   sensitivity index. Comput. Phys. Commun. 181 (2010) 259-270, doi:10.1016/j.cpc.2009.09.018: estimators of table 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hginventory._types import Floats


@dataclass(frozen=True)
class Indices:
    """Sobol indices of a group of inputs.

    Attributes
    ----------
    alone, alone_error : float
        Share of the variance that the group explains alone, and its standard error.
    at_all, at_all_error : float
        Share that would go if everything in the group were known, interactions included, and its standard error.
    """

    alone: float
    alone_error: float
    at_all: float
    at_all_error: float


def indices(first: Floats, other: Floats, mixed: Floats) -> Indices:
    """Return the Sobol indices of a group of inputs from three runs.

    Parameters
    ----------
    first, other : ndarray of float, shape (S,)
        Runs on independent inputs.
    mixed : ndarray of float, shape (S,)
        The group from ``first``, everything else from ``other``.

    Returns
    -------
    Indices
        NaN where nothing varies.

    Examples
    --------
    A sum of two equal parts:

    >>> a, b = np.random.default_rng(1).normal(size=(2, 2, 100_000))
    >>> found = indices(a.sum(axis=0), b.sum(axis=0), a[0] + b[1])
    >>> round(found.alone, 1), round(found.at_all, 1)
    (0.5, 0.5)
    """
    variance = _variance(first, other)
    if variance <= 0.0:
        return Indices(*[math.nan] * 4)
    alone = _alone(first, other, mixed) / variance
    at_all = 0.5 * (mixed - other) ** 2 / variance
    root = math.sqrt(first.size)
    return Indices(float(alone.mean()), float(alone.std()) / root, float(at_all.mean()), float(at_all.std()) / root)


def remainder(first: Floats, other: Floats, mixed: list[Floats]) -> tuple[float, float]:
    """Return what groups do not explain alone, as a share of the variance, and its standard error.

    Parameters
    ----------
    first, other : ndarray of float, shape (S,)
        As in `indices`.
    mixed : list of ndarray, each of shape (S,)
        One per group; together the groups cover every input.
    """
    variance = _variance(first, other)
    if variance <= 0.0:
        return math.nan, math.nan
    explained = np.sum([_alone(first, other, one) for one in mixed], axis=0) / variance
    return 1.0 - float(explained.mean()), float(explained.std()) / math.sqrt(first.size)


def _variance(first: Floats, other: Floats) -> float:
    return float(np.concatenate([first, other]).var())


def _alone(first: Floats, other: Floats, mixed: Floats) -> Floats:
    """Return by draw what averages to the variance that a group explains alone; small for groups that matter little."""
    centre = 0.5 * (first.mean() + other.mean())
    return np.asarray((first - centre) * (mixed - other))
