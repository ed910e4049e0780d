"""Units compared with emission limits: the rate on the limit's own basis, the margin, the probability of exceeding it.

Probabilities and percentiles are those of the distribution of the rate of each unit, made of its uncertain factors
other than its activity, without a draw. A unit is compared with laws of other countries as if they applied to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hginventory._types import Floats, Positions
from hginventory.arguments import several
from hginventory.compliance import applies, central_rates, on_basis, unit_rates
from hginventory.model import GasTables, Limit, alternatives
from hginventory.projection import Projection
from hginventory.uncertainty import unit_rate_distributions

SAME = 1e-9  # relative; rounding is not a difference
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


def over_limit(
    projection: Projection, limit: Limit, tables: GasTables | None = None, rates: pd.DataFrame | None = None
) -> Floats:
    """Return the rate of each unit over a limit, shape (N,); NaN where the limit does not apply to it.

    Parameters
    ----------
    projection : Projection
        The run.
    limit : Limit
        The limit.
    tables : GasTables, optional
        Made from the library of the run where not given.
    rates : DataFrame, optional
        From `unit_rates`, where several limits are asked about.
    """
    tables = tables or GasTables(projection.library)
    rates = unit_rates(projection.units, projection.parameters, tables) if rates is None else rates
    ratio = on_basis(rates, limit.basis, tables) / limit.value
    return np.where(applies(projection.units, rates, limit), ratio, np.nan)


def check_limits(projection: Projection, limits: Sequence[Limit]) -> pd.DataFrame:
    """Return the rate of each unit compared with each limit that applies to it; of alternatives, the easier to meet.

    Parameters
    ----------
    projection : Projection
        The run.
    limits : sequence of Limit
        Limits to compare with.

    Returns
    -------
    DataFrame
        One row per unit and limit that applies to it: unit_id, plant, unit, sector, country, limit_id, jurisdiction,
        own_law, instrument, applies_to, averaging, limit, limit_unit, reference, only_where, years_off (of the base
        year from the period of the limit), value on that basis, its p05, p50 and p95, margin (share of the limit left;
        negative above it), above, p_exceed, stated_to_comply, air_kg_per_yr and kg_above (what the unit emits above the
        limit in a year). p_exceed is the probability by the listed controls alone, also of a unit that is stated to
        comply with this or a lower limit; all other numbers are those after that statement.
    """
    several("limits", limits, Limit, "limits, as of hginventory.model.user_limit")
    tables = GasTables(projection.library)
    rates = unit_rates(projection.units, projection.parameters, tables)
    units = projection.units
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    frames = []
    easiest = {one: either for either in alternatives(limits) for one in either}
    ratios = {limit: over_limit(projection, limit, tables, rates) for limit in limits}
    known = np.flatnonzero(np.isfinite(list(ratios.values())).reshape(-1, len(units)).any(axis=0))
    spread, complied = _Rates(projection, known), projection.complies.rate / central_rates(units)
    for limit in limits:
        chosen = np.flatnonzero(ratios[limit] == np.fmin.reduce([ratios[one] for one in easiest[limit]]))
        if not chosen.size:
            continue
        value = ratios[limit][chosen] * limit.value
        highest = complied[chosen] * value  # that a unit complies with, on this basis; NaN where it is not stated
        own = units.iloc[chosen]
        named = own[["plant", "unit", "sector", "country"]].reset_index()
        compared = {
            "limit_id": limit.limit_id,
            "jurisdiction": limit.country,
            "own_law": (own["country"] == limit.country).to_numpy(),
            "instrument": limit.instrument,
            "applies_to": limit.applies_to,
            "averaging": limit.averaging,
            "limit": limit.value,
            "limit_unit": limit.basis.unit,
            "reference": limit.basis.text(),
            "only_where": limit.only_where,
            "years_off": limit.years_off,
            "value": value,
            **spread.percentiles(chosen, value),
            "margin": 1.0 - value / limit.value,
            "above": value > limit.value,
            "p_exceed": spread.above(chosen, limit.value / value),
            "stated_to_comply": highest <= limit.value * (1.0 + SAME),
            "air_kg_per_yr": air[chosen],
            "kg_above": air[chosen] * np.maximum(0.0, 1.0 - limit.value / value),
        }
        frames.append(pd.concat([named, pd.DataFrame(compared, index=named.index)], axis=1))
    if not frames:
        return pd.DataFrame(
            columns=["unit_id", "limit_id", "value", "above", "p_exceed", "stated_to_comply", "kg_above"]
        )
    return pd.concat(frames, ignore_index=True)


def summarise_limits(checked: pd.DataFrame) -> pd.DataFrame:
    """Return one row per limit: units it applies to, units above it, expected number above it, excess [kg/yr]."""
    keys = [
        "limit_id",
        "jurisdiction",
        "instrument",
        "applies_to",
        "averaging",
        "limit",
        "limit_unit",
        "reference",
        "only_where",
        "years_off",
    ]
    if checked.empty:
        return pd.DataFrame(
            columns=[*keys, "units", "units_above", "units_stated", "units_above_expected", "kg_per_yr", "kg_above"]
        )
    grouped = checked.groupby(keys, sort=False, dropna=False)
    table = grouped.agg(
        units=("unit_id", "size"),
        units_above=("above", "sum"),
        units_stated=("stated_to_comply", "sum"),
        units_above_expected=("p_exceed", lambda p: p.sum(min_count=1)),
        highest=("value", "max"),
        kg_per_yr=("air_kg_per_yr", "sum"),
        kg_above=("kg_above", "sum"),
    )
    return table.reset_index()


class _Rates:
    """How uncertain the rates of units are, without their activity: by the listed controls, and after a statement."""

    def __init__(self, projection: Projection, chosen: Positions) -> None:
        found = unit_rate_distributions(projection, chosen.tolist())
        kinds = {id(one): one for one in found.values()}
        self._kinds, numbers = list(kinds.values()), {key: number for number, key in enumerate(kinds)}
        self._kind = np.full(len(projection.units), -1)
        self._kind[chosen] = [numbers[id(one)] for one in found.values()]
        air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)
        listed = projection.air_by_listed_controls
        self._air_over_listed = np.divide(air, listed, out=np.ones(air.size), where=listed > 0.0)
        self._cuts = {index: own for index in chosen.tolist() if (own := projection.cut_of(index)) is not None}

    def above(self, chosen: Positions, over_mean: Floats) -> Floats:
        """Return the probability of the listed controls alone to be above levels over the rates [0-1], shape (M,)."""
        over_listed, out = over_mean * self._air_over_listed[chosen], np.empty(chosen.size)
        for kind, distribution in enumerate(self._kinds):
            own = self._kind[chosen] == kind
            level = over_listed[own]
            out[own] = level < 1.0 if distribution is None else distribution.probability(level)[1]
        return out

    def percentiles(self, chosen: Positions, value: Floats) -> dict[str, Floats]:
        """Return percentiles of rates after statements, of which the means are given: name -> shape (M,)."""
        listed, out = value / self._air_over_listed[chosen], {}
        for name, level in LEVELS.items():
            over = np.ones(chosen.size)
            for kind, distribution in enumerate(self._kinds):
                if distribution is not None:
                    over[self._kind[chosen] == kind] = distribution.quantile(np.array(level), np.array(1.0 - level))
            for place, index in enumerate(chosen.tolist()):
                if index in self._cuts:
                    over[place] = self._cuts[index].after(over[[place]])[0]
            out[f"value_{name}"] = listed * over
        return out
