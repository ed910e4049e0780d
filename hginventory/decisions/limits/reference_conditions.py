"""On what a limit is stated, and the rate of a unit on the same: oxygen, temperature, moisture, heat, output, clinker.

Every reference comes from a column of the limit's row or from the table `gas_state`; gas volumes from `flue_gas` and
`cement_kiln`. A concentration changes with the dilution by air (oxygen), the warmth of the gas and its water.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hginventory._types import Floats
from hginventory.errors import UsageError
from hginventory.factors import CoalTables, FactorLibrary, FlueGas, lookup
from hginventory.model import coal
from hginventory.projection import Projection
from hginventory.units import convert
from hginventory.vocabulary import CEMENT_KILN, COAL_POWER

GAS, GROSS_HEAT, GROSS_GENERATION, GENERATION, CLINKER = (
    "gas",
    "gross_heat",
    "gross_generation",
    "generation",
    "clinker",
)
DRY, WET = "dry", "wet"
G_PER_KG, UG_PER_G, GJ_PER_TJ = 1000.0, 1e6, 1000.0
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


def unit_rates(projection: Projection, tables: GasTables) -> pd.DataFrame:
    """Return the rate of each unit on every basis a limit can have.

    Returns
    -------
    DataFrame, N rows, index unit_id
        sector; gas [ug/Nm3, dry, at the reference of the gas table of the sector], gross_heat [g/TJ gross],
        gross_generation, generation [g/GWh, gross and net], clinker [g/t]; heat_input_mw (net heat at full load;
        without a capacity from the heat of the coal and the capacity factor). NaN where the basis does not exist for
        the unit or it emits nothing.
    """
    units = projection.units
    kiln = units["sector"].eq(CEMENT_KILN).to_numpy()
    air_g = units["air_kg_per_yr"].to_numpy(dtype=np.float64) * G_PER_KG
    air_g = np.where(air_g > 0, air_g, np.nan)
    ncv = units["calorific_value_mj_per_kg"].to_numpy(dtype=np.float64)
    heat_gj = units["coal_t_per_yr"].to_numpy(dtype=np.float64) * ncv
    clinker_t = units["clinker_t_per_yr"].to_numpy(dtype=np.float64)
    net_gwh = units["generation_net_gwh_per_yr"].to_numpy(dtype=np.float64)
    net_mw, gross_mw = (units[f"capacity_{basis}_mw"].to_numpy(dtype=np.float64) for basis in ("net", "gross"))
    heat_mw = heat_gj / (coal.GJ_PER_MWH * coal.HOURS_PER_YEAR) / _parameter(projection, "capacity_factor")
    rated_mw = net_mw / units["net_efficiency"].to_numpy(dtype=np.float64)
    gross_gwh = np.where(
        np.isnan(net_mw), net_gwh / (1.0 - _parameter(projection, "auxiliary_share")), net_gwh * gross_mw / net_mw
    )
    volume = np.full(len(units), np.nan)
    gross_over_net = np.full(len(units), np.nan)
    words = units[["country", "coal_type", "kiln_type"]].fillna("unknown").to_numpy()
    for index, (country, coal_type, kiln_type) in enumerate(words):
        if kiln[index]:
            volume[index] = tables.kiln_gas(kiln_type, country) * clinker_t[index]
        else:
            volume[index] = tables.coal_gas(coal_type) * heat_gj[index]
            gross_over_net[index] = 1.0 + tables.gross_minus_net(country, coal_type) / ncv[index]
    with np.errstate(invalid="ignore", divide="ignore"):
        table = {
            "sector": units["sector"].to_numpy(),
            GAS: air_g * UG_PER_G / volume,
            GROSS_HEAT: air_g / (heat_gj * gross_over_net / GJ_PER_TJ),
            GROSS_GENERATION: air_g / gross_gwh,
            GENERATION: air_g / net_gwh,
            CLINKER: air_g / clinker_t,
            "heat_input_mw": np.where(np.isnan(rated_mw), heat_mw, rated_mw),
        }
    return pd.DataFrame(table, index=units.index)


def _parameter(projection: Projection, name: str) -> Floats:
    """Return a parameter of each unit, shape (N,); NaN where its sector has none of that name."""
    if name not in projection.parameters:
        return np.full(len(projection.units), np.nan)
    return np.asarray(projection.parameters[name].value, dtype=np.float64)


def on_basis(rates: pd.DataFrame, basis: Basis, tables: GasTables) -> Floats:
    """Return the rate of each unit on the basis and in the unit of a limit, shape (N,).

    Parameters
    ----------
    rates : DataFrame
        From `unit_rates`.
    basis : Basis
        What the limit refers to.
    tables : GasTables
        State of the gas.
    """
    per, own_unit, unit, count = unit_of(basis.unit)
    values = rates[basis.per].to_numpy(dtype=np.float64)
    if per == GAS:
        factors = {sector: tables.to_basis(sector, basis) for sector in (COAL_POWER, CEMENT_KILN)}
        values = values * rates["sector"].map(factors).to_numpy(dtype=np.float64)
    return np.asarray(convert(values, own_unit, unit) * count)


def unit_of(unit: str) -> tuple[str, str, str, float]:
    """Return the entry of `UNITS`; raise a UsageError that names the units there are."""
    if unit not in UNITS:
        raise UsageError(
            f"{unit!r} is not a unit of a limit. Use one of: {', '.join(UNITS)}.", parameter="unit", allowed=UNITS
        )
    return UNITS[unit]
