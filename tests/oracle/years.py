"""Years of operation, ranks, coverage and trajectory, by docs/method.md: 3. Remaining years and 4. Ranking."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.oracle.tables import Tables


@dataclass(frozen=True)
class Years:
    """Years of a unit: `first <= year < end`; a unit without remaining years may emit in the base year."""

    first: float
    end: float
    in_base: bool
    remaining: float  # NaN: unknown
    from_year: int = 0  # first remaining year


def years_of(tables: Tables, unit: dict[str, Any], rule: str, *, kiln: bool) -> Years:
    """Return when a unit runs by a retirement rule."""
    base = tables.base
    rows = {r["quantity"]: r for r in tables.all_keys("lifetime_rule", rule=rule)}
    lifetime = unit.get("lifetime_years") or rows["lifetime_years"]["value"]
    overage, planned_kind = rows["overage_years"]["value"], rows["lifetime_years"]["planned"]
    planned = unit.get("planned_retirement") if planned_kind != "ignore" else None
    status, start = unit.get("status") or "operating", unit.get("start_year")
    if status not in ("operating", "construction"):
        return Years(math.nan, math.nan, False, 0.0)
    operating = status == "operating"
    unknown_life = start is None and kiln
    if start is None:
        age = rows["unknown_age_years"]["value"] if "unknown_age_years" in rows and operating else 0.0
        start = base - age if operating else base + 1
    elif not operating and start < base:
        start = base + 1
    unknown_life = unknown_life and (planned is None or not operating)
    end = start + lifetime
    if planned is not None and (planned >= base or not operating):
        end = planned + (1 if planned_kind == "inclusive" or planned == base else 0)
    elif end <= base or (planned is not None and planned_kind == "exclusive"):
        end = base + overage
    end = max(end, start)
    first = max(start, base)
    remaining = math.nan if unknown_life else max(end - first, 0.0)
    return Years(
        math.nan if unknown_life else start, math.nan if unknown_life else end, start <= base, remaining, int(first)
    )


def ranked(amounts: dict[str, float]) -> list[str]:
    """Return ids, the largest first, ties in the order of ids, unknown amounts last."""
    return sorted(amounts, key=lambda one: (-amounts[one] if amounts[one] == amounts[one] else math.inf, one))


def smallest_set(amounts: list[float], share: float) -> int:
    """Return the fewest units that account for a share of the sum."""
    total, reached = math.fsum(amounts), 0.0
    if total == 0.0:
        return 0
    for count, amount in enumerate(sorted(amounts, reverse=True), 1):
        reached += amount
        if reached >= share * total * (1.0 - 1e-12):
            return count
    return 0


def amounts_by_year(years: Years, base: int, air_of_year: dict[int, float], normal: float) -> dict[int, float]:
    """Return the emissions [kg] of each year from the base year on in which the unit runs."""
    found = {}
    if years.in_base:
        found[base] = air_of_year.get(base, normal)
    if years.remaining == years.remaining:
        for year in range(years.from_year, years.from_year + int(years.remaining)):
            found[year] = air_of_year.get(year, normal)
    return found
