"""Numbers of a fleet beyond what the factor tables know: units larger than any built, contents above any sample.

The limits are rows of `plausible_limit`, or the largest number of a table. They change no result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hginventory._types import Flags
from hginventory.factors import DEFAULT, CoalParameters, FactorLibrary, FindingLog
from hginventory.inputs.checks import LEAST_KILN_T
from hginventory.inputs.findings import Finding, finding, sheet_and_cell, ungrouped
from hginventory.inputs.fleet import Cells, Fleet, as_records, is_blank, settled
from hginventory.inputs.schema import AMOUNT_COLUMNS, HEAT_COLUMNS
from hginventory.model import HOURS_PER_YEAR
from hginventory.translations import TranslatableText
from hginventory.units import convert
from hginventory.vocabulary import COAL_POWER, RUNNING, UNKNOWN, fold

FULL_LOAD = 1.05  # of all hours of a year, as the capacity factor may be
_MJ_PER_MWH = 3600.0
_KILN_MATERIALS = ("hg_limestone", "hg_raw_meal", "hg_gypsum", "hg_ash")
_SAID_ON_READING = ("W405", "N440")
Row = Mapping[str, Any]


def implausible(fleet: Fleet, library: FactorLibrary) -> tuple[Finding, ...]:
    """Return what is beyond the factor tables: capacities, and contents of mercury and chlorine.

    Parameters
    ----------
    fleet : Fleet
        The fleet, with values in the units of the schema.
    library : FactorLibrary
        Factor tables, own factors applied.
    """
    limits = {tuple(row.keys.values()): row.number() for row in library.table("plausible_limit").defaults}
    most_in_coal = _largest(library, "coal_mercury")
    mean = max(row.value or 0.0 for row in library.table("coal_mercury").defaults)
    most_in_material = max(_largest(library, "cement_material"), most_in_coal)
    found: list[Finding] = []
    cells, units = Cells(fleet.units), fleet.units.index
    for index in np.flatnonzero(_may_be_odd(cells, min(mean, most_in_coal), limits)).tolist():
        unit, row = str(units[index]), cells[index]
        if row["sector"] == COAL_POWER:
            found += _large_unit(fleet, unit, row, limits)
            found += _coal(
                unit, row, fleet.address(unit, "hg_coal"), fleet.address(unit, "cl_coal"), most_in_coal, mean, limits
            )
        else:
            found += _large_kiln(fleet, unit, row, limits)
            for name in (*_KILN_MATERIALS, "hg_fuel"):
                if row[name] > most_in_material:
                    found.append(_content(name, row[name], fleet.address(unit, name), unit, most_in_material))
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        mercury, chlorine = (sheet_and_cell(fleet.fuel_cell(fuel, name) or "Fuels!") for name in ("hg_coal", "cl_coal"))
        found += _coal(fuel, row, mercury, chlorine, most_in_coal, mean, limits)
    log = FindingLog()
    log.extend(_not_said(found, fleet))
    return log.collect()


def _may_be_odd(cells: Cells, content: float, limits: Mapping[tuple[str, ...], float]) -> Flags:
    """Return which units have to be looked at one by one: kilns, and coal units with a number beyond a limit."""
    gross, net, hg, chlorine = (
        cells.numbers(name) for name in ("capacity_gross", "capacity_net", "hg_coal", "cl_coal")
    )
    capacity = np.where(np.isnan(gross), net, gross)
    odd: Flags = (capacity > limits[COAL_POWER, "capacity", "warning"]) | (hg > content)
    odd |= (chlorine > 0) & (chlorine < limits[COAL_POWER, "chlorine", "lowest"])
    odd |= np.array([sector != COAL_POWER for sector in cells.column("sector")], dtype=np.bool_)
    return odd


def _not_said(found: Iterable[Finding], fleet: Fleet) -> list[Finding]:
    """Return findings, those on confirmed values as notes, without those on the same cell from reading."""
    said = {(f.code, f.unit_id, f.sheet, f.cell) for f in ungrouped(fleet.findings) if f.code in _SAID_ON_READING}
    return [f for f in ungrouped(settled(found, fleet)) if (f.code, f.unit_id, f.sheet, f.cell) not in said]


def _largest(library: FactorLibrary, table: str) -> float:
    """Return the largest number that a table contains, evidence and ends of ranges among them."""
    return max(number for row in library.table(table).rows for number in (row.value, row.high) if number is not None)


def _large_unit(fleet: Fleet, unit: str, row: Row, limits: Mapping[tuple[str, ...], float]) -> Iterator[Finding]:
    name = "capacity_gross" if not is_blank(row["capacity_gross"]) else "capacity_net"
    warned, most = (limits[COAL_POWER, "capacity", level] for level in ("warning", "error"))
    if row[name] > warned:
        is_running = row["status"] in RUNNING
        code = "N445" if not is_running else "E444" if row[name] > most else "W443"
        if is_running or row[name] > most:
            yield finding(code, *fleet.address(unit, name), f"{name} {row[name]:g} MW", unit=unit,
                          allowed=_at_most(most if code == "E444" else warned, "MW"))  # fmt: skip


def _large_kiln(fleet: Fleet, unit: str, row: Row, limits: Mapping[tuple[str, ...], float]) -> Iterator[Finding]:
    most_per_day = limits["cement_kiln", "clinker_capacity", "error"]
    most = most_per_day * HOURS_PER_YEAR / 24.0  # t/yr; every run comes here, and the units library is slow to load
    for name in ("clinker_capacity", "cement_capacity", "clinker_output"):
        if LEAST_KILN_T <= row[name] <= most_per_day:
            remedy = TranslatableText(
                "Did you mean t/day? Set the unit to t/day and fill in operating_days; if it is right, name {name} in "
                "the column confirmed.",
                name=name,
            )  # fmt: skip
            yield finding("E452", *fleet.address(unit, name), f"{name} {row[name]:.10g} t/yr", unit=unit, remedy=remedy)
        if name != "cement_capacity" and row[name] > most and row["status"] in RUNNING:
            text = f"{name} {row[name]:.10g} t/yr"
            yield finding("E444", *fleet.address(unit, name), text, unit=unit, allowed=_at_most(most_per_day, "t/day"))


def _at_most(most: float, unit: str) -> TranslatableText:
    return TranslatableText("few or none are above {most} {unit}", most=f"{most:g}", unit=unit)


def _coal(
    name: str,
    row: Row,
    mercury: tuple[str, str],
    chlorine: tuple[str, str],
    most: float,
    largest_mean: float,
    limits: Mapping[tuple[str, ...], float],
) -> Iterator[Finding]:
    if row["hg_coal"] > most:
        yield _content("hg_coal", row["hg_coal"], mercury, name, most)
    elif row["hg_coal"] > largest_mean:
        allowed = TranslatableText(
            "the largest mean of a country in the factor tables is {most} mg/kg", most=f"{largest_mean:g}"
        )
        yield finding("W412", *mercury, f"hg_coal {row['hg_coal']:g} mg/kg", unit=name, allowed=allowed)
    lowest, highest = (limits[COAL_POWER, "chlorine", level] for level in ("lowest", "highest"))
    if not 0 < row["cl_coal"] < lowest:
        return  # and the units library, which is slow to load, is not needed
    in_percent = float(convert(row["cl_coal"], "%", "mg/kg"))
    if lowest <= in_percent <= highest:
        remedy = TranslatableText(
            "Did you mean {content} %? Write {value}, or set the unit to %; if it is right, name cl_coal in the column "
            "confirmed.",
            content=f"{row['cl_coal']:g}", value=f"{in_percent:.10g}",
        )  # fmt: skip
        text = f"cl_coal {row['cl_coal']:g} mg/kg"
        yield finding("E450", *chlorine, text, unit=name, allowed=f"{lowest:g} - {highest:g} mg/kg", remedy=remedy)


def _content(column: str, value: float, address: tuple[str, str], unit: str, most: float) -> Finding:
    allowed = TranslatableText("the largest in the factor tables is {most} mg/kg", most=f"{most:g}")
    return finding("E448", *address, f"{column} {value:g} mg/kg", unit=unit, allowed=allowed)


@dataclass(frozen=True)
class _Amount:
    """An amount of a year [t, TJ or GWh] as it is stated; no year: of a normal year."""

    unit: str
    name: str
    year: int | None
    amount: float
    address: tuple[str, str]


def beyond_full_load(
    fleet: Fleet, cells: Cells, parameters: CoalParameters, library: FactorLibrary
) -> tuple[Finding, ...]:
    """Return the amounts of a year that a unit cannot burn or generate, by its heating value, efficiency and hours.

    Coal is an error (``E441``) where even the lowest efficiency would ask for more than the full load of all hours, or
    where other units of the plant have the same amount and each would need more than that at its own efficiency;
    in between it is odd (``W405``). The same amount at several units of a plant is a warning (``W442``) where,
    shared among them, it comes nearer to their capacity factor than at each.

    Parameters
    ----------
    fleet : Fleet
        For cells and the sheet Activity.
    cells : Cells
        Coal units, N rows.
    parameters : CoalParameters
        Heating value, efficiency and capacity factor of each.
    library : FactorLibrary
        Gives the lowest efficiency.
    """
    lowest = library.row(f"plausible_limit/{COAL_POWER}/net_efficiency/error").number()
    units = {unit: index for index, unit in enumerate(parameters.ids)}
    amounts = list(_amounts(fleet, units, cells))
    alike = Counter(_likeness(one, cells[units[one.unit]]) for one in amounts)
    heating, efficiency = (parameters.factors[name] for name in ("calorific_value", "net_efficiency"))
    usual = parameters.factors["capacity_factor"]
    found: list[Finding] = []
    for one in amounts:
        index, row = units[one.unit], cells[units[one.unit]]
        value = heating.of_unit(index)
        full_mwh = row["capacity_mw"] * HOURS_PER_YEAR
        is_heat = one.name in HEAT_COLUMNS
        heat_mwh = one.amount * 1000.0 * (1000.0 if is_heat else value.value) / _MJ_PER_MWH
        is_fuel = is_heat or one.name == "coal_use"
        share = (heat_mwh * efficiency.of_unit(index).value if is_fuel else one.amount * 1000.0) / full_mwh
        count = alike[_likeness(one, row)] if row["plant"] else 1
        if is_fuel and share > FULL_LOAD:  # a unit without a capacity has no full load
            is_guessed = not is_heat and value.origin == DEFAULT and str(row["coal_type"] or UNKNOWN) == UNKNOWN
            is_error = not is_guessed and (count > 1 or heat_mwh * lowest > full_mwh * FULL_LOAD)
            text = TranslatableText(
                "{name} {amount} TJ for {capacity} MW, {times} times the full load of a year",
                name=one.name, amount=f"{one.amount:.10g}", capacity=f"{row['capacity_mw']:g}", times=f"{share:.2g}",
            ) if is_heat else TranslatableText(
                "coal_use {tonnes} t of {heating} MJ/kg for {capacity} MW, {times} times the full load of a year",
                tonnes=f"{one.amount:.10g}", heating=f"{value.value:.3g}", capacity=f"{row['capacity_mw']:g}",
                times=f"{share:.2g}",
            )  # fmt: skip
            found.append(finding("E441" if is_error else "W405", *one.address, text, unit=one.unit))
        elif count > 1 and _nearer_shared(share, count, usual.of_unit(index).value):
            text = TranslatableText(
                "{name} {amount} at each of {count} units of {plant}",
                name=one.name, amount=f"{one.amount:.10g}", count=count, plant=row["plant"],
            )  # fmt: skip
            found.append(finding("W442", *one.address, text, unit=one.unit))
    return tuple(_not_said(found, fleet))


def _amounts(fleet: Fleet, units: Mapping[str, int], cells: Cells) -> Iterator[_Amount]:
    """Yield what units burn and generate, in a normal year and in single years; those without a capacity apart."""
    ids, capacity = list(units), cells.numbers("capacity_mw")
    for index in np.flatnonzero(cells.given(*AMOUNT_COLUMNS) & (capacity > 0)).tolist():
        row = cells[index]
        for name in AMOUNT_COLUMNS:
            if row[name] > 0:
                yield _Amount(ids[index], name, None, float(row[name]), fleet.address(ids[index], name))
    for row in as_records(fleet.activity):
        unit, name = str(row["unit_id"]), str(row["variable"])
        if name in AMOUNT_COLUMNS and row["value"] > 0 and unit in units and capacity[units[unit]] > 0:
            yield _Amount(unit, name, int(row["year"]), float(row["value"]), sheet_and_cell(str(row["cell"])))


def _likeness(one: _Amount, row: Row) -> tuple[object, ...]:
    return (row["country"], fold(str(row["plant"] or "")), one.name, one.year, one.amount)


def _nearer_shared(share: float, count: int, usual: float) -> bool:
    """Return whether a share of the full load comes nearer to the usual one when several units have it together.

    >>> _nearer_shared(0.6, 2, 0.55), _nearer_shared(1.0, 2, 0.55), _nearer_shared(0.9, 4, 0.5)
    (False, True, False)
    """
    return usual > 0 and abs(math.log(share / count / usual)) < abs(math.log(share / usual))
