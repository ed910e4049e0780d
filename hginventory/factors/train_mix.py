"""Which boiler and control train a unit has: the one reported, else the mix of units like it.

An unknown train is never replaced by the likeliest one and never by "uncontrolled": the shares of the mix
of its country, boiler, coal, age and size stay, and the mean removal is that of the mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hginventory.factors import lookup
from hginventory.factors.library import FactorLibrary
from hginventory.factors.provenance import CELL, DEFAULT, DERIVED, RECALLED, REPORTED, weakest_mark
from hginventory.factors.rows import FactorRow
from hginventory.vocabulary import (
    CONTROL_GROUPS,
    NONE,
    UNKNOWN,
    WET_SCRUBBERS,
    join_devices,
    open_label,
    train_devices,
)

# Burners and ammonia change no mercury, so two trains that differ only in them are the same train here.
WITHOUT_MERCURY_EFFECT = frozenset({"LNB", "SNCR"})
ANY_WET_SCRUBBER = "FGD"  # of a kind that nobody stated
GROUPS = tuple(CONTROL_GROUPS)
FLUIDISED_BED = "CFB"
NEEDED_GROUPS = ("pm_control", "so2_control", "nox_control")


@dataclass(frozen=True)
class TrainMix:
    """The boilers and trains that a unit may have.

    Attributes
    ----------
    parts : tuple of (float, str, str)
        Share, boiler and canonical train; shares sum to 1.
    label : str
        The train where it is known, else ``unknown`` or the known part followed by ``?``.
    origin : str
        reported, derived (known in part) or default.
    refs : tuple of str
        Factor rows that gave the shares. A reported train has none, except the one that stands for mercury
        controls that are unknown.
    read_from : str
        Mark of these rows; ``cell`` for a reported train.
    recalled_share : float
        Share of the trains in rows recalled, wholly or in part [0-1]; 0 where the train is reported.
    """

    parts: tuple[tuple[float, str, str], ...]
    label: str
    origin: str
    refs: tuple[str, ...]
    read_from: str
    recalled_share: float = 0.0


class TrainMixes:
    """Finds the mix of a unit; one object per factor library."""

    def __init__(self, library: FactorLibrary) -> None:
        self.tables = self._boilers, self._trains = library.table("boiler_mix"), library.table("control_mix")
        self._completion = lookup.Groups(library.table("control_completion"), ("group",))
        self._cache: dict[tuple[object, ...], TrainMix] = {}

    def of(
        self,
        country: str,
        boiler: str,
        coal_type: str,
        capacity_mw: float,
        start_year: float,
        controls: Mapping[str, str],
    ) -> TrainMix:
        """Return the mix of a unit.

        Parameters
        ----------
        country : str
            ISO code.
        boiler : str
            Boiler code, may be ``unknown``.
        coal_type : str
            Coal type code; of an ``unknown`` one only mixes of all coals count.
        capacity_mw, start_year : float
            Size [MW] and first year; NaN where unknown.
        controls : mapping of str to str
            Control group -> canonical devices, ``none`` or ``unknown``.
        """
        key = (country, boiler, coal_type, capacity_mw, start_year, *(controls[group] for group in GROUPS))
        if key not in self._cache:
            bands = {"mw": capacity_mw, "start": start_year}
            self._cache[key] = self._build(country, boiler, coal_type, bands, controls)
        return self._cache[key]

    def _build(
        self, country: str, boiler: str, coal_type: str, bands: Mapping[str, float], controls: Mapping[str, str]
    ) -> TrainMix:
        recalled = 0.0
        used: list[FactorRow] = []
        boilers: list[tuple[float, str]] = [(1.0, boiler)]
        if boiler == UNKNOWN:
            rows = lookup.mix_cell(self._boilers, country, bands, {})
            used += rows
            boilers = [(row.number(), row.keys["boiler"]) for row in rows]
        parts: dict[tuple[str, str], float] = {}
        for boiler_share, boiler_code in boilers:
            keys = {"boiler": boiler_code, "coal_type": coal_type}
            for share, train, rows in self._trains_of(country, keys, bands, controls):
                parts[boiler_code, train] = parts.get((boiler_code, train), 0.0) + boiler_share * share
                recalled += boiler_share * share * any(row.read_from in RECALLED for row in rows)
                used += rows
        known = [group for group in NEEDED_GROUPS if controls[group] != UNKNOWN]
        label, origin = self._label(controls, known)
        ids = tuple(dict.fromkeys(row.row_id for row in used))
        mark = CELL if origin == REPORTED else weakest_mark(row.read_from for row in used) or CELL
        shares = tuple((share, *key) for key, share in parts.items())
        return TrainMix(shares, label, origin, ids, mark, 0.0 if origin == REPORTED else recalled)

    @staticmethod
    def _label(controls: Mapping[str, str], known: list[str]) -> tuple[str, str]:
        devices = known_devices(controls)
        if len(known) == len(NEEDED_GROUPS):
            return join_devices(devices), REPORTED
        if not known and not devices:
            return UNKNOWN, DEFAULT
        return open_label(devices), DERIVED

    def _trains_of(
        self, country: str, keys: Mapping[str, str], bands: Mapping[str, float], controls: Mapping[str, str]
    ) -> list[tuple[float, str, tuple[FactorRow, ...]]]:
        """Return share, train and rows used for a boiler and coal."""
        fixed = {group: _devices(controls[group]) for group in GROUPS if controls[group] != UNKNOWN}
        if all(group in fixed for group in NEEDED_GROUPS):
            return self._complete(fixed)
        rows = lookup.mix_cell(self._trains, country, bands, keys)
        if not fixed:
            return [(row.number(), row.keys["train"], (row,)) for row in rows]
        agreeing = [row for row in rows if row.keys["train"] != UNKNOWN and _agrees(row.keys["train"], fixed)]
        total = sum(row.number() for row in agreeing)
        if total > 0:
            return [(row.number() / total, row.keys["train"], (row,)) for row in agreeing]
        return self._complete(fixed)

    def _complete(self, fixed: Mapping[str, frozenset[str]]) -> list[tuple[float, str, tuple[FactorRow, ...]]]:
        """Fill the unknown groups with the shares of `control_completion`, independently of each other."""
        open_groups = [group for group in GROUPS if group not in fixed]
        base = frozenset().union(*fixed.values()) if fixed else frozenset()
        out: dict[str, tuple[float, tuple[FactorRow, ...]]] = {}
        for rows in product(*(self._completion[group,] for group in open_groups)):
            share = 1.0
            devices = set(base)
            for row in rows:
                share *= row.number()
                devices |= _devices(row.keys["devices"])
            if share > 0:
                train = join_devices(devices)
                before, used = out.get(train, (0.0, ()))
                out[train] = (before + share, (*used, *rows))
        return [(share, train, rows) for train, (share, rows) in out.items()]


def boiler_of(record: Mapping[str, Any]) -> str:
    """Return the boiler of a row of the fleet; waste coal, which no other boiler burns, implies a fluidised bed.

    Examples
    --------
    >>> boiler_of({"boiler": None, "coal_type": "waste coal"}), boiler_of({"boiler": "PC", "coal_type": "waste coal"})
    ('CFB', 'PC')
    >>> boiler_of({"boiler": None, "coal_type": "lignite"})
    'unknown'
    """
    stated = str(record.get("boiler") or UNKNOWN)
    return FLUIDISED_BED if stated == UNKNOWN and record.get("coal_type") == lookup.WASTE_COAL else stated


def known_devices(controls: Mapping[str, str]) -> frozenset[str]:
    """Return the devices of the control groups that are known.

    Parameters
    ----------
    controls : mapping of str to str
        Control group -> canonical devices, ``none`` or ``unknown``.

    Examples
    --------
    >>> known_devices({"pm_control": "ESPc", "so2_control": "none", "nox_control": "unknown", "hg_control": "unknown"})
    frozenset({'ESPc'})
    """
    return frozenset(d for group in GROUPS if controls[group] != UNKNOWN for d in train_devices(controls[group]))


def open_control(record: Mapping[str, Any]) -> str:
    """Return the first column of controls that a row of the fleet leaves open; empty where its train is known.

    Examples
    --------
    >>> open_control({"pm_control": "ESPc", "so2_control": None, "nox_control": "unknown"})
    'so2_control'
    """
    return next(iter(open_controls(record)), "")


def open_controls(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of controls that a row of the fleet leaves open.

    Examples
    --------
    >>> open_controls({"pm_control": "ESPc", "so2_control": None, "nox_control": "unknown"})
    ('so2_control', 'nox_control')
    """
    return tuple(group for group in NEEDED_GROUPS if (record.get(group) or UNKNOWN) == UNKNOWN)


def _devices(train: str) -> frozenset[str]:
    return frozenset() if train == NONE else frozenset(train_devices(train))


def _agrees(train: str, fixed: Mapping[str, frozenset[str]]) -> bool:
    """Return whether a train of the mix has just the known devices in the groups that are known.

    A wet scrubber of a kind that is not known (FGD) is any of them.
    """
    devices = _devices(train)
    return all(
        _of_kind(devices & frozenset(CONTROL_GROUPS[group]), known) == known - WITHOUT_MERCURY_EFFECT
        for group, known in fixed.items()
    )


def _of_kind(devices: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    if ANY_WET_SCRUBBER in known and devices & WET_SCRUBBERS:
        devices = devices - WET_SCRUBBERS | {ANY_WET_SCRUBBER}
    return devices - WITHOUT_MERCURY_EFFECT
