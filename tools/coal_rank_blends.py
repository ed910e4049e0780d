"""Blend the coal of a country from the ranks that its operating units burn: for maintainers, after a new tracker release.

    python tools/coal_rank_blends.py TRACKER.xlsx                    # prints the rows
    python tools/coal_rank_blends.py TRACKER.xlsx --write factors    # replaces the rows in that folder

TRACKER.xlsx is a release of the Global Coal Plant Tracker of Global Energy Monitor (CC BY 4.0), from
https://globalenergymonitor.org/projects/global-coal-plant-tracker/. A unit with country, size and start year only
must not burn the coal of the world where the coal of its country is known by rank. Each rank has its share of the
operating capacity, taken as its share of heat; its mercury, moisture and heating value are the default rows of the
factor tables. Waste coal without a row of its country has the mercury of the other ranks, and is left out of their
mean. The rows have the coal type `unknown` and name their numbers in the column `method`. A new release
needs its row in sources.csv. After --write run ``hginv factors list`` and ``tools/renew_datapackage.py``.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from hginventory.factors import COMMON, TABLES, FactorLibrary, FactorRow, load_library, lookup, weakest_mark
from hginventory.inputs.parsing import country_code
from hginventory.vocabulary import COAL_TYPES, UNKNOWN

SOURCE = "global-energy-monitor-global-coal"  # row of sources.csv
LOCATOR = "Units, columns Coal type and Capacity, operating units"
COLUMNS = ("Country/Area", "Status", "Coal type", "Capacity (MW)")
CAPTURE = " with CCS"
LEAST_OWN_SHARE = 0.5  # of the capacity must burn ranks that have a row of the country
FEW_COALS_SPREAD = 0.5  # ln-sd of a national mean from few coals
PLANT_SPREAD = 0.45  # ln-sd between plants of a country
HEAT_SPREAD = 0.05  # of the value
LEAST_NAMED = 0.005  # share from where a rank is named in the note
Rows = Mapping[tuple[str, str], FactorRow]


@dataclass(frozen=True)
class Part:
    """A rank in the blend of a country: share of the capacity, mercury as received or as stated [mg/kg], net heat [MJ/kg]."""

    rank: str
    share: float
    content: float
    content_words: str
    content_row: FactorRow
    heat_row: FactorRow

    @property
    def heat(self) -> float:
        """Net heating value as received [MJ/kg]."""
        return self.heat_row.number()


def rank_shares(tracker: Path) -> dict[str, dict[str, float]]:
    """Return the shares of the ranks of coal in the operating capacity of each country whose rank is known."""
    totals: dict[str, dict[str, float]] = {}
    book = openpyxl.load_workbook(tracker, read_only=True, data_only=True)
    rows = book["Units"].iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    places = [header.index(name) for name in COLUMNS]
    for row in rows:
        country, status, rank, capacity = (row[place] for place in places)
        code = country_code(str(country))
        coal_type = COAL_TYPES.match(str(rank or "").removesuffix(CAPTURE))
        if status == "operating" and code and coal_type not in (None, UNKNOWN) and isinstance(capacity, int | float):
            ranks = totals.setdefault(code, {})
            ranks[str(coal_type)] = ranks.get(str(coal_type), 0.0) + float(capacity)
    return {
        country: {rank: mw / sum(ranks.values()) for rank, mw in sorted(ranks.items())}
        for country, ranks in sorted(totals.items())
    }


def blends(library: FactorLibrary, shares: Mapping[str, Mapping[str, float]]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of unknown rank by table, for the countries whose coal is known by rank only.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables; their rows of unknown rank are not used.
    shares : mapping of str to mapping of str to float
        Shares of the ranks by country.
    """
    contents = _rows(library, "coal_mercury", "")
    heats = _rows(library, "coal_heating_value", "net_calorific_value")
    moistures = _rows(library, "coal_heating_value", "moisture")
    rows: dict[str, list[dict[str, str]]] = {"coal_mercury": [], "coal_heating_value": []}
    for country, ranks in shares.items():
        parts = [_part(country, rank, share, contents, heats, moistures) for rank, share in ranks.items()]
        mined = [
            _part(country, rank, share, contents, heats, moistures)
            for rank, share in _mined(ranks, (country, lookup.WASTE_COAL) in contents).items()
        ]
        own_content = sum(part.share for part in mined if part.content_row.keys["country"] == country)
        own_heat = sum(part.share for part in parts if part.heat_row.keys["country"] == country)
        if max(own_heat, own_content) >= LEAST_OWN_SHARE and (country, "all") not in heats:
            rows["coal_heating_value"].append(_heat_row(country, parts))
        if own_content >= LEAST_OWN_SHARE and (country, "all") not in contents:
            rows["coal_mercury"].append(_mercury_row(country, mined))
    return rows


def _mined(ranks: Mapping[str, float], waste_has_row: bool) -> dict[str, float]:
    """Return the shares of the ranks less waste coal, unless that has a mercury content of its own."""
    kept = {rank: share for rank, share in ranks.items() if waste_has_row or rank != lookup.WASTE_COAL}
    return {rank: share / sum(kept.values()) for rank, share in kept.items()}


def _rows(library: FactorLibrary, table: str, quantity: str) -> Rows:
    return {
        (row.keys["country"], row.keys["coal_type"]): row
        for row in library.table(table).defaults
        if row.keys.get("quantity", "") == quantity and row.keys["coal_type"] != UNKNOWN
    }


