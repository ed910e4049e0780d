"""What measurements at a unit still say of it after a change: its coal is the same, a new train is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from hginventory.factors.measurements import STACK_TEST
from hginventory.factors.provenance import MEASURED, NOT_USED, Value
from hginventory.projection import Projection
from hginventory.vocabulary import CONTROL_GROUPS

CONTENTS = ("hg_coal", "hg_raw_meal", "fuel_hg", "emission_factor")
CONTROLS = frozenset({*CONTROL_GROUPS, "controls", "removal"})
MATERIALS = frozenset({"fuel_id", "coal_type", "fuels"})


def measured_before(baseline: Projection, unit: str, changed: Collection[str]) -> Mapping[str, Value]:
    """Return the values of a unit that rest on measurements and hold in a new state, by parameter.

    Parameters
    ----------
    baseline : Projection
        The fleet as it is.
    unit : str
        The unit.
    changed : collection of str
        Columns of the fleet that the new state changes.
    """
    if not baseline.fleet.measurements or MATERIALS & set(changed):
        return {}
    place = int(baseline.units.index.get_indexer(pd.Index([unit]))[0])
    known = {name: factor.of_unit(place) for name, factor in baseline.parameters.items()}
    held = {name: known[name] for name in CONTENTS if name in known and known[name].origin == MEASURED}
    if STACK_TEST in known and known[STACK_TEST].origin != NOT_USED:
        held[STACK_TEST] = known[STACK_TEST]
        if "air_share" in known and known["air_share"].origin != NOT_USED:
            held["air_share"] = known["air_share"]
    if not CONTROLS & set(changed) and known["removal"].origin == MEASURED:
        held["removal"] = known["removal"]
    return held
