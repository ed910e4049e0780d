"""Origin of every resolved number: where it came from and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Objects, Positions
from hginventory.factors.rows import OVERRIDE_KEY, FactorRow
from hginventory.factors.spread import Spread, of_row
from hginventory.factors.tables import table_of

Made = TypeVar("Made")
MEASURED = "measured"  # analyses or tests of this unit, with their number
REPORTED = "reported"  # stated for this unit by its operator, a ministry or another source
DERIVED = "derived"  # worked out from other data of the unit or its plant
DEFAULT = "default"  # taken from a factor table
COMPLIANCE = "compliance"  # follows from a limit that the unit is stated to comply with
NOT_USED = "none"  # the quantity plays no part for this unit
RECALLED = ("recalled", "partly recalled")  # marks of rows not, or not wholly, read in their source
CELL = "cell"  # `read_from` of a number that stands in the workbook
BETWEEN = "; "  # references, where people read them
_ROWS_IN_USE = 4096  # factor rows whose values are kept
_WEAKEST_FIRST = ("judgement", *RECALLED, "read", CELL)


@dataclass(frozen=True, slots=True)
class Value:
    """One resolved number.

    Attributes
    ----------
    value : float
        The number, in the unit of its factor.
    origin : str
        measured, reported, derived, default or none.
    refs : tuple of str
        Cells (``Coal_units!H23``) and ids of factor rows that the number is based on.
    read_from : str
        ``cell``, or the mark of the factor row: read, partly recalled, recalled or judgement.
    spread : Spread or None
        How uncertain the number is; None where only its origin is known.
    """

    value: float
    origin: str
    refs: tuple[str, ...]
    read_from: str
    spread: Spread | None = None


UNUSED = Value(float("nan"), NOT_USED, (), "")


def is_row(ref: str) -> bool:
    """Return whether one reference names a factor row, not a cell of the workbook.

    References are texts, as tables and JSON contain them; only the functions of this module distinguish them.

    >>> is_row("coal_mercury/IDN/any/all"), is_row("Coal_units!H23"), is_row("")
    (True, False, False)
    """
    return "/" in ref and "!" not in ref


def is_row_of(ref: str, table: str) -> bool:
    """Return whether one reference names a row of a factor table.

    >>> is_row_of("coal_mercury/IDN/any/all", "coal_mercury"), is_row_of("coal_mercury_x/IDN", "coal_mercury")
    (True, False)
    """
    return is_row(ref) and table_of(ref) == table


def is_override(refs: Iterable[str]) -> bool:
    """Return whether a number comes from the sheet Factors, in the place of a factor row: it names both.

    >>> is_override(("Factors!B6", "coal_mercury/IDN/any/all")), is_override(("Coal_units!H23",))
    (True, False)
    """
    named = tuple(refs)
    return any(map(is_row, named)) and any(ref.startswith("Factors!") for ref in named)


def rests_on_default(value: Value) -> bool:
    """Return whether a number is a default of the factor tables, in no part of the unit's cells or the sheet Factors.

    >>> rests_on_default(Value(0.04, DEFAULT, ("cement_material/limestone/WLD",), "recalled"))
    True
    """
    return value.origin == DEFAULT and not is_override(value.refs)


def all_refs(refs_of_numbers: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the references of several numbers together; each reference once.

    >>> all_refs([("Fuels!D3", "coal_process/moisture"), (), ("Fuels!E3",), ("Fuels!E3",)])
    ('Fuels!D3', 'coal_process/moisture', 'Fuels!E3')
    """
    return tuple(chain.from_iterable(dict.fromkeys(refs_of_numbers)))


def weakest_mark(marks: Iterable[str]) -> str:
    """Return the weakest mark of the rows that a number is based on; blank where there is none.

    >>> weakest_mark(["cell", "recalled", "read"]), weakest_mark([""])
    ('recalled', '')
    """
    found = set(marks)
    return next((mark for mark in _WEAKEST_FIRST if mark in found), "")


def from_cell(cell: str | None, value: float, origin: str = REPORTED, spread: Spread | None = None) -> Value:
    """Return the value of a cell of the workbook; without a cell it has no reference."""
    return Value(value, origin, (cell,) if cell else (), CELL, spread)


@lru_cache(maxsize=_ROWS_IN_USE)  # thousands of units take their numbers from the same rows
def from_row(row: FactorRow, value: float | None = None) -> Value:
    """Return the value of a factor row, or another number that is based on the row."""
    number = row.number() if value is None else value
    if OVERRIDE_KEY in row.extra:
        return Value(number, REPORTED, (row.extra[OVERRIDE_KEY], row.row_id), CELL, of_row(row))
    return Value(number, DEFAULT, (row.row_id,), row.read_from, of_row(row))


