"""Rules between the cells of a fleet: ids, years, capacities, fuels, sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hginventory.inputs.checks.confirmations import check_confirmations
from hginventory.inputs.checks.location import check_locations
from hginventory.inputs.checks.magnitude import check_numbers
from hginventory.inputs.checks.repeated import near_duplicates
from hginventory.inputs.checks.total_rows import total_rows
from hginventory.inputs.checks.trains import ADDITIVE, without_collector, without_wet_scrubber
from hginventory.inputs.checks.years_of_data import are_periods, years_of_data
from hginventory.inputs.checks.zeros_and_shares import check_zeros_and_shares
from hginventory.inputs.findings import Finding, finding, grouped, sheet_and_cell
from hginventory.inputs.fleet import (
    SECTOR_OF,
    Fleet,
    as_records,
    is_blank,
    settled,
    source_ids,
)
from hginventory.inputs.parsing import Setting, Table, TableRecord, parse_shares
from hginventory.inputs.schema import ACTIVITY_COLUMNS, AMOUNT_COLUMNS, PER_DAY, SHEETS, UNIT_SHEETS
from hginventory.translations import TranslatableText
from hginventory.units import convert
from hginventory.vocabulary import KILN_FUELS, fold

_OF_SHARES = ("E449", "E450")  # say of a share what W427 says of any activity
SECTOR_OF_VARIABLE: Mapping[str, str] = {
    column.name: SECTOR_OF[sheet]
    for sheet in UNIT_SHEETS
    for column in SHEETS[sheet].columns
    if column.name in ACTIVITY_COLUMNS
}


def check_raw(
    table: Table, settings: Mapping[str, Setting], findings: list[Finding], seen: dict[str, str] | None = None
) -> Table:
    """Return a table of units with ids, countries and states filled in, and note what was filled in.

    Parameters
    ----------
    table : Table
        Units as read.
    settings : mapping of str to Setting
        For the country of units that name none.
    findings : list of Finding
        Collects findings.
    seen : dict of str to str, optional
        Ids of other sheets, each with its cell; those of this table are added.
    """
    seen = {} if seen is None else seen
    is_told = are_periods(table)  # that units repeat; each of their rows is no finding of its own then
    units, totals = (table.records, []) if is_told else total_rows(table)
    findings += totals
    table = replace(table, records=[_per_year(table, record, findings) for record in units])
    records: list[TableRecord] = []
    made: list[str] = []
    blank_status: list[str] = []
    used = {fold(str(r.values["unit_id"])) for r in table.records if "unit_id" in r.values} | seen.keys()
    for record in table.records:
        values: dict[str, Any] = dict(record.values)
        if "unit_id" not in values:
            names = [str(values[name]) for name in ("plant", "unit") if name in values]
            wanted = " ".join(names) if len(names) == 2 else f"{table.kind}-R{record.row.strip('[]')}"
            number = 2
            unique = wanted
            while fold(unique) in used:
                unique, number = f"{wanted} ({number})", number + 1
            used.add(fold(unique))
            values["unit_id"] = unique
            made.append(record.row)
        if "country" not in values and "country" not in record.cells:
            default = settings.get("country")
            if default is None:
                cell = table.letters.get("country", "row ") + record.row
                findings.append(
                    finding("E206", table.sheet, cell, "country is blank", unit=str(values["unit_id"]),
                            remedy="Fill in the cell, or Settings!country.")
                )  # fmt: skip
            else:
                values["country"] = default.value
        if "status" not in values and "status" not in record.cells:
            values["status"] = "operating"
            blank_status.append(record.row)
        records.append(replace(record, values=values))
    for code, rows, column in (("N304", made, "unit_id"), ("N309", blank_status, "status")):
        if rows:
            letter, blank = table.letters.get(column, "row "), TranslatableText("{column} is blank", column=column)
            findings.append(grouped([finding(code, table.sheet, letter + r, blank) for r in rows]))
    if not is_told:
        findings += [*near_duplicates(table.sheet, records), *years_of_data(table, settings)]
    return first_of_each(replace(table, records=records), [] if is_told else findings, seen, keep=True)


def _per_year(table: Table, record: TableRecord, findings: list[Finding]) -> TableRecord:
    """Return a row whose amounts per day are those of the days on which its kiln runs, not of all days."""
    daily = [name for name, unit in table.units.items() if unit == PER_DAY and name in record.values]
    days = record.values.get("operating_days")
    if not daily:
        return record
    if days is None:
        if "operating_days" not in record.cells:  # else the cell has its own finding already
            cell = table.letters.get("operating_days", "row ") + record.row
            unit = str(record.values.get("unit_id") or "")
            findings.append(finding("E451", table.sheet, cell, f"{daily[0]} in {PER_DAY}", unit=unit))
        return record
    share = float(days) / float(convert(1.0, PER_DAY, "t/yr"))
    return replace(record, values={**record.values, **{name: record.values[name] * share for name in daily}})


def first_of_each(
    table: Table, findings: list[Finding], seen: dict[str, str] | None = None, *, keep: bool = False
) -> Table:
    """Return a table with one record an id, so that a frame can be made, and note the others as errors.

    Parameters
    ----------
    table : Table
        Records as read.
    findings : list of Finding
        Takes what is noted.
    seen : dict of str to str, optional
        Ids of other sheets, each with its cell; those of this table are added.
    keep : bool
        Whether the others stay, under the id with its row, so that all their errors are shown at once.
    """
    key = SHEETS[table.kind].key
    seen = {} if seen is None else seen
    kept: list[TableRecord] = []
    for record in table.records:
        if key not in record.values:
            continue  # a required key that is blank has its own finding
        name = str(record.values[key])
        cell = record.cells.get(key, record.row)
        first = seen.get(fold(name))
        if first is not None:
            findings.append(finding("E301", table.sheet, cell, f"the {key} {name!r} is also in {first}"))
            if not keep:
                continue
            name = f"{name} ({table.sheet}, row {record.row})"
            record = replace(record, values={**record.values, key: name})  # noqa: PLW2901 - one row further on
        seen[fold(name)] = f"{table.sheet}!{cell}"
        kept.append(record)
    return replace(table, records=kept)


def check_fleet(fleet: Fleet, stated: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Return what is wrong between the cells of a fleet; the same note in several rows is one finding.

    Parameters
    ----------
    fleet : Fleet
        The fleet.
    stated : mapping
        Units in which its numbers were written, as `magnitude.stated_units` gives them.
    """
    rows = dict(zip(map(str, fleet.units.index), as_records(fleet.units), strict=True))
    shares = list(check_zeros_and_shares(fleet, rows, stated))
    said = {(one.unit_id, one.sheet, one.cell) for one in shares if one.code in _OF_SHARES}
    numbers = [one for one in check_numbers(fleet, rows, stated)
               if one.code != "W427" or (one.unit_id, one.sheet, one.cell) not in said]  # fmt: skip
    found = [
        *_check_units(fleet, rows),
        *check_confirmations(fleet, rows, [*numbers, *shares]),
        *numbers,
        *shares,
        *check_locations(fleet, rows),
    ]
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for one in found:
        kinds.setdefault((one.code, one.sheet, re.sub(r"\d+|\[.*", "", one.cell)), []).append(one)
    alike = [same if same[0].severity == "error" else [grouped(same)] for same in kinds.values()]
    grouped_by_kind = (one for same in alike for one in same)
    return [*settled(grouped_by_kind, fleet), *_check_sources(fleet), *_check_activity(fleet)]


