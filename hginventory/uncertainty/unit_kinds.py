"""The uncertain factors of all units as arrays: found once for units that differ in nothing but their own errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hginventory._types import Positions
from hginventory.ensemble import stream_id
from hginventory.factors import STACK_TEST, kinds_of
from hginventory.projection import Projection
from hginventory.uncertainty.row_builder import FactorArrays, factor_arrays
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import COAL, UncertainFactorFinder
from hginventory.vocabulary import CEMENT_KILN

_OWN = ("plant", "quarry", "kiln", "unit")  # scopes whose label may differ between units of one kind


def kinds_of_units(projection: Projection) -> tuple[list[int], Positions]:
    """Return the first unit of each kind, and the kind of every unit, shape (N,).

    Coal units of a kind have the same uncertain factors, but for the plant and the unit that an error belongs to. Every
    kiln is a kind of its own.
    """
    units, parameters = projection.units, projection.parameters
    kilns = np.where(units["sector"].eq(CEMENT_KILN), np.arange(len(units)), -1)
    return kinds_of(
        kilns.tolist(),
        *(units[name].tolist() for name in ("country", "coal_class", "capacity_factor")),
        projection.low_class.tolist(),
        projection.removal_by_listed_controls.tolist(),
        *(parameters[name].kind.tolist() for name in (*COAL, "high_cl_share", STACK_TEST) if name in parameters),
    )


def factors_of_units(projection: Projection, finder: UncertainFactorFinder, tables: Tables) -> FactorArrays:
    """Return the uncertain factors of every unit of a projection.

    Parameters
    ----------
    projection : Projection
        The central run.
    finder : UncertainFactorFinder
        Of its units.
    tables : Tables
        Collects the distributions.
    """
    first, kind = kinds_of_units(projection)
    factors = [finder.of_unit(index) for index in first]
    found = factor_arrays(factors, tables).take(kind)
    places: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for index, own in enumerate(factors):
        for number, factor in enumerate(own):
            for part, (scope, _, _) in enumerate(factor.parts):
                if scope in _OWN:
                    places.setdefault((factor.family, scope), []).append((index, number, part))
    stream = found.stream
    labels = {scope: finder.labels(scope) for scope in {scope for _, scope in places}}
    for (family, scope), of_kinds in places.items():
        at = np.full((len(factors), 2), -1)  # of each kind, which factor and which part of its error
        for index, *where in of_kinds:
            at[index] = where
        numbers, parts = at[kind].T
        units = np.flatnonzero(numbers >= 0)
        ids = [stream_id(family, scope, labels[scope][unit]) for unit in units.tolist()]
        stream[units, numbers[units], parts[units]] = np.array(ids, dtype=np.uint64)
    return replace(found, stream=stream)
