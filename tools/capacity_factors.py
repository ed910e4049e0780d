"""Make the rows of capacity factors by country and year: for maintainers, after new statistics or a new tracker release.

    python tools/capacity_factors.py STATISTICS.csv VERDICTS.csv PLN.csv TRACKER.xlsx JRC.csv CEA.csv --write factors

- STATISTICS.csv: coal generation over coal capacity at the end of the year, by country and year (columns entity, 2015,
  2016 ...), from the yearly electricity data of Ember (https://ember-energy.org), as kept in the public repository
  transition-zero/pypsa-earth-trace.
- VERDICTS.csv: which of its odd values to drop and why (columns entity, year, verdict, reason); ours.
- PLN.csv: realised coal capacity at the end of the year [MW] and production [GWh] of the Indonesian grid by year and
  class of owner, from the plan RUPTL 2025-2034 of PLN, as kept in the public repository energyandcleanair/creapuff.
  Generation of the statistics leaves captive plants out, their capacity not, so Indonesia takes these.
- TRACKER.xlsx: a release of the Global Coal Plant Tracker of Global Energy Monitor (CC BY 4.0), whose column Capacity
  factor holds one number a country, for the year 2025.
- JRC.csv, CEA.csv: as in ``tools/capacity_factor_spread.py``, for the spread.

Rows of other sources are kept. After --write run ``hginv factors list`` and ``tools/renew_datapackage.py``.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import openpyxl
import pandas as pd

from capacity_factor_spread import HOURS, MeasuredSpread, europe, india, measure
from hginventory.factors import COMMON, TABLES
from hginventory.inputs.parsing import country_code

TABLE, QUANTITY = "coal_technology", "capacity_factor"
EMBER, PLN, GEM = "ember-yearly-electricity-data", "pln-ruptl-2025-2034", "global-energy-monitor-global-coal"
WORLD, INDONESIA = "WLD", "IDN"
GROUPS = ("Africa", "ASEAN", "Asia", "EU", "Europe", "G20", "G7", "Latin America and Caribbean", "Middle East",
          "North America", "OECD", "Oceania")  # fmt: skip
OTHER_NAMES = {
    "World": WORLD, "Bosnia Herzegovina": "BIH", "Lao People's Democratic Republic": "LAO", "Russian Federation": "RUS",
    "Korea (the Democratic People's Republic of)": "PRK",
}  # fmt: skip
TRACKER_YEAR = "2025"
FALLBACK = 0.55  # given to every country without generation of that year
PART_OF_A_YEAR = "2024"  # of PLN
# What the verdicts say of more years than those they stand beside: all others of the entity are dropped as well.
NO_YEAR_HOLDS = (
    "Ukraine",
    "Moldova",
    "Korea (the Democratic People's Republic of)",
    "New Caledonia",
    "United Arab Emirates",
)
UP_TO = {"Japan": 2018, "Taiwan": 2018, "Brazil": 2021}
# Further than 0.08 from generation over the tracker's capacity in the middle of the year, as the fleet changed fast.
CHANGING = {("Viet Nam", "2015"), ("Canada", "2021"), ("Morocco", "2018"), ("Pakistan", "2017"), ("Pakistan", "2019"),
            ("Bangladesh", "2018"), ("Bangladesh", "2020")}  # fmt: skip
CHANGING_ALWAYS = ("Argentina", "New Zealand")


@dataclass(frozen=True)
class National:
    """The capacity factor of a country in a year, where it comes from, and whether runs use it."""

    country: str
    year: str
    value: float
    use: str
    source_id: str
    locator: str
    method: str
    note: str


def statistics(path: Path, verdicts: Path) -> Iterator[National]:
    """Yield the values of the statistics; those that are dropped are evidence, with the reason."""
    dropped: dict[tuple[str, str], str] = {}
    for row in _read(verdicts):
        if row["verdict"] == "drop":
            dropped[row["entity"], row["year"]] = row["reason"]
    of_entity = {entity: reason for (entity, _), reason in dropped.items()}
    for row in _read(path):
        entity = row["entity"]
        if entity in GROUPS:
            continue
        country = _code(entity)
        for year in (column for column in row if column.isdigit() and row[column]):
            value = round(float(row[year]), 3)
            reason = dropped.get((entity, year), "")
            if not reason and (entity in NO_YEAR_HOLDS or int(year) <= UP_TO.get(entity, 0)):
                reason = of_entity[entity]
            if country == INDONESIA:
                reason = "capacity holds captive plants, generation does not; the rows of PLN stand for Indonesia"
            note = "world, for countries without a row" if country == WORLD else "national average"
            if reason:
                note = f"not used: {reason}"
            elif (entity, year) in CHANGING or entity in CHANGING_ALWAYS:
                note += "; fleet changed fast: more than 0.08 off on the capacity in the middle of the year"
            yield National(
                country, year, value, "evidence" if reason else "default", EMBER, f"coal, {entity}, {year}",
                "value: generation of coal plants over 8760 h and their capacity at the end of the year", note,
            )  # fmt: skip


def indonesian(path: Path) -> Iterator[National]:
    """Yield the values of the Indonesian grid: production over the mean of capacities at begin and end of the year."""
    capacity: dict[str, float] = {}
    production: dict[str, float] = {}
    for row in _read(path):
        for total, column in ((capacity, "coal_capacity_mw_year_end"), (production, "coal_production_gwh")):
            total[row["year"]] = total.get(row["year"], 0.0) + float(row[column])
    for year in sorted(capacity):
        before = str(int(year) - 1)
        if before in capacity and year < PART_OF_A_YEAR:
            mw = (capacity[before] + capacity[year]) / 2.0
            yield National(
                INDONESIA, year, round(production[year] / (mw * HOURS), 3), "default", PLN,
                f"realised coal capacity and production, {year}",
                f"value: production {production[year]:.0f} GWh over 8760 h and the mean of {capacity[before]:.0f} and "
                f"{capacity[year]:.0f} MW at begin and end of the year (own, rented, independent producers)",
                "grid plants; captive plants take the same, for which CREA uses 0.80",
            )  # fmt: skip


def of_tracker(path: Path, known: set[str]) -> Iterator[National]:
    """Yield the tracker's value of each country with operating units; its fallback is no number of a country or year.

    Parameters
    ----------
    path : Path
        The release.
    known : set of str
        Countries with statistics, for which a fallback is evidence only.
    """
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book["Units"].iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    places = [header.index(name) for name in ("Country/Area", "Status", "Capacity factor")]
    values: dict[str, float] = {}
    for row in rows:
        name, status, value = (row[place] for place in places)
        if status == "operating" and isinstance(value, int | float):
            values[_code(str(name))] = float(value)
    for country, value in values.items():
        fallback = value == FALLBACK
        note = "national average"
        if fallback:
            note = f"fallback of the tracker: {FALLBACK:g} stands where it has no generation of the country"
        elif country == INDONESIA:
            note = "grid plants; captive plants take the same, for which CREA uses 0.80"
        yield National(
            country, "" if fallback else TRACKER_YEAR, value, "evidence" if fallback and country in known else "default", GEM,
            "column Capacity factor, one value for all units of the country",
            "value: the one number that the tracker gives to every operating unit of the country", note,
        )  # fmt: skip


def rows_of(nationals: list[National], spread: MeasuredSpread) -> list[dict[str, str]]:
    """Return the rows of the factor table.

    A country with a value of its own varies as was measured. For one without, the world or a fallback stands in, so the
    variance between countries comes on top.
    """
    own: dict[str, National] = {}
    for one in nationals:
        if one.use == "default" and one.year and one.country != WORLD:
            own[one.country] = max(own.get(one.country, one), one, key=lambda value: value.year)
    mean = fmean(one.value for one in own.values())
    between = fmean((one.value - mean) ** 2 for one in own.values()) / (mean * (1.0 - mean))
    return [
        _row(one, spread, spread.with_country(between) if _stands_in(one) else spread, between) for one in nationals
    ]


def _stands_in(one: National) -> bool:
    return one.country == WORLD or not one.year


def _row(one: National, measured: MeasuredSpread, spread: MeasuredSpread, between: float) -> dict[str, str]:
    row = dict.fromkeys((*TABLES[TABLE].keys, *TABLES[TABLE].extra, *COMMON), "") | {
        "quantity": QUANTITY, "country": one.country, "value": f"{one.value:g}", "unit": "1", "basis": "of net output",
        "method": one.method, "read_from": "read", "use": one.use, "valid_from": one.year, "source_id": one.source_id,
        "locator": one.locator, "note": one.note,
    }  # fmt: skip
    if one.use == "default":
        method = (
            f"spread: {measured.size:.3f} sqrt(value (1 - value)) and scopes from {measured.units} units of Europe 2015-2018 "
            "(JRC) and India 2014-2019 (CEA), tools/capacity_factor_spread.py"
        )
        if _stands_in(one):
            method += (
                f"; with {between:.3f} value (1 - value) more variance, that between the newest values of countries"
            )
        row |= {"distribution": "beta", "spread": f"{spread.at(one.value):.3g}", "scopes": spread.scopes,
                "method": f"{one.method}; {method}"}  # fmt: skip
    return row


def write(folder: Path, rows: list[dict[str, str]]) -> None:
    """Replace the rows of these sources, and keep the table in the order of use, keys and years."""
    path = folder / f"{TABLE}.csv"
    kept = [r for r in _read(path) if r["quantity"] != QUANTITY or r["source_id"] not in (EMBER, PLN, GEM)]
    order = ("default", "check", "evidence")
    keys = (*TABLES[TABLE].keys, "valid_from", "source_id")
    table = sorted([*kept, *rows], key=lambda row: (order.index(row["use"]), [row[key] for key in keys]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _code(entity: str) -> str:
    """Return the code of a country; a name that is unknown must not be skipped."""
    name = entity.removesuffix(" (the)")
    code = OTHER_NAMES.get(name) or country_code(name)
    if code is None:
        raise SystemExit(f"{entity!r} is no country known. Add it to OTHER_NAMES or GROUPS of {Path(__file__).name}.")
    return code


def collect(statistic: Path, verdicts: Path, pln: Path, tracker: Path) -> list[National]:
    """Return the values of all sources, as the files of the module's text hold them."""
    found = [*statistics(statistic, verdicts), *indonesian(pln)]
    known = {one.country for one in found if one.use == "default"}
    return [*found, *of_tracker(tracker, known)]


def main() -> None:
    """Read the command line, then print or write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    helps: Mapping[str, str] = {
        "statistics": "coal generation over capacity by country and year, .csv", "verdicts": "odd values of it, .csv",
        "pln": "Indonesian capacity and production, .csv", "tracker": "release of the Global Coal Plant Tracker, .xlsx",
        "jrc": "coal units of Europe, .csv", "cea": "coal units of India, .csv",
    }  # fmt: skip
    for name, text in helps.items():
        parser.add_argument(name, type=Path, help=text)
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    spread = measure(pd.concat([europe(options.jrc), india(options.cea)]))
    rows = rows_of(collect(options.statistics, options.verdicts, options.pln, options.tracker), spread)
    if options.write:
        write(options.write, rows)
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
