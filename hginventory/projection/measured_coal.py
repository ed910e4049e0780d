"""Measurements at coal units: analyses move the content of the plant's coal, tests the unit's removal and emission.

A coal analysis is of the content itself. A measurement at the stack is of content times the share that passes; both
move by their part of the variance, so that what the unit is expected to emit lies between prediction and measurement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from hginventory.factors import (
    CELL,
    CERTAIN,
    MEASURED,
    NOT_USED,
    REPORTED,
    STACK_TEST,
    CoalTables,
    FlueGas,
    LogMeasurement,
    MeasuredPoint,
    Spread,
    Value,
    after,
    gas_state,
    given,
    log_sd_of,
    lookup,
    pooled,
    shrunk,
    weight,
)
from hginventory.inputs.fleet import COAL_ANALYSIS, CONCENTRATION, CONTENT, REMOVAL, Measurement
from hginventory.model import AIR, coal
from hginventory.projection.measurement_update import AtStack, MeasuredValues, UnitMeasurements, at_stack, point
from hginventory.translations import TranslatableText
from hginventory.vocabulary import COAL_POWER, UNKNOWN

MG_PER_G = 1000.0
# Quantity -> factors between content times passing share and what is measured, with their quantity of origin_spread.
BETWEEN: Mapping[str, tuple[str, ...]] = {
    CONCENTRATION: ("calorific_value",),
    "hg_per_heat": ("calorific_value",),
    "hg_per_gwh": ("calorific_value", "net_efficiency"),
    "hg_rate": ("calorific_value", "net_efficiency"),
    "hg_yearly": ("calorific_value", "net_efficiency", "activity"),
}
SPREAD_OF = {"calorific_value": "heating_value", "net_efficiency": "efficiency", "activity": "activity"}


class CoalMeasurements(UnitMeasurements):
    """Measurements of the coal units of a fleet; parameters as in `measured.UnitMeasurements`."""

    @cached_property
    def coal(self) -> CoalTables:
        """Tables of coal quality."""
        return self.library.once(CoalTables)

    def run(self) -> Mapping[int, MeasuredValues]:
        """Return what the measurements change in their units, by position: analyses first, then tests."""
        analyses: dict[tuple[str, ...], list[Measurement]] = {}
        tests: dict[int, list[Measurement]] = {}
        for one in self.measured:
            if one.kind == COAL_ANALYSIS:
                analyses.setdefault(self._coal_at(self.index_of[one.unit_id]), []).append(one)
            else:
                tests.setdefault(self.index_of[one.unit_id], []).append(one)
        if analyses:
            burning: dict[tuple[str, ...], list[int]] = {}
            for index in range(len(self.records)):
                burning.setdefault(self._coal_at(index), []).append(index)
            for coal_of_plant, own in analyses.items():
                self._analyses(burning[coal_of_plant], own)
        for index, of_unit in tests.items():
            self._removal(index, [one for one in of_unit if one.quantity == REMOVAL])
            self._stack(index, [one for one in of_unit if one.quantity != REMOVAL])
        for index, known in self.updated.items():
            known.points = [self._as_used(index, shown) for shown in known.points]
        return self.updated

    def _coal_at(self, index: int) -> tuple[str, ...]:
        return coal_of(self.records[index], index)

    def _as_used(self, index: int, shown: MeasuredPoint) -> MeasuredPoint:
        """Return a point with the number the run uses, which tests at the stack may have moved again."""
        if shown.quantity == CONTENT:
            before = self.result.factors["hg_coal"].of_unit(index).value
            return replace(shown, after=shown.predicted * self._value("hg_coal", index).value / before)
        return replace(shown, after=self._value("removal", index).value) if shown.quantity == REMOVAL else shown

    def _value(self, name: str, index: int) -> Value:
        """Return a parameter of a unit as updated so far."""
        known = self.updated.get(index)
        if known is not None and name in known.values:
            return known.values[name]
        return super()._value(name, index)

    def _log_sd(self, name: str, index: int) -> float:
        """Return the standard deviation of the logarithm of a parameter; 0 where it plays no part or is certain."""
        value = self._value(name, index)
        spread = None if value.origin == NOT_USED else self._spread(value, SPREAD_OF[name], index)
        return 0.0 if spread is None else log_sd_of(spread, value.value)

    def _put(self, index: int, **values: Value) -> MeasuredValues:
        known = self.updated.setdefault(index, MeasuredValues())
        known.values |= values
        return known

    def _analyses(self, indices: Sequence[int], analyses: Sequence[Measurement]) -> None:
        """Move the content of the units that burn a coal."""
        pairs = [(one, self.compare.reading(one, one.value * self._dry(one))) for one in analyses]
        self.compare.note_disagreement(pairs)
        value, error = pooled([reading for _, reading in pairs], self.compare.year_sd)
        cells = dict.fromkeys(one.cell for one in analyses)
        for index in indices:
            before = self.result.factors["hg_coal"].of_unit(index)
            spread = self._spread(before, "content", index)
            if spread is None or not before.value > 0.0:
                continue
            log_sd = log_sd_of(spread)
            part = weight(log_sd, error)
            mean = before.value ** (1.0 - part) * math.exp(part * value)
            new = Value(mean, MEASURED, (*cells, *before.refs), CELL,
                        after(spread, log_sd, part, error, "plant"))  # fmt: skip
            known = self._put(index, hg_coal=new)
            for one, reading in pairs:
                if self.index_of[one.unit_id] == index:
                    distance = self.compare.distance(one, reading, before.value, log_sd)
                    known.points.append(
                        point(one, before.value * one.value / math.exp(reading.log_value), mean, distance, part)
                    )

    def _dry(self, one: Measurement) -> float:
        """Return by what a content is multiplied to be as received."""
        if one.basis == "not_stated":
            self.log.add_at(
                "N703",
                one.address,
                one.unit_id,
                TranslatableText("basis of {quantity} is blank", quantity=one.quantity),
            )
        if one.basis != "dry":
            return 1.0
        index = self.index_of[one.unit_id]
        record, known = self.records[index], self.result.factors["moisture"].of_unit(index)
        if given(record, "moisture"):
            return 1.0 - float(record["moisture"])
        if known.origin != NOT_USED:
            return 1.0 - known.value
        row = self.coal.moisture.first(
            lookup.rank_rungs(str(record["country"]), str(record.get("coal_type") or UNKNOWN))
        )
        return 1.0 if row is None else 1.0 - row.number()

    def _removal(self, index: int, tests: Sequence[Measurement]) -> None:
        """Move the removal of a unit by tests of the removal itself, on the scale of what passes."""
        before = self._value("removal", index)
        passing = 1.0 - before.value
        spread = self._spread(before, "passing_share", index)
        if not tests or spread is None or not passing > 0.0:
            return
        usual = log_sd_of(self.compare.spreads.rule("passing_share", REPORTED))
        pairs = [(one, self.compare.reading(one, 1.0 - one.value, _of_passing(one, usual))) for one in tests]
        self.compare.note_disagreement(pairs)
        value, error = pooled([reading for _, reading in pairs], self.compare.year_sd)
        log_sd = log_sd_of(spread, passing)
        part = weight(log_sd, error)
        new = passing ** (1.0 - part) * math.exp(part * value)
        refs = (*dict.fromkeys(one.cell for one in tests), *before.refs)
        after_tests = after(spread, log_sd, part, error, "unit", new)
        known = self._put(index, removal=Value(1.0 - new, MEASURED, refs, CELL, after_tests))
        for one, reading in pairs:
            distance = self.compare.distance(one, reading, passing, log_sd)
            distance = replace(distance, z=-distance.z)  # more removed is less passing
            known.points.append(point(one, before.value, 1.0 - new, distance, part))

    def _stack(self, index: int, tests: Sequence[Measurement]) -> None:
        """Move content and passing share of a unit by measurements of what leaves the stack."""
        content, removal = self._value("hg_coal", index), self._value("removal", index)
        passing = 1.0 - removal.value
        if not tests or not passing > 0.0 or not content.value > 0.0:
            return
        spreads = self._spread(content, "content", index), self._spread(removal, "passing_share", index)
        sizes = [0.0 if s is None else log_sd_of(s, scale) for s, scale in zip(spreads, (1.0, passing), strict=True)]
        before = math.hypot(*sizes)
        if not before > 0.0:
            return
        rates = self._rates(index)
        found: list[tuple[Measurement, LogMeasurement, float]] = []
        expected: list[float] = []
        for one in tests:
            predicted = rates.get(one.quantity, math.nan) * gas_factor(self.gas, COAL_POWER, one)
            if not predicted > 0.0:
                found_text = TranslatableText("{quantity} of a unit without output", quantity=one.quantity)
                self.log.add_at("W422", one.address, one.unit_id, found_text)
                continue
            between = math.hypot(*(self._log_sd(name, index) for name in BETWEEN[one.quantity]))
            found.append((one, self.compare.reading(one, one.value / predicted), between))
            expected.append(predicted)
        if not found:
            return
        self.compare.note_disagreement([(one, reading) for one, reading, _ in found])
        said = at_stack(before, found, self.compare.year_sd)
        known = self._put(index, **_moved(content, removal, spreads, sizes, said))
        for (one, reading, between), predicted in zip(found, expected, strict=True):
            distance = self.compare.distance(one, reading, 1.0, before, between)
            known.points.append(point(one, predicted, predicted * said.ratio, distance, said.part))

    def _rates(self, index: int) -> dict[str, float]:
        """Return what the stack of a unit is expected to emit, in the units of measurements, gas as in its table."""
        result, columns = self.result, self.result.columns
        old = result.factors["hg_coal"].of_unit(index).value * (1.0 - result.factors["removal"].of_unit(index).value)
        now = self._value("hg_coal", index).value * (1.0 - self._value("removal", index).value)
        air_g = float(result.hg_in[index] * result.shares[index, AIR].sum()) * coal.G_PER_KG * (now / old)
        number = {name: float(columns[name][index]) for name in ("coal_t_per_yr", "calorific_value_mj_per_kg",
                  "generation_net_gwh_per_yr", "capacity_net_mw")}  # fmt: skip
        heat_gj = number["coal_t_per_yr"] * number["calorific_value_mj_per_kg"]
        if not heat_gj > 0.0:
            return {}
        per_gwh = air_g / number["generation_net_gwh_per_yr"]
        volume = self.gas.coal_gas(str(self.records[index].get("coal_type") or lookup.ALL)) * heat_gj
        return {
            "hg_yearly": air_g / coal.G_PER_KG,
            "hg_per_heat": air_g / heat_gj * MG_PER_G,  # g/GJ to g/TJ
            "hg_per_gwh": per_gwh,
            "hg_rate": per_gwh * number["capacity_net_mw"] / coal.MWH_PER_GWH,  # at full load
            CONCENTRATION: air_g * MG_PER_G * MG_PER_G / volume,
        }


def coal_of(record: Mapping[str, Any], index: int) -> tuple[str, ...]:
    """Return what units must have in common to burn the same coal, so that an analysis counts for all of them.

    Parameters
    ----------
    record : mapping of str to object
        Cells of the unit.
    index : int
        Its index, as a unit without a plant is a plant of its own.
    """
    plant = record.get("plant") or f"unit {index}"
    return tuple(str(part) for part in (record["country"], plant, record.get("fuel_id"), record.get("coal_type")))


def gas_factor(gas: FlueGas, sector: str, one: Measurement) -> float:
    """Return what a concentration at the state of a sector's gas table is multiplied by; 1 for other quantities."""
    if one.quantity != CONCENTRATION:
        return 1.0
    temperature, wet = gas_state(one.gas_basis)
    return gas.on_state(sector, one.reference_o2, temperature, wet=wet)


