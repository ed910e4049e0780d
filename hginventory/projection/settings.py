"""What a run is asked to do: base year, retirement rule and removal profile, each with where it came from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from numbers import Real
from typing import cast

from hginventory.errors import UsageError
from hginventory.factors import FactorLibrary, Groups
from hginventory.inputs.findings import DataError, finding, sheet_and_cell
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.schema import SETTINGS
from hginventory.model import DEFAULT_PROFILE, PlannedRule, RetirementRule, UnknownStartRule

DEFAULT_RULE = "icsc_40"
CAPTIVE_DEFAULT = "coal_power"
RANGES = {column.name: (column.low or 0.0, column.high or 0.0) for column in SETTINGS}
BASE_YEARS = tuple(int(year) for year in RANGES["base_year"])
LIFETIME_SPREADS = RANGES["lifetime_spread"]


class SetBy(StrEnum):
    """What decided a setting; the texts are those of run.json."""

    OPTION = "option"
    SHEET = "sheet"
    DEFAULT = "default"
    THIS_YEAR = "this calendar year"


@dataclass(frozen=True)
class SettingOrigin:
    """Where a setting comes from.

    Attributes
    ----------
    set_by : SetBy
        What decided it.
    cell : str
        Cell of the sheet Settings, as ``Settings!B4``; empty unless the sheet decided.

    Examples
    --------
    >>> print(SettingOrigin(SetBy.OPTION), SettingOrigin(SetBy.SHEET, "Settings!B4"))
    option Settings!B4
    """

    set_by: SetBy
    cell: str = ""

    def __str__(self) -> str:
        if self.set_by is SetBy.THIS_YEAR:
            return f"{SetBy.THIS_YEAR}; to fix it, set base_year in the call or in Settings!base_year"
        return self.cell or str(self.set_by)

    @classmethod
    def from_text(cls, text: str) -> SettingOrigin:
        """Return the origin as the text in the record of a run; what follows a semicolon is advice.

        >>> SettingOrigin.from_text("this calendar year; fix it in the sheet Settings").set_by.name
        'THIS_YEAR'
        >>> SettingOrigin.from_text("Settings!B4").cell
        'Settings!B4'
        """
        known = {str(set_by): set_by for set_by in SetBy if set_by is not SetBy.SHEET}
        set_by = known.get(text.split(";", maxsplit=1)[0])
        return cls(SetBy.SHEET, text) if set_by is None else cls(set_by)


@dataclass(frozen=True)
class ProjectionSettings:
    """Settings of a run.

    Attributes
    ----------
    fleet_name : str
        Short name of the fleet, as in file names.
    fleet_label : str
        Name of the fleet in words.
    base_year : int
        First remaining year.
    rule, rule_text : str
        Name of the retirement rule and the rule in words.
    lifetime_spread : float
        Years by which a unit may close earlier or later at most, in the draws; 0: lifetimes are fixed.
    profile : str
        Removal profile.
    where : str or None
        Expression that selected the units; None: all.
    combined : bool
        Whether coal units and kilns are ranked in one list; else each sector has ranks and shares of its own.
    captive_category : str
        Annex D category of captive plants.
    origins : mapping of str to SettingOrigin
        Setting -> where it comes from.
    notice : str or None
        What every report of this fleet has to say.
    """

    fleet_name: str
    fleet_label: str
    base_year: int
    rule: str
    rule_text: str
    lifetime_spread: float
    profile: str
    where: str | None
    combined: bool
    captive_category: str
    origins: Mapping[str, SettingOrigin]
    notice: str | None


def resolve_settings(
    fleet: Fleet,
    library: FactorLibrary,
    *,
    base_year: int | None = None,
    rule: str | None = None,
    lifetime_spread: float | None = None,
    profile: str | None = None,
    where: str | None = None,
    combined: bool = False,
) -> tuple[ProjectionSettings, RetirementRule]:
    """Return the settings of a run: an option before the sheet Settings, the sheet before the default.

    Parameters
    ----------
    fleet : Fleet
        With its sheet Settings.
    library : FactorLibrary
        For the names of rules and profiles.
    base_year, rule, lifetime_spread, profile, where, combined : optional
        Options of the call.

    Raises
    ------
    UsageError
        If an option names a rule, spread, profile or year that cannot be used.
    DataError
        If the sheet Settings does.
    """
    of_call = {"where": where, "combined": combined}
    origins = {name: SettingOrigin(SetBy.OPTION if value else SetBy.DEFAULT) for name, value in of_call.items()}

    def choose(name: str, option: object, default: object) -> object:
        value, origins[name] = _chosen(fleet, name, option, default)
        return value

    def check(name: str, value: str, allowed: tuple[str, ...]) -> str:
        if value in allowed:
            return value
        names = f"Use one of: {', '.join(allowed)}."
        words = f"unknown {name} {value!r}. {names}"
        if origins[name].set_by is SetBy.OPTION:
            raise UsageError(words, parameter=name, allowed=allowed)
        wrong = finding("E712", *sheet_and_cell(origins[name].cell), f"{name} {value!r}", remedy=names)
        raise DataError(f"{origins[name]}: {words}", (wrong,))

    year, origins["base_year"] = base_year_of(fleet, base_year)
    if not BASE_YEARS[0] <= year <= BASE_YEARS[1]:
        first, last = BASE_YEARS
        words = f"{year} is outside {first}-{last}. Write a year of that range."
        raise UsageError(words, parameter="base_year", allowed=BASE_YEARS)
    rules = dict.fromkeys(row.keys["rule"] for row in library.table("lifetime_rule").defaults)
    rule_name = check("rule", str(choose("rule", rule, DEFAULT_RULE)), tuple(rules))
    spread = _spread(choose("lifetime_spread", lifetime_spread, 0.0))
    profiles = dict.fromkeys(row.keys["profile"] for row in library.table("removal").defaults)
    profile_name = check("profile", str(choose("profile", profile, DEFAULT_PROFILE)), tuple(profiles))
    retirement = load_rule(library, rule_name)
    notice = fleet.settings.get("notice")
    label = fleet.settings.get("fleet_name")
    settings = ProjectionSettings(
        fleet_name=fleet.name,
        fleet_label=str(label.value) if label and label.value else fleet.name,
        base_year=year,
        rule=rule_name,
        rule_text=retirement.text,
        lifetime_spread=spread,
        profile=profile_name,
        where=where,
        combined=combined,
        captive_category=str(choose("captive_category", None, CAPTIVE_DEFAULT)),
        origins=origins,
        notice=notice.value if notice and notice.value else None,
    )
    return settings, retirement


def base_year_of(fleet: Fleet, option: int | None = None) -> tuple[int, SettingOrigin]:
    """Return the base year and what set it: the option, the sheet Settings, the data year of the fleet, or today's.

    `resolve_settings` checks that it can be used; the factor rows that count follow from it before.
    """
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    value, origin = _chosen(fleet, "base_year", option, this_year, "data_year")
    return int(cast("int", value)), SettingOrigin(SetBy.THIS_YEAR) if origin.set_by is SetBy.DEFAULT else origin


def _chosen(fleet: Fleet, name: str, option: object, default: object, *fallbacks: str) -> tuple[object, SettingOrigin]:
    """Return a setting and what set it: the option before the sheet Settings, the sheet before the default."""
    if option is not None:
        return option, SettingOrigin(SetBy.OPTION)
    for candidate in (name, *fallbacks):
        setting = fleet.settings.get(candidate)
        if setting is not None and setting.value is not None:
            return setting.value, SettingOrigin(SetBy.SHEET, setting.cell)
    return default, SettingOrigin(SetBy.DEFAULT)


def _spread(value: object) -> float:
    """Return the largest shift of a last year [yr]; that of a workbook was checked as a cell."""
    low, high = LIFETIME_SPREADS
    if isinstance(value, bool) or not isinstance(value, Real) or not low <= float(value) <= high:
        raise UsageError(
            f"{value!r} is not a number of years from {low:g} to {high:g}. Use 0 for fixed lifetimes, or the years by "
            "which a unit may close earlier or later.",
            parameter="lifetime_spread",
            allowed=LIFETIME_SPREADS,
        )
    return float(value)


def load_rule(library: FactorLibrary, name: str) -> RetirementRule:
    """Return a preset of the table `lifetime_rule`.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    name : str
        A rule of the table.
    """
    rows = Groups(library.table("lifetime_rule"), ("rule", "quantity"))
    lifetime, overage = (rows[name, quantity][0] for quantity in ("lifetime_years", "overage_years"))
    unknown_age = rows.get((name, "unknown_age_years"))
    return RetirementRule(
        name,
        lifetime.number(),
        overage.number(),
        cast("PlannedRule", lifetime.keys["planned"]),
        cast("UnknownStartRule", lifetime.keys["unknown_start"]),
        unknown_age[0].number() if unknown_age else 0.0,
    )
