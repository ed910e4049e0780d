"""Whether the numbers of a unit fit each other: what cannot be in the unit stated, and what could be in another.

The bounds are wide on purpose. They are not used in any calculation; they only distinguish a slip from an odd plant.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from hginventory.inputs.checks.activity_amounts import (
    KILN_T_PER_YR,
    check_coal_activity,
    check_kiln_activity,
    check_yearly_activity,
)
from hginventory.inputs.checks.slips import Notes, Slips, Window, fuel_address
from hginventory.inputs.findings import Finding
from hginventory.inputs.fleet import SHEET_OF, Fleet, as_records, is_blank
from hginventory.inputs.parsing import Table
from hginventory.inputs.schema import SHEETS
from hginventory.translations import TranslatableText
from hginventory.units import read_unit

UNIT_MW: Window = (1.0, 2000.0)
LEAST_KILN_T = 100.0  # from here on a number that is no year of a kiln is a day of one: see projection.plausibility
HG_MG_PER_KG: Window = (0.002, 3.0)  # the largest single samples in the tables reach 2.3
LIKELY_HG_MG_PER_KG: Window = (0.01, 3.0)
COAL_MJ_PER_KG: Window = (4.5, 37.0)
HARD_COAL_MJ_PER_KG: Window = (8.0, 37.0)
_HARD = frozenset({"anthracite", "bituminous", "subbituminous"})
_BASES = {"hg_coal": "hg_basis", "calorific_value": "cv_basis"}
_WORDS = {
    "hg_basis": TranslatableText("as received or dry"),
    "cv_basis": TranslatableText("net or gross, as received or dry"),
}


def stated_units(tables: Iterable[Table]) -> dict[tuple[str, str], str]:
    """Return the unit in which numbers were written: by sheet and column, in the sheet Activity by sheet and cell."""
    stated: dict[tuple[str, str], str] = {}
    for table in tables:
        stated.update({(table.sheet, name): unit for name, unit in table.units.items()})
        if table.kind == "Activity":
            for record in table.records:
                if "unit" in record.values and "value" in record.cells:
                    unit = read_unit(str(record.values["unit"])).removesuffix("/yr")
                    stated[table.sheet, record.cells["value"]] = unit if unit in ("1", "%") else f"{unit}/yr"
    return stated


def check_numbers(
    fleet: Fleet, rows: Mapping[str, Mapping[str, Any]], stated: Mapping[tuple[str, str], str]
) -> list[Finding]:
    """Return the numbers of a fleet that do not fit: of units, of the sheet Fuels and of single years.

    Parameters
    ----------
    fleet : Fleet
        The fleet, with values in the units of the schema.
    rows : mapping of str to mapping
        Unit id -> column -> value.
    stated : mapping
        Units in which they were written, as `stated_units` gives them.
    """
    found: list[Finding] = []
    for unit, row in rows.items():
        is_coal = row["sector"] == "coal_power"
        notes = Notes(found, unit, partial(fleet.address, unit))
        slips = Slips(SHEETS[SHEET_OF[row["sector"]]], fleet.rows[unit][0], stated, notes)
        if is_coal:
            _check_coal_unit(row, slips, notes)
        else:
            _check_kiln(row, slips, notes)
    for fuel, row in zip(map(str, fleet.fuels.index), as_records(fleet.fuels), strict=True):
        notes = Notes(found, fuel, partial(fuel_address, fleet, fuel))
        sheet = fuel_address(fleet, fuel, "fuel_id")[0]
        _check_quality(row, Slips(SHEETS["Fuels"], sheet, stated, notes), notes)
    return [*found, *check_yearly_activity(fleet, stated)]


def _check_coal_unit(row: Mapping[str, Any], slips: Slips, notes: Notes) -> None:
    for name in ("capacity_gross", "capacity_net"):
        slips.check(row, name, (UNIT_MW[0], math.inf), UNIT_MW)
    check_coal_activity(row, slips, notes)
    _check_quality(row, slips, notes)


def _check_quality(row: Mapping[str, Any], slips: Slips, notes: Notes) -> None:
    """Check mercury and heating value of a coal, of a unit or of the sheet Fuels."""
    slips.check(row, "hg_coal", HG_MG_PER_KG, LIKELY_HG_MG_PER_KG)
    is_hard = row["coal_type"] in _HARD
    slips.check(row, "calorific_value", HARD_COAL_MJ_PER_KG if is_hard else COAL_MJ_PER_KG)
    for value, basis in _BASES.items():
        if not is_blank(row[value]) and is_blank(row[basis]):
            remedy = TranslatableText("Fill in {basis}: {choices}.", basis=basis, choices=_WORDS[basis])
            found = TranslatableText("{value} without {basis}", value=f"{value} {row[value]:g}", basis=basis)
            notes.add("W416", value, found, remedy=remedy)


def _check_kiln(row: Mapping[str, Any], slips: Slips, notes: Notes) -> None:
    for name in ("clinker_capacity", "cement_capacity"):
        slips.check(row, name, (LEAST_KILN_T, KILN_T_PER_YR[1]), KILN_T_PER_YR)
    check_kiln_activity(row, slips, notes)
