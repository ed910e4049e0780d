"""Which part of the water of a unit is sea water of a scrubber, which takes its mercury to the sea (Article 9)."""

from __future__ import annotations

from hginventory.factors import FactorLibrary
from hginventory.vocabulary import COAL_POWER, named_devices

SEA_DEVICE, WATER = "swFGD", "water"
Parts = tuple[tuple[float, str, str], ...]  # share, boiler and train of what a unit may have


class SeaWater:
    """Shares of sea water in what trains give to water.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables; `fate` has the share of its removed mercury that a device passes to water.

    Examples
    --------
    >>> from hginventory.factors.library import load_library
    >>> sea = SeaWater(load_library())
    >>> sea.share(((1.0, "PC", "ESPc+swFGD"),)), sea.share(((1.0, "PC", "ESPc+wFGD"),))
    (1.0, 0.0)
    """

    def __init__(self, library: FactorLibrary) -> None:
        rows = [row for row in library.table("fate").defaults if row.keys["sector"] == COAL_POWER]
        self._to_water = {row.keys["device"]: row.number() for row in rows if row.keys["pathway"] == WATER}
        self._met: dict[Parts, float] = {}

    def share(self, parts: Parts) -> float:
        """Return the share of the water of the trains a unit may have that is sea water [0-1]."""
        if parts not in self._met:
            given = [(share * self._of_train(train), train) for share, _, train in parts]
            whole = sum(share for share, _ in given)
            sea = sum(share for share, train in given if SEA_DEVICE in named_devices(train))
            self._met[parts] = sea / whole if whole > 0 else 0.0
        return self._met[parts]

    def _of_train(self, train: str) -> float:
        return max((self._to_water.get(device, 0.0) for device in named_devices(train)), default=0.0)
