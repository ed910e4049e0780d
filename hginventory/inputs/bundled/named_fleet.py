"""A path or the name of a bundled fleet to a `Fleet`: one way for every command and function that takes a fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.inputs.bundled.fleet_names import TRACKER, FleetName, find_fleet, unknown_fleet
from hginventory.inputs.fleet import Fleet, FleetSource
from hginventory.inputs.parsing import Setting
from hginventory.inputs.reader import fleet_from_workbook
from hginventory.translations import TranslatableText

NOTICE = TranslatableText("Coal-fired units of 30 MW and more only: smaller units and cement kilns are missing.")


def read_fleet(source: str | Path) -> Fleet:
    """Return the fleet of a workbook, or a bundled one.

    Parameters
    ----------
    source : str or Path
        Path of an .xlsx file; where there is no such file, a country by ISO code or name, a group as ``EU27``,
        ``world``, or the name of a bundled workbook.

    Returns
    -------
    Fleet
        With all findings, errors among them; `raise_on_errors` stops on those.

    Raises
    ------
    UnreadableFileError
        If there is no such file or fleet, or the file is unsafe, damaged, no workbook or of a newer version.
    UsageError
        If the tracker has no unit in a country.

    Examples
    --------
    >>> read_fleet("indonesia").origin, read_fleet("Viet Nam").origin
    ('bundled fleet indonesia', 'bundled fleet tracker:VNM')
    """
    arguments.path("source", source)
    path = Path(source)
    named = find_fleet(str(source))
    if path.exists():
        return fleet_from_workbook(path, FleetSource(path=path, hides=named.name if named else ""))
    if named is None:
        raise unknown_fleet(str(source))
    if named.workbook is not None:
        return fleet_from_workbook(named.workbook, FleetSource(bundled=named.name))
    return tracker_fleet(named)


def tracker_fleet(named: FleetName) -> Fleet:
    """Return the units of the tracker table that a name stands for, with the cells of the workbook made of them.

    Raises
    ------
    UsageError
        If the table has no unit there that is or was built or is planned.
    """
    from hginventory.inputs.bundled.tracker_table import credited, read_tracker_table
    from hginventory.inputs.template import with_workbook_cells
    from hginventory.inputs.trackers import Filters, gem_coal_fleet, release_title

    table = read_tracker_table(named.countries)
    title = release_title(table)
    if not table.rows:
        raise UsageError(f"{named.title} has no coal-fired unit of 30 MW and more in the {title}.")
    fleet, _ = gem_coal_fleet(table, Filters())
    settings: Mapping[str, Setting] = {
        **fleet.settings,
        "fleet_name": Setting(f"{named.title}: {title}", ""),
        "notice": Setting(NOTICE, ""),
    }
    source = FleetSource(bundled=named.name)
    name = named.name.removeprefix(TRACKER)
    return with_workbook_cells(
        replace(fleet, name=name, source=source, settings=settings, sources=credited(fleet.sources, table))
    )
