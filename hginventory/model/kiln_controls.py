"""What the controls of a kiln keep from the stack, and where their catch goes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hginventory.factors.kiln_parameters import KilnParameters
from hginventory.factors.library import FactorLibrary
from hginventory.inputs.fleet import is_blank
from hginventory.model import kiln
from hginventory.model.fate import AIR, PATHWAYS, SPECIES
from hginventory.model.sector import CEMENT_KILN
from hginventory.vocabulary import UNKNOWN, train_devices

Floats = NDArray[np.float64]
# They take mercury out of the loop with filter dust; the first one installed decides where that dust goes.
ON_BLED_DUST = ("TDT", "SHUTTLE-SORB", "SHUTTLE")
_PLACE = {name: place for place, name in enumerate(PATHWAYS)}


class KilnControls:
    """Removal of devices behind the dust loop and where their catch goes.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._removal = {row.keys["device"]: row for row in library.table("cement_control").defaults}
        self._pathways: dict[str, Floats] = {}
        for row in library.table("fate").defaults:
            if row.keys["sector"] == CEMENT_KILN and row.value is not None:
                shares = self._pathways.setdefault(row.keys["device"], np.zeros(len(PATHWAYS)))
                shares[_PLACE[row.keys["pathway"]]] = row.value
        species = {
            row.keys["species"]: row.value
            for row in library.table("species").defaults
            if row.keys["sector"] == CEMENT_KILN and row.value is not None
        }
        self._species = np.array([species[name] for name in SPECIES])

    def removals(self, train: str) -> list[tuple[str, float, str]]:
        """Return device, removal [0-1] and factor row of the devices of a train, in gas order.

        An unknown train is a dust filter that returns its dust, which removes nothing.
        """
        devices = () if train == UNKNOWN else train_devices(train)
        out = []
        for device in devices:
            row = self._removal.get(device)
            assert row is not None, f"cement_control has no {device}"
            assert row.value is not None, f"{row.row_id} has no value"
            out.append((device, row.value, row.row_id))
        return out

    def shares(self, units: pd.DataFrame, parameters: KilnParameters, place: int) -> Floats:
        """Return the pathway shares of the mercury input of a kiln, shape (9,), summing to 1."""
        value = {name: float(resolved.value[place]) for name, resolved in parameters.factors.items()}
        row = units.iloc[place]
        bleed_on, bleed_off = (_known(row[c]) for c in ("dust_bleed_on", "dust_bleed_off"))
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
        shares[_PLACE["product"]] = result.retained
        devices = self.removals(parameters.controls[place])
        installed = [device for device, _, _ in devices]
        taker = next((device for device in ON_BLED_DUST if device in installed), "bleed")
        shares += result.bled * self._pathways[taker]
        left = result.stack
        for device, removal, _ in devices:
            if device in ON_BLED_DUST and (bleed_on is not None or bleed_off is not None):
                continue  # the bleed is known, so the loop has already counted it
            shares += left * removal * self._pathways.get(device, 0.0)
            left *= 1.0 - removal
        shares[AIR] = left * self._species
        return shares


def _known(value: float) -> float | None:
    return None if is_blank(value) else float(value)
