"""What the controls of a kiln keep from the stack, and where their catch goes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.factors import (
    DEFAULT,
    DERIVED,
    FactorLibrary,
    KilnParameters,
    Ladder,
    Value,
    all_refs,
    from_row,
    weakest_mark,
)
from hginventory.inputs.fleet import is_blank
from hginventory.model import AIR, PATHWAYS, SPECIES, kiln, pathway_shares
from hginventory.vocabulary import CEMENT_KILN, UNKNOWN, train_devices

# They take mercury out of the loop with filter dust; the first one installed decides where that dust goes.
ON_BLED_DUST = ("TDT", "SHUTTLE-SORB", "SHUTTLE")
OF_BLEED = ("capture_on", "capture_off", "mill_off_share")  # what passes the loop depends on them where dust is bled
_INDEX = {name: index for index, name in enumerate(PATHWAYS)}


class KilnControls:
    """Removal of devices behind the dust loop and where their catch goes.

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

    def shares(self, units: pd.DataFrame, parameters: KilnParameters, index: int) -> Floats:
        """Return the pathway shares of the mercury input of a kiln, shape (9,), summing to 1."""
        value = {name: float(resolved.value[index]) for name, resolved in parameters.factors.items()}
        bleed_on, bleed_off = _bleeds(units, index)
        result = kiln.loop(
            1.0,
            1.0 - value["air_share"],
            value["capture_on"],
            value["capture_off"],
            bleed_on or 0.0,
            bleed_off or 0.0,
            value["mill_off_share"],
        )
        shares = np.zeros(len(PATHWAYS))
        shares[_INDEX["product"]] = result.retained
        installed = _devices(parameters.controls[index])
        taker = next((device for device in ON_BLED_DUST if device in installed), "bleed")
        shares += result.bled * self._pathways(taker)
        left = result.stack
        for device, removal in self._behind_loop(units, parameters, index):
            if removal.value > 0.0:
                shares += left * removal.value * self._pathways(device)
                left *= 1.0 - removal.value
        shares[AIR] = left * self._species
        return shares

    def kept_from_stack(self, units: pd.DataFrame, parameters: KilnParameters, index: int, removal: float) -> Value:
        """Return the share of the input of a kiln that is kept from the stack [0-1], with what it rests on.

        Devices that remove nothing, as a filter that returns its dust, leave it to the share to air.
        """
        factors = parameters.factors
        air = factors["air_share"].of_unit(index)
        loop = [factors[name].of_unit(index) for name in OF_BLEED] if any(_bleeds(units, index)) else []
        behind = [value for _, value in self._behind_loop(units, parameters, index)]
        parts = [air, *loop, *(value for value in behind if value.value > 0.0)]
        refs = all_refs(value.refs for value in (air, *loop, *behind))
        origin = DEFAULT if any(value.origin == DEFAULT for value in parts) else DERIVED
        return Value(removal, origin, refs, weakest_mark(value.read_from for value in parts))

    def _behind_loop(self, units: pd.DataFrame, parameters: KilnParameters, index: int) -> list[tuple[str, Value]]:
        """Return the devices that act behind the loop, in gas order, with their removals [0-1].

        Where the bleed is known the loop has counted what works on bled dust.
        """
        is_bleed_known = any(bleed is not None for bleed in _bleeds(units, index))
        found = []
        for device in _devices(parameters.controls[index]):
            row = self._removal[device,]
            if not (is_bleed_known and device in ON_BLED_DUST):
                found.append((device, from_row(row)))
        return found


def _devices(train: str) -> tuple[str, ...]:
    """Return the devices of a train; an unknown one is a dust filter that returns its dust, which removes nothing."""
    return () if train == UNKNOWN else tuple(train_devices(train))


def _bleeds(units: pd.DataFrame, index: int) -> tuple[float | None, float | None]:
    """Return the shares of dust bled with the mill on and off [0-1]; None: not stated."""
    on, off = (units[name].iloc[index] for name in ("dust_bleed_on", "dust_bleed_off"))
    return None if is_blank(on) else float(on), None if is_blank(off) else float(off)
