"""How sure the ranking is: what draws of the uncertain factors say of units, totals and the named top of each list.

The ranking itself follows the central run; draws add columns and change no central number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.arguments import function
from hginventory.decisions.ranking.draw_tables import (
    ListDraws,
    Sets,
    concentration_table,
    coverage_chances,
    missed,
    rank_chances,
    sums_by_sector,
    totals_table,
    trajectory_table,
    units_table,
)
from hginventory.decisions.ranking.interval import Interval
from hginventory.decisions.ranking.leading import Leading
from hginventory.decisions.ranking.ranking import KG_PER_T, lists_of
from hginventory.ensemble import EngineChoice, Progress, choose_engine, run_ensemble
from hginventory.errors import UsageError
from hginventory.html_repr import html_table
from hginventory.projection import Projection
from hginventory.reading import BYTES_A_DRAW
from hginventory.uncertainty import assemble

DEFAULT_DRAWS, DEFAULT_SEED, NAMED = 2000, 1, 10
MOST_SEED = 2**64 - 1
MOST_DRAWS = 10_000_000  # more would take days and say nothing more


@dataclass(frozen=True)
class ListCertainty:
    """What the draws say of a list of units that are ranked together.

    Attributes
    ----------
    name : str
        Its sector; ``combined``: all units.
    top : int
        How many units are named: those ranked highest.
    named : tuple of str
        Their ids.
    named_share, own_share : Interval
        Share of the remaining mercury of the list that the named units have, and each draw's own largest as many.
    named_right : float
        How many of the named units are expected among the true largest.
    t_lost : float
        Mercury by which the named units are expected to fall short of the true largest [t].
    concentration : DataFrame
        units (the first n of the list, for some n), and mean and percentiles of the share they make [0-1].
    rank_chances : DataFrame, index unit_id
        One column per rank, 1 the largest: probability that the unit has it [0-1]. Units with none are left out.
    plants, largest : Leading
        The plants that lead in the base year, and the units that lead over the remaining life.
    """

    name: str
    top: int
    named: tuple[str, ...]
    named_share: Interval
    own_share: Interval
    named_right: float
    t_lost: float
    concentration: pd.DataFrame
    rank_chances: pd.DataFrame
    plants: Leading
    largest: Leading

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain data, for JSON."""
        return {
            "list": self.name,
            "named": self.top,
            "named_share": asdict(self.named_share),
            "own_share": asdict(self.own_share),
            "named_right": self.named_right,
            "t_lost": self.t_lost,
        }


