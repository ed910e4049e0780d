"""What is known of a unit and still applies after a change: its coal is the same, a new train has not been tested.

Dust that a measure takes out of the loop of a kiln comes on top of what it takes out as usual, unless its bleed is
stated.

States are projected without the rest of the fleet, so that nothing may be looked up again that depends on other units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.factors import ADDED_BLEED, BLEEDS, MEASURED, NOT_USED, STACK_TEST, UNUSED, Value, from_cell
from hginventory.inputs.fleet import is_blank
from hginventory.vocabulary import CONTROL_GROUPS

COAL = "hg_coal"  # where the unit states none, it may be that of another unit of the plant
CONTENTS = ("hg_raw_meal", "fuel_hg", "emission_factor")
CONTROLS = frozenset({*CONTROL_GROUPS, "controls", "removal"})
MATERIALS = frozenset({"fuel_id", "coal_type", "fuels"})


def values_carried(baseline: Baseline, unit: str, changed: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a unit that apply in a new state, by parameter: of its coal, and what was measured.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    unit : str
        The unit.
    changed : mapping of str to object
        Columns of the fleet that the new state changes, with their new values.
    """
    added = _added_bleed(baseline.records[unit], changed)
    if MATERIALS & set(changed):
        return added
    index = baseline.index_of[unit]
    known = {name: factor.of_unit(index) for name, factor in baseline.projection.parameters.items()}
    tested = STACK_TEST in known and known[STACK_TEST].origin != NOT_USED  # at this unit, or at another of its plant
    moved = {name for name in (*CONTENTS, "removal") if name in known and known[name].origin != NOT_USED
             and (tested or known[name].origin == MEASURED)}  # fmt: skip
    carried = added | {name: known[name] for name in CONTENTS if name in moved}
    if COAL in known and known[COAL].origin != NOT_USED:
        carried[COAL] = known[COAL]
    if tested:
        carried[STACK_TEST] = known[STACK_TEST]
        for name in ("air_share", "kiln_model"):
            if name in known and known[name].origin != NOT_USED:
                carried[name] = known[name]
    if not CONTROLS & set(changed) and "removal" in moved:
        carried["removal"] = known["removal"]
    return carried


def _added_bleed(record: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Value]:
    """Return the bleed of a new state as one on top of the usual; nothing where the kiln states its own."""
    bleed = changed.get(BLEEDS[0])
    if bleed is None or not all(is_blank(record[name]) for name in BLEEDS):
        return {}
    return {ADDED_BLEED: from_cell(None, float(bleed)), **dict.fromkeys(BLEEDS, UNUSED)}
