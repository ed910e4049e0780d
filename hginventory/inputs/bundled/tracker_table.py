"""The bundled tables of trackers: every row of one release, in the columns that the importer reads."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from hginventory.data_files import data_folder
from hginventory.inputs.source_tables import Layout, SourceRow, SourceTable
from hginventory.inputs.trackers import GEM_CEMENT_LAYOUT, GEM_COAL_LAYOUT, release_source
from hginventory.vocabulary import fold
from hginventory.xlsx import letters_of

FILE = "world_coal_units.csv.gz"
CEMENT_FILE = "world_cement_plants.csv.gz"
LAYOUTS = {FILE: GEM_COAL_LAYOUT, CEMENT_FILE: GEM_CEMENT_LAYOUT}
ISO = "iso3"  # first column, which the release does not have: the country, to find its rows without reading names


def table_path(file: str = FILE) -> Path:
    """Return the path of a table."""
    return data_folder("fleets") / file


def read_tracker_table(countries: Collection[str] = (), file: str = FILE) -> SourceTable:
    """Return a bundled table of a tracker as an importer finds a table.

    Parameters
    ----------
    countries : collection of str
        ISO codes of three letters; empty: all.
    file : str
        Which table: that of coal-fired units, or `CEMENT_FILE`.

    Returns
    -------
    SourceTable
        Rows of these countries, none where the table has none. The lines above the header, which state copyright,
        citation, licence and changes, are its ``words``.

    Examples
    --------
    >>> table = read_tracker_table(["VNM"])
    >>> len(table.rows), table.rows[0].cells["country/area"]
    (197, 'Vietnam')
    """
    path = table_path(file)
    words: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened)
        for columns in lines:
            if columns[0] == ISO:
                break
            words.append(columns[0])
        header = len(words) + 1
        names = [fold(name) for name in columns]
        rows = [
            SourceRow(number, dict(_cells(names, line, LAYOUTS[file])))
            for number, line in enumerate(lines, header + 1)
            if not countries or line[0] in countries
        ]
    letters = {name: letters_of(number) for number, name in enumerate(names, 1)}
    return SourceTable(path, path.name, header, tuple(columns), letters, rows, tuple(words))


def _cells(names: list[str], line: list[str], layout: Layout) -> Iterator[tuple[str, Any]]:
    """Yield the filled cells of a line by column; numbers and years as numbers."""
    for name, text in zip(names, line, strict=True):
        if text:
            is_number = name in layout.numbers or name in layout.years
            yield name, float(text) if is_number else text


@cache
def countries_of_table(file: str = FILE) -> frozenset[str]:
    """Return the ISO codes of the countries that a table has rows of."""
    with gzip.open(table_path(file), "rt", encoding="utf-8") as lines:
        return frozenset(code for line in lines if len(code := line.partition(",")[0]) == len("ISO"))


def attributed(sources: pd.DataFrame, table: SourceTable) -> pd.DataFrame:
    """Return the sheet Sources of a fleet of a table with its citation, copyright line and what was changed."""
    return sources.assign(citation=table.words[1].removesuffix("."), note=f"{table.words[0]} {table.words[-1]}")


def credited(table: SourceTable) -> pd.DataFrame:
    """Return the sheet Sources of a fleet of the table of coal-fired units."""
    return attributed(pd.DataFrame([release_source(table)]).set_index("source_id"), table)
