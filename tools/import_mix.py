"""Make the tables of traded coal from collected facts: for maintainers, after a correction of the facts.

    python tools/import_mix.py TRADE.csv EXPORTERS.csv QUALITY.csv --write factors

TRADE.csv holds the shares of exporters in the coal imports of a country, from UN Comtrade (through the World Bank's WITS),
Eurostat and reports of agencies; EXPORTERS.csv the exports of steam coal in Mt, from the US EIA and others; QUALITY.csv
what is known of exported coal, from the US EPA, the Global Mercury Flow Model and specifications of sellers. Each of their
rows names its origin, which becomes `source_id` and `locator`. The rules, the same for all countries:

- Trade: only rows marked default. The rows of one importer, year and kind of coal are a set; it counts where its shares sum
  to 0.8 or more, and is divided by that sum. A blank share is not known, and not zero. Of each importer only sets of one
  kind enter: steam coal before all hard coal before all coal. The importer WLD is world trade: the years in which the
  tonnage of all eight exporters of steam coal is on file.
- Quality: mercury from coal as delivered, on a dry basis, with its number of samples; else from coal in the ground of the
  country, dry, with a wider spread; else the judgement of the table, which becomes a check where one of the others exists.
  Heating value, moisture, chlorine and sulphur from specifications of sellers and deliveries, else that judgement.

After --write run ``hginv factors list`` and ``tools/renew_datapackage.py``.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from coal_rank_blends import FEW_COALS_SPREAD, HEAT_SPREAD, PLANT_SPREAD, columns_of
from hginventory.factors.lookup import WORLD

Row = Mapping[str, str]
Reader = Callable[[Row], "tuple[str, str] | None"]  # number and words for it
KINDS = ("steam", "hard_coal_all", "coal_all")  # the best first
LEAST_SUM = 0.8
DIGITS = 6  # of a share
WORLD_TRADE = ("AUS", "CAN", "COL", "IDN", "KAZ", "RUS", "USA", "ZAF")
PROPOSAL = "engine proposal"
OWN = "judgement-of-the-hginventory-authors"
OWN_TABLE = "judgement of this table"
PRESS = "reports-on-coal-trade"
TRADE_SOURCES = {
    "UN Comtrade": "un-comtrade-2019-hs-2701",
    "Eurostat monthly": "eurostat-coal-imports-by-partner",
    "Eurostat Comext": "eurostat-comext-2020-hs-2701",
    "EIA": "us-eia-coal-exports",
    "no document opened": "steam-coal-trade-recalled",
    OWN_TABLE: OWN,
}
QUALITY_SOURCES = {
    "coal_mercury_content.csv line 16 ": "lee-et-al-2006-atmos",
    "coal_mercury_content.csv line 15;": "us-epa-1999-icr-in",
    "coal_mercury_content.csv line 3": "us-epa-2010-utility-haps",
    "coal_mercury_content.csv line 4": "us-epa-2010-utility-haps",
    "US EPA PISCES": "us-epa-2010-utility-haps",
    "github ReginaWu": "global-mercury-flow-model-repository",
    "gsa.confex": "kolker-2004-gsa-79551",
    OWN_TABLE: OWN,
}
SPECIFICATIONS = "specifications-of-export-coal"
IN_GROUND = "mercury in coal of the ground or the mine, not of shipments"
# ln-sd of a national mean by the number of samples; of coal in the ground or delivered at home, at least the second or third
MANY, SOME = (100, 0.15), (10, 0.25)
JUDGED_HEAT_SPREAD = 0.1  # of a heating value that is a judgement
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def trade_rows(trade: Iterable[Row], exporters: Iterable[Row]) -> list[dict[str, str]]:
    """Return the rows of `coal_trade`, importers in order, then years."""
    sets: dict[tuple[str, str], dict[int, list[Row]]] = {}
    for row in trade:
        if row["use_hint"] == "default" and row["share"]:
            sets.setdefault((row["importer"], row["coal_kind"]), {}).setdefault(int(row["year"]), []).append(row)
    counting = {
        key: kept for key, years in sets.items() if (kept := {y: r for y, r in years.items() if _sum(r) >= LEAST_SUM})
    }
    rows = []
    for importer in sorted({importer for importer, _ in counting}):
        kind = next(kind for kind in KINDS if (importer, kind) in counting)
        for year, of_year in sorted(counting[importer, kind].items()):
            rows += _set(importer, year, kind, of_year, [float(row["share"]) for row in of_year])
    return rows + _world(exporters)


def _sum(rows: Sequence[Row]) -> float:
    return math.fsum(float(row["share"]) for row in rows)


def _world(exporters: Iterable[Row]) -> list[dict[str, str]]:
    years: dict[int, dict[str, Row]] = {}
    for row in exporters:
        if row["coal_kind"] == "steam" and row["tonnes_mt"]:
            years.setdefault(int(row["year"]), {})[row["exporter"]] = row
    rows = []
    for year, of_year in sorted(years.items()):
        if set(of_year) >= set(WORLD_TRADE):
            used = [{**of_year[exporter], "share_basis": "mass"} for exporter in WORLD_TRADE]
            rows += _set(WORLD, year, "steam", used, [float(row["tonnes_mt"]) for row in used])
    return rows


def _set(importer: str, year: int, kind: str, rows: Sequence[Row], amounts: Sequence[float]) -> list[dict[str, str]]:
    """Return the rows of one set, the largest first; the largest takes what rounding leaves, so that they sum to 1."""
    total = math.fsum(amounts)
    order = sorted(zip(rows, amounts, strict=True), key=lambda pair: (-pair[1], pair[0]["exporter"]))
    shares = [round(amount / total, DIGITS) for _, amount in order]
    shares[0] = round(1.0 - math.fsum(shares[1:]), DIGITS)
    out = []
    for (row, amount), share in zip(order, shares, strict=True):
        known = "Mt of exports of steam coal" if importer == WORLD else "share as stated"
        out.append({
            "importer": importer, "exporter": row["exporter"], "coal_kind": kind, "value": f"{share:g}" if share else "0",
            "unit": "1", "basis": row["share_basis"], "method": f"{amount:g}/{total:.6g}: {known} over the sum of the set",
            "read_from": _mark(row), "use": "default", "valid_from": str(year),
            "source_id": _source(row["source"], TRADE_SOURCES, PRESS), "locator": f"{year}; {row['source']}", "note": row["note"],
        })  # fmt: skip
    return out


def _mark(row: Row) -> str:
    """Return how far a row can be trusted: arithmetic on read numbers is read, with a recalled number recalled."""
    if row["source"].startswith(OWN_TABLE):
        return "judgement"
    if "recalled" in (row["note"] + row["read_from"]).lower() or row["source"].startswith("EIA total"):
        return "recalled"
    return "read"


def _source(text: str, known: Mapping[str, str], other: str) -> str:
    return next((source for start, source in known.items() if text.startswith(start)), other)


def quality_rows(quality: Iterable[Row]) -> list[dict[str, str]]:
    """Return the rows of `export_coal`: defaults, then checks, exporters in order."""
    by_exporter: dict[str, list[Row]] = {}
    for row in quality:
        if re.fullmatch("[A-Z]{3}", row["exporter"]):
            by_exporter.setdefault(row["exporter"], []).append(row)
    rows = []
    for exporter, own in sorted(by_exporter.items()):
        rows += _mercury(exporter, own)
        for quantity, reader in (("net_calorific_value", _heat), ("moisture", _moisture), ("chlorine", _chlorine), ("sulphur", _sulphur)):  # fmt: skip
            rows += _other(exporter, quantity, own, reader)
    return sorted(rows, key=lambda row: (row["use"] != "default", row["exporter"], row["quantity"]))


def _mercury(exporter: str, rows: Sequence[Row]) -> list[dict[str, str]]:
    known = [
        row
        for row in rows
        if _is_number(row["hg_mean_mg_kg"]) and _is_number(row["hg_n"]) and row["hg_basis"].startswith("dry")
    ]
    delivered = [row for row in known if row["sample_kind"].startswith("delivered")]
    ground = [row for row in known if row["sample_kind"].startswith(("in-ground", "mine"))]
    proposed = [row for row in rows if row["use_hint"] == PROPOSAL and _is_number(row["hg_mean_mg_kg"])]
    out = []
    if best := delivered or ground:
        counts = [float(row["hg_n"]) for row in best]
        total = math.fsum(counts)
        mean = math.fsum(n * float(row["hg_mean_mg_kg"]) for n, row in zip(counts, best, strict=True)) / total
        imported = all(row["sample_kind"] == "delivered import" for row in best)
        error, why = _error(total, bool(delivered), imported)
        named = "; ".join(f"{row['grade_or_region']} {row['hg_mean_mg_kg']}, n {row['hg_n']}" for row in best)
        kinds = "coal as delivered" if delivered else IN_GROUND
        out.append(
            _hg_row(exporter, mean, error, why, f"{kinds}, mean by number of samples: {named}", best)
            | {"n": f"{total:g}"}
        )
    for row in proposed:
        why = "country mean, judgement"
        made = _hg_row(
            exporter, float(row["hg_mean_mg_kg"]), FEW_COALS_SPREAD, why, f"judgement from: {row['note']}", [row]
        )
        made |= {"low": row["hg_low"], "high": row["hg_high"], "low_high_meaning": "range, judgement"}
        out.append(made | ({"use": "check", "distribution": "", "spread": "", "scopes": ""} if out else {}))
    return out


def _error(n: float, delivered: bool, imported: bool) -> tuple[float, str]:
    """Return the ln-sd of a national mean and the words for it."""
    if not delivered:
        return FEW_COALS_SPREAD, f"country mean, {n:g} samples of the ground, which are no shipments"
    if n < SOME[0]:
        return FEW_COALS_SPREAD, f"country mean from {n:g} samples, fewer than {SOME[0]}"
    if n < MANY[0] or not imported:
        return SOME[1], f"country mean from {n:g} samples" + ("" if imported else " delivered in the country itself")
    return MANY[1], f"country mean from {n:g} samples"


def _hg_row(exporter: str, mean: float, error: float, why: str, method: str, used: Sequence[Row]) -> dict[str, str]:
    variance = error**2 + PLANT_SPREAD**2
    spread = f"spread: sqrt({error:g}^2 {why} + {PLANT_SPREAD:g}^2 between plants, judgement); the country scope holds the first part"
    return _quality_row(exporter, "hg", f"{round(mean, 5):g}", "mg/kg", "dry", f"{method}; {spread}", used) | {
        "distribution": "lognormal", "spread": f"{math.sqrt(variance):.6g}",
        "scopes": f"country:{error**2 / variance:.3f};plant:{1 - round(error**2 / variance, 3):.3f}",
    }  # fmt: skip


def _heat(row: Row) -> tuple[str, str] | None:
    return (row["ncv_ar_mj_kg"], "") if _is_number(row["ncv_ar_mj_kg"]) else None


def _moisture(row: Row) -> tuple[str, str] | None:
    stated = _is_number(row["moisture_pct"]) and row["moisture_basis"] == "as received"
    return (f"{float(row['moisture_pct']) / 100:g}", "") if stated else None


def _sulphur(row: Row) -> tuple[str, str] | None:
    stated = _is_number(row["s_pct"]) and row["s_basis"] == "as received"
    return (f"{float(row['s_pct']) / 100:g}", "") if stated else None


def _chlorine(row: Row) -> tuple[str, str] | None:
    """Return chlorine of dry coal: a number, or the middle of a range of a proposal; bounds such as <=60 are no number."""
    text = row["cl_mg_kg"].partition("(")[0].strip()
    if row["cl_basis"] != "dry" or text.startswith(("<", ">")):
        return None
    numbers = [float(number) for number in NUMBER.findall(text)]
    if not numbers:
        return None
    return f"{sum(numbers) / len(numbers):g}", f"{row['cl_mg_kg']}: middle of the range" if len(numbers) > 1 else ""


UNITS = {
    "net_calorific_value": ("MJ/kg", "net_as_received"), "moisture": ("1", "as_received"), "chlorine": ("mg/kg", "dry"),
    "sulphur": ("1", "as_received"),
}  # fmt: skip


def _other(exporter: str, quantity: str, rows: Sequence[Row], reader: Reader) -> list[dict[str, str]]:
    known = [(row, found) for row in rows if (found := reader(row)) is not None]
    # A specification counts where it is marked default; chlorine was measured at few places, so every delivery counts.
    stated = [
        (row, found) for row, found in known
        if row["use_hint"] == "default" or (quantity == "chlorine" and row["sample_kind"].startswith("delivered"))
    ]  # fmt: skip
    proposed = [(row, found) for row, found in known if row["use_hint"] == PROPOSAL]
    best = stated or proposed
    if not best:
        return []
    value = math.fsum(float(number) for _, (number, _) in best) / len(best)
    method = "as stated: " if stated else "judgement: "
    method += "; ".join(words or f"{row['grade_or_region']} {number}" for row, (number, words) in best)
    made = _quality_row(exporter, quantity, f"{value:g}", *UNITS[quantity], method, [row for row, _ in best])
    if quantity == "net_calorific_value":
        part = HEAT_SPREAD if stated else JUDGED_HEAT_SPREAD
        made["method"] += f"; spread: {part:g} x value; it and the scopes are judgements"
        made |= {"distribution": "normal", "spread": f"{part * value:.6g}", "scopes": "country:0.4;plant:0.6"}
    return [made]


def _quality_row(
    exporter: str, quantity: str, value: str, unit: str, basis: str, method: str, used: Sequence[Row]
) -> dict[str, str]:
    marks = {_mark(row) for row in used}
    sources = dict.fromkeys(_source(row["source"], QUALITY_SOURCES, SPECIFICATIONS) for row in used)
    return {
        "exporter": exporter, "quantity": quantity, "value": value, "unit": unit, "basis": basis, "method": method,
        "read_from": next(mark for mark in ("judgement", "recalled", "read") if mark in marks), "use": "default",
        "source_id": next(iter(sources)), "locator": "; ".join(dict.fromkeys(row["source"] for row in used)),
        "note": "; ".join(dict.fromkeys(row["note"] for row in used if row["note"])),
    }  # fmt: skip


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path | None, table: str, rows: Iterable[dict[str, str]]) -> None:
    """Write a factor table whole, or print it."""
    columns = columns_of(table)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") if folder else sys.stdout as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(dict.fromkeys(columns, "") | row for row in rows)


def main() -> None:
    """Read the command line, then print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("trade", "exporters", "quality"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="folder of factor tables to change")
    options = parser.parse_args()
    write(options.write, "coal_trade", trade_rows(read(options.trade), read(options.exporters)))
    write(options.write, "export_coal", quality_rows(read(options.quality)))


if __name__ == "__main__":
    main()
