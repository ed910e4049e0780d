"""Which statement of activity counts for a unit: that of a year before that of a normal year, fuel before output."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hginventory.factors import lookup
from hginventory.factors.coal_quality import CoalTables, given
from hginventory.factors.finding_log import FindingLog
from hginventory.factors.library import FactorLibrary
from hginventory.factors.provenance import DEFAULT, Value, from_cell, from_row, weakest_mark
from hginventory.inputs.fleet import Cells, Fleet
from hginventory.translations import TranslatableText
from hginventory.vocabulary import RUNNING


@dataclass(frozen=True)
class Statement:
    """A reported activity: variable, number in the unit of its column, its cell, and its year if any."""

    variable: str
    value: Value
    year: int | None = None


@dataclass(frozen=True)
class Activity:
    """Activity of a unit.

    Attributes
    ----------
    normal : Statement or None
        Holds in the base year and in every year without a statement of its own; None: nothing is stated.
    later : mapping of int to Statement
        Single years after the base year.
    """

    normal: Statement | None
    later: Mapping[int, Statement]


def resolve_activity(
    fleet: Fleet,
    ids: Sequence[str],
    cells: Cells,
    order: Sequence[str],
    base_year: int,
    log: FindingLog,
) -> list[Activity]:
    """Return the activity of each unit.

    The sheet Activity takes precedence over the columns of a normal year. The base year takes its own value, else the
    latest year before it, else the earliest after it.

    Parameters
    ----------
    fleet : Fleet
        For cells and the sheet Activity.
    ids : sequence of str, length N
        Units.
    cells : Cells
        Their cells, N rows.
    order : sequence of str
        Variables, best first.
    base_year : int
        First remaining year.
    log : FindingLog
        Collects findings.
    """
    rank = {variable: index for index, variable in enumerate(order)}
    by_unit: dict[str, dict[int, Statement]] = {}
    frame = fleet.activity
    rows = zip(frame["unit_id"], frame["year"], frame["variable"], frame["value"], frame["cell"], strict=True)
    for unit, year, variable, number, cell in rows:
        if variable not in rank:
            continue
        years = by_unit.setdefault(str(unit), {})
        new = Statement(str(variable), from_cell(str(cell or ""), float(number)), int(year))
        old = years.get(int(year))
        if old is not None:
            both = TranslatableText("{first} and {second} of {year}", first=old.variable, second=variable, year=year)
            log.add("N527", fleet, str(unit), "unit_id", found=both)
        if old is None or rank[new.variable] < rank[old.variable]:
            years[int(year)] = new
    found = [Activity(None, {})] * len(ids)
    is_given = cells.given(*order)
    for index, unit in enumerate(ids):
        if not is_given[index] and unit not in by_unit:
            continue
        record = cells[index]
        found[index] = activity = _activity(fleet, unit, record, order, by_unit.get(unit, {}), base_year)
        normal = activity.normal
        if normal and normal.year not in (None, base_year) and record["status"] in RUNNING:
            carried = TranslatableText("{variable} of {year}", variable=normal.variable, year=normal.year)
            log.add("N535", fleet, unit, "unit_id", found=carried)
    return found


def _activity(
    fleet: Fleet,
    unit: str,
    record: Mapping[str, Any],
    order: Sequence[str],
    years: Mapping[int, Statement],
    base_year: int,
) -> Activity:
    later = {year: statement for year, statement in years.items() if year > base_year}
    if years:
        past = [year for year in years if year <= base_year]
        return Activity(years[max(past) if past else min(years)], later)
    for variable in order:
        if given(record, variable):
            stated = from_cell(fleet.cell(unit, variable), float(record[variable]))
            return Activity(Statement(variable, stated), {})
    return Activity(None, {})


def number(record: Mapping[str, Any], column: str) -> float:
    """Return a cell as a float, NaN where it is blank."""
    return float(record[column]) if given(record, column) else math.nan


def gross_over_net(library: FactorLibrary, country: str, coal_type: str) -> Value:
    """Return gross over net calorific value as received [1], from the rows net_calorific_value and gross_minus_net.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    country : str
        ISO code of three letters.
    coal_type : str
        Coal type, may be ``unknown``.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> 1.02 < gross_over_net(load_library(), "USA", "bituminous").value < 1.08
    True
    """
    tables = library.once(CoalTables)
    rungs = lookup.rank_rungs(country, coal_type)
    net, more = (from_row(ladder.needed(rungs)) for ladder in (tables.ncv, tables.gross_minus_net))
    mark = weakest_mark((net.read_from, more.read_from))
    return Value((net.value + more.value) / net.value, DEFAULT, (*net.refs, *more.refs), mark)
