"""Cement kilns: clinker, mercury input, the dust loop and the stack.

Every function takes floats or arrays of one shape. Contents are on dry material; masses are fresh
material, so that dust that returns to the kiln is not counted as a second input.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic

from hginventory.model.coal import Quantity

G_PER_KG = 1000.0
_ROUNDING = 1e-15  # of a share


def clinker_from_clinker_capacity_t(capacity_t_per_yr: Quantity, utilisation: Quantity) -> Quantity:
    """Return the clinker made in a year [t/yr] of a rated clinker capacity [t/yr] and its utilisation [0-1].

    Examples
    --------
    >>> clinker_from_clinker_capacity_t(1e6, 0.72)
    720000.0
    """
    return capacity_t_per_yr * utilisation


def clinker_from_cement_capacity_t(
    capacity_t_per_yr: Quantity, utilisation: Quantity, clinker_factor: Quantity, import_share: Quantity
) -> Quantity:
    """Return the clinker made in a year [t/yr] of a rated cement capacity.

    Parameters
    ----------
    capacity_t_per_yr : float or ndarray
        Rated cement capacity [t/yr]; it already contains the days of standstill of a normal year.
    utilisation : float or ndarray
        Production over rated capacity [0-1].
    clinker_factor : float or ndarray
        Clinker per cement [t/t].
    import_share : float or ndarray
        Share of the clinker that is bought in [0-1]; no kiln of the country emits its mercury.

    Examples
    --------
    >>> round(clinker_from_cement_capacity_t(1e6, 0.5, 0.7, 0.1))
    315000
    """
    return capacity_t_per_yr * utilisation * clinker_factor * (1.0 - import_share)


def raw_meal_ratio_from_loss_on_ignition(loss_on_ignition: Quantity) -> Quantity:
    """Return the fresh raw meal per clinker [t/t] of its loss on ignition [0-1].

    Examples
    --------
    >>> round(raw_meal_ratio_from_loss_on_ignition(0.352), 2)
    1.54
    """
    return 1.0 / (1.0 - loss_on_ignition)


def cement_to_clinker_factor(g_per_t_cement: Quantity, g_per_t_clinker: Quantity) -> Quantity:
    """Return the clinker per cement [t/t] that two emission factors of one kiln imply.

    Examples
    --------
    >>> round(cement_to_clinker_factor(0.059, 0.061374), 3)
    0.961
    """
    return g_per_t_cement / g_per_t_clinker


def mercury_per_clinker_g_per_t(
    raw_meal_ratio: Quantity,
    hg_raw_meal_mg_per_kg: Quantity,
    heat_mj_per_t: Quantity,
    fuel_hg_mg_per_mj: Quantity,
) -> Quantity:
    """Return the mercury that enters the kiln per clinker [g/t].

    Parameters
    ----------
    raw_meal_ratio : float or ndarray
        Fresh dry raw meal per clinker [t/t].
    hg_raw_meal_mg_per_kg : float or ndarray
        Mercury in fresh raw meal before dust return [mg/kg].
    heat_mj_per_t : float or ndarray
        Fuel heat per clinker [MJ/t, net].
    fuel_hg_mg_per_mj : float or ndarray
        Mercury per fuel heat [mg/MJ]: content over net calorific value, of all fuels by share of heat.

    Examples
    --------
    >>> round(mercury_per_clinker_g_per_t(1.55, 0.04, 3300.0, 0.066 / 17.3), 4)
    0.0746
    """
    return raw_meal_ratio * hg_raw_meal_mg_per_kg + heat_mj_per_t * fuel_hg_mg_per_mj / G_PER_KG


@dataclass(frozen=True)
class LoopResult(Generic[Quantity]):
    """Where the mercury input of a kiln goes in steady state, in the unit of the input.

    Attributes
    ----------
    stack : Quantity
        Reaches the stack, before controls behind the loop.
    bled : Quantity
        Leaves with dust that is taken out.
    retained : Quantity
        Stays in the clinker.
    enrichment : Quantity
        Mercury in the kiln gas over the mercury input [1].
    """

    stack: Quantity
    bled: Quantity
    retained: Quantity
    enrichment: Quantity


def loop(
    mercury_in: Quantity,
    retained: Quantity,
    capture_on: Quantity,
    capture_off: Quantity,
    bleed_on: Quantity,
    bleed_off: Quantity,
    mill_off_share: Quantity,
) -> LoopResult[Quantity]:
    """Return the steady state of the dust loop of a kiln with its raw mill on and off.

    Mercury captured in mill and filter returns to the kiln with the dust. Without bleed all of
    it leaves by the stack, whatever the removal efficiency of the filter.

    Parameters
    ----------
    mercury_in : float or ndarray
        Mercury input of fresh material and fuel, any unit.
    retained : float or ndarray
        Share of the input that stays in the clinker [0-1].
    capture_on, capture_off : float or ndarray
        Share of the mercury in kiln gas captured per pass, raw mill on and off [0-1].
    bleed_on, bleed_off : float or ndarray
        Share of the captured mercury that is taken out of the loop [0-1].
    mill_off_share : float or ndarray
        Share of kiln hours with the raw mill off [0-1].

    Raises
    ------
    ZeroDivisionError
        If all mercury is captured and none is bled in both modes: no steady state exists.

    Examples
    --------
    >>> round(loop(1.0, 0.0, 0.84, 0.84, 0.10, 0.10, 0.0).stack, 4)
    0.6557
    >>> round(loop(1.0, 0.0, 0.84, 0.66, 0.0, 0.30, 0.15).stack, 3)
    0.863
    """
    returned = (1.0 - mill_off_share) * capture_on * (1.0 - bleed_on) + mill_off_share * capture_off * (1.0 - bleed_off)
    volatile = mercury_in * (1.0 - retained)
    kiln_gas = volatile / (1.0 - returned)
    stack = kiln_gas * ((1.0 - mill_off_share) * (1.0 - capture_on) + mill_off_share * (1.0 - capture_off))
    bled = kiln_gas * ((1.0 - mill_off_share) * capture_on * bleed_on + mill_off_share * capture_off * bleed_off)
    return LoopResult(stack=stack, bled=bled, retained=mercury_in * retained, enrichment=1.0 / (1.0 - returned))


@dataclass(frozen=True)
class UsualDust:
    """How a kiln handles its dust, as far as it follows from a known share to air.

    Attributes
    ----------
    retained : float
        Share of the input that stays in the clinker [0-1].
    capture_on, capture_off : float
        Share of the mercury in kiln gas captured per pass, raw mill on and off [0-1].
    bleed : float
        Share of the captured mercury that is taken out of the loop in both modes [0-1].
    """

    retained: float
    capture_on: float
    capture_off: float
    bleed: float


def usual_dust(
    air_share: float, retained: float, capture_on: float, capture_off: float, mill_off_share: float
) -> UsualDust:
    """Return the dust handling with which the loop sends a known share of the input to the stack.

    What neither leaves by the stack nor stays in the clinker leaves with dust, in the same part of the captured dust in
    both modes. The share to air is what was measured, so the others give way to it: the clinker keeps no more than is
    left, and where even all captured dust would not be enough, mill and filter capture more than assumed.

    Parameters
    ----------
    air_share : float
        Share of the input that leaves by the stack with the dust handled as usual [0-1], above 0.
    retained : float
        Share of the input that stays in the clinker [0-1].
    capture_on, capture_off, mill_off_share : float
        As in `loop`.

    Examples
    --------
    >>> usual = usual_dust(0.79, 0.02, 0.84, 0.66, 0.15)
    >>> round(usual.bleed, 4)
    0.0553
    >>> round(loop(1.0, 0.02, 0.84, 0.66, usual.bleed, usual.bleed, 0.15).stack, 12)
    0.79

    A kiln that sends all but one per cent to the air keeps no more than that in its clinker:

    >>> usual = usual_dust(0.99, 0.02, 0.84, 0.66, 0.15)
    >>> round(usual.retained, 12), usual.bleed
    (0.01, 0.0)
    """
    retained = min(retained, 1.0 - air_share)
    passing = min(air_share / (1.0 - retained), 1.0)
    caught = (1.0 - mill_off_share) * capture_on + mill_off_share * capture_off
    if 1.0 - caught > passing:
        return UsualDust(retained, 1.0 - passing, 1.0 - passing, 1.0)
    if passing >= 1.0 - _ROUNDING:
        return UsualDust(retained, capture_on, capture_off, 0.0)
    return UsualDust(retained, capture_on, capture_off, (1.0 - caught) * (1.0 / passing - 1.0) / caught)


def stack_after_controls(stack: Quantity, removals: Iterable[Quantity]) -> Quantity:
    """Return what leaves the stack after controls behind the loop, each removing its share [0-1] in turn.

    Examples
    --------
    >>> round(stack_after_controls(100.0, [0.9, 0.5]), 6)
    5.0
    """
    for removal in removals:
        stack = stack * (1.0 - removal)
    return stack


def annual_mean_of_modes(mill_on: Quantity, mill_off: Quantity, mill_off_share: Quantity) -> Quantity:
    """Return the annual mean of a stack value measured with the raw mill on and off.

    Examples
    --------
    >>> round(annual_mean_of_modes(23.4, 49.4, 0.15), 1)
    27.3
    """
    return (1.0 - mill_off_share) * mill_on + mill_off_share * mill_off


def concentration_mg_per_nm3(g_per_t_clinker: Quantity, nm3_per_t: Quantity) -> Quantity:
    """Return the stack concentration [mg/Nm3] on the reference conditions of the gas volume [Nm3/t clinker].

    Examples
    --------
    >>> concentration_mg_per_nm3(0.115, 2300.0)
    0.05
    """
    return g_per_t_clinker * G_PER_KG / nm3_per_t
