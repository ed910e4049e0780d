"""Value of information: which analyses and tests make the list of top units more certain, and by how much.

A preposterior analysis on the draws there are. For each candidate its signal is known in every draw: the own part of
the factors it would reveal, and an error of measurement. Draws are put into bins by the signal; within a bin each unit
that the candidate applies to takes the mean it would have then, every other unit keeps its mean, and the units are
ranked again. The value of the candidate is what the top units gain in emissions, and how many more are right. Means
within bins are taken over the revealed part alone, everything else at its exact mean, so that the noise of other
factors is never taken for information. By how much the spread of the total falls is that of a run with the result in
it (`spread_after`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory._types import Floats, Positions
from hginventory.decisions.ranking import DEFAULT_DRAWS, DEFAULT_SEED, KG_PER_T, NAMED, check_draws, rank_units
from hginventory.decisions.sensitivity.possible_measurements import PossibleMeasurement, possible_measurements
from hginventory.decisions.sensitivity.spread_after import SpreadOfTotal
from hginventory.decisions.sensitivity.variance_decomposition import check_life_known
from hginventory.ensemble import Draws, EnsembleInput, NormalStore, Revealed, run_ensemble, stream_id
from hginventory.errors import UsageError
from hginventory.projection import Projection, in_inventory, subset
from hginventory.uncertainty import assemble

CONSIDERED = 200  # largest units; no measurement of a smaller one changes a list of few
FOLLOWED = 20  # measurements whose worth together is followed
BINS, LEAST_PER_BIN = 40, 25
LEAST_DRAWS = 10 * LEAST_PER_BIN


@dataclass(frozen=True)
class SamplingPlan:
    """Measurements by their worth.

    Attributes
    ----------
    draws, seed, top : int
        Draws, seed, how many units are named.
    right, lost_t, width_t : float
        As things are: how many of the named are expected among the true largest, the mercury they are expected to
        miss [t], and the width of the 90 % interval of the total over the remaining life [t].
    table : DataFrame
        One row per candidate, highest value first: number, kind, unit_id, plant, units_served, column, cell (to fill
        in), words; gain_right and its standard error gain_right_error, gain_t [t]: what the top units would emit more;
        width_fall_t [t] and width_fall (share): the expected fall of the interval of the total; right_so_far and
        lost_t_so_far: after this and all measurements above it, NaN far down.
    candidates : tuple of PossibleMeasurement
        Those of the rows of the table; their indices are those of the units in the inventory.
    """

    draws: int
    seed: int
    top: int
    right: float
    lost_t: float
    width_t: float
    table: pd.DataFrame
    candidates: tuple[PossibleMeasurement, ...] = field(repr=False)

    def as_dict(self, rows: int | None = None) -> dict[str, Any]:
        """Return everything as plain data, for JSON; the first rows of the plan, or all."""
        numbers = {name: value for name, value in vars(self).items() if name not in ("table", "candidates")}
        return {**numbers, "plan": self.table.head(rows if rows is not None else len(self.table)).to_dict("records")}


def sampling_plan(
    projection: Projection,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    top: int = NAMED,
    considered: int = CONSIDERED,
) -> SamplingPlan:
    """Return the measurements that reduce uncertainty most, the highest value first.

    Parameters
    ----------
    projection : Projection
        The central run.
    draws, seed : int
        Draws, at least 250, and seed; the draws are those of the run.
    top : int
        How many units are named, of all units of the run in one list.
    considered : int
        How many of the largest units may be measured.

    Raises
    ------
    UsageError
        If draws or seed cannot be used.

    Examples
    --------
    >>> import hginventory as hg
    >>> plan = sampling_plan(hg.project("indonesia").projection, draws=500)
    >>> bool((plan.table["gain_t"] >= 0).all())
    True
    """
    check_draws(draws, seed, top=top)
    if draws < LEAST_DRAWS:
        words = f"{draws} draws are too few to bin. Use {LEAST_DRAWS} or more."
        raise UsageError(words, parameter="draws", allowed=(LEAST_DRAWS, math.inf))
    projection = subset(projection, in_inventory(projection.units))
    units = projection.units
    check_life_known(units)
    ranked = rank_units(units, combined=True)["unit_id"]
    given = assemble(
        projection, {"all": list(units.index), "named": list(ranked.head(top))}, {}, top=top, lifetime_spread=0.0
    )  # no measurement tells when a unit closes
    order = units.index.get_indexer(pd.Index(ranked))
    value = InformationValue(given, run_ensemble(given, draws, seed), order, draws, seed)
    found = possible_measurements(projection, order[:considered])
    worth = [value.of(candidate) for candidate in found]
    best = sorted(range(len(found)), key=lambda n: (-worth[n].gain, -worth[n].explained, found[n].words))
    total = value.result.life_sums[0] / KG_PER_T
    low, high = np.quantile(total, (0.05, 0.95))
    so_far = value.together([worth[n] for n in best[:FOLLOWED]])
    so_far += [(math.nan, math.nan)] * (len(best) - len(so_far))
    rows = [
        {
            "number": number,
            **found[n].as_row(),
            "gain_right": worth[n].right,
            "gain_right_error": worth[n].right_error,
            "gain_t": worth[n].gain / KG_PER_T,
            "width_fall_t": float(high - low) * worth[n].fall,
            "width_fall": worth[n].fall,
            "right_so_far": after[0],
            "lost_t_so_far": after[1] / KG_PER_T,
        }
        for number, (n, after) in enumerate(zip(best, so_far, strict=True), 1)
    ]
    columns = [*PossibleMeasurement.ROW, "gain_right", "gain_right_error", "gain_t", "width_fall_t", "width_fall",
               "right_so_far", "lost_t_so_far"]  # fmt: skip
    table = pd.DataFrame(rows, columns=["number", *columns])
    right, lost_t, width_t = value.right, value.lost / KG_PER_T, float(high - low)
    return SamplingPlan(draws, seed, given.top, right, lost_t, width_t, table, tuple(found[n] for n in best))


@dataclass(frozen=True)
class Worth:
    """What a candidate is worth.

    Attributes
    ----------
    gain : float
        What the top units would emit more [kg].
    right, right_error : float
        How many more of the named would be right, and the standard error.
    explained, fall : float
        Variance of the total that it explains [kg2], and the fall of the total's standard deviation as a share.
    bin_of : ndarray of int, shape (S,)
        Bin of each draw.
    means : mapping of int to ndarray of float, shape (bins,)
        Mean that each unit it applies to would have in each bin [kg].
    """

    gain: float
    right: float
    right_error: float
    explained: float
    fall: float
    bin_of: NDArray[np.int16] = field(repr=False)
    means: Mapping[int, Floats] = field(repr=False)


class InformationValue:
    """Values candidates on the draws of a run.

    Parameters
    ----------
    given : EnsembleInput
        The fleet; its first two sums are all units and the named.
    result : Draws
        Its draws.
    order : ndarray of int, shape (N,)
        Units in the order of the central ranking.
    draws, seed : int
        As drawn.
    """

    def __init__(self, given: EnsembleInput, result: Draws, order: Positions, draws: int, seed: int) -> None:
        self.given, self.result, self.draws, self.seed = given, result, draws, seed
        self.order, self.named = order, order[: given.top]
        self.central = given.central_lifetime()
        self.rank = np.empty(order.size, dtype=np.intp)
        self.rank[order] = np.arange(order.size)
        self.spread = SpreadOfTotal(given)
        self.bins = min(BINS, draws // LEAST_PER_BIN)
        right = np.isin(result.top_units, self.named).sum(axis=1)
        self.right, self.right_by_draw = float(right.mean()), right
        self.lost = float((result.top_sum - result.life_sums[1]).mean())

    def of(self, candidate: PossibleMeasurement) -> Worth:
        """Return the worth of a candidate."""
        bin_of, means = self.means(candidate)
        units = list(means)
        gain = 0.0
        more = np.zeros(self.draws)
        counts = np.bincount(bin_of, minlength=self.bins)
        for number in range(self.bins if units else 0):
            amounts = self.central.copy()
            amounts[units] = [means[unit][number] for unit in units]
            chosen = self._largest(amounts, units)
            if set(chosen) == set(self.named):
                continue
            gain += counts[number] / self.draws * float(amounts[chosen].sum() - amounts[self.named].sum())
            own = bin_of == number
            more[own] = np.isin(self.result.top_units[own], chosen).sum(axis=1) - self.right_by_draw[own]
        explained = float(np.sum([means[unit][bin_of] for unit in units], axis=0).var()) if units else 0.0
        error = float(more.std()) / math.sqrt(self.draws)
        return Worth(gain, float(more.mean()), error, explained, self.spread.fall(candidate), bin_of, means)

    def means(self, candidate: PossibleMeasurement) -> tuple[NDArray[np.int16], Mapping[int, Floats]]:
        """Return the bin of each draw, and the mean in each bin of each unit a candidate applies to [kg]."""
        bin_of = np.zeros(self.draws, dtype=np.int16)
        revealed = Revealed(self.given, candidate.streams, candidate.units)
        if not revealed.log_sd > 0.0 or math.isinf(candidate.log_sd):
            return bin_of, {}
        error = np.array([stream_id("measurement", candidate.kind, candidate.label)], dtype=np.uint64)
        store = NormalStore(np.concatenate([revealed.streams, error]), self.seed, self.draws)
        signal = revealed.signal(store) + candidate.log_sd * store.of(error)[0]
        bin_of[np.argsort(signal, kind="stable")] = np.arange(self.draws) * self.bins // self.draws
        counts = np.bincount(bin_of, minlength=self.bins)
        means = {}
        for unit, amount in revealed.amounts(store).items():
            if self.central[unit] > 0.0:
                exact = amount * (self.central[unit] / amount.mean())
                means[unit] = np.bincount(bin_of, weights=exact, minlength=self.bins) / counts
        return bin_of, means

    def _largest(self, amounts: Floats, changed: Sequence[int]) -> Positions:
        """Return the units that amounts would name; only ``changed`` differ from the central ones."""
        pool = np.union1d(self.order[: self.named.size + len(changed)], np.array(changed, dtype=np.intp))
        return pool[np.lexsort((self.rank[pool], -amounts[pool]))][: self.named.size]

    def together(self, plan: Sequence[Worth]) -> list[tuple[float, float]]:
        """Return how many named are right and what they miss [kg] after the first, the first two ... of a plan.

        A unit that several candidates apply to takes the result of the first, so that nothing is counted twice.
        """
        told = {unit for worth in plan for unit in worth.means}
        pool = self.order[np.isin(self.order, list(told)) | (self.rank[self.order] < self.named.size + len(told))]
        column = {int(unit): number for number, unit in enumerate(pool)}
        amounts = np.tile(self.central[pool], (self.draws, 1))
        known: set[int] = set()
        out: list[tuple[float, float]] = []
        for worth in plan:
            for unit in worth.means.keys() - known:
                amounts[:, column[unit]] = worth.means[unit][worth.bin_of]
            known |= worth.means.keys()
            chosen = np.argsort(-amounts, axis=1, kind="stable")[:, : self.named.size]
            held = float(np.take_along_axis(amounts, chosen, axis=1).sum(axis=1).mean())
            right = (self.result.top_units[:, :, None] == pool[chosen][:, None, :]).any(axis=2).sum(axis=1)
            out.append((float(right.mean()), self.lost - held + float(self.central[self.named].sum())))
        return out
