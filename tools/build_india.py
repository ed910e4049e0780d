"""Build fleets/india.xlsx and fleets/india_stations.csv from a tracker release and the Indian table: for maintainers.

    python tools/build_india.py TRACKER.xlsx CEA.csv   # from the two files
    python tools/build_india.py                        # the same rows in the template of today

- TRACKER.xlsx: a release of the Global Coal Plant Tracker of Global Energy Monitor (CC BY 4.0), from
  https://globalenergymonitor.org/projects/global-coal-plant-tracker/.
- CEA.csv: net generation of coal stations and their units, from the CO2 baseline database, version 15, of the Central
  Electricity Authority (https://cea.nic.in), with the columns station_no, name, unit_no (0: the station), commissioned,
  capacity_mw_2019, state and net_gwh_2014-15 to net_gwh_2018-19.

Rules, so that only what somebody reported enters:

- Units that operate, are being built or are mothballed, as the tracker has them; retired ones where the table has
  generation of them, so that the sums agree. Capacity is gross. Controls are ``unknown``, as no source states them.
- Coal type as in the tracker, but lignite where the table says so, and ``unknown`` where the tracker says lignite and the
  table coal, or where no station of the state burns lignite; the note says so.
- Generation in the sheet Activity: a fiscal year has the label of the year in which it begins; how stations are split
  says ``india_cea.py``, how they are matched ``india_match.py``. The note of each row gives both.
- What does not stand for a full year of the unit today stays out of the sheet and is listed in the column left_out of
  ``india_stations.csv``: the first year of a unit that has no later one, and years of standstill at the end of those
  of a unit that operates today. The latest year is carried to the base year, and to all that follow.
- What no unit of the tracker can be is listed there as well. Units without generation keep the default capacity factor.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from build_indonesia import renew
from hginventory.data_files import data_folder
from hginventory.importing import import_tracker
from hginventory.inputs.fleet import Fleet, as_records
from hginventory.inputs.schema import SHEETS
from hginventory.inputs.template import Contents, write_contract
from hginventory.vocabulary import UNKNOWN
from india_cea import FISCAL_YEARS, Station, label, read_stations
from india_generation import STANDSTILL, LeftOut, Row, generation, is_new
from india_match import NONE, Match, TrackerUnit, assign_all, match_stations, state_of

BUNDLED = data_folder("fleets") / "india.xlsx"
CEA = "cea-co2-baseline-15"
LIGNITE = "lignite"
KEPT = ("operating", "construction", "mothballed")
DIGITS = 3  # of GWh, as the table has them
YEARS = tuple(label(year) for year in FISCAL_YEARS)
NOTICE = (
    "Generation is that of the fiscal year 2018-19, or the latest before it, carried to the base year. Units without "
    "a figure run at the default capacity factor. No source states the controls of single units."
)
READ_ME = (
    "India: coal-fired units of 30 MW and more, with net generation of 2014-15 to 2018-19",
    "Coal units that operate, are being built or are mothballed, from the Global Coal Plant Tracker. Global Energy Monitor, "
    "Global Coal Plant Tracker, January 2026 release. CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), reduced "
    "and changed by us: cut to India, columns renamed and rearranged, units retired without generation left out.",
    "Net generation: Government of India, Ministry of Power, Central Electricity Authority, CO2 Baseline Database for the "
    "Indian Power Sector, version 15. The figures are facts: cite the Central Electricity Authority.",
    "The sheet Activity has them by unit. A fiscal year, April to March, has the label of the year in which it begins: 2018 is "
    "April 2018 to March 2019. The note of a row says how the unit was matched and whether the figure is its own, scaled to "
    "the station, the rest of the station, or the station split by capacity. Few captive plants are in the database.",
    "A blank cell means that nobody reported the value: the program takes a default from its factor tables, counts it and "
    "names it. Controls are unknown, which does not mean none; no source says which units burn washed coal.",
    NOTICE,
    "Built by tools/build_india.py; stations, their match and what was left out: fleets/india_stations.csv. Licence of both: "
    "CC BY 4.0, with the attributions above.",
)
CHANGED = (
    "Reduced and changed by us: cut to India, columns renamed and rearranged, units retired without generation left out, "
    "coal types of some units corrected"
)
SOURCE = {
    "source_id": CEA,
    "citation": "Government of India, Ministry of Power, Central Electricity Authority, CO2 Baseline Database for the Indian "
    "Power Sector, version 15",
    "url": "https://cea.nic.in",
    "licence": "government publication; figures are facts",
    "note": "net generation by station, by unit where given, fiscal years 2014-15 to 2018-19",
}


def main() -> None:
    """Read the command line and write the workbook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tracker", type=Path, nargs="?", help="release of the Global Coal Plant Tracker, .xlsx")
    parser.add_argument("cea", type=Path, nargs="?", help="coal stations of India, .csv")
    parser.add_argument(
        "--out", type=Path, default=BUNDLED, help="workbook to write; the list of stations goes beside it"
    )
    options = parser.parse_args()
    if (options.tracker is None) != (options.cea is None):
        parser.error("give both files, or none")
    build(options.out, options.tracker, options.cea)


