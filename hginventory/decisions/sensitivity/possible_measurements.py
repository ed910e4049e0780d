"""What could be measured: the coal of a plant, the limestone of a quarry, the stack of a unit."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from hginventory._types import Words64
from hginventory.decisions.sensitivity.campaign import Campaign
from hginventory.decisions.sensitivity.variance_decomposition import SHARED
from hginventory.ensemble import stream_id
from hginventory.factors import (
    CELL,
    COAL,
    MEASURED,
    RAW_MEAL,
    REPORTED,
    FactorLibrary,
    Ladder,
    OriginSpreads,
    Value,
    given,
)
from hginventory.inputs.fleet import as_records
from hginventory.projection import Projection, coal_of
from hginventory.uncertainty import KILN_CONTROL, UncertainFactor, UncertainFactorFinder
from hginventory.vocabulary import KILN_DEVICES

COAL_ANALYSIS, LIMESTONE_ANALYSIS, STACK_TEST = "coal_analysis", "limestone_analysis", "stack_test"
RAW_MEAL_COLUMN = "hg_raw_meal"
# Analysis -> family of the content, scope of the material, column of the unit sheet.
ANALYSES: Mapping[str, tuple[str, str, str]] = {
    COAL_ANALYSIS: ("hg_coal", "plant", "hg_coal"),
    LIMESTONE_ANALYSIS: ("hg_raw_meal", "quarry", "hg_limestone"),
}
# Devices of which a test at another kiln says nothing.
BEHIND_LOOP = frozenset(f"{KILN_CONTROL}{device}" for device in KILN_DEVICES.codes)
AT_STACK = frozenset(
    {
        "hg_coal", "removal", "hg_raw_meal", "hg_kiln_fuel", "air_share", "emission_factor", "kiln_model", "stack_test",
        *BEHIND_LOOP,
    }
)  # fmt: skip
OF_DEFAULT_MEAL = "kiln_model"  # how far default inputs may be off: of no kiln whose raw meal or limestone is known
TO_CONCENTRATION = ("heating_value", "raw_meal_ratio")  # between what a stack test tells of and the concentration in it
NEW_ROW = "Measurements (new row)"
# A mean alone counts as reported, which is worth less than an analysis.
OF_ANALYSES = ", and fill in hg_basis, hg_coal_n (number of analyses) and hg_coal_sd (their standard deviation)"
OF_MEAN = ", with n and as uncertainty the standard error of the mean (uncertainty_kind sd)"


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
        Units it applies to.
    log_sd : float
        Error of the measurement, standard deviation of the logarithm.
    unit_id, plant : str
        The largest unit it applies to, and its plant.
    column, cell : str
        Column and cell to write the result to.
    words : str
        What to do, in one sentence.
    left : mapping of int to float
        Stream -> standard deviation of the logarithm, of a number that the result replaces; empty where the
        result and the number both count by their errors.
    replaced : ndarray of uint64
        Own parts of factors that play no part once the result is in a cell.
    mates : list of int
        Other units of the plant that a stack test moves.
    mate_streams : ndarray of uint64
        Own parts of the factors of these units that it narrows.
    shared : float
        Part of the variance at a stack that the units of the plant have in common.
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
    left: Mapping[int, float] = field(default_factory=dict)
    replaced: Words64 = field(default_factory=lambda: np.array([], dtype=np.uint64))
    mates: list[int] = field(default_factory=list)
    mate_streams: Words64 = field(default_factory=lambda: np.array([], dtype=np.uint64))
    shared: float = 0.0

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
        Indices of units, the largest first. Analyses also apply to other units of the same coal or quarry.
    """
    finder = UncertainFactorFinder(projection)
    maker = _Maker(projection)
    keys: list[list[_Analysis]] = []
    served: dict[_Analysis, list[int]] = {}
    for index in range(len(projection.units)):
        keys.append(maker.analyses(index, finder.of_unit(index)))
        for key in keys[-1]:
            served.setdefault(key, []).append(index)
    done: set[_Analysis] = set()
    found: list[PossibleMeasurement] = []
    for index in map(int, considered):
        if not float(projection.units["lifetime_kg"].iloc[index]) > 0.0:
            continue
        for key in keys[index]:
            if key not in done:
                done.add(key)
                found.append(maker.analysis(key, index, served[key]))
        test = maker.stack_test(index, finder)
        if test is not None:
            found.append(test)
    return found


class _Analysis(NamedTuple):
    """What one analysis measures: the material that units burn or grind, with the stream of its own part."""

    kind: str
    label: str
    column: str
    material: tuple[str, ...] = ()


