"""A projection as the plain arrays of an ensemble."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hginventory.ensemble import quantiles
from hginventory.ensemble.layout import ALL_TERMS, NO_TABLE, SCOPES, EnsembleInput, Rows
from hginventory.ensemble.streams import stream_id
from hginventory.factors.spread import BETA, LOGNORMAL, Spread
from hginventory.projection import Projection
from hginventory.uncertainty.slots import COMMON, MULTIPLIER, PASSING, Slot, SlotFinder

Floats = NDArray[np.float64]
TERMS = 2
MOST_OF_POSSIBLE = 0.95  # of the largest standard deviation a share of that mean can have


class Tables:
    """Tables of all distributions met, each once."""

    def __init__(self) -> None:
        self._places: dict[tuple[object, ...], int] = {}
        self._tables: list[Floats] = []

    def place(self, slot: Slot) -> int:
        """Return the position of the table of a slot."""
        size, mean = float(f"{slot.spread.size:.9g}"), float(f"{slot.mean:.9g}")
        key = (slot.kind, slot.spread.distribution, size, mean, float(f"{slot.highest:.6g}"))
        if key not in self._places:
            self._places[key] = len(self._tables)
            self._tables.append(_table(slot.kind, slot.spread.distribution, size, mean, slot.highest))
        return self._places[key]

    def stacked(self) -> NDArray[np.float32]:
        """Return all tables, shape (M, NODES)."""
        return np.array(self._tables, dtype=np.float32).reshape(-1, quantiles.NODES)


def _table(kind: str, distribution: str, size: float, mean: float, highest: float) -> Floats:
    """Return the factor on the emission over z, mean 1."""
    if kind == MULTIPLIER:
        return quantiles.lognormal(size) if distribution == LOGNORMAL else quantiles.normal(size, 0.0, highest)
    assert distribution == BETA, f"a share varies as a beta, not as {distribution!r}"
    possible = MOST_OF_POSSIBLE * math.sqrt(mean * (1.0 - mean))
    share = quantiles.beta(mean, min(size, possible))
    return share / mean if kind == PASSING else (1.0 - share) / (1.0 - mean)


def assemble(
    projection: Projection,
    sums: Mapping[str, Sequence[str]],
    yearly: Mapping[str, Sequence[str]],
    *,
    top: int = 10,
    lifetime: Spread | None = None,
) -> EnsembleInput:
    """Return the arrays of an ensemble.

    Parameters
    ----------
    projection : Projection
        The central run.
    sums, yearly : mapping of str to sequence of str
        Sets of units, by name, whose totals are kept by draw, and by draw and year.
    top : int
        Length of the list of largest units.
    lifetime : Spread, optional
        Spread of the last year [yr], triangular between -size and size; default: lifetimes are fixed.
    """
    units, finder, tables = projection.units, SlotFinder(projection), Tables()
    slots = [finder.of_unit(place) for place in range(len(units))]
    rows, rate_row = _rows(projection, slots, tables)
    index = units.index
    extra = {} if lifetime is None else _lifetime(projection, lifetime)
    return EnsembleInput(
        rows=rows,
        tables=tables.stacked(),
        years=len(projection.years),
        rate_row=rate_row,
        in_base_year=units["operates_in_base_year"].to_numpy(dtype=np.float64),
        sums=np.array([index.isin(list(chosen)) for chosen in sums.values()]).reshape(-1, len(units)),
        yearly=np.array([index.isin(list(chosen)) for chosen in yearly.values()]).reshape(-1, len(units)),
        top=min(top, len(units)),
        **extra,  # type: ignore[arg-type]
    )


def _rows(projection: Projection, slots: Sequence[Sequence[Slot]], tables: Tables) -> tuple[Rows, NDArray[np.int32]]:
    """Return the rows of all units; a year with an activity of its own is a row of its own."""
    central = _central(projection)
    spans = [_spans(projection, place) for place in range(len(slots))]
    count = sum(map(len, spans))
    width = max((len(of_unit) for of_unit in slots), default=0)
    table = np.full((count, width), NO_TABLE, dtype=np.int32)
    term = np.full((count, width), ALL_TERMS, dtype=np.int32)
    stream = np.zeros((count, width, SCOPES), dtype=np.uint64)
    weight = np.zeros((count, width, SCOPES), dtype=np.float32)
    unit, first, end = (np.empty(count, dtype=np.int32) for _ in range(3))
    amount = np.empty((count, TERMS))
    rate_row = np.empty(len(slots), dtype=np.int32)
    row = 0
    for place, (of_unit, parts) in enumerate(zip(slots, spans, strict=True)):
        rate_row[place] = row
        for ratio, begin, stop in parts:
            unit[row], first[row], end[row] = place, begin, stop
            amount[row] = central[place] * ratio
            for number, slot in enumerate(of_unit):
                table[row, number] = tables.place(slot)
                term[row, number] = ALL_TERMS if slot.term == COMMON else slot.term
                for scope, ((name, share), label) in enumerate(zip(slot.spread.scopes, slot.labels, strict=True)):
                    stream[row, number, scope] = stream_id(slot.family, name, label)
                    weight[row, number, scope] = math.sqrt(share)
            row += 1
    return Rows(unit, amount, first, end, table, term, stream, weight), rate_row


def _central(projection: Projection) -> Floats:
    """Return the central mercury to air of a full year by term [kg/yr], shape (N, 2).

    A kiln has two terms, raw meal and fuel; whatever else has one.
    """
    units, value = projection.units, {name: f.value for name, f in projection.parameters.items()}
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    central = np.zeros((len(units), TERMS))
    central[:, 0] = air
    tier2 = units["method"].astype(str).str.startswith("tier2").to_numpy()
    if tier2.any():
        meal = value["raw_meal_ratio"] * value["hg_raw_meal"]
        fuel = value["heat_use"] * value["fuel_hg"] / 1000.0  # mg/MJ x MJ/t in g/t, as raw meal is
        share = np.where(tier2, fuel / np.where(tier2, meal + fuel, 1.0), 0.0)
        central[:, 1] = np.where(tier2, air * share, 0.0)
        central[:, 0] = air - central[:, 1]
    return central


def _spans(projection: Projection, place: int) -> list[tuple[float, int, int]]:
    """Return amount over that of a normal year, first and end year of each span of a unit, the normal one first."""
    yearly = projection.yearly_kg[place]
    air = float(projection.units["air_kg_per_yr"].iloc[place])
    if air <= 0.0 or not yearly.any():
        return [(1.0, 0, 0)]
    edges = np.flatnonzero(np.diff(yearly)) + 1
    begins, ends = np.concatenate([[0], edges]), np.concatenate([edges, [yearly.size]])
    spans = [(float(yearly[b] / air), int(b), int(e)) for b, e in zip(begins, ends, strict=True) if yearly[b] > 0]
    normal = next((span for span in spans if abs(span[0] - 1.0) < 1e-9), None)
    if normal is None:
        return [(1.0, spans[0][1], spans[0][1]), *spans]
    return [normal, *(span for span in spans if span is not normal)]


def _lifetime(projection: Projection, lifetime: Spread) -> dict[str, NDArray[np.generic]]:
    units = projection.units
    streams = [[stream_id("lifetime", "policy", str(u.country)), stream_id("lifetime", "unit", str(u.Index))]
               for u in units.itertuples()]  # fmt: skip
    shares = dict(lifetime.scopes)
    weights = np.sqrt([shares["country"], shares["unit"]])
    runs = (units["operates_in_base_year"] | units["status"].eq("construction")) & units["remaining_years"].gt(0)
    return {
        "life_table": quantiles.triangular(-lifetime.size, 0.0, lifetime.size).astype(np.float32),
        "life_stream": np.array(streams, dtype=np.uint64).reshape(-1, 2),
        "life_weight": np.tile(weights.astype(np.float32), (len(units), 1)),
        "life_open": runs.to_numpy(),
    }
