"""A factor folder in which a row or a value is missing is named with file, line and what to add, in every table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import hginventory as hg
from hginventory.errors import FactorError
from hginventory.factors.library import FactorLibrary, load_library
from hginventory.projection import project
from hginventory.reading import load_fleet

Cells = dict[str, str]
Change = Callable[[Cells], Cells | None]


def edited(folder: Path, table: str, keys: Mapping[str, str], change: Change) -> tuple[FactorLibrary, int]:
    """Return the library of a copied folder in which the default rows of some keys changed, and the first one's line.

    A change that returns None deletes the row.
    """
    for file in load_library().folder.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row["use"] == "default" and all(row[key] == value for key, value in keys.items()) for row in rows]
    assert any(chosen)
    kept = [change(row) if own else row for row, own in zip(rows, chosen, strict=True)]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in kept if row is not None)
    return FactorLibrary(folder), chosen.index(True) + 2


def deleted(row: Cells) -> None:
    return None
