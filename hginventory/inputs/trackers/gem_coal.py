"""Global Coal Plant Tracker of Global Energy Monitor, releases 2017 to 2026: one row a unit of 30 MW and more.

Not taken as facts: heat rate, CO2 factor, capacity factor, plant age and remaining lifetime, which the publisher
models or averages over countries. Emission controls are not in the tracker.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hginventory.inputs.fleet import Fleet
from hginventory.inputs.trackers.coal_origin import origin_of
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit, without_full_share
from hginventory.inputs.trackers.gem import source_row
from hginventory.inputs.trackers.releases import find_release
from hginventory.inputs.trackers.repair import NO_STATUS
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.source_table import AS_FOUND, Layout, SourceTable, TableOptions
from hginventory.inputs.trackers.table_file import open_table
from hginventory.vocabulary import COAL_TYPES, TECHNOLOGIES, UNKNOWN, fold

NAME = "Global Coal Plant Tracker"
URL = "https://globalenergymonitor.org/projects/global-coal-plant-tracker/"
MARKS = (
    ("GEM unit/phase ID", "Capacity (MW)", "Status"),  # July 2023 and later
    ("Tracker ID", "Capacity (MW)", "Status"),  # 2017 to January 2023
)
ID = ("gem unit/phase id", "tracker id")
PLANT = ("plant name", "plant")
UNIT = ("unit name", "unit")
COUNTRY = ("country/area", "country")
ADMIN1 = ("subnational unit (province, state)", "subnational unit")
OWNER = ("owner", "sponsor")
LATITUDE = ("latitude", "lat")
LONGITUDE = ("longitude", "lng", "long")
CAPACITY = ("capacity (mw)",)
STATUS = ("status",)
START = ("start year", "year")
RETIRED = ("retired year", "retired", "year retire")
PLANNED = ("planned retirement", "planned retire")
TECHNOLOGY = ("combustion technology",)
COAL = ("coal type",)
COAL_SOURCE = ("coal source",)
OTHER_FUEL = ("alternate fuel",)
CONVERSION = ("conversion to (fuel)",)
CAPTIVE = ("captive",)
CAPTIVE_USE = ("captive industry use",)
USED = frozenset().union(
    ID, PLANT, UNIT, COUNTRY, ADMIN1, OWNER, LATITUDE, LONGITUDE, CAPACITY, STATUS, START, RETIRED, PLANNED, TECHNOLOGY,
    COAL, COAL_SOURCE, OTHER_FUEL, CONVERSION, CAPTIVE, CAPTIVE_USE,
)  # fmt: skip
LAYOUT = Layout(USED.__contains__, PLANT, (*LATITUDE, *LONGITUDE, *CAPACITY), (*START, *RETIRED, *PLANNED), "point")
_MODELLED = "modelled by the publisher, not measured at the unit"
_OWN_RULE = "the publisher's own rule of plant life; ours is the retirement rule of a run"
_COUNTRY_LEVEL = "a plan of the country, not of the unit"
_NOT_NEEDED = "not needed"
REASONS = {
    "heat rate": _MODELLED,
    "heat rate (btu per kwh)": _MODELLED,
    "emission factor": _MODELLED,
    "emission factor (kg of co2 per tj)": _MODELLED,
    "capacity factor": "an average of the country (0 for retired and cancelled units), not of the unit",
    "annual co2 (million tonnes / annum)": _MODELLED,
    "lifetime co2": _OWN_RULE,
    "lifetime co2 (million tonnes)": _OWN_RULE,
    "plant age": _OWN_RULE,
    "plant age (years)": _OWN_RULE,
    "remaining plant lifetime (years)": _OWN_RULE,
    "coal phaseout year": _COUNTRY_LEVEL,
    "net zero year": _COUNTRY_LEVEL,
    "chp": "heat sold is not modelled",
    "captive residential use": "heat sold is not modelled",
    **dict.fromkeys(
        (
            "gem location id", "trackerloc", "parentid", "wiki url", "wiki page", "plant name (other)",
            "plant name (local)", "chinese name", "other names", "owner gem entity id", "parent",
            "parent gem entity id", "conversion to (gem unit id)", "location", "local area (taluk, county)",
            "major area (prefecture, district)", "subregion", "region", "previous region",
            "location accuracy", "accuracy", "permits", "permit date", "permit parsed",
            "china capacity payment recipient",
        ),
        _NOT_NEEDED,
    ),
}  # fmt: skip
EARLIER_STATE = "an earlier state (timepoint) of a converted or re-planned unit"
RUNNING = ("operating", "construction")
SIBLINGS = 3  # units of known coal from which one alone is odd
_TIMEPOINT = re.compile(r",?\s*\btime\s?point\s*(\d*)", re.IGNORECASE)
_SHORT_ID = re.compile(r"G(\d{6})")
_CAPTURE = re.compile(r"\s*(?:/\s*ccs|with ccs|\(\s*ccs\s*\d*\s*\))", re.IGNORECASE)
_STATUSES = {"pre": "pre-permit"}  # as written in 2017
_BOILERS = {"cfb": "CFB", "igcc": "IGCC"}
_STEAM = {"ultra-super": "ultra-supercritical", "super": "supercritical"}
_COALS = {"hard": "bituminous", "wstbituminous": "waste coal", "misc": UNKNOWN}
_NOT_COAL = frozenset({"biomass", "bioenergy", "gas", "oil"})


def read_gem_coal(path: Path, filters: Filters, options: TableOptions = AS_FOUND) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a file of the Global Coal Plant Tracker, and what was done.

    Parameters
    ----------
    path : Path
        The .xlsx file of any release since 2017, or a .csv of its sheet.
    filters : Filters
        Which units are wanted.
    options : TableOptions
        What the user says of the file.

    Raises
    ------
    UnreadableFileError
        If the file has no such table.
    UsageError
        If a filter cannot be used, or leaves no unit.
    """
    table = open_table(path, MARKS, f"the {NAME}", layout=LAYOUT, options=options)
    release = find_release(table)
    title = f"{NAME}, {release}" if release else NAME
    settings = {"fleet_name": title, **({"data_year": release.year} if release else {})}
    source = source_row(table, NAME, "gem-gcpt", URL)
    tracker = Tracker("gem-coal", "Coal_units", title, source, settings, USED, REASONS)
    plants = _Plants.of(table)
    return build(tracker, table, lambda draft: _unit(draft, plants), filters)