def _part(country: str, rank: str, share: float, contents: Rows, heats: Rows, moistures: Rows) -> Part:
    """Return a rank with the rows that a unit of this rank takes."""
    content = (
        contents.get((country, rank))
        or contents.get((country, "all"))
        or contents.get(("WLD", rank))
        or contents["WLD", "all"]
    )
    heat = heats.get((country, rank)) or heats["WLD", rank]
    moisture = (moistures.get((country, rank)) or moistures["WLD", rank]).number()
    dry = content.basis == "dry"
    words = f"{content.number():g}" + (f" x (1 - {moisture:g})" if dry else "")
    return Part(rank, share, content.number() * (1.0 - moisture if dry else 1.0), words, content, heat)


def _heat(parts: Iterable[Part]) -> float:
    return 1.0 / sum(part.share / part.heat for part in parts)


def _heat_row(country: str, parts: list[Part]) -> dict[str, str]:
    heat = _heat(parts)
    between = math.sqrt(sum(part.share * (part.heat - heat) ** 2 for part in parts))
    named = "; ".join(f"{p.rank} s {p.share:.4f}, h {p.heat:g} (row {p.heat_row.keys['country']})" for p in parts)
    method = (
        f"blend of the rows of the ranks, s share of capacity, h heating value: {named}; value: 1/sum(s/h); "
        f"spread: sqrt(({HEAT_SPREAD:g} x value)^2 + {between:.4g}^2), the second part sqrt(sum(s (h - value)^2)); "
        "it and the scopes are judgements"
    )
    keys = {"quantity": "net_calorific_value", "country": country, "coal_type": UNKNOWN}
    return _row("coal_heating_value", keys, parts, (part.heat_row for part in parts), {
        "value": f"{round(heat, 2):.6g}", "unit": "MJ/kg", "basis": "net_as_received", "distribution": "normal",
        "spread": f"{math.hypot(HEAT_SPREAD * heat, between):.6g}", "scopes": "country:0.4;plant:0.6", "method": method,
    })  # fmt: skip


def _mercury_row(country: str, parts: list[Part]) -> dict[str, str]:
    content = _heat(parts) * sum(part.share * part.content / part.heat for part in parts)
    log_mean = sum(part.share * math.log(part.content) for part in parts)
    between = sum(part.share * (math.log(part.content) - log_mean) ** 2 for part in parts)
    own = PLANT_SPREAD**2 + between
    total = FEW_COALS_SPREAD**2 + own
    named = "; ".join(
        f"{p.rank} s {p.share:.4f}, c {p.content_words} (row {p.content_row.keys['country']}, "
        f"{p.content_row.keys['coal_type']}), h {p.heat:g}"
        for p in parts
    )
    method = (
        "blend of the rows of the ranks, s share of capacity, c mercury [mg/kg], h heating value [MJ/kg]: "
        f"{named}; value: sum(s c/h)/sum(s/h); spread: sqrt({FEW_COALS_SPREAD:g}^2 country mean from few coals + "
        f"{PLANT_SPREAD:g}^2 between plants + {math.sqrt(between):.4g}^2 between ranks, the standard deviation of ln(c)); "
        "the country scope holds the first part; judgement"
    )
    stated = all(part.content_row.basis != "not_stated" for part in parts)
    keys = {"country": country, "coal_type": UNKNOWN}
    return _row("coal_mercury", keys, parts, (part.content_row for part in parts), {
        "value": f"{round(content, 4):.6g}", "unit": "mg/kg", "basis": "as_received" if stated else "not_stated",
        "distribution": "lognormal", "spread": f"{math.sqrt(total):.6g}",
        "scopes": f"country:{1 - own / total:.3f};plant:{own / total:.3f}", "method": method,
    })  # fmt: skip


def _row(
    table: str, keys: Mapping[str, str], parts: list[Part], used: Iterable[FactorRow], cells: Mapping[str, str]
) -> dict[str, str]:
    by_share = sorted(parts, key=lambda part: (part.share, part.rank), reverse=True)
    words = ", ".join(f"{part.rank} {part.share:.0%}" for part in by_share if part.share >= LEAST_NAMED)
    return dict.fromkeys(columns_of(table), "") | {
        **keys, **cells, "read_from": weakest_mark(row.read_from for row in used), "use": "default", "source_id": SOURCE,
        "locator": LOCATOR, "note": f"{words} of the capacity whose rank is known",
    }  # fmt: skip


def columns_of(table: str) -> tuple[str, ...]:
    """Return all columns of a factor table."""
    return (*TABLES[table].keys, *TABLES[table].extra, *COMMON)


def read(folder: Path, table: str) -> list[dict[str, str]]:
    """Return the rows of a factor table, their cells as texts."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_all(folder: Path, table: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a factor table with its rows in the order of use and keys."""
    order = ("default", "check", "evidence")
    ordered = sorted(rows, key=lambda row: (order.index(row["use"]), [row[key] for key in TABLES[table].keys]))
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns_of(table), lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def write(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    """Replace the blends of a table."""
    kept = [row for row in read(folder, table) if (row["coal_type"], row["source_id"]) != (UNKNOWN, SOURCE)]
    write_all(folder, table, [*kept, *rows])


def main() -> None:
    """Read the command line, then print or write the rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tracker", type=Path, help="release of the Global Coal Plant Tracker, .xlsx")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    library = FactorLibrary(options.write) if options.write else load_library()
    for table, rows in blends(library, rank_shares(options.tracker)).items():
        if options.write:
            write(options.write, table, rows)
        else:
            writer = csv.DictWriter(sys.stdout, columns_of(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
