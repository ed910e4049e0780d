"""Which factors of a unit vary, by what distribution, and what each shares its error with.

Contents belong to the coal or quarry of a plant, so units of one plant share them. What divides (efficiency,
heating value) varies as its reciprocal, so that the mean is kept. The z of removal is keyed by coal class and unit,
never by train, so a unit keeps its z when its train changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hginventory.factors import (
    ADDED_BLEED,
    BETA,
    BLEEDS,
    CELL,
    DERIVED,
    LOOP,
    MEASURED,
    MOST_SCOPES,
    NORMAL,
    NOT_USED,
    RAW_MEAL,
    REPORTED,
    STACK_TEST,
    Ladder,
    OriginSpreads,
    Spread,
    Value,
    from_row,
    is_row,
)
from hginventory.inputs.fleet import Cells
from hginventory.projection import ON_BLED_DUST, Dust, Projection, Tier, bleed_is_stated
from hginventory.uncertainty import dust_loop
from hginventory.vocabulary import CEMENT_KILN, UNKNOWN, train_devices

KILN_CONTROL = "kiln_control_"  # family of the removal of a device behind the dust loop, before its code
MULTIPLIER, PASSING, REMOVED = "multiplier", "passing", "removed"  # how a table acts on the emission
COMMON = -1
COAL_CLASS = "coal_class"


@dataclass(frozen=True)
class UncertainFactor:
    """One uncertain factor of one unit.

    Attributes
    ----------
    family : str
        Name of the factor in streams; factors of a family and label share their z.
    kind : str
        ``multiplier``, a number over its mean; of shares ``passing``: of what passes, more of it with a higher z, or
        ``removed``: of what does not, more of it with a higher z. A beta is over the share itself, a normal or
        lognormal over what passes.
    mean : float
        Mean of the number where it is a share that is drawn; else 1.
    spread : Spread
        How it varies.
    labels : tuple of str
        Label of each scope of the spread.
    term : int
        Term of the emission it acts on; -1 all.
    highest : float
        Largest value over the mean; a capacity factor never passes 1.
    before : UncertainFactor or None
        The share before devices were added: at no z does more pass than then.
    classes : tuple of (str, float)
        Classes of a coal between two, and the part of each in what units of a class share; empty: one class.
    """

    family: str
    kind: str
    mean: float
    spread: Spread
    labels: tuple[str, ...]
    term: int = COMMON
    highest: float = float("inf")
    before: UncertainFactor | None = None
    classes: tuple[tuple[str, float], ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, float, str], ...]:
        """Scope, part of the variance and label of each random number that makes the error."""
        return tuple(
            (scope, share * part, own)
            for (scope, share), label in zip(self.spread.scopes, self.labels, strict=True)
            for own, part in (self.classes if scope == COAL_CLASS and self.classes else ((label, 1.0),))
        )


# parameter -> family, quantity of `OriginSpreads.of`
COAL = {
    "hg_coal": ("hg_coal", "content"),
    "activity": ("activity", "activity"),
    "net_efficiency": ("efficiency", "efficiency"),
    "calorific_value": ("heating_value", "heating_value"),
    "removal": ("removal", "passing_share"),
}
KILN_COMMON = {
    "utilisation": ("utilisation", "process"),
    "clinker_factor": ("clinker_factor", "process"),
    "emission_factor": ("emission_factor", "emission_factor"),
    "kiln_model": ("kiln_model", "kiln_model"),
}
KILN_TERMS = {  # term -> parameters that act on it alone
    0: {"raw_meal_ratio": ("raw_meal_ratio", "process"), "hg_raw_meal": ("hg_raw_meal", RAW_MEAL)},
    1: {"heat_use": ("heat_use", "process"), "fuel_hg": ("hg_kiln_fuel", "content")},
}


class UncertainFactorFinder:
    """Finds the uncertain factors of each unit of a projection.

    Parameters
    ----------
    projection : Projection
        Units, parameters and factor tables.
    names : sequence of str, optional
        Ids in streams, where the units are states of others; default: those of the projection.
    """

    def __init__(self, projection: Projection, names: Sequence[str] | None = None) -> None:
        units = projection.units.reset_index()
        self.units = Cells(units if names is None else units.assign(unit_id=list(names)))
        self.parameters, self._tiers = projection.parameters, projection.tier
        self._removal = projection.removal_by_listed_controls.tolist()
        self._low_class = projection.low_class
        self.spreads = projection.library.once(OriginSpreads)
        self._devices = Ladder(projection.library.table("cement_control"))

    def of_unit(self, index: int) -> list[UncertainFactor]:
        """Return the uncertain factors of a unit by its index."""
        unit = self.units[index]
        of_sector = self._kiln(index, unit) if unit["sector"] == CEMENT_KILN else self._coal(index, unit)
        return [*of_sector, *self._stack_test(index, unit)]

    def value(self, name: str, index: int) -> Value:
        """Return the resolved value of a parameter of a unit."""
        return self.parameters[name].of_unit(index)

    def tested_at_stack(self, index: int) -> bool:
        """Return whether the emissions of a unit were measured at its own stack."""
        return STACK_TEST in self.parameters and self.value(STACK_TEST, index).origin == MEASURED

    def labels(self, scope: str) -> list[str]:
        """Return with whom each unit shares an error of a scope, length N."""
        names = ("unit_id", "country", "plant", COAL_CLASS)
        rows = zip(*map(self.units.column, names), strict=True)
        return [self._label(scope, dict(zip(names, row, strict=True))) for row in rows]

    def _coal(self, index: int, unit: Mapping[str, Any]) -> Iterator[UncertainFactor]:
        values = {name: self.value(name, index) for name in COAL}
        for name, (family, quantity) in COAL.items():
            value = values[name]
            if value.origin == NOT_USED:
                continue
            if name == "calorific_value" and _one_analysis(values["hg_coal"], value):
                continue  # content over heating value was measured as one number
            spread = self._spread(value, quantity, unit)
            if spread is None:
                continue
            labels = tuple(self._label(scope, unit) for scope, _ in spread.scopes)
            if name == "removal":
                removal = self._removal[index]
                if 0.0 < removal < 1.0:
                    mixed = _classes(self._low_class[index], self.value("high_cl_share", index).value)
                    classes = mixed if len(spread.scopes) < MOST_SCOPES else ()
                    yield UncertainFactor(family, REMOVED, removal, spread, labels, classes=classes)
                continue
            factor = unit["capacity_factor"]
            most = 1.0 / factor if name == "activity" and 0 < factor < 1.0 else math.inf
            yield _multiplier(family, value, spread, labels, most=most)

    def _kiln(self, index: int, unit: Mapping[str, Any]) -> Iterator[UncertainFactor]:
        tier: Tier = self._tiers[index]
        if tier is Tier.MEASURED:
            rule = self.spreads.rule("measured_air", MEASURED)
            yield UncertainFactor("measured_air", MULTIPLIER, 1.0, rule, self._labels(rule, unit))
            return
        named = {(COMMON, name): rule for name, rule in KILN_COMMON.items()}
        if tier is Tier.MASS_BALANCE:
            named |= {(term, name): rule for term, rules in KILN_TERMS.items() for name, rule in rules.items()}
        for (term, name), (family, quantity) in named.items():
            value = self.value(name, index)
            spread = self._spread(value, quantity, unit) if value.origin != NOT_USED else None
            if spread is not None:
                most = 1.0 / value.value if name == "utilisation" and 0 < value.value < 1.0 else math.inf
                yield _multiplier(family, value, spread, self._labels(spread, unit), most=most, term=term)
        air = self.value("air_share", index)
        spread = self._spread(air, "passing_share", unit)
        is_stated = bleed_is_stated(self.value(BLEEDS[0], index))
        if spread is not None and 0.0 < air.value < 1.0:
            if tier is Tier.MASS_BALANCE and not is_stated:
                yield UncertainFactor("air_share", PASSING, air.value, spread, self._labels(spread, unit))
            elif tier is Tier.EMISSION_FACTOR and is_stated:  # else it cancels in the factor
                divisor = replace(spread, distribution=NORMAL, size=spread.size / air.value)
                yield _multiplier("air_share", air, divisor, self._labels(spread, unit), most=math.inf)
        yield from self._dust_loop(index, unit)
        yield from self._kiln_controls(index, unit)

    def _dust_loop(self, index: int, unit: Mapping[str, Any]) -> Iterator[UncertainFactor]:
        """Return the share that passes the dust loop, where its bleed is stated or a measure adds to it.

        A test at the stack does not settle it: the hours of a test are not those of the mill over a year.
        """
        values = {name: self.value(name, index) for name in (*LOOP, *BLEEDS)}
        more = self.value(ADDED_BLEED, index)
        is_stated = bleed_is_stated(values[BLEEDS[0]])
        if not is_stated and more.origin == NOT_USED:
            return
        dust = Dust(is_stated, values, 0.0 if is_stated else more.value)
        acting = LOOP if dust.works_on_loop else LOOP[:1]  # without a bleed only what the clinker keeps
        varying = (name for name in acting if values[name].origin != DERIVED)  # what gave way to the share to air
        known = {name: self._spread(values[name], "process", unit) for name in varying}
        spreads = {name: spread for name, spread in known.items() if spread is not None}
        found = dust_loop.spread_of_loop(dust, spreads, self.value("air_share", index).value)
        if found is not None:
            passing, spread = found
            yield UncertainFactor("dust_loop", PASSING, passing, spread, self._labels(spread, unit))

    def _kiln_controls(self, index: int, unit: Mapping[str, Any]) -> Iterator[UncertainFactor]:
        """Return the removals behind the dust loop: of each device its own, as devices come and go in scenarios.

        A test at the stack was made behind them. What works on bled dust has no removal of its own where the bleed
        is stated.
        """
        tested = self.tested_at_stack(index)
        for device in () if tested or unit["train"] == UNKNOWN else train_devices(str(unit["train"])):
            value = from_row(self._devices[device,])
            spread = self._spread(value, "passing_share", unit)
            idle = device in ON_BLED_DUST and bleed_is_stated(self.value(BLEEDS[0], index))
            if spread is not None and 0.0 < value.value < 1.0 and not idle:
                labels = self._labels(spread, {**unit, "device": device})
                yield UncertainFactor(f"{KILN_CONTROL}{device}", REMOVED, value.value, spread, labels)

    def _labels(self, spread: Spread, unit: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(self._label(scope, unit) for scope, _ in spread.scopes)

    def _label(self, scope: str, unit: Mapping[str, Any]) -> str:
        """Return with whom an error of a scope is shared."""
        if scope == "world":
            return "all"
        if scope == "country":
            return str(unit["country"])
        if scope in ("plant", "quarry"):
            plant = unit["plant"]
            return f"{unit['country']}/{plant}" if isinstance(plant, str) and plant else f"unit/{unit['unit_id']}"
        if scope == COAL_CLASS:
            return str(unit["coal_class"])
        if scope == "device":
            return str(unit["device"])
        if scope in ("kiln", "unit"):
            return str(unit["unit_id"])
        raise AssertionError(f"no label for the scope {scope!r}")  # a scope of `factors.tables` that is missing here

    def _spread(self, value: Value, quantity: str, unit: Mapping[str, Any]) -> Spread | None:
        return self.spreads.of(value, quantity, str(unit["country"]))

    def _stack_test(self, index: int, unit: Mapping[str, Any]) -> Iterator[UncertainFactor]:
        """Return the error of measurements at the stack, from which the emission follows as far as they weigh."""
        spread = self.value(STACK_TEST, index).spread if STACK_TEST in self.parameters else None
        if spread is not None:
            yield UncertainFactor(STACK_TEST, MULTIPLIER, 1.0, spread, self._labels(spread, unit))


def _multiplier(
    family: str, value: Value, spread: Spread, labels: tuple[str, ...], *, most: float, term: int = COMMON
) -> UncertainFactor:
    """Return the factor of a number that multiplies the emission: over its mean, which a beta has to know."""
    if spread.distribution == BETA:  # ends at 1 by itself
        return UncertainFactor(family, MULTIPLIER, value.value, spread, labels, term)
    return UncertainFactor(family, MULTIPLIER, 1.0, spread, labels, term, most)


def _classes(low_class: str, high: float) -> tuple[tuple[str, float], ...]:
    """Return the classes of a coal between two, and the part of each in the variance of what they share.

    The error of a mix is that of both classes, each by its weight, so that coals which differ by little share it.

    >>> _classes("low_cl", 0.75), _classes("lignite", 0.0)
    ((('high_cl', 0.9), ('low_cl', 0.1)), ())
    """
    if not 0.0 < high < 1.0:
        return ()
    whole = high**2 + (1.0 - high) ** 2
    return ("high_cl", high**2 / whole), (low_class, (1.0 - high) ** 2 / whole)


def _one_analysis(content: Value, heat: Value) -> bool:
    """Return whether content and heating value are of the user's cells, neither of a row of the sheet Factors."""
    both = content.origin in (MEASURED, REPORTED) and heat.origin == REPORTED and heat.read_from == CELL
    return both and not any(map(is_row, (*content.refs, *heat.refs)))
