"""On what a limit is stated: oxygen, temperature, moisture, heat, output, clinker.

Every reference comes from a column of the limit's row or from the table `gas_state`; gas volumes from `flue_gas` and
`cement_kiln`. A concentration changes with the dilution by air (oxygen), the warmth of the gas and its water.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from hginventory.errors import UsageError
from hginventory.factors import CoalTables, FactorLibrary, FlueGas, lookup

GAS, GROSS_HEAT, GROSS_GENERATION, GENERATION, CLINKER = (
    "gas",
    "gross_heat",
    "gross_generation",
    "generation",
    "clinker",
)
DRY, WET = "dry", "wet"
MILLION = 1e6
# Unit of a limit -> what it is per, our unit of the rate, the unit to convert to, and how many of these it counts.
UNITS: Mapping[str, tuple[str, str, str, float]] = {
    "ug/Nm3": (GAS, "ug/Nm3", "ug/Nm3", 1.0),
    "mg/Nm3": (GAS, "ug/Nm3", "mg/Nm3", 1.0),
    "mg/m3": (GAS, "ug/Nm3", "mg/Nm3", 1.0),
    "ug/dscm": (GAS, "ug/Nm3", "ug/Nm3", 1.0),
    "lb/TBtu": (GROSS_HEAT, "g/TJ", "lb/TBtu", 1.0),
    "g/TJ": (GROSS_HEAT, "g/TJ", "g/TJ", 1.0),
    "lb/GWh": (GROSS_GENERATION, "g/GWh", "lb/GWh", 1.0),
    "g/GWh": (GENERATION, "g/GWh", "g/GWh", 1.0),
    "kg/TWh": (GENERATION, "g/GWh", "kg/TWh", 1.0),
    "lb/million short tons clinker": (CLINKER, "g/t", "lb/short_ton", MILLION),
    "kg/million t clinker": (CLINKER, "g/t", "kg/t", MILLION),
    "mg/t": (CLINKER, "g/t", "mg/t", 1.0),
}


@dataclass(frozen=True)
class Basis:
    """What a limit refers to.

    Attributes
    ----------
    per : str
        ``gas``, ``gross_heat``, ``gross_generation``, ``generation`` (net) or ``clinker``.
    unit : str
        Unit of the limit, a key of `UNITS`.
    o2_percent : float or None
        Reference oxygen [% of dry gas]; None: that of the gas table of the sector.
    temperature_c : float or None
        Temperature of the gas volume [C]; None: that of the gas table.
    moisture : str
        ``dry`` or ``wet``.
    """

    per: str
    unit: str
    o2_percent: float | None = None
    temperature_c: float | None = None
    moisture: str = DRY

    def text(self) -> str:
        """Return the reference in words.

        >>> Basis("gas", "ug/Nm3", 7.0, 25.0).text()
        'dry, 7 % O2, 25 C'
        """
        if self.per != GAS:
            return {
                GROSS_HEAT: "per gross heat of the fuel",
                GROSS_GENERATION: "per gross generation",
                GENERATION: "per net generation",
                CLINKER: "per clinker",
            }[self.per]
        oxygen = "O2 of the sector" if self.o2_percent is None else f"{self.o2_percent:g} % O2"
        warmth = "" if self.temperature_c is None else f", {self.temperature_c:g} C"
        return f"{self.moisture}, {oxygen}{warmth}"


class GasTables(FlueGas):
    """State and volume of flue gas.

    Parameters
    ----------
    library : FactorLibrary
        Factor tables.
    """

    def __init__(self, library: FactorLibrary) -> None:
        super().__init__(library)
        self._gross_minus_net = library.once(CoalTables).gross_minus_net

    def gross_minus_net(self, country: str, coal_type: str) -> float:
        """Return gross less net heating value of a coal as received [MJ/kg]."""
        return self._gross_minus_net.needed(lookup.rank_rungs(country, coal_type)).number()

    def to_basis(self, sector: str, basis: Basis) -> float:
        """Return the factor that converts a concentration at the reference of the gas table to a basis.

        Parameters
        ----------
        sector : str
            Whose gas table.
        basis : Basis
            Per gas.

        Raises
        ------
        UsageError
            If the oxygen is not below that of air, or the temperature not above absolute zero.

        Examples
        --------
        From 7 % oxygen and 20 C of US rules to 10 % and 0 C, 41 become 35 ug/Nm3:

        >>> from hginventory.factors.library import load_library
        >>> round(41 / GasTables(load_library()).to_basis("cement_kiln", Basis("gas", "ug/dscm", 7.0, 20.0)))
        35
        """
        air, zero = self.state("oxygen_of_air"), self.state("absolute_zero")
        own_oxygen, own_warmth = self.state("reference_oxygen", sector), self.state("reference_temperature", sector)
        oxygen = own_oxygen if basis.o2_percent is None else basis.o2_percent
        warmth = own_warmth if basis.temperature_c is None else basis.temperature_c
        if not 0 <= oxygen < air:
            words = f"{oxygen:g} % is outside 0 to {air:g} %, the oxygen of air."
            raise UsageError(words, parameter="o2_percent", allowed=(0.0, air))
        if not warmth > zero:
            raise UsageError(
                f"{warmth:g} C is below absolute zero.", parameter="temperature_c", allowed=(zero, math.inf)
            )
        return self.on_state(sector, oxygen, warmth, wet=basis.moisture == WET)


def unit_of(unit: str) -> tuple[str, str, str, float]:
    """Return the entry of `UNITS`; raise a UsageError that names the units there are."""
    if unit not in UNITS:
        raise UsageError(
            f"{unit!r} is not a unit of a limit. Use one of: {', '.join(UNITS)}.", parameter="unit", allowed=UNITS
        )
    return UNITS[unit]
