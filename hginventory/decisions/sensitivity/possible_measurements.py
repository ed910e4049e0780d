"""What could be measured: the coal of a plant, the limestone of a quarry, the stack of a unit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hginventory._types import Words64
from hginventory.decisions.sensitivity.variance_decomposition import SHARED
from hginventory.ensemble import stream_id
from hginventory.factors import MEASURED, FactorLibrary, Ladder
from hginventory.projection import Projection
from hginventory.uncertainty import KILN_CONTROL, UncertainFactor, UncertainFactorFinder
from hginventory.vocabulary import KILN_DEVICES

COAL_ANALYSIS, LIMESTONE_ANALYSIS, STACK_TEST = "coal_analysis", "limestone_analysis", "stack_test"
# Analysis -> family of the content, scope of the material, column of the unit sheet.
ANALYSES: Mapping[str, tuple[str, str, str]] = {
    COAL_ANALYSIS: ("hg_coal", "plant", "hg_coal"),
    LIMESTONE_ANALYSIS: ("hg_raw_meal", "quarry", "hg_limestone"),
}
AT_STACK = frozenset(
    {
        "hg_coal", "removal", "hg_raw_meal", "hg_kiln_fuel", "air_share", "emission_factor", "stack_test",
        *(f"{KILN_CONTROL}{device}" for device in KILN_DEVICES.codes),
    }
)  # fmt: skip
NEW_ROW = "Measurements (new row)"
# A mean alone counts as reported, which is worth less than an analysis.
OF_ANALYSES = ", and fill in hg_basis, hg_coal_n (number of analyses) and, where known, hg_coal_sd"


@dataclass(frozen=True)
class PossibleMeasurement:
    """A measurement that could be made.

    Attributes
    ----------
    kind : str
        coal_analysis, limestone_analysis or stack_test.
    label : str
        Plant, quarry or unit as streams name it.
    streams : ndarray of uint64
        Own parts of the factors that it reveals; what is shared with other plants is not counted, as it moves all.
    units : list of int
        Units it tells of.
    log_sd : float
        Error of the measurement, standard deviation of the logarithm.
    unit_id, plant : str
        The largest unit it tells of, and its plant.
    column, cell : str
        Column and cell to write the result to.
    words : str
        What to do, in one sentence.
    """

    ROW: ClassVar[tuple[str, ...]] = ("kind", "unit_id", "plant", "units_served", "column", "cell", "words")

    kind: str
    label: str
    streams: Words64
    units: list[int]
    log_sd: float
    unit_id: str
    plant: str
    column: str
    cell: str
    words: str

    def as_row(self) -> dict[str, Any]:
        """Return what a plan says of the candidate."""
        return {name: len(self.units) if name == "units_served" else getattr(self, name) for name in self.ROW}


def possible_measurements(projection: Projection, considered: Iterable[int]) -> list[PossibleMeasurement]:
    """Return what could be measured at some units.

    Parameters
    ----------
    projection : Projection
        The central run.
    considered : iterable of int
        Indices of units, the largest first. Analyses also tell of other units of the same coal or quarry.
    """
    finder = UncertainFactorFinder(projection)
    factors = [finder.of_unit(index) for index in range(len(projection.units))]
    served: dict[tuple[str, str], list[int]] = {}
    for index, own in enumerate(factors):
        for kind, label in _analyses(own):
            served.setdefault((kind, label), []).append(index)
    maker = _Maker(projection)
    done: set[tuple[str, str]] = set()
    found: list[PossibleMeasurement] = []
    for index in considered:
        if not float(projection.units["lifetime_kg"].iloc[index]) > 0.0:
            continue
        for key in _analyses(factors[index]):
            if key not in done:
                done.add(key)
                found.append(maker.analysis(*key, int(index), served[key]))
        test = maker.stack_test(int(index), factors[index])
        if test is not None:
            found.append(test)
    return found


def _analyses(factors: Iterable[UncertainFactor]) -> list[tuple[str, str]]:
    """Return kind and label of the analyses that would tell of a unit."""
    return [
        (kind, label)
        for factor in factors
        for kind, (family, wanted, _) in ANALYSES.items()
        if factor.family == family
        for scope, share, label in factor.parts
        if scope == wanted and share > 0.0
    ]


class _Maker:
    """Makes candidates of the units of a projection."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.analysis_error = measuring_error(projection.library, "content")
        self.test_error = measuring_error(projection.library, "measured_air")

    def analysis(self, kind: str, label: str, index: int, served: list[int]) -> PossibleMeasurement:
        family, scope, column = ANALYSES[kind]
        unit_id, plant, name = self._names(index)
        fleet, of_coal = self.projection.fleet, kind == COAL_ANALYSIS
        material, basis = ("coal", "as received") if of_coal else ("limestone", "dry")
        if not of_coal and fleet.cell(unit_id, "hg_raw_meal") is not None:
            material, column = "raw meal", "hg_raw_meal"  # it stands before limestone
        stated = fleet.cell(unit_id, column)
        blank = "!".join(fleet.address(unit_id, column))
        cell = (NEW_ROW if of_coal else stated) if stated else blank
        units = f"{len(served)} units" if len(served) > 1 else name
        how = ("" if stated else OF_ANALYSES) if of_coal else _in_kilns(stated is not None, len(served))
        words = f"Analyse the {material} of {plant} ({units}) for mercury, {basis}; write the mean to {cell}{how}."
        streams = np.array([stream_id(family, scope, label)], dtype=np.uint64)
        return PossibleMeasurement(
            kind, label, streams, served, self.analysis_error, unit_id, plant, column, cell, words
        )

    def stack_test(self, index: int, factors: Iterable[UncertainFactor]) -> PossibleMeasurement | None:
        """Return the test at the stack of a unit; None where nothing of its own is open."""
        own = [
            stream_id(factor.family, scope, label)
            for factor in factors
            if factor.family in AT_STACK
            for scope, share, label in factor.parts
            if scope not in SHARED and share > 0.0
        ]
        if not own:
            return None
        unit_id, plant, name = self._names(index)
        words = f"Measure mercury at the stack of {plant}, {name}; write the result to {NEW_ROW}, unit_id {unit_id}."
        streams = np.array(own, dtype=np.uint64)
        return PossibleMeasurement(
            STACK_TEST, unit_id, streams, [index], self.test_error, unit_id, plant, "value", NEW_ROW, words
        )

    def _names(self, index: int) -> tuple[str, str, str]:
        units = self.projection.units
        unit_id = str(units.index[index])
        plant, unit = units["plant"].iloc[index], units["unit"].iloc[index]
        return unit_id, plant if isinstance(plant, str) else unit_id, unit if isinstance(unit, str) else unit_id


def _in_kilns(is_stated: bool, kilns: int) -> str:
    """Return how to write a content of the materials of kilns, which the sheet Measurements does not take."""
    instead = " in place of the value there" if is_stated else ""
    return f"{instead}, and to the same column of its other kilns" if kilns > 1 else instead


def measuring_error(library: FactorLibrary, quantity: str) -> float:
    """Return the error of a measurement as a value for the remaining years: its own, and that of the year it was made.

    Parameters
    ----------
    library : FactorLibrary
        Table `origin_spread`.
    quantity : str
        ``content`` or ``measured_air``.
    """
    rows = Ladder(library.table("origin_spread"))
    return math.hypot(*(rows[name, MEASURED].number("spread") for name in (quantity, "year")))
