"""Measurements compared with what the model expects: the part that both sectors share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from hginventory.factors import (
    CELL,
    FAR,
    LOGNORMAL,
    MEASURED,
    Distance,
    FactorLibrary,
    FindingLog,
    FlueGas,
    LogMeasurement,
    MeasuredPoint,
    OriginSpreads,
    Spread,
    Value,
    apart,
    joined,
    weight,
    z_score,
)
from hginventory.inputs.fleet import CEMS, COAL_ANALYSIS, STACK_TEST, Fleet, Measurement
from hginventory.projection.sector import SectorResult
from hginventory.translations import TranslatableText

UNSTATED = {COAL_ANALYSIS: "content", STACK_TEST: "measured_air", CEMS: "continuous_air"}  # quantity of origin_spread


@dataclass
class MeasuredValues:
    """What measurements make of a unit: new values by parameter, and the points to show.

    Attributes
    ----------
    values : mapping of str to Value
        Parameter -> value after the measurements.
    points : list of MeasuredPoint
        Measurements made at the unit.
    """

    values: dict[str, Value] = field(default_factory=dict)
    points: list[MeasuredPoint] = field(default_factory=list)


class Comparer:
    """Errors of measurements, and the notes on those that contradict.

    Parameters
    ----------
    library : FactorLibrary
        Table `origin_spread`.
    log : FindingLog
        Collects findings.
    """

    def __init__(self, library: FactorLibrary, log: FindingLog) -> None:
        self.spreads = library.once(OriginSpreads)
        self.log = log
        self.year_sd = self.spreads.rule("year", "measured").size
        self._unstated = {kind: self.spreads.rule(name, "measured").size for kind, name in UNSTATED.items()}

    def reading(self, one: Measurement, value: float, log_sd: float | None = None) -> LogMeasurement:
        """Return a measurement on the scale of a logarithm, with its stated error or the one usual for its kind."""
        stated = one.log_sd if log_sd is None else log_sd
        return LogMeasurement(math.log(value), self._unstated[one.kind] if stated is None else stated, one.year)

    def distance(
        self, one: Measurement, reading: LogMeasurement, mean: float, before: float, between: float = 0.0
    ) -> Distance:
        """Return how far a measurement lies from what was expected, and note it where that is very far.

        Parameters
        ----------
        one, reading : Measurement, Reading
            What was measured.
        mean, before : float
            Arithmetic mean and standard deviation of the logarithm before, on the scale of the reading.
        between : float
            Standard deviation of the logarithm of what lies between that and the quantity measured.
        """
        noise = math.hypot(reading.log_sd, self.year_sd, between)
        z = z_score(mean, before, math.exp(reading.log_value), noise)
        if abs(z) > FAR:
            found = TranslatableText(
                "{quantity} {value} {unit} is {z} standard deviations from the expected",
                unit=one.unit,
                quantity=one.quantity,
                value=f"{one.value:.3g}",
                z=f"{abs(z):.1f}",
            )
            self.log.add_at("W528", one.address, one.unit_id, found)
        return Distance(z, before, noise)

    def note_disagreement(self, pairs: Sequence[tuple[Measurement, LogMeasurement]]) -> None:
        """Note measurements of one thing that exclude each other."""
        for (one, first), (other, second) in combinations(pairs, 2):
            distance = apart(first, second, self.year_sd)
            if distance > FAR:
                found = TranslatableText(
                    "{quantity} {value} {unit} against {cell} ({z} standard deviations apart)",
                    cell=one.cell,
                    quantity=other.quantity,
                    value=f"{other.value:.3g}",
                    unit=other.unit,
                    z=f"{distance:.1f}",
                )
                self.log.add_at("W529", other.address, other.unit_id, found)


class UnitMeasurements:
    """Measurements of the units of one sector, and the units as computed without them.

    Parameters
    ----------
    fleet : Fleet
        Measurements and fuels.
    ids, records : sequences of length N
        Units and their cells.
    result : SectorResult
        The units before measurements.
    library : FactorLibrary
        Factor tables.
    log : FindingLog
        Collects findings.
    """

    def __init__(
        self,
        fleet: Fleet,
        ids: Sequence[str],
        records: Sequence[Mapping[str, Any]],
        result: SectorResult,
        library: FactorLibrary,
        log: FindingLog,
    ) -> None:
        self.records, self.result, self.library, self.log = records, result, library, log
        self.compare, self.gas = Comparer(library, log), FlueGas(library)
        self.index_of = {unit: index for index, unit in enumerate(ids)}
        self.measured = [one for one in fleet.measurements if one.unit_id in self.index_of]
        self.updated: dict[int, MeasuredValues] = {}

    def _value(self, name: str, index: int) -> Value:
        """Return a parameter of a unit."""
        return self.result.factors[name].of_unit(index)

    def _spread(self, value: Value, quantity: str, index: int) -> Spread | None:
        """Return how a parameter of a unit varies; None where it is certain."""
        return self.compare.spreads.of(value, quantity, str(self.records[index]["country"]))


def point(one: Measurement, predicted: float, now: float, distance: Distance, part: float) -> MeasuredPoint:
    """Return a measurement with its prediction and what the run uses now, all on the basis of the measurement."""
    return MeasuredPoint(one.unit_id, one.first, one.last, one.kind, one.quantity, one.unit, one.value, predicted, now,
                         distance.z, distance.predicted_ln_sd, distance.measured_ln_sd, part, one.cell)  # fmt: skip


@dataclass(frozen=True)
class AtStack:
    """What measurements of the emission say of the product of its factors.

    Attributes
    ----------
    ratio : float
        Mean of the product after over that before.
    part : float
        Weight of the measurements [0-1].
    error : Value
        Their error, as far as the emission now follows from them.
    """

    ratio: float
    part: float
    error: Value


def at_stack(before: float, readings: Iterable[tuple[Measurement, LogMeasurement, float]], year_sd: float) -> AtStack:
    """Return what measurements of the emission say.

    Parameters
    ----------
    before : float
        Standard deviation of the logarithm of the product, before.
    readings : iterable of (Measurement, Reading, float)
        Measured over predicted, and the standard deviation of the logarithm of what lies between the product and the
        quantity measured, as the efficiency for a rate per GWh.
    year_sd : float
        Standard deviation of the logarithm between years.
    """
    groups: dict[float, list[LogMeasurement]] = {}
    cells: dict[str, None] = {}
    for one, reading, between in readings:
        groups.setdefault(between, []).append(reading)
        cells[one.cell] = None
    ratio, log_sd = joined(groups, year_sd)
    part = weight(before, log_sd)
    spread = Spread(LOGNORMAL, part * log_sd, (("unit", 1.0),))
    return AtStack(math.exp(part * ratio), part, Value(1.0, MEASURED, tuple(cells), CELL, spread))
