"""State and volume of flue gas: what a concentration is stated on, and how much gas a unit of heat or clinker makes."""

from __future__ import annotations

from hginventory.factors import lookup
from hginventory.factors.library import FactorLibrary


class FlueGas:
    """State and volume of flue gas, from the tables `gas_state`, `flue_gas` and `cement_kiln`.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    """

    def __init__(self, library: FactorLibrary) -> None:
        self._state = lookup.Ladder(library.table("gas_state"))
        self._coal_gas = lookup.Ladder(library.table("flue_gas"), ("coal_type",))
        self._kiln_gas = lookup.Ladder(
            library.table("cement_kiln"), ("kiln_type", "country"), {"quantity": "flue_gas_volume"}
        )

    def state(self, quantity: str, sector: str = "") -> float:
        """Return a number of `gas_state`, in the unit of its row."""
        return self._state[sector, quantity].number()

    def coal_gas(self, coal_type: str) -> float:
        """Return the dry gas of a coal at the reference of the table [Nm3/GJ net heat]."""
        return self._coal_gas.needed([(coal_type,), (lookup.ALL,)]).number()

    def kiln_gas(self, kiln_type: str, country: str) -> float:
        """Return the dry gas of a kiln at the reference of the table [Nm3/t clinker]."""
        rungs = [(kiln_type, country), (kiln_type, lookup.WORLD), ("", country), ("", lookup.WORLD)]
        return self._kiln_gas.needed(rungs).number()

    def on_state(
        self, sector: str, oxygen: float | None = None, temperature: float | None = None, *, wet: bool = False
    ) -> float:
        """Return by what a concentration at the reference of a gas table is multiplied to convert it to another.

        Parameters
        ----------
        sector : str
            Whose gas table.
        oxygen : float, optional
            Oxygen of the dry gas [%], below that of air; default: that of the table.
        temperature : float, optional
            Temperature of the volume [C], above absolute zero; default: that of the table.
        wet : bool
            Whether water is part of the volume.

        Examples
        --------
        From 7 % oxygen and 20 C of US rules to 10 % and 0 C, 41 become 35 ug/Nm3:

        >>> from hginventory.factors.library import load_library
        >>> round(41 / FlueGas(load_library()).on_state("cement_kiln", 7.0, 20.0))
        35
        """
        air, zero = self.state("oxygen_of_air"), self.state("absolute_zero")
        own_oxygen, own_warmth = self.state("reference_oxygen", sector), self.state("reference_temperature", sector)
        dilution = 1.0 if oxygen is None else (air - oxygen) / (air - own_oxygen)
        expansion = 1.0 if temperature is None else (own_warmth - zero) / (temperature - zero)
        return dilution * expansion * (1.0 - self.state("water_vapour", sector) if wet else 1.0)


def gas_state(code: str) -> tuple[float, bool]:
    """Return temperature [C] and whether the gas is wet of a state as measurements name it.

    >>> gas_state("dry_25c"), gas_state("wet_0c")
    ((25.0, False), (0.0, True))
    """
    moisture, _, warmth = code.partition("_")
    return float(warmth.removesuffix("c")), moisture == "wet"
