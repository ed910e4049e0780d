"""Global Coal Plant Tracker of Global Energy Monitor, releases 2017 to 2026: one row per unit of 30 MW and more.

The integrated tracker, which has plants of all kinds, is read too: its rows of coal.

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

from hginventory.errors import UnreadableFileError
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.source_tables import AS_FOUND, Layout, SourceTable, TableOptions, open_table
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit, parse_year, without_full_share
from hginventory.inputs.trackers.gem import source_row
from hginventory.inputs.trackers.gem_coal_columns import (
    ADMIN1,
    CAPACITY,
    COAL,
    COUNTRY,
    ID,
    KIND,
    LATITUDE,
    LONGITUDE,
    OWNER,
    PLANNED,
    PLANT,
    REASONS,
    RETIRED,
    START,
    STATUS,
    TELL_COAL,
    UNIT,
    USED,
)
from hginventory.inputs.trackers.gem_coal_words import coal_type, fill_captive, fill_coal, fill_machine
from hginventory.inputs.trackers.releases import find_release
from hginventory.inputs.trackers.repair import NO_STATUS
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.status import status_of
from hginventory.vocabulary import RUNNING, UNKNOWN, fold, names_coal, other_fuel

NAME = "Global Coal Plant Tracker"
URL = "https://globalenergymonitor.org/projects/global-coal-plant-tracker/"
INTEGRATED = "Global Integrated Power Tracker"
INTEGRATED_URL = "https://globalenergymonitor.org/projects/global-integrated-power-tracker/"
MARKS = (
    ("GEM unit/phase ID", "Capacity (MW)", "Status"),  # July 2023 and later
    ("Tracker ID", "Capacity (MW)", "Status"),  # 2017 to January 2023
)
GEM_COAL_LAYOUT = Layout(
    USED.__contains__, PLANT, (*LATITUDE, *LONGITUDE, *CAPACITY), (*START, *RETIRED, *PLANNED), "point"
)
NOT_COAL = "it is not a coal unit"
EARLIER_STATE = "an earlier state (timepoint) of a converted or re-planned unit"
LATER_STATE = "a later state of a unit that ran otherwise in the year asked for"
SIBLINGS = 3  # units of known coal from which one alone is odd
_TIMEPOINT = re.compile(r",?\s*\btime\s?point\s*(\d*)", re.IGNORECASE)
_SHORT_ID = re.compile(r"G(\d{6})")
_STATUSES = {"pre": "pre-permit"}  # as written in 2017


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
    return gem_coal_fleet(open_gem_coal(path, options), filters)


def open_gem_coal(path: Path, options: TableOptions = AS_FOUND) -> SourceTable:
    """Return the table of a file of the Global Coal Plant Tracker as found; errors as in `read_gem_coal`."""
    table = open_table(path, MARKS, f"the {NAME}", layout=GEM_COAL_LAYOUT, options=options)
    if not any(name in table.letters for name in TELL_COAL):
        raise UnreadableFileError(
            f"{path}, sheet {table.sheet}: no column says which rows are coal ({', '.join(TELL_COAL)}). "
            "This may be the tracker of another fuel."
        )
    return table


def gem_coal_fleet(table: SourceTable, filters: Filters) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a table of the Global Coal Plant Tracker, and what was done.

    Parameters
    ----------
    table : SourceTable
        The table, or some of its plants with all their rows.
    filters : Filters
        Which units are wanted.

    Raises
    ------
    UsageError
        If a filter cannot be used, or leaves no unit.
    """
    source, title, release = release_source(table), release_title(table), find_release(table)
    settings = {"fleet_name": title, **({"data_year": release.year} if release else {})}
    tracker = Tracker("gem-coal", "Coal_units", title, source, settings, USED, REASONS)
    plants = _Plants.of(table, filters.in_year)
    return build(tracker, table, lambda draft: _unit(draft, plants), filters)


