"""Global Cement and Concrete Tracker of Global Energy Monitor (July 2025): one row per plant, no kilns.

A plant that burns clinker becomes one row that stands for all its kilns. A grinding plant has no kiln and no
mercury from one, so it has no row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hginventory.inputs.fleet import Fleet
from hginventory.inputs.source_tables import AS_FOUND, Layout, SourceTable, TableOptions, open_table
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit, without_full_share
from hginventory.inputs.trackers.gem import source_row
from hginventory.inputs.trackers.releases import find_release
from hginventory.inputs.trackers.repair import NO_STATUS
from hginventory.inputs.trackers.report import ImportReport
from hginventory.inputs.trackers.status import status_of
from hginventory.units import convert
from hginventory.vocabulary import KILN_TYPES, UNKNOWN, fold

NAME = "Global Cement and Concrete Tracker"
URL = "https://globalenergymonitor.org/projects/global-cement-and-concrete-tracker/"
ID = "gem plant id"
PLANT = "gem asset name (english)"
COORDINATES = "coordinates"
ADMIN1 = "subnational unit"
COUNTRY = ("country/area", "country")
CEMENT = "cement capacity (millions metric tonnes per annum)"
CLINKER = "clinker capacity (millions metric tonnes per annum)"
STATUS = "operating status"
START = "start date"
OWNER = "owner name (english)"
PLANT_TYPE = "plant type"
PROCESS = "production type"
CAPTURE = "ccs/ccus"
OTHER_FUEL = "alternative fuel"
CLAY = "clay calcination"
MARKS = ((ID, CLINKER, STATUS),)
USED = frozenset(
    (ID, PLANT, COORDINATES, ADMIN1, *COUNTRY, CEMENT, CLINKER, STATUS, START, OWNER, PLANT_TYPE, PROCESS, CAPTURE,
     OTHER_FUEL, CLAY)
)  # fmt: skip
GEM_CEMENT_LAYOUT = Layout(USED.__contains__, (PLANT,), (CEMENT, CLINKER), (START,), "point")
REASONS = dict.fromkeys(
    (
        "gem asset name (other language)", "alternative asset name(s)", "sfi id", "leadit project id",
        "coordinate accuracy",
        "gem wiki page", "municipality", "majority cement type", "cement color", "owner name (other language)",
        "owner entity id", "parent", "parent entity id",
    ),
    "not needed",
)  # fmt: skip
TRACKER_UNIT, OUR_UNIT = "Mt/yr", "t/yr"
GRINDING = "a grinding plant has no kiln"
KILN_UNKNOWN = "neither the plant type nor a clinker capacity says that there is a kiln"
ONE_ROW = "The row stands for all kilns of the plant."
PLANT_LEVEL = "Plant level; kiln type, clinker and start year unknown; a plant that only grinds clinker is counted too."
NOTICE = "Cement rows are whole plants, not kilns: ranks are those of plants."
_NUMBERS = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
_WITH_KILN = ("integrated", "clinker only")
_NOT_SAID = ("", "unknown", "n/a", "no")


def read_gem_cement(path: Path, filters: Filters, options: TableOptions = AS_FOUND) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a file of the Global Cement and Concrete Tracker, and what was done.

    Parameters
    ----------
    path : Path
        The .xlsx file, or a .csv of its sheet.
    filters : Filters
        Which plants are wanted.
    options : TableOptions
        What the user says of the file.

    Raises
    ------
    UnreadableFileError
        If the file has no such table.
    UsageError
        If a filter cannot be used, or leaves no plant.
    """
    return gem_cement_fleet(open_table(path, MARKS, f"the {NAME}", layout=GEM_CEMENT_LAYOUT, options=options), filters)


