"""Which plants and units of the tracker the stations of the Indian table are.

Quality of a match:

- ``exact``: one plant of the state has this name, among the other names that the tracker gives it, and each unit
  with a capacity finds a unit of like capacity and age there;
- ``name and capacity``: of the plants of the state whose name shares all its words with that of the station, or the
  other way round, one only has units of like capacity and age for all;
- ``by hand``: as ``india_names.csv`` says, with the reason.

Names are compared without words as "thermal" or "station". Nothing else is matched.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from india_cea import FISCAL_YEARS, CeaUnit, Station, label

EXACT, ALIKE, BY_HAND, NONE = "exact", "name and capacity", "by hand", "none"
NAMES = Path(__file__).parent / "india_names.csv"
COMMON_WORDS = frozenset(
    ("tpp", "tps", "stps", "stpp", "umpp", "ipp", "thermal", "power", "station", "plant", "project", "complex", "super", "ultra",
     "mega", "critical", "generating", "limited", "ltd", "lig", "lignite", "coal", "ext", "extension", "ph", "i")
)  # fmt: skip
STATES = {"CHATTISGARH": "Chhattisgarh", "ORISSA": "Odisha"}
MOST_OFF, MOST_YEARS = 0.25, 6  # capacity (logarithm of the ratio) and age [yr] by which one unit may differ
OUT_OF_QUESTION = 1e6
REFUSED = "no plant of the state has this name and units of like capacity and age"


@dataclass(frozen=True)
class TrackerUnit:
    """A unit of the tracker: plant and its other names, gross capacity [MW], years of start and, once closed, of end."""

    unit_id: str
    plant: str
    other_names: str
    state: str
    unit: str
    capacity_mw: float
    start: float
    end: float
    operates: bool


@dataclass(frozen=True)
class Match:
    """The plants that a station is, how sure that is, and the reason where it was decided by hand."""

    plants: tuple[str, ...]
    quality: str
    reason: str = ""


def match_stations(stations: Iterable[Station], units: Sequence[TrackerUnit], names: Path = NAMES) -> dict[int, Match]:
    """Return the match of each station, by its number."""
    by_plant: dict[str, list[TrackerUnit]] = defaultdict(list)
    for unit in units:
        by_plant[unit.plant].append(unit)
    with names.open(encoding="utf-8", newline="") as file:
        by_hand = {int(row["station_no"]): row for row in csv.DictReader(file)}
    found = {}
    for station in stations:
        row = by_hand.get(station.number)
        if row is None:
            found[station.number] = _by_name(station, by_plant)
            continue
        plants = tuple(plant.strip() for plant in row["plants"].split(";"))
        if row["station"] != station.name or any(plant not in by_plant for plant in plants):
            raise ValueError(f"{names.name}: station {station.number} {station.name} or plant {plants} is not on file")
        found[station.number] = Match(plants, BY_HAND, row["reason"])
    return found


def _by_name(station: Station, by_plant: Mapping[str, Sequence[TrackerUnit]]) -> Match:
    words = words_of(station.name)
    state = state_of(station)
    of_plant = {plant: _names(units) for plant, units in by_plant.items() if units[0].state == state}
    same = [plant for plant, names in of_plant.items() if words in names]
    if len(same) == 1 and _fits(station, by_plant[same[0]]):
        return Match((same[0],), EXACT)
    alike = [
        plant
        for plant, names in of_plant.items()
        if words and any(name and (name <= words or words <= name) for name in names)
    ]
    fitting = [plant for plant in alike if _fits(station, by_plant[plant])]
    return Match((fitting[0],), ALIKE) if len(fitting) == 1 else Match((), NONE, REFUSED)


def state_of(station: Station) -> str:
    """Return the state of a station as the tracker writes it."""
    return STATES.get(station.state, station.state.title())


def words_of(name: str) -> frozenset[str]:
    """Return the words that tell a plant from others.

    >>> sorted(words_of("SALAYA TPP")), sorted(words_of("Mundra Thermal Power Project (Adani)"))
    (['salaya'], ['adani', 'mundra'])
    """
    return frozenset(re.sub(r"[^a-z0-9]+", " ", name.casefold().removesuffix("_coal")).split()) - COMMON_WORDS


def _names(units: Sequence[TrackerUnit]) -> set[frozenset[str]]:
    """Return the names of a plant; what stands in brackets behind another name are its units."""
    plant = units[0].plant
    others = re.sub(r"\([^)]*\)", "", units[0].other_names)
    names = (plant, *re.split("[;,]", others))
    return {words for words in map(words_of, names) if words}


def _fits(station: Station, units: Sequence[TrackerUnit]) -> bool:
    """Return whether every unit with a capacity finds one of like capacity and age, and at least one unit does."""
    found = assign([station], units)
    return bool(found) and all((station.number, unit.number) in found for unit in station.units if unit.capacity_mw > 0)


def assign(stations: Sequence[Station], units: Sequence[TrackerUnit]) -> dict[tuple[int, int], str]:
    """Return (station, unit of the table) -> id of the tracker's unit, each used once, so that they differ least.

    Parameters
    ----------
    stations : sequence of Station
        All stations that are these plants, so that no unit of the tracker is taken twice.
    units : sequence of TrackerUnit
        The units of the plants.
    """
    wanted = [(station.number, unit) for station in stations for unit in station.units]
    costs = np.array([[_difference(one, unit) for unit in units] for _, one in wanted])
    if not costs.size:
        return {}
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    return {
        (wanted[row][0], wanted[row][1].number): units[column].unit_id
        for row, column in pairs
        if costs[row, column] < OUT_OF_QUESTION
    }


def _difference(one: CeaUnit, unit: TrackerUnit) -> float:
    """Return how much two units differ: years, capacity where both are known, closed on one side, and numbers."""
    years = abs(one.commissioned.year - unit.start) if math.isfinite(unit.start) else float(MOST_YEARS)
    off = abs(math.log(one.capacity_mw / unit.capacity_mw)) if one.capacity_mw > 0 else 0.0
    if off > MOST_OFF or years > MOST_YEARS:
        return OUT_OF_QUESTION
    closed = unit.end <= label(FISCAL_YEARS[-1])
    if one.capacity_mw == 0 and not closed and math.isfinite(unit.end):
        return OUT_OF_QUESTION  # closed by March 2019 for one, later for the other
    numbers = re.findall(r"\d+", unit.unit.partition("(")[0])
    other_number = not numbers or int(numbers[-1]) != one.number
    return years + 10.0 * off + 2.0 * (closed != (one.capacity_mw == 0)) + 0.1 * other_number


def assign_all(
    stations: Sequence[Station], matches: Mapping[int, Match], units: Sequence[TrackerUnit]
) -> dict[tuple[int, int], str]:
    """Return (station, unit of the table) -> id of the tracker's unit, for all stations that have a match."""
    groups: list[tuple[set[str], list[Station]]] = []
    for station in stations:
        plants = set(matches[station.number].plants)
        joined = [group for group in groups if group[0] & plants]
        groups = [group for group in groups if not group[0] & plants]
        groups.append((plants.union(*(g[0] for g in joined)), [*(s for g in joined for s in g[1]), station]))
    found: dict[tuple[int, int], str] = {}
    for plants, of_group in groups:
        found |= assign(of_group, [unit for unit in units if unit.plant in plants])
    return found
