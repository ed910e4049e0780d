"""What is known of a unit and holds after a change: its coal is the same, a new train is not that which was tested.

States are projected without the rest of the fleet, so that nothing may be looked up again that rests on other units.
"""

from __future__ import annotations

from collections.abc import Collection

from hginventory.decisions.scenarios.baseline import Baseline
from hginventory.factors import MEASURED, NOT_USED, STACK_TEST, Value
from hginventory.vocabulary import CONTROL_GROUPS

COAL = "hg_coal"  # where the unit states none, it may be that of another unit of the plant
CONTENTS = ("hg_raw_meal", "fuel_hg", "emission_factor")
CONTROLS = frozenset({*CONTROL_GROUPS, "controls", "removal"})
MATERIALS = frozenset({"fuel_id", "coal_type", "fuels"})


def values_carried(baseline: Baseline, unit: str, changed: Collection[str]) -> dict[str, Value]:
    """Return the values of a unit that hold in a new state, by parameter: of its coal, and what was measured.

    Parameters
    ----------
    baseline : Baseline
        The baseline.
    unit : str
        The unit.
    changed : collection of str
        Columns of the fleet that the new state changes.
    """
    if MATERIALS & set(changed):
        return {}
    index = baseline.index_of[unit]
    known = {name: factor.of_unit(index) for name, factor in baseline.projection.parameters.items()}
    carried = {name: known[name] for name in CONTENTS if name in known and known[name].origin == MEASURED}
    if COAL in known and known[COAL].origin != NOT_USED:
        carried[COAL] = known[COAL]
    if STACK_TEST in known and known[STACK_TEST].origin != NOT_USED:
        carried[STACK_TEST] = known[STACK_TEST]
        if "air_share" in known and known["air_share"].origin != NOT_USED:
            carried["air_share"] = known["air_share"]
    if not CONTROLS & set(changed) and known["removal"].origin == MEASURED:
        carried["removal"] = known["removal"]
    return carried
