"""Units beside emission limits: the rate on the limit's own basis, the margin, the probability to be above.

The probability takes the yearly rate of a unit as lognormal, from the 5th, 50th and 95th percentile of its draws. That
spread holds the activity as well, which a concentration does not follow, so probabilities lie a little too near 0.5.
A unit is compared with laws of other countries as if they held for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.decisions.certainty import Certainty
from hginventory.decisions.limit_basis import Basis, GasTables, on_basis, unit_of, unit_rates
from hginventory.ensemble.quantiles import normal_cdf
from hginventory.errors import UsageError
from hginventory.factors.library import FactorLibrary, FactorRow
from hginventory.factors.spread import RANGE_90
from hginventory.model.sector import CEMENT_KILN, COAL_POWER
from hginventory.projection import Projection

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NEW, EXISTING = "new", "existing"
HARD_COAL, LIGNITE = "hard_coal", "lignite"
USER = "user"


@dataclass(frozen=True)
class Limit:
    """One emission limit.

    Attributes
    ----------
    limit_id : str
        Id of its factor row, or ``user``.
    sector, country, instrument, applies_to, averaging : str
        Keys of the row.
    value : float
        In the unit of the basis.
    basis : Basis
        What it refers to.
    fuel, age, only_where : str
        To what it applies; empty: to all. Units under construction count as new.
    mwth_from, mwth_to : float
        Heat input of the units it applies to [MW], half-open.
    started_from : float
        First start year of the units it applies to.
    read_from, valid_from, valid_to, conditions_from : str
        Mark of the row, when it holds, and where its reference conditions come from.
    """

    limit_id: str
    sector: str
    country: str
    instrument: str
    applies_to: str
    averaging: str
    value: float
    basis: Basis
    fuel: str = ""
    age: str = ""
    only_where: str = ""
    mwth_from: float = 0.0
    mwth_to: float = math.inf
    started_from: float = -math.inf
    read_from: str = "cell"
    valid_from: str = ""
    valid_to: str = ""
    conditions_from: str = ""


def limits_in_table(library: FactorLibrary, countries: Sequence[str] = ()) -> tuple[Limit, ...]:
    """Return the limits in force in the table `emission_limit`.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    countries : sequence of str
        Jurisdictions, as EU, IDN or USA; default: all.

    Raises
    ------
    UsageError
        If a jurisdiction has no limit in the table.
    """
    rows = library.table("emission_limit").defaults
    known = sorted({row.keys["country"] for row in rows})
    for country in countries:
        if country not in known:
            raise UsageError(f"--country: {country!r} has no limit in the table. There is: {', '.join(known)}.")
    return tuple(_limit(row) for row in rows if not countries or row.keys["country"] in countries)


def user_limit(
    value: float,
    unit: str,
    *,
    sector: str = COAL_POWER,
    o2_percent: float | None = None,
    temperature_c: float | None = None,
    moisture: str = "dry",
    applies_to: str = "all units",
) -> Limit:
    """Return a limit given by the user; oxygen and temperature default to those of the gas table of the sector.

    Parameters
    ----------
    value : float
        Above 0, in ``unit``.
    unit : str
        A unit of `limit_basis.UNITS`, as ``mg/Nm3`` or ``lb/TBtu``.
    sector : str
        ``coal_power`` or ``cement_kiln``.
    o2_percent, temperature_c : float, optional
        Reference oxygen [% of dry gas] and temperature [C].
    moisture : str
        ``dry`` or ``wet``.
    applies_to : str
        Words for reports.

    Raises
    ------
    UsageError
        If value or unit cannot be used.

    Examples
    --------
    >>> user_limit(0.03, "mg/Nm3", o2_percent=6).basis.text()
    'dry, 6 % O2'
    """
    if not value > 0:
        raise UsageError(f"--limit: {value:g} cannot be a limit. Write a number above 0.")
    per = unit_of(unit)[0]
    if moisture not in ("dry", "wet"):
        raise UsageError(f"--moisture: {moisture!r} is none. Use dry or wet.")
    basis = Basis(per, unit, o2_percent, temperature_c, moisture)
    return Limit(USER, sector, "", "limit of the user", applies_to, "", value, basis)


def over_limit(projection: Projection, limit: Limit, tables: GasTables | None = None) -> Floats:
    """Return the rate of each unit over a limit, shape (N,); NaN where the limit does not apply to it.

    Parameters
    ----------
    projection : Projection
        The run.
    limit : Limit
        The limit.
    tables : GasTables, optional
        Made from the library of the run where not given.
    """
    tables = tables or GasTables(projection.library)
    rates = unit_rates(projection, tables)
    ratio = on_basis(rates, limit.basis, tables) / limit.value
    return np.where(applies(projection.units, rates, limit), ratio, np.nan)


def check_limits(projection: Projection, limits: Sequence[Limit], sure: Certainty | None = None) -> pd.DataFrame:
    """Set units beside limits.

    Parameters
    ----------
    projection : Projection
        The run.
    limits : sequence of Limit
        What to hold.
    sure : Certainty, optional
        Draws of the run, for percentiles and probabilities.

    Returns
    -------
    DataFrame
        One row a unit and limit that applies to it: unit_id, plant, unit, sector, country, limit_id, jurisdiction,
        own_law, instrument, applies_to, averaging, limit, limit_unit, reference, only_where, value on that basis,
        its p05, p50 and p95, margin (share of the limit left; negative above it), above, p_exceed, air_kg_per_yr
        and kg_above (what the unit emits above the limit in a year).
    """
    tables = GasTables(projection.library)
    rates = unit_rates(projection, tables)
    units = projection.units
    air = units["air_kg_per_yr"].to_numpy(dtype=np.float64)
    frames = []
    for limit in limits:
        chosen = np.flatnonzero(applies(units, rates, limit))
        if not chosen.size:
            continue
        value = on_basis(rates, limit.basis, tables)[chosen]
        own = units.iloc[chosen]
        frame = own[["plant", "unit", "sector", "country"]].reset_index()
        frame = frame.assign(
            limit_id=limit.limit_id,
            jurisdiction=limit.country,
            own_law=(own["country"] == limit.country).to_numpy(),
            instrument=limit.instrument,
            applies_to=limit.applies_to,
            averaging=limit.averaging,
            limit=limit.value,
            limit_unit=limit.basis.unit,
            reference=limit.basis.text(),
            only_where=limit.only_where,
            value=value,
            **_percentiles(value / air[chosen], sure, chosen),
            margin=1.0 - value / limit.value,
            above=value > limit.value,
            p_exceed=_p_exceed(limit.value * air[chosen] / value, sure, chosen),
            air_kg_per_yr=air[chosen],
            kg_above=air[chosen] * np.maximum(0.0, 1.0 - limit.value / value),
        )
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["unit_id", "limit_id", "value", "above", "p_exceed", "kg_above"])
    return pd.concat(frames, ignore_index=True)


def summarise_limits(checked: pd.DataFrame) -> pd.DataFrame:
    """Return one row a limit: units it applies to, above it, expected above it, and what they emit above it [kg/yr]."""
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
    ]
    if checked.empty:
        return pd.DataFrame(columns=[*keys, "units", "units_above", "units_above_expected", "kg_per_yr", "kg_above"])
    grouped = checked.groupby(keys, sort=False, dropna=False)
    table = grouped.agg(
        units=("unit_id", "size"),
        units_above=("above", "sum"),
        units_above_expected=("p_exceed", lambda p: p.sum(min_count=1)),
        highest=("value", "max"),
        kg_per_yr=("air_kg_per_yr", "sum"),
        kg_above=("kg_above", "sum"),
    )
    return table.reset_index()


def applies(units: pd.DataFrame, rates: pd.DataFrame, limit: Limit) -> Flags:
    """Return to which units a limit applies, shape (N,); never to one that emits nothing."""
    chosen = units["sector"].eq(limit.sector).to_numpy() & rates[limit.basis.per].notna().to_numpy()
    building = units["status"].eq("construction").to_numpy()
    if limit.age:
        chosen &= building == (limit.age == NEW)
    if limit.sector == CEMENT_KILN:
        return np.asarray(chosen)
    if limit.fuel:
        chosen &= units["coal_type"].eq(LIGNITE).to_numpy() == (limit.fuel == LIGNITE)
    heat = rates["heat_input_mw"].to_numpy(dtype=np.float64)
    start = units["start_year"].to_numpy(dtype=np.float64)
    return np.asarray(chosen & (heat >= limit.mwth_from) & (heat < limit.mwth_to) & (start >= limit.started_from))


def _percentiles(per_kg: Floats, sure: Certainty | None, chosen: NDArray[np.intp]) -> dict[str, Floats]:
    names = {f"value_{level}": f"air_kg_per_yr_{level}" for level in ("p05", "p50", "p95")}
    if sure is None:
        return {name: np.full(chosen.size, np.nan) for name in names}
    return {name: per_kg * sure.units[column].to_numpy(dtype=np.float64)[chosen] for name, column in names.items()}


def _p_exceed(limit_kg: Floats, sure: Certainty | None, chosen: NDArray[np.intp]) -> Floats:
    """Return the probability to be above a limit that is stated as a yearly emission [kg/yr]."""
    if sure is None:
        return np.full(chosen.size, np.nan)
    low, middle, high = (
        sure.units[f"air_kg_per_yr_{p}"].to_numpy(dtype=np.float64)[chosen] for p in ("p05", "p50", "p95")
    )
    return p_above(limit_kg, low, middle, high)


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


def _limit(row: FactorRow) -> Limit:
    assert row.value is not None, f"{row.row_id} has no value"
    extra = row.extra
    number = {name: float(text) if (text := extra[name]) else None for name in
              ("o2_percent", "temperature_c", "mwth_from", "mwth_to", "started_from")}  # fmt: skip
    basis = Basis(extra["per"], row.unit, number["o2_percent"], number["temperature_c"], extra["moisture"] or "dry")
    return Limit(
        limit_id=row.row_id,
        sector=row.keys["sector"],
        country=row.keys["country"],
        instrument=row.keys["instrument"],
        applies_to=row.keys["applies_to"],
        averaging=row.keys["averaging"],
        value=row.value,
        basis=basis,
        fuel=extra["fuel"],
        age=extra["age"],
        only_where=extra["only_where"],
        mwth_from=number["mwth_from"] or 0.0,
        mwth_to=math.inf if number["mwth_to"] is None else number["mwth_to"],
        started_from=-math.inf if number["started_from"] is None else number["started_from"],
        read_from=row.read_from,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        conditions_from=extra["conditions_from"],
    )
