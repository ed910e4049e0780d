"""The linear relaxation of a plan: steps may be taken in part, so that no plan of whole steps has a lower objective.

Many steps are in few rows: one row per unit, and the rows that units share (the goal, what may start in a year). By
column generation only steps that may lower the objective are handed to the linear program. Prices of the shared rows
give a bound whatever they are (Lagrangian relaxation: each unit takes the step that is best at these prices), so that
the bound is right even where the linear program stops early.

Source: Desrosiers and Lübbecke (2005), https://doi.org/10.1007/0-387-25486-2_1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from hginventory._types import Flags, Floats, Ints

TOLERANCE = 1e-7  # of HiGHS, within which a row holds
NEW = 3  # steps of a unit that are tried in a round next to those taken, those of lowest price
TRADES = 12  # ratios of objective and goal at which each unit gives its best step to begin with
ROUNDS = 200
TINY = 1e-11  # what rounding may take from a price


@dataclass(frozen=True)
class Relaxed:
    """The relaxation of a problem of K steps.

    Attributes
    ----------
    bound : float
        No plan has a lower objective.
    reduced : ndarray of float, shape (K,)
        How far above the bound a plan with this step is at least.
    idle : ndarray of float, shape (K,)
        How far above the bound a plan is at least that leaves the unit of this step as it is.
    parts : ndarray of float, shape (K,)
        Part of each step that is taken [0-1].
    """

    bound: float
    reduced: Floats
    idle: Floats
    parts: Floats


@dataclass(frozen=True)
class StepProblem:
    """Minimise ``objective @ x`` with at most one step a unit and ``shared @ x <= upper``.

    Attributes
    ----------
    objective : ndarray of float, shape (K,)
        What a step adds.
    unit : ndarray of int, shape (K,)
        Unit of each step.
    shared : sparse array, shape (R, K)
        Rows that units share.
    upper : ndarray of float, shape (R,)
        Most of each row; where it is below 0, doing nothing is not a plan.
    """

    objective: Floats
    unit: Ints
    shared: Any
    upper: Floats

    @cached_property
    def _by_unit(self) -> tuple[Ints, Ints, Ints]:
        """The order of the steps unit by unit, where each unit begins in it, and the dense number of their units."""
        order = np.argsort(self.unit, kind="stable")
        _, starts, dense = np.unique(self.unit[order], return_index=True, return_inverse=True)
        number = np.empty_like(order)
        number[order] = dense
        return order, starts, number

    @property
    def number(self) -> Ints:
        """Row of the unit of each step in ``matrix``, shape (K,)."""
        return self._by_unit[2]

    @cached_property
    def matrix(self) -> Any:
        """All rows by column: first one a unit, then those that units share."""
        from scipy.sparse import csc_array, vstack

        _, starts, number = self._by_unit
        size = number.size
        own = csc_array((np.ones(size), (number, np.arange(size))), shape=(starts.size, size))
        return vstack([own, self.shared]).tocsc()

    @cached_property
    def most(self) -> Floats:
        """Most of each row of ``matrix``."""
        return np.concatenate([np.ones(self._by_unit[1].size), self.upper])

    def _least(self, values: Floats) -> Floats:
        """Return the least value of the steps of each unit."""
        order, starts, _ = self._by_unit
        return np.asarray(np.minimum.reduceat(values[order], starts))

    def relaxed(self, close: float) -> Relaxed | None:
        """Return the relaxation; None where not even parts of steps keep to all rows.

        Parameters
        ----------
        close : float
            Distance of the bound from the linear program at which the search ends, as a share of what is moved.
        """
        kept = self._first_steps()
        lacking = np.flatnonzero(self.upper < 0)
        if lacking.size and not self._reach(kept, lacking):
            return None
        best = Relaxed(-np.inf, np.empty(0), np.empty(0), np.empty(0))
        for _ in range(ROUNDS):
            solved = self._program(self.objective, kept)
            if solved is None:
                return None
            value, parts, own, prices = solved
            priced = self.objective + self.shared.T @ prices
            least = np.minimum(self._least(priced), 0.0)
            bound = float(least.sum() - prices @ self.upper)
            if bound > best.bound:
                idle = -least[self._by_unit[2]]
                best = Relaxed(bound, priced + idle, idle, parts)
            moved = float(np.abs(self.objective) @ parts)
            if value - best.bound <= close * moved or not self._better(priced, own, kept, parts):
                break
        return replace(best, parts=parts)

    def _first_steps(self) -> Flags:
        """Return for each unit the steps that are best where a row of the goal is cheap, and where it is dear."""
        kept = np.zeros(self.objective.size, np.bool_)
        dense = self._by_unit[2]
        for row in np.flatnonzero(np.diff(self.shared.tocsr().indptr) > self.objective.size // 2):
            weight = self.shared[[row], :].toarray().ravel()
            scale = float(np.median(np.abs(self.objective))) / max(float(np.median(np.abs(weight))), 1e-300)
            for trade in scale * np.geomspace(1e-3, 1e3, TRADES):
                priced = self.objective + trade * weight
                kept |= priced <= self._least(priced)[dense]
        kept |= self.objective <= self._least(self.objective)[dense]
        return kept

    def _reach(self, kept: Flags, lacking: Ints) -> bool:
        """Add steps until parts of them keep to the rows that ask for something; return whether they can."""
        nothing = np.zeros(self.objective.size)
        for _ in range(ROUNDS):
            solved = self._program(nothing, kept, lacking)
            if solved is None:
                return False
            short, parts, own, prices = solved
            if short <= TOLERANCE:
                return True
            if not self._better(self.shared.T @ prices, own, kept, parts):
                return False
        return False

    def _better(self, priced: Floats, own: Floats, kept: Flags, parts: Floats) -> bool:
        """Keep the steps that are taken and the few of lowest price of each unit; return whether one is better."""
        _, starts, dense = self._by_unit
        if not ((priced - own[dense] < -TINY) & ~kept).any():
            return False
        by_price = np.lexsort((priced, dense))
        few = by_price[np.arange(by_price.size) - starts[dense[by_price]] < NEW]
        kept[:] = parts > 0
        kept[few] = True
        return True

    def _program(
        self, objective: Floats, kept: Flags, lacking: Ints | None = None
    ) -> tuple[float, Floats, Floats, Floats] | None:
        """Return least objective, parts of steps, and prices of units (at most 0) and of shared rows (at least 0).

        Where rows are named that may stay short, the objective has what they are short by.
        """
        from scipy.optimize import linprog
        from scipy.sparse import csc_array, hstack

        rows, units = np.flatnonzero(kept), self._by_unit[1].size
        matrix, costs = self.matrix[:, rows], objective[rows]
        if lacking is not None:
            ones, column = -np.ones(lacking.size), np.arange(lacking.size)
            matrix = hstack([matrix, csc_array((ones, (units + lacking, column)), shape=(self.most.size, column.size))])
            costs = np.concatenate([costs, -ones])
        result = linprog(costs, A_ub=matrix, b_ub=self.most, bounds=(0, None), method="highs")
        if result.x is None:
            return None
        parts = np.zeros(kept.size)
        parts[rows] = result.x[: rows.size]
        prices = np.asarray(result.ineqlin.marginals, dtype=np.float64)
        return float(result.fun), parts, prices[:units], np.maximum(-prices[units:], 0.0)