def build(out: Path, tracker: Path | None = None, cea: Path | None = None) -> None:
    """Write workbook and list of stations from the two files, or the workbook with the rows that the bundled one has."""
    if tracker is None or cea is None:
        renew(BUNDLED, out, READ_ME)
        return
    fleet, _ = import_tracker("gem-coal", tracker, countries=["IND"], statuses=[*KEPT, "retired"])
    stations = read_stations(cea)
    units = tracker_units(fleet, tracker)
    matches = match_stations(stations, units)
    unit_of = assign_all(stations, matches, units)
    rows, left_out = generation(stations, unit_of, units)
    by_number = {station.number: station for station in stations}
    station_of = {unit_id: by_number[number] for (number, _), unit_id in unit_of.items()}
    settings = {
        "fleet_name": "India, coal units of 30 MW and more, with net generation of 2014-15 to 2018-19",
        "country": "IND", "base_year": 2026, "data_year": 2026, "rule": "icsc_40", "notice": NOTICE,
    }  # fmt: skip
    tables = {
        "Coal_units": unit_rows(fleet, rows, station_of, {state_of(s) for s in stations if s.burns_lignite}),
        "Activity": [activity_row(row, matches[row.station.number]) for row in rows],
        "Sources": [*({**row, "note": CHANGED} for row in as_records(fleet.sources.reset_index())), SOURCE],
    }
    write_contract(out, Contents(settings, tables, READ_ME), overwrite=True)
    write_stations(out.with_name(f"{out.stem}_stations.csv"), stations, matches, rows, left_out)


def tracker_units(fleet: Fleet, tracker: Path) -> list[TrackerUnit]:
    """Return the units of the fleet with the other names of their plants, retired ones as far as they ran in the years."""
    book = openpyxl.load_workbook(tracker, read_only=True, data_only=True)
    lines = book["Units"].iter_rows(values_only=True)
    header = list(next(lines))
    key, names = header.index("GEM unit/phase ID"), header.index("Plant name (other)")
    other_names = {str(line[key]): str(line[names] or "") for line in lines}
    book.close()
    found = []
    for unit in fleet.units.itertuples():
        end = float(unit.planned_retirement) if unit.status == "retired" else math.nan
        if not end < YEARS[0]:
            found.append(
                TrackerUnit(str(unit.Index), unit.plant, other_names[str(unit.Index)], unit.admin1, unit.unit or "",
                            unit.capacity_gross, unit.start_year, end, unit.status == "operating")
            )  # fmt: skip
    return found


def activity_row(row: Row, match: Match) -> dict[str, Any]:
    """Return a row of the sheet Activity; a small figure is right where the unit was new or had just been built."""
    (unit,) = [unit for unit in row.station.units if unit.number == row.number]
    return {
        "unit_id": row.unit_id,
        "year": row.year,
        "variable": "generation_net",
        "value": round(row.amount.gwh, DIGITS),
        "unit": "GWh",
        "source_id": CEA,
        "confirmed": "value" if is_new(unit, row.year) else None,
        "note": f"station {row.station.number}, unit {row.number}: {row.amount.how}; match: {match.quality}",
    }


