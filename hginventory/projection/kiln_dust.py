"""How a kiln handles its dust: the bleed that is stated, or that which its share to air implies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hginventory.factors import (
    ADDED_BLEED,
    BLEEDS,
    DERIVED,
    LOOP,
    NOT_USED,
    KilnParameters,
    Value,
    all_refs,
    weakest_mark,
)
from hginventory.model import kiln


@dataclass(frozen=True)
class Dust:
    """The dust loop of a kiln.

    Attributes
    ----------
    is_stated : bool
        Whether the bleed is stated, so that the share to air follows from it; else it follows from the share to air.
    values : mapping of str to Value
        clinker_retention, capture_on, capture_off, mill_off_share, dust_bleed_on, dust_bleed_off [0-1].
    added : float
        Part of the bleed that a measure adds to the usual one [0-1].
    """

    is_stated: bool
    values: Mapping[str, Value]
    added: float = 0.0

    @property
    def works_on_loop(self) -> bool:
        """Whether the share to air follows from captures and the hours of the mill."""
        if self.is_stated:
            return any(self.values[name].value > 0.0 for name in BLEEDS)
        return self.added > 0.0


def dust_of(parameters: KilnParameters, index: int) -> Dust:
    """Return how a kiln handles its dust.

    Parameters
    ----------
    parameters : KilnParameters
        Resolved factors of the kilns.
    index : int
        Index of the kiln.
    """
    known = {name: parameters.factors[name].of_unit(index) for name in LOOP}
    stated = {name: parameters.factors[name].of_unit(index) for name in BLEEDS}
    if bleed_is_stated(stated[BLEEDS[0]]):
        return Dust(True, known | stated)
    air, more = parameters.factors["air_share"].of_unit(index), parameters.factors[ADDED_BLEED].of_unit(index)
    added = 0.0 if more.origin == NOT_USED else more.value
    usual = kiln.usual_dust(air.value, *(known[name].value for name in LOOP))
    basis = (air, *known.values())
    refs, mark = all_refs(value.refs for value in basis), weakest_mark(value.read_from for value in basis)
    found = {"clinker_retention": usual.retained, "capture_on": usual.capture_on, "capture_off": usual.capture_off}
    gave_way = {name: Value(value, DERIVED, refs, mark) for name, value in found.items() if value != known[name].value}
    bleed = Value(min(usual.bleed + added, 1.0), DERIVED, refs, mark)
    return Dust(False, {**known, **gave_way, **dict.fromkeys(BLEEDS, bleed)}, added)


def bleed_is_stated(bleed: Value) -> bool:
    """Return whether a bleed, resolved or as a result shows it, is stated and not derived from the share to air."""
    return bleed.origin not in (NOT_USED, DERIVED)


def loop_of(dust: Mapping[str, float]) -> kiln.LoopResult[float]:
    """Return where the mercury input of 1 goes in the dust loop of a kiln, `Dust.values` being given as numbers."""
    return kiln.loop(
        1.0,
        dust["clinker_retention"],
        dust["capture_on"],
        dust["capture_off"],
        dust["dust_bleed_on"],
        dust["dust_bleed_off"],
        dust["mill_off_share"],
    )
