"""What a measure changes in the row of a unit: columns of the workbook, or the amount of mercury that goes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hginventory.factors import REPORTED
from hginventory.inputs.fleet import is_blank
from hginventory.scenarios import TRAIN_ACTIONS, Measure
from hginventory.uncertainty import ALL_FUEL, FuelLeft
from hginventory.vocabulary import (
    CEMENT_KILN,
    COAL_POWER,
    CONTROL_GROUPS,
    KILN_DEVICES,
    NONE,
    UNKNOWN,
    join_devices,
    named_devices,
    parse_train,
    train_devices,
)

COUNTED = ("operating", "construction")  # units that are in the fleet without being included
COAL_COLUMNS = ("hg_coal", "hg_basis", "hg_coal_sd", "hg_coal_n", "moisture", "cl_coal", "calorific_value", "cv_basis")


@dataclass(frozen=True)
class AlteredUnit:
    """A unit while some measures apply.

    Attributes
    ----------
    columns : mapping of str to object
        Columns of its row that are no longer those of the workbook.
    multiplier : float
        Times which the mercury input is that of the same row.
    left : FuelLeft
        The parts of it that are less mercury per heat or clinker, and less heat per generation.
    running : float or None
        Running over that of a normal year, in every year; None where it runs as without the measures.
    only_down : bool
        Whether years in which it runs less than ``running`` stay as they are.
    cut : float
        Share of the emission that goes elsewhere [0-1].
    catch : tuple of (str, float)
        Pathway -> share of what is cut that goes there; the rest of it no longer enters the unit.
    closes : bool
        Whether it does not run.
    runs_to : int or None
        First year without operation where it runs longer than the rule says.
    years_from_state : bool
        Whether its years are those of the changed row, as of a plant that was not counted before.
    fuel : (str, float) or None
        Fuel it burns and its share of the heat; the rest is its own coal.
    added : frozenset of str
        Devices that come to those a coal unit has; empty where its train is another one.
    changes_train : bool
        Whether its train is not that of its row of the fleet.
    """

    columns: Mapping[str, Any] = field(default_factory=dict)
    multiplier: float = 1.0
    left: FuelLeft = ALL_FUEL
    running: float | None = None
    only_down: bool = False
    cut: float = 0.0
    catch: tuple[tuple[str, float], ...] = ()
    closes: bool = False
    runs_to: int | None = None
    years_from_state: bool = False
    fuel: tuple[str, float] | None = None
    added: frozenset[str] = frozenset()
    changes_train: bool = False

    def amount(self, ratio: float) -> float:
        """Return the amount over that of a normal year of its row, where it is ``ratio`` without the measures.

        >>> [AlteredUnit(running=1.2, only_down=down).amount(1.8) for down in (False, True)]
        [1.2, 1.2]
        >>> [AlteredUnit(running=1.2, only_down=down).amount(1.0) for down in (False, True)]
        [1.2, 1.0]
        """
        if self.running is not None:
            ratio = min(ratio, self.running) if self.only_down else self.running
        return ratio * self.multiplier


def state_of(record: Mapping[str, Any], row: Mapping[str, Any], measures: Sequence[Measure]) -> AlteredUnit:
    """Return the state of a unit while measures apply.

    Parameters
    ----------
    record : mapping
        Its row of the fleet.
    row : mapping
        Its row of ``units``.
    measures : sequence of Measure
        Measures that apply.
    """
    columns: dict[str, Any] = {}
    left, cut = ALL_FUEL, 0.0
    catch: tuple[tuple[str, float], ...] = ()
    running: float | None = None
    only_down = False
    closes = years_from_state = False
    runs_to: int | None = None
    fuel: tuple[str, float] | None = None
    changes_train, added = False, frozenset[str]()
    for measure in measures:
        value = measure.value if measure.value is not None else 0.0
        if measure.action in TRAIN_ACTIONS:
            columns |= _controls({**record, **columns}, measure, measure.action == "replace_controls")
            changes_train = True
            added |= _added(row, measure) if record["sector"] == COAL_POWER else frozenset()
            if not is_blank(row["capacity_net_mw"]):
                columns["capacity_net"] = row["capacity_net_mw"]  # the same coal is burned as before
        elif measure.action == "switch_coal":
            fuel = (measure.target, 1.0 if measure.value is None else value)
            columns["fuel_id"] = measure.target
        elif measure.action in ("wash_coal", "cofire_biomass", "raise_efficiency"):
            left = left.less(value, of_heat=measure.action == "raise_efficiency")
        elif measure.action == "cut_emission":
            cut, catch = value, measure.catch()
        elif measure.action in ("set_capacity_factor", "cap_capacity_factor"):
            running, only_down = _running(row, value), measure.action == "cap_capacity_factor"
        elif measure.action == "bleed_dust":
            columns |= {"dust_bleed_on": value, "dust_bleed_off": value}
        elif measure.action == "retire":
            end = row["end_year"]
            closes = is_blank(end) or measure.from_year <= end
            runs_to = None if closes else measure.from_year
        elif measure.action == "exclude":
            closes = True
        elif measure.action == "include" and record["status"] not in COUNTED:
            columns["status"] = "construction"
            years_from_state = True
    return AlteredUnit(
        columns=columns,
        multiplier=left.input * left.heat,
        left=left,
        running=running,
        only_down=only_down,
        cut=cut,
        catch=catch,
        closes=closes,
        runs_to=runs_to,
        years_from_state=years_from_state,
        fuel=fuel,
        added=added,
        changes_train=changes_train,
    )


def _added(row: Mapping[str, Any], measure: Measure) -> frozenset[str]:
    """Return the devices that a measure adds to those of a coal unit; none where it replaces any, or not all are known.

    >>> measure = Measure(action="replace_controls", target="SCR+ESPc+wFGD", from_year=2030)
    >>> sorted(_added({"train": "ESPc", "train_origin": "reported"}, measure))
    ['SCR', 'wFGD']
    >>> sorted(_added({"train": "ESPc ?", "train_origin": "derived"}, measure))
    []
    """
    devices = frozenset(train_devices(measure.devices()))
    if measure.action == "add_control":
        return devices
    if row["train_origin"] != REPORTED:
        return frozenset()
    before = set(train_devices(str(row["train"])))
    return devices - before if before <= devices else frozenset()


def _running(row: Mapping[str, Any], target: float) -> float | None:
    """Return the running of a unit over that of a normal year; None where it does not run in one."""
    today = row["capacity_factor"]
    return None if is_blank(today) or today <= 0 else target / float(today)


def _controls(record: Mapping[str, Any], measure: Measure, replaces: bool) -> dict[str, Any]:
    """Return the control columns of a unit with devices added, in gas order, or with all of them replaced."""
    if record["sector"] == CEMENT_KILN:
        old = str(record.get("controls") or UNKNOWN)
        new = parse_train(measure.target, KILN_DEVICES)
        kept = frozenset() if replaces else named_devices(old)
        wanted = kept | named_devices(new)
        return {"controls": "+".join(code for code in KILN_DEVICES.codes if code in wanted)}
    devices = set(train_devices(measure.devices()))
    columns: dict[str, Any] = {}
    for group, members in CONTROL_GROUPS.items():
        own = devices & set(members)
        old = str(record.get(group) or UNKNOWN)
        if replaces:
            columns[group] = join_devices(own) if own else NONE
        elif own:
            columns[group] = join_devices(named_devices(old) | own)
    if not is_blank(record.get("removal")):
        columns["removal"] = float("nan")  # a test of the old train says nothing of the new one
    return columns


def changed_record(record: Mapping[str, Any], state: AlteredUnit, own_coal: str) -> dict[str, Any]:
    """Return the row of a unit in a state.

    Parameters
    ----------
    record : mapping
        Its row of the fleet.
    state : AlteredUnit
        The state.
    own_coal : str
        Name, as a fuel, of the coal it burns as it is, where it goes on burning a part of that.
    """
    changed = {**record, **state.columns}
    if state.fuel is None:
        return changed
    name, share = state.fuel
    if share < 1.0:
        changed["fuel_id"] = f"{name}:{share}; {own_coal}:{1.0 - share}"
    for column in COAL_COLUMNS:
        changed[column] = float("nan") if isinstance(record.get(column), float) else None
    return changed
