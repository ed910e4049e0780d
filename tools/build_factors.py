"""Build the factor tables from collected facts: for maintainers, after which the tables are reviewed by hand.

    python tools/build_factors.py --facts FOLDER [--data FOLDER] --out factors

Every row of a file of facts becomes a default, an evidence or a check row; the defaults are those that the
collectors chose. Numbers that are our own judgement stand in the builders with their reason and are marked
so. Counts of trackers (capacity factors, US trains) need ``--data``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from factor_tables import (
    cement,
    coal,
    controls,
    convention,
    decisions,
    limits,
    mixes,
    national,
    rest,
    spreads,
    technology,
)
from factor_tables.writer import Writer
from hginventory.factors import FactorLibrary


def main() -> None:
    """Read the command line, build, check, and say how many rows each table has."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=Path, required=True, help="folder with the files of facts")
    parser.add_argument("--data", type=Path, help="folder with tracker files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    options = parser.parse_args()
    writer = Writer()
    coal.build(writer, options.facts)
    national.build(writer, options.data)
    technology.build(writer, options.facts, options.data)
    controls.build(writer, options.facts)
    mixes.build(writer, options.facts, options.data)
    cement.build(writer, options.facts)
    limits.build(writer, options.facts)
    rest.build(writer, options.facts)
    spreads.build(writer)
    convention.build(writer, options.facts)
    decisions.build(writer, options.facts)
    writer.write(options.out)
    for table, rows in writer.rows.items():
        counts = Counter(row["use"] for row in rows)
        print(f"{table:28}", *(f"{use} {counts[use]}" for use in ("default", "evidence", "check")), sep="  ")
    FactorLibrary(options.out).check_all()


if __name__ == "__main__":
    main()
