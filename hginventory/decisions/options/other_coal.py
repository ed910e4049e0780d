"""The coal or meal that other units of a country burn, as a measure of what a change of coal could bring.

A content that is a default says nothing of the coal of the unit, so only contents that someone stated are compared.
"""

from __future__ import annotations

import numpy as np

from hginventory._types import Floats
from hginventory.factors import DEFAULT, NOT_USED
from hginventory.model import mercury_per_clinker_g_per_t
from hginventory.projection import Projection
from hginventory.vocabulary import CEMENT_KILN


class OtherCoals:
    """Mercury per heat of the coals of a fleet, and per mass of raw meal of its kilns.

    Parameters
    ----------
    projection : Projection
        The run.
    alternative_mg_per_mj : float, optional
        Mercury of the coal available [mg/MJ net], instead of the median of the country.
    """

    def __init__(self, projection: Projection, alternative_mg_per_mj: float | None = None) -> None:
        units = projection.units
        self._kiln = units["sector"].eq(CEMENT_KILN).to_numpy()
        heat = units["calorific_value_mj_per_kg"].to_numpy(dtype=np.float64)
        per_heat = units["hg_coal_mg_per_kg"].to_numpy(dtype=np.float64) / heat
        meal = projection.parameters.get("hg_raw_meal")
        self._own: Floats = np.where(self._kiln, np.nan if meal is None else meal.value, per_heat)
        self._part = _part_of_meal(projection) if self._kiln.any() else np.ones(len(units))
        self._stated = ~units["hg_origin"].isin([DEFAULT, NOT_USED]).to_numpy() & np.isfinite(self._own)
        self._countries = units["country"].astype(str).to_numpy()
        self._alternative = alternative_mg_per_mj
        self._found: dict[int, tuple[float, str]] = {}
        self._ordered: dict[tuple[bool, str], Floats] = {}

    def reduction(self, index: int) -> tuple[float, str]:
        """Return the share of the mercury input that the other coal takes out [0-1], and why there is none.

        Parameters
        ----------
        index : int
            Index of the unit.
        """
        if index not in self._found:
            self._found[index] = self._reduction(index)
        return self._found[index]

    def _reduction(self, index: int) -> tuple[float, str]:
        kiln = bool(self._kiln[index])
        word = "raw meal" if kiln else "coal"
        if not self._stated[index]:
            return 0.0, f"the mercury of its {word} is a default: analyse it first"
        other = None if kiln else self._alternative
        if other is None:
            known = self._stated_in(kiln, self._countries[index])
            if known.size < 2:
                return 0.0, f"no other {word} of the country is known"
            other = median_without(known, float(self._own[index]))
        share = 1.0 - other / float(self._own[index])
        if share <= 0:
            return 0.0, f"burns {word} with no more mercury than the other ({other:.3g} against {self._own[index]:.3g})"
        return share * (float(self._part[index]) if kiln else 1.0), ""

    def _stated_in(self, kiln: bool, country: str) -> Floats:
        """Return what is stated by the units of a sector and country, in rising order."""
        key = (kiln, country)
        if key not in self._ordered:
            same = self._stated & (self._kiln == kiln) & (self._countries == country)
            self._ordered[key] = np.sort(self._own[same])
        return self._ordered[key]


def median_without(ordered: Floats, own: float) -> float:
    """Return the median of numbers in rising order, of which there are two or more, without one of them.

    >>> median_without(np.array([1.0, 2.0, 4.0, 9.0]), 2.0), median_without(np.array([1.0, 2.0, 4.0]), 1.0)
    (4.0, 3.0)
    """
    own_index, others = int(np.searchsorted(ordered, own)), ordered.size - 1
    middle = [ordered[i if i < own_index else i + 1] for i in ((others - 1) // 2, others // 2)]
    return float(middle[0] + middle[1]) / 2.0


def _part_of_meal(projection: Projection) -> Floats:
    """Return which part of the mercury of a kiln comes with the raw meal [0-1], shape (N,)."""
    value = {
        name: projection.parameters[name].value for name in ("raw_meal_ratio", "hg_raw_meal", "heat_use", "fuel_hg")
    }
    whole = mercury_per_clinker_g_per_t(*value.values())
    return np.asarray(value["raw_meal_ratio"] * value["hg_raw_meal"] / whole)
