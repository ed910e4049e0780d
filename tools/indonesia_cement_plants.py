"""Hold the kilns of fleets/indonesia.xlsx against the plants of the cement tracker: part of `build_indonesia.py`.

A plant of the workbook is one of the tracker's where both lie near each other and share a word of name or owner that is
not on many plants. Most shared words win, then the smaller distance. Positions become the tracker's. The tracker has the
cement capacity of the plant, the workbook that of kilns, so:

- within `AGREE` of the tracker, the capacities of the kilns stay;
- else operating kilns of which no page states a capacity are scaled by one factor, so that the plant has the tracker's;
- a kiln whose clinker or cement capacity a page states keeps it; where no kiln can be scaled, or the factor would lie
  outside `SCALES`, all stay, and the note says how far they are from the tracker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from hginventory.inputs.bundled.tracker_table import CEMENT_FILE, read_tracker_table
from hginventory.inputs.trackers import Filters, gem_cement_fleet
from hginventory.inputs.trackers.gem_cement import NAME

GCCT = "gem-gcct-2025-07"
NEAR, NEAR_ASSUMED = 25.0, 50.0  # km; the wider one where the position of the workbook is assumed
AGREE = 0.10  # of the tracker's capacity
SCALES = (0.5, 2.0)
EARTH = 6371.0  # km
ON_MANY = frozenset({"cement", "semen", "plant", "indonesia", "persero", "kalimantan", "sulawesi", "pt"})
ALIASES = {"hongshi": "red lion"}  # the group, and what its name means in English
_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True)
class TrackerPlant:
    """A plant of the tracker: name, position [degrees], cement capacity [t/yr]."""

    name: str
    latitude: float
    longitude: float
    capacity: float

    def distance(self, latitude: float, longitude: float) -> float:
        """Return the distance to a point [km]."""
        there, here = radians(self.latitude), radians(latitude)
        half = sin((there - here) / 2) ** 2
        half += cos(there) * cos(here) * sin(radians(self.longitude - longitude) / 2) ** 2
        return 2 * EARTH * asin(sqrt(half))


@dataclass(frozen=True)
class Match:
    """What the tracker says of a plant of the workbook.

    Attributes
    ----------
    plant : TrackerPlant or None
        None where no plant of the tracker is the same.
    distance : float
        To the position that the workbook had [km].
    ours : float
        Cement capacity of the operating kilns before [t/yr].
    scale : float
        Factor of the kilns of which no page states a capacity; 1: they stay.
    """

    plant: TrackerPlant | None
    distance: float = 0.0
    ours: float = 0.0
    scale: float = 1.0

    def note(self, is_scaled: bool) -> str:
        """Return what stands in the note of a kiln."""
        if self.plant is None:
            return f"No plant of the {NAME}, July 2025 (V1) release, was found to be this one."
        said = f"Plant in the tracker: {self.plant.name}, {self.plant.capacity / 1e6:.2f} Mt/yr of cement"
        if is_scaled:
            return f"{said}; capacity of this kiln multiplied by {self.scale:.2f}, so that the plant has it."
        if abs(self.ours / self.plant.capacity - 1.0) <= AGREE:
            return f"{said}, as its kilns here within {AGREE:.0%} ({self.ours / 1e6:.2f})."
        if self.scale != 1.0:
            return f"{said}; the capacity of this kiln is from a page or not in use, and stays."
        return f"{said}; its kilns here have {self.ours / 1e6:.2f}, and stay as they are."


def tracker_plants() -> list[TrackerPlant]:
    """Return the Indonesian plants of the tracker of known capacity."""
    fleet, _ = gem_cement_fleet(read_tracker_table(["IDN"], CEMENT_FILE), Filters())
    columns = ("plant", "latitude", "longitude", "cement_capacity")
    return [TrackerPlant(*row) for row in fleet.units[list(columns)].itertuples(index=False, name=None)]


def is_open(fact: Mapping[str, str]) -> bool:
    """Return whether a kiln operates and no page states a capacity of it."""
    assumed = assumed_of(fact)
    return fact["status"] == "operating" and {"clinker_capacity_t_per_yr", "cement_capacity_t_per_yr"} <= assumed


def assumed_of(fact: Mapping[str, str]) -> set[str]:
    """Return the columns of a kiln that are assumed."""
    return {name.strip() for name in fact["assumed_fields"].split(";")}


def matches(facts: Sequence[Mapping[str, str]], plants: Sequence[TrackerPlant]) -> dict[str, Match]:
    """Return what the tracker says of each plant: name in the facts -> match."""
    by_plant: dict[str, list[Mapping[str, str]]] = {}
    for fact in facts:
        by_plant.setdefault(fact["plant"], []).append(fact)
    return {name: _match(kilns, plants) for name, kilns in by_plant.items()}


def _match(kilns: Sequence[Mapping[str, str]], plants: Sequence[TrackerPlant]) -> Match:
    first = kilns[0]
    latitude, longitude = float(first["lat"]), float(first["lon"])
    most = NEAR_ASSUMED if "lat" in assumed_of(first) else NEAR
    text = " ".join([first["plant"], first["owner"]]).casefold()
    text = " ".join([text, *(name for alias, name in ALIASES.items() if alias in text)])
    found = []
    for plant in plants:
        theirs, distance = plant.name.casefold(), plant.distance(latitude, longitude)
        shared = set(_WORD.findall(text)) & set(_WORD.findall(theirs))
        if distance <= most and shared - ON_MANY:
            found.append((-len(shared), distance, plant))
    if not found:
        return Match(None)
    _, distance, plant = min(found, key=lambda one: one[:2])
    cement = {id(fact): float(fact["cement_capacity_t_per_yr"]) for fact in kilns if fact["status"] == "operating"}
    ours, open_ones = sum(cement.values()), sum(cement[id(fact)] for fact in kilns if is_open(fact))
    scale = (plant.capacity - (ours - open_ones)) / open_ones if open_ones else 1.0
    agrees = abs(ours / plant.capacity - 1.0) <= AGREE
    return Match(plant, distance, ours, 1.0 if agrees or not SCALES[0] <= scale <= SCALES[1] else scale)
