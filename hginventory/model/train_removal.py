"""Removal of mercury by a whole control train.

The train is looked up as a whole, by coal class and boiler, because the second device sees another
speciation than the first. A train without a row is anchored on its longest part that has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import combinations
from typing import TYPE_CHECKING

from hginventory.factors import WITHOUT_MERCURY_EFFECT, Ladder, share_sd
from hginventory.model.coal import Quantity
from hginventory.vocabulary import (
    COAL_POWER,
    DRY_SCRUBBERS,
    GAS_ORDER,
    NONE,
    UNKNOWN,
    WET_SCRUBBERS,
    join_devices,
    train_devices,
)

if TYPE_CHECKING:
    from hginventory.factors import FactorLibrary, FactorRow

DEFAULT_PROFILE = "default"
# Fired like pulverised coal as far as the removal tables go; other boilers have rows of their own.
TABLE_BOILER: Mapping[str, str] = {"cyclone": "PC", "IGCC": "PC", UNKNOWN: "PC"}
OXIDISED_TAKERS = WET_SCRUBBERS | DRY_SCRUBBERS | {"FF", "WESP"}
DUST_COLLECTORS = frozenset({"ESPc", "ESPh", "FF"})
# In front of a filter they strip the little chlorine that oxidised the mercury: less is caught than without them.
CHLORINE_STRIPPERS = DRY_SCRUBBERS | {"DSI"}
HALOGEN_AND_CARBON = frozenset({"HAL", "ACI"})
ALMOST_ALL = 0.999  # no train is credited with more than this share


def coal_to_stack(removal_boiler_outlet_to_stack: Quantity, release_ratio: Quantity) -> Quantity:
    """Return the removal from coal to stack of a removal from boiler outlet to stack.

    Parameters
    ----------
    removal_boiler_outlet_to_stack : float or ndarray
        Share of the mercury leaving the boiler that does not leave the stack [0-1].
    release_ratio : float or ndarray
        Share of the coal's mercury that leaves the boiler with the gas [0-1]. It is applied here and
        nowhere else; a removal that is already stated from coal to stack must not come here.

    Examples
    --------
    >>> round(coal_to_stack(0.5, 0.99), 3)
    0.505
    """
    return 1.0 - release_ratio * (1.0 - removal_boiler_outlet_to_stack)


def in_series(*removals: Quantity) -> Quantity:
    """Return the removal of devices that were measured one behind the other in the same plant [0-1].

    Not for device averages of different plants: the second device sees what the first has left.

    Examples
    --------
    ESP 0.496 and FGD 0.80 behind SCR, Meij and te Winkel 2007 (doi:10.1016/j.atmosenv.2007.08.050): 0.899.

    >>> round(in_series(0.496, 0.80), 3)
    0.899
    """
    passing = 1.0 - removals[0]
    for removal in removals[1:]:
        passing = passing * (1.0 - removal)
    return 1.0 - passing


@dataclass(frozen=True)
class TrainRemoval:
    """Mean removal of a train for one coal class and boiler.

    Attributes
    ----------
    removal : float
        Share of the coal's mercury that does not leave the stack [0-1].
    rows : tuple of str
        Factor rows it is based on.
    read_from : str
        Mark of the removal row.
    derived : bool
        True where no row stood for the whole train, so that it was anchored on a part of it.
    other_profile : bool
        True where the profile asked for has no row and the default profile was used instead.
    sd : float
        Standard deviation of the removal between plants [0-1]; 0 where the row states none.
    shared : float
        Part of its variance that units of one coal class have in common, as the scopes of the row state [0-1].
    """

    removal: float
    rows: tuple[str, ...]
    read_from: str
    derived: bool = False
    other_profile: bool = False
    sd: float = 0.0
    shared: float = 0.0


class RemovalTable:
    """The removal rows of a profile, with the way to extend them to trains without a row.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    profile : str
        ``default``, ``epa_emf`` or ``gma_levels``.
    """

    def __init__(self, library: FactorLibrary, profile: str = DEFAULT_PROFILE) -> None:
        self.profile = profile
        self._rows = Ladder(library.table("removal"))
        self._effects = Ladder(library.table("device_effect"))
        at_outlet = {"sector": COAL_POWER, "stage": "boiler_outlet"}
        self._species = Ladder(library.table("species"), ("coal_class", "species"), at_outlet)
        self._release = Ladder(library.table("coal_process"), ("boiler",), {"quantity": "release_ratio"})
        self.of = lru_cache(maxsize=None)(self._of)
        self._of_default = lru_cache(maxsize=None)(partial(self._in_profile, DEFAULT_PROFILE))

    def release_ratio(self, boiler: str) -> float:
        """Return the share of the coal's mercury that leaves a boiler with the gas [0-1]."""
        return self._release.needed([(boiler,), (TABLE_BOILER.get(boiler, "PC"),)]).number()

    def _of(self, train: str, coal_class: str, boiler: str) -> TrainRemoval:
        """Return the removal of a canonical train for a coal class and a boiler."""
        table_boiler = TABLE_BOILER.get(boiler, boiler)
        for profile in dict.fromkeys((self.profile, DEFAULT_PROFILE)):
            found = self._in_profile(profile, train, coal_class, table_boiler)
            if found is not None:
                return replace(found, other_profile=profile != self.profile)
        return self._from(self._rows[DEFAULT_PROFILE, train, coal_class, ""], boiler)  # which is missing: FactorError

    def _in_profile(self, profile: str, train: str, coal_class: str, boiler: str) -> TrainRemoval | None:
        if train == UNKNOWN:
            row = self._row(profile, UNKNOWN, coal_class, boiler)
            return None if row is None else self._from(row, boiler)
        devices = frozenset(train_devices(train))
        for candidate in same_in_effect(devices):
            row = self._row(profile, join_devices(candidate), coal_class, boiler)
            if row is not None:
                return self._from(row, boiler)
        if profile != DEFAULT_PROFILE:
            return None
        return self._anchored(devices, coal_class, boiler)

    def _row(self, profile: str, train: str, coal_class: str, boiler: str) -> FactorRow | None:
        return self._rows.first([(profile, train, coal_class, boiler), (profile, train, coal_class, "")])

    def _from(self, row: FactorRow, boiler: str) -> TrainRemoval:
        value = row.number()
        if row.removal_basis == "boiler_outlet_to_stack":
            value = coal_to_stack(value, self.release_ratio(boiler))
        shared = sum(part for scope, part in row.scopes if scope != "unit")
        return TrainRemoval(value, (row.row_id,), row.read_from, sd=row.spread or 0.0, shared=shared)

    def _anchored(self, devices: frozenset[str], coal_class: str, boiler: str) -> TrainRemoval:
        """Extend a train without a row from its longest part that has one, never below the train less a device.

        Brominated carbon does what a halogen does, and what plain carbon does.
        """
        full = same_in_effect(devices)[-1]
        best = self._extended(full, coal_class, boiler)
        for device in sorted(full):
            if device in CHLORINE_STRIPPERS and "FF" in full and coal_class != "high_cl":
                continue
            less = full - {device}
            for other in (less, less | {"HAL"}, less | {"ACI"}) if device == "ACI-Br" else (less,):
                without = self._of_default(join_devices(other), coal_class, boiler)
                if without is not None and without.removal > best.removal:
                    best = replace(without, read_from="judgement", derived=True)
        return best

    def _extended(self, full: frozenset[str], coal_class: str, boiler: str) -> TrainRemoval:
        """Extend the longest part of a train that has a row by the devices it lacks."""
        for size in range(max(len(full) - 1, 0), -1, -1):
            found: list[tuple[float, str, TrainRemoval]] = []
            for part in combinations(sorted(full, key=GAS_ORDER.__getitem__), size):
                row = self._row(DEFAULT_PROFILE, join_devices(part), coal_class, boiler)
                if row is None and size == 0:
                    row = self._row(DEFAULT_PROFILE, NONE, coal_class, "PC")
                if row is not None:
                    anchor = self._from(row, boiler)
                    found.append((anchor.removal, join_devices(part), anchor))
            if found:
                _, part_train, anchor = max(found, key=lambda item: item[:2])
                return self._extend(anchor, frozenset(train_devices(part_train)), full, coal_class)
        return self._from(self._rows[DEFAULT_PROFILE, NONE, coal_class, ""], boiler)  # which is missing: FactorError

    def _extend(
        self, anchor: TrainRemoval, part: frozenset[str], full: frozenset[str], coal_class: str
    ) -> TrainRemoval:
        """Scale what passes the anchor by what the missing devices leave of it, from their effect on species.

        The ratio of two chains of devices is used rather than the chain of the missing ones alone, so that
        a device before the anchor (SCR before a scrubber) counts through what it changes behind it.
        """
        passing_part = self._passing(part, coal_class)
        passing_full = self._passing(full, coal_class)
        ratio = min(1.0, passing_full / passing_part) if passing_part > 0 else 1.0
        removal = min(max(anchor.removal, 1.0 - (1.0 - anchor.removal) * ratio), ALMOST_ALL)
        added = sorted(full - part, key=GAS_ORDER.__getitem__)
        rows = anchor.rows + tuple(row.row_id for device in added for row in self._effect_rows(device, coal_class))
        sd = share_sd(anchor.sd, anchor.removal, removal)
        return TrainRemoval(removal, rows, "judgement", derived=True, sd=sd, shared=anchor.shared)

    def _effect_rows(self, device: str, coal_class: str) -> list[FactorRow]:
        quantities = dict.fromkeys(quantity for d, _, quantity in self._effects if d == device)
        keys = (self._effect_key(device, coal_class, quantity) for quantity in quantities)
        return [self._effects[key] for key in keys if key in self._effects]

    def _effect_key(self, device: str, coal_class: str, quantity: str) -> tuple[str, str, str]:
        exact = (device, coal_class, quantity)
        return exact if exact in self._effects else (device, "", quantity)

    def _effect(self, device: str, coal_class: str, quantity: str) -> float:
        row = self._effects.get(self._effect_key(device, coal_class, quantity))
        return 0.0 if row is None else row.number()

    def _passing(self, devices: frozenset[str], coal_class: str) -> float:
        """Return the share of the mercury leaving the boiler that passes devices in series, by species."""

        def share(species: str) -> float:
            return self._species.needed([(coal_class, species), ("", species)]).number()

        hg0, hg2, hgp = share("hg0"), share("hg2"), share("hgp")
        held = max((self._effect(device, coal_class, "reemission_suppression") for device in devices), default=0.0)
        for device in sorted(devices, key=GAS_ORDER.__getitem__):
            oxidised = hg0 * self._effect(device, coal_class, "hg0_oxidation")
            hg0, hg2 = hg0 - oxidised, hg2 + oxidised
            captured = hg2 * self._effect(device, coal_class, "hg2_capture")
            reemitted = captured * self._effect(device, coal_class, "reemission") * (1.0 - held)
            hg0 = hg0 * (1.0 - self._effect(device, coal_class, "hg0_capture")) + reemitted
            hg2 -= captured
            hgp *= 1.0 - self._effect(device, coal_class, "hgp_capture")
        return hg0 + hg2 + hgp


