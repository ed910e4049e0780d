"""How one year differs from the mean of all: the coal of a plant varies, and what leaves a stack varies more.

It belongs to figures of the base year alone. Over a lifetime years cancel, so what remains leaves it out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory.ensemble import stream_id
from hginventory.projection import Projection
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, UncertainFactor, UncertainFactorFinder

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
    units = range(len(projection.units))
    table = np.zeros(len(units), dtype=np.int32)
    stream, varies = np.zeros(len(units), dtype=np.uint64), np.zeros(len(units), dtype=np.bool_)
    for index in units:
        family, row = STACK if finder.tested_at_stack(index) else COAL
        rule = finder.spreads.rule(*row)
        label = "" if projection.cut_of(index) else finder.label_of_year(index, rule)  # cuts hold in every year
        if label:
            ((scope, _),) = rule.scopes
            table[index] = tables.index_of(UncertainFactor(family, MULTIPLIER, 1.0, rule, (scope,)))
            stream[index], varies[index] = stream_id(family, scope, label), True
    return {"year_table": table, "year_stream": stream, "year_varies": varies} if varies.any() else {}
