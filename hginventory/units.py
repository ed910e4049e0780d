"""Conversion of units at the edges. Inside, every quantity has one unit, named with it.

The registry is our own: a general one reads kt as knots and Nm3 as newtons.
"""

from __future__ import annotations

import math
import re
import tokenize
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from hginventory.errors import UnitsError
from hginventory.reading import LONGEST_UNIT, MOST_UNIT_PARTS

if TYPE_CHECKING:
    from pint import UnitRegistry

    from hginventory._types import Floats

Number = TypeVar("Number", float, "Floats")

DEFINITIONS = """
g = [mass]
kg = 1000 g
mg = 0.001 g
ug = 1e-6 g
ng = 1e-9 g
t = 1e6 g
kt = 1e9 g
Mt = 1e12 g
lb = 453.59237 g
short_ton = 2000 lb
J = [energy]
kJ = 1e3 J
MJ = 1e6 J
GJ = 1e9 J
TJ = 1e12 J
PJ = 1e15 J
cal = 4.1868 J
kcal = 1000 cal
Btu = 1055.05585262 J
MMBtu = 1e6 Btu
TBtu = 1e12 Btu
Wh = 3600 J
kWh = 1e3 Wh
MWh = 1e6 Wh
GWh = 1e9 Wh
TWh = 1e12 Wh
yr = [time]
day = yr / 365
h = yr / 8760
W = 8760 Wh / yr
kW = 1e3 W
MW = 1e6 W
GW = 1e9 W
Nm3 = [gas_volume]
percent = 0.01
ppm = 1e-6
ppb = 1e-9
degree = [angle]
USD = [money]
"""
_SPELLED = {"%": "percent", "1": "dimensionless"}
_NAMES = frozenset(line.partition(" ")[0] for line in DEFINITIONS.split("\n") if line) | _SPELLED.keys()
# Other spellings, in small letters. `ton` is none: it is a tonne here and a short ton there; and Mt is no MT.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "t": ("tonne", "tonnes", "metric ton", "metric tons"),
    "kt": ("kilotonne", "kilotonnes"),
    "Mt": ("megatonne", "megatonnes", "million tonnes"),
    "short_ton": ("short ton", "short tons", "short_tons"),
    "lb": ("lbs", "pound", "pounds"),
    "ug": ("\N{GREEK SMALL LETTER MU}g",),  # the micro sign folds to the letter
    "yr": ("yr", "y", "a", "year", "years", "annum"),
    "day": ("day", "d", "days"),
    "t/day": ("tpd",),
    "t/yr": ("tpa", "tpy"),
    **{unit: (unit.casefold(),) for unit in ("kg", "g", "MJ", "GJ", "kJ", "kcal", "Btu", "MMBtu", "MW", "kW", "GW")},
    **{unit: (unit.casefold(),) for unit in ("kWh", "MWh", "GWh", "TWh", "ppm", "ppb")},
    "%": ("percent", "per cent", "pct"),
}
_READ_AS = {spelling: unit for unit, spellings in SPELLINGS.items() for spelling in spellings}


def read_unit(text: str, allowed: Collection[str] = ()) -> str:
    """Return a unit in the spelling of this program; any other text comes back unchanged.

    Parameters
    ----------
    text : str
        Unit as somebody wrote it.
    allowed : collection of str, optional
        Units of which it must be one: what follows the stroke may then be left out where only one of them fits.

    Examples
    --------
    >>> read_unit("tonnes per day"), read_unit("kcal per kg"), read_unit("short tons", ["t/yr", "short_ton/yr"])
    ('t/day', 'kcal/kg', 'short_ton/yr')
    >>> read_unit("tonnes", ["t/yr", "t/day"])
    't'
    """
    text = text.strip()
    if text in allowed or len(text) > LONGEST_UNIT:
        return text
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    parts = re.split(r"\s*/\s*|\s+per\s+", folded) if folded.casefold() not in _READ_AS else [folded]
    unit = "/".join(_READ_AS.get(part.casefold(), part) for part in parts)
    fitting = [one for one in allowed if one.startswith(f"{unit}/")] if unit not in allowed else []
    return fitting[0] if len(fitting) == 1 else unit


def convert(value: Number, from_unit: str, to_unit: str) -> Number:
    """Return a value in another unit.

    Parameters
    ----------
    value : float or ndarray
        Value in ``from_unit``.
    from_unit, to_unit : str
        Units such as ``mg/kg``, ``ppb``, ``lb/TBtu``, ``GWh/yr``, ``%``.

    Raises
    ------
    UnitsError
        If a unit is not known or the two are of different kinds.

    Examples
    --------
    >>> convert(57.0, "ug/kg", "mg/kg")
    0.057
    >>> round(convert(1.0, "lb/TBtu", "g/TJ"), 3)
    0.43
    """
    if from_unit == to_unit:
        return value
    if not from_unit.strip():
        raise UnitsError(f"no unit is given; use one like {to_unit!r}")
    return value * _factor(from_unit, to_unit)


@cache
def _factor(from_unit: str, to_unit: str) -> float:
    import pint

    registry = _registry()
    _check_unit(from_unit, to_unit)
    try:
        quantity = registry.Quantity(1.0, _SPELLED.get(from_unit, from_unit))
        factor = float(quantity.to(_SPELLED.get(to_unit, to_unit)).magnitude)
    except pint.DimensionalityError as error:
        raise UnitsError(f"{from_unit!r} cannot be converted to {to_unit!r}: they measure different things") from error
    except (pint.PintError, tokenize.TokenError, ValueError, TypeError, AttributeError, AssertionError) as error:
        raise UnitsError(f"{from_unit!r} is not a known unit of measure; use one like {to_unit!r}") from error
    return float(f"{factor:.15g}")


def _check_unit(text: str, wanted: str) -> None:
    """Raise unless a text is a product or quotient of units of the list: what else pint reads may never end."""
    parts = re.split(r"[*/]", text) if len(text) <= LONGEST_UNIT else []
    if not 1 <= len(parts) <= MOST_UNIT_PARTS or not {part.strip() for part in parts} <= _NAMES:
        shown = text if len(text) <= LONGEST_UNIT else f"{text[:LONGEST_UNIT]}..."
        raise UnitsError(f"{shown!r} is not a known unit of measure; use one like {wanted!r}")


@cache
def _registry() -> UnitRegistry[float]:
    import pint

    registry: UnitRegistry[float] = pint.UnitRegistry(None, autoconvert_offset_to_baseunit=False)
    for line in DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as percent, with the space of the SI before the sign; a share of nothing is blank.

    >>> percent(0.1415), percent(0.1415, 1), percent(-1e-9), percent(float("nan"))
    ('14 %', '14.1 %', '0 %', '')
    """
    return "" if math.isnan(share) else f"{100.0 * share:z.{decimals}f} %"
