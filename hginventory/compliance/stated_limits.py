"""Limits that units are stated to comply with: by ids in their rows, or by the country in the sheet Settings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hginventory._types import Flags, Objects, Positions
from hginventory.factors import FactorLibrary, FindingLog, lookup
from hginventory.inputs.findings import sheet_and_cell
from hginventory.inputs.fleet import Fleet, is_blank
from hginventory.model import Limit, alternatives, limits_in_table
from hginventory.translations import TranslatableText
from hginventory.vocabulary import fold

COMPLIES_WITH, LIMITS_IN_FORCE = "complies_with", "limits_in_force"
_IN_FORCE = re.compile(r"(\w+)(?:\s*:\s*|\s+)(\d{4})")  # an id and a year


@dataclass(frozen=True)
class StatedLimit:
    """A limit that units are stated to comply with.

    Attributes
    ----------
    either : tuple of Limit
        The limit: alternatives, of which one is enough.
    cell : str
        Where it is stated.
    units : ndarray of int
        Indices of the units it is stated for; by a country, those of its jurisdiction.
    of_country : bool
        Whether it is stated for a country: it then counts at the units that it fits.
    """

    either: tuple[Limit, ...]
    cell: str
    units: Positions
    of_country: bool


def stated_limits(fleet: Fleet, library: FactorLibrary, log: FindingLog) -> list[StatedLimit]:
    """Return the limits that the units of a fleet are stated to comply with, and note what names none.

    Parameters
    ----------
    fleet : Fleet
        Column ``complies_with`` of its units, and the setting ``limits_in_force``.
    library : FactorLibrary
        Of the base year.
    log : FindingLog
        Takes an error for each text that names no limit, and a warning for each limit that is not valid in the year.
    """
    setting = fleet.settings.get(LIMITS_IN_FORCE)
    in_force = None if setting is None or is_blank(setting.value) else str(setting.value)
    cells = fleet.units[COMPLIES_WITH].tolist()
    named = [index for index, cell in enumerate(cells) if not is_blank(cell)]
    if in_force is None and not named:
        return []
    reader = _Reader(library, log)
    found = []
    ids = fleet.units.index.tolist()
    for index in named:
        unit = str(ids[index])
        address = fleet.address(unit, COMPLIES_WITH)
        for name in _parts(str(cells[index])):
            either = reader.limit(name, address, unit)
            if either:
                found.append(StatedLimit(either, "!".join(address), np.array([index]), of_country=False))
    if setting is not None and in_force is not None:
        countries = fleet.units["country"].to_numpy()
        for either in reader.in_force(in_force, sheet_and_cell(setting.cell)):
            units = np.flatnonzero(reader.is_of(countries, either[0].country))
            found.append(StatedLimit(either, setting.cell, units, of_country=True))
    return found


def _parts(text: str) -> list[str]:
    """Return the ids that a cell names.

    >>> _parts("usa_lll_existing + USA_EEE_hazardous_waste")
    ['usa_lll_existing', 'usa_eee_hazardous_waste']
    """
    return list(dict.fromkeys(fold(part) for part in text.split("+")))


@dataclass
class _Reader:
    """Turns texts into limits of a base year."""

    library: FactorLibrary
    log: FindingLog
    limits: Mapping[str, tuple[Limit, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.limits = {either[0].name: tuple(either) for either in alternatives(limits_in_table(self.library))}

    def limit(self, name: str, address: tuple[str, str], unit: str = "") -> tuple[Limit, ...]:
        """Return the alternatives of an id that are law in the base year; nothing, with a finding, where none is."""
        if name not in self.limits:
            near = difflib.get_close_matches(name, self.limits, n=1)
            remedy = TranslatableText("Did you mean {near}?", near=near[0]) if near else ""
            self.log.add_at("E729", address, unit, repr(name), remedy=remedy)
            return ()
        either = tuple(one for one in self.limits[name] if not one.years_off)
        if not either:
            found = TranslatableText("{limit} is not law in {year}", limit=name, year=self.library.year)
            self.log.add_at("W730", address, unit, found)
        return either

    def in_force(self, text: str, address: tuple[str, str]) -> Iterator[tuple[Limit, ...]]:
        """Yield the limits of the setting that are in force in the base year."""
        for part in _parts(text):
            match = _IN_FORCE.fullmatch(part)
            if match is None:
                remedy = TranslatableText("Write an id and the first year of the limit, as usa_lll_existing 2015.")
                self.log.add_at("E729", address, "", repr(part), remedy=remedy)
                continue
            name, year = match[1], int(match[2])
            either = self.limit(name, address)
            if either and year > self.library.year:
                found = TranslatableText(
                    "{limit} is in force from {first}, after {year}", limit=name, first=year, year=self.library.year
                )
                self.log.add_at("W730", address, "", found)
            elif either and either[0].only_where:
                remedy = TranslatableText("Name it in complies_with of the units where this is so.")
                found = TranslatableText("{limit} applies only where {condition}", limit=name,
                                         condition=either[0].only_where)  # fmt: skip
                self.log.add_at("W730", address, "", found, remedy=remedy)
            elif either:
                yield either

    def is_of(self, countries: Objects, jurisdiction: str) -> Flags:
        """Return which countries a jurisdiction consists of, shape as ``countries``."""
        rows = self.library.table("country_region").defaults
        members = {row.keys["country"] for row in rows if row.keys["region"] == jurisdiction}
        if jurisdiction == lookup.WORLD:
            return np.ones(len(countries), dtype=bool)
        return np.isin(countries.astype(str), [jurisdiction, *members])
