"""For which sizes of units a price row is stated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from hginventory.factors import FactorRow


def edges_of(prices: Iterable[Sequence[FactorRow]]) -> list[float]:
    """Return the sizes at which another row gives a price [MW]: ends of bands, and half-way between two of them."""
    edges: set[float] = set()
    for rows in prices:
        sized = [row for row in rows if row.keys["mw_from"] or row.keys["mw_to"]]
        edges.update(float(row.keys[key]) for row in sized for key in ("mw_from", "mw_to") if row.keys[key])
        edges.update(math.sqrt(middle(one) * middle(other)) for one, other in combinations(sized, 2))
    return sorted(edges)


def distance(row: FactorRow, capacity_mw: float) -> float:
    """Return how far a capacity [MW] is from the size a price is stated for, as the logarithm of their quotient."""
    return abs(math.log(middle(row) / capacity_mw)) if capacity_mw > 0 else 0.0


def middle(row: FactorRow) -> float:
    """Return the size a price is stated for [MW]: the middle of its band, or the end it has."""
    ends = [float(row.keys[key]) for key in ("mw_from", "mw_to") if row.keys[key]]
    return sum(ends) / len(ends)
