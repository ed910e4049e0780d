"""What the name of a bundled fleet means: a curated workbook, or the tracker's units of a country, a group or all."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hginventory.data_files import data_folder
from hginventory.errors import UnreadableFileError
from hginventory.inputs.fleet import FleetSource
from hginventory.inputs.parsing import country_code, country_names, country_spellings, plain_name
from hginventory.vocabulary import fold

TRACKER = "tracker:"  # before a name: the units of the tracker, also where there is a curated workbook
CEMENT = "+cement"  # behind a name: cement plants of the tracker too
WORLD = "world"
_GROUPS = "country_groups.csv"
_LIKENESS, _LIKENESS_OF_CODE = 0.75, 0.6  # from which a name or code is proposed
_MOST_PROPOSED = 3
_ENDING = re.compile(r"\.\w{1,5}")  # of a file; names of places have points with a space behind


@dataclass(frozen=True)
class FleetName:
    """A bundled fleet.

    Attributes
    ----------
    name : str
        Its one name, by which it is found again, as ``indonesia`` or ``tracker:VNM``.
    title : str
        Country, group or workbook in English.
    workbook : Path or None
        The curated workbook; None for units of the tracker.
    countries : frozenset of str
        ISO codes of the countries whose units of the tracker are meant; empty: all.
    with_cement : bool
        Whether the plants of the cement tracker are meant too.
    """

    name: str
    title: str
    workbook: Path | None = None
    countries: frozenset[str] = frozenset()
    with_cement: bool = False


def find_fleet(text: str) -> FleetName | None:
    """Return the bundled fleet that a text names, or None.

    Parameters
    ----------
    text : str
        An ISO code, the name of a country in English or a language spoken somewhere, a group as ``EU27``, ``world``,
        or the name of a bundled workbook with or without its ending; ``tracker:`` before it asks for the tracker's
        units, ``+cement`` behind it for the plants of the cement tracker too. A workbook has kilns of its own.

    Examples
    --------
    >>> [find_fleet(text).name for text in ("VNM", "Vi\u1ec7t Nam", "south-africa", "eu27", "world")]
    ['tracker:VNM', 'tracker:VNM', 'tracker:ZAF', 'tracker:EU27', 'tracker:world']
    >>> [find_fleet(text).name for text in ("IDN", "indonesia.xlsx", "tracker:IDN")]
    ['indonesia', 'indonesia', 'tracker:IDN']
    >>> [find_fleet(text).name for text in ("vietnam+cement", "indonesia+cement", "tracker:IDN+cement")]
    ['tracker:VNM+cement', 'indonesia', 'tracker:IDN+cement']
    """
    folded = fold(text)
    named = _named(folded.removesuffix(CEMENT).strip())
    if named is None or named.workbook is not None or not folded.endswith(CEMENT):
        return named
    return replace(named, name=f"{named.name}{CEMENT}", with_cement=True)


def _named(folded: str) -> FleetName | None:
    """Return the bundled fleet of a name without what is asked for next to it, or None."""
    name, is_tracker = folded.removeprefix(TRACKER).strip(), folded.startswith(TRACKER)
    for workbook in [] if is_tracker else _workbooks():
        if workbook.stem == name.removesuffix(workbook.suffix):
            return FleetName(workbook.stem, workbook.stem.capitalize(), workbook)
    if _ENDING.fullmatch(Path(name).suffix) or Path(name).parent != Path():
        return None  # a path
    found = _in_table(name)
    if found is None or is_tracker:
        return found
    for workbook in _workbooks():
        if found.countries == {country_code(workbook.stem)}:  # a workbook is called after its country
            return FleetName(workbook.stem, found.title, workbook)
    return found


def _in_table(name: str) -> FleetName | None:
    """Return the part of the tracker table that a name means: the world, or that of a group or country."""
    if name == WORLD:
        return FleetName(f"{TRACKER}{WORLD}", WORLD.capitalize())
    for group, (title, countries) in country_groups().items():
        if plain_name(name).replace(" ", "") in (fold(group), plain_name(title).replace(" ", "")):
            return FleetName(f"{TRACKER}{group}", title, countries=countries)
    code = country_code(name)
    return FleetName(f"{TRACKER}{code}", country_names()[code], countries=frozenset({code})) if code else None


@cache
def _workbooks() -> tuple[Path, ...]:
    """Return the bundled workbooks."""
    return tuple(sorted(data_folder("fleets").glob("*.xlsx")))


def workbook_names() -> list[str]:
    """Return the names of the bundled workbooks."""
    return [path.stem for path in _workbooks()]


def workbook_of(source: FleetSource) -> Path | None:
    """Return the workbook that a fleet was read from; None where there is none, as for units of the tracker table."""
    if source.path is not None or not source.bundled:
        return source.path
    named = find_fleet(source.bundled)
    return named.workbook if named else None


@cache
def country_groups() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Return group -> its name and the ISO codes of its countries."""
    groups: dict[str, tuple[str, frozenset[str]]] = {}
    with (data_folder("fleets") / _GROUPS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _, countries = groups.get(row["group"], ("", frozenset()))
            groups[row["group"]] = (row["name"], countries | {row["iso3"]})
    return groups


def unknown_fleet(text: str) -> UnreadableFileError:
    """Return the error for a text that names neither a file nor a bundled fleet, with names like it."""
    near = _near(text)
    proposal = f"Did you mean {', '.join(near)}? " if near else ""
    return UnreadableFileError(
        f"{text}: there is no such file, and no bundled fleet of that name. {proposal}Use a path, a country, as VNM or "
        f"vietnam, one of {', '.join(country_groups())}, {WORLD}, or a bundled workbook "
        f"({', '.join(workbook_names())}). hginv fleet list shows all."
    )


def _near(text: str) -> list[str]:
    """Return the bundled fleets with a name like a text, the best first; none for a path."""
    from hginventory.inputs.bundled.tracker_table import countries_of_table  # loads the importers

    name = plain_name(text.removeprefix(TRACKER).removesuffix(CEMENT))
    if Path(text).parent != Path():
        return []
    there = countries_of_table()
    names = {spelling: code for spelling, code in country_spellings().items() if code in there}
    names |= {fold(code): code for code in there} | {fold(group): group for group in country_groups()} | {WORLD: WORLD}
    names |= {plain_name(english): code for code, english in country_names().items() if code in there}
    english = country_names()
    cutoff = _LIKENESS_OF_CODE if len(name) == len("ISO") else _LIKENESS
    near = difflib.get_close_matches(name, names, n=4 * _MOST_PROPOSED, cutoff=cutoff)
    codes = list(dict.fromkeys(names[one] for one in near))[:_MOST_PROPOSED]
    return [f"{english[code]} ({code})" if code in english else code for code in codes]
