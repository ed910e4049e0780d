"""The best step of each unit: of those that apply without conditions, the one of lowest cost per kilogram."""

from __future__ import annotations

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.options.catalogue import Catalogue
from hginventory.decisions.options.step_table import StepTable, joined


def best_steps(catalogue: Catalogue, sector: str, *, not_before: float | Floats = 0.0) -> StepTable:
    """Return the best step of each unit of a sector, the units in order of its cost per kilogram.

    Parameters
    ----------
    catalogue : Catalogue
        Options of the run on the terms of its costs.
    sector : str
        ``coal_power`` or ``cement_kiln``. No operating cost of kilns is available, so few steps there have a price.
    not_before : float or ndarray of float, shape (N,)
        First year in which a step may start, of all units or of each; a step that takes longer to build starts later.

    Returns
    -------
    StepTable
    One row per unit, lowest cost per kilogram first, of equal ones that which avoids more. Units at which no step
        with a price applies without conditions, or that close before it can work, have no row.

    Examples
    --------
    >>> import hginventory as hg
    >>> best = best_steps(Catalogue(hg.project("indonesia", draws=0).projection), "coal_power")
    >>> best.size, sorted({best.names[step] for step in best.step.tolist()})[:2]
    (301, ['A2', 'F2'])
    """
    fleet, terms = catalogue.of_fleet(), catalogue.prices.terms
    options = sorted((o for o in catalogue.table.options.values() if o.sector == sector), key=lambda o: o.option)
    units = fleet.of_sector(sector)
    parts = []
    for option in options:
        found = fleet.table((option,), units, rate=terms.rate, book_life=terms.book_life[sector], not_before=not_before)
        parts.append(found.taken(found.conditions == 0))
    every = joined(parts)
    order = np.lexsort((every.unit, -every.avoided, every.usd_per_kg))
    _, first = np.unique(every.unit[order], return_index=True)
    return every.taken(order[np.sort(first)])
