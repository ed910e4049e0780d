"""Global Power Plant Database of the World Resources Institute, v1.2 and v1.3: its coal plants.

The rows are whole plants. Generation that was reported enters the sheet Activity; generation that the database
estimates does not.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hginventory.inputs.checks import PLAUSIBLE_CAPACITY_FACTOR
from hginventory.inputs.fleet import CC_BY, Fleet
from hginventory.inputs.source_tables import AS_FOUND, Layout, SourceTable, TableOptions, open_table
from hginventory.inputs.trackers.common import Filters, Tracker, build
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.report import ImportReport
from hginventory.units import convert
from hginventory.vocabulary import fold

NAME = "Global Power Plant Database"
ID, PLANT, COUNTRY, CAPACITY, FUEL = "gppd_idnr", "name", "country", "capacity_mw", "primary_fuel"
MARKS = ((ID, CAPACITY, FUEL), (PLANT, CAPACITY, FUEL, COUNTRY))  # copies without ids go around
LATITUDE, LONGITUDE, START, OWNER = "latitude", "longitude", "commissioning_year", "owner"
OTHER_FUELS = ("other_fuel1", "other_fuel2", "other_fuel3")
USED = frozenset((ID, PLANT, COUNTRY, CAPACITY, FUEL, LATITUDE, LONGITUDE, START, OWNER, *OTHER_FUELS))
_ESTIMATED = "estimated by the database, not reported"
_NOT_NEEDED = "not needed"
_NAMES = (
    "country_long",
    "source",
    "url",
    "geolocation_source",
    "wepp_id",
    "year_of_capacity_data",
    "generation_data_source",
)
_REPORTED = re.compile(r"generation_gwh_(\d{4})")
_ESTIMATE = re.compile(r"estimated_generation_.*")
_GENERATION = tuple(f"generation_gwh_{year}" for year in range(2000, 2100))
LAYOUT = Layout(
    {*USED, *_GENERATION}.__contains__, (PLANT,), (CAPACITY, LATITUDE, LONGITUDE, *_GENERATION), (START,), "point"
)
NOT_COAL = "the plant's main fuel is not coal"
NOTICE = "Coal rows are whole plants, not units: ranks are those of plants, and start years are means over units."


def read_wri_power(path: Path, filters: Filters, options: TableOptions = AS_FOUND) -> tuple[Fleet, ImportReport]:
    """Return the coal plants of the Global Power Plant Database, and what was done.

    Parameters
    ----------
    path : Path
        The .csv file.
    filters : Filters
        Which plants are wanted; the database has no status.
    options : TableOptions
        What the user says of the file.

    Raises
    ------
    UnreadableFileError
        If the file has no such table.
    UsageError
        If a filter cannot be used, or leaves no plant.
    """
    table = open_table(path, MARKS, f"the {NAME}", layout=LAYOUT, options=options)
    reported = {name: int(match[1]) for name in table.letters if (match := _REPORTED.fullmatch(name))}
    version = _version(table, reported)
    title = f"{NAME}{f' v{version}' if version else ''}"
    source = {
        "source_id": f"wri-gppd{f'-v{version}' if version else ''}",
        "citation": f"World Resources Institute and others, {title}",
        "url": "https://datasets.wri.org/dataset/globalpowerplantdatabase",
        "licence": CC_BY,
        "note": f"read from {path.name}",
    }
    settings: dict[str, Any] = {"fleet_name": f"{title}: coal plants", "notice": NOTICE}
    if reported:
        settings["data_year"] = max(reported.values())
    reasons = dict.fromkeys(_NAMES, _NOT_NEEDED)
    reasons |= {name: _ESTIMATED for name in table.letters if _ESTIMATE.fullmatch(name)}
    tracker = Tracker("wri-power", "Coal_units", title, source, settings, USED | set(reported), reasons)
    return build(tracker, table, lambda draft: _plant(draft, reported), filters)


def _version(table: SourceTable, reported: dict[str, int]) -> str:
    """Return the version, recognised by the years of generation; empty where there are none."""
    last = max(reported.values(), default=0)
    if ID not in table.letters or not last:
        return ""
    return "1.3" if last > 2017 else "1.2"


def _plant(draft: DraftUnit, reported: dict[str, int]) -> None:
    values = draft.values
    if fold(draft.text(FUEL)) != "coal":
        draft.left_out = NOT_COAL
    for name, column in (("unit_id", ID), ("plant", PLANT), ("country", COUNTRY), ("owner", OWNER)):
        if text := draft.text(column):
            values[name] = text
    for name, column in (("capacity_gross", CAPACITY), ("latitude", LATITUDE), ("longitude", LONGITUDE)):
        if (number := draft.number(column)) is not None:
            values[name] = number
    start = draft.mean_year(START)
    if start is not None:
        values["start_year"] = int(start)
        if start != int(start):
            draft.notes.append(f"Mean start year of the units, weighted by capacity: {start:.1f}.")
    elif not draft.left_out:
        draft.note("N803", START, f"start_year of {draft.text(PLANT)} is blank")
    others = [text for name in OTHER_FUELS if (text := draft.text(name))]
    if others:
        draft.notes.append(f"Other fuels: {', '.join(others)} (share not given).")
    if draft.left_out:
        return
    draft.notes.insert(0, "The row is a whole plant.")
    draft.values["confirmed"] = "capacity_gross"  # that of the plant
    draft.note("N809", PLANT, draft.text(PLANT))
    draft.note("N810", CAPACITY, f"capacity_mw of {draft.text(PLANT)}")
    _generation(draft, reported)


def _generation(draft: DraftUnit, reported: dict[str, int]) -> None:
    """Fill the sheet Activity from the reported generation; 0, and more than the capacity allows, is refused."""
    capacity = draft.values.get("capacity_gross")
    for column, year in reported.items():
        generation = draft.number(column)
        if generation is None:
            continue
        full = convert(float(capacity), "MW", "GWh/yr") if isinstance(capacity, int | float) else 0.0
        if not 0 < generation <= PLAUSIBLE_CAPACITY_FACTOR[1] * full:
            draft.note("W807", column, f"{column} {generation:g}", allowed=f"full output is {full:.4g} GWh")
            continue
        draft.activity.append({"year": year, "variable": "generation_gross", "value": generation, "unit": "GWh"})
