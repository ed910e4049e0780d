"""The fallback ladder: which factor row gives the default value of a blank cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn, TypeVar

import numpy as np

from hginventory._types import Floats
from hginventory.factors.library import FactorTable
from hginventory.factors.rows import FactorRow
from hginventory.factors.tables import TABLES
from hginventory.vocabulary import UNKNOWN

WORLD = "WLD"
ALL = "all"
WASTE_COAL = "waste coal"

V = TypeVar("V")


class _ByKey(dict[tuple[str, ...], V]):
    """The rows of a table by key; a key that is missing is named by a FactorError, with the file it is missing in.

    Parameters
    ----------
    table : FactorTable
        The table.
    keys : tuple of str, optional
        Key columns that make a key; default: all of the table.
    where : mapping of str to str, optional
        Values that other key columns must have.
    """

    def __init__(
        self, table: FactorTable, keys: tuple[str, ...] | None = None, where: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self._table, self._where = table, where or {}
        self._keys = TABLES[table.name].keys if keys is None else keys

    def __missing__(self, key: tuple[str, ...]) -> NoReturn:
        raise self._table.lacks(**self._where, **dict(zip(self._keys, key, strict=True)))


class Ladder(_ByKey[FactorRow]):
    """Default rows of a table, found by candidate keys from the most to the least specific.

    Parameters as in `_ByKey`; key columns named nowhere must be blank, so that no row is for a part of what the rung
    stands for.
    """

    def __init__(
        self, table: FactorTable, keys: tuple[str, ...] | None = None, where: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(table, keys, where)
        for row in table.defaults:
            if all(row.keys[key] == self._where.get(key, "") for key in row.keys if key not in self._keys):
                self[tuple(row.keys[key] for key in self._keys)] = row

    def first(self, candidates: Iterable[tuple[str, ...]]) -> FactorRow | None:
        """Return the row of the first candidate that has one, or None."""
        return next((self[key] for key in candidates if key in self), None)

    def needed(self, candidates: Sequence[tuple[str, ...]]) -> FactorRow:
        """Return the row of the first candidate that has one.

        Raises
        ------
        FactorError
            If none has one; it names the last candidate, which fits most units.
        """
        return self.first(candidates) or self[candidates[-1]]


class Groups(_ByKey[list[FactorRow]]):
    """Default rows of a table in groups of the same key; parameters as in `_ByKey`, other key columns may be any."""

    def __init__(
        self, table: FactorTable, keys: tuple[str, ...] | None = None, where: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(table, keys, where)
        for row in table.defaults:
            if all(row.keys[key] == value for key, value in self._where.items()):
                self.setdefault(tuple(row.keys[key] for key in self._keys), []).append(row)


def content_rungs(country: str, coal_type: str) -> list[tuple[str, str]]:
    """Return the rungs for a content of coal: it belongs to the coal of a country first.

    Waste coal is what was mined with the coal of its country: it takes the mean of all coal of the country before any
    number of the world, and never the refuse of another country. A dry mean meets the moisture of the refuse.

    >>> content_rungs("IDN", "lignite")
    [('IDN', 'lignite'), ('IDN', 'all'), ('WLD', 'lignite'), ('WLD', 'all')]
    >>> content_rungs("CHN", "waste coal")
    [('CHN', 'waste coal'), ('CHN', 'all'), ('CHN', 'unknown'), ('WLD', 'all')]
    """
    if coal_type == UNKNOWN:
        return _unknown_rungs(country)
    if coal_type == WASTE_COAL:
        return [(country, coal_type), *_unknown_rungs(country)]
    return [(country, coal_type), (country, ALL), (WORLD, coal_type), (WORLD, ALL)]


def rank_rungs(country: str, coal_type: str) -> list[tuple[str, str]]:
    """Return the rungs for heating value and moisture: they belong to the rank of the coal first.

    A coal whose rank is known never takes a value of all ranks.

    >>> rank_rungs("CHN", "anthracite")
    [('CHN', 'anthracite'), ('WLD', 'anthracite')]
    """
    if coal_type == UNKNOWN:
        return _unknown_rungs(country)
    return [(country, coal_type), (WORLD, coal_type)]


def _unknown_rungs(country: str) -> list[tuple[str, str]]:
    """Return the rungs for a coal of unknown rank: all coal of the country, else the blend of its ranks.

    >>> _unknown_rungs("ZAF")
    [('ZAF', 'all'), ('ZAF', 'unknown'), ('WLD', 'all')]
    """
    return [(country, ALL), (country, UNKNOWN), (WORLD, ALL)]


def class_rungs(country: str, coal_type: str) -> list[tuple[str, str]]:
    """Return the rungs for chlorine and coal class: lignite is a class of its own in every country.

    >>> class_rungs("IDN", "lignite")
    [('IDN', 'lignite'), ('WLD', 'lignite'), ('IDN', 'all'), ('WLD', 'all')]
    """
    if coal_type == "lignite":
        return [(country, coal_type), (WORLD, coal_type), (country, ALL), (WORLD, ALL)]
    return content_rungs(country, coal_type)


def within(row: FactorRow, column: str, number: float) -> bool:
    """Return whether a number lies in the half-open band ``column_from <= number < column_to`` of a row.

    An unknown number (NaN) lies only in a band without bounds.
    """
    low, high = row.keys[f"{column}_from"], row.keys[f"{column}_to"]
    if math.isnan(number):
        return not low and not high
    return (not low or number >= float(low)) and (not high or number < float(high))


class Bands:
    """The parts into which the bands of tables divide a number: numbers of one part lie within the same rows.

    Parameters
    ----------
    column : str
        As in `within`, as ``mw``.
    *tables : FactorTable
        Tables with this band.
    """

    def __init__(self, column: str, *tables: FactorTable) -> None:
        ends = (row.keys[f"{column}_{end}"] for table in tables for row in table.defaults for end in ("from", "to"))
        self._ends = np.unique([float(end) for end in ends if end])

    def of(self, numbers: Floats) -> list[int]:
        """Return the part of each number, from 0 up; -1 for an unknown one (NaN)."""
        part = np.searchsorted(self._ends, numbers, side="right")
        found: list[int] = np.where(np.isnan(numbers), -1, part).tolist()
        return found


class TechnologyLadder:
    """Rows of `coal_technology` of a quantity: the best fitting row by boiler, steam, size and country."""

    def __init__(self, table: FactorTable, quantity: str) -> None:
        self._table, self._quantity = table, quantity
        self._rows = [row for row in table.defaults if row.keys["quantity"] == quantity]

    def best(self, country: str, technology: str, boiler: str, capacity_mw: float) -> FactorRow:
        """Return the matching row with the most specific keys.

        A row whose key is blank fits all; boiler weighs more than steam technology, steam more than size,
        size more than country, because efficiency follows the machine before the country.

        Raises
        ------
        FactorError
            If no row fits, not even one of the world for all machines.
        """
        best: FactorRow | None = None
        best_score = -1
        for row in self._rows:
            keys = row.keys
            if (
                keys["country"] not in (country, WORLD)
                or keys["technology"] not in ("", technology)
                or keys["boiler"] not in ("", boiler)
                or not within(row, "mw", capacity_mw)
            ):
                continue
            banded = bool(keys["mw_from"] or keys["mw_to"])
            score = (
                8 * bool(keys["boiler"])
                + 4 * bool(keys["technology"])
                + 2 * banded
                + (keys["country"] == country and country != WORLD)
            )
            if score > best_score:
                best, best_score = row, score
        if best is None:
            blank = dict.fromkeys(("technology", "boiler", "mw_from", "mw_to"), "")
            raise self._table.lacks(quantity=self._quantity, country=WORLD, **blank)
        return best


def mix_cell(
    table: FactorTable, country: str, numbers: Mapping[str, float], keys: Mapping[str, str]
) -> tuple[FactorRow, ...]:
    """Return the rows of the cell of a mix table that fits a unit, the country's own before the world's.

    Parameters
    ----------
    table : FactorTable
        The mix table.
    country : str
        ISO code of three letters.
    numbers : mapping of str to float
        Band column -> number, as ``{"mw": 660.0, "start": 2016.0}``.
    keys : mapping of str to str
        Key column -> value, the weightiest first; a blank key of a row fits all but gives way to one that names it,
        and so does a blank band, after the keys: next to rows that name it, it is for all others.

    Raises
    ------
    FactorError
        If no cell fits, not even one of the world.
    """
    for own in (country, WORLD):
        fitting = [
            row
            for row in table.of_country.get(own, ())
            if all(within(row, column, number) for column, number in numbers.items())
            and all(row.keys[key] in ("", value) for key, value in keys.items())
        ]
        if fitting:
            named = [_named(row, keys, numbers) for row in fitting]
            best = max(named)
            return tuple(row for row, names in zip(fitting, named, strict=True) if names == best)
    bands = {f"{column}_{end}": "" for column in numbers for end in ("from", "to")}
    raise table.lacks(country=WORLD, **keys, **bands)


def _named(row: FactorRow, keys: Iterable[str], bands: Iterable[str]) -> tuple[bool, ...]:
    """Return which keys and bands a row names: a greater tuple is more specific."""
    named = row.keys
    return (
        *(named[key] != "" for key in keys),
        *(bool(named[f"{band}_from"] or named[f"{band}_to"]) for band in bands),
    )
