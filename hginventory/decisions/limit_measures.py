"""Emission limits as measures: a unit above its limit gets the cheapest option that holds it, or is marked infeasible.

A limit that does not bind changes nothing. Options are tried one by one and, where none is enough, in pairs through the
resulting train; the year is that of the limit, or the first one in which the option can be built.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hginventory.decisions.limit_basis import GasTables
from hginventory.decisions.limits import Limit, limits_in_table, over_limit, user_limit
from hginventory.decisions.option_measure import measure_of
from hginventory.decisions.options import Catalogue
from hginventory.decisions.unit_option import UnitOption
from hginventory.errors import ScenarioError, UsageError
from hginventory.projection import Projection
from hginventory.scenarios.model import Measure

if TYPE_CHECKING:
    from hginventory.decisions.apply import Change

LIMIT = "emission_limit"
PAIRED = 8  # options of a unit that are tried in pairs, those that avoid most


def meet_limits(
    baseline: Projection, plan: Mapping[str, Sequence[Change]]
) -> tuple[dict[str, list[Change]], list[str]]:
    """Return a plan in which every limit has become the option that holds it, and the units where none does.

    Parameters
    ----------
    baseline : Projection
        The fleet as it is.
    plan : mapping of str to sequence of Change
        Unit -> measures.

    Raises
    ------
    ScenarioError
        If a limit is not known.
    """
    out = {unit: [change for change in changes if change.measure.action != LIMIT] for unit, changes in plan.items()}
    asked = {unit: [c for c in changes if c.measure.action == LIMIT] for unit, changes in plan.items()}
    if not any(asked.values()):
        return out, []
    tables = GasTables(baseline.library)
    over = {change.measure: _over(baseline, change.measure, tables) for own in asked.values() for change in own}
    places = {str(unit): place for place, unit in enumerate(baseline.units.index)}
    air = baseline.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    catalogue = Catalogue(baseline)
    infeasible: list[str] = []
    for unit, changes in asked.items():
        for change in changes:
            ratio = over[change.measure][places[unit]]
            if not ratio > 1.0:  # also where no limit applies to the unit
                continue
            option = _cheapest(catalogue, unit, 1.0 - 1.0 / ratio, air[places[unit]])
            if option is None:
                infeasible.append(unit)
                continue
            year = max(change.first, int(option.first_year))
            measure = measure_of(option, catalogue.table, air[places[unit]], year)
            out[unit].append(replace(change, measure=measure, first=year))
    return out, infeasible


def _over(baseline: Projection, measure: Measure, tables: GasTables) -> np.ndarray:
    """Return the rate of each unit over the strictest limit of a measure that applies to it; NaN where none does."""
    ratios = [over_limit(baseline, limit, tables) for limit in _limits(baseline, measure)]
    return np.asarray(np.fmax.reduce(ratios), dtype=np.float64)


def _limits(baseline: Projection, measure: Measure) -> list[Limit]:
    if measure.value is not None:
        sectors = dict.fromkeys(baseline.units["sector"])
        try:
            return [user_limit(measure.value, measure.unit, sector=s, o2_percent=measure.o2) for s in sectors]
        except UsageError as error:
            raise ScenarioError(f"{measure.place or LIMIT}: {error}") from None
    named = limits_in_table(baseline.library)
    wanted = measure.target.casefold()
    found = [one for one in named if f"{one.country}/{one.instrument}".casefold().startswith(wanted)]
    found = [one for one in found if not one.only_where]  # what holds under a condition nobody has stated
    if not found:
        known = dict.fromkeys(f"{one.country}/{one.instrument}" for one in named)
        raise ScenarioError(
            f"{measure.place or LIMIT}: target {measure.target!r} names no limit. Use the begin of one of: "
            f"{'; '.join(known)}."
        )
    return found


def _cheapest(catalogue: Catalogue, unit: str, cut: float, air: float) -> UnitOption | None:
    """Return the cheapest option, or pair of options, that takes out a share of the emission of a unit [0-1]."""
    options = [option for option in catalogue.of_unit(unit) if option.applies != "no" and _priced(option)]
    enough = [option for option in options if option.avoided_kg_per_yr >= cut * air]
    if not enough:
        enough = [option for option in _pairs(catalogue, unit, options) if option.avoided_kg_per_yr >= cut * air]
    return min(enough, key=lambda option: (_price(option), option.option), default=None)


def _pairs(catalogue: Catalogue, unit: str, options: Sequence[UnitOption]) -> Iterator[UnitOption]:
    largest = sorted(options, key=lambda option: -option.avoided_kg_per_yr)[:PAIRED]
    for first, second in combinations(largest, 2):
        try:
            both = catalogue.combined(unit, [first.option, second.option])
        except UsageError:  # two of one kind
            continue
        if both.applies != "no" and _priced(both):
            yield both


def _priced(option: UnitOption) -> bool:
    return option.cost is not None and option.avoided_kg_per_yr > 0 and math.isfinite(_price(option))


def _price(option: UnitOption) -> float:
    return math.inf if option.cost is None else option.cost.per_year.value
