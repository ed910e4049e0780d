"""The factor tables: plain CSV files that an expert can review, each loaded and checked when first asked for."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from hginventory.data_files import data_folder
from hginventory.errors import FactorError, UnreadableFileError
from hginventory.factors.csv_tables import read_rows, read_sources
from hginventory.factors.rows import NEWEST, FactorRow, Source, in_year
from hginventory.factors.tables import TABLES, TableSpec, table_of
from hginventory.reading import MOST_RECORD_BYTES, digest_of, read_json

Made = TypeVar("Made")
Given = ParamSpec("Given")
UNKNOWN_TABLE = TableSpec((), "a table of no known keys")


@dataclass(frozen=True)
class FactorTable:
    """The rows of a table, of all years, and the base year that selects among them."""

    name: str
    rows: tuple[FactorRow, ...]
    folder: str = "factors"
    spec: TableSpec = UNKNOWN_TABLE
    year: int = NEWEST

    @cached_property
    def defaults(self) -> tuple[FactorRow, ...]:
        """Rows that the engine uses: of each key those that count in the base year."""
        return in_year([row for row in self.rows if row.use == "default"], self.year, self.spec)

    @cached_property
    def of_country(self) -> Mapping[str, list[FactorRow]]:
        """Rows that the engine uses by their key ``country``, in their order."""
        found: dict[str, list[FactorRow]] = {}
        for row in self.defaults:
            found.setdefault(row.keys["country"], []).append(row)
        return found

    @cached_property
    def by_id(self) -> Mapping[str, FactorRow]:
        """Rows by their ids: the defaults of the base year, and all others."""
        others = (row for row in self.rows if row.use != "default")
        return {row.row_id: row for row in (*self.defaults, *others)}

    def lacks(self, **keys: str) -> FactorError:
        """Return the error that no default row has some keys; keys not named may be any.

        >>> load_library().table("coal_process").lacks(quantity="release_ratio", boiler="")
        FactorError('factors/coal_process.csv: no default row has quantity release_ratio, boiler blank. Add this row.')
        """
        named = ", ".join(f"{column} {key or 'blank'}" for column, key in keys.items())
        return FactorError(f"{self.folder}/{self.name}.csv: no default row has {named}. Add this row.")


class FactorLibrary:
    """All factor tables of a folder; each is read and checked when first asked for.

    Parameters
    ----------
    folder : Path
        Folder with the CSV files.
    replaced : mapping of str to FactorRow
        Default rows that replace those of the files, by row id: for the row of its key that counts in the year.
    year : int
        Base year; without one the newest row of each key counts.

    Examples
    --------
    >>> library = load_library()
    >>> row = library.row("coal_mercury/IDN/any/all")
    >>> row.unit
    'mg/kg'
    """

    def __init__(self, folder: Path, replaced: Mapping[str, FactorRow] | None = None, year: int = NEWEST) -> None:
        self.folder = folder
        self.year = year
        self._replaced = dict(replaced or {})
        self._rows: dict[str, tuple[FactorRow, ...]] = {}
        self._tables: dict[str, FactorTable] = {}
        self._years: dict[int, FactorLibrary] = {}
        self._made: dict[tuple[Any, ...], Any] = {}
        self._sources: dict[str, Source] | None = None
        self._released: Mapping[str, str] | None = None

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of all tables."""
        return tuple(TABLES)

    def table(self, name: str) -> FactorTable:
        """Return a table.

        Raises
        ------
        FactorError
            If a row is wrong; all of them are named with file and line.
        """
        if name not in self._tables:
            spec = TABLES[name]
            if name not in self._rows:
                self._rows[name] = tuple(self._read(name, is_checked=self._is_as_released(name)))
            table = FactorTable(name, self._rows[name], self.folder.name, spec, self.year)
            if any(table_of(row_id) == name for row_id in self._replaced):
                own = {row: self._replaced.get(row.row_id, row) for row in table.defaults}
                table = replace(table, rows=tuple(own.get(row, row) for row in table.rows))
            self._tables[name] = table
        return self._tables[name]

    def row(self, row_id: str) -> FactorRow:
        """Return the row of an id; KeyError where there is none."""
        name = table_of(row_id)
        if name not in TABLES:
            raise KeyError(row_id)
        return self.table(name).by_id[row_id]

    def nearest(self, row_id: str) -> list[str]:
        """Return ids of default rows like one."""
        name = table_of(row_id)
        tables = [name] if name in TABLES else difflib.get_close_matches(name, TABLES, n=1, cutoff=0.3)
        ids = [row.row_id for table in tables for row in self.table(table).defaults]
        return difflib.get_close_matches(row_id, ids, n=3, cutoff=0.3)

    def source(self, source_id: str) -> Source:
        """Return a source; a source of the workbook has the name that the user gave it."""
        return self._known_sources().get(source_id, Source(source_id, source_id, "", "", ""))

    def with_rows(self, rows: Iterable[FactorRow]) -> FactorLibrary:
        """Return a library in which default rows replace those of the same id."""
        return self._derived({**self._replaced, **{row.row_id: row for row in rows}}, self.year)

    def in_year(self, base_year: int) -> FactorLibrary:
        """Return the library of a base year: of several rows of one key only those that count in it are defaults.

        Examples
        --------
        >>> load_library().in_year(2026).row("coal_technology/capacity_factor/IDN/any/any/any/any").valid_from
        '2025'
        """
        if base_year not in self._years:
            self._years[base_year] = self._derived(self._replaced, base_year)
        return self._years[base_year]

    def once(
        self, make: Callable[Concatenate[FactorLibrary, Given], Made], *args: Given.args, **options: Given.kwargs
    ) -> Made:
        """Return what is made of this library, made when first asked for: its tables never change.

        Parameters
        ----------
        make : callable
            Takes the library and the arguments, which must be hashable, as the class of an index does.
        *args, **options
            The arguments.

        Examples
        --------
        >>> library = load_library()
        >>> library.once(FactorLibrary.in_year, 2026) is library.once(FactorLibrary.in_year, 2026)
        True
        """
        key = (make, args, *options.items())
        if key not in self._made:
            self._made[key] = make(self, *args, **options)
        return cast("Made", self._made[key])

    def check_all(self) -> None:
        """Read and check every table, also as released; raise one FactorError that names all wrong rows."""
        problems: list[str] = []
        for name in TABLES:
            try:
                self._read(name)
            except FactorError as error:
                problems.append(str(error))
        if problems:
            raise FactorError("\n".join(dict.fromkeys(problems)))

    def sha256(self) -> dict[str, str]:
        """Return the SHA-256 of every file of the library."""
        return {file.name: digest_of(file) for file in sorted(self.folder.glob("*.csv"))}

    @property
    def version(self) -> str:
        """Short name of this state of the tables."""
        joined = "".join(f"{name}{digest}" for name, digest in self.sha256().items())
        return hashlib.sha256(joined.encode()).hexdigest()[:12]

    def _derived(self, replaced: Mapping[str, FactorRow], year: int) -> FactorLibrary:
        """Return a library of the same files, which are not read again."""
        other = FactorLibrary(self.folder, replaced, year)
        other._rows = self._rows
        other._sources, other._released = self._sources, self._released
        return other

    def _read(self, name: str, *, is_checked: bool = False) -> list[FactorRow]:
        """Return the rows of a table as its file has them."""
        path = self.folder / f"{name}.csv"
        return read_rows(path, name, TABLES[name], self._known_sources(), is_checked=is_checked)

    def _is_as_released(self, name: str) -> bool:
        """Return whether a table and the sources are, to the byte, those that were checked when they were released."""
        if self._released is None:
            released = released_digests(self.folder)
            same_sources = released.get("sources.csv") == _digest(self.folder / "sources.csv")
            self._released = released if same_sources else {}
        return self._released.get(f"{name}.csv") == _digest(self.folder / f"{name}.csv")

    def _known_sources(self) -> dict[str, Source]:
        if self._sources is None:
            self._sources = read_sources(self.folder / "sources.csv")
        return self._sources


def released_digests(folder: Path) -> Mapping[str, str]:
    """Return the SHA-256 of tables by file, from the list that is written once all rows are checked; {} without it.

    >>> len(released_digests(load_library().folder)["sources.csv"])
    64
    """
    try:
        package = read_json(folder / "datapackage.json", MOST_RECORD_BYTES)
        return {one["path"]: one["hash"].removeprefix("sha256:") for one in package["resources"]}
    except (UnreadableFileError, KeyError, TypeError, AttributeError):
        return {}


def _digest(file: Path) -> str:
    """Return the SHA-256 of a file; blank where there is none."""
    return digest_of(file) if file.is_file() else ""


@cache
def load_library() -> FactorLibrary:
    """Return the bundled factor tables."""
    return FactorLibrary(data_folder("factors"))