def unit_rows(
    fleet: Fleet, rows: Sequence[Row], station_of: Mapping[str, Station], lignite_states: Collection[str]
) -> list[dict[str, Any]]:
    """Return the rows of the sheet Coal_units."""
    names = [column.name for column in SHEETS["Coal_units"].columns]
    has_rows = {row.unit_id for row in rows}
    out = []
    for unit in as_records(fleet.units.reset_index()[names]):
        unit_id, station = unit["unit_id"], station_of.get(unit["unit_id"])
        if unit_id not in has_rows and unit["status"] not in KEPT:
            continue
        notes = [unit["note"]]
        if station is not None:
            notes.append(f"Central Electricity Authority: station {station.number} {station.name}.")
            notes += [] if unit_id in has_rows else ["No generation of a full year."]
        coal_type, words = coal_type_of(unit, station, lignite_states)
        out.append(unit | {
            "country": None,
            **dict.fromkeys(("pm_control", "so2_control", "nox_control"), UNKNOWN),
            "captive": "yes" if unit["captive"] else "no",
            "coal_type": coal_type,
            "note": " ".join(filter(None, (*notes, words))),
        })  # fmt: skip
    return out


def coal_type_of(unit: Mapping[str, Any], station: Station | None, lignite_states: Collection[str]) -> tuple[str, str]:
    """Return the coal type of a unit, and why it is not that of the tracker.

    The table says lignite or coal for each station. A unit that is not in it cannot be told to burn lignite outside of
    the states in which stations of the table do, as lignite is not carried far.
    """
    stated = str(unit["coal_type"])
    if station is not None and station.burns_lignite != (stated == LIGNITE):
        if station.burns_lignite:
            return LIGNITE, f"The tracker says {stated}, the Central Electricity Authority lignite."
        return (
            (UNKNOWN, "The tracker says lignite, the Central Electricity Authority coal.")
            if stated == LIGNITE
            else (stated, "")
        )
    if station is None and stated == LIGNITE and unit["admin1"] not in lignite_states:
        states = ", ".join(sorted(lignite_states))
        return (
            UNKNOWN,
            f"The tracker says lignite; stations of the Central Electricity Authority burn it in {states} only.",
        )
    return stated, ""


def write_stations(
    path: Path,
    stations: Sequence[Station],
    matches: Mapping[int, Match],
    rows: Sequence[Row],
    left_out: Sequence[LeftOut],
) -> None:
    """Write the list of stations: plants, quality of the match, generation of the table and what enters [GWh]."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        stated, entered = [f"net_gwh_{y}" for y in FISCAL_YEARS], [f"entered_gwh_{y}" for y in FISCAL_YEARS]
        writer.writerow(["station_no", "station", "state", "plants", "match", "reason", *stated, *entered, "left_out"])
        for station in stations:
            match = matches[station.number]
            is_closed = match.quality == NONE and not any(station.net_gwh.values())
            reason = "no generation in these years" if is_closed else match.reason
            sums = dict.fromkeys(YEARS, 0.0)
            for row in rows:
                if row.station is station:
                    sums[row.year] += row.amount.gwh
            texts: dict[tuple[int, str], list[str]] = {}
            for one in left_out:
                if one.station == station.number and (one.gwh or one.why == STANDSTILL):
                    words = f"{one.year} {_text(one.gwh)} GWh" if one.gwh else str(one.year)
                    texts.setdefault((one.number, one.why), []).append(words)
            numbers = [_text(station.net_gwh.get(year)) for year in FISCAL_YEARS]
            has = [_text(sums[label(year)] if year in station.net_gwh else None) for year in FISCAL_YEARS]
            writer.writerow([station.number, station.name, station.state, "; ".join(match.plants), match.quality,
                             reason, *numbers, *has, "; ".join(f"unit {n}, {why}: {', '.join(words)}" for (n, why), words in texts.items())])  # fmt: skip


def _text(gwh: float | None) -> str:
    return "" if gwh is None else f"{gwh:.{DIGITS}f}".rstrip("0").rstrip(".")


if __name__ == "__main__":
    main()
