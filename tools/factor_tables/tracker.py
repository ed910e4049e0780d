"""What is counted in the Global Coal Plant Tracker: rank of the coal and capacity factor, by country."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pycountry

from hginventory.vocabulary import COAL_TYPES

GCPT = "Global Energy Monitor, Global Coal Plant Tracker, January 2026 (CC BY 4.0)"
FILE = "Global-Coal-Plant-Tracker-January-2026.xlsx"
COLUMNS = ("Country/Area", "Status", "Capacity factor", "Coal type", "Capacity (MW)")
SPECIAL = {
    "Türkiye": "TUR", "Kosovo": "XKX", "South Korea": "KOR", "North Korea": "PRK", "Laos": "LAO", "Russia": "RUS",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """An operating unit of the tracker."""

    country: str
    coal_type: str | None
    capacity_mw: float
    capacity_factor: object


@cache
def operating_units(data: Path | None) -> tuple[Unit, ...]:
    """Return the operating units, sorted by country; none where the file is not there."""
    path = data / FILE if data else None
    if path is None or not path.exists():
        return ()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book["Units"].iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    columns = [header.index(name) for name in COLUMNS]
    units = []
    for row in rows:
        country, status, factor, rank, capacity = (row[column] for column in columns)
        code = _code(str(country))
        if status == "operating" and code and isinstance(capacity, int | float):
            coal_type = COAL_TYPES.match(str(rank or "").removesuffix(" with CCS"))
            units.append(Unit(code, None if coal_type == "unknown" else coal_type, float(capacity), factor))
    return tuple(sorted(units, key=lambda unit: unit.country))


def rank_shares(data: Path | None) -> dict[str, dict[str, float]]:
    """Return the shares of the ranks of coal in the capacity of each country whose rank is known."""
    totals: dict[str, dict[str, float]] = {}
    for unit in operating_units(data):
        if unit.coal_type:
            ranks = totals.setdefault(unit.country, {})
            ranks[unit.coal_type] = ranks.get(unit.coal_type, 0.0) + unit.capacity_mw
    return {
        country: {rank: mw / sum(ranks.values()) for rank, mw in sorted(ranks.items())}
        for country, ranks in totals.items()
    }


@cache
def _code(name: str) -> str:
    if name in SPECIAL:
        return SPECIAL[name]
    try:
        return str(pycountry.countries.lookup(name).alpha_3)
    except LookupError:
        return ""
