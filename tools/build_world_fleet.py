"""Write fleets/world_coal_units.csv.gz from a release of the Global Coal Plant Tracker: for maintainers.

    python tools/build_world_fleet.py RELEASE.xlsx [--out FILE]

Every row of the release stays, in its order and with its spellings; the columns that the importer ``gem-coal`` does not
read are left out, and the ISO code of the country is put first. The lines above the header state the publisher's
copyright, citation and licence as the release does, and what was changed. The same release gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from hginventory.errors import HgInventoryError
from hginventory.inputs.bundled.tracker_table import FILE, ISO
from hginventory.inputs.fleet import CC_BY, LICENCE_URLS
from hginventory.inputs.parsing import country_code
from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers.gem_coal import open_gem_coal, release_source
from hginventory.inputs.trackers.gem_coal_columns import COUNTRY, USED
from hginventory.vocabulary import fold

TARGET = Path(__file__).parents[1] / "fleets" / FILE


def table_bytes(table: SourceTable) -> bytes:
    """Return the table of a release as compressed CSV.

    Raises
    ------
    HgInventoryError
        If the release may not be passed on, or a country is not known.
    """
    source = release_source(table)
    if source["licence"] != CC_BY:
        raise HgInventoryError(f"{table.path}: the release does not state {CC_BY}, so it may not be passed on.")
    kept = [name for name in table.columns if fold(name) in USED]
    words = [
        next(text for text in table.words if text.casefold().startswith("copyright")),
        f"{source['citation']}.",
        f"{CC_BY}, {LICENCE_URLS[CC_BY]}",
        f"Reduced and changed by hginventory: {len(kept)} of {len(table.columns)} columns, ISO codes of countries added.",
    ]
    rows = []
    for row in table.rows:
        country = str(next(row.cells[name] for name in COUNTRY if name in row.cells))
        code = country_code(country)
        if code is None:
            raise HgInventoryError(f"{table.path}, row {row.number}: country {country!r} is not known.")
        rows.append([code, *(_text(row.cells.get(fold(name))) for name in kept)])
    return compressed(words, kept, rows)


def compressed(words: Iterable[str], columns: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a bundled table as compressed CSV: lines of words, the header and rows, with the ISO code first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([word] for word in words)
    writer.writerow([ISO, *columns])
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


def _text(value: object) -> str:
    """Return a cell as text; whole numbers without a point."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("release", type=Path, help="the .xlsx file of the release")
    parser.add_argument("--out", type=Path, default=TARGET, metavar="FILE", help="file to write")
    options = parser.parse_args(arguments)
    try:
        data = table_bytes(open_gem_coal(options.release))
    except HgInventoryError as error:
        print(error, file=sys.stderr)
        return 1
    options.out.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
