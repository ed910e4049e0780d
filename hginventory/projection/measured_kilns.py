"""Measurements at kilns: what leaves the stack moves the mercury of the materials, or the emission factor.

The contents of raw meal and fuel are by far the least known factors of a kiln, so that they take the whole change of
the mean; the spread of everything that is measured together shrinks alike. A kiln whose emission is stated already
(tier 3) is only compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from hginventory.factors import (
    CERTAIN,
    COAL,
    MEASURED,
    NOT_USED,
    RAW_MEAL,
    STACK_TEST,
    Value,
    log_sd_of,
    shrunk,
)
from hginventory.inputs.fleet import CONCENTRATION, RATE, YEARLY, Measurement
from hginventory.model import AIR, HOURS_PER_YEAR, kiln
from hginventory.projection.measurement_update import MeasuredValues, Rate, UnitMeasurements, in_scopes, moved
from hginventory.projection.plant_update import UnitAfter, UnitBefore
from hginventory.projection.sector import Tier
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN, UNKNOWN

UG_PER_G = 1e6
OBSERVED: Mapping[
    Tier, Mapping[str, str]
] = {  # tier -> what is measured together, with its quantity of `OriginSpreads.of`
    Tier.EMISSION_FACTOR: {"emission_factor": "emission_factor"},
    Tier.MASS_BALANCE: {
        "hg_raw_meal": RAW_MEAL,
        "fuel_hg": COAL,
        "air_share": "passing_share",
        "kiln_model": "kiln_model",
    },
    Tier.MEASURED: {},
}
# Quantity -> factors between these and what is measured.
BETWEEN = {
    CONCENTRATION: ("raw_meal_ratio",),
    RATE: ("raw_meal_ratio", "run_factor"),
    YEARLY: ("raw_meal_ratio", "utilisation", "clinker_factor"),
}


class KilnMeasurements(UnitMeasurements):
    """Measurements of the kilns of a fleet; parameters as in `measurement_update.UnitMeasurements`."""

    sector = CEMENT_KILN

    def run(self) -> Mapping[int, MeasuredValues]:
        """Return what the measurements make of the kilns of the plants they were made at, by position."""
        tests: list[Measurement] = []
        for one in self.measured:
            if one.quantity in BETWEEN:
                tests.append(one)
                continue
            remedy = TranslatableText("Write it into hg_limestone, hg_raw_meal, hg_fuel or air_share of the kiln.")
            of_kiln = TranslatableText("{quantity} of a kiln", quantity=one.quantity)
            self.log.add_at("W422", one.address, one.unit_id, of_kiln, remedy=remedy)
        self.at_stacks(tests)
        return self.updated

    def can_move(self, index: int) -> bool:
        """Return whether measurements change what is known of a kiln: not where its emission is reported."""
        return self.result.tier[index] is not Tier.MEASURED and super().can_move(index)

    def before(self, index: int) -> UnitBefore:
        """Return the variance of the emission per clinker; a kiln shares as much with its plant as a boiler does."""
        tier: Tier = self.result.tier[index]
        sizes = {name: self._log_sd(name, quantity, index) for name, quantity in OBSERVED[tier].items()}
        variance = self._emission_log_sd(index, tier, sizes) ** 2
        of_all = math.fsum(size**2 for size in sizes.values())
        common = math.fsum(
            in_scopes(self._spread(self._value(name, index), OBSERVED[tier][name], index), size**2)
            for name, size in sizes.items()
            if size > 0.0
        )
        return UnitBefore(variance, self.shared * variance, variance * common / of_all if of_all > 0.0 else 0.0)

    def between(self, quantity: str, index: int) -> Mapping[str, float]:
        """Return the factors between the emission per clinker and a quantity, with the ln-sd of each."""
        return {name: self._log_sd(name, "process", index) for name in BETWEEN[quantity]}

    def note_unused(self, one: Measurement) -> None:
        """Note a measurement of kilns whose output per hour is not known."""
        remedy = TranslatableText("Fill in clinker_capacity, or give the mercury of a year.")
        found = TranslatableText("{quantity} of a kiln whose output per hour is not known", quantity=one.quantity)
        self.log.add_at("W422", one.address, one.unit_id, found, remedy=remedy)

    def move(self, index: int, after: UnitAfter, said: Value) -> None:
        """Move the contents of a kiln, or its emission factor; the spread of all that is measured shrinks alike."""
        observed = OBSERVED[self.result.tier[index]]
        known = self.updated.setdefault(index, MeasuredValues())
        known.values[STACK_TEST] = said
        for name, quantity in observed.items():
            old = self._value(name, index)
            if old.origin == NOT_USED:
                continue
            spread = self._spread(old, quantity, index)
            log_sd = self._log_sd(name, quantity, index)
            left = CERTAIN if spread is None else shrunk(spread, log_sd * after.kept, old.value)
            if name in ("air_share", "kiln_model"):
                known.values[name] = replace(old, spread=left)
            else:
                known.values[name] = moved(old, old.value * after.ratio, left, said)

    def _log_sd(self, name: str, quantity: str, index: int) -> float:
        """Return the standard deviation of the logarithm of a parameter; 0 where it plays no part or is certain."""
        value = self._value(name, index)
        spread = None if value.origin == NOT_USED else self._spread(value, quantity, index)
        return 0.0 if spread is None else log_sd_of(spread, value.value)

    def _emission_log_sd(self, index: int, tier: Tier, sizes: Mapping[str, float]) -> float:
        """Return the standard deviation of the logarithm of the emission per clinker, before."""
        if tier is Tier.MEASURED:
            return log_sd_of(self.compare.spreads.rule("measured_air", MEASURED))
        if tier is Tier.EMISSION_FACTOR:
            return sizes["emission_factor"]
        meal = self._value("raw_meal_ratio", index).value * self._value("hg_raw_meal", index).value
        fuel = self._value("heat_use", index).value * self._value("fuel_hg", index).value / kiln.G_PER_KG
        shares = {"hg_raw_meal": meal / (meal + fuel), "fuel_hg": fuel / (meal + fuel)}
        variance = sum(share**2 * math.expm1(sizes[name] ** 2) for name, share in shares.items())
        return math.hypot(math.sqrt(math.log1p(variance)), sizes["air_share"], sizes["kiln_model"])

    def rates(self, index: int) -> Mapping[str, Rate]:
        """Return what a kiln is expected to emit, by quantity, in the units of measurements and gas as in its table."""
        result, record = self.result, self.records[index]
        air_kg = float(result.hg_in[index] * result.shares[index, AIR].sum())
        clinker = float(result.columns["clinker_t_per_yr"][index])
        if not clinker > 0.0:
            return {YEARLY: Rate(air_kg)}
        per_t = air_kg * kiln.G_PER_KG / clinker
        volume = self.gas.kiln_gas(_or_blank(record.get("kiln_type")), str(record["country"]))
        rates = {YEARLY: Rate(air_kg), CONCENTRATION: Rate(per_t * clinker * UG_PER_G, volume * clinker)}
        capacity = float(record["clinker_capacity"])
        if math.isnan(capacity) and self._value("utilisation", index).origin != NOT_USED:
            capacity = clinker / self._value("utilisation", index).value
        # The capacity of a year holds the standstill of a normal year, and a test is made while the kiln runs.
        hours = HOURS_PER_YEAR * self._value("run_factor", index).value
        return rates if math.isnan(capacity) else {**rates, RATE: Rate(per_t * capacity / hours)}


def _or_blank(kiln_type: object) -> str:
    return "" if kiln_type in (None, UNKNOWN) else str(kiln_type)