def release_source(table: SourceTable) -> dict[str, str]:
    """Return the row for the sheet Sources: which release a table is of, and its terms of use."""
    return source_row(table, *_names(table))


def release_title(table: SourceTable) -> str:
    """Return the name of the tracker of a table, with its release where that is known."""
    name, release = _names(table)[0], find_release(table)
    return f"{name}, {release}" if release else name


def _names(table: SourceTable) -> tuple[str, str, str]:
    """Return name, start of the source id and address of the tracker of a table."""
    return (INTEGRATED, "gem-gipt", INTEGRATED_URL) if KIND[0] in table.letters else (NAME, "gem-gcpt", URL)


@dataclass(frozen=True)
class _Plants:
    """What the rows of a plant say together.

    Attributes
    ----------
    latest : mapping of (str, str) to float
        Plant and name of a unit -> number of its latest state; a row without a number is the latest.
    coals : mapping of str to Counter
        Plant -> units that run by coal type, unknown ones left out.
    then : mapping of (str, str) to float
        Plant and name of a unit -> number of the state that ran in the year asked for, where that one is retired now.
    """

    latest: Mapping[tuple[str, str], float]
    coals: Mapping[str, Counter[str]]
    then: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, table: SourceTable, in_year: int | None) -> _Plants:
        latest: dict[tuple[str, str], float] = {}
        coals: dict[str, Counter[str]] = {}
        then: dict[tuple[str, str], float] = {}
        for row in table.rows:
            draft = DraftUnit(table, row)
            key, state = _state(draft)
            latest[key] = max(latest.get(key, state), state)
            end = parse_year(draft.text(*RETIRED))[0]
            if in_year is not None and state < math.inf and end is not None and end >= in_year:
                then[key] = min(then.get(key, state), state)
            coal = coal_type(draft.text(*COAL))
            if coal not in (None, UNKNOWN) and status_of(draft.text(*STATUS)) in RUNNING:
                coals.setdefault(key[0], Counter())[str(coal)] += 1
        return cls(latest, coals, then)

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
    status = _status(draft)
    if "start_year" not in values and status in RUNNING:
        draft.note("N803", next((n for n in START if n in draft.table.letters), ""), f"{status}, no start year")
    fill_machine(draft)
    fill_coal(draft)
    fill_captive(draft)
    key, state = _state(draft)
    if key in plants.then:
        draft.left_out = draft.left_out or (LATER_STATE if state != plants.then[key] else "")
    elif _TIMEPOINT.search(unit):
        _leave_out_earlier_state(draft, status, plants.latest)
    coal = draft.values.get("coal_type", UNKNOWN)
    if status in RUNNING and coal != UNKNOWN and plants.has_odd_coal(fold(plant), coal):
        draft.notes.append("Coal type unlike that of the other units of the plant: check.")
        draft.note("W818", COAL[0], f"{coal} at {plant}")


def _status(draft: DraftUnit) -> str:
    """Fill the status and the year of retirement, leave out what is not a coal unit, and return the status."""
    status = _STATUSES.get(fold(draft.text(*STATUS)), status_of(draft.text(*STATUS)))
    draft.values["status"] = status
    draft.left_out = "" if status else NO_STATUS
    if not _is_coal(draft):
        draft.left_out, draft.other_fuel = NOT_COAL, draft.text(*KIND) or draft.text(*COAL)
    retired = draft.text(*RETIRED)
    draft.year("planned_retirement", *(RETIRED if retired and status == "retired" else PLANNED))
    if retired:
        draft.notes.append(f"Retired: {retired}.")
    return status


def _is_coal(draft: DraftUnit) -> bool:
    """Return whether a row of the integrated tracker is coal; every row of the coal tracker is."""
    if kind := draft.text(*KIND):
        return names_coal(kind)
    return COAL[0] in draft.table.letters or other_fuel(draft.text(*COAL)) is None


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
