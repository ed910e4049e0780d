"""N5: new and existing sources, and the dates that follow for each from the entry into force for the Party."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from hginventory.factors import REPORTED
from hginventory.projection import Projection
from hginventory.report.plan.article8_dates import EXISTING, NEW, UNKNOWN_CLASS, Clocks
from hginventory.report.text import Words

BY_CONSTRUCTION = "start of construction from the workbook"
BY_OPERATION = "in operation before the date from which newly constructed sources count as new"
NOT_KNOWN = "start of construction is missing: fill in column Construction began of the fleet workbook"
NO_DATE = "date of entry into force is missing: fill in cell Entry into force of the sheet Settings"
EVIDENCE = (BY_CONSTRUCTION, BY_OPERATION, NOT_KNOWN, NO_DATE)


def new_and_existing(projection: Projection, clocks: Mapping[str, Clocks], words: Words) -> pd.DataFrame:
    """Return N5: new or existing, and the deadlines of each source (Article 8(2)(c)-(e), 8(4) and 8(5)).

    A source that runs was built before: where the start of construction is not stated, a reported start of operation
    before the date makes it existing. A later start of operation says nothing of the start of construction, which may
    lie years before it. Whether a source was substantially modified is for the Party to say.

    Parameters
    ----------
    projection : Projection
        The run.
    clocks : mapping of str to Clocks
        Dates of each Party, by country.
    words : Words
        Language of the evidence.
    """
    units = projection.units
    begun = projection.fleet.units.loc[units.index, "construction_start"].to_numpy(dtype=np.float64)
    started = units["start_year"].where(units["start_origin"].eq(REPORTED)).to_numpy(dtype=np.float64)
    of_unit = [clocks[country] for country in units["country"]]
    found = [_classed(own, build, run) for own, build, run in zip(of_unit, begun, started, strict=True)]
    classes = np.array([kind for kind, _ in found], dtype=object)
    due = [own.due(kind) for own, kind in zip(of_unit, classes, strict=True)]
    dates = np.array([str(day or "") for day in due], dtype=object)
    table = units[["plant", "unit", "admin1", "annex_d_category"]].assign(
        party=units["country"],
        entry_into_force=[str(own.entry_into_force or "") for own in of_unit],
        construction_start=begun,
        start_year=started,
        source_class=classes,
        bat_deadline=np.where(classes == NEW, dates, ""),
        measures_deadline=np.where(classes == EXISTING, dates, ""),
    )
    ends = units["end_year"].to_numpy(dtype=np.float64)
    table["years_left_at_deadline"] = [
        math.nan if day is None else max(end - day.year, 0.0) for day, end in zip(due, ends, strict=True)
    ]
    table["evidence"] = [words(text) for _, text in found]
    return table.reset_index()


def _classed(clocks: Clocks, construction: float, operation: float) -> tuple[str, str]:
    """Return the class of a source and the evidence for it."""
    if clocks.new_source_from is None:
        return UNKNOWN_CLASS, NO_DATE
    if not math.isnan(construction):
        return clocks.source_class(construction), BY_CONSTRUCTION
    if clocks.source_class(operation) == EXISTING:
        return EXISTING, BY_OPERATION
    return UNKNOWN_CLASS, NOT_KNOWN
