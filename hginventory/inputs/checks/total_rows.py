"""Rows whose amount is the sum of other rows: totals, whatever they are called and in whatever script.

A sum alone proves little, since two units of 300 MW and one of 600 MW are a common plant. A total also
lacks what its parts have: a start year, a status, a location, its own name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

from hginventory.inputs.findings import CONFIRMABLE, Finding, finding
from hginventory.inputs.fleet import confirmed_columns
from hginventory.inputs.parsing import Table, TableRecord, unit_key, units_in_range
from hginventory.inputs.schema import SHEETS
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold, names_total

SUMMED = ("capacity_gross", "capacity_net", "clinker_capacity", "cement_capacity", "clinker_output", "coal_use")
_IDENTITY = ("unit_id", "unit", "start_year", "status", "latitude", "longitude")
_STATION = frozenset(
    {"", "0", "all", "plant", "station", "whole plant", "whole station", "site", "total", "units", "jumlah"}
)
_EXACT = 1e-9  # of a sum, relative
_ROUNDED = 1e-3  # where the row is no unit otherwise
_MANY = 3  # parts, from which an exact sum is odd in a row that looks like a unit


def total_rows(table: Table) -> tuple[list[TableRecord], list[Finding]]:
    """Return the rows of units without those that are totals, and the findings on totals.

    Parameters
    ----------
    table : Table
        Units as read, before any gap is filled.

    Returns
    -------
    rows : list of TableRecord
        Without the totals beyond doubt, which are errors (``E302``).
    findings : list of Finding
        The others are warnings (``W331``).
    """
    columns = [name for name in SUMMED if sum(name in record.values for record in table.records) > _MANY - 1]
    rest, findings = list(table.records), []
    for name in columns:
        sums = _Sums(table, rest, name)
        totals: set[int] = set()
        for index in range(len(rest)):
            parts = sums.parts(index)
            if parts is None:
                continue
            code, words = parts
            record = rest[index]
            if code in CONFIRMABLE and name in confirmed_columns(record.values.get("confirmed")):
                code = "N440"
            text = TranslatableText(
                "{name} {amount}, the sum of {parts}", name=name, amount=f"{record.values[name]:g}", parts=words
            )
            unit = str(record.values.get("unit_id") or "")
            findings.append(finding(code, table.sheet, record.cells[name], text, unit=unit))
            if code == "E302":
                totals.add(index)
        rest = [record for index, record in enumerate(rest) if index not in totals]
    return rest, _first_of_row(findings)


def _first_of_row(findings: Sequence[Finding]) -> list[Finding]:
    """Return one warning a unit: gross and net capacity are sums of the same rows."""
    seen: set[str] = set()
    kept = []
    for one in findings:
        row = one.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if "[" not in one.cell else one.cell[one.cell.index("[") :]
        if row not in seen:
            seen.add(row)
            kept.append(one)
    return kept


class _Sums:
    """The amounts of one column, and of which rows each could be the sum."""

    def __init__(self, table: Table, records: Sequence[TableRecord], name: str) -> None:
        self._records = records
        self._amounts = [float(record.values.get(name, math.nan)) for record in records]
        self._given = [index for index, amount in enumerate(self._amounts) if amount > 0]
        self._filled = [self._identity(table, record) for record in records]
        counts: dict[str, int] = {}
        for index in self._given:
            for column in self._filled[index]:
                counts[column] = counts.get(column, 0) + 1
        self._counts = counts
        self._position = {index: position for position, index in enumerate(self._given)}
        self._above = [0.0, *accumulate(self._amounts[index] for index in self._given)]
        running = [self._amounts[index] for index in self._given if self._runs_now(index)]
        self._operating, self._of_operating = len(running), math.fsum(running)
        plants: dict[str, list[int]] = {}
        for index in self._given:
            plants.setdefault(self._plant(index), []).append(index)
        self._plants = plants

    def _plant(self, index: int) -> str:
        values = self._records[index].values
        return f"{fold(str(values.get('country') or ''))}|{fold(str(values.get('plant') or ''))}"

    @staticmethod
    def _identity(table: Table, record: TableRecord) -> frozenset[str]:
        """Return what a row has that a unit has: ids, years, a place, words of a list."""
        kinds = ("code", "train", "year", "boolean")
        return frozenset(
            column.name
            for column in SHEETS[table.kind].columns
            if column.name in record.values and (column.kind in kinds or column.name in _IDENTITY)
        )

    def parts(self, index: int) -> tuple[str, TranslatableText] | None:
        """Return the code of the finding on a row and of what it is the sum; None where it is not a sum."""
        amount = self._amounts[index]
        if not amount > 0 or len(self._given) < _MANY:
            return None
        filled = self._filled[index]
        others = len(self._given) - 1
        usual = {column for column, count in self._counts.items() if 2 * (count - (column in filled)) >= others}
        lacks = {c for c, count in self._counts.items() if c in _IDENTITY and c not in filled and count >= others}
        is_bare = bool(usual) and not (filled & usual - {"unit_id", "unit"}) and bool(usual - filled)
        names = [str(self._records[index].values.get(column) or "") for column in ("unit_id", "plant", "unit")]
        is_named = any(names_total(name) for name in names)
        of_sheet = self._of_sheet(index, amount, is_bare, is_named or bool(lacks))
        if of_sheet is not None and of_sheet[0] == "E302":
            return of_sheet
        of_neighbours = self._of_neighbours(index, amount) if is_bare or is_named else None
        return self._of_plant(index, amount) or of_neighbours or of_sheet

    def _of_sheet(
        self, index: int, amount: float, is_bare: bool, is_no_unit: bool
    ) -> tuple[str, TranslatableText] | None:
        near = _ROUNDED if is_bare else _EXACT
        position, last = self._position[index], len(self._given) - 1
        own = amount if self._runs_now(index) else 0.0
        for count, total, words in (
            (last, self._above[-1] - amount, TranslatableText("all other rows")),
            (position, self._above[position], TranslatableText("the rows above")),
            (self._operating if is_bare else 0, self._of_operating - own, TranslatableText("the rows that operate")),
        ):
            if count < 2 or not math.isclose(total, amount, rel_tol=near):
                continue
            if is_no_unit or is_bare:
                return "E302", words
            is_at_an_end = count == last and position in (0, last)
            return ("W331", words) if count >= _MANY or is_at_an_end else None
        return None

    def _runs_now(self, index: int) -> bool:
        return self._records[index].values.get("status") == "operating"

    def _of_plant(self, index: int, amount: float) -> tuple[str, TranslatableText] | None:
        """Judge a row by the others of its plant: a whole station, or a range of units that are listed, too."""
        values = self._records[index].values
        if not values.get("plant"):
            return None
        others = [i for i in self._plants[self._plant(index)] if i != index]
        keys = {i: unit_key(self._records[i].values.get("unit")) for i in others}
        counted = units_in_range(values.get("unit"))
        covered = [i for i in others if keys[i] in counted]
        if len({keys[i] for i in covered}) > 1 and math.isclose(self._sum(covered), amount, rel_tol=_EXACT):
            return "E302", TranslatableText("the units that its name lists")
        key = unit_key(values.get("unit"))
        is_station = key in _STATION or key == unit_key(values.get("plant"))
        units = [i for i in others if keys[i] not in _STATION]
        least = 1 if key else 2  # a blank name beside one unit may be the second unit
        if is_station and len(units) >= least and math.isclose(self._sum(units), amount, rel_tol=_ROUNDED):
            return "E302", TranslatableText("the units of its plant")
        return None

    def _of_neighbours(self, index: int, amount: float) -> tuple[str, TranslatableText] | None:
        """Judge a row that is not a unit otherwise: the sum of the rows just above, or just below."""
        position = self._position[index]
        above, below = reversed(self._given[:position]), iter(self._given[position + 1 :])
        for rows, words in (
            (above, TranslatableText("the rows above")),
            (below, TranslatableText("the rows below")),
        ):
            if any(
                count > 1 and math.isclose(total, amount, rel_tol=_ROUNDED) for count, total in self._runs(rows, amount)
            ):
                return "E302", words
        return None

    def _runs(self, rows: Iterator[int], most: float) -> Iterator[tuple[int, float]]:
        total = 0.0
        for count, index in enumerate(rows, 1):
            total += self._amounts[index]
            if total > most * (1.0 + _ROUNDED):
                return
            yield count, total

    def _sum(self, rows: Sequence[int]) -> float:
        return math.fsum(self._amounts[index] for index in rows)
