"""What the controls of a kiln keep from the stack, and where the removed mercury goes."""

from __future__ import annotations

import numpy as np

from hginventory._types import Floats
from hginventory.factors import (
    BLEEDS,
    DEFAULT,
    DERIVED,
    LOOP,
    FactorLibrary,
    KilnParameters,
    Ladder,
    Value,
    all_refs,
    from_row,
    weakest_mark,
)
from hginventory.model import AIR, PATHWAYS, SPECIES, pathway_shares
from hginventory.projection.kiln_dust import Dust, dust_of, loop_of
from hginventory.vocabulary import CEMENT_KILN, UNKNOWN, train_devices

# They take mercury out of the loop with filter dust; the first one installed decides where that dust goes.
ON_BLED_DUST = ("TDT", "SHUTTLE-SORB", "SHUTTLE")
_INDEX = {name: index for index, name in enumerate(PATHWAYS)}


class KilnControls:
    """Removal of devices behind the dust loop and where the removed mercury goes.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._removal = Ladder(library.table("cement_control"))
        self._pathways = pathway_shares(library, CEMENT_KILN)
        species = Ladder(library.table("species"), ("species",), {"sector": CEMENT_KILN, "stage": "stack"})
        self._species = np.array([species[name,].number() for name in SPECIES])

    def shares(self, parameters: KilnParameters, index: int) -> Floats:
        """Return the pathway shares of the mercury input of a kiln, shape (9,), summing to 1.

        What dust treatment takes is counted behind the usual bleed, whose dust goes the way of bled dust.
        """
        dust = dust_of(parameters, index)
        result = loop_of({name: known.value for name, known in dust.values.items()})
        shares = np.zeros(len(PATHWAYS))
        shares[_INDEX["product"]] = result.retained
        shares += result.bled * self._bled_dust(parameters, index, dust)
        left = result.stack
        for device, removal in self._behind_loop(parameters.controls[index], dust):
            if removal.value > 0.0:
                shares += left * removal.value * self._pathways(device)
                left *= 1.0 - removal.value
        shares[AIR] = left * self._species
        return shares

    def collected(self, parameters: KilnParameters, index: int) -> Floats:
        """Return the pathway shares of what the dust filter of a kiln takes, shape (9,): those of bled dust."""
        return self._bled_dust(parameters, index, dust_of(parameters, index))

    def _bled_dust(self, parameters: KilnParameters, index: int, dust: Dust) -> Floats:
        installed = _devices(parameters.controls[index]) if dust.is_stated else ()
        return self._pathways(next((device for device in ON_BLED_DUST if device in installed), "bleed"))

    def kept_from_stack(self, parameters: KilnParameters, index: int, removal: float) -> Value:
        """Return the share of the input of a kiln that is kept from the stack [0-1], with what it is based on.

        Devices that remove nothing, as a filter that returns its dust, leave it to the share to air; where the bleed is
        stated, to what the clinker keeps and the bleed takes out.
        """
        factors, dust = parameters.factors, dust_of(parameters, index)
        whole = [dust.values["clinker_retention"]] if dust.is_stated else [factors["air_share"].of_unit(index)]
        loop = [dust.values[name] for name in LOOP[1:]] if dust.works_on_loop else []
        stated = [dust.values[name] for name in BLEEDS] if dust.is_stated else []
        behind = [value for _, value in self._behind_loop(parameters.controls[index], dust)]
        parts = [*whole, *loop, *stated, *(value for value in behind if value.value > 0.0)]
        refs = all_refs(value.refs for value in (*whole, *loop, *stated, *behind))
        origin = DEFAULT if any(value.origin == DEFAULT for value in parts) else DERIVED
        return Value(removal, origin, refs, weakest_mark(value.read_from for value in parts))

    def _behind_loop(self, train: str, dust: Dust) -> list[tuple[str, Value]]:
        """Return the devices that act behind the loop, in gas order, with their removals [0-1].

        Where the bleed is stated the loop has counted what works on bled dust.
        """
        counted = ON_BLED_DUST if dust.is_stated else ()
        return [(device, from_row(self._removal[device,])) for device in _devices(train) if device not in counted]


def _devices(train: str) -> tuple[str, ...]:
    """Return the devices of a train; an unknown one is a dust filter that returns its dust, which removes nothing."""
    return () if train == UNKNOWN else tuple(train_devices(train))
