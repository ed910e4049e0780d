"""The emission limits of the table `emission_limit`, and one given by the user, as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hginventory.arguments import several
from hginventory.errors import UsageError
from hginventory.factors import TABLES, FactorLibrary, FactorRow, years_off
from hginventory.model.limit_basis import DRY, WET, Basis, unit_of
from hginventory.vocabulary import COAL_POWER

USER = "user"


@dataclass(frozen=True)
class Limit:
    """One emission limit.

    Attributes
    ----------
    limit_id : str
        Id of its factor row, or ``user``.
    name : str
        Id of the limit, as scenarios and workbooks name it. Limits of one name are alternatives: met where either is.
        Empty for one of the user.
    sector, country, instrument, applies_to, averaging : str
        Keys of the row.
    value : float
        In the unit of the basis.
    basis : Basis
        What it refers to.
    fuel, age, only_where : str
        To what it applies; empty: to all. Units under construction count as new.
    mwth_from, mwth_to : float
        Heat input of the units it applies to [MW], half-open.
    started_from : float
        First start year of the units it applies to.
    conditions_from : str
        Where the reference conditions come from.
    valid_from : str
        Year, month or day from which it is law; empty where its source gives none.
    years_off : int
        Years by which the base year lies outside the period of the row; 0 where it was law then.
    """

    limit_id: str
    name: str
    sector: str
    country: str
    instrument: str
    applies_to: str
    averaging: str
    value: float
    basis: Basis
    fuel: str = ""
    age: str = ""
    only_where: str = ""
    mwth_from: float = 0.0
    mwth_to: float = math.inf
    started_from: float = -math.inf
    conditions_from: str = ""
    valid_from: str = ""
    years_off: int = 0


def limits_in_table(library: FactorLibrary, countries: Sequence[str] = ()) -> tuple[Limit, ...]:
    """Return the limits in the table `emission_limit`, of each the one that counts in the base year of the library.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    countries : sequence of str
        Jurisdictions, as EU, IDN or USA; default: all.

    Raises
    ------
    UsageError
        If a jurisdiction has no limit in the table.
    """
    several("countries", countries, str, "jurisdictions, as ['EU', 'IDN']")
    rows = library.table("emission_limit").defaults
    known = sorted({row.keys["country"] for row in rows})
    for country in countries:
        if country not in known:
            words = f"{country!r} has no limit in the table. Use one of: {', '.join(known)}."
            raise UsageError(words, parameter="countries", allowed=known)
    return tuple(_limit(row, library.year) for row in rows if not countries or row.keys["country"] in countries)


def alternatives(limits: Iterable[Limit]) -> list[list[Limit]]:
    """Return limits in groups of which one is enough: those of one name together, others alone.

    Examples
    --------
    >>> from hginventory.factors import load_library
    >>> existing = [one for one in limits_in_table(load_library(), ["USA"]) if one.sector == COAL_POWER]
    >>> [len(group) for group in alternatives(existing)]
    [1, 2, 1]
    """
    groups: dict[object, list[Limit]] = {}
    for index, limit in enumerate(limits):
        groups.setdefault(limit.name or index, []).append(limit)
    return list(groups.values())


def user_limit(
    value: float,
    unit: str,
    *,
    sector: str = COAL_POWER,
    o2_percent: float | None = None,
    temperature_c: float | None = None,
    moisture: str = DRY,
    applies_to: str = "all units",
) -> Limit:
    """Return a limit given by the user; oxygen and temperature default to those of the gas table of the sector.

    Parameters
    ----------
    value : float
        Above 0, in ``unit``.
    unit : str
        A unit of `limit_basis.UNITS`, as ``mg/Nm3`` or ``lb/TBtu``.
    sector : str
        ``coal_power`` or ``cement_kiln``.
    o2_percent, temperature_c : float, optional
        Reference oxygen [% of dry gas] and temperature [C].
    moisture : str
        ``dry`` or ``wet``.
    applies_to : str
        Words for reports.

    Raises
    ------
    UsageError
        If value or unit cannot be used.

    Examples
    --------
    >>> user_limit(0.03, "mg/Nm3", o2_percent=6).basis.text()
    'dry, 6 % O2'
    """
    if not value > 0:
        words = f"{value:g} cannot be a limit. Write a number above 0."
        raise UsageError(words, parameter="value", allowed=(0.0, math.inf))
    per = unit_of(unit)[0]
    if moisture not in (DRY, WET):
        raise UsageError(f"{moisture!r} is unknown. Use dry or wet.", parameter="moisture", allowed=(DRY, WET))
    basis = Basis(per, unit, o2_percent, temperature_c, moisture)
    return Limit(USER, "", sector, "", "limit of the user", applies_to, "", value, basis)


def _limit(row: FactorRow, base_year: int) -> Limit:
    extra = row.extra
    number = {name: float(text) if (text := extra[name]) else None for name in
              ("o2_percent", "temperature_c", "mwth_from", "mwth_to", "started_from")}  # fmt: skip
    basis = Basis(extra["per"], row.unit, number["o2_percent"], number["temperature_c"], extra["moisture"] or DRY)
    return Limit(
        limit_id=row.row_id,
        name=extra["id"],
        sector=row.keys["sector"],
        country=row.keys["country"],
        instrument=row.keys["instrument"],
        applies_to=row.keys["applies_to"],
        averaging=row.keys["averaging"],
        value=row.number(),
        basis=basis,
        fuel=extra["fuel"],
        age=extra["age"],
        only_where=extra["only_where"],
        mwth_from=number["mwth_from"] or 0.0,
        mwth_to=math.inf if number["mwth_to"] is None else number["mwth_to"],
        started_from=-math.inf if number["started_from"] is None else number["started_from"],
        conditions_from=extra["conditions_from"],
        valid_from=row.valid_from,
        years_off=years_off(row, base_year, TABLES[row.table].years),
    )