def gem_cement_fleet(table: SourceTable, filters: Filters) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a table of the Global Cement and Concrete Tracker, and what was done.

    Parameters
    ----------
    table : SourceTable
        The table. One without the columns of plant type and clinker capacity does not say which plants have a kiln:
        all are taken, and say so.
    filters : Filters
        Which plants are wanted.

    Raises
    ------
    UsageError
        If a filter cannot be used, or leaves no plant.
    """
    release = find_release(table)
    title = f"{NAME}, {release}" if release else NAME
    settings: dict[str, Any] = {
        "fleet_name": title,
        "notice": NOTICE,
        **({"data_year": release.year} if release else {}),
    }
    source = source_row(table, NAME, "gem-gcct", URL)
    tracker = Tracker("gem-cement", "Cement_kilns", title, source, settings, USED, REASONS)
    return build(tracker, table, _plant, filters)


def parse_coordinates(text: str) -> tuple[float, float] | None:
    """Return latitude and longitude of one cell; None where it contains something else.

    >>> parse_coordinates("-6.45, 106.91"), parse_coordinates("unknown"), parse_coordinates("P100000120001")
    ((-6.45, 106.91), None, None)
    """
    match = _NUMBERS.fullmatch(text)
    return (float(match[1]), float(match[2])) if match else None


def _plant(draft: DraftUnit) -> None:
    """Fill a draft from its row."""
    values = draft.values
    for name, columns in (
        ("unit_id", (ID,)), ("plant", (PLANT,)), ("country", COUNTRY), ("admin1", (ADMIN1,)), ("status", (STATUS,)),
    ):  # fmt: skip
        if text := draft.text(*columns):
            values[name] = text
    if owner := without_full_share(draft.text(OWNER)):
        values["owner"] = owner
    values["status"] = status_of(str(values.get("status", "")))
    if values["status"] in _NOT_SAID:
        del values["status"]
        draft.left_out = NO_STATUS
    kind = fold(draft.text(PLANT_TYPE))
    clinker = _capacity(draft, CLINKER, "clinker_capacity")
    _capacity(draft, CEMENT, "cement_capacity")
    if kind == "grinding" or (kind not in _WITH_KILN and fold(clinker) == "n/a"):
        draft.left_out = GRINDING
    elif not draft.table.letters.keys() & {PLANT_TYPE, CLINKER}:
        draft.notes.append(PLANT_LEVEL)
    elif kind not in _WITH_KILN and "clinker_capacity" not in values and not clinker.startswith(">"):
        draft.left_out = KILN_UNKNOWN
    draft.year("start_year", START)
    _coordinates(draft)
    process = draft.text(PROCESS)
    values["kiln_type"] = KILN_TYPES.match(process) or UNKNOWN
    if values["kiln_type"] == UNKNOWN and fold(process) not in _NOT_SAID:
        draft.notes.append(f"Process in the tracker: {process}.")
    for words, column in (("Carbon capture", CAPTURE), ("Alternative fuel", OTHER_FUEL), ("Clay calcination", CLAY)):
        if fold(draft.text(column)) not in _NOT_SAID:
            draft.notes.append(f"{words}: {draft.text(column)}.")
    draft.notes.insert(0, ONE_ROW)
    values["confirmed"] = "clinker_capacity; cement_capacity"  # those of the plant, in Mt/yr as published
    draft.note("N809", ID, str(values.get("plant", "")))


def _capacity(draft: DraftUnit, column: str, target: str) -> str:
    """Fill a capacity [t/yr] of a cell in Mt/yr; ``>0`` and words give none. Return the cell as text."""
    given = draft.text(column)
    if fold(given) in _NOT_SAID:
        return given
    number = None if given.startswith(">") else draft.number(column)
    if number is not None:
        draft.values[target] = round(convert(number, TRACKER_UNIT, OUR_UNIT), 3)
    elif given.startswith(">"):
        draft.notes.append(f"{target} in the tracker: {given} (not known).")
    return given


def _coordinates(draft: DraftUnit) -> None:
    given = draft.text(COORDINATES)
    coordinates = parse_coordinates(given)
    if coordinates is not None:
        draft.values["latitude"], draft.values["longitude"] = coordinates
    elif fold(given) not in _NOT_SAID:
        draft.note("W807", COORDINATES, f"coordinates {given!r}", allowed='not written as "latitude, longitude"')
