"""How one year differs from the mean of all: the mercury in the coal of a plant varies from year to year.

It belongs to figures of the base year alone. Over a lifetime years cancel, so what remains leaves it out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory.ensemble import stream_id
from hginventory.projection import Projection
from hginventory.uncertainty.tables import Tables
from hginventory.uncertainty.uncertain_factors import MULTIPLIER, UncertainFactor, UncertainFactorFinder

FAMILY = "coal_of_year"
RULE = ("year", "base_year")  # of `origin_spread`


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
    rule = finder.spreads.rule_of(*RULE)
    if rule is None:
        return {}  # the factor table gives years no spread
    cuts = [projection.cut_of(index) for index in range(len(projection.units))]  # which hold in every year
    labels = ["" if cut else finder.label_of_year(index, rule) for index, cut in enumerate(cuts)]
    if not any(labels):
        return {}
    ((scope, _),) = rule.scopes
    return {
        "year_table": tables.index_of(UncertainFactor(FAMILY, MULTIPLIER, 1.0, rule, (scope,))),
        "year_stream": np.array([stream_id(FAMILY, scope, label) for label in labels], dtype=np.uint64),
        "year_varies": np.array([bool(label) for label in labels]),
    }