@dataclass(frozen=True)
class _Plants:
    """What the rows of a plant say together.

    Attributes
    ----------
    latest : mapping of (str, str) to float
        Plant and name of a unit -> number of its latest state; a row without a number is the latest.
    coals : mapping of str to Counter
        Plant -> units that run by coal type, unknown ones left out.
    """

    latest: Mapping[tuple[str, str], float]
    coals: Mapping[str, Counter[str]]

    @classmethod
    def of(cls, table: SourceTable) -> _Plants:
        latest: dict[tuple[str, str], float] = {}
        coals: dict[str, Counter[str]] = {}
        for row in table.rows:
            draft = DraftUnit(table, row)
            key, state = _state(draft)
            latest[key] = max(latest.get(key, state), state)
            coal = _coal_type(draft.text(*COAL))
            if coal not in (None, UNKNOWN) and fold(draft.text(*STATUS)) in RUNNING:
                coals.setdefault(key[0], Counter())[str(coal)] += 1
        return cls(latest, coals)

    def has_odd_coal(self, plant: str, coal: str) -> bool:
        """Return whether a unit alone has lignite, or alone has none, among at least three of its plant."""
        counts = self.coals.get(plant, Counter())
        lignite, all_units = counts["lignite"], counts.total()
        alone = lignite if coal == "lignite" else all_units - lignite
        return all_units >= SIBLINGS and alone == 1


def _state(draft: DraftUnit) -> tuple[tuple[str, str], float]:
    """Return plant and name of a unit without its state, and the number of the state."""
    unit = draft.text(*UNIT)
    match = _TIMEPOINT.search(unit)
    key = (fold(draft.text(*PLANT)), fold(_TIMEPOINT.sub("", unit)))
    return key, float(match[1] or 1) if match else math.inf


def _unit(draft: DraftUnit, plants: _Plants) -> None:
    """Fill a draft from its row."""
    values = draft.values
    values["unit_id"] = _unit_id(draft)
    values["plant"] = plant = draft.text(*PLANT)
    unit = draft.text(*UNIT)
    if plant and unit.casefold().startswith(f"{plant.casefold()} "):  # 2017 writes the plant before the unit
        unit = unit[len(plant) :].strip(" ,")
    if unit.strip("-"):
        values["unit"] = unit
    texts: Sequence[tuple[str, tuple[str, ...]]] = (("country", COUNTRY), ("admin1", ADMIN1))
    for name, columns in texts:
        if text := draft.text(*columns):
            values[name] = text
    if owner := without_full_share(draft.text(*OWNER)):
        values["owner"] = owner
    for name, columns in (("latitude", LATITUDE), ("longitude", LONGITUDE), ("capacity_gross", CAPACITY)):
        if (number := draft.number(*columns)) is not None:
            values[name] = number
    draft.year("start_year", *START)
    draft.year("planned_retirement", *PLANNED)
    if retired := draft.text(*RETIRED):
        draft.notes.append(f"Retired: {retired}.")
    values["status"] = status = _STATUSES.get(fold(draft.text(*STATUS)), fold(draft.text(*STATUS)))
    if not status:
        draft.left_out = NO_STATUS
    if "start_year" not in values and status in RUNNING:
        draft.note("N803", next((n for n in START if n in draft.table.letters), ""), f"{status}, no start year")
    _machine(draft)
    _coal(draft)
    _captive(draft)
    if _TIMEPOINT.search(unit):
        _leave_out_earlier_state(draft, status, plants.latest)
    coal = draft.values.get("coal_type", UNKNOWN)
    if status in RUNNING and coal != UNKNOWN and plants.has_odd_coal(fold(plant), coal):
        draft.notes.append("Coal type unlike that of the other units of the plant: check.")
        draft.note("W818", COAL[0], f"{coal} at {plant}")


