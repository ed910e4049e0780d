"""Read the factor tables from plain CSV; every row is checked by itself and against the others."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from hginventory.errors import FactorError
from hginventory.factors.row_checks import wrong_between_rows, wrong_in_row
from hginventory.factors.rows import FactorRow, Source
from hginventory.factors.tables import COMMON, TableSpec

SOURCE_COLUMNS = ("source_id", "citation", "url", "licence", "note")


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
            problems.append(_at(path, line, f"the source_id {source.source_id!r} is given twice"))
        sources[source.source_id] = source
    if problems:
        raise FactorError("\n".join(problems))
    return sources


def read_rows(
    path: Path, name: str, spec: TableSpec, sources: Mapping[str, Source], *, is_checked: bool = False
) -> list[FactorRow]:
    """Return the rows of a factor table.

    Parameters
    ----------
    path : Path
        The CSV file.
    name : str
        Name of the table.
    spec : TableSpec
        Content of the table.
    sources : mapping of str to Source
        Known sources.
    is_checked : bool
        These very files were checked before, so that the rows need not be.

    Raises
    ------
    FactorError
        If a row is wrong; all of them are named with file and line.
    """
    records, problems = _records(path, (*spec.keys, *spec.extra, *COMMON))
    rows: list[FactorRow] = []
    for line, cells in records:
        row, wrong = _row(path.parent.name, name, spec, line, cells)
        problems += [_at(path, line, text) for text in wrong]
        if row is not None:
            rows.append(row)
            if not is_checked:
                problems += [_at(path, line, text) for text in wrong_in_row(row, spec, sources)]
    if not is_checked:
        problems += [_at(path, line, text) for line, text in wrong_between_rows(spec, rows)]
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
    folder: str, name: str, spec: TableSpec, line: int, cells: Mapping[str, str]
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
            wrong.append(f"{column} {cells[column]!r} is not a number")
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
    return row, []