class _Maker:
    """Makes candidates of the units of a projection."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.records = as_records(projection.fleet.units.loc[projection.units.index].reset_index())
        self.spreads = projection.library.once(OriginSpreads)
        self._units_at: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for index in range(len(self.records)):
            self._units_at[self._plant(index)].append(index)
        self._at_plant: Counter[str] = Counter()  # units with coal by the label of their plant
        self._replaced: defaultdict[_Analysis, set[int]] = defaultdict(set)
        self.of_coal = Campaign.of(projection.library, COAL_ANALYSIS)
        self.of_stack = Campaign.of(projection.library, STACK_TEST)

    def analyses(self, index: int, factors: Sequence[UncertainFactor]) -> list[_Analysis]:
        """Return the analyses that apply to a unit."""
        found = []
        self._at_plant.update({label for factor in factors if factor.family == "hg_coal" for *_, label in factor.parts})
        for factor in factors:
            for kind, (family, wanted, column) in ANALYSES.items():
                labels = [label for scope, share, label in factor.parts if scope == wanted and share > 0.0]
                for label in labels if factor.family == family else ():
                    if kind == COAL_ANALYSIS:
                        found.append(_Analysis(kind, label, column, coal_of(self.records[index], index)))
                    else:
                        is_meal = self._is_stated(index, RAW_MEAL_COLUMN)  # it stands before limestone
                        found.append(_Analysis(kind, label, RAW_MEAL_COLUMN if is_meal else column))
                        self._replaced[found[-1]].update(_own_streams(factors, (OF_DEFAULT_MEAL,)))
        return found

    def analysis(self, key: _Analysis, index: int, served: list[int]) -> PossibleMeasurement:
        """Return the analysis of a material at its largest unit."""
        family, scope, _ = ANALYSES[key.kind]
        unit_id, plant, name = self._names(index)
        blank = [one for one in served if not self._is_stated(one, key.column)]
        address = self.projection.fleet.address(unit_id, key.column)
        cell = self.projection.fleet.cell(unit_id, key.column) or "!".join(address)
        units = f"{len(served)} units" if len(served) > 1 else name
        left = self._left(key, index) if blank else {}
        error = math.hypot(*left.values()) if left else math.inf  # a cell that is filled in counts as much already
        if key.kind == LIMESTONE_ANALYSIS:
            material = "raw meal" if key.column == RAW_MEAL_COLUMN else "limestone"
            how = _in_kilns(index not in blank, len(served))
            words = f"Analyse the {material} of {plant} ({units}) for mercury, dry; write the mean to {cell}{how}."
        else:
            to = f"write the mean to {cell}{OF_ANALYSES}"
            # A cell tells of its own unit, and of others of its plant as of any that state nothing; a row of all that
            # burn the coal, by their errors.
            if self._at_plant[key.label] > 1 or not blank:
                cell, left = NEW_ROW, {}
                to = f"for unit_id {unit_id} write the mean to {NEW_ROW}{OF_MEAN}"
            error = self.of_coal.log_sd
            samples = f"{self.of_coal.number:g} samples ({self.of_coal.words})"
            words = f"Analyse the coal of {plant} ({units}) for mercury, as received, in {samples}; {to}."
        streams = np.array([stream_id(family, scope, key.label)], dtype=np.uint64)
        replaced = np.array(sorted(self._replaced[key]), dtype=np.uint64)
        return PossibleMeasurement(
            key.kind, key.label, streams, served, error, unit_id, plant, key.column, cell, words, left, replaced
        )

    def _left(self, key: _Analysis, index: int) -> dict[int, float]:
        """Return the errors of an analysis that is written into a cell of its unit, as a run takes it, by stream."""
        family, scope, _ = ANALYSES[key.kind]
        of_coal, country = key.kind == COAL_ANALYSIS, str(self.records[index]["country"])
        written = Value(1.0, MEASURED, (), CELL, self.of_coal.mean) if of_coal else Value(1.0, REPORTED, (), CELL)
        spread = self.spreads.of(written, COAL if of_coal else RAW_MEAL, country)
        labels = {"country": country, scope: key.label}
        shares = () if spread is None else spread.scopes
        return {
            stream_id(family, shared, labels[shared]): (spread.size if spread else 0.0) * math.sqrt(share)
            for shared, share in shares
        }

    def _is_stated(self, index: int, column: str) -> bool:
        return given(self.records[index], column)

    def stack_test(self, index: int, finder: UncertainFactorFinder) -> PossibleMeasurement | None:
        """Return the test at the stack of a unit; None where nothing of its own is open."""
        factors = finder.of_unit(index)
        own = _own_streams(factors, AT_STACK)
        if not own:
            return None
        unit_id, plant, name = self._names(index)
        words = f"Measure mercury at the stack of {plant}, {name}; write the result to {NEW_ROW}, unit_id {unit_id}."
        between = (factor.spread.size for factor in factors if factor.family in TO_CONCENTRATION)
        error = math.hypot(self.of_stack.log_sd, *between)
        streams = np.array(own, dtype=np.uint64)
        mates = [one for one in self._units_at[self._plant(index)] if one != index]
        of_mates = {stream for mate in mates for stream in _own_streams(finder.of_unit(mate), AT_STACK - BEHIND_LOOP)}
        sector = str(self.projection.units["sector"].iloc[index])
        return PossibleMeasurement(
            STACK_TEST, unit_id, streams, [index], error, unit_id, plant, "value", NEW_ROW, words, mates=mates,
            mate_streams=np.array(sorted(of_mates), dtype=np.uint64),
            shared=dict(self.spreads.rule("stack_residual", sector).scopes)["plant"],
        )  # fmt: skip

    def _plant(self, index: int) -> tuple[object, ...]:
        unit = self.records[index]
        return unit["sector"], unit["country"], unit["plant"] or index

    def _names(self, index: int) -> tuple[str, str, str]:
        units = self.projection.units
        unit_id = str(units.index[index])
        plant, unit = units["plant"].iloc[index], units["unit"].iloc[index]
        return unit_id, plant if isinstance(plant, str) else unit_id, unit if isinstance(unit, str) else unit_id


def _own_streams(factors: Iterable[UncertainFactor], families: Collection[str]) -> list[int]:
    """Return the streams of what the factors of some families do not share with other plants."""
    return [
        stream_id(factor.family, scope, label)
        for factor in factors
        if factor.family in families
        for scope, share, label in factor.parts
        if scope not in SHARED and share > 0.0
    ]


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
        ``content`` of coal, or ``measured_air`` or ``continuous_air`` at a stack.
    """
    rows = Ladder(library.table("origin_spread"))
    of_years = "year" if quantity == COAL else "stack_year"
    return math.hypot(*(rows[name, MEASURED].number("spread") for name in (quantity, of_years)))
