"""Rows of years: what counts a unit several times, and years of data that are read as start years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.parsing import Setting, Table, base_year_of, may_be_years_of_data, names_period

_OF_PERIODS = ("E335", "E336")  # say that rows are no units


def are_periods(table: Table) -> bool:
    """Return whether the rows of a table were found to be months or years of units, so that all units repeat."""
    return any(one.code in _OF_PERIODS for one in table.findings)


def years_of_data(table: Table, settings: Mapping[str, Setting]) -> Iterator[Finding]:
    """Yield a finding where a column Year contains what looks like the year of the data, and not start years."""
    years = [int(r.values["start_year"]) for r in table.records if "start_year" in r.values]
    base_year = base_year_of({name: setting.value for name, setting in settings.items()})
    head = table.heads.get("start_year", "")
    if names_period(head) and may_be_years_of_data(years, base_year):
        kinds = ", ".join(str(year) for year in sorted(set(years)))
        cell = next(record.cells["start_year"] for record in table.records if "start_year" in record.cells)
        found = f'column "{head}" with {kinds} in {len(years)} rows'
        yield finding("E336", table.sheet, cell, found)
