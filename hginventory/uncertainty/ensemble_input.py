"""A projection as the plain arrays of an ensemble."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hginventory._types import Floats
from hginventory.ensemble import EnsembleInput
from hginventory.projection import Projection, Tier
from hginventory.uncertainty import lifetimes, single_year
from hginventory.uncertainty.row_builder import RowSpec, cuts_of_rows, rows_of
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import UncertainFactorFinder
from hginventory.vocabulary import CEMENT_KILN

TERMS = 2


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
    specs = [_specs(projection, finder, central, number) for number in range(len(units))]
    rows, rate_row = rows_of(specs, tables)
    of_year = single_year.arrays(projection, finder, tables)
    index = units.index
    most = projection.settings.lifetime_spread if lifetime_spread is None else lifetime_spread
    return EnsembleInput(
        rows=rows,
        tables=tables.stacked(),
        years=len(projection.years) + math.ceil(most),  # none is cut off that closes late
        rate_row=rate_row,
        in_base_year=units["operates_in_base_year"].to_numpy(dtype=np.float64),
        sums=np.array([index.isin(list(chosen)) for chosen in sums.values()]).reshape(len(sums), len(units)),
        yearly=np.array([index.isin(list(chosen)) for chosen in yearly.values()]).reshape(len(yearly), len(units)),
        top=min(top, len(units)),
        cuts=cuts_of_rows(specs),
        **lifetimes.arrays(projection, most),
        **of_year,
    )


def _specs(projection: Projection, finder: UncertainFactorFinder, central: Floats, index: int) -> list[RowSpec]:
    """Return the spans of a unit as the central run has them; a year with an activity of its own is one."""
    factors = finder.of_unit(index)
    spans = spans_of(projection, index)
    cut = projection.cut_of(index)
    return [RowSpec(tuple(central[index] * ratio), factors, first, end, cut) for ratio, first, end in spans]


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


def spans_of(projection: Projection, index: int) -> list[tuple[float, int, int]]:
    """Return amount over that of a normal year, first and end year of each span of a unit, the normal one first."""
    yearly = projection.yearly_kg[index]
    air = float(projection.units["air_kg_per_yr"].array[index])
    if air <= 0.0 or not yearly.any():
        return [(1.0, 0, 0)]
    edges = np.flatnonzero(np.diff(yearly)) + 1
    begins, ends = np.concatenate([[0], edges]), np.concatenate([edges, [yearly.size]])
    spans = [(float(yearly[b] / air), int(b), int(e)) for b, e in zip(begins, ends, strict=True) if yearly[b] > 0]
    normal = next((span for span in spans if abs(span[0] - 1.0) < 1e-9), None)
    if normal is None:
        return [(1.0, spans[0][1], spans[0][1]), *spans]
    return [normal, *(span for span in spans if span is not normal)]
