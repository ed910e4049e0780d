"""Coal-fired units: from capacity or fuel to the mercury in the coal and back to rates.

Every function takes floats or arrays of one shape and returns that shape.
Heat is net (lower) calorific value throughout; tonnes are metric and as received.
"""

from __future__ import annotations

from typing import TypeVar

from hginventory._types import Floats

Quantity = TypeVar("Quantity", float, Floats)

HOURS_PER_YEAR = 8760.0  # a year of 365 days, as capacity factors are defined
GJ_PER_MWH = 3.6
BTU_PER_KWH = 3412.14
G_PER_KG = 1000.0
GJ_PER_TJ = 1000.0
MWH_PER_GWH = 1000.0


def net_capacity_mw(gross_mw: Quantity, auxiliary_share: Quantity) -> Quantity:
    """Return the capacity sent out [MW] of a gross capacity.

    Parameters
    ----------
    gross_mw : float or ndarray
        Capacity at the generator [MW].
    auxiliary_share : float or ndarray
        Share of the gross power that the plant uses itself [0-1].

    Examples
    --------
    >>> round(net_capacity_mw(710.0, 0.07), 1)
    660.3
    """
    return gross_mw * (1.0 - auxiliary_share)


def net_generation_mwh(net_mw: Quantity, capacity_factor: Quantity) -> Quantity:
    """Return the electricity sent out in a year [MWh/yr].

    Parameters
    ----------
    net_mw : float or ndarray
        Net capacity [MW].
    capacity_factor : float or ndarray
        Generation of a year over capacity times 8760 h [0-1].

    Examples
    --------
    >>> net_generation_mwh(100.0, 0.5)
    438000.0
    """
    return net_mw * HOURS_PER_YEAR * capacity_factor


def heat_input_gj(net_generation_mwh: Quantity, net_efficiency: Quantity) -> Quantity:
    """Return the fuel heat of a year [GJ/yr, net calorific value].

    Parameters
    ----------
    net_generation_mwh : float or ndarray
        Electricity sent out [MWh/yr].
    net_efficiency : float or ndarray
        Electricity sent out over fuel heat, net calorific value [0-1].

    Examples
    --------
    >>> heat_input_gj(1000.0, 0.36)
    10000.0
    """
    return net_generation_mwh * GJ_PER_MWH / net_efficiency


def generation_from_heat_mwh(heat_gj: Quantity, net_efficiency: Quantity) -> Quantity:
    """Return the electricity sent out [MWh/yr] of a fuel heat [GJ/yr]; the inverse of `heat_input_gj`.

    Examples
    --------
    >>> generation_from_heat_mwh(10000.0, 0.36)
    1000.0
    """
    return heat_gj * net_efficiency / GJ_PER_MWH


def coal_burned_t(heat_gj: Quantity, net_calorific_value_mj_per_kg: Quantity) -> Quantity:
    """Return the coal burned in a year [t/yr, as received].

    Parameters
    ----------
    heat_gj : float or ndarray
        Fuel heat [GJ/yr, net].
    net_calorific_value_mj_per_kg : float or ndarray
        Net calorific value as received [MJ/kg = GJ/t].

    Examples
    --------
    >>> coal_burned_t(20000.0, 20.0)
    1000.0
    """
    return heat_gj / net_calorific_value_mj_per_kg


def mercury_input_kg(coal_t: Quantity, hg_mg_per_kg: Quantity) -> Quantity:
    """Return the mercury in the coal of a year [kg/yr].

    Parameters
    ----------
    coal_t : float or ndarray
        Coal [t/yr], on the basis of the content.
    hg_mg_per_kg : float or ndarray
        Mean mercury content [mg/kg = g/t], arithmetic mean.

    Examples
    --------
    China, 2550 Mt at 0.15 mg/kg (Kolker et al., GSA 2008): 382.5 t.

    >>> mercury_input_kg(2550e6, 0.15)
    382500.0
    """
    return coal_t * hg_mg_per_kg / G_PER_KG


def as_received(content_dry: Quantity, moisture: Quantity) -> Quantity:
    """Return a content as received of a content in dry coal, in the same unit.

    Parameters
    ----------
    content_dry : float or ndarray
        Content per mass of dry coal.
    moisture : float or ndarray
        Total moisture of the coal as received [0-1].

    Examples
    --------
    >>> as_received(0.10, 0.30)
    0.06999999999999999
    """
    return content_dry * (1.0 - moisture)


def efficiency_from_heat_rate(heat_rate_btu_per_kwh: Quantity, gross_to_net_ratio: Quantity) -> Quantity:
    """Return the net efficiency on net calorific value of a heat rate on gross calorific value.

    Parameters
    ----------
    heat_rate_btu_per_kwh : float or ndarray
        Fuel heat per electricity sent out [Btu/kWh, gross calorific value], as in US sources.
    gross_to_net_ratio : float or ndarray
        Gross over net calorific value of the coal [1], about 1.05 for bituminous coal.

    Examples
    --------
    >>> round(efficiency_from_heat_rate(8863.0, 1.05), 3)
    0.404
    """
    return BTU_PER_KWH / heat_rate_btu_per_kwh * gross_to_net_ratio


def intensity_g_per_gwh(air_kg: Quantity, net_generation_mwh: Quantity) -> Quantity:
    """Return the mercury to air per electricity sent out [g/GWh].

    Examples
    --------
    >>> intensity_g_per_gwh(10.0, 1e6)
    10.0
    """
    return air_kg * G_PER_KG / (net_generation_mwh / MWH_PER_GWH)


def concentration_ug_per_nm3(air_g_per_tj: Quantity, flue_gas_nm3_per_gj: Quantity) -> Quantity:
    """Return the stack concentration [ug/Nm3] on the reference conditions of the flue-gas volume.

    Parameters
    ----------
    air_g_per_tj : float or ndarray
        Mercury to air per fuel heat [g/TJ, net].
    flue_gas_nm3_per_gj : float or ndarray
        Dry flue gas at reference oxygen per fuel heat [Nm3/GJ, net].

    Examples
    --------
    >>> round(concentration_ug_per_nm3(3.2, 355.0), 1)
    9.0
    """
    return air_g_per_tj * 1000.0 / flue_gas_nm3_per_gj  # g/TJ = mg/GJ, mg to ug