@dataclass(frozen=True)
class Resolved:
    """One factor resolved for all units: each value once, and which of them every unit has.

    Attributes
    ----------
    name, unit : str
        Factor and unit of its values.
    values : tuple of Value, length K
        The values; units of one kind, as those that take their number from the same row, share one.
    kind : ndarray of int, shape (N,)
        Index of the value of each unit.
    """

    name: str
    unit: str
    values: tuple[Value, ...]
    kind: Positions

    @classmethod
    def of(cls, name: str, unit: str, values: Sequence[Value]) -> Resolved:
        """Collect the values of the units in their order; the same object is kept once."""
        first, kind = kinds_of(map(id, values))
        return cls(name, unit, tuple(values[index] for index in first), kind)

    @cached_property
    def value(self) -> Floats:
        """Arithmetic means, shape (N,); NaN where the factor plays no part."""
        return np.array([value.value for value in self.values], dtype=np.float64)[self.kind]

    @cached_property
    def origin(self) -> Objects:
        """As in `Value`, shape (N,)."""
        return _objects([value.origin for value in self.values])[self.kind]

    @cached_property
    def refs(self) -> Objects:
        """As in `Value`, shape (N,)."""
        return _objects([value.refs for value in self.values])[self.kind]

    @cached_property
    def read_from(self) -> Objects:
        """As in `Value`, shape (N,)."""
        return _objects([value.read_from for value in self.values])[self.kind]

    def of_unit(self, index: int) -> Value:
        """Return the value of one unit by its index."""
        return self.values[int(self.kind[index])]

    def kinds_of_rows(self) -> dict[str, list[int]]:
        """Return the values that are based on each factor row and play a part, by row id, as units meet them."""
        found: dict[str, list[int]] = {}
        for index in np.sort(np.unique(self.kind, return_index=True)[1]):
            value = self.values[self.kind[index]]
            for ref in filter(is_row, value.refs) if value.origin != NOT_USED else ():
                found.setdefault(ref, []).append(int(self.kind[index]))
        return found

    def units_of(self, kinds: Sequence[int]) -> Positions:
        """Return the indices of the units that have one of some values."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def without(self, unused: Flags) -> Resolved:
        """Return the factor with the units marked in which it plays no part."""
        idle = (replace(value, origin=NOT_USED, read_from="") for value in self.values)
        return replace(self, values=(*self.values, *idle), kind=self.kind + len(self.values) * unused)

    def put(self, indices: Positions, other: Resolved) -> Resolved:
        """Return the factor with the values of some units, by index, taken from another."""
        kind = self.kind.copy()
        kind[indices] = other.kind + len(self.values)
        return replace(self, values=(*self.values, *other.values), kind=kind)

    def take(self, indices: Positions) -> Resolved:
        """Return the factor for some units, by index."""
        return replace(self, kind=self.kind[indices])


def with_values(factors: Mapping[str, Resolved], updated: Mapping[int, Mapping[str, Value]]) -> dict[str, Resolved]:
    """Return factors with the values of some units replaced.

    Parameters
    ----------
    factors : mapping of str to Resolved
        Factors of N units; they stay as they are.
    updated : mapping of int to mapping of str to Value
        Index of a unit -> parameter -> new value. Parameters that no factor has are left out.
    """
    out = dict(factors)
    for name in {name for values in updated.values() for name in values} & factors.keys():
        indices = np.array([index for index, values in updated.items() if name in values], dtype=np.intp)
        new = Resolved.of(name, factors[name].unit, [updated[int(index)][name] for index in indices])
        out[name] = factors[name].put(indices, new)
    return out


def kinds_of(*keys: Iterable[Hashable]) -> tuple[list[int], Positions]:
    """Return the first unit of each kind, and the kind of every unit: units with the same keys are of one kind.

    What follows from the keys alone is resolved once a kind, and taken from there by index.

    Parameters
    ----------
    *keys : iterables of length N
        What makes a difference, each with one entry a unit.

    Examples
    --------
    >>> first, kind = kinds_of(["IDN", "IDN", "VNM", "IDN"], ["PC", "CFB", "PC", "PC"])
    >>> first, kind.tolist()
    ([0, 1, 2], [0, 1, 2, 0])
    """
    kinds: dict[tuple[Hashable, ...], int] = {}
    kind = np.array([kinds.setdefault(key, len(kinds)) for key in zip(*keys, strict=True)], dtype=np.intp)
    return np.unique(kind, return_index=True)[1].tolist(), kind


def per_kind(resolve: Callable[[int], Made], *keys: Iterable[Hashable]) -> list[Made]:
    """Return what is resolved for each unit; units of one kind share it.

    Parameters
    ----------
    resolve : callable
        Takes the index of a unit; called for the first of each kind.
    *keys : iterables of length N
        As in `kinds_of`.
    """
    first, kind = kinds_of(*keys)
    made = [resolve(index) for index in first]
    return [made[index] for index in kind.tolist()]


def _objects(items: Sequence[object]) -> Objects:
    """Return an array of objects, of which a tuple is one."""
    out: NDArray[Any] = np.fromiter(items, dtype=object, count=len(items))
    return out
