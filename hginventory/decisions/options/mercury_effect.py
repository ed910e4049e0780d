"""Effect of one or several options on the mercury of a unit: removal, input, and the pathways of removed mercury.

Devices act through the removal of the RESULTING train, looked up as a whole; percentages are never added. An added
device never lowers the removal, except a dry scrubber or sorbent before a filter on low-chlorine coal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from hginventory._types import Floats
from hginventory.decisions.options.installed import FleetState, UnitState
from hginventory.decisions.options.option_table import (
    AFTER,
    CLOSURE,
    COMPUTE,
    INCREMENT,
    INPUT,
    MERCURY,
    Option,
    OptionTable,
)
from hginventory.decisions.options.sea_water import WATER, SeaWater
from hginventory.factors import FactorRow, Ladder, TrainMix, share_sd
from hginventory.model import AIR, PATHWAYS, FateTable, RemovalTable, UnitFate, in_series
from hginventory.projection import KilnControls, Projection, anchored, strips_chlorine
from hginventory.uncertainty import ALL_FUEL, FuelLeft
from hginventory.vocabulary import CEMENT_KILN, KILN_DEVICES, UNKNOWN, join_devices, named_devices

FUEL = "fuel"  # kind of step that changes mercury per heat or clinker, not how much is burned or made
HEAT_RATE = "plant"  # kind of step that, where it lowers the input, needs less heat per generation
RANGE_80 = 2 * 1.2815515655446004  # standard deviations between the 10th and 90th percentile of a normal


@dataclass(frozen=True)
class UncertainShare:
    """An uncertain share: mean and standard deviation [0-1]."""

    mean: float
    sd: float = 0.0

    def for_mean(self, mean: float) -> UncertainShare:
        """Return the share with another mean; what it leaves keeps its relative spread where a share can have it."""
        return UncertainShare(mean, share_sd(self.sd, self.mean, mean))

    def followed_by(self, other: UncertainShare) -> UncertainShare:
        """Return the share that this and another, independent one take out one after the other.

        >>> both = UncertainShare(0.5, 0.1).followed_by(UncertainShare(0.5, 0.1))
        >>> both.mean, round(both.sd, 4)
        (0.75, 0.0707)
        """
        mean = in_series(self.mean, other.mean)
        return UncertainShare(mean, math.hypot(*(share.for_mean(mean).sd for share in (self, other))))


@dataclass(frozen=True)
class Outcome:
    """The mercury of a unit with a step and without.

    Attributes
    ----------
    train : str
        Train after, empty where it is as before; where it is not known, the likeliest one the step can go to.
    input_factor : float
        Mercury input over that before [1].
    removal : float
        Share of the input that does not leave the stack [0-1].
    shares : ndarray of float, shape (9,)
        Share of the input by pathway, in the order of `fate.PATHWAYS`.
    before, after : UncertainShare
        Removal of the trains with its spread, before and after; of the step itself for a kiln, 0 before.
    effect : UncertainShare
        Share of what is left that a step without a train takes out; 0 where there is none.
    sea : float
        Share of the input that goes to the sea with the water of a sea-water scrubber [0-1].
    fuel_left : FuelLeft
        The parts of the input factor that are mercury per heat or clinker, by another fuel, and heat per generation.
    avoided_by_controls : float or None
        What is avoided over the emission before by the listed controls alone [1], at a unit that complies with a limit.
    """

    train: str
    input_factor: float
    removal: float
    shares: Floats
    before: UncertainShare
    after: UncertainShare
    effect: UncertainShare
    sea: float = 0.0
    fuel_left: FuelLeft = ALL_FUEL
    avoided_by_controls: float | None = None

    def left(self, removal_before: float) -> float:
        """Return the emission after over that before [1]; 1 where nothing was emitted before."""
        passing = 1.0 - removal_before
        return self.input_factor * (1.0 - self.removal) / passing if passing > 0 else 1.0


class _Left(NamedTuple):
    """What steps that change no train leave of the input and of the emission, and their effect."""

    input: float
    emission: float
    fuel: FuelLeft
    effect: UncertainShare


class Outcomes:
    """Computes outcomes with the tables of a run.

    Parameters
    ----------
    projection : Projection
        The run.
    state : FleetState
        What is installed.
    table : OptionTable
        Options and effects.
    """

    def __init__(self, projection: Projection, state: FleetState, table: OptionTable) -> None:
        removal = projection.library.once(RemovalTable, projection.settings.profile)
        self._fates = projection.library.once(FateTable, removal)
        self._kilns = KilnControls(projection.library)
        self._kiln_rows = Ladder(projection.library.table("cement_control"))
        self._state = state
        self._table = table
        self._met: dict[tuple[object, ...], Outcome] = {}
        self.sea = SeaWater(projection.library)

    def of(
        self, unit: UnitState, steps: Sequence[Option], accepted: Sequence[bool], computed: float | None = None
    ) -> Outcome:
        """Return what steps do by the listed controls, taken together; a limit that the unit keeps is not looked at.

        Parameters
        ----------
        unit : UnitState
            The unit.
        steps : sequence of Option
            One or several options.
        accepted : sequence of bool
            To which of the parts of the unit the steps can go.
        computed : float, optional
            Share of the mercury input that a step of the mode ``compute`` takes out [0-1].
        """
        share = _accepted(unit, accepted)
        if unit.sector == CEMENT_KILN:
            return self._kiln(unit, steps, self._without_train(unit, steps, share, computed))
        # Size, age and location of a unit play no part, so units with the same trains and coal have the same outcome.
        alike = (unit.parts, unit.high_cl_share, unit.low_class, unit.own_removal, unit.listed_removal)
        key = (alike, tuple(step.option for step in steps), tuple(accepted), computed)
        if key not in self._met:
            self._met[key] = self._coal(unit, steps, accepted, self._without_train(unit, steps, share, computed))
        return self._met[key]

    def _without_train(self, unit: UnitState, steps: Sequence[Option], share: float, computed: float | None) -> _Left:
        outside = inside = 1.0
        fuel, effect = ALL_FUEL, UncertainShare(0.0)
        for step in steps:
            row = self._table.effect(step.option, MERCURY, unit.coal_class)
            if step.mode == COMPUTE:
                taken = UncertainShare(share * (computed or 0.0))
            elif step.mode == CLOSURE:
                taken = UncertainShare(1.0)
            elif step.mode in (INPUT, INCREMENT) and row is not None and row.value is not None:
                taken = UncertainShare(share * row.value, share * _sd(row))
            else:
                continue
            left = 1.0 - taken.mean
            outside, inside = (outside, inside * left) if step.mode == INCREMENT else (outside * left, inside)
            if step.mode != INCREMENT and step.steps & {FUEL, HEAT_RATE}:
                fuel = fuel.less(taken.mean, of_heat=HEAT_RATE in step.steps)
            effect = effect.followed_by(taken)
        return _Left(outside, inside, fuel, effect)

    def _coal(
        self,
        unit: UnitState,
        steps: Sequence[Option],
        accepted: Sequence[bool],
        left: _Left,
    ) -> Outcome:
        outside, inside, fuel, effect = left
        share = _accepted(unit, accepted)
        parts = tuple(
            (share, boiler, _after(train, steps) if yes else train)
            for (share, boiler, train), yes in zip(unit.parts, accepted, strict=True)
        )
        before = self._fates.of_mix(_mix(unit.parts), unit.high_cl_share, unit.low_class)
        after = self._fates.of_mix(_mix(parts), unit.high_cl_share, unit.low_class)
        removal = after.removal
        if parts == unit.parts:
            removal = unit.listed_removal
        elif unit.own_removal is not None:
            removal = anchored(unit.listed_removal, before.removal, removal)
        elif not strips_chlorine(zip((part[2] for part in unit.parts), (part[2] for part in parts), strict=True)):
            removal = max(removal, unit.listed_removal)
        by_train, behind = self._behind_train(unit, steps, share, removal)
        shares = after.shares
        if by_train != after.removal:
            shares = self._fates.of_mix(_mix(parts), unit.high_cl_share, unit.low_class, by_train).shares
        removal = by_train + float(behind.sum())
        if behind.any():
            shares = shares + behind
            shares[AIR] *= (1.0 - removal) / (1.0 - by_train)
        likeliest = max(zip(parts, accepted, strict=True), key=lambda item: (item[1], item[0][0]))[0][2]
        return Outcome(
            train="" if parts == unit.parts else likeliest,
            input_factor=outside,
            removal=removal,
            shares=shares,
            before=_removal(before).for_mean(unit.listed_removal),
            after=_removal(after).for_mean(1.0 - (1.0 - removal) / inside if inside > 0 else 1.0),
            effect=effect,
            sea=float(shares[PATHWAYS.index(WATER)]) * self.sea.share(parts),
            fuel_left=fuel,
        )  # fmt: skip

    def _behind_train(
        self, unit: UnitState, steps: Sequence[Option], share: float, removal: float
    ) -> tuple[float, Floats]:
        """Return the removal of the train with the steps, and by pathway what the steps remove themselves.

        Parameters
        ----------
        unit : UnitState
            The unit.
        steps : sequence of Option
            Those of the modes ``after`` and ``increment`` count, the former first.
        share : float
            Share of the trains to which they can go [0-1].
        removal : float
            Removal of the train [0-1].
        """
        passing, behind = 1.0 - removal, np.zeros(len(PATHWAYS))
        for step in sorted(steps, key=lambda step: step.mode != AFTER):
            row = self._table.effect(step.option, MERCURY, unit.coal_class)
            if step.mode not in (AFTER, INCREMENT) or row is None or row.value is None:
                continue
            taken = share * (max(passing - (1.0 - row.value), 0.0) if step.mode == AFTER else passing * row.value)
            passing -= taken
            if step.catch:
                behind[PATHWAYS.index(step.catch)] += taken
            else:
                removal += taken
        return removal, behind

    def _kiln(self, unit: UnitState, steps: Sequence[Option], left: _Left) -> Outcome:
        outside, _, fuel, effect = left
        kilns, index = self._state.kilns, unit.sector_index
        train = _after(kilns.controls[index], steps, kiln=True)
        changed = replace(kilns, controls=(*kilns.controls[:index], train, *kilns.controls[index + 1 :]))
        shares = self._kilns.shares(changed, index)
        removal = float(1.0 - shares[AIR].sum())
        passing = 1.0 - unit.listed_removal
        taken = 1.0 - (1.0 - removal) / passing if passing > 0 else 0.0
        added = [row for step in steps for device in step.adds if (row := self._kiln_rows.get((device,)))]
        sd = math.hypot(*(share_sd(row.spread or 0.0, row.number(), taken) for row in added))
        named, none = "" if train == kilns.controls[index] else train, UncertainShare(0.0)
        after = UncertainShare(taken, sd)
        return Outcome(named, outside, removal, shares, none, after, effect, fuel_left=fuel)


def _after(train: str, steps: Sequence[Option], *, kiln: bool = False) -> str:
    """Return a train with steps taken, in gas order; a train that is not known stays so unless a kiln has it."""
    added = {device for step in steps for device in step.adds}
    if not added or (train == UNKNOWN and not kiln):
        return train
    devices = set(named_devices(train))
    for step in steps:
        devices = (devices - step.replaces) | step.adds
    if kiln:
        return "+".join(code for code in KILN_DEVICES.codes if code in devices)
    return join_devices(devices)


def _accepted(unit: UnitState, accepted: Sequence[bool]) -> float:
    """Return the share of the trains a unit may have to which steps can go [0-1]."""
    return sum(part[0] for part, yes in zip(unit.parts, accepted, strict=True) if yes)


def _removal(fate: UnitFate) -> UncertainShare:
    return UncertainShare(fate.removal, fate.variance**0.5)


def _mix(parts: tuple[tuple[float, str, str], ...]) -> TrainMix:
    return TrainMix(parts, "", "", (), "")


def _sd(row: FactorRow) -> float:
    """Return the standard deviation of an effect whose ends are the 10th and 90th percentile."""
    return 0.0 if row.low is None or row.high is None else (row.high - row.low) / RANGE_80
