"""A path or the name of a bundled fleet to a `Fleet`: one way for every command and function that takes a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from hginventory import arguments
from hginventory.errors import UnreadableFileError, UsageError
from hginventory.inputs.bundled.fleet_names import CEMENT, TRACKER, FleetName, find_fleet, unknown_fleet
from hginventory.inputs.findings import sort_findings
from hginventory.inputs.fleet import Fleet, FleetSource
from hginventory.inputs.parsing import Setting
from hginventory.inputs.reader import fleet_from_workbook
from hginventory.translations import TranslatableText

NOTICE = TranslatableText("Coal-fired units of 30 MW and more only: smaller units and cement kilns are missing.")
COAL_NOTICE = TranslatableText("Coal-fired units of 30 MW and more only: smaller units are missing.")
NO_COAL = TranslatableText("The tracker has no coal-fired unit of 30 MW and more here.")
CEMENT_NOTICE = TranslatableText(
    "Cement is estimated plant by plant from cement capacity: kiln type, clinker and start year are unknown, and "
    "plants that only grind clinker are counted too."
)


def read_fleet(source: str | Path) -> Fleet:
    """Return the fleet of a workbook, or a bundled one.

    Parameters
    ----------
    source : str or Path
        Path of an .xlsx file; where there is no such file, a country by ISO code or name, a group as ``EU27``,
        ``world``, or the name of a bundled workbook; ``+cement`` behind a name adds the plants of the cement tracker.

    Returns
    -------
    Fleet
        With all findings, errors among them; `raise_on_errors` stops on those.

    Raises
    ------
    UnreadableFileError
        If there is no such file or fleet, or the file is unsafe, damaged, no workbook or of a newer version.
    UsageError
        If the tracker has no unit in a country, or no cement plant where they are asked for.

    Examples
    --------
    >>> read_fleet("indonesia").origin, read_fleet("Viet Nam").origin
    ('bundled fleet indonesia', 'bundled fleet tracker:VNM')
    """
    arguments.path("source", source)
    path = Path(source)
    named = find_fleet(str(source))
    if path.is_dir() and named:
        bundled = named.workbook.name if named.workbook else named.name
        raise UnreadableFileError(
            f"{path} is a folder here. Name the workbook in it, or write {bundled} for the bundled fleet."
        )
    if path.exists():
        return fleet_from_workbook(path, FleetSource(path=path, hides=named.name if named else ""))
    if named is None:
        raise unknown_fleet(str(source))
    if named.workbook is not None:
        return fleet_from_workbook(named.workbook, FleetSource(bundled=named.name))
    return tracker_fleet(named)


def tracker_fleet(named: FleetName) -> Fleet:
    """Return the units of the tracker tables that a name stands for, with the cells of the workbook made of them.

    Raises
    ------
    UsageError
        If the tables have no unit there that is or was built or is planned.
    """
    from hginventory.inputs.template import with_workbook_cells

    coal = _coal(named)
    parts = [coal] if coal else []
    if named.with_cement:
        parts.append(_cement(named, coal is None))
    elif coal is None:
        raise UsageError(_no_coal(named))
    source = FleetSource(bundled=named.name)
    return with_workbook_cells(replace(_joined(parts), name=named.name.removeprefix(TRACKER), source=source))


def _coal(named: FleetName) -> Fleet | None:
    """Return the coal-fired units of a name; None where the tracker has none that is or was built or is planned."""
    from hginventory.inputs.bundled.tracker_table import attributed, read_tracker_table
    from hginventory.inputs.trackers import Filters, gem_coal_fleet, release_title

    table = read_tracker_table(named.countries)
    try:
        fleet, _ = gem_coal_fleet(table, Filters())
    except UsageError:  # without a filter it has one cause: no row is left
        return None
    settings = {
        "fleet_name": Setting(f"{named.title}: {release_title(table)}", ""),
        "notice": Setting(COAL_NOTICE if named.with_cement else NOTICE, ""),
    }
    return replace(fleet, settings={**fleet.settings, **settings}, sources=attributed(fleet.sources, table))


def _cement(named: FleetName, is_alone: bool) -> Fleet:
    """Return the cement plants of a name, with what is not known of them as the notice.

    Raises
    ------
    UsageError
        If the tracker has no cement plant there.
    """
    from hginventory.inputs.bundled.tracker_table import CEMENT_FILE, attributed, read_tracker_table
    from hginventory.inputs.trackers import Filters, gem_cement_fleet

    table = read_tracker_table(named.countries, CEMENT_FILE)
    title = table.words[1].removesuffix(".").partition(", ")[2]
    try:
        fleet, report = gem_cement_fleet(table, Filters())
    except UsageError:
        raise UsageError(f"{named.title} has no cement plant of known capacity in the {title}.") from None
    told = [NO_COAL, CEMENT_NOTICE] if is_alone else [CEMENT_NOTICE]
    if report.missing:
        lost = f"{len(report.missing)}"
        told.append(TranslatableText("{n} cement plants in operation have no known capacity and are missing.", n=lost))
    name = f"{named.title}: {title}" if is_alone else title
    settings = {"fleet_name": Setting(name, ""), "notice": Setting(_sentences(told), "")}
    return replace(fleet, settings={**fleet.settings, **settings}, sources=attributed(fleet.sources, table))


def _joined(parts: Sequence[Fleet]) -> Fleet:
    """Return one fleet of some of different sectors; the settings of the first, titles and notices of all."""
    first, *others = parts
    if not others:
        return first
    names = " + ".join(str(part.settings["fleet_name"].value) for part in parts)
    notice = _sentences([part.settings["notice"].value for part in parts])
    return replace(
        first,
        units=_stacked([part.units for part in parts]),
        sources=_stacked([part.sources for part in parts]),
        settings={**first.settings, "fleet_name": Setting(names, ""), "notice": Setting(notice, "")},
        findings=sort_findings(one for part in parts for one in part.findings),
        cells=dict(item for part in parts for item in part.cells.items()),
        rows=dict(item for part in parts for item in part.rows.items()),
        letters=dict(item for part in parts for item in part.letters.items()),
    )


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all tables, with an index of plain texts as each of them has."""
    table = pd.concat(tables)
    return table.set_axis(table.index.astype(object))


def _sentences(texts: Sequence[object]) -> TranslatableText:
    """Return sentences as one text."""
    first, *others = texts
    text = first if isinstance(first, TranslatableText) else TranslatableText(str(first))
    for other in others:
        text = TranslatableText("{first} {second}", first=text, second=other)
    return text


def _no_coal(named: FleetName) -> str:
    """Return that a country has no coal-fired unit, and how to get its cement plants where there are some."""
    from hginventory.inputs.bundled.tracker_table import CEMENT_FILE, read_tracker_table
    from hginventory.inputs.trackers import release_title

    problem = f"{named.title} has no coal-fired unit of 30 MW and more in the {release_title(read_tracker_table())}."
    if not read_tracker_table(named.countries, CEMENT_FILE).rows:
        return problem
    return f"{problem} {named.name.removeprefix(TRACKER)}{CEMENT} reads its cement plants."
