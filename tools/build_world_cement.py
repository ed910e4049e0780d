"""Write fleets/world_cement_plants.csv.gz from a table of the Global Cement and Concrete Tracker: for maintainers.

    python tools/build_world_cement.py PLANTS.csv [--out FILE]

The table is the July 2025 release reduced to name, country, status, cement capacity and position, as the public
repository Nanosdynasty/dashboard-repo on GitHub has it: columns name, country, status, cement_capacity_mt_per_year,
lat and lon. Plant type, kilns, clinker capacity and start years are not in it. Every row stays, in its order and with
its spellings; the columns get the names of the release, so that the importer ``gem-cement`` reads them, and the ISO code
of the country is put first. The lines above the header state copyright, citation and licence, and what was changed. The
same table gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from build_world_fleet import compressed
from hginventory.errors import HgInventoryError
from hginventory.inputs.bundled.tracker_table import CEMENT_FILE
from hginventory.inputs.fleet import CC_BY, LICENCE_URLS
from hginventory.inputs.parsing import country_code

TARGET = Path(__file__).parents[1] / "fleets" / CEMENT_FILE
RELEASE = "Global Cement and Concrete Tracker, July 2025 (V1) release."
WORDS = (
    f"Copyright © Global Energy Monitor. {RELEASE}",
    f"Global Energy Monitor, {RELEASE}",
    f"{CC_BY}, {LICENCE_URLS[CC_BY]}",
    "Reduced and changed by hginventory and others: name, country, status, cement capacity and position only, ISO codes "
    "of countries added.",
)
COLUMNS = {  # of the release -> of the reduced table
    "GEM Asset name (English)": ("name",),
    "Country/Area": ("country",),
    "Operating status": ("status",),
    "Cement Capacity (millions metric tonnes per annum)": ("cement_capacity_mt_per_year",),
    "Coordinates": ("lat", "lon"),
}


def table_bytes(path: Path) -> bytes:
    """Return the table as compressed CSV.

    Raises
    ------
    HgInventoryError
        If a column is missing, or a country is not known.
    """
    with path.open(encoding="utf-8", newline="") as file:
        plants = list(csv.DictReader(file))
    wanted = [name for names in COLUMNS.values() for name in names]
    if missing := [name for name in wanted if not plants or name not in plants[0]]:
        raise HgInventoryError(f"{path}: no column {', '.join(missing)}.")
    rows = []
    for number, plant in enumerate(plants, 2):
        code = country_code(plant["country"])
        if code is None:
            raise HgInventoryError(f"{path}, row {number}: country {plant['country']!r} is not known.")
        rows.append([code, *(", ".join(filter(None, map(plant.get, names))) for names in COLUMNS.values())])
    return compressed(WORDS, list(COLUMNS), rows)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plants", type=Path, help="the .csv file of the plants")
    parser.add_argument("--out", type=Path, default=TARGET, metavar="FILE", help="file to write")
    options = parser.parse_args(arguments)
    try:
        options.out.write_bytes(table_bytes(options.plants))
    except HgInventoryError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
