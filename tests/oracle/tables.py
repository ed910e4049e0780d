"""The factor tables read anew: default rows, the row of a base year, and replaced values of the sheet Factors.

Nothing of the package is imported here or in the other modules of the oracle: they follow docs/method.md,
docs/measuring.md, docs/limits.md and factors/README.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

FACTORS = Path(__file__).parents[2] / "factors"
SERIES = ("coal_trade", "coal_technology", "cement_activity")
Row = dict[str, Any]


@cache
def default_rows(table: str) -> list[Row]:
    """Return the default rows of a table; ``id`` is table and keys, numbers are floats, blank numbers None."""
    with (FACTORS / f"{table}.csv").open(encoding="utf-8") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        keys = names[: names.index("value")]
        found = []
        for row in reader:
            if row["use"] == "default":
                number = {name: float(row[name]) if row[name] else None for name in ("value", "spread")}
                found.append({**row, **number, "id": "/".join([table, *(row[key] or "any" for key in keys)])})
    return found


def _year(text: str) -> int | None:
    return int(text[:4]) if text else None


def _of_year(rows: list[Row], base: int, series: bool) -> list[Row]:
    """Return those rows of one key, or of one mix, that the base year selects."""
    periods = sorted({(_year(row["valid_from"]), _year(row["valid_to"])) for row in rows}, key=lambda p: p[0] or -9999)
    if series:
        dated = [period for period in periods if period[0] is not None] or periods
        chosen = min(dated, key=lambda p: (abs((p[0] or base) - base), p[0] or 0))
    else:
        lasting = [p for p in periods if p[1] is None or p[1] >= base]
        begun = [p for p in lasting if p[0] is None or p[0] <= base]
        chosen = begun[-1] if begun else lasting[0] if lasting else periods[-1]
    return [row for row in rows if (_year(row["valid_from"]), _year(row["valid_to"])) == chosen]


class Tables:
    """Default rows as they apply in a base year, with the values that the sheet Factors replaces."""

    def __init__(self, base: int, replaced: Mapping[str, float] | None = None) -> None:
        self.base, self.replaced = base, dict(replaced or {})
        self._found: dict[Any, list[Row]] = {}

    def rows(self, table: str, part: str = "", **keys: str) -> list[Row]:
        """Return the rows with exactly these keys in the base year; ``part`` names the key of a mix that differs."""
        wanted = (table, part, *sorted(keys.items()))
        if wanted not in self._found:
            same = [row for row in default_rows(table) if all(row[key] == text for key, text in keys.items())]
            chosen = _of_year(same, self.base, table in SERIES) if same else []
            self._found[wanted] = [{**row, "value": self.replaced.get(row["id"], row["value"])} for row in chosen]
        return self._found[wanted]

    def row(self, table: str, **keys: str) -> Row | None:
        """Return the row with exactly these keys, or None."""
        found = self.rows(table, **keys)
        return found[0] if found else None

    def first(self, table: str, *rungs: Mapping[str, str]) -> Row:
        """Return the row of the first rung that has one."""
        for rung in rungs:
            found = self.row(table, **rung)
            if found is not None:
                return found
        raise LookupError(f"{table}: {rungs}")

    def number(self, table: str, **keys: str) -> float:
        """Return the value of a row that must exist."""
        return float(self.first(table, keys)["value"])

    def all_keys(self, table: str, **keys: str) -> list[Row]:
        """Return, of every set of keys that agrees with those named, the row of the base year."""
        same = [row for row in default_rows(table) if all(row[key] == text for key, text in keys.items())]
        ids = dict.fromkeys(row["id"] for row in same)
        chosen = [_of_year([row for row in same if row["id"] == one], self.base, table in SERIES) for one in ids]
        return [{**row, "value": self.replaced.get(row["id"], row["value"])} for rows in chosen for row in rows]


def regions_of(country: str) -> list[str]:
    """Return the country, its region if it has one, and the world."""
    regions = [row["region"] for row in default_rows("country_region") if row["country"] == country]
    return [country, *regions, "WLD"]


def in_band(number: float | None, low: str, high: str) -> bool:
    """Return whether a number lies in a band that includes its lower end; an unknown number fits a blank band only."""
    if not low and not high:
        return True
    if number is None:
        return False
    return (not low or number >= float(low)) and (not high or number < float(high))


def mean_of(parts: Iterable[tuple[float, float]]) -> float:
    """Return the mean of numbers by their weights, as pairs (weight, number)."""
    pairs = list(parts)
    return sum(weight * number for weight, number in pairs) / sum(weight for weight, _ in pairs)
