"""Origin of every resolved number: where it came from and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Objects, Positions
from hginventory.factors.rows import OVERRIDE_KEY, FactorRow
from hginventory.factors.spread import Spread, of_row
from hginventory.factors.tables import table_of

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
    """One factor resolved for all units.

    Attributes
    ----------
    name, unit : str
        Factor and unit of its values.
    value : ndarray of float, shape (N,)
        Arithmetic means; NaN where the factor plays no part.
    origin, read_from : ndarray of str, shape (N,)
        As in `Value`.
    refs : ndarray of tuple of str, shape (N,)
        As in `Value`; units that take their number from the same row share one tuple.
    spread : ndarray of Spread or None, shape (N,)
        As in `Value`.
    """

    name: str
    unit: str
    value: Floats
    origin: Objects
    refs: Objects
    read_from: Objects
    spread: Objects

    @classmethod
    def of(cls, name: str, unit: str, values: Sequence[Value]) -> Resolved:
        """Collect the values of the units in their order."""
        return cls(
            name,
            unit,
            np.array([v.value for v in values], dtype=np.float64),
            _objects([v.origin for v in values]),
            _objects([v.refs for v in values]),
            _objects([v.read_from for v in values]),
            _objects([v.spread for v in values]),
        )

    def of_unit(self, index: int) -> Value:
        """Return the value of one unit by its index."""
        return Value(
            float(self.value[index]),
            str(self.origin[index]),
            self.refs[index],
            str(self.read_from[index]),
            self.spread[index],
        )

    def without(self, unused: Flags) -> Resolved:
        """Return the factor with the units marked in which it plays no part."""
        return Resolved(
            self.name,
            self.unit,
            self.value,
            np.where(unused, NOT_USED, self.origin),
            self.refs,
            np.where(unused, "", self.read_from),
            self.spread,
        )

    def put(self, indices: Positions, other: Resolved) -> None:
        """Write the values of some units into a longer list, by index."""
        self.value[indices] = other.value
        self.origin[indices] = other.origin
        self.refs[indices] = other.refs
        self.read_from[indices] = other.read_from
        self.spread[indices] = other.spread

    def take(self, indices: Positions) -> Resolved:
        """Return the factor for some units, by index."""
        return Resolved(
            self.name,
            self.unit,
            self.value[indices],
            self.origin[indices],
            self.refs[indices],
            self.read_from[indices],
            self.spread[indices],
        )


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
        changed = factors[name].take(np.arange(factors[name].value.size))
        changed.put(indices, Resolved.of(name, changed.unit, [updated[int(index)][name] for index in indices]))
        out[name] = changed
    return out


def _objects(items: Sequence[object]) -> Objects:
    """Return an array of objects, of which a tuple is one."""
    out: NDArray[Any] = np.fromiter(items, dtype=object, count=len(items))
    return out
