"""The bundled table of the coal tracker: every unit of one release, in the columns that the importer reads."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.data_files import data_folder
from hginventory.inputs.source_tables import SourceRow, SourceTable
from hginventory.inputs.trackers import GEM_COAL_LAYOUT
from hginventory.vocabulary import fold
from hginventory.xlsx import letters_of

if TYPE_CHECKING:
    import pandas as pd

FILE = "world_coal_units.csv.gz"
ISO = "iso3"  # first column, which the release does not have: the country, to find its rows without reading names


def table_path() -> Path:
    """Return the path of the table."""
    return data_folder("fleets") / FILE


def read_tracker_table(countries: Collection[str] = ()) -> SourceTable:
    """Return the bundled table of the Global Coal Plant Tracker as an importer finds a table.

    Parameters
    ----------
    countries : collection of str
        ISO codes of three letters; empty: all.

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
    path = table_path()
    words: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        for columns in lines:
            if columns[0] == ISO:
                break
            words.append(columns[0])
        header = len(words) + 1
        names = [fold(name) for name in columns]
        rows = [
            SourceRow(number, dict(_cells(names, line)))
            for number, line in enumerate(lines, header + 1)
            if not countries or line[0] in countries
        ]
    letters = {name: letters_of(number) for number, name in enumerate(names, 1)}
    return SourceTable(path, path.name, header, tuple(columns), letters, rows, tuple(words))


def _cells(names: list[str], line: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the filled cells of a line by column; numbers and years as numbers."""
    for name, text in zip(names, line, strict=True):
        if text and name != ISO:
            is_number = name in GEM_COAL_LAYOUT.numbers or name in GEM_COAL_LAYOUT.years
            yield name, float(text) if is_number else text


@cache
def countries_of_table() -> frozenset[str]:
    """Return the ISO codes of the countries that the table has rows of."""
    with gzip.open(table_path(), "rt", encoding="utf-8") as file:
        return frozenset(code for line in file if len(code := line.partition(",")[0]) == len("ISO"))


def credited(sources: pd.DataFrame, table: SourceTable) -> pd.DataFrame:
    """Return the sheet Sources of a fleet of the table with its copyright line and what was changed."""
    return sources.assign(note=f"{table.words[0]} {table.words[-1]}")
