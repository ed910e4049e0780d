"""The calculation of one unit, step by step: every number with its unit, origin, cell and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from hginventory import arguments
from hginventory.decisions.ranking import find_unit, ranking_of
from hginventory.factors import FactorRow, MeasuredPoint, is_row
from hginventory.inputs.fleet import as_records, source_ids
from hginventory.projection import Projection
from hginventory.report.explain.coal_steps import CoalSteps
from hginventory.report.explain.explanation import Explanation, Step
from hginventory.report.explain.kiln_steps import KilnSteps
from hginventory.report.explain.steps import OfAllUnits
from hginventory.translations import TranslatableText
from hginventory.vocabulary import CEMENT_KILN


def explain(projection: Projection, unit_id: str, rank: int | None = None) -> Explanation:
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

    Raises
    ------
    UsageError
        If no unit or several fit; they are listed with plant and unit.
    """
    arguments.text("unit_id", unit_id)
    unit_id = find_unit(projection.units, unit_id, combined=projection.settings.combined)
    if rank is None:
        ranked = ranking_of(projection)
        rank = next(iter(ranked.loc[ranked["unit_id"] == unit_id, "rank"].tolist()), None)
    (told,) = explain_units(projection, [unit_id], [rank])
    return told


def explain_units(
    projection: Projection, unit_ids: Sequence[str], ranks: Sequence[int | None]
) -> Iterator[Explanation]:
    """Yield the calculations of some units.

    Parameters
    ----------
    projection : Projection
        The run.
    unit_ids : sequence of str
        Their ids.
    ranks : sequence of int or None
        Their ranks by remaining-lifetime emissions in their lists; None of units outside the inventory.
    """
    of_all = OfAllUnits(projection)
    ids = list(unit_ids)
    computed, read = (as_records(table.loc[ids]) for table in (projection.units, projection.fleet.units))
    indices = projection.units.index.get_indexer(pd.Index(ids)).tolist()
    citations = {str(source): str(text) for source, text in projection.fleet.sources["citation"].items()}
    measured: dict[str, list[MeasuredPoint]] = {}
    for point in projection.measured:
        measured.setdefault(point.unit_id, []).append(point)
    for unit_id, rank, index, row, cells in zip(ids, ranks, indices, computed, read, strict=True):
        steps = (KilnSteps if row["sector"] == CEMENT_KILN else CoalSteps)(of_all, index, row)
        steps.normal_year()
        steps.remaining_years()
        if rank is not None:
            steps.ranked(rank)
        title = " ".join(str(row[name]) for name in ("plant", "unit") if row[name])
        yield Explanation(
            unit_id,
            f"{unit_id}  {title}  ({row['sector']}, {row['country']}, {row['status']})",
            tuple(steps.done),
            tuple(_rows(projection, steps.done)),
            tuple(f"{source}: {citations[source]}" if source in citations else source
                  for source in source_ids(cells.get("source_id"))),
            tuple(_notes(projection, unit_id, cells)),
            tuple(measured.get(unit_id, ())),
        )  # fmt: skip


def _rows(projection: Projection, steps: Sequence[Step]) -> list[tuple[FactorRow, str]]:
    refs = dict.fromkeys(ref for step in steps for ref in step.refs if is_row(ref))
    found = []
    for ref in refs:
        row = projection.library.row(ref)
        source = projection.library.source(row.source_id)
        found.append((row, ", ".join(part for part in (source.citation, row.locator) if part)))
    return found


def _notes(projection: Projection, unit_id: str, cells: Mapping[str, Any]) -> list[str]:
    own = [finding.said for finding in projection.findings_of.get(unit_id, ())]
    remarks = [text for name in ("data_quality", "note") if isinstance(text := cells.get(name), str)]
    notice = projection.settings.notice
    return [
        *own,
        *remarks,
        *([TranslatableText("On the whole fleet: {notice}", notice=TranslatableText(notice))] if notice else []),
    ]
