"""Copy what cement plants report to emission registers into a factor table: for maintainers, after a new release.

    python tools/plant_register.py FIVE.csv NORDIC.csv FINLAND.csv                    # prints the rows
    python tools/plant_register.py FIVE.csv NORDIC.csv FINLAND.csv --write factors    # replaces the table plant_reference

FIVE.csv holds plants of France, Spain, Great Britain, Italy and Portugal, 2017 to 2019, NORDIC.csv those of Denmark and Norway,
2007 to 2024, both from the European Pollutant Release and Transfer Register (European Environment Agency,
https://industry.eea.europa.eu; reuse with attribution), FINLAND.csv facilities of Finland, 2017 to 2023, from the Finnish
register (Finnish Environment Institute, https://github.com/sykefi/PRTR). Columns: country, year, facility, lat, lon,
hg_kg_air, hg_method and co2_t; for NORDIC.csv without hg_method; for FINLAND.csv facility, activity_code, year, hg_air_kg,
hg_method and co2_air_kg.

A plant has to report mercury to air above 10 kg a year. Where a register lists a plant-year without mercury, the row has no
value, and 10 kg as its upper bound. NORDIC.csv lists no such years: what it lacks may be below 10 kg or missing, and
``listed`` says so. A plant whose name the register keeps confidential is named by its position.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import pycountry

from import_mix import Row, read, write

TABLE = "plant_reference"
THRESHOLD_KG = "10"
ALL_YEARS, ABOVE = "all years", "years above the threshold"
EPRTR, FINNISH = "eea-e-prtr", "syke-prtr-finland"
CEMENT = "3(c)"  # begin of the activity codes of cement and lime kilns
CONFIDENTIAL = "CONFIDENTIAL"


def register_rows(five: Iterable[Row], nordic: Iterable[Row], finland: Iterable[Row]) -> list[dict[str, str]]:
    """Return the rows of `plant_reference`, by country, plant and year.

    Parameters
    ----------
    five, nordic, finland : iterable of mapping
        Rows of the three files.
    """
    rows = [_row(row, row["hg_method"], ALL_YEARS, EPRTR) for row in five]
    rows += [_row(row, "", ABOVE, EPRTR) for row in nordic]
    for row in finland:
        if row["activity_code"].startswith(CEMENT):
            tonnes = f"{float(row['co2_air_kg']) / 1000.0:.10g}" if row["co2_air_kg"] else ""
            own = {**row, "country": "FIN", "hg_kg_air": row["hg_air_kg"], "co2_t": tonnes}
            rows.append(_row(own, row["hg_method"], ALL_YEARS, FINNISH))
    return sorted(rows, key=lambda row: (row["country"], row["plant"], row["year"]))


def _row(row: Row, method: str, listed: str, source: str) -> dict[str, str]:
    reported = bool(row["hg_kg_air"])
    return {
        "country": pycountry.countries.lookup(row["country"]).alpha_3,
        "plant": _name(row),
        "year": row["year"],
        "co2_t": f"{float(row['co2_t']):.10g}" if row["co2_t"] else "",
        "hg_method": method if reported else "",
        "listed": listed,
        "value": f"{float(row['hg_kg_air']):.10g}" if reported else "",
        "unit": "kg/yr",
        "basis": "to air",
        "high": "" if reported else THRESHOLD_KG,
        "low_high_meaning": "" if reported else "threshold of reporting",
        "method": "as in the register" if reported else "listed without mercury to air",
        "read_from": "read",
        "use": "check",
        "source_id": source,
        "locator": f"facility and year; {row['city']}" if row.get("city") else "facility and year",
    }


def _name(row: Row) -> str:
    name = " ".join(row["facility"].split())
    return name if name != CONFIDENTIAL else f"confidential at {row['lat']} N {row['lon']} E"


def main() -> None:
    """Read the command line, then print the rows or replace the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, whose in (("five", "five countries"), ("nordic", "Denmark and Norway"), ("finland", "Finland")):
        parser.add_argument(name, type=Path, help=f"plants of {whose}, .csv")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="folder of the factor tables")
    options = parser.parse_args()
    write(options.write, TABLE, register_rows(read(options.five), read(options.nordic), read(options.finland)))


if __name__ == "__main__":
    main()
