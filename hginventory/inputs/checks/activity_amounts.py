"""Whether the activity of a unit fits its capacity: far more cannot be, far less is odd and can be confirmed.

A unit may stand still for nearly all of a year, so a very small amount is a warning. The bounds are wide on purpose;
no calculation uses them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from hginventory.inputs.checks.slips import NO_HINT, Hint, Notes, Slips, Window, inside
from hginventory.inputs.findings import Finding, sheet_and_cell
from hginventory.inputs.fleet import Fleet, as_records, is_blank
from hginventory.inputs.schema import HEAT_COLUMNS, SHEETS

MW_YEAR_IN_GWH = 8.76
SLIP = 1000.0  # kWh for MWh, t for kt
LEAST_USE = 0.02  # of the full output, below which an activity is odd
PLAUSIBLE_CAPACITY_FACTOR: Window = (LEAST_USE, 1.05)
PLAUSIBLE_COAL_T_PER_MWH: Window = (0.15, 2.5)  # from anthracite in a new plant to wet lignite in an old one
KILN_T_PER_YR: Window = (5e3, 1.5e7)
PLAUSIBLE_KILN_USE: Window = (LEAST_USE, 1.5)
_MWH_PER_TJ = 1000.0 / 3.6
_GENERATIONS = ("generation_gross", "generation_net")


def check_coal_activity(row: Mapping[str, Any], slips: Slips, notes: Notes) -> None:
    """Note what is odd about generation, capacity factor and coal burned of a coal unit."""
    capacity = row["capacity_mw"]
    fitting = [row[name] for name in _GENERATIONS if _check_generation(name, row[name], capacity, slips, notes)]
    _check_share("capacity_factor", row, notes)
    for name in HEAT_COLUMNS:
        _check_heat(name, row[name], capacity, notes)
    _check_coal_use(row["coal_use"], capacity, fitting[-1] if fitting else 0.0, slips, notes)


def check_kiln_activity(row: Mapping[str, Any], slips: Slips, notes: Notes) -> None:
    """Note what is odd about the clinker made and the utilisation of a kiln."""
    _check_clinker(row["clinker_output"], row["clinker_capacity"], slips, notes)
    _check_share("utilisation", row, notes)


def check_yearly_activity(fleet: Fleet, stated: Mapping[tuple[str, str], str]) -> list[Finding]:
    """Return what is odd about the activity of single years, next to the capacity of the unit.

    Parameters
    ----------
    fleet : Fleet
        The fleet, with values in the units of the schema.
    stated : mapping
        Units in which they were written, by sheet and cell.
    """
    capacities = {name: dict(zip(map(str, fleet.units.index), fleet.units[name], strict=True))
                  for name in ("capacity_mw", "clinker_capacity")}  # fmt: skip
    found: list[Finding] = []
    generated: dict[tuple[str, int], float] = {}
    # Generation first: coal burned is held against that of the same year.
    for row in sorted(as_records(fleet.activity), key=lambda row: row["variable"] not in _GENERATIONS):
        unit, name, value = str(row["unit_id"]), str(row["variable"]), float(row["value"])
        sheet, cell = sheet_and_cell(str(row["cell"]))
        notes = Notes(found, unit, partial(_given, (sheet, cell)), amount="value")
        units = {(sheet, name): stated[sheet, cell]} if (sheet, cell) in stated else {}
        slips = Slips(SHEETS["Cement_kilns" if name == "clinker_output" else "Coal_units"], sheet, units, notes)
        capacity = capacities["capacity_mw"].get(unit, math.nan)
        if name in _GENERATIONS:
            if _check_generation(name, value, capacity, slips, notes, f" in {row['year']}"):
                generated[unit, row["year"]] = value
        elif name in HEAT_COLUMNS:
            _check_heat(name, value, capacity, notes)
        elif name == "coal_use":
            _check_coal_use(value, capacity, generated.get((unit, row["year"]), 0.0), slips, notes)
        elif name == "clinker_output":
            _check_clinker(value, capacities["clinker_capacity"].get(unit, math.nan), slips, notes)
        else:
            _check_share(name, {name: value}, notes)
    return found


def _given(address: tuple[str, str], _column: str) -> tuple[str, str]:
    return address


def _check_generation(
    name: str, generation_gwh: float, capacity_mw: float, slips: Slips, notes: Notes, when: str = ""
) -> bool:
    """Note a generation that does not fit the capacity; return whether there is one that fits or cannot be checked."""
    full = capacity_mw * MW_YEAR_IN_GWH
    share = generation_gwh / full if full else math.nan
    text = f"{name} {generation_gwh:g} GWh is {share:.3g} of the full output{when}"
    if 0 < share < PLAUSIBLE_CAPACITY_FACTOR[0]:
        notes.too_little(name, text, _generation_hint(generation_gwh, full, name, slips))
        return False
    if share > PLAUSIBLE_CAPACITY_FACTOR[1]:
        notes.add("E404", name, text, hint=_generation_hint(generation_gwh, full, name, slips))
        return False
    return generation_gwh > 0


def _generation_hint(generation_gwh: float, full_gwh: float, name: str, slips: Slips) -> Hint:
    """Return in which unit a generation would fit: the commonest slip is one by a thousand."""
    hint = slips.hint(generation_gwh, name, lambda gwh: inside(gwh / full_gwh, PLAUSIBLE_CAPACITY_FACTOR))
    return hint if hint is NO_HINT else Hint(f"A factor {SLIP:g} would fit. {hint.words}", hint.new_value)


def _check_heat(name: str, heat_tj: float, capacity_mw: float, notes: Notes) -> None:
    """Note a heat input far below what the capacity allows; `plausibility` notes one that is too large."""
    share = heat_tj * _MWH_PER_TJ / (capacity_mw * MW_YEAR_IN_GWH * 1000.0) if capacity_mw else math.nan
    if 0 < share < LEAST_USE:
        notes.too_little(name, f"{name} {heat_tj:g} TJ is {share:.3g} of the full output")


def _check_share(name: str, row: Mapping[str, Any], notes: Notes) -> None:
    if 0 < row[name] < LEAST_USE:
        notes.too_little(name, f"{name} {row[name]:.3g}")


def _check_coal_use(tonnes: float, capacity_mw: float, generation_gwh: float, slips: Slips, notes: Notes) -> None:
    """Check coal burned against the generation where it is stated, else against the full output."""
    full_mwh = capacity_mw * MW_YEAR_IN_GWH * 1000.0
    mwh = generation_gwh * 1000.0 or full_mwh
    if is_blank(tonnes) or not mwh > 0:
        return
    low, high = PLAUSIBLE_COAL_T_PER_MWH
    least = low if generation_gwh else low * LEAST_USE

    def fits(value: float) -> bool:
        return least <= value / mwh <= high

    if not generation_gwh and 0 < tonnes < least * mwh:
        notes.too_little("coal_use", slips.written(tonnes, "coal_use"), slips.hint(tonnes, "coal_use", fits))
    elif not slips.check_by({"coal_use": tonnes}, "coal_use", fits, fits) and tonnes and not fits(tonnes):
        notes.add("W405", "coal_use", f"coal_use {tonnes:g} t")


def _check_clinker(tonnes: float, capacity: float, slips: Slips, notes: Notes) -> None:
    """Check clinker made against the capacity where it is stated, else against what kilns make."""
    is_known = not is_blank(capacity) and inside(capacity, KILN_T_PER_YR)
    least, most = (share * capacity for share in PLAUSIBLE_KILN_USE) if is_known else KILN_T_PER_YR
    if 0 < tonnes < least:
        hint = slips.hint(tonnes, "clinker_output", lambda value: inside(value, (least, most)))
        notes.too_little("clinker_output", slips.written(tonnes, "clinker_output"), hint)
        return
    likely = (0.1 * capacity, most) if is_known else KILN_T_PER_YR
    slips.check({"clinker_output": tonnes}, "clinker_output", (least, most), likely)
