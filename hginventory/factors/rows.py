"""Rows of the factor tables: read from plain CSV, each checked by itself and against the others."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hginventory.errors import FactorError
from hginventory.factors.tables import (
    BAND,
    COMMON,
    DISTRIBUTIONS,
    MOST_SCOPES,
    READ_FROM,
    REMOVAL_BASES,
    SCOPES,
    USES,
    TableSpec,
)

SUM_TOLERANCE = 1e-6
OVERRIDE_KEY = "override_cell"  # extra key of a factor row that the sheet Factors replaced
SOURCE_COLUMNS = ("source_id", "citation", "url", "licence", "note")


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


def read_sources(path: Path) -> dict[str, Source]:
    """Return the sources of a folder of factor tables by their ids.

    Parameters
    ----------
    path : Path
        The file ``sources.csv``.

    Raises
    ------
    FactorError
        If a row is wrong; all of them are named with file and line.
    """
    records, problems = _records(path, SOURCE_COLUMNS)
    sources: dict[str, Source] = {}
    for line, cells in records:
        source = Source(**cells)
        if not source.source_id or not source.citation:
            problems.append(_at(path, line, "source_id and citation are needed"))
        elif source.source_id in sources:
            problems.append(_at(path, line, f"the source_id {source.source_id!r} stands twice"))
        sources[source.source_id] = source
    if problems:
        raise FactorError("\n".join(problems))
    return sources


def read_rows(path: Path, name: str, spec: TableSpec, sources: Mapping[str, Source]) -> list[FactorRow]:
    """Return the rows of a factor table.

    Parameters
    ----------
    path : Path
        The CSV file.
    name : str
        Name of the table.
    spec : TableSpec
        What the table holds.
    sources : mapping of str to Source
        Known sources.

    Raises
    ------
    FactorError
        If a row is wrong; all of them are named with file and line.
    """
    records, problems = _records(path, (*spec.keys, *spec.extra, *COMMON))
    rows: list[FactorRow] = []
    for line, cells in records:
        row, wrong = _row(path.parent.name, name, spec, line, cells, sources)
        problems += [_at(path, line, text) for text in wrong]
        if row is not None:
            rows.append(row)
    problems += [_at(path, line, text) for line, text in _between_rows(spec, rows)]
    if problems:
        raise FactorError("\n".join(problems))
    return rows


def _at(path: Path, line: int, text: str) -> str:
    return f"{path.parent.name}/{path.name}:{line}: {text}"


def _records(path: Path, expected: Sequence[str]) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Return the rows of a CSV file with their lines, and what is wrong with those that have too few or many cells."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            rows = [(reader.line_num, cells) for cells in reader]
    except FileNotFoundError as error:
        raise FactorError(f"{path.parent.name}/{path.name}: there is no such file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactorError(f"{path.parent.name}/{path.name}: no plain CSV in UTF-8 ({error})") from error
    header = rows[0][1] if rows else []
    if header != list(expected):
        odd = sorted(set(header) ^ set(expected)) or header
        raise FactorError(_at(path, 1, f"wrong columns ({', '.join(odd)}); expected: {','.join(expected)}"))
    whole = [(line, dict(zip(expected, cells, strict=True))) for line, cells in rows[1:] if len(cells) == len(expected)]
    ragged = [(line, len(cells)) for line, cells in rows[1:] if len(cells) != len(expected)]
    return whole, [_at(path, line, f"{count} cells, expected {len(expected)}") for line, count in ragged]


def _row(
    folder: str, name: str, spec: TableSpec, line: int, cells: Mapping[str, str], sources: Mapping[str, Source]
) -> tuple[FactorRow | None, list[str]]:
    wrong: list[str] = []
    numbers: dict[str, float | None] = {}
    for column in ("value", "spread", "low", "high", "n"):
        try:
            number = float(cells[column]) if cells[column] else None
            if number is not None and not math.isfinite(number):
                raise ValueError
            numbers[column] = number
        except ValueError:
            wrong.append(f"{column} {cells[column]!r} is no number")
            numbers[column] = None
    scopes: list[tuple[str, float]] = []
    for part in filter(None, cells["scopes"].split(";")):
        scope, _, share = part.partition(":")
        try:
            scopes.append((scope, float(share)))
        except ValueError:
            wrong.append(f"scopes {part!r} is not written as scope:share")
    if wrong:
        return None, wrong
    row = FactorRow(
        table=name,
        folder=folder,
        line=line,
        keys={key: cells[key] for key in spec.keys},
        scopes=tuple(scopes),
        extra={key: cells[key] for key in spec.extra},
        **{column: numbers[column] for column in ("value", "spread", "low", "high", "n")},  # type: ignore[arg-type]
        **{c: cells[c] for c in COMMON if c not in ("value", "spread", "low", "high", "n", "scopes")},  # type: ignore[arg-type]
    )
    return row, list(_wrong_in_row(row, spec, sources))


def _wrong_in_row(row: FactorRow, spec: TableSpec, sources: Mapping[str, Source]) -> Iterable[str]:
    """Yield what is wrong in one row."""
    for column, allowed in (
        ("use", USES),
        ("read_from", READ_FROM),
        ("distribution", DISTRIBUTIONS),
        ("removal_basis", REMOVAL_BASES),
    ):
        if getattr(row, column) not in allowed:
            yield f"{column} {getattr(row, column)!r}; allowed: {', '.join(word for word in allowed if word)}"
    if row.source_id not in sources:
        yield f"source_id {row.source_id!r} is not in sources.csv; add the citation there"
    if row.value is None and row.use == "default" and not row.extra.get(spec.instead):
        yield "a default row needs a value"
    if row.use == "default" and spec.units and row.unit not in spec.units:
        yield f"unit {row.unit!r}; allowed: {', '.join(spec.units)}"
    if row.use == "default" and spec.bases and row.basis not in spec.bases:
        yield f"basis {row.basis!r}; allowed: {', '.join(spec.bases)}"
    if row.use == "default" and row.value is not None and not spec.low <= row.value <= spec.high:
        yield f"value {row.value:g} is outside {spec.low:g} to {spec.high:g}"
    if row.low is not None and row.high is not None and row.low > row.high:
        yield f"low {row.low:g} is above high {row.high:g}"
    for column in (*BAND, *spec.numbers):
        text = row.keys.get(column, row.extra.get(column, ""))
        if text and not _is_number(text):
            yield f"{column} {text!r} is no number"
    yield from _wrong_spread(row)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _wrong_spread(row: FactorRow) -> Iterable[str]:
    if bool(row.distribution) != (row.spread is not None):
        yield "distribution and spread belong together: fill in both or neither"
        return
    if row.spread is None:
        if row.scopes:
            yield "scopes split a spread; there is none"
        return
    if row.spread < 0:
        yield f"spread {row.spread:g} is negative"
    mean = row.value
    if row.distribution == "beta" and mean is not None and (not 0 < mean < 1 or row.spread**2 >= mean * (1 - mean)):
        yield f"no beta distribution has mean {mean:g} and sd {row.spread:g}"
    if row.distribution == "lognormal" and mean is not None and mean <= 0:
        yield f"no lognormal distribution has mean {mean:g}"
    if row.distribution in ("normal", "triangular") and mean == 0:
        yield "a spread around a mean of 0 cannot be drawn, as it is taken relative to the mean"
    if row.distribution == "triangular" and mean and row.spread**2 > mean**2 / 6.0 * (1.0 + SUM_TOLERANCE):
        yield f"no triangle around {mean:g} that stays above 0 has sd {row.spread:g}"
    yield from wrong_scopes(row.scopes)


def wrong_scopes(scopes: Sequence[tuple[str, float]]) -> Iterable[str]:
    """Yield what is wrong with scopes: how many, which, a share.

    A scope that stands twice would count its part of the variance twice, as both parts are one random number.

    >>> list(wrong_scopes([("plant", 0.5), ("plant", 0.5)]))
    ["the scope 'plant' stands twice; add its shares up"]
    >>> list(wrong_scopes([("country", 0.25), ("plant", 0.75)]))
    []
    """
    if not 1 <= len(scopes) <= MOST_SCOPES:
        yield f"scopes: one to {MOST_SCOPES} are needed, as in country:0.25;plant:0.75"
        return
    names = [name for name, _ in scopes]
    for name in dict.fromkeys(names):
        if name not in SCOPES:
            yield f"there is no scope {name!r}; allowed: {', '.join(SCOPES)}"
        if names.count(name) > 1:
            yield f"the scope {name!r} stands twice; add its shares up"
    shares = [share for _, share in scopes]
    if not all(0.0 <= share <= 1.0 + SUM_TOLERANCE for share in shares):
        yield "a share of the scopes is outside 0 to 1"
    elif abs(sum(shares) - 1.0) > SUM_TOLERANCE:
        yield f"scopes sum to {sum(shares):g}, not to 1"


def _between_rows(spec: TableSpec, rows: Iterable[FactorRow]) -> Iterable[tuple[int, str]]:
    """Yield what is wrong between default rows: the same key twice, shares that do not sum to 1."""
    lines: dict[tuple[str, ...], int] = {}
    groups: dict[tuple[str, ...], list[FactorRow]] = {}
    for row in (row for row in rows if row.use == "default"):
        key = tuple(row.keys.values())
        if key in lines:
            yield row.line, f"the key {'/'.join(key)} stands also in line {lines[key]}"
        lines.setdefault(key, row.line)
        if spec.sums_over:
            groups.setdefault(tuple(v for k, v in row.keys.items() if k != spec.sums_over), []).append(row)
    for group in groups.values():
        total = sum(row.value or 0.0 for row in group)
        if abs(total - 1.0) > SUM_TOLERANCE:
            yield (
                group[0].line,
                f"the shares of {'/'.join(v or 'any' for v in group[0].keys.values())} sum to {total:g}",
            )
