"""Which units of a fleet the inventory counts: those that operate in the base year, and those that start later.

All lists and denominators follow this one definition; a unit that never emits in the run is outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from hginventory._types import Flags, Objects
from hginventory.model import OperatingYears

COLUMN = "inventory_status"  # of the table of units


class InventoryStatus(StrEnum):
    """Whether a unit counts in the inventory.

    Attributes
    ----------
    OPERATING
        It operates in the base year, also past the age of the retirement rule.
    CONSTRUCTION
        It operates in later years only: under construction, or with a start year after the base year.
    OUTSIDE
        It operates in no year of the run: cancelled, shelved, mothballed, announced, permitted or retired, or left out
        by the retirement rule.
    """

    OPERATING = "operating"
    CONSTRUCTION = "construction"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class InventoryCount:
    """How many units the inventory counts.

    Attributes
    ----------
    operating, construction, outside : int
        Units of each `InventoryStatus`.
    statuses_outside : mapping of str to int
        Status in the fleet -> units outside the inventory, the most frequent first.
    """

    operating: int
    construction: int
    outside: int
    statuses_outside: Mapping[str, int]

    @property
    def counted(self) -> int:
        """Units that operate in the base year or start later: those with remaining mercury are among them."""
        return self.operating + self.construction


def inventory_status(years: OperatingYears) -> Objects:
    """Return the `InventoryStatus` of each unit as text, shape (N,).

    Parameters
    ----------
    years : OperatingYears
        Years in which the units run.
    """
    later = np.where(
        (years.end > years.first) | years.unknown_life,
        InventoryStatus.CONSTRUCTION.value,
        InventoryStatus.OUTSIDE.value,
    )
    found = np.where(years.runs_in_base_year, InventoryStatus.OPERATING.value, later)
    return np.asarray(found, dtype=object)


def in_inventory(units: pd.DataFrame, *, base_year_only: bool = False) -> Flags:
    """Return which units the inventory counts, shape (N,).

    Parameters
    ----------
    units : DataFrame, N rows
        As in `Projection.units`.
    base_year_only : bool
        Only those that operate in the base year, as for amounts of that year.

    Examples
    --------
    >>> units = pd.DataFrame({"inventory_status": ["operating", "construction", "outside"]})
    >>> in_inventory(units).tolist(), in_inventory(units, base_year_only=True).tolist()
    ([True, True, False], [True, False, False])
    """
    status = units[COLUMN].to_numpy()
    counted: Flags = status == InventoryStatus.OPERATING if base_year_only else status != InventoryStatus.OUTSIDE
    return counted


def has_unknown_life(units: pd.DataFrame) -> bool:
    """Return whether the remaining life of a unit is not known, as that of a kiln without a start year.

    >>> has_unknown_life(pd.DataFrame({"lifetime_kg": [1.0, float("nan")]}))
    True
    """
    return bool(units["lifetime_kg"].isna().any())


def unknown_life_kg(units: pd.DataFrame) -> float:
    """Return mercury to air in the base year of units whose remaining life is not known [kg].

    Parameters
    ----------
    units : DataFrame
        Units of a run: lifetime_kg, air_base_year_kg.

    Examples
    --------
    >>> unknown_life_kg(pd.DataFrame({"lifetime_kg": [1.0, float("nan")], "air_base_year_kg": [2.0, 3.0]}))
    3.0
    """
    return float(units.loc[units["lifetime_kg"].isna(), "air_base_year_kg"].sum())


def count_inventory(units: pd.DataFrame) -> InventoryCount:
    """Return how many units the inventory counts, and how many of which status are outside.

    Parameters
    ----------
    units : DataFrame
        As in `Projection.units`.

    Examples
    --------
    >>> units = pd.DataFrame({"inventory_status": ["operating", "outside"], "status": ["operating", "shelved"]})
    >>> found = count_inventory(units)
    >>> found.operating, found.construction, dict(found.statuses_outside)
    (1, 0, {'shelved': 1})
    """
    number = {status: int((units[COLUMN] == status).sum()) for status in InventoryStatus}
    outside = units.loc[~in_inventory(units), "status"].value_counts(sort=False)
    statuses = {str(status): int(n) for status, n in sorted(outside.items(), key=lambda one: (-one[1], str(one[0])))}
    return InventoryCount(
        number[InventoryStatus.OPERATING],
        number[InventoryStatus.CONSTRUCTION],
        number[InventoryStatus.OUTSIDE],
        statuses,
    )
