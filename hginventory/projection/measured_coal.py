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
    DEFAULT,
    MEASURED,
    NOT_USED,
    REPORTED,
    STACK_TEST,
    CoalTables,
    MeasuredPoint,
    Spread,
    Value,
    after,
    given,
    gross_over_net,
    is_row,
    log_sd_of,
    lookup,
    pooled,
    shrunk,
    weight,
)
from hginventory.inputs.fleet import COAL_ANALYSIS, CONCENTRATION, CONTENT, RATE, REMOVAL, YEARLY, Measurement
from hginventory.model import AIR, coal
from hginventory.projection.measurement_update import (
    MeasuredValues,
    Rate,
    UnitMeasurements,
    in_scopes,
    moved,
    point,
)
from hginventory.projection.plant_update import UnitAfter, UnitBefore
from hginventory.projection.removal_measurements import of_passing, usual_errors
from hginventory.translations import TranslatableText
from hginventory.vocabulary import COAL_POWER, UNKNOWN

MG_PER_G = 1000.0
# Quantity -> factors between content times passing share and what is measured, with their quantity of origin_spread.
BETWEEN: Mapping[str, tuple[str, ...]] = {
    CONCENTRATION: ("calorific_value",),
    "hg_per_heat": ("calorific_value",),
    "hg_per_heat_gross": ("calorific_value",),
    "hg_per_gwh": ("calorific_value", "net_efficiency"),
    "hg_per_gwh_gross": ("calorific_value", "net_efficiency"),
    RATE: ("calorific_value", "net_efficiency"),
    YEARLY: ("calorific_value", "net_efficiency", "activity"),
}
SPREAD_OF = {"calorific_value": "heating_value", "net_efficiency": "efficiency", "activity": "activity"}