@dataclass(frozen=True)
class Certainty:
    """What the draws say.

    Attributes
    ----------
    draws, seed, top : int
        Number of draws, seed, and how many units of a list are named; a list may have fewer.
    units : DataFrame, index unit_id
        air_kg_per_yr, as of one year, and lifetime_kg: mean, p05 to p95; within its list, rank: median and 90 %
        interval; p_top10 (or whatever many are named): probability to be among the largest; top_class: certain,
        likely, contested or no.
    totals : DataFrame
        sector, quantity, unit, mean, p05, p25, p50, p75, p95.
    trajectory : DataFrame
        year, sector, air_kg_mean and percentiles.
    coverage : DataFrame
        category, smallest_set_size, p_covers: probability that the set accounts for 75 % of the annual emission.
    lists : mapping of str to ListCertainty
        Each sector, or ``combined``, with the statistics of its ranking.
    published : mapping of str to ndarray of float, shape (S,)
        Mercury of the base year by draw [kg] of the units that a published total is about, by its name.
    engines : mapping of str to EngineChoice
        Engine that drew each list, and why.
    """

    draws: int
    seed: int
    top: int
    units: pd.DataFrame
    totals: pd.DataFrame
    trajectory: pd.DataFrame
    coverage: pd.DataFrame
    lists: Mapping[str, ListCertainty]
    published: Mapping[str, Floats]
    engines: Mapping[str, EngineChoice]

    def _repr_html_(self) -> str:
        heads = {"sector": "Sector", "quantity": "Amount", "unit": "Unit", "mean": "Mean", "p05": "p05", "p50": "p50",
                 "p95": "p95"}  # fmt: skip
        notes = [
            f"{one.name}: about {one.named_right:.1f} of the {one.top} units ranked highest are likely to be in the "
            f"true top {one.top}."
            for one in self.lists.values()
        ]
        return html_table(f"Totals in {self.draws:,} draws, seed {self.seed}", self.totals, heads, notes)

    def as_dict(self) -> dict[str, Any]:
        """Return the answers on the fleet and its lists as plain data, for JSON."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "top": self.top,
            "lists": [one.as_dict() for one in self.lists.values()],
            "totals": self.totals.to_dict("records"),
            "coverage": self.coverage.to_dict("records"),
        }


def certainty(
    projection: Projection,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    top: int = NAMED,
    engine: str = "auto",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Certainty:
    """Return totals, intervals and probabilities of ranks from Monte Carlo draws of the uncertain factors.

    Each list of the ranking is drawn by itself, as in a run of its units alone.

    Parameters
    ----------
    projection : Projection
        The central run.
    draws : int
        Number of draws, at least 1.
    seed : int
        0 to 2**64 - 1; the same seed gives the same draws.
    top : int
        How many units of a list are named.
    engine : str
        ``auto``, ``numpy``, ``numba`` or ``dask``.
    scheduler : str, optional
        Address of a running scheduler for ``dask``; default: two workers on this machine.
    progress : callable, optional
        Called with the share done [0-1].

    Raises
    ------
    UsageError
        If draws, seed or top cannot be used.

    Examples
    --------
    >>> import hginventory as hg
    >>> sure = certainty(hg.project("indonesia").projection, draws=200)
    >>> {name: one.top for name, one in sure.lists.items()}
    {'coal_power': 10, 'cement_kiln': 10}
    """
    check_draws(draws, seed, top=top)
    if draws < 1:
        words = "at least 1 draw is needed for an interval."
        raise UsageError(words, parameter="draws", allowed=(1, math.inf))
    function("progress", progress)
    lists: list[ListDraws] = []
    engines: dict[str, EngineChoice] = {}
    done, count = 0.0, len(projection.units)
    for name, part in lists_of(projection).items():
        sets, share = Sets.of(part, top), len(part.units) / count
        given = assemble(part, sets.sums, sets.yearly, top=max(len(sets.named), 1))
        tell = None if progress is None else partial(_tell, progress, done, share)
        engines[name] = choose_engine(given, draws, engine, scheduler)
        result = run_ensemble(given, draws, seed, engine=engines[name].engine, scheduler=scheduler, progress=tell)
        lists.append(ListDraws(name, part.units.index, sets, result))
        done += share
    sums, most = sums_by_sector(lists), max(drawn.result.top_units.shape[1] for drawn in lists)
    return Certainty(
        draws=draws,
        seed=seed,
        top=most,
        units=units_table(lists, most).loc[projection.units.index],
        totals=totals_table(sums),
        trajectory=trajectory_table(projection.settings.base_year, sums),
        coverage=coverage_chances(lists),
        lists={drawn.name: _list_certainty(drawn) for drawn in lists},
        published={name: drawn.base(name) for drawn in lists for name in drawn.sets.published},
        engines=engines,
    )


def _tell(progress: Progress, done: float, share: float, of_list: float) -> None:
    """Tell the share done of all lists, of which some are done and one in part."""
    progress(done + share * of_list)


def _list_certainty(drawn: ListDraws) -> ListCertainty:
    result, named, everything = drawn.result, drawn.life("named"), drawn.life("all")
    with np.errstate(invalid="ignore", divide="ignore"):
        named_share, own_share = named / everything, result.top_sum / everything
        plants_share = drawn.base("plants") / drawn.base("all")
        largest_share = drawn.life("largest") / everything
    hits = np.isin(result.top_units, drawn.index.get_indexer(pd.Index(drawn.sets.named))).sum(axis=1)
    return ListCertainty(
        name=drawn.name,
        top=result.top_units.shape[1],
        named=tuple(drawn.sets.named),
        named_share=Interval.of(named_share),
        own_share=Interval.of(own_share),
        named_right=float(hits.mean()),
        t_lost=missed(result.top_sum, named, everything) / KG_PER_T,
        concentration=concentration_table(drawn),
        rank_chances=rank_chances(drawn),
        plants=replace(drawn.sets.plants, drawn=Interval.of(plants_share)),
        largest=replace(drawn.sets.largest, drawn=Interval.of(largest_share)),
    )


def check_draws(draws: int, seed: int, **counts: int) -> None:
    """Raise a UsageError unless the number of draws, the seed and numbers of units can be used.

    Parameters
    ----------
    draws, seed : int
        As of a run.
    **counts
        Numbers of units ranked highest, by the name of the caller's parameter.

    Examples
    --------
    >>> check_draws(2000, "first", top=10)
    Traceback (most recent call last):
    hginventory.errors.UsageError: seed: 'first' is not a whole number. Write one without a point, as in `seed=1`.
    """
    usual = {"draws": DEFAULT_DRAWS, "seed": DEFAULT_SEED}
    for name, value in {"draws": draws, "seed": seed, **counts}.items():
        if isinstance(value, bool) or not isinstance(value, Integral):
            words = f"Write one without a point, as in `{name}={usual.get(name, NAMED)}`."
            raise UsageError(f"{value!r} is not a whole number. {words}", parameter=name)
    if draws < 0:
        words = f"{draws} draws cannot be made. Use 0 for central values, or 100 and more."
        raise UsageError(words, parameter="draws", allowed=(0, math.inf))
    if draws > MOST_DRAWS:
        gigabytes = draws * BYTES_A_DRAW / 1e9
        words = (
            f"{draws} draws are too many: they take {gigabytes:,.0f} GB of memory or more. Use {MOST_DRAWS} or fewer."
        )
        raise UsageError(words, parameter="draws", allowed=(0, MOST_DRAWS))
    if not 0 <= seed <= MOST_SEED:
        words = f"{seed} is outside 0 to {MOST_SEED}. Use a number of that range."
        raise UsageError(words, parameter="seed", allowed=(0, MOST_SEED))
    for name, count in counts.items():
        if count < 1:
            raise UsageError(f"{count} units cannot be ranked. Use 1 or more.", parameter=name, allowed=(1, math.inf))
