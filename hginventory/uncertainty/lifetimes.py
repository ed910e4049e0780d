"""Lifetimes that are not known to the year: by how much the last year of each unit shifts, and with whom it shifts.

On request only. The retirement rule decides the central run; in the draws a unit closes earlier or later, half of it
together with the other units of its country (a policy), half on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from hginventory._types import Flags
from hginventory.ensemble import quantiles, stream_id
from hginventory.factors import Ladder
from hginventory.projection import Projection

FAMILY = "last_year"
Scopes = tuple[tuple[str, float], ...]
Group = tuple[str, str]


def scopes_of(projection: Projection) -> Scopes:
    """Return with whom the shift of a last year is shared, from the table `origin_spread`."""
    return Ladder(projection.library.table("origin_spread"))[FAMILY, "on_request"].scopes


def arrays(projection: Projection, most: float, scopes: Scopes | None = None) -> dict[str, Any]:
    """Return the arrays of an ensemble that say how last years shift; none where they are fixed.

    Parameters
    ----------
    projection : Projection
        The central run.
    most : float
        Largest shift [yr]; the shift is triangular between less and plus that, and rounded to whole years.
    scopes : tuple of (str, float), optional
        With whom it is shared: ``country`` and ``unit``, at most two; default: `scopes_of`.
    """
    if not most > 0.0:
        return {}
    parts = scopes_of(projection) if scopes is None else scopes
    units = projection.units
    streams = [[stream for _, stream in own] for own in _streams(units, parts)]
    weights = np.sqrt([share for _, share in parts]).astype(np.float32)
    return {
        "life_table": quantiles.triangular(-most, 0.0, most).astype(np.float32),
        "life_stream": np.array(streams, dtype=np.uint64).reshape(-1, len(parts)),
        "life_weight": np.tile(weights, (len(units), 1)),
        "life_open": _shifts(units),
    }


def groups(projection: Projection) -> Iterator[tuple[Group, int]]:
    """Yield factor family and scope with each stream that shifts a last year; nothing where lifetimes are fixed."""
    if projection.settings.lifetime_spread > 0.0:
        parts = tuple((scope, share) for scope, share in scopes_of(projection) if share > 0.0)
        for own in _streams(projection.units[_shifts(projection.units)], parts):
            for scope, stream in own:
                yield (FAMILY, scope), stream


def _streams(units: pd.DataFrame, parts: Scopes) -> Iterator[list[tuple[str, int]]]:
    """Yield scope and stream of each part of the shift, unit by unit."""
    for unit, country in zip(units.index, units["country"], strict=True):
        labels = {"country": str(country), "unit": str(unit)}
        yield [(scope, stream_id(FAMILY, scope, labels[scope])) for scope, _ in parts]


def _shifts(units: pd.DataFrame) -> Flags:
    """Return which units may close earlier or later: those with years left."""
    return units["remaining_years"].gt(0).to_numpy(dtype=np.bool_)
