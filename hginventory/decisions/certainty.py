"""How sure the ranking is: what draws of the uncertain factors say of units, totals and the named top.

The ranking itself follows the central run; draws add columns and change no central number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.decisions.coverage import COVERED, smallest_set
from hginventory.decisions.ranking import COMBINED, KG_PER_T, rank_units
from hginventory.ensemble.blocks import Progress, run_ensemble
from hginventory.ensemble.layout import Draws, EnsembleInput
from hginventory.errors import UsageError
from hginventory.factors.spread import Spread
from hginventory.projection import Projection
from hginventory.uncertainty.assemble import assemble

Floats = NDArray[np.float64]
DEFAULT_DRAWS, DEFAULT_SEED, NAMED = 2000, 1, 10
MOST_SEED = 2**64 - 1
CLASSES = ((0.95, "certain"), (0.5, "likely"), (0.05, "contested"))  # P(in the top) above; else "no"
BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)
STEPS = tuple(
    dict.fromkeys(int(m * 10**e) for e in range(5) for m in (1, 1.5, 2, 3, 4, 5, 6, 8))
)  # first so many units whose share is drawn


@dataclass(frozen=True)
class Interval:
    """A number with its 90 % interval: mean, 5th, 50th and 95th percentile of the draws."""

    mean: float
    p05: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Floats) -> Interval:
        """Return mean and percentiles of draws; NaN where a draw has no value."""
        known = values[np.isfinite(values)]
        if not known.size:
            return cls(*[float("nan")] * 4)
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
        return cls(float(known.mean()), float(low), float(middle), float(high))


@dataclass(frozen=True)
class Certainty:
    """What the draws say.

    Attributes
    ----------
    draws, seed, top : int
        Number of draws, seed, and how many units are named.
    units : DataFrame, index unit_id
        air_kg_per_yr and lifetime_kg: mean, p05 to p95; rank: median and 90 % interval; p_top10 (or whatever many
        are named): probability to be among the largest; top_class: certain, likely, contested or no.
    totals : DataFrame
        sector, quantity, unit, mean, p05, p25, p50, p75, p95.
    trajectory : DataFrame
        year, sector, air_kg_mean and percentiles.
    named_share, own_share : Interval
        Share of the remaining mercury of the NAMED units, and of each draw's own largest as many.
    named_right : float
        How many of the named units are expected among the true largest.
    t_lost : float
        Mercury by which the named units are expected to fall short of the true largest [t].
    coverage : DataFrame
        category, smallest_set_size, p_covers: probability that the set holds 75 % of the annual emission.
    concentration : DataFrame
        units (the first n of the ranking, for some n), and mean and percentiles of the share they make [0-1].
    rank_chances : DataFrame, index unit_id
        One column a rank, 1 the largest: probability that the unit has it [0-1]. Units with none are left out.
    """

    draws: int
    seed: int
    top: int
    units: pd.DataFrame
    totals: pd.DataFrame
    trajectory: pd.DataFrame
    named_share: Interval
    own_share: Interval
    named_right: float
    t_lost: float
    coverage: pd.DataFrame
    concentration: pd.DataFrame
    rank_chances: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return the fleet's answers as plain data, for JSON."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "top": self.top,
            "named_share": asdict(self.named_share),
            "own_share": asdict(self.own_share),
            "named_right": self.named_right,
            "t_lost": self.t_lost,
            "totals": self.totals.to_dict("records"),
            "coverage": self.coverage.to_dict("records"),
        }


def certainty(
    projection: Projection,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    top: int = NAMED,
    lifetime: Spread | None = None,
    engine: str = "auto",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Certainty:
    """Draw the uncertain factors of a projection and say how sure its ranking is.

    Parameters
    ----------
    projection : Projection
        The central run.
    draws : int
        Number of draws, at least 1.
    seed : int
        0 to 2**64 - 1; the same seed gives the same draws.
    top : int
        How many units are named.
    lifetime : Spread, optional
        Spread of the last year; default: lifetimes are fixed.
    engine : str
        ``auto``, ``numpy``, ``numba`` or ``dask``.
    scheduler : str, optional
        Address of a running scheduler for ``dask``; default: two workers on this machine.
    progress : callable, optional
        Is told the share done [0-1].

    Raises
    ------
    UsageError
        If draws, seed or top cannot be used.

    Examples
    --------
    >>> import hginventory as hg
    >>> sure = certainty(hg.project("indonesia").projection, draws=200)
    >>> 0 <= sure.named_right <= 10
    True
    """
    check_draws(draws, seed)
    if draws < 1:
        raise UsageError("--draws: at least 1 draw is needed to say how sure a ranking is.")
    sets = _sets(projection, top)
    given = assemble(projection, sets.sums, sets.yearly, top=top, lifetime=lifetime)
    result = run_ensemble(given, draws, seed, engine=engine, scheduler=scheduler, progress=progress)
    return read_draws(projection, given, result, sets, draws, seed)


def check_draws(draws: int, seed: int) -> None:
    """Raise a UsageError unless the number of draws and the seed can be used."""
    if draws < 0:
        raise UsageError(f"--draws: {draws} draws cannot be made. Use 0 for central values, or 100 and more.")
    if not 0 <= seed <= MOST_SEED:
        raise UsageError(f"--seed: {seed} is outside 0 to {MOST_SEED}.")


@dataclass(frozen=True)
class _Sets:
    """The sets of units whose totals are kept, by name."""

    sums: Mapping[str, list[str]]
    yearly: Mapping[str, list[str]]
    named: list[str]
    covering: Mapping[str, list[str]]
    first: Mapping[int, str]  # the first n of the ranking: n -> name of the sum


def _sets(projection: Projection, top: int) -> _Sets:
    units = projection.units
    ids = [str(unit) for unit in units.index]
    sectors = {
        s: [u for u, own in zip(ids, units["sector"], strict=True) if own == s] for s in units["sector"].unique()
    }
    whole = {COMBINED: ids} if len(sectors) > 1 else {}
    ranked = [str(unit) for unit in rank_units(units)["unit_id"]]
    named = ranked[:top]
    categories = dict.fromkeys(units["annex_d_category"])
    covering = {c: smallest_set(units, c) for c in categories}
    sums: dict[str, list[str]] = {"all": ids, "named": named, **sectors}
    for category, chosen in covering.items():
        own = units.index[units["annex_d_category"] == category]
        sums |= {f"category {category}": [str(unit) for unit in own], f"covering {category}": chosen}
    first = {n: f"first {n}" for n in STEPS if n < len(ids)}
    sums |= {name: ranked[:n] for n, name in first.items()}
    return _Sets(sums, {**sectors, **whole}, named, covering, first)


def read_draws(
    projection: Projection, given: EnsembleInput, result: Draws, sets: _Sets, draws: int, seed: int
) -> Certainty:
    """Return the answers that draws give; parameters as in `certainty`."""
    place = {name: number for number, name in enumerate(sets.sums)}
    life, base = result.life_sums, result.base_sums
    with np.errstate(invalid="ignore", divide="ignore"):
        named_share = life[place["named"]] / life[place["all"]]
        own_share = result.top_sum / life[place["all"]]
    named_places = projection.units.index.get_indexer(pd.Index(sets.named))
    hits = np.isin(result.top_units, named_places).sum(axis=1)
    covers = {
        category: _share_above(base[place[f"covering {category}"]], base[place[f"category {category}"]])
        for category in sets.covering
    }
    return Certainty(
        draws=draws,
        seed=seed,
        top=given.top,
        units=_units(projection, result, given.top),
        totals=_totals(sets, result, place),
        trajectory=_trajectory(projection, sets, result),
        named_share=Interval.of(named_share),
        own_share=Interval.of(own_share),
        named_right=float(hits.mean()),
        t_lost=max(float((result.top_sum - life[place["named"]]).mean()), 0.0)
        / KG_PER_T,  # rounding apart never below 0
        coverage=pd.DataFrame(
            {
                "category": list(sets.covering),
                "smallest_set_size": [len(chosen) for chosen in sets.covering.values()],
                "p_covers": list(covers.values()),
            }
        ),
        concentration=_concentration(sets, life, place),
        rank_chances=_rank_chances(projection, result, draws),
    )


def _concentration(sets: _Sets, life: Floats, place: Mapping[str, int]) -> pd.DataFrame:
    rows = []
    for units, name in sets.first.items():
        with np.errstate(invalid="ignore", divide="ignore"):
            share = Interval.of(life[place[name]] / life[place["all"]])
        rows.append({"units": units, **asdict(share)})
    return pd.DataFrame(rows, columns=["units", "mean", "p05", "p50", "p95"])


def _rank_chances(projection: Projection, result: Draws, draws: int) -> pd.DataFrame:
    """Return how often a unit had each of the first ranks; draws list their own largest, the largest first."""
    largest = result.top_units
    places = np.unique(largest[largest >= 0])
    chances = [[float((largest[:, rank] == place).sum()) / draws for rank in range(largest.shape[1])]
               for place in places]  # fmt: skip
    ranks = list(range(1, largest.shape[1] + 1))
    return pd.DataFrame(chances, index=projection.units.index[places], columns=ranks)


def _share_above(part: Floats, whole: Floats) -> float:
    return float((part >= COVERED * whole).mean()) if whole.any() else float("nan")


def _units(projection: Projection, result: Draws, top: int) -> pd.DataFrame:
    levels = [f"p{level * 100:02.0f}" for level in result.levels]
    columns: dict[str, Floats] = {}
    for name, mean, quantiles in (
        ("air_kg_per_yr", result.rate_mean, result.rate_quantiles),
        ("lifetime_kg", result.life_mean, result.life_quantiles),
    ):
        columns[f"{name}_mean"] = mean
        columns |= {f"{name}_{level}": quantiles[:, number] for number, level in enumerate(levels)}
    columns |= {f"rank_{name}": result.rank_quantiles[:, n] for n, name in enumerate(("p05", "median", "p95"))}
    table = pd.DataFrame(columns, index=projection.units.index)
    table[f"p_top{top}"] = result.p_top
    table["top_class"] = np.select([result.p_top > bound for bound, _ in CLASSES], [word for _, word in CLASSES], "no")
    return table


def _totals(sets: _Sets, result: Draws, place: Mapping[str, int]) -> pd.DataFrame:
    rows = []
    sectors = [name for name in sets.yearly if name != COMBINED]
    for sector in [*sectors, *([COMBINED] if len(sectors) > 1 else [])]:
        number = place["all" if sector == COMBINED else sector]
        for quantity, unit, values in (
            ("mercury to air in the base year", "kg", result.base_sums[number]),
            ("mercury to air over the remaining life", "t", result.life_sums[number] / KG_PER_T),
        ):
            levels = {f"p{level * 100:02.0f}": float(np.quantile(values, level)) for level in BANDS}
            rows.append({"sector": sector, "quantity": quantity, "unit": unit, "mean": float(values.mean()), **levels})
    return pd.DataFrame(rows)


def _trajectory(projection: Projection, sets: _Sets, result: Draws) -> pd.DataFrame:
    tables = []
    for sector, values in zip(sets.yearly, result.yearly_sums, strict=True):
        levels = np.quantile(values, BANDS, axis=1)
        columns = {f"air_kg_p{level * 100:02.0f}": levels[number] for number, level in enumerate(BANDS)}
        years = {"year": projection.years, "sector": sector, "air_kg_mean": values.mean(axis=1)}
        tables.append(pd.DataFrame({**years, **columns}))
    return pd.concat(tables, ignore_index=True)
