"""Rules between the cells of a fleet: ids, years, capacities, fuels, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hginventory.inputs.findings import Finding, finding
from hginventory.inputs.fleet import Fleet, Setting, as_records, is_blank
from hginventory.inputs.fuels import parse_shares
from hginventory.inputs.tables import Record, Table
from hginventory.vocabulary import KILN_FUELS, fold

MW_YEAR_IN_GWH = 8.76
PLAUSIBLE_CAPACITY_FACTOR = (0.02, 1.05)
PLAUSIBLE_COAL_T_PER_MWH = (0.15, 2.5)  # from anthracite in a new plant to wet lignite in an old one
IMPLAUSIBLE_HG_MG_PER_KG = 3.0  # the largest single samples in the tables reach 2.3
SLIP = 1000.0  # kWh for MWh, t for kt, ug for mg


def check_raw(table: Table, settings: Mapping[str, Setting], findings: list[Finding]) -> Table:
    """Return a table of units with ids, countries and states filled in, and note what was filled in."""
    records: list[Record] = []
    made: list[str] = []
    blank_status: list[str] = []
    used = {str(r.values["unit_id"]) for r in table.records if "unit_id" in r.values}
    for record in table.records:
        values: dict[str, Any] = dict(record.values)
        if "unit_id" not in values:
            names = [str(values[name]) for name in ("plant", "unit") if name in values]
            wanted = " ".join(names) if len(names) == 2 else f"{table.sheet}-R{record.row.strip('[]')}"
            number = 2
            unique = wanted
            while unique in used:
                unique, number = f"{wanted} ({number})", number + 1
            used.add(unique)
            values["unit_id"] = unique
            made.append(record.row)
        if "country" not in values and "country" not in record.cells:
            default = settings.get("country")
            if default is None:
                place = table.letters.get("country", "row ") + record.row
                findings.append(
                    finding("E206", table.sheet, place, "country is blank", unit=str(values["unit_id"]),
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
            place = table.letters.get(column, "row ") + rows[0]
            findings.append(finding(code, table.sheet, place, f"{column} is blank").counted(len(rows)))
    findings += _duplicates(table.sheet, records)
    return replace(table, records=_first_of_each(records))


def _duplicates(sheet: str, records: list[Record]) -> list[Finding]:
    places: dict[str, list[str]] = {}
    likeness: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        places.setdefault(fold(str(record.values["unit_id"])), []).append(record.cells.get("unit_id", record.row))
        key = tuple(fold(str(record.values.get(n, ""))) for n in ("plant", "unit", "capacity_gross", "capacity_net"))
        if key[0] and (key[2] or key[3]):
            likeness.setdefault(key, []).append(record)
    found = []
    for name, cells in places.items():
        if len(cells) > 1:
            found.append(finding("E301", sheet, cells[1], f"the id {name!r} stands also in {cells[0]}"))
    for alike in likeness.values():
        if len(alike) > 1:
            first, second = alike[0], alike[1]
            place = second.cells.get("plant", second.row)
            other = first.cells.get("plant", first.row)
            found.append(finding("W310", sheet, place, f"{second.values['plant']} stands also in {other}"))
    return found


def _first_of_each(records: list[Record]) -> list[Record]:
    """Return one record an id, so that a table can be made; the duplicates are errors already."""
    seen: dict[str, Record] = {}
    for record in records:
        seen.setdefault(str(record.values["unit_id"]), record)
    return list(seen.values())


def check_fleet(fleet: Fleet) -> list[Finding]:
    """Return what is wrong between the cells of a fleet."""
    return [*_check_units(fleet), *_check_sources(fleet), *_check_activity(fleet)]


def _check_units(fleet: Fleet) -> list[Finding]:
    found: list[Finding] = []

    def note(code: str, unit: str, column: str, text: str, **words: str) -> None:
        sheet, cell = fleet.address(unit, column)
        found.append(finding(code, sheet, cell, text, unit=unit, **words))

    active = set(fleet.activity["unit_id"])
    for unit, row in zip(map(str, fleet.units.index), as_records(fleet.units), strict=True):
        start, end = row["start_year"], row["planned_retirement"]
        if start > end:
            note("E401", unit, "planned_retirement", f"planned_retirement {end:g} is before start_year {start:g}")
        if row["sector"] == "coal_power":
            _check_coal_unit(unit, row, unit in active, note, fleet)
        else:
            _check_kiln(unit, row, unit in active, note, fleet)
    return found


def _check_coal_unit(unit: str, row: Mapping[str, Any], active: bool, note: Any, fleet: Fleet) -> None:
    gross, net, capacity = row["capacity_gross"], row["capacity_net"], row["capacity_mw"]
    if net > gross:
        note("E402", unit, "capacity_net", f"capacity_net {net:g} MW is above capacity_gross {gross:g} MW")
    stated = [row[name] for name in ("coal_use", "generation_net", "generation_gross")]
    touched = any(fleet.cell(unit, name) for name in ("capacity_gross", "capacity_net"))
    if np.isnan(capacity) and not touched and not active and all(np.isnan(value) for value in stated):
        note("E403", unit, "capacity_gross", "capacity_gross and capacity_net are blank")
    for name in ("generation_gross", "generation_net"):
        factor = row[name] / (capacity * MW_YEAR_IN_GWH) if capacity else np.nan
        low, high = PLAUSIBLE_CAPACITY_FACTOR
        if factor > high or 0 < factor < low:
            slip = next((s for s in (SLIP, 1 / SLIP) if low <= factor / s <= high), None)
            remedy = f"A factor {SLIP:g} would fit: check the unit." if slip else ""
            note("E404", unit, name, f"{name} {row[name]:g} GWh is {factor:.3g} of the full output", remedy=remedy)
    coal_per_mwh = row["coal_use"] / (capacity * MW_YEAR_IN_GWH * SLIP) if capacity else np.nan
    if coal_per_mwh > PLAUSIBLE_COAL_T_PER_MWH[1] or 0 < coal_per_mwh < PLAUSIBLE_COAL_T_PER_MWH[0] / 50:
        note("W405", unit, "coal_use", f"coal_use {row['coal_use']:g} t")
    if row["hg_coal"] > IMPLAUSIBLE_HG_MG_PER_KG:
        note("W412", unit, "hg_coal", f"hg_coal {row['hg_coal']:g} mg/kg")
    if row["removal_basis"] == "across_device" and not is_blank(row["removal"]):
        note("E411", unit, "removal_basis", "removal_basis across_device")
    if row["fuel_id"]:
        _check_fuels(unit, "fuel_id", str(row["fuel_id"]), note, fleet, ())


def _check_kiln(unit: str, row: Mapping[str, Any], active: bool, note: Any, fleet: Fleet) -> None:
    names = ("clinker_capacity", "cement_capacity", "clinker_output", "measured_air")
    if not active and all(np.isnan(row[name]) and not fleet.cell(unit, name) for name in names):
        note("E403", unit, "clinker_capacity", "clinker_capacity is blank",
             remedy="Fill in clinker_capacity, cement_capacity, clinker_output or measured_air.")  # fmt: skip
    if row["fuels"]:
        _check_fuels(unit, "fuels", str(row["fuels"]), note, fleet, KILN_FUELS.codes)


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
        for source in (part.strip() for part in str(text).split(";")):
            if source and source not in known:
                missing.setdefault(source, []).append(str(unit))
    found = []
    for source, units in missing.items():
        sheet, cell = fleet.address(units[0], "source_id")
        found.append(finding("W406", sheet, cell, f"source {source!r}", unit=units[0]).counted(len(units)))
    return found


def _check_activity(fleet: Fleet) -> list[Finding]:
    frame = fleet.activity
    known = set(map(str, fleet.units.index))
    found = []
    for unit, cell in zip(frame["unit_id"], frame["cell"], strict=True):
        if unit not in known:
            found.append(finding("E407", "Activity", cell.partition("!")[2], f"unit {unit!r}"))
    counts = Counter(zip(frame["unit_id"], frame["year"], frame["variable"], strict=True))
    for (unit, year, variable), count in counts.items():
        if count > 1:
            found.append(finding("E408", "Activity", "", f"{variable} of {unit} in {year} stands {count} times"))
    for fuel in fleet.fuels.index[fleet.fuels.index.duplicated()]:
        found.append(finding("E301", "Fuels", "", f"the fuel_id {fuel!r} stands twice"))
    return found
