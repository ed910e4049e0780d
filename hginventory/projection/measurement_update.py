"""Measurements compared with what the model expects: the part that both sectors share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, ClassVar, NamedTuple

from hginventory.factors import (
    CELL,
    DEFAULT,
    DERIVED,
    FAR,
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
    gas_state,
    z_score,
)
from hginventory.inputs.fleet import CEMS, COAL_ANALYSIS, CONCENTRATION, RATE, STACK_TEST, YEARLY, Measurement
from hginventory.projection.plant_update import PLANT, StackReading, UnitAfter, UnitBefore, plant_update, variance_at
from hginventory.projection.sector import SectorResult
from hginventory.translations import TranslatableText

OF_WHOLE_STACK = (RATE, YEARLY)  # amounts of a stack; other quantities are per heat, gas or electricity
OWN_SCOPES = ("unit", "kiln")
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
        self.coal_year_sd = self.spreads.rule("year", "measured").size
        self.stack_year_sd = self.spreads.rule("stack_year", "measured").size
        self._unstated = {kind: self.spreads.rule(name, "measured").size for kind, name in UNSTATED.items()}

    def reading(self, one: Measurement, value: float, log_sd: float | None = None) -> LogMeasurement:
        """Return a measurement on the scale of a logarithm, with its stated error or the one usual for its kind."""
        stated = one.log_sd if log_sd is None else log_sd
        return LogMeasurement(math.log(value), self._unstated[one.kind] if stated is None else stated, one.year)

    def year_sd(self, one: Measurement) -> float:
        """Return the difference between years of what was measured, standard deviation of the logarithm."""
        return self.coal_year_sd if one.kind == COAL_ANALYSIS else self.stack_year_sd

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
        noise = math.hypot(reading.log_sd, self.year_sd(one), between)
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
            distance = apart(first, second, self.year_sd(one))
            if distance > FAR and one.unit_ids == other.unit_ids:
                found = TranslatableText(
                    "{quantity} {value} {unit} against {cell} ({z} standard deviations apart)",
                    cell=one.cell,
                    quantity=other.quantity,
                    value=f"{other.value:.3g}",
                    unit=other.unit,
                    z=f"{distance:.1f}",
                )
                self.log.add_at("W529", other.address, other.unit_id, found)


class Rate(NamedTuple):
    """What a unit is expected to emit, and the heat, gas or electricity that it is divided by; 1 for an amount."""

    amount: float
    per: float = 1.0


class UnitMeasurements(ABC):
    """Measurements of the units of one sector, and the units as computed without them.

    Parameters
    ----------
    measured : sequence of Measurement
        Measurements at the units.
    ids, records : sequences of length N
        Units and their cells.
    result : SectorResult
        The units before measurements.
    library : FactorLibrary
        Factor tables.
    log : FindingLog
        Collects findings.
    """

    sector: ClassVar[str]

    def __init__(
        self,
        measured: Sequence[Measurement],
        ids: Sequence[str],
        records: Sequence[Mapping[str, Any]],
        result: SectorResult,
        library: FactorLibrary,
        log: FindingLog,
    ) -> None:
        self.records, self.result, self.library, self.log = records, result, library, log
        self.compare, self.gas = Comparer(library, log), FlueGas(library)
        self.index_of = {unit: index for index, unit in enumerate(ids)}
        self.measured = measured
        self.updated: dict[int, MeasuredValues] = {}
        self.ids = list(ids)
        self.shared = dict(self.compare.spreads.rule("stack_residual", self.sector).scopes)[PLANT]

    @abstractmethod
    def before(self, index: int) -> UnitBefore:
        """Return how uncertain the emission of a unit per heat is before measurements at its stack."""

    @abstractmethod
    def rates(self, index: int) -> Mapping[str, Rate]:
        """Return what a unit is expected to emit, by quantity, in the units of measurements and gas as in its table."""

    @abstractmethod
    def between(self, quantity: str, index: int) -> Mapping[str, float]:
        """Return the factors between the emission per heat and a quantity, with the ln-sd of each."""

    @abstractmethod
    def move(self, index: int, after: UnitAfter, said: Value) -> None:
        """Put what is known of a unit after measurements at the stacks of its plant, and their error."""

    @abstractmethod
    def note_unused(self, one: Measurement) -> None:
        """Note a measurement with which nothing can be compared."""

    def can_move(self, index: int) -> bool:
        """Return whether measurements at the stack change what is known of a unit."""
        return self.before(index).variance > 0.0

    def at_stacks(self, tests: Sequence[Measurement]) -> None:
        """Move the units of each plant by the measurements at its stacks."""
        plants: dict[tuple[str, str], list[Measurement]] = {}
        for one in tests:
            plants.setdefault(self._plant(self.index_of[one.unit_id]), []).append(one)
        units: dict[tuple[str, str], list[int]] = {}
        for index in range(len(self.records)) if plants else ():
            units.setdefault(self._plant(index), []).append(index)
        for plant, own in plants.items():
            self._at_plant(units[plant], own)

    def _plant(self, index: int) -> tuple[str, str]:
        record = self.records[index]
        return str(record["country"]), str(record.get("plant") or f"unit/{self.ids[index]}")

    def _at_plant(self, indices: Sequence[int], tests: Sequence[Measurement]) -> None:
        before = {self.ids[index]: self.before(index) for index in indices}
        moving = {self.ids[index]: before[self.ids[index]] for index in indices if self.can_move(index)}
        seen = [(one, *found) for one in tests if (found := self._reading(one)) is not None]
        self.compare.note_disagreement([(one, reading.over_expected) for one, reading, _ in seen])
        used = [(one, reading) for one, reading, _ in seen if reading.shares.keys() <= moving.keys()]
        after: Mapping[str, UnitAfter] = {}
        weights: dict[str, float] = {}
        if used:
            after, parts = plant_update(moving, [reading for _, reading in used], self.compare.stack_year_sd)
            weights = {one.cell: part for (one, _), part in zip(used, parts, strict=True)}
        tested = {name: [one.cell for one, _ in used if name in one.unit_ids] for name in after}
        for name, own in tested.items():
            if own or after[name].kept < 1.0:
                cells = tuple(own or [one.cell for one, _ in used])
                said = Value(1.0, MEASURED if own else DERIVED, cells, CELL, after[name].error)
                self.move(self.index_of[name], after[name], said)
        for one, reading, expected in seen:
            noise = math.hypot(*reading.between.values())
            log_sd = math.sqrt(variance_at(reading.shares, before))
            distance = self.compare.distance(one, reading.over_expected, 1.0, log_sd, noise)
            ratio = 1.0
            if one.cell in weights:
                ratio = math.fsum(share * after[name].ratio for name, share in reading.shares.items())
            for name in one.unit_ids:
                known = self.updated.setdefault(self.index_of[name], MeasuredValues())
                known.points.append(point(one, name, expected, expected * ratio, distance, weights.get(one.cell, 0.0)))

    def _reading(self, one: Measurement) -> tuple[StackReading, float] | None:
        """Return a measurement as a reading of its stack, and what was expected there; None where that is nothing."""
        indices = [self.index_of[name] for name in one.unit_ids]
        rates = {index: rate for index in indices if (rate := self.rates(index).get(one.quantity)) is not None}
        amount = math.fsum(rate.amount for rate in rates.values())
        per = 1.0 if one.quantity in OF_WHOLE_STACK else math.fsum(rate.per for rate in rates.values())
        expected = amount / per * gas_factor(self.gas, self.sector, one) if per > 0.0 else 0.0
        if not expected > 0.0:
            self.note_unused(one)
            return None
        shares = {self.ids[index]: rate.amount / amount for index, rate in rates.items()}
        between: dict[str, float] = {}
        for index in rates:
            for name, log_sd in self.between(one.quantity, index).items():
                between[name] = between.get(name, 0.0) + shares[self.ids[index]] * log_sd
        return StackReading(shares, self.compare.reading(one, one.value / expected), between), expected

    def _value(self, name: str, index: int) -> Value:
        """Return a parameter of a unit."""
        return self.result.factors[name].of_unit(index)

    def _spread(self, value: Value, quantity: str, index: int) -> Spread | None:
        """Return how a parameter of a unit varies; None where it is certain."""
        return self.compare.spreads.of(value, quantity, str(self.records[index]["country"]))


def moved(old: Value, number: float, spread: Spread, error: Value) -> Value:
    """Return a number after measurements at the stack: measured, or of a unit that was not tested derived from others.

    Parameters
    ----------
    old : Value
        The number before.
    number : float
        After.
    spread : Spread
        After.
    error : Value
        Error of the measurements at the stack, with their cells.
    """
    origin = error.origin if error.origin == MEASURED or old.origin == DEFAULT else old.origin
    return Value(number, origin, (*error.refs, *old.refs), CELL if origin == MEASURED else old.read_from, spread)


def in_scopes(spread: Spread | None, variance: float) -> float:
    """Return the part of a variance that the scopes of a spread give to a plant or to more units."""
    return 0.0 if spread is None else variance * math.fsum(p for name, p in spread.scopes if name not in OWN_SCOPES)


def gas_factor(gas: FlueGas, sector: str, one: Measurement) -> float:
    """Return what a concentration at the state of a sector's gas table is multiplied by; 1 for other quantities."""
    if one.quantity != CONCENTRATION:
        return 1.0
    temperature, wet = gas_state(one.gas_basis)
    return gas.on_state(sector, one.reference_o2, temperature, wet=wet)


def point(one: Measurement, unit: str, predicted: float, now: float, distance: Distance, part: float) -> MeasuredPoint:
    """Return a measurement with its prediction and what the run uses now, all on the basis of the measurement."""
    return MeasuredPoint(unit, one.first, one.last, one.kind, one.quantity, one.unit, one.value, predicted, now,
                         distance.z, distance.predicted_ln_sd, distance.measured_ln_sd, part, one.cell)  # fmt: skip
