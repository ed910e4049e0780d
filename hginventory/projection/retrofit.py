"""Devices added to a coal unit: they come to what is there, whatever that is, and take away from what passes.

What was stated for a unit or measured at it stays the base: the tables say by how much less passes the new train than
the old one, and that share of what passed at the unit passes now. Where the train is not known, the devices are added
to each train the unit may have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from hginventory.factors import BETA, LOGNORMAL, CoalParameters, Resolved, Spread, TrainMix, Value
from hginventory.model import ALMOST_ALL, CHLORINE_STRIPPERS, FateTable
from hginventory.vocabulary import NONE, UNKNOWN, join_devices, train_devices


def anchored(stated: float, table_before: float, table_after: float, *, may_fall: bool = False) -> float:
    """Return the removal of a unit after a change of its train, from the one stated for it before.

    Parameters
    ----------
    stated : float
        Removal stated for the unit or measured at it [0-1].
    table_before, table_after : float
        Removal of the old and the new train in the tables [0-1].
    may_fall : bool
        Whether less may be removed than before, as where a device was taken out.

    Examples
    --------
    A precipitator removes 0.12 and with a scrubber 0.30, so 0.80 of what passed goes on passing:

    >>> round(anchored(0.5, 0.12, 0.30), 3)
    0.602
    >>> anchored(0.35, 0.12, 0.04), round(anchored(0.35, 0.12, 0.04, may_fall=True), 3)
    (0.35, 0.291)
    """
    if table_before >= 1.0:
        return stated
    passing = (1.0 - table_after) / (1.0 - table_before)
    if passing >= 1.0 and not may_fall:
        return stated
    return max(0.0, min(1.0 - (1.0 - stated) * passing, max(stated, ALMOST_ALL)))


@dataclass(frozen=True)
class Retrofit:
    """A change of the train of a unit.

    Attributes
    ----------
    before : sequence of (float, str, str)
        Share, boiler and train of what the unit may have now; shares sum to 1.
    added : frozenset of str
        Devices that come to what is there; empty where the train is given as a whole.
    removal : Value
        Removal of the unit before the change, with its spread.
    is_own : bool
        Whether that was stated for the unit or measured at it.
    """

    before: tuple[tuple[float, str, str], ...]
    added: frozenset[str]
    removal: Value
    is_own: bool

    @property
    def after(self) -> tuple[tuple[float, str, str], ...] | None:
        """What the unit may have then; None where the row of the unit says it: one train, or one that has no name."""
        trains = {train for _, _, train in self.before}
        if not self.added or len(self.before) == 1 or UNKNOWN in trains:
            return None
        return tuple((share, boiler, _with(train, self.added)) for share, boiler, train in self.before)

    @property
    def strips_chlorine(self) -> bool:
        """Whether it is the exception of `strips_chlorine`."""
        return strips_chlorine((train, _with(train, self.added)) for _, _, train in self.before)

    def removal_after(self, found: Value, table_before: float) -> Value:
        """Return the removal of the unit after the change.

        Parameters
        ----------
        found : Value
            What the tables say of the new train.
        table_before : float
            What they say of the old one, behind the coal burned then [0-1].
        """
        if self.is_own:
            value = anchored(self.removal.value, table_before, found.value, may_fall=not self.added)
            if value == self.removal.value:
                return self.removal
            return replace(self.removal, value=value, spread=_both(self.removal, found))
        if not self.added or found.value >= table_before or self.strips_chlorine:
            return found
        same_coal = math.isclose(table_before, self.removal.value, rel_tol=1e-9)
        return self.removal if same_coal else replace(found, value=table_before)


def strips_chlorine(changes: Iterable[tuple[str, str]]) -> bool:
    """Return whether new devices are the exception: a dry scrubber or sorbent before a filter takes its chlorine away.

    Only where that is so of each train the unit may have; what is not known raises no emission. The tables say for
    which coals less is removed then.

    Parameters
    ----------
    changes : iterable of (str, str)
        Each train the unit may have, and the one it would become.

    Examples
    --------
    >>> strips_chlorine([("FF", "SDA+FF")]), strips_chlorine([("FF", "SDA+FF"), ("ESPc", "SDA+ESPc")])
    (True, False)
    """
    return all(
        UNKNOWN not in (before, after)
        and bool(CHLORINE_STRIPPERS & (set(train_devices(after)) - set(train_devices(before))))
        and "FF" in train_devices(after)
        for before, after in changes
    )


def _with(train: str, added: frozenset[str]) -> str:
    if train == UNKNOWN:
        return UNKNOWN
    return join_devices(added if train == NONE else added | set(train_devices(train)))


def _both(own: Value, found: Value) -> Spread | None:
    """Return the spread of what passes a unit whose removal was stated, and then a device that the tables describe."""
    if own.spread is None:
        return None
    sizes = [_relative(value.spread, 1.0 - value.value) for value in (own, found) if value.spread is not None]
    return Spread(LOGNORMAL, math.sqrt(math.log1p(sum(size**2 for size in sizes))), own.spread.scopes)


def _relative(spread: Spread, passing: float) -> float:
    """Return the standard deviation of what passes over its mean."""
    if spread.distribution == BETA:
        return spread.size / passing if passing > 0 else 0.0
    return math.sqrt(math.expm1(spread.size**2)) if spread.distribution == LOGNORMAL else spread.size


def with_trains(parameters: CoalParameters, retrofits: Mapping[str, Retrofit]) -> CoalParameters:
    """Return the parameters with the trains that units may have after their retrofit."""
    mixes = list(parameters.mixes)
    for index, unit in enumerate(parameters.ids):
        after = retrofits[unit].after if unit in retrofits else None
        if after is not None:
            mixes[index] = replace(mixes[index], parts=after)
    return replace(parameters, mixes=tuple(mixes))


def removals_after(
    parameters: CoalParameters, removal: Resolved, retrofits: Mapping[str, Retrofit], table: FateTable
) -> dict[int, Value]:
    """Return the removal of each unit after its retrofit, by its index.

    Parameters
    ----------
    parameters : CoalParameters
        Of the units after the change.
    removal : Resolved
        What the tables say of their trains then.
    retrofits : mapping of str to Retrofit
        Unit -> its change.
    table : FateTable
        What they say of the trains before.
    """
    out: dict[int, Value] = {}
    high_cl = parameters.factors["high_cl_share"].value
    for index, unit in enumerate(parameters.ids):
        if unit in retrofits:
            own = retrofits[unit]
            mix = TrainMix(own.before, "", "", (), "")
            before = table.of_mix(mix, float(high_cl[index]), parameters.low_class[index]).removal
            out[index] = own.removal_after(removal.of_unit(index), before)
    return out
