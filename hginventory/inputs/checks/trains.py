"""Whether the devices of a train have what they need: of a unit as it is, or after a measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hginventory.inputs.fleet import is_blank
from hginventory.vocabulary import (
    COAL_POWER,
    COLLECTORS,
    CONTROL_GROUPS,
    KILN_COLLECTORS,
    NEED_COLLECTOR,
    UNKNOWN,
    WET_SCRUBBERS,
    named_devices,
)

ADDITIVE = "REA"


def without_collector(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the devices that leave their solids to a dust collector, of a unit whose stated controls name none.

    Parameters
    ----------
    row : mapping
        The unit: its sector and the columns of its controls. A dust collector that is not known may be there.

    Examples
    --------
    >>> row = {"sector": "coal_power", "pm_control": "none", "so2_control": "SDA", "nox_control": None}
    >>> without_collector({**row, "hg_control": "ACI"})
    ('ACI', 'SDA')
    >>> [without_collector({**row, "hg_control": "ACI", "pm_control": dust}) for dust in ("WS", "unknown")]
    [(), ()]
    """
    is_coal = row["sector"] == COAL_POWER
    if _is_unknown(row["pm_control" if is_coal else "controls"]):
        return ()
    devices = _devices(row)
    collected = devices & (COLLECTORS if is_coal else KILN_COLLECTORS)
    return () if collected else tuple(sorted(devices & NEED_COLLECTOR))


def without_wet_scrubber(row: Mapping[str, Any]) -> bool:
    """Return whether a coal unit has an additive against re-emission, and no scrubber in which it could work.

    Examples
    --------
    >>> row = {"sector": "coal_power", "pm_control": "ESPc", "nox_control": None, "hg_control": "REA"}
    >>> [without_wet_scrubber({**row, "so2_control": scrubber}) for scrubber in ("SDA", "wFGD", "unknown")]
    [True, False, False]
    """
    if row["sector"] != COAL_POWER or _is_unknown(row["so2_control"]):
        return False
    devices = _devices(row)
    return ADDITIVE in devices and not devices & WET_SCRUBBERS


def _is_unknown(controls: Any) -> bool:
    return is_blank(controls) or controls == UNKNOWN


def _devices(row: Mapping[str, Any]) -> frozenset[str]:
    columns = CONTROL_GROUPS if row["sector"] == COAL_POWER else ("controls",)
    return frozenset[str]().union(*(named_devices(str(row[name])) for name in columns if not is_blank(row[name])))
