"""Tables made in Python to a `Fleet`: as a workbook, but a column or setting that nobody knows is an error."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from hginventory import arguments
from hginventory.errors import UsageError
from hginventory.inputs.fleet import Fleet
from hginventory.inputs.reader import fleet_from_tables
from hginventory.inputs.schema import SETTINGS, SETTINGS_SHEET, SHEETS, Column

TABLE = "a pandas DataFrame"
UNITS = {"coal_power": "Coal_units", "cement_kiln": "Cement_kilns"}
NO_HEADER, UNKNOWN_COLUMN, ROWS_OF_PERIODS = "E102", "W303", "E335"


def fleet_from_frame(
    units: pd.DataFrame,
    *,
    sector: str = "coal_power",
    settings: Mapping[str, Any] | None = None,
    fuels: pd.DataFrame | None = None,
    activity: pd.DataFrame | None = None,
    factors: pd.DataFrame | None = None,
    measurements: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    name: str = "fleet",
) -> Fleet:
    """Return a fleet made in Python, through the same rules as a workbook.

    Parameters
    ----------
    units : DataFrame
        Columns as in the workbook, in the units of the schema: ``capacity_gross`` [MW], ``hg_coal`` [mg/kg].
    sector : str
        ``coal_power`` or ``cement_kiln``.
    settings : mapping, optional
        As in the sheet Settings.
    fuels, activity : DataFrame, optional
        As in the sheets Fuels and Activity.
    factors : DataFrame, optional
        As in the sheet Factors: values that replace rows of the factor tables.
    measurements : DataFrame, optional
        As in the sheet Measurements: measurements at stacks and of coal, each with its unit of measure.
    sources : DataFrame, optional
        As in the sheet Sources, which ``source_id`` of the other tables refers to.
    name : str
        Short name of the fleet.

    Returns
    -------
    Fleet
        With all findings, errors among them, which stop `project`; a finding names a cell by column and index label.

    Raises
    ------
    UsageError
        If a table has no known column or an unknown one, or a setting or the sector is unknown; all are named, with
        the names allowed.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["IDN"], "MW": [600], "start_year": [2015]})
    >>> fleet_from_frame(table).units["capacity_gross"].tolist()
    [600.0]
    """
    arguments.one_of("sector", sector, UNITS)
    arguments.of_kind("units", units, pd.DataFrame, TABLE)
    others = {
        "fuels": fuels, "activity": activity, "factors": factors, "measurements": measurements, "sources": sources,
    }  # fmt: skip
    for parameter, frame in others.items():
        arguments.of_kind(parameter, frame, pd.DataFrame, TABLE, optional=True)
    arguments.of_kind("settings", settings, dict, "a dict, as {'base_year': 2026}", optional=True)
    arguments.text("name", name)
    frames = {"units": units, **{parameter: frame for parameter, frame in others.items() if frame is not None}}
    sheets = {parameter: parameter.capitalize() for parameter in others} | {"units": UNITS[sector]}
    fleet = fleet_from_tables({sheets[one]: frame for one, frame in frames.items()}, settings=settings, name=name)
    problems = {parameter: _columns(fleet, sheets[parameter], frame.columns) for parameter, frame in frames.items()}
    known = {parameter: _names(SHEETS[sheets[parameter]].columns) for parameter in frames}
    problems["settings"], known["settings"] = _settings(fleet, settings or {}), _names(SETTINGS)
    _raise_on({parameter: problem for parameter, problem in problems.items() if problem}, known)
    return fleet


def _names(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _noted(fleet: Fleet, code: str, sheet: str) -> set[str]:
    """Return the cells of a sheet that a finding is about."""
    return {one.cell for one in fleet.findings if one.code == code and one.sheet == sheet}


def _columns(fleet: Fleet, sheet: str, columns: Iterable[Hashable]) -> str:
    """Return which columns of a table are unknown, in words; empty where all are known."""
    names = [str(column) for column in columns]
    if not names:
        return "the table has no columns"
    if _noted(fleet, ROWS_OF_PERIODS, sheet):
        return ""  # a finding says more of them: their column is known by what it contains
    known = _names(SHEETS[sheet].columns)
    if not _noted(fleet, NO_HEADER, sheet):
        noted = _noted(fleet, UNKNOWN_COLUMN, sheet)
        return _unknown("column", [name for name in names if f"{name}[columns]" in noted], known)
    strange = [name for name in names if name not in known]
    return _unknown("column", strange, known) or f"{', '.join(names)} alone is too little: give at least two columns"


def _settings(fleet: Fleet, given: Mapping[str, Any]) -> str:
    """Return which settings are unknown, in words; empty where all are known."""
    noted = _noted(fleet, UNKNOWN_COLUMN, SETTINGS_SHEET)
    return _unknown("setting", [str(key) for key in given if f"name[{key}]" in noted], _names(SETTINGS))


def _unknown(what: str, names: Sequence[str], known: Sequence[str]) -> str:
    """Return unknown names in words, each with the known name that it resembles.

    >>> _unknown("column", ["start_yaer", "x"], ["start_year", "plant"])
    "unknown columns 'start_yaer' (did you mean start_year?) and 'x'"
    """
    if not names:
        return ""
    near = [difflib.get_close_matches(name, known, 1) for name in names]
    shown = [
        f"{name!r} (did you mean {found[0]}?)" if found else repr(name) for name, found in zip(names, near, strict=True)
    ]
    together = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
    return f"unknown {what}{'s' if len(names) > 1 else ''} {together}"


def _raise_on(problems: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> None:
    """Raise where there are problems: of the first parameter, with those of the others on lines of their own."""
    if not problems:
        return
    lines = [
        f"{problem}. Rename or leave out what is not one of: {', '.join(known[parameter])}."
        for parameter, problem in problems.items()
    ]
    first, *rest = problems
    more = [f"{parameter}: {line}" for parameter, line in zip(rest, lines[1:], strict=True)]
    raise UsageError("\n".join([lines[0], *more]), parameter=first, allowed=known[first])
