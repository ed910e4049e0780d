"""Steps possible at the units of a fleet, as arrays: one row per step at a unit, or per step and start year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Flags, Floats, Ints, Ints32
from hginventory.decisions.options.option_table import Option


@dataclass(frozen=True)
class StepTable:
    """Steps at units, K rows; only steps that apply, that have a price and avoid something.

    As made, a row starts in the first year in which its step can work, and counts a full year. With a goal it starts
    in a given year, mercury is that which the goal counts, and cost is the present value. The year in which a step
    ends is that of its unit.

    Attributes
    ----------
    steps : tuple of tuple of Option
        The different steps, P of them: an option, or several taken together.
    unit : ndarray of int, shape (K,)
        Index of the unit in the fleet, 0 to N-1.
    step : ndarray of int, shape (K,)
        Index of the step in ``steps``.
    closes : ndarray of bool, shape (K,)
        Whether it closes the unit early, so that it does not count as a retrofit of its year.
    start_year : ndarray of float, shape (K,)
        Year from which on it works.
    capital, operation : ndarray of float, shape (K,)
        Paid once [money], and in a year of full operation [money/yr].
    avoided : ndarray of float, shape (K,)
        Mercury avoided in a full year [kg/yr], or as the goal counts it [kg]; above 0.
    cost : ndarray of float, shape (K,)
        Cost in a year it runs [money/yr], or with a goal its present value [money]; may be negative.
    to_sea, to_ash : ndarray of float, shape (K,)
        Change of the mercury to the sea, and into ash sold to cement works [kg/yr]; NaN: not known.
    moved_cost : ndarray of float, shape (K,)
        Part of ``operation`` that is the price of this mercury [money/yr].
    conditions : ndarray of int, shape (K,)
        What the step depends on, as `Condition`.
    """

    steps: tuple[tuple[Option, ...], ...]
    unit: Ints32
    step: Ints32
    closes: Flags
    start_year: Floats
    capital: Floats
    operation: Floats
    avoided: Floats
    cost: Floats
    to_sea: Floats
    to_ash: Floats
    moved_cost: Floats
    conditions: Ints32

    @property
    def size(self) -> int:
        """Number of rows K."""
        return int(self.unit.size)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Ids of the different steps, shape (P,)."""
        return tuple("+".join(option.option for option in step) for step in self.steps)

    @property
    def usd_per_kg(self) -> Floats:
        """Cost of the mercury avoided [money/kg], by which steps and units are ranked, shape (K,)."""
        return self.cost / self.avoided

    def step_at_unit(self) -> Ints:
        """Return a number for each step at its unit, the same in all start years, shape (K,)."""
        return self.unit * np.int64(len(self.steps)) + self.step

    def taken(self, rows: Flags | Ints, **columns: NDArray[Any]) -> StepTable:
        """Return some rows, with new values in the columns that are named."""
        kept = {name: columns[name] if name in columns else getattr(self, name)[rows] for name in COLUMNS}
        return StepTable(self.steps, **kept)


COLUMNS = tuple(field.name for field in fields(StepTable))[1:]


def joined(parts: Sequence[StepTable]) -> StepTable:
    """Return several tables as one, unit by unit; at a unit the steps are in the order of the parts."""
    steps = tuple(step for part in parts for step in part.steps)
    before = np.cumsum([0, *(len(part.steps) for part in parts[:-1])])
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    columns["step"] += np.repeat(before, [part.size for part in parts]).astype(np.int32)
    return StepTable(steps, **columns).taken(np.lexsort((columns["step"], columns["unit"])))


def plain_steps(unit: Ints, avoided: Floats, cost: Floats, start_year: Ints | None = None) -> StepTable:
    """Return steps without a fleet, each of its own; all of one year unless years are given.

    Examples
    --------
    >>> import numpy as np
    >>> plain_steps(np.array([0, 0]), np.array([1.0, 2.0]), np.array([1.0, 3.0])).size
    2
    """
    none = np.zeros(unit.size)
    return StepTable(
        ((),) * unit.size,
        unit=unit.astype(np.int32),
        step=np.arange(unit.size, dtype=np.int32),
        closes=none.astype(np.bool_),
        start_year=none if start_year is None else start_year.astype(np.float64),
        capital=none,
        operation=none,
        avoided=np.asarray(avoided, dtype=np.float64),
        cost=np.asarray(cost, dtype=np.float64),
        to_sea=none,
        to_ash=none,
        moved_cost=none,
        conditions=none.astype(np.int32),
    )
