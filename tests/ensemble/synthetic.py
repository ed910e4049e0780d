"""Made-up fleets for tests of the ensemble: units of one or two rows, shared and own noise, gaps and zeros."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from hginventory.ensemble import quantiles
from hginventory.ensemble.arrays import NO_TABLE, SCOPES, Draws, EnsembleInput, RowCuts, Rows
from hginventory.ensemble.limit_cut import UsualMargin, cut_at
from hginventory.ensemble.rate_distribution import distribution_of, spectrum_of

YEARS = 40
SPREADS = (0.1, 0.3, 0.5, 0.8)


def made_up_fleet(
    count: int, *, seed: int = 1, shifting_ends: bool = False, top: int = 10, complying: bool = False
) -> EnsembleInput:
    """Return a fleet in which a fifth of the units have two rows and few emit nothing; half may comply with a limit."""
    random = np.random.default_rng(seed)
    rows_of_unit = np.where(random.random(count) < 0.2, 2, 1)
    unit = np.repeat(np.arange(count), rows_of_unit)
    second = np.r_[False, unit[1:] == unit[:-1]]
    has_second = np.r_[second[1:], False]
    end = random.integers(1, YEARS, count)[unit]
    central = random.lognormal(1.0, 1.5, count)[unit, None] * np.array([[0.7, 0.3]])
    central[(random.random(count) < 0.03)[unit]] = 0.0
    shape = (unit.size, len(SPREADS))
    table = np.tile(np.arange(len(SPREADS), dtype=np.int32), (unit.size, 1))
    table[random.random(shape) < 0.1] = NO_TABLE
    country = random.integers(0, 8, count)[unit]
    stream = np.empty((*shape, SCOPES), dtype=np.uint64)
    for slot in range(len(SPREADS)):
        for scope, label in enumerate((country, unit // 3, unit)):
            stream[:, slot, scope] = label + 1_000_000 * (1 + slot * SCOPES + scope)
    weight = np.sqrt(np.array([0.3, 0.3, 0.4])).astype(np.float32)
    sets = np.stack([np.ones(count, bool), random.random(count) < 0.5, random.random(count) < 0.3])
    life: dict[str, Any] = {}
    if shifting_ends:
        life = {
            "life_table": (3.0 * quantiles.GRID).astype(np.float32),
            "life_stream": np.stack([np.full(count, 7), 900_000_000 + np.arange(count)], axis=1).astype(np.uint64),
            "life_weight": np.tile(np.sqrt(np.array([0.3, 0.7])).astype(np.float32), (count, 1)),
            "life_open": random.random(count) < 0.5,
        }
    year = {
        "year_table": SPREADS.index(0.3),
        "year_stream": (950_000_000 + np.arange(count) // 3).astype(np.uint64),
        "year_varies": random.random(count) < 0.7,
    }
    cuts = None
    if complying:
        rate = distribution_of([spectrum_of(quantiles.lognormal(0.6))])
        found = [cut_at(rate, limit, UsualMargin(0.4, 0.75), 0.05) for limit in (0.05, 0.5, 0.9, 2.0, 20.0)]
        outside = np.zeros(shape, dtype=np.bool_)
        outside[:, 3] = table[:, 3] != NO_TABLE
        own = np.where(random.random(count) < 0.5, random.integers(0, len(found), count), NO_TABLE)[unit]
        cuts = RowCuts(own.astype(np.int32), outside, np.array([cut.table for cut in found]))
    return EnsembleInput(
        cuts=cuts,
        rows=Rows(
            unit=unit.astype(np.int32),
            central=central,
            first=np.where(second, end // 2, 0).astype(np.int32),
            end=np.where(has_second, end // 2, end).astype(np.int32),
            table=table,
            term=np.tile(np.array([-1, 0, 1, -1], dtype=np.int32), (unit.size, 1)),
            stream=stream,
            weight=np.tile(weight, (*shape, 1)),
        ),
        tables=np.array([quantiles.lognormal(spread) for spread in SPREADS], dtype=np.float32),
        years=YEARS,
        rate_row=np.flatnonzero(~second).astype(np.int32),
        in_base_year=(random.random(count) < 0.9).astype(np.float64),
        sums=sets,
        yearly=sets[:2],
        top=top,
        **life,
        **year,
    )


def different_bits(one: Draws, other: Draws) -> list[str]:
    """Return the names of the results that are not the same to the last bit."""
    names = [field.name for field in fields(Draws) if field.name != "levels"]
    assert one.levels == other.levels
    return [name for name in names if getattr(one, name).tobytes() != getattr(other, name).tobytes()]
