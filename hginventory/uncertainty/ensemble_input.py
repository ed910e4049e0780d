"""A projection as the plain arrays of an ensemble."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hginventory._types import Floats, Ints32, Positions
from hginventory.ensemble import EnsembleInput, Rows
from hginventory.projection import Projection, Tier
from hginventory.uncertainty import lifetimes, single_year
from hginventory.uncertainty.row_builder import cuts_of
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder
from hginventory.uncertainty.unit_kinds import factors_of_units
from hginventory.vocabulary import CEMENT_KILN

TERMS = 2
_SAME = 1e-9  # relative


def assemble(
    projection: Projection,
    sums: Mapping[str, Sequence[str]],
    yearly: Mapping[str, Sequence[str]],
    *,
    top: int = 10,
    lifetime_spread: float | None = None,
) -> EnsembleInput:
    """Return the arrays of an ensemble.

    Parameters
    ----------
    projection : Projection
        The central run.
    sums, yearly : mapping of str to sequence of str
        Sets of units, by name, whose totals are kept by draw, and by draw and year.
    top : int
        Length of the list of largest units.
    lifetime_spread : float, optional
        Largest shift of a last year [yr], 0: fixed; default: that of the settings of the run.
    """
    units, finder, tables = projection.units, UncertainFactorFinder(projection), Tables()
    central = central_terms(projection)
    spans = _spans(projection.yearly_kg, units["air_kg_per_yr"].to_numpy(dtype=np.float64))
    factors = factors_of_units(projection, finder, tables).take(spans.unit)
    rows = Rows(
        spans.unit.astype(np.int32), central[spans.unit] * spans.ratio[:, None], spans.first, spans.end,
        factors.table, factors.term, factors.stream, factors.weight,
    )  # fmt: skip
    cuts = [projection.cut_of(index) for index in (spans.unit.tolist() if projection.cuts else ())]
    of_year = single_year.arrays(projection, finder, tables)
    index = units.index
    most = projection.settings.lifetime_spread if lifetime_spread is None else lifetime_spread
    return EnsembleInput(
        rows=rows,
        tables=tables.stacked(),
        years=len(projection.years) + math.ceil(most),  # none is cut off that closes late
        rate_row=np.flatnonzero(np.diff(spans.unit, prepend=-1)).astype(np.int32),
        in_base_year=units["operates_in_base_year"].to_numpy(dtype=np.float64),
        sums=np.array([index.isin(list(chosen)) for chosen in sums.values()]).reshape(len(sums), len(units)),
        yearly=np.array([index.isin(list(chosen)) for chosen in yearly.values()]).reshape(len(yearly), len(units)),
        top=min(top, len(units)),
        cuts=cuts_of(cuts, factors.outside),
        **lifetimes.arrays(projection, most),
        **of_year,
    )


def central_terms(projection: Projection) -> Floats:
    """Return the central mercury to air of a full year by term [kg/yr], shape (N, 2), before a limit cuts it.

    A mass balance of a kiln has two terms, raw meal and fuel; whatever else has one.
    """
    units, value = projection.units, {name: f.value for name, f in projection.parameters.items()}
    air = projection.air_by_listed_controls
    central = np.zeros((len(units), TERMS))
    central[:, 0] = air
    two_terms = (projection.tier == Tier.MASS_BALANCE) & units["sector"].eq(CEMENT_KILN).to_numpy()
    if two_terms.any():
        meal = value["raw_meal_ratio"] * value["hg_raw_meal"]
        fuel = value["heat_use"] * value["fuel_hg"] / 1000.0  # mg/MJ x MJ/t in g/t, as raw meal is
        share = np.where(two_terms, fuel / np.where(two_terms, meal + fuel, 1.0), 0.0)
        central[:, 1] = np.where(two_terms, air * share, 0.0)
        central[:, 0] = air - central[:, 1]
    return central


@dataclass(frozen=True)
class _Spans:
    """Spans of years of units with one rate, those of a unit together and the normal one first; shape (R,).

    Attributes
    ----------
    unit : ndarray of int
        Index of the unit.
    ratio : ndarray of float
        Amount over that of a normal year.
    first, end : ndarray of int
        Years from the base year, half-open; equal where a span only carries the rate of a normal year.
    """

    unit: Positions
    ratio: Floats
    first: Ints32
    end: Ints32


def _spans(yearly: Floats, air: Floats) -> _Spans:
    """Return the spans of units from their mercury to air by year, shape (N, Y), and that of a normal year [kg/yr]."""
    edges = np.diff(yearly, axis=1, prepend=0.0, append=0.0) != 0.0
    unit, year = np.nonzero(edges)
    is_span = (unit[:-1] == unit[1:]) & (yearly[unit[:-1], np.minimum(year[:-1], yearly.shape[1] - 1)] > 0.0)
    is_span &= air[unit[:-1]] > 0.0
    unit, first, end = unit[:-1][is_span], year[:-1][is_span], year[1:][is_span]
    ratio = yearly[unit, first] / air[unit]
    begin, is_normal = np.zeros(len(air), dtype=np.intp), np.zeros(len(air), dtype=np.bool_)
    begin[unit[::-1]] = first[::-1]  # of the first span of each
    normal = np.flatnonzero(np.abs(ratio - 1.0) < _SAME)
    normal = normal[np.unique(unit[normal], return_index=True)[1]]  # the first such span of a unit
    is_normal[unit[normal]] = True
    after = np.ones(len(unit))
    after[normal] = 0.0
    bare = np.flatnonzero(~is_normal)  # no year is a normal one: a row that only carries the rate
    unit, after = np.concatenate([bare, unit]), np.concatenate([np.zeros(len(bare)), after])
    first, end = np.concatenate([begin[bare], first]), np.concatenate([begin[bare], end])
    ratio = np.concatenate([np.ones(len(bare)), ratio])
    order = np.lexsort((first, after, unit))
    return _Spans(unit[order], ratio[order], first[order].astype(np.int32), end[order].astype(np.int32))


def spans_of(projection: Projection, index: int) -> list[tuple[float, int, int]]:
    """Return amount over that of a normal year, first and end year of each span of a unit, the normal one first."""
    air = projection.units["air_kg_per_yr"].to_numpy(dtype=np.float64)[[index]]
    spans = _spans(projection.yearly_kg[[index]], air)
    return list(zip(spans.ratio.tolist(), spans.first.tolist(), spans.end.tolist(), strict=True))
