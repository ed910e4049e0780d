"""Copy what coal power stations report to emission registers into a factor table: for maintainers, after a new release.

    python tools/power_register.py DENMARK.csv FINLAND.csv                    # prints the rows
    python tools/power_register.py DENMARK.csv FINLAND.csv --write factors    # replaces the table power_reference

DENMARK.csv holds thermal power stations of Denmark from the European Pollutant Release and Transfer Register, FINLAND.csv
facilities of Finland from the Finnish register; columns as in tools/plant_register.py. Kept are stations that the Global Coal
Plant Tracker has under one name, which `STATIONS` gives, and that report mercury and CO2. Of Denmark the years to 2012: later
ones burn wood, whose CO2 is in the number.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from import_mix import Row, read, write
from plant_register import EPRTR, FINNISH

TABLE = "power_reference"
LAST_DANISH_YEAR = 2012
STATIONS: Mapping[str, str] = {  # a part of the name in the register -> plant of the tracker
    "Amagerværket": "Amager power station",
    "Avedøreværket": "Avedore power station",
    "Nordjyllandsværket": "Nordjylland power station",
    "Fynsværket": "Fyns power station",
    "Asnæsværket": "Asnaes power station",
    "Studstrupvær": "Studstrup power station",
    "Esbjergværket": "Esbjerg power station",
    "Salmisaari": "Salmisaari power station",
    "Hanasaari": "Hanasaari power station",
}


def register_rows(denmark: Iterable[Row], finland: Iterable[Row]) -> list[dict[str, str]]:
    """Return the rows of `power_reference`, by country, plant and year.

    Parameters
    ----------
    denmark, finland : iterable of mapping
        Rows of the two files.
    """
    rows = [
        _row("DNK", row, row["hg_kg_air"], row["co2_t"], 1.0, EPRTR)
        for row in denmark
        if int(row["year"]) <= LAST_DANISH_YEAR
    ]
    rows += [_row("FIN", row, row["hg_air_kg"], row["co2_excl_biomass_air_kg"], 1e3, FINNISH) for row in finland]
    return sorted((row for row in rows if row), key=lambda row: (row["country"], row["plant"], row["year"]))


def _row(country: str, row: Row, mercury: str, co2: str, kg_per_unit: float, source: str) -> dict[str, str]:
    """Return a row of the table; empty where the station is not known or one of the numbers is missing."""
    plant = next((name for part, name in STATIONS.items() if part in row["facility"]), "")
    if not plant or not mercury or not co2 or float(mercury) <= 0.0:
        return {}
    return {
        "country": country, "plant": plant, "year": row["year"], "facility": " ".join(row["facility"].split()),
        "co2_t": f"{float(co2) / kg_per_unit:.10g}", "value": f"{float(mercury):.10g}", "unit": "kg/yr", "basis": "to air",
        "method": "as in the register", "read_from": "read", "use": "check", "source_id": source,
        "locator": "facility and year",
    }  # fmt: skip


def main() -> None:
    """Read the command line, then print the rows or replace the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("denmark", "finland"):
        parser.add_argument(name, type=Path, help=f"plants of {name.capitalize()}, .csv")
    parser.add_argument("--write", metavar="FOLDER", type=Path, help="folder of the factor tables")
    options = parser.parse_args()
    write(options.write, TABLE, register_rows(read(options.denmark), read(options.finland)))


if __name__ == "__main__":
    main()