def same_in_effect(devices: frozenset[str]) -> list[frozenset[str]]:
    """Return the train and what is left of it without devices that change no mercury, most complete first.

    Burners and SNCR change none; a cyclone before a precipitator or filter and furnace limestone earn no
    extra credit; SCR oxidises mercury but earns none unless something behind it takes up the oxidised form; an
    additive against re-emission works in a wet scrubber alone. A halogen with carbon is brominated carbon.

    >>> [join_devices(t) for t in same_in_effect(frozenset({"LNB", "SCR", "ESPc"}))]
    ['SCR+ESPc', 'ESPc']
    """
    steps = [devices - WITHOUT_MERCURY_EFFECT]
    if "REA" in steps[-1] and not steps[-1] & WET_SCRUBBERS:
        steps[-1] -= {"REA"}
    if steps[-1] >= HALOGEN_AND_CARBON:
        steps.append(steps[-1] - HALOGEN_AND_CARBON | {"ACI-Br"})
    if "CYC" in steps[-1] and steps[-1] & DUST_COLLECTORS:
        steps.append(steps[-1] - {"CYC"})
    if "FSI" in steps[-1]:
        steps.append(steps[-1] - {"FSI"})
    if "SCR" in steps[-1] and not steps[-1] & OXIDISED_TAKERS:
        steps.append(steps[-1] - {"SCR"})
    return list(dict.fromkeys(steps))
