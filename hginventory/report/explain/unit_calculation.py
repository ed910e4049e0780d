"""The calculation of one unit, step by step: every number with its unit, origin, cell and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hginventory import arguments
from hginventory.decisions.ranking import find_unit, ranking_of
from hginventory.factors import FactorRow, is_row
from hginventory.inputs.fleet import as_records, source_ids
from hginventory.projection import Projection
from hginventory.report.explain.coal_steps import CoalSteps
from hginventory.report.explain.explanation import Explanation, Step
from hginventory.report.explain.kiln_steps import KilnSteps
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN


def explain(
    projection: Projection, unit_id: str, rank: int | None = None, row: dict[str, Any] | None = None
) -> Explanation:
    """Return the calculation of a unit.

    Parameters
    ----------
    projection : Projection
        The run.
    unit_id : str
        The unit: its id, its rank as ``#1``, or its plant and unit, as `find_unit` reads them.
    rank : int, optional
        Its rank by remaining-lifetime emissions in its list; computed where it is not given. A unit outside the
        inventory has none.
    row : dict, optional
        Its row of the units, where many are explained and all rows were taken at once.

    Raises
    ------
    UsageError
        If no unit or several fit; they are listed with plant and unit.
    """
    arguments.text("unit_id", unit_id)
    units = projection.units
    unit_id = find_unit(units, unit_id, combined=projection.settings.combined)
    index = int(units.index.get_indexer(pd.Index([unit_id]))[0])
    row = as_records(units.iloc[[index]])[0] if row is None else row
    if rank is None:
        ranked = ranking_of(projection)
        rank = next(iter(ranked.loc[ranked["unit_id"] == unit_id, "rank"].tolist()), None)
    steps = (KilnSteps if row["sector"] == CEMENT_KILN else CoalSteps)(projection, index, row)
    steps.normal_year()
    steps.remaining_years()
    if rank is not None:
        steps.ranked(rank)
    title = " ".join(str(row[name]) for name in ("plant", "unit") if row[name])
    return Explanation(
        unit_id,
        f"{unit_id}  {title}  ({row['sector']}, {row['country']}, {row['status']})",
        tuple(steps.done),
        tuple(_rows(projection, steps.done)),
        _sources(projection, unit_id),
        tuple(_notes(projection, unit_id)),
        tuple(point for point in projection.measured if point.unit_id == unit_id),
    )


def _rows(projection: Projection, steps: Sequence[Step]) -> list[tuple[FactorRow, str]]:
    refs = dict.fromkeys(ref for step in steps for ref in step.refs if is_row(ref))
    found = []
    for ref in refs:
        row = projection.library.row(ref)
        source = projection.library.source(row.source_id)
        found.append((row, ", ".join(part for part in (source.citation, row.locator) if part)))
    return found


def _sources(projection: Projection, unit_id: str) -> tuple[str, ...]:
    fleet = projection.fleet
    citations = {str(source): str(text) for source, text in fleet.sources["citation"].items()}
    out = []
    for source_id in source_ids(fleet.units.loc[unit_id].get("source_id")):
        out.append(f"{source_id}: {citations[source_id]}" if source_id in citations else source_id)
    return tuple(out)


def _notes(projection: Projection, unit_id: str) -> list[str]:
    own = [finding.said for finding in projection.findings_of.get(unit_id, ())]
    read = projection.fleet.units.loc[unit_id]
    remarks = [str(read[name]) for name in ("data_quality", "note") if name in read and isinstance(read[name], str)]
    notice = projection.settings.notice
    return [
        *own,
        *remarks,
        *([TranslatableText("On the whole fleet: {notice}", notice=TranslatableText(notice))] if notice else []),
    ]
