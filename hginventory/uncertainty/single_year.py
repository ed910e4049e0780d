"""How one year differs from the mean of all: the coal of a plant varies, and what leaves a stack varies more.

It belongs to figures of the base year alone. Over a lifetime years cancel, so what remains leaves it out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory._types import Flags
from hginventory.ensemble import stream_id
from hginventory.factors import NOT_USED
from hginventory.projection import Projection
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, UncertainFactor, UncertainFactorFinder
from hginventory.vocabulary import CEMENT_KILN

# Family of streams, and row of `origin_spread`.
COAL = ("coal_of_year", ("year", "base_year"))
STACK = ("stack_of_year", ("stack_year", "measured"))  # of units measured there: the coal is part of it


def arrays(projection: Projection, finder: UncertainFactorFinder, tables: Tables) -> dict[str, Any]:
    """Return what an ensemble needs to know of how the rates of a year vary; nothing where none does.

    Parameters
    ----------
    projection : Projection
        The central run.
    finder : UncertainFactorFinder
        Of its units.
    tables : Tables
        Collects the distributions.
    """
    if finder.spreads.rule_of(*COAL[1]) is None:
        return {}  # the factor table gives years no spread
    count = len(projection.units)
    table = np.zeros(count, dtype=np.int32)
    stream, varies = np.zeros(count, dtype=np.uint64), _varies(projection)
    tested = np.array([finder.tested_at_stack(index) for index in range(count)], dtype=np.bool_)
    for is_tested in dict.fromkeys(tested[varies].tolist()):
        family, row = STACK if is_tested else COAL
        rule = finder.spreads.rule(*row)
        ((scope, _),) = rule.scopes
        own, labels = np.flatnonzero(varies & (tested == is_tested)), finder.labels(scope)
        table[own] = tables.index_of(UncertainFactor(family, MULTIPLIER, 1.0, rule, (scope,)))
        stream[own] = np.array([stream_id(family, scope, labels[unit]) for unit in own.tolist()], dtype=np.uint64)
    return {"year_table": table, "year_stream": stream, "year_varies": varies} if varies.any() else {}


def _varies(projection: Projection) -> Flags:
    """Return the units whose rate of one year is not that of all: those that burn coal, but for a cut of every year."""
    burns = ~projection.units["sector"].eq(CEMENT_KILN).to_numpy(dtype=np.bool_)
    if "hg_coal" in projection.parameters:
        burns &= projection.parameters["hg_coal"].origin != NOT_USED
    cut = [projection.cut_of(index) is not None for index in (range(len(burns)) if projection.cuts else ())]
    return burns & ~np.array(cut, dtype=np.bool_) if cut else burns
