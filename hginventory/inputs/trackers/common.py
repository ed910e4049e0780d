"""From the rows of a tracker to a fleet: filters, the rules of the workbook, and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from hginventory.errors import UsageError
from hginventory.filters import select
from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.fleet import Fleet, FleetSource, raise_on_errors
from hginventory.inputs.parsing import Setting, base_year_of
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.schema import SHEETS
from hginventory.inputs.source_tables import SourceTable
from hginventory.inputs.trackers.draft_unit import DraftUnit
from hginventory.inputs.trackers.repair import ROW, leave_out, repair
from hginventory.inputs.trackers.report import ImportReport, LeftOut, grouped, to_fill
from hginventory.inputs.trackers.selection import Filters, chosen, without_never_built
from hginventory.inputs.trackers.status import lists_retired_units, see_in_year, settle_status
from hginventory.reading import digest_of
from hginventory.vocabulary import STATUSES, fold

__all__ = ["Filters", "Tracker", "build"]  # what a module of one kind of file needs

MOST_WORDS = 20  # named in a finding
MOST_ROUNDS = 5  # a repair may uncover the next finding; more rounds than rules would be a bug


@dataclass(frozen=True)
class Tracker:
    """What is fixed for a kind of tracker file.

    Attributes
    ----------
    kind : str
        Name on the command line.
    sheet : str
        Sheet of our workbook.
    title : str
        Name with release, for titles.
    source : mapping of str to str
        Row for the sheet Sources.
    settings : mapping
        Rows for the sheet Settings.
    used : frozenset of str
        Folded columns whose values enter the fleet or its notes.
    reasons : mapping of str to str
        Folded column -> why it is not used; other columns are not known to the importer.
    """

    kind: str
    sheet: str
    title: str
    source: Mapping[str, str]
    settings: Mapping[str, Any]
    used: frozenset[str]
    reasons: Mapping[str, str]


def build(
    tracker: Tracker, table: SourceTable, convert: Callable[[DraftUnit], None], filters: Filters
) -> tuple[Fleet, ImportReport]:
    """Return the fleet of a tracker file, and what was done.

    Every value goes through the rules of the workbook. What they refuse is left blank, so that the fleet can be
    computed; the value stays in the note and in the report.

    Parameters
    ----------
    tracker : Tracker
        What is fixed for this kind of file.
    table : SourceTable
        The table.
    convert : callable
        Fills the values of a draft from its row.
    filters : Filters
        Which rows are wanted.
    """
    tracker = _in_year(tracker, filters.in_year)
    base_year, is_list_of_retired = base_year_of(tracker.settings), lists_retired_units(table)
    drafts = []
    for row in table.rows:
        draft = DraftUnit(table, row)
        convert(draft)
        settle_status(draft, base_year, is_list_of_retired)
        if filters.in_year is not None:
            see_in_year(draft, filters.in_year)
        if not draft.values.get("unit_id"):
            draft.values["unit_id"] = f"{tracker.source['source_id']}-R{row.number}"
        drafts.append(draft)
    wanted, not_asked = chosen(drafts, filters, tracker.title, tracker.sheet, tracker.settings.get("country", ""))
    wanted, never_built = without_never_built(wanted) if not filters.statuses else (wanted, {})
    left_out = [leave_out(draft, draft.left_out) for draft in wanted if draft.left_out]
    kept = [draft for draft in wanted if not draft.left_out]
    raise_on_errors((one for draft in kept for one in draft.findings), of=table.path.name)
    refused: list[Finding] = []
    if not kept:
        raise UsageError(_nothing_left(table, not_asked, never_built, left_out))
    for _ in range(MOST_ROUNDS):
        fleet = _fleet(tracker, table, kept)
        errors = [f for f in fleet.findings if f.severity == "error"]
        if not errors:
            break
        kept, values, rows = repair(kept, errors)
        refused += values
        left_out += rows
        if not kept:
            raise UsageError(_nothing_left(table, not_asked, never_built, left_out))
    else:
        raise AssertionError(f"import of {table.path.name} leaves errors: {errors[0].message}")
    if filters.where is not None and kept:
        is_chosen = select(fleet.units.reset_index(), filters.where)
        not_asked["where"] = int((~is_chosen).sum())
        kept = [draft for draft, is_wanted in zip(kept, is_chosen, strict=True) if is_wanted]
        if not kept:
            raise UsageError(_nothing_left(table, not_asked, never_built, left_out))
        fleet = _fleet(tracker, table, kept)
    lost = [row for row in left_out if row.is_missing]
    if lost:
        fleet = _noticed(fleet, lost)
    sha256 = digest_of(table.path)
    fleet = replace(fleet, source=FleetSource(path=table.path), sha256=sha256)
    lost_units = [finding("W816", table.sheet, row.location.rpartition("!")[2], row.name) for row in lost[:1]]
    lost_units = [one.counted(len(lost)) for one in lost_units]
    lost_units += _other_fuels(table, wanted)
    ours = {str(draft.values["unit_id"]) for draft in kept}
    own = [f for draft in kept for f in draft.findings]
    own += [f for f in refused if f.unit_id in ours]
    report = ImportReport(
        kind=tracker.kind,
        title=tracker.title,
        file=str(table.path),
        sheet=table.sheet,
        encoding=table.encoding,
        rows_read=len(table.rows),
        kept=len(kept),
        kept_by_status=_by_status(fleet),
        not_asked=not_asked,
        never_built=never_built,
        left_out=tuple(left_out),
        columns_not_used=_not_used(tracker, table),
        to_fill=to_fill(fleet.units, set(fleet.activity["unit_id"])),
        findings=(*lost_units, *table.findings, *grouped(own), *_of_reader(table, fleet)),
        source=tracker.source,
    )
    return fleet, report


def _in_year(tracker: Tracker, year: int | None) -> Tracker:
    """Return a tracker whose fleet has a year as its base year."""
    if year is None:
        return tracker
    newest = tracker.settings.get("data_year")
    if isinstance(newest, int) and year > newest:
        raise UsageError(f"{tracker.title} ends in {newest}: what runs in {year} is not known.", parameter="in_year")
    return replace(tracker, settings={**tracker.settings, "base_year": year})


def _fleet(tracker: Tracker, table: SourceTable, drafts: Sequence[DraftUnit]) -> Fleet:
    """Return the fleet of the drafts, read by the rules of the workbook."""
    columns = [column.name for column in SHEETS[tracker.sheet].columns]
    records = []
    for draft in drafts:
        record = {**draft.values, "source_id": tracker.source["source_id"]}
        if draft.notes:
            record["note"] = " ".join([*filter(None, [draft.values.get("note")]), *draft.notes])
        records.append(record)
    filled = [name for name in columns if any(name in record for record in records)]
    index = [str(draft.row.number) for draft in drafts]
    units = pd.DataFrame(
        [[record.get(name) for name in filled] for record in records], columns=filled, index=index, dtype=object
    )
    tables = {tracker.sheet: units, "Sources": pd.DataFrame([tracker.source])}
    activity = [{"unit_id": draft.values["unit_id"], **row} for draft in drafts for row in draft.activity]
    if activity:
        tables["Activity"] = pd.DataFrame(activity)
    return fleet_from_tables(tables, settings=tracker.settings, name=table.path.stem)


def _noticed(fleet: Fleet, lost: Sequence[LeftOut]) -> Fleet:
    """Return the fleet with a sentence on missing units that every result carries."""
    sentence = f"{len(lost)} operating rows of the source have no usable capacity and are missing: totals are too low."
    former = fleet.settings.get("notice")
    text = f"{former.value} {sentence}" if former else sentence
    return replace(fleet, settings={**fleet.settings, "notice": Setting(text, "Settings")})


def _other_fuels(table: SourceTable, drafts: Sequence[DraftUnit]) -> list[Finding]:
    """Return a finding with the words for which rows were left out as no coal, so that they can be checked."""
    others = [draft for draft in drafts if draft.other_fuel]
    words = Counter(draft.other_fuel for draft in others).most_common(MOST_WORDS)
    found = ", ".join(f"{word} ({count})" for word, count in words)
    number = others[0].row.number if others else 0
    return [finding("W822", table.sheet, f"{number}:{number}", found).counted(len(others))] if others else []


def _by_status(fleet: Fleet) -> dict[str, int]:
    counts = Counter(fleet.units["status"].fillna("not stated"))
    return {name: counts[name] for name in (*STATUSES.codes, "not stated") if counts[name]}


def _not_used(tracker: Tracker, table: SourceTable) -> dict[str, str]:
    return {
        column: tracker.reasons.get(fold(column), "not known to the importer")
        for column in table.columns
        if fold(column) not in tracker.used
    }


def _of_reader(table: SourceTable, fleet: Fleet) -> tuple[Finding, ...]:
    """Return what the rules of the workbook noted, with the row of the tracker."""
    found = []
    for one in fleet.findings:
        row = ROW.search(one.cell)
        found.append(replace(one, sheet=table.sheet, cell=f"{row[1]}:{row[1]}") if row else one)
    return tuple(found)


def _nothing_left(
    table: SourceTable, not_asked: Mapping[str, int], never_built: Mapping[str, int], left_out: Sequence[LeftOut]
) -> str:
    parts = [f"{count} not asked for by `{parameter}`" for parameter, count in not_asked.items() if count]
    parts += [f"{count} {status}, kept only with `statuses='all'`" for status, count in never_built.items()]
    parts += [f"{count}: {reason}" for reason, count in Counter(row.reason for row in left_out).items()]
    return f"{table.path.name}: no unit is left of {len(table.rows)} rows ({'; '.join(parts) or 'no rows'})."
