"""Net generation of Indian coal stations from the CO2 baseline database of the Central Electricity Authority.

The table has one row a station (unit 0) with its net generation, and one a unit, with a figure of its own for some
years only. A fiscal year (April to March) gets the label of the year in which it begins, which holds nine of its
twelve months: 2018-19 is 2018. So every figure is that of the table and can be looked up there.

The figure of the station holds. It is split over the units of a year in this order:

- units with figures of their own keep them; the others get the rest of the station by capacity and days in operation;
- where all units have figures that sum to the station within 2 %, they are scaled to it;
- else the station is split by capacity and days in operation.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FISCAL_YEARS = ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19")
OF_UNIT, SCALED, REST, BY_CAPACITY = "unit figure", "unit figure, scaled", "rest of the station", "split by capacity"
PRINTED = 0.01  # GWh, by which rounded figures of units may differ from that of the station
SUMS_AGREE = 0.02  # of the station, within which figures of units are scaled to it


@dataclass(frozen=True)
class CeaUnit:
    """A unit of the table.

    Attributes
    ----------
    number : int
        Number of the unit within its station.
    commissioned : date
        Day on which it was commissioned.
    capacity_mw : float
        Capacity in March 2019 [MW]; 0 for units closed by then.
    net_gwh : mapping of str to float
        Fiscal year -> net generation [GWh], where the table has a figure.
    """

    number: int
    commissioned: datetime.date
    capacity_mw: float
    net_gwh: Mapping[str, float]


@dataclass(frozen=True)
class Station:
    """A station of the table: number, name, state as written, lignite or coal, units, net generation by year [GWh]."""

    number: int
    name: str
    state: str
    burns_lignite: bool
    units: tuple[CeaUnit, ...]
    net_gwh: Mapping[str, float]


@dataclass(frozen=True)
class Amount:
    """Net generation of a unit in a year [GWh], and how it follows from the table."""

    gwh: float
    how: str


def label(fiscal_year: str) -> int:
    """Return the calendar year whose label a fiscal year gets.

    >>> label("2018-19")
    2018
    """
    return int(fiscal_year[:4])


def read_stations(path: Path) -> list[Station]:
    """Return the stations of the table."""
    rows: dict[int, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(int(float(row["station_no"])), []).append(row)
    return [_station(number, of_station) for number, of_station in rows.items()]


def _station(number: int, rows: Sequence[Mapping[str, str]]) -> Station:
    (whole,) = [row for row in rows if int(row["unit_no"]) == 0]
    units = tuple(
        CeaUnit(
            int(row["unit_no"]),
            datetime.date.fromisoformat(row["commissioned"]),
            float(row["capacity_mw_2019"]),
            _generation(row),
        )
        for row in rows
        if row is not whole
    )
    return Station(number, whole["name"].strip(), whole["state"], whole["fuel1"] == "LIGN", units, _generation(whole))


def _generation(row: Mapping[str, str]) -> dict[str, float]:
    return {year: float(row[f"net_gwh_{year}"]) for year in FISCAL_YEARS if row[f"net_gwh_{year}"]}


def split(
    station: Station, fiscal_year: str, capacities: Sequence[float], last_years: Sequence[float]
) -> list[Amount | None]:
    """Return the net generation of each unit of a station in a year; None: it did not run, or has left the table.

    They sum to the figure of the station.

    Parameters
    ----------
    station : Station
        The station; it has a figure for the year.
    fiscal_year : str
        One of `FISCAL_YEARS`.
    capacities : sequence of float
        Capacity of each unit while it ran in this station [MW]; 0: not known.
    last_years : sequence of float
        Last year of each unit; NaN: it runs still.

    Raises
    ------
    ValueError
        If the station has generated and no unit can have run.
    """
    total = station.net_gwh[fiscal_year]
    own = [unit.net_gwh.get(fiscal_year) for unit in station.units]
    weights = [
        capacity * _share_of_year(unit, fiscal_year, last)
        for unit, capacity, last in zip(station.units, capacities, last_years, strict=True)
    ]
    stated = sum(gwh for gwh in own if gwh is not None)
    rest = sum(weight for weight, gwh in zip(weights, own, strict=True) if gwh is None)
    if any(gwh is not None for gwh in own) and rest > 0 and stated <= total:
        each = (total - stated) / rest
        return [
            Amount(gwh, OF_UNIT) if gwh is not None else Amount(weight * each, REST) if weight else None
            for gwh, weight in zip(own, weights, strict=True)
        ]
    if any(gwh is not None for gwh in own) and not rest and abs(stated - total) <= SUMS_AGREE * total:
        how = OF_UNIT if abs(stated - total) < PRINTED else SCALED
        factor = total / stated if stated else 1.0
        return [None if gwh is None else Amount(gwh * factor, how) for gwh in own]
    if total and not sum(weights):
        raise ValueError(f"no unit of station {station.number} {station.name} can have run in {fiscal_year}")
    each = total / sum(weights) if total else 0.0
    return [Amount(weight * each, BY_CAPACITY) if weight else None for weight in weights]


def _share_of_year(unit: CeaUnit, fiscal_year: str, last_year: float) -> float:
    """Return the share of a fiscal year in which a unit could run."""
    year = label(fiscal_year)
    begin, end = datetime.date(year, 4, 1), datetime.date(year + 1, 4, 1)
    if unit.commissioned >= end or last_year < year:
        return 0.0
    return (end - max(unit.commissioned, begin)).days / (end - begin).days