def _of_passing(one: Measurement, usual: float) -> float:
    """Return the error of what passes, where that of the removal is stated; else the usual one."""
    if one.log_sd is None:
        return usual
    relative = math.sqrt(math.expm1(one.log_sd**2)) * one.value / (1.0 - one.value)
    return math.sqrt(math.log1p(relative**2))


def _moved(
    content: Value, removal: Value, spreads: Sequence[Spread | None], sizes: Sequence[float], said: AtStack
) -> dict[str, Value]:
    """Return content and removal after measurements at the stack, each moved by its part of the variance."""
    passing = 1.0 - removal.value
    new_passing = min(passing * said.ratio ** (sizes[1] ** 2 / (sizes[0] ** 2 + sizes[1] ** 2)), 1.0)
    numbers = content.value * said.ratio * passing / new_passing, 1.0 - new_passing
    scales = 1.0, new_passing
    values = {STACK_TEST: said.error}
    for name, old, number, spread, size, scale in zip(
        ("hg_coal", "removal"), (content, removal), numbers, spreads, sizes, scales, strict=True
    ):
        left = CERTAIN if spread is None else shrunk(spread, size * (1.0 - said.part), scale)
        values[name] = Value(number, MEASURED, (*said.error.refs, *old.refs), CELL, left)
    return values
