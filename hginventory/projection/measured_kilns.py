"""Measurements at kilns: what leaves the stack moves the mercury of the materials, or the emission factor.

The contents of raw meal and fuel are by far the least known factors of a kiln, so that they take the whole change of
the mean; the spread of everything that is measured together shrinks alike. A kiln whose emission is stated already
(tier 3) is only compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hginventory.factors import (
    CELL,
    CERTAIN,
    COAL,
    MEASURED,
    NOT_USED,
    RAW_MEAL,
    STACK_TEST,
    LogMeasurement,
    Value,
    log_sd_of,
    shrunk,
)
from hginventory.inputs.fleet import CONCENTRATION, RATE, Measurement
from hginventory.model import AIR, HOURS_PER_YEAR, kiln
from hginventory.projection.measured_coal import gas_factor
from hginventory.projection.measurement_update import MeasuredValues, UnitMeasurements, at_stack, point
from hginventory.projection.sector import Tier
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, UNKNOWN

UG_PER_G = 1e6
OBSERVED: Mapping[
    Tier, Mapping[str, str]
] = {  # tier -> what is measured together, with its quantity of `OriginSpreads.of`
    Tier.EMISSION_FACTOR: {"emission_factor": "emission_factor"},
    Tier.MASS_BALANCE: {"hg_raw_meal": RAW_MEAL, "fuel_hg": COAL, "air_share": "passing_share"},
    Tier.MEASURED: {},
}
# Quantity -> factors between these and what is measured.
BETWEEN = {
    CONCENTRATION: ("raw_meal_ratio",),
    RATE: ("raw_meal_ratio", "run_factor"),
    "hg_yearly": ("raw_meal_ratio", "utilisation", "clinker_factor"),
}


class KilnMeasurements(UnitMeasurements):
    """Measurements of the kilns of a fleet; parameters as in `measured.UnitMeasurements`."""

    def run(self) -> Mapping[int, MeasuredValues]:
        """Return what the measurements make of each kiln they were made at, by position."""
        tests: dict[int, list[Measurement]] = {}
        for one in self.measured:
            if one.quantity in BETWEEN:
                tests.setdefault(self.index_of[one.unit_id], []).append(one)
            else:
                remedy = TranslatableText("Write it into hg_limestone, hg_raw_meal, hg_fuel or air_share of the kiln.")
                of_kiln = TranslatableText("{quantity} of a kiln", quantity=one.quantity)
                self.log.add_at("W422", one.address, one.unit_id, of_kiln, remedy=remedy)
        self.updated |= {index: self._stack(index, own) for index, own in tests.items()}
        return self.updated

    def _stack(self, index: int, tests: Sequence[Measurement]) -> MeasuredValues:
        tier: Tier = self.result.tier[index]
        observed = {name: self._value(name, index) for name in OBSERVED[tier]}
        values = {name: value for name, value in observed.items() if value.origin != NOT_USED}
        sizes = {name: self._log_sd(name, quantity, index) for name, quantity in OBSERVED[tier].items()}
        before = self._before(index, tier, sizes)
        rates = self._rates(index)
        found: list[tuple[Measurement, LogMeasurement, float]] = []
        expected: list[float] = []
        for one in tests:
            predicted = rates.get(one.quantity, math.nan) * gas_factor(self.gas, CEMENT_KILN, one)
            if not predicted > 0.0:
                remedy = TranslatableText("Fill in clinker_capacity, or give the mercury of a year.")
                found_text = TranslatableText(
                    "{quantity} of a kiln whose output per hour is not known", quantity=one.quantity
                )
                self.log.add_at("W422", one.address, one.unit_id, found_text, remedy=remedy)
                continue
            of_process = (self._log_sd(name, "process", index) for name in BETWEEN[one.quantity])
            found.append((one, self.compare.reading(one, one.value / predicted), math.hypot(*of_process)))
            expected.append(predicted)
        known = MeasuredValues()
        if not found:
            return known
        self.compare.note_disagreement([(one, reading) for one, reading, _ in found])
        said = at_stack(before, found, self.compare.year_sd)
        is_moved = bool(sizes) and before > 0.0
        if is_moved:
            known.values[STACK_TEST] = said.error
            for name, old in values.items():
                spread = self._spread(old, OBSERVED[tier][name], index)
                left = CERTAIN if spread is None else shrunk(spread, sizes[name] * (1.0 - said.part), old.value)
                if name == "air_share":
                    known.values[name] = replace(old, spread=left)
                    continue
                refs = (*said.error.refs, *old.refs)
                known.values[name] = Value(old.value * said.ratio, MEASURED, refs, CELL, left)
        for (one, reading, between), predicted in zip(found, expected, strict=True):
            distance = self.compare.distance(one, reading, 1.0, before, between)
            ratio, part = (said.ratio, said.part) if is_moved else (1.0, 0.0)
            known.points.append(point(one, predicted, predicted * ratio, distance, part))
        return known

    def _log_sd(self, name: str, quantity: str, index: int) -> float:
        """Return the standard deviation of the logarithm of a parameter; 0 where it plays no part or is certain."""
        value = self._value(name, index)
        spread = None if value.origin == NOT_USED else self._spread(value, quantity, index)
        return 0.0 if spread is None else log_sd_of(spread, value.value)

    def _before(self, index: int, tier: Tier, sizes: Mapping[str, float]) -> float:
        """Return the standard deviation of the logarithm of the emission per clinker, before."""
        if tier is Tier.MEASURED:
            return log_sd_of(self.compare.spreads.rule("measured_air", MEASURED))
        if tier is Tier.EMISSION_FACTOR:
            return sizes["emission_factor"]
        meal = self._value("raw_meal_ratio", index).value * self._value("hg_raw_meal", index).value
        fuel = self._value("heat_use", index).value * self._value("fuel_hg", index).value / kiln.G_PER_KG
        shares = {"hg_raw_meal": meal / (meal + fuel), "fuel_hg": fuel / (meal + fuel)}
        variance = sum(share**2 * math.expm1(sizes[name] ** 2) for name, share in shares.items())
        return math.hypot(math.sqrt(math.log1p(variance)), sizes["air_share"])

    def _rates(self, index: int) -> dict[str, float]:
        """Return what the stack is expected to emit, in the units of measurements, gas as in its table."""
        result, record = self.result, self.records[index]
        air_kg = float(result.hg_in[index] * result.shares[index, AIR].sum())
        clinker = float(result.columns["clinker_t_per_yr"][index])
        if not clinker > 0.0:
            return {"hg_yearly": air_kg}
        per_t = air_kg * kiln.G_PER_KG / clinker
        volume = self.gas.kiln_gas(_or_blank(record.get("kiln_type")), str(record["country"]))
        rates = {"hg_yearly": air_kg, CONCENTRATION: per_t * UG_PER_G / volume}
        capacity = float(record["clinker_capacity"])
        if math.isnan(capacity) and self._value("utilisation", index).origin != NOT_USED:
            capacity = clinker / self._value("utilisation", index).value
        # The capacity of a year holds the standstill of a normal year, and a test is made while the kiln runs.
        hours = HOURS_PER_YEAR * self._value("run_factor", index).value
        return rates if math.isnan(capacity) else {**rates, RATE: per_t * capacity / hours}


def _or_blank(kiln_type: object) -> str:
    return "" if kiln_type in (None, UNKNOWN) else str(kiln_type)