class CoalMeasurements(UnitMeasurements):
    """Measurements of the coal units of a fleet; parameters as in `measurement_update.UnitMeasurements`."""

    sector = COAL_POWER

    @cached_property
    def coal(self) -> CoalTables:
        """Tables of coal quality."""
        return self.library.once(CoalTables)

    def run(self) -> Mapping[int, MeasuredValues]:
        """Return what the measurements change in their units, by position: analyses first, then tests."""
        analyses: dict[tuple[str, ...], list[Measurement]] = {}
        removals: dict[int, list[Measurement]] = {}
        at_stacks: list[Measurement] = []
        for one in self.measured:
            for index in (self.index_of[unit] for unit in one.unit_ids):
                if one.kind == COAL_ANALYSIS and one not in analyses.get(self._coal_at(index), ()):
                    analyses.setdefault(self._coal_at(index), []).append(one)
                elif one.quantity == REMOVAL:
                    removals.setdefault(index, []).append(one)
            if one.quantity in BETWEEN:
                at_stacks.append(one)
        if analyses:
            burning: dict[tuple[str, ...], list[int]] = {}
            for index in range(len(self.records)):
                burning.setdefault(self._coal_at(index), []).append(index)
            for coal_of_plant, own in analyses.items():
                self._analyses(burning[coal_of_plant], own)
        for index, of_unit in removals.items():
            self._removal(index, of_unit)
        self.at_stacks(at_stacks)
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
        """Return the standard deviation of the logarithm of a parameter, also of one that activity makes needless."""
        value = self._value(name, index)
        if value.origin == NOT_USED:
            value = replace(value, origin=DEFAULT if all(map(is_row, value.refs)) else REPORTED)
        spread = self._spread(value, SPREAD_OF[name], index)
        return 0.0 if spread is None else log_sd_of(spread, value.value)

    def _put(self, index: int, **values: Value) -> MeasuredValues:
        known = self.updated.setdefault(index, MeasuredValues())
        known.values |= values
        return known

    def _analyses(self, indices: Sequence[int], analyses: Sequence[Measurement]) -> None:
        """Move the content of the units that burn a coal."""
        pairs = [(one, self.compare.reading(one, one.value * self._dry(one))) for one in analyses]
        self.compare.note_disagreement(pairs)
        value, error = pooled([reading for _, reading in pairs], self.compare.coal_year_sd)
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
                if self.ids[index] in one.unit_ids:
                    distance = self.compare.distance(one, reading, before.value, log_sd)
                    known.points.append(
                        point(
                            one,
                            self.ids[index],
                            before.value * one.value / math.exp(reading.log_value),
                            mean,
                            distance,
                            part,
                        )
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
        usual = usual_errors(self.compare.spreads)
        pairs = [(one, self.compare.reading(one, 1.0 - one.value, of_passing(one, usual[one.kind]))) for one in tests]
        self.compare.note_disagreement(pairs)
        value, error = pooled([reading for _, reading in pairs], self.compare.stack_year_sd)
        log_sd = log_sd_of(spread, passing)
        part = weight(log_sd, error)
        new = passing ** (1.0 - part) * math.exp(part * value)
        refs = (*dict.fromkeys(one.cell for one in tests), *before.refs)
        after_tests = after(spread, log_sd, part, error, "unit", new)
        known = self._put(index, removal=Value(1.0 - new, MEASURED, refs, CELL, after_tests))
        for one, reading in pairs:
            distance = self.compare.distance(one, reading, passing, log_sd)
            distance = replace(distance, z=-distance.z)  # more removed is less passing
            known.points.append(point(one, self.ids[index], before.value, 1.0 - new, distance, part))

    def before(self, index: int) -> UnitBefore:
        """Return the variance of content times passing share; what analyses revealed of the coal is shared no more."""
        old, now = self._variances(index, before=True), self._variances(index)
        parts = [in_scopes(spread, variance) for spread, variance in now]
        variance = math.fsum(own for _, own in now)
        fallen = max(old[0][1] - now[0][1], 0.0)
        shared = self.shared * math.fsum(own for _, own in old) - fallen
        return UnitBefore(variance, min(max(shared, 0.0), variance), math.fsum(parts))

    def _variances(self, index: int, *, before: bool = False) -> list[tuple[Spread | None, float]]:
        """Return spread and variance of the logarithm of content and passing share, as updated or before."""
        content, removal = (
            self.result.factors[name].of_unit(index) if before else self._value(name, index)
            for name in ("hg_coal", "removal")
        )
        if not removal.value < 1.0 or not content.value > 0.0:
            return [(None, 0.0), (None, 0.0)]
        spreads = self._spread(content, "content", index), self._spread(removal, "passing_share", index)
        scales = 1.0, 1.0 - removal.value
        return [
            (spread, 0.0 if spread is None else log_sd_of(spread, scale) ** 2)
            for spread, scale in zip(spreads, scales, strict=True)
        ]

    def between(self, quantity: str, index: int) -> Mapping[str, float]:
        """Return the factors between content times passing share and a quantity, with the ln-sd of each."""
        names = BETWEEN[quantity]
        if quantity == YEARLY:  # what the run does not compute the amount of a year from plays no part in it
            names = tuple(name for name in names if self._value(name, index).origin != NOT_USED)
        return {name: self._log_sd(name, index) for name in names}

    def note_unused(self, one: Measurement) -> None:
        """Note a measurement of units without output."""
        found = TranslatableText("{quantity} of a unit without output", quantity=one.quantity)
        self.log.add_at("W422", one.address, one.unit_id, found)

    def move(self, index: int, after: UnitAfter, said: Value) -> None:
        """Move content and passing share of a unit, each by its part of the variance."""
        content, removal = self._value("hg_coal", index), self._value("removal", index)
        (of_content, v_content), (of_passing, v_passing) = self._variances(index)
        passing = 1.0 - removal.value
        new_passing = min(passing * after.ratio ** (v_passing / (v_content + v_passing)), 1.0)
        new_content = content.value * after.ratio * passing / new_passing
        self._put(
            index,
            hg_coal=moved(content, new_content, _left(of_content, v_content, after), said),
            removal=moved(removal, 1.0 - new_passing, _left(of_passing, v_passing, after, new_passing), said),
            **{STACK_TEST: said},
        )

    def rates(self, index: int) -> Mapping[str, Rate]:
        """Return what a unit is expected to emit, by quantity, in the units of measurements and gas as in its table."""
        result, columns = self.result, self.result.columns
        old = result.factors["hg_coal"].of_unit(index).value * (1.0 - result.factors["removal"].of_unit(index).value)
        now = self._value("hg_coal", index).value * (1.0 - self._value("removal", index).value)
        air_g = float(result.hg_in[index] * result.shares[index, AIR].sum()) * coal.G_PER_KG * (now / old)
        number = {name: float(columns[name][index]) for name in ("coal_t_per_yr", "calorific_value_mj_per_kg",
                  "generation_net_gwh_per_yr", "capacity_net_mw")}  # fmt: skip
        heat_gj = number["coal_t_per_yr"] * number["calorific_value_mj_per_kg"]
        if not heat_gj > 0.0:
            return {}
        net_gwh = number["generation_net_gwh_per_yr"]
        hours = net_gwh * coal.MWH_PER_GWH / number["capacity_net_mw"]  # at full load
        record = self.records[index]
        over_net = gross_over_net(self.library, str(record["country"]), str(record.get("coal_type") or UNKNOWN)).value
        gross_gwh = net_gwh * float(columns["capacity_gross_mw"][index]) / number["capacity_net_mw"]
        volume = self.gas.coal_gas(str(record.get("coal_type") or lookup.ALL)) * heat_gj
        return {
            YEARLY: Rate(air_g / coal.G_PER_KG),
            RATE: Rate(air_g / hours),
            "hg_per_heat": Rate(air_g * MG_PER_G, heat_gj),  # g/GJ to g/TJ
            "hg_per_heat_gross": Rate(air_g * MG_PER_G, heat_gj * over_net),
            "hg_per_gwh": Rate(air_g, net_gwh),
            "hg_per_gwh_gross": Rate(air_g, gross_gwh),
            CONCENTRATION: Rate(air_g * MG_PER_G * MG_PER_G, volume),
        }


def _left(spread: Spread | None, variance: float, after: UnitAfter, scale: float = 1.0) -> Spread:
    """Return what remains of the spread of a factor after measurements at the stack."""
    return CERTAIN if spread is None else shrunk(spread, math.sqrt(variance) * after.kept, scale)


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
