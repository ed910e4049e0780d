"""What of the generation of the Indian table enters the sheet Activity, by unit of the tracker and year.

The latest year of a unit is carried to the base year and to all that follow. So what does not stand for a full year of a
unit that operates today is left out and listed: the first year of a unit that has no later one, and years of standstill at
the end of its years. What no unit of the tracker can be is left out as well.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from india_cea import FISCAL_YEARS, Amount, CeaUnit, Station, label, split
from india_match import TrackerUnit

FIRST_YEAR, STANDSTILL, NO_UNIT = "first year of operation", "standstill", "no unit of the tracker"


@dataclass(frozen=True)
class Row:
    """Net generation of a unit of the tracker in a year: station, unit of the table, year and amount."""

    unit_id: str
    station: Station
    number: int
    year: int
    amount: Amount


@dataclass(frozen=True)
class LeftOut:
    """Generation of a unit of the table in a year that does not enter, and why [GWh]."""

    station: int
    number: int
    year: int
    gwh: float
    why: str


def generation(
    stations: Sequence[Station], unit_of: Mapping[tuple[int, int], str], units: Sequence[TrackerUnit]
) -> tuple[list[Row], list[LeftOut]]:
    """Return the rows that enter, by unit and year, and what is left out; as `assign_all` says which unit is which."""
    by_id = {unit.unit_id: unit for unit in units}
    kept: list[Row] = []
    left_out: list[LeftOut] = []
    for station in stations:
        same = [by_id.get(unit_of.get((station.number, unit.number), "")) for unit in station.units]
        capacities = capacities_of(station, same)
        ends = [math.nan if one is None else one.end for one in same]
        amounts = {y: split(station, y, capacities, ends) for y in FISCAL_YEARS if y in station.net_gwh}
        for index, (unit, one) in enumerate(zip(station.units, same, strict=True)):
            of_unit = {label(year): amount for year, of_year in amounts.items() if (amount := of_year[index])}
            why = NO_UNIT if one is None else _not_to_carry(unit, of_unit, one)
            for year, amount in of_unit.items():
                if isinstance(why, str) or year in why:
                    reason = why if isinstance(why, str) else why[year]
                    left_out.append(LeftOut(station.number, unit.number, year, amount.gwh, reason))
                elif one is not None:
                    kept.append(Row(one.unit_id, station, unit.number, year, amount))
    place = {unit.unit_id: index for index, unit in enumerate(units)}
    return sorted(kept, key=lambda row: (place[row.unit_id], row.year)), left_out


def capacities_of(station: Station, same: Sequence[TrackerUnit | None]) -> list[float]:
    """Return the capacity of each unit while it ran in the station [MW].

    The table gives 0 where a unit had closed by March 2019: then it is that of the tracker. A unit that operates today
    with 0 there has left the table without closing; it counts only where no other unit has a capacity.
    """
    of_table = [unit.capacity_mw for unit in station.units]
    closed = [
        mw or (one.capacity_mw if one and math.isfinite(one.end) else 0.0)
        for mw, one in zip(of_table, same, strict=True)
    ]
    return closed if any(closed) else [one.capacity_mw if one else 0.0 for one in same]


def _not_to_carry(unit: CeaUnit, of_unit: Mapping[int, Amount], one: TrackerUnit) -> dict[int, str]:
    """Return the years of a unit that do not stand for one of today, with the reason: those at the end of its years."""
    if not one.operates:
        return {}
    ran = [year for year in sorted(of_unit) if of_unit[year].gwh]
    first = ran if len(ran) == 1 and is_new(unit, ran[0]) else []
    last = max(set(ran) - set(first), default=-math.inf)
    return {year: FIRST_YEAR if year in first else STANDSTILL for year in of_unit if year > last}


def is_new(unit: CeaUnit, year: int) -> bool:
    """Return whether a unit was commissioned in a fiscal year, by its label, or in the one before."""
    return unit.commissioned >= datetime.date(year - 1, 4, 1)