def _check_units(fleet: Fleet, rows: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    found: list[Finding] = []

    def note(code: str, unit: str, column: str, text: str, *, allowed: str = "", remedy: str = "") -> None:
        sheet, cell = fleet.address(unit, column)
        found.append(finding(code, sheet, cell, text, unit=unit, allowed=allowed, remedy=remedy))

    active = set(fleet.activity["unit_id"])
    for unit, row in rows.items():
        start, end = row["start_year"], row["planned_retirement"]
        if start > end:
            note("E401", unit, "planned_retirement", f"planned_retirement {end:g} is before start_year {start:g}")
        if row["status"] == "retired" and np.isnan(end):
            note("W419", unit, "planned_retirement", TranslatableText("planned_retirement is blank for a retired unit"))
        if row["sector"] == "coal_power":
            _check_coal_unit(unit, row, unit in active, note, fleet)
        else:
            _check_kiln(unit, row, unit in active, note, fleet)
    return found


def _check_coal_unit(unit: str, row: Mapping[str, Any], active: bool, note: Any, fleet: Fleet) -> None:
    gross, net, capacity = row["capacity_gross"], row["capacity_net"], row["capacity_mw"]
    if net > gross:
        note("E402", unit, "capacity_net", f"capacity_net {net:g} MW is above capacity_gross {gross:g} MW")
    stated = [row[name] for name in AMOUNT_COLUMNS]
    touched = any(fleet.cell(unit, name) for name in ("capacity_gross", "capacity_net"))
    if np.isnan(capacity) and not touched and not active and all(np.isnan(value) for value in stated):
        note("E403", unit, "capacity_gross", "capacity_gross and capacity_net are blank")
    for filled, other in (("removal_method", "removal_year"), ("removal_year", "removal_method")):
        if is_blank(row[other]) and not is_blank(row[filled]):
            note("W457", unit, filled, TranslatableText("{column} is blank", column=other))
    if row["removal_basis"] == "across_device" and not is_blank(row["removal"]):
        note("E411", unit, "removal_basis", "removal_basis across_device")
    _check_train(unit, row, "pm_control", note)
    if row["fuel_id"]:
        _check_fuels(unit, "fuel_id", str(row["fuel_id"]), note, fleet, ())


def _check_kiln(unit: str, row: Mapping[str, Any], active: bool, note: Any, fleet: Fleet) -> None:
    names = ("clinker_capacity", "cement_capacity", "clinker_output", "measured_air")
    if not active and all(np.isnan(row[name]) and not fleet.cell(unit, name) for name in names):
        note("E403", unit, "clinker_capacity", "clinker_capacity is blank",
             remedy="Fill in clinker_capacity, cement_capacity, clinker_output or measured_air.")  # fmt: skip
    if row["method"] == "tier3" and np.isnan(row["measured_air"]) and not fleet.cell(unit, "measured_air"):
        note("E414", unit, "measured_air", "measured_air is blank for the method tier3")
    _check_train(unit, row, "controls", note)
    if row["fuels"]:
        _check_fuels(unit, "fuels", str(row["fuels"]), note, fleet, KILN_FUELS.codes)


def _check_train(unit: str, row: Mapping[str, Any], column: str, note: Any) -> None:
    """Note devices that cannot work in the train that the stated controls make."""
    if needing := without_collector(row):
        note("W426", unit, column, TranslatableText("{devices} without a dust collector", devices=", ".join(needing)))
    if without_wet_scrubber(row):
        note("W428", unit, "so2_control", TranslatableText("{devices} without a wet scrubber", devices=ADDITIVE))


def _check_fuels(unit: str, column: str, text: str, note: Any, fleet: Fleet, codes: tuple[str, ...]) -> None:
    try:
        shares = parse_shares(text)
    except ValueError as error:
        note("E410", unit, column, str(error))
        return
    for name in shares:
        if name not in fleet.fuels.index and not (codes and KILN_FUELS.match(name)):
            known = ", ".join([*map(str, fleet.fuels.index), *codes]) or "the sheet Fuels is empty"
            note("E409", unit, column, f"fuel {name!r}", allowed=f"known: {known}")


def _check_sources(fleet: Fleet) -> list[Finding]:
    if fleet.sources.empty:
        return []
    known = {str(source) for source in fleet.sources.index}
    missing: dict[str, list[str]] = {}
    for unit, text in fleet.units["source_id"].dropna().items():
        for source in source_ids(text):
            if source not in known:
                missing.setdefault(source, []).append(str(unit))
    found = []
    for source, units in missing.items():
        sheet, cell = fleet.address(units[0], "source_id")
        found.append(
            finding(
                "W406", sheet, cell, TranslatableText("source {source}", source=repr(source)), unit=units[0]
            ).counted(len(units))
        )
    return found


def _check_activity(fleet: Fleet) -> list[Finding]:
    sectors = dict(zip(map(str, fleet.units.index), fleet.units["sector"], strict=True))
    found = []
    seen: set[tuple[str, int, str]] = set()
    for row in as_records(fleet.activity):
        unit, year, variable = str(row["unit_id"]), int(row["year"]), str(row["variable"])
        sheet, cell = sheet_and_cell(str(row["cell"]))
        if unit not in sectors:
            found.append(finding("E407", sheet, cell, f"unit {unit!r}"))
            continue
        if SECTOR_OF_VARIABLE[variable] != sectors[unit]:
            found.append(finding("E413", sheet, cell, f"{variable} of {sectors[unit]}", unit=unit))
        if (unit, year, variable) in seen:
            found.append(finding("E408", sheet, cell, f"{variable} of {year}", unit=unit))
        seen.add((unit, year, variable))
    return found
