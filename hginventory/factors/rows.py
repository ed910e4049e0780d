"""A row of a factor table, the source it names, and which rows count in a base year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hginventory.errors import FactorError
from hginventory.factors.tables import TableSpec, YearRule

OVERRIDE_KEY = "override_cell"  # extra key of a factor row that the sheet Factors replaced
NEWEST = 9999  # a year later than every row: the newest row of each key counts


@dataclass(frozen=True, slots=True, eq=False)
class FactorRow:
    """One row of a factor table, the unit of trust, equal to itself only; columns as in factors/README.md."""

    table: str
    folder: str
    line: int
    keys: Mapping[str, str]
    value: float | None
    unit: str
    basis: str
    removal_basis: str
    distribution: str
    spread: float | None
    scopes: tuple[tuple[str, float], ...]
    low: float | None
    high: float | None
    low_high_meaning: str
    n: float | None
    method: str
    read_from: str
    use: str
    valid_from: str
    valid_to: str
    source_id: str
    locator: str
    note: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def row_id(self) -> str:
        """Name of the row: table and keys; other rows than defaults add their line."""
        name = "/".join([self.table, *(value or "any" for value in self.keys.values())])
        return name if self.use == "default" else f"{name}#{self.line}"

    def number(self, column: str = "value") -> float:
        """Return the value of the row, or its spread, low, high or n.

        Raises
        ------
        FactorError
            If the cell is blank; it names file and line.
        """
        number: float | None = getattr(self, column)
        if number is None:
            raise self.blank(column)
        return number

    def blank(self, column: str) -> FactorError:
        """Return the error that a number is missing in this row, with its file and line, or its cell in a workbook."""
        location = self.extra.get(OVERRIDE_KEY) or f"{self.folder}/{self.table}.csv:{self.line}"
        return FactorError(f"{location}: {column} of {self.row_id} is blank. Fill in a number.")


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from."""

    source_id: str
    citation: str
    url: str
    licence: str
    note: str


def in_year(rows: Sequence[FactorRow], year: int, spec: TableSpec) -> tuple[FactorRow, ...]:
    """Return the default rows that count in a base year: of each key those of one period, in their order.

    The key comes before the year: a row never gives way to a newer one of another key. Rows that share a whole have
    one period together.

    Parameters
    ----------
    rows : sequence of FactorRow
        Default rows of one table.
    year : int
        Base year.
    spec : TableSpec
        Its `years` says by which rule: of a rule, the newest row that has begun counts, else the earliest, and one that
        has ended only where all of its key have; of a time series, the nearest year, of two equally near the earlier,
        and a row without a year only where no other row has its key.
    """
    periods: dict[tuple[str, ...], dict[tuple[str, str], FactorRow]] = {}
    for row in rows:
        periods.setdefault(_key(row, spec), {}).setdefault((row.valid_from, row.valid_to), row)
    counting = {key: _counting(list(found.values()), year, spec.years) for key, found in periods.items()}
    return tuple(row for row in rows if _alike(row, counting[_key(row, spec)]))


def years_off(row: FactorRow, year: int, rule: YearRule) -> int:
    """Return how many years a base year lies outside the period of a row [yr]; 0 inside.

    A row of a rule without `valid_to` applies from then on; a row of a time series applies to `valid_from` only.

    Parameters
    ----------
    row : FactorRow
        A default row.
    year : int
        Base year.
    rule : YearRule
        The rule of its table.
    """
    first = _year(row.valid_from, -math.inf)
    last = _year(row.valid_to, first if rule is YearRule.SERIES and row.valid_from else math.inf)
    return int(max(first - year, year - last, 0))


def _counting(rows: Sequence[FactorRow], year: int, rule: YearRule) -> FactorRow:
    """Return the row of one key that counts; dates as 2015-04-27 are in the order of their texts, a blank one first."""
    if rule is YearRule.SERIES:
        dated = [row for row in rows if row.valid_from or row.valid_to] or rows
        return min(dated, key=lambda row: (years_off(row, year, rule), row.valid_from))
    holding = [row for row in rows if _year(row.valid_to, math.inf) >= year] or rows
    begun = [row for row in holding if _year(row.valid_from, -math.inf) <= year]
    return max(begun, key=_begin) if begun else min(holding, key=_begin)


def _begin(row: FactorRow) -> str:
    return row.valid_from


def _alike(row: FactorRow, other: FactorRow) -> bool:
    return (row.valid_from, row.valid_to) == (other.valid_from, other.valid_to)


def _key(row: FactorRow, spec: TableSpec) -> tuple[str, ...]:
    return tuple(value for key, value in row.keys.items() if key != spec.sums_over)


def _year(date: str, blank: float) -> float:
    """Return the year of a date written as 2026, 2026-04 or 2026-04-27."""
    return float(date[:4]) if date else blank
