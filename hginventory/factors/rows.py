"""A row of a factor table, and the source it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hginventory.errors import FactorError

OVERRIDE_KEY = "override_cell"  # extra key of a factor row that the sheet Factors replaced


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
        """Name of the row: table and keys; rows that are no default carry their line as well."""
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
