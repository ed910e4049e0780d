"""Locations of units: far from all others of their country, or twice under different names.

No map is needed: the other units of the fleet show where a country is.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from hginventory._types import Floats, Positions
from hginventory.inputs.findings import Finding, Fix, finding
from hginventory.inputs.fleet import Fleet, is_blank
from hginventory.inputs.parsing import unit_key
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold, without_marks

LEAST_PLANTS = 2  # other plants that show where a country is
FEW_PLANTS = 4  # other plants, below which a country may have them scattered: only one alone is pointed out
ODD_DEGREES = 5.0  # to the nearest other plant, from which exchanged coordinates are tried
FAR_DEGREES = 20.0  # to the nearest other plant, from which a location is pointed out as it is
NEAR_DEGREES = 0.05  # between two rows that may be one plant, about 5 km
MOST_SITES = 5_000  # of a country; no country has more, and the work grows with their square
BLOCK = 500  # sites compared at a time
LIKENESS = 0.85  # of two plant names
_COMMON_WORDS = frozenset({"power", "station", "plant", "pltu", "cement", "works"})
_PHASES = frozenset({"i", "ii", "iii", "iv", "v", "vi"})
_SIZES = ("capacity_mw", "clinker_capacity", "cement_capacity")
Row = Mapping[str, Any]


def check_locations(fleet: Fleet, rows: Mapping[str, Row]) -> list[Finding]:
    """Return what is odd about the locations of units.

    Parameters
    ----------
    fleet : Fleet
        Gives the addresses of cells.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    """
    by_country: dict[str, dict[tuple[str, float, float], list[str]]] = {}
    for unit, row in rows.items():
        latitude, longitude = row["latitude"], row["longitude"]
        if row["country"] and not math.isnan(latitude) and not math.isnan(longitude):
            site = (str(row["plant"] or unit), latitude, longitude)
            by_country.setdefault(row["country"], {}).setdefault(site, []).append(unit)
    strangers = [one for country, sites in by_country.items() for one in _strangers(fleet, country, sites)]
    return [*strangers, *_twice(fleet, rows)]


def _strangers(fleet: Fleet, country: str, sites: Mapping[tuple[str, float, float], list[str]]) -> Iterator[Finding]:
    """Yield the findings on sites far from all other plants of a country."""
    names, latitudes, longitudes = zip(*sites, strict=True)
    plants = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)[1]
    if plants.max() < LEAST_PLANTS or len(names) > MOST_SITES:
        return
    points = np.array([latitudes, longitudes], dtype=np.float64).T
    blocks = [slice(start, start + BLOCK) for start in range(0, len(names), BLOCK)]
    away = np.concatenate([_nearest(points[block], points, plants, plants[block]) for block in blocks])
    lonely = np.unique(plants[away > FAR_DEGREES]).size
    scattered = plants.max() < FEW_PLANTS and lonely > 1
    for number in np.flatnonzero(away > ODD_DEGREES):
        latitude, longitude = map(float, points[number])
        swapped = points[number : number + 1, ::-1]
        nearer = _nearest(swapped, points, plants, plants[number : number + 1])[0]
        units = sites[names[number], latitude, longitude]
        if abs(longitude) <= 90 and nearer <= min(ODD_DEGREES, away[number] / 3.0):
            for unit in units:
                yield from _exchanged(fleet, unit, latitude, longitude)
        elif away[number] > FAR_DEGREES and not scattered:
            text = TranslatableText(
                "latitude {north}, longitude {east}: {degrees} degrees from the nearest other plant of {country}",
                north=f"{latitude:g}", east=f"{longitude:g}", degrees=f"{away[number]:.0f}", country=country,
            )  # fmt: skip
            for unit in units:
                sheet, cell = fleet.address(unit, "latitude")
                yield finding("W418", sheet, cell, text, unit=unit)


def _nearest(points: Floats, others: Floats, plants: Positions, own: Positions) -> Floats:
    """Return the distance of each point to the nearest point of another plant, the larger of the two angles [degree].

    Parameters
    ----------
    points, others : ndarray, shapes (N, 2) and (M, 2)
        Latitude and longitude [degree].
    plants : ndarray, shape (M,)
        Plant of each of the others.
    own : ndarray, shape (N,)
        Plant of each point.
    """
    north = np.abs(points[:, None, 0] - others[None, :, 0])
    east = np.abs(points[:, None, 1] - others[None, :, 1])
    distance = np.maximum(north, np.minimum(east, 360.0 - east))
    distance[own[:, None] == plants[None, :]] = np.inf
    nearest: Floats = distance.min(axis=1)
    return nearest


def _exchanged(fleet: Fleet, unit: str, latitude: float, longitude: float) -> Iterator[Finding]:
    """Yield the findings on both cells."""
    remedy = TranslatableText("Exchange the two values: latitude {north}, longitude {east}.", north=f"{longitude:g}",
                  east=f"{latitude:g}")  # fmt: skip
    for column, old, new in (("latitude", latitude, longitude), ("longitude", longitude, latitude)):
        sheet, cell = fleet.address(unit, column)
        fix = Fix(cell, new, is_safe=False) if "[" not in cell else None
        words = TranslatableText("exchanged, they lie among the other units of the country")
        yield finding("W417", sheet, cell, f"{column} {old:g}", unit=unit, allowed=words, remedy=remedy, fix=fix)


def _twice(fleet: Fleet, rows: Mapping[str, Row]) -> Iterator[Finding]:
    """Yield units of equal size, unit name and country whose plants have like names and lie side by side."""
    groups: dict[tuple[str, str, float, str], list[str]] = {}
    for unit, row in rows.items():
        size = next((row[name] for name in _SIZES if not is_blank(row[name])), None)
        if size is not None and row["plant"]:
            key = (row["sector"], row["country"] or "", size, unit_key(row["unit"]))
            groups.setdefault(key, []).append(unit)
    for alike in groups.values():
        if len(alike) > 1:
            ordered = sorted(alike, key=lambda unit: (is_blank(rows[unit]["latitude"]), rows[unit]["latitude"]))
            for first, second in pairwise(ordered):
                one, other = rows[first], rows[second]
                if _is_same_site(one, other) and are_alike(str(one["plant"]), str(other["plant"])):
                    sheet, cell = fleet.address(second, "plant")
                    text = TranslatableText(
                        "{plant} is like {other} in {place}",
                        plant=other["plant"],
                        other=one["plant"],
                        place="!".join(fleet.address(first, "plant")),
                    )
                    yield finding("W319", sheet, cell, text, unit=second)


def _is_same_site(one: Row, other: Row) -> bool:
    """Return whether two rows lie side by side; without coordinates, whether they name the same province or none."""
    apart = [abs(one[name] - other[name]) for name in ("latitude", "longitude")]
    if not any(map(math.isnan, apart)):
        return bool(max(apart) <= NEAR_DEGREES)
    return fold(str(one["admin1"] or "")) == fold(str(other["admin1"] or ""))


def are_alike(one: str, other: str) -> bool:
    """Return whether two plant names may mean one plant: but for signs, a typing error or a word more.

    Numbers distinguish the phases of a plant. Equal names are not compared by this rule.

    >>> are_alike("PLTU Suralaya", "Suralaya"), are_alike("Paiton-3", "Paiton 3"), are_alike("Barh I", "Barh II")
    (True, True, False)
    """
    if fold(one) == fold(other):
        return False
    first, second = _words(one), _words(other)
    numbers = [{word for word in words if word.isdigit() or word in _PHASES} for words in (first, second)]
    if numbers[0] != numbers[1] or not first or not second:
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    return difflib.SequenceMatcher(None, "".join(first), "".join(second)).ratio() >= LIKENESS


def _words(name: str) -> Sequence[str]:
    """Return the words and numbers that distinguish a name from others."""
    words = re.findall(r"\d+|[^\W\d_]+", without_marks(fold(name)))
    return [word for word in words if word not in _COMMON_WORDS] or words
