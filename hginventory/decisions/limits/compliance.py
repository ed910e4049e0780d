"""Units compared with emission limits: the rate on the limit's own basis, the margin, the probability of exceeding it.

The probability takes the yearly rate of a unit as lognormal, from the 5th, 50th and 95th percentile of its draws. That
spread includes the activity, which a concentration does not follow, so probabilities lie a little too near 0.5.
A unit is compared with laws of other countries as if they applied to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hginventory._types import Floats, Positions
from hginventory.arguments import several
from hginventory.compliance import applies, central_rates, on_basis, unit_rates
from hginventory.decisions.ranking import Certainty
from hginventory.ensemble import normal_cdf
from hginventory.factors import RANGE_90
from hginventory.model import GasTables, Limit, alternatives
from hginventory.projection import Projection

SAME = 1e-9  # relative; rounding is not a difference


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


def check_limits(projection: Projection, limits: Sequence[Limit], sure: Certainty | None = None) -> pd.DataFrame:
    """Return the rate of each unit compared with each limit that applies to it; of alternatives, the easier to meet.

    Parameters
    ----------
    projection : Projection
        The run.
    limits : sequence of Limit
        Limits to compare with.
    sure : Certainty, optional
        Draws of the run, for percentiles and probabilities.

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
    complied = projection.complies.rate / central_rates(projection.units)
    frames = []
    easiest = {one: either for either in alternatives(limits) for one in either}
    ratios = {limit: over_limit(projection, limit, tables, rates) for limit in limits}
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
            **_percentiles(value / air[chosen], highest, sure, chosen),
            "margin": 1.0 - value / limit.value,
            "above": value > limit.value,
            "p_exceed": _p_exceed(projection, limit.value * air[chosen] / value, sure, chosen),
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


def _percentiles(per_kg: Floats, highest: Floats, sure: Certainty | None, chosen: Positions) -> dict[str, Floats]:
    names = {f"value_{level}": f"air_kg_per_yr_{level}" for level in ("p05", "p50", "p95")}
    if sure is None:
        return {name: np.full(chosen.size, np.nan) for name in names}
    drawn = {name: per_kg * sure.units[column].to_numpy(dtype=np.float64)[chosen] for name, column in names.items()}
    return {name: np.fmin(values, highest) for name, values in drawn.items()}  # the activity is no part of a rate


def _p_exceed(projection: Projection, limit_kg: Floats, sure: Certainty | None, chosen: Positions) -> Floats:
    """Return the probability to be above a limit, as a yearly emission [kg/yr], by the listed controls alone."""
    if sure is None:
        return np.full(chosen.size, np.nan)
    low, middle, high = (
        sure.units[f"air_kg_per_yr_{p}"].to_numpy(dtype=np.float64)[chosen] for p in ("p05", "p50", "p95")
    )
    found = p_above(limit_kg, low, middle, high)
    for number, index in enumerate(chosen.tolist()):
        known = projection.cuts.get(str(projection.units.index[index]))
        if known is not None and known.cut is not None:
            found[number] = known.cut.probability_above(float(limit_kg[number]) / known.air_kg_per_yr)
    return found


def p_above(limit: Floats, p05: Floats, p50: Floats, p95: Floats) -> Floats:
    """Return the probability that a lognormal of given percentiles is above a limit; all in one unit, one shape.

    Examples
    --------
    >>> one, two, four = np.array([1.0]), np.array([2.0]), np.array([4.0])
    >>> p_above(four, one, two, four).round(3).tolist()
    [0.05]
    """
    spread = np.log(p95 / p05) / RANGE_90
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.log(limit / p50) / spread
    z = np.where(spread > 0, z, np.where(limit < p50, -np.inf, np.inf))
    return 1.0 - normal_cdf(z)
