"""A fleet of any size for measurements: five uncertain factors a unit, with scopes as in coal power."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import quantiles
from hginventory.ensemble.arrays import ALL_TERMS, SCOPES, EnsembleInput, single_rows
from hginventory.ensemble.streams import BLOCK, stream_id

COUNTRIES, CLASSES, YEARS = 80, 3, 60
CONTENTS, PASSING = (0.55, 0.69, 0.75), (0.12, 0.3, 0.5, 0.6)
ACTIVITY, MOST_ACTIVITY, PRECISION, REMOVAL = 0.12, 1.4, 0.05, 0.1  # spreads, and the bound of activity
ONE_YEAR = 0.17  # spread of one year, which units of a plant have in common
Slot = tuple[NDArray[np.int32], int, NDArray[np.uint64], NDArray[np.float32]]


def fleet(units: int, seed: int = 3) -> EnsembleInput:
    """Return a fleet whose plants have two units on average, in as many countries as burn coal.

    Parameters
    ----------
    units : int
        Number of units N.
    seed : int
        Of the fleet, not of its draws.
    """
    random = np.random.default_rng(seed)
    tables = [quantiles.lognormal(size) for size in CONTENTS]
    tables += [quantiles.normal(ACTIVITY, 0.0, MOST_ACTIVITY), quantiles.normal(PRECISION)]
    tables += [(1.0 - quantiles.beta(mean, REMOVAL)) / (1.0 - mean) for mean in PASSING]
    passing = random.integers(0, len(PASSING), units) + len(CONTENTS) + 2
    own = np.arange(units)
    plant = np.sort(random.integers(0, max(units // 2, 1), units))
    country, kind = random.integers(0, COUNTRIES, units)[plant], random.integers(0, CLASSES, units)[plant]
    content = country % len(CONTENTS)
    slots = [
        _slot(content, ("content", "country", country, 0.2), ("content", "plant", plant, 0.8)),
        _slot(np.full(units, 3), ("activity", "country", country, 0.14), ("activity", "unit", own, 0.86)),
        _slot(np.full(units, 4), ("efficiency", "unit", own, 1.0)),
        _slot(np.full(units, 4), ("heating", "country", country, 0.4), ("heating", "plant", plant, 0.6)),
        _slot(passing, ("removal", "class", kind, 0.5), ("removal", "unit", own, 0.5)),
    ]
    rate = random.lognormal(3.0, 1.0, units)
    end = random.integers(1, 40, units).astype(np.int32)
    rows = single_rows(rate[:, None], np.zeros(units, np.int32), end, slots)
    named = np.zeros(units, dtype=bool)
    named[np.argsort(-rate * end)[:10]] = True
    return EnsembleInput(
        rows=rows,
        tables=np.array(tables, dtype=np.float32),
        years=YEARS,
        rate_row=np.arange(units, dtype=np.int32),
        in_base_year=np.ones(units),
        sums=np.array([np.ones(units, dtype=bool), named, own % 2 == 0]),
        yearly=np.array([np.ones(units, dtype=bool)]),
    )


def with_single_year(given: EnsembleInput) -> EnsembleInput:
    """Return a fleet whose rates also hold how one year differs from the mean of all, plant by plant.

    Parameters
    ----------
    given : EnsembleInput
        From `fleet`; units of a plant share the stream of their content.
    """
    table = quantiles.lognormal(ONE_YEAR).astype(np.float32)
    return replace(
        given,
        tables=np.concatenate([given.tables, table[None]]),
        year_table=len(given.tables),
        year_stream=given.rows.stream[:, 0, 1] ^ np.uint64(1),
        year_varies=np.ones(given.units, dtype=bool),
    )


def quantile_functions() -> list[Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    """Return what the tables of `fleet` hold, as functions of a probability, from scipy."""
    from scipy import stats

    def lognormal(size: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        return stats.lognorm(size, scale=np.exp(-(size**2) / 2)).ppf

    def passing(mean: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        total = mean * (1.0 - mean) / REMOVAL**2 - 1.0
        removed = stats.beta(mean * total, (1.0 - mean) * total).ppf
        return lambda share: (1.0 - removed(share)) / (1.0 - mean)

    bounds = -1.0 / ACTIVITY, (MOST_ACTIVITY - 1.0) / ACTIVITY
    activity = stats.truncnorm(*bounds, loc=1.0, scale=ACTIVITY).ppf
    return [*map(lognormal, CONTENTS), activity, stats.norm(1.0, PRECISION).ppf, *map(passing, PASSING)]


def scenarios(given: EnsembleInput, count: int, seed: int = 5) -> list[EnsembleInput]:
    """Return a fleet in several scenarios: in each, half of the units get other controls and another last year."""
    random = np.random.default_rng(seed)
    out = [given]
    for _ in range(count - 1):
        rows = given.rows
        changed = random.random(given.units) < 0.5
        table = rows.table.copy()
        table[changed, 4] = random.integers(0, len(PASSING), int(changed.sum())) + len(CONTENTS) + 2
        central = rows.central * np.where(changed, random.uniform(0.3, 1.0, given.units), 1.0)[:, None]
        end = np.where(changed, random.integers(1, 40, given.units), rows.end).astype(np.int32)
        out.append(replace(given, rows=replace(rows, table=table, central=central, end=end)))
    return out


def normals_drawn(given: EnsembleInput, draws: int) -> int:
    """Return how many different random numbers the draws of a fleet need: each stream once."""
    streams = np.unique(given.rows.stream[given.rows.weight > 0]).size
    return int(streams) * (-(-draws // BLOCK) * BLOCK)


def _slot(table: NDArray[np.int64], *scopes: tuple[str, str, NDArray[np.int64], float]) -> Slot:
    stream = np.zeros((table.size, SCOPES), dtype=np.uint64)
    weight = np.zeros((table.size, SCOPES), dtype=np.float32)
    for number, (family, scope, labels, share) in enumerate(scopes):
        stream[:, number] = _numbers(stream_id(family, scope), labels)
        weight[:, number] = share**0.5
    return table.astype(np.int32), ALL_TERMS, stream, weight


def _numbers(family: int, labels: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return numbers of streams that differ between families and labels, all in one go (splitmix64)."""
    mixed = labels.astype(np.uint64) + np.uint64(family)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