def _leave_out_earlier_state(draft: DraftUnit, status: str, latest: Mapping[tuple[str, str], float]) -> None:
    """Leave a row out that is the past of a unit; one that runs and has no later row is its present."""
    key, state = _state(draft)
    if status in (*RUNNING, "mothballed") and state == latest[key]:
        draft.note("N817", UNIT[0], draft.text(*UNIT))
    else:
        draft.left_out = EARLIER_STATE


def _unit_id(draft: DraftUnit) -> str:
    """Return the id in the long form used since 2024, so that releases can be joined."""
    given = draft.text(*ID)
    short = _SHORT_ID.fullmatch(given)
    if short is None:
        return given
    long = f"G100000{short[1]}"
    draft.note("N811", next(n for n in ID if n in draft.row.cells), f"{given} became {long}")
    return long


def _machine(draft: DraftUnit) -> None:
    given = draft.text(*TECHNOLOGY)
    word = fold(_CAPTURE.sub("", given))
    if word != fold(given):
        _note_capture(draft, TECHNOLOGY[0], given)
    if word in _BOILERS:
        draft.values["boiler"] = _BOILERS[word]
        draft.note("N805", TECHNOLOGY[0], f"{given}: steam state not given")
        return
    technology = TECHNOLOGIES.match(_STEAM.get(word, word))
    draft.values["technology"] = technology or UNKNOWN
    if technology is None:
        draft.notes.append(f"Technology in the tracker: {given}.")
        draft.note("W807", TECHNOLOGY[0], f"technology {given!r}", allowed="no steam technology of our list")


def _coal(draft: DraftUnit) -> None:
    given = draft.text(*COAL)
    word = fold(_CAPTURE.sub("", given))
    if word != fold(given) and not _CAPTURE.search(draft.text(*TECHNOLOGY)):
        _note_capture(draft, COAL[0], given)
    parts = [part.strip() for part in word.split("/")]
    other = [part for part in parts if part in _NOT_COAL]
    if other:
        draft.notes.append(f"Burned with coal: {', '.join(other)} (share not given).")
    coal = _coal_type(given)
    if coal is not None:
        draft.values["coal_type"] = coal
    elif len(other) < len(parts):
        draft.values["coal_type"] = UNKNOWN
        draft.notes.append(f"Coal in the tracker: {given}.")
        draft.note("N804", COAL[0], f"coal type {given!r}")
    if source := draft.text(*COAL_SOURCE):
        draft.notes.append(f"Coal source: {source}.")
        draft.values["coal_origin"] = origin_of(source, draft.values.get("country", ""))
    if fuel := draft.text(*OTHER_FUEL):
        draft.notes.append(f"Other fuel: {fuel} (share not given).")
    if conversion := draft.text(*CONVERSION):
        draft.notes.append(f"To be converted to {conversion} (year not given).")


def _coal_type(given: str) -> str | None:
    """Return the coal type of a cell; None for a mix and for words that are no coal.

    >>> [_coal_type(text) for text in ("Sub-bit", "Bituminous(CCS90)", "ANTH/Culm", "Bituminous/BIOMASS", "WSTCOAL")]
    ['subbituminous', 'bituminous', None, 'bituminous', 'waste coal']
    """
    parts = (part.strip() for part in fold(_CAPTURE.sub("", given)).split("/"))
    ranks = {_COALS.get(part) or COAL_TYPES.match(part) for part in parts if part not in _NOT_COAL}
    return ranks.pop() if len(ranks) == 1 else None


def _note_capture(draft: DraftUnit, column: str, given: str) -> None:
    draft.notes.append("Carbon capture marked in the tracker.")
    draft.note("N806", column, given)


def _captive(draft: DraftUnit) -> None:
    """Fill the column captive; a blank cell means the grid where the release has the column."""
    if CAPTIVE[0] not in draft.table.letters:
        return
    industry = draft.text(*CAPTIVE)
    draft.values["captive"] = bool(industry)
    if industry:
        use = draft.text(*CAPTIVE_USE)
        draft.notes.append(f"Serves: {industry}{f' ({use})' if use else ''}.")
