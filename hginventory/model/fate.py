"""Where the mercury of a coal goes: air by species, ash, scrubber solids, water. The balance closes.

The removed part is split by fixed mean shares: what the dust train alone would remove is ash, the rest
belongs to the scrubber. Bottom ash contains what the boiler does not release.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hginventory._types import Floats
from hginventory.factors import Groups, Ladder, weakest_mark
from hginventory.vocabulary import COAL_POWER, DRY_SCRUBBERS, UNKNOWN, WET_SCRUBBERS, join_devices, named_devices

if TYPE_CHECKING:
    from hginventory.factors import FactorLibrary, TrainMix
    from hginventory.model.train_removal import RemovalTable

PATHWAYS = (
    "air_hg0",
    "air_hg2",
    "air_hgp",
    "bottom_ash",
    "fly_ash",
    "fgd_solids",
    "water",
    "product",
    "waste",
)
AIR = slice(0, 3)
SPECIES = ("hg0", "hg2", "hgp")
BYPASSED = WET_SCRUBBERS | DRY_SCRUBBERS | {"SCR"}  # do not run in all hours of the unit
WET_DEVICES = WET_SCRUBBERS | {"WESP"}
UNKNOWN_STAGE = "esp"  # of a train that nothing is known of: its catch counts as that of a precipitator too
_DUST_DEVICES = ("FF", "ESPc", "ESPh", "CDS", "SDA", "WS", "CYC")  # the first decides where its train's dust goes
MOST_KEPT = 16_384  # results of trains and mixes that a table holds
_INDEX = {name: index for index, name in enumerate(PATHWAYS)}


@dataclass(frozen=True)
class UnitFate:
    """Mean fate of the mercury in the coal of a unit.

    Attributes
    ----------
    shares : ndarray of float, shape (9,)
        Share of the mercury input by pathway, in the order of `PATHWAYS`; sums to 1.
    rows : tuple of str
        Factor rows of the removal.
    read_from : str
        Weakest mark of these rows.
    derived, other_profile : bool
        Whether a part of the mix was anchored, or came from the default profile.
    class_variance, own_variance : float
        Variance of the removal of one train between plants, mean over the mix: what plants of a coal class share, and
        what is their own. A coal between two classes has the independent errors of both by its weights.
    mix_variance : float
        Variance between the mean removals of the trains the unit may have.
    hours_variance : float
        Variance of the removal with the hours in which scrubbers and catalysts run, mean over the mix.
    """

    shares: Floats
    rows: tuple[str, ...]
    read_from: str
    derived: bool
    other_profile: bool
    class_variance: float = 0.0
    own_variance: float = 0.0
    mix_variance: float = 0.0
    hours_variance: float = 0.0

    @property
    def variance(self) -> float:
        """Variance of the removal; 0 where the rows of a profile state none, as hours alone would be too little."""
        of_rows = self.class_variance + self.own_variance + self.mix_variance
        return of_rows + self.hours_variance if of_rows > 0.0 else 0.0

    @property
    def removal(self) -> float:
        """Share of the input that does not leave the stack [0-1]."""
        return float(1.0 - self.shares[AIR].sum())


def pathway_shares(library: FactorLibrary, sector: str) -> Callable[[str], Floats]:
    """Return a function that gives the shares of the pathways in what a device captures, shape (9,), summing to 1.

    The function raises a FactorError for a device of which the table `fate` has no row.
    """
    rows = Groups(library.table("fate"), ("device",), {"sector": sector})

    @cache
    def shares(device: str) -> Floats:
        out = np.zeros(len(PATHWAYS))
        for row in rows[device,]:
            out[_INDEX[row.keys["pathway"]]] = row.number()
        return out

    return shares


class FateTable:
    """Pathway shares of what a device captures and species of what leaves the stack.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    removal : RemovalTable
        Removal of trains in the profile of the run.
    """

    def __init__(self, library: FactorLibrary, removal: RemovalTable) -> None:
        self._removal = removal
        hours = Ladder(library.table("coal_process"))["operating_share", "", ""]
        self._hours_sd = (hours.spread or 0.0) / hours.value if hours.value else 0.0
        self._pathways = pathway_shares(library, COAL_POWER)
        keys = ("stage", "coal_class", "species")
        self._species = Ladder(library.table("species"), keys, {"sector": COAL_POWER})
        # A large fleet, and every scenario on it, asks for few trains and mixes again and again.
        self.of_train = lru_cache(MOST_KEPT)(self._of_train)
        self._of_mix = lru_cache(MOST_KEPT)(self._mean_fate)
        self.collected = lru_cache(MOST_KEPT)(self._collected)

    def of_mix(self, mix: TrainMix, high_cl_share: float, low_class: str, own_removal: float | None = None) -> UnitFate:
        """Return the mean fate over the boilers, trains and coal classes a unit may have.

        Parameters
        ----------
        mix : TrainMix
            Boilers and trains with shares.
        high_cl_share : float
            Weight of the high-chlorine column [0-1].
        low_class : str
            The other column.
        own_removal : float, optional
            Removal of the unit itself, coal to stack [0-1]; the train then gives only the pathways.
        """
        return self._of_mix(mix, high_cl_share, low_class, own_removal)

    def _mean_fate(self, mix: TrainMix, high_cl_share: float, low_class: str, own_removal: float | None) -> UnitFate:
        classes = [(high_cl_share, "high_cl"), (1.0 - high_cl_share, low_class)]
        shares = np.zeros(len(PATHWAYS))
        rows: dict[str, None] = {}
        marks: set[str] = set()
        derived = other = False
        moments = np.zeros(5)  # variances of class and plant, mean removal, its square, variance of hours, over the mix
        for part_share, boiler, train in mix.parts:
            mean = own = of_classes = by_hours = 0.0
            for class_share, coal_class in classes:
                weight = part_share * class_share
                if weight == 0.0:
                    continue
                found = self._removal.of(train, coal_class, boiler)
                removal = found.removal if own_removal is None else own_removal
                shares += weight * self.of_train(train, coal_class, boiler, removal, found.removal)
                rows.update(dict.fromkeys(found.rows))
                marks.add(found.read_from)
                derived |= found.derived
                other |= found.other_profile
                mean += class_share * found.removal
                own += class_share * found.sd * math.sqrt(1.0 - found.shared)
                of_classes += found.shared * (class_share * found.sd) ** 2
                by_hours += class_share * (found.removal - self._bypassed(train, coal_class, boiler))
            moments += part_share * np.array([of_classes, own**2, mean, mean**2, (by_hours * self._hours_sd) ** 2])
        weakest = weakest_mark(marks)
        of_class, of_plant, mean, square, of_hours = moments.tolist()
        between = max(square - mean**2, 0.0)
        shares.setflags(write=False)
        return UnitFate(shares, tuple(rows), weakest, derived, other, of_class, of_plant, between, of_hours)

    def _collected(self, mix: TrainMix) -> Floats:
        """Return the pathway shares of what the dust collectors of a mix take, shape (9,).

        They sum to the share of the mix that has one; a train that is not known counts as having one.
        """
        out = np.zeros(len(PATHWAYS))
        for share, _, train in mix.parts:
            if train == UNKNOWN or named_devices(train) & set(_DUST_DEVICES):
                out += share * self._pathways(_collector(named_devices(train)))
        out.setflags(write=False)
        return out

    def _bypassed(self, train: str, coal_class: str, boiler: str) -> float:
        """Return the removal of a train in hours in which what can be bypassed is [0-1]."""
        devices = named_devices(train)
        running = devices - BYPASSED
        own = train if running == devices else join_devices(running)
        return self._removal.of(own, coal_class, boiler).removal

    def _of_train(self, train: str, coal_class: str, boiler: str, removal: float, table_removal: float) -> Floats:
        """Return the pathway shares of one train, shape (9,), for a removal [0-1].

        Parameters
        ----------
        train, coal_class, boiler : str
            What is installed.
        removal : float
            Removal that applies, coal to stack [0-1].
        table_removal : float
            Removal of the train in the table; the dust part is split off in its proportion.
        """
        shares = np.zeros(len(PATHWAYS))
        bottom = min(1.0 - self._removal.release_ratio(boiler), removal)
        behind_boiler = removal - bottom
        devices = named_devices(train)
        wet = devices & WET_DEVICES
        dry = devices - WET_DEVICES
        dust_share = 1.0
        if wet:
            dust_only = self._removal.of(join_devices(dry - {"SCR"}), coal_class, boiler).removal
            dust_share = min(dust_only / table_removal, 1.0) if table_removal > 0 else 0.0
        shares[_INDEX["bottom_ash"]] = bottom
        shares += behind_boiler * dust_share * self._pathways(_collector(dry))
        if wet:
            shares += behind_boiler * (1.0 - dust_share) * self._pathways(_scrubber(wet))
        stage = UNKNOWN_STAGE if train == UNKNOWN else _stage(devices)
        shares[AIR] = (1.0 - removal) * self._stack_species(stage, coal_class)
        shares.setflags(write=False)
        return shares

    def _stack_species(self, stage: str, coal_class: str) -> Floats:
        rungs = ([(stage, coal_class, species), (stage, "", species)] for species in SPECIES)
        return np.array([self._species.needed(rung).number() for rung in rungs])


def _collector(dry: frozenset[str]) -> str:
    """Return the device of the dust train that decides where the mercury that it removes goes."""
    for device in _DUST_DEVICES:
        if device in dry:
            return device
    return "ESPc"  # nothing but ash can have caught it: an unknown train, or ash that settled on its way


def _scrubber(wet: frozenset[str]) -> str:
    return next(device for device in ("wFGD", "swFGD", "FGD", "WESP") if device in wet)


def _stage(devices: frozenset[str]) -> str:
    """Return the stage of the species table that the stack of a train belongs to."""
    stages: Mapping[str, frozenset[str]] = {
        "wet_fgd": WET_DEVICES,
        "hg_specific": frozenset({"ACI", "ACI-Br"}),
        "dry_fgd_ff": DRY_SCRUBBERS,
        "ff": frozenset({"FF"}),
        "esp": frozenset({"ESPc", "ESPh"}),
    }
    return next((stage for stage, members in stages.items() if devices & members), "boiler_outlet")
